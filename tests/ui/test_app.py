"""What the composition root decides by itself."""

import errno
import subprocess
import sys
import textwrap

from tests.ui.stub import StubBridge
from writer_app import app, language
from writer_app.story import records, recovery


def test_a_language_asked_for_on_the_command_line_goes_before_the_settings(places, qtbot):
    program = app.Program(places, StubBridge, lang="zh_CN")
    try:
        program.begin([])
        assert program.desk.windows[0].tabs.tabText(0) == "续写"
        assert program.services.preferences.values.interface.language == "auto"
        program.services.preferences.set("interface", "language", "en")
        qtbot.waitUntil(lambda: program.desk.windows[0].tabs.tabText(0) == "Continue")
    finally:
        for window in tuple(program.desk.windows):
            window.leaving.leave_without()
        program.end()
    assert language.current() == "en"


def test_a_window_that_copied_something_ends_in_good_health(tmp_path):
    # In a process of its own: what goes wrong here goes wrong after the interpreter has ended.
    story = tmp_path / "story.md"
    story.write_text("The moon 😀 rose.", "utf-8")
    script = """
        import sys
        from pathlib import Path
        from PySide6.QtCore import QTimer
        from tests.ui.stub import StubBridge
        from writer_app import app
        from writer_app.assets import Places

        folder = Path(sys.argv[1])
        qt = app.application()
        program = app.Program(Places(*(folder / name for name in "abcd")), StubBridge)
        program.begin([str(folder / "story.md")])
        program.desk.emptied.connect(qt.quit)

        def copy_and_close():
            window = program.desk.windows[0]
            window.session.page.selectAll()
            window.session.page.copy()
            print(len(qt.clipboard().text()))
            window.close()

        QTimer.singleShot(100, copy_and_close)
        qt.exec()
        program.end()
    """
    command = [sys.executable, "-c", textwrap.dedent(script), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "16"), done.stderr


def test_each_recovery_file_that_cannot_be_read_is_named(places, qtbot):
    folder = places.state / "journal"
    folder.mkdir(parents=True)
    for number in range(3):
        # A beginning that nobody can read, and much behind it: text was lost.
        (folder / records.file_name(f"{number}" * 32, 1)).write_bytes(b"spoilt " * 200)
    program = app.Program(places, StubBridge)
    try:
        program.begin([])
        said = [each.text for each in program.desk.windows[0].notices.notices]
        assert len(said) == 3
        for path in folder.glob(f"*{recovery.DAMAGED_SUFFIX}"):
            assert sum(str(path) in each for each in said) == 1
    finally:
        for window in tuple(program.desk.windows):
            window.leaving.leave_without()
        program.end()


def test_that_crash_protection_is_off_is_said_as_long_as_it_is(places, qtbot, monkeypatch):

    def full(*_arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    program = app.Program(places, StubBridge)
    try:
        program.begin([])
        window = program.desk.windows[0]
        with monkeypatch.context() as disk:
            disk.setattr("writer_app.story.atomic.os.write", full)
            window.session.page.insertPlainText("Once.")
            qtbot.waitUntil(lambda: "is off" in "".join(n.text for n in window.notices.notices))
        qtbot.waitUntil(lambda: window.notices.notices == [])
    finally:
        for window in tuple(program.desk.windows):
            window.leaving.leave_without()
        program.end()
