"""Ask here (Ctrl+K): an instruction at the caret or about what is highlighted, without leaving the text."""

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from writer_app.language import _
from writer_app.ui.panels.note import NoteLine
from writer_app.ui.session.session import Session

_WIDTH = 420
_GAP = 6


class AskLine(QFrame):
    """A line under the caret. Return asks, Esc goes back to the text."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self._window = parent
        self.setProperty("role", "palette")
        self.setAutoFillBackground(True)
        memory = session.services.memory
        self.line = NoteLine("", lambda: memory.values.instructions)
        self.line.setAccessibleName(_("Ask here"))
        self.line.returnPressed.connect(self._ask)
        self.line.installEventFilter(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.addWidget(self.line)
        self.hide()

    def open(self) -> None:
        """Show it under the caret, over what is there."""
        page, window = self._session.page, self._window
        selected = page.textCursor().hasSelection()
        self.line.setPlaceholderText(
            _("What should become of what is highlighted?")
            if selected
            else _("What should be written here?")
        )
        self.line.clear()
        caret = page.cursorRect()
        width = min(_WIDTH, window.width() - 24)
        self.resize(width, self.sizeHint().height())
        spot = page.viewport().mapTo(window, QPoint(caret.left(), caret.bottom() + _GAP))
        if spot.y() + self.height() > window.height() - 40:
            spot.setY(page.viewport().mapTo(window, caret.topLeft()).y() - self.height() - _GAP)
        spot.setX(max(12, min(spot.x(), window.width() - width - 12)))
        self.move(spot)
        self.show()
        self.raise_()
        self.line.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Esc and a click elsewhere close it."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Escape:
                self._close()
                return True
        elif event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            event.accept()
        elif event.type() == QEvent.Type.FocusOut and not self.line.is_listing:
            self.hide()
        return super().eventFilter(watched, event)

    def _close(self) -> None:
        self.hide()
        self._session.page.setFocus()

    def _ask(self) -> None:
        words = self.line.text().strip()
        self._close()
        if words:
            self._session.ask_here(words)
