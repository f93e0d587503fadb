"""The style of numbers, dates and times: words or digits, this form or that.

Nothing is touched that may be something else: 一些, 万一, 十分, page 3, Apollo 11, 3.14, a year.
"""

import re
from enum import StrEnum

from writer_app.text import chinese_numbers, dates, english_numbers
from writer_app.text.masking import in_prose
from writer_app.text.punctuation import is_chinese

_DIGIT = re.compile(r"[0-9]")


class Style(StrEnum):
    """What is to be written how."""

    WORDS = "words"
    DIGITS = "digits"
    GROUPED = "thousands"
    ROUNDED = "wan"
    DMY = "dmy"
    MDY = "mdy"
    ISO = "iso"
    HAN = "han-date"
    HOURS_12 = "12-hour"
    HOURS_24 = "24-hour"


_DATES = {Style.DMY: "dmy", Style.MDY: "mdy", Style.ISO: "iso", Style.HAN: "han"}
#: Frequent characters that only traditional writing has.
_TRADITIONAL = frozenset("個萬們這說來時後會兩億")


def restyle(text: str, style: Style | str, around: str = "") -> str:
    """``text`` with its numbers in another style.

    Args:
        text: A passage.
        style: Which one.
        around: The manuscript, which shows whether its characters are traditional.
    """
    style = Style(style)
    traditional = not _TRADITIONAL.isdisjoint(around or text)

    def rule(prose: str) -> str:
        return "\n".join(_line(line, style, traditional) for line in prose.split("\n"))

    return in_prose(text, rule)


def _line(line: str, style: Style, traditional: bool) -> str:
    if style is not Style.DIGITS and not _DIGIT.search(line):
        return line
    chinese = is_chinese(line)
    if style in _DATES:
        # An English date between 汉字 looks lost, and the other way round.
        fits = style is Style.ISO or chinese == (style is Style.HAN)
        return dates.with_dates(line, _DATES[style]) if fits else line
    if style in (Style.HOURS_12, Style.HOURS_24):
        return line if chinese else dates.with_times(line, 24 if style is Style.HOURS_24 else 12)
    if chinese:
        return _chinese(line, style, traditional)
    if style is Style.WORDS:
        return english_numbers.spelled(line)
    if style is Style.DIGITS:
        return english_numbers.in_digits(line)
    return english_numbers.grouped(line) if style is Style.GROUPED else line


def _chinese(line: str, style: Style, traditional: bool) -> str:
    if style is Style.WORDS:
        return chinese_numbers.in_characters(line, traditional=traditional)
    if style is Style.DIGITS:
        return chinese_numbers.in_digits(line)
    if style is Style.ROUNDED:
        return chinese_numbers.rounded(line, traditional=traditional)
    return line
