"""Markdown made visible: formats laid over the text by the layout, never part of it.

Not a ``QSyntaxHighlighter``: that one reads a whole book in one go after loading and cannot set paragraphs.
Here :func:`build` sets and highlights a document before it has a layout, when a format costs nothing,
and :class:`Highlighter` follows the edits, in the same layout pass as the edit itself.
"""

import time
from collections.abc import Iterable, Iterator

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QTextBlock, QTextCursor, QTextDocument, QTextLayout, QTextOption

from writer_app.ui.editor.formats import KIND, Formats, block_key
from writer_app.ui.editor.keys import insert
from writer_app.ui.editor.markdown import Line, Span, State, read_line
from writer_app.ui.editor.pieces import Pieces, cuts_in

#: Lines read at once after an edit; the rest waits for idle moments.
AT_ONCE = 200
SLICE_SECONDS = 0.008
# Pixels of the page around its text; below, so that the last line can be read higher up in the window.
TOP_MARGIN = 48
_SIDE, _BOTTOM = 4, 320


def build(text: str, formats: Formats) -> tuple[QTextDocument, Pieces]:
    """A document of ``text``, set and highlighted, still without a layout (so this is fast)."""
    document = QTextDocument()
    document.setUndoRedoEnabled(False)
    document.setDefaultFont(formats.font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    document.setDefaultTextOption(option)
    frame = document.rootFrame().frameFormat()
    frame.setMargin(_SIDE)
    frame.setTopMargin(TOP_MARGIN)
    frame.setBottomMargin(_BOTTOM)
    document.rootFrame().setFrameFormat(frame)
    cursor = QTextCursor(document)
    state = State.TEXT
    pieces = Pieces()
    for number, (content, goes_on) in enumerate(_presented(text)):
        line = read_line(content, state, goes_on=goes_on)
        state = line.state
        if goes_on:
            pieces.add(pieces.units(cursor.position()))
        if number:
            cursor.insertBlock(formats.block(line.kind, line.level), formats.body)
        else:
            cursor.setBlockFormat(formats.block(line.kind, line.level))
        insert(cursor, content)
        if line.spans or state:
            block = cursor.block()
            block.setUserState(state)
            block.layout().setFormats(_ranges(line, content, formats, near=False))
    return document, pieces


def _presented(text: str) -> Iterator[tuple[str, bool]]:
    """The blocks to be shown, each with whether it goes on with the paragraph before."""
    for paragraph in text.split("\n"):
        start = 0
        for cut in cuts_in(paragraph):
            yield paragraph[start:cut], start > 0
            start = cut
        yield paragraph[start:] if start else paragraph, start > 0


class Highlighter(QObject):
    """Keeps formats right while the text changes and the caret moves.

    Attributes:
        pieces: Which blocks go on with the paragraph before them.
    """

    def __init__(self, document: QTextDocument, pieces: Pieces, formats: Formats) -> None:
        super().__init__(document)
        self._document = document
        self.pieces = pieces
        self._formats = formats
        self._near = QTextCursor()  # in the caret's line; nowhere yet
        self._rest: QTextCursor | None = None  # selects what is still to be read
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._read_on)

    def read(self, position: int, length: int) -> list[QTextBlock]:
        """Read the lines touching this stretch (UTF-16 units) again, within a contentsChange.

        Returns:
            The blocks whose kind changed: their block format is to be set once the change is over.
        """
        first = self._document.findBlock(position)
        last = self._document.findBlock(position + length)
        end = (last if last.isValid() else self._document.lastBlock()).position()
        blocks, rest = self._walk(first, end, AT_ONCE, float("inf"))
        if rest.isValid():
            self._queue(rest, end)
        return blocks

    def set_kinds(self, blocks: Iterable[QTextBlock]) -> None:
        """Set the paragraphs as what they have become; costs one layout."""
        cursor = QTextCursor(self._document)
        cursor.beginEditBlock()
        for block in blocks:
            if block.isValid():
                line = self._line(block)
                cursor.setPosition(block.position())
                cursor.setBlockFormat(self._formats.block(line.kind, line.level))
        cursor.endEditBlock()

    def move_caret(self, position: int) -> None:
        """Show the marks in the caret's line and let those of the line it left fade."""
        left, entered = self._near.block(), self._document.findBlock(position)
        if left == entered:
            return
        self._near = QTextCursor(entered)
        for block in (left, entered):
            if block.isValid() and block.layout().formats():
                self._dress(block, self._line(block))
                self._document.markContentsDirty(block.position(), block.length())

    def compose(self, block: QTextBlock) -> None:
        """Bring back the formats that an input method replaced by its own in this block."""
        self._dress(block, self._line(block))

    def _walk(
        self, block: QTextBlock, end: int, count: int, deadline: float
    ) -> tuple[list[QTextBlock], QTextBlock]:
        """Read blocks up to position ``end`` and on while what is open changes; where it stopped."""
        changed: list[QTextBlock] = []
        state = _state_before(block)
        while block.isValid():
            if count <= 0 or time.perf_counter() > deadline:
                return changed, block
            before = block.userState()
            line = self._line(block, state)
            state = line.state
            self._dress(block, line)
            block.setUserState(state)
            if block.blockFormat().intProperty(KIND) != block_key(line.kind, line.level):
                changed.append(block)
            if block.position() >= end and max(before, 0) == state:
                break
            block = block.next()
            count -= 1
        return changed, QTextBlock()

    def _line(self, block: QTextBlock, state: State | None = None) -> Line:
        """The block as read, in this state or in the one that the block before it left."""
        before = _state_before(block) if state is None else state
        return read_line(block.text(), before, goes_on=self.pieces.goes_on(block.position()))

    def _dress(self, block: QTextBlock, line: Line) -> None:
        layout = block.layout()
        composed = len(layout.preeditAreaText().encode("utf-16-le")) // 2
        near = block == self._near.block()
        ranges = _ranges(line, block.text(), self._formats, near=near) if line.spans else []
        if composed:
            ranges = _around(ranges, layout.preeditAreaPosition(), composed) + [
                found
                for found in layout.formats()
                if found.start >= layout.preeditAreaPosition()
                and found.start + found.length <= layout.preeditAreaPosition() + composed
            ]
        if ranges or layout.formats():
            layout.setFormats(ranges)

    def _queue(self, block: QTextBlock, end: int) -> None:
        if self._rest is not None:
            end = max(end, self._rest.selectionEnd())
            block = min(block, self._document.findBlock(self._rest.selectionStart()), key=_place)
        self._rest = QTextCursor(block)
        self._rest.setPosition(max(end, block.position()), QTextCursor.MoveMode.KeepAnchor)
        self._timer.start()

    def _read_on(self) -> None:
        rest, self._rest = self._rest, None
        if rest is None:
            self._timer.stop()
            return
        first = self._document.findBlock(rest.selectionStart())
        deadline = time.perf_counter() + SLICE_SECONDS
        changed, stopped = self._walk(first, rest.selectionEnd(), 10_000, deadline)
        until = stopped.position() if stopped.isValid() else self._document.characterCount() - 1
        self._document.markContentsDirty(first.position(), until - first.position())
        if changed:
            self.set_kinds(changed)
        if stopped.isValid():
            self._queue(stopped, rest.selectionEnd())


