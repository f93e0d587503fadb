"""Which numbers a text names, so that two texts can be compared by them. In figures or in words, they are the same."""

import re
import unicodedata

from writer_app.text.spelling import ONES, TEENS, TENS, from_words

_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")}
_DIGITS |= {"〇": 0, "两": 2, "兩": 2}
_SCALES = {"十": 10, "百": 100, "千": 1_000, "万": 10_000, "萬": 10_000}
_SCALES |= {"亿": 100_000_000, "億": 100_000_000}
#: By all means, one after the other: said with numbers, meant without.
_NOT_COUNTED = frozenset(("千万", "万万", "一一", "万一", "三三两两", "千千万万", "萬一", "千萬"))
#: A single Chinese digit is a number only before what is counted; 一 hardly ever is one.
_COUNTED = "年月日号岁个位名人条件张本只次回天夜里尺寸斤两钱元块座间层层章卷家口匹"
#: Said in more signs, it is no number that a story would tell.
_LONGEST = 16

#: Of these there need not be said how many.
_ALONE = {"dozen": "12", "hundred": "100", "thousand": "1000", "million": "1000000"}
#: ``one`` is mostly a pronoun, and ``second`` a moment.
_ONE = rf"(?:{ONES})"
_WORD = rf"(?:(?:{TENS})(?:[- ]{_ONE})?|{TEENS}|{_ONE}|hundreds?|thousands?|millions?|dozens?)"
_NUMBER = re.compile(
    r"(?P<figures>\d{1,3}(?:,\d{3})+(?![\d,])|\d+)(?P<fraction>\.\d+)?"
    rf"|\b(?P<words>{_WORD}(?:[- ](?:and[ ])?{_WORD}){{0,9}})\b"
    r"|(?P<chinese>[〇零一二两兩三四五六七八九十百千万萬亿億]+)",
    re.IGNORECASE,
)


def quantities(text: str) -> dict[str, str]:
    """The numbers in ``text``: each value, in figures, with how it was said first."""
    found: dict[str, str] = {}
    for each in _NUMBER.finditer(text):
        for value in _values(each):
            found.setdefault(value, each[0])
    return found


def _values(number: re.Match[str]) -> list[str]:
    if number["figures"]:
        figures = number["figures"].replace(",", "") + (number["fraction"] or "")
        return [unicodedata.normalize("NFKC", figures)]
    if number["words"]:
        return _english(number["words"].lower())
    # Behind a number, 两 is a weight.
    said = number["chinese"][0] + number["chinese"][1:].rstrip("两兩")
    if said in _NOT_COUNTED or len(said) > _LONGEST:
        return []
    behind = number.start() + len(said)
    follows = number.string[behind : behind + 1]
    if len(said) == 1 and (said in "一万萬" or not follows or follows not in _COUNTED):
        return []
    return [_chinese(said)]


def _english(said: str) -> list[str]:
    """Two hundred and five is one number; “twenty and thirty” are two."""
    value = from_words(said)
    whole = [said] if value else re.findall(rf"(?:{TENS})[- ]{_ONE}\b|\w+", said)
    values = (_ALONE.get(word.removesuffix("s")) or str(from_words(word) or "") for word in whole)
    return [each for each in values if each not in ("", "1")]


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
        elif _SCALES[sign] == 10_000:
            total += (section + digit) * 10_000
            section = digit = 0
        else:
            total = (total + section + digit) * _SCALES[sign]
            section = digit = 0
    return str(total + section + digit)
