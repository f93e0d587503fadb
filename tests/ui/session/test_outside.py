"""Another program changes the file while it is open: noticed when the writer comes back, told once."""

import threading

import pytest
from PySide6.QtCore import QCoreApplication, QEvent


def be_quiet(qtbot):
    """Until nothing is done aside any more, and all that was seen there has been judged."""
    qtbot.waitUntil(lambda: "aside" not in {each.name for each in threading.enumerate()})
    QCoreApplication.processEvents()


@pytest.fixture
def story(tmp_path, session):
    path = tmp_path / "story.md"
    path.write_text("Once.\n", "utf-8")
    session.open(path)
    return path


def put(path, text):
    """Write as another program would: at once, since coming to the front may have begun a look of its own."""
    other = path.with_suffix(".new")
    other.write_text(text, "utf-8")
    other.replace(path)


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
    story, session, window, qtbot, monkeypatch
):
    put(story, "Theirs.\n")
    # Which window is in front is the platform's affair, and the offscreen one's whim.
    monkeypatch.setattr(window, "isActiveWindow", lambda: True)
    QCoreApplication.sendEvent(window, QEvent(QEvent.Type.ActivationChange))
    notice = told(window, qtbot)
    assert "changed by another program" in notice.text
    assert [each.label for each in notice.actions] == ["Keep mine", "Take theirs", "Keep both"]
    assert session.document.text == "Once.\n", "nothing is decided for her"


def test_theirs_can_be_taken_and_undone(story, session, window, qtbot, look):
    put(story, "Theirs.\n")
    look()
    told(window, qtbot).actions[1].run()
    assert session.document.text == "Theirs.\n"
    assert not session.state.is_changed
    window.notices.settle("save")
    look()
    assert window.notices.notices == [], "her own choice is no news"
    session.undo()
    assert session.document.text == "Once.\n"


def test_mine_can_be_kept(story, session, window, qtbot, look):
    put(story, "Theirs.\n")
    look()
    notice = told(window, qtbot)
    with qtbot.waitSignal(session.filing.saved):
        notice.actions[0].run()
    assert story.read_text("utf-8") == "Once.\n"


def test_one_change_is_told_once_and_the_next_one_again(story, session, window, qtbot, look):
    put(story, "Theirs.\n")
    look()
    told(window, qtbot)
    window.notices.settle("save")
    look()
    assert window.notices.notices == []
    put(story, "Theirs again.\n")
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
