"""Things that are lost while only “it”, or their pieces, are spoken of: the only thing of a scene, named shortly before."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from writer_app.text.cast import Cast, Mention
from writer_app.text.narration import BLANK, Sentence

_DEEP = "sea|river|lake|pond|stream|canal|harbou?r|well|ocean|waves|bog|marsh|sewer|gorge|ravine"
_FIRE = "fire|flames|furnace|stove|hearth|bonfire|kiln|grate|embers"
_LOST = re.compile(
    rf"\b(?:water|current|tide|mud|waves?|{_DEEP})\b[^.;\x00]{{0,30}}\b(?:closed|shut|swallowed|took|covered|folded|had) (?:\w+ )?(?:over )?it\b"
    rf"|\b(?:threw|flung|tossed|hurled|dropped|pitched|cast|slung|heaved|thrust|pushed|put|fed) it\b[^.;,\x00]{{0,30}}\b(?:into|in|to|over|off|on)\b[^.;,\x00]{{0,20}}\b(?:{_DEEP}|{_FIRE})\b"
    r"|\b(?:smashed|shattered|burned|burnt|crushed|ground|hammered|tore|ripped|snapped|broke) it (?:to|into|in) (?:pieces|bits|powder|dust|shreds|ash(?:es)?|splinters|two|half|fragments|confetti|shards|flinders)\b"
    r"|\b[Ii]t (?:shattered|splintered|smashed|burst|melted|crumbled to|burn(?:ed|t) (?:to|away)|went up in|fell to pieces|broke (?:in|into|to) (?:two|half|pieces|bits|splinters))\b"
    # Pieces of which the text does not say what they are of.
    r"|(?:^|[，。；])(?:大|小)的(?:碎[块片渣]|成了[粉灰末])|(?:^|[，。；])(?:摔|跌|碎|裂|烧|化|砸|磨)成了?(?:粉|灰|齑粉|碎片|碎块|粉末|几[块瓣截段]|[两三四五六七八]|无数)"
    rf"|把它(?:[^，。；\x00]{{0,4}}(?:扔|丢|抛|投|沉)[进入到下][^，。；\x00]{{0,4}}[江河湖海火炉井灶溪]|[^，。；\x00]{{0,4}}(?:摔|砸|烧|撕|掰|踩|敲)(?:成|碎|得粉碎|掉了|毁))"
    r"|它(?:[^，。；\x00]{0,4})(?:碎成|摔得粉碎|碎了|沉了下去|沉入|烧成|化成|裂成)"
)
#: It may not be so, or is only meant to be.
_DOUBT = re.compile(
    r"(?i)\b(?:if|would|could|might|may|should|will|wanted|meant|tried|about to|almost|nearly|never|not|imagin\w*|dream\w*|thought|wish\w*|pretend\w*|caught"
    r"|as if|as though|like to|copy|fake)\b|n[’']t\b|如果|要是|想|仿佛|好像|差点|险些|几乎|梦|没|未|假|仿|赝|摹|副本"
)
#: Another thing is taken up, which “it” may mean; or other things that break are there.
_TAKEN = re.compile(
    r"\b(?:took|picked|lifted|drew|pulled|seized|grabbed|held|found|opened|unfolded|snatched|carried|bought|brought|caught|threw)(?: out| up| down| off)? (?:the|a|an|his|her|another|some|my|this|that) ((?:\w+ ){0,2}?\w+)"
    r"|[拿取掏捡抓端举抱捧提]着?[起出过]?了?(?:那|这|一|另)[一]?[只个把本封张块支枚件盏壶]([\u4e00-\u9fff]{1,4})"
)
_BREAKABLE = re.compile(
    r"\b(?:glass|cups?|bowls?|windows?|mirrors?|plates?|jars?|bottles?|vases?|lamps?|jugs?|sun|moon)\b|[瓶碗杯盏镜窗壶盘缸罐瓦盆灯]|玻璃"
)
_NEAR = 600


class Lost(NamedTuple):
    """A thing that is lost in a sentence, whose start and end are code points."""

    what: str
    start: int
    end: int


def losses(
    told: str, sentences: Sequence[Sentence], mentions: Sequence[Mention], cast: Cast
) -> Iterator[Lost]:
    """Where the only thing that a section names is lost, and is called “it” there.

    Args:
        told: What the narrator of a scene says.
        sentences: Of it.
        mentions: The names in the scene.
        cast: Whose they are.
    """
    if not cast.objects:
        return
    named = [
        m
        for m in (*mentions, *_heads(told, cast))
        if m.who in cast.objects and told[m.start] != BLANK
    ]
    for each in sentences if named else ():
        found = _LOST.search(each.told)
        if found is None or _DOUBT.search(each.told, 0, found.end()):
            continue
        start = next(s.start for s in sentences if s.section == each.section)
        inside = [m for m in named if start <= m.start < each.start + found.start()]
        if len({m.who for m in inside}) != 1:
            continue
        last = max(m.end for m in inside)
        between = told[last : each.start + found.start()]
        is_other = _BREAKABLE.search(each.told) or _TAKEN.search(between)
        if not is_other and len(between) <= _NEAR:
            yield Lost(inside[0].who, each.start, each.end)


def _heads(told: str, cast: Cast) -> Iterator[Mention]:
    """Things by the last word of their English names alone: a watch, the old watch."""
    for head, who in cast.heads.items():
        for found in re.finditer(
            rf"\b(?:the|a|an|his|her|my|that|this|\w+[’']s)(?: \w+)? {head}\b(?! \w+(?:er|ing)\b)",
            told,
        ):
            yield Mention(who, found.end() - len(head), found.end())
