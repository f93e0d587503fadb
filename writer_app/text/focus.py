"""Whom “he” or “she” means where the name stands in an earlier paragraph: only where nobody else can be meant."""

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from writer_app.text.cast import Cast, Mention
from writer_app.text.narration import BLANK, Sentence

_KIN_MALE = "father|brother|son|husband|uncle|nephew|grandfather|king|prince|boy|man|gentleman|lad|fellow|monk|priest|groom|landlord"
_KIN_FEMALE = "mother|sister|daughter|wife|aunt|niece|grandmother|queen|princess|girl|woman|lady|maid|nurse|nun|widow|bride|landlady|waitress|actress"
_ANYBODY = (
    "stranger|child|baby|doctor|servant|friend|cousin|teacher|visitor|guest|neighbou?r|driver|clerk|officer|soldier|someone|somebody|patient|figure"
    "|customer|passenger|cat|dog|horse|creature|judge|captain|sergeant|inspector|waiter"
)
#: A name that nobody in the bible bears, by its place or by the verb behind it.
_UNKNOWN = (
    r"|(?<=[a-z,;] )(?!(?:I|English|French|German|Latin|January|February|March|April|May|June|July|August|September|October|November|December|Monday|Tuesday"
    r"|Wednesday|Thursday|Friday|Saturday|Sunday|Christmas|Easter)\b)[A-Z][a-zà-ÿ]+"
    r"|(?:^|(?<=[.!?…\n\x00] )|(?<=[\n\x00]))(?!(?:He|She|It|They|We|You|I|This|That|These|Those|There|Then|Nobody|Somebody|Everybody|Everyone|Nothing|Something"
    r"|What|Who|Rain|Snow|Nothing|One|Two|Three|All|Both|Neither|Each|Some|Night|Morning|Time|Silence)\b)[A-Z][a-zà-ÿ]+ (?:\w+ed|was|had|said|sat|stood|came|went|took)\b"
)
#: Newcomers that such a pronoun may mean, in a text whose known names are left out.
_OTHERS = {
    "m": re.compile(
        rf"\b(?:(?i:{_KIN_MALE}|{_ANYBODY})\b{_UNKNOWN})|男|老[人者头汉翁]|少年|公子|先生|父亲|爷|哥|弟|叔|伯|舅|儿子|丈夫|师父|和尚|道士|小伙|汉子|那人|此人|来人|有人|客人|陌生|孩子"
    ),
    "f": re.compile(
        rf"\b(?:(?i:{_KIN_FEMALE}|{_ANYBODY})\b{_UNKNOWN})|女|姑娘|夫人|太太|奶奶|母亲|[娘妈]|姐|妹|姑|姨|婶|妻|丫[头鬟]|婆|尼姑|那人|此人|来人|有人|客人|陌生|孩子"
    ),
}
_SAYS = {
    "m": re.compile(r"\b(?:he|him|his)\b|他(?![们人乡])", re.IGNORECASE),
    "f": re.compile(r"\b(?:she|her)\b|她(?!们)", re.IGNORECASE),
}
#: What a name is called right behind it is nobody else: Anna, the doctor’s daughter,
_APPOSITION = re.compile("(?:，|, (?=the |a |an |his |her ))[^，。,.;；\n]{1,40}(?=[，。,.;；])")
_OTHER_SEX = {"m": "f", "f": "m"}
#: A name is in focus for so many paragraphs.
_PARAGRAPHS = 8


class Sexes(NamedTuple):
    """``m`` or ``f`` of people, by id.

    Attributes:
        sure: What the bible or many sentences say.
        likely: What at least one sentence says, and none denies.
    """

    sure: Mapping[str, str]
    likely: Mapping[str, str]


