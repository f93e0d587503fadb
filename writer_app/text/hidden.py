"""Characters that cannot be seen and have no business where they stand.

Some turn the direction of writing, so that a reader sees another order than a machine; some spell a message
that only a machine reads. Others look the same and are needed: the joiner in a family emoji or in Hindi, the
non-joiner in Persian, the marks of direction in Arabic and Hebrew, a flag's tags, the variant of a 汉字. So a
character counts as hidden by its neighbours too. Nothing here changes a text that nobody asked to change.
"""

import re
from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """What a hidden character does."""

    BIDI = "bidi"  # overrides, embeds or isolates the direction of writing
    TAG = "tag"  # letters that are never shown
    INVISIBLE = "invisible"  # takes no room, and is of no use where it stands
    CONTROL = "control"  # meant for machines
    SOFT_HYPHEN = "soft hyphen"  # often wanted: counted, never taken away


class Hidden(NamedTuple):
    """A stretch of hidden characters of one kind, half-open, in code points."""

    start: int
    end: int
    kind: Kind


_BIDI = "\u202a-\u202e\u2066-\u2069"
_TAGS = "\U000e0000-\U000e007f"
_CONTROLS = "\0-\x08\x0b-\x1f\x7f-\x9f"
_SELECTORS = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
_JOINERS = "\u180e\u200b-\u200d"
#: The last two ranges are letters of nothing yet, between and behind those of tags and variants.
_NEVER_SEEN = (
    "\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb"
    "\U000e0080-\U000e00ff\U000e01f0-\U000e0fff"
)
_CLASS = f"[{_BIDI}{_TAGS}{_CONTROLS}{_SELECTORS}{_JOINERS}{_NEVER_SEEN}\u00ad]"

#: Scripts whose letters take other forms beside a (non-)joiner, and those that divide words by U+200B.
_JOINING = (
    "\u0600-\u08ff\u0900-\u109f\u1780-\u18af\u1a20-\u1cff\ua800-\uabff\ufb50-\ufdff\ufe70-\ufefc"
)
_SPACELESS = "\u0e00-\u109f\u1780-\u17ff\u1950-\u1aaf"
#: Not all of these are emoji; a joiner between two of the others hides nothing worth a word.
_EMOJI = "\u00a9\u00ae\u203c-\u2049\u2139-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"

#: Characters without variants: of ASCII all but those of keycap emoji, alphabets, and white space. A selector
#: behind each of their letters would spell a message, a byte a letter.
_INVARIANT = r"\s!-\"$-)+-/:-~\u00c0-\u0fff\u10a0-\u1fff"

#: One class first: it finds what may be hidden in a book in some 10 ms; only there the rest is asked.
_SOME = re.compile(
    f"{_CLASS}{_CLASS}*"
)  # not "+": the engine looks ahead for a class only where it stands first
_NEEDED = re.compile(
    f"(?<=[{_JOINING}])[\u180e\u200c\u200d](?!{_CLASS})|(?<!{_CLASS})[\u180e\u200c\u200d](?=[{_JOINING}])"
    f"|(?<=[{_SPACELESS}])\u200b(?!{_CLASS})|(?<!{_CLASS})\u200b(?=[{_SPACELESS}])"
    f"|(?<=[{_EMOJI}\ufe0f])\u200d(?=[{_EMOJI}])"
    "|(?<=\U0001f3f4)[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,7}\U000e007f"
    f"|(?<![{_SELECTORS}{_INVARIANT}])[{_SELECTORS}]"
)
_PARTS = re.compile(
    f"(?P<needed>{_NEEDED.pattern})|(?P<BIDI>[{_BIDI}]+)|(?P<CONTROL>[{_CONTROLS}]+)|(?P<TAG>[{_TAGS}]+)"
    f"|(?P<SOFT_HYPHEN>\u00ad+)|(?P<INVISIBLE>[{_SELECTORS}]+|[{_JOINERS}{_NEVER_SEEN}])"
)
#: Characters of an unfinished flag or family that are waited for; more of them are no such thing.
_LONGEST_HELD = 32


def hidden(text: str, start: int = 0, end: int | None = None) -> list[Hidden]:
    """What is hidden in ``text[start:end]``, in order; what stands around it is looked at too."""
    found: list[Hidden] = []
    for run in _SOME.finditer(text, start, len(text) if end is None else end):
        # Not with the run's own end as a limit: what stands behind it decides too.
        at = run.start()
        while at < run.end() and (part := _PARTS.match(text, at)):
            at = part.end()
            if part.lastgroup == "needed":
                continue
            kind = Kind[part.lastgroup or ""]
            if found and found[-1].end == part.start() and found[-1].kind is kind:
                found[-1] = Hidden(found[-1].start, at, kind)
            else:
                found.append(Hidden(part.start(), at, kind))
    return found


def objectionable(text: str, start: int = 0, end: int | None = None) -> list[Hidden]:
    """As :func:`hidden`, without what is often wanted."""
    return [each for each in hidden(text, start, end) if each.kind is not Kind.SOFT_HYPHEN]


def suspects(text: str) -> Iterator[tuple[int, int]]:
    """Stretches of what may be hidden, needed or not: told without a look at what stands around it."""
    return (found.span() for found in _SOME.finditer(text))


def tally(found: list[Hidden]) -> Counter[Kind]:
    """How many characters of each kind."""
    counted: Counter[Kind] = Counter()
    for each in found:
        counted[each.kind] += each.end - each.start
    return counted


def without(text: str) -> str:
    """``text`` without the characters that are :func:`objectionable`."""
    pieces, at = [], 0
    for start, end, _kind in objectionable(text):
        pieces.append(text[at:start])
        at = end
    return "".join((*pieces, text[at:])) if pieces else text


def revealed(text: str) -> str:
    """``text`` on one line, every character that cannot be seen or that turns others as ``⟨U+202E⟩``."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        letter if letter.isprintable() and letter not in _UNSEEN else _numbers(letter)
        for letter in text
    )


def spelt(text: str) -> str:
    """``text`` for a line of a terminal: what would steer it, end the line, or hide is shown as ``⟨U+001B⟩``."""
    pieces, at = [], 0
    for start, end, _kind in objectionable(text):
        pieces += [text[at:start], _numbers(text[start:end])]
        at = end
    return _ENDS.sub(lambda found: _numbers(found[0]), "".join((*pieces, text[at:])))


def _numbers(letters: str) -> str:
    return "".join(f"⟨U+{ord(letter):04X}⟩" for letter in letters)


_ENDS = re.compile("[\t\n\u2028\u2029]")
#: Printable by Python's book, and yet unseen.
_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | frozenset(
    map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))
)


class Strainer:
    """Takes a text in pieces, cut anywhere, and lets through what is not hidden.

    Whether a joiner or a tag is needed is known only with what follows it; so those at the end are held back.
    """

    def __init__(self) -> None:
        self._before = ""  # the last character let through, which decides about the next ones
        self._held = ""

    def feed(self, piece: str) -> str:
        """More of the text; what of it is certain."""
        text = self._held + piece
        waiting = _SOME.match(text[::-1])
        end = len(text) - (waiting.end() if waiting else 0)
        self._held = text[end : end + _LONGEST_HELD]
        return self._let_through(text[:end])

    def finish(self) -> str:
        """The text ends here; what of the rest may stay."""
        text, self._held = self._held, ""
        return self._let_through(text)

    def _let_through(self, text: str) -> str:
        passed = without(self._before + text)[len(self._before) :]
        self._before = text[-1:] or self._before
        return passed
