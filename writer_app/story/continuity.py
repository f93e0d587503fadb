"""Where a manuscript contradicts its bible or itself, found by code alone, both passages quoted.

Precision goes before recall: what a character says, supposes or remembers raises no alarm, and a check that is not
sure says nothing. What the checks go by is read from each scene once (:mod:`~writer_app.text.claims`); the checks are
in :mod:`~writer_app.story.lives`, :mod:`~writer_app.story.belongings` and :mod:`~writer_app.story.wording`.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence

from writer_app.story import belongings, lives, siblings, wording
from writer_app.story.alarms import Alarm, read_intended, without
from writer_app.story.bible import Entry
from writer_app.story.evidence import Evidence
from writer_app.story.known import Reader, cast_of, sexes_of
from writer_app.story.project import Project
from writer_app.story.tree import Tree
from writer_app.text.cast import Cast
from writer_app.text.claims import Claim, claims, ending
from writer_app.text.sexes import decided, votes

_CHECKS = (
    lives.deaths,
    lives.looks,
    lives.limbs,
    lives.ages,
    lives.births,
    lives.lifetimes,
    lives.kin,
    siblings.only,
    siblings.elder,
    belongings.losses,
    belongings.places,
    belongings.addresses,
    wording.dates,
    wording.days,
    wording.days_of_month,
    wording.names,
    wording.titles,
    wording.secrets,
)


class Checker:
    """Checks a manuscript again and again, reading only the scenes that have changed."""

    def __init__(self) -> None:
        self._read: dict[str, tuple[Claim, ...]] = {}
        self._ends: dict[str, dict[str, str]] = {}
        self._cast: Cast | None = None
        self._voted: dict[tuple[str, str], Counter[tuple[str, str]]] = {}

    def check(
        self, tree: Tree, texts: Mapping[str, str], entries: Mapping[str, Entry]
    ) -> list[Alarm]:
        """See :func:`check`."""
        cast, sexes = self._cast_of(entries), sexes_of(entries)
        scenes = [(item.id, texts.get(item.id, "")) for item in tree.manuscript]
        sure, likely = decided(self._votes(cast, [text for _, text in scenes]))
        likely, sexes = likely | sexes, sure | sexes
        names = hashlib.sha256(
            repr([sorted(each.items()) for each in (cast.owner, sexes, likely)]).encode()
        )
        kept: dict[str, tuple[Claim, ...]] = {}
        found: dict[str, tuple[Claim, ...]] = {}
        before: dict[str, str] = {}
        ends: dict[str, dict[str, str]] = {}
        for item, text in scenes:
            mark = names.copy()
            mark.update(repr(sorted(before.items())).encode())
            mark.update(text.encode("utf-8", "surrogatepass"))
            key = mark.hexdigest()
            known = kept.get(key, self._read.get(key))
            kept[key] = tuple(claims(text, cast, sexes, likely, before)) if known is None else known
            found[item] = kept[key]
            if key not in ends:
                known_end = self._ends.get(key)
                ends[key] = ending(text, cast, sexes) if known_end is None else known_end
            before = ends[key]
        self._read, self._ends = kept, ends
        evidence = Evidence(tree, texts, entries, found, Reader(tree, cast, sexes))
        made = {alarm.key: alarm for each in _CHECKS for alarm in each(evidence)}
        cast.keep([text for _, text in scenes])
        return sorted(made.values(), key=lambda alarm: (evidence.at[alarm.scene], alarm.span))

    def _cast_of(self, entries: Mapping[str, Entry]) -> Cast:
        """The names of the bible; the cast of the last check where they are the same, which knows the texts."""
        cast = cast_of(entries)
        if self._cast is None or not cast.same_as(self._cast):
            self._cast = cast
        return self._cast

    def _votes(self, cast: Cast, texts: Sequence[str]) -> list[Counter[tuple[str, str]]]:
        """What each text says of the sex of people, reading only those that have changed."""
        names = repr(sorted(cast.owner.items()))
        kept: dict[tuple[str, str], Counter[tuple[str, str]]] = {}
        for text in texts:
            known = self._voted.get((names, text))
            kept[names, text] = votes(text, cast) if known is None else known
        self._voted = kept
        return [kept[names, text] for text in texts]


def check(tree: Tree, texts: Mapping[str, str], entries: Mapping[str, Entry]) -> list[Alarm]:
    """Every contradiction that is plain, in reading order.

    Args:
        tree: The project's; only its manuscript is read.
        texts: The text of each item, by id.
        entries: The bible, by id.
    """
    return Checker().check(tree, texts, entries)


def check_project(project: Project, entries: Mapping[str, Entry]) -> list[Alarm]:
    """What :func:`check` finds in the saved texts of a project, without what its writer called intended.

    Raises:
        FileUnreadable, NotText, OutsideProject: A text that is there cannot be read.
        ProjectDamaged: What was called intended cannot be read.
    """
    gone = {item.id for item in project.missing()}
    texts = {item.id: project.read(item) for item in project.tree.manuscript if item.id not in gone}
    found = check(project.tree, texts, entries)
    return without(found, read_intended(project.folder))
