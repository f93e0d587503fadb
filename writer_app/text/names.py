"""Which names of people and places a text has, as far as its spelling shows them."""

import re
from collections import Counter
from collections.abc import Iterator

_CAPITALISED = re.compile(r"[A-ZÀ-ÖØ-Þ][\w’'\-]*\w")
_JOINED = re.compile(r"[’'](?:s?|ll|d|m|ve|re)\Z")
_LOWER = re.compile(r"\b[a-z]{2,}\b")
#: Behind these a capital letter says nothing.
_BEGINNING = re.compile(
    r"(?:^|(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bDr)(?<!\bSt)\.|[!?…:;\n]|[“\"‘'(\[«—–])[\s*_#>+\-“”\"‘’'()\[\]]*\Z"
)
_NO_NAMES = frozenset(
    [
        "Mr",
        "Mrs",
        "Ms",
        "Miss",
        "Dr",
        "Sir",
        "Lady",
        "Lord",
        "Madam",
        "Mister",
        "Captain",
        "Colonel",
        "Professor",
        "Aunt",
        "Uncle",
        "Chapter",
        "English",
    ]
)
#: Whoever says something, in Chinese fiction: 黛玉笑道：
_SPEAKER = re.compile(
    r"(?:^|[，。！？；”」\n\u3000 ])([\u4e00-\u9fff]{2,3}?)"
    r"(?:[便忙也又因乃]?(?:[冷微含陪]?[笑哭泣叹怒喝问答回接]|点头)?[道说]道?|问|答道)[：，:]"
)
#: What stands there too and names nobody: how something is said, and who says it without a name.
_NO_NAME = re.compile(
    "[笑说问道听忙便又因见想叹向看头依都也众他我你含口回这那方先劝啐悄写拍咐如自]|人$|子$|们$|太[监爷]|先生|老尼|大夫|丫鬟"
)
#: So often a speaker must be named, for what stands before 道 may be any two characters.
_TWICE = 2


def names_in(text: str, known: frozenset[str] = frozenset()) -> list[str]:
    """Names in ``text`` in order: those that are ``known`` from elsewhere, and those it shows itself."""
    places: dict[str, int] = {}
    for name, start in _capitalised(text):
        if name in known or _shows_name(text, name, start):
            places.setdefault(name, start)
    # Where no spaces say what a word is, it is looked for everywhere.
    unspaced = ((name, text.find(name)) for name in known if not _CAPITALISED.match(name))
    places |= {name: start for name, start in unspaced if start >= 0}
    return sorted(places, key=places.__getitem__)


def names_of(manuscript: str) -> frozenset[str]:
    """The names that a whole manuscript shows; those of it that stand in a passage are names there too."""
    speakers = Counter(each for each in _SPEAKER.findall(manuscript) if not _NO_NAME.search(each))
    counted = Counter(
        name for name, start in _capitalised(manuscript) if _shows_name(manuscript, name, start)
    )
    plain = Counter(_LOWER.findall(manuscript)) if counted else Counter[str]()
    return frozenset(
        [
            name
            for name, times in counted.items()
            if times >= _TWICE and plain[name.lower()] <= times
        ]
        + [name for name, times in speakers.items() if times >= _TWICE]
    )


def _capitalised(text: str) -> Iterator[tuple[str, int]]:
    """Words with a capital letter, without what is joined to them (Tom’s, Tom’ll), and where they stand."""
    for word in _CAPITALISED.finditer(text):
        yield _JOINED.sub("", word[0]), word.start()


def _shows_name(text: str, word: str, start: int) -> bool:
    """Whether a capitalised word is a name: no sentence begins there, and it is no title or abbreviation."""
    if len(word) < 2 or word in _NO_NAMES or word.isupper():
        return False
    before = text[max(0, start - 12) : start]
    return bool(before) and not _BEGINNING.search(before)
