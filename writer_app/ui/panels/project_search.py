"""Searching the whole project: places under the texts they stand in, each with what is around it."""

from dataclasses import dataclass
from enum import IntEnum

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPalette,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from writer_app.errors import N_
from writer_app.language import _, ngettext, number
from writer_app.story.search import Hit, Query
from writer_app.ui.editor.plain import tip
from writer_app.ui.panels.project_model import Shown, shown_of
from writer_app.ui.panels.widgets import label
from writer_app.ui.session.searching import Found
from writer_app.ui.session.session import Session

#: Lines of an excerpt, pixels around it, and characters that are shown before what was found.
_LINES, _PAD, _BEFORE = 2, 4, 16
Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class PlaceRole(IntEnum):
    """What the delegate asks for."""

    HIT = Qt.ItemDataRole.UserRole  # a Hit; None over the places of a text
    COUNT = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True)
class _Row:
    title: str
    count: int = 0
    hit: Hit | None = None


class PlacesModel(QAbstractListModel):
    """Texts in which something was found, each before its places."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: list[_Row] = []

    def show(self, found: Found, shown: Shown) -> None:
        """Show what was found."""
        self.beginResetModel()
        self.rows = []
        places: dict[tuple[str, str], list[Hit]] = {}
        for hit in found.hits:
            places.setdefault((hit.item, hit.file), []).append(hit)
        for (name, file), hits in places.items():
            item = shown.tree.get(name)
            if item is None:
                continue
            title = shown.title(item)
            if file != item.file:
                title = _("Notes: {title}").format(title=title)
            self.rows.append(_Row(title, len(hits)))
            self.rows += [_Row(title, hit=hit) for hit in hits]
        self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Part of Qt's interface."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Part of Qt's interface."""
        row = self.rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return row.hit.excerpt if row.hit else row.title
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{row.title}: {row.hit.excerpt}" if row.hit else row.title
            case Qt.ItemDataRole.ToolTipRole:
                return tip(row.hit.excerpt if row.hit else row.title)
            case PlaceRole.HIT:
                return row.hit
            case PlaceRole.COUNT:
                return row.count
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """One goes to places; the titles over them are for reading."""
        flags = Qt.ItemFlag.ItemIsEnabled
        if index.isValid() and self.rows[index.row()].hit:
            flags |= Qt.ItemFlag.ItemIsSelectable
        return flags


class ProjectSearch(QWidget):
    """A line to type in, and what is found as she types."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.line = QLineEdit()
        self.line.setPlaceholderText(_("Find in all texts"))
        self.line.setAccessibleName(_("Find in all texts"))
        self.line.setClearButtonEnabled(True)
        self.word = QCheckBox(_("Whole words"))
        self.case = QCheckBox(_("Match case"))
        self.told = label(_(_TEACHING), "hint")
        self.places = PlacesModel(self)
        self.list = QListView()
        self.list.setModel(self.places)
        self.list.setAccessibleName(_("What was found"))
        self.list.setProperty("role", "board")
        self.list.setItemDelegate(_PlacePainting(session, self.list))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self._lay_out()
        self.line.textChanged.connect(self._search)
        self.line.returnPressed.connect(self._to_first)
        self.word.toggled.connect(self._search)
        self.case.toggled.connect(self._search)
        self.list.clicked.connect(self._go)
        session.book.searching.found.connect(self._show)

    def open(self) -> None:
        """Let her type; a short selection becomes what is looked for."""
        start, end = self._session.page.selection
        chosen = self._session.document.text[start:end]
        if 0 < len(chosen) <= _MOST_SELECTED and "\n" not in chosen:
            self.line.setText(chosen)
        self.line.setFocus()
        self.line.selectAll()
        self._session.book.searching.again()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Down goes from the line into the list, Return from the list to the text."""
        if event.key() == Qt.Key.Key_Down and self.line.hasFocus():
            self._enter_list()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.list.hasFocus():
            self._go(self.list.currentIndex())
        else:
            super().keyPressEvent(event)

    # -- inside ---------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self.word)
        row.addWidget(self.case)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.line)
        layout.addLayout(row)
        layout.addWidget(self.told)
        layout.addWidget(self.list, 1)

    def _search(self) -> None:
        query = Query(
            self.line.text(), whole_word=self.word.isChecked(), case=self.case.isChecked()
        )
        self._session.book.searching.look_for(query)

    def _show(self, found: Found) -> None:
        self.places.show(found, shown_of(self._session.book.binder.project))
        self.told.setText(_told(found))

    def _to_first(self) -> None:
        if self._enter_list():
            self._go(self.list.currentIndex())

    def _enter_list(self) -> bool:
        first = next((at for at, row in enumerate(self.places.rows) if row.hit), -1)
        if first >= 0:
            self.list.setCurrentIndex(self.places.index(first))
            self.list.setFocus()
        return first >= 0

    def _go(self, index: QModelIndex) -> None:
        hit = index.data(PlaceRole.HIT) if index.isValid() else None
        if isinstance(hit, Hit):
            self._session.book.searching.go(hit)


