"""HTML cut into words and tags, as it comes from a clipboard: whole, broken, or made to do harm.

Not ``html.parser``: in Python 3.11 it takes quadratic time for input that opens and never closes. What is here
looks at every character a fixed number of times.
"""

import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import NamedTuple


def names(text: str) -> frozenset[str]:
    """The words of ``text``: names of elements."""
    return frozenset(text.split())


#: Elements that hold no markup, only their own end. None of them is for readers.
RAW = names("iframe noembed noframes noscript plaintext script style textarea title xmp")
#: Characters of a tag of which the attributes are read; it is longer only to embed a picture.
LONGEST_TAG = 4_000

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9:\-]{0,40}")
_QUOTE_OR_END = re.compile(r"=\s*[\"']|>")
_ATTRIBUTE = re.compile(
    r"([A-Za-z][A-Za-z0-9\-]*)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?"
)


class Tag(NamedTuple):
    """A tag, its name in lower case; one that closes has no attributes."""

    name: str
    closes: bool
    attributes: dict[str, str]


def pieces(source: str) -> Iterator[str | Tag]:
    """Words (entities read) and tags in order, without comments, declarations and :data:`RAW` elements."""
    end, at = len(source), 0
    find = _Finder(source)
    while at < end:
        mark = source.find("<", at)
        if mark != at:
            yield unescape(source[at:] if mark < 0 else source[at:mark])
        if mark < 0:
            return
        if source.startswith("<!--", mark):
            at = find.behind("-->", mark + 2)  # <!--> is a whole one
        elif source.startswith(("<!", "<?"), mark):
            at = find.behind(">", mark)
        elif name := _NAME.match(source, mark + (2 if source.startswith("</", mark) else 1)):
            stop = _end_of_tag(source, name.end(), find.behind)
            closes = source[mark + 1] == "/"
            inside = source[name.end() : min(stop - 1, name.end() + LONGEST_TAG)]
            tag = Tag(name[0].lower(), closes, {} if closes else _attributes(inside))
            at = stop
            if tag.name in RAW and not closes:
                at = find.behind(">", find.behind(f"</{tag.name}", at))
            else:
                yield tag
        else:
            yield "<"
            at = mark + 1


class _Finder:
    """Finds what comes next, without looking twice for what does not come any more."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._missing: set[str] = set()

    def behind(self, what: str, start: int) -> int:
        """Behind the next ``what`` (of any case) from ``start`` on; the end where there is none."""
        if what in self._missing:
            return len(self._source)
        # Not in a lower-case copy: the lower case of some letters is longer.
        found = re.compile(re.escape(what), re.ASCII | re.IGNORECASE).search(self._source, start)
        if found is None:
            self._missing.add(what)
            return len(self._source)
        return found.end()


def _end_of_tag(source: str, start: int, behind: Callable[[str, int], int]) -> int:
    """Behind the ``>`` of a tag, beyond what its attributes quote; the end where there is none."""
    at = start
    while found := _QUOTE_OR_END.search(source, at):
        if found[0] == ">":
            return found.end()
        closed = behind(found[0][-1], found.end())
        # A quote that is never closed is none.
        at = closed if closed < len(source) or source.endswith(found[0][-1]) else found.end()
    return len(source)


def _attributes(inside: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in _ATTRIBUTE.finditer(inside):
        found.setdefault(each[1].lower(), unescape(each[2] or each[3] or each[4] or ""))
    return found
