"""Whether a text says he or she of somebody: votes for the sex of each person whose bible does not tell it."""

import re
from collections import Counter
from collections.abc import Iterable

from writer_app.text.cast import Cast
from writer_app.text.narration import BLANK, told

#: Pronouns that go back to the subject of their sentence, or of the one before; and what says so for sure.
_SAME = re.compile(
    r"(?:, (?:and |but |so |then |as |while |because |when |where |until |for )*|\b(?:and|but|because|while|when|as|that|before|after|until|so) )(?P<e>he|she)\b(?![’'])"
    r"|\b(?P<self>him|her)self\b|[，；](?:但|可|可是|而|于是|便|就|只是|因为)?(?P<z>[他她])(?![们却倒])|(?P<zself>[他她])自己"
)
_NEXT = re.compile(
    r"[^.!?。！？\n\x00“”\"]*[.。!！?？][”」\"]? *(?:(?:And|But|Then|So) )?(?:(?P<e>He|She)\b(?![’'])|(?P<z>[他她])(?![们却倒]))"
)
_SEX = {"he": "m", "him": "m", "他": "m", "she": "f", "her": "f", "她": "f"}
_STOP = re.compile('[.!?。！？…\n\x00“”"「」]')
#: So many votes are enough, where at least four in five agree.
_ENOUGH, _AGREED = 2, 0.8


def votes(text: str, cast: Cast) -> Counter[tuple[str, str]]:
    """How often the narrator of a text says he (``m``) or she (``f``) of each person.

    Only sentences that name one person, and begin with the name, count.
    """
    made: Counter[tuple[str, str]] = Counter()
    narrated = told(text)
    # Old texts say 他 of women too.
    is_modern = "她" in narrated
    found = [m for m in cast.mentions(text) if m.who in cast.people and narrated[m.start] != BLANK]
    for at, each in enumerate(found):
        if narrated[each.end : each.end + 1] in ("'", "’", "的"):
            continue
        before = narrated[max(0, each.start - 6) : each.start].rstrip(" \u3000")
        if before and before[-1] not in '.!?。！？…\n，,；;\x00”」"':
            continue
        stop = _STOP.search(narrated, each.end)
        end = stop.start() if stop else len(narrated)
        others = [m for m in found[at + 1 : at + 4] if m.start < end and m.who != each.who]
        earlier = (
            at
            and found[at - 1].who != each.who
            and not _STOP.search(narrated, found[at - 1].end, each.start)
        )
        if others or earlier:
            continue
        same = _SAME.search(narrated, each.end, end)
        if same:
            said = same["e"] or same["self"] or same["z"] or same["zself"]
            if is_modern or said != "他":
                made[each.who, _SEX[said]] += 2
            continue
        after = _NEXT.match(narrated, each.end)
        if after and not any(
            m.start < after.end() and m.who != each.who for m in found[at + 1 : at + 4]
        ):
            said = (after["e"] or after["z"]).lower()
            if is_modern or said != "他":
                made[each.who, _SEX[said]] += 1
    return made


def decided(counted: Iterable[Counter[tuple[str, str]]]) -> tuple[dict[str, str], dict[str, str]]:
    """``m`` or ``f`` of each person for whom enough votes agree; and of each for whom any do, and none does not."""
    total: Counter[tuple[str, str]] = Counter()
    for each in counted:
        total.update(each)
    sure, likely = dict[str, str](), dict[str, str]()
    for (who, sex), times in total.items():
        all_votes = total[who, "m"] + total[who, "f"]
        if times >= _ENOUGH and times >= _AGREED * all_votes:
            sure[who] = sex
        if times == all_votes:
            likely[who] = sex
    return sure, likely
