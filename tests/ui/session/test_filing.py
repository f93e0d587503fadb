"""Opening and saving from the window: nothing is decided silently."""

import os
import threading
from typing import NamedTuple

import pytest
from PySide6.QtCore import QCoreApplication, QEvent

from writer_app.errors import FileMissing, NotText
from writer_app.story import files
from writer_app.ui.session.filing import IN_PLACE_KEY, SAVE_KEY, free_name


@pytest.fixture
def story(tmp_path, session):
    path = tmp_path / "story.md"
    path.write_text("Once.\n", "utf-8")
    session.open(path)
    return path


def save(session, qtbot):
    with qtbot.waitSignal(session.filing.saved):
        session.save()


def refused(session, window, qtbot):
    """Save, and return the notice that says why it was not done."""
    session.save()
    qtbot.waitUntil(lambda: any(each.key == SAVE_KEY for each in window.notices.notices))
    return window.notices.notices[-1]


def full(*_arguments):
    raise OSError(28, "No space left on device")


def test_a_saved_text_is_in_its_file_and_counts_as_unchanged(story, session, qtbot):
    session.page.insertPlainText("More. ")
    assert session.state.is_changed
    save(session, qtbot)
    assert story.read_text("utf-8") == "More. Once.\n"
    assert not session.state.is_changed


def test_typing_while_a_save_is_under_way_leaves_it_changed(story, session, qtbot):
    session.page.insertPlainText("a")
    session.save()
    session.page.insertPlainText("b")
    qtbot.waitUntil(lambda: not session.filing.is_saving)
    assert story.read_text("utf-8") == "aOnce.\n"
    assert session.state.is_changed


def test_a_file_changed_outside_is_not_overwritten_silently(story, session, window, qtbot):
    session.page.insertPlainText("Mine. ")
    story.write_text("Theirs.\n", "utf-8")
    notice = refused(session, window, qtbot)
    assert story.read_text("utf-8") == "Theirs.\n"
    assert [action.label for action in notice.actions] == ["Keep mine", "Take theirs", "Keep both"]


def test_keeping_mine_replaces_the_other_version(story, session, window, qtbot):
    session.page.insertPlainText("Mine. ")
    story.write_text("Theirs.\n", "utf-8")
    notice = refused(session, window, qtbot)
    with qtbot.waitSignal(session.filing.saved):
        notice.actions[0].run()
    assert story.read_text("utf-8") == "Mine. Once.\n"
    assert window.notices.notices == []


def test_taking_theirs_is_one_step_that_undo_takes_back(story, session, window, qtbot):
    session.page.insertPlainText("Mine. ")
    story.write_text("Theirs.\n", "utf-8")
    refused(session, window, qtbot).actions[1].run()
    assert session.document.text == "Theirs.\n"
    assert not session.state.is_changed
    session.undo()
    assert session.document.text == "Mine. Once.\n"
    save(session, qtbot)
    assert story.read_text("utf-8") == "Mine. Once.\n"


def test_keeping_both_puts_mine_into_a_file_of_its_own(story, session, window, qtbot):
    session.page.insertPlainText("Mine. ")
    story.write_text("Theirs.\n", "utf-8")
    notice = refused(session, window, qtbot)
    with qtbot.waitSignal(session.filing.saved):
        notice.actions[2].run()
    assert story.read_text("utf-8") == "Theirs.\n"
    assert (story.parent / "story (2).md").read_text("utf-8") == "Mine. Once.\n"
    assert session.document.path == story.parent / "story (2).md"


def test_a_character_the_encoding_lacks_is_asked_about_once(tmp_path, session, window, qtbot):
    path = tmp_path / "old.txt"
    path.write_bytes(
        "第一回 甄士隐梦幻识通灵，贾雨村风尘怀闺秀。此开卷第一回也。\n".encode("big5", "ignore") * 9
    )
    session.open(path)
    assert session.document.form.encoding != "utf-8"
    session.page.insertPlainText("🜁")
    notice = refused(session, window, qtbot)
    assert notice.actions[0].label == "Save as UTF-8"
    with qtbot.waitSignal(session.filing.saved):
        notice.actions[0].run()
    assert path.read_text("utf-8").startswith("🜁")
    session.page.insertPlainText("🜂")
    save(session, qtbot)
    assert path.read_text("utf-8").startswith("🜁🜂")


