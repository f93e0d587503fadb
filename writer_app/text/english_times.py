"""What English words say of a time: 3 May 1812, evening; the next morning; day three; ten years earlier."""

import re
from typing import Any

from writer_app.text.chronology import DAY
from writer_app.text.spelling import from_words, in_words, ordinal

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    "|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_ORDINALS = {ordinal(number): number for number in range(1, 101)}
_ORDINAL = "|".join(sorted(_ORDINALS, key=len, reverse=True))
_CARDINAL = "|".join(sorted(map(in_words, range(1, 101)), key=len, reverse=True))
_NUMBER = rf"\d{{1,4}}|{_CARDINAL}"
_DAY = rf"(?P<d>(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?|{_ORDINAL})"
_YEAR = r"(?P<y>\d{3,4})(?![\d:])"
_ROUGH = {"early": (1, 10), "beginning of": (1, 10), "mid": (11, 20), "middle of": (11, 20)} | {
    "late": (21, 31),
    "end of": (21, 31),
}
_AMOUNTS = {"a": 1.0, "an": 1.0, "the": 1.0, "half a": 0.5, "half an": 0.5} | {
    "a couple of": 2.0,
    "a few": 3.0,
    "some": 3.0,
    "several": 4.0,
    "many": 10.0,
}
_UNITS = {"minute": 1.0, "hour": 60.0, "day": DAY, "night": DAY, "week": 7.0 * DAY} | {
    "fortnight": 14.0 * DAY,
    "month": 30.4375 * DAY,
    "year": 365.25 * DAY,
    "decade": 3652.5 * DAY,
    "century": 36525.0 * DAY,
    "centurie": 36525.0 * DAY,
}
_PART = "day|morning|afternoon|evening|night"
_HOLIDAYS = (
    (r"\bchristmas eve\b", (12, 24)),
    (r"\bchristmas(?: day)?\b", (12, 25)),
    (r"\bnew year[’']?s eve\b", (12, 31)),
    (r"\bnew year[’']?s(?: day)?\b", (1, 1)),
)
_SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "fall": (9, 11)} | {
    "winter": (12, 14)
}
_WEEKDAYS = ("mon", "tues", "wednes", "thurs", "fri", "satur", "sun")
#: Hours; what begins at a later hour than it ends would, goes on into the next day.
_HOURS = (
    (r"\bmidnight\b", (24, 25)),
    (r"\bsmall hours\b", (1, 5)),
    (r"\b(?:dawn|daybreak|sunrise|first light)\b", (5, 7)),
    (r"\bmorning\b", (5, 12)),
    (r"\b(?:noon|midday)\b", (12, 13)),
    (r"\bafternoon\b", (12, 18)),
    (r"\b(?:dusk|sunset|sundown|twilight|nightfall)\b", (18, 21)),
    (r"\bevening\b", (17, 23)),
    (r"\b(?:night|tonight)\b", (20, 30)),
)


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_STEP = _compiled(
    rf"\b(?P<n>{'|'.join(sorted(_AMOUNTS, key=len, reverse=True))}|{_NUMBER}) "
    rf"(?P<u>{'|'.join(_UNITS)})s? (?P<w>later|after|afterwards|on|earlier|before|ago|previously)\b"
)
_NEXT = _compiled(rf"\b(?:next|following) (?P<u>week|month|year|(?={_PART}))|\b(?:tomorrow)\b")
_LAST = _compiled(
    rf"\b(?:previous|last) (?P<u>week|month|year|(?={_PART}))|\byesterday\b|\bthe (?={_PART})(?=\w+ before\b)"
)
_SAME = _compiled(rf"\b(?:that|(?:the )?same) (?:year\b|(?={_PART}))")
_NOW = _compiled(
    r"\b(?:meanwhile|at the same time|at (?:that|the same) moment|simultaneously|moments? later|soon after|shortly after)\b"
)
_DATES = tuple(
    map(
        _compiled,
        (
            r"(?<!\d)(?P<y>\d{3,4})[-/.](?P<m>1[0-2]|0?[1-9])(?:[-/.](?P<d>3[01]|[12]\d|0?[1-9]))?(?!\d)",
            rf"\b{_DAY}(?: of)? (?P<m>{_MONTH})\b\.?(?:,? {_YEAR})?",
            rf"\b(?P<m>{_MONTH})\b\.? (?:the )?{_DAY}\b(?:,? {_YEAR})?",
            rf"\b(?:(?P<r>{'|'.join(_ROUGH)})[ -])?(?:in )?(?P<m>{_MONTH})\b\.?(?:,?(?: of)? {_YEAR})?",
            rf"\b(?P<s>{'|'.join(_SEASONS)})\b(?:,?(?: of)? {_YEAR})?",
        ),
    )
)
_BEFORE_CHRIST = _compiled(r"\b(?P<y>\d{1,4}) ?b\.?c\.?(?:e\b)?")
_YEARS = (
    _compiled(r"\b(?:a\.?d\.?|year) ?(?P<y>\d{1,4})\b|\b(?P<z>\d{1,4}) ?(?:a\.?d\b|c\.?e\b)"),
    _compiled(r"(?<![\d:])(?P<y>\d{4})(?![\d:s])"),
)
_COUNT = _compiled(
    rf"\bday (?P<n>{_NUMBER})\b|\b(?P<o>{_ORDINAL}|\d{{1,4}}(?:st|nd|rd|th)) (?P<p>{_PART})\b"
)
_WEEKDAY = _compiled(rf"\b(?P<w>{'|'.join(_WEEKDAYS)})day\b")
_DAY_ALONE = _compiled(rf"\bthe {_DAY}(?![\w-])")
_CLOCK = _compiled(
    r"(?<![\d:])(?P<h>2[0-3]|[01]?\d)(?:[:.](?P<m>[0-5]\d)(?: ?(?P<a>[ap])\.?m\b)?| ?(?P<b>[ap])\.?m\b| o[’']clock)"
)


