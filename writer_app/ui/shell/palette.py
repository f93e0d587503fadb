"""The command palette: type a few letters of what you want, press Return."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QAction, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from writer_app.language import _

_MOST_ROWS = 14
#: Where a row keeps its keys, and how far from the edge they stand.
_KEYS = Qt.ItemDataRole.UserRole + 1
_EDGE = 12
_PASSED_ON = (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp)


def rank(wanted: str, title: str) -> int | None:
    """How well ``title`` fits, small is better; ``None`` when not all words of ``wanted`` occur."""
    title = title.casefold()
    words = wanted.casefold().split()
    if not all(word in title for word in words):
        return None
    return sum(title.index(word) for word in words)


class _KeysAtTheEdge(QStyledItemDelegate):
    """Writes the keys of a command at the right edge of its row, fainter than its name."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        super().paint(painter, option, index)
        painter.save()
        painter.setPen(option.palette.placeholderText().color())
        place = option.rect.adjusted(0, 0, -_EDGE, 0)
        side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(place, side, index.data(_KEYS) or "")
        painter.restore()


class Palette(QFrame):
    """A list of actions over the page, with a line to choose from them."""

    def __init__(self, actions: Iterable[QAction], parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self._actions = list(actions)
        self._focus: QWidget | None = None
        self.setProperty("role", "palette")
        self.setAutoFillBackground(True)
        self.line = QLineEdit()
        self.line.setPlaceholderText(_("What would you like to do?"))
        self.line.setAccessibleName(_("Find a command"))
        self.line.textChanged.connect(self._filter)
        self.line.returnPressed.connect(self._choose)
        self.line.installEventFilter(self)
        self.list = QListWidget()
        self.list.setAccessibleName(_("Commands"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setItemDelegate(_KeysAtTheEdge(self.list))
        self.list.itemClicked.connect(lambda _item: self._choose())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.addWidget(self.line)
        layout.addWidget(self.list)
        self.hide()

    def open(self) -> None:
        """Show it in the upper middle of the window, empty."""
        parent = self._window
        width = min(520, parent.width() - 40)
        self.setGeometry((parent.width() - width) // 2, 60, width, self.sizeHint().height())
        self._focus = parent.focusWidget()
        self.line.clear()
        self._filter("")
        self.show()
        self.raise_()
        self.line.setFocus()

    def leave(self) -> None:
        """Hide it; the focus goes back to where it was."""
        self.hide()
        if self._focus is not None:
            self._focus.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrow keys move in the list while letters go into the line; Esc or another focus closes it."""
        if event.type() == QEvent.Type.FocusOut:
            self.hide()
        elif event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Escape:
                event.accept()  # it closes the list; the text that arrives goes on arriving
                return True
        elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in _PASSED_ON:
                self.list.event(event)
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.leave()
                return True
        return super().eventFilter(watched, event)

    def _filter(self, wanted: str) -> None:
        self.list.clear()
        ranked = [
            (found, index, action)
            for index, action in enumerate(self._actions)
            if action.isEnabled() and (found := rank(wanted, title_of(action))) is not None
        ]
        for _rank, _index, action in sorted(ranked, key=lambda each: each[:2]):
            keys = action.shortcut().toString(action.shortcut().SequenceFormat.NativeText)
            item = QListWidgetItem(title_of(action))
            item.setData(Qt.ItemDataRole.UserRole, action)
            item.setData(_KEYS, keys)
            # Read aloud with its key, which a glance finds at the right edge.
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{title_of(action)} {keys}".strip())
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        rows = min(max(1, self.list.count()), _MOST_ROWS)
        row = max(self.list.sizeHintForRow(0), self.fontMetrics().height())
        self.list.setFixedHeight(rows * row + 4)
        self.resize(self.width(), self.sizeHint().height())

    def _choose(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            action = item.data(Qt.ItemDataRole.UserRole)
            self.leave()
            action.trigger()


def title_of(action: QAction) -> str:
    """The action's text without the mark of its access key."""
    return action.text().replace("&", "")
