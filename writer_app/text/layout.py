"""Lines and paragraphs of a manuscript, and the blank lines and indents that tell them apart."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from itertools import pairwise

HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
INDENT = "\u3000\u3000"
SPACES = " \t\u3000"
_HAN_START = re.compile(f"[{SPACES}]*[“‘「『《（(\"'＂—…*_.。・\\-－―─]{{0,9}}[{HAN}]")
_ENDS = re.compile(r"(?:[.!?…:。！？：；—―─－・]|--)[”’\"'」』）)\]*_]{0,4}$|[”」』]$")
CLOSED = re.compile(r"[.!?…。！？][”’\"'」』）)\]*_]{0,4}$|[”」』\"]$")
_OPENS = re.compile(r"[*_]{0,3}[“‘「『\"'—]")
#: Deeply indented, and yet no code.
_PROSE = re.compile(r"[\"'“‘A-Z][^\n{}=\[\]]{20}")
#: What may be left of a paragraph on a line of its own.
_TAIL = re.compile("[。，！？：；、”’」』）》]{1,4}$")
#: A line that is something else than part of a paragraph.
_MARKED = re.compile(r"[ \t]*(?:\#{1,6}(?=[ \t]|$)|>|(?P<item>[-*+][ \t]|\d{1,9}[.)][ \t]))")
_TITLE = re.compile(
    r"[\s\u3000*_]*(?:第[〇零一二两三四五六七八九十百千\d]{1,9}[章回节節卷集部幕折][^，。！？；]{0,40}"
    r"|(?i:chapter|part|book|act|scene|volume)\s(?:\d{1,4}|[IVXLC]{1,8})\b[^,.!?]{0,60}"
    r"|[A-Z][A-Z \d.,:’'\-]{0,60}[A-Z\d])$"
)
_VERSE = 24


class Kind(Enum):
    """What a line is."""

    BLANK = auto()
    PLAIN = auto()  # of a paragraph, or a whole one
    MARKED = auto()  # heading, item, quotation, title, and what hangs on an item
    KEPT = auto()  # scene breaks, tables, code: not a character is changed


@dataclass(slots=True)
class Line:
    """A line without its end."""

    text: str
    kind: Kind


@dataclass(frozen=True)
class Shape:
    """How paragraphs are set; ``None`` where a manuscript does not show it.

    Attributes:
        indent: Chinese paragraphs begin with two ideographic spaces.
        apart: A blank line stands between paragraphs.
    """

    indent: bool | None = None
    apart: bool | None = None


def lines_of(text: str) -> list[Line]:
    """The lines of a text that stands for itself, without white space at their ends but for Markdown's breaks."""
    found: list[Line] = []
    in_list = False
    raw = text.split("\n")
    indents = _typed_indents(raw)
    for at, line in enumerate(raw):
        kind = _kind(line)
        kept = line
        if kind is Kind.KEPT and _margin_of(line) in indents:
            kind = Kind.PLAIN
        if kind is Kind.KEPT and _TAIL.match(line) and found and found[-1].kind is Kind.PLAIN:
            kind = Kind.PLAIN
        if kind is Kind.BLANK:
            in_list = False
            kept = ""
        elif kind is not Kind.KEPT:
            if kind is Kind.PLAIN and in_list:
                kind = Kind.MARKED
            marked = _MARKED.match(line)
            in_list = in_list or bool(marked and marked["item"])
            broken = line.endswith("  ") and at + 1 < len(raw) and bool(raw[at + 1].strip())
            kept = line.rstrip(SPACES) + ("  " if broken else "")
        found.append(Line(kept, kind))
    return found


def shape_of(lines: list[Line]) -> Shape:
    """How the paragraphs of joined lines are set."""
    indented = flush = apart = close = 0
    last: Line | None = None
    gap = 0
    for line in lines:
        if line.kind is Kind.BLANK:
            gap += 1
            continue
        if line.kind is Kind.PLAIN and _HAN_START.match(line.text):
            indented += line.text[0] in SPACES
            flush += line.text[0] not in SPACES
        if last is not None and _are_paragraphs(last, line):
            apart += gap > 0
            close += gap == 0
        last, gap = line, 0
    return Shape(
        None if indented == flush else indented > flush, None if apart == close else apart > close
    )


