"""Simplified and traditional characters, by OpenCC: never silently, since a character alone does not tell.

头发干了 becomes 頭髮幹了, where a person writes 乾: what comes out is shown as a difference and looked through.
"""

import re
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from writer_app.text.masking import in_prose

if TYPE_CHECKING:
    from opencc import OpenCC


class Style(StrEnum):
    """From which characters to which; ``p`` with the words that are usual there (鼠标, 滑鼠)."""

    S2T = "s2t"
    S2TW = "s2tw"
    S2TWP = "s2twp"
    S2HK = "s2hk"
    T2S = "t2s"
    TW2S = "tw2s"
    TW2SP = "tw2sp"
    HK2S = "hk2s"


_TO_TRADITIONAL = frozenset((Style.S2T, Style.S2TW, Style.S2TWP, Style.S2HK))
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
#: Half a character, which is no text.
_LONE = re.compile("([\ud800-\udfff]+)")


def convert(text: str, style: Style | str) -> str:
    """``text`` in other characters; code, addresses and the like stay.

    To traditional characters, a paragraph that has them already is left alone: many are also simplified ones
    of others (云, 后, 里), and converting again would take those for such.
    """
    style = Style(style)

    def rule(prose: str) -> str:
        if style not in _TO_TRADITIONAL:
            return "\n".join(_converted(line, style) for line in prose.split("\n"))
        usual = _is_simplified(prose)
        return "\n".join(
            _converted(line, style) if _is_simplified(line, usual) else line
            for line in prose.split("\n")
        )

    return in_prose(text, rule)


def _converted(line: str, style: Style) -> str:
    if not _HAN.search(line):
        return line
    if not _LONE.search(line):
        return str(_converter(style).convert(line))
    return "".join(
        piece if _LONE.match(piece) else str(_converter(style).convert(piece))
        for piece in _LONE.split(line)
    )


def _is_simplified(text: str, usual: bool = True) -> bool:
    """Whether ``text`` has characters that only simplified writing has; ``usual`` where it shows nothing."""
    characters = set(text)
    if any(map(_only_simplified, characters)):
        return True
    return usual and not any(map(_only_traditional, characters))


@cache
def _only_simplified(character: str) -> bool:
    if not _is_han(character) or _in_set(character, "big5"):
        return False
    # What Hong Kong writes (温, 户, 脱) is outside Big5 too.
    return _changed(character, Style.S2HK) and not _changed(character, Style.T2S)


@cache
def _only_traditional(character: str) -> bool:
    return (
        _is_han(character) and not _in_set(character, "gb2312") and _changed(character, Style.T2S)
    )


def _is_han(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"


def _changed(character: str, style: Style) -> bool:
    return bool(_converter(style).convert(character) != character)


def _in_set(character: str, encoding: str) -> bool:
    """Whether the old set of characters of one side of the strait has it."""
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


@cache
def _converter(style: Style) -> "OpenCC":
    from opencc import OpenCC

    return OpenCC(style.value)
