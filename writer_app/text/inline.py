"""Words of one paragraph, as Markdown: their marks around them, and what only looks like a mark escaped."""

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import quote

from writer_app.text.hidden import hidden

_WEB = re.compile(r"(?:https?://|mailto:)[^\s]", re.IGNORECASE)
_LONGEST_TARGET = 2_000

#: What would be a mark; the first pattern inside the words of a link, where every bracket is one.
_MARKS_IN_LINK = re.compile(
    r"[\\`*\[\]]|<(?=[A-Za-z/?])|(?<=<)!|~(?=~)|&(?=#?\w+;)|(?<![^\W_])_|_(?![^\W_])"
)
_MARKS = re.compile(
    r"[\\`*]|\[(?=\^)|\](?=[(\[:])|<(?=[A-Za-z/?])|(?<=<)!|~(?=~)|&(?=#?\w+;)|(?<![^\W_])_|_(?![^\W_])"
)
_LINE_MARKS = re.compile(r"#{1,6}(?=\s|$)|>|[-+](?=\s|$)|(?:-[ \t]*){3,}$|=+[ \t]*$")
_NUMBER = re.compile(r"(\d{1,9})([.)])(?=\s|$)")


class Look(NamedTuple):
    """How words look: ``target`` is that of the link they are."""

    slanted: bool = False
    strong: bool = False
    target: str = ""


def target_of(href: str) -> str:
    """A target that may stand in Markdown; empty where it leads nowhere that we would open."""
    href = href.strip()
    if not _WEB.match(href) or len(href) > _LONGEST_TARGET:
        return ""
    unseen = {letter for found in hidden(href) for letter in href[found.start : found.end]}
    return "".join(
        quote(letter, safe="", errors="replace")
        if letter in unseen or letter in " ()<>[]\"'\\`*~" or not letter.isprintable()
        else letter
        for letter in href
    )


def inline(runs: list[tuple[str, Look]]) -> str:
    """The runs of one paragraph as Markdown, white space as readers see it."""
    said: list[str] = []
    for text, look in _joined(runs):
        lines = "\n".join(_dressed(line, look) for line in text.split("\n"))
        if said and lines.startswith("[") and said[-1].endswith(("!", "]")):
            # Before a link, one would make a picture of it, the other a reference.
            said[-1] = said[-1][:-1] + "\\" + said[-1][-1]
        said.append(_margin(text[0]) + lines + _margin(text[-1]))
    return re.sub(r" ?\n ?", "\n", re.sub(r" {2,}", " ", "".join(said))).strip(" \n")


def _margin(letter: str) -> str:
    """White space at the edge of a run stands outside its marks."""
    return " " if letter == " " else ""


def _joined(runs: list[tuple[str, Look]]) -> Iterator[tuple[str, Look]]:
    """Neighbours of one look as one, so that no marks stand between them; white space joins either."""
    gathered: list[str] = []
    current = Look()
    for text, look in runs:
        if gathered and look != current and text.strip(" \n"):
            yield "".join(gathered), current
            gathered = []
        if not gathered:
            current = look
        gathered.append(text)
    if gathered:
        yield "".join(gathered), current


def _dressed(line: str, look: Look) -> str:
    words = line.strip(" ")
    if not words:
        return ""
    marks = _MARKS_IN_LINK if look.target else _MARKS
    said = marks.sub(lambda found: "\\" + found[0], words)
    if look.target:
        said = f"<{words}>" if words == look.target else f"[{said}]({look.target})"
    mark = "*" * (look.slanted + 2 * look.strong)
    return mark + said + mark


def escaped_start(line: str) -> str:
    """A line whose first characters are words, not marks of a heading, a list or the like."""
    if _LINE_MARKS.match(line):
        return "\\" + line
    return _NUMBER.sub(r"\1\\\2", line, count=1) if _NUMBER.match(line) else line
