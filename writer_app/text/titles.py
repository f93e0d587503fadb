"""By what rank, or as the how-manieth child, a text calls somebody: Colonel Strickland, 三姑娘知微."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

#: Ranks of which nobody has two at once.
_FAMILIES = (
    "private corporal sergeant lieutenant captain major colonel brigadier general commander commodore admiral midshipman constable inspector superintendent",
    "curate vicar rector canon dean archdeacon bishop archbishop cardinal abbot prior",
    "baron viscount earl marquess duke",
    "少尉 中尉 上尉 少校 中校 上校 大校 少将 中将 上将",
    "排长 连长 营长 团长 旅长 师长 军长",
    "科长 处长 局长 厅长 部长",
    "县长 市长 省长",
    "知县 知府 巡抚 总督",
)
_FAMILY = {word: number for number, words in enumerate(_FAMILIES) for word in words.split()}
_EN = "|".join(word for word in _FAMILY if word.isascii())
_ZH = "|".join(word for word in _FAMILY if not word.isascii())
_RANK = re.compile(rf"\b({_EN})\b|({_ZH})", re.IGNORECASE)
_BORN = "大二三四五六七八九十"
_BORN_TITLE = "(?:姑娘|小姐|少爷|公子|少奶奶|奶奶|太太|爷|郎|娘子|妹妹|妹|姐姐|姐|弟弟|弟|哥哥|哥|丫头|师兄|师弟|师姐|师妹|皇子|殿下|阿哥|格格)"
_BORN_AS = re.compile(
    rf"(?:第|老|行|排)([{_BORN}])|^([{_BORN}])$|([{_BORN}])(?:姑娘|小姐|少爷|公子|爷(?!爷)|郎|皇子|阿哥|格格)"
)
#: Somebody may have another rank from then on, or another one is meant.
RISES = re.compile(
    r"(?i)\b(?:promot\w+|demot\w+|gazett\w+|brevet\w*|reduced to|commission\w*|court[- ]martial\w*|ordained|consecrated|elevated|stripes|raised to|new rank|inherit\w*)\b"
    "|晋升|升[了任为至做作迁]|提拔|提升|擢|调任|改任|任命|降[为职级了]|革职|过继|重新排"
)


class Titled(NamedTuple):
    """Somebody with a title.

    Attributes:
        who: Id of the person.
        start: Code points; ``end`` is behind it.
        family: Titles of one family exclude each other.
        title: Which one, in lower case.
    """

    who: str
    start: int
    end: int
    family: int
    title: str


def ranks(words: str) -> Iterator[tuple[int, str]]:
    """The titles that the words of a bible (rank: colonel, 排行: 第三) name, each with its family."""
    for found in _RANK.finditer(words):
        title = found[0].lower()
        yield _FAMILY[title], title
    for found in _BORN_AS.finditer(words):
        yield -1, found[1] or found[2] or found[3]


class Titles:
    """Finds people with a title before or behind their names.

    Args:
        people: The names of each person, by id.
    """

    def __init__(self, people: Mapping[str, Collection[str]]) -> None:
        owners: dict[str, set[str]] = {}
        for who, names in people.items():
            for name in names:
                plain = name if " " in name and not _RANK.match(name) else ""
                for part in {plain, name.split()[-1]} if name.isascii() else {name}:
                    if part and not _RANK.fullmatch(part):
                        owners.setdefault(part, set()).add(who)
        # Mrs. Strickland is no officer; of two others of one name either may be meant.
        self._owner = {
            name: who
            for name, ids in owners.items()
            for who in [_one(name, ids, people)]
            if who and len(name) > 1
        }
        english = _any(name for name in self._owner if name.isascii())
        chinese = _any(name for name in self._owner if not name.isascii())
        self._patterns = [
            re.compile(pattern)
            for names, pattern in (
                (english, rf"(?<![\w-])(?P<t>{_titled(_EN)}) (?P<n>{english})\b(?![’'-]?[A-Z])"),
                (chinese, rf"(?P<n>{chinese})(?P<t>{_ZH})"),
                (chinese, rf"(?<![第十])(?P<b>[{_BORN}]){_BORN_TITLE}(?P<n>{chinese})"),
            )
            if names
        ]

    def found(self, told: str) -> Iterator[Titled]:
        """Each of them that a narrator names."""
        for pattern in self._patterns:
            for each in pattern.finditer(told):
                before = told[: each.start()].rsplit(" ", 2)[-2:]
                if any(_RANK.fullmatch(word.strip("-")) for word in before if word):
                    continue
                title = each.groupdict().get("b") or each["t"].lower()
                family = -1 if each.groupdict().get("b") else _FAMILY[title]
                yield Titled(self._owner[each["n"]], *each.span(), family, title)


def _one(name: str, ids: Collection[str], people: Mapping[str, Collection[str]]) -> str:
    able = [
        who
        for who in ids
        if not any(re.match("(?:Mrs|Miss|Lady|Madame?|Ms)\\b", n) for n in people[who])
    ]
    return able[0] if len(able) == 1 else ""


def _titled(words: str) -> str:
    return "|".join(word.capitalize() for word in words.split("|"))


def _any(names: Iterator[str]) -> str:
    return "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
