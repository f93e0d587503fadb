"""What a narrator plainly says of the people and things of a story: who has which eyes, who died, who spoke.

A claim is made only where words leave no doubt whom they are about and that they are meant: what is quoted, denied,
asked, supposed, remembered or compared makes none. Which words those are is a matter of the language
(:mod:`~writer_app.text.english_claims`, :mod:`~writer_app.text.chinese_claims`); whom they are about is settled here.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType, ModuleType
from typing import NamedTuple

from writer_app.text import chinese_claims, english_claims
from writer_app.text.cast import Cast, Mention
from writer_app.text.focus import Focus, Sexes
from writer_app.text.losing import losses
from writer_app.text.marking import PERSON, PERSONS, THING, THINGS, Found
from writer_app.text.narration import BLANK, Sentence, sentences, told

#: Code points in which a scene's last three paragraphs are looked for.
_TAIL = 1200
_HAN = re.compile("[\u4e00-\u9fff]")


class What(StrEnum):
    """What a claim says."""

    TRAIT = "trait"
    AGE = "age"
    BORN = "born"
    DEAD = "dead"
    ALIVE = "alive"
    ACTS = "acts"
    KIN = "kin"
    GONE = "gone"
    USED = "used"
    AT = "at"
    MOVED = "moved"
    SAYS = "says"


class Claim(NamedTuple):
    """One thing that the text says.

    Attributes:
        about: Id of whom or what it is about.
        what: What kind of thing.
        attribute: Of a trait: which; of kin: the word for it.
        value: What is said of it, in the words of the text.
        start: Code points of the sentence that says it; ``end`` is behind its last character.
        other: Id of the other one, of kin and places.
        past: It is told of an earlier time than the story's.
        doubtful: Ghosts, dreams, letters or memories are near.
    """

    about: str
    what: What
    attribute: str
    value: str
    start: int
    end: int
    other: str = ""
    past: bool = False
    doubtful: bool = False


@dataclass
class _Reader:
    """Goes through a text, knowing who was spoken of last."""

    cast: Cast
    sexes: Mapping[str, str]
    focus: Focus
    last: str = ""
    paragraph: int = -1
    past_section: int = -1
    dreamt: int = -1
    unreal: Set[int] = frozenset()
    made: list[Claim] = field(default_factory=list)

    def read(self, sentence: Sentence, mentions: list[Mention], language: ModuleType) -> None:
        told = sentence.told
        if sentence.paragraph != self.paragraph:
            self.paragraph, self.last = sentence.paragraph, ""
        people = list(dict.fromkeys(m.who for m in mentions if m.who in self.cast.people))
        is_open = len(people) < 2 and not language.SOMEBODY.search(
            _without(told, sentence.start, mentions)
        )
        bound = self._bound(told, people, is_open, language.starts_with_name)
        marked, who = _marked(sentence, mentions, self.cast, bound, language.pronouns)
        if is_open and people:
            self.last = people[0]
        elif people or not is_open:
            self.last = ""
        if not who:
            return
        past = sentence.section == self.past_section
        near = (sentence.paragraph + by for by in (-1, 0, 1))
        doubtful = past or sentence.section == self.dreamt or not self.unreal.isdisjoint(near)
        for found in language.found(marked):
            self._make(found, who, sentence, past=past, doubtful=doubtful)

    def look(self, sentence: Sentence, mentions: list[Mention], language: ModuleType) -> None:
        """Read whose eyes and hair a sentence tells of whose pronoun means somebody named earlier."""
        past = sentence.section == self.past_section
        known = {(each.about, each.attribute) for each in self.made if each.start == sentence.start}
        people = {m.who for m in mentions}
        for sex in ("m", "f"):
            is_said = language.pronouns(sentence.told, PERSONS, sex) != sentence.told
            if not is_said or any(
                self.sexes.get(who, sex) == sex for who in people & self.cast.people
            ):
                continue
            person = self.focus.meant(sex, sentence)
            if not person:
                continue
            marked, who = _marked(sentence, mentions, self.cast, (person, sex), language.pronouns)
            for found in language.found(marked):
                is_own = found.what == "trait" and who.get(found.who) == person
                if is_own and (person, found.attribute) not in known:
                    self._make(found, who, sentence, past=past, doubtful=past)

    def relate(self, sentence: Sentence, language: ModuleType) -> None:
        """Read what he is to her, or she to him, where each can mean only one."""
        found = language.THEIR_KIN.search(sentence.told)
        if found is None or language.doubts(sentence.told):
            return
        sexes = [language.SEX[found[each].lower()] for each in ("he", "her")]
        people = [self.focus.meant(sex, sentence, sentence.start) for sex in sexes]
        if sexes[0] != sexes[1] and all(people):
            past = sentence.section == self.past_section
            kin = found["kin"]
            self.made.append(
                Claim(
                    people[0],
                    What.KIN,
                    kin,
                    kin,
                    sentence.start,
                    sentence.end,
                    people[1],
                    past,
                    past,
                )
            )

    def bury(self, sentence: Sentence, mentions: list[Mention], language: ModuleType) -> None:
        """Read whose death a sentence tells where a pronoun means the only one of that sex in the section."""
        past = sentence.section == self.past_section
        dead = {each.about for each in self.made if each.what is What.DEAD}
        people = {m.who for m in mentions} & self.cast.people
        for sex in ("m", "f"):
            # Whoever is named, or is “he” there, buries another one.
            if any(self.sexes.get(who, sex) == sex for who in people):
                continue
            person = self.focus.alone(sex, sentence)
            if not person or person in dead:
                continue
            told = language.objects(sentence.told, PERSONS, sex)
            is_object = told != sentence.told
            if not is_object:
                told = language.pronouns(told, PERSONS, sex)
            for found in language.found(told):
                if found.what == "dead":
                    self._make(found, {found.who: person}, sentence, past=past, doubtful=past)

    def _bound(
        self, told: str, people: list[str], is_open: bool, starts: Callable[[str], bool]
    ) -> tuple[str, str]:
        """Whom “he” and “she” mean in a sentence, and their sex (``-``: not known); empty where it is not plain."""
        if not is_open:
            return "", ""
        who = people[0] if people else self.last
        sex = self.sexes.get(who, "-")
        if not who or (sex == "-" and people and not starts(told)):
            return "", ""
        return who, sex

    def _make(
        self,
        found: Found,
        who: Mapping[str, str],
        sentence: Sentence,
        *,
        past: bool,
        doubtful: bool,
    ) -> None:
        other = who.get(found.other, "")
        if found.attribute in ("his", "her") and self.sexes.get(other, "-") not in (
            "-",
            "m" if found.attribute == "his" else "f",
        ):
            return
        claim = Claim(
            who[found.who],
            What(found.what),
            found.attribute,
            found.value,
            sentence.start,
            sentence.end,
            other,
            past,
            doubtful,
        )
        self.made.append(claim)


def claims(
    text: str,
    cast: Cast,
    sexes: Mapping[str, str],
    likely: Mapping[str, str] = MappingProxyType({}),
    before: Mapping[str, str] = MappingProxyType({}),
) -> list[Claim]:
    """What ``text`` plainly says, in order.

    Args:
        text: A scene.
        cast: Whom and what it may name.
        sexes: ``m`` or ``f`` of people, by id, as far as they are known.
        likely: The same, as far as it is likely.
        before: By sex, whom the scene before ended with.
    """
    mentions = cast.mentions(text)
    at = 0
    is_chinese = len(_HAN.findall(text)) * 5 > len(text)
    language = chinese_claims if is_chinese else english_claims
    narrated = told(text)
    earlier, dreamt = _Places(language.EARLIER, narrated), _Places(language.DREAMT, narrated)
    unreal = _Places(language.UNREAL, _blanked(narrated, mentions, cast.objects))
    told_in = sentences(text, narrated)
    focus = Focus(narrated, told_in, mentions, cast, Sexes(sexes, likely), before)
    reader = _Reader(cast, sexes, focus)
    waking = _Places(language.WAKES, narrated)
    awake = {each.section: each.start for each in told_in if waking.is_in(each)}
    reader.unreal = {each.paragraph for each in told_in if unreal.is_in(each)}
    for sentence in told_in:
        while at < len(mentions) and mentions[at].start < sentence.start:
            at += 1
        own = list[Mention]()
        while at < len(mentions) and mentions[at].end <= sentence.end:
            mention = mentions[at]
            if sentence.told[mention.start - sentence.start] != BLANK:
                own.append(mention)
            at += 1
        if earlier.is_in(sentence):
            reader.past_section = sentence.section
        if dreamt.is_in(sentence):
            reader.dreamt = sentence.section
        if own or reader.last:
            reader.read(sentence, own, language)
        if language.LOOKS.search(sentence.told):
            reader.look(sentence, own, language)
        if not own and language.THEIR_KIN.match(sentence.told):
            reader.relate(sentence, language)
        if language.DYING.search(sentence.told):
            reader.bury(sentence, own, language)
    lost = [
        Claim(each.what, What.GONE, "fate", "", each.start, each.end)
        for each in losses(narrated, told_in, mentions, cast)
    ]
    reader.made = sorted((*reader.made, *lost), key=lambda claim: claim.start)
    # Whoever wakes has dreamt what was told before.
    sections = {each.start: each.section for each in told_in}
    return [
        c._replace(doubtful=True) if c.start < awake.get(sections[c.start], 0) else c
        for c in reader.made
    ]


def ending(text: str, cast: Cast, sexes: Mapping[str, str]) -> dict[str, str]:
    """By sex, whom a scene ends with: the only one whom its last paragraphs name."""
    tail = text[text.rfind("\n", 0, max(0, len(text) - _TAIL)) + 1 :]
    narrated = told(tail)
    found = sentences(tail, narrated)
    return Focus(narrated, found, cast.mentions(tail), cast, Sexes(sexes, {}), {}).ending()


class _Places:
    """Where a pattern matches, asked sentence after sentence; finding them all at once is much faster."""

    def __init__(self, pattern: re.Pattern[str], text: str) -> None:
        self._found = [found.start() for found in pattern.finditer(text)]

    def is_in(self, sentence: Sentence) -> bool:
        at = bisect_left(self._found, sentence.start)
        return at < len(self._found) and self._found[at] < sentence.end


def _blanked(told: str, mentions: list[Mention], which: Set[str]) -> str:
    """``told`` as long as it was, without the names of some: a portrait that is hung up is no memory."""
    pieces: list[str] = []
    place = 0
    for each in mentions:
        if each.who in which:
            pieces += (told[place : each.start], BLANK * (each.end - each.start))
            place = each.end
    return "".join((*pieces, told[place:]))


def _without(told: str, start: int, mentions: list[Mention]) -> str:
    """A sentence without its known names."""
    for each in reversed(mentions):
        told = told[: each.start - start] + "\x01" + told[each.end - start :]
    return told


def _marked(
    sentence: Sentence,
    mentions: list[Mention],
    cast: Cast,
    bound: tuple[str, str],
    pronouns: Callable[[str, str, str], str],
) -> tuple[str, dict[str, str]]:
    """The sentence with a sign for each name and each pronoun that is plain, and whom each sign stands for."""
    who: dict[str, str] = {}
    signs: dict[str, str] = {}
    pieces: list[str] = []
    place = 0
    for each in mentions:
        sign = signs.get(each.who)
        if sign is None:
            first, last = (PERSON, PERSONS) if each.who in cast.people else (THING, THINGS)
            sign = chr(min(ord(first) + len(signs), ord(last)))
            signs[each.who], who[sign] = sign, each.who
        pieces += (sentence.told[place : each.start - sentence.start], sign)
        place = each.end - sentence.start
    pieces.append(sentence.told[place:])
    marked = re.sub("[ \\t]{2,}", " ", "".join(pieces))
    person, sex = bound
    if person:
        sign = signs.get(person) or PERSONS
        who[sign] = person
        marked = pronouns(marked, sign, sex)
        if sign not in marked:
            del who[sign]
    return marked, who
