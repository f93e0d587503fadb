"""Dates that name their weekday, and whether the calendar knows that day."""

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from writer_app.text.spelling import from_digitwise, from_hanzi, ordinal

_DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
DAY = "(?P<w>Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
_MONTH = (
    "(?P<m>January|February|March|April|May|June|July|August|September|October|November|December)"
)
_YEAR = r"(?:,? (?P<y>1[0-9]{3}|20[0-9]{2}))?(?!\d)"
_WORDS = {ordinal(number): number for number in range(1, 32)}
_NUMBER = rf"(?:(?P<d>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?|(?P<dw>{'|'.join(sorted(_WORDS, key=len, reverse=True))}))"
_HAN_YEAR = "[12]\\d{3}|[一二][〇零一二三四五六七八九]{3}"
_HAN_MONTH = "1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九]"
HAN_DAY = "3[01]|[12]\\d|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九]"
_PATTERNS = (
    re.compile(rf"\b{DAY},? (?:the )?{_NUMBER}(?: of)? {_MONTH}{_YEAR}"),
    re.compile(rf"\b{DAY},? {_MONTH} {_NUMBER}{_YEAR}"),
    re.compile(
        rf"\b{_NUMBER} {_MONTH}(?:,? (?P<y>1[0-9]{{3}}|20[0-9]{{2}})),? (?:was |fell on |being )?(?:a )?\(?{DAY}\b"
    ),
    re.compile(
        rf"\b{_MONTH} {_NUMBER}(?:,? (?P<y>1[0-9]{{3}}|20[0-9]{{2}})),? (?:was |fell on |being )?(?:a )?\(?{DAY}\b"
    ),
    re.compile(
        rf"(?:(?P<y>{_HAN_YEAR})年)?(?<![\d.十])(?P<m>{_HAN_MONTH})月(?P<d>{HAN_DAY})[日号](?:这天)?[，,（(是 ]{{0,2}}(?:星期|周|礼拜)(?P<w>[一二三四五六日天])"
    ),
    re.compile(
        rf"(?:星期|周|礼拜)(?P<w>[一二三四五六日天])[，,（( ]{{0,2}}(?:(?P<y>{_HAN_YEAR})年)?(?P<m>{_HAN_MONTH})月(?P<d>{HAN_DAY})[日号]"
    ),
)
#: A weekday is named.
HINT = re.compile(r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|星期|周[一二三四五六日天]|礼拜")
_MONTHLY = re.compile(rf"{_MONTH}|月")
#: Before it, calendars differed from country to country.
_FIRST_YEAR = 1753


class Dated(NamedTuple):
    """A date with a weekday.

    Attributes:
        start: Code points; ``end`` is behind it.
        year: 0 where it is not said.
        weekday: 0 for Monday to 6 for Sunday.
    """

    start: int
    end: int
    year: int
    month: int
    day: int
    weekday: int

    def true_weekday(self, year: int) -> int | None:
        """Which day of the week it is in ``year``; ``None`` for no day of that year, or before :data:`_FIRST_YEAR`."""
        try:
            return date(year, self.month, self.day).weekday() if year >= _FIRST_YEAR else None
        except ValueError:
            return None


def dated(text: str) -> Iterator[Dated]:
    """The dates of ``text`` that name their weekday."""
    if not (HINT.search(text) and _MONTHLY.search(text)):
        return
    seen: set[int] = set()
    for pattern in _PATTERNS:
        for found in pattern.finditer(text):
            if found.start() in seen:
                continue
            seen.add(found.start())
            month, weekday = found["m"].lower(), found["w"].lower()
            yield Dated(
                *found.span(),
                day_value(found["y"] or "0"),
                _MONTHS.index(month) + 1 if month in _MONTHS else day_value(month),
                _WORDS.get(found.groupdict().get("dw") or "") or day_value(found["d"]),
                weekday_value(weekday),
            )


class Step(NamedTuple):
    """A day that the story comes to.

    Attributes:
        start: Code points; ``end`` is behind it.
        weekday: 0 for Monday to 6 for Sunday; ``None`` where time passes and no day is named.
        days: So many days after the one before; ``None`` where that is not said.
    """

    start: int
    end: int
    weekday: int | None
    days: int | None


_PART = "morning|afternoon|evening|night"
_NEXT = "(?:the )?(?:next|following) (?:day|morning|afternoon|evening|night)"
_COUNT = {
    w: n
    for n, w in enumerate(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"], 1
    )
}
_NAMED = re.compile(
    rf"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day(?: (?:{_PART})\b|(?=[,.])|(?= the \w+ of ))|(?:星期|周|礼拜)[一二三四五六日天](?=[，。])"
)
#: What stands before a weekday that the story comes to, and how far it is from the last one.
_COMES = re.compile(
    rf"(?:(?P<step>(?P<next>\b(?i:{_NEXT})\b)|\b(?i:(?P<n>{'|'.join(_COUNT)})) days (?:later|afterwards)\b)[^.!?;\n\x00]{{0,25}}?)?"
    r"\b(?:(?i:it was|was|on|came|dawned|a)) \Z"
    rf"|(?P<step2>\b(?i:{_NEXT})\b|\b(?i:(?P<n2>{'|'.join(_COUNT)})) days (?:later|afterwards)\b),? (?:a )?\Z"
    r"|(?P<zstep2>第二天|次日|翌日|(?P<zn2>[一二两三四五六七])天[之以]?后)，?\Z|(?:[今那这当]天)\Z"
    r"|(?:(?P<zstep>(?P<znext>第二天|次日|翌日)|(?P<zn>[一二两三四五六七])天[之以]?后)[^。！？；\n\x00]{0,6}?)?(?:是|正是|到了)\Z"
)
_OTHER_TIME = re.compile(
    r"(?i)\b(?:days?|nights?|weeks?|months?|years?|mornings?|tomorrow|yesterday|weekend|until|till|since|later|after|before|monday|tuesday|wednesday|thursday"
    r"|friday|saturday|sunday)\b|[天日夜周月年晨]|星期|礼拜|昨|早上|以后|之后"
)


def steps(told: str) -> Iterator[Step]:
    """The days that a narrator comes to, in order; whatever else tells of time lies between them as a step unknown."""
    if not HINT.search(told):
        return
    behind = 0
    for named in _NAMED.finditer(told):
        first = max(behind, named.start() - 60)
        found = _COMES.search(told, first, named.start())
        if found is None:
            continue
        weekday = weekday_value(named[0])
        days = None
        if found["step"] or found["zstep"] or found["step2"] or found["zstep2"]:
            count = found["n"] or found["zn"] or found["n2"] or found["zn2"]
            said = (count or "one").lower()
            days = _COUNT.get(said) or "零一二三四五六七".index(said.replace("两", "二"))
        between = told[behind : found.start()]
        if _OTHER_TIME.search(between):
            yield Step(behind, found.start(), None, None)
        yield Step(found.start(), named.end(), weekday, days)
        behind = named.end()
    if _OTHER_TIME.search(told[behind:]):
        yield Step(behind, len(told), None, None)


def year_value(said: str) -> int:
    """The value of a year in four figures or 汉字."""
    return int(said if said.isascii() else from_digitwise(said))


def day_value(said: str) -> int:
    """The value of a number in figures, or in 汉字: year by digits, month and day by tens."""
    if said.isascii():
        return int(said)
    return int(from_digitwise(said)) if len(said) == 4 else from_hanzi(said) or 0


def weekday_value(said: str) -> int:
    """0 for Monday to 6 for Sunday."""
    if said[0] < "\u2e80":
        return _DAYS.index(said.lower().split()[0])
    return min(6, "一二三四五六日天".index(said[-1]))


def name_of(weekday: int, *, chinese: bool) -> str:
    """``Tuesday`` or 星期二."""
    return "星期" + "一二三四五六日"[weekday] if chinese else _DAYS[weekday].capitalize()