def read(words: str, part: tuple[int, int] | None = None) -> dict[str, Any]:
    """The fields of a :class:`~writer_app.text.chronology.Time`.

    Args:
        words: As they were written.
        part: The part of the day that is known already, in minutes; 8:30 in an evening is no morning.
    """
    words = " ".join(words.split())
    found: dict[str, Any] = {}
    for reader in (_steps, _dates, _counts):
        said, words = reader(words)
        found = said | found
    return _hours(words, part) | found


def _take(pattern: re.Pattern[str], words: str) -> tuple[re.Match[str] | None, str]:
    """The first place of a pattern, and the words without it."""
    found = pattern.search(words)
    return found, words[: found.start()] + " | " + words[found.end() :] if found else words


def _steps(words: str) -> tuple[dict[str, Any], str]:
    found, rest = _take(_STEP, words)
    if found:
        said, unit = found["n"].lower(), _UNITS[found["u"].lower()]
        amount = _AMOUNTS.get(said) or (int(said) if said.isdigit() else from_words(said) or 0)
        way = -1 if found["w"].lower() in ("earlier", "before", "ago", "previously") else 1
        return {"step": round(way * amount * unit), "is_fine": unit < DAY}, rest
    for pattern, way in ((_NEXT, 1), (_LAST, -1)):
        found, rest = _take(pattern, words)
        if found:
            unit = _UNITS.get((found.groupdict().get("u") or "day").lower(), float(DAY))
            return {"step": round(way * unit)}, rest
    found, rest = _take(_SAME, words)
    if found:
        return {"step": 0}, rest
    found, rest = _take(_NOW, words)
    return ({"step": 0, "is_fine": True} if found else {}), rest


def _dates(words: str) -> tuple[dict[str, Any], str]:
    for pattern, day in _HOLIDAYS:
        found, rest = _take(_compiled(pattern), words)
        if found:
            year, rest = _year(rest)
            return year | {"months": (day[0],) * 2, "days": (day[1],) * 2}, rest
    for compiled in _DATES:
        found, rest = _take(compiled, words)
        if not found:
            continue
        parts = found.groupdict()
        made: dict[str, Any] = {"year": int(parts["y"])} if parts["y"] else {}
        if parts.get("s"):
            made["months"] = _SEASONS[parts["s"].lower()]
        else:
            said = parts["m"].lower()
            month = int(said) if said.isdigit() else _MONTHS.index(said[:3]) + 1
            made["months"] = month, month
        if parts.get("d"):
            made["days"] = (_ordinal(parts["d"]),) * 2
        elif parts.get("r"):
            made["days"] = _ROUGH[parts["r"].lower()]
        if not parts["y"]:
            year, rest = _year(rest)
            made |= year
        return made, rest
    return _year(words)


def _year(words: str) -> tuple[dict[str, Any], str]:
    found, rest = _take(_BEFORE_CHRIST, words)
    if found:
        return {"year": 1 - int(found["y"])}, rest
    for pattern in _YEARS:
        found, rest = _take(pattern, words)
        if found:
            return {"year": int(found["y"] or found["z"])}, rest
    return {}, words


def _counts(words: str) -> tuple[dict[str, Any], str]:
    found, rest = _take(_COUNT, words)
    if found:
        said = (found["n"] or "").lower()
        count = int(said) if said.isdigit() else from_words(said) if said else _ordinal(found["o"])
        # The third night is the night of the third day.
        return {"nth": count}, rest + f" {found['p'] or ''}"
    found, rest = _take(_WEEKDAY, words)
    if found:
        return {"weekday": _WEEKDAYS.index(found["w"].lower())}, rest
    found, rest = _take(_DAY_ALONE, words)
    return ({"days": (_ordinal(found["d"]),) * 2} if found else {}), rest


def _hours(words: str, part: tuple[int, int] | None) -> dict[str, Any]:
    for pattern, (first, last) in _HOURS:
        if part is None and _compiled(pattern).search(words):
            part = first * 60, last * 60
    found = _CLOCK.search(words)
    if found is None:
        return {"clock": part} if part else {}
    half = (found["a"] or found["b"] or "").lower()
    is_late = half == "p" or (not half and part is not None and part[0] >= DAY // 2)
    hour = int(found["h"])
    if half or is_late:
        hour = hour % 12 + (12 if is_late else 0)
    minute = hour * 60 + int(found["m"] or 0)
    return {"clock": (minute, minute + 1)}


def _ordinal(said: str) -> int:
    said = said.lower()
    return _ORDINALS.get(said) or int(said.rstrip("stndrh"))
