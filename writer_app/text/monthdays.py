"""Days of a month that name their weekday but not their month: Monday the fourth, 十三号星期五."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from writer_app.text.spelling import ordinal
from writer_app.text.weekdays import DAY, HAN_DAY, HINT, day_value, weekday_value

_WORDS = {ordinal(number): number for number in range(1, 32)}
_FIGURES = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)"
_NUMBER = rf"(?P<d>{_FIGURES}|{'|'.join(sorted(_WORDS, key=len, reverse=True))})"
#: “Monday the first snow fell” names no day of a month.
_ENDS = (
    r"(?=[.,;:!?—–)]|\s*$| (?:at|in|by|there|and|but|or|he|she|they|I|it|we|was|came|found|brought|when|before|after|to|from"
    r"|with|on|until|till|dawned)\b)(?! (?:and|or) (?:last|only|second|third)\b)"
)
#: One among many, or only likened to such a day.
_ANY = r"(?<!\b[Aa] )(?<!\bany )(?<!\bevery )(?<!\banother )(?<!\blike )(?<!\bwere )"
_HAN_WEEKDAY = "(?:星期|周|礼拜)(?P<w>[一二三四五六日天])"
_PATTERNS = (
    re.compile(rf"{_ANY}\b{DAY},? the {_NUMBER}{_ENDS}"),
    re.compile(
        rf"\b[Tt]he {_NUMBER}(?:,? (?:which )?(?:was|fell on|being))?,? (?:a |the )?{DAY}\b"
    ),
    re.compile(
        rf"(?<![月\d十廿初第])(?P<d>{HAN_DAY})[日号](?:这天|那天)?[，,（( ]?(?:正好|正|刚好|恰好|又)?是?{_HAN_WEEKDAY}"
    ),
    re.compile(
        rf"{_HAN_WEEKDAY}[，,（( ]?(?:也就是|正是|是)?(?P<d>{HAN_DAY})[日号](?![\u4e00-\u9fff]?[楼线院床门桌机台车])"
    ),
)
#: Another month may have come; a season, a month or a year is named.
OTHER_MONTH = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December)\b|(?i:\b(?:months?|monthly|fortnights?|years?|weeks"
    r"|spring|summer|autumn|winter)\b)|[个这那本下上次每]月|个(?:星期|礼拜)|[几两三四五六七八九十]周|月[底初末中]|[一二三四五六七八九十\d]月|[去今明后前次翌来]年|年[前后]|[初入]?[春夏秋冬][天日]"
)


class MonthDay(NamedTuple):
    """A day of some month.

    Attributes:
        start: Code points; ``end`` is behind it.
        day: Of the month, from 1.
        weekday: 0 for Monday to 6 for Sunday.
    """

    start: int
    end: int
    day: int
    weekday: int

    def fits(self, other: "MonthDay") -> bool:
        """Whether both can be days of one month."""
        return (other.day - self.day - other.weekday + self.weekday) % 7 == 0


def month_days(told: str) -> Iterator[MonthDay]:
    """Such days in what a narrator tells, in order."""
    if not HINT.search(told):
        return
    found = {m.start("w"): m for pattern in _PATTERNS for m in pattern.finditer(told)}
    for each in sorted(found.values(), key=lambda m: m.start()):
        said = each["d"]
        day = _WORDS.get(said) or day_value(said.rstrip("stndrh"))
        yield MonthDay(*each.span(), day, weekday_value(each["w"].lower()))
