"""Earlier versions: taken when one would want them, shown as changes, and gone back to."""

import pytest
import shiboken6
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QInputDialog

from writer_app.errors import SnapshotsFailed
from writer_app.story.snapshots import Why
from writer_app.ui.session.keeping import EVERY_MS
from writer_app.ui.session.session import KEEPING_KEY
from writer_app.ui.session.state import Wish
from writer_app.ui.shell.history_page import HistoryPage

FIRST = "It was a dark night.\n\nThe old man slept."


@pytest.fixture
def story(tmp_path, session):
    path = tmp_path / "story.md"
    path.write_text(FIRST, "utf-8")
    session.open(path)
    return path


def kept(session):
    """(why, text) of each version, the latest first."""
    snapshots = session.services.snapshots
    key = str(session.document.path or session.document.id)
    return [(each.why, snapshots.text(each.id)) for each in snapshots.all_of(key)]


@pytest.fixture
def page(session, window, qtbot):
    def open_page():
        window.fulfil(Wish.HISTORY)
        found = window.findChild(HistoryPage)
        qtbot.waitUntil(lambda: found.list.count() > 0 and found._shown is not None)
        return found

    return open_page


def save(session, qtbot):
    with qtbot.waitSignal(session.keeping.taken):
        session.save()


def test_a_version_is_kept_before_the_model_writes_and_at_each_save(story, session, engine, qtbot):
    with qtbot.waitSignal(session.keeping.taken):
        session.continue_text()
    engine.write_all(" Then")
    engine.finish(None)
    session.accept()
    save(session, qtbot)
    assert kept(session) == [(Why.SAVE, session.document.text), (Why.MODEL, FIRST)]


def test_what_another_program_wrote_does_not_cost_ours(story, session, window, qtbot):
    session.page.insertPlainText("Mine. ")
    mine = session.document.text
    story.write_text("Theirs.", "utf-8")
    session.save()
    qtbot.waitUntil(lambda: len(window.notices.notices) == 1)
    with qtbot.waitSignal(session.keeping.taken):
        window.notices.notices[0].actions[1].run()
    assert session.document.text == "Theirs."
    assert kept(session) == [(Why.OUTSIDE, mine)]


def test_every_ten_minutes_of_change_one_is_kept_and_none_without(story, session, qtbot):
    assert session.keeping._clock.interval() == EVERY_MS
    session.keeping._clock.timeout.emit()
    session.page.insertPlainText("More. ")
    with qtbot.waitSignal(session.keeping.taken):
        session.keeping._clock.timeout.emit()
    assert [why for why, _ in kept(session)] == [Why.TIME]


def test_versions_of_an_untitled_text_go_along_when_it_gets_a_name(session, tmp_path, qtbot):
    session.page.insertPlainText("One. ")
    with qtbot.waitSignal(session.keeping.taken):
        session.keeping.take(Why.TIME)
    session.page.insertPlainText("Two. ")
    with qtbot.waitSignal(session.keeping.taken):
        session.filing.save_as(tmp_path / "new.md")
    assert kept(session) == [(Why.SAVE, "One. Two. "), (Why.TIME, "One. ")]


def test_versions_of_a_file_stay_with_it_when_a_copy_is_saved(story, session, tmp_path, qtbot):
    save(session, qtbot)
    with qtbot.waitSignal(session.keeping.taken):
        session.filing.save_as(tmp_path / "copy.md")
    snapshots = session.services.snapshots
    assert len(snapshots.all_of(str(story))) == 1
    assert len(snapshots.all_of(str(tmp_path / "copy.md"))) == 1


def test_what_changed_since_is_shown_and_gone_back_to_as_one_step(story, session, page, qtbot):
    save(session, qtbot)
    session.page.set_caret(9)
    session.page.insertPlainText("very ")
    changed = session.document.text
    shown = page()
    assert "very" in shown.view.toPlainText()
    with qtbot.waitSignal(session.keeping.taken):
        shown._back.click()
    assert session.document.text == FIRST
    assert kept(session)[0] == (Why.RESTORE, changed)
    session.undo()
    assert session.document.text == changed


