"""What cannot be true of people: the dead act, eyes change, the years run back, sisters become cousins."""

import re
from collections import defaultdict
from collections.abc import Iterator

from writer_app.story.alarms import Alarm, Kind
from writer_app.story.evidence import SOON, YEAR, Evidence, Place, Said
from writer_app.story.known import Bond, Known
from writer_app.text import kinship, traits
from writer_app.text.claims import What
from writer_app.text.lifetimes import lifetimes as lifetimes_in
from writer_app.text.quantities import quantities

TIME_PASSED = re.compile(
    r"(?i)\byears? (?:later|passed|had passed|went by|afterwards?|after|since)\b|\b(?:next|following) year\b|(?:过了|又过|转眼|一晃)[^，。]{0,4}年|年[之以]?后|年过去|次年|翌年|第二年|来年|birthday|生日|生辰"
)
_HAIR_CHANGED = re.compile(
    r"(?i)\b(?:dye\w*|bleach\w*|bottle|henna|peroxide|wig|hairdresser|shave\w*|cut (?:his|her) hair)\b|染|假发|剃|剪"
)
#: Somebody is surprised to see the dead, or tells of another burial than was thought, in whatever words they say it.
_RETURNED = re.compile(
    r"(?i)\b(?:(?:thought|believed) (?:you|he|she|they) (?:was|were|had)(?: been)? (?:dead|died|drowned|killed)|you[’']re (?:dead|supposed to be dead)|(?:not|n[’']t) (?:really )?(?:dead|die)|never died|still alive"
    r"|back from the dead|we buried (?:you|him|her)|(?:my|your) own (?:funeral|grave|death)|(?:empty|in (?:the|that)) coffin|(?:rumou?rs|reports) of (?:my|his|her) death|faked)\b"
    "|棺材?里|没有?死|还活着|诈死|假死|是人是鬼|以为[你他她][^，。]{0,4}死|死而复生|死一回|死里逃生|空棺|衣冠冢|起死回生"
)
#: Attributes of people that stay what they are.
_LASTING = frozenset(
    ["eyes", "hair", "beard", "height", "hand", "scar", "mole", "birthmark", "tattoo", "limp"]
)
#: Someone who acts in more scenes than this after dying was misread, and did not die.
_MISREAD = 3
#: Whoever says “I” in two scenes, and is older or younger by more years, may be two people.
_ONE_NARRATOR = 15


def deaths(evidence: Evidence) -> Iterator[Alarm]:
    """Somebody acts who is dead."""
    for who, said in evidence.said.items():
        known = [k for k in evidence.known.get(who, ()) if k.what is What.DEAD]
        acts = [s for s in said if s.claim.what is What.ACTS and not s.claim.doubtful]
        back = [s.at for s in said if s.claim.what is What.ALIVE]
        if known:
            for death in known:
                later = [
                    s for s in acts if _is_after(evidence, death, s, said) and death.holds(s.at)
                ]
                # Whoever was dead before it began, and is about all the time, haunts the story.
                if death.has_begin or len({s.at for s in later}) <= _MISREAD:
                    yield from _alarms(evidence, who, later, back, death)
            continue
        death_told = next((s for s in said if s.claim.what is What.DEAD and not s.claim.past), None)
        if death_told:
            later = [s for s in acts if s.at > death_told.at]
            if len({s.at for s in later}) <= _MISREAD and not back:
                yield from _alarms(evidence, who, later, back, death_told)


def _alarms(
    evidence: Evidence, who: str, later: list[Said], back: list[int], death: Known | Said
) -> Iterator[Alarm]:
    scenes = {s.scene for s in later}
    returned = {scene for scene in scenes if _RETURNED.search(evidence.texts[scene])}
    later = [s for s in later if s.scene not in returned]
    yield from evidence.after(Kind.DEAD, who, later, back, death)


def _is_after(evidence: Evidence, death: Known, act: Said, said: list[Said]) -> bool:
    """Whether an act comes behind a death: in its own scene only behind the words that tell it."""
    if act.at != death.begins or not death.has_begin:
        return True
    return any(
        s.claim.what is What.DEAD and s.at == act.at and act.claim.start - s.claim.end > SOON
        for s in said
    )


