"""A manuscript cut into its parts: front matter, volumes, chapters and scenes, by the headings it has.

Headings are Markdown's, or lines of their own as plain texts have them: ``CHAPTER I.``, 第三章 风起, ``PROLOGUE``. What
only looks like one is none: a sentence that begins with 第三章, the lines of a table of contents, page numbers, a
licence. The cuts follow each other without a gap, so that together they are the text.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from enum import StrEnum
from itertools import pairwise
from statistics import mean, median
from typing import NamedTuple

from writer_app.text.chapternames import Name, Unit, read
from writer_app.text.headings import headings


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


class _Line(NamedTuple):
    """A line that may be a heading; ``level`` is Markdown's, or ``_PLAIN``."""

    start: int
    end: int
    level: int
    heading: str
    name: Name


#: The level of lines without marks, which lie under any that have some.
_PLAIN = 9
#: No line longer than this is a heading, unless it has Markdown's marks.
_LONGEST = 100
#: So much text, in Latin letters, makes a chapter rather than a scene.
_CHAPTER_LENGTH = 4_000
#: A table of contents has at most this much behind its last line.
_AFTER_CONTENTS = 2_500
#: So much may stand between the title of a book and its first chapter: who wrote it.
_AFTER_TITLE = 300
_SETEXT = re.compile(r"^(?P<title> {0,3}\S[^\n]{0,98})\n(?P<mark>={3,}|-{3,})[ \t]*$", re.MULTILINE)
_YAML = re.compile(r"\A---[ \t]*\n(?:[^\n]*\n){0,60}?(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
_FENCE = re.compile(
    r"^ {0,3}(?P<fence>`{3,}|~{3,})[^\n]*\n.*?(?:^ {0,3}(?P=fence)[`~]*[ \t]*$|\Z)",
    re.MULTILINE | re.DOTALL,
)
_LICENCE_START = re.compile(r"^\*\*\* ?START OF TH[^\n]*\*\*\*[ \t]*\n?", re.MULTILINE)
_LICENCE_END = re.compile(
    r"^(?:\*\*\* ?END OF TH|End of (?:the )?Project Gutenberg)[^\n]*", re.MULTILINE
)
#: Cheap to look for; what it finds is read closely.
_PERHAPS = re.compile(
    r"^[ \t　\ufeff\xa0☆★●◆■◇□※＊*=~·•【\[《「〔_]*(?:正文|最新章节)?[ \t　、]*(?:[第卷楔序引前尾终終自代总后後附结間间幕题外跋番开上中下最大完]|[IVXLCDM\d]|[A-Z][a-zA-Z]{2,})[^\n]{0,100}$",
    re.MULTILINE,
)
_BREAK = re.compile(
    r"^[ \t　]*(?:(?P<many>[*\-_~—＊＃=·•.])(?:[ \t　]*(?P=many)){2,}|(?P<one>[◇◆☆★※＊⁂○●□■△▲❦❧*#])(?:[ \t　]*(?P=one))*)[ \t　]*\n?$",
    re.MULTILINE,
)
_ENDS = (
    ".",
    "!",
    "?",
    "。",
    "！",
    "？",
    "”",
    "’",
    '"',
    "…",
    ")",
    "）",
    "」",
    "』",
    "*",
    "_",
    "～",
    "~",
)
_PAUSES = (",", ";", ":", "，", "；", "：", "、", "—", "-")


def cut(text: str, *, scenes: bool = False, blank_lines: int = 0) -> tuple[Cut, ...]:
    """The parts of ``text``, in order and without a gap.

    Args:
        text: A manuscript, Markdown or plain, with LF newlines.
        scenes: Whether chapters are cut at scene breaks too (``***``, ``---``, ◇); a break stands at a scene's end.
        blank_lines: So many empty lines are a scene break as well; 0 for none.
    """
    first, last = _licence(text)
    lines = _ranked(_headings(text, first, last), text, last)
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


# -- which lines are headings ---------------------------------------------------------------------


def _headings(text: str, first: int, last: int | None) -> list[_Line]:
    stop = len(text) if last is None else last
    marked = [line for line in _marked(text) if first <= line.start < stop]
    plain = _plain(text, first, stop, marked)
    return sorted(marked + plain) if _heads(plain, marked) else marked


def _heads(plain: Sequence[_Line], marked: Sequence[_Line]) -> bool:
    """Whether lines without marks head anything where others have Markdown's, under which they may be plain text."""
    if len(marked) < 2:
        return True
    if all(line.name.unit is Unit.VOLUME for line in marked[1:]):
        return True
    if any(line.name.unit in (Unit.CHAPTER, Unit.BARE, Unit.NUMBERED) for line in marked):
        return len(plain) > 2 * len(marked)
    return sum(line.name.unit is Unit.CHAPTER for line in plain) > len(marked)


def _marked(text: str) -> list[_Line]:
    """Markdown's headings, of both kinds."""
    found, front = [], _YAML.match(text)
    after = front.end() if front else 0
    fences = [each.span() for each in _FENCE.finditer(text)]
    for each in headings(text):
        name = read(each.title, marked=True) if each.title else None
        if name and each.offset >= after:
            found.append(
                _Line(each.offset, _line_end(text, each.offset), each.level, each.title, name)
            )
    for under in _SETEXT.finditer(text, after):
        title, start = under["title"].strip(), under.start()
        is_alone = start in (0, after) or text[max(0, start - 2) : start] == "\n\n"
        is_title = (
            not title.endswith(_ENDS + _PAUSES) and title[0] not in "#>-*+|" and len(title) <= 60
        )
        name = read(title, marked=True)
        if is_alone and is_title and name and not _is_within(start, fences):
            level = 1 if under["mark"][0] == "=" else 2
            found.append(_Line(start, _line_end(text, under.end("title") + 1), level, title, name))
    return sorted(_without_repeats(sorted(found), text))


def _plain(text: str, first: int, stop: int, marked: Sequence[_Line]) -> list[_Line]:
    """Lines without marks that are headings."""
    fences = [each.span() for each in _FENCE.finditer(text)]
    heads = {line.start for line in marked}
    found: list[_Line] = []
    for match in _PERHAPS.finditer(text, first, stop):
        start, end = match.start(), _line_end(text, match.start())
        name = read(match[0])
        if name is None or start in heads or _is_within(start, fences):
            continue
        line = _Line(start, end, _PLAIN, match[0].strip(" \t　\ufeff\xa0"), name)
        if _stands_alone(line, text, found):
            found.append(line)
    found = _without_contents(found, text, stop)
    found = _without_same_volumes(_without_repeats(_sure(found), text), text)
    titled = [_with_title_below(line, text) for line in _in_sequence(found, text, stop)]
    # What is the title of the heading above it is no heading of its own.
    return [
        line
        for at, line in enumerate(titled)
        if not (at and line.start < titled[at - 1].end and line.name.unit is Unit.SPECIAL)
    ]


def _stands_alone(line: _Line, text: str, found: Sequence[_Line]) -> bool:
    """Whether what is around the line lets it be a heading."""
    before = (
        text[: line.start].rstrip("\n") if line.start < 200 else text[line.start - 200 : line.start]
    )
    above = before.rstrip(" \t　\n").rpartition("\n")[2].strip()
    is_apart = not above or text[: line.start].endswith("\n\n") if line.start < 200 else (
        re.search(r"\n[ \t　]*\n[ \t　]*\Z", before) is not None
    )  # fmt: skip
    follows = bool(found) and found[-1].end == line.start
    if is_apart or follows or not above:
        return True
    is_chinese = not line.heading.isascii() and any(
        "\u3400" <= each <= "\u9fff" for each in line.heading
    )
    # Novels of the web have no empty lines; in a text with lines of one width, a sentence goes on here.
    return is_chinese and (above.endswith(_ENDS) or (len(above) < 20 and not line.name.doubtful))


def _without_contents(lines: list[_Line], text: str, stop: int) -> list[_Line]:
    """Without the tables of contents: runs of headings with nothing between them, which come again later."""
    last_at = {line.name.key: at for at, line in enumerate(lines)}
    ends = _ends(lines, stop)
    is_empty = [_is_blank(text[line.end : end]) for line, end in zip(lines, ends, strict=True)]
    kept: list[_Line] = []
    at = 0
    while at < len(lines):
        run = at
        while (
            run < len(lines) - 1 and is_empty[run] and lines[run + 1].name.key != lines[at].name.key
        ):
            run += 1
        # The last line of the run has text behind it; of a table, only a few words before the book begins.
        again = run + 1 < len(lines) and lines[run + 1].name.key in {
            each.name.key for each in lines[at : run + 1]
        }
        is_last_of_table = again and ends[run] - lines[run].end < _AFTER_CONTENTS
        counted = Counter(each.name.word for each in lines[at : run + 1])
        is_table = (run - at >= 2 and max(counted.values()) > 1) or _says_contents(
            text[max(0, lines[at].start - 200) : lines[at].start]
        )
        for number in range(at, run + 1):
            comes_again = last_at[lines[number].name.key] > number
            is_entry = is_empty[number] or is_last_of_table
            if not (is_table and comes_again and is_entry):
                kept.append(lines[number])
        at = run + 1
    return kept


def _says_contents(before: str) -> bool:
    return bool(
        re.search(
            r"(?i)^\W*(?:table of contents|contents|目\s*录|目\s*錄)\W*\Z", before, re.MULTILINE
        )
    )


def _sure(lines: list[_Line]) -> list[_Line]:
    """Without those that may be sentences, unless they carry on the numbers of their like."""
    certain = {line.name.key for line in lines if not line.name.doubtful}
    doubtful = [line for line in lines if line.name.doubtful]
    kept, last = [], dict[str, int]()
    for line in lines:
        name = line.name
        number = name.number or 0
        # A number or two may be left out.
        expected = 0 < number - last.get(name.word, 0) <= 3
        if name.doubtful and (not expected or name.key in certain or len(doubtful) < 2):
            continue
        if name.unit is Unit.VOLUME:
            last = {word: count for word, count in last.items() if word == name.word}
        if name.word:
            last[name.word] = number
        kept.append(line)
    return kept


def _without_repeats(lines: list[_Line], text: str) -> list[_Line]:
    """Without the second of two equal headings that follow each other, as some downloads have them."""
    kept: list[_Line] = []
    for line in lines:
        is_again = (
            kept and kept[-1].name == line.name and not text[kept[-1].end : line.start].strip()
        )
        if not is_again:
            kept.append(line)
    return kept


def _without_same_volumes(lines: list[_Line], text: str) -> list[_Line]:
    """Without the volume's heading where each of its chapters has it: there it belongs to the chapter."""
    kept: list[_Line] = []
    volume: object = None
    waiting: _Line | None = None
    for line in lines:
        if line.name.unit is Unit.VOLUME and line.name == volume:
            waiting = line
            continue
        if line.name.unit is Unit.VOLUME:
            volume = line.name
        if waiting and not text[waiting.end : line.start].strip():
            line = line._replace(start=waiting.start)  # noqa: PLW2901
        waiting = None
        kept.append(line)
    return kept


def _in_sequence(lines: list[_Line], text: str, stop: int) -> list[_Line]:
    """Without bare numbers that are page numbers or lists, and such."""
    named = [line for line in lines if line.name.unit in (Unit.CHAPTER, Unit.VOLUME, Unit.SECTION)]
    chapters = [line for line in lines if line.name.unit is Unit.CHAPTER]
    numbered = [line for line in lines if line.name.unit is Unit.NUMBERED]
    if chapters or not _is_row(numbered, named, text, stop):
        numbered = []
    bare = [line for line in lines if line.name.unit is Unit.BARE]
    outer = sorted(chapters + numbered) or sorted(
        line for line in named if line.name.unit is Unit.VOLUME
    )
    if chapters or numbered:
        bare = _sections(bare, outer, text)
    elif not _is_row(bare, outer, text, stop):
        bare = []
    special = [line for line in lines if line.name.unit is Unit.SPECIAL]
    if not (named or numbered or bare) and len(special) < 2:
        special = []
    return sorted(named + numbered + bare + special)


def _is_row(lines: list[_Line], outer: Sequence[_Line], text: str, stop: int) -> bool:
    """Whether numbers count from 1 on, from anew at most behind an outer heading, with chapters between them."""
    numbers = [line.name.number or 0 for line in lines]
    if len(lines) < 2 or numbers[0] != 1:
        return False
    starts = [line.start for line in outer]
    for (one, before), (two, after) in pairwise(zip(lines, numbers, strict=True)):
        is_anew = after == 1 and bisect_right(starts, one.start) < bisect_right(starts, two.start)
        if after != before + 1 and not is_anew:
            return False
    ends = _ends(lines, stop)
    lengths = [end - line.end for line, end in zip(lines, ends, strict=True)]
    ends_of_outer = [line.end for line in outer]
    whole = 0
    for line in lines[1:]:
        above = bisect_right(ends_of_outer, line.start)
        is_under = above > 0 and _is_blank(text[ends_of_outer[above - 1] : line.start])
        whole += is_under or _ends_sentence(text, line.start)
    return median(lengths) >= 300 and whole >= 0.9 * (len(lines) - 1)


def _sections(bare: list[_Line], outer: list[_Line], text: str) -> list[_Line]:
    """Bare numbers that count the parts of a chapter: the first stands right under its heading."""
    kept: list[_Line] = []
    for chapter, following in zip(outer, [*outer[1:], None], strict=True):
        end = following.start if following else len(text)
        inside = [line for line in bare if chapter.start < line.start < end]
        count = 0
        for line in inside:
            if line.name.number != count + 1 or (count and not _ends_sentence(text, line.start)):
                break
            if count == 0 and not _is_blank(text[chapter.end : line.start]):
                break
            count += 1
        if count >= 2:
            kept += inside[:count]
    return kept


def _with_title_below(line: _Line, text: str) -> _Line:
    """With the title that stands on the line below the number."""
    if line.name.title or line.name.unit not in (Unit.CHAPTER, Unit.VOLUME, Unit.BARE):
        return line
    below = re.compile(r"\n?[ \t　]*(?P<title>\S[^\n]{0,70})\n(?=[ \t　]*\n)").match(text, line.end)
    if below is None:
        return line
    title = below["title"].strip(" \t　")
    is_title = not title.endswith(_ENDS + _PAUSES) and len(title) <= (
        30 if title[0] > "\u2e80" else 70
    )
    # Under an empty line only capitals are a title; anything else may be the first line of the text.
    is_below = "\n" not in text[line.end : below.start("title")] and is_title
    other = read(title)
    if (title.isupper() or is_below) and (
        other is None or (is_below and other.unit is Unit.SPECIAL)
    ):
        return line._replace(end=below.end(), name=line.name._replace(title=title.rstrip(".")))
    return line


# -- what they head -------------------------------------------------------------------------------


def _ranked(lines: list[_Line], text: str, last: int | None) -> list[tuple[_Line, Rank, int]]:
    """Each heading with its rank and depth; those below scenes are no headings any more."""
    if not lines:
        return []
    stop = len(text) if last is None else last
    title, rest = _book_title(lines, text)
    kinds = _kinds(rest, text)
    ranks = _ranks_of(rest, kinds, text, stop)
    ranked: list[tuple[_Line, Rank, int]] = [(title, Rank.FRONT, 0)] if title else []
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
        if is_special and line.level == _PLAIN and at > last_chapter and word not in seen_special:
            above.clear()
        if is_special:
            seen_special.add(word)
        ranked.append((line, rank, len(above)))
        above.append(kind)
    return ranked


def _book_title(lines: list[_Line], text: str) -> tuple[_Line | None, list[_Line]]:
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
    if (is_above and between < _AFTER_CONTENTS) or (is_only_name and not is_nested):
        return first, rest
    return None, lines


def _kinds(lines: list[_Line], text: str) -> list[tuple[int, int]]:
    """For each heading its kind: an equal one heads parts of the same sort, a smaller one what is around them."""
    volumes = list(dict.fromkeys(
        name.word for line in lines for name in (line.name.volume, line.name) if name and name.unit is Unit.VOLUME
    ))  # fmt: skip
    has_chapters = {
        line.level for line in lines if line.name.unit in (Unit.CHAPTER, Unit.NUMBERED)
    } | _nesting_levels(lines, text)
    chapter = len(volumes)
    kinds = []
    for line in lines:
        unit = line.name.unit
        order = chapter
        if unit is Unit.VOLUME:
            order = volumes.index(line.name.word)
        elif (unit is Unit.SECTION and _has(lines, line.level, Unit.CHAPTER)) or (
            unit is Unit.BARE and line.level in has_chapters
        ):
            order = chapter + 1
        kinds.append((line.level, order))
    return kinds


def _has(lines: list[_Line], level: int, unit: Unit) -> bool:
    return any(line.level == level and line.name.unit is unit for line in lines)


def _nesting_levels(lines: list[_Line], text: str) -> set[int]:
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
    lines: list[_Line], kinds: list[tuple[int, int]], text: str, stop: int
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
    lines: list[_Line],
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
    ends = _ends(lines, stop)
    lengths = [
        end - line.end for line, end, kind in zip(lines, ends, kinds, strict=True) if kind == inner
    ]
    outer = kinds.count(rest[0])
    return inner if len(lengths) >= 2 * outer and mean(lengths) >= _CHAPTER_LENGTH else rest[0]


# -- from headings to spans -----------------------------------------------------------------------


def _spans(ranked: list[tuple[_Line, Rank, int]], stop: int, text: str) -> Iterable[Cut]:
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


def _ends(lines: Sequence[_Line], stop: int) -> list[int]:
    """Where what each of them heads ends."""
    return [line.start for line in lines[1:]] + [stop] * bool(lines)


def _line_end(text: str, start: int) -> int:
    """Behind the line's newline."""
    end = text.find("\n", start)
    return len(text) if end < 0 else end + 1


def _is_within(place: int, spans: Sequence[tuple[int, int]]) -> bool:
    at = bisect_right(spans, (place, len(spans) and 1 << 60)) - 1
    return at >= 0 and spans[at][0] <= place < spans[at][1]


def _is_blank(between: str) -> bool:
    """Whether nothing stands between two headings, or a title of one line."""
    lines = [line.strip() for line in between.split("\n") if line.strip()]
    if len(lines) != 1 or len(lines[0]) > 70:
        return not lines
    # Right below its number, or a title that goes on there.
    return bool(between.partition("\n")[0].strip()) or not lines[0].endswith((".", "。", "！", "”"))


def _ends_sentence(text: str, place: int) -> bool:
    """Whether a sentence is at its end before ``place``, or there is none."""
    before = text[max(0, place - 400) : place].rstrip(" \t\n　")
    above = before.rpartition("\n")[2].strip()
    return not above or above.endswith(_ENDS) or above.isupper()
