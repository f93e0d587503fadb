"""The page: a ``QTextEdit`` that shows one :class:`Document` and writes the writer's changes into it.

There are two directions, and a flag tells them apart. What the writer does to the widget is found out
from ``contentsChange`` and fed to the document; what happens to the document (undo, text of a model,
a replacement) is told by the document's listener and mirrored into the widget. So the widget's text is
``manuscript.text`` after every change, whoever made it. Qt's own undo is off: formats would be steps.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from PySide6.QtCore import QEvent, QMimeData, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QGuiApplication,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPalette,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QTextEdit, QWidget

from writer_app.language import _
from writer_app.story.changes import Change, Origin
from writer_app.story.document import Document
from writer_app.text.script import language_of
from writer_app.text.typography import completed
from writer_app.ui.editor import keys
from writer_app.ui.editor.formats import Formats
from writer_app.ui.editor.highlight import TOP_MARGIN, Highlighter, build
from writer_app.ui.editor.menu import context_menu
from writer_app.ui.editor.settling import Settling
from writer_app.ui.editor.spans import Span, difference, shift_span, without_sentence
from writer_app.ui.editor.style import PageStyle

#: Lines kept free below the caret while the writer types.
ROOM_BELOW = 4
#: Code points before the caret that decide about a quotation mark.
CORRECTION_REACH = 400
_LEAST_MARGIN = 24
_MOUSE = {
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseButtonRelease,
    QEvent.Type.MouseButtonDblClick,
    QEvent.Type.MouseMove,
}


class Page(QTextEdit):
    """One manuscript on its page.

    Signals:
        hand: The writer's hand, before her change is applied (key, paste, drop, cut, composing, undo).
        edited: A :class:`Change` of hers, after it was applied.
        caret_moved: Offset of the caret in code points.
        scrolled_by_writer: She scrolled by wheel or scroll bar.
        file_dropped: Paths of files dropped on the page; they are not inserted.
        zoom_wanted: Steps of zoom asked for with Ctrl and the wheel.
        restyled: The page was built anew in another style.
        settled: All of the text is laid out.

    Attributes:
        manuscript: The document shown.
        typing: Asked with (text before it, a straight quote, ``--`` or ``...`` just completed) what that
            should become; ``None`` leaves it.
        composing: An input method is composing; nothing may be inserted meanwhile.
    """

    hand = Signal()
    edited = Signal(object)
    caret_moved = Signal(int)
    scrolled_by_writer = Signal()
    file_dropped = Signal(list)
    zoom_wanted = Signal(int)
    restyled = Signal()
    settled = Signal()

    def __init__(self, document: Document, style: PageStyle, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.manuscript = document
        self.typing: Callable[[str, str], str | None] | None = None
        self.composing = False
        self._origin = Origin.TYPED
        self._mirroring = False  # the widget is being changed to follow the document
        self._feeding = False  # the document is being changed to follow the widget
        self._by_hand = False
        self._fresh: list[Span] = []
        self._layers: dict[str, list[QTextEdit.ExtraSelection]] = {}
        self._changed_kinds: list[QTextBlock] = []
        self._half_pair = ""
        self._broken: tuple[int, int, str] | None = None
        self._shown: QTextDocument | None = None
        self.setAccessibleName(_("Manuscript"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAcceptRichText(False)
        self.setUndoRedoEnabled(False)
        self.setAutoFillBackground(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setReadOnly(document.read_only is not None)
        self.apply_style(style)
        self._unsubscribe = document.subscribe(self._follow)
        self.destroyed.connect(self._unsubscribe)
        self.cursorPositionChanged.connect(self._on_caret)
        self.verticalScrollBar().actionTriggered.connect(self.scrolled_by_writer)

    # -- looks ----------------------------------------------------------------------------------

    def apply_style(self, style: PageStyle) -> None:
        """Show the page in another style; caret, selection, scrolling and tints stay."""
        # The first line in view, before any of this moves it; 0 keeps the top margin in view too.
        top = self.visible_span()[0] if self.verticalScrollBar().value() else 0
        self.page_style = style
        self._formats = Formats(style)
        self._column = self._formats.column(han=language_of(self.manuscript.text[:4000]) == "zh")
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
        self.setFont(self._formats.font)
        self._centre(self.size())
        self._show_anew(top)

    def _show_anew(self, top: int) -> None:
        """Build the widget's document from the manuscript; cheaper than formatting the one that is there."""
        anchor, caret = self._anchor_and_caret()
        self._layers.clear()
        old, fresh = self._shown, build(self.manuscript.text, self._formats)
        fresh.setParent(self)
        self._shown = fresh
        with self._quietly():
            self.setDocument(fresh)
            self._highlighter = Highlighter(fresh, self._formats, fresh)
            Settling(fresh).settled.connect(self.settled)
            fresh.contentsChange.connect(self._on_contents_change)
            fresh.contentsChanged.connect(self._on_contents_changed)
            if top:
                self._put_first_line(top)
            value = self.verticalScrollBar().value()
            self._put_cursor(anchor, caret)
            if top:
                self.verticalScrollBar().setValue(value)
        if old is not None:
            old.deleteLater()
        self._highlighter.move_caret(self.textCursor().position())
        self._tint_fresh()
        self.restyled.emit()

    def _put_first_line(self, top: int) -> None:
        """Scroll so that the line of ``top`` is the first in view, in a document hardly laid out yet."""
        for place in (
            min(top + 5000, self.manuscript.length),
            top,
        ):  # the scroll bar's range grows first
            self._put_cursor(place, place)
            self.ensureCursorVisible()
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + self.cursorRect().top())

    def _centre(self, size: QSize) -> None:
        free = size.width() - self.verticalScrollBar().sizeHint().width() - self._column
        side = max(_LEAST_MARGIN, free // 2)
        self.setViewportMargins(side, 0, side, 0)

    def show_layer(self, name: str, spans: Sequence[Span], look: QTextCharFormat) -> None:
        """Lay a format over spans of the text, as the named layer; no spans take the layer away."""
        layer = []
        for start, end in spans:
            one = QTextEdit.ExtraSelection()
            one.cursor = self.cursor_at(start, end)
            one.format = look
            layer.append(one)
        if layer or self._layers.get(name):
            self._layers[name] = layer
            self.setExtraSelections([one for each in self._layers.values() for one in each])

    def mark_fresh(self, start: int, end: int) -> None:
        """Tint ``[start, end)`` as fresh text of the model; joins what is tinted already."""
        kept = [span for span in self._fresh if span[1] < start or end < span[0]]
        touching = [span for span in self._fresh if span not in kept]
        start = min([start, *(span[0] for span in touching)])
        end = max([end, *(span[1] for span in touching)])
        self._fresh = [*kept, (start, end)] if start < end else kept
        self._tint_fresh()

    def clear_fresh(self) -> None:
        """Take all tints of fresh text away."""
        self._fresh = []
        self._tint_fresh()

    @property
    def fresh(self) -> tuple[Span, ...]:
        """Spans tinted as fresh."""
        return tuple(self._fresh)

    @property
    def tint_found(self) -> QTextCharFormat:
        """How a match of a search is marked."""
        return self._formats.tint(self.page_style.colours.found)

    def _tint_fresh(self) -> None:
        colours = self.page_style.colours
        look = self._formats.tint(colours.fresh, colours.accent)
        self.show_layer("fresh", self._fresh, look)

    # -- places ---------------------------------------------------------------------------------

    def to_qt(self, offset: int) -> int:
        """UTF-16 position of the code point ``offset``."""
        return self.manuscript.utf16_offset(offset)

    def from_qt(self, position: int) -> int:
        """Code point at a UTF-16 position."""
        return self.manuscript.from_utf16(position)

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
        self._end_composing()
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

    # -- changes --------------------------------------------------------------------------------

    def replace_span(
        self, start: int, end: int, text: str, origin: Origin = Origin.TYPED
    ) -> Change | None:
        """Replace ``[start, end)`` as a change of the writer's own and one undo step by itself."""
        self._end_composing()
        self.hand.emit()
        with self._as_hand():
            self.manuscript.break_group()
            change = self.manuscript.replace(start, end, keys.clean(text), origin=origin)
            self.manuscript.break_group()
        return change

    @contextmanager
    def one_step(self) -> Iterator[int]:
        """Give several changes of the writer one undo step: yields the group to make them with."""
        self._end_composing()
        self.hand.emit()
        with self._as_hand():
            yield self.manuscript.open_group()
            self.manuscript.break_group()

    def undo_step(self) -> None:
        """Take back the last step."""
        self._travel(self.manuscript.undo)

    def redo_step(self) -> None:
        """Repeat the step taken back last."""
        self._travel(self.manuscript.redo)

    def _travel(self, move: Callable[[], tuple[Change, ...]]) -> None:
        self._end_composing()
        self.hand.emit()
        cursor = QTextCursor(self.document())
        with self._as_hand():
            cursor.beginEditBlock()
            try:
                changes = move()
            finally:
                with self._quietly():
                    cursor.endEditBlock()
        if changes:
            self.set_caret(changes[-1].offset + len(changes[-1].inserted))

    def set_read_only(self, read_only: bool) -> None:
        """Let the text be read and selected only."""
        self.setReadOnly(read_only)

    def _follow(self, change: Change) -> None:
        """The document changed: mirror it, unless the widget is where it came from."""
        if not self._feeding:
            with self._quietly():
                start = self.to_qt(change.offset)
                cursor = QTextCursor(self.document())
                cursor.setPosition(start)
                end = start + keys.utf16_length(change.removed)
                cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
                keys.insert(cursor, change.inserted)
        if self._fresh:
            self._retint(change)
        if self._feeding or self._by_hand:
            self.edited.emit(change)

    def _retint(self, change: Change) -> None:
        touched = (change.offset, change.offset + len(change.inserted))
        hers = (self._feeding or self._by_hand) and change.kind == "do"
        spans: list[Span] = []
        for start, end in self._fresh:
            inside = change.offset < end and start < change.offset + max(len(change.removed), 1)
            span = shift_span((start, end), change)
            if inside and hers and change.origin is not Origin.MODEL:
                spans += without_sentence(span, self.manuscript.text, touched)
            else:
                spans.append(span)
        self._fresh = [span for span in spans if span[0] < span[1]]
        self._tint_fresh()

    def _on_contents_change(self, position: int, removed: int, added: int) -> None:
        if not self._mirroring:
            self._feed(position, removed, added)
        self._changed_kinds += self._highlighter.read(position, added)

    def _on_contents_changed(self) -> None:
        broken, self._broken = self._broken, None
        if broken:
            with self._quietly():
                self._repair(*broken)
        blocks, self._changed_kinds = self._changed_kinds, []
        if blocks:
            with self._quietly():
                self._highlighter.set_kinds(blocks)

    def _feed(self, position: int, removed: int, added: int) -> None:
        """Give the document what the widget's text has become between these places.

        Qt may report more than has changed (a format, a whole block, the final separator too): what is
        the same is trimmed, and nothing that is no change of the text gets through.
        """
        document = self.manuscript
        old_start = document.from_utf16(min(position, self.to_qt(document.length)))
        start = self.to_qt(old_start)  # the pair's start, where Qt's place is inside a pair
        old_limit = self.to_qt(document.length)
        old_stop = min(position + removed, old_limit)
        old_end = document.from_utf16(old_stop)
        if self.to_qt(old_end) < old_stop:
            old_end += 1
        stop = max(start, self.document().characterCount() - 1 - (old_limit - self.to_qt(old_end)))
        cursor = QTextCursor(self.document())
        cursor.setPosition(start)
        cursor.setPosition(stop, QTextCursor.MoveMode.KeepAnchor)
        found = cursor.selectedText()
        new = keys.clean(found)
        if len(new) != len(found) or keys.utf16_length(found) != stop - start:
            self._broken = (start, stop, new)
        head, gone, come = difference(document.text[old_start:old_end], new)
        at = old_start + head
        if gone or come:
            with self._feeds():
                document.replace(at, at + len(gone), come, origin=self._origin)

    def _repair(self, start: int, stop: int, text: str) -> None:
        """Half a surrogate pair or the like is in the widget (an input method cut it): set it right.

        The document never sees it, and on the way out of Qt such a half is lost without a sign.
        """
        cursor = QTextCursor(self.document())
        cursor.setPosition(start)
        cursor.setPosition(stop, QTextCursor.MoveMode.KeepAnchor)
        keys.insert(cursor, text)

    @contextmanager
    def _quietly(self) -> Iterator[None]:
        before, self._mirroring = self._mirroring, True
        try:
            yield
        finally:
            self._mirroring = before

    @contextmanager
    def _feeds(self) -> Iterator[None]:
        self._feeding = True
        try:
            yield
        finally:
            self._feeding = False

    @contextmanager
    def _as_hand(self) -> Iterator[None]:
        before, self._by_hand = self._by_hand, True
        try:
            yield
        finally:
            self._by_hand = before

    @contextmanager
    def _step_of(self, origin: Origin) -> Iterator[None]:
        """What the widget does meanwhile has this origin and is a step by itself."""
        self.manuscript.break_group()
        self._origin = origin
        try:
            yield
        finally:
            self._origin = Origin.TYPED
            self.manuscript.break_group()

    def _on_caret(self) -> None:
        position = self.textCursor().position()
        if not self._mirroring:
            self._highlighter.move_caret(position)
        self.caret_moved.emit(min(self.from_qt(position), self.manuscript.length))

    # -- the writer's hand ----------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Undo is ours; every other key that changes text announces itself first."""
        self._end_composing()
        if event.matches(QKeySequence.StandardKey.Undo):
            self.undo_step()
        elif event.matches(QKeySequence.StandardKey.Redo) or keys.is_redo(event):
            self.redo_step()
        elif self.isReadOnly() or not keys.changes_text(event):
            super().keyPressEvent(event)
            self.keep_in_view() if keys.moves_caret(event) else None
        elif event.matches(QKeySequence.StandardKey.Cut):
            self.cut()
        elif keys.is_line_break(event):
            self._insert("\n")
        elif keys.is_half(event.text()):
            self._half_pair = keys.join_halves(self._half_pair, event.text())
            if not keys.is_half(self._half_pair):
                whole, self._half_pair = self._half_pair, ""
                self._insert(whole)
        else:
            self.hand.emit()
            super().keyPressEvent(event)
            self._correct(event.text())
            self.keep_in_view()

    def _insert(self, text: str) -> None:
        self.hand.emit()
        keys.insert(self.textCursor(), text)
        self.keep_in_view()

    def _correct(self, typed: str) -> None:
        """Let :attr:`typing` set quotes, dashes and dots; its correction is an undo step of its own."""
        if not self.typing or not typed or not typed.isprintable():
            return
        caret = self.caret
        line = self.manuscript.text[max(0, caret - CORRECTION_REACH) : caret]
        mark = completed(line)
        better = self.typing(line[: len(line) - len(mark)], mark) if mark else None
        if better is None:
            return
        with self._as_hand():
            self.manuscript.break_group()
            self.manuscript.replace(caret - len(mark), caret, better)
            self.manuscript.break_group()

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Composing is the writer's hand too, from its first character."""
        if event.preeditString() or event.commitString() or event.replacementLength():
            self.hand.emit()
        self.composing = bool(event.preeditString())
        super().inputMethodEvent(event)
        if self.composing:
            self._highlighter.compose(self.textCursor().block())
        self.keep_in_view()

    def _end_composing(self) -> None:
        """Drop what is being composed: Qt would leave it behind as a ghost when the caret moves away."""
        if self.composing:
            self.composing = False
            QGuiApplication.inputMethod().reset()
            super().inputMethodEvent(QInputMethodEvent("", []))

    def cut(self) -> None:
        """Move the selection to the clipboard; an undo step by itself."""
        self.hand.emit()
        with self._step_of(Origin.TYPED):
            super().cut()

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Paste plain text only, whatever else the clipboard offers."""
        if keys.files_in(source) or not source.hasText():
            return
        self.hand.emit()
        with self._step_of(Origin.PASTED):
            keys.insert(self.textCursor(), keys.clean(source.text()))
        self.keep_in_view()

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        """Plain text can be inserted, files cannot."""
        return source.hasText() and not keys.files_in(source)

    def createMimeDataFromSelection(self) -> QMimeData:
        """Copy the Markdown source as it is (Qt would turn some spaces and breaks into others)."""
        data = QMimeData()
        start, end = self.selection
        data.setText(self.manuscript.text[start:end])
        return data

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept files for the window and text for the page."""
        if keys.files_in(event.mimeData()):
            event.acceptProposedAction()
        else:
            super().dragEnterEvent(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """As :meth:`dragEnterEvent`."""
        if keys.files_in(event.mimeData()):
            event.acceptProposedAction()
        else:
            super().dragMoveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Dropped text is inserted as one step (moving it included), dropped files are handed on."""
        files = keys.files_in(event.mimeData())
        if files:
            event.acceptProposedAction()
            self.file_dropped.emit(files)
            return
        self._end_composing()
        self.hand.emit()
        with self._step_of(Origin.PASTED):
            super().dropEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Qt's own menu would cut and undo behind our back."""
        context_menu(self).exec(event.globalPos())

    # -- looking around -------------------------------------------------------------------------

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
