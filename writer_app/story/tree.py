"""The tree of a project: volumes, chapters, scenes and notes, in the order in which the book is read.

A tree is a value. Moving, trashing or renaming an item makes another tree, so taking it back is keeping the old one,
and no text is touched by any of it: an item names its file, and where the item stands is said only here.

Items lie in one row, each with its depth, as lines of an outline do: what is under an item follows it, deeper.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Annotated

import msgspec

#: Levels that a tree may have: volume, chapter, scene, and as many again for notes in folders.
DEEPEST = 8


class Section(StrEnum):
    """The parts of a project, in the order in which they are shown; only ``TEXT`` and ``FRONT`` are the book."""

    FRONT = "front"
    TEXT = "text"
    NOTES = "notes"
    ARCHIVE = "archive"
    TRASH = "trash"


class Kind(StrEnum):
    """What an item is; where it may stand does not depend on it."""

    VOLUME = "volume"
    CHAPTER = "chapter"
    SCENE = "scene"
    NOTE = "note"


class Beat(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that is to happen in a scene.

    Attributes:
        text: What happens.
        done: Whether it has been written.
    """

    text: str
    done: bool = False


class Item(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A volume, chapter, scene or note.

    Attributes:
        id: Names it for its whole life: facts, threads and pins refer to it.
        kind: What it is.
        title: Without its number, which follows from the place.
        section: Where in the project it lies; all that is under it lies there too.
        depth: 0 for what lies directly in its section.
        file: Its text, relative to the project's folder with ``/``; empty for what only holds others.
        numbered: Whether it counts among its like; 楔子, 番外, a prologue do not.
        status: Id of one of the project's states, or empty.
        published: ISO date on which it was published, or empty.
        label: Id of one of the project's labels, or empty.
        target: Words (字 in Chinese) that it should get; 0 for none.
        synopsis: What happens, as on its card.
        when: When it happens, in her words; see :mod:`writer_app.text.times`.
        after: Id of the scene that it happens right after where she has said so, its own id for before all others;
            goes before ``when``.
        beats: What is to happen, one after the other.
        notes: A file beside the text, relative as ``file``; empty for none.
        pinned: Ids of notes and the like that the model is told with this item; its own id stands for ``notes``.
        home: Where it lay before it was put into the trash or the archive: section, ``under``, ``before`` as of
            :meth:`Tree.move`; empty elsewhere.
    """

    id: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9-]{1,40}\Z")]
    kind: Kind
    title: str = ""
    section: Section = Section.TEXT
    depth: Annotated[int, msgspec.Meta(ge=0, lt=DEEPEST)] = 0
    file: str = ""
    numbered: bool = True
    status: str = ""
    published: str = ""
    label: str = ""
    target: Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000)] = 0
    synopsis: str = ""
    when: str = ""
    after: str = ""
    beats: tuple[Beat, ...] = ()
    notes: str = ""
    pinned: tuple[str, ...] = ()
    home: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tree:
    """All items of a project, section after section, each before what is under it.

    Every method that takes an id raises ``KeyError`` where there is none such.
    """

    items: tuple[Item, ...] = ()

    @cached_property
    def places(self) -> dict[str, int]:
        """Where in ``items`` each id stands."""
        return {item.id: at for at, item in enumerate(self.items)}

    def __contains__(self, item: str) -> bool:
        return item in self.places

    def __getitem__(self, item: str) -> Item:
        return self.items[self.places[item]]

    def get(self, item: str) -> Item | None:
        """The item, or ``None`` where there is none such."""
        return self.items[self.places[item]] if item in self.places else None

    def __iter__(self) -> Iterator[Item]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def section(self, section: Section) -> tuple[Item, ...]:
        """The items of one section, in order."""
        return tuple(item for item in self.items if item.section is section)

    @cached_property
    def manuscript(self) -> tuple[Item, ...]:
        """What has text and is the book, in reading order: front matter, then chapters and scenes."""
        return tuple(
            item
            for item in self.items
            if item.file and item.section in (Section.FRONT, Section.TEXT)
        )

    def branch(self, item: str) -> tuple[Item, ...]:
        """The item and all that is under it."""
        start = self.places[item]
        return self.items[start : self._end(start)]

    def children(self, item: str) -> tuple[Item, ...]:
        """What lies directly under the item."""
        first, *under = self.branch(item)
        return tuple(each for each in under if each.depth == first.depth + 1)

    def parent(self, item: str) -> Item | None:
        """What the item lies under; ``None`` directly in its section."""
        at = self.places[item]
        own = self.items[at]
        for before in reversed(self.items[:at]):
            if before.section is not own.section:
                return None
            if before.depth < own.depth:
                return before
        return None

    def position(self, item: str) -> int:
        """Where in the manuscript the item stands, counted from 0; for what has no text, where its text would begin.

        What is not in the book stands behind all of it.
        """
        return self._positions[self.places[item]]

    def replace(self, item: str, **fields: object) -> "Tree":
        """With other values of one item; not for ``section`` and ``depth``, see :meth:`move`."""
        at = self.places[item]
        return Tree(
            (
                *self.items[:at],
                msgspec.structs.replace(self.items[at], **fields),
                *self.items[at + 1 :],
            )
        )

    def insert(self, item: Item, section: Section, under: str = "", before: str = "") -> "Tree":
        """With a new item, at the end of ``under`` (of the section, where empty) or before one of its children.

        Raises:
            ValueError: There is an item of its id, or as of :meth:`move`.
        """
        if item.id in self:
            raise ValueError(f"id {item.id} twice")
        return self._put((msgspec.structs.replace(item, depth=0),), section, under, before)

    def move(
        self, items: Collection[str], section: Section, under: str = "", before: str = ""
    ) -> "Tree":
        """With these items, and what is under them, in another place; their order among each other stays.

        Args:
            items: Ids; what lies under another of them goes with it.
            section: Where to.
            under: The item that they will lie directly under; empty for directly in the section.
            before: The child of ``under`` that they will stand before; empty for behind all.

        Raises:
            ValueError: Into itself, before what does not lie there, or deeper than :data:`DEEPEST` levels.
        """
        wanted = set(items)
        if missing := wanted - self.places.keys():
            raise KeyError(*missing)
        chosen = [item.id for item in self.items if item.id in wanted]
        carried: dict[str, Item] = {}
        for each in chosen:
            if each not in carried:
                carried |= self._lifted(each)
        if under in carried:
            raise ValueError(f"{under} cannot be moved under itself")
        self._check_place(section, under, before)
        if before in carried:
            before = self._next_sibling(before, carried)
        rest = Tree(tuple(item for item in self.items if item.id not in carried))
        return rest._put(tuple(carried.values()), section, under, before)

    def drop(self, items: Collection[str]) -> "Tree":
        """Without these items and what is under them."""
        gone = {each.id for item in items for each in self.branch(item)}
        return Tree(tuple(item for item in self.items if item.id not in gone))

    def place(self, item: str, without: Collection[str] = ()) -> tuple[Section, str, str]:
        """Where the item lies, as :meth:`move` takes it: section, ``under``, ``before``; that is none of ``without``."""
        above = self.parent(item)
        return self[item].section, above.id if above else "", self._next_sibling(item, without)

    # -- inside ---------------------------------------------------------------------------------

    @cached_property
    def _positions(self) -> tuple[int, ...]:
        """For each item how many texts of the book stand before it."""
        count, found = 0, []
        for item in self.items:
            is_book = item.section in (Section.FRONT, Section.TEXT)
            found.append(count if is_book else len(self.manuscript))
            count += bool(item.file) and is_book
        return tuple(found)

    def _check_place(self, section: Section, under: str, before: str) -> None:
        """Raise ``ValueError`` where ``before`` is no child of ``under``, ``KeyError`` where there is no such item."""
        if not before:
            return
        above = self.parent(before)
        if (above.id if above else "") != under or (
            not under and self[before].section is not section
        ):
            raise ValueError(f"{before} does not lie there")

    def _end(self, start: int) -> int:
        """Behind all that is under the item at ``start``."""
        own = self.items[start]
        end = start + 1
        while (
            end < len(self.items)
            and self.items[end].section is own.section
            and self.items[end].depth > own.depth
        ):
            end += 1
        return end

    def _lifted(self, item: str) -> dict[str, Item]:
        """The item at depth 0, with all that is under it."""
        branch = self.branch(item)
        return {
            each.id: msgspec.structs.replace(each, depth=each.depth - branch[0].depth)
            for each in branch
        }

    def _next_sibling(self, item: str, carried: Collection[str]) -> str:
        """The first item behind this one on its level that stays; empty where there is none."""
        own = self[item]
        for each in self.items[self._end(self.places[item]) :]:
            if each.section is not own.section or each.depth < own.depth:
                return ""
            if each.depth == own.depth and each.id not in carried:
                return each.id
        return ""

    def _put(self, items: tuple[Item, ...], section: Section, under: str, before: str) -> "Tree":
        self._check_place(section, under, before)
        depth = self[under].depth + 1 if under else 0
        if any(item.depth + depth >= DEEPEST for item in items):
            raise ValueError(f"deeper than {DEEPEST} levels")
        if under:
            section = self[under].section
        if before:
            at = self.places[before]
        elif under:
            at = self._end(self.places[under])
        else:
            order = list(Section)
            rank = order.index(section)
            at = sum(1 for item in self.items if order.index(item.section) <= rank)
        placed = (
            msgspec.structs.replace(item, section=section, depth=item.depth + depth)
            for item in items
        )
        return Tree((*self.items[:at], *placed, *self.items[at:]))


def in_order(items: Iterable[Item]) -> Tree:
    """A tree of these items: section after section, and none deeper than one below what is before it."""
    order = list(Section)
    made: list[Item] = []
    for item in sorted(items, key=lambda each: order.index(each.section)):
        deepest = made[-1].depth + 1 if made and made[-1].section is item.section else 0
        depth = min(item.depth, deepest, DEEPEST - 1)
        made.append(item if depth == item.depth else msgspec.structs.replace(item, depth=depth))
    return Tree(tuple(made))
