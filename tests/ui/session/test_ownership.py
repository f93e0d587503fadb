"""A file that is open in another program: shown, not written, and taken over when it is free."""

import os

import msgspec
import pytest
from PySide6.QtTest import QTest

from writer_app.story import lock
from writer_app.story.lock import Holder, lock_path
from writer_app.ui.session.filing import COPIES_KEY
from writer_app.ui.session.ownership import KEY


@pytest.fixture
def story(tmp_path):
    path = tmp_path / "story.md"
    path.write_text("Once.\n", "utf-8")
    return path


@pytest.fixture
def held(story):
    found = lock.acquire(story)
    yield found
    found.release()


def told(window, key=KEY):
    return [each for each in window.notices.notices if each.key == key]


def test_it_opens_for_reading_and_says_who_is_first(story, held, session, window):
    session.open(story)
    assert session.state.is_read_only
    assert session.page.isReadOnly()
    QTest.keyClicks(session.page, "x")
    assert session.document.text == "Once.\n"
    (notice,) = told(window)
    assert Holder.here().machine in notice.text
    assert [action.label for action in notice.actions] == ["Look again"]


def test_looking_again_while_it_is_still_open_says_so_again(story, held, session, window, qtbot):
    session.open(story)
    (notice,) = told(window)
    window.notices.settle(KEY)
    notice.actions[0].run()
    qtbot.waitUntil(lambda: told(window) != [])
    assert session.state.is_read_only


def test_it_may_be_written_as_soon_as_the_other_one_has_closed_it(
    story, held, session, window, qtbot
):
    session.open(story)
    held.release()
    session.filing.look_outside()  # she comes back to the window
    qtbot.waitUntil(lambda: not session.state.is_read_only)
    assert told(window) == []
    session.page.insertPlainText("x")
    assert session.document.text == "xOnce.\n"


def test_what_the_other_one_saved_meanwhile_is_said_then(story, held, session, window, qtbot):
    session.open(story)
    story.write_text("Theirs.\n", "utf-8")
    held.release()
    session.filing.look_outside()
    qtbot.waitUntil(lambda: "save" in [each.key for each in window.notices.notices])
    qtbot.waitUntil(lambda: not session.state.is_read_only)


def test_what_the_other_one_has_saved_is_shown_and_not_written_over(
    story, held, session, window, qtbot
):
    session.open(story)
    story.write_text("Theirs.\n", "utf-8")
    session.filing.look_outside()
    qtbot.waitUntil(lambda: told(window, "save") != [])
    (notice,) = told(window, "save")
    assert [action.label for action in notice.actions] == ["Take theirs"]
    notice.actions[0].run()
    assert session.document.text == "Theirs.\n"
    assert session.state.is_read_only


def test_a_lock_of_another_machine_can_be_written_over(story, session, window, qtbot):
    there = Holder("elsewhere-pc", "Ann", os.getpid(), 5.0, "2026-11-22T10:12:00+00:00")
    lock_path(story).write_bytes(msgspec.json.encode(there))
    session.open(story)
    (notice,) = told(window)
    assert "elsewhere-pc" in notice.text
    assert [action.label for action in notice.actions] == ["Look again", "Write here all the same"]
    notice.actions[1].run()
    qtbot.waitUntil(lambda: not session.state.is_read_only)
    session.page.insertPlainText("x")
    assert session.document.text == "xOnce.\n"


def test_saved_under_another_name_it_is_hers(story, held, session, tmp_path, qtbot):
    session.open(story)
    with qtbot.waitSignal(session.filing.saved):
        session.filing.save_as(tmp_path / "mine.md")
    assert not session.state.is_read_only
    assert not session.page.isReadOnly()
    qtbot.waitUntil(lock_path(tmp_path / "mine.md").exists)


def test_saved_over_a_file_that_is_open_elsewhere_both_write_it_and_that_is_said(
    story, held, session, window, qtbot
):
    session.page.insertPlainText("Mine. ")
    with qtbot.waitSignal(session.filing.saved):
        session.filing.save_as(story)
    qtbot.waitUntil(lambda: told(window) != [])
    (notice,) = told(window)
    assert "you can write in it here too" in notice.text
    assert not session.state.is_read_only
    held.release()
    notice.actions[0].run()
    qtbot.waitUntil(lambda: told(window) == [])
    assert lock_path(story).exists()


def test_closing_leaves_no_lock_behind(story, session, window, qtbot):
    session.open(story)
    assert lock_path(story).exists()
    window.close()
    assert not lock_path(story).exists()


def test_versions_that_a_synchronised_folder_made_are_said_and_opened(
    story, session, window, program
):
    copy = story.with_name("story (Ann's conflicted copy 2026-11-22).md")
    copy.write_text("Theirs.\n", "utf-8")
    session.open(story)
    (notice,) = told(window, COPIES_KEY)
    assert copy.name in notice.text
    notice.actions[0].run()
    assert program.desk.windows[-1].session.document.path == copy
