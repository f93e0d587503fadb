"""What the model wrote is written once more from the same request: the same, or she is told why not."""

import pytest
from msgspec import structs

from tests.craft.test_context import count
from tests.ui.stub import ENGLISH
from writer_app.craft.replay import Again, Asked

BEFORE = "It was late. She took the letter"
AFTER = "\n\nThe end."
WRITTEN = " and read it."
MODEL = structs.replace(ENGLISH, fingerprint="f1")


@pytest.fixture
def said(session):
    """The notices, in order."""
    found = []
    session.noticed.connect(lambda notice: found.append(notice.text))
    return found


@pytest.fixture
def written(session, engine, said):
    """She has asked for a sentence, and it has come."""
    engine.load(MODEL)
    session.page.insertPlainText(BEFORE + AFTER)
    session.page.set_caret(len(BEFORE))
    session.continue_text()
    answer(engine, WRITTEN)
    return session


def answer(engine, text):
    """As the bridge does: the request is told before the first word."""
    request = engine.asks[-1].plan(MODEL, count, 3).request
    engine.asked.emit(Asked(request, MODEL.name, MODEL.fingerprint))
    engine.write(text)
    engine.finish()


def test_the_same_words_are_said_to_be_the_same_and_are_no_second_version(written, engine, said):
    first = engine.asks[-1].plan(MODEL, count, 3).request
    written.write_again()
    again = engine.asks[-1]
    assert isinstance(again, Again)
    request = again.plan(MODEL, count, 9).request
    assert (request.parts, request.seed, request.sampling) == (
        first.parts,
        first.seed,
        first.sampling,
    )
    assert request.repeatable
    answer(engine, WRITTEN)
    assert "the same, word for word" in said[-1]
    assert written.document.text == BEFORE + WRITTEN + AFTER
    assert (written.state.versions, written.state.is_fresh) == (1, True)


def test_other_words_are_a_version_of_their_own_and_she_is_told_why(written, engine, said):
    written.write_again()
    answer(engine, " and burnt it.")
    assert "not quite what stood here" in said[-1]
    assert written.document.text == BEFORE + " and burnt it." + AFTER
    written.show_version(-1)
    assert written.document.text == BEFORE + WRITTEN + AFTER


def test_text_she_accepted_long_ago_is_found_by_the_log(written, engine, said, qtbot):
    written.accept()
    at = len(BEFORE) + 4
    written.page.set_caret(at)
    written.page.insertPlainText(" slowly")
    written.page.set_caret(at)
    written.write_again()
    assert engine.asks[-1].ask.caret == len(BEFORE)
    answer(engine, WRITTEN)
    assert written.document.text == BEFORE + WRITTEN + AFTER
    written.show_version(-1)
    assert written.document.text == BEFORE + " and slowly read it." + AFTER
    written.undo()
    assert not written.state.is_fresh


def test_where_nothing_comes_the_text_is_hers_as_before(written, engine):
    written.accept()
    written.page.set_caret(len(BEFORE) + 4)
    written.write_again()
    written.stop()
    assert written.document.text == BEFORE + WRITTEN + AFTER
    assert not written.state.is_fresh


def test_text_that_no_model_wrote_cannot_be_written_again(written, engine, said):
    written.accept()
    written.page.set_caret(3)
    written.write_again()
    assert len(engine.asks) == 1
    assert "is not kept" in said[-1]
