"""The window's process is killed in mid-stream: what stood there a second before is offered at the next start."""

import pytest

from tests.faults.kill import BASE, Killed, Known, fate, places_in, run_and_kill
from tests.faults.report import missed
from tests.journeys.writer import play, says, start
from writer_app.story import recovery
from writer_app.story.document import Document
from writer_app.story.journal import Journal


@pytest.mark.timeout(600)
def test_after_five_kills_nothing_older_than_a_second_is_lost(measure):
    figures = measure("kill")
    assert figures["wrong"] == []
    assert missed(figures) == []
    assert figures["kills"] == 5


@pytest.mark.soak
@pytest.mark.timeout(4 * 3600)
def test_after_a_thousand_kills_nothing_older_than_a_second_is_lost(measure):
    figures = measure("kill", "full")
    assert figures["wrong"] == []
    assert missed(figures) == []
    assert figures["kills"] == 1_000


@pytest.fixture
def killed(tmp_path):
    """A window that has written ``one``, ``one two`` and ``one two three``, each four seconds after the other."""
    history = [
        Known(4.0 * n, text, None) for n, text in enumerate(("one", "one two", "one two three"))
    ]
    return Killed(places_in(tmp_path), None, history, 8.5, gone=True)


def leave(killed, text):
    """Let a journal with ``text`` be there, as of a process that is gone."""
    document = Document()
    journal = Journal(killed.places.state / "journal")
    journal.follow(document)
    document.replace(0, 0, text)
    journal.close()


@pytest.mark.parametrize(
    ("text", "seconds"), [("one two three", 0.0), ("one two", 0.5), ("one", 4.5)]
)
def test_what_is_lost_counts_from_the_first_deed_that_is_missing(killed, text, seconds):
    leave(killed, text)
    assert fate(killed) == (text, seconds, "")


def test_with_no_journal_everything_since_the_first_word_is_lost(killed):
    assert fate(killed) == ("", 8.5, "")


def test_a_text_that_never_stood_there_a_touched_file_and_an_orphan_are_found_out(killed, tmp_path):
    leave(killed, "one tw")
    assert "never stood there" in fate(killed).wrong
    assert "outlived" in fate(killed._replace(gone=False)).wrong
    file = tmp_path / "story.md"
    file.write_text(BASE + "x", "utf-8")
    assert "touched" in fate(killed._replace(path=file)).wrong


@pytest.mark.parametrize("seed", [2_000, 2_001], ids=["untitled", "a file"])
def test_the_next_start_offers_the_text_and_brings_it_back(qtbot, tmp_path, seed):
    killed = run_and_kill(tmp_path / "killed", seed)
    paths = [killed.path] if killed.path else []
    writer = start(killed.places, qtbot, play(tmp_path, [says(" More.")]), *paths)
    before = writer.text
    assert before == (BASE if killed.path else "")
    (notice,) = writer.notices
    assert (killed.path.name if killed.path else "Untitled") in notice.text
    writer.press_button("Bring it back")
    found = writer.text
    assert found in killed.owed
    assert found != before
    assert writer.document.path == killed.path
    assert writer.page.caret == len(found)
    assert writer.state.is_changed
    while writer.state.can_undo:
        writer.undo()
    assert writer.text == before, "undo goes on from before the kill, step by step"
    while writer.state.can_redo:
        writer.redo()
    assert writer.text == found
    writer.page.set_caret(len(found))
    writer.ask()
    assert writer.wait_for_answer() == found + " More."
    if killed.path:
        writer.save()
        assert killed.path.read_text("utf-8") == writer.text
    writer.leave()

    again = start(killed.places, qtbot, play(tmp_path, [[]]), *paths)
    assert again.notices == [], "it was answered already"
    again.leave()


def test_what_was_brought_back_survives_a_second_crash_before_a_key_is_pressed(qtbot, tmp_path):
    killed = run_and_kill(tmp_path / "killed", 2_002)
    writer = start(killed.places, qtbot, play(tmp_path, [[]]))
    writer.press_button("Bring it back")
    found = writer.text
    writer.program.end()  # what a crash would do: the window is not closed, the document not let go
    (offered,) = recovery.pending(killed.places.state / "journal")
    assert offered.text == found
    writer.window.dismiss()
    writer.program.deleteLater()
