"""A window under random events until so many have passed: ``monkey_driver.py SCRIPT SEED EVENTS FOLDER``.

What it found goes to stdout as one JSON object; it may also die of it. Dialogs of the system, which would wait for
somebody, answer at once.
"""

import faulthandler
import json
import sys
import threading
import traceback
from pathlib import Path
from typing import Any

from PySide6.QtCore import QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from tests.faults.kill import places_in
from tests.faults.monkey_events import Monkey
from writer_app import app
from writer_app.ui.bridge import Bridge
from writer_app.ui.shell import window as shell
from writer_app.ui.shell.collector import Collector

#: What the offscreen platform itself complains about.
NOISE = ("propagateSizeHints", "does not support raise", "grabbing the keyboard")


def main(script: str, seed: str, events: str, folder: str) -> int:
    """Run until so many events have passed, or until it crashes."""
    faulthandler.enable()
    home = Path(folder)
    application = app.application()
    program = app.Program(places_in(home), lambda where: Bridge(where, ("scripted", script)))
    monkey = Monkey(program, int(seed), int(events), home)

    def unhandled(kind: type[BaseException], error: BaseException, trace: Any) -> None:
        monkey.found["wrong"].append("".join(traceback.format_exception(kind, error, trace)))

    def message(kind: QtMsgType, _context: object, text: str) -> None:
        if kind != QtMsgType.QtDebugMsg and not any(noise in text for noise in NOISE):
            monkey.found["wrong"].append(f"Qt says: {text}")

    sys.excepthook = unhandled
    threading.excepthook = lambda failed: unhandled(
        failed.exc_type, failed.exc_value or SystemExit(), failed.exc_traceback
    )
    qInstallMessageHandler(message)
    shell.ask_open = lambda *_: monkey.answer_open()
    shell.ask_save = lambda *_: monkey.answer_save()
    shell.ask_model = lambda *_: ""
    QFileDialog.getOpenFileName = staticmethod(lambda *_: ("", ""))  # type: ignore[method-assign, assignment]
    QDesktopServices.openUrl = staticmethod(lambda *_: True)  # type: ignore[method-assign, assignment]
    program.begin([])
    application.setQuitOnLastWindowClosed(False)
    collector = Collector()
    monkey.begin()
    application.exec()
    collector.close()
    for window in tuple(program.desk.windows):
        window.leaving.leave_without()
    program.end()
    print(json.dumps(monkey.found))  # noqa: T201 - what whoever started it waits for
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
