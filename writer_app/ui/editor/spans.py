"""Places in the text that stay right while the text changes. Pure; code points, half-open."""

import re
from collections.abc import Iterator
from typing import TypeAlias

from writer_app.story.changes import Change

Span: TypeAlias = tuple[int, int]

_SENTENCE = re.compile(r"[^.!?…。！？\n]*(?:[.!?…。！？]+[”’\"'」』）)\]*_]*[ \t\u3000]*|\n+|$)")


def shift(offset: int, change: Change, *, after: bool = False) -> int:
    """Where ``offset`` is after ``change``; text inserted right there goes before it only if ``after``."""
    end = change.offset + len(change.removed)
    if offset < change.offset or (offset == change.offset and not (after and end == offset)):
        return offset
    if offset >= end:
        return offset + len(change.inserted) - len(change.removed)
    return change.offset + (len(change.inserted) if after else 0)


def shift_span(span: Span, change: Change) -> Span:
    """The span after ``change``: text inserted at its edges stays outside; removed text shrinks it."""
    start, end = span
    begun = change.offset + len(change.removed)
    moved = shift(start, change, after=begun <= start)
    return moved, max(moved, shift(end, change))


def without_sentence(span: Span, text: str, touched: Span) -> list[Span]:
    """``span`` less its sentences that overlap or border on ``touched``."""
    start, end = span
    kept: list[Span] = []
    for found in _SENTENCE.finditer(text, start, end):
        begin, stop = found.span()
        if begin == stop or _inside(begin, stop, touched):
            continue
        if kept and kept[-1][1] == begin:
            kept[-1] = (kept[-1][0], stop)
        else:
            kept.append((begin, stop))
    return kept


def _inside(begin: int, stop: int, touched: Span) -> bool:
    """Whether ``touched`` has a character in the sentence, or is a mere place within it."""
    if touched[0] == touched[1]:
        return begin <= touched[0] < stop
    return touched[0] < stop and begin < touched[1]


def without_line_ends(span: Span, text: str) -> Iterator[Span]:
    """``span`` line by line: a tinted line end shows as a stump in the margin."""
    start, end = span
    for piece in text[start:end].split("\n"):
        if piece:
            yield start, start + len(piece)
        start += len(piece) + 1