def looks(evidence: Evidence) -> Iterator[Alarm]:
    """Eyes, hair, height or scars are not what they were."""
    for who, said in evidence.said.items():
        before: defaultdict[str, list[Said]] = defaultdict(list)
        is_person = evidence.is_person(who)
        for each in said:
            about = traits.attribute(each.claim.attribute)
            if each.claim.what is not What.TRAIT or (each.claim.past and about == "hair"):
                continue
            known = evidence.of(who, about, each.at)
            if known:
                clashes = all(traits.clash(about, k.value, each.claim.value) for k in known)
                if clashes and not _may_have_changed(evidence, about, each):
                    yield evidence.alarm(Kind.TRAIT, who, each, known[-1], about)
                continue
            if about not in _LASTING if is_person else not about:
                continue
            other = next(
                (o for o in before[about] if traits.clash(about, o.claim.value, each.claim.value)),
                None,
            )
            if other is None:
                before[about].append(each)
            elif not _may_have_changed(evidence, about, each) and not _is_aging(about, other, each):
                yield evidence.alarm(Kind.TRAIT, who, each, other, about)
        yield from _mute(evidence, who, said)


def _mute(evidence: Evidence, who: str, said: list[Said]) -> Iterator[Alarm]:
    for known in evidence.known.get(who, ()):
        if known.attribute == "mute":
            spoke = [s for s in said if s.claim.what is What.ACTS and s.claim.attribute == "speaks"]
            spoke = [s for s in spoke if not s.claim.past and known.holds(s.at)]
            yield from evidence.after(Kind.TRAIT, who, spoke, [], known)


def _may_have_changed(evidence: Evidence, about: str, said: Said) -> bool:
    """Whether somebody dyed or cut hair, or wore a wig, anywhere up to there near the name."""
    if about not in ("hair", "beard"):
        return False
    names = evidence.entries[said.claim.about].names
    for item in evidence.scenes[: said.at + 1]:
        for found in _HAIR_CHANGED.finditer(evidence.texts[item.id]):
            near = evidence.texts[item.id][max(0, found.start() - 150) : found.end() + 150]
            if any(name in near for name in names) or re.search(r"(?i)\bhair\b|发", near):
                return True
    return False


def limbs(evidence: Evidence) -> Iterator[Alarm]:
    """Somebody uses a hand that they have lost."""
    for who, said in evidence.said.items():
        stated = [
            k for k in evidence.known.get(who, ()) if k.what is What.TRAIT and k.attribute == "lost"
        ]
        told = [s for s in said if s.claim.what is What.TRAIT and s.claim.attribute == "lost"]
        for each in said:
            if (
                each.claim.what is not What.USED
                or each.claim.attribute != "limb"
                or each.claim.past
            ):
                continue
            known: Known | Said | None = next(
                (k for k in stated if k.holds(each.at) and _needs(each.claim.value, k.value)), None
            ) or next(
                (s for s in told if _is_later(s, each) and _needs(each.claim.value, s.claim.value)),
                None,
            )
            if known:
                yield evidence.alarm(Kind.TRAIT, who, each, known, "lost")


def _is_later(before: Said, now: Said) -> bool:
    """Whether a claim stands behind another one, and not right behind it."""
    return now.at > before.at or (now.at == before.at and now.claim.start - before.claim.end > SOON)


def ages(evidence: Evidence) -> Iterator[Alarm]:
    """An age fits neither the bible nor what was told before."""
    for who, said in evidence.said.items():
        first: Said | None = None
        for each in said:
            years = _number(each.claim.value)
            if each.claim.what is not What.AGE or each.claim.past or not years:
                continue
            born = _born(evidence, who)
            known = [
                k for k in evidence.known.get(who, ()) if k.what is What.AGE and k.holds(each.at)
            ]
            year = evidence.year(each.scene)
            if known:
                if _ages_clash(
                    evidence, _number(known[-1].value), years, each.at, known[-1].begins
                ):
                    yield evidence.alarm(Kind.AGE, who, each, known[-1], "age")
            elif born and year and not -1 <= year - int(born.value) - years <= 1:
                yield evidence.alarm(Kind.AGE, who, each, born, "born")
            elif first and _ages_clash(
                evidence, _number(first.claim.value), years, each.at, first.at
            ):
                yield evidence.alarm(Kind.AGE, who, each, first, "age")
            else:
                first = each


def _ages_clash(evidence: Evidence, before: int, now: int, at: int, since: int) -> bool:
    """Nobody grows younger; a year may pass unnoticed, more only where the text says that years do."""
    if not before or now in (before, before + 1):
        return False
    if now < before:
        return True
    passed = any(
        TIME_PASSED.search(evidence.texts[item.id]) for item in evidence.scenes[since : at + 1]
    )
    return not passed


def _born(evidence: Evidence, who: str) -> Known | None:
    for known in evidence.known.get(who, ()):
        year = YEAR.search(known.value)
        if known.what is What.BORN and year:
            return known._replace(value=year[0])
    return None


