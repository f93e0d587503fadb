"""A manuscript cut into its parts: front matter, volumes, chapters and scenes, by the headings it has.

Headings are Markdown's, or lines of their own as plain texts have them: ``CHAPTER I.``, 第三章 风起, ``PROLOGUE``. What
only looks like one is none: a sentence that begins with 第三章, the lines of a table of contents, page numbers, a
licence. The cuts follow each other without a gap, so that together they are the text.
"""

import re
from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from itertools import pairwise
from statistics import mean
from typing import NamedTuple

from writer_app.text.chapterlines import AFTER_CONTENTS, PLAIN, Line, ends_of, heading_lines
from writer_app.text.chapternames import Name, Unit


class Rank(StrEnum):
    """What a part of a manuscript is."""

    FRONT = "front"
    VOLUME = "volume"
    CHAPTER = "chapter"
    SCENE = "scene"
    #: What stands behind the book: a licence.
    BACK = "back"


class Cut(NamedTuple):
    """A part of a manuscript, without the parts under it.

    Attributes:
        start: Where it begins, with its heading; code points.
        body: Behind its heading.
        end: Where the next one begins.
        depth: 0 for what lies under nothing.
        heading: As it is written, without marks; empty where it has none.
        name: What the heading says; ``None`` without one.
    """

    start: int
    body: int
    end: int
    rank: Rank
    depth: int
    heading: str = ""
    name: Name | None = None


#: So much text, in Latin letters, makes a chapter rather than a scene.
_CHAPTER_LENGTH = 4_000
#: So much may stand between the title of a book and its first chapter: who wrote it.
_AFTER_TITLE = 300
_LICENCE_START = re.compile(r"^\*\*\* ?START OF TH[^\n]*\*\*\*[ \t]*\n?", re.MULTILINE)
_LICENCE_END = re.compile(
    r"^(?:\*\*\* ?END OF TH|End of (?:the )?Project Gutenberg)[^\n]*", re.MULTILINE
)
_BREAK = re.compile(
    r"^[ \t　]*(?:(?P<many>[*\-_~—＊＃=·•.])(?:[ \t　]*(?P=many)){2,}|(?P<one>[◇◆☆★※＊⁂○●□■△▲❦❧*#])(?:[ \t　]*(?P=one))*)[ \t　]*\n?$",
    re.MULTILINE,
)


def cut(text: str, *, scenes: bool = False, blank_lines: int = 0) -> tuple[Cut, ...]:
    """The parts of ``text``, in order and without a gap.

    Args:
        text: A manuscript, Markdown or plain, with LF newlines.
        scenes: Whether chapters are cut at scene breaks too (``***``, ``---``, ◇); a break stands at a scene's end.
        blank_lines: So many empty lines are a scene break as well; 0 for none.
    """
    first, last = _licence(text)
    lines = _ranked(_on_one_level(heading_lines(text, first, last)), text, last)
    cuts = list(_spans(lines, len(text) if last is None else last, text))
    if last is not None:
        cuts.append(
            Cut(last, last, len(text), Rank.BACK, 0, text[last:].partition("\n")[0].strip())
        )
    if scenes:
        cuts = [part for each in cuts for part in _scenes(each, text, blank_lines)]
    return tuple(cuts)


def _licence(text: str) -> tuple[int, int | None]:
    """Where the book begins and ends between the words of a licence."""
    start = _LICENCE_START.search(text)
    end = _LICENCE_END.search(text, start.end() if start else 0)
    # What ends without a beginning must at least stand near the end.
    if end and not start and end.start() < len(text) / 2:
        end = None
    return start.end() if start else 0, end.start() if end else None


# -- what they head -------------------------------------------------------------------------------


def _on_one_level(lines: list[Line]) -> list[Line]:
    """With chapters that count from 1 without a gap on one level, whatever marks each of them has got."""

    def is_marked_chapter(line: Line) -> bool:
        return line.name.unit is Unit.CHAPTER and line.level != PLAIN

    chapters = [line for line in lines if is_marked_chapter(line)]
    levels = Counter(line.level for line in chapters)
    counts_on = [line.name.number for line in chapters] == list(range(1, len(chapters) + 1))
    if len(levels) < 2 or not counts_on:
        return lines
    usual = levels.most_common(1)[0][0]
    return [line._replace(level=usual) if is_marked_chapter(line) else line for line in lines]


