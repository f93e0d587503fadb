"""Which numbers a text names, so that two texts can be compared by them. In figures or in words, they are the same."""

import re

_ONES = [
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
]
_ONES += ["sixteen", "seventeen", "eighteen", "nineteen"]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
#: ``one`` is mostly a pronoun, and ``second`` a moment.
_WORDS = {word: number for number, word in enumerate(_ONES, 2)}
_WORDS |= {word: number * 10 for number, word in enumerate(_TENS, 2)}
_WORDS |= {"dozen": 12, "hundred": 100, "thousand": 1_000, "million": 1_000_000}

_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")}
_DIGITS |= {"〇": 0, "两": 2}
_SCALES = {"十": 10, "百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000}
#: By all means, one after the other: said with numbers, meant without.
_NOT_COUNTED = frozenset(("千万", "万万", "一一", "万一", "三三两两"))
#: A single Chinese digit is a number only before what is counted; 一 hardly ever is one.
_COUNTED = "年月日号岁个位名人条件张本只次回天夜里尺寸斤两钱元块座间層层章卷家口匹"

_NUMBER = re.compile(
    r"(?P<figures>\d[\d,]*(?:\.\d+)?)"
    rf"|\b(?P<tens>{'|'.join(_TENS)})[- ](?P<ones>one|{'|'.join(_ONES[:8])})\b"
    rf"|\b(?P<word>{'|'.join(_WORDS)})s?\b"
    r"|(?P<chinese>[〇零一二两三四五六七八九十百千万亿]+)",
    re.IGNORECASE,
)


def quantities(text: str) -> dict[str, str]:
    """The numbers in ``text``: each value, in figures, with how it was said first."""
    found: dict[str, str] = {}
    for each in _NUMBER.finditer(text):
        value = _value(each)
        if value is not None:
            found.setdefault(value, each[0])
    return found


def _value(number: re.Match[str]) -> str | None:
    if number["figures"]:
        return number["figures"].replace(",", "").rstrip(".")
    if number["tens"]:
        ones = _WORDS.get(number["ones"].lower(), 1)
        return str(_WORDS[number["tens"].lower()] + ones)
    if number["word"]:
        return str(_WORDS[number["word"].lower()])
    said = number["chinese"]
    if said in _NOT_COUNTED:
        return None
    follows = number.string[number.end() : number.end() + 1]
    if len(said) == 1 and (said in "一万" or not follows or follows not in _COUNTED):
        return None
    return _chinese(said)


def _chinese(said: str) -> str:
    """二〇二六 is read digit by digit, 一百二十三 by its scales."""
    if not any(scale in said for scale in _SCALES):
        return "".join(str(_DIGITS[digit]) for digit in said)
    total = section = digit = 0
    for sign in said:
        if sign in _DIGITS:
            digit = _DIGITS[sign]
        elif _SCALES[sign] < 10_000:
            section += max(digit, 1) * _SCALES[sign]
            digit = 0
        else:
            total = (total + section + digit) * _SCALES[sign]
            section = digit = 0
    return str(total + section + digit)