def test_a_refused_save_offers_another_place(story, session, window, qtbot, monkeypatch):
    monkeypatch.setattr("writer_app.story.atomic.os.write", full)
    session.page.insertPlainText("Mine. ")
    notice = refused(session, window, qtbot)
    assert "disk is full" in notice.text
    assert [action.label for action in notice.actions] == ["Try again", "Save as…"]
    assert story.read_text("utf-8") == "Once.\n"
    assert session.state.is_changed


def test_what_is_no_text_does_not_take_the_place_of_the_document(story, session, tmp_path):
    picture = tmp_path / "picture.md"
    picture.write_bytes(bytes(range(256)) * 20)
    with pytest.raises(NotText):
        session.open(picture)
    with pytest.raises(FileMissing):
        session.open(tmp_path / "gone.md")
    assert session.document.path == story


def test_the_caret_is_where_it_was_when_the_file_is_opened_again(story, session):
    session.page.set_caret(3)
    session.remember_caret()
    session.open(story)
    assert session.page.caret == 3


def test_a_free_name_is_beside_the_file_and_taken_by_nobody(tmp_path):
    for name in ("a.md", "a (2).md"):
        (tmp_path / name).touch()
    assert free_name(tmp_path / "a.md").name == "a (3).md"


def test_a_file_with_a_second_name_is_saved_and_that_is_said_once(
    story, session, window, tmp_path, qtbot
):
    os.link(story, tmp_path / "second.md")
    for _ in range(2):
        session.page.insertPlainText("x")
        save(session, qtbot)
    assert (tmp_path / "second.md").read_text("utf-8") == "xxOnce.\n"
    assert not session.state.is_changed
    (notice,) = window.notices.notices
    assert "second name" in notice.text
    window.notices.settle(IN_PLACE_KEY)
    session.page.insertPlainText("y")
    save(session, qtbot)
    assert window.notices.notices == []


class SlowDisk(NamedTuple):
    """A save has begun, and may go on."""

    begun: threading.Event
    may_go: threading.Event


@pytest.fixture
def slow_disk(monkeypatch):
    disk = SlowDisk(threading.Event(), threading.Event())
    write = files.write

    def wait_and_write(*arguments):
        disk.begun.set()
        disk.may_go.wait(10)
        return write(*arguments)

    monkeypatch.setattr("writer_app.story.saver.files.write", wait_and_write)
    yield disk
    disk.may_go.set()


def test_saving_again_while_another_name_is_on_its_way_keeps_that_name(
    story, session, slow_disk, qtbot
):
    other = story.with_name("other.md")
    session.page.insertPlainText("More. ")
    session.save()
    assert slow_disk.begun.wait(5)
    session.filing.save_as(other)
    session.save()
    slow_disk.may_go.set()
    qtbot.waitUntil(lambda: not session.filing.is_saving)
    assert other.read_text("utf-8") == "More. Once.\n"
    assert session.document.path == other


def test_it_is_saving_until_the_last_of_several_saves_has_ended(story, session, slow_disk, qtbot):
    ended = []
    session.filing.changed.connect(lambda: ended.append(session.filing.is_saving))
    session.page.insertPlainText("More. ")
    session.save()
    assert slow_disk.begun.wait(5)
    session.filing.save_as(story.with_name("other.md"))
    slow_disk.may_go.set()
    qtbot.waitUntil(lambda: not session.filing.is_saving)
    assert ended == [True, True, True, False]


