"""What cannot be true of things: they are gone and yet used, or in two places."""

import re
from collections.abc import Iterator

from writer_app.story.alarms import Alarm, Kind
from writer_app.story.bible import Kind as EntryKind
from writer_app.story.evidence import SOON, Evidence, Place, Said
from writer_app.text.addresses import MOVES, parts
from writer_app.text.addresses import addresses as addresses_in
from writer_app.text.claims import What
from writer_app.text.whereabouts import exclude

#: Code points within which a place and a word for moving belong together.
_NEAR = 60
#: What is used in more scenes than this after its loss was misread, and not lost.
_MISREAD = 3

#: There are two of them.
_COPY = re.compile(
    r"(?i)\b(?:cop(?:y|ies)|replicas?|duplicates?|forger(?:y|ies)|counterfeits?|imitations?|fakes?|a second one|another just like|the same make)\b|摹本|赝品|仿[制品造]|复制|替代品|一模一样的|同样的一[只把枚块支个本]|一对"
)
_PRONOUN = re.compile(r"(?i)\b(?:he|she)\b|[他她](?!们)")
_GOT_BACK = re.compile(
    r"(?i)\b(?:mended|repaired|glued|fished|dragged|dredged|dug|dived|dove|recovered|retrieved|found|rescued|saved|got|gave|brought|washed) (?:it|them)\b|\bwashed up\b"
    "|(?<!没)(?<!没有)(?<!没能)(?<!不)(?:捞[起上出到回]|补好|修好|粘[好起]|锔|拼好|找[回到]|寻回|送回|(?<![，。；])还给|(?<![，。；])还了)"
)


def losses(evidence: Evidence) -> Iterator[Alarm]:
    """Something is used that was destroyed, lost or sold."""
    for who, said in evidence.said.items():
        used = [
            s
            for s in said
            if s.claim.what is What.USED and s.claim.attribute == "fate" and not s.claim.doubtful
        ]
        back = [s.at for s in said if s.claim.what is What.ALIVE]
        known = [k for k in evidence.known.get(who, ()) if k.what is What.GONE]
        for gone in known:
            later = [
                s for s in used if gone.holds(s.at) and (s.at > gone.begins or not gone.has_begin)
            ]
            yield from evidence.after(Kind.OBJECT, who, later, back, gone)
        loss = next((s for s in said if s.claim.what is What.GONE and not s.claim.past), None)
        if loss and not known:
            later = [
                s
                for s in used
                if s.at > loss.at or (s.at == loss.at and s.claim.start - loss.claim.end > SOON)
            ]
            if loss.claim.attribute == "given":
                # Whoever has it now may well use it.
                later = [s for s in later if _is_by(evidence, loss.claim.other, s)]
            later = [s for s in later if not _may_be_whole(evidence, loss, s)]
            if len({s.at for s in later}) <= _MISREAD:
                yield from evidence.after(Kind.OBJECT, who, later, back, loss)


def _is_by(evidence: Evidence, who: str, used: Said) -> bool:
    """Whether ``who`` uses something: by name, or as the only one whom the scene names up to there."""
    if used.claim.other:
        return used.claim.other == who
    text = evidence.texts[used.scene]
    told = evidence.reader.cast.mentions(text)
    people = {m.who for m in told if m.who in evidence.reader.cast.people}
    said = text[used.claim.start : used.claim.end]
    return people == {who} and bool(_PRONOUN.search(said))


def _may_be_whole(evidence: Evidence, loss: Said, used: Said) -> bool:
    """Whether the text tells, up to a use, of a copy, or between loss and use of something got back or mended."""
    names = [name.split()[-1] for name in evidence.entries[loss.claim.about].names]
    for item in evidence.scenes:
        at, text = evidence.at[item.id], evidence.texts[item.id]
        if at > used.at:
            break
        start = 0 if at > loss.at else loss.claim.end
        is_double = any(name in text for name in names) and _COPY.search(text)
        if is_double or (at >= loss.at and _GOT_BACK.search(text, start)):
            return True
    return False


def places(evidence: Evidence) -> Iterator[Alarm]:
    """Something lies elsewhere than the bible says, and nobody has moved it."""
    named = {
        name: e.id
        for e in evidence.entries.values()
        if e.kind is EntryKind.PLACE
        for name in (e.id, *e.names)
    }
    for who, said in evidence.said.items():
        for each in (s for s in said if s.claim.what is What.AT and not s.claim.past):
            other = evidence.entries.get(each.claim.other)
            known = evidence.of(who, "place", each.at)
            if other is None:
                moved = any(s.claim.what is What.MOVED and s.at <= each.at for s in said)
                if known and not moved and exclude(known[-1].value, each.claim.value):
                    yield evidence.alarm(Kind.PLACE, who, each, known[-1], "place")
                continue
            where = {named[k.value] for k in known if k.value in named}
            if not where or other.kind is not EntryKind.PLACE or other.id in where:
                continue
            if not any(_are_joined(evidence, other.id, place) for place in where):
                yield evidence.alarm(Kind.PLACE, who, each, known[-1], "place")


def addresses(evidence: Evidence) -> Iterator[Alarm]:
    """A place is on another floor, in another street or on another bank than the bible or the text before says."""
    told: dict[tuple[str, str], tuple[str, Place]] = {}
    moved: set[str] = set()
    for item in evidence.scenes:
        text = evidence.texts[item.id]
        moved |= _moved(evidence, text)
        for each in addresses_in(text, evidence.reader.cast):
            if each.who in moved:
                continue
            here = Place(item.id, each.start, each.end)
            stated = [
                (value, known.quote)
                for known in evidence.known.get(each.who, ())
                if known.what is What.TRAIT and known.holds(evidence.at[item.id])
                for kind, value in parts(known.value)
                if kind == each.kind
            ]
            if stated:
                if all(value != each.value for value, _ in stated):
                    yield evidence.made(Kind.PLACE, each.who, here, stated[-1][1], "place")
                continue
            before = told.setdefault((each.who, each.kind), (each.value, here))
            if before[0] != each.value:
                yield evidence.made(Kind.PLACE, each.who, here, before[1], "place")


def _moved(evidence: Evidence, text: str) -> set[str]:
    """The places that a text names near words for moving house."""
    around = " ".join(
        text[max(0, found.start() - _NEAR) : found.end() + _NEAR] for found in MOVES.finditer(text)
    )
    return {each.who for each in evidence.reader.cast.mentions(around)} if around else set()


def _are_joined(evidence: Evidence, one: str, other: str) -> bool:
    """Whether one place may lie in the other: anything that the bible says of both."""
    a, b = evidence.entries[one], evidence.entries[other]
    linked = any(r.to == other for r in a.relations) or any(r.to == one for r in b.relations)
    words = " ".join((a.description, *(f"{f.text} {f.value}" for f in a.facts)))
    words_b = " ".join((b.description, *(f"{f.text} {f.value}" for f in b.facts)))
    return (
        linked
        or any(n in words for n in (*b.names, b.id))
        or any(n in words_b for n in (*a.names, a.id))
    )
