"""Text behind the caret, for models with infill tokens; the starter lends three control tokens as such."""

import pytest

from writer_app.engine.answer import Answer
from writer_app.engine.loading import Log
from writer_app.engine.native import NativeModel
from writer_app.engine.protocol import Generate
from writer_app.engine.stop import StopFlag
from writer_app.engine.vocabulary import Vocabulary


@pytest.fixture(scope="module")
def model(starter):
    made = NativeModel(
        starter, size=512, threads=1, stop=StopFlag(), log=Log(), progress=lambda _share: None
    )
    yield made
    made.free()


def run(model, suffix=""):
    request = Generate(id=1, suffix=suffix, max_tokens=4, min_tokens=4)
    done = Answer(model, request, lambda _event: None, "The old man opened the").run()
    return done, list(model.context.held[0].tokens)


def test_what_stands_behind_the_caret_is_read_between_the_infill_tokens(model, monkeypatch):
    monkeypatch.setattr(Vocabulary, "infill", property(lambda _self: (3, 4, 5)))
    done, held = run(model, " and went in.")
    suffix = model.vocabulary.tokenise(b" and went in.")
    assert held[0] == 3
    at = held.index(4)
    assert held[at + 1 : at + 1 + len(suffix)] == suffix
    assert held[at + 1 + len(suffix)] == 5
    assert done.tokens_written == 4
    prompt = len(model.vocabulary.tokenise(b"The old man opened the"))
    assert done.tokens_read + done.tokens_reused == prompt + len(suffix) + 3


def test_a_plain_request_after_it_starts_from_its_own_text(model, monkeypatch):
    with monkeypatch.context() as lent:
        lent.setattr(Vocabulary, "infill", property(lambda _self: (3, 4, 5)))
        run(model, " and went in.")
    _done, held = run(model)
    assert held[: len(held)][0] != 3
    assert 4 not in held


def test_a_model_without_infill_tokens_never_sees_what_follows(model):
    _done, held = run(model, " and went in.")
    assert held[:4] == model.vocabulary.tokenise(b"The old man opened")
