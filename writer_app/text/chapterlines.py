"""The lines of a manuscript that are headings, and those that only look like some.

A plain text has nothing that marks them but what they say, where they stand and how they are numbered.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from writer_app.text.chapternames import Name, Unit, has_capitals, read
from writer_app.text.headings import headings


class Line(NamedTuple):
    """A line that may be a heading, from ``start`` up to ``end``; ``level`` is Markdown's, or :data:`PLAIN`."""

    start: int
    end: int
    level: int
    heading: str
    name: Name


#: The level of lines without marks, which lie under any that have some.
PLAIN = 9
#: A table of contents has at most this much behind its last line.
AFTER_CONTENTS = 2_500
_SETEXT = re.compile(r"^(?P<title> {0,3}\S[^\n]{0,98})\n(?P<mark>={3,}|-{3,})[ \t]*$", re.MULTILINE)
_YAML = re.compile(r"\A---[ \t]*\n(?:[^\n]*\n){0,60}?(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
_FENCE = re.compile(
    r"^ {0,3}(?P<fence>`{3,}|~{3,})[^\n]*\n.*?(?:^ {0,3}(?P=fence)[`~]*[ \t]*$|\Z)",
    re.MULTILINE | re.DOTALL,
)
#: Cheap to look for; what it finds is read closely.
_PERHAPS = re.compile(
    r"^[ \t　\f\ufeff\xa0\u200b\u2060☆★●◆■◇□※＊*=~·•【\[《「〔（_]*(?:正文|最新章节)?[ \t　、]*(?:(?:CHAPTER|Chapter)[ \xa0][^\n]{0,200}|(?:[第卷楔序前引尾终終自代总後后附结間间幕題外跋番开上中下最大完一二三四五六七八九十百壹]|[IVXLCDM\d０-９Ⅰ-Ⅻ]|[A-Z][a-zA-Z]{2,}|C[Hh]\b|(?:chapter|part)[ ])[^\n]{0,100})$",
    re.MULTILINE,
)
_TITLE_BELOW = re.compile(r"\n?[ \t　]*(?P<title>\S[^\n]{0,70})\n(?=[ \t　]*\n)")
_BLANKS = " \t　\f\ufeff\xa0\u200b\u2060"
_ENDS = tuple('.!?。！？”’"…)）」』*_～~')
_PAUSES = tuple(",;:，；：、—-")


def heading_lines(text: str, first: int, last: int | None) -> list[Line]:
    """All headings of the text from ``first`` up to ``last``, in order."""
    stop = len(text) if last is None else last
    marked = _without_marked_contents(
        [line for line in _marked(text) if first <= line.start < stop], text, stop
    )
    plain = _plain(text, first, stop, marked)
    return sorted(marked + plain) if _heads(plain, marked) else marked


def _heads(plain: Sequence[Line], marked: Sequence[Line]) -> bool:
    """Whether lines without marks head anything where others have Markdown's, under which they may be plain text."""
    if len(marked) < 2:
        return True
    if all(line.name.unit is Unit.VOLUME for line in marked[1:]):
        return True
    if any(line.name.unit in (Unit.CHAPTER, Unit.BARE, Unit.NUMBERED) for line in marked):
        return len(plain) > 2 * len(marked)
    return sum(line.name.unit is Unit.CHAPTER for line in plain) > len(marked)


def _marked(text: str) -> list[Line]:
    """Markdown's headings, of both kinds."""
    found, front = [], _YAML.match(text)
    after = front.end() if front else 0
    fences = [each.span() for each in _FENCE.finditer(text)]
    for each in headings(text):
        name = read(each.title, marked=True) if each.title else None
        if name and each.offset >= after:
            found.append(
                Line(each.offset, _line_end(text, each.offset), each.level, each.title, name)
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
            found.append(Line(start, _line_end(text, under.end("title") + 1), level, title, name))
    return sorted(_without_repeats(sorted(found), text))


def _plain(text: str, first: int, stop: int, marked: Sequence[Line]) -> list[Line]:
    """Lines without marks that are headings."""
    fences = [each.span() for each in _FENCE.finditer(text)]
    heads = {line.start for line in marked}
    found: list[Line] = []
    for match in _PERHAPS.finditer(text, first, stop):
        start, end = match.start(), _line_end(text, match.start())
        name = read(match[0])
        if name is None or start in heads or _is_within(start, fences):
            continue
        line = Line(start, end, PLAIN, match[0].strip(_BLANKS), name)
        if _stands_alone(line, text, found):
            found.append(line)
    found = _without_contents(found, text, stop)
    found = _without_same_volumes(_without_repeats(_sure(found), text), text)
    rows = _in_sequence(found, text, stop)
    apart = _are_titles_apart(rows, text)
    titled = [_with_title_below(line, text, apart=apart) for line in rows]
    # What is the title of the heading above it is no heading of its own.
    return [
        line
        for at, line in enumerate(titled)
        if not (at and line.start < titled[at - 1].end and line.name.unit is Unit.SPECIAL)
    ]


def _stands_alone(line: Line, text: str, found: Sequence[Line]) -> bool:
    """Whether what is around the line lets it be a heading."""
    if text[line.start] == "\f":  # a page begins with it
        return True
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


def _without_contents(lines: list[Line], text: str, stop: int) -> list[Line]:
    """Without the tables of contents: runs of headings with nothing between them, which come again later."""
    last_at = {line.name.key: at for at, line in enumerate(lines)}
    ends = ends_of(lines, stop)
    is_empty = [_is_blank(text[line.end : end]) for line, end in zip(lines, ends, strict=True)]
    kept: list[Line] = []
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
        is_last_of_table = again and ends[run] - lines[run].end < AFTER_CONTENTS
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


def _without_marked_contents(lines: list[Line], text: str, stop: int) -> list[Line]:
    """Without a table of contents that has marks too: a run of headings without text, which then come all again."""
    ends = ends_of(lines, stop)
    empty = [not text[line.end : end].strip() for line, end in zip(lines, ends, strict=True)]
    for first in range(min(len(lines), 4)):
        run = next((at for at in range(first, len(lines)) if not empty[at]), len(lines)) - first
        for again in range(first + 2, min(first + run + 1, len(lines))):
            if lines[again].heading != lines[first].heading:
                continue
            end = 2 * again - first
            table = [each.heading for each in lines[first:again]]
            book = [each.heading for each in lines[again:end]]
            if table == book and not all(empty[again:end]):
                return lines[:first] + lines[again:]
    return lines


def _says_contents(before: str) -> bool:
    return bool(
        re.search(
            r"(?i)^\W*(?:table of contents|contents|目\s*录|目\s*錄)\W*\Z", before, re.MULTILINE
        )
    )


def _sure(lines: list[Line]) -> list[Line]:
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


def _without_repeats(lines: list[Line], text: str) -> list[Line]:
    """Without the second of two equal headings that follow each other, as some downloads have them."""
    kept: list[Line] = []
    for line in lines:
        is_again = (
            kept and kept[-1].name == line.name and not text[kept[-1].end : line.start].strip()
        )
        if not is_again:
            kept.append(line)
    return kept


def _without_same_volumes(lines: list[Line], text: str) -> list[Line]:
    """Without the volume's heading where each of its chapters has it: there it belongs to the chapter."""
    kept: list[Line] = []
    volume: object = None
    waiting: Line | None = None
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


def _in_sequence(lines: list[Line], text: str, stop: int) -> list[Line]:
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


def _is_row(lines: list[Line], outer: Sequence[Line], text: str, stop: int) -> bool:
    """Whether numbers count from 1 on, from anew at most behind an outer heading, with chapters between them."""
    numbers = [line.name.number or 0 for line in lines]
    if len(lines) < 2 or numbers[0] != 1:
        return False
    starts = [line.start for line in outer]
    for (one, before), (two, after) in pairwise(zip(lines, numbers, strict=True)):
        is_anew = after == 1 and bisect_right(starts, one.start) < bisect_right(starts, two.start)
        if after != before + 1 and not is_anew:
            return False
    ends = ends_of(lines, stop)
    lengths = [end - line.end for line, end in zip(lines, ends, strict=True)]
    ends_of_outer = [line.end for line in outer]
    whole = 0
    for line in lines[1:]:
        above = bisect_right(ends_of_outer, line.start)
        is_under = above > 0 and _is_blank(text[ends_of_outer[above - 1] : line.start])
        whole += is_under or _ends_sentence(text, line.start)
    return median(lengths) >= 300 and whole >= 0.9 * (len(lines) - 1)


def _sections(bare: list[Line], outer: list[Line], text: str) -> list[Line]:
    """Bare numbers that count the parts of a chapter: the first stands right under its heading."""
    kept: list[Line] = []
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


def _are_titles_apart(lines: Sequence[Line], text: str) -> bool:
    """Whether under an empty line below each chapter's number stands what can be its title, with capitals as one."""
    bare = [line for line in lines if line.name.unit is Unit.CHAPTER and not line.name.title]
    below = [_TITLE_BELOW.match(text, line.end) for line in bare]
    return len(bare) >= 2 and all(
        found
        and not found["title"].rstrip().endswith(_ENDS + _PAUSES)
        and not found["title"][0].islower()
        and has_capitals(found["title"])
        for found in below
    )


def _with_title_below(line: Line, text: str, *, apart: bool) -> Line:
    """With the title that stands below the number, where titles are set ``apart`` also under an empty line."""
    if line.name.title or line.name.unit not in (Unit.CHAPTER, Unit.VOLUME, Unit.BARE):
        return line
    below = _TITLE_BELOW.match(text, line.end)
    if below is None:
        return line
    title = below["title"].strip(" \t　")
    is_title = not title.endswith(_ENDS + _PAUSES) and len(title) <= (
        30 if title[0] > "\u2e80" else 70
    )
    # Under an empty line only capitals are a title; anything else may be the first line of the text.
    is_under = "\n" not in text[line.end : below.start("title")]
    is_below = is_title and (is_under or (apart and line.name.unit is Unit.CHAPTER))
    other = read(title)
    if (title.isupper() or is_below) and (
        other is None or (is_below and other.unit is Unit.SPECIAL)
    ):
        return line._replace(end=below.end(), name=line.name._replace(title=title.rstrip(".")))
    return line


def ends_of(lines: Sequence[Line], stop: int) -> list[int]:
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
