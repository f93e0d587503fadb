"""Names that come again in a text, with the shorter forms that stand for them: whom a chapter is about.

Nothing is known beforehand. In English a name is a run of capitals that does not only stand where sentences begin;
in Chinese it is who speaks, what begins with a surname, or what ends as places do, and comes with changing neighbours.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from writer_app.text.names import SURNAMES, begins_sentence, names_of

#: So often something must come to be worth asking about.
TIMES = 3
_TITLE = (
    r"(?:(?:Mr|Mrs|Ms|Dr|St)\.?|Miss|Sir|Lady|Lord|Captain|Colonel|Professor|Aunt|Uncle|King|Queen|Prince|Princess"
    r"|Father|Mother|Sister|Brother|Master|Madame|Inspector|Judge|Baron|Count|Duke|Duchess)"
)
_WORD = r"(?:St\.[ ])?[A-ZÀ-ÖØ-Þ][\w\-]*\w"
_RUN = re.compile(
    rf"(?<![\w’'])(?:{_TITLE}[ ])?{_WORD}(?:[ ](?:of[ ](?:the[ ])?|the[ ]|de[ ]|von[ ])?{_WORD}){{0,3}}"
)
_TITLED = re.compile(rf"{_TITLE}(?: |\Z)")
_LOWER = re.compile(r"\b[a-z]{2,}\b")
#: Capitals that name nobody.
_NOBODY_TEXT = (
    "I Chapter Part Book Volume English French German Chinese American British Monday Tuesday Wednesday Thursday "
    "Friday Saturday Sunday January February March April June July August September October November December God "
    "Christmas Mr Mrs Ms Dr Sir Madam Miss Lord Lady"
)
_NOBODY = frozenset(_NOBODY_TEXT.split())
#: So much more often a name must mean one person than another, to be theirs alone.
_RATHER = 5
_HAN = re.compile("[\u4e00-\u9fff]+")
_PLACE = re.compile(r"[府园寺庙庵观楼阁轩馆院殿宫斋堂亭桥街巷山河湖城县镇村庄国岛谷峰关]\Z")
_ADDRESS = re.compile(
    r"(?:姑娘|小姐|公子|先生|夫人|太太|老爷|奶奶|嬷嬷|妈妈|大人|师父|师兄|师姐|爷|姐)\Z"
)
#: Characters that are hardly ever in a name.
#: Forms of address, which many are called by.
_ANYBODY_TEXT = (
    "姑娘 小姐 公子 先生 夫人 太太 老爷 奶奶 嬷嬷 妈妈 大人 师父 师兄 师姐 姐姐 妹妹 哥哥 弟弟 爷爷 大爷 "
    "二爷 三爷 老太太 姑奶奶 老师 老板 少爷 爹爹 父亲 母亲 丫头 闺阁 穿堂"
)
_ANYBODY = frozenset(_ANYBODY_TEXT.split())
_SMALL = frozenset(
    "的了是在不我他她它你您这那着过们么吗呢吧啊也就都还又便才却只因为所以与和及或而且但被把将让叫给对向从到于之其此何"
    "一二三四五六七八九十两几个些每各多少大小上下里外中间前后左右来去出进回起见说道笑问看听想知有无没很太再更最已未"
    "今日年月时候第哪谁怎什忙听往便此方如若若并自先把些"
)
_LONGEST_CHINESE = 4


class Recurring(NamedTuple):
    """A name that comes again.

    Attributes:
        name: Its fullest form.
        aliases: Shorter forms that stand for it alone.
        times: How often any of them comes.
    """

    name: str
    aliases: tuple[str, ...]
    times: int


def recurring(text: str, most: int = 40) -> tuple[Recurring, ...]:
    """The names that come at least :data:`TIMES` times in ``text``, the most frequent first; at most ``most``."""
    found = [*_english(text), *_chinese(text)]
    found.sort(key=lambda each: (-each.times, each.name))
    return tuple(found[:most])


# -- English --------------------------------------------------------------------------------------


def _english(text: str) -> Iterator[Recurring]:
    counted = _runs(text)
    owner = _owners(counted)
    forms: defaultdict[str, list[str]] = defaultdict(list)
    for name in counted:
        forms[_last_owner(name, owner)].append(name)
    for names in forms.values():
        times = sum(counted[name] for name in names)
        if times >= TIMES:
            name = max(names, key=lambda each: (len(each.split()), counted[each], each))
            yield Recurring(
                name, tuple(sorted({*names} - {name}, key=lambda each: -len(each))), times
            )


def _runs(text: str) -> Counter[str]:
    """How often each run of capitals comes, without words that only begin sentences."""
    plain = Counter(_LOWER.findall(text))
    inside: set[str] = set()
    runs: list[list[str]] = []
    capitals: Counter[str] = Counter()
    for match in _RUN.finditer(text):
        words = match[0].split()
        if begins_sentence(text[max(0, match.start() - 12) : match.start()]):
            inside.update(words[1:])
        else:
            inside.update(words)
        capitals.update(words)
        runs.append(words)
    counted: Counter[str] = Counter()
    for words in runs:
        first, last = 0, len(words)
        while first < last and _is_plain(words[first], plain, capitals, inside):
            first += 1
        while first < last and (words[last - 1] in _NOBODY or not words[last - 1][0].isupper()):
            last -= 1
        if any(word.strip(".") not in _NOBODY for word in words[first:last]):
            counted[" ".join(words[first:last])] += 1
    return counted


def _is_plain(word: str, plain: Counter[str], capitals: Counter[str], inside: set[str]) -> bool:
    if _TITLED.match(word):
        return False
    if word in _NOBODY or not word[0].isupper() or word.isupper():
        return True
    return word not in inside or plain[word.lower()] > capitals[word]


def _owners(counted: Counter[str]) -> dict[str, str]:
    """For each form, the longer one that it stands for, where that is plain."""
    owner: dict[str, str] = {}
    longer: defaultdict[str, list[str]] = defaultdict(list)
    for name in counted:
        words = name.split()
        for part in {words[0], words[-1], " ".join(words[1:])} - {name, ""}:
            longer[part].append(name)
    for name, owners in longer.items():
        if name not in counted:
            continue
        ranked = sorted(owners, key=lambda each: -counted[each])
        # One who is called by this name far more often than all others, or the only one.
        others = sum(counted[each] for each in ranked[1:])
        if counted[ranked[0]] >= _RATHER * others:
            owner[name] = ranked[0]
    return owner


def _last_owner(name: str, owner: dict[str, str]) -> str:
    seen = {name}
    while name in owner and owner[name] not in seen:
        name = owner[name]
        seen.add(name)
    return name


# -- Chinese --------------------------------------------------------------------------------------


def _chinese(text: str) -> Iterator[Recurring]:
    speakers = {name for name in names_of(text) if _HAN.fullmatch(name)}
    counted = _grams(text)
    names = {
        name
        for name, times in counted.items()
        if times >= TIMES
        and (name in speakers or _is_like_a_name(name))
        and name not in _ANYBODY
        and name[0] not in "一老"
        and _is_free(name, text)
    }
    # What nearly always goes on is the beginning of something longer.
    names = {
        name
        for name in names
        if not any(
            name != other and name in other and counted[other] >= 0.7 * counted[name]
            for other in names
        )
    }
    owned = {
        name: [other for other in names if other[1:] == name and other[0] in SURNAMES]
        for name in names
    }
    for name in names:
        if len(owned[name]) == 1:
            continue
        aliases = [each for each in names if owned[each] == [name]]
        # A name inside a longer one is counted with it.
        times = counted[name] if not aliases else max(counted[each] for each in aliases)
        yield Recurring(name, tuple(sorted(aliases)), times)


def _grams(text: str) -> Counter[str]:
    counted: Counter[str] = Counter()
    for run in _HAN.findall(text):
        for length in range(2, _LONGEST_CHINESE + 1):
            counted.update(run[at : at + length] for at in range(len(run) - length + 1))
    return counted


def _is_like_a_name(name: str) -> bool:
    if _PLACE.search(name) or _ADDRESS.search(name):
        return not _SMALL.intersection(name)
    return name[0] in SURNAMES and len(name) <= 3 and not _SMALL.intersection(name)


def _is_free(name: str, text: str) -> bool:
    """Whether it stands beside changing neighbours, as a word does."""
    before: set[str] = set()
    behind: set[str] = set()
    at = text.find(name)
    while at >= 0 and (len(before) < TIMES or len(behind) < TIMES):
        before.add(text[at - 1 : at])
        behind.add(text[at + len(name) : at + len(name) + 1])
        at = text.find(name, at + 1)
    return min(len(before), len(behind)) >= TIMES - 1
