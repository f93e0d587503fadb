"""The board: a card for each scene or chapter, to read, to write on, and to put in order."""

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
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
    QMouseEvent,
    QPainter,
    QPalette,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QPlainTextEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from writer_app.language import _
from writer_app.ui.panels.board_model import BoardModel, CardRole, Only
from writer_app.ui.panels.project_model import Shown
from writer_app.ui.session.binder import Binder

#: Pixels: around a card, and between its edge and its words.
_GAP, _PAD = 6, 11
#: Size of a card in widths of a letter and heights of a line.
_LETTERS, _LINES = 34, 8
_BAR = 3
_STRIPE = 5
_ROUND = 6.0
Index = QModelIndex | QPersistentModelIndex


class Board(QListView):
    """Shows the book of the binder's project and asks the binder for what is done to it.

    Signals:
        left: She has gone to a text.
    """

    left = Signal()

    def __init__(self, binder: Binder, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._binder = binder
        self.cards = BoardModel(
            binder.move, lambda item, text: binder.change(item, synopsis=text), self
        )
        self.setModel(self.cards)
        self._painting = _CardPainting(self)
        self.setItemDelegate(self._painting)
        self.setAccessibleName(_("Board"))
        self.setProperty("role", "board")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setDragDropOverwriteMode(False)
        self.verticalScrollBar().setSingleStep(40)

    def show_project(self, shown: Shown, only: Only = None) -> None:
        """Show another book, or how the same one is now, with the same cards chosen and in view.

        Args:
            shown: The book.
            only: Which cards of it; all for ``None``.
        """
        chosen, current = self.chosen(), self._id(self.currentIndex())
        scrolled = self.verticalScrollBar().value()
        self.cards.show(shown, only)
        self.viewport().update()
        if not self.selectedIndexes() and chosen:
            selection, flag = self.selectionModel(), QItemSelectionModel.SelectionFlag
            selection.setCurrentIndex(self.cards.index_of(current), flag.NoUpdate)
            for each in chosen:
                selection.select(self.cards.index_of(each), flag.Select)
            self.verticalScrollBar().setValue(scrolled)
            self.scrollTo(self.currentIndex())

    def mark(self, item: str) -> None:
        """Bring the card of an item into view, and choose it."""
        index = self.cards.index_of(item)
        if index.isValid():
            flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
            self.selectionModel().setCurrentIndex(index, flag)
            self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)

    def chosen(self) -> list[str]:
        """The ids of the cards that are selected."""
        return [self._id(index) for index in self.selectedIndexes()]

    @property
    def on_page(self) -> tuple[str, ...]:
        """The items whose texts are on the page."""
        return (self._binder.current, *self._binder.together)

    # -- events ---------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return goes to the text or texts, Alt and an arrow moves the card, Ctrl+Z takes the last move back."""
        project = self._binder.project
        if event.matches(QKeySequence.StandardKey.Undo) and project:
            project.undo()
        elif event.matches(QKeySequence.StandardKey.Redo) and project:
            project.redo()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._go(*self.chosen())
        elif event.modifiers() == Qt.KeyboardModifier.AltModifier and event.key() in _STEPS:
            self._shift(_STEPS[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """On its title one goes to the text, under it one writes on the card."""
        index = self.indexAt(event.position().toPoint())
        if not index.isValid():
            return
        if self._painting.is_title(self.visualRect(index), event.position().toPoint()):
            self._go(self._id(index))
        else:
            self.edit(index)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A heading is as wide as the board."""
        self.scheduleDelayedItemsLayout()
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """In another type cards have another size."""
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._painting.measure()
        super().changeEvent(event)

    # -- inside ---------------------------------------------------------------------------------

    def _id(self, index: Index) -> str:
        return str(index.data(CardRole.ID) or "")

    def _go(self, *items: str) -> None:
        if items:
            self._binder.go(*items)
            self.left.emit()

    def _shift(self, by: int) -> None:
        index = self.currentIndex()
        item = self._id(index)
        if not item:
            return
        if self.cards.is_headed(item):
            self._binder.shift(item, by)  # with all that is under its heading
        elif place := self.cards.shift(index, by):
            self._binder.move([item], *place)


_STEPS = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Down: 1,
}


class _CardPainting(QStyledItemDelegate):
    """Draws headings and cards; 2,000 of them are as quick as those in view."""

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self._board = board
        self.measure()

    def measure(self) -> None:
        """Find out how large cards are in the type of the board."""
        metrics = QFontMetrics(self._board.font())
        # Chinese letters come from another face, which may stand higher.
        self._line = max(metrics.lineSpacing(), metrics.boundingRect("字g").height() + 1)
        self._card = QSize(
            metrics.averageCharWidth() * _LETTERS + 2 * (_PAD + _GAP),
            self._line * _LINES + 2 * (_PAD + _GAP) + _BAR,
        )

    def is_title(self, card: QRect, at: QPoint) -> bool:
        """Whether a point lies on the first line of a card."""
        return at.y() < card.top() + _GAP + _PAD + self._line + _PAD // 2

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """A heading has a row to itself."""
        if index.data(CardRole.HEADING) >= 0:
            return QSize(self._board.viewport().width(), self._line * 2 + _GAP)
        return self._card

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Part of Qt's interface."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        depth = index.data(CardRole.HEADING)
        if depth >= 0:
            self._paint_heading(painter, option, str(index.data()), depth)
        else:
            self._paint_card(painter, option, index)
        painter.restore()

    def createEditor(
        self, parent: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> QPlainTextEdit:
        """Of the synopsis; Tab and Ctrl+Return keep it, Esc leaves it as it was."""
        made = QPlainTextEdit(parent)
        made.setAccessibleName(_("Synopsis"))
        made.setPlaceholderText(_("What happens here, in a sentence or two"))
        return made

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        """Qt leaves Tab to a text of several lines, which then could not be left by it."""
        if (
            isinstance(editor, QPlainTextEdit)
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and _keeps(event)
        ):
            self.commitData.emit(editor)
            self.closeEditor.emit(editor)
            return True
        return super().eventFilter(editor, event)

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Part of Qt's interface."""
        assert isinstance(editor, QPlainTextEdit)
        editor.setPlainText(str(index.data(CardRole.SYNOPSIS) or ""))

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        """Part of Qt's interface."""
        assert isinstance(editor, QPlainTextEdit)
        model.setData(index, editor.toPlainText())

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        """Where the synopsis stands, and down to the card's edge."""
        inner = option.rect.adjusted(_GAP + 2, _GAP, -_GAP - 2, -_GAP - 2)
        inner.setTop(option.rect.top() + _GAP + _PAD + self._line + 2)
        editor.setGeometry(inner)

    # -- drawing --------------------------------------------------------------------------------

    def _paint_heading(
        self, painter: QPainter, option: QStyleOptionViewItem, title: str, depth: int
    ) -> None:
        font = QFont(option.font)
        font.setBold(True)
        if depth == 0:
            font.setPointSizeF(font.pointSizeF() * 1.15)
        painter.setFont(font)
        role = QPalette.ColorRole.Text if depth == 0 else QPalette.ColorRole.PlaceholderText
        painter.setPen(option.palette.color(role))
        inner = option.rect.adjusted(_GAP + 2, 0, -_GAP, -4)
        words = QFontMetrics(font).elidedText(title, Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft, words)

    def _paint_card(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        palette = option.palette
        card = QRectF(option.rect.adjusted(_GAP, _GAP, -_GAP, -_GAP))
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        edge = palette.color(QPalette.ColorRole.Accent if is_chosen else QPalette.ColorRole.Mid)
        painter.setPen(QPen(edge, 2 if is_chosen else 1))
        # Of the window: under a style sheet, the view's own is what lies behind the cards.
        painter.setBrush(self._board.window().palette().color(QPalette.ColorRole.Base))
        painter.drawRoundedRect(card, _ROUND, _ROUND)
        self._paint_stripe(painter, card, str(index.data(CardRole.STRIPE) or ""))
        inner = card.adjusted(_PAD, _PAD, -_PAD, -_PAD).toRect()
        inner.setTop(self._paint_title(painter, option, index, inner))
        inner.setBottom(self._paint_foot(painter, option, index, inner))
        # Whole lines only.
        inner.setHeight(max(0, inner.height() // self._line * self._line))
        painter.setFont(option.font)
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        painter.setClipRect(inner)
        painter.drawText(
            inner,
            Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap,
            str(index.data(CardRole.SYNOPSIS) or "")[:_MOST_SYNOPSIS],
        )

    def _paint_stripe(self, painter: QPainter, card: QRectF, colour: str) -> None:
        """The colour of its label, along the left edge."""
        if colour:
            painter.save()
            painter.setClipRect(QRectF(card.left(), card.top(), _STRIPE, card.height()))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colour))
            painter.drawRoundedRect(card, _ROUND, _ROUND)
            painter.restore()

    def _paint_title(
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index, inner: QRect
    ) -> int:
        """Title and state; returns where what follows begins."""
        font = QFont(option.font)
        font.setBold(True)
        painter.setFont(font)
        is_open = index.data(CardRole.ID) in self._board.on_page
        role = QPalette.ColorRole.Accent if is_open else QPalette.ColorRole.Text
        painter.setPen(option.palette.color(role))
        line, width = QRect(inner), inner.width()
        line.setHeight(self._line)
        if colour := str(index.data(CardRole.COLOUR) or ""):
            width -= self._line
            size = self._line * 0.55
            dot = QRectF(0, 0, size, size)
            dot.moveCenter(QRectF(line).center())
            dot.moveRight(line.right() + 1)
            painter.save()
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colour))
            painter.drawEllipse(dot)
            painter.restore()
        title = QFontMetrics(font).elidedText(str(index.data()), Qt.TextElideMode.ElideRight, width)
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, title)
        return inner.top() + self._line + 6

    def _paint_foot(
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index, inner: QRect
    ) -> int:
        """Length, label and beats, and how much of the target; returns where what is above ends."""
        painter.setFont(option.font)
        painter.setPen(option.palette.color(QPalette.ColorRole.PlaceholderText))
        foot = QRect(inner)
        foot.setTop(inner.bottom() - self._line - _BAR)
        words = QRect(foot)
        words.setHeight(self._line)
        middle = Qt.AlignmentFlag.AlignVCenter
        length = str(index.data(CardRole.LENGTH))
        more = filter(None, (index.data(CardRole.LABEL), index.data(CardRole.BEATS)))
        painter.drawText(words, middle | Qt.AlignmentFlag.AlignLeft, length)
        metrics = option.fontMetrics
        room = words.width() - metrics.horizontalAdvance(length) - _PAD
        right = metrics.elidedText(" · ".join(more), Qt.TextElideMode.ElideLeft, room)
        painter.drawText(words, middle | Qt.AlignmentFlag.AlignRight, right)
        share = index.data(CardRole.SHARE)
        if share >= 0:
            bar = QRect(foot.left(), foot.bottom() - _BAR + 2, foot.width(), _BAR)
            painter.fillRect(bar, option.palette.color(QPalette.ColorRole.Mid))
            bar.setWidth(round(bar.width() * share))
            painter.fillRect(bar, option.palette.color(QPalette.ColorRole.Accent))
        return foot.top() - 4


def _keeps(event: QKeyEvent) -> bool:
    """Whether what was typed is to be kept."""
    if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        return bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
    return event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)


#: Characters of a synopsis that could ever fit on a card.
_MOST_SYNOPSIS = 1_000
