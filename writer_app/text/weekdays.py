"""Dates that name their weekday, and whether the calendar knows that day."""

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

_DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_MONTHS = (
    "january february march april may june july august september october november december".split()
)
_DAY = "(?P<w>Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
_MONTH = "(?P<m>January|February|March|April|May|June|July|August|September|October|November|December)"
_YEAR = r"(?:,? (?P<y>1[0-9]{3}|20[0-9]{2}))?(?!\d)"
_NUMBER = r"(?P<d>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?"
_PATTERNS = (
    re.compile(rf"\b{_DAY},? (?:the )?{_NUMBER}(?: of)? {_MONTH}{_YEAR}"),
    re.compile(rf"\b{_DAY},? {_MONTH} {_NUMBER}{_YEAR}"),
    re.compile(rf"\b{_NUMBER} {_MONTH}(?:,? (?P<y>1[0-9]{{3}}|20[0-9]{{2}})),? (?:was )?(?:a )?\(?{_DAY}\b"),
    re.compile(rf"\b{_MONTH} {_NUMBER}(?:,? (?P<y>1[0-9]{{3}}|20[0-9]{{2}})),? (?:was )?(?:a )?\(?{_DAY}\b"),
    re.compile(
        r"(?:(?P<y>[12]\d{3})年)?(?<![\d.])(?P<m>1[0-2]|0?[1-9])月(?P<d>3[01]|[12]\d|0?[1-9])[日号](?:这天)?[，,（(是 ]{0,2}(?:星期|周|礼拜)(?P<w>[一二三四五六日天])"
    ),
    re.compile(r"(?:星期|周|礼拜)(?P<w>[一二三四五六日天])[，,（( ]{0,2}(?:(?P<y>[12]\d{3})年)?(?P<m>1[0-2]|0?[1-9])月(?P<d>3[01]|[12]\d|0?[1-9])[日号]"),
)
_HINT = re.compile(r"day\b|星期|周[一二三四五六日天]|礼拜")
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
    if not _HINT.search(text):
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
                int(found["y"] or 0),
                _MONTHS.index(month) + 1 if month in _MONTHS else int(month),
                int(found["d"]),
                _DAYS.index(weekday) if weekday in _DAYS else min(6, "一二三四五六日天".index(weekday)),
            )


def name_of(weekday: int, *, chinese: bool) -> str:
    """``Tuesday`` or 星期二."""
    return "星期" + "一二三四五六日"[weekday] if chinese else _DAYS[weekday].capitalize()
