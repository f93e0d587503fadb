"""The sheet: how a manuscript lies in a ``QTextEdit``, and where things are on it.

The looks and the places; what the writer does to the text is :class:`writer_app.ui.editor.page.Page`.
Here Qt's UTF-16 positions become code points.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence

from PySide6.QtCore import QByteArray, QEvent, QPoint, QRect, QSize, Qt, QUrl, Signal
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QImage,
    QInputMethodEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QTextCursor,
    QTextDocument,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QTextEdit, QWidget

from writer_app.story.changes import Change
from writer_app.story.document import Document
from writer_app.text.script import language_of
from writer_app.ui.editor.formats import Formats
from writer_app.ui.editor.highlight import TOP_MARGIN, Highlighter, build
from writer_app.ui.editor.mirror import Mirror
from writer_app.ui.editor.pieces import Pieces
from writer_app.ui.editor.plain import no_resource
from writer_app.ui.editor.preparing import Ready
from writer_app.ui.editor.settling import Settling
from writer_app.ui.editor.spans import Span
from writer_app.ui.editor.style import PageStyle

#: Lines kept free below the caret while the writer types.
ROOM_BELOW = 4
_LEAST_MARGIN = 24
#: Pixels that the line between two texts is long.
_BORDER = 160
_MOUSE = {
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseButtonRelease,
    QEvent.Type.MouseButtonDblClick,
    QEvent.Type.MouseMove,
}


class Sheet(QTextEdit):
    """A manuscript in one measured column.

    Signals:
        caret_moved: Offset of the caret in code points.
        scrolled_by_writer: She scrolled by wheel or scroll bar.
        zoom_wanted: Steps of zoom asked for with Ctrl and the wheel.
        restyled: The sheet was built anew in another style.
        settled: All of the text is laid out.
        link_followed: The :class:`~writer_app.text.links.Link` that she wants to follow.

    Attributes:
        manuscript: The document shown.
        borders: Tells where texts begin that stand one after the other on this page, but for the first.
        mirror: Ties the two texts.
        page_style, formats: The look, and what Qt needs of it.
        composing: An input method is composing; nothing may be inserted meanwhile.
    """

    caret_moved = Signal(int)
    scrolled_by_writer = Signal()
    zoom_wanted = Signal(int)
    restyled = Signal()
    settled = Signal()
    link_followed = Signal(object)

    def __init__(
        self,
        document: Document,
        style: PageStyle,
        parent: QWidget | None = None,
        ready: Ready | None = None,
    ) -> None:
        super().__init__(parent)
        self._ready = ready
        self.manuscript = document
        self.mirror = Mirror(document, self._told)
        self.composing = False
        self.borders: Callable[[], Sequence[int]] = tuple
        self._shown: QTextDocument | None = None
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAcceptRichText(False)
        self.setUndoRedoEnabled(False)
        self.setAutoFillBackground(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.apply_style(style)
        self.destroyed.connect(self.mirror.stop)
        self.cursorPositionChanged.connect(self._on_caret)
        self.verticalScrollBar().actionTriggered.connect(self.scrolled_by_writer)

    def _told(self, change: Change) -> None:
        """Both texts have this change now."""

    def apply_style(self, style: PageStyle) -> None:
        """Show the page in another style; caret, selection, scrolling and tints stay."""
        # The first line in view, before any of this moves it; 0 keeps the top margin in view too.
        top = self.visible_span()[0] if self.verticalScrollBar().value() else 0
        self.page_style = style
        self.formats = Formats(style)
        self._column = self.formats.column(han=language_of(self.manuscript.text[:4000]) == "zh")
        colours = style.colours
        palette = self.palette()
        for role, colour in (
            (QPalette.ColorRole.Base, colours.paper),
            (QPalette.ColorRole.Window, colours.paper),
            (QPalette.ColorRole.Text, colours.text),
            (QPalette.ColorRole.Highlight, colours.selection),
            (QPalette.ColorRole.HighlightedText, colours.text),
            (QPalette.ColorRole.PlaceholderText, colours.dim),
        ):
            palette.setColor(role, QColor(colour))
        self.setPalette(palette)
        self.setFont(self.formats.font)
        self._centre(self.size())
        self._show_anew(top)

    def _show_anew(self, top: int) -> None:
        """Build the widget's document from the manuscript; cheaper than formatting the one that is there."""
        anchor, caret = self._anchor_and_caret()
        old = self._shown
        fresh, pieces = self._made()
        fresh.setParent(self)
        self._shown = fresh
        with self.mirror.quietly():
            self.setDocument(fresh)
            self._highlighter = Highlighter(fresh, pieces, self.formats)
            Settling(fresh).settled.connect(self.settled)
            self.mirror.watch(fresh, self._highlighter)
            if top:
                self._put_first_line(top)
            value = self.verticalScrollBar().value()
            self._put_cursor(anchor, caret)
            if top:
                self.verticalScrollBar().setValue(value)
        if old is not None:
            old.deleteLater()
        self._highlighter.move_caret(self.textCursor().position())
        self.restyled.emit()

    def _made(self) -> tuple[QTextDocument, Pieces]:
        """The widget's document: made ahead, where it still fits."""
        ready, self._ready = self._ready, None
        text = self.manuscript.text
        if ready and ready.formats.style == self.page_style and ready.text == text:
            return ready.document, ready.pieces
        return build(text, self.formats)

    def _put_first_line(self, top: int) -> None:
        """Scroll so that the line of ``top`` is the first in view, in a document hardly laid out yet."""
        # The scroll bar's range has to reach further down first.
        for place in (min(top + 5000, self.manuscript.length), top):
            self._put_cursor(place, place)
            self.ensureCursorVisible()
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + self.cursorRect().top())

    def _centre(self, size: QSize) -> None:
        free = size.width() - self.verticalScrollBar().sizeHint().width() - self._column
        side = max(_LEAST_MARGIN, free // 2)
        self.setViewportMargins(side, 0, side, 0)

    def to_qt(self, offset: int) -> int:
        """Qt's position of the code point ``offset``."""
        return self.mirror.pieces.position(self.manuscript.utf16_offset(offset))

    def from_qt(self, position: int) -> int:
        """Code point at Qt's ``position``."""
        return self.manuscript.from_utf16(self.mirror.pieces.units(position))

    def cursor_at(self, start: int, end: int | None = None) -> QTextCursor:
        """A cursor of the widget's document at ``start``, selecting up to ``end``."""
        cursor = QTextCursor(self.document())
        cursor.setPosition(self.to_qt(start))
        if end is not None:
            cursor.setPosition(self.to_qt(end), QTextCursor.MoveMode.KeepAnchor)
        return cursor

    @property
    def caret(self) -> int:
        """Offset of the caret, code points."""
        return self.from_qt(self.textCursor().position())

    def set_caret(self, offset: int) -> None:
        """Put the caret before the character ``offset`` and show it."""
        self.select(offset, offset)

    @property
    def selection(self) -> Span:
        """The selected span; empty at the caret where nothing is selected."""
        cursor = self.textCursor()
        return self.from_qt(cursor.selectionStart()), self.from_qt(cursor.selectionEnd())

    def select(self, start: int, end: int) -> None:
        """Select ``[start, end)``, the caret at ``end``, and show it."""
        limit = self.manuscript.length
        self._put_cursor(max(0, min(start, limit)), max(0, min(end, limit)))
        self.keep_in_view()

    def _put_cursor(self, anchor: int, caret: int) -> None:
        self.end_composing()
        self.setTextCursor(self.cursor_at(anchor, caret))

    def _anchor_and_caret(self) -> Span:
        cursor = self.textCursor()
        limit = self.manuscript.length
        return min(self.from_qt(cursor.anchor()), limit), min(self.caret, limit)

    def visible_span(self) -> Span:
        """The stretch of the text that can be seen now, to whole lines."""
        area = self.viewport().rect()
        # Qt answers with any place at all for a point in the margin above the first line.
        in_margin = self.verticalScrollBar().value() <= 2 * TOP_MARGIN
        first = 0 if in_margin else self.cursorForPosition(area.topLeft()).position()
        last = self.cursorForPosition(area.bottomRight()).position()
        return self.from_qt(first), max(self.from_qt(first), self.from_qt(last))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The text, and a fine line above each of several texts."""
        super().paintEvent(event)
        borders = self.borders()
        if not borders:
            return
        first, last = self.visible_span()
        painter = QPainter(self.viewport())
        painter.setPen(QColor(self.page_style.colours.dim))
        for border in borders[bisect_left(borders, first) : bisect_right(borders, last)]:
            line = self.cursorRect(self.cursor_at(border))
            # In the middle of the room that a paragraph, or a heading, has above it.
            top = line.top() - line.height() // 4
            painter.drawLine(line.left(), top, line.left() + _BORDER, top)
        painter.end()

    def keep_in_view(self, offset: int | None = None) -> None:
        """Scroll as little as needed so that the place (default: the caret) stands clear of the bottom."""
        cursor = self.textCursor() if offset is None else self.cursor_at(offset)
        place: QRect = self.cursorRect(cursor)
        bar, height = self.verticalScrollBar(), self.viewport().height()
        room = min(ROOM_BELOW * place.height(), height // 3)
        if place.bottom() > height - room:
            bar.setValue(bar.value() + place.bottom() - height + room)
        elif place.top() < 0:
            bar.setValue(bar.value() + place.top() - place.height())

    def is_near(self, place: QPoint, start: int, end: int) -> bool:
        """Whether a place of the viewport is on the lines of ``[start, end)``, not beside or below them."""
        first, last = self.cursorRect(self.cursor_at(start)), self.cursorRect(self.cursor_at(end))
        if not first.top() <= place.y() <= last.bottom():
            return False
        return first.top() != last.top() or first.left() - 2 <= place.x() <= last.right() + 2

    def loadResource(self, kind: int, _name: QUrl | str) -> QImage | QByteArray:
        """Nothing in a text is ever loaded."""
        return no_resource(kind)

    def show_marks_while_composing(self) -> None:
        """Bring back our formats where an input method has put its own."""
        self._highlighter.compose(self.textCursor().block())

    def end_composing(self) -> None:
        """Drop what is being composed: Qt would leave it behind as a ghost when the caret moves away."""
        if self.composing:
            self.composing = False
            QGuiApplication.inputMethod().reset()
            super().inputMethodEvent(QInputMethodEvent("", []))

    def _on_caret(self) -> None:
        position = self.textCursor().position()
        if not self.mirror.quiet:
            self._highlighter.move_caret(position)
        self.caret_moved.emit(min(self.from_qt(position), self.manuscript.length))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll, or ask for zoom with Ctrl; Qt's own zoom would change the font behind our style."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            steps = event.angleDelta().y() // 120 or (1 if event.angleDelta().y() > 0 else -1)
            self.zoom_wanted.emit(steps)
            event.accept()
            return
        super().wheelEvent(event)
        self.scrolled_by_writer.emit()

    def event(self, event: QEvent) -> bool:
        """Centre the column, and let the margins beside it take the mouse as the column does."""
        if event.type() == QEvent.Type.Resize:
            self._centre(self.size())
        if event.type() in _MOUSE and isinstance(event, QMouseEvent):
            place = event.position() - self.viewport().geometry().topLeft().toPointF()
            moved = QMouseEvent(
                event.type(),
                place,
                event.globalPosition(),
                event.button(),
                event.buttons(),
                event.modifiers(),
            )
            return super().viewportEvent(moved)
        return super().event(event)