def test_trying_again_does_not_write_over_what_came_there_meanwhile(
    story, session, window, qtbot, monkeypatch
):
    session.page.insertPlainText("Mine. ")
    with monkeypatch.context() as broken:
        broken.setattr("writer_app.story.atomic.os.write", full)
        notice = refused(session, window, qtbot)
    story.write_text("Theirs.\n", "utf-8")
    notice.actions[0].run()
    qtbot.waitUntil(lambda: not session.filing.is_saving)
    assert story.read_text("utf-8") == "Theirs.\n"
    assert "changed by another program" in window.notices.notices[-1].text


def test_both_are_only_said_to_be_kept_when_they_are(story, session, window, qtbot, monkeypatch):
    session.page.insertPlainText("Mine. ")
    story.write_text("Theirs.\n", "utf-8")
    notice = refused(session, window, qtbot)
    with monkeypatch.context() as broken:
        broken.setattr("writer_app.story.atomic.os.write", full)
        notice.actions[2].run()
        qtbot.waitUntil(lambda: not session.filing.is_saving)
    assert not [each for each in window.notices.notices if "Your version is in" in each.text]
    with qtbot.waitSignal(session.filing.saved):
        window.notices.notices[-1].actions[0].run()
    assert "Your version is in “story (2).md”" in window.notices.notices[-1].text


def test_a_drive_that_does_not_answer_holds_no_window(
    story, session, window, tmp_path, qtbot, monkeypatch
):
    answers = threading.Event()

    def slow(_path):
        answers.wait(10)
        raise FileMissing(path="b.md")

    monkeypatch.setattr("writer_app.ui.session.filing.PATIENCE", 0.01)
    monkeypatch.setattr("writer_app.ui.session.filing.files.digest_of", slow)
    session.filing.save_as(tmp_path / "b.md")
    session.page.insertPlainText("Meanwhile. ")
    with qtbot.waitSignal(session.filing.saved):
        answers.set()
    assert (tmp_path / "b.md").read_text("utf-8") == "Meanwhile. Once.\n"


def test_taking_theirs_ends_what_the_model_is_writing(story, session, window, engine, qtbot):
    session.continue_text()
    engine.write("one two three ")
    story.write_text("Theirs are another text.\n", "utf-8")
    refused(session, window, qtbot).actions[1].run()
    assert not session.continuing.is_running
    assert session.document.text == "Theirs are another text.\n"
    assert not session.state.is_changed


def test_a_window_closed_during_a_save_complains_of_nothing(
    story, session, window, program, slow_disk, qtbot, monkeypatch
):
    complaints = []
    monkeypatch.setattr(threading, "excepthook", complaints.append)
    other = program.desk.new_window()
    session.page.insertPlainText("Mine. ")
    session.save()
    window.leaving.leave_without()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    slow_disk.may_go.set()
    assert program.services.saver.wait(5)
    QCoreApplication.processEvents()
    assert complaints == []
    assert other.notices.notices == []


def test_a_page_that_is_being_saved_makes_no_room_for_another_text(
    session, window, tmp_path, slow_disk, qtbot
):
    session.page.insertPlainText("M")
    session.filing.save_as(tmp_path / "a.md")
    session.undo()
    assert not session.filing.is_untouched
    slow_disk.may_go.set()
    qtbot.waitUntil(lambda: not session.filing.is_saving)


def test_another_document_takes_over_no_save_of_the_one_before(
    story, session, window, tmp_path, slow_disk, qtbot
):
    session.save()
    other = tmp_path / "other.md"
    other.write_text("Other.\n", "utf-8")
    session.open(other)
    assert not session.filing.is_saving
    slow_disk.may_go.set()
    assert session.services.saver.wait(5)
    qtbot.wait(20)
    assert window.leaving.may_leave()


def test_ways_on_of_one_document_are_not_offered_for_the_next(
    story, session, window, tmp_path, qtbot, monkeypatch
):
    with monkeypatch.context() as broken:
        broken.setattr("writer_app.story.atomic.os.write", full)
        refused(session, window, qtbot)
    other = tmp_path / "other.md"
    other.write_text("Other.\n", "utf-8")
    session.open(other)
    assert window.notices.notices == []
