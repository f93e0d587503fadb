"""Closing a window while a save does not end."""

import subprocess
import sys
import textwrap
import threading

import pytest

from writer_app.story import files
from writer_app.ui.shell import leaving


class DeadDisk:
    """Every save hangs until it is told to go on."""

    def __init__(self, monkeypatch):
        self._answers = threading.Event()
        write = files.write

        def hang(*arguments):
            self._answers.wait(30)
            return write(*arguments)

        monkeypatch.setattr("writer_app.story.saver.files.write", hang)

    def answer(self):
        self._answers.set()


@pytest.fixture
def dead_disk(monkeypatch):
    monkeypatch.setattr(leaving, "PATIENCE_MS", 50)
    monkeypatch.setattr("writer_app.app._LAST_SAVE", 0.1)
    disk = DeadDisk(monkeypatch)
    yield disk
    disk.answer()


@pytest.fixture
def story(tmp_path):
    path = tmp_path / "story.md"
    path.write_text("Once.\n", "utf-8")
    return path


def _last(window):
    return window.notices.notices[-1] if window.notices.notices else None


def _offered(window, qtbot):
    qtbot.waitUntil(lambda: len(window.notices.notices[-1].actions) > 1)
    return _last(window)


def _press(notice, label):
    next(each for each in notice.actions if each.label == label).run()


def test_a_text_whose_save_hangs_is_left_to_the_log_and_offered_at_the_next_start(
    make_program, dead_disk, story, qtbot
):
    program = make_program(story)
    (window,) = program.desk.windows
    window.session.page.insertPlainText("More. ")
    window.session.save()
    assert not window.close()
    notice = _offered(window, qtbot)
    assert "is offered to you at the next start" in notice.text
    with qtbot.waitSignal(program.desk.emptied):
        _press(notice, "Close all the same")
    program.end()
    again = make_program()
    (offer,) = again.desk.windows[0].notices.notices
    _press(offer, "Bring it back")
    assert again.desk.windows[0].session.document.text == "More. Once.\n"


def test_what_the_disk_has_taken_in_the_end_is_not_offered(make_program, dead_disk, story, qtbot):
    program = make_program(story)
    (window,) = program.desk.windows
    window.session.page.insertPlainText("More. ")
    window.session.save()
    window.close()
    notice = _offered(window, qtbot)
    _press(notice, "Close all the same")
    dead_disk.answer()
    assert program.services.saver.wait(5)
    program.end()
    assert story.read_text("utf-8") == "More. Once.\n"
    assert make_program().desk.windows[0].notices.notices == []


def test_a_window_that_waits_closes_as_soon_as_the_disk_answers(
    make_program, dead_disk, story, qtbot
):
    program = make_program(story)
    (window,) = program.desk.windows
    window.session.page.insertPlainText("More. ")
    assert not window.close()
    _press(_last(window), "Save and close")
    _offered(window, qtbot)
    with qtbot.waitSignal(program.desk.emptied):
        dead_disk.answer()
    assert story.read_text("utf-8") == "More. Once.\n"


def test_who_goes_on_writing_is_not_asked_again_until_she_wants_to_close(
    make_program, dead_disk, story, qtbot
):
    (window,) = make_program(story).desk.windows
    window.session.page.insertPlainText("More. ")
    window.session.save()
    window.close()
    _press(_offered(window, qtbot), "Keep writing")
    qtbot.wait(100)
    assert window.notices.notices == []
    window.close()
    assert "closes when it is done" in _last(window).text


def test_the_log_is_only_promised_where_it_can_be_written(
    make_program, dead_disk, story, qtbot, monkeypatch
):
    program = make_program(story)
    (window,) = program.desk.windows
    window.session.page.insertPlainText("More. ")
    window.session.save()
    monkeypatch.setattr(program.services.journal, "flush", lambda _seconds: False)
    window.close()
    notice = _offered(window, qtbot)
    assert "cannot be written either" in notice.text
    with qtbot.waitSignal(program.desk.emptied):
        _press(notice, "Close without saving")


def test_the_program_ends_although_a_save_hangs(tmp_path, story):
    # A process of its own: threads that are left behind must not keep it.
    script = """
        import sys, time
        from pathlib import Path
        from PySide6.QtCore import QTimer
        from tests.ui.stub import StubBridge
        from writer_app import app
        from writer_app.assets import Places
        from writer_app.story import lock, saver
        from writer_app.ui.shell import leaving
        from writer_app.ui.shell.desk import Desk

        app._LAST_SAVE, leaving.PATIENCE_MS = 0.1, 50
        saver.files.write = lambda *_: time.sleep(600)
        lock.FileLock.release = lambda _lock: time.sleep(600)
        begin = Desk.begin

        def begin_and_leave(desk, *given):
            begin(desk, *given)
            QTimer.singleShot(300, lambda: leave(desk))

        def leave(desk):
            (window,) = desk.windows
            window.session.page.insertPlainText("More. ")
            window.session.save()
            window.close()
            watch = QTimer(window, interval=20)
            watch.timeout.connect(lambda: look(window, watch))
            watch.start()

        def look(window, watch):
            actions = window.notices.notices[-1].actions
            if actions:
                watch.stop()
                actions[0].run()

        Desk.begin = begin_and_leave
        folder = Path(sys.argv[1])
        places = Places(*(folder / name for name in "abcd"))
        sys.exit(app.run([sys.argv[2]], "en", places, StubBridge))
    """
    command = [sys.executable, "-c", textwrap.dedent(script), str(tmp_path), str(story)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=40, check=False)
    assert done.returncode == 0, done.stderr
    assert list((tmp_path / "c" / "journal").iterdir()), "the log is gone"
