"""Who and what a text may name, and where it does so: longest names first, and only where no other person is meant."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

_TITLE = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|St)\.|\b(?:Mr|Mrs|Ms|Dr|Miss|Master|Sir|Lady|Lord|Dame|Madam|Captain|Colonel|Major|Aunt|Uncle"
    r"|Father|Mother|Sister|Brother|King|Queen|Prince|Princess|Young|Old|Little|young|old|little|late|another)) \Z"
)
_SURNAMED = re.compile(r"[ \-](?!I\b)[A-Z][a-zà-ÿ]+")
_FIRST_NAMED = re.compile(r"(?<![.!?:;…“”\"‘’\n\x00—*_] )(?<!\A)\b[A-Z][a-zà-ÿ]+ \Z")
_JOINED_WORDS = (
    "And But Then When So As If Where While That Yet For Or Nor With To Of In On At By From After Before Even Only "
    "The His Her Old Poor Dear Said Asked Now Here There Monday Tuesday Wednesday Thursday Friday Saturday Sunday"
)
_JOINED = frozenset(_JOINED_WORDS.split())


#: Capitals no longer than this are somebody's initials.
_INITIALS = 3


class Mention(NamedTuple):
    """A name in a text.

    Attributes:
        who: Id of what it names.
        start: Code points; ``end`` is behind its last character.
    """

    who: str
    start: int
    end: int


class Cast:
    """The names that are looked for.

    Args:
        people: Names of each person, by id.
        things: Names of everything else, by id; these may begin a sentence or not (the brass key).
        objects: Ids of those things that can be carried, broken or lost.

    A name that several bear names nobody.
    """

    def __init__(
        self,
        people: Mapping[str, Sequence[str]],
        things: Mapping[str, Sequence[str]] | None = None,
        objects: Collection[str] = (),
    ) -> None:
        owners: defaultdict[str, set[str]] = defaultdict(set)
        for each, names in (*people.items(), *(things or {}).items()):
            for name in names:
                if len(name) < 2:  # one 汉字, or one letter, stands in too many other words
                    continue
                owners[name].add(each)
                if each not in people and name[0].islower():
                    owners[name[0].upper() + name[1:]].add(each)
                elif each in people and name.isascii() and len(name) > _INITIALS:
                    owners[name.upper()].add(each)  # as plays have it
        self.people, self.objects = frozenset(people), frozenset(objects)
        heads = Counter(head for head, _ in _heads(things or {}, objects))
        self.heads = {head: who for head, who in _heads(things or {}, objects) if heads[head] == 1}
        self.owner = {
            name: next(iter(ids)) if len(ids) == 1 else "" for name, ids in owners.items()
        }
        self._found: dict[str, list[Mention]] = {}
        self._names: dict[str, list[str]] = {}
        for name in sorted(self.owner, key=len, reverse=True):
            self._names.setdefault(name[:2], []).append(name)
        starts = "|".join(map(re.escape, sorted(self._names, reverse=True)))
        self._start = (
            re.compile(rf"(?:(?<![A-Za-zÀ-ÿ0-9])|(?=[^\x00-\u2fff]))(?:{starts})")
            if starts
            else None
        )

    def mentions(self, text: str) -> list[Mention]:
        """All plain names in ``text``, in order; a text is gone through once."""
        if text not in self._found:
            self._found[text] = self._look(text)
        return self._found[text]

    def same_as(self, other: "Cast") -> bool:
        """Whether both look for the same names of the same people and things."""
        mine, others = ((c.owner, c.people, c.objects) for c in (self, other))
        return mine == others

    def keep(self, texts: Collection[str]) -> None:
        """Forget what was found in all other texts."""
        self._found = {text: self._found[text] for text in texts if text in self._found}

    def _look(self, text: str) -> list[Mention]:
        found: list[Mention] = []
        behind = 0
        for start in self._start.finditer(text) if self._start else ():
            at = start.start()
            if at < behind:
                continue
            name = next((n for n in self._names[start[0]] if _stands(text, n, at)), None)
            if name is None:
                continue
            behind = at + len(name)
            who = self.owner[name]
            if who and not (who in self.people and _is_another(text, name, at)):
                found.append(Mention(who, at, behind))
        return found


def _heads(things: Mapping[str, Sequence[str]], objects: Collection[str]) -> list[tuple[str, str]]:
    """The last word of each English name of two words or more, which a text may say alone, and whose it is."""
    named = {(name.split()[-1], who) for who in objects for name in things[who] if " " in name}
    return sorted((head, who) for head, who in named if re.fullmatch("[a-z]{3,}", head))


def _stands(text: str, name: str, at: int) -> bool:
    """Whether the whole of ``name`` stands there, and not the beginning of another word."""
    end = at + len(name)
    if not text.startswith(name, at):
        return False
    follows = text[end : end + 1]
    return not (name[-1] < "\u2e80" and (follows.isalnum() and follows < "\u2e80"))


def _is_another(text: str, name: str, at: int) -> bool:
    """Whether a title or a further name says that somebody else is meant: Miss Darcy, Anna Reed."""
    if name[0] >= "\u2e80":
        # 周瑞家的 is his wife, 贾珠之妻 another's.
        return text[max(0, at - 1) : at] in ("小", "老") or bool(
            re.match(
                "家的|之[妻父母子女妹姐弟兄]|他[爹娘妈]|[他她]们|的?(?:鬼魂|亡魂|牌位|遗|灵)",
                text[at + len(name) : at + len(name) + 5],
            )
        )
    end = at + len(name)
    before = text[max(0, at - 30) : at]
    if _TITLE.search(before) or _SURNAMED.match(text, end):
        return True
    first = _FIRST_NAMED.search(before)
    return first is not None and first[0].strip() not in _JOINED
