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
from writer_app.ui.editor import keys
from writer_app.ui.editor.highlight import Highlighter
from writer_app.ui.editor.spans import difference


class Mirror:
    """The two-way tie between a manuscript and the Qt document that shows it.

    Args:
        told: Called with each change once both texts have it.

    Attributes:
        quiet: The widget is being changed to follow the manuscript.
        by_hand: What happens now is the writer's doing.
    """

    def __init__(self, manuscript: Document, told: Callable[[Change], None]) -> None:
        self._manuscript = manuscript
        self._told = told
        self._shown = QTextDocument()
        self._highlighter: Highlighter | None = None
        self._origin = Origin.TYPED
        self._feeding = False  # the manuscript is being changed to follow the widget
        self._hand = False
        self._changed_kinds: list[QTextBlock] = []
        self._broken: tuple[int, int, str] | None = None
        self.quiet = False
        self.stop = manuscript.subscribe(self._follow)

    @property
    def by_hand(self) -> bool:
        """Whether the change under way is the writer's."""
        return self._feeding or self._hand

    def watch(self, shown: QTextDocument, highlighter: Highlighter) -> None:
        """Tie this Qt document, which holds the manuscript's text already."""
        self._shown, self._highlighter = shown, highlighter
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
                cursor = QTextCursor(self._shown)
                cursor.setPosition(start)
                end = start + keys.utf16_length(change.removed)
                cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
                keys.insert(cursor, change.inserted)
        self._told(change)

    def _on_contents_change(self, position: int, removed: int, added: int) -> None:
        if not self.quiet:
            self._feed(position, removed, added)
        if self._highlighter:
            self._changed_kinds += self._highlighter.read(position, added)

    def _on_contents_changed(self) -> None:
        """The layout is done: now the widget may be changed again."""
        broken, self._broken = self._broken, None
        if broken:
            with self.quietly():
                self._repair(*broken)
        blocks, self._changed_kinds = self._changed_kinds, []
        if blocks and self._highlighter:
            with self.quietly():
                self._highlighter.set_kinds(blocks)

    def _feed(self, position: int, removed: int, added: int) -> None:
        """Give the document what the widget's text has become between these places.

        Qt may report more than has changed (a format, a whole block, the final separator too): what is
        the same is trimmed, and nothing that is no change of the text gets through.
        """
        document = self._manuscript
        old_start = document.from_utf16(min(position, document.utf16_offset(document.length)))
        start = document.utf16_offset(
            old_start
        )  # the pair's start, where Qt's place is inside a pair
        old_limit = document.utf16_offset(document.length)
        old_stop = min(position + removed, old_limit)
        old_end = document.from_utf16(old_stop)
        if document.utf16_offset(old_end) < old_stop:
            old_end += 1
        stop = max(
            start, self._shown.characterCount() - 1 - (old_limit - document.utf16_offset(old_end))
        )
        cursor = QTextCursor(self._shown)
        cursor.setPosition(start)
        cursor.setPosition(stop, QTextCursor.MoveMode.KeepAnchor)
        found = cursor.selectedText()
        new = keys.clean(found)
        if len(new) != len(found) or keys.utf16_length(found) != stop - start:
            self._broken = (start, stop, new)
        head, gone, come = difference(document.text[old_start:old_end], new)
        at = old_start + head
        if gone or come:
            self._feeding = True
            try:
                document.replace(at, at + len(gone), come, origin=self._origin)
            finally:
                self._feeding = False

    def _repair(self, start: int, stop: int, text: str) -> None:
        """Half a surrogate pair or the like is in the widget (an input method cut it): set it right.

        The document never sees it, and on the way out of Qt such a half is lost without a sign.
        """
        cursor = QTextCursor(self._shown)
        cursor.setPosition(start)
        cursor.setPosition(stop, QTextCursor.MoveMode.KeepAnchor)
        keys.insert(cursor, text)
