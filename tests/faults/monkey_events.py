"""What a monkey does to the windows of a running program, drawn from a seed."""

import random
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QCoreApplication,
    QEvent,
    QMimeData,
    QObject,
    QPoint,
    QPointF,
    Qt,
    QTimer,
    QUrl,
)
from PySide6.QtGui import QDropEvent, QInputMethodEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from writer_app import app
from writer_app.ui.editor.page import Page
from writer_app.ui.shell.window import Window

WORDS = (
    *("she came", "门开了", "😀", "👩‍👩‍👧", "e\u0301", "“No,”", "-- ...", "# ", "\n", "**", "ש"),
    *("\u2028", "x" * 400),
)
KEYS = [
    getattr(Qt.Key, f"Key_{name}")
    for name in (
        *("Backspace", "Delete", "Return", "Enter", "Tab", "Backtab", "Left", "Right", "Up"),
        *("Down", "Home", "End", "PageUp", "PageDown", "Escape", "Space", "Insert", "F1", "F6"),
        *("Menu", "A", "Z", "Y"),
    )
]
MODIFIERS = [
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
]
NEVER = {"file.quit"}
#: Events between two looks at whether page and manuscript are one text.
LOOK = 100
LONGEST = 20_000
MOST_WINDOWS = 3


class Monkey(QObject):
    """Does one random thing for each turn of the event loop."""

    def __init__(self, program: app.Program, seed: int, events: int, folder: Path) -> None:
        super().__init__()
        self.found: dict[str, Any] = {"events": 0, "generations": 0, "wrong": []}
        self._program, self._folder, self._events = program, folder, events
        self._random = random.Random(seed)
        self._deeds: list[tuple[int, Callable[[Window], object]]] = [
            (30, self._type),
            (18, self._press),
            (6, self._press_elsewhere),
            (12, self._command),
            (8, self._continue),
            (6, self._click),
            (5, self._place_caret),
            (4, self._compose),
            (3, self._paste),
            (2, self._drop),
            (2, self._resize),
            (1, self._look),
            (1, self._change_file),
            (1, self._drop_file),
        ]
        self._trail = deque[str](maxlen=LOOK)
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._turn)
        # What waits in a loop of its own (a context menu) is closed from outside of it.
        self._closer = QTimer(self, interval=30)
        self._closer.timeout.connect(_close_popups)

    def begin(self) -> None:
        """Go wild."""
        self._timer.start()
        self._closer.start()

    def _turn(self) -> None:
        if self.found["events"] >= self._events:
            self._timer.stop()
            self.compare()
            QCoreApplication.exit(0)
            return
        self.found["events"] += 1
        windows = self._program.desk.windows
        while len(windows) > MOST_WINDOWS:
            windows[-1].leaving.leave_without()
        window = self._random.choice(windows) if windows else self._program.desk.new_window()
        deeds, weights = [deed for _, deed in self._deeds], [weight for weight, _ in self._deeds]
        (deed,) = self._random.choices(deeds, weights)
        self._trail.append(f"{deed.__name__}@{windows.index(window)}")
        deed(window)
        if self.found["events"] % LOOK == 0:
            self.compare()
            self._calm_down()

    def compare(self) -> None:
        """Each page shows its manuscript, with the caret in it and nothing left over from composing."""
        for window in self._program.desk.windows:
            page, text = window.session.page, window.session.document.text
            shown = page.document().toRawText().replace("\u2029", "\n")
            if not page.mirror.pieces and shown != text:
                self._complain("page and manuscript differ")
            if page.caret > len(text):
                self._complain(f"the caret stands at {page.caret} of {len(text)}")
            if not page.composing and _composed_somewhere(page):
                self._complain("something composed is left over")

    def _complain(self, what: str) -> None:
        self.found["wrong"].append(
            f"after {self.found['events']} events: {what}; last {' '.join(self._trail)}"
        )

    def _calm_down(self) -> None:
        """Texts stay short and the engine usable, whatever was pressed."""
        for window in self._program.desk.windows:
            session = window.session
            if session.document.length > LONGEST and not session.document.read_only:
                session.page.replace_span(0, session.document.length - 1_000, "")
            session.set_preference("model", "path", "")
            session.set_preference("model", "bans", ())

    # -- deeds ----------------------------------------------------------------------------------

    def _type(self, window: Window) -> None:
        page, text = window.session.page, self._random.choice(WORDS)
        for character in text[: self._random.randint(1, len(text))]:
            QCoreApplication.sendEvent(page, _key_of(character))

    def _press(self, window: Window) -> None:
        self._key(window.session.page)

    def _press_elsewhere(self, window: Window) -> None:
        self._key(QApplication.focusWidget() or self._somewhere(window))

    def _key(self, widget: QWidget) -> None:
        key, modifier = self._random.choice(KEYS), self._random.choice(MODIFIERS)
        QTest.keyClick(widget, key, modifier)

    def _command(self, window: Window) -> None:
        names = [name for name in window.actions_made.by_id if name not in NEVER]
        action = window.actions_made.by_id[self._random.choice(names)]
        if action.isEnabled():
            action.trigger()

    def _continue(self, window: Window) -> None:
        self.found["generations"] += not window.session.state.is_generating
        QTest.keyClick(window.session.page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    def _click(self, window: Window) -> None:
        widget = self._somewhere(window)
        spot = QPoint(
            self._random.randint(0, max(0, widget.width() - 1)),
            self._random.randint(0, max(0, widget.height() - 1)),
        )
        buttons = [Qt.MouseButton.LeftButton] * 6 + [Qt.MouseButton.RightButton]
        QTest.mouseClick(widget, self._random.choice(buttons), pos=spot)

    def _place_caret(self, window: Window) -> None:
        page = window.session.page
        page.set_caret(self._random.randint(0, window.session.document.length))
        if self._random.random() < 0.5:
            for _ in range(self._random.randint(1, 4)):
                QTest.keyClick(page, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)

    def _compose(self, window: Window) -> None:
        event = QInputMethodEvent(self._random.choice(("", "ni", "men kai")), [])
        if self._random.random() < 0.5:
            event.setCommitString(self._random.choice(("门", "開", "😀", "")))
        QCoreApplication.sendEvent(window.session.page, event)

    def _paste(self, window: Window) -> None:
        text = "".join(self._random.choices(WORDS, k=self._random.randint(1, 4)))
        QApplication.clipboard().setText(text)
        window.session.page.paste()

    def _drop(self, window: Window) -> None:
        data = QMimeData()
        data.setText(self._random.choice(WORDS))
        self._drop_on(window.session.page.viewport(), data)

    def _drop_file(self, window: Window) -> None:
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(self._random.choice(self._files())))])
        self._drop_on(window, data)

    def _drop_on(self, widget: QWidget, data: QMimeData) -> None:
        spot = QPointF(self._random.randint(0, 300), self._random.randint(0, 300))
        action, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
        event = QDropEvent(spot, action, data, button, Qt.KeyboardModifier.NoModifier)
        QCoreApplication.sendEvent(widget, event)

    def _resize(self, window: Window) -> None:
        window.resize(self._random.randint(300, 1600), self._random.randint(300, 1000))

    def _look(self, window: Window) -> None:
        """Another theme, language or type."""
        field, values = self._random.choice(
            [
                ("theme", ("light", "dark")),
                ("theme", ("light", "dark")),
                ("language", ("en", "zh_CN")),
            ]
        )
        window.session.set_preference("interface", field, self._random.choice(values))

    def _change_file(self, window: Window) -> None:
        """Another program writes, and the window comes to the front."""
        path = self._random.choice(self._files())
        path.write_text(self._random.choice(WORDS) * self._random.randint(0, 3), "utf-8")
        window.session.filing.look_outside()

    # -- inside ---------------------------------------------------------------------------------

    def _files(self) -> list[Path]:
        return [self._folder / f"{number}.md" for number in range(4)]

    def answer_save(self) -> Path | None:
        """What the writer says when asked for a name."""
        return self._random.choice([*self._files(), None])

    def answer_open(self) -> list[Path]:
        """What she opens when asked."""
        return self._random.sample(self._files(), self._random.randint(0, 2))

    def _somewhere(self, window: Window) -> QWidget:
        places = [
            each for each in window.findChildren(QWidget) if each.isVisible() and each.isEnabled()
        ]
        return self._random.choice(places or [window])


def _composed_somewhere(page: Page) -> bool:
    block = page.document().begin()
    while block.isValid() and not block.layout().preeditAreaText():
        block = block.next()
    return block.isValid()


def _key_of(character: str) -> QKeyEvent:
    """What a keyboard with this character sends."""
    key = Qt.Key.Key_Return if character == "\n" else 0
    return QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, character)


def _close_popups() -> None:
    popup = QApplication.activePopupWidget() or QApplication.activeModalWidget()
    if popup is not None:
        popup.close()
