"""Brothers and sisters who are not named: only children who have some, and a sister who is called younger or elder."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from writer_app.text.cast import Cast, Mention
from writer_app.text.narration import BLANK, sentences, told

#: The bible's words for somebody without brothers and sisters.
ONLY_CHILD = re.compile(
    r"(?i)\bonly child\b|\bno (?:brothers (?:or|and|nor) sisters|siblings)\b|独[子女生]|没有兄弟姐妹|无兄弟姐妹"
    r"|^(?:siblings|brothers and sisters|brothers|sisters)[:：] *(?:none|no|nil|0)\b|^(?:兄弟姐妹|手足)[:：] *(?:无|没有|0)"
)
_PARENT = "father|mother|grandfather|grandmother|husband|wife"
_ONLY = re.compile(
    rf"(?P<x>\b(?:I|[Mm]y (?:{_PARENT}))|\x02) (?:was|am|is|had been) an only (?:child|son|daughter)\b"
    rf"|\bhad (?:had )?(?:only |but )?one (?:child|son|daughter), (?P<child>my (?:father|mother))\b"
    r"|(?P<zx>我(?:父亲|母亲|爹|娘|爸|妈|爸爸|妈妈)?|\x02)(?:就|也|原|本)?是(?:家里|家中)?的?(?:唯一的孩子|独生?[子女]|独生子女|独苗)"
    r"|只(?:有|生了?)(?:我)?(?P<zchild>父亲|母亲|爹|爸爸|妈妈)一个(?:孩子|儿子|女儿)"
)
_MAY_BE = re.compile(
    r"\bonly (?:child|son|daughter)\b|\bone (?:child|son|daughter), my\b|独[子女生苗]|唯一的孩子|一个(?:孩子|儿子|女儿)"
)
_HAS = re.compile(
    rf"(?P<x>\b[Mm]y (?:{_PARENT})|\x02)[’']s (?:(?:own|elder|older|younger|little|big|twin|eldest|youngest) )*(?:brothers?|sisters?)\b(?!-in-law| officer| in arms| and sisters in| of mercy)"
    r"|(?P<xh>\x02) (?:had|has) (?:a|an|one|two|three|four|five|six|seven) (?:(?:own|elder|older|younger|little|big|twin|married|grown) )*(?:brother|sister)s?\b(?!-in-law| officer| in arms)"
    r"|(?P<zh>\x02)(?:还|只|也)?有[一两二三四五六七]?个?(?:亲|双胞胎|同胞)?(?:哥哥|弟弟|姐姐|妹妹|兄弟|姐妹)"
    rf"|\b(?:his|her) (?:father|mother) and (?P<mine>mine) (?:were|had been|are) (?:brothers|sisters|siblings|twins|brother and sister)\b"
    rf"|(?P<y>\b[Mm]y (?:father|mother)) and (?:his|hers|her (?:father|mother)|his (?:father|mother)|theirs) (?:were|had been|are) (?:brothers|sisters|siblings|twins|brother and sister)\b"
    r"|(?P<i>\b[Mm]y) (?:(?:own|elder|older|younger|little|big|twin|eldest|youngest) )+(?:brother|sister)\b(?!-in-law)"
    r"|(?P<zx>我(?:父亲|母亲|爹|娘|爸|妈|爸爸|妈妈)|\x02)的(?:亲)?(?:哥哥|弟弟|姐姐|妹妹|兄弟姐妹|亲兄弟|胞[兄弟姐妹])"
)
_SIBLING = re.compile(
    r"\b(?:had|has) (?:\w+ ){1,3}(?:brother|sister)s?\b|有[一两二三四五六七个亲]{0,3}(?:双胞胎|同胞)?[哥弟姐妹兄]|[’']s (?:\w+ ){0,2}(?:brother|sister)|\bmine (?:were|had been|are)\b|\b[Mm]y (?:\w+ ){1,2}(?:brother|sister)|\b[Mm]y (?:father|mother) and\b|\bonly (?:child|son|daughter)\b"
    r"|\bone (?:child|son|daughter),|的(?:亲|胞)?[哥弟姐妹兄]|独[子女生苗]|唯一的孩子|一个(?:孩子|儿子|女儿)"
)
_UNSURE = re.compile(
    r"(?i)\b(?:if|as if|as though|like|would|could|never|no|not|without|wish\w*|dream\w*|imagin\w*|pretend\w*|wanted|half|step|foster|adopt\w*|sworn|thought|lied"
    r"|said|claim\w*|called)\b|n[’']t\b|像|仿佛|如果|要是|没|不|梦|假|干[爹娘哥弟姐妹]|结拜|义|认了?|表|堂|似|想"
)
_YEARS = "[一二两三四五六七八九十\\d]{1,2}岁"
#: A sister or a brother who is there, with what she is called.
_AGED = re.compile(
    rf"(?:这|那)个?(?:(?P<less>[小大])[他她]{_YEARS}的)(?P<zkin>妹妹|弟弟|姐姐|哥哥)|(?:比[他她](?P<than>[小大]){_YEARS}的)(?P<zkin2>妹妹|弟弟|姐姐|哥哥)|这个(?P<zkin3>妹妹|弟弟|姐姐|哥哥)"
    r"|\bthis (?P<how>younger|little|elder|older|big|kid|baby) (?P<kin>sister|brother) of (?:his|hers)\b"
    r"|\b(?:his|her|this) (?P<kin2>sister|brother),? (?:who was )?(?:\w+ ){1,2}years (?P<how2>younger|older|his junior|her junior|his senior|her senior)\b"
)
_NEAR = 600


class Kept(NamedTuple):
    """What a sentence says of brothers and sisters.

    Attributes:
        who: Id of a person, or the words for one whom no bible has: ``I``, ``my father``.
        start: Code points; ``end`` is behind it.
        is_only: Whether it says that there are none; otherwise that there are.
    """

    who: str
    start: int
    end: int
    is_only: bool


class Aged(NamedTuple):
    """A brother or sister of somebody near, called younger or elder; ``near`` are the people named shortly before."""

    near: tuple[str, ...]
    kin: str
    start: int
    end: int


def may_be_only(text: str) -> bool:
    """Whether a text may tell of an only child; most do not."""
    return bool(_MAY_BE.search(text))


def only_children(text: str, cast: Cast) -> Iterator[Kept]:
    """Who is told to have brothers or sisters, or to have none."""
    narrated = told(text)
    if not _SIBLING.search(narrated):
        return
    people = [m for m in cast.mentions(text) if m.who in cast.people and narrated[m.start] != BLANK]
    for each in sentences(text, narrated):
        if not _SIBLING.search(each.told):
            continue
        marked, signs = _marked(
            each.told, [m for m in people if each.start <= m.start < each.end], each.start
        )
        for pattern, is_only in ((_ONLY, True), (_HAS, False)):
            for found in pattern.finditer(marked):
                if _UNSURE.search(
                    marked[: found.end() + 12] if not is_only else marked[: found.start()]
                ):
                    continue
                who = (
                    signs[marked.count("\x02", 0, found.start())]
                    if "\x02" in found[0]
                    else _node(found)
                )
                yield Kept(who, each.start, each.end, is_only)


def aged(text: str, cast: Cast) -> Iterator[Aged]:
    """Brothers and sisters who are called younger or elder beside the names of two people."""
    narrated = told(text) if _AGED.search(text) else ""
    for found in _AGED.finditer(narrated):
        near = {
            m.who
            for m in cast.mentions(text[max(0, found.start() - _NEAR) : found.end()])
            if m.who in cast.people
        }
        kin = found["zkin"] or found["zkin2"] or found["zkin3"] or found["kin"] or found["kin2"]
        how = found["how"] or found["how2"] or ""
        if kin.isascii():
            kin = ("elder " if re.search("older|elder|big|senior", how) else "younger ") + kin
        yield Aged(tuple(sorted(near)), kin, *found.span())


def _node(found: re.Match[str]) -> str:
    """Whom a pattern tells of, by the words for them: ``I``, ``my father``."""
    said = next(
        v
        for k, v in found.groupdict().items()
        if v and k in ("x", "y", "i", "child", "mine", "zx", "zchild")
    )
    if said == "mine":
        return "my father" if "father" in found[0] else "my mother"
    plain = {"爹": "父亲", "爸": "父亲", "爸爸": "父亲", "娘": "母亲", "妈": "母亲", "妈妈": "母亲"}
    if not said.isascii():
        rest = said.removeprefix("我")
        return "我" + plain.get(rest, rest)
    return "I" if said.lower() == "my" else said[0].lower() + said[1:] if said != "I" else said


def _marked(said: str, people: list[Mention], start: int) -> tuple[str, list[str]]:
    """A sentence with a sign for each name, and whom each stands for."""
    pieces, place = [], 0
    for each in people:
        pieces.append(said[place : each.start - start])
        place = each.end - start
    return "\x02".join((*pieces, said[place:])), [each.who for each in people]
