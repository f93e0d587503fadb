"""Very long paragraphs, presented in pieces.

At every key Qt lays out the whole paragraph: some 23 ms for 100,000 Latin characters, twice that for Chinese.
So the widget's document breaks such a paragraph where the manuscript has no newline. Those breaks are the
*cuts*; they are kept here, in UTF-16 units of the manuscript's text, and each takes one position in Qt.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

#: Characters of the longest paragraph that is presented whole.
LONGEST = 50_000
#: Characters of a piece, more or less a quarter.
PIECE = 8_000
_SENTENCE_END = re.compile(r"[.!?…。！？]+[”’\"'」』）)\]*_]*[ \t\u3000]*")
_JOINER = "\u200d"


def is_long(length: int) -> bool:
    """Whether a block of this many characters is to be presented in pieces."""
    return length > LONGEST


def is_long_no_more(length: int) -> bool:
    """Whether the pieces of a paragraph of now this many characters are to be joined."""
    return length <= LONGEST // 2


def cuts_in(paragraph: str) -> Iterator[int]:
    """Where a paragraph is cut, in code points: behind sentences if it can be; nowhere if it is short."""
    if not is_long(len(paragraph)):
        return
    at = 0
    while len(paragraph) - at > PIECE + PIECE // 4:
        at = _cut_near(paragraph, at + PIECE)
        yield at


def _cut_near(text: str, near: int) -> int:
    first, last = near - PIECE // 4, near + PIECE // 4
    sentences = [found.end() for found in _SENTENCE_END.finditer(text, first, last)]
    fitting = [end for end in sentences if end < last]
    if fitting:
        return min(fitting, key=lambda end: abs(end - near))
    space = text.rfind(" ", first, last)
    if space > first:
        return space + 1
    while near > first and _belongs_to_the_one_before(text, near):
        near -= 1
    return near


def _belongs_to_the_one_before(text: str, at: int) -> bool:
    """Whether a reader sees the character as part of the one before (marks, joined emoji)."""
    return (
        text[at] == _JOINER
        or text[at - 1] == _JOINER
        or unicodedata.category(text[at]) in ("Mn", "Me", "Sk")
    )


class Pieces:
    """The cuts of one document shown, in order; nearly always there are none."""

    def __init__(self) -> None:
        self._cuts: list[int] = []

    def __len__(self) -> int:
        return len(self._cuts)

    def position(self, units: int) -> int:
        """Qt's position of the manuscript's UTF-16 offset; at a cut, the start of the piece behind it."""
        return units + bisect_right(self._cuts, units)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Qt's positions of the span, without the cuts at its edges."""
        first = self.position(start)
        return first, max(first, end + bisect_left(self._cuts, end))

    def units(self, position: int) -> int:
        """UTF-16 offset in the manuscript of Qt's ``position``."""
        return position - self._before(position)

    def goes_on(self, position: int) -> bool:
        """Whether the block that begins at Qt's ``position`` goes on with the paragraph before it."""
        before = self._before(position)
        return before > 0 and self._cuts[before - 1] + before == position

    def within(self, start: int, end: int) -> list[int]:
        """Cuts whose break in Qt is one of the positions ``[start, end)``."""
        return self._cuts[self._before(start) : self._before(end)]

    def add(self, cut: int) -> int:
        """Cut at this UTF-16 offset; returns Qt's position at which the break is to be put."""
        index = bisect_left(self._cuts, cut)
        self._cuts.insert(index, cut)
        return cut + index

    def drop(self, cut: int) -> int:
        """Forget the cut at this UTF-16 offset; returns Qt's position of the break to be taken out."""
        index = bisect_left(self._cuts, cut)
        del self._cuts[index]
        return cut + index

    def edit(self, first: int, last: int, grown: int) -> None:
        """Qt's positions ``[first, last)`` are gone with their breaks; what is behind has moved by ``grown``."""
        if self._cuts:
            stay, go_on = self._before(first), self._before(last)
            self._cuts[stay:] = [cut + grown for cut in self._cuts[go_on:]]

    def _before(self, position: int) -> int:
        """Number of breaks before Qt's ``position``."""
        cuts = self._cuts
        return bisect_left(range(len(cuts)), position, key=lambda index: cuts[index] + index)
