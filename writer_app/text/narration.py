"""What a narrator says, sentence by sentence, without what is quoted: people lie and guess, and letters remember.

Quoted text, headings, block quotes and paragraphs in italics are blanked out with :data:`BLANK`, so that every
offset stays what it was. Offsets are code points, spans half-open.
"""

import re
from typing import NamedTuple

#: Stands for each character that the narrator does not say.
BLANK = "\x00"

_SAID = re.compile(
    r"“[^“”\n]*(?:”|$)|「[^「」\n]*(?:」|$)|『[^『』\n]*(?:』|$)|\"[^\"\n]*(?:\"|$)"
    # Single marks are apostrophes too: a quotation begins behind a space and ends behind a stop.
    r"|(?<![\w’'])‘[^‘\n]*?[.,!?;:…—。！？，]’(?!\w)|(?<![\w'])'(?:[^'\n]|'(?=\w))*?[.,!?…—]'(?!\w)",
    re.MULTILINE,
)
_NESTED = re.compile(r"‘[^‘’\n]*’|『[^『』\n]*』")
#: Lines that are a heading, a letter set off, or wholly in italics.
_APART = re.compile(r"^(?:#{1,6} .*|>.*|([*_])(?![*_\s])[^*_\n]+\1|\s*(?:《|\[).*)$", re.MULTILINE)
_BREAK = re.compile(r"^[ \t]*(?:#{1,6} .*|(?:[*＊·\-—_~]+[ \t]*){1,9}|◇+|☆+)[ \t]*$", re.MULTILINE)
_END = re.compile(
    r"(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bDr)(?<!\bSt)(?<!\b[A-Z])[.!?…]+[”’\"')\]*_」』]*(?=\s|$|\x00)"
    r"|[。！？…]+[”’」』）]*|\n"
)


class Sentence(NamedTuple):
    """One sentence of a narrator.

    Attributes:
        start: Code points in the text; ``end`` is behind its last character.
        told: Its words, with :data:`BLANK` for what is quoted.
        paragraph: Counted from 0; another one begins at each line that is not empty.
        section: Counted from 0; another one begins behind each break (``***``, a heading).
    """

    start: int
    end: int
    told: str
    paragraph: int
    section: int


def told(text: str) -> str:
    """``text`` as long as it was, with what the narrator does not say blanked out; the marks themselves stay."""

    def blank(found: re.Match[str]) -> str:
        return BLANK * len(found[0])

    def inside(found: re.Match[str]) -> str:
        said = found[0]
        last = said[-1] if len(said) > 1 and said[-1] in "”」』\"’'" else BLANK
        return said[0] + BLANK * (len(said) - 2) + last if len(said) > 1 else said

    apart = _APART.sub(blank, text)
    return _SAID.sub(inside, _NESTED.sub(lambda f: f[0], apart))


def sentences(text: str, narrated: str) -> list[Sentence]:
    """The sentences of ``text`` in order, given what is :func:`told`; those wholly quoted are there too, all blank."""
    breaks = [found.start() for found in _BREAK.finditer(text)]
    made: list[Sentence] = []
    start = paragraph = section = 0
    is_begun = False
    for found in (*_END.finditer(narrated), None):
        end = found.end() if found else len(narrated)
        is_line = found is not None and found[0] == "\n"
        stop = end - 1 if is_line else end
        first = start + len(narrated[start:stop]) - len(narrated[start:stop].lstrip(" \t\u3000"))
        while section < len(breaks) and breaks[section] <= first:
            section += 1
        if first < stop:
            made.append(Sentence(first, stop, narrated[first:stop], paragraph, section))
            is_begun = True
        if is_line and is_begun:
            paragraph, is_begun = paragraph + 1, False
        start = end
    return made


def said_blanked(text: str) -> str:
    """``text`` as long as it was, with what people say blanked out, and headings and letters kept."""
    return _SAID.sub(lambda found: BLANK * len(found[0]), _NESTED.sub(lambda found: found[0], text))
