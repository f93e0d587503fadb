"""Which quotes, dashes and ellipsis a manuscript uses; where it shows none yet, what its language uses."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

#: A stretch of text that is long enough to show what a writer does.
_SAMPLE = 200_000
_HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"

_Habit = TypeVar("_Habit", bound=StrEnum)


class Quotes(StrEnum):
    """The marks of a quotation and of one inside it: each value is the four of them in order."""

    STRAIGHT = "\"\"''"
    CURLY = "“”‘’"
    CORNER = "「」『』"


class Dash(StrEnum):
    """The dash between parts of a sentence, with the spaces around it."""

    EM = "—"
    SPACED_EM = " — "
    SPACED_EN = " – "
    HYPHENS = "--"
    CHINESE = "——"


class Dots(StrEnum):
    """What is left unsaid."""

    CHARACTER = "…"
    THREE = "..."
    CHINESE = "……"


@dataclass(frozen=True)
class Habits:
    """What a manuscript uses.

    Attributes:
        full_width: ，。？！ rather than , . ? ! after Chinese characters.
    """

    quotes: Quotes = Quotes.CURLY
    dash: Dash = Dash.EM
    ellipsis: Dots = Dots.CHARACTER
    full_width: bool = False

    @classmethod
    def of(cls, text: str, language: str) -> "Habits":
        """What ``text`` uses most; what it does not show is as ``language`` (an ISO code) has it."""
        sample = text[-_SAMPLE:]
        chinese = language.startswith("zh")
        usual = CHINESE_HABITS if chinese else cls()
        doubled = sample.count("——")
        spaced = sample.count(" — ")
        dashes = {
            Dash.CHINESE: doubled,
            Dash.SPACED_EM: spaced,
            Dash.EM: sample.count("—") - 2 * doubled - spaced,
            Dash.SPACED_EN: sample.count(" – "),
            Dash.HYPHENS: len(re.findall(r"(?<=[^\s\-|!])--(?=[^\s\-|>])", sample)),
        }
        quotes = {
            Quotes.CURLY: sample.count("“"),
            Quotes.CORNER: sample.count("「"),
            Quotes.STRAIGHT: sample.count('"') // 2,
        }
        twice = sample.count("……")
        ellipses = {
            Dots.CHINESE: twice,
            Dots.CHARACTER: sample.count("…") - 2 * twice,
            Dots.THREE: sample.count("..."),
        }
        return cls(
            _most(quotes, usual.quotes),
            _most(dashes, usual.dash),
            _most(ellipses, usual.ellipsis),
            chinese and sample.count("，") >= len(re.findall(f"[{_HAN}],", sample)),
        )


CHINESE_HABITS = Habits(Quotes.CURLY, Dash.CHINESE, Dots.CHINESE, full_width=True)


@dataclass(frozen=True)
class Switches:
    """Which conversions are wanted."""

    quotes: bool = True
    dashes: bool = True
    ellipsis: bool = True
    full_width: bool = True


ALL_ON = Switches()


def _most(counts: dict[_Habit, int], usual: _Habit) -> _Habit:
    """The most frequent habit; the usual one where there is a tie or nothing."""
    return max(counts, key=lambda habit: (counts[habit], habit is usual))
