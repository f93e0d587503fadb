"""Marks that a rewriting lost, put back at the words that are still there.

Where two neighbouring words stayed neighbours, what stands between them is taken from the original as it is. That
brings back marks, indentation, scene breaks and blank lines, down to the last space. Elsewhere a mark is placed by
the words that it was around; one that has none left is told as lost.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from writer_app.text.alignment import aligned
from writer_app.text.marks import BREAK, Mark, Marked, ends_paragraph, lines, marked


@dataclass(frozen=True)
class Restored:
    """A rewritten text with the formatting of its original.

    Attributes:
        text: The candidate with the marks that it lacked.
        lost: Marks that could not be placed, as they stood in the original: ``*never*``, ``[^3]``, ``[here](x)``.
    """

    text: str
    lost: tuple[str, ...]


def restore(original: str, candidate: str) -> Restored:
    """``candidate`` with the marks of ``original`` that it lost; those it has stay as they are."""
    old, new = marked(original), marked(candidate)
    if all(word == BREAK for word in new.words):
        told = [_told(old, mark) for mark in old.marks]
        return Restored(candidate, tuple(each for each in told if each not in candidate))
    matching = _Matching(old, new)
    kept, placed = _sorted_out(matching)
    text = _composed(matching, kept, placed)
    if not _sound(text, matching, placed):
        text, placed = _one_by_one(matching, kept, placed)
        if placed:
            # What could not be placed together with these may have its place beside them.
            return restore(original, text)
    there = {mark.at for mark in (*kept, *placed)}
    lost = [(mark.at, _told(old, mark)) for mark in old.marks if mark.at not in there]
    return Restored(text, tuple(told for _, told in sorted([*lost, *_lost_lines(matching)])))


def _told(old: Marked, mark: Mark) -> str:
    return old.text[mark.at : mark.last + len(mark.closing)]


class _Spot(NamedTuple):
    """Where a mark goes in the candidate, as items; ``left``: behind the item before it, not before the next."""

    start: int
    end: int
    left: bool = True


@dataclass
class _Matching:
    """Original and candidate, and which items of them belong together."""

    old: Marked
    new: Marked
    places: list[int] = field(init=False)
    back: dict[int, int] = field(init=False)
    style: str = field(init=False)

    def __post_init__(self) -> None:
        # The ends belong together, whatever is between them.
        inner = aligned(self.old.words[1:-1], self.new.words[1:-1])
        last = len(self.new.words) - 1
        self.places = [0, *(place + 1 if place >= 0 else -1 for place in inner), last]
        self.back = {there: here for here, there in enumerate(self.places) if there >= 0}
        within = range(1, len(self.old.items) - 1)
        breaks = {self.old.item(at) for at in within if self.old.words[at] == BREAK}
        blank = {each for each in breaks if each.isspace()}
        self.style = blank.pop() if len(blank) == 1 else ""

    def between(self, at: int) -> str:
        """What stands at a line break of the candidate, put right."""
        own = self.new.item(at)
        # In a line without words, nobody could say whose the white space is.
        if BREAK in (*self.new.words[max(at - 1, 0) : at], *self.new.words[at + 1 : at + 2]):
            return own
        if at not in self.back:
            return self.style if self.style and own.isspace() else own
        meant = self.old.item(self.back[at])
        more = Counter("".join(own.split())) - Counter("".join(meant.split()))
        return own if more else meant

    def region(self, mark: Mark) -> tuple[int, int]:
        """Items of the candidate between the nearest that stayed before the mark's words and behind them."""
        before, behind = mark.start - 1, mark.end
        while self.places[before] < 0:
            before -= 1
        while self.places[behind] < 0:
            behind += 1
        return self.places[before] + 1, self.places[behind]

    def spot(self, mark: Mark) -> _Spot | None:
        """Where the mark belongs in the candidate; None if nothing is left that it could stand at."""
        return self._around(mark) if mark.start < mark.end else self._beside(mark.start)

    def _around(self, mark: Mark) -> _Spot | None:
        stayed = [at for at in range(mark.start, mark.end) if self.places[at] >= 0]
        words = self.old.words
        said = any(word[0].isalnum() for word in words[mark.start : mark.end])
        if not stayed or (said and not any(words[at][0].isalnum() for at in stayed)):
            return None
        start, end = self.places[stayed[0]], self.places[stayed[-1]] + 1
        low, high = self.region(mark)
        # What stands instead of the first or last of its words is marked like them.
        if stayed[0] > mark.start and self.places[mark.start - 1] >= 0:
            start = low
        if stayed[-1] < mark.end - 1 and self.places[mark.end] >= 0:
            end = high
        return _Spot(start, end)

    def _beside(self, at: int) -> _Spot | None:
        """Between the same two words, or next to the nearest that stayed in the line."""
        first, last = at - 1, at
        while self.old.words[first] != BREAK:
            first -= 1
        while self.old.words[last] != BREAK:
            last += 1
        for here in (at - 1, at, *range(at - 2, first, -1), *range(at + 1, last)):
            there = self.places[here]
            if there >= 0:
                left = here < at
                return _Spot(there + left, there + left, left)
        return None


def _sorted_out(matching: _Matching) -> tuple[dict[Mark, Mark], dict[Mark, _Spot]]:
    """Marks of the original that the candidate has, with its own; and those to be placed."""
    spots = {mark: matching.spot(mark) for mark in matching.old.marks}
    spare = list(matching.new.marks)
    kept: dict[Mark, Mark] = {}
    # First what stands exactly where it belongs, so that nothing else is taken for it.
    for fits in (_exactly, _roughly):
        for mark, spot in spots.items():
            found = next((each for each in spare if fits(matching, mark, spot, each)), None)
            if mark not in kept and found:
                kept[mark] = found
                spare.remove(found)
    placed = {
        mark: spot
        for mark, spot in spots.items()
        if spot and mark not in kept and _free(matching, spot)
    }
    return kept, placed


