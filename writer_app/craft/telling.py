"""What a sentence may tell of somebody, and a grammar for answers in its words.

The grammar leaves a model nothing but to point: at an attribute that the sentence has a word of, behind a mention of
whom it is about and of nobody else, and at a few words around that. Left free, a model of 135 M copied the example
it was shown, and one held to the sentence but not to the word took its first "a" for everything.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

#: Attributes, and a word that a sentence must have to tell of them.
CUES: dict[str, dict[str, re.Pattern[str]]] = {
    "en": {
        "age": re.compile(
            r"(?i)\b(?:years? old|aged?|years of age|\w*(?:teen|twenty|thirty|forty|fifty|sixty))\b"
        ),
        "eyes": re.compile(r"(?i)\beye[sd]?\b"),
        "hair": re.compile(r"(?i)\b(?:hair|\w+-haired|beard|curls|moustache)\b"),
        "looks": re.compile(
            r"(?i)\b(?:tall|short|thin|stout|handsome|pretty|beautiful|pale|slender|fat|bald|face|figure|dressed)\b"
        ),
        "family": re.compile(
            r"(?i)\b(?:sons?|daughters?|wife|husband|sisters?|brothers?|father|mother|aunt|uncle|nephew|niece|cousin"
            r"|married|widow(?:er)?)\b"
        ),
        "home": re.compile(
            r"(?i)\b(?:live[sd]?|living|house|home|settled|resides?|resided|lodgings?|estate)\b"
        ),
        "work": re.compile(
            r"(?i)\b(?:doctor|lawyer|attorney|clerk|soldier|officer|captain|colonel|teacher|servant|maid|housekeeper|priest"
            r"|clergyman|merchant|farmer|detective|king|queen|lord|writer|engineer|smith|student|driver|sailor|nurse"
            r"|profession|trade|works?|worked)\b"
        ),
        "character": re.compile(
            r"(?i)\b(?:proud|kind|gentle|clever|shy|cruel|vain|lively|amiable|honest|brave|quiet|temper|disposition|manners"
            r"|good humou?red|selfish|generous|sensible|silly|nature)\b"
        ),
        "owns": re.compile(
            r"(?i)\b(?:owned|owns|possess\w*|carried|wore|wearing|fortune|inherited)\b"
        ),
        "place": re.compile(
            r"(?i)\b(?:miles?|near|north|south|east|west|county|town|village|street|coast|river)\b"
        ),
    },
    "zh": {
        "年龄": re.compile("岁|年方|年纪|芳龄|年已|年近"),
        "眼睛": re.compile("眼睛|双眼|眼珠|眸|双目|[凤杏]眼"),
        "头发": re.compile("头发|长发|短发|白发|鬓|髻|辫"),
        "相貌": re.compile("生得|容貌|面如|面若|身材|身量|俊美|美貌|眉目|眉清"),
        "家人": re.compile(
            "之[子女妻弟妹兄母父孙](?![一如])|父亲|母亲|儿子|女儿|妹妹|哥哥|弟弟|姐姐|丈夫|妻子|夫人|嫡妻|侄|舅|姑母|娶|嫁"
        ),
        "住处": re.compile(
            "(?<![抱拉扶止忍握留站遮拦按捉抓接挡搂不])住(?=在|[^了着，。！？])|居住|寓居|定居"
        ),
        "身份": re.compile("是[^。]{0,6}[人员官生师医匠]|知府|升任|任职|老师|医生|经理|掌门|弟子"),
        "性格": re.compile("性情|性格|秉性|脾气|为人|禀性|生性"),
        "物品": re.compile("带着|戴着|佩|手持|拿着|项上|宝剑|祖传"),
        "位置": re.compile("位于|坐落|[东南西北]边|城外|城内|里路"),
    },
}
_WORD = {"en": re.compile(r"[^\W_][\w’'\-]*"), "zh": re.compile("[\u4e00-\u9fff\\w]")}
#: Words of an answer; characters where none are parted by spaces.
_MOST = {"en": 6, "zh": 8}
_QUOTES = ("“”", "「」", "『』")
#: Attributes that a single word may tell: a sister, a doctor, tall; but not "age" or "hair".
_BARE = frozenset(("family", "work", "looks", "character", "家人", "身份"))
#: Characters behind or before which a stretch of Chinese may begin or end.
_BEFORE, _BEHIND = frozenset("的是有着了这那个位一名乃为"), frozenset("的")
_SMALL_TEXT = (
    "a an the of and or but to in on at by for with from as is was are were be been had has have that this which who "
    "whom he she it his her its their him them they i you my your not no so very more most than if when while could would "
    "should might must will shall can may did do does"
)
_SMALL = frozenset(_SMALL_TEXT.split())
#: What may stand at the beginning of an answer all the same.
_BEGINS = frozenset(["a", "an", "the", "his", "her", "their", "no", "not", "very"])


class Hint(NamedTuple):
    """A word of an attribute that may be about somebody.

    Attributes:
        attribute: Which.
        stretches: Words around it that an answer may consist of, each as it stands in the sentence.
    """

    attribute: str
    stretches: tuple[str, ...]


def hints(
    sentence: str,
    own: Sequence[tuple[int, int]],
    others: Sequence[tuple[int, int]],
    tongue: str,
) -> tuple[Hint, ...]:
    """What a sentence may tell of the one whose mentions are ``own``.

    Args:
        sentence: A sentence.
        own: Where it mentions them, half-open.
        others: Where it mentions others.
        tongue: ``"en"`` or ``"zh"``.
    """
    words = [each.span() for each in _WORD[tongue].finditer(sentence)]
    found = []
    for attribute, cue in CUES[tongue].items():
        for match in cue.finditer(sentence):
            if _is_about(sentence, match.start(), own, others):
                stretches = _stretches(sentence, words, match.span(), [*own, *others], tongue)
                if attribute not in _BARE:
                    stretches = tuple(each for each in stretches if each != match[0])
                found.append(Hint(attribute, stretches))
                break
    return tuple(each for each in found if each.stretches)


def grammar(kinds: Sequence[str], told: Sequence[tuple[Hint, ...]], end: str) -> str:
    """GBNF for a kind, then at most one line a sentence (``number | attribute | words``), then ``end``.

    Args:
        kinds: What can be chosen.
        told: For each sentence, what it may tell.
        end: What the answer ends with.
    """
    lines, rules = [], [f"kind ::= {_either(kinds)}"]
    for number, each in enumerate(told, 1):
        if each:
            options = (
                f"{_quoted(hint.attribute + ' | ')} ({_either(hint.stretches)})" for hint in each
            )
            lines.append(f"line{number}?")
            rules.append(f'line{number} ::= "{number} | " ({" | ".join(options)}) "\\n"')
    return "\n".join([" ".join(['root ::= kind "\\n"', *lines, _quoted(end)]), *rules])


def _is_about(
    sentence: str, at: int, own: Sequence[tuple[int, int]], others: Sequence[tuple[int, int]]
) -> bool:
    """Whether whoever is mentioned last before a word is the one, and nobody else."""
    mine = max((end for _, end in own if end <= at), default=-1)
    if mine <= max((end for _, end in others if end <= at), default=-1):
        return False
    # What somebody says is hardly ever about themselves.
    between = sentence[mine:at]
    return not any(between.count(each[0]) > between.count(each[1]) for each in _QUOTES)


def _stretches(
    sentence: str,
    words: Sequence[tuple[int, int]],
    cue: tuple[int, int],
    names: Sequence[tuple[int, int]],
    tongue: str,
) -> tuple[str, ...]:
    """Stretches of a few words that hold the cue and cross no comma and no name, the shortest first."""
    inside = [at for at, (start, end) in enumerate(words) if start < cue[1] and end > cue[0]]
    if not inside:
        return ()
    found = []
    for first in range(max(0, inside[-1] - _MOST[tongue] + 1), inside[0] + 1):
        for last in range(inside[-1], min(len(words), first + _MOST[tongue])):
            start, end = words[first][0], words[last][1]
            between = _WORD[tongue].sub("", sentence[start:end])
            crosses = any(start < name[1] and name[0] < end for name in names)
            if between.strip() or crosses:
                continue
            if tongue == "zh":
                fits = _is_whole_zh(sentence, start, end, cue)
            else:
                fits = _is_whole(sentence[start:end].lower().split())
            if fits:
                found.append(sentence[start:end])
    return tuple(sorted(dict.fromkeys(found), key=lambda each: (len(each), each)))


def _is_whole(words: Sequence[str]) -> bool:
    """Whether it neither begins nor ends with a word that belongs to what is outside."""
    return words[-1] not in _SMALL and (words[0] not in _SMALL or words[0] in _BEGINS)


def _is_whole_zh(sentence: str, start: int, end: int, cue: tuple[int, int]) -> bool:
    """The same by what stands around it, for nothing parts the words."""
    before, behind = sentence[start - 1 : start], sentence[end : end + 1]
    begins = start == cue[0] or before in _BEFORE or not _WORD["zh"].match(before)
    ends = end == cue[1] or behind in _BEHIND or not _WORD["zh"].match(behind)
    return begins and ends and end - start > 1


def _either(options: Sequence[str]) -> str:
    return " | ".join(map(_quoted, options))


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
