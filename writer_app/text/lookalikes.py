"""Names that look misspelt: one letter, or one Chinese character of the same sound or shape, away from a frequent name."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from writer_app.text.homophones import are_homophones

_TWO_PARTS = re.compile(r"[A-ZÀ-Þ][\w’'-]+ [A-ZÀ-Þ][\w’'-]+")
_WORD = re.compile(r"[A-ZÀ-Þ][a-zà-ÿ’'-]*[a-zà-ÿ]")
_LOWER = re.compile(r"\b[a-zà-ÿ]{4,}\b")
_OWNED = re.compile(r"[’'](?:s|ll|d|m|ve|re)?\Z")
#: A right name stands so often, a wrong one so seldom.
_OFTEN, _SELDOM, _TIMES = 3, 2, 3
#: A name that the bible has need stand but so often where only one sign of the same sound is wrong.
_ONCE = 2
_SHORTEST = 5
#: Words of one sign that stand beside half a name.
_NO_NAMES = frozenset("这那把被对向和与跟同给让叫是在的了也都就又便却说道问见听请问着到来去")
#: Words of so many letters are hardly one letter from another name.
_LONG = 8
#: Given names of so many letters are the same name, written in another way.
_SPOKEN = 8
#: Letters that are taken for one another.
_SOUNDS = tuple(map(frozenset, ("aeiouy", "cksqz", "mn", "dt", "bp", "fv", "gj", "vw", "lr")))
#: Given names that stand one letter from another one: people, not mistakes.
_GIVEN_WORDS = (
    "Anna Anne Annie Hanna Hannah Maria Marie Mario Marta Martha Marina Marian Marion Maris Erica Erika Ellen Helen "
    "Elena Helena Elisa Elise Eliza Alice Alicia Clara Clare Claire Carla Carlo Carol Laura Lauren Lara Julia Julie "
    "Juliet Julian Juliana Emma Emily Emilia Emilie Harry Henry Harvey Peter Petra Jane Janet Janey Jenny Jennie Kate "
    "Katie Kathy Cathy Karen Karin Karl Carl Sara Sarah Susan Susana Diana Diane Dianne Daniel Daniela Danielle "
    "Michael Michaela Michel Michelle Paul Paula Pauline Robert Roberta Roberto Louis Louise Luisa Luis Lewis Frances "
    "Francis Franco Frank Gabriel Gabriela Martin Martina Simon Simone Steven Stephen Stefan Tomas Thomas Victor "
    "Victoria Viktor William Willem Eleanor Elinor Leonor Lizzy Lizzie Billy Willy Bobby Betty Bessy Patsy Nancy "
    "Fanny Jimmy Tommy Johnny Charles Charley Charlie Andrew Andrea Andreas Philip Phillip Felix Felicia Roland "
    "Ronald Donald Harold Gerald Jerome Marcus Markus Marcia Lydia Livia Olivia Oliver Nadia Nadja Tania Tanya Sonia "
    "Sonya Katherine Catherine Kathleen Isabel Isabella Isobel Georgia Georgie George Christina Christine Christian "
    "Kristina Adrian Adrienne Bryan Brian Aaron Caren Corin Colin Collin Conrad Konrad Rosie Rosa Rose Jason Jacob "
    "Jakob Nicola Nicole Nicholas Nikolas Evelyn Eveline Marla Darla Stella Della Bella Ella Elias Ellis Allan Allen "
    "Alan Glenn Gwen Terry Jerry Perry Gerry Kerry Larry Barry Garry Mandy Sandy Randy Andy Candy Molly Polly Holly "
    "Dolly Hollie"
)
_GIVEN = frozenset(_GIVEN_WORDS.split())


class Lookalike(NamedTuple):
    """A word that is a name but for one letter.

    Attributes:
        right: The name.
        start: Code points in the text; ``end`` is behind it.
    """

    right: str
    start: int
    end: int


class Spelling:
    """The words of a whole manuscript, by which names are told from mistakes.

    Args:
        texts: Every scene.
        names: All names that are right.
    """

    def __init__(self, texts: Collection[str], names: Collection[str]) -> None:
        self._words: Counter[str] = Counter()
        plain: set[str] = set()
        for text in texts:
            self._words.update(_OWNED.sub("", word) for word in _WORD.findall(text))
            plain.update(_LOWER.findall(text))
        known = {part for name in names for part in re.findall(r"[\w’'-]+", name)}
        frequent = [
            part
            for part in known
            if part.isascii()
            and part[:1].isupper()
            and len(part) >= _SHORTEST
            and self._words[part] >= _ONCE
        ]
        near: defaultdict[str, set[str]] = defaultdict(set)
        for part in frequent:
            for key in _deletions(part.lower()):
                near[key].add(part)
        self._wrong = {
            word: right
            for word, times in self._words.items()
            if times <= _SELDOM
            and len(word) >= _SHORTEST - 1
            and word not in known
            and (len(word) >= _SPOKEN or word not in _GIVEN)
            and word.lower() not in plain
            for right in [self._right(word, times, near)]
            if right and (self._words[right] >= _OFTEN or not _beside(right, word, texts))
        }
        given = texts, names, self._words, known
        self._whole = _in_whole_names(*given) + _titled(*given)
        self._chinese = _ChineseNames(texts, names)

    def _right(self, word: str, times: int, near: dict[str, set[str]]) -> str:
        close = {name for key in _deletions(word.lower()) for name in near.get(key, ())}
        close = {
            name
            for name in close
            if _is_slip(name, word)
            and self._words[name]
            >= (_ONCE if _is_once(name, times) else max(_OFTEN, _TIMES * times))
        }
        return next(iter(close)) if len(close) == 1 else ""

    def wrong_in(self, text: str) -> Iterator[Lookalike]:
        """What looks misspelt in ``text``."""
        if self._wrong:
            for found in _WORD.finditer(text):
                word = _OWNED.sub("", found[0])
                if word in self._wrong:
                    yield Lookalike(self._wrong[word], found.start(), found.start() + len(word))
        for pattern, right in self._whole:
            for whole in pattern.finditer(text):
                if whole["wrong"] not in self._wrong:
                    yield Lookalike(right, *whole.span("wrong"))
        yield from self._chinese.wrong_in(text)


def _titled(
    texts: Collection[str], names: Collection[str], words: Mapping[str, int], known: Collection[str]
) -> list[tuple[re.Pattern[str], str]]:
    """Names behind their titles that sound as the right one does: Sergeant Dunmoor, Father Keene."""
    made: list[tuple[re.Pattern[str], str]] = []
    for name in names:
        title, _, last = name.rpartition(" ")
        if not _WORD.fullmatch(last) or not title or words.get(last, 0) < _ONCE:
            continue
        for word, times in words.items():
            near = abs(len(word) - len(last)) <= 1 and word[0] == last[0] and word not in known
            if times == 1 and near and _sounds(word) == _sounds(last) and word != last:
                said = re.compile(
                    rf"\b{re.escape(title)} (?P<wrong>{re.escape(word)})\b(?![’']?s\b)"
                )
                is_plural = {word, last} == {min(word, last), min(word, last) + "s"}
                if not is_plural and not _beside(last, word, texts):
                    made.append((said, last))
    return made


def _sounds(word: str) -> str:
    """What of a name is hard to mishear: its consonants, doubled ones once, without h, and where vowels stand."""
    plain = re.sub(r"(.)\1+", r"\1", re.sub("(?<=.)[hw]", "", word.lower()).replace("ck", "k"))
    return re.sub("[aeiouy]+", "a", plain).rstrip("a") or plain


def _in_whole_names(
    texts: Collection[str], names: Collection[str], words: Mapping[str, int], known: Collection[str]
) -> list[tuple[re.Pattern[str], str]]:
    """Names of two parts of which one is right and the other one slip away: Honora Vale, Honoria Vail."""
    whole = [name.split() for name in names if _TWO_PARTS.fullmatch(name)]
    near: defaultdict[str, set[str]] = defaultdict(set)
    for part in {part for parts in whole for part in parts if len(part) >= _SHORTEST - 1}:
        for key in _deletions(part.lower()) if words.get(part) else ():
            near[key].add(part)
    slips: defaultdict[str, list[str]] = defaultdict(list)
    for word, times in words.items():
        if times <= _SELDOM and word not in known and word not in _GIVEN:
            for part in {part for key in _deletions(word.lower()) for part in near.get(key, ())}:
                slips[part].append(word)
    made: list[tuple[re.Pattern[str], str]] = []
    for first, last in whole:
        for right, other, text in ((first, last, "{} {}"), (last, first, "{1} {0}")):
            for word in slips.get(right, ()):
                # Whoever has the first name in common is hardly of another family one letter away.
                is_slip = _is_slip(right, word, is_sure=right == last)
                if is_slip and not _beside(right, word, texts):
                    said = text.format(f"(?P<wrong>{re.escape(word)})", re.escape(other))
                    made.append((re.compile(rf"\b{said}\b"), right))
    return made


def _is_once(name: str, times: int) -> bool:
    """Whether a name is so long, and what looks like it so rare, that two right ones are enough."""
    return times == 1 and len(name) > _SHORTEST


def _deletions(word: str) -> set[str]:
    """The word, and all that it becomes when a letter is left out."""
    return {word} | {word[:at] + word[at + 1 :] for at in range(len(word))}


def _is_slip(name: str, word: str, *, is_sure: bool = False) -> bool:
    """Whether one slip makes ``word`` of ``name``, and no ending or other first letter does."""
    a, b = name.lower(), word.lower()
    if a == b or a[0] != b[0] or abs(len(a) - len(b)) > 1:
        return False
    # Bennets, Annie, Maria and Marie: another form of the name, or another person's.
    if a[:-1] in (b, b[:-1]) or a == b[:-1]:
        return False
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    x, y = a[start:], b[start:]
    if x[1:] == y[1:]:
        # Wilson and Wilton are two names; a slip puts like for like, or stands in a long word.
        return is_sure or len(a) >= _LONG or any({x[0], y[0]} <= each for each in _SOUNDS)
    return x[1:] == y or x == y[1:] or (x[:2] == y[1::-1] and x[2:] == y[2:])


class _ChineseNames:
    """Names of three or four characters of which one is another one of its sound or shape."""

    def __init__(self, texts: Collection[str], names: Collection[str]) -> None:
        whole = [name for name in names if re.fullmatch("[\u4e00-\u9fff]{3,4}", name)]
        patterns = {
            name: re.compile(
                "|".join(f"{name[:at]}[^\\W{each}]{name[at + 1 :]}" for at, each in enumerate(name))
            )
            for name in whole
        }
        known = set(names)
        self._wrong: dict[str, str] = {}
        for name, pattern in patterns.items():
            right = sum(text.count(name) for text in texts)
            if right < _ONCE:
                continue
            near = Counter(found for text in texts for found in pattern.findall(text))
            for word, times in near.items():
                if any(other in word for other in known) or not _NO_NAMES.isdisjoint(
                    set(word) - set(name)
                ):
                    continue
                is_rare = times <= _SELDOM and right >= max(_OFTEN, _TIMES * times)
                is_rare = is_rare and _alike(name, word)
                if is_rare or (times == 1 and _is_homophone(name, word, texts)):
                    self._wrong[word] = name
        self._pattern = re.compile("|".join(map(re.escape, self._wrong))) if self._wrong else None

    def wrong_in(self, text: str) -> Iterator[Lookalike]:
        for found in self._pattern.finditer(text) if self._pattern else ():
            yield Lookalike(self._wrong[found[0]], *found.span())


def _alike(name: str, word: str) -> bool:
    pairs = [(a, b) for a, b in zip(name, word, strict=True) if a != b]
    return len(pairs) == 1 and (_same_sound(*pairs[0]) or _same_shape(*pairs[0]))


def _is_homophone(name: str, word: str, texts: Collection[str]) -> bool:
    """Whether ``word`` is ``name`` but for a sign of the same sound, and is nowhere beside it as another person is."""
    pairs = [(a, b) for a, b in zip(name, word, strict=True) if a != b]
    return len(pairs) == 1 and are_homophones(*pairs[0]) and not _beside(name, word, texts)


def _beside(name: str, word: str, texts: Collection[str]) -> bool:
    """Whether one paragraph has both."""
    return any(
        name in line for text in texts if word in text for line in text.split("\n") if word in line
    )


def _same_sound(one: str, other: str) -> bool:
    """GB 2312 orders its frequent characters by their sound, so neighbours there sound alike."""
    a, b = _sound(one), _sound(other)
    return bool(a and b) and abs(a - b) <= 10


def _sound(character: str) -> int:
    """The place of a character in the part of GB 2312 that is ordered by sound, from 1; 0 for others."""
    try:
        high, low = character.encode("gb2312")
    except (UnicodeEncodeError, ValueError):
        return 0
    place = (high - 0xB0) * 94 + low - 0xA0
    return place if 0 < place <= 3755 else 0


def _same_shape(one: str, other: str) -> bool:
    """Unicode orders characters by their radical and then by strokes, so close neighbours look alike."""
    return abs(ord(one) - ord(other)) <= 3
