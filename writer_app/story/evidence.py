"""What is known and what is told, side by side: the bible's facts and the claims of each scene, and alarms made of both."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from writer_app.story.alarms import Alarm, Kind, key_of
from writer_app.story.bible import Entry
from writer_app.story.bible import Kind as EntryKind
from writer_app.story.known import Known, Reader
from writer_app.story.tree import Item, Tree
from writer_app.text.claims import Claim, What
from writer_app.text.narration import said_blanked

_APART = re.compile(
    r"(?i)flash-?back|回忆|闪回|插叙|倒叙|梦|dream|memory|memories|prequel|years? (?:ago|before|earlier)|年前|前传|番外|生前"
)
#: A year in figures.
YEAR = re.compile(r"(?<!\d)(1[0-9]{3}|20[0-9]{2})(?!\d)")
_OTHER_YEAR = re.compile(
    r"(?i)\b(?:last|next|previous|following) year\b|\byears? (?:later|before|ago|earlier|since|after)\b|去年|明年|前年|来年|年[前后]|again"
)
#: What is told so soon behind other words belongs to them.
SOON = 300


class Said(NamedTuple):
    """A claim, and the scene that makes it.

    Attributes:
        at: The scene's position in the manuscript.
        scene: Its id.
    """

    at: int
    scene: str
    claim: Claim


class Place(NamedTuple):
    """Where something stands: the id of a scene, and code points in its text."""

    scene: str
    start: int
    end: int


class Evidence:
    """One state of a project.

    Args:
        tree: Its manuscript is what is checked.
        texts: Of its scenes, by id; those without are left out.
        entries: The bible, by id.
        found: What each scene claims.
        reader: Reads what entries say.

    Attributes:
        scenes: Those that have a text, in order.
        at: The position of each scene, by id.
        known: What the bible says of each entry.
        said: What the scenes claim of each entry, in order.
    """

    def __init__(
        self,
        tree: Tree,
        texts: Mapping[str, str],
        entries: Mapping[str, Entry],
        found: Mapping[str, Sequence[Claim]],
        reader: Reader,
    ) -> None:
        self.scenes = [item for item in tree.manuscript if item.id in texts]
        self.at = {item.id: at for at, item in enumerate(tree.manuscript)}
        self.texts, self.entries, self.reader = texts, entries, reader
        self.known = {entry.id: reader.of(entry) for entry in entries.values()}
        self.said: defaultdict[str, list[Said]] = defaultdict(list)
        for item in self.scenes:
            is_apart = _is_apart(item)
            for claim in found[item.id]:
                if not is_apart or claim.what is What.TRAIT:
                    self.said[claim.about].append(Said(self.at[item.id], item.id, claim))

    def is_person(self, who: str) -> bool:
        """Whether an entry is a character."""
        return self.entries[who].kind is EntryKind.CHARACTER

    def of(self, who: str, about: str, at: int) -> list[Known]:
        """What the bible says of an attribute in a scene; the latest where it changes."""
        names = (
            {about, about.removesuffix("s"), about + "s"}
            if about
            else {"colour", "color", "material", "颜色", "材质", "质地"}
        )
        held = [
            k
            for k in self.known.get(who, ())
            if k.what is What.TRAIT and k.attribute in names and k.holds(at)
        ]
        if about:
            latest = max((k.begins for k in held), default=0)
            held = [k for k in held if k.begins == latest]
        return held

    def year(self, scene: str) -> int:
        """The only year that a scene names, at the beginning of a paragraph; 0 where there is none."""
        text = said_blanked(self.texts[scene])
        years = set(YEAR.findall(text))
        if len(years) != 1 or _OTHER_YEAR.search(text):
            return 0
        year = years.pop()
        return int(year) if any(year in line[:60] for line in text.split("\n")) else 0

    def headed_by_names(self) -> bool:
        """Whether a scene has the name of somebody in its title: then another one may tell each scene."""
        titles = "\n".join(item.title for item in self.scenes)
        return bool(self.reader.cast.mentions(titles))

    def after(
        self, kind: Kind, who: str, later: list[Said], back: list[int], against: "Known | Said"
    ) -> Iterator[Alarm]:
        """One alarm a scene, unless it was told that they live."""
        seen: set[int] = set()
        for each in later:
            if each.at not in seen and not any(at <= each.at for at in back):
                seen.add(each.at)
                yield self.alarm(kind, who, each, against)

    def alarm(
        self, kind: Kind, who: str, said: Said, against: "Known | Said", attribute: str = ""
    ) -> Alarm:
        """An alarm about a claim, against the bible or an earlier claim."""
        here = Place(said.scene, said.claim.start, said.claim.end)
        if isinstance(against, Known):
            return self.made(kind, who, here, against.quote, attribute)
        claim = against.claim
        return self.made(kind, who, here, Place(against.scene, claim.start, claim.end), attribute)

    def made(
        self, kind: Kind, who: str, here: Place, against: "Place | str", attribute: str = ""
    ) -> Alarm:
        """An alarm about a place in the text, against another one or the words of the bible."""
        quote = self.quote(here)
        other = against if isinstance(against, Place) else Place("", 0, 0)
        said = self.quote(against) if isinstance(against, Place) else against
        key = key_of(kind, who, quote, said)
        return Alarm(
            kind, who, here.scene, here[1:], quote, other.scene, other[1:], said, key, attribute
        )

    def quote(self, place: Place) -> str:
        """The words that stand at a place."""
        return self.texts[place.scene][place.start : place.end]


def _is_apart(item: Item) -> bool:
    """Whether a scene is marked as one of another time: a flashback, a dream."""
    return bool(_APART.search(f"{item.title} {item.label} {item.synopsis} {item.status}"))
