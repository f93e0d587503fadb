r"""Phrases and patterns that an answer must not contain: which are complete, and what text must wait.

The loop that writes goes back to where a hit starts, forbids the token that stands there and draws
again. All matches under way are followed side by side (:mod:`~writer_app.engine.pattern`), so only text
that still is the beginning of a match is held back. Offsets and lengths are Unicode code points.
"""

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from writer_app.engine.pattern import LONGEST, Automaton, State, closure, refused
from writer_app.errors import N_
from writer_app.text.hidden import suspects

#: Characters before the answer that are looked at: a match may begin there. Double, as phrases match
#: white space of any length.
_REACH = 2 * LONGEST
#: Where the ten likeliest tokens are forbidden, what is left is worse than the phrase.
_HITS_PER_PLACE = 10
#: A hit throws away about three tokens, so this costs as much as one or two more answers.
_HITS_PER_ANSWER = 100

_QUOTES = str.maketrans("“”„‟‘’‚‛", "\"\"\"\"''''")
# Scripts without spaces, and Korean, whose words carry their particles. Variation selectors belong to
# an emoji, not to the word behind it.
_NO_WORDS = re.compile(
    "[\u0e00-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\ua4cf\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff"
    "\ufe00-\ufe0f\uff66-\uffdc\U0001b000-\U0001b16f\U00020000-\U0003ffff]"
)


def _fold(character: str) -> str:
    """What is left when case, composition, kind of quote and kind of white space do not count."""
    if character.isspace():
        return " "
    decomposed = unicodedata.normalize("NFD", character.translate(_QUOTES))
    return unicodedata.normalize("NFD", decomposed.casefold())


def _in_word(character: str) -> bool:
    if not character or _NO_WORDS.match(character):
        return False
    return unicodedata.category(character)[0] in "LNM"


def _between_words(before: str, after: str | None) -> bool:
    """Whether a phrase may begin or end here (a guard, as a pattern has them)."""
    return not _in_word(before) or (after is not None and not _in_word(after))


class Thread(NamedTuple):
    """A match under way: its start, as much of a phrase as it has (or ``None``), a pattern's states."""

    start: int
    phrase: str | None
    states: frozenset[State]


class Bans:
    r"""What must not be written.

    An entry ``/.../`` is a regular expression: it ignores case, ``^`` and ``$`` are the ends of a line.
    Any other entry is a phrase: it ignores case, matches any run of white space for white space, curly
    quotes for straight ones, and neither begins nor ends inside a word. Scripts without word boundaries
    (Chinese, Japanese, Korean, Thai and their neighbours) match anywhere. A blank entry bans nothing.

    Raises:
        BadBan: A phrase is longer than 200 characters; or a pattern is not valid, matches the
            empty text, may match more than 200 characters or has more than 10,000 states, or uses
            look-around, backreferences, ``\A``, ``\Z``, possessive repeats or flags for a part.
    """

    def __init__(self, entries: Sequence[str]) -> None:
        self._entries: dict[str, str] = {}
        starts = []
        for entry in entries:
            if len(entry) > 2 and entry[0] == entry[-1] == "/":
                starts.append(Automaton(entry).start)
                continue
            phrase = " ".join("".join(map(_fold, entry)).split())
            if len(phrase) > LONGEST:
                raise refused(entry, N_("it is longer than 200 characters"))
            if phrase:
                self._entries.setdefault(phrase, entry)
        # In order, phrases that begin alike stand together: one look-up, however many there are.
        self._phrases = sorted(self._entries)
        self._starts = frozenset(starts)

    def step(
        self, threads: Iterable[Thread], before: str, char: str, at: int
    ) -> tuple[Thread, ...]:
        """What becomes of ``threads`` with ``char``, and of a new one that starts ``at`` it."""
        moved = []
        taken: set[State] = set()
        # What cannot be seen, and may be taken out before anybody reads the answer, is in nothing's way.
        unseen = next(suspects(char), None) is not None
        new = Thread(at, "" if _between_words(before, char) else None, self._starts)
        for start, phrase, states in (*threads, new):
            longer = None if phrase is None else self._longer(phrase, char)
            here = closure(states, before, char)
            read = [then for s in here if s.test and s.test(char) for then in s.then]
            # Of threads in the same state only the first is kept: all would end at the same place.
            if unseen and start < at:
                longer = longer or phrase
                read += states
            kept = closure(read, char, None) - taken
            taken |= kept
            if longer is not None or kept:
                moved.append(Thread(start, longer, frozenset(kept)))
        return tuple(moved)

    def ended(self, thread: Thread, before: str, after: str | None) -> str:
        """The entry that has its end between ``before`` and ``after``; empty when none surely has."""
        if thread.phrase in self._entries and _between_words(before, after):
            return self._entries[thread.phrase]
        found = (state.entry for state in closure(thread.states, before, after))
        return max(found, default="")

    def _longer(self, phrase: str, char: str) -> str | None:
        folded = _fold(char)
        if folded != " " or not phrase.endswith(" "):
            phrase += folded
        at = bisect_left(self._phrases, phrase)
        first = next(iter(self._phrases[at : at + 1]), "")
        return phrase if first.startswith(phrase) else None