def _place(block: QTextBlock) -> int:
    return block.position()


def _state_before(block: QTextBlock) -> State:
    return State(max(block.previous().userState(), 0)) if block.previous().isValid() else State.TEXT


def _ranges(
    line: Line, text: str, formats: Formats, *, near: bool
) -> list[QTextLayout.FormatRange]:
    wide = not text.isascii() and max(text) > "\uffff"
    return [
        _range(_in_utf16(span, text) if wide else span, formats, line.level, near=near)
        for span in line.spans
    ]


def _range(span: Span, formats: Formats, level: int, *, near: bool) -> QTextLayout.FormatRange:
    made = QTextLayout.FormatRange()
    made.start = span.start
    made.length = span.end - span.start
    made.format = formats.character(span.role, level, near=near)
    return made


def _in_utf16(span: Span, text: str) -> Span:
    start = len(text[: span.start].encode("utf-16-le")) // 2
    return Span(start, start + len(text[span.start : span.end].encode("utf-16-le")) // 2, span.role)


def _around(
    ranges: list[QTextLayout.FormatRange], at: int, length: int
) -> list[QTextLayout.FormatRange]:
    """Make room in ``ranges`` for what an input method composes at ``at``."""
    for found in ranges:
        if found.start >= at:
            found.start += length
        elif found.start + found.length > at:
            found.length += length
    return ranges
