"""The story bible: who and what there is in the story, and what is true of it from which scene on.

Each entry is one TOML file in the project's folder ``bible``, readable without us. Scenes are named by the ids of
:class:`~writer_app.story.tree.Item`, so a fact stays with its scene wherever the scene is moved.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Annotated

import msgspec

from writer_app.story.project import fitting
from writer_app.story.tree import Tree

#: Characters of an entry's id.
_LONGEST_ID = 80


class Kind(StrEnum):
    """What an entry is about."""

    CHARACTER = "character"
    PLACE = "place"
    OBJECT = "object"
    GROUP = "group"
    RULE = "rule"
    THREAD = "thread"


class Fact(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that is true of an entry during a stretch of the story.

    Attributes:
        text: As a sentence; may be empty where attribute and value say it.
        attribute: What it is about where code can compare it: ``eyes``, ``born``, ``alive``, ``place``, ...
        value: Its value: ``grey``, ``1789``, ``no``, an entry's name, ...
        since: Id of the scene from which on it is true; empty for always.
        until: Id of the scene from which on it is true no more; empty for never.
        known_by: Ids of the characters who know it; empty for everybody.
        source: The words of the text that say so, where it was found there.
    """

    text: str = ""
    attribute: str = ""
    value: str = ""
    since: str = ""
    until: str = ""
    known_by: tuple[str, ...] = ()
    source: str = ""


class Relation(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How an entry stands to another one.

    Attributes:
        to: Id of the other entry.
        what: "is the sister of", 师父.
        since, until: As of a :class:`Fact`.
    """

    to: str
    what: str = ""
    since: str = ""
    until: str = ""


class Entry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A character, a place, an object, a group, a rule of the world, or a thread of the plot.

    Attributes:
        id: The file's name without ``.toml``.
        kind: What it is.
        name: As the text usually has it.
        aliases: Other names: nicknames, titles, 字 and 号.
        triggers: Further words, or ``/patterns/``, that make the model be told of it, and are no names.
        always: Whether the model is told of it in any case.
        muted: Whether it is never told.
        priority: Where there is no room for all, larger goes first; -1000 to 1000.
        depth: Paragraphs before the caret where it is set in; 0 leaves that to the planner.
        description: Plain text.
        voice, goal, secrets: Of a character.
        samples: Things that a character would say, in their voice.
        fields: Whatever else she wants to note, by name.
        facts: What is true from a scene on.
        relations: To other entries.
        opened, due, paid: Of a thread: ids of the scenes that set it up, should resolve it, and resolve it.
    """

    id: Annotated[str, msgspec.Meta(pattern=r"^[^\s/\\.:][^/\\:]{0,79}\Z")]
    kind: Kind = Kind.CHARACTER
    name: str
    aliases: tuple[str, ...] = ()
    triggers: tuple[str, ...] = ()
    always: bool = False
    muted: bool = False
    priority: Annotated[int, msgspec.Meta(ge=-1000, le=1000)] = 0
    depth: Annotated[int, msgspec.Meta(ge=0, le=1000)] = 0
    description: str = ""
    voice: str = ""
    goal: str = ""
    secrets: str = ""
    samples: tuple[str, ...] = ()
    fields: dict[str, str] = {}
    facts: tuple[Fact, ...] = ()
    relations: tuple[Relation, ...] = ()
    opened: str = ""
    due: str = ""
    paid: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The name and all aliases, without empty ones."""
        return tuple(dict.fromkeys(each for each in (self.name, *self.aliases) if each.strip()))


@dataclass(frozen=True)
class Bible:
    """All entries of a project. A value: changing it makes another one, so taking it back is keeping the old one.

    What an entry says of others, or of scenes, may name what is gone: that says nothing, and is harmless.

    Attributes:
        entries: By id.
    """

    entries: Mapping[str, Entry] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> "Bible":
        """With these entries; of two with one id, the last."""
        return cls(MappingProxyType({entry.id: entry for entry in entries}))

    def __contains__(self, entry: object) -> bool:
        return entry in self.entries

    def __getitem__(self, entry: str) -> Entry:
        return self.entries[entry]

    def __iter__(self) -> Iterator[Entry]:
        """The entries, by name."""
        return iter(sorted(self.entries.values(), key=lambda each: (each.name.casefold(), each.id)))

    def __len__(self) -> int:
        return len(self.entries)

    def put(self, *entries: Entry) -> "Bible":
        """With these entries, new or in place of those with their ids."""
        return Bible.of([*self.entries.values(), *entries])

    def remove(self, *entries: str) -> "Bible":
        """Without the entries with these ids."""
        return Bible.of(each for each in self.entries.values() if each.id not in entries)

    @cached_property
    def by_name(self) -> Mapping[str, tuple[str, ...]]:
        """Ids of the entries that have a name, of each name and alias; several where entries share it."""
        found: dict[str, tuple[str, ...]] = {}
        for entry in self:
            for name in entry.names:
                found[name] = (*found.get(name, ()), entry.id)
        return found

    def free_id(self, name: str, taken: Iterable[str] = ()) -> str:
        """An id for a new entry called ``name``, unlike all others also where small and capital letters are one.

        Args:
            name: What it is called.
            taken: Ids that are to be left alone besides those of the entries.
        """
        return self.free_ids([name], taken)[0]

    def free_ids(self, names: Iterable[str], taken: Iterable[str] = ()) -> list[str]:
        """As :meth:`free_id` for several entries, none of which has another's."""
        used = {each.casefold() for each in (*self.entries, *taken)}
        numbers: dict[str, int] = {}
        found: list[str] = []
        for name in names:
            stem = fitting(name)[: _LONGEST_ID - 8]
            made = stem
            while made.casefold() in used:
                numbers[stem] = numbers.get(stem, 1) + 1
                made = f"{stem} {numbers[stem]}"
            used.add(made.casefold())
            found.append(made)
        return found


def holds(since: str, until: str, tree: Tree, at: int) -> bool:
    """Whether what is true between two scenes is true at position ``at`` of the manuscript (:meth:`Tree.position`).

    A scene that is not in the tree any more has no say.
    """
    begins = tree.position(since) if since in tree else 0
    ends = tree.position(until) if until in tree else len(tree.manuscript) + 1
    return begins <= at < ends


def true_at(entry: Entry, tree: Tree, at: int) -> tuple[Fact, ...]:
    """The entry's facts that hold at position ``at`` of the manuscript; the latest value of an attribute only."""
    held = [fact for fact in entry.facts if holds(fact.since, fact.until, tree, at)]
    latest: dict[str, Fact] = {}
    for fact in sorted(
        held, key=lambda each: tree.position(each.since) if each.since in tree else -1
    ):
        if fact.attribute:
            latest[fact.attribute] = fact
    return tuple(fact for fact in held if not fact.attribute or latest[fact.attribute] is fact)
