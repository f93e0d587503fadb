"""Searching a whole project: its scenes and notes, as they are on the page or else on the disk."""

import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from writer_app.story.texts import Text, Texts, folded, narrowed
from writer_app.story.tree import Section

#: What is searched where nothing else is said.
SECTIONS = (Section.FRONT, Section.TEXT, Section.NOTES, Section.ARCHIVE)
#: Characters of a line that are shown before a match and behind it.
_AROUND = 40


@dataclass(frozen=True)
class Query:
    """What to look for; full-width letters are the same as narrow ones.

    Attributes:
        whole_word: Only where no word goes on before or behind. Scripts without spaces have no such edges.
        case: Upper and lower case differ.
    """

    text: str
    whole_word: bool = False
    case: bool = False


class Hit(NamedTuple):
    """A place where something was found.

    Attributes:
        item: Id.
        file: Of the text or the notes of the item.
        start, end: Code points of that text.
        excerpt: The line, or what of a long one is near.
        at: Where in ``excerpt`` the match begins.
    """

    item: str
    file: str
    start: int
    end: int
    excerpt: str
    at: int


def search(
    texts: Texts, query: Query, *, sections: Collection[Section] = SECTIONS, limit: int = 10_000
) -> list[Hit]:
    """All places in scenes and notes, in the order of the tree; at most ``limit``.

    What cannot be read is left out, see ``texts.problems``.
    """
    found: list[Hit] = []
    if not query.text:
        return found
    owners = {
        file: item.id
        for item in texts.project.tree
        if item.section in sections
        for file in (item.file, item.notes)
        if file
    }
    for file, each in texts.all(owners):
        for start in places(each, query):
            found.append(_hit(owners[file], file, each.text, start, start + len(query.text)))
            if len(found) == limit:
                return found
    return found


def places(text: Text, query: Query) -> Iterator[int]:
    """Where in one text it is found, in code points."""
    wanted = narrowed(query.text)
    within = text.narrow if query.case else text.folded
    wanted = wanted if query.case else folded(wanted)
    start = within.find(wanted)
    while start >= 0:
        end = start + len(wanted)
        if not query.whole_word or _is_whole(within, start, end):
            yield start
            start = within.find(wanted, end)
        else:
            start = within.find(wanted, start + 1)


def _is_whole(text: str, start: int, end: int) -> bool:
    inside_before = start > 0 and _in_word(text[start]) and _in_word(text[start - 1])
    inside_behind = end < len(text) and _in_word(text[end - 1]) and _in_word(text[end])
    return not inside_before and not inside_behind


def _in_word(character: str) -> bool:
    """Whether this is of a word of a script that puts spaces between words."""
    if character.isascii():
        return character.isalnum() or character == "_"
    if (
        "\u0e00" <= character <= "\u0e7f"
        or "\u2e80" <= character <= "\ua4cf"
        or character >= "\uf900"
    ):
        return False
    return character.isalnum() or unicodedata.category(character).startswith("M")


def _hit(item: str, file: str, text: str, start: int, end: int) -> Hit:
    line = text.rfind("\n", 0, start) + 1
    stop = text.find("\n", end)
    stop = len(text) if stop < 0 else stop
    first, last = max(line, start - _AROUND), min(stop, end + _AROUND)
    excerpt = ("…" if first > line else "") + text[first:last] + ("…" if last < stop else "")
    return Hit(item, file, start, end, excerpt, start - first + (first > line))