def shaped(lines: list[Line], shape: Shape, first_is_whole: bool = True) -> Iterator[Line]:
    """Joined lines with indents and blank lines as ``shape`` has them."""
    last: Line | None = None
    gap = 0
    written = [line for line in lines if line.kind is not Kind.BLANK]
    verse = {id(y) for x, y in neighbours(lines) if _is_verse(x, y)}
    verse |= {id(x) for x, y in neighbours(lines) if _is_verse(x, y)}
    for line in lines:
        if line.kind is Kind.BLANK:
            gap += 1
            continue
        if last is not None:
            gap = min(gap, 1)
            if shape.apart is not None and _are_paragraphs(last, line):
                gap = int(shape.apart)
            elif line.kind is Kind.PLAIN and line.text.startswith(("    ", "\t")):
                gap = 1
            for _blank in range(gap):
                yield Line("", Kind.BLANK)
        whole = first_is_whole or line is not written[0]
        last, gap = line, 0
        yield _indented(line, shape.indent) if whole and id(line) not in verse else line


def _typed_indents(raw: list[str]) -> frozenset[str]:
    """The white space, too deep for Markdown, that begins paragraphs: their second lines are flush."""
    return frozenset(
        _margin_of(one)
        for one, other in pairwise(raw)
        if one.startswith(("    ", "\t"))
        and _PROSE.match(one.lstrip())
        and other[:1].strip()
        and _kind(other) is Kind.PLAIN
    )


def _margin_of(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _indented(line: Line, indent: bool | None) -> Line:
    if (
        line.kind is Kind.PLAIN
        and line.text.startswith(("    ", "\t"))
        and not _HAN_START.match(line.text)
    ):
        return Line(line.text.lstrip(), line.kind)
    if line.kind is not Kind.PLAIN or not _HAN_START.match(line.text):
        return line
    bare = line.text.lstrip(SPACES)
    if indent is None:
        indent = line.text != bare
    return Line(INDENT + bare if indent else bare, line.kind)


def _kind(line: str) -> Kind:
    bare = line.strip()
    if not bare:
        return Kind.BLANK
    if not any(letter.isalnum() for letter in bare) and not (
        bare[0] in "“‘「『\"'" and len(bare) > 1
    ):
        return Kind.KEPT
    if line.startswith(("    ", "\t")) and not _HAN_START.match(line):
        return Kind.KEPT
    if _MARKED.match(line) or _TITLE.match(line):
        return Kind.MARKED
    return Kind.PLAIN


def neighbours(lines: list[Line]) -> Iterator[tuple[Line, Line]]:
    """Lines of paragraphs with nothing between them."""
    for one, other in pairwise(lines):
        if one.kind is other.kind is Kind.PLAIN:
            yield one, other


def _is_verse(one: Line, other: Line) -> bool:
    """Whether two lines with nothing between them are lines of a poem rather than short paragraphs."""
    first, second = one.text.strip(), other.text.strip()
    if _HAN_START.match(first):
        if max(len(first), len(second)) > _VERSE or _OPENS.match(first) or _OPENS.match(second):
            return False
        return len(first) == len(second) or not _ENDS.search(first)
    return not _ENDS.search(first) or one.text.endswith("  ")


def _are_paragraphs(one: Line, other: Line) -> bool:
    if one.kind is not Kind.PLAIN or other.kind is not Kind.PLAIN or _is_verse(one, other):
        return False
    if _HAN_START.match(one.text):
        return bool(_ENDS.search(one.text))
    long = len(one.text) > 60 and other.text[:1] not in SPACES
    return bool(CLOSED.search(one.text)) and (
        long or bool(_OPENS.match(one.text) or _OPENS.match(other.text))
    )
