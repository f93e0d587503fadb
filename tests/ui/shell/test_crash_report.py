"""A report about a problem: shown before anything is saved, and without a word of the writer's."""

import os
import signal
import stat
import subprocess
import sys
import textwrap
from pathlib import Path

import msgspec
import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QPushButton

from tests.ui.stub import ENGLISH
from writer_app import __version__
from writer_app.engine.protocol import Machine
from writer_app.errors import FileMissing
from writer_app.ui.session.state import Wish
from writer_app.ui.shell.crash_report import CrashReport
from writer_app.ui.shell.faults import Faults

CANARY = "canary in the cellar"


@pytest.fixture
def program(make_program, tmp_path):
    path = tmp_path / f"{CANARY}.md"
    path.write_text(f"{CANARY} sang.", "utf-8")
    return make_program(path)


def fail(program, error):
    try:
        raise error
    except type(error) as caught:
        program.secure(type(caught), caught, caught.__traceback__)


def shown(window):
    return window.findChildren(CrashReport)[-1]


@pytest.mark.parametrize("error", [ValueError(CANARY), FileMissing(path=CANARY), KeyError(CANARY)])
def test_nothing_of_the_writer_is_in_report_log_or_error_stream(
    window, program, places, qtbot, capsys, error
):
    fail(program, error)
    qtbot.waitUntil(lambda: bool(window.notices.notices))
    (details,) = window.notices.notices[-1].actions
    details.run()
    text = shown(window).text.toPlainText()
    assert type(error).__name__ in text
    written = [path.read_text("utf-8", "replace") for path in places.state.glob("*.log")]
    assert len(written) == 1
    for told in (text, *written, capsys.readouterr().err):
        assert type(error).__name__ in told
        assert "canary" not in told
        assert str(Path.home()) not in told


def test_the_window_lives_on_and_the_text_is_there(window, program, qtbot):
    fail(program, RuntimeError("x"))
    qtbot.waitUntil(lambda: bool(window.notices.notices))
    notice = window.notices.notices[-1]
    assert "Your text is safe" in notice.text
    assert [each.label for each in notice.actions] == ["Details…"]
    assert window.isVisible()
    assert window.session.document.text == f"{CANARY} sang."


def test_asked_for_from_the_menu_it_says_what_runs_and_what_went_wrong_before(
    window, program, engine
):
    fail(program, ZeroDivisionError("x"))
    engine.log = "llama: the last line"
    engine.load(
        msgspec.structs.replace(ENGLISH, machine=Machine(library="llama 1", variant="zen4"))
    )
    window.actions_made.by_id["help.report"].trigger()
    text = shown(window).text.toPlainText()
    for wanted in (
        f"Longhand {__version__}",
        "Python 3.",
        "zen4",
        "llama: the last line",
        "ZeroDivisionError",
    ):
        assert wanted in text
    assert "canary" not in text


def test_exactly_the_text_in_the_window_is_copied_and_saved(window, tmp_path, qtbot):
    target = tmp_path / "report.txt"
    before = os.umask(0)
    try:
        dialog = CrashReport(window.session, window, "it broke", ask=lambda _parent: target)
        qtbot.addWidget(dialog)
        dialog.text.setPlainText("changed by her")
        assert not target.exists()
        dialog.copy()
        dialog.save()
    finally:
        os.umask(before)
    assert QGuiApplication.clipboard().text() == "changed by her"
    assert target.read_text("utf-8") == "changed by her"
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert "report.txt" in dialog.told.text()


def test_thinking_better_of_it_saves_nothing_and_a_refusal_is_said(window, tmp_path, qtbot):
    answers = [None, tmp_path / "no" / "such" / "folder.txt"]
    dialog = CrashReport(window.session, window, ask=lambda _parent: answers.pop(0))
    qtbot.addWidget(dialog)
    dialog.save()
    assert dialog.told.text() == ""
    dialog.save()
    assert "Not saved" in dialog.told.text()


def test_it_is_one_window_not_modal_with_words_on_every_button(session, window):
    session.wished.emit(Wish.REPORT)
    session.wished.emit(Wish.REPORT)
    (dialog,) = window.findChildren(CrashReport)
    assert not dialog.isModal()
    labels = [each.text() for each in dialog.findChildren(QPushButton)]
    assert labels == ["Copy", "Save…", "Close"]
    assert not dialog.findChild(QPlainTextEdit).isReadOnly()


DIES = """
    import faulthandler, sys, time
    from pathlib import Path
    from writer_app.ui.shell.faults import Faults

    def the_writer_was_here():
        canary = "canary in the cellar"
        faulthandler._sigsegv()

    faults = Faults(Path(sys.argv[1]))
    assert faults.begin() == ""
    if sys.argv[2] == "fault":
        the_writer_was_here()
    if sys.argv[2] == "wait":
        print("ready", flush=True)
        time.sleep(60)
    faults.end()
"""


def run(folder, how):
    command = [
        sys.executable,
        "-c",
        "import os; os.umask(0)\n" + textwrap.dedent(DIES),
        str(folder),
        how,
    ]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)


def test_a_fault_of_native_code_is_offered_once_at_the_next_start(tmp_path):
    folder = tmp_path / "private" / "state"
    child = run(folder, "fault")
    child.communicate()
    assert child.returncode == -signal.SIGSEGV
    (left,) = folder.iterdir()
    assert stat.S_IMODE(left.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    told = in_a_process_of_its_own(folder)
    assert "Segmentation fault" in told
    assert "the_writer_was_here" in told
    assert "canary" not in told
    assert in_a_process_of_its_own(folder) == ""


def in_a_process_of_its_own(folder):
    """What a next start finds; not here, where pytest has a fault handler of its own."""
    script = """
        import sys
        from pathlib import Path
        from writer_app.ui.shell.faults import Faults

        faults = Faults(Path(sys.argv[1]))
        print(faults.begin())
        faults.end()
    """
    command = [sys.executable, "-c", textwrap.dedent(script), str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_a_good_end_leaves_nothing_and_a_running_program_is_left_alone(tmp_path):
    ended = run(tmp_path, "well")
    ended.communicate()
    assert (ended.returncode, list(tmp_path.iterdir())) == (0, [])
    running = run(tmp_path, "wait")
    try:
        assert running.stdout.readline() == b"ready\n"
        assert in_a_process_of_its_own(tmp_path) == ""
        assert len(list(tmp_path.iterdir())) == 1
    finally:
        running.kill()
        running.communicate()
    assert in_a_process_of_its_own(tmp_path) == "", "it was ended from outside, which is no fault"
    assert list(tmp_path.iterdir()) == []


def test_what_a_fault_left_is_said_at_the_start_with_the_report_behind_it(make_program, qtbot):
    program = make_program()
    program.begin([], "Fatal Python error: Segmentation fault")
    window = program.desk.windows[0]
    notice = window.notices.notices[-1]
    assert "fault" in notice.text
    notice.actions[0].run()
    assert "Segmentation fault" in shown(program.desk.windows[0]).text.toPlainText()


def test_a_folder_that_cannot_be_written_does_not_block_the_start(tmp_path):
    (tmp_path / "file").write_text("x")
    assert Faults(tmp_path / "file" / "state")._folder
    assert in_a_process_of_its_own(tmp_path / "file" / "state") == ""
