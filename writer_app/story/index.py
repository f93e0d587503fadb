"""Where each entry of the bible is mentioned: kept per text, brought up to date as one types.

The index holds places, no texts: it is told of a text when that is opened, saved or changed, and searches what it
was not told of before. Two entries may share a name (Miss Bennet is Jane, and Elizabeth): such a mention counts as
one that may mean either.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from writer_app.story.bible import Bible
from writer_app.text.difference import Edit
from writer_app.text.mentions import Mention, Names


class Appearance(NamedTuple):
    """How an entry is mentioned in one text.

    Attributes:
        item: Id of the scene, chapter or note.
        sure: Where, half-open, in code points.
        unsure: The same of names that may mean another entry.
    """

    item: str
    sure: tuple[tuple[int, int], ...]
    unsure: tuple[tuple[int, int], ...]

    @property
    def times(self) -> int:
        """How often, both together."""
        return len(self.sure) + len(self.unsure)

    @property
    def first(self) -> tuple[int, int]:
        """The first place."""
        return min(*self.sure[:1], *self.unsure[:1], (1 << 62, 0))


@dataclass(frozen=True)
class _Searched:
    """What was found in one text.

    Attributes:
        state: Of the text: a digest, or whatever else tells states apart.
        mentions: In order.
        by_name: The places of each name.
    """

    state: str
    mentions: tuple[Mention, ...]
    by_name: Mapping[str, tuple[tuple[int, int], ...]]


class Index:
    """The mentions of all entries in all texts it was told of.

    Args:
        bible: Whose names are looked for.
    """

    def __init__(self, bible: Bible | None = None) -> None:
        self._bible = bible or Bible()
        self._names = Names(self._bible.by_name)
        self._searched: dict[str, _Searched] = {}

    def use(self, bible: Bible) -> bool:
        """Look for this bible's names from now on; whether all texts must be told of again, as the names are others."""
        self._bible = bible
        if self._names.names == Names.usable(bible.by_name):
            return False
        self._names = Names(bible.by_name)
        self._searched.clear()
        return True

    @property
    def names(self) -> Names:
        """What is looked for now; another one where the names are others."""
        return self._names

    def knows(self, item: str, state: str | None = None) -> bool:
        """Whether the text of ``item`` was searched, in this state where one is given."""
        known = self._searched.get(item)
        return known is not None and state in (None, known.state)

    def take(self, item: str, mentions: tuple[Mention, ...], state: str = "") -> None:
        """Take over what :attr:`names` found elsewhere in the text of ``item``."""
        self._keep(item, state, mentions)

    def look(self, item: str, text: str, state: str = "") -> None:
        """Search a text.

        Args:
            item: Whose it is.
            text: All of it.
            state: Of the text, as :meth:`knows` is asked for it.
        """
        self._keep(item, state, self._names.find(text))

    def look_again(self, item: str, text: str, edit: Edit, state: str = "") -> None:
        """Search the neighbourhood of an edit; all of a text that was never searched.

        Args:
            item: Whose it is.
            text: As it is now.
            edit: What was changed.
            state: Of the text now.
        """
        known = self._searched.get(item)
        if known is None:
            self.look(item, text, state)
        else:
            found = self._names.find_again(known.mentions, text, edit)
            self._keep(item, state, found)

    def forget(self, *items: str) -> None:
        """Drop texts that are gone."""
        for item in items:
            self._searched.pop(item, None)

    def mentions(self, item: str) -> tuple[Mention, ...]:
        """All mentions in one text, in order."""
        known = self._searched.get(item)
        return known.mentions if known else ()

    def at(self, item: str, offset: int) -> tuple[Mention, tuple[str, ...]] | None:
        """The mention that a place lies in or touches, and the ids of the entries that it may mean."""
        for each in self.mentions(item):
            if each.start <= offset <= each.end:
                return each, self._bible.by_name.get(each.name, ())
        return None

    def counts(self, item: str) -> dict[str, int]:
        """How often each entry is mentioned in one text; what may mean several counts for each of them."""
        found: defaultdict[str, int] = defaultdict(int)
        known = self._searched.get(item)
        for name, places in (known.by_name if known else {}).items():
            for entry in self._bible.by_name.get(name, ()):
                found[entry] += len(places)
        return dict(found)

    def appearances(self, entry: str) -> tuple[Appearance, ...]:
        """Where an entry is mentioned, text by text, in the order in which they were told of; empty if it is gone."""
        if entry not in self._bible:
            return ()
        names = self._bible[entry].names
        shared = {name for name in names if len(self._bible.by_name[name]) > 1}
        found = []
        for item, searched in self._searched.items():
            sure: list[tuple[int, int]] = []
            unsure: list[tuple[int, int]] = []
            for name in names:
                (unsure if name in shared else sure).extend(searched.by_name.get(name, ()))
            if sure or unsure:
                found.append(Appearance(item, tuple(sorted(sure)), tuple(sorted(unsure))))
        return tuple(found)

    def _keep(self, item: str, state: str, mentions: tuple[Mention, ...]) -> None:
        by_name: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        for each in mentions:
            by_name[each.name].append((each.start, each.end))
        places = {name: tuple(spans) for name, spans in by_name.items()}
        self._searched[item] = _Searched(state, mentions, places)
