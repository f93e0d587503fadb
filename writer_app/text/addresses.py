"""On which floor, in which street, on which bank or side a place is said to be: each excludes the others."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from writer_app.text.cast import Cast
from writer_app.text.narration import told

_FLOORS = (
    "ground first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth top"
)
_NUMBERS = {word: str(number) for number, word in enumerate("零一二三四五六七八九十") if number} | {
    "两": "2",
    "顶": "top",
    "底": "1",
}
_FLOOR = re.compile(
    rf"\b(?P<en>{'|'.join(_FLOORS.split())}|\d+(?:st|nd|rd|th))[- ](?:floor|storey|story)\b|(?P<zh>[一二三四五六七八九十两顶底]|十[一二三四五六七八九]|\d{{1,2}})[楼层](?!梯|道|下|顶|上)"
)
_STREET = re.compile(
    r"\b(?P<en>[A-Z][\w’']+(?: [A-Z][\w’']+)? (?:Street|Road|Lane|Avenue|Square|Row|Alley|Terrace|Crescent|Gate|Wharf|Quay|Hill))\b|(?P<zh>[\u4e00-\u9fff]{2,3}(?:街|路|巷|胡同|大道))(?![灯口人上])"
)
_SIDE = re.compile(
    r"\b(?P<en>north|south|east|west|left|right|northern|southern|eastern|western)(?:ern)? (?:bank|shore|side of the (?:river|canal|street|square|valley|bay|lake))\b|[江河湖]?(?P<zh>[东南西北左右])岸"
)
_KINDS = (("floor", _FLOOR), ("street", _STREET), ("side", _SIDE))
#: Words between a name and where it is.
_IS_AT = re.compile(
    r"(?:,)? (?:was|is|stood|stands|lay|lies|sat|sits|occupied|occupies|had (?:stood|been|lain))(?: (?:still|always|now|once))?(?: (?:on|in|at|along|off|up on|down on))? (?P<where>[^.;:,\n\x00]{3,50})"
    r"|(?:就|便|还|也|正|一直|原来|本来)?(?:在|位于|坐落在|坐落于|开在|设在|建在|盖在|立在|藏在)(?P<zwhere>[^，。；：\n\x00]{1,16})"
)
_UNSURE = re.compile(
    r"(?i)\b(?:if|would|not|never|once|like|another|other|dream\w*|used to|again|said|thought|almost|opposite|across|above|below|visible|seen|from|near|facing|between)\b|如果|不|没|曾|原来|从前|以前|像|梦|对面|旁|附近|边上|上面|下面|之间|斜对"
)
#: Whatever is moved may be elsewhere from then on.
MOVES = re.compile(
    r"(?i)\b(?:mov\w+|relocat\w+|new premises|rebuil\w+|branch|transferred)\b|搬|迁|新址|分店|重建|另开"
)


class Address(NamedTuple):
    """Where something is.

    Attributes:
        who: Id of the place.
        kind: ``floor``, ``street`` or ``side``.
        value: Which.
        start: Code points; ``end`` is behind it.
    """

    who: str
    kind: str
    value: str
    start: int
    end: int


def parts(words: str) -> Iterator[tuple[str, str]]:
    """The kinds of address that ``words`` name, each with which; none that is named twice."""
    for kind, pattern in _KINDS:
        found = {_value(each["en"] or each["zh"]) for each in pattern.finditer(words)}
        if len(found) == 1:
            yield kind, found.pop()


def addresses(text: str, cast: Cast) -> Iterator[Address]:
    """Where a narrator says that known places are."""
    if not any(pattern.search(text) for _, pattern in _KINDS):
        return
    narrated = told(text)
    for each in cast.mentions(text):
        found = None if each.who in cast.people else _IS_AT.match(narrated, each.end)
        if found is None:
            continue
        before = re.split(r"[.!?。！？，；\n]", narrated[max(0, each.start - 60) : each.start])[-1]
        if not _UNSURE.search(before + found[0]):
            for kind, value in parts(found["where"] or found["zwhere"]):
                yield Address(each.who, kind, value, each.start, found.end())


def _value(said: str) -> str:
    if said in _NUMBERS:
        return _NUMBERS[said]
    if said.startswith("十") and len(said) == 2:
        return "1" + _NUMBERS[said[1]]
    return said.removesuffix("ern") if said.islower() else said
