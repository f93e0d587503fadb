"""Several texts as one: what is done to the whole is done to each of them, in its own log.

The whole is a document that belongs to no file. Its text is the texts one after the other; one that does not end its
last line is given a line end there, which is no part of it as long as nothing is written behind it. Each text is told
of the changes within its borders, so that journal, undo after a restart, authorship and saving are those of its file.
A step that is taken back in the whole is taken back in the texts: what was deleted comes back as whose it was.
"""

import contextlib
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import partial

import msgspec

from writer_app.story.changes import Change, Origin
from writer_app.story.document import Document
from writer_app.story.records import Note
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
        # The last one needs no line end behind it; an empty one gets a line to be written on.
        self._lent = [not text.endswith("\n") for text in texts[:-1]] + [False]
        slices = [text + "\n" * lent for text, lent in zip(texts, self._lent, strict=True)]
        self.whole = Document("".join(slices))
        self.whole.read_only = next((part.read_only for part in self.parts if part.read_only), None)
        self._borders = _sums(slices)
        # The undo group of a part that one of the whole has become; and which parts have text of a request, and
        # what there is to tell of it.
        self._groups: dict[tuple[int, int], int] = {}
        self._answered: defaultdict[str, set[int]] = defaultdict(set)
        self._notes: defaultdict[str, list[Note]] = defaultdict(list)
        # Where borders stood in states that undo and redo come back to, and what the text was then.
        self._known: dict[int, tuple[object, int, tuple[int, ...]]] = {}
        self._is_telling = False
        self._note()
        self._ways_out = [
            self.whole.subscribe(self._on_whole),
            self.whole.subscribe_notes(self._on_note),
        ]
        self._parts_out = [
            part.subscribe(partial(self._on_part, number)) for number, part in enumerate(self.parts)
        ]

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

    def exchange(self, number: int, part: Document) -> None:
        """Let another document take the place of a part: its file was opened anew."""
        self._parts_out[number]()
        self.parts = (*self.parts[:number], part, *self.parts[number + 1 :])
        self._groups = {key: group for key, group in self._groups.items() if key[0] != number}
        self._take_over(number, Origin.IMPORTED)
        self._parts_out[number] = part.subscribe(partial(self._on_part, number))

    def leave(self) -> None:
        """Follow changes no more."""
        for out in (*self._ways_out, *self._parts_out):
            out()

    # -- inside ---------------------------------------------------------------------------------

    def _on_whole(self, change: Change) -> None:
        if self._is_telling:
            return
        self._borders = self._moved(change)
        if change.kind == "do":
            self._note()
        else:
            # The log is at the end of the step already, the text comes there with the last change of it.
            _state, text, borders = self._known[id(self.whole.log.state)]
            if text != hash(self.whole.text):
                return
            self._borders = borders
        with self._telling():
            for number, part in enumerate(self.parts):
                self._bring(number, part, change)

    def _moved(self, change: Change) -> tuple[int, ...]:
        """The borders after a change; what is inserted at one, or over one, belongs to what follows it."""
        start, end = change.offset, change.offset + len(change.removed)
        by = len(change.inserted) - len(change.removed)
        moved = [self._borders[0]]
        for border in self._borders[1:-1]:
            moved.append(border + by if border >= end and border > start else min(border, start))
        return (*moved, self._borders[-1] + by)

    def _bring(self, number: int, part: Document, change: Change) -> None:
        """Make a part say what stands within its borders."""
        start, end = self.span(number)
        wanted = self.whole.text[start:end]
        if self._lent[number] and wanted.endswith("\n"):
            wanted = wanted[:-1]
        if wanted == part.text:
            return
        key = number, change.group
        if change.kind != "do" and part.log.group_of_next(change.kind) == self._groups.get(key, -1):
            (part.undo if change.kind == "undo" else part.redo)()
        if wanted == part.text:
            return
        offset, gone, come = difference(part.text, wanted)
        if key not in self._groups or change.kind != "do":
            self._groups[key] = part.open_group()
        part.replace(
            offset,
            offset + len(gone),
            come,
            origin=change.origin,
            group=self._groups[key],
            source=change.source,
        )
        self._note_answer(number, change.source)

    def _on_part(self, number: int, change: Change) -> None:
        """A part was changed by itself: its file was read again, for example."""
        if not self._is_telling:
            self._take_over(number, change.origin, change.group)

    def _take_over(self, number: int, origin: Origin, group: int = -1) -> None:
        """Make the whole say what a part says."""
        start, end = self.span(number)
        own = self.whole.text[start:end]
        wanted = self.parts[number].text + "\n" * (self._lent[number] and own.endswith("\n"))
        if wanted == own:
            return
        offset, gone, come = difference(own, wanted)
        at = start + offset
        by = len(come) - len(gone)
        self._borders = tuple(
            border + by if place > number else border for place, border in enumerate(self._borders)
        )
        ours = self.whole.open_group()
        if group >= 0:
            self._groups[number, ours] = group
        # Another part may be for reading only.
        read_only, self.whole.read_only = self.whole.read_only, None
        with self._telling():
            self.whole.replace(at, at + len(gone), come, origin=origin, group=ours)
        self.whole.read_only = read_only
        self._note()

    def _on_note(self, note: Note) -> None:
        """Keep what is to be kept beside the whole with the parts that it is about."""
        if note.has_place:
            start, end = note.data["span"]
            number = self.part_at(start)
            first, last = self.span(number)
            span = [start - first, min(end, last) - first]
            self.parts[number].annotate(
                msgspec.structs.replace(note, data=note.data | {"span": span})
            )
        elif source := str(note.data.get("id", "")).partition("/")[0]:
            self._notes[source].append(note)
            for number in self._answered[source]:
                self.parts[number].annotate(note)
        else:
            for part in self.parts:
                part.annotate(note)

    def _note_answer(self, number: int, source: str) -> None:
        """A part has text of a request now."""
        if source and number not in self._answered[source]:
            self._answered[source].add(number)
            for note in self._notes[source]:
                self.parts[number].annotate(note)

    @contextlib.contextmanager
    def _telling(self) -> Iterator[None]:
        """While what is done follows from what was done already."""
        self._is_telling = True
        try:
            yield
        finally:
            self._is_telling = False

    def _note(self) -> None:
        state = self.whole.log.state
        self._known[id(state)] = state, hash(self.whole.text), self._borders


def _sums(texts: Sequence[str]) -> tuple[int, ...]:
    sums = [0]
    for text in texts:
        sums.append(sums[-1] + len(text))
    return tuple(sums)
