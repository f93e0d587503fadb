"""Numbers in words and digits, English and Chinese: what stands for which, not where it stands."""

import re
from collections.abc import Callable

ONES = "one|two|three|four|five|six|seven|eight|nine"
TEENS = "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_SMALL = f"zero|{ONES}|{TEENS}".split("|")
_TENS = TENS.split("|")
_VALUES = {word: value for value, word in enumerate(_SMALL)} | {
    word: 10 * value for value, word in enumerate(_TENS, 2)
}
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000}
_ODD_ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}

#: 〇 is the usual nought between 汉字; 零 inside a number.
_DIGITS = "零一二三四五六七八九"
_VALUE_OF = {digit: value for value, digit in enumerate(_DIGITS)} | {"〇": 0, "两": 2, "兩": 2}
_UNITS = ("", "十", "百", "千")
_FOUR = re.compile(
    "(?:([一二三四五六七八九两兩])千)?(零)?(?:([一二三四五六七八九两兩])百)?(零)?(?:([一二三四五六七八九]?)十)?(零)?([一二三四五六七八九])?"
)


def in_words(value: int) -> str:
    """English words for 0 to 999."""
    if value >= 100:
        rest = f" and {in_words(value % 100)}" if value % 100 else ""
        return f"{_SMALL[value // 100]} hundred{rest}"
    if value < 20:
        return _SMALL[value]
    tens = _TENS[value // 10 - 2]
    return f"{tens}-{_SMALL[value % 10]}" if value % 10 else tens


def titled(value: int, say: Callable[[int], str] = in_words) -> str:
    """What ``say`` makes of a number, with capitals as in a heading; beyond 999 in digits."""
    if value > 999:
        return str(value)
    return re.sub(r"\b(?!and\b)[a-z]", lambda found: found[0].upper(), say(value))


def ordinal(value: int) -> str:
    """The English ordinal in words for 1 to 999."""
    said = in_words(value)
    begins = max(said.rfind(" "), said.rfind("-")) + 1
    head, last = said[:begins], said[begins:]
    if last in _ODD_ORDINALS:
        last = _ODD_ORDINALS[last]
    elif last.endswith("y"):
        last = last[:-1] + "ieth"
    else:
        last += "th"
    return head + last


def from_words(words: str) -> int | None:
    """The value of English words such as ``two hundred and forty-one``; ``None`` where they are no number."""
    total = group = 0
    last = 1_000
    scale = 10**9
    for word in re.split(r"[\s\-]+", words):
        if word == "and":
            continue
        value = _VALUES.get(word)
        if value is not None:
            # Ones stand behind tens, anything behind a hundred, nothing else.
            if value >= last or (last == 10 and value == 0):
                return None
            group += value
            last = 10 if value >= 20 else 0
        elif word == "hundred" and 0 < group < 10:
            group, last = group * 100, 100
        elif word in ("thousand", "million") and group > 0 and _SCALES[word] < scale:
            scale = _SCALES[word]
            total, group, last = total + group * scale, 0, 1_000
        else:
            return None
    return total + group


_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"),
    (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip


def roman(value: int) -> str:
    """``value`` in Roman numerals, from 1 to 3999; in digits beyond."""
    if not 0 < value < 4000:
        return str(value)
    said = ""
    for unit, name in _ROMAN:
        count, value = divmod(value, unit)
        said += name * count
    return said


def from_roman(said: str) -> int | None:
    """The value of a Roman numeral as it is written properly, in either case; ``None`` for anything else."""
    rest, total = said.upper(), 0
    for unit, name in _ROMAN:
        while rest.startswith(name):
            rest, total = rest[len(name) :], total + unit
    return total if total and not rest and roman(total) == said.upper() else None


def in_hanzi(value: int, *, traditional: bool = False) -> str:
    """``value`` as it is said (一百二十三), below 10¹²."""
    if value < 0 or value >= 10**12:
        raise ValueError(value)
    ten_thousand, hundred_million = ("萬", "億") if traditional else ("万", "亿")
    said, skipped = "", False
    for unit, name in ((10**8, hundred_million), (10**4, ten_thousand), (1, "")):
        four = value // unit % 10_000
        if not four:
            skipped = bool(said)
            continue
        if said and (skipped or four < 1_000):
            said += "零"
        said, skipped = said + _four(four, first=not said) + name, False
    return said or "零"


def digitwise(digits: str) -> str:
    """Each digit by itself (二〇二六), as years are written."""
    return "".join("〇" if digit == "0" else _DIGITS[int(digit)] for digit in digits)


def from_digitwise(characters: str) -> str:
    """The digits of what :func:`digitwise` returns."""
    return "".join(str(_VALUE_OF[character]) for character in characters)


def from_hanzi(said: str) -> int | None:
    """The value of a number that is said in full and in order; ``None`` for anything else (三四十, 百八)."""
    parts = re.fullmatch(
        "(?:([^万萬亿億]{1,9})[亿億])?(?:([^万萬亿億]{1,9})[万萬])?([^万萬亿億]{0,9})", said
    )
    if parts is None or not said:
        return None
    total = 0
    for part, unit in zip(parts.groups(), (10**8, 10**4, 1), strict=True):
        if not part:
            continue
        value = _value_of_four(part.removeprefix("零") if total else part)
        if value is None:
            return None
        total += value * unit
    return total or None


def _four(value: int, *, first: bool) -> str:
    said, gap = "", False
    for power in (3, 2, 1, 0):
        digit = value // 10**power % 10
        if not digit:
            gap = bool(said)
            continue
        if gap:
            said, gap = said + "零", False
        # Ten to nineteen are said without a one, but not behind another number.
        said += ("" if digit == power == 1 and not said and first else _DIGITS[digit]) + _UNITS[
            power
        ]
    return said


def _value_of_four(said: str) -> int | None:
    found = _FOUR.fullmatch(said)
    if found is None:
        return None
    thousands, _zero, hundreds, _nought, tens, _nothing, ones = found.groups()
    value = sum(
        _VALUE_OF[digit] * unit
        for digit, unit in ((thousands, 1_000), (hundreds, 100), (ones, 1))
        if digit
    )
    if tens is not None:
        value += 10 * (_VALUE_OF[tens] if tens else 1)
    # 一百二 says a hundred and twenty, 一千五 fifteen hundred: too short to be taken by its places.
    gapped = "零" in said
    short = ones and not tens and tens is None and not gapped and (hundreds or thousands)
    return None if short else value
