"""What code can verify of a rewriting: that it lost no name, changed no number, kept what was said.

A check that fails is shown beside the candidate; it never keeps anything from the writer. Each looks for one
mistake that can be proven from the two texts, and passes where it cannot know.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from writer_app.text.counts import characters_zh, words
from writer_app.text.names import names_in
from writer_app.text.quantities import quantities
from writer_app.text.quotations import is_balanced, quotations
from writer_app.text.script import language_of, may_be


class Check(StrEnum):
    """What a recipe can ask to be verified."""

    LENGTH = "length"  # within the limits of the recipe
    LANGUAGE = "language"  # the one that was asked for
    NAMES = "names"  # every name is still there
    NUMBERS = "numbers"  # every number likewise, in figures or in words
    QUOTATIONS = "quotations"  # what stands in quotation marks is the same, word for word
    BALANCED = "balanced"  # quotation marks come in pairs, as they did
    GLOSSARY = "glossary"  # terms are translated as the glossary has it
    PARAGRAPHS = "paragraphs"  # no paragraph was split or joined


@dataclass(frozen=True)
class Verdict:
    """How one check came out.

    Attributes:
        about: What it stumbled over, in the words of the texts; empty where it passed.
    """

    check: Check
    passed: bool
    about: tuple[str, ...] = ()


@dataclass(frozen=True)
class Aim:
    """What an answer is measured by.

    Attributes:
        language: ISO code that the answer should be in; empty: any.
        limits: Least and most length, as shares of the passage.
        names: Names that are known from elsewhere in the manuscript.
        glossary: Terms with their translation.
    """

    language: str = ""
    limits: tuple[float, float] = (0.0, 2.0)
    names: frozenset[str] = frozenset()
    glossary: tuple[tuple[str, str], ...] = ()


#: Shorter passages are measured as if they had so many words: to be told in full, three need more than six.
_FEW = 16
#: An answer in letters that say nothing of a language is in no wrong one.
_TELLING = 12
#: Characters that tell the language of a text.
_SAMPLE = 2_000


def verify(checks: Sequence[Check], passage: str, answer: str, aim: Aim) -> tuple[Verdict, ...]:
    """All of ``checks``, in the order of :class:`Check`."""
    return tuple(
        Verdict(check, not (about := _STUMBLES[check](passage, answer, aim)), tuple(about))
        for check in Check
        if check in checks
    )


def size(text: str) -> int:
    """Words, or 字 of a text that is mostly Chinese."""
    return characters_zh(text) if _tongue(text) == "zh" else words(text)


def _tongue(text: str) -> str:
    """The beginning tells, of a long text too."""
    return language_of(text[:_SAMPLE])


def _length(passage: str, answer: str, aim: Aim) -> list[str]:
    # A translation is measured by what a word weighs: 1.6 字 in both directions, and limits leave room for it.
    before, after = size(passage), size(answer)
    if {_tongue(passage), _tongue(answer)} == {"zh", "en"}:
        after = round(after * 1.6) if _tongue(answer) == "en" else round(after / 1.6)
    least, most = aim.limits
    room = max(before * most, before + _FEW * (most - 1)) if most > 1 else before * most
    fits = before * least - 1 <= after <= room + 1
    return [] if fits else [f"{before} → {after}"]


def _language(_passage: str, answer: str, aim: Aim) -> list[str]:
    if not aim.language or len(answer) < _TELLING or may_be(answer[:_SAMPLE], aim.language):
        return []
    return [_tongue(answer)]


def _names(passage: str, answer: str, aim: Aim) -> list[str]:
    return [name for name in names_in(passage, aim.names) if name not in answer]


def _numbers(passage: str, answer: str, _aim: Aim) -> list[str]:
    before, after = quantities(passage), quantities(answer)
    return [said for value, said in before.items() if value not in after]


def _quotations(passage: str, answer: str, _aim: Aim) -> list[str]:
    left = Counter(map(_bare, quotations(answer)))
    lost = []
    for said in quotations(passage):
        if left[_bare(said)]:
            left[_bare(said)] -= 1
        else:
            lost.append(said)
    return lost


def _bare(said: str) -> str:
    """Without the mark at its end, which goes by what follows: “Yes,” he said; he said “yes.”."""
    return said.rstrip(",.，。 ")


def _balanced(passage: str, answer: str, _aim: Aim) -> list[str]:
    return [] if is_balanced(answer) or not is_balanced(passage) else ["“”"]


def _glossary(passage: str, answer: str, aim: Aim) -> list[str]:
    return [
        f"{term} = {meant}"
        for term, meant in aim.glossary
        if _has(passage, term) and not _has(answer, meant)
    ]


def _has(text: str, term: str) -> bool:
    before, behind = (
        r"\b" if edge.isascii() and edge.isalnum() else "" for edge in (term[:1], term[-1:])
    )
    return bool(re.search(before + re.escape(term) + behind, text, re.IGNORECASE))


def _paragraphs(passage: str, answer: str, _aim: Aim) -> list[str]:
    before, after = (sum(map(bool, map(str.strip, text.split("\n")))) for text in (passage, answer))
    return [] if before == after else [f"{before} → {after}"]


_STUMBLES: Mapping[Check, Callable[[str, str, Aim], list[str]]] = {
    Check.LENGTH: _length,
    Check.LANGUAGE: _language,
    Check.NAMES: _names,
    Check.NUMBERS: _numbers,
    Check.QUOTATIONS: _quotations,
    Check.BALANCED: _balanced,
    Check.GLOSSARY: _glossary,
    Check.PARAGRAPHS: _paragraphs,
}