@lru_cache(maxsize=4)
def compiled(entries: tuple[str, ...]) -> Bans:
    """One :class:`Bans` for equal entries, made once. Raises :class:`BadBan`."""
    return Bans(entries)


@dataclass(frozen=True, slots=True)
class Hit:
    """A complete match.

    Attributes:
        start: Where it starts in the answer, but never before what is certain: go back to the token there.
        entry: What is banned, as it was given.
    """

    start: int
    entry: str


class Watch:
    """Follows one answer and objects to what is banned.

    So that every answer ends, it objects ten times to what starts at one place, and a hundred times
    in all; then it lets pass.

    Args:
        bans: What must not be written.
        context: Text before the answer. A match may begin there, but counts if it ends in the answer.

    Attributes:
        hits: How often it has objected.
        passed: How many matches it has let pass.
    """

    def __init__(self, bans: Bans, context: str) -> None:
        self._bans = bans
        self._text = context[-_REACH:]
        self._origin = len(self._text)
        # Threads behind every character, so that going back is only forgetting.
        self._threads: list[tuple[Thread, ...]] = [()]
        # Where tokens end; the first of these places is certain.
        self._ends = [self._origin]
        self._hits_at: Counter[int] = Counter()
        self.hits = 0
        self.passed = 0
        self.feed("")

    def feed(self, more: str) -> Hit | None:
        """Take the characters that a token completes; returns the match that is complete first.

        Of several that are complete with the same character, the one that starts first. One that ends
        in a word waits until the word has ended. After a hit, :meth:`rewind` to its start or before.
        """
        self._text += more
        while (at := len(self._threads) - 1) < len(self._text):
            before, char = self._text[at - 1 : at], self._text[at]
            if hit := self._hit(char):
                return hit
            self._threads.append(self._bans.step(self._threads[-1], before, char, at))
            if hit := self._hit(None):
                return hit
        self._ends.append(len(self._text))
        self._settle()
        return None

    def finish(self) -> Hit | None:
        """Say that the answer ends here: a match at its end, or ``None``, and then all is certain."""
        return self._hit("")

    @property
    def certain(self) -> int:
        """How many characters may be shown: whole tokens in which no later hit will start."""
        return self._ends[0] - self._origin

    def rewind(self, length: int) -> None:
        """Forget what of the answer is behind its first ``length`` characters, where a token ends."""
        end = self._origin + length
        self._text = self._text[:end]
        del self._threads[end + 1 :]
        self._ends = [known for known in self._ends if known < end] + [end]

    def allow(self, start: int) -> None:
        """Let pass what starts at ``start``, where a grammar leaves nothing else to write."""
        self._hits_at[start] = _HITS_PER_PLACE

    def _settle(self) -> None:
        """Find the last token end that is certain.

        No match under way starts before it, and none would be complete if the answer ended there:
        going back to it, a match that starts before it can still be avoided.
        """
        threads = self._threads[-1]
        first = threads[0].start if threads else len(self._text)
        for end in reversed(self._ends):
            if end <= first and not any(self._complete(end, "")):
                self._ends = [known for known in self._ends if known >= end]
                return

    def _complete(self, at: int, after: str | None) -> Iterator[tuple[Thread, str]]:
        """The matches that end ``at`` a place when ``after`` follows, with their entries."""
        for thread in self._threads[at]:
            if entry := self._bans.ended(thread, self._text[at - 1 : at], after):
                yield thread, entry

    def _hit(self, after: str | None) -> Hit | None:
        at = len(self._threads) - 1
        for thread, entry in self._complete(at, after) if at > self._origin else ():
            start = max(thread.start, self._ends[0]) - self._origin
            if self._objects(start):
                return Hit(start, entry)
            self._threads[at] = tuple(other for other in self._threads[at] if other is not thread)
        return None

    def _objects(self, start: int) -> bool:
        if self.hits >= _HITS_PER_ANSWER or self._hits_at[start] >= _HITS_PER_PLACE:
            self.passed += 1
            return False
        # The text behind is thrown away, and what was counted there with it.
        self._hits_at = Counter({at: n for at, n in self._hits_at.items() if at <= start})
        self._hits_at[start] += 1
        self.hits += 1
        return True