def _exactly(_: _Matching, mark: Mark, spot: _Spot | None, own: Mark) -> bool:
    return spot is not None and own[2:4] == mark[2:4] and own[:2] == spot[:2]


def _roughly(matching: _Matching, mark: Mark, _: _Spot | None, own: Mark) -> bool:
    """Whether it is the same target or note anywhere, or the same stress about where it was."""
    if own.kind != mark.kind:
        return False
    low, high = matching.region(mark)
    return mark.opening[0] in "[!<" or (own.start < high and low < own.end)


def _free(matching: _Matching, spot: _Spot) -> bool:
    """Whether marks at this place end in their paragraph and cross no others."""
    inside = range(spot.start, spot.end)
    return not any(
        matching.new.words[at] == BREAK and ends_paragraph(matching.between(at)) for at in inside
    ) and not any(
        spot.start < own.start < spot.end < own.end or own.start < spot.start < own.end < spot.end
        for own in matching.new.marks
    )


class _End(NamedTuple):
    """One end of a mark of the original; ``side``: of those in a gap first what ends, last what begins."""

    at: int
    text: str
    side: int


def _composed(matching: _Matching, kept: dict[Mark, Mark], placed: dict[Mark, _Spot]) -> str:
    """The candidate with these marks, and between words that stayed neighbours what was there."""
    new = matching.new
    added, had = _ends(placed), _ends(kept)
    own = Counter(gap for mark in new.marks for gap in (mark.start, mark.end)[: 1 + bool(mark.closing)])  # fmt: skip
    originally = _ends({mark: mark for mark in matching.old.marks})
    closed = {
        mark.end: mark.last + len(mark.closing)
        for mark in sorted(new.marks, key=lambda mark: mark.last)
        if mark.closing
    }
    parts = [matching.between(0)]
    for at in range(1, len(new.items)):
        here = matching.back.get(at, -1)
        ends = {end.at: end.text for end in (*added[at], *had[at])}
        before = originally[here] if here > 0 else []
        neighbours = here > 0 and matching.back.get(at - 1, -1) == here - 1
        if neighbours and len(had[at]) == own[at] and ends.keys() <= {end.at for end in before}:
            parts += _as_it_was(matching.old, here, before, ends)
        else:
            start, end = new.gap(at)
            middle = closed.get(at, start)
            parts += [each.text for each in sorted(added[at]) if each.side == 0]
            parts.append(new.text[start:middle])
            for each in sorted(added[at]):
                if each.side == 1:
                    spaced = new.words[at - 1] != BREAK and matching.old.text[each.at - 1] == " "
                    parts.append(" " * spaced + each.text)
            parts.append(new.text[middle:end])
            parts += [each.text for each in sorted(added[at]) if each.side == 2]
        parts.append(matching.between(at) if new.words[at] == BREAK else new.item(at))
    return "".join(parts)


def _ends(marks: Mapping[Mark, Mark | _Spot]) -> defaultdict[int, list[_End]]:
    """The ends of marks of the original by the gap that they go to, as they are or as another mark has them."""
    ends: defaultdict[int, list[_End]] = defaultdict(list)
    for mark, to in marks.items():
        like = to if isinstance(to, Mark) else mark
        left = to.left if isinstance(to, _Spot) else True
        alone = mark.start == mark.end
        ends[to.start].append(_End(mark.at, like.opening, 1 if alone and left else 2))
        if not alone:
            ends[to.end].append(_End(mark.last, like.closing, 0))
    return ends


def _as_it_was(old: Marked, at: int, before: list[_End], ends: dict[int, str]) -> Iterator[str]:
    """What stands before this item of the original, with these marks only, as the candidate writes them."""
    place, last = old.gap(at)
    for end in sorted(before):
        yield old.text[place : end.at]
        yield ends.get(end.at, "")
        place = end.at + len(end.text)
    yield old.text[place:last]


def _sound(text: str, matching: _Matching, placed: dict[Mark, _Spot]) -> bool:
    """Whether the text reads as the candidate, with these marks more."""
    again = marked(text)
    meant = [(*spot[:2], *mark[2:4]) for mark, spot in placed.items()]
    meant += [own[:4] for own in matching.new.marks]
    return again.words == matching.new.words and sorted(meant) == sorted(
        mark[:4] for mark in again.marks
    )


def _one_by_one(
    matching: _Matching, kept: dict[Mark, Mark], wanted: dict[Mark, _Spot]
) -> tuple[str, dict[Mark, _Spot]]:
    """As many of the marks as can be placed without another reading."""
    placed: dict[Mark, _Spot] = {}
    best = matching.new.text
    for mark in [None, *wanted]:
        more = placed if mark is None else {**placed, mark: wanted[mark]}
        text = _composed(matching, kept, more)
        if _sound(text, matching, more):
            best, placed = text, more
    return best, placed


def _lost_lines(matching: _Matching) -> Iterator[tuple[int, str]]:
    """Scene breaks and the like between lines that are no longer there, with their places."""
    for at, (start, _) in enumerate(matching.old.items):
        if matching.old.words[at] == BREAK:
            there = matching.places[at]
            now = matching.between(there) if there >= 0 else ""
            yield from ((start, line) for line in lines(matching.old.item(at)) if line not in now)
