"""Where a manuscript contradicts its bible or itself, found by code alone, both passages quoted.

Precision goes before recall: what a character says, supposes or remembers raises no alarm, and a check that is not
sure says nothing. What the checks go by is read from each scene once (:mod:`~writer_app.text.claims`).
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from writer_app.story import knowledge
from writer_app.story.alarms import Alarm, Kind, key_of, read_intended, without
from writer_app.story.bible import Entry
from writer_app.story.bible import Kind as EntryKind
from writer_app.story.known import Known, Reader, cast_of, sexes_of
from writer_app.story.project import Project
from writer_app.story.tree import Item, Tree
from writer_app.text import kinship, traits
from writer_app.text.claims import Claim, What, claims
from writer_app.text.lookalikes import Spelling
from writer_app.text.narration import said_blanked, told
from writer_app.text.quantities import quantities
from writer_app.text.weekdays import Dated, Step, dated, name_of, steps
from writer_app.text.whereabouts import exclude

_APART = re.compile(
    r"(?i)flash-?back|回忆|闪回|插叙|倒叙|梦|dream|memory|memories|prequel|years? (?:ago|before|earlier)|年前|前传|番外|生前"
)
_TIME_PASSED = re.compile(
    r"(?i)\byears? (?:later|passed|had passed|went by|afterwards?|after|since)\b|\b(?:next|following) year\b|(?:过了|又过|转眼|一晃)[^，。]{0,4}年|年[之以]?后|年过去|次年|翌年|第二年|来年|birthday|生日|生辰"
)
_HAIR_CHANGED = re.compile(
    r"(?i)\b(?:dye\w*|bleach\w*|wig|hairdresser|shave\w*|cut (?:his|her) hair)\b|染|假发|剃|剪"
)
_YEAR = re.compile(r"(?<!\d)(1[0-9]{3}|20[0-9]{2})(?!\d)")
#: Attributes of people that stay what they are.
_LASTING = frozenset(("eyes", "hair", "height", "hand", "scar", "limp", "lost"))
#: Someone who acts in more scenes than this after dying was misread, and did not die.
_MISREAD = 3
_LONGEST_QUOTE = 300


class _Said(NamedTuple):
    """A claim and the scene that makes it."""

    at: int
    scene: str
    claim: Claim


class Checker:
    """Checks a manuscript again and again, reading only the scenes that have changed."""

    def __init__(self) -> None:
        self._read: dict[str, tuple[Claim, ...]] = {}

    def check(
        self, tree: Tree, texts: Mapping[str, str], entries: Mapping[str, Entry]
    ) -> list[Alarm]:
        """See :func:`check`."""
        cast, sexes = cast_of(entries), sexes_of(entries)
        names = hashlib.sha256(repr((sorted(cast.owner.items()), sorted(sexes.items()))).encode())
        kept: dict[str, tuple[Claim, ...]] = {}
        found: dict[str, tuple[Claim, ...]] = {}
        for item in tree.manuscript:
            text = texts.get(item.id, "")
            mark = names.copy()
            mark.update(text.encode("utf-8", "surrogatepass"))
            key = mark.hexdigest()
            known = kept.get(key, self._read.get(key))
            kept[key] = tuple(claims(text, cast, sexes)) if known is None else known
            found[item.id] = kept[key]
        self._read = kept
        return _Check(tree, texts, entries, found, Reader(tree, cast, sexes)).alarms()


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


class _Check:
    """One run over one state of a project."""

    def __init__(
        self,
        tree: Tree,
        texts: Mapping[str, str],
        entries: Mapping[str, Entry],
        found: Mapping[str, tuple[Claim, ...]],
        reader: Reader,
    ) -> None:
        self._scenes = [item for item in tree.manuscript if item.id in texts]
        self._at = {item.id: at for at, item in enumerate(tree.manuscript)}
        self._tree, self._texts, self._entries = tree, texts, entries
        self._reader = reader
        self._known = {entry.id: reader.of(entry) for entry in entries.values()}
        self._said: defaultdict[str, list[_Said]] = defaultdict(list)
        for item in self._scenes:
            for claim in found[item.id]:
                if not _is_apart(item) or claim.what is What.TRAIT:
                    self._said[claim.about].append(_Said(self._at[item.id], item.id, claim))

    def alarms(self) -> list[Alarm]:
        """All of them."""
        checks: tuple[Callable[[], Iterator[Alarm]], ...] = (
            self._deaths, self._traits, self._ages, self._births, self._kin, self._things, self._places,
            self._limbs, self._dates, self._steps, self._spellings, self._secrets,
        )  # fmt: skip
        made = {alarm.key: alarm for each in checks for alarm in each()}
        return sorted(made.values(), key=lambda alarm: (self._at[alarm.scene], alarm.span))

    # -- people ---------------------------------------------------------------------------------

    def _deaths(self) -> Iterator[Alarm]:
        for who, said in self._said.items():
            known = [k for k in self._known.get(who, ()) if k.what is What.DEAD]
            acts = [s for s in said if s.claim.what is What.ACTS and not s.claim.doubtful]
            back = [s.at for s in said if s.claim.what is What.ALIVE]
            if known:
                for death in known:
                    later = [
                        s for s in acts if self._is_after(death, s, said) and death.holds(s.at)
                    ]
                    yield from self._after(Kind.DEAD, who, later, back, death)
                continue
            death_told = next(
                (s for s in said if s.claim.what is What.DEAD and not s.claim.past), None
            )
            if death_told:
                later = [s for s in acts if s.at > death_told.at]
                if len({s.at for s in later}) <= _MISREAD and not back:
                    yield from self._after(Kind.DEAD, who, later, back, death_told)

    def _is_after(self, death: Known, act: _Said, said: list[_Said]) -> bool:
        """Whether an act comes behind a death: in its own scene only behind the words that tell it."""
        if act.at != death.begins or not death.has_begin:
            return True
        return any(
            s.claim.what is What.DEAD
            and s.at == act.at
            and act.claim.start - s.claim.end > _LONGEST_QUOTE
            for s in said
        )

    def _after(
        self, kind: Kind, who: str, later: list[_Said], back: list[int], against: "Known | _Said"
    ) -> Iterator[Alarm]:
        """One alarm a scene, unless it was told that they live."""
        seen: set[int] = set()
        for each in later:
            if each.at not in seen and not any(at <= each.at for at in back):
                seen.add(each.at)
                yield self._alarm(kind, who, each, against)

    def _traits(self) -> Iterator[Alarm]:
        for who, said in self._said.items():
            before: defaultdict[str, list[_Said]] = defaultdict(list)
            is_person = who in self._entries and self._entries[who].kind is EntryKind.CHARACTER
            for each in said:
                about = traits.attribute(each.claim.attribute)
                if each.claim.what is not What.TRAIT or (each.claim.past and about == "hair"):
                    continue
                known = self._of(who, about, each.at)
                if known:
                    if all(traits.clash(about, k.value, each.claim.value) for k in known):
                        if not self._may_have_changed(about, each):
                            yield self._alarm(Kind.TRAIT, who, each, known[-1], about)
                    continue
                if about not in _LASTING if is_person else not about:
                    continue
                other = next(
                    (
                        o
                        for o in before[about]
                        if traits.clash(about, o.claim.value, each.claim.value)
                    ),
                    None,
                )
                if other is None:
                    before[about].append(each)
                elif not self._may_have_changed(about, each) and not _is_aging(about, other, each):
                    yield self._alarm(Kind.TRAIT, who, each, other, about)
            yield from self._mute(who, said)

    def _mute(self, who: str, said: list[_Said]) -> Iterator[Alarm]:
        for known in self._known.get(who, ()):
            if known.attribute == "mute":
                spoke = [
                    s for s in said if s.claim.what is What.ACTS and s.claim.attribute == "speaks"
                ]
                spoke = [s for s in spoke if not s.claim.past and known.holds(s.at)]
                yield from self._after(Kind.TRAIT, who, spoke, [], known)

    def _of(self, who: str, about: str, at: int) -> list[Known]:
        """What the bible says of an attribute in a scene; the latest where it changes."""
        names = (
            {about, about.removesuffix("s"), about + "s"}
            if about
            else {"colour", "color", "material", "颜色", "材质", "质地"}
        )
        held = [
            k
            for k in self._known.get(who, ())
            if k.what is What.TRAIT and k.attribute in names and k.holds(at)
        ]
        if about:
            latest = max((k.begins for k in held), default=0)
            held = [k for k in held if k.begins == latest]
        return held

    def _may_have_changed(self, about: str, said: _Said) -> bool:
        """Whether somebody dyed or cut hair, or wore a wig, anywhere up to there near the name."""
        if about != "hair":
            return False
        names = self._entries[said.claim.about].names
        for item in self._scenes[: said.at + 1]:
            for found in _HAIR_CHANGED.finditer(self._texts[item.id]):
                near = self._texts[item.id][max(0, found.start() - 150) : found.end() + 150]
                if any(name in near for name in names) or re.search(r"(?i)\bhair\b|发", near):
                    return True
        return False

    def _ages(self) -> Iterator[Alarm]:
        for who, said in self._said.items():
            first: _Said | None = None
            for each in said:
                years = _number(each.claim.value)
                if each.claim.what is not What.AGE or each.claim.past or not years:
                    continue
                born = self._born(who)
                known = [
                    k for k in self._known.get(who, ()) if k.what is What.AGE and k.holds(each.at)
                ]
                year = self._year(each.scene)
                if known:
                    if self._ages_clash(_number(known[-1].value), years, each.at, known[-1].begins):
                        yield self._alarm(Kind.AGE, who, each, known[-1], "age")
                elif born and year and not -1 <= year - int(born.value) - years <= 1:
                    yield self._alarm(Kind.AGE, who, each, born, "born")
                elif first and self._ages_clash(
                    _number(first.claim.value), years, each.at, first.at
                ):
                    yield self._alarm(Kind.AGE, who, each, first, "age")
                else:
                    first = each

    def _ages_clash(self, before: int, now: int, at: int, since: int) -> bool:
        """Nobody grows younger; a year may pass unnoticed, more only where the text says that years do."""
        if not before or now in (before, before + 1):
            return False
        if now < before:
            return True
        passed = any(
            _TIME_PASSED.search(self._texts[item.id]) for item in self._scenes[since : at + 1]
        )
        return not passed

    def _born(self, who: str) -> Known | None:
        for known in self._known.get(who, ()):
            year = _YEAR.search(known.value)
            if known.what is What.BORN and year:
                return known._replace(value=year[0])
        return None

    def _year(self, scene: str) -> int:
        """The only year that a scene names; 0 where there is none, or several."""
        years = set(_YEAR.findall(said_blanked(self._texts[scene])))
        return int(years.pop()) if len(years) == 1 else 0

    def _births(self) -> Iterator[Alarm]:
        for who, said in self._said.items():
            born: Known | _Said | None = self._born(who)
            for each in said:
                if each.claim.what is What.BORN:
                    value = (
                        born.value if isinstance(born, Known) else born.claim.value if born else ""
                    )
                    if value and value != each.claim.value and born:
                        yield self._alarm(Kind.AGE, who, each, born, "born")
                    born = born or each

    def _kin(self) -> Iterator[Alarm]:
        bonds = {
            (entry.id, bond.of): bond
            for entry in self._entries.values()
            for bond in self._reader.bonds(entry)
        }
        counts: dict[frozenset[str], int] = defaultdict(int)
        for entry in self._entries.values():
            for bond in self._reader.bonds(entry):
                counts[frozenset((entry.id, bond.of))] += 1
        seen: dict[tuple[str, str], _Said] = {}
        for who, said in self._said.items():
            for each in (s for s in said if s.claim.what is What.KIN):
                is_now, other = kinship.kin(each.claim.value), each.claim.other
                if is_now is None or other == who:
                    continue
                bond = bonds.get((who, other))
                back = bonds.get((other, who))
                maybe = [bond.kin] if bond else [back.kin.inverse] if back else []
                polite = not each.claim.value.isascii()
                if maybe:
                    if counts[frozenset((who, other))] <= 2 and kinship.excludes(
                        maybe[0], is_now, polite=polite
                    ):
                        known = Known(
                            What.KIN, "kin", "", 0, 0, self._bond_said(who, other, bond, back)
                        )
                        yield self._alarm(Kind.KIN, who, each, known, "kin")
                    continue
                before = seen.setdefault((who, other), each)
                was = kinship.kin(before.claim.value)
                if before is not each and was and _exclude(was, is_now, polite=polite):
                    yield self._alarm(Kind.KIN, who, each, before, "kin")
                inverse = seen.get((other, who))
                was = kinship.kin(inverse.claim.value) if inverse else None
                if inverse and was and _exclude(was.inverse, is_now, polite=polite):
                    yield self._alarm(Kind.KIN, who, each, inverse, "kin")

    def _bond_said(self, who: str, other: str, bond: object, back: object) -> str:
        first, second = (who, other) if bond else (other, who)
        what = getattr(bond or back, "quote", "")
        return f"{self._entries[first].name} · {what} · {self._entries[second].name}"

    # -- things ---------------------------------------------------------------------------------

    def _things(self) -> Iterator[Alarm]:
        for who, said in self._said.items():
            used = [
                s
                for s in said
                if s.claim.what is What.USED
                and s.claim.attribute == "fate"
                and not s.claim.doubtful
            ]
            back = [s.at for s in said if s.claim.what is What.ALIVE]
            known = [k for k in self._known.get(who, ()) if k.what is What.GONE]
            for gone in known:
                later = [
                    s
                    for s in used
                    if gone.holds(s.at) and (s.at > gone.begins or not gone.has_begin)
                ]
                yield from self._after(Kind.OBJECT, who, later, back, gone)
            loss = next((s for s in said if s.claim.what is What.GONE and not s.claim.past), None)
            if loss and not known:
                later = [
                    s
                    for s in used
                    if s.at > loss.at
                    or (s.at == loss.at and s.claim.start - loss.claim.end > _LONGEST_QUOTE)
                ]
                if len({s.at for s in later}) <= _MISREAD:
                    yield from self._after(Kind.OBJECT, who, later, back, loss)

    def _places(self) -> Iterator[Alarm]:
        named = {
            name: e.id
            for e in self._entries.values()
            if e.kind is EntryKind.PLACE
            for name in (e.id, *e.names)
        }
        for who, said in self._said.items():
            for each in (s for s in said if s.claim.what is What.AT and not s.claim.past):
                other = self._entries.get(each.claim.other)
                known = self._of(who, "place", each.at)
                if other is None:
                    moved = any(s.claim.what is What.MOVED and s.at <= each.at for s in said)
                    if known and not moved and exclude(known[-1].value, each.claim.value):
                        yield self._alarm(Kind.PLACE, who, each, known[-1], "place")
                    continue
                where = {named[k.value] for k in known if k.value in named}
                if not where or other.kind is not EntryKind.PLACE or other.id in where:
                    continue
                if not any(self._are_joined(other.id, place) for place in where):
                    yield self._alarm(Kind.PLACE, who, each, known[-1], "place")

    def _are_joined(self, one: str, other: str) -> bool:
        """Whether one place may lie in the other: anything that the bible says of both."""
        a, b = self._entries[one], self._entries[other]
        linked = any(r.to == other for r in a.relations) or any(r.to == one for r in b.relations)
        words = " ".join((a.description, *(f"{f.text} {f.value}" for f in a.facts)))
        words_b = " ".join((b.description, *(f"{f.text} {f.value}" for f in b.facts)))
        return (
            linked
            or any(n in words for n in (*b.names, b.id))
            or any(n in words_b for n in (*a.names, a.id))
        )

    def _limbs(self) -> Iterator[Alarm]:
        for who, said in self._said.items():
            lost = [
                k
                for k in self._known.get(who, ())
                if k.what is What.TRAIT and k.attribute == "lost"
            ]
            for each in said:
                if (
                    each.claim.what is not What.USED
                    or each.claim.attribute != "limb"
                    or each.claim.past
                ):
                    continue
                known = next(
                    (k for k in lost if k.holds(each.at) and _needs(each.claim.value, k.value)),
                    None,
                )
                if known:
                    yield self._alarm(Kind.TRAIT, who, each, known, "lost")

    # -- dates, names, secrets ------------------------------------------------------------------

    def _dates(self) -> Iterator[Alarm]:
        last: tuple[str, Dated] | None = None
        passed = False
        for item in self._scenes:
            text = self._texts[item.id]
            found = sorted(dated(said_blanked(text)))
            year = self._year(item.id) if found else 0
            for each in found:
                true = each.true_weekday(each.year or year) if each.year or year else None
                quote = text[each.start : each.end]
                chinese = quote[0] >= "\u2e80" or "月" in quote
                if true is not None and true != each.weekday:
                    against = f"{each.year or year}-{each.month:02}-{each.day:02}: {name_of(true, chinese=chinese)}"
                    yield self._said_at(Kind.DATE, "", item.id, each, against)
                elif not (each.year or year) and last and not passed and _do_not_fit(last[1], each):
                    old = last[1]
                    against = self._texts[last[0]][old.start : old.end]
                    yield self._said_at(
                        Kind.DATE, "", item.id, each, against, last[0], (old.start, old.end)
                    )
                if not (each.year or year):
                    last, passed = (item.id, each), False
            passed = passed or bool(_TIME_PASSED.search(text))

    def _steps(self) -> Iterator[Alarm]:
        """Monday, and the next day is Thursday."""
        last: tuple[str, Step] | None = None
        for item in self._scenes:
            for step in steps(told(self._texts[item.id])):
                if (
                    step.days is not None
                    and step.weekday is not None
                    and last
                    and last[1].weekday is not None
                ):
                    if (last[1].weekday + step.days) % 7 != step.weekday:
                        old = (last[1].start, last[1].end)
                        against = self._texts[last[0]][slice(*old)]
                        yield self._said_at(Kind.DATE, "", item.id, step, against, last[0], old)
                last = (item.id, step) if step.weekday is not None else None

    def _spellings(self) -> Iterator[Alarm]:
        names = [name for entry in self._entries.values() for name in entry.names]
        owner = {
            part: entry.id
            for entry in self._entries.values()
            for name in entry.names
            for part in (name, *re.findall(r"[\w’'-]+", name))
        }
        # Headings count as text here: a name may be wrong there too.
        spelling = Spelling([self._texts[item.id] for item in self._scenes], names)
        for item in self._scenes:
            for each in spelling.wrong_in(self._texts[item.id]):
                yield self._said_at(Kind.NAME, owner[each.right], item.id, each, each.right)

    def _secrets(self) -> Iterator[Alarm]:
        for leak in knowledge.leaks(
            self._scenes, self._at, self._texts, self._entries, self._reader
        ):
            yield self._made(
                Kind.KNOWS, leak.who, leak.scene, (leak.start, leak.end), leak.fact, attribute=""
            )

    # -- making alarms --------------------------------------------------------------------------

    def _alarm(
        self, kind: Kind, who: str, said: _Said, against: "Known | _Said", attribute: str = ""
    ) -> Alarm:
        span = said.claim.start, said.claim.end
        if isinstance(against, Known):
            return self._made(kind, who, said.scene, span, against.quote, attribute=attribute)
        old = against.claim.start, against.claim.end
        quote = self._texts[against.scene][slice(*old)]
        return self._made(kind, who, said.scene, span, quote, against.scene, old, attribute)

    def _said_at(
        self,
        kind: Kind,
        who: str,
        scene: str,
        each: "NamedTuple",
        against: str,
        other: str = "",
        other_span: tuple[int, int] = (0, 0),
    ) -> Alarm:
        start, end = each.start, each.end  # type: ignore[attr-defined]
        return self._made(kind, who, scene, (start, end), against, other, other_span, str(kind))

    def _made(
        self,
        kind: Kind,
        who: str,
        scene: str,
        span: tuple[int, int],
        against: str,
        other: str = "",
        other_span: tuple[int, int] = (0, 0),
        attribute: str = "",
    ) -> Alarm:
        quote = self._texts[scene][slice(*span)]
        key = key_of(kind, who, quote, against)
        return Alarm(kind, who, scene, span, quote, other, other_span, against, key, attribute)


def _is_apart(item: Item) -> bool:
    """Whether a scene is marked as one of another time: a flashback, a dream."""
    return bool(_APART.search(f"{item.title} {item.label} {item.synopsis} {item.status}"))


def _is_aging(about: str, before: _Said, now: _Said) -> bool:
    """Hair goes grey."""
    old, new = (traits.colours(each.claim.value, "hair") for each in (before, now))
    return about == "hair" and ("grey" in new or "grey" in old)


def _exclude(one: kinship.Kin, other: kinship.Kin, *, polite: bool) -> bool:
    """Whether neither may be said for the other."""
    return kinship.excludes(one, other, polite=polite) and kinship.excludes(
        other, one, polite=polite
    )


def _number(words: str) -> int:
    return next(
        (int(n) for n in quantities(words + "岁" if not words.isascii() else words) if n.isdigit()),
        0,
    )


def _needs(used: str, lost: str) -> bool:
    """Whether what is used needs what is lost."""
    gone = traits.sides(lost)
    if used.startswith("both") or used[0] in "双两":
        part = (
            "hand arm"
            if re.search("hand|fist|arm|手|臂", used)
            else "leg foot"
            if re.search("leg|feet|腿|脚", used)
            else "eye"
        )
        return any(p in gone for p in part.split())
    (part, side), *_ = (*traits.sides(used).items(), ("", ""))
    return (
        any(
            gone.get(p) == side
            for p in (
                (part, "arm") if part == "hand" else (part, "leg") if part == "foot" else (part,)
            )
        )
        if part
        else False
    )


def _do_not_fit(before: Dated, now: Dated) -> bool:
    """Whether two dates of one year, a few weeks apart, name weekdays that no year has for both."""
    if abs((before.month - now.month) * 30 + before.day - now.day) > 60:
        return False
    return not any(
        before.true_weekday(year) == before.weekday and now.true_weekday(year) == now.weekday
        for year in range(1872, 1900)
    )
