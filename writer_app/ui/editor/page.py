"""The page: a sheet that the writer writes on. Whatever her hand does announces itself before it is done."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QGuiApplication,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QWidget

from writer_app.language import _
from writer_app.story.changes import Change, Origin
from writer_app.story.document import Document
from writer_app.text.typography import completed
from writer_app.ui.editor import keys
from writer_app.ui.editor.menu import context_menu
from writer_app.ui.editor.pointing import Pointing
from writer_app.ui.editor.preparing import Ready
from writer_app.ui.editor.sheet import Sheet
from writer_app.ui.editor.spans import Span
from writer_app.ui.editor.style import PageStyle
from writer_app.ui.editor.tints import Tints

#: Code points before the caret that decide about a quotation mark.
CORRECTION_REACH = 400


class Page(Sheet):
    """One manuscript on its page; see :class:`Sheet` for its looks and places.

    Signals:
        hand: The writer's hand, before her change is applied (key, paste, drop, cut, composing, undo).
        edited: A :class:`Change` of hers, after it was applied.
        menu_opening: The context menu, before it is shown.
        file_dropped: Paths of files dropped on the page; they are not inserted.
        formatting_lost: There was so much of it that the text was pasted plain.

    Attributes:
        typing: Asked with (text before it, a straight quote, ``--`` or ``...`` just completed) what that
            should become; ``None`` leaves it.
    """

    hand = Signal()
    edited = Signal(object)
    file_dropped = Signal(list)
    formatting_lost = Signal()
    menu_opening = Signal(object)

    def __init__(
        self,
        document: Document,
        style: PageStyle,
        parent: QWidget | None = None,
        ready: Ready | None = None,
    ) -> None:
        super().__init__(document, style, parent, ready)
        self._tints = Tints(self)
        self.typing: Callable[[str, str], str | None] | None = None
        self._half_pair = ""
        self._pointing = Pointing(self)
        self.setAccessibleName(_("Manuscript"))
        self.setReadOnly(document.read_only is not None)
        self.restyled.connect(self._tints.begin_again)

    # -- tints ----------------------------------------------------------------------------------

    def show_layer(self, name: str, spans: Sequence[Span], look: QTextCharFormat) -> None:
        """Lay a format over spans of the text, as the named layer; no spans take the layer away."""
        self._tints.show(name, spans, look)

    def mark_fresh(self, start: int, end: int) -> None:
        """Tint ``[start, end)`` as fresh text of the model; joins what is tinted already."""
        self._tints.mark_fresh(start, end)

    def clear_fresh(self) -> None:
        """Take all tints of fresh text away."""
        self._tints.clear_fresh()

    @property
    def fresh(self) -> tuple[Span, ...]:
        """Spans tinted as fresh."""
        return self._tints.fresh

    @property
    def tint_found(self) -> QTextCharFormat:
        """How a match of a search is marked."""
        return self.formats.tint(self.page_style.colours.found)

    # -- changes --------------------------------------------------------------------------------

    def take_hand(self) -> None:
        """She is about to change the text: what is composed is dropped, and whatever else writes ends."""
        self.end_composing()
        self.hand.emit()

    def replace_span(
        self, start: int, end: int, text: str, origin: Origin = Origin.TYPED
    ) -> Change | None:
        """Replace ``[start, end)`` as a change of the writer's own and one undo step by itself."""
        self.take_hand()
        with self.mirror.as_hand():
            self.manuscript.break_group()
            change = self.manuscript.replace(start, end, keys.clean(text), origin=origin)
            self.manuscript.break_group()
        return change

    @contextmanager
    def one_step(self) -> Iterator[int]:
        """Give several changes of the writer one undo step: yields the group to make them with."""
        self.take_hand()
        with self.mirror.as_hand():
            yield self.manuscript.open_group()
            self.manuscript.break_group()

    def undo_step(self) -> None:
        """Take back the last step."""
        self._travel(self.manuscript.undo)

    def redo_step(self) -> None:
        """Repeat the step taken back last."""
        self._travel(self.manuscript.redo)

    def _travel(self, move: Callable[[], tuple[Change, ...]]) -> None:
        self.take_hand()
        with self.mirror.as_hand(), self.mirror.at_once():
            changes = move()
        if changes:
            self.set_caret(changes[-1].offset + len(changes[-1].inserted))

    def set_read_only(self, read_only: bool) -> None:
        """Let the text be read and selected only."""
        self.end_composing()  # a page for reading takes no word of an input method, not even that it has ended
        self.setReadOnly(read_only)

    def _told(self, change: Change) -> None:
        hers = self.mirror.by_hand
        self._tints.follow(change, hers=hers)
        if hers:
            self.edited.emit(change)

    # -- the writer's hand ----------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Undo is ours; every other key that changes text announces itself first."""
        selects = event.matches(QKeySequence.StandardKey.SelectAll)
        if keys.changes_text(event) or keys.moves_caret(event) or selects:
            self.end_composing()  # not at other keys: an input method may use Shift while composing
        if event.matches(QKeySequence.StandardKey.Undo):
            self.undo_step()
        elif event.matches(QKeySequence.StandardKey.Redo) or keys.is_redo(event):
            self.redo_step()
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
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
            self._step_over_cut(event)
            super().keyPressEvent(event)
            self._correct(event.text())
            self.keep_in_view()

    def _step_over_cut(self, event: QKeyEvent) -> None:
        """Erase what stands behind the cut of a long paragraph, not the cut, which is not in the text."""
        cursor = self.textCursor()
        back = event.key() == Qt.Key.Key_Backspace
        if cursor.hasSelection() or not (back or event.key() == Qt.Key.Key_Delete):
            return
        if self.mirror.pieces.goes_on(cursor.position() + (0 if back else 1)):
            move = QTextCursor.MoveOperation
            cursor.movePosition(move.PreviousCharacter if back else move.NextCharacter)
            self.setTextCursor(cursor)

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
        with self.mirror.as_hand():
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
            self.show_marks_while_composing()
        self.keep_in_view()

    def cut(self) -> None:
        """Move the selection to the clipboard; an undo step by itself."""
        self.end_composing()
        self.copy()
        self.hand.emit()
        with self.mirror.step_of(Origin.TYPED):
            self.textCursor().removeSelectedText()
        self.keep_in_view()

    def copy(self) -> None:
        """Put the Markdown source of the selection on the clipboard.

        As text, not as an object of ours: a clipboard can outlive Python, and would then free it in a
        process without an interpreter.
        """
        if self.textCursor().hasSelection():
            QGuiApplication.clipboard().setText(self._selected())

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Paste plain text only, whatever else the clipboard offers."""
        if keys.files_in(source) or not source.hasText():
            return
        self.take_hand()
        with self.mirror.step_of(Origin.PASTED):
            keys.insert(self.textCursor(), keys.clean(source.text()))
        self.keep_in_view()

    def selectAll(self) -> None:
        """Select everything. Ending what is being composed after that would delete it."""
        self.end_composing()
        super().selectAll()

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        """Plain text can be inserted, files cannot."""
        return source.hasText() and not keys.files_in(source)

    def createMimeDataFromSelection(self) -> QMimeData:
        """Drag the Markdown source as it is (Qt would turn some spaces and breaks into others)."""
        data = QMimeData()
        data.setText(self._selected())
        return data

    def _selected(self) -> str:
        start, end = self.selection
        return self.manuscript.text[start:end]

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
        self.take_hand()
        with self.mirror.step_of(Origin.PASTED):
            super().dropEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Qt's own menu would cut and undo behind our back."""
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        link = self._pointing.link_under(event.pos()) if by_mouse else None
        menu = context_menu(self, link)
        self.menu_opening.emit(menu)
        menu.exec(event.globalPos())
