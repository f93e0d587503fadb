"""A Markdown text taken apart: what is read, and the marks that only say how.

Lenient where Markdown is strict: emphasis needs no white space around it, so that it works in Chinese, and ends
with its paragraph.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

_HAN = "\u3005-\u3007\u3041-\u309f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
#: Finer than a reader's words, since a mark may stand before an apostrophe: *Titanic*’s.
_WORD = re.compile(rf"[{_HAN}]|(?:[^\W_{_HAN}]|[\u0300-\u036f])+|\S")

_TARGET = (
    r"\((?:<[^<>\n]*>|[^\s()]*(?:\([^\s()]*\)[^\s()]*)*)(?:[ \t]+(?:\"[^\"\n]*\"|'[^'\n]*'))?\)"
)
_POINT = rf"<!--(?:(?!-->|<!--)[\s\S])*-->|!\[[^\[\]\n]*\]{_TARGET}|\[\^[^\]\s]+\](?!:)"
_TAIL = rf"\](?:{_TARGET}|\[[^\[\]\n]*\])"
#: A line of its own without a word that is read: scene break, underline, fence, target of a link, comment, image.
_LINE = (
    r"[ \t>]*(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){2,}|(?:_[ \t]*){3,}|={2,}|(?:`{3,}|~{3,})[^`\n]*"
    rf"|\[[^\]^\n][^\]\n]*\]:[^\n]*|(?:{_POINT})+)[ \t]*(?=\n|\Z)"
)
_START = (
    r"[^\S\n]*(?:(?:>|(?:[-*+]|\d{1,9}[.)]|\#{1,6}|\[[ xX]\])(?=[ \t])|\[\^[^\]\s]+\]:)[^\S\n]*)*"
)
_LINES = re.compile(rf"^(?:{_LINE}|[ \t]*\[\^[^\]\s]+\]:)", re.MULTILINE)
_PART = re.compile(
    rf"(?P<line>(?:\A|[^\S\n]*\\?\n)(?:[^\S\n>]*(?:>[^\S\n>]*)*\n|{_LINE}(?:\n|\Z))*{_START}|[^\S\n]+\Z)"
    rf"|(?P<point>{_POINT})"
    r"|(?P<around>(?<!`)(?P<ticks>`+)(?=[^`\n])[^\n]*?(?<=[^`])(?P=ticks)(?!`)|<[A-Za-z][\w+.\-]*:[^<>\s]+>)"
    rf"|(?P<link>\[)(?=[^\[\]\n]+(?P<target>{_TAIL}))|(?P<tail>{_TAIL})"
    r"|(?P<escape>\\[^\w\s])|(?P<run>\*+|_+|~~)"
)

#: What every line break is, as an item that is compared.
BREAK = "\n"


class Mark(NamedTuple):
    """Marks around words, or a mark that stands for itself between two.

    Attributes:
        start: The first item that it is around, or that it stands before.
        end: Half-open, equal to ``start`` for one that stands for itself.
        opening: What stands at its start.
        closing: What stands at its end; empty for one that stands for itself.
        at: Where ``opening`` stands in the text.
        last: Where ``closing`` stands.
    """

    start: int
    end: int
    opening: str
    closing: str
    at: int
    last: int

    @property
    def kind(self) -> str:
        """Equal for marks of which one can stand for another: all that stress."""
        return "*" if self.opening[0] in "*_" else self.opening + self.closing


class Marked(NamedTuple):
    """A text in items, which are words and line breaks, and its marks.

    Attributes:
        text: All of it.
        items: Their spans. A break holds all that stands between two lines and at the start of the second; the
            first and the last item are breaks, if only empty ones.
        words: The items as they are compared; breaks are all the same.
        marks: In order of their start, the outer before the inner.
    """

    text: str
    items: list[tuple[int, int]]
    words: list[str]
    marks: list[Mark]

    def item(self, at: int) -> str:
        """This item as it stands."""
        start, end = self.items[at]
        return self.text[start:end]

    def gap(self, at: int) -> tuple[int, int]:
        """The span between the item before this one and this one."""
        return self.items[at - 1][1], self.items[at][0]


def lines(between: str) -> list[str]:
    """Of what stands between two lines, that which says something by itself: scene breaks, comments."""
    return [found[0].strip() for found in _LINES.finditer(between)]


def ends_paragraph(between: str) -> bool:
    """Whether emphasis cannot go on behind this line break."""
    return between.count("\n") != 1 or not between.replace("\\", "").isspace()


def plain(text: str) -> str:
    """The text without marks inside lines; those at their start and between them stay."""
    parts, at = [], 0
    for start, end in sorted(_spans(marked(text).marks)):
        parts.append(text[at:start])
        at = end
    return "".join(parts) + text[at:]


def _spans(marks: list[Mark]) -> Iterator[tuple[int, int]]:
    for mark in marks:
        yield mark.at, mark.at + len(mark.opening)
        yield mark.last, mark.last + len(mark.closing)


def marked(text: str) -> Marked:
    """The text taken apart."""
    breaks: list[tuple[int, int]] = []
    found: list[tuple[int, int, int, int]] = []  # two spans for each mark
    open_runs: list[tuple[int, int]] = []
    tails: dict[int, int] = {}
    for part in _PART.finditer(text):
        start, end = part.span()
        match part.lastgroup:
            case "line":
                breaks.append((start, end))
                if ends_paragraph(part[0]):
                    open_runs.clear()
            case "point":
                found.append((start, end, end, end))
            case "around":
                size = len(part["ticks"] or "<")
                found.append((start, start + size, end - size, end))
            case "target":
                tails[part.start("target")] = start
            case "tail" if start in tails:
                found.append((tails[start], tails[start] + 1, start, end))
            case "run":
                found += _closed(text, start, end, open_runs)
    return _itemised(text, breaks, found)


def _closed(
    text: str, start: int, end: int, open_runs: list[tuple[int, int]]
) -> Iterator[tuple[int, int, int, int]]:
    """The marks that a run of ``*``, ``_`` or ``~`` ends; what is left of it may begin one."""
    before, behind = text[start - 1 : start], text[end : end + 1]
    inside = text[start] == "_" and before.isalnum() and behind.isalnum()
    if before.strip() and not inside:
        while start < end and any(text[first] == text[start] for first, _ in open_runs):
            first, last = open_runs.pop()
            if text[first] != text[start]:
                continue
            size = min(last - first, end - start)
            yield last - size, last, start, start + size
            start += size
            if last - size > first:
                open_runs.append((first, last - size))
    if start < end and behind.strip() and not inside:
        open_runs.append((start, end))


def _itemised(
    text: str, breaks: list[tuple[int, int]], found: list[tuple[int, int, int, int]]
) -> Marked:
    """Words between breaks and marks, and the marks by the words they are around."""
    if len(breaks) < 2 or breaks[-1][1] < len(text):
        breaks.append((len(text), len(text)))
    taken = sorted({*breaks, *(span for each in found for span in (each[:2], each[2:]))})
    items: list[tuple[int, int]] = []
    at = 0
    for start, end in taken:
        items += (word.span() for word in _WORD.finditer(text, at, start))
        at = max(at, end)
    words = [(span, text[span[0] : span[1]]) for span in items] + [(span, BREAK) for span in breaks]
    words.sort()
    items = [span for span, _ in words]
    starts = [start for start, _ in items]
    marks = [
        Mark(first, behind, text[at:opened], text[last:end], at, last)
        for at, opened, last, end in found
        for first, behind in [(bisect_left(starts, opened), bisect_left(starts, last))]
        if first < behind or opened == end
    ]
    return Marked(text, items, [word for _, word in words], sorted(marks, key=lambda mark: mark.at))
