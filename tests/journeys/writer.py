"""A writer at the real program: what she presses, and what she sees."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from writer_app.app import Program
from writer_app.assets import Places
from writer_app.engine import servers
from writer_app.settings import Server, SettingsFile
from writer_app.story.document import Document
from writer_app.ui.bridge import Bridge
from writer_app.ui.editor.page import Page
from writer_app.ui.session.state import Notice, State
from writer_app.ui.shell.window import Window

#: Milliseconds that anything may take; a loaded machine makes an engine ten times slower.
PATIENCE = 60_000

_CONTROL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_ALT = Qt.KeyboardModifier.AltModifier


class Writer:
    """Holds one running program; everything goes through keys, buttons and the window's own widgets."""

    def __init__(self, program: Program, qtbot: QtBot) -> None:
        self.program = program
        self.qtbot = qtbot

    # -- what she sees --------------------------------------------------------------------------

    @property
    def window(self) -> Window:
        """The first window."""
        return self.program.desk.windows[0]

    @property
    def page(self) -> Page:
        """The page in it."""
        return self.window.session.page

    @property
    def document(self) -> Document:
        """The manuscript on it."""
        return self.window.session.document

    @property
    def text(self) -> str:
        """The manuscript's text, after a look that the page shows the same."""
        shown = self.page.document().toRawText().replace("\u2029", "\n")
        assert shown == self.document.text, "page and manuscript differ"
        return shown

    @property
    def state(self) -> State:
        """What buttons and menus go by."""
        return self.window.session.state

    @property
    def notices(self) -> list[Notice]:
        """What stands above the page."""
        return self.window.notices.notices

    @property
    def engine(self) -> Bridge:
        """The bridge to the engine child."""
        assert isinstance(self.program.engine, Bridge)
        return self.program.engine

    def wait(self, happened: Callable[[], bool]) -> None:
        """Let the program go on until this is so."""
        self.qtbot.waitUntil(happened, timeout=PATIENCE)

    def wait_for_stream(self, more: str = "") -> str:
        """Until fresh text (containing ``more``) stands on the page while more is coming; returns the text."""
        self.wait(
            lambda: self.state.is_generating and self.state.is_fresh and more in self.document.text
        )
        return self.text

    def wait_for_answer(self) -> str:
        """Until the answer is complete; returns the text."""
        self.wait(lambda: not self.state.is_generating and self.engine.phase == "idle")
        return self.text

    def wait_for_silence(self) -> None:
        """Until the engine has really ended, and all it could still say has been heard."""
        self.wait(lambda: self.engine.phase == "idle")
        QCoreApplication.processEvents()

    # -- what she does --------------------------------------------------------------------------

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier | None = None) -> None:
        """Press one key on the page."""
        QTest.keyClick(self.page, key, modifiers or Qt.KeyboardModifier.NoModifier)

    def type(self, text: str) -> None:
        """Type on the page."""
        QTest.keyClicks(self.page, text)

    def ask(self) -> None:
        """Ctrl+Return."""
        self.key(Qt.Key.Key_Return, _CONTROL)

    def undo(self) -> None:
        """Ctrl+Z."""
        self.key(Qt.Key.Key_Z, _CONTROL)

    def redo(self) -> None:
        """Ctrl+Shift+Z."""
        self.key(Qt.Key.Key_Z, _CONTROL | _SHIFT)

    def escape(self) -> None:
        """Esc."""
        self.key(Qt.Key.Key_Escape)

    def retry(self) -> None:
        """Ctrl+R."""
        self.key(Qt.Key.Key_R, _CONTROL)

    def show_previous(self) -> None:
        """Alt+Left."""
        self.key(Qt.Key.Key_Left, _ALT)

    def show_next(self) -> None:
        """Alt+Right."""
        self.key(Qt.Key.Key_Right, _ALT)

    def save(self) -> None:
        """Ctrl+S, and wait until it is saved."""
        with self.qtbot.waitSignal(self.window.session.filing.saved, timeout=PATIENCE):
            self.key(Qt.Key.Key_S, _CONTROL)

    def press_button(self, label: str) -> None:
        """Click the button of the notice that says ``label``."""

        def visible() -> list[QPushButton]:
            buttons = self.window.notices.findChildren(QPushButton)
            return [each for each in buttons if each.isVisible() and each.text() == label]

        self.wait(lambda: len(visible()) == 1)
        QTest.mouseClick(visible()[0], Qt.MouseButton.LeftButton)

    def leave(self) -> None:
        """Close every window, letting go what is not saved, and end the program."""
        try:
            while self.program.desk.windows:
                window = self.window
                window.close()
                if window in self.program.desk.windows:
                    self.press_button("Close without saving")
                assert window not in self.program.desk.windows, "a window stayed open"
        finally:
            self.program.end()
            self.program.deleteLater()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def play(folder: Path, answers: Sequence[Sequence[dict[str, Any]]], **more: Any) -> Path:
    """Write a script for :mod:`writer_app.engine.scripted`; returns its path."""
    path = folder / "script.json"
    path.write_text(json.dumps({"answers": answers} | more), "utf-8")
    return path


def says(*tokens: str) -> list[dict[str, Any]]:
    """An answer that comes at once."""
    return [{"text": token} for token in tokens]


def goes_on(*tokens: str, pause: float = 0.02) -> list[dict[str, Any]]:
    """An answer that comes slowly and does not end by itself: the tokens, then one after the other."""
    steps = says(*tokens)
    for number in range(1_000):
        steps += [{"wait": pause}, {"text": f" w{number}"}]
    return steps


def furnish(places: Places, more: str = "") -> None:
    """Settings of a program that speaks English in the light, whatever the machine prefers."""
    places.config.mkdir(parents=True, exist_ok=True)
    settings = '[interface]\nlanguage = "en"\ntheme = "light"\n' + more
    (places.config / "settings.toml").write_text(settings, "utf-8")


def connect(places: Places, address: str) -> None:
    """Let the server at ``address`` write."""
    if not (places.config / "settings.toml").exists():
        furnish(places)
    file = SettingsFile(places.config)
    server = Server(name="Scripted", address=address)
    file.set("model", "servers", (server,))
    file.set("model", "path", servers.model_of(server))
    file.save()


def start(places: Places, qtbot: QtBot, script: Path | None, *paths: Path) -> Writer:
    """The program with the engine that plays ``script``; the real one without."""
    if not (places.config / "settings.toml").exists():
        furnish(places)
    backend = ("scripted", str(script)) if script else ("llama",)
    program = Program(places, lambda where: Bridge(where, backend))
    program.begin([str(path) for path in paths])
    writer = Writer(program, qtbot)
    writer.wait(lambda: not program.desk.opening)
    qtbot.waitExposed(writer.window)
    writer.window.activateWindow()
    writer.wait(writer.window.isActiveWindow)
    return writer
