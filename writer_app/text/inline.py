"""Words of one paragraph, as Markdown: their marks around them, and what only looks like a mark escaped.

Also what would look like a mark once hidden characters are taken away, as the writer may do later.
"""

import re
from collections.abc import Iterator, Sequence, Set
from typing import NamedTuple
from urllib.parse import quote

from writer_app.text.hidden import hidden, suspects

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
        if said and lines.startswith("["):
            before, places = _seen(said[-1])
            if before.endswith(("!", "]")):
                # Before a link, one would make a picture of it, the other a reference.
                said[-1] = _escaped(said[-1], {places[-1]})
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
    said = _escaped(words, _marks_in(words, marks))
    if look.target:
        said = f"<{words}>" if words == look.target else f"[{said}]({look.target})"
    mark = "*" * (look.slanted + 2 * look.strong)
    return mark + said + mark


def escaped_start(line: str) -> str:
    """A line whose first characters are words, not marks of a heading, a list or the like."""
    variants: list[tuple[str, Sequence[int]]] = [(line, range(len(line)))]
    if (seen := _seen(line))[0] != line:
        variants.append(seen)
    for text, at in variants:
        if _LINE_MARKS.match(text):
            return _escaped(line, {at[0]})
        if found := _NUMBER.match(text):
            return _escaped(line, {at[found.start(2)]})
    return line


def _marks_in(words: str, marks: re.Pattern[str]) -> set[int]:
    """Where marks stand, or will stand when nothing is hidden any more; each is one character."""
    found = {each.start() for each in marks.finditer(words)}
    plain, places = _seen(words)
    if len(plain) < len(words):
        found.update(places[each.start()] for each in marks.finditer(plain))
    return found


def _seen(text: str) -> tuple[str, Sequence[int]]:
    """``text`` without what may be hidden in it, and where each character of that stands."""
    places: list[int] = []
    at = 0
    for start, end in suspects(text):
        places += range(at, start)
        at = end
    if not at:
        return text, range(len(text))
    places += range(at, len(text))
    return "".join(text[place] for place in places), places


def _escaped(text: str, places: Set[int]) -> str:
    """``text`` with a backslash before each of these characters."""
    if not places:
        return text
    pieces, at = [], 0
    for place in sorted(places):
        pieces += [text[at:place], "\\"]
        at = place
    return "".join((*pieces, text[at:]))
