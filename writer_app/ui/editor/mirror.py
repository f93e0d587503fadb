"""Keeping the widget's text and the manuscript one text.

There are two directions, and a flag tells them apart. What the writer does to the widget is found out
from ``contentsChange`` and fed to the manuscript; what happens to the manuscript (undo, text of a model,
a replacement) is told by its listener and mirrored into the widget. A listener of the manuscript must not
change it again at once: the widget would be one change behind.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtGui import QTextBlock, QTextCursor, QTextDocument

from writer_app.story.changes import Change, Origin
from writer_app.story.document import Document
from writer_app.text.difference import difference
from writer_app.ui.editor import keys
from writer_app.ui.editor.highlight import Highlighter
from writer_app.ui.editor.pieces import Pieces, cuts_in, is_long, is_long_no_more


class Mirror:
    """The two-way tie between a manuscript and the Qt document that shows it.

    Args:
        told: Called with each change once both texts have it.

    Attributes:
        quiet: The widget is being changed to follow the manuscript.
        by_hand: What happens now is the writer's doing.
        pieces: Where the widget's text has breaks that the manuscript has not.
    """

    def __init__(self, manuscript: Document, told: Callable[[Change], None]) -> None:
        self._manuscript = manuscript
        self._told = told
        self._shown = QTextDocument()
        self._highlighter: Highlighter | None = None
        self._origin = Origin.TYPED
        self._dressing = False  # paragraphs get their looks, and no text is changed
        self._feeding = False  # the manuscript is being changed to follow the widget
        self._hand = False
        self._changed_kinds: list[QTextBlock] = []
        self._broken: tuple[int, int, str] | None = None
        self._changed: tuple[int, int] | None = None
        self.quiet = False
        self.pieces = Pieces()
        self.stop = manuscript.subscribe(self._follow)

    @property
    def by_hand(self) -> bool:
        """Whether the change under way is the writer's."""
        return self._feeding or self._hand

    def watch(self, shown: QTextDocument, highlighter: Highlighter) -> None:
        """Tie this Qt document, which holds the manuscript's text already."""
        self._shown, self._highlighter = shown, highlighter
        self.pieces = highlighter.pieces
        shown.contentsChange.connect(self._on_contents_change)
        shown.contentsChanged.connect(self._on_contents_changed)

    @contextmanager
    def quietly(self) -> Iterator[None]:
        """What is done to the widget meanwhile is no change of the writer's."""
        before, self.quiet = self.quiet, True
        try:
            yield
        finally:
            self.quiet = before

    @contextmanager
    def as_hand(self) -> Iterator[None]:
        """What is done to the manuscript meanwhile is the writer's doing."""
        before, self._hand = self._hand, True
        try:
            yield
        finally:
            self._hand = before

    @contextmanager
    def step_of(self, origin: Origin) -> Iterator[None]:
        """What the writer does to the widget meanwhile has this origin and is a step by itself."""
        self._manuscript.break_group()
        self._origin = origin
        try:
            yield
        finally:
            self._origin = Origin.TYPED
            self._manuscript.break_group()

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Lay out only once for all that happens to the manuscript meanwhile."""
        cursor = QTextCursor(self._shown)
        cursor.beginEditBlock()
        try:
            yield
        finally:
            with self.quietly():
                cursor.endEditBlock()

    def _follow(self, change: Change) -> None:
        """The manuscript changed: mirror it, unless the widget is where it came from."""
        if not self._feeding:
            with self.quietly():
                start = self._manuscript.utf16_offset(change.offset)
                removed = keys.utf16_length(change.removed)
                first, last = self.pieces.span(start, start + removed)
                self.pieces.edit(first, last, keys.utf16_length(change.inserted) - removed)
                cursor = QTextCursor(self._shown)
                cursor.setPosition(first)
                cursor.setPosition(last, QTextCursor.MoveMode.KeepAnchor)
                keys.insert(cursor, change.inserted)
        self._told(change)

    def _on_contents_change(self, position: int, removed: int, added: int) -> None:
        # Reading the lines again, which finds more to dress, would go as deep as a long paste has lines.
        if self._dressing:
            return
        if not self.quiet:
            self._feed(position, removed, added)
        if self._highlighter:
            self._changed_kinds += self._highlighter.read(position, added)
        self._changed = (position, position + added)

    def _on_contents_changed(self) -> None:
        """The layout is done: now the widget may be changed again."""
        broken, self._broken = self._broken, None
        if broken:
            with self.quietly():
                self._repair(*broken)
        changed, self._changed = self._changed, None
        if changed:
            self._keep_in_pieces(*changed)
        blocks, self._changed_kinds = self._changed_kinds, []
        if blocks and self._highlighter:
            self._dressing = True
            try:
                with self.quietly():
                    self._highlighter.set_kinds(blocks)
            finally:
                self._dressing = False

    def _feed(self, position: int, removed: int, added: int) -> None:
        """Give the document what the widget's text has become between these places.

        Qt may report more than has changed (a format, a whole block, the final separator too): what is
        the same is trimmed, and nothing that is no change of the text gets through.
        """
        document, pieces = self._manuscript, self.pieces
        limit = document.utf16_offset(document.length) + len(pieces)
        first = self._whole(min(position, limit))
        last = self._whole(min(position + removed, limit), up=True)
        stop = max(first, self._shown.characterCount() - 1 - (limit - last))
        cursor = QTextCursor(self._shown)
        cursor.setPosition(first)
        cursor.setPosition(stop, QTextCursor.MoveMode.KeepAnchor)
        found = cursor.selectedText()
        new = keys.clean(found)
        if len(new) != len(found) or keys.utf16_length(found) != stop - first:
            self._broken = (first, stop, new)
        at = document.from_utf16(pieces.units(first))
        old = document.text[at : document.from_utf16(pieces.units(last))]
        breaks = []  # of ``old`` as it was shown, those that are no newlines
        for number, cut in enumerate(pieces.within(first, last)):
            breaks.append(document.from_utf16(cut) - at + number)
            old = f"{old[: breaks[-1]]}\n{old[breaks[-1] :]}"
        head, shown, come = difference(old, new)
        inside = [place - head for place in breaks if head <= place < head + len(shown)]
        gone = "".join(char for place, char in enumerate(shown) if place not in inside)
        at += head - sum(place < head for place in breaks)
        head_end = first + keys.utf16_length(old[:head])
        grown = keys.utf16_length(come) - keys.utf16_length(gone)
        pieces.edit(head_end, head_end + keys.utf16_length(shown), grown)
        if gone or come:
            self._feeding = True
            try:
                document.replace(at, at + len(gone), come, origin=self._origin)
            finally:
                self._feeding = False

    def _whole(self, position: int, *, up: bool = False) -> int:
        """Qt's position, or the edge of the surrogate pair it is inside of."""
        units = self.pieces.units(position)
        inside = self._manuscript.utf16_offset(self._manuscript.from_utf16(units)) < units
        return position + inside if up else position - inside

    def _repair(self, start: int, stop: int, text: str) -> None:
        """Half a surrogate pair or the like is in the widget (an input method cut it): set it right.

        The document never sees it, and on the way out of Qt such a half is lost without a sign.
        """
        cursor = QTextCursor(self._shown)
        cursor.setPosition(start)
        cursor.setPosition(stop, QTextCursor.MoveMode.KeepAnchor)
        keys.insert(cursor, text)

    def _keep_in_pieces(self, first: int, last: int) -> None:
        """After a change there: cut what became too long, join what needs no cut any more."""
        useless = self._useless_cuts(first, last) if self.pieces else ()
        too_long = self._too_long(first, last)
        if not (useless or too_long):
            return
        cursor = QTextCursor(self._shown)
        cursor.beginEditBlock()
        for cut in useless:
            cursor.setPosition(self.pieces.drop(cut))
            cursor.deleteChar()
        for block in self._too_long(first, last) if useless else too_long:
            text, begin = block.text(), self.pieces.units(block.position())
            for place in cuts_in(text):
                cursor.setPosition(self.pieces.add(begin + keys.utf16_length(text[:place])))
                cursor.insertBlock()
        with self.quietly():
            cursor.endEditBlock()

    def _useless_cuts(self, first: int, last: int) -> list[int]:
        """Cuts at the end of a line, and all those of a paragraph much shorter than the longest."""
        document = self._manuscript
        text = document.text
        start = text.rfind("\n", 0, document.from_utf16(self.pieces.units(first))) + 1
        end = text.find("\n", document.from_utf16(self.pieces.units(last)))
        end = len(text) if end < 0 else end
        around = self.pieces.within(
            self.pieces.position(document.utf16_offset(start)) - 1,
            self.pieces.position(document.utf16_offset(end)) + 1,
        )
        if is_long_no_more(end - start):
            return around
        return [cut for cut in around if not _is_inside(text, document.from_utf16(cut))]

    def _too_long(self, first: int, last: int) -> list[QTextBlock]:
        found = []
        block = self._shown.findBlock(first)
        while block.isValid() and block.position() <= last:
            if is_long(block.length() - 1):
                found.append(block)
            block = block.next()
        return found


def _is_inside(text: str, at: int) -> bool:
    """Whether a line has something on both sides of this place."""
    return 0 < at < len(text) and "\n" not in text[at - 1 : at + 1]
