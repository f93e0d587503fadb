"""What was not taken stays with its place: it comes back with the caret, for as long as the text stands."""

import pytest

from writer_app.story import records
from writer_app.story.records import Header, Note
from writer_app.ui.session.branches import KIND, Branches
from writer_app.ui.session.state import Options

BEFORE = "It was late. She took the letter"
AFTER = "\n\nThe end."
FIRST, SECOND = " and read it.", " and burnt it at once."


@pytest.fixture(autouse=True)
def accepted(session, engine):
    """One of two versions was accepted, and she went on writing at the end."""
    session.page.insertPlainText(BEFORE + AFTER)
    session.page.set_caret(len(BEFORE))
    session.choices.set_options(Options(alternatives=2))
    session.continue_text()
    engine.write_all(FIRST, SECOND)
    engine.finish(None, None)
    session.accept()
    session.page.set_caret(session.document.length)
    return session


def inside(session):
    session.page.set_caret(session.document.text.index("She took") + len("She took the letter and"))


def test_they_are_offered_when_the_caret_is_back_and_only_then(session):
    assert session.state.versions == 0
    inside(session)
    assert (session.state.version, session.state.versions) == (1, 2)
    assert session.state.is_kept
    assert not session.state.is_fresh
    session.page.set_caret(len(BEFORE) - 1)
    assert session.state.versions == 0


def test_stepping_there_replaces_what_was_accepted_as_one_undo_step(session):
    inside(session)
    session.show_version(1)
    assert session.document.text == BEFORE + SECOND + AFTER
    assert session.state.is_fresh
    session.show_version(1)
    session.show_version(1)
    assert session.document.text == BEFORE + SECOND + AFTER
    session.undo()
    assert session.document.text == BEFORE + FIRST + AFTER
    assert not session.state.is_fresh
    assert session.page.fresh == ()
    assert (session.state.version, session.state.versions) == (1, 2)
    session.redo()
    assert session.document.text == BEFORE + SECOND + AFTER
    assert (session.state.version, session.state.versions) == (2, 2)
    session.undo()
    session.undo()
    assert session.document.text == BEFORE + AFTER


def test_what_is_stepped_to_there_can_be_accepted_and_stepped_away_from_again(session):
    inside(session)
    session.show_version(1)
    session.accept()
    assert session.page.fresh == ()
    session.show_version(-1)
    assert session.document.text == BEFORE + FIRST + AFTER
    session.accept()
    session.undo()
    assert session.document.text == BEFORE + SECOND + AFTER


def test_a_retry_there_adds_to_them(session, engine):
    inside(session)
    session.show_version(1)
    session.retry()
    assert engine.asks[-1].text == BEFORE + AFTER
    assert engine.asks[-1].caret == len(BEFORE)
    engine.write_all(" and wept.", " and slept.")
    engine.finish(None, None)
    assert session.document.text == BEFORE + " and wept." + AFTER
    assert session.state.versions == 4
    session.accept()
    assert session.state.versions == 4


def test_removed_from_there_one_undo_brings_back_what_was_accepted(session):
    inside(session)
    session.show_version(1)
    session.remove()
    assert session.document.text == BEFORE + AFTER
    assert (session.state.version, session.state.versions) == (0, 2)
    session.undo()
    assert session.document.text == BEFORE + FIRST + AFTER
    session.page.set_caret(len(BEFORE + FIRST))
    assert (session.state.version, session.state.versions) == (1, 2)


def test_the_place_follows_what_is_written_before_and_right_beside_it(session):
    end = len(BEFORE + FIRST)
    session.page.replace_span(end, end, " Then")
    session.page.replace_span(len(BEFORE), len(BEFORE), ",")
    session.page.replace_span(0, 0, "One.\n\n")
    inside(session)
    session.show_version(1)
    assert session.document.text == "One.\n\n" + BEFORE + "," + SECOND + " Then" + AFTER


def test_an_edit_there_takes_the_offer_away_and_undoing_it_brings_it_back(session):
    start = session.document.text.index("read")
    session.page.replace_span(start, start + 4, "kissed")
    session.page.set_caret(start)
    assert session.state.versions == 0
    session.show_version(1)
    assert "kissed" in session.document.text
    session.undo()
    session.page.set_caret(start)
    assert session.state.versions == 2


def test_undone_and_done_again_it_still_has_its_other_versions(session):
    session.undo()
    assert session.document.text == BEFORE + AFTER
    assert session.state.versions == 0
    session.redo()
    inside(session)
    assert session.state.versions == 2


def test_going_on_elsewhere_keeps_them_too_and_the_caret_tells_which_are_meant(session, engine):
    session.page.set_caret(session.document.length)
    session.continue_text()
    engine.write_all(" Or not.", " Indeed.")
    engine.finish(None, None)
    assert not session.state.is_kept
    inside(session)
    assert session.state.is_kept
    assert session.state.is_fresh, "what came last is still fresh"
    session.show_version(1)
    assert session.document.text == BEFORE + SECOND + AFTER + " Or not."
    session.page.set_caret(session.document.length)
    assert session.state.versions == 2
    session.show_version(1)
    assert session.document.text == BEFORE + SECOND + AFTER + " Indeed."


def test_they_are_not_offered_while_text_arrives(session, engine):
    session.continue_text()
    engine.write(" Or")
    inside(session)
    session.show_version(1)
    session.drop_version()
    assert session.document.text == BEFORE + FIRST + AFTER + " Or"


def test_one_version_alone_is_no_branch(session, engine):
    session.choices.set_options(Options())
    session.continue_text()
    engine.write(" Or not.")
    engine.finish()
    session.accept()
    assert session.state.versions == 0


def test_what_was_removed_can_come_back_at_its_place(session, engine, window):
    session.page.set_caret(len(BEFORE))
    session.choices.set_options(Options(alternatives=1))
    session.continue_text()
    engine.write_all(" in haste")
    engine.finish(None)
    before = session.document.text
    session.remove()
    removed = session.document.text
    assert removed != before
    assert (session.state.version, session.state.versions) == (0, 1)
    assert session.state.is_kept
    session.page.set_caret(2)
    assert session.state.versions == 0
    session.page.set_caret(len(BEFORE))
    session.show_version(1)
    assert session.document.text == before
    assert session.state.is_fresh
    session.accept()
    assert session.document.text == before
    session.undo()
    assert session.document.text == removed


def test_what_is_written_there_instead_takes_the_place_of_what_was_removed(session, engine):
    end = session.document.length
    session.continue_text()
    engine.write_all(" Removed.", " Removed too.")
    engine.finish(None, None)
    session.remove()
    assert session.state.versions == 2
    session.page.insertPlainText("Mine.")
    session.page.set_caret(end)
    assert session.state.versions == 0


def test_a_note_of_another_version_of_the_program_is_passed_over():
    odd = Note(KIND, {"span": [0, 1], "versions": [{"text": "a", "colour": "red"}]})
    past = records.replay(records.file_bytes(Header("id", "", "a"), [odd]))
    assert Branches.of(past).at("a", 0) is None
