"""What a line that may be a heading says: its unit (chapter, 卷), its number and its title."""

import re
import unicodedata
from enum import IntEnum
from typing import NamedTuple

from writer_app.text.spelling import (
    ONES,
    TEENS,
    TENS,
    from_digitwise,
    from_hanzi,
    from_roman,
    from_words,
    ordinal,
    roman,
)


class Unit(IntEnum):
    """What a heading heads, from the outside in."""

    VOLUME = 0
    #: 楔子, a prologue: stands among chapters and has no number.
    SPECIAL = 1
    CHAPTER = 2
    SECTION = 3
    #: A number and a title, without a word for what they head: "IV. The Letter".
    NUMBERED = 4
    #: A number, and nothing else.
    BARE = 5
    #: A heading in words.
    NAMED = 6


class Name(NamedTuple):
    """What a heading says.

    Attributes:
        word: The word for its unit in lower case: ``chapter``, 卷, ``prologue``; empty where there is none.
        number: As a value; ``None`` where there is none.
        title: Without unit and number.
        label: The heading's beginning up to number and unit, as it is written; empty without a number.
        pattern: The same with ``{n}`` for the number.
        numerals: How the number is written: ``arabic``, ``chinese``, ``roman``, ``words`` or ``ordinals``.
        doubtful: Alone on a line it may also be the beginning of a sentence.
        volume: The volume that is named on the same line before the chapter.
    """

    unit: Unit
    word: str = ""
    number: int | None = None
    title: str = ""
    label: str = ""
    pattern: str = ""
    numerals: str = ""
    doubtful: bool = False
    volume: "Name | None" = None

    @property
    def key(self) -> tuple[object, ...]:
        """Equal for headings of the same chapter, as in a table of contents and in the text."""
        if self.unit is Unit.NUMBERED:
            return (self.number, self.title.casefold())
        return (self.word, self.number, "" if self.word else self.title.casefold())


#: Digits as a bank writes them, and a circle for a nought.
_FORMAL = str.maketrans("壹贰貳叁參肆伍陆陸柒捌玖拾佰仟○", "一二二三三四五六六七八九十百千〇")
_HAN_DIGITS = "〇零一二三四五六七八九十百千万两萬兩廿卅" + "".join(map(chr, _FORMAL))
_HAN_NUMBER = f"[{_HAN_DIGITS}]{{1,9}}"
_NUMBER = rf"(?P<n>[0-9０-９]{{1,5}}|{_HAN_NUMBER})"
#: Behind the number of one chapter, in 第3-4章 and 第3.5章: it has no single number then.
_AND_MORE = rf"(?:[ 　]*[-—–~～、至到和.．][ 　]*(?:[0-9０-９]{{1,5}}|{_HAN_NUMBER})){{0,3}}"
#: Blanks of all sorts, and what has no width at all; Roman numerals of one character.
_EVEN = str.maketrans(
    dict.fromkeys("\u00a0\u2002\u2003\u2007\u202f", " ")
    | dict.fromkeys("\ufeff\u200b\u2060\f")
    | {chr(0x215F + value): roman(value) for value in range(1, 13)}
)
_VOLUMES_ZH, _CHAPTERS_ZH, _SECTIONS_ZH = "卷部编編篇册冊集幕", "章回话話", "节節"
_ZH = re.compile(
    rf"第[ 　]*{_NUMBER}(?P<more>{_AND_MORE})[ 　]*(?P<unit>部分|[{_VOLUMES_ZH}{_CHAPTERS_ZH}{_SECTIONS_ZH}])(?P<rest>.*)"
)
#: 第 十 二 章 and 楔　子, as a title page sets them.
_SPACED_NUMBER = re.compile(
    rf"第[ 　]*[{_HAN_DIGITS}](?:[ 　]+[{_HAN_DIGITS}])+(?=[ 　]*[{_VOLUMES_ZH}{_CHAPTERS_ZH}{_SECTIONS_ZH}])"
)
_SPACED_WORD = re.compile(r"[\u4e00-\u9fff](?:[ 　]+[\u4e00-\u9fff]){1,2}")
_ZH_VOLUME_FIRST = re.compile(rf"(?P<unit>卷)之?[ 　]*{_NUMBER}(?P<rest>.*)")
_INNER_CHAPTER = re.compile(
    rf"(?:^|[\s　·:：—\-、]+)(?=第[ 　]*{_NUMBER}[ 　]*[{_CHAPTERS_ZH}{_SECTIONS_ZH}])"
)
_SPECIAL_ZH = re.compile(
    "(?P<word>楔子|序章|序言|序幕|序曲|自序|代序|总序|前言|引子|引言|开篇|尾声|尾聲|终章|終章|终曲|后记|後記|附录|附錄"
    "|结语|最终章|最終章|大结局|大結局|上架感言|完本感言|完结感言|間章|间章|幕间|题记|題記|外传|外傳|跋|序|番外(?:篇|章)?(?:之?[0-9０-９一二三四五六七八九十]{1,3})?)(?P<rest>.*)"
)
#: What webs of novels put before a heading.
_ORNAMENT = re.compile(
    r"^(?:正文|最新章节)?[\s　☆★●◆■◇□※＊*=~～·•、]*(?=[第卷楔序前引尾终終后後番【\[])(?:正文[\s　]+)?"
)
_HALF = re.compile(rf"(?P<n>[上中下])(?P<unit>[{_VOLUMES_ZH}])(?P<rest>.*)")
_BRACKETS = (
    ("【", "】"),
    ("[", "]"),
    ("〔", "〕"),
    ("《", "》"),
    ("「", "」"),
    ("**", "**"),
    ("__", "__"),
    ("*", "*"),
    ("_", "_"),
    ("=", "="),
    ("（", "）"),
)
_APART = re.compile(r"[\s　:：、．.·•—–\-_|]+")
_OPENING = "《【（(〈「『“"
#: With these a sentence goes on behind 第三章.
_GOES_ON = frozenset(
    "里裡中的是说說讲講我他她它你在和与與及以之为為就到了也所后後前上下时時内內被把让讓课課合分节節集团團队隊辑輯入去来來，。；！？…”’"
)
#: In a heading longer than this nothing is looked for.
_LONGEST = 200
_LONGEST_ZH = 45
_SENTENCE_END = "。；，、,;"

