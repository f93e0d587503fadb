"""A window that writes by itself until somebody kills it: ``driver.py SCRIPT SEED [FILE]``.

It types a little, lets the scripted engine stream, takes back, types again, for ever. Each text the
manuscript has had goes to stdout as a line ``[seconds, text, pid of the engine]``, seconds of the system-wide
monotonic clock, so that whoever kills it knows what stood there when.
"""

import json
import os
import random
import sys
import time
from itertools import count
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtTest import QTest

from writer_app import app
from writer_app.assets import Places
from writer_app.story.changes import Change
from writer_app.ui.bridge import Bridge
from writer_app.ui.shell.window import Window

#: Milliseconds between two deeds.
PACE = 30
WORDS = ("she ", "门", "came ", "😀 ", "to the door", ". ", "“No,” ", "\n")
CONTROL = Qt.KeyboardModifier.ControlModifier
NONE = Qt.KeyboardModifier.NoModifier


class Driver(QObject):
    """Does one thing after the other to the window."""

    def __init__(self, window: Window, engine: Bridge, seed: int) -> None:
        super().__init__(window)
        self._page = window.session.page
        self._session = window.session
        self._engine = engine
        self._random = random.Random(seed)
        self._numbers = count()
        self._page.set_caret(self._session.document.length)
        self._session.document.subscribe(self._report)
        self._timer = QTimer(self, interval=PACE)
        self._timer.timeout.connect(self._do_something)
        self._timer.start()

    def _report(self, _change: Change) -> None:
        line = json.dumps([time.monotonic(), self._session.document.text, self._engine.pid])
        os.write(1, line.encode() + b"\n")

    def _do_something(self) -> None:
        """Mostly watch the stream; now and then be the writer."""
        if self._session.state.is_generating and self._random.random() < 0.97:
            return
        chance = self._random.random()
        if next(self._numbers) % 12 == 5:
            QTest.keyClick(self._page, Qt.Key.Key_Return, CONTROL)
        elif chance < 0.06:
            QTest.keyClick(self._page, Qt.Key.Key_Z, CONTROL)
        elif chance < 0.12:
            QTest.keyClick(self._page, Qt.Key.Key_Backspace, NONE)
        else:
            word = self._random.choice(WORDS)
            if word.isascii() and word != "\n":
                QTest.keyClicks(self._page, word)
            else:
                self._page.insertPlainText(word)


def main(script: str, seed: str, *files: str) -> int:
    """Run until killed."""
    application = app.application()
    program = app.Program(Places.standard(), lambda places: Bridge(places, ("scripted", script)))
    program.begin([str(Path(each)) for each in files])
    window = program.desk.windows[0]
    assert isinstance(program.engine, Bridge)
    Driver(window, program.engine, int(seed))
    window.activateWindow()
    return application.exec()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
