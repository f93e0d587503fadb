"""Several texts as one: what is done to the whole is done to each of them, in its own log.

The whole is a document that belongs to no file. Its text is the texts one after the other; one that does not end its
last line is given a line end there, which is no part of it as long as nothing is written behind it. Each text is told
of the changes within its borders, so that journal, undo after a restart, authorship and saving are those of its file.
"""

from bisect import bisect_right
from collections.abc import Sequence
from functools import partial

from writer_app.story.changes import Change
from writer_app.story.document import Document
from writer_app.text.difference import difference


class Joined:
    """Joins documents.

    Args:
        parts: In reading order, at least one. All of their later changes must come through this, or through the
            parts themselves; both are followed.

    Attributes:
        parts: The documents.
        whole: All of them as one; for reading only where one of them is.
    """

    def __init__(self, parts: Sequence[Document]) -> None:
        self.parts = tuple(parts)
        texts = [part.text for part in self.parts]
        # The last one needs no line end behind it.
        self._lent = [not text.endswith("\n") and bool(text) for text in texts[:-1]] + [False]
        slices = [text + "\n" * lent for text, lent in zip(texts, self._lent, strict=True)]
        self.whole = Document("".join(slices))
        self.whole.read_only = next((part.read_only for part in self.parts if part.read_only), None)
        self._borders = _sums(slices)
        self._groups: dict[tuple[int, int, str], int] = {}
        # Where borders stood in states that undo and redo come back to, and what the text was then.
        self._known: dict[int, tuple[object, int, tuple[int, ...]]] = {}
        self._is_telling = False
        self._note()
        self._ways_out = [self.whole.subscribe(self._on_whole)]
        for number, part in enumerate(self.parts):
            self._ways_out.append(part.subscribe(partial(self._on_part, number)))

    @property
    def borders(self) -> tuple[int, ...]:
        """Offsets in the whole (code points) at which texts begin, but for the first."""
        return self._borders[1:-1]

    def span(self, number: int) -> tuple[int, int]:
        """Where a part, counted from 0, stands in the whole."""
        return self._borders[number], self._borders[number + 1]

    def part_at(self, offset: int) -> int:
        """The number of the part that the place belongs to; between two it is the latter's."""
        found = bisect_right(self._borders, offset) - 1
        return min(found, len(self.parts) - 1)

    def leave(self) -> None:
        """Follow changes no more."""
        for out in self._ways_out:
            out()

    # -- inside ---------------------------------------------------------------------------------

    def _on_whole(self, change: Change) -> None:
        if self._is_telling:
            return
        known = self._known.get(id(self.whole.log.state))
        text = self.whole.text
        if change.kind != "do" and known and known[1] == hash(text):
            self._borders = known[2]
        else:
            self._borders = self._moved(change)
            self._note()
        self._is_telling = True
        for number, part in enumerate(self.parts):
            self._bring(number, part, change)
        self._is_telling = False

    def _moved(self, change: Change) -> tuple[int, ...]:
        """The borders after a change; what is inserted at one belongs to what follows it."""
        start, end = change.offset, change.offset + len(change.removed)
        by = len(change.inserted) - len(change.removed)
        moved = [self._borders[0]]
        for border in self._borders[1:-1]:
            if border <= start:
                moved.append(border)
            elif border >= end and border > start:
                moved.append(border + by)
            else:  # within what is gone
                moved.append(start + len(change.inserted))
        return (*moved, self._borders[-1] + by)

    def _bring(self, number: int, part: Document, change: Change) -> None:
        """Make a part say what stands within its borders."""
        start, end = self.span(number)
        wanted = self.whole.text[start:end]
        if self._lent[number] and wanted.endswith("\n"):
            wanted = wanted[:-1]
        if wanted == part.text:
            return
        offset, gone, come = difference(part.text, wanted)
        key = number, change.group, change.kind
        if key not in self._groups:
            self._groups[key] = part.open_group()
        part.replace(
            offset,
            offset + len(gone),
            come,
            origin=change.origin,
            group=self._groups[key],
            source=change.source,
        )

    def _on_part(self, number: int, change: Change) -> None:
        """A part was changed by itself: its file was read again, for example."""
        if self._is_telling:
            return
        start, end = self.span(number)
        own = self.whole.text[start:end]
        wanted = self.parts[number].text + "\n" * (self._lent[number] and own.endswith("\n"))
        offset, gone, come = difference(own, wanted)
        at = start + offset
        by = len(come) - len(gone)
        self._borders = tuple(
            border + by if place > number else border for place, border in enumerate(self._borders)
        )
        self._is_telling = True
        group = self.whole.open_group()
        self.whole.replace(at, at + len(gone), come, origin=change.origin, group=group)
        self._is_telling = False
        self._note()

    def _note(self) -> None:
        state = self.whole.log.state
        self._known[id(state)] = state, hash(self.whole.text), self._borders


def _sums(texts: Sequence[str]) -> tuple[int, ...]:
    sums = [0]
    for text in texts:
        sums.append(sums[-1] + len(text))
    return tuple(sums)