def _ranked(lines: list[Line], text: str, last: int | None) -> list[tuple[Line, Rank, int]]:
    """Each heading with its rank and depth; those below scenes are no headings any more."""
    if not lines:
        return []
    stop = len(text) if last is None else last
    title, rest = _book_title(lines, text)
    kinds = _kinds(rest, text)
    ranks = _ranks_of(rest, kinds, stop)
    ranked: list[tuple[Line, Rank, int]] = [(title, Rank.FRONT, 0)] if title else []
    above: list[tuple[int, int]] = []
    last_chapter = max((at for at, line in enumerate(rest) if line.name.number), default=len(rest))
    seen_special: set[str] = set()
    for at, (line, kind) in enumerate(zip(rest, kinds, strict=True)):
        rank = ranks.get(kind)
        if rank is None:
            continue
        while above and above[-1] >= kind:
            above.pop()
        word = line.name.word
        is_special = line.name.unit is Unit.SPECIAL
        # What closes the book belongs to no volume; where each volume has its own, it does.
        if is_special and line.level == PLAIN and at > last_chapter and word not in seen_special:
            above.clear()
        if is_special:
            seen_special.add(word)
        rank = Rank.CHAPTER if is_special and rank is Rank.VOLUME else rank
        ranked.append((line, rank, len(above)))
        above.append(kind)
    return ranked


def _book_title(lines: list[Line], text: str) -> tuple[Line | None, list[Line]]:
    """The heading that is the title of all, and the others."""
    first, rest = lines[0], lines[1:]
    if first.name.unit is not Unit.NAMED or not rest:
        return None, lines
    is_above = first.level < min(line.level for line in rest)
    between = rest[0].start - first.end
    others = [line for line in rest if line.level == first.level]
    counted = [line for line in others if line.name.unit is not Unit.NAMED]
    is_only_name = len(others) > 1 and len(counted) == len(others) and between < _AFTER_TITLE
    is_nested = all(line.name.unit is Unit.BARE for line in counted) and not is_only_name
    has_chapters = any(line.name.unit in (Unit.CHAPTER, Unit.BARE) for line in rest)
    is_title = is_above and (has_chapters or between < AFTER_CONTENTS)
    if is_title or (is_only_name and not is_nested):
        return first, rest
    return None, lines


def _kinds(lines: list[Line], text: str) -> list[tuple[int, int]]:
    """For each heading its kind: an equal one heads parts of the same sort, a smaller one what is around them."""
    volumes = list(dict.fromkeys(
        name.word for line in lines for name in (line.name.volume, line.name) if name and name.unit is Unit.VOLUME
    ))  # fmt: skip
    of_chapters = {line.level for line in lines if line.name.unit is Unit.CHAPTER}
    over_numbers = {line.level for line in lines if line.name.unit is Unit.NUMBERED}
    over_numbers |= of_chapters | _nesting_levels(lines, text)
    # A level of Markdown on which only a prologue and the like stand beside the volumes.
    of_volumes = {line.level for line in lines if line.name.unit is Unit.VOLUME} - {PLAIN}
    of_volumes -= {
        line.level for line in lines if line.name.unit not in (Unit.VOLUME, Unit.SPECIAL)
    }
    chapter = len(volumes)
    kinds = []
    for line in lines:
        unit = line.name.unit
        order = chapter
        if unit is Unit.VOLUME:
            order = volumes.index(line.name.word)
        elif line.level in of_volumes:
            order = 0
        elif (unit is Unit.SECTION and line.level in of_chapters) or (
            unit is Unit.BARE and line.level in over_numbers
        ):
            order = chapter + 1
        kinds.append((line.level, order))
    return kinds


def _nesting_levels(lines: list[Line], text: str) -> set[int]:
    """Markdown levels on which bare numbers count the parts of what stands above them on the same level."""
    found = set()
    for level in {line.level for line in lines}:
        same = [line for line in lines if line.level == level]
        starts = [
            (one, two)
            for one, two in pairwise(same)
            if two.name.unit is Unit.BARE and one.name.unit is not Unit.BARE
        ]
        nested = [
            one
            for one, two in starts
            if one.name.unit is Unit.NAMED and not text[one.end : two.start].strip()
        ]
        named = [line for line in same if line.name.unit is Unit.NAMED]
        if len(named) > 1 and nested and 2 * len(nested) >= len(starts):
            found.add(level)
    return found


def _ranks_of(
    lines: list[Line], kinds: list[tuple[int, int]], stop: int
) -> dict[tuple[int, int], Rank]:
    """What each kind is; kinds below scenes are left out."""
    units: dict[tuple[int, int], Counter[Unit]] = {}
    for line, kind in zip(lines, kinds, strict=True):
        units.setdefault(kind, Counter())[line.name.unit] += 1
    order = sorted(units)
    of_chapters = _chapter_kind(order, units, lines, kinds, stop)
    ranks: dict[tuple[int, int], Rank] = {}
    for kind in order:
        if kind == of_chapters or (_mostly(units[kind], Unit.CHAPTER) and kind >= of_chapters):
            ranks[kind] = Rank.CHAPTER
        elif kind < of_chapters:
            only_special = set(units[kind]) == {Unit.SPECIAL}
            ranks[kind] = Rank.CHAPTER if only_special else Rank.VOLUME
        elif Rank.SCENE not in ranks.values():
            ranks[kind] = Rank.SCENE
    return ranks


