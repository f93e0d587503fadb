"""What cannot be true of brothers and sisters: an only child has one, the elder sister is the younger one."""

from collections.abc import Iterator

from writer_app.story.alarms import Alarm, Kind
from writer_app.story.bible import Entry
from writer_app.story.evidence import Evidence, Place
from writer_app.text import kinship
from writer_app.text.siblings import ONLY_CHILD, aged, may_be_only, only_children


def only(evidence: Evidence) -> Iterator[Alarm]:
    """Somebody has a brother or a sister who was an only child."""
    cast = evidence.reader.cast
    sole: dict[str, Place | str] = {}
    for entry in evidence.entries.values():
        said = next((each for each in _stated(entry) if each and ONLY_CHILD.search(each)), "")
        if said:
            sole[entry.id] = said
    has: dict[str, Place] = {}
    if not sole and not any(may_be_only(evidence.texts[item.id]) for item in evidence.scenes):
        return
    is_one_narrator = not evidence.headed_by_names()
    for item in evidence.scenes:
        for each in only_children(evidence.texts[item.id], cast):
            here = Place(item.id, each.start, each.end)
            who = each.who if each.who in evidence.entries else ""
            if not who and not is_one_narrator:
                continue
            if each.is_only and each.who in has:
                yield evidence.made(Kind.KIN, who, here, has[each.who], "kin")
            elif not each.is_only and each.who in sole:
                yield evidence.made(Kind.KIN, who, here, sole[each.who], "kin")
            elif each.is_only:
                sole.setdefault(each.who, here)
            else:
                has.setdefault(each.who, here)


def elder(evidence: Evidence) -> Iterator[Alarm]:
    """Whoever is the only sister of somebody, and elder, is called the younger one, or the other way round."""
    cast = evidence.reader.cast
    bonds = [
        (entry.id, bond)
        for entry in evidence.entries.values()
        for bond in evidence.reader.bonds(entry)
        if bond.kin.role == "sibling" and not bond.kin.remote and bond.kin.age in "+*"
    ]
    for item in evidence.scenes if bonds else ():
        for each in aged(evidence.texts[item.id], cast):
            told = kinship.kin(each.kin)
            near = [(one, b) for one, b in bonds if one in each.near and b.of in each.near]
            pairs = {frozenset((one, b.of)) for one, b in near}
            if told is None or told.age == "." or len(pairs) != 1:
                continue
            either = [k for one, b in near for k in (b.kin, b.kin.inverse)]
            same = [k for k in either if k.sex in (told.sex, "-")]
            # Of a brother and a sister, only the one of that sex can be meant.
            fits = any(k.age == told.age for k in same if k.sex == told.sex)
            is_meant = any(k.sex == told.sex for k in same)
            if is_meant and not fits:
                one, bond = near[0]
                names = evidence.entries
                quote = f"{names[one].name} · {bond.quote} · {names[bond.of].name}"
                yield evidence.made(
                    Kind.KIN, one, Place(item.id, each.start, each.end), quote, "kin"
                )


def _stated(entry: Entry) -> Iterator[str]:
    for fact in entry.facts:
        yield f"{fact.attribute}: {fact.value}"
        yield fact.text
    yield from entry.fields.values()
    yield entry.description
