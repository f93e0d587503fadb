"""Whatever a model can forget, after going back it says what it says after reading afresh."""

import llama_cpp as native
import numpy as np
import pytest

from tests.engine import tiny_models
from tests.engine.contexts import says, says_afresh, sequence, tokens
from writer_app.engine.native import NativeModel
from writer_app.engine.sampling import Scores


@pytest.fixture(
    params=[
        *("plain", "sliding", "recurrent", "hybrid"),
        pytest.param("starter", marks=pytest.mark.soak),
        pytest.param("chinese_model", marks=pytest.mark.soak),
    ]
)
def model(request, load, tmp_path) -> NativeModel:
    """A tiny one of each kind, and at length the two that come with us, which are plain and sliding."""
    if request.param in ("starter", "chinese_model"):
        return load(request.getfixturevalue(request.param))
    return load(getattr(tiny_models, request.param)(tmp_path / "tiny.gguf"))


@pytest.fixture
def texts(model, sherlock) -> tuple[list[int], list[int], int]:
    """(a text, the same without some words, tokens before these); longer than a sliding window."""
    # Without a window too short to be shifted.
    length = 640 if model.context._window else 120
    at = length - 540 if length > 540 else 90
    old = tokens(model, sherlock, length)
    return old, old[:at] + old[at + 8 :], at


def same(one: Scores, other: Scores) -> bool:
    """Up to rounding, which may depend on how reading was cut."""
    return bool(np.abs(one - other).max() < 0.02)


def test_an_edit_in_the_middle_is_never_guessed(model, texts):
    old, new, at = texts
    context = model.context
    says(context, old)
    reused, edited = says(context, new)
    assert reused == (at if model.can_rewind else 0)
    assert same(edited, says_afresh(context, new))
    assert not same(edited, says_afresh(context, old)), "an edit that changes nothing shows nothing"


def test_what_comes_back_can_go_back_as_far_as_what_never_left(model, texts):
    old, new, at = texts
    context = model.context
    says(context, old)
    data = context.snapshot()
    for read, kept in ((old + old[:20], len(old)), (new, at if model.can_rewind else 0)):
        context.clear()
        assert context.restore(sequence(old), data)
        reused, then = says(context, read)
        assert reused == kept
        assert same(then, says_afresh(context, read))


def test_a_snapshot_disturbs_none_of_eight_alternatives(load, tmp_path, sherlock):
    model = load(tiny_models.plain(tmp_path / "tiny.gguf"))
    context, old = model.context, tokens(model, sherlock, 60)
    said = []
    for disturbed in (False, True):
        says(context, old)
        context.fork(8)
        context.extend({number: 100 + number for number in range(8)})
        if disturbed:
            assert context.snapshot()
        context.extend(dict.fromkeys(range(8), 200))
        said.append([context.scores(number) for number in range(8)])
    assert all(same(one, other) for one, other in zip(*said, strict=True))


def test_what_a_sliding_window_lost_is_read_again(load, tmp_path, sherlock):
    """As after long alternatives: filling the gaps they leave, llama.cpp takes what is outside the window too."""
    model = load(tiny_models.sliding(tmp_path / "tiny.gguf"))
    context, old = model.context, tokens(model, sherlock, 560)
    says(context, old)
    native.llama_memory_seq_rm(context._memory, 0, 0, 40)
    assert says(context, old + old[:9])[0] == len(old), "to read on needs no more than the window"
    new = old[:300] + old[308:]
    reused, edited = says(context, new)
    assert reused == 0
    assert same(edited, says_afresh(context, new))
