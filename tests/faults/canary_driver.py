"""A window full of phrases that must get nowhere: ``canary_driver.py SCRIPT FILE HOME PHRASES``, phrases as JSON.

They are typed, noted, answered by the engine; the engine dies of it twice, something unforeseen goes wrong,
everything is saved. After each part a line with its name goes to stdout, and at the end it waits to be killed.
"""

import json
import os
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest

from tests.faults.kill import places_in
from tests.faults.stalls_driver import go_on, never
from writer_app import app
from writer_app.ui.bridge import Bridge
from writer_app.ui.shell.window import Window

_PATIENCE = 60.0


class Part:
    """One window that goes through its day."""

    def __init__(self, window: Window, phrases: dict[str, str]) -> None:
        self._window, self._phrases = window, phrases

    def write(self) -> None:
        """Into the manuscript, and as a wish to the model."""
        self._window.activateWindow()
        self.wait(self._window.isActiveWindow)
        page = self._window.session.page
        page.set_caret(self._window.session.document.length)
        QTest.keyClicks(page, f" {self._phrases['document']} ")
        options = self._window.session.choices.options
        self._window.session.choices.set_options(replace(options, note=self._phrases["note"]))

    def ask(self) -> None:
        """The prompt holds the manuscript, the answer a phrase too."""
        document, phrase = self._window.session.document, self._phrases["token"]
        before = document.text.count(phrase)
        key, control = Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier
        QTest.keyClick(self._window.session.page, key, control)
        self.wait(lambda: document.text.count(phrase) > before)

    def fall_silent(self) -> None:
        """Until the engine has died."""
        self.wait(lambda: not self._window.session.state.is_generating)

    def fail(self) -> None:
        """A mistake of ours with her text at hand, in a slot and in a thread."""
        document, phrase = self._window.session.document, self._phrases["document"]
        QTimer.singleShot(0, lambda: document.replace(0, 1 << 30, phrase))
        threading.Thread(target=lambda: document.replace(-1, 0, phrase)).start()
        go_on(never, 0.3)

    def keep(self) -> None:
        """Settings, memory and manuscript go to the disk."""
        self._window.session.set_preference("page", "size", 18.0)
        self._window.session.save()
        self.wait(lambda: not self._window.session.state.is_saving)
        QTest.keyClicks(self._window.session.page, self._phrases["document"])
        go_on(never, 1.0)

    def wait(self, until: Callable[[], bool]) -> None:
        """Until this is so."""
        assert go_on(until, _PATIENCE), "it does not happen"


def main(script: str, file: str, home: str, phrases: str) -> int:
    """Go through the day and wait for the end."""
    app.application()
    program = app.Program(places_in(Path(home)), lambda where: Bridge(where, ("scripted", script)))
    sys.excepthook = program.secure
    threading.excepthook = lambda failed: program.secure(
        failed.exc_type, failed.exc_value or SystemExit(), failed.exc_traceback
    )
    program.begin([file])
    part = Part(program.desk.windows[0], json.loads(phrases))
    part.write()
    part.ask()
    say("streaming")
    part.fall_silent()
    part.ask()
    part.fall_silent()
    part.fail()
    part.keep()
    say("over")
    go_on(never, _PATIENCE)
    return 0


def say(what: str) -> None:
    """Tell whoever started it, with the id of this process."""
    os.write(1, f"{what} {os.getpid()}\n".encode())


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
