"""Who wrote what: the origin of every stretch of a text, kept through edits, undo and redo.

It reads the same records that undo does, so that it can be made anew from any log. Text that an edit removes
and undo brings back is still whose it was. Text of a model that a person has changed inside is marked so.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from writer_app.story.changes import Change, ChangeLog, Origin
from writer_app.story.records import Header, Run


class Authored(NamedTuple):
    """A stretch of the text that came from one origin.

    Attributes:
        start: Code points; ``end`` is behind the last of them.
        source: The request that a model answered with it.
        edited: A person has changed it since.
    """

    start: int
    end: int
    origin: Origin
    source: str
    edited: bool


class _Patch(NamedTuple):
    """From the run number ``at`` on, ``before`` became ``after``."""

    at: int
    before: list[Run]
    after: list[Run]

    def inverse(self) -> "_Patch":
        return _Patch(self.at, self.after, self.before)


class Ledger:
    """The origins of a text, from its beginning through its changes.

    Args:
        base: The origins of the text before the first change.
    """

    def __init__(self, base: Iterable[Run] = ()) -> None:
        self._runs = list(base)
        self._done: list[_Patch] = []
        self._undone: list[_Patch] = []

    @classmethod
    def of(cls, header: Header, changes: Iterable[Change] = ()) -> "Ledger":
        """The origins of what ``changes`` make of a log's beginning, which is imported where nobody knows."""
        known = header.authors or ((len(header.base), Origin.IMPORTED.value, "", False),)
        made = cls(known)
        for change in changes:
            made.follow(change)
        return made

    @property
    def runs(self) -> tuple[Run, ...]:
        """All stretches in order, as a log's beginning holds them."""
        joined = list[Run]()
        for length, origin, source, edited in self._runs:
            before = joined.pop()[0] if joined and joined[-1][1:] == (origin, source, edited) else 0
            if before + length:
                joined.append((before + length, origin, source, edited))
        return tuple(joined)

    @property
    def spans(self) -> Iterator[Authored]:
        """All stretches with their places."""
        place = 0
        for length, origin, source, edited in self.runs:
            yield Authored(place, place + length, Origin(origin), source, edited)
            place += length

    def answer_at(self, offset: int) -> Authored | None:
        """The answer of a model that the place lies in or at an edge of, from its first word that is left to its last.

        What a person has put into it is in it too. ``None`` where none is.
        """
        spans = tuple(each for each in self.spans if each.source)
        here = [each for each in spans if each.start <= offset <= each.end]
        if not here:
            return None
        own = [each for each in spans if each.source == here[0].source]
        return here[0]._replace(start=own[0].start, end=own[-1].end)

    def follow(self, change: Change) -> None:
        """Take the next change into account.

        Undo and redo must come as the log tells them, one record for each that it takes back or repeats.

        Raises:
            ValueError: For an undo or redo that fits no earlier change.
        """
        if change.kind == "do":
            self._undone.clear()
            self._done.append(self._make(change))
        elif change.kind == "undo":
            _move(self._done, self._undone)
            self._apply(self._undone[-1].inverse())
        else:
            _move(self._undone, self._done)
            self._apply(self._done[-1])

    def copy(self) -> "Ledger":
        """Another one that goes its own way from here."""
        made = Ledger(self._runs)
        made._done, made._undone = self._done.copy(), self._undone.copy()
        return made

    def _make(self, change: Change) -> _Patch:
        """Replace the runs that ``change`` touches by what is left of them and what is new."""
        end = change.offset + len(change.removed)
        index, place = 0, 0
        while index < len(self._runs) and place + self._runs[index][0] < change.offset:
            place += self._runs[index][0]
            index += 1
        before, left, right = list[Run](), list[Run](), list[Run]()
        while index + len(before) < len(self._runs) and place <= end:
            run = self._runs[index + len(before)]
            before.append(run)
            stop = place + run[0]
            inside = place < end and change.offset < stop
            rest = _touched(run, change) if inside else run
            if place < change.offset:
                left.append((min(stop, change.offset) - place, *rest[1:]))
            if stop > end:
                right.append((stop - max(place, end), *rest[1:]))
            place = stop
        new = [(len(change.inserted), change.origin.value, change.source, False)]
        patch = _Patch(index, before, left + (new if change.inserted else []) + right)
        self._apply(patch)
        return patch

    def _apply(self, patch: _Patch) -> None:
        self._runs[patch.at : patch.at + len(patch.before)] = patch.after


def _touched(run: Run, change: Change) -> Run:
    """What is left of a run in which something was changed."""
    length, origin, source, edited = run
    by_person = change.origin is not Origin.MODEL
    return length, origin, source, edited or (by_person and origin == Origin.MODEL.value)


def _move(source: list[_Patch], target: list[_Patch]) -> None:
    if not source:
        raise ValueError("an undo or redo that fits no earlier change")
    target.append(source.pop())


class Authors:
    """The origins of a document's text, kept up with its log as they are asked for.

    Args:
        header: How the log begins.
        log: The log; its last record may still grow, so that it is taken into account anew each time.
    """

    def __init__(self, header: Header, log: ChangeLog) -> None:
        self._log = log
        self._settled = Ledger.of(header)
        self._count = 0

    def now(self) -> Ledger:
        """The origins of the text as it is."""
        records = self._log.records
        for change in records[self._count : -1]:
            self._settled.follow(change)
        self._count = max(self._count, len(records) - 1)
        made = self._settled.copy()
        for change in records[self._count :]:
            made.follow(change)
        return made
