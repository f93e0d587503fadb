"""The parts of what a model reads as a list: each with its share as a bar, and what was left out below."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPalette
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from writer_app.craft.account import Account, Portion
from writer_app.craft.surroundings import Kind
from writer_app.errors import N_
from writer_app.language import _, number
from writer_app.ui.editor.plain import tip

_PORTION, _SHARE, _READ = (Qt.ItemDataRole.UserRole + each for each in range(3))
#: Height of a bar, and the space around a line, in pixels.
_BAR, _ROOM = 3, 5
#: Lines shown before the list scrolls.
_MOST_LINES = 40
_TITLES = {
    Kind.MEMORY: N_("Memory"),
    Kind.PREFERENCES: N_("Style wishes"),
    Kind.SAMPLE: N_("Sample page"),
    Kind.ENTRY: "{title}",
    Kind.FACT: N_("{title}: a fact"),
    Kind.VOICE: N_("{title}: voice"),
    Kind.OUTLINE: N_("This scene"),
    Kind.NEIGHBOUR: N_("Neighbouring scene"),
    Kind.SUMMARY: N_("Earlier: {title}"),
    Kind.PINNED: N_("Note: {title}"),
    Kind.AUTHOR_NOTE: N_("Author’s note"),
    Kind.WISH: N_("What happens next"),
    Kind.TEXT: N_("Text"),
}


def title_of(portion: Portion) -> str:
    """What a part is called."""
    name = _TITLES[portion.kind]
    if portion.kind is Kind.OUTLINE and portion.title:
        name = "{title}"
    name = name if name == "{title}" else _(name)
    return name.format(title=portion.title or portion.id)


class PartsList(QListWidget):
    """Parts from the first that is read to the last, then what is not read.

    Signals:
        picked: The :class:`Portion` that is looked at, or ``None``.
    """

    picked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("What the model reads, part by part"))
        self.setItemDelegate(_Lines(self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.currentItemChanged.connect(self._pick)

    @property
    def current(self) -> Portion | None:
        """The part that is looked at."""
        item = self.currentItem()
        found = item.data(_PORTION) if item else None
        return found if isinstance(found, Portion) else None

    def show_account(self, account: Account) -> None:
        """Show what is read now; the part that is looked at stays."""
        looked_at = self.current
        self.blockSignals(True)
        self.clear()
        for part in account.parts:
            self._add(part, account.tokens)
        if account.left_out:
            self._add_title(_("Not told"))
        for part in account.left_out:
            self._add(part, 0)
        rows = range(self.count())
        same = (row for row in rows if looked_at and self._is(row, looked_at))
        self.setCurrentRow(next(same, 0))
        self.blockSignals(False)
        self.updateGeometry()
        self._pick()

    def sizeHint(self) -> QSize:
        """As high as its lines, up to some number of them."""
        lines = min(self.count(), _MOST_LINES)
        height = sum(self.sizeHintForRow(row) for row in range(lines))
        return QSize(super().sizeHint().width(), height + 2 * self.frameWidth() + 4)

    def minimumSizeHint(self) -> QSize:
        """No lower: the panel scrolls."""
        return QSize(1, self.sizeHint().height())

    def _is(self, row: int, portion: Portion) -> bool:
        found = self.item(row).data(_PORTION)
        return isinstance(found, Portion) and found.id == portion.id and bool(found.text)

    def _add(self, part: Portion, of: int) -> None:
        item = QListWidgetItem(title_of(part))
        item.setData(_PORTION, part)
        item.setData(_SHARE, part.tokens / of if of else 0.0)
        item.setData(_READ, part.read / part.tokens if of and part.tokens else 0.0)
        item.setToolTip(tip(part.why))
        item.setData(Qt.ItemDataRole.AccessibleTextRole, _said(part, is_told=of > 0))
        self.addItem(item)

    def _add_title(self, title: str) -> None:
        item = QListWidgetItem(title)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        self.addItem(item)

    def _pick(self) -> None:
        self.picked.emit(self.current)


def _said(part: Portion, *, is_told: bool) -> str:
    tokens = _("{count} tokens").format(count=number(part.tokens))
    told = [title_of(part), tokens, part.why]
    if not is_told:
        told.append(_("not told"))
    elif part.tokens and part.read == part.tokens:
        told.append(_("read already"))
    return ", ".join(told)


class _Lines(QStyledItemDelegate):
    """A title, the number of tokens, and a bar under both: solid is still to be read, pale is read already."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """One line."""
        part = index.data(_PORTION)
        styled = QStyleOptionViewItem(option)
        self.initStyleOption(styled, index)
        styled.text = ""
        widget = styled.widget
        widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, styled, painter, widget)
        palette, inside = styled.palette, styled.rect.adjusted(8, _ROOM, -8, -_ROOM)
        lines = inside.adjusted(0, 0, 0, -_BAR - 2)
        share = index.data(_SHARE) or 0.0
        role = QPalette.ColorRole.Text if share else QPalette.ColorRole.PlaceholderText
        painter.save()
        painter.setPen(palette.color(role))
        tokens = number(part.tokens) if isinstance(part, Portion) else ""
        width = styled.fontMetrics.horizontalAdvance(tokens)
        title = styled.fontMetrics.elidedText(
            index.data(), Qt.TextElideMode.ElideRight, lines.width() - width - 8
        )
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(lines, left, title)
        painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(lines, right, tokens)
        if share:
            _draw_bar(painter, inside, share, index.data(_READ), palette)
        painter.restore()

    def sizeHint(
        self, option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """All lines alike."""
        return QSize(1, option.fontMetrics.height() + _BAR + 2 + 2 * _ROOM)


def _draw_bar(
    painter: QPainter, inside: QRect, share: float, read: float, palette: QPalette
) -> None:
    width = max(2, round(inside.width() * share))
    bar = QRect(inside.left(), inside.bottom() - _BAR + 1, width, _BAR)
    accent = palette.color(QPalette.ColorRole.Accent)
    pale = QColor(accent)
    pale.setAlphaF(0.35)
    painter.fillRect(bar, pale)
    rest = round(width * (1 - read))
    if rest:
        painter.fillRect(bar.adjusted(width - rest, 0, 0, 0), accent)
