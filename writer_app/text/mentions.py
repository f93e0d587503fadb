"""Where a text mentions known names: one pass for all of them, and only the neighbourhood after an edit.

In scripts with spaces a name is a word or several, with or without 's; its words may be joined by a hyphen or parted
by a line's end. Chinese has no spaces: there the longest name wins, and 贾宝玉 is one mention although it contains 宝玉.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from writer_app.text.difference import Edit
from writer_app.text.names import SURNAMES, begins_sentence

#: Characters of a name; what is longer is no name.
LONGEST = 120
_HAN = "\u2e80-\u2fff\u3007\u3021-\u3029\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_UNSPACED = _HAN + "\u3040-\u30ff\u0e00-\u0eff\u1780-\u17ff\uac00-\ud7af"
#: What goes on with a word, in a script with spaces; accents may be characters of their own.
_LETTER = f"(?:[^\\W_{_UNSPACED}]|[\u0300-\u036f])"
_IS_LETTER = re.compile(_LETTER)
_IS_HAN = re.compile(f"[{_HAN}]")
#: Between the words of a name: a hyphen, blanks, and one line's end; and what is as good as an apostrophe or a dot.
_GAPS = "[-‐‑]\n?|[ \t\u00a0\u3000]{1,8}\n?[ \t\u3000]{0,8}|\n[ \t\u3000]{0,8}"
_GAP, _APOSTROPHE, _DOT = re.compile(f"(?:{_GAPS})+"), re.compile("['’ʼ]"), re.compile("[·・‧•]")
#: Characters that a gap may have, and those around a mention that decide whether it is one.
_WIDEST_GAP, _AROUND = 18, 24
_ARTICLE = re.compile(r"The(?= )")
#: Names that begin sentences as words of every day.
_EVERYDAY = (
    "able ace amber angel april art ash august autumn basil bay bill bishop bliss blue brook buck bud buddy candy "
    "chance charity chase chip christian chuck clay cliff dale dawn dean dick don drew duke earl eden eve faith fern "
    "flora forest frank gene ginger glen grace grant guy hank happy harmony heath hope hunter iris ivy jack jade jay "
    "jet jewel joy june junior king lance laurel lily major mark marsh mason max may mercy misty nick norm olive opal "
    "page pat patience pearl penny piper poppy pray prince prudence queen ray red rich river rob robin rock rose "
    "rosemary rowan ruby rusty sage sandy scout serenity sky star storm sue summer sunny temperance trinity vera "
    "verity victor violet ward wade will willow winter wren zen fate death time fortune justice love night day moon "
    "sun"
)
_WORDS = frozenset(_EVERYDAY.split())
#: Behind such a name, these say that somebody does something.
_DOING = re.compile(
    r"['’]s\b|\s{1,3}(?:said|asked|replied|answered|whispered|shouted|cried|nodded|smiled|laughed|grinned|frowned|sighed|looked"
    r"|turned|shook|walked|sat|stood|glanced|shrugged|did\s?n[o'’]t|has|thought|told|wanted|tried)\b"
)
#: Somebody is called: “Will!”
_CALLED, _CALLS = re.compile("[“‘\"']\\Z"), tuple(",!?…—")
#: Not the surname 孙; and what follows or precedes a name of one 字, where it is not a part of any word.
_DEED = re.compile("[道说笑问答叹哭喊想]")
_KIN = ("嫡孙", "子孙", "外孙", "长孙", "儿孙", "贤孙")
_CALLING = ("阿", "小", "老")


class Mention(NamedTuple):
    """A name in a text.

    Attributes:
        start, end: Where, in code points, half-open; without 's.
        name: As it was given to :class:`Names`.
    """

    start: int
    end: int
    name: str


class Names:
    """Names that can be looked for all at once.

    Capitals are minded, so that Will is no will; a name all in capitals is found too, and one that begins with a
    small letter or an article also where a sentence begins with it. A name that is a word of every day is not
    found at the beginning of a sentence, unless what follows shows somebody at work.

    Args:
        names: In any order; empty ones, and those longer than :data:`LONGEST`, are never found.
        readily: Whether such a word counts at the beginning of a sentence in any case.
    """

    def __init__(self, names: Iterable[str], *, readily: bool = False) -> None:
        self.names = self.usable(names)
        spelt = {name: _plain(name) for name in self.names}
        # Sorted, so that a spelling that two names share is the same one's every time; a name's own goes first.
        ordered = sorted(self.names)
        self._known = {spelt[name]: name for name in reversed(ordered)}
        for name in ordered:
            for variant in _variants(spelt[name]):
                self._known.setdefault(variant, name)
        self._pattern = _compiled(self._known)
        longest = max((len(each) for each in self._known), default=0)
        gaps = max((each.count(" ") for each in self._known), default=0)
        self._reach = longest + gaps * _WIDEST_GAP + _AROUND
        self._surnamed = {
            name[1:] for name in self.names if name[:1] in SURNAMES and len(name) in (2, 3)
        }
        self._doubtful = {
            name
            for name in self.names
            if (name.lower() in _WORDS and not readily)
            or (len(name) == 1 and _IS_HAN.match(name))
            or name in self._surnamed
        }

    @staticmethod
    def usable(names: Iterable[str]) -> frozenset[str]:
        """Those of ``names`` that can be found."""
        return frozenset(name for name in names if len(name) <= LONGEST and _plain(name))

    def find(self, text: str) -> tuple[Mention, ...]:
        """All mentions in ``text``, in order; none overlaps another one."""
        return tuple(self._found(text, 0, len(text)))

    def find_again(self, before: Sequence[Mention], text: str, edit: Edit) -> tuple[Mention, ...]:
        """As :meth:`find`, where the mentions before an edit are known; only its neighbourhood is searched.

        Args:
            before: What was found before the edit.
            text: As it is now.
            edit: What was changed.
        """
        at, removed, inserted = edit
        first, end = at - self._reach, at + inserted + self._reach
        head = [each for each in before if each.start < first]
        shift = inserted - removed
        tail = [
            Mention(each.start + shift, each.end + shift, each.name)
            for each in before
            if each.end + shift > end
        ]
        found = head
        start = max(0, first, head[-1].end if head else 0)
        # From the first place on that no mention reaches across, neither before nor now, all is as it was.
        while True:
            tail = [each for each in tail if each.end > end]
            if tail and tail[0].start < end:
                end = tail[0].end
                continue
            found += self._found(text, start, end)
            start = max(start, found[-1].end if found else 0)
            if start <= end:
                return (*found, *tail)
            end = start

    def _found(self, text: str, start: int, end: int) -> Iterator[Mention]:
        """Mentions that begin in a stretch; none crosses its beginning."""
        if self._pattern is None:
            return
        # Behind the stretch there is as much of the text as any name needs.
        stop = min(len(text), end + self._reach)
        while match := self._pattern.search(text, start, stop):
            if match.start() >= end:
                return
            name = self._known.get(match[0]) or self._known.get(_plain(match[0]))
            sure = name and name not in self._doubtful
            if name and (sure or self._is_meant(name, text, match.start(), match.end())):
                yield Mention(match.start(), match.end(), name)
                start = match.end()
            else:
                start = match.start() + 1

    def _is_meant(self, name: str, text: str, start: int, end: int) -> bool:
        before = text[max(0, start - _AROUND) : start]
        if name in self._surnamed:
            # 甄宝玉 is not 贾宝玉, and where we know that one, not just any 宝玉.
            return before[-1:] not in SURNAMES or before.endswith(_KIN)
        if not _IS_HAN.match(name):
            is_called = _CALLED.search(before) is not None and text[end : end + 1] in _CALLS
            return is_called or not begins_sentence(before) or bool(_DOING.match(text, end))
        follows = text[end : end + 1]
        alone = not _IS_HAN.search(before[-1:]) and not _IS_HAN.match(follows)
        return alone or before.endswith(_CALLING) or bool(_DEED.match(follows))


# -- inside ---------------------------------------------------------------------------------------


def _plain(name: str) -> str:
    """Of the spellings of a name that count as one, that by which it is known."""
    name = unicodedata.normalize("NFC", name)
    return _DOT.sub("·", _APOSTROPHE.sub("'", _GAP.sub(" ", name))).strip()


def _variants(name: str) -> set[str]:
    """Other ways in which a text may have it, all plain."""
    found = {name.upper()} if len(name) > 1 and name.lower() not in _WORDS else set()
    if name[0].islower():
        found.add(name[0].upper() + name[1:])
    found.add(_ARTICLE.sub("the", name))
    return {_plain(each) for each in found}


def _compiled(names: Iterable[str]) -> re.Pattern[str] | None:
    """One pattern for all names, by their first characters, so that most places of a text are passed at once."""
    by_first: defaultdict[str, set[str]] = defaultdict(set)
    for name in names:
        for form in {name, unicodedata.normalize("NFD", name)}:
            by_first[form[0]].add(form[1:])
    if not by_first:
        return None
    return re.compile("|".join(_branch(first, by_first[first]) for first in sorted(by_first)))


def _branch(first: str, rests: Iterable[str]) -> str:
    """All names that begin with one character, the longest first, each as a word of its own where words are parted."""
    begins = f"(?<!{_LETTER}{_spelt(first)})" if _IS_LETTER.match(first) else ""
    words: list[str] = []
    others: list[str] = []
    for rest in sorted(rests, key=lambda each: (-len(each), each)):
        (words if _IS_LETTER.match((first + rest)[-1]) else others).append(_spelt(rest))
    ends = [f"(?:{'|'.join(words)})(?!{_LETTER})", *others] if words else others
    return f"{_spelt(first)}{begins}(?:{'|'.join(ends)})"


def _spelt(text: str) -> str:
    special = {" ": f"(?:{_GAPS})", "'": _APOSTROPHE.pattern, "·": _DOT.pattern}
    return "".join(special.get(letter) or re.escape(letter) for letter in text)
