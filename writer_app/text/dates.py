"""Dates and times of day in another form: only those that can be read in one way, and only whole ones."""

import re
from datetime import date

_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
_MONTHS = _MONTH.split("|")
_NUMBER_OF = {name: number for number, name in enumerate(_MONTHS, 1)}
_DAY = r"(?P<{0}>\d{{1,2}})(?:st|nd|rd|th)?"
#: 3 March 2026, 3rd of March 2026; March 3, 2026; 2026-03-03; 2026年3月3日.
_DMY = re.compile(
    rf"(?<![\w.,/\-]){_DAY.format('d')}(?: of)? (?P<m>{_MONTH}),? (?P<y>\d{{4}})(?![\w/\-]|[.,]\d)"
)
_MDY = re.compile(
    rf"(?<![\w/\-])(?P<m>{_MONTH}) {_DAY.format('d')},? (?P<y>\d{{4}})(?![\w/\-]|[.,]\d)"
)
_ISO = re.compile(
    r"(?<![A-Za-z0-9_.,/\-])(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)(?![A-Za-z0-9_/\-]|[.,:]\d)"
)
_HAN = re.compile(r"(?<![\d.])(?P<y>\d{4})年(?P<m>\d{1,2})月(?P<d>\d{1,2})日(?!\d)")
_PATTERNS = {"dmy": _DMY, "mdy": _MDY, "iso": _ISO, "han": _HAN}

#: Before a capital, the point of “p.m.” may be the sentence's or not: that is left alone.
_WITH_HALF = re.compile(
    r"(?<![\w.:,\-])(?P<h>1[0-2]|0?[1-9])(?::(?P<m>[0-5]\d))? ?(?P<half>[apAP])"
    r"(?:\.[mM]\.(?! +[A-Z“\"])(?P<end>[”’\"')]*\s*$)?|[mM]\b)",
    re.MULTILINE,
)
_OF_24 = re.compile(
    r"(?<![\w.:,/\-])(?P<h>1[3-9]|2[0-3]|0\d):(?P<m>[0-5]\d)(?![\w:/\-]|[.,]\d)(?! ?[ap]\.?m)"
)


def with_dates(text: str, form: str) -> str:
    """``text`` with its full dates as ``form``: dmy, mdy, iso or han."""
    for source, pattern in _PATTERNS.items():
        if source != form:
            text = pattern.sub(lambda found: _written(found, form), text)
    return text


def _written(found: re.Match[str], form: str) -> str:
    year, month, day = found["y"], found["m"], int(found["d"])
    number = _NUMBER_OF.get(month) or int(month)
    try:
        date(int(year), number, day)
    except ValueError:
        return found[0]
    if form == "iso":
        return f"{year}-{number:02}-{day:02}"
    if form == "han":
        return f"{year}年{number}月{day}日"
    name = _MONTHS[number - 1]
    return f"{day} {name} {year}" if form == "dmy" else f"{name} {day}, {year}"


def with_times(text: str, hours: int) -> str:
    """``text`` with its times of day of 24 or twice 12 ``hours``."""
    return _WITH_HALF.sub(_to_24, text) if hours == 24 else _OF_24.sub(_to_12, text)


def _to_24(found: re.Match[str]) -> str:
    hour = int(found["h"]) % 12 + (12 if found["half"] in "pP" else 0)
    end = found["end"]
    return f"{hour:02}:{found['m'] or '00'}" + ("" if end is None else "." + end)


def _to_12(found: re.Match[str]) -> str:
    hour = int(found["h"])
    following = found.string[found.end() : found.end() + 1]
    half = "p.m." if hour >= 12 else "a.m."
    return f"{hour % 12 or 12}:{found['m']} {half[:-1] if following == '.' else half}"
