"""Opening and saving from the window: nothing is decided silently."""

import os

import pytest

from writer_app.errors import FileMissing, NotText
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
    def full(*_arguments):
        raise OSError(28, "No space left on device")

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
