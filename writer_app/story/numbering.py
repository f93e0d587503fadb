"""The numbers of volumes and chapters: they follow from where items stand, so a move renumbers by itself."""

from collections.abc import Callable

from writer_app.story.project import Numbering
from writer_app.story.tree import Kind, Section, Tree
from writer_app.text.spelling import in_hanzi, ordinal, roman, titled

#: What stands in a pattern for the number.
PLACE = "{n}"
_SAID: dict[str, Callable[[int], str]] = {
    "arabic": str,
    "chinese": in_hanzi,
    "roman": roman,
    "words": titled,
    "ordinals": lambda number: titled(number, ordinal),
}


def numbers(tree: Tree, *, restart: bool) -> dict[str, int]:
    """The number of each volume and chapter that has one, by id.

    Args:
        tree: Only what lies in the text is counted, and only items that are ``numbered``.
        restart: Whether chapters begin at 1 behind each volume.
    """
    found: dict[str, int] = {}
    volumes = chapters = 0
    for item in tree.section(Section.TEXT):
        if item.kind is Kind.VOLUME:
            chapters = 0 if restart else chapters
            if item.numbered:
                volumes += 1
                found[item.id] = volumes
        elif item.kind is Kind.CHAPTER and item.numbered:
            chapters += 1
            found[item.id] = chapters
    return found


def labels(tree: Tree, numbering: Numbering) -> dict[str, str]:
    """What stands before the titles of volumes and chapters, by id; an item without a number has none."""
    volume = numbering.volume, numbering.volume_numerals or numbering.numerals
    patterns = {Kind.VOLUME: volume, Kind.CHAPTER: (numbering.chapter, numbering.numerals)}
    return {
        item: _label(*patterns[tree[item].kind], number)
        for item, number in numbers(tree, restart=numbering.restart).items()
        if patterns[tree[item].kind][0]
    }


def _label(pattern: str, numerals: str, number: int) -> str:
    said = _SAID[numerals](number)
    # CHAPTER ONE is all in capitals.
    return pattern.replace(PLACE, said.upper() if pattern.replace(PLACE, "").isupper() else said)


def called(label: str, title: str) -> str:
    """Label and title in one, as a heading has them: 第一章 风起, Chapter 1: The Letter."""
    if not label or not title:
        return label or title
    return (
        f"{label}: {title}" if label[-1].isascii() and label[-1].isalnum() else f"{label} {title}"
    )
