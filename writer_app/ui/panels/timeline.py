"""The timeline: a column for each scene, a row for each who is in the story, filled where both meet."""

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from writer_app.language import _, number
from writer_app.story.timeline import Turn
from writer_app.ui.panels.timeline_model import TURNS, CellRole, Lines, TimelineModel
from writer_app.ui.session.binder import Binder

Index = QModelIndex | QPersistentModelIndex
#: Pixels: a column with words in it, the narrowest one, and around words.
_WIDE, _NARROW, _PAD = 124, 6, 6
#: From this width on a column has its number, and so far apart numbers stand in narrower ones.
_NUMBERED, _APART = 30, 40
_NAMES = 140
#: How strongly a cell is filled, by how often somebody is named there.
_STRENGTHS = ((1, 0.35), (3, 0.6), (8, 1.0))


class TimelineView(QTableView):
    """Shows scenes and who is in them; typing in the first row says when a scene happens.

    Signals:
        opened: The ids of a scene to go to, and of the entry in whose row she was; the latter may be empty.
        put: The ids of a scene and of the one that it is to happen right after (empty: before all).
        moved: She is at another place.
    """

    opened = Signal(str, str)
    put = Signal(str, str)
    moved = Signal()

    def __init__(self, binder: Binder, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._binder = binder
        self.is_whole = False
        self.cells = TimelineModel(self._say_when, self)
        self.setModel(self.cells)
        self.setItemDelegate(_Cells(self))
        self.heads = _Heads(self)
        self.setHorizontalHeader(self.heads)
        self.setVerticalHeader(_Names(self))
        self.setProperty("role", "timeline")
        self.setAccessibleName(_("Timeline"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setCornerButtonEnabled(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.DoubleClicked
        )
        self.setTabKeyNavigation(False)
        self.heads.sectionMoved.connect(self._on_moved)
        self.heads.sectionDoubleClicked.connect(lambda column: self._open(column, 0))
        self.heads.sectionClicked.connect(self._on_head)
        self.doubleClicked.connect(self._on_double_click)

    @property
    def scene(self) -> str:
        """The id of the scene that she is at; empty for none."""
        item = self.cells.item(self.currentIndex().column())
        return item.id if item else ""

    @property
    def on_page(self) -> tuple[str, ...]:
        """The items whose texts are on the page."""
        return (self._binder.current, *self._binder.together)

    def show_lines(self, lines: Lines) -> None:
        """Show something else, at the same scene and the same row."""
        scene, row = self.scene, max(0, self.currentIndex().row())
        self.cells.show(lines)
        self.heads.setSectionsMovable(lines.by_story and not self.is_whole)
        self._measure()
        if scene and self.scene != scene:
            self.mark(scene, min(row, self.cells.rowCount() - 1))
        self.viewport().update()
        self.heads.viewport().update()
        self.verticalHeader().viewport().update()
        self.moved.emit()

    def mark(self, scene: str, row: int = 0) -> None:
        """Be at a scene, and bring it into view."""
        column = self.cells.column_of(scene)
        if column >= 0:
            index = self.cells.index(row, column)
            self.setCurrentIndex(index)
            self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)

    def show_whole(self, whole: bool) -> None:
        """Make columns so narrow that as many as possible are in view, or wide enough for words."""
        self.is_whole = whole
        self.heads.setSectionsMovable(self.cells.lines.by_story and not whole)
        self._measure()
        if self.currentIndex().isValid():
            self.scrollTo(self.currentIndex(), QAbstractItemView.ScrollHint.PositionAtCenter)

    # -- events ---------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return goes to the text, Alt and an arrow moves the scene in time, Ctrl+Z takes the last change back."""
        project, index = self._binder.project, self.currentIndex()
        if event.matches(QKeySequence.StandardKey.Undo) and project:
            project.undo()
        elif event.matches(QKeySequence.StandardKey.Redo) and project:
            project.redo()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(index.column(), max(1, index.row()))
        elif event.key() == Qt.Key.Key_Delete and index.row() == 0:
            self.cells.setData(index, "")
        elif event.modifiers() == Qt.KeyboardModifier.AltModifier and event.key() in _STEPS:
            self._shift(_STEPS[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Part of Qt's interface."""
        super().currentChanged(current, previous)
        if current.column() != previous.column():
            self.viewport().update()
            self.heads.viewport().update()
        self.moved.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The whole book is as wide as the view."""
        super().resizeEvent(event)
        if self.is_whole:
            self._measure()

    # -- inside ---------------------------------------------------------------------------------

    def _measure(self) -> None:
        line = self.fontMetrics().lineSpacing()
        rows, columns = self.verticalHeader(), max(1, self.cells.columnCount())
        rows.setDefaultSectionSize(round(line * 1.9))
        if self.cells.rowCount():
            rows.resizeSection(0, round(line * (1.6 if self.is_whole else 3)))
        width = max(_NARROW, self.viewport().width() // columns) if self.is_whole else _WIDE
        self.heads.setDefaultSectionSize(min(width, _WIDE))

    def _say_when(self, scene: str, words: str) -> None:
        # What she says last holds, so words take a scene away from where it was put by hand.
        self._binder.change(scene, when=words, after="")

    def _open(self, column: int, row: int) -> None:
        item = self.cells.item(column)
        if item:
            entry = self.cells.headerData(row, Qt.Orientation.Vertical, CellRole.ENTRY)
            self.opened.emit(item.id, str(entry or ""))

    def _on_double_click(self, index: QModelIndex) -> None:
        if index.row() > 0:  # on a time it is to write it
            self._open(index.column(), index.row())

    def _on_head(self, column: int) -> None:
        self.setCurrentIndex(self.cells.index(max(0, self.currentIndex().row()), column))
        self.setFocus()

    def _on_moved(self, column: int, old: int, new: int) -> None:
        """A scene was dragged: the column goes back, and the story is asked to move it."""
        self.heads.blockSignals(True)
        self.heads.moveSection(new, old)
        self.heads.blockSignals(False)
        self._put(column, new)

    def _shift(self, by: int) -> None:
        column = self.currentIndex().column()
        if self.cells.lines.by_story and 0 <= column + by < len(self.cells.columns) and column >= 0:
            self._put(column, column + by)

    def _put(self, column: int, to: int) -> None:
        """Ask for the scene of a column to stand where another one stands."""
        line = list(self.cells.columns)
        scene = line.pop(column)
        self.put.emit(scene, line[to - 1] if to else "")


_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class _Heads(QHeaderView):
    """The scenes: number as they are read, title, and whether they are told out of their time."""

    def __init__(self, view: TimelineView) -> None:
        super().__init__(Qt.Orientation.Horizontal, view)
        self._view = view
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setMinimumSectionSize(_NARROW)
        self.setDefaultSectionSize(_WIDE)

    def sizeHint(self) -> QSize:
        """A line for the number and two for the title."""
        lines = 1 if self._view.is_whole else 3
        return QSize(_WIDE, self.fontMetrics().lineSpacing() * lines + 2 * _PAD)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Over narrow columns the number of every so many scenes, which is wider than one."""
        super().paintEvent(event)
        width, model = self.defaultSectionSize(), self._view.cells
        if width >= _WIDE or not model.columns:
            return
        every = 1 if width >= _NUMBERED else -(-_APART // width // 5) * 5
        painter = QPainter(self.viewport())
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        first = max(0, self.logicalIndexAt(0)) // every * every
        for column in range(first, len(model.columns), every):
            left = self.sectionViewportPosition(column)
            if left > self.viewport().width():
                break
            place = QRect(left + 2, 0, _APART, self.height())
            middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
            painter.drawText(place, middle, number(model.number(column)))

    def paintSection(self, painter: QPainter, rect: QRect, column: int) -> None:
        """Part of Qt's interface."""
        model, across = self._view.cells, Qt.Orientation.Horizontal
        turn = model.headerData(column, across, CellRole.TURN)
        painter.save()
        _paint_column(painter, rect, self._view, column, turn)
        painter.setPen(self.palette().color(QPalette.ColorRole.Mid))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        palette, width = self.palette(), rect.width()
        inner = rect.adjusted(_PAD, _PAD, -_PAD, -_PAD)
        painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        if width < _WIDE:
            painter.restore()
            return
        line = QRect(inner)
        line.setHeight(self.fontMetrics().lineSpacing())
        painter.drawText(line, middle, number(model.number(column)))
        if isinstance(turn, Turn):
            painter.setPen(palette.color(QPalette.ColorRole.Accent))
            told = f"← {_(TURNS[turn])}" if turn is Turn.BACK else f"{_(TURNS[turn])} →"
            right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(line, right, told)
        font = QFont(self.font())
        font.setBold(True)
        painter.setFont(font)
        is_open = model.columns[column] in self._view.on_page
        role = QPalette.ColorRole.Accent if is_open else QPalette.ColorRole.Text
        painter.setPen(palette.color(role))
        title = str(model.headerData(column, across) or "")
        _draw_lines(painter, QRect(inner.left(), line.bottom() + 1, inner.width(), 0), title, 2)
        painter.restore()


class _Names(QHeaderView):
    """Who has a row."""

    def __init__(self, view: TimelineView) -> None:
        super().__init__(Qt.Orientation.Vertical, view)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def sizeHint(self) -> QSize:
        """Wide enough for a name."""
        return QSize(_NAMES, 100)

    def paintSection(self, painter: QPainter, rect: QRect, row: int) -> None:
        """Part of Qt's interface."""
        palette = self.palette()
        painter.save()
        painter.fillRect(rect, palette.color(QPalette.ColorRole.Window))
        role = QPalette.ColorRole.Text if row else QPalette.ColorRole.PlaceholderText
        painter.setPen(palette.color(role))
        inner = rect.adjusted(_PAD + 2, 0, -_PAD, 0)
        name = str(self.model().headerData(row, Qt.Orientation.Vertical) or "")
        short = self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, short)
        painter.setPen(palette.color(QPalette.ColorRole.Mid))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.restore()


class _Cells(QStyledItemDelegate):
    """Draws times, and who is where; only what is in view."""

    def __init__(self, view: TimelineView) -> None:
        super().__init__(view)
        self._view = view

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Part of Qt's interface."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect, palette = option.rect, option.palette
        _paint_column(painter, rect, self._view, index.column(), index.data(CellRole.TURN))
        painter.setPen(palette.color(QPalette.ColorRole.Mid))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        if index.row() == 0:
            self._paint_when(painter, option, index)
        else:
            self._paint_cell(painter, option, index)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(palette.color(QPalette.ColorRole.Accent), 2))
            painter.drawRoundedRect(QRectF(rect).adjusted(1, 1, -2, -2), 4, 4)
        painter.restore()

    def createEditor(
        self, parent: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> QLineEdit:
        """Of the words about its time."""
        made = QLineEdit(parent)
        made.setAccessibleName(_("When"))
        made.setPlaceholderText(_("3 May, evening"))
        return made

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        """Wide enough to write in."""
        rect = QRect(option.rect)
        height = editor.sizeHint().height()
        rect.setTop(rect.center().y() - height // 2)
        rect.setSize(QSize(max(rect.width(), 180), height))
        rect.moveRight(min(rect.right(), self._view.viewport().width()))
        editor.setGeometry(rect)

    # -- drawing --------------------------------------------------------------------------------

    def _paint_when(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        words, palette = str(index.data() or ""), option.palette
        if not words:
            return
        is_unread = bool(index.data(CellRole.IS_UNREAD))
        role = QPalette.ColorRole.PlaceholderText if is_unread else QPalette.ColorRole.Text
        if option.rect.width() < _WIDE:
            dot = QRectF(0, 0, min(6, option.rect.width()), 6)
            dot.moveCenter(QRectF(option.rect).center())
            painter.fillRect(dot, palette.color(role))
            return
        font = QFont(option.font)
        font.setItalic(is_unread)
        painter.setFont(font)
        painter.setPen(palette.color(role))
        _draw_lines(painter, option.rect.adjusted(_PAD, _PAD, -_PAD, -_PAD), words, 2)

    def _paint_cell(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect, accent = QRectF(option.rect), option.palette.color(QPalette.ColorRole.Accent)
        middle = rect.center().y()
        if index.data(CellRole.IS_BETWEEN):
            pale = QColor(accent)
            pale.setAlphaF(0.35)
            painter.fillRect(QRectF(rect.left(), middle - 0.5, rect.width(), 1), pale)
        times = int(index.data(CellRole.TIMES) or 0)
        painter.setPen(Qt.PenStyle.NoPen)
        if times:
            fill = QColor(accent)
            fill.setAlphaF(max(strength for least, strength in _STRENGTHS if times >= least))
            gap = 3 if rect.width() > 20 else 0.5
            bar = rect.adjusted(gap, rect.height() * 0.24, -gap, -rect.height() * 0.24)
            # What lies under it would show through.
            painter.setBrush(option.palette.color(QPalette.ColorRole.Base))
            painter.drawRoundedRect(bar, 4, 4)
            painter.setBrush(fill)
            painter.drawRoundedRect(bar, min(4, bar.width() / 3), 4)
        for number_, mark in enumerate(str(index.data(CellRole.MARK) or "").split()):
            self._paint_mark(painter, option, mark, rect.center() + QPointF(number_ * 16, 0))

    def _paint_mark(
        self, painter: QPainter, option: QStyleOptionViewItem, mark: str, at: QPointF
    ) -> None:
        """A ring where a thread is opened, a square on its corner where it is due, a disc where it is paid."""
        painter.save()
        palette, size = option.palette, min(6.0, max(2.5, option.rect.width() / 3))
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Text), 1.6))
        is_full = mark == "paid"
        role = QPalette.ColorRole.Text if is_full else QPalette.ColorRole.Base
        painter.setBrush(palette.color(role))
        if mark == "due":
            painter.translate(at)
            painter.rotate(45)
            painter.drawRect(QRectF(-size * 0.8, -size * 0.8, size * 1.6, size * 1.6))
        else:
            painter.drawEllipse(at, size, size)
        painter.restore()


def _paint_column(
    painter: QPainter, rect: QRect, view: TimelineView, column: int, turn: object
) -> None:
    """What lies behind a column: where she is, and what is told out of its time."""
    palette = view.palette()
    painter.fillRect(rect, palette.color(QPalette.ColorRole.Base))
    if turn:
        tint = QColor(palette.color(QPalette.ColorRole.Accent))
        tint.setAlphaF(0.13)
        painter.fillRect(rect, tint)
    if column == view.currentIndex().column():
        tint = QColor(palette.color(QPalette.ColorRole.Text))
        tint.setAlphaF(0.06)
        painter.fillRect(rect, tint)


def _draw_lines(painter: QPainter, rect: QRect, words: str, most: int) -> None:
    """Words on so many lines at most, the last one cut short where there are more."""
    metrics = QFontMetrics(painter.font())
    height, rest = metrics.lineSpacing(), " ".join(words.split())
    for line in range(most):
        fits = rest
        if line < most - 1 and metrics.horizontalAdvance(rest) > rect.width():
            count = next(
                (
                    at
                    for at in range(len(rest), 0, -1)
                    if metrics.horizontalAdvance(rest[:at]) <= rect.width()
                ),
                1,
            )
            space = rest.rfind(" ", 0, count + 1)
            fits = rest[: space if space > 0 else count]
        else:
            fits = metrics.elidedText(rest, Qt.TextElideMode.ElideRight, rect.width())
        place = QRect(rect.left(), rect.top() + line * height, rect.width(), height)
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, fits)
        if line == most - 1 or len(fits) >= len(rest):
            return
        rest = rest[len(fits) :].lstrip()