def test_going_back_ends_what_the_model_is_writing(story, session, engine, page, qtbot):
    save(session, qtbot)
    session.continue_text()
    engine.write_all(" Then")
    shown = page()
    shown._back.click()
    assert not session.state.is_generating
    assert session.document.text == FIRST


def test_a_version_can_be_named_copied_and_forgotten(
    story, session, window, page, qtbot, monkeypatch
):
    monkeypatch.setattr(QInputDialog, "getText", lambda *_args, **_more: (" first draft ", True))
    with qtbot.waitSignal(session.keeping.taken):
        window.fulfil(Wish.NAME_VERSION)
    shown = page()
    assert shown.list.item(0).text().startswith("first draft\n")
    shown._copy.click()
    assert QGuiApplication.clipboard().text() == FIRST
    monkeypatch.setattr(QInputDialog, "getText", lambda *_args, **_more: ("other", True))
    shown._name.click()
    qtbot.waitUntil(lambda: shown.list.item(0).text().startswith("other\n"))
    qtbot.waitUntil(shown._forget.isEnabled)
    shown._forget.click()
    qtbot.waitUntil(lambda: shown.list.count() == 0)
    assert "Nothing yet" in shown.facts.text()
    assert not shown._back.isEnabled()


def test_a_version_that_cannot_be_read_is_not_taken_for_the_one_shown_before(
    story, session, page, qtbot, monkeypatch
):
    for text in ("One. ", "Two. "):
        session.page.insertPlainText(text)
        save(session, qtbot)
    shown = page()
    monkeypatch.setattr(session.services.snapshots, "text", lambda _number: _damaged())
    shown.list.setCurrentRow(1)
    shown.refresh()
    qtbot.waitUntil(lambda: shown.list.currentRow() == 1)
    qtbot.wait(50)
    assert not shown._back.isEnabled()
    assert shown._shown is None


def _damaged():
    raise SnapshotsFailed(reason="their file is damaged")


def test_a_text_without_earlier_versions_says_when_they_come(session, window, qtbot):
    window.fulfil(Wish.HISTORY)
    shown = window.findChild(HistoryPage)
    qtbot.waitUntil(lambda: "Nothing yet" in shown.facts.text())
    assert not shown._back.isEnabled()


def test_a_damaged_file_is_put_aside_which_is_said_and_versions_are_kept_again(
    story, session, window, qtbot
):
    snapshots = session.services.snapshots
    snapshots._path.parent.mkdir(parents=True, exist_ok=True)
    snapshots._path.write_bytes(b"no database" * 500)
    for _ in range(2):
        session.page.insertPlainText("More. ")
        session.keeping.take(Why.TIME)
    qtbot.waitUntil(lambda: bool(window.notices.notices))
    (notice,) = window.notices.notices
    assert "put aside as" in notice.text
    qtbot.waitUntil(lambda: len(snapshots.all_of(str(story))) == 2)


def test_a_disk_that_keeps_no_versions_is_said_once_and_writing_goes_on(
    story, session, window, qtbot, monkeypatch
):
    monkeypatch.setattr(session.services.snapshots, "take", lambda *_, **__: _full())
    for _ in range(2):
        session.page.insertPlainText("More. ")
        session.keeping.take(Why.TIME)
    qtbot.waitUntil(lambda: any(each.key == KEEPING_KEY for each in window.notices.notices))
    assert len(window.notices.notices) == 1


def _full():
    raise SnapshotsFailed(reason="the disk is full")


def test_markup_in_the_text_is_shown_as_text(story, session, page, qtbot):
    save(session, qtbot)
    session.page.insertPlainText('<img src="file:///etc/passwd"> <b>not bold</b> ')
    shown = page()
    assert "<b>not bold</b>" in shown.view.toPlainText()


def test_what_is_found_after_the_page_has_gone_is_of_no_use_to_anybody(
    story, session, page, qtbot, monkeypatch
):
    save(session, qtbot)
    shown = page()
    found = []
    monkeypatch.setattr(HistoryPage, "_fill", lambda _page, each: found.append(each))
    shown.refresh()
    shiboken6.delete(shown)
    found.clear()  # it may have been found at once
    session.keeping.list(found.append, session)
    qtbot.waitUntil(lambda: bool(found))
    assert len(found) == 1
