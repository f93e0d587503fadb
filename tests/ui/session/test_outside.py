"""Another program changes the file while it is open: noticed when the writer comes back, told once."""

import threading

import pytest
from PySide6.QtCore import QCoreApplication


def be_quiet(qtbot):
    """Until nothing is done aside any more, and all that was seen there has been judged."""
    qtbot.waitUntil(lambda: "aside" not in {each.name for each in threading.enumerate()})
    QCoreApplication.processEvents()


@pytest.fixture
def story(tmp_path, window, session, qtbot):
    path = tmp_path / "story.md"
    path.write_text("Once.\n", "utf-8")
    session.open(path)
    qtbot.waitUntil(window.isActiveWindow)
    be_quiet(
        qtbot
    )  # a look that coming to the front has begun must not see half of what a test writes
    return path


def told(window, qtbot):
    qtbot.waitUntil(lambda: bool(window.notices.notices))
    return window.notices.notices[-1]


@pytest.fixture
def look(session, qtbot):
    """Look at the file, and wait until all that was seen has been judged."""

    def do():
        session.filing.look_outside()
        be_quiet(qtbot)

    return do


def test_coming_back_to_the_window_finds_what_another_program_wrote(
    story, session, window, program, qtbot
):
    other = program.desk.new_window()
    other.activateWindow()
    qtbot.waitUntil(other.isActiveWindow)
    story.write_text("Theirs.\n", "utf-8")
    window.activateWindow()
    notice = told(window, qtbot)
    assert "changed by another program" in notice.text
    assert [each.label for each in notice.actions] == ["Keep mine", "Take theirs", "Keep both"]
    assert session.document.text == "Once.\n", "nothing is decided for her"


def test_theirs_can_be_taken_and_undone(story, session, window, qtbot, look):
    story.write_text("Theirs.\n", "utf-8")
    look()
    told(window, qtbot).actions[1].run()
    assert session.document.text == "Theirs.\n"
    assert not session.state.is_changed
    look()
    assert window.notices.notices == [] or "Theirs" not in window.notices.notices[-1].text
    session.undo()
    assert session.document.text == "Once.\n"


def test_mine_can_be_kept(story, session, window, qtbot, look):
    story.write_text("Theirs.\n", "utf-8")
    look()
    notice = told(window, qtbot)
    with qtbot.waitSignal(session.filing.saved):
        notice.actions[0].run()
    assert story.read_text("utf-8") == "Once.\n"


def test_one_change_is_told_once_and_the_next_one_again(story, session, window, qtbot, look):
    story.write_text("Theirs.\n", "utf-8")
    look()
    told(window, qtbot)
    window.notices.settle("save")
    look()
    assert window.notices.notices == []
    story.write_text("Theirs again.\n", "utf-8")
    look()
    told(window, qtbot)


def test_a_file_that_was_only_touched_or_saved_by_us_is_no_news(
    story, session, window, qtbot, look
):
    story.touch()
    look()
    session.page.insertPlainText("Mine. ")
    with qtbot.waitSignal(session.filing.saved):
        session.save()
    look()
    assert window.notices.notices == []


def test_a_file_that_is_gone_is_told_and_made_anew_by_saving(story, session, window, qtbot, look):
    story.unlink()
    look()
    notice = told(window, qtbot)
    assert "not in its place" in notice.text
    with qtbot.waitSignal(session.filing.saved):
        notice.actions[0].run()
    assert story.read_text("utf-8") == "Once.\n"
    assert window.notices.notices == []