_VOLUMES_EN = "volume|vol|book|part|tome|act"
_CHAPTERS_EN = "chapter|chap|ch|letter|stave|canto|adventure|episode"
_SECTIONS_EN = "section|scene"
_WORD = rf"(?:{TENS}|{TEENS}|{ONES}|hundred)"
_EN = re.compile(
    rf"(?P<unit>{_VOLUMES_EN}|{_CHAPTERS_EN}|{_SECTIONS_EN})\.?[ \t]+(?P<the>the[ \t]+)?"
    rf"(?P<n>\d{{1,4}}|[ivxlcdm]{{1,12}}|{_WORD}(?:(?:[ \t]+and[ \t]+|[ \t]+|-){_WORD})*|[a-z]+(?:-[a-z]+)?(?=\W|$))"
    r"(?![\w’'])(?P<rest>.*)",
    re.IGNORECASE,
)
_SPECIAL_EN = re.compile(
    r"(?P<word>prologue|epilogue|preface|foreword|introduction|introductory|afterword|interlude|prelude|postscript"
    r"|conclusion|appendix|dedication|acknowledge?ments|author[’']s note)"
    r"(?:[ \t]+(?P<n>\d{1,2}|[ivx]{1,5})(?=\W|$))?(?P<rest>.*)",
    re.IGNORECASE,
)
_LONGEST_EN = 90
#: Of the long words in a long title so many have capitals.
_CAPITALS = 0.8
#: Without a capital only this is a heading, and not for sure.
_LOWER_EN = re.compile(rf"(?:chapter|part)[ ]+(?:\d{{1,3}}|{_WORD}(?:-{_WORD})?)\.?")
_ORDINALS = {ordinal(value): value for value in range(1, 101)}
_PLAIN_NUMBER = re.compile(
    rf"(?P<n>\d{{1,4}}|[IVXLCDM]{{1,12}}|{_HAN_NUMBER}|{_WORD}(?:-{_WORD})?)(?P<mark>[.)．、:]?)(?P<rest>.*)",
    re.IGNORECASE,
)


def read(line: str, *, marked: bool = False) -> Name | None:
    """What a line says as a heading; ``None`` where it can be none.

    Args:
        line: Without its end.
        marked: It is known to be a heading; then everything is one, by its words at least.
    """
    bare = line.translate(_EVEN).strip(" \t　")
    if len(bare) > _LONGEST:
        return Name(Unit.NAMED, title=bare) if marked else None
    bare = _unwrapped(bare)
    found = _chinese(bare, marked) or _english(bare, marked) or _numbered(bare)
    if found is None and marked:
        return Name(Unit.NAMED, title=bare)
    return found


def _unwrapped(line: str) -> str:
    for opening, closing in _BRACKETS:
        inner = line[len(opening) : -len(closing)]
        if line.startswith(opening) and line.endswith(closing) and inner and opening not in inner:
            return _unwrapped(inner.strip(" \t　"))
    for opening, closing in _BRACKETS[:5]:
        # 【第一章】少年
        if line.startswith(opening) and closing in line[:12]:
            inner, _closing, behind = line[1:].partition(closing)
            if _ZH.fullmatch(inner):
                return f"{inner} {behind.strip()}".rstrip()
    return line


