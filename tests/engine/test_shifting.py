"""After an edit far back, what follows is not read again; what is guessed so stays within what was measured."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine import tiny_models
from tests.engine.contexts import loaded, says, says_afresh, sequence, tokens
from writer_app.engine.answer import Answer
from writer_app.engine.cache import Sequence
from writer_app.engine.context import Context
from writer_app.engine.memory import ProjectMemory
from writer_app.engine.native import NativeModel
from writer_app.engine.protocol import Generate
from writer_app.engine.shelf import Shelf
from writer_app.engine.shifting import (
    BOUND,
    MOST_CHANGED,
    READ_AGAIN,
    WORTH_SHIFTING,
    Shift,
    plan,
)

AT = 100  # tokens before the edit
LONG = AT + WORTH_SHIFTING + READ_AGAIN + 60
Texts = tuple[list[int], list[int], list[int]]


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """A tiny one: what is read, moved and forgotten does not depend on what it says."""
    made = loaded(tiny_models.plain(tmp_path_factory.mktemp("model") / "tiny.gguf"))
    yield made
    made.free()


@pytest.fixture(scope="module")
def real(starter):
    """The starter: how far off a guess is depends on the model."""
    made = loaded(starter)
    yield made
    made.free()


@pytest.fixture
def context(model) -> Context:
    model.context.clear()
    return model.context


@pytest.fixture
def texts(model, sherlock) -> Texts:
    return texts_of(model, sherlock)


def texts_of(model: NativeModel, book: str) -> Texts:
    """(a text, the same with three words for one and five fewer, what truly follows)."""
    whole = tokens(model, book, LONG + 16)
    return whole[:LONG], edited(whole[:LONG]), whole[LONG:]


def edited(old: list[int], at: int = AT) -> list[int]:
    return [*old[:at], 70, 132, 200, *old[at + 6 :]]


def foretold(context: Context, behind: list[int]) -> np.ndarray:
    """Logarithms of probabilities at the caret and behind each token that truly follows."""
    first = context.scores()
    assert context.read({0: behind}, every=True)
    rows = [first, *(context.scores(back=back) for back in reversed(range(len(behind))))]
    scores = np.array(rows, dtype=np.float64)
    scores -= scores.max(axis=1, keepdims=True)
    return scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))


@given(st.data())
def test_a_plan_keeps_only_what_is_wanted(data):
    old = data.draw(st.lists(st.integers(0, 2), min_size=300, max_size=700))
    at = data.draw(st.integers(0, len(old)))
    removed = data.draw(st.integers(0, MOST_CHANGED + 9))
    new = old[:at] + data.draw(st.lists(st.integers(0, 2), max_size=90)) + old[at + removed :]
    shift = plan(sequence(old), new)
    if shift:
        kept = old[shift.keep + shift.removed :][: shift.tail]
        assert old[: shift.keep] == new[: shift.keep]
        assert kept == new[shift.keep + shift.inserted :][: shift.tail]
        assert len(kept) == shift.tail >= WORTH_SHIFTING
        assert shift.keep + shift.inserted + shift.tail <= len(new) - READ_AGAIN


def test_one_edit_far_back_is_found_whatever_was_written_behind():
    old = list(range(LONG))
    assert plan(sequence([*old, 7, 7]), edited(old) + [8] * 90) == Shift(AT, 6, 3, LONG - AT - 6)


@pytest.mark.parametrize(
    "new",
    [
        edited(list(range(LONG)), at=LONG - WORTH_SHIFTING),
        edited(list(range(LONG)), at=9),
        list(range(AT)) + [1_000] * (MOST_CHANGED + 1) + list(range(AT, LONG)),
        list(range(LONG)),
        list(range(LONG - 1)),
    ],
    ids=["near the caret", "at the beginning", "large", "none", "a token less"],
)
def test_other_edits_are_read(new):
    assert plan(sequence(list(range(LONG))), new) is None


def test_nothing_is_guessed_twice_nor_where_tokens_do_not_spell_the_text():
    old = list(range(LONG))
    held = sequence(old)
    held.guessed_from = AT
    assert plan(held, edited(old, at=AT + 20)) is None
    assert plan(Sequence(old, [0] * LONG, b"", spelled=False), edited(old)) is None


@pytest.mark.parametrize(
    "inserts",
    [
        pytest.param(True, id="three for six"),
        pytest.param(False, id="five taken out", marks=pytest.mark.soak),
    ],
)
def test_what_follows_a_far_edit_is_not_read_again_and_says_nearly_the_same(
    real, sherlock, inserts
):
    context, (old, new, behind) = real.context, texts_of(real, sherlock)
    new = new if inserts else old[:AT] + old[AT + 5 :]
    says_afresh(context, old)
    reused, _scores = says(context, new)
    assert reused == len(new) - READ_AGAIN - 3 * inserts
    assert context.held[0].guessed_from == AT + 3 * inserts
    shifted = foretold(context, behind)
    says_afresh(context, new)
    fresh = foretold(context, behind)
    assert (np.exp(fresh) * (fresh - shifted)).sum(axis=1).mean() < BOUND


def test_after_it_the_text_goes_on_and_the_next_edit_is_read(context, texts):
    old, new, behind = texts
    says(context, old)
    says(context, new)
    assert says(context, new + behind)[0] == len(new)
    assert says(context, edited(new, at=AT + 20))[0] == AT + 20
    assert says(context, edited(new, at=AT - 20))[0] == AT - 20
    assert context.held[0].guessed_from is None


def test_reading_along_puts_a_true_reading_in_the_place_of_the_guess(context, texts):
    old, new, _behind = texts
    says(context, old)
    says(context, new)
    assert context.hold(sequence(new), exact=True) == (AT + 3, True)
    assert context.held[0].guessed_from is None
    assert np.abs(context.scores() - says_afresh(context, new)).max() < 0.02


@pytest.mark.parametrize("inserted", [True, False])
def test_stopped_on_the_way_nothing_half_moved_is_left(model, context, texts, inserted):
    old, new, _behind = texts
    new = new if inserted else old[:AT] + old[AT + 5 :]
    says(context, old)
    model.stop.raise_()
    try:
        assert context.hold(sequence(new)) == (AT, False)
    finally:
        model.stop.lower()
    assert context.held[0].tokens == new[:AT]
    assert context.held[0].guessed_from is None
    reused, then = says(context, new)
    assert reused == AT
    assert np.abs(then - says_afresh(context, new)).max() < 0.02


def test_what_is_guessed_is_never_kept_on_disk(context, texts, tmp_path):
    old, new, _behind = texts
    memory = ProjectMemory(tmp_path / "memory", "a model")
    shelf = Shelf(context, memory)
    shelf.turn_to(bytes(LONG), "a novel")
    says(context, old)
    says(context, new)
    shelf.save(lambda: False)
    assert memory.texts("a novel") == []
    shelf.turn_to(b"another text", "a novel")
    shelf.save(lambda: False)
    assert memory.texts("a novel") == []
    context.hold(sequence(new), exact=True)
    shelf.save(lambda: False)
    assert [kept.held.tokens for kept in memory.texts("a novel")] == [new]


def test_a_repeatable_answer_is_what_it_is_from_a_fresh_start(model, context, sherlock):
    text = sherlock[20_000:20_600]
    new = text[:200] + "On the stairs he met the Colonel. " + text[200:]

    def answer(prompt: str, **settings: bool) -> tuple[list[int], int]:
        """(tokens of the prompt and its answer, how many were not read again)."""
        request = Generate(id=1, max_tokens=8, min_tokens=8, seed=3, **settings)
        done = Answer(model, request, lambda _event: None, prompt).run()
        return list(context.held[0].tokens), done.tokens_reused

    fresh, _reused = answer(new, repeatable=True)
    context.clear()
    answer(text)
    assert answer(new)[1] > WORTH_SHIFTING + AT
    assert context.held[0].guessed_from is not None
    assert answer(new, repeatable=True)[0] == fresh
