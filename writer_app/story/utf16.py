"""Where the characters of two UTF-16 units stand, so that Qt's offsets can be converted quickly.

Positions before the last edit are kept from the start of the text, those behind it from its end (a gap
buffer): an edit then touches only what lies between it and the edit before, and typing in one place
touches nothing, even in a text full of emoji. A text without any costs nothing.
"""

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

_WIDE = re.compile("[\U00010000-\U0010ffff]")


class WidePositions:
    """Positions of all characters above U+FFFF in one text."""

    def __init__(self, text: str) -> None:
        self._length = len(text)
        self._before = array("q", _wide(text))
        #: Distances from the end of the text, the nearest to the gap last.
        self._behind = array("q")

    def edit(self, start: int, end: int, inserted: str) -> None:
        """Follow the replacement of ``[start, end)`` by ``inserted`` (code points)."""
        self._move_gap(start)
        while self._behind and self._length - self._behind[-1] < end:
            self._behind.pop()
        self._before.extend(start + at for at in _wide(inserted))
        self._length += len(inserted) - (end - start)

    def units(self, offset: int) -> int:
        """UTF-16 units before the code point ``offset``."""
        behind = len(self._behind) - bisect_right(self._behind, self._length - offset)
        return offset + bisect_left(self._before, offset) + behind

    def offset(self, units: int) -> int:
        """Code points before the UTF-16 offset ``units``; inside a pair, its start."""
        count = len(self._before) + len(self._behind)
        wide = bisect_left(range(count), units, key=lambda index: self._at(index) + index)
        return units - wide

    def _at(self, index: int) -> int:
        if index < len(self._before):
            return self._before[index]
        return self._length - self._behind[len(self._before) - 1 - index]

    def _move_gap(self, position: int) -> None:
        while self._before and self._before[-1] >= position:
            self._behind.append(self._length - self._before.pop())
        while self._behind and self._length - self._behind[-1] < position:
            self._before.append(self._length - self._behind.pop())


def _wide(text: str) -> Iterator[int]:
    """Positions of the characters above U+FFFF in ``text``."""
    if text.isascii():
        return iter(())
    return (found.start() for found in _WIDE.finditer(text))
