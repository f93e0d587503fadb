"""Tidying a passage (一键排版): broken lines, blank lines, indents, spaces, and marks as the manuscript has them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from writer_app.text.habits import Dash, Dots, Habits, Quotes
from writer_app.text.layout import Kind, Line, Shape, lines_of, shape_of, shaped
from writer_app.text.masking import masked
from writer_app.text.punctuation import improved, requoted, spaced
from writer_app.text.script import language_of
from writer_app.text.wrapping import joined

#: As much of a manuscript shows how it is set.
_SAMPLE = 100_000
#: So many marks show which are meant.
_ENOUGH = 6


@dataclass(frozen=True)
class Options:
    """What is wanted; ``None`` is as the manuscript has it.

    Attributes:
        indent: Two ideographic spaces before Chinese paragraphs.
        apart: A blank line between paragraphs.
        join: Put lines together that only a margin had parted.
        marks: Quotes, dashes, ellipsis, full-width marks; without it only lines and spaces change.
        quotes: Which ones.
    """

    indent: bool | None = None
    apart: bool | None = None
    join: bool = True
    marks: bool = True
    quotes: Quotes | None = None


def tidy(text: str, around: str = "", options: Options | None = None) -> str:
    """``text`` set properly. Letters and digits stay as they are and where they are.

    Args:
        text: A passage, or all of a manuscript.
        around: The manuscript, which shows how it is set; empty where there is none but ``text``.
        options: What is wanted.
    """
    options = options or Options()
    # What was selected begins and ends with what it began and ended with.
    body = text.strip("\n")
    if not body.strip():
        return text
    start = text.index(body)
    hidden = masked(body)
    tidied = _tidied(hidden.text, around or text, _begins_line(text, around), options)
    return text[:start] + hidden.restored(tidied) + text[start + len(body) :]


def _tidied(text: str, around: str, whole: bool, options: Options) -> str:
    sample = around[:_SAMPLE] + around[-_SAMPLE:] if len(around) > 2 * _SAMPLE else around
    lines = lines_of(text)
    if options.join:
        lines = _joined(lines, text)
    shape = _shape(lines, sample, options)
    for line, words in zip(lines, _improved(lines, around, sample, options), strict=True):
        line.text = words
    return "\n".join(line.text for line in shaped(lines, shape, whole))


def _improved(lines: list[Line], around: str, sample: str, options: Options) -> Iterator[str]:
    """The words of each line as they should be."""
    language = language_of(sample[:_SAMPLE])
    if not options.marks or language not in ("en", "zh"):
        return (_put(line, spaced(line.text)) for line in lines)
    habits = _typographic(Habits.of(around, language), language)
    if options.quotes:
        habits = replace(habits, quotes=options.quotes)
    clear = options.quotes or _clear(sample, habits.quotes)
    return (_put(line, _marks(line, habits, clear)) for line in lines)


def _put(line: Line, text: str) -> str:
    """A line with other words; a break that Markdown knows by two spaces stays one."""
    if line.kind in (Kind.KEPT, Kind.BLANK):
        return line.text
    return text.rstrip(" ") + "  " if line.text.endswith("  ") else text


def _marks(line: Line, habits: Habits, quotes: Quotes | None) -> str:
    if line.kind in (Kind.KEPT, Kind.BLANK):
        return line.text
    text = requoted(line.text, quotes) if quotes else line.text
    return improved(text, habits, is_title=line.kind is Kind.MARKED)


def _joined(lines: list[Line], text: str) -> list[Line]:
    known: frozenset[str] = frozenset()
    if "-\n" in text:
        known = frozenset(re.findall(r"[^\W\d_]{2,40}", text.lower()))
    for _turn in range(3):
        fewer = joined(lines, known)
        if len(fewer) == len(lines):
            break
        lines = fewer
    return lines


def _shape(lines: list[Line], sample: str, options: Options) -> Shape:
    there = shape_of(joined(lines_of(masked(sample).text)))
    here = shape_of(lines)
    indent = there.indent if options.indent is None else options.indent
    apart = there.apart if options.apart is None else options.apart
    if options.apart is None and apart is False and not here.apart:
        # Few blank lines among paragraphs without are there for a reason.
        apart = None
    return Shape(indent, apart)


def _typographic(habits: Habits, language: str) -> Habits:
    """Habits without those of typewriters, which are what is tidied."""
    usual = Habits.of("", language)
    return Habits(
        usual.quotes if habits.quotes is Quotes.STRAIGHT else habits.quotes,
        usual.dash if habits.dash is Dash.HYPHENS else habits.dash,
        usual.ellipsis if habits.ellipsis is Dots.THREE else habits.ellipsis,
        full_width=language == "zh",
    )


def _clear(sample: str, quotes: Quotes) -> Quotes | None:
    """``quotes`` where the manuscript has them and hardly any of the other form."""
    curly, corner, straight = (sum(map(sample.count, marks)) for marks in ("“”", "「」", '"'))
    mine, others = (corner, curly) if quotes is Quotes.CORNER else (curly, corner)
    # Straight marks will be the manuscript's own; counted so, a text shows the same before and after.
    return quotes if mine + straight >= _ENOUGH and mine + straight > 4 * others else None


def _begins_line(text: str, around: str) -> bool:
    at = around.find(text)
    return at <= 0 or around[at - 1] == "\n"
