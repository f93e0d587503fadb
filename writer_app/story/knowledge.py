"""Who says or knows what they have not learnt yet: facts of the bible with ``known_by``, and the words of the text.

A fact is recognised by all of its words that carry meaning, in one sentence that is said or thought, and by nothing
less: how people talk around a thing is not for code to judge.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from writer_app.story.bible import Entry, Kind
from writer_app.story.evidence import Place
from writer_app.story.known import Reader
from writer_app.story.tree import Item
from writer_app.text.cast import Cast
from writer_app.text.narration import told

_SPEECH = re.compile(r"“([^“”\n]*)”|「([^「」\n]*)」|\"([^\"\n]*)\"")
_SENTENCE = re.compile(r"[^.!?。！？…\n]+[.!?。！？…]*")
_SPOKE = (
    r"(?:said|asked|replied|answered|cried|shouted|whispered|murmured|muttered|added|exclaimed|called|snapped|agreed|continued|told|says"
    r"|whispers|replies)"
)
_UNSURE = re.compile(
    r"(?i)\b(?:if|whether|perhaps|maybe|might|could|would|suppose|suspect\w*|guess\w*|wonder\w*|think|thought|believe|imagine|rumou?r\w*|they say|joke|joking"
    r"|lie|lied|lying|pretend|bet|dream\w*|not|never|no|who|what|did you know|say|says|said|told|according)\b|n[’']t\b|\?|？|如果|要是|也许|大概|可能|难道|莫非|若|倘|就算|哪怕|岂|怎|都说|有人说|猜|怀疑|听说|据说|假如|吗|是不是|会不会|没|不|谁|什么|骗|撒谎|玩笑|梦"
)
_KNEW = re.compile(
    r"(?i)\b(?:knew|knows|was aware|understood|had learn(?:ed|t))\b|知道|明白|清楚|晓得"
)
#: Somebody hears of something for the first time.
_SURPRISED = re.compile(
    r"(?i)\b(?:I had no idea|(?:why|how) (?:did|has|have) (?:nobody|no one|no-one|none of you|you never|you not)(?: ever)? (?:tell|told)|(?:nobody|no one|you) (?:ever |never )(?:told|tell) me|why did(?:n[’']t| you not)(?: you| anyone)? tell me"
    r"|(?:this is|it[’']s) the first I[’']ve heard|I never knew|I did(?:n[’']t| not) know (?:that|a thing|anything)[.!?])"
    "|怎么[^，。？！]{0,6}不(?:知道|晓得|告诉)|(?:从来|从)没[有]?(?:听说|人告诉)|头一回听说|第一次听说|才知道|都瞒着我|为什么(?:不|没)告诉我|一点(?:儿)?(?:都|也)不知道"
)
#: So many code points before it tell what was new.
_NEWS = 260
#: A word that stands in more scenes than this is nothing by which one would know a secret.
_RARE = 4
_ASKED = re.compile(
    r"(?i)\b(?:if|whether|perhaps|maybe|suppose|guess|wonder\w*|suspect\w*|might|could)\b|[?？]|如果|要是|也许|大概|可能|难道|猜|怀疑|是不是|会不会"
)
#: So many words in common are no accident.
_ENOUGH = 2
_STOP_WORDS = (
    "the a an is are was were be been being of to in on at by for with from and or but that this it its his her their "
    "he she they him them i you my your has had have do does did will who which as into there here not secretly "
    "really actually still own one very truly also beneath under behind inside beside hidden hides hid hide lies lie "
    "kept him me us them"
)
_STOP = frozenset(_STOP_WORDS.split())
_STOP_HAN = frozenset("的了是在着也就都和与及而其之已有被把这那他她它我你们个")
_CODE = re.compile(r"(?<![\d.,])\d{3,12}(?![\d.,]*\d)")
#: Somebody was told a number, or found or guessed it.
_NUMBER_TOLD = re.compile(
    r"(?i)\b(?:told|gave|given|learn\w*|shown|showed|guess\w*|found|wrote|written|watched|whisper\w*|remember\w*)\b[^.!?\n]{0,60}\b(?:numbers?|code|combination|digits|password)\b"
    "|(?:告诉|说了|给了|写[给着了]|问出|猜|记[得住下]|想起|偷看|看[见到]|背[得下出])[^。！？\n]{0,20}(?:密码|数字|号码|口令)"
)
_KEYED_IN = (
    r"\b(?:pressed|typed|dial+ed|entered|keyed|punched|tapped|put|spun|turned the dial to|set the (?:dial|lock|dials) to)(?: in| out)?(?: the)?"
    r"(?: code| number| combination| numbers| digits| keys)?[,:]? |(?:按下|按出|按了|输入|输了|键入|敲下|敲了|打下|拨到|拨了|拨出|转到|对准)了?(?:密码|数字|号码)?[：，]?"
)
_PRONOUN = re.compile(r"(?i)\b(?:I|me|my|you|your|he|him|his|she|her)\b|[我你他她]")


class Leak(NamedTuple):
    """Somebody says or knows a fact too early.

    Attributes:
        who: Id of the character.
        scene: Id of the item; ``start`` and ``end`` are code points in its text.
        fact: The bible's words.
    """

    who: str
    scene: str
    start: int
    end: int
    fact: str


class _Secret(NamedTuple):
    """A fact that not everybody knows, with the position from which on each knows it."""

    text: str
    names: tuple[tuple[str, ...], ...]
    words: frozenset[str]
    known: dict[str, int]

    def is_in(self, said: str) -> bool:
        """Whether a sentence says it; one name may be a pronoun there."""
        told = _content(said)
        shared = len(self.words & told)
        # Of three words that carry meaning, one may be another one.
        if shared < len(self.words) and (shared < 2 or shared * 3 < len(self.words) * 2):
            return False
        missing = sum(not any(name in said for name in names) for names in self.names)
        return missing == 0 or (missing == 1 and bool(_PRONOUN.search(said)))


def leaks(
    scenes: Sequence[Item],
    at: Mapping[str, int],
    texts: Mapping[str, str],
    entries: Mapping[str, Entry],
    reader: Reader,
) -> Iterator[Leak]:
    """All of them, in reading order.

    Args:
        scenes: Of the manuscript, in order.
        at: The position of each, by id.
        texts: Of each scene, by id.
        entries: The bible.
        reader: Knows where the scenes stand that facts name.
    """
    known = _secrets(entries, reader)
    if not known:
        return
    cast = reader.cast
    for item in scenes:
        for who, start, said in _uttered(texts[item.id], cast):
            if _UNSURE.search(said):
                continue
            for secret in known:
                knows = min(
                    secret.known.get(who, reader.last + 1), secret.known.get("", reader.last + 1)
                )
                if at[item.id] < knows and secret.is_in(said):
                    yield Leak(who, item.id, start, start + len(said), secret.text)


def surprises(
    scenes: Sequence[Item], texts: Mapping[str, str], cast: Cast
) -> Iterator[tuple[Leak, Place]]:
    """Who speaks of what is news to them in a later scene; with where they say so.

    Args:
        scenes: Of the manuscript, in order.
        texts: Of each scene, by id.
        cast: Whom they name.
    """
    heard: list[tuple[str, Item, int, int, set[str]]] = []
    for item in scenes:
        text = texts[item.id]
        if not _SURPRISED.search(text):
            continue
        for who, start, said in _uttered(text, cast, by_beat=True):
            if _SURPRISED.search(said):
                news = _content(text[max(0, start - _NEWS) : start])
                heard.append((who, item, start, start + len(said), news))
    if not heard:
        return
    stands = Counter(word for item in scenes for word in _content(texts[item.id]))
    seen: set[tuple[str, str]] = set()
    for at, earlier in enumerate(scenes):
        later = [each for each in heard if each[1] in scenes[at + 1 :]]
        uttered = _uttered(texts[earlier.id], cast, by_beat=True) if later else ()
        for speaker, place, said in uttered:
            for who, item, start, end, news in later:
                shared = [w for w in _content(said) & news if stands[w] <= _RARE]
                is_same = speaker == who and len(shared) >= _ENOUGH and (who, item.id) not in seen
                if is_same and not _ASKED.search(said):
                    seen.add((who, item.id))
                    yield (
                        Leak(who, earlier.id, place, place + len(said), ""),
                        Place(item.id, start, end),
                    )


def codes(
    scenes: Sequence[Item],
    at: Mapping[str, int],
    texts: Mapping[str, str],
    entries: Mapping[str, Entry],
    reader: Reader,
) -> Iterator[Leak]:
    """Who keys in a secret number that no scene has told them; arguments as of :func:`leaks`."""
    known = [(s, code) for s in _secrets(entries, reader) for code in _CODE.findall(s.text)]
    for secret, code in known:
        keyed = re.compile(rf"(?:{_KEYED_IN})(?P<code>{code})(?!\d)")
        for item in scenes:
            text = texts[item.id]
            if code not in text:
                continue
            found = keyed.search(told(text))
            # Whoever saw or heard it before may know it.
            if found is None or code in text[: found.start("code")]:
                break
            earlier = "\n".join(texts[other.id] for other in scenes if at[other.id] < at[item.id])
            if _NUMBER_TOLD.search(earlier) or _NUMBER_TOLD.search(text, 0, found.start()):
                break
            sentence = _last_sentence(text, found.start())
            people = {m.who for m in reader.cast.mentions(sentence) if m.who in reader.cast.people}
            if len(people) == 1:
                who = people.pop()
                never = reader.last + 1
                if at[item.id] < min(secret.known.get(who, never), secret.known.get("", never)):
                    yield Leak(who, item.id, found.start(), found.end(), secret.text)
            break


def _last_sentence(text: str, end: int) -> str:
    """What stands in a text before ``end`` of the sentence there."""
    return re.split(r"[.!?。！？…\n]", text[:end])[-1]


def _secrets(entries: Mapping[str, Entry], reader: Reader) -> list[_Secret]:
    gathered: defaultdict[str, dict[str, int]] = defaultdict(dict)
    owners: dict[str, str] = {}
    hidden: set[str] = set()
    for entry in entries.values():
        for fact in entry.facts:
            text = fact.text or f"{fact.attribute} {fact.value}".strip()
            if text and (fact.known_by or fact.text):
                begins = reader.position(fact.since, 0)
                for who in fact.known_by or ("",):
                    gathered[text][who] = min(begins, gathered[text].get(who, begins))
                owners.setdefault(text, entry.id)
                if fact.known_by:
                    hidden.add(text)
    made: list[_Secret] = []
    for text in sorted(hidden):
        owner = entries[owners[text]]
        named = [e.names for e in entries.values() if any(n in text for n in e.names)]
        if owner.kind is Kind.CHARACTER and not named and _PRONOUN.search(text):
            named.append(owner.names)
        rest = text
        for name in sorted((n for names in named for n in names), key=len, reverse=True):
            rest = rest.replace(name, " ")
        words = frozenset(_content(rest))
        if words and len(words) + len(named) >= 2:
            made.append(_Secret(text, tuple(named), words, gathered[text]))
    return made


def _content(text: str) -> set[str]:
    """The words that carry meaning: stems in English, pairs of characters in Chinese."""
    words = {_stem(w) for w in re.findall(r"[a-z]+", text.lower()) if w not in _STOP and len(w) > 1}
    han = re.findall("[\u4e00-\u9fff]+", text)
    kept = ["".join(c for c in run if c not in _STOP_HAN) for run in han]
    return words | {run[i : i + 2] for run in kept for i in range(len(run) - 1)}


def _stem(word: str) -> str:
    for ending in ("ing", "ies", "ed", "es", "s", "er", "y"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


def _uttered(text: str, cast: Cast, *, by_beat: bool = False) -> Iterator[tuple[str, int, str]]:
    """Each sentence that a known person plainly says or knows, and where it stands.

    ``by_beat``: whoever alone is named beside what is quoted says it: “No.” Anna shut the box.
    """
    place = 0
    for line in text.split("\n"):
        spoken = list(_SPEECH.finditer(line))
        if spoken:
            who = _speaker(line, spoken, cast) or (_beside(line, spoken, cast) if by_beat else "")
            for each in spoken if who else ():
                group = next(g for g in (1, 2, 3) if each[g] is not None)
                for said in _SENTENCE.finditer(each[group]):
                    yield who, place + each.start(group) + said.start(), said[0]
        elif _KNEW.search(line):
            for said in _SENTENCE.finditer(line):
                knew = _KNEW.search(said[0])
                people = [m for m in cast.mentions(said[0]) if m.who in cast.people]
                if knew and people and people[0].end <= knew.start() <= people[0].end + 12:
                    yield people[0].who, place + said.start(), said[0]
        place += len(line) + 1


def _beside(line: str, spoken: Sequence[re.Match[str]], cast: Cast) -> str:
    """The only one whom a line names outside of what is quoted; empty for nobody and for several."""
    outside = [
        m.who
        for m in cast.mentions(line)
        if m.who in cast.people and not any(s.start() <= m.start < s.end() for s in spoken)
    ]
    return outside[0] if len(set(outside)) == 1 else ""


def _speaker(line: str, spoken: Sequence[re.Match[str]], cast: Cast) -> str:
    """Who says what is quoted in a line; empty where that is not plain."""
    told = line
    for each in spoken:
        told = told[: each.start()] + "”" * (each.end() - each.start()) + told[each.end() :]
    found = set[str]()
    for mention in cast.mentions(told):
        if mention.who not in cast.people:
            continue
        before, after = (
            told[max(0, mention.start - 14) : mention.start],
            told[mention.end : mention.end + 22],
        )
        is_said = (
            re.search(rf"”,? ?{_SPOKE} \Z", before)
            or re.match(rf" (?:\w+ly )?{_SPOKE}\b", after)
            or re.match(r"[^，。；”]{0,8}[说道问答喊叫][：，:,]?”", after)
            or (before.endswith("”") and re.match("[^，。；”]{0,6}[说道问答喊叫]", after))
        )
        if is_said:
            found.add(mention.who)
    return found.pop() if len(found) == 1 else ""
