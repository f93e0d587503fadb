"""Which entries of the story bible the model is told of, and why.

An entry is active where it is ``always``, or where one of its names or trigger words stands in what is near: the
last paragraphs, what the writer wishes to happen, the synopsis of the scene. An active entry that mentions another
one brings it along, a few steps far.

Names are found as the index of the bible finds them (:mod:`writer_app.text.mentions`): whoever a card is shown for is
told of, whatever apostrophe or line end the name is written with. Only where a name may be a word of every day is it
taken for one more readily here, for to be told of somebody in vain does less harm than not to be told.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from writer_app.craft.retelling import Why
from writer_app.engine.bans import Bans, Watch
from writer_app.engine.pattern import Automaton, State
from writer_app.errors import N_, BadBan
from writer_app.story.bible import Entry
from writer_app.text.mentions import Names

#: Paragraphs before the caret in which names are looked for.
SCAN_DEPTH = 12
#: Characters of them at most: of a text without line ends too.
_SCANNED = 12_000
#: Steps from an entry that is named to one that is told because of it.
RECURSION = 2
#: Characters of one paragraph that a pattern is tried on.
_PATTERN_REACH = 500
#: States of one pattern; more would take longer than a writer waits, tried on each paragraph.
_MOST_STATES = 200
_PATTERN = re.compile(r"/(.+)/[dgimsuvy]*\Z", re.DOTALL)
_PARAGRAPH = re.compile(r"\n\s*")
#: Scripts that write no space between words: a name is found anywhere in them.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1780-\u17ff\u2e80-\ua4cf\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff]"
)

ALWAYS = N_("always told")
NAMED_HERE = N_("“{word}” is named in this paragraph")
NAMED_NEAR = N_("“{word}” is named near the caret (paragraphs back: {count})")
NAMED_IN_WISH = N_("“{word}” is named in what happens next")
NAMED_IN_SCENE = N_("“{word}” is named in the synopsis of this scene")
NAMED_BY = N_("“{word}” is named in the entry “{entry}”")
PINNED = N_("pinned by you")
UNFIT_PATTERN = N_("its pattern {pattern} cannot be used: {reason}")
TOO_COMPLICATED = N_("it is too complicated")


@dataclass(frozen=True)
class Active:
    """An entry that the model is to be told of.

    Attributes:
        why: What made it active.
        steps: 0 where it is named itself, else from entry to entry.
        distance: Paragraphs from where it was named last to the caret; smaller goes first.
        is_present: Whether it is named in the text or in the scene's synopsis by one of its names.
    """

    entry: Entry
    why: Why
    steps: int = 0
    distance: int = 0
    is_present: bool = False

    @property
    def rank(self) -> tuple[int, int, int]:
        """Smaller goes first where there is no room for all."""
        return -self.entry.priority, self.steps, self.distance


@dataclass(frozen=True)
class Near:
    """What is near the caret.

    Attributes:
        text: The last paragraphs.
        wish: What should happen next, and what stands in notes near the caret.
        scene: What is said of the scene: synopsis, beats.
    """

    text: str
    wish: str = ""
    scene: str = ""

    @classmethod
    def of(
        cls, text: str, caret: int, wish: str = "", scene: str = "", depth: int = SCAN_DEPTH
    ) -> "Near":
        """Before ``caret`` (code points) of ``text``; so many paragraphs besides the one that is being written."""
        near = text[max(0, caret - _SCANNED) : caret]
        starts = [0, *(found.end() for found in _PARAGRAPH.finditer(near))]
        return cls(near[starts[-depth - 1 :][0] :], wish, scene)

    @cached_property
    def paragraphs(self) -> Sequence[str]:
        """The one being written first."""
        return tuple(reversed(_PARAGRAPH.split(self.text)))

    def distances(self, names: Names) -> Mapping[str, int]:
        """How many paragraphs back each name stands last, of those that stand there."""
        ends = [found.start() for found in _PARAGRAPH.finditer(self.text)]
        return {
            each.name: len(ends) - bisect_left(ends, each.end) for each in names.find(self.text)
        }


def activate(
    entries: Iterable[Entry],
    near: Near,
    said: Callable[[Entry], str],
    pinned: Iterable[str] = (),
    steps: int = RECURSION,
) -> list[Active]:
    """The entries that are active, most important first; muted ones too, for the caller to say so.

    Args:
        entries: The story bible.
        near: What is looked through.
        said: What the model is told of an entry; who is named there is brought along.
        pinned: Ids of entries that are told in any case.
        steps: How far one entry brings along others.
    """
    known = list(entries)
    kept = frozenset(pinned)
    names = _names(frozenset(name for entry in known for name in entry.names))
    distances = near.distances(names)
    found: dict[str, Active] = {}
    for entry in known:
        active = _named(entry, near, names, distances)
        if entry.id in kept or entry.always:
            why = Why(PINNED if entry.id in kept else ALWAYS)
            active = Active(entry, why, is_present=bool(active and active.is_present))
        if active:
            found[entry.id] = active
    newest = [each for each in found.values() if not each.entry.muted]
    for step in range(1, steps + 1):
        rest = [entry for entry in known if entry.id not in found]
        texts = [(each, _named_in(names, said(each.entry))) for each in newest]
        newest = [
            Active(entry, Why.of(NAMED_BY, word=word, entry=by.entry.name), step, by.distance)
            for entry in rest
            for by, word in _brought(entry, texts)
        ]
        found |= {each.entry.id: each for each in newest}
        newest = [each for each in newest if not each.entry.muted]
    return sorted(found.values(), key=lambda each: each.rank)


def unfit(entry: Entry) -> list[Why]:
    """The patterns of an entry that cannot be used, and why."""
    return [
        Why.of(UNFIT_PATTERN, pattern=trigger[:60], reason=reason)
        for trigger in entry.triggers
        if (pattern := _pattern_of(trigger)) and (reason := _usable(pattern))
    ]


@lru_cache(maxsize=4)
def _names(names: frozenset[str]) -> Names:
    return Names(names, readily=True)


@lru_cache(maxsize=4_096)
def _named_in(names: Names, text: str) -> frozenset[str]:
    return frozenset(each.name for each in names.find(text))


def _named(entry: Entry, near: Near, names: Names, distances: Mapping[str, int]) -> Active | None:
    """Where the entry is named, nearest first."""
    nearest = min(
        ((distances[name], name) for name in entry.names if name in distances), default=None
    )
    for distance, paragraph in enumerate(near.paragraphs):
        word = nearest[1] if nearest and nearest[0] == distance else ""
        if found := word or _trigger_in(entry, paragraph):
            why = (
                Why.of(NAMED_NEAR, word=found, count=distance)
                if distance
                else Why.of(NAMED_HERE, word=found)
            )
            return Active(entry, why, distance=distance, is_present=bool(word))
    for text, sentence in ((near.wish, NAMED_IN_WISH), (near.scene, NAMED_IN_SCENE)):
        word = _name_of(entry, _named_in(names, text))
        if found := word or _trigger_in(entry, text):
            return Active(entry, Why.of(sentence, word=found), is_present=bool(word))
    return None


def _brought(entry: Entry, by: Sequence[tuple[Active, frozenset[str]]]) -> list[tuple[Active, str]]:
    """The first of these that mentions the entry, and by which word."""
    for each, named in by:
        if word := _name_of(entry, named):
            return [(each, word)]
    return []


def _name_of(entry: Entry, named: frozenset[str]) -> str:
    return next((name for name in entry.names if name in named), "")


@lru_cache(maxsize=4_096)
def _stands(name: str, text: str) -> bool:
    """Whether a name stands in ``text`` by itself and not within a word."""
    left = r"(?<!\w)" if name[0].isalnum() and not _UNSPACED.match(name[0]) else ""
    right = r"(?!\w)" if name[-1].isalnum() and not _UNSPACED.match(name[-1]) else ""
    return not (left or right) or re.search(left + re.escape(name) + right, text) is not None


def _trigger_in(entry: Entry, text: str) -> str:
    for trigger in entry.triggers:
        if pattern := _pattern_of(trigger):
            if not _usable(pattern) and _match(pattern, text[-_PATTERN_REACH:]):
                return trigger
        elif (word := trigger.strip()) and _has_word(word.casefold(), text.casefold()):
            return word
    return ""


def _has_word(word: str, text: str) -> bool:
    return word in text and _stands(word, text)


def _pattern_of(trigger: str) -> str:
    """The pattern that a trigger is, as ``/this/``; empty where it is a word.

    Lorebooks write flags behind it; capitals make no difference in any case.
    """
    found = _PATTERN.match(trigger.strip())
    return f"/{found[1]}/" if found else ""


@lru_cache(maxsize=256)
def _usable(pattern: str) -> str:
    """Why the pattern cannot be used; empty where it can."""
    try:
        states, pending = set[State](), [Automaton(pattern).start]
    except BadBan as refused:
        return str(refused.params["reason"])
    while pending and len(states) <= _MOST_STATES:
        state = pending.pop()
        pending += [each for each in state.then if each not in states]
        states.add(state)
    return TOO_COMPLICATED if len(states) > _MOST_STATES else ""


@lru_cache(maxsize=256)
def _bans(pattern: str) -> Bans:
    return Bans((pattern,))


@lru_cache(maxsize=4_096)
def _match(pattern: str, text: str) -> bool:
    """Whether the pattern matches somewhere; takes linear time, whatever the pattern.

    Kept, for of all that is near only the paragraph that is being written is another one with the next key.
    """
    watch = Watch(_bans(pattern), "")
    return bool(watch.feed(text) or watch.finish())
