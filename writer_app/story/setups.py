"""What the story has promised: threads that were opened, where each is due, and where it was paid."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import msgspec

from writer_app.story.bible import Bible, Entry, Fact, Kind
from writer_app.story.tree import Item, Tree

#: Characters of a passage that is kept with a thread.
LONGEST_PASSAGE = 400
#: Characters of a name made of a passage: of Latin letters, and of 汉字.
_LONGEST_NAME, _LONGEST_HAN_NAME = 40, 16
_HAN = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
_MARKS = " \t\n\u3000#>*_-–—“”\"‘'「」『』()（）[]…,，.。;；:：!！?？、"


class Standing(StrEnum):
    """How a setup stands, the most pressing first."""

    OVERDUE = "overdue"
    OPEN = "open"
    PAID = "paid"


@dataclass(frozen=True)
class Setup:
    """A thread as it stands.

    Attributes:
        entry: Of the bible.
        opened, due, paid: The texts of the book where; ``None`` where none is said, or it is gone.
        standing: Overdue is what is not paid though something behind the scene where it is due is written.
        is_crossed: Whether it is due or paid before it was opened.
    """

    entry: Entry
    opened: Item | None
    due: Item | None
    paid: Item | None
    standing: Standing
    is_crossed: bool = False


def setups(bible: Bible, tree: Tree, written: Iterable[str]) -> tuple[Setup, ...]:
    """All threads of the bible: overdue ones, open ones by where they are due, and those that are paid.

    Args:
        bible: Whose threads.
        tree: Of the book.
        written: Ids of the texts that have words.
    """
    book = {item.id: (at, item) for at, item in enumerate(tree.manuscript)}
    last = max((book[each][0] for each in written if each in book), default=-1)
    beyond = len(book)

    def at(item: Item | None) -> int:
        return book[item.id][0] if item else beyond

    def stands(entry: Entry) -> Setup:
        opened, due, paid = (
            book[scene][1] if scene in book else None
            for scene in (entry.opened, entry.due, entry.paid)
        )
        standing = Standing.OPEN
        if paid:
            standing = Standing.PAID
        elif due and at(due) < last:
            standing = Standing.OVERDUE
        ends = [at(each) for each in (due, paid) if each]
        is_crossed = opened is not None and any(each < at(opened) for each in ends)
        return Setup(entry, opened, due, paid, standing, is_crossed)

    order = list(Standing)
    return tuple(
        sorted(
            (stands(entry) for entry in bible if entry.kind is Kind.THREAD),
            key=lambda each: (
                order.index(each.standing),
                at(each.paid) if each.paid else at(each.due),
                at(each.opened),
            ),
        )
    )


def opened_by(bible: Bible, passage: str, scene: str, taken: Iterable[str] = ()) -> Entry:
    """A new thread that a passage of a scene opens; the passage is kept as its first fact.

    Args:
        bible: That it is to be put into.
        passage: Some words of the text.
        scene: Id of the text they stand in.
        taken: Ids that it may not have.
    """
    name = name_of(passage)
    entry = Entry(id=bible.free_id(name, taken), kind=Kind.THREAD, name=name, opened=scene)
    return _with_passage(entry, passage, scene)


def paid_by(entry: Entry, passage: str, scene: str) -> Entry:
    """The thread, paid in a scene; the passage that does it is kept where one is given."""
    return _with_passage(msgspec.structs.replace(entry, paid=scene), passage, scene)


def place_of(entry: Entry, scene: str, text: str) -> tuple[int, int]:
    """Where in the text of a scene the passage stands that was kept; its beginning where it is there no more."""
    for fact in entry.facts:
        at = text.find(fact.source) if fact.source and fact.since == scene else -1
        if at >= 0:
            return at, at + len(fact.source)
    return 0, 0


def name_of(passage: str) -> str:
    """A short name after the beginning of a passage."""
    plain = " ".join(passage.split()).strip(_MARKS)
    longest = _LONGEST_HAN_NAME if _HAN.search(plain[:_LONGEST_HAN_NAME]) else _LONGEST_NAME
    if len(plain) <= longest:
        return plain or "?"
    cut = plain[: longest + 1]
    # At the end of a clause, else of a word, where one is near.
    ends = (max(map(cut.rfind, "，。；：！？,.;:!?")), cut.rfind(" "), longest)
    return cut[: next(end for end in ends if end >= longest // 2)].rstrip(_MARKS) + "…"


def _with_passage(entry: Entry, passage: str, scene: str) -> Entry:
    kept = passage.strip()[:LONGEST_PASSAGE]
    if not kept:
        return entry
    fact = Fact(text=" ".join(kept.split()), source=kept, since=scene)
    return msgspec.structs.replace(entry, facts=(*entry.facts, fact))
