"""The headings of a Markdown text."""

import re
from typing import NamedTuple

_LINE = re.compile(
    r"^ {0,3}(?:(?P<marks>\#{1,6})(?:[ \t]+(?P<title>[^\n]*))?|(?P<fence>`{3,}|~{3,})(?P<info>[^\n]*))$",
    re.MULTILINE,
)
_EMPHASIS = re.compile(r"\*+|`+|(?<!\w)_+|_+(?!\w)")


class Heading(NamedTuple):
    """A heading line.

    Attributes:
        offset: Start of its line, in code points.
        level: 1 to 6.
        title: Without marks; may be empty.
    """

    offset: int
    level: int
    title: str


def headings(text: str) -> list[Heading]:
    """All ATX headings (``# Title``) outside fenced code, in order."""
    found: list[Heading] = []
    open_fence = ""
    for line in _LINE.finditer(text):
        fence, info = line["fence"], line["info"]
        if fence and not open_fence:
            # Backticks behind backticks are code inside a line, not a fence.
            open_fence = "" if fence[0] == "`" and "`" in info else fence
        elif fence and fence.startswith(open_fence) and not info.strip():
            open_fence = ""
        elif not fence and not open_fence:
            title = _without_closing_marks((line["title"] or "").rstrip())
            found.append(
                Heading(line.start(), len(line["marks"]), _EMPHASIS.sub("", title).strip())
            )
    return found


def _without_closing_marks(title: str) -> str:
    """Not by a pattern: on a line of very many spaces it would not come to an end."""
    before = title.rstrip("#")
    return title if before and not before.endswith((" ", "\t")) else before.rstrip()
