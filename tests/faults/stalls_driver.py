"""A window with a long manuscript that measures how late its own event loop is: ``stalls_driver.py SCRIPT FILE HOME SECONDS``.

It opens the file, streams and saves for so many seconds each and writes the phases to stdout as one JSON object:
a list of ``[since, late]`` for each.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer
from PySide6.QtTest import QTest

from tests.faults.heartbeat import BEAT, Beat
from tests.faults.kill import places_in
from writer_app import app
from writer_app.ui.bridge import Bridge
from writer_app.ui.shell.collector import Collector
from writer_app.ui.shell.window import Window

_PATIENCE = 60.0


class Heart(QObject):
    """Beats in the event loop, each phase by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.phases: dict[str, list[Beat]] = {}
        self._beats: list[Beat] = []
        self._last = time.monotonic()
        self._timer = QTimer(self, interval=round(BEAT * 1000), timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def enter(self, phase: str) -> None:
        """What comes now belongs to ``phase``."""
        self._beats = self.phases.setdefault(phase, [])

    def _beat(self) -> None:
        now = time.monotonic()
        self._beats.append(Beat(self._last, now - self._last - BEAT))
        self._last = now


def go_on(until: Callable[[], bool], seconds: float) -> bool:
    """Let the event loop run until something is so, or so long; whether it is so."""
    end = time.monotonic() + seconds
    while not until() and time.monotonic() < end:
        QCoreApplication.processEvents()
        time.sleep(0.0005)
    return until()


def never() -> bool:
    """Nothing is waited for but time."""
    return False


def streaming(window: Window, seconds: float) -> None:
    """Ask in the middle of the manuscript, again and again, and read what comes."""
    page = window.session.page
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if not window.session.state.is_generating:
            QTest.keyClick(page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        go_on(never, 0.1)


def saving(window: Window, seconds: float) -> None:
    """Save again and again while text comes."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        streaming(window, 0.2)
        window.session.save()
        assert go_on(lambda: not window.session.state.is_saving, _PATIENCE), "no end of saving"


def main(script: str, file: str, home: str, seconds: str) -> int:
    """Go through the phases."""
    app.application()
    program = app.Program(places_in(Path(home)), lambda where: Bridge(where, ("scripted", script)))
    program.begin([])
    collector = Collector()
    window = program.desk.windows[0]
    settled: list[bool] = []
    heart = Heart()
    heart.enter("before")
    go_on(never, 0.5)
    heart.enter("loading")
    program.desk.open_files([file])
    assert go_on(lambda: window.session.document.length > 0, _PATIENCE), "it does not open"
    window.session.page.settled.connect(lambda: settled.append(True))
    assert go_on(lambda: bool(settled), _PATIENCE), "it does not settle"
    heart.enter("streaming")
    length = window.session.document.length
    window.session.page.set_caret(length // 2)
    streaming(window, float(seconds))
    assert window.session.document.length > length, "nothing came"
    heart.enter("saving")
    saving(window, float(seconds))
    heart.enter("after")
    QTest.keyClick(window.session.page, Qt.Key.Key_Escape)
    window.leaving.leave_without()
    program.end()
    collector.close()
    print(json.dumps(heart.phases))  # noqa: T201 - what whoever started it waits for
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
