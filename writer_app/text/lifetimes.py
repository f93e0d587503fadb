"""How old somebody is in which year, as far as a narrator says both: from which the year of birth follows."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from writer_app.text.cast import Cast
from writer_app.text.narration import Sentence, sentences, told
from writer_app.text.quantities import quantities
from writer_app.text.spelling import ONES, TEENS, TENS
from writer_app.text.weekdays import year_value

_WORDS = rf"(?:{TENS})(?:[- ](?:{ONES}))?|{TEENS}|three|four|five|six|seven|eight|nine"
_HAN = "[1-9]\\d?|[一二三四五六七八九]?十[一二三四五六七八九]?|[三四五六七八九]"
#: Who is told of stands before it, or is ``I`` or 我.
_AGE = re.compile(
    rf"(?P<i>\bI)?(?:,? aged| was| am| had| is| turned)(?: (?:only|just|barely|then|already|exactly|now|turned|still))* (?P<n>\d{{1,2}}|{_WORDS})"
    r"(?: years (?:old|of age)\b|(?=[.,;:!?—]|\s*$| (?:and|in|that|the) ))"
    rf"|(?P<zi>我)?(?:，|当时|那时|今年|那年|这年|已经|刚刚|刚好|正好|只有|虚岁|周岁|不过|[才刚已也正就都是满年整])*(?<!\d)(?P<zn>{_HAN})(?:周?[岁歲]|(?<=满..)(?=[，。；])|(?<=满...)(?=[，。；])|(?<=满.)(?=[，。；]))"
)
_BORN = re.compile(
    r"(?P<i>\bI) was born (?=[^.;]*\b[12]\d{3}\b)|(?P<zi>我)(?:出)?生(?=[于在][^，。]{0,8}年)"
)
_YEAR = re.compile(
    r"(?<![\d,.])(1[0-9]{3}|20[0-9]{2})(?![\d,]*\d|s|[’']s| ?(?:men|people|feet|miles|pounds|dollars|metres|meters))|([一二][〇零一二三四五六七八九]{3})(?=年)"
)
#: With one of these, the age or the year is not meant plainly, or another time is.
_UNSURE = re.compile(
    r"(?i)\b(?:if|perhaps|maybe|almost|nearly|not|never|about|around|over|under|than|as though|like|look\w*|felt|feel\w*|seem\w*|pretend\w*|lied|said|told"
    r"|ago|before|after|later|since|until|till|would|will|dream\w*|remember\w*|recall\w*)\b|如果|要是|仿佛|好像|像|差[点不]|不到|将近|快|约|大概|看上去|看起来|似|以为|梦|没|想起|记得|回忆|年[前后]|之[前后]|以[前后]"
)
_OTHER_TIME = re.compile(
    r"(?i)\b(?:years?|decades?|childhood|as a (?:child|boy|girl)|when (?:I|he|she|they|we)|back then|once|remember\w*|recall\w*)\b|年[之以]?[前后]|[那当去明前]年|从前|小时候|儿时|想起|记得|回忆"
)
#: A year governs what follows where it is named so near the beginning of a paragraph.
_OPENING = 40


class Aged(NamedTuple):
    """How old somebody is in a year.

    Attributes:
        who: Id of a person; empty for the narrator.
        start: Code points of the sentence that says so; ``end`` is behind it.
        born: The year, less the age.
    """

    who: str
    start: int
    end: int
    born: int


def lifetimes(text: str, cast: Cast) -> Iterator[Aged]:
    """Where a narrator says an age, and the year of it in the same sentence or before it."""
    if not _YEAR.search(text):
        return
    governing, section = 0, -1
    paragraph = -1
    for each in sentences(text, told(text)):
        if each.section != section:
            governing, section = 0, each.section
        years = {found[1] or found[2]: found.start() for found in _YEAR.finditer(each.told)}
        is_first, paragraph = each.paragraph != paragraph, each.paragraph
        own = year_value(next(iter(years))) if len(years) == 1 else 0
        if years:
            is_opening = is_first and own and min(years.values()) < _OPENING
            governing = own if is_opening else 0
        elif _OTHER_TIME.search(each.told):
            governing = 0
        if (own or governing) and not _UNSURE.search(each.told):
            yield from _aged(each, own or governing, cast, is_own=bool(own))


def _aged(sentence: Sentence, year: int, cast: Cast, *, is_own: bool) -> Iterator[Aged]:
    place = sentence.start, sentence.end
    for found in _AGE.finditer(sentence.told):
        age = _years(found["n"] or found["zn"])
        if found["i"] or found["zi"]:
            yield Aged("", *place, year - age)
            continue
        who = [m.who for m in cast.mentions(sentence.told) if m.end == found.start()]
        if who and who[0] in cast.people:
            yield Aged(who[0], *place, year - age)
    if is_own and _BORN.search(sentence.told):
        yield Aged("", *place, year)


def _years(said: str) -> int:
    if said.isdigit():
        return int(said)
    counted = said if said.isascii() else said + "岁"
    return next((int(each) for each in quantities(counted) if each.isdigit()), 0)
