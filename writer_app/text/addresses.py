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
    r"\b(?P<en>north|south|east|west|left|right|northern|southern|eastern|western)(?:ern)? (?P<ref>bank|shore|side of the (?:river|canal|street|square|valley|bay|lake|town|city|village)|end of the (?:town|city|village|street|lane|island))\b"
    r"|\b(?P<en2>north|south|east|west) of (?:the )?(?P<ref2>town|city|village|river|castle|church|forest|lake|[A-Z]\w+)\b"
    r"|(?P<ref3>[江河湖]?)(?P<zh>[东南西北左右])岸|(?P<ref4>[城镇村山江河湖])(?P<zh2>[东南西北])(?![方风人门面京海宁安阳边坡])"
)
_NUMBER = re.compile(
    r"\b(?:[Nn]umber|[Nn]o\.|[Rr]oom) (?P<en>\d{1,4})\b|(?P<zh>\d{1,4})号(?:房|院|楼|门|铺)?(?!线|人|[床桌机])"
)
_KINDS = (("floor", _FLOOR), ("street", _STREET), ("side", _SIDE), ("number", _NUMBER))
#: Words between a name and where it is.
_IS_AT = re.compile(
    r"(?:,)? (?:was|is|stood|stands|lay|lies|sat|sits|occupied|occupies|had (?:stood|been|lain))(?: (?:still|always|now|once))?(?: (?:on|in|at|along|off|up on|down on))? (?P<where>[^.;:,\n\x00]{3,50})"
    r"|(?:就|便|还|也|正|一直|原来|本来)?(?:在|位于|坐落在|坐落于|开在|设在|建在|盖在|立在|藏在)(?P<zwhere>[^，。；：\n\x00]{1,16})"
)
_UNSURE = re.compile(
    r"(?i)\b(?:if|would|not|never|once|like|another|other|dream\w*|used to|again|said|thought|almost|opposite|across|above|below|visible|seen|from|near|facing|between)\b|如果|不|没|曾|原来|从前|以前|像|梦|对面|旁|附近|边上|上面|下面|之间|斜对"
)
#: Who steps out of a door, or in, is where it is: 出了药铺的门，城西的风比别处硬。
_LEFT = re.compile(r"(?:出|进|到|走出|走进|出得|踏进|跨出|踏出)了?\Z")
_STOP = re.compile(r"[。！？\n]|\Z")
_OUTSIDE = re.compile(
    "(?:的?(?:大|后|前|店|院)?门|的门槛)?[，。](?:沿着)?(?P<ref>[城镇村])(?P<zh>[东南西北])(?![门方])(?:的|这|一带|[^，。\x00往向去]{1,6}[，。])"
)
#: Whatever is moved may be elsewhere from then on.
MOVES = re.compile(
    r"(?i)\b(?:mov\w+|relocat\w+|new premises|rebuil\w+|branch|transferred)\b|搬|迁|新址|分店|重建|另开"
)


class Address(NamedTuple):
    """Where something is.

    Attributes:
        who: Id of the place.
        kind: ``floor``, ``street``, ``number`` or ``side``, the last with of what: ``side 城``.
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
        found = {_read(each) for each in pattern.finditer(words)}
        if len(found) == 1:
            (of, value) = found.pop()
            yield f"{kind} {of}".strip(), value


def addresses(text: str, cast: Cast) -> Iterator[Address]:
    """Where a narrator says that known places are."""
    if not any(pattern.search(text) for _, pattern in _KINDS):
        return
    narrated = told(text)
    for each in cast.mentions(text):
        if each.who in cast.people:
            continue
        left = _LEFT.search(narrated, max(0, each.start - 6), each.start)
        street = _OUTSIDE.match(narrated, each.end) if left else None
        if left and street and not _UNSURE.search(street[0]):
            end = _STOP.search(narrated, street.end())
            stop = end.end() if end else street.end()
            yield Address(each.who, f"side {street['ref']}", street["zh"], left.start(), stop)
        found = _IS_AT.match(narrated, each.end)
        if found is None:
            continue
        before = re.split(r"[.!?。！？，；\n]", narrated[max(0, each.start - 60) : each.start])[-1]
        if not _UNSURE.search(before + found[0]):
            for kind, value in parts(found["where"] or found["zwhere"]):
                yield Address(each.who, kind, value, each.start, found.end())


def _read(found: re.Match[str]) -> tuple[str, str]:
    """Of what it is said, which may be empty, and what."""
    said = {name: value for name, value in found.groupdict().items() if value}
    of = next((value for name, value in said.items() if name.startswith("ref")), "").split(" ")[-1]
    of = "river" if of in ("bank", "shore") else of
    return of, _value(next(value for name, value in said.items() if not name.startswith("ref")))


def _value(said: str) -> str:
    if said in _NUMBERS:
        return _NUMBERS[said]
    if said.startswith("十") and len(said) == 2:
        return "1" + _NUMBERS[said[1]]
    return said.removesuffix("ern") if said.islower() else said