def _mostly(units: Counter[Unit], unit: Unit) -> bool:
    return units[unit] * 2 > units.total()


def _chapter_kind(
    order: list[tuple[int, int]],
    units: dict[tuple[int, int], Counter[Unit]],
    lines: list[Line],
    kinds: list[tuple[int, int]],
    stop: int,
) -> tuple[int, int]:
    """Which kind is the chapters."""
    for unit in (Unit.CHAPTER, Unit.NUMBERED):
        said = [
            kind
            for kind in order
            if units[kind][unit] and _mostly(units[kind] - Counter({Unit.SPECIAL: 10**6}), unit)
        ]
        if said:
            return said[0]
    rest = [kind for kind in order if not _mostly(units[kind], Unit.VOLUME)]
    if not rest:
        return order[-1]
    if len(rest) == 1 or len(order) > len(rest):
        return rest[0]
    if set(units[rest[0]]) == {Unit.SPECIAL}:
        return rest[1]
    # Names on several levels: the length of what they head tells, or numbers below names.
    inner = rest[1]
    if inner[0] == rest[0][0] and _mostly(units[inner], Unit.BARE):
        return rest[0]
    if len(rest) > 2:
        return inner
    ends = ends_of(lines, stop)
    lengths = [
        end - line.end for line, end, kind in zip(lines, ends, kinds, strict=True) if kind == inner
    ]
    outer = kinds.count(rest[0])
    return inner if len(lengths) >= 2 * outer and mean(lengths) >= _CHAPTER_LENGTH else rest[0]


# -- from headings to spans -----------------------------------------------------------------------


def _spans(ranked: list[tuple[Line, Rank, int]], stop: int, text: str) -> Iterable[Cut]:
    """The cuts up to ``stop``; what stands before the first heading is front matter, if it is more than space."""
    if not ranked:
        yield Cut(0, 0, stop, Rank.CHAPTER, 0)
        return
    starts = [line.start for line, _rank, _depth in ranked]
    if ranked[0][1] is Rank.FRONT or not text[: starts[0]].strip("\ufeff \t\n　"):
        starts[0] = 0
    else:
        yield Cut(0, 0, starts[0], Rank.FRONT, 0)
    volume: tuple[object, ...] | None = None
    for (line, rank, depth), start, end in zip(ranked, starts, [*starts[1:], stop], strict=True):
        name = line.name
        if rank is Rank.VOLUME:
            volume = name.key
        if name.volume and name.volume.key != volume:
            volume = name.volume.key
            heading = f"{name.volume.label} {name.volume.title}".strip()
            yield Cut(start, start, start, Rank.VOLUME, 0, heading, name.volume)
        deeper = int(bool(name.volume)) if rank is Rank.CHAPTER else 0
        yield Cut(start, min(line.end, end), end, rank, max(depth, deeper), line.heading, name)


def _scenes(part: Cut, text: str, blank_lines: int) -> list[Cut]:
    """A chapter or scene cut at its scene breaks."""
    if part.rank not in (Rank.CHAPTER, Rank.SCENE):
        return [part]
    breaks = [found.span() for found in _BREAK.finditer(text, part.body, part.end)]
    if blank_lines:
        run = re.compile(rf"\n(?:[ \t　]*\n){{{blank_lines},}}")
        breaks += [found.span() for found in run.finditer(text, part.body, part.end)]
    bounds, last = [part.body], part.body
    for start, end in sorted(breaks):
        end = min(end + text.startswith("\n", end), part.end)  # noqa: PLW2901 - the empty line behind it
        if text[last:start].strip():
            bounds.append(end)
        elif len(bounds) > 1:  # several breaks, or one and empty lines, are one
            bounds[-1] = max(end, bounds[-1])
        last = max(end, last)
    if len(bounds) > 1 and not text[bounds[-1] : part.end].strip():
        bounds.pop()
    if len(bounds) == 1:
        return [part]
    depth = part.depth if part.rank is Rank.SCENE else part.depth + 1
    if part.rank is Rank.SCENE:
        head = [part._replace(end=bounds[1])]
        bounds = bounds[1:]
    else:
        head = [part._replace(end=part.body)] if part.body > part.start else []
    return head + [
        Cut(start, start, end, Rank.SCENE, depth)
        for start, end in zip(bounds, [*bounds[1:], part.end], strict=True)
    ]
