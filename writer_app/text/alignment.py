"""What two texts have in common: their words, and which of them belong together."""

import re
from bisect import bisect_left
from collections.abc import Hashable, Iterator, Sequence
from difflib import SequenceMatcher
from functools import cache
from unicodedata import category

#: 汉字 and hiragana, each a word of its own: no spaces say where words end.
_SINGLE = "\u3005-\u3007\u3041-\u309f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_LETTER = rf"[^\W_{_SINGLE}]"
_JOINER = r"(?:['’_\-\u2010\u2011]|(?<=\d)[.,:](?=\d))"
#: Their full stop ends no sentence.
_ABBREVIATIONS = r"(?:Mrs?|Ms|Dr|St|Prof)\."
_FLAG = "[\U0001f1e6-\U0001f1ff]{2}"

#: Words in a row that both texts have once: so many first, because fewer are more often there by chance.
_ANCHORS = (4, 2, 1)
#: Pairs of words that are compared one with another; more take too long.
_SMALL = 4_000


@cache
def _token() -> re.Pattern[str]:
    # Made when first needed: asking Unicode for its combining marks takes some 10 ms.
    marks = "".join(chr(code) for code in range(0x300, 0x1F000) if category(chr(code))[0] == "M")
    more = "\u200c\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f\U000e0100-\U000e01ef"
    extended = rf"(?:[{marks}{more}]|\u200d\S?)"
    # The first is a shorter way to most English words.
    return re.compile(
        rf"[A-Za-z]++(?=[\s,;])|{_ABBREVIATIONS}|[{_SINGLE}]{extended}*+"
        rf"|{_LETTER}(?:{_LETTER}+|{extended}|{_JOINER}(?={_LETTER}))*+"
        rf"|\n+|[^\S\n]{extended}++|{_FLAG}{extended}*+|(?P<mark>[^\w\s]|_)(?P=mark)*+{extended}*+"
    )


def tokens(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """Spans of words, 汉字, punctuation marks (the same again and again is one) and line breaks, in order.

    What lies between them is white space. No span begins or ends inside a grapheme, a word with an apostrophe
    or a hyphen, or a number.
    """
    # A generator, so that a thread which lists those of a book lets others have a turn.
    for found in _token().finditer(text, start, len(text) if end is None else end):
        yield found.span()


def aligned(one: Sequence[str], other: Sequence[str]) -> list[int]:
    """For each item of ``one`` the place of its equal in ``other``, or -1; places rise.

    Long texts are first taken apart at what both have exactly once, so that time grows with their length and
    not with its square, and common words are not paired over a distance.
    """
    places = [-1] * len(one)
    todo = [(0, len(one), 0, len(other))]
    while todo:
        start, end, start_other, end_other = todo.pop()
        while start < end and start_other < end_other and one[start] == other[start_other]:
            places[start] = start_other
            start, start_other = start + 1, start_other + 1
        while start < end and start_other < end_other and one[end - 1] == other[end_other - 1]:
            end, end_other = end - 1, end_other - 1
            places[end] = end_other
        if start == end or start_other == end_other:
            continue
        here, there = one[start:end], other[start_other:end_other]
        if len(here) * len(there) <= _SMALL:
            for at, at_other, size in SequenceMatcher(
                None, here, there, autojunk=False
            ).get_matching_blocks():
                places[start + at : start + at + size] = range(
                    start_other + at_other, start_other + at_other + size
                )
            continue
        edge, edge_other = start, start_other
        for at, at_other in _anchors(here, there):
            places[start + at] = start_other + at_other
            todo.append((edge, start + at, edge_other, start_other + at_other))
            edge, edge_other = start + at + 1, start_other + at_other + 1
        if edge > start:
            todo.append((edge, end, edge_other, end_other))
    return places


def _anchors(one: Sequence[str], other: Sequence[str]) -> list[tuple[int, int]]:
    """Places of what both have once, in an order that both share; else of line breaks, if equally many."""
    for size in _ANCHORS:
        there = _once(other, size)
        pairs = [(at, there[run]) for run, at in _once(one, size).items() if run in there]
        if pairs:
            return _rising(pairs)
    breaks, breaks_other = (
        [at for at, item in enumerate(items) if item.startswith("\n")] for items in (one, other)
    )
    return list(zip(breaks, breaks_other, strict=True)) if len(breaks) == len(breaks_other) else []


def _once(items: Sequence[str], size: int) -> dict[Hashable, int]:
    """Runs of so many items that are there once, with their places in order."""
    places: dict[Hashable, int] = {}
    again: set[Hashable] = set()
    for at, run in enumerate(zip(*(items[skip:] for skip in range(size)), strict=False)):
        if places.setdefault(run, at) != at:
            again.add(run)
    return {run: at for run, at in places.items() if run not in again}


def _rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest part of the pairs, in order of the first places, in which the second rise too."""
    lowest: list[int] = []  # for each length, the lowest second place that such a part ends with
    ends: list[int] = []  # and the pair that does
    before: list[int] = []  # for each pair, the one before it in its part
    for at, (_, place) in enumerate(pairs):
        length = bisect_left(lowest, place)
        before.append(ends[length - 1] if length else -1)
        lowest[length : length + 1] = [place]
        ends[length : length + 1] = [at]
    chosen: list[tuple[int, int]] = []
    at = ends[-1]
    while at >= 0:
        chosen.append(pairs[at])
        at = before[at]
    return chosen[::-1]