#: A selection longer than this is no search word.
_MOST_SELECTED = 200
_TEACHING = N_("Searches scenes, chapters and notes, also what is not saved yet.")


def _told(found: Found) -> str:
    """How much was found."""
    if not found.query.text:
        return _(_TEACHING)
    count = len(found.hits)
    told = ngettext("{count} place", "{count} places", count).format(count=number(count))
    if not count:
        told = _("Nothing found.")
    elif found.is_cut:
        told = _("The first {count} places.").format(count=number(count))
    if found.unread:
        texts = ngettext(
            "{count} text could not be read.", "{count} texts could not be read.", found.unread
        )
        told += " " + texts.format(count=number(found.unread))
    return told


class _PlacePainting(QStyledItemDelegate):
    """Draws a title, or an excerpt with what was found in it marked."""

    def __init__(self, session: Session, view: QListView) -> None:
        super().__init__(view)
        self._session, self._view = session, view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """As wide as the list."""
        lines = _LINES if index.data(PlaceRole.HIT) else 1
        height = _line_height(self._view.font()) * lines + 2 * _PAD
        return QSize(self._view.viewport().width(), height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Part of Qt's interface."""
        hit = index.data(PlaceRole.HIT)
        style = option.widget.style()
        style.drawPrimitive(
            QStyle.PrimitiveElement.PE_PanelItemViewItem, option, painter, option.widget
        )
        painter.save()
        inner = option.rect.adjusted(_PAD + 2, _PAD, -_PAD, -_PAD)
        if isinstance(hit, Hit):
            painter.setPen(option.palette.color(QPalette.ColorRole.Text))
            self._paint_excerpt(painter, option.font, inner.adjusted(8, 0, 0, 0), hit)
        else:
            self._paint_title(painter, option, inner, index)
        painter.restore()

    def _paint_title(
        self, painter: QPainter, option: QStyleOptionViewItem, inner: QRect, index: Index
    ) -> None:
        count = number(int(index.data(PlaceRole.COUNT)))
        painter.setPen(option.palette.color(QPalette.ColorRole.PlaceholderText))
        font = QFont(option.font)
        width = QFontMetrics(font).horizontalAdvance(count)
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, count)
        font.setBold(True)
        painter.setFont(font)
        title = QFontMetrics(font).elidedText(
            str(index.data()), Qt.TextElideMode.ElideRight, inner.width() - width - 8
        )
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, title)

    def _paint_excerpt(self, painter: QPainter, font: QFont, inner: QRect, hit: Hit) -> None:
        first = max(0, hit.at - _BEFORE)
        text = ("…" if first else "") + hit.excerpt[first:]
        at = hit.at - first + bool(first)
        found = text[at : at + hit.end - hit.start]
        layout = QTextLayout(text, font)
        layout.setTextOption(QTextOption(Qt.AlignmentFlag.AlignLeft))
        marked = QTextLayout.FormatRange()
        marked.start, marked.length = _units(text[:at]), _units(found)
        form = QTextCharFormat()
        form.setBackground(QColor(self._session.colours.found))
        marked.format = form
        layout.setFormats([marked])
        layout.beginLayout()
        height = _line_height(font)
        for number_of_line in range(_LINES):
            line = layout.createLine()
            if not line.isValid():
                break
            line.setLineWidth(inner.width())
            line.setPosition(QPointF(0, number_of_line * height))
        layout.endLayout()
        painter.setClipRect(inner)
        layout.draw(painter, QPointF(inner.topLeft()))


def _units(text: str) -> int:
    """How long Qt takes a text to be."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _line_height(font: QFont) -> int:
    """Of Latin and Chinese letters."""
    metrics = QFontMetrics(font)
    return max(metrics.lineSpacing(), metrics.boundingRect("字g").height() + 1)