def lifetimes(evidence: Evidence) -> Iterator[Alarm]:
    """Who was six in 1986 cannot be twenty-three in 1998."""
    first: dict[str, tuple[Place, int]] = {}
    cast = evidence.reader.cast
    is_one_narrator = not evidence.headed_by_names()
    for item in evidence.scenes:
        text = evidence.texts[item.id]
        for each in lifetimes_in(text, cast):
            if not each.who and not is_one_narrator:
                continue
            here = Place(item.id, each.start, each.end)
            before = first.setdefault(each.who, (here, each.born))
            born = _born(evidence, each.who) if each.who else None
            years = abs(each.born - (int(born.value) if born else before[1]))
            # 虚岁 counts up to two more; a narrator of quite another age is another one.
            slack = 1 if evidence.quote(here).isascii() or " " in evidence.quote(here) else 2
            if years > slack and (each.who or years <= _ONE_NARRATOR):
                against = born.quote if born else before[0]
                yield evidence.made(Kind.AGE, each.who, here, against, "age")


def births(evidence: Evidence) -> Iterator[Alarm]:
    """Somebody is born in two years."""
    for who, said in evidence.said.items():
        born: Known | Said | None = _born(evidence, who)
        for each in said:
            if each.claim.what is What.BORN:
                value = born.value if isinstance(born, Known) else born.claim.value if born else ""
                if value and value != each.claim.value and born:
                    yield evidence.alarm(Kind.AGE, who, each, born, "born")
                born = born or each


def kin(evidence: Evidence) -> Iterator[Alarm]:
    """Two people are related in two ways."""
    bonds: defaultdict[frozenset[str], list[tuple[str, Bond]]] = defaultdict(list)
    for entry in evidence.entries.values():
        for bond in evidence.reader.bonds(entry):
            bonds[frozenset((entry.id, bond.of))].append((entry.id, bond))
    seen: dict[tuple[str, str], Said] = {}
    for who, said in evidence.said.items():
        for each in (s for s in said if s.claim.what is What.KIN and not s.claim.doubtful):
            other = each.claim.other
            known = bonds.get(frozenset((who, other)))
            if other == who:
                continue
            if known:
                yield from _against_bonds(evidence, who, each, known)
                continue
            for before in (seen.get((who, other)), seen.get((other, who))):
                if before and _related_otherwise(before, each, who):
                    yield evidence.alarm(Kind.KIN, who, each, before, "kin")
            seen.setdefault((who, other), each)


def _against_bonds(
    evidence: Evidence, who: str, said: Said, known: list[tuple[str, Bond]]
) -> Iterator[Alarm]:
    """What a claim says that none of the bible's relations between the two allows."""
    told = kinship.kin(said.claim.value)
    held = [(one, bond) for one, bond in known if bond.begins <= said.at < bond.ends]
    polite = not said.claim.value.isascii()
    if told is None or not held:
        return
    if all(
        kinship.excludes(bond.kin if one == who else bond.kin.inverse, told, polite=polite)
        for one, bond in held
    ):
        one, bond = held[0]
        names = evidence.entries
        other = names[bond.of].name if bond.of in names else bond.of
        quote = f"{names[one].name} · {bond.quote} · {other}"
        against = Known(What.KIN, "kin", "", bond.begins, bond.ends, quote)
        yield evidence.alarm(Kind.KIN, who, said, against, "kin")


def _related_otherwise(before: Said, now: Said, who: str) -> bool:
    """Whether two claims about the same two people exclude each other, whichever is the polite one."""
    old, new = kinship.kin(before.claim.value), kinship.kin(now.claim.value)
    if old is None or new is None or before is now:
        return False
    if before.claim.about != who:
        old = old.inverse
    polite = not now.claim.value.isascii()
    return kinship.excludes(old, new, polite=polite) and kinship.excludes(new, old, polite=polite)


def _is_aging(about: str, before: Said, now: Said) -> bool:
    """Hair goes grey."""
    old, new = (traits.colours(each.claim.value, "hair") for each in (before, now))
    return about == "hair" and ("grey" in new or "grey" in old)


def _number(words: str) -> int:
    return next(
        (int(n) for n in quantities(words + "岁" if not words.isascii() else words) if n.isdigit()),
        0,
    )


def _needs(used: str, lost: str) -> bool:
    """Whether what is used needs what is lost; a hand needs its arm."""
    gone = traits.sides(lost)
    if used.startswith("both") or used[0] in "双两":
        if re.search("hand|fist|arm|手|臂", used):
            return bool({"hand", "arm"} & gone.keys())
        return bool(
            {"leg", "foot"} & gone.keys() if re.search("leg|feet|腿|脚", used) else "eye" in gone
        )
    bearers = {"hand": "arm", "foot": "leg"}
    return any(
        side == gone.get(part) or side == gone.get(bearers.get(part, ""))
        for part, side in traits.sides(used).items()
    )