def _chinese(line: str, marked: bool) -> Name | None:
    if not marked and len(line) > _LONGEST_ZH:
        return None
    line = _SPACED_NUMBER.sub(lambda found: re.sub("[ 　]", "", found[0]), _ORNAMENT.sub("", line))
    found = _ZH.fullmatch(line) or _ZH_VOLUME_FIRST.fullmatch(line)
    if found is None:
        return _half_volume(line) or _special_chinese(line, marked)
    value, numerals = _value_zh(found["n"])
    if value is None:
        return None
    word, rest = found["unit"], found["rest"]
    unit = Unit.SECTION
    if word in _VOLUMES_ZH or word == "部分":
        unit = Unit.VOLUME
        inner = _INNER_CHAPTER.search(rest)
        chapter = _chinese(rest[inner.end() :], marked) if inner else None
        if inner and chapter:
            title = _APART.sub("", rest[: inner.start()], count=1) if inner.start() else ""
            return chapter._replace(volume=_named_zh(unit, found, value, numerals, title))
    elif word in _CHAPTERS_ZH:
        unit = Unit.CHAPTER
    apart = not rest or _APART.match(rest) is not None or rest[0] in _OPENING
    title = _APART.sub("", rest, count=1) if _APART.match(rest) else rest
    is_list = rest[:1] == "、" and numerals == "chinese"
    if word == "部分" and not apart:  # 第一部分人
        return None
    doubtful = not apart or title.endswith("。") or is_list
    if not marked and not _may_be_title_zh(title, apart):
        return None
    name = _named_zh(unit, found, value, numerals, title)._replace(doubtful=doubtful)
    if found.groupdict().get("more"):
        return name._replace(word=name.label, number=None, title=line, label="", pattern="")
    return name


def _named_zh(unit: Unit, found: re.Match[str], value: int, numerals: str, title: str) -> Name:
    start, end = found.span("n")
    behind = found.end("unit") if found.start("unit") > start else end
    label = found.string[:behind].strip()
    pattern = f"{found.string[:start]}{{n}}{found.string[end:behind]}".strip()
    return Name(unit, found["unit"], value, title.strip(" 　"), label, pattern, numerals)


def _may_be_title_zh(title: str, apart: bool) -> bool:
    if title.endswith(tuple("；，、,;：")) or title.count("。") > 1:
        return False
    if "。" in title and (not title.endswith("。") or "，" in title or len(title) > 20):
        return False
    if apart:
        return not ("，" in title and title.endswith(("。", "”")))
    return title[0] not in _GOES_ON and len(title) <= 20 and not set("。，；：“”：,") & set(title)


def _half_volume(line: str) -> Name | None:
    """上卷 and the like, which have an order and no number."""
    found = _HALF.fullmatch(line)
    if found is None or len(line) > 20 or (found["rest"] and not _APART.match(found["rest"])):
        return None
    title = _APART.sub("", found["rest"], count=1)
    return Name(Unit.VOLUME, "卷", None, f"{line[:2]} {title}".strip())


def _special_chinese(line: str, marked: bool) -> Name | None:
    if _SPACED_WORD.fullmatch(line):
        line = re.sub("[ 　]", "", line)
    found = _SPECIAL_ZH.fullmatch(line)
    if found is None:
        return None
    rest = found["rest"]
    if rest and not _APART.match(rest) and rest[0] not in _OPENING:
        return None
    title = _APART.sub("", rest, count=1) if rest else ""
    if not marked and (len(line) > 30 or title.endswith(tuple(_SENTENCE_END))):
        return None
    if rest[:1] == "、" and not marked:
        return None
    return Name(Unit.SPECIAL, found["word"], None, title.strip(" 　"))


def _value_zh(said: str) -> tuple[int | None, str]:
    plain = unicodedata.normalize("NFKC", said).translate(_FORMAL)
    if plain.isdecimal():
        return int(plain), "arabic"
    plain = plain.replace("廿", "二十").replace("卅", "三十")
    value = from_hanzi(plain)
    if value is None and not set(plain) & set("十百千万萬两兩"):
        value = int(from_digitwise(plain))
    return value, "chinese"


