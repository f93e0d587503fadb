"""The line “What happens next”, with the history of what was asked for."""

from collections.abc import Callable

from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QCompleter, QLineEdit, QWidget

from writer_app.language import _


class NoteLine(QLineEdit):
    """Typing finds earlier notes that hold the words; the down arrow shows them all, the latest first.

    Args:
        history: The notes so far, asked for each time.
    """

    def __init__(
        self, text: str, history: Callable[[], list[str]], parent: QWidget | None = None
    ) -> None:
        super().__init__(text, parent)
        self._history = history
        self._notes = QStringListModel(history(), self)
        self.setAccessibleName(_("What happens next"))
        self.setAccessibleDescription(_("The down arrow shows earlier ones."))
        self.setPlaceholderText(_("She opens the letter after all"))
        self.setToolTip(_("The down arrow shows earlier ones."))
        self.setClearButtonEnabled(True)
        found = QCompleter(self._notes, self)
        found.setFilterMode(Qt.MatchFlag.MatchContains)
        found.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setCompleter(found)

    @property
    def is_listing(self) -> bool:
        """Whether the history is shown."""
        found = self.completer()
        popup = found.popup() if found else None
        return popup is not None and popup.isVisible()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """What was asked for since is in the history too."""
        super().focusInEvent(event)
        self._renew()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The down arrow shows the whole history."""
        if event.key() == Qt.Key.Key_Down:
            self._renew()
            self.completer().setCompletionPrefix("")
            self.completer().complete()
        else:
            super().keyPressEvent(event)

    def _renew(self) -> None:
        if self._notes.stringList() != self._history():
            self._notes.setStringList(self._history())