class Focus:
    """The people of one scene.

    Args:
        told: What its narrator says.
        sentences: Of it.
        mentions: All names in the scene, those in quotations too.
        cast: Whom it may name.
        sexes: Of them.
        before: By sex, whom the scene before ended with.
    """

    def __init__(
        self,
        told: str,
        sentences: Sequence[Sentence],
        mentions: Sequence[Mention],
        cast: Cast,
        sexes: Sexes,
        before: Mapping[str, str],
    ) -> None:
        self._told, self._sentences, self._sexes, self._before = told, sentences, sexes, before
        self._starts = [each.start for each in sentences]
        self._people = [m for m in mentions if m.who in cast.people]

    def meant(self, sex: str, sentence: Sentence, end: int = 0) -> str:
        """Id of whom a pronoun of a sex means in ``sentence``; empty where that is not plain.

        Nobody may have come up before ``end``, which is that of the sentence where it is not given.
        """
        who = self._only(sex, sentence.section)
        if who is None:
            return self._carried(sex, sentence)
        last = next(
            (
                m
                for m in reversed(self._people)
                if m.who == who and m.start < sentence.end and self._told[m.start] != BLANK
            ),
            None,
        )
        if not who or last is None:
            return ""
        named = self._sentences[max(0, bisect_left(self._starts, last.end) - 1)]
        is_near = sentence.paragraph - named.paragraph <= _PARAGRAPHS
        is_here = named.section == sentence.section
        behind = _APPOSITION.match(self._told, last.end)
        is_alone = not self._newcomer(sex, named.start, last.end) and not self._newcomer(
            sex, behind.end() if behind else last.end, end or sentence.end
        )
        return who if is_near and is_here and is_alone else ""

    def alone(self, sex: str, sentence: Sentence) -> str:
        """As :meth:`meant`, where the sex is sure and nobody else of it comes up in the section before."""
        who = self._only(sex, sentence.section)
        if not who or who not in self._sexes.sure or self.meant(sex, sentence) != who:
            return ""
        start = next(each.start for each in self._sentences if each.section == sentence.section)
        return "" if self._newcomer(sex, start, sentence.end) else who

    def ending(self) -> dict[str, str]:
        """By sex, the only one whom the last paragraphs that name one of that sex name."""
        made: dict[str, str] = {}
        last = self._sentences[-1].paragraph if self._sentences else 0
        for sex in ("m", "f"):
            for paragraph in (last, last - 1, last - 2):
                named = {
                    m.who
                    for m in self._people
                    if self._told[m.start] != BLANK
                    and self._sexes.sure.get(m.who) == sex
                    and self._sentences[max(0, bisect_left(self._starts, m.end) - 1)].paragraph
                    == paragraph
                }
                if named:
                    if len(named) == 1:
                        made[sex] = named.pop()
                    break
        return made

    def _only(self, sex: str, section: int) -> str | None:
        """The only one in a section who can be meant; empty for several, ``None`` for nobody."""
        inside = [each for each in self._sentences if each.section == section]
        start, end = inside[0].start, inside[-1].end
        people = list(dict.fromkeys(m.who for m in self._people if start <= m.start < end))
        sure, likely = self._sexes
        able = [who for who in people if sure.get(who, sex) == sex]
        if len(able) == 2 and len(people) == 2 and self._says_both(start, end):
            # He and she are told of, and there are two: one of them known is enough.
            one = [who for who in able if likely.get(who) == sex]
            other = [who for who in able if likely.get(who) == _OTHER_SEX[sex]]
            if len(one) + len(other) == 1 or (len(one) == 1 and len(other) == 1):
                return one[0] if one else next(who for who in able if who not in other)
        if not able:
            return None
        is_known = len(able) == 1 and (able[0] in sure or likely.get(able[0], sex) == sex)
        return able[0] if is_known else ""

    def _says_both(self, start: int, end: int) -> bool:
        return all(says.search(self._told, start, end) for says in _SAYS.values())

    def _carried(self, sex: str, sentence: Sentence) -> str:
        """Whom the scene before ended with, where this one begins with a pronoun and names nobody of that sex."""
        who = self._before.get(sex, "")
        first = self._sentences[0]
        if not who or sentence.section != first.section:
            return ""
        opening = next((e.end for e in self._sentences if e.paragraph > first.paragraph), first.end)
        begins = _SAYS[sex].search(self._told, first.start, opening)
        return who if begins and not self._newcomer(sex, first.start, sentence.end) else ""

    def _newcomer(self, sex: str, start: int, end: int) -> bool:
        """Whether somebody else of that sex comes up there."""
        pieces, place = [], start
        for m in self._people:
            if start <= m.start < end:
                pieces.append(self._told[place : m.start])
                place = m.end
        return bool(_OTHERS[sex].search("\x01".join((*pieces, self._told[place:end]))))