def _english(line: str, marked: bool) -> Name | None:
    if not marked and not (line[:1].isupper() or _LOWER_EN.fullmatch(line)):
        return None
    if not marked and len(line) > _LONGEST_EN and not has_capitals(line):
        return None
    found = _EN.fullmatch(line)
    if found is None:
        return _special_english(line, marked)
    value, numerals = _value_en(found["n"])
    if value is None:
        is_last = (
            found["n"].lower() in ("last", "final")
            and found["the"]
            and not found["rest"].strip(" .")
        )
        return Name(Unit.SPECIAL, "last", title=line) if is_last else None
    rest = found["rest"]
    if not marked and not _may_be_title_en(rest):
        return None
    word = found["unit"].lower()
    title = _APART.sub("", rest, count=1) if _APART.match(rest) else rest
    unit = Unit.SECTION
    if word in _VOLUMES_EN.split("|"):
        unit = Unit.VOLUME
    elif word in _CHAPTERS_EN.split("|"):
        unit = Unit.CHAPTER
    label = line[: found.end("n")]
    # Without an article an ordinal would come out as another word: Chapter First.
    is_counted = numerals != "ordinals" or found["the"]
    pattern = line[: found.start("n")] + "{n}" if is_counted else ""
    word = {"vol": "volume", "chap": "chapter", "ch": "chapter"}.get(word, word)
    return Name(unit, word, value, title.strip(), label, pattern, numerals, line[0].islower())


def has_capitals(line: str) -> bool:
    """Whether the long words begin with capitals, as in titles."""
    words: list[str] = [word for word in re.findall(r"[^\W\d_]+", line) if len(word) > 4]
    return sum(word[0].isupper() for word in words) >= _CAPITALS * len(words)


def _may_be_title_en(rest: str) -> bool:
    """Whether what stands behind "Chapter 1" is a title, not the rest of a sentence."""
    mark = re.match(r"\s*[.:—–\-|)]+\s*", rest)
    title = rest[mark.end() :] if mark else rest.strip()
    if not title:
        return mark is None or not rest.strip().endswith((",", ";"))
    if rest[0].isalnum() or title[0] in ",;'’" or title.endswith((",", ";")):
        return False
    if title.isupper():
        return True
    first = next((letter for letter in title if letter.isalpha()), "A")
    if not mark:
        is_short = len(title.split()) <= 10 or has_capitals(title)
        return not first.islower() and not title.endswith(".") and is_short
    is_sentence = title.endswith((".", "?", "!")) and ("," in title or len(title.split()) > 8)
    return not is_sentence and (not first.islower() or len(title.split()) <= 6)


def _special_english(line: str, marked: bool) -> Name | None:
    found = _SPECIAL_EN.fullmatch(line)
    if found is None:
        return None
    rest = found["rest"]
    if not marked and rest and not _may_be_title_en(rest):
        return None
    if rest and rest[0].isalnum():
        return None
    title = _APART.sub("", rest, count=1) if _APART.match(rest) else rest
    if (
        not marked
        and rest.strip(" .")
        and not re.match(r"\s*[.:—–\-]", rest)
        and not title.isupper()
    ):
        return None
    number = _value_en(found["n"])[0] if found["n"] else None
    return Name(Unit.SPECIAL, found["word"].lower(), number, title.strip())


def _value_en(said: str) -> tuple[int | None, str]:
    plain = said.lower()
    if plain.isdecimal():
        return int(plain), "arabic"
    value = from_roman(plain)
    if value is not None:
        return value, "roman"
    if plain in _ORDINALS:
        return _ORDINALS[plain], "ordinals"
    return from_words(plain), "words"


def _numbered(line: str) -> Name | None:
    found = _PLAIN_NUMBER.fullmatch(line)
    if found is None:
        return None
    said, mark, rest = found["n"], found["mark"], found["rest"]
    value, numerals = _value_en(said)
    if value is None and not said.isascii():
        value, numerals = _value_zh(said)
    if value is None or (numerals == "roman" and not said.isupper()):
        return None
    label, pattern = f"{said}{mark}", f"{{n}}{mark}"
    if not rest.strip():
        return Name(Unit.BARE, "", value, "", label, pattern, numerals)
    is_apart = rest[0].isspace() or mark == "、"
    # 001 少年, as novels of the web have it.
    is_counted = bool(mark) or (said.isdecimal() and rest.strip()[0] > "\u2e80")
    if not is_counted or not is_apart or len(line) > _LONGEST_EN or _is_pause(rest):
        return None
    return Name(Unit.NUMBERED, "", value, rest.strip(), label, pattern, numerals)


def _is_pause(rest: str) -> bool:
    """Whether what stands behind a number ends like a sentence or a part of one; capitals may end with a full stop."""
    said = rest.strip()
    return said.endswith((",", ";", "，", "。", "；")) or (
        said.endswith(".") and not said.isupper()
    )
