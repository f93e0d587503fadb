"""A short sitting of a writer, in a process that lets everybody into what it makes: ``sitting.py SCRIPT FILE CANARY``.

She types CANARY, lets the scripted engine go on, changes a setting, meets a bug of ours that quotes her, and
saves. What other programs can see of ours meanwhile goes to stdout as JSON, with the modes of all it has made.
"""

import json
import os
import stat
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path

import psutil
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from writer_app import app
from writer_app.assets import Places
from writer_app.ui.bridge import Bridge
from writer_app.ui.shell.crash_report import CrashReport
from writer_app.ui.shell.window import Window

STEP_MS = 20


class Sitting(QObject):
    """Goes on with ``deeds`` as often as it can; each yields whether it is still waiting for something."""

    def __init__(self, deeds: Iterator[None]) -> None:
        super().__init__()
        self._deeds = deeds
        self._timer = QTimer(self, interval=STEP_MS)
        self._timer.timeout.connect(self._go_on)
        self._timer.start()

    def _go_on(self) -> None:
        try:
            next(self._deeds)
        except StopIteration:
            self._timer.stop()
        except BaseException:  # noqa: BLE001 - whoever waits for us is to hear of it
            traceback.print_exc()
            os._exit(1)


def fail(canary: str) -> None:
    """A bug of ours."""
    raise ValueError(f"cannot make sense of {canary}")


def modes() -> dict[str, int]:
    """Everything in our folders with its mode."""
    places = Places.standard()
    roots = (places.config, places.data, places.state, places.cache)
    found = [each for root in roots for each in (root, *root.rglob("*"))]
    return {str(each): stat.S_IMODE(each.lstat().st_mode) for each in found}


def deeds(canary: str) -> Iterator[None]:
    while not (
        found := [each for each in QApplication.topLevelWidgets() if isinstance(each, Window)]
    ):
        yield
    window = found[0]
    session, page = window.session, window.session.page
    window.activateWindow()
    while not window.isActiveWindow():  # else Ctrl+Return is a key like any other
        yield
    page.set_caret(session.document.length)
    QTest.keyClicks(page, f"It was {canary}.")
    session.choices.set_options(type(session.choices.options)(note=f"more of {canary}"))
    QTest.keyClick(page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    while session.continuing.is_running or "told" not in session.document.text:
        yield
    QTimer.singleShot(0, lambda: fail(canary))
    while not any(each.key == "Unforeseen" for each in window.notices.notices):
        yield
    session.set_preference("page", "size", 15.0)
    session.services.preferences.flush()
    session.services.journal.flush(5)
    window.notices.notices[-1].actions[0].run()
    (report,) = window.findChildren(CrashReport)
    processes = [psutil.Process(), *psutil.Process().children(recursive=True)]
    said = {
        "report": report.text.toPlainText(),
        "arguments": [each.cmdline()[1:] for each in processes[1:]],
        "environments": [each.environ() for each in processes[1:]],
        "modes": modes(),
    }
    os.write(1, json.dumps(said).encode())
    session.save()
    while session.filing.is_saving:
        yield
    window.close()


def main(script: str, file: str, canary: str) -> int:
    os.umask(0)
    app.application()
    sitting = Sitting(deeds(canary))
    status = app.run(
        [str(Path(file))], make_engine=lambda places: Bridge(places, ("scripted", script))
    )
    sitting.deleteLater()
    return status


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
