"""What can be done to a passage: the recipes of kind ``rewrite``."""

from collections.abc import Iterator
from enum import StrEnum
from typing import ClassVar, Literal

import msgspec

from writer_app.craft.checks import Check
from writer_app.craft.recipe import Id, Phrase, Recipe, Words
from writer_app.engine.protocol import NonNegative
from writer_app.language import TEXT_LANGUAGES
from writer_app.text.rules import RULES

#: How long a rewriting may get where its recipe says nothing, as a share of the passage.
ANY_LENGTH = (0.0, 2.0)
#: No answer is so many times as long; what is allowed has to fit into the model's context.
_MOST = 20.0
_RANGE = f"length is the least and the most of an answer, at most {_MOST:.0f} times the passage"


class Group(StrEnum):
    """What belongs together in menus, in this order."""

    MEND = "mend"
    LENGTH = "length"
    STYLE = "style"
    SCENE = "scene"
    READ = "read"
    LISTS = "lists"
    RULES = "rules"


class Result(StrEnum):
    """Where an answer goes."""

    REPLACE = "replace"  # in the place of the passage, change by change
    AFTER = "after"  # behind it
    ANSWER = "answer"  # nowhere by itself: it is to be read
    LIST = "list"  # items, to keep or drop


class Choice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One value of a parameter.

    Attributes:
        words: How it is put to the model; in a rule, nothing.
        length: Of the answer, as a share of the passage; goes before that of the recipe.
    """

    id: Id
    titles: Phrase
    words: Phrase | None = None
    length: tuple[NonNegative, NonNegative] | None = None


class Parameter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a writer says besides: one of some choices, or in her own words.

    Attributes:
        titles: What it is called, or the question in an empty field.
        choices: Empty where only her own words make sense.
        free: Whether other words than the choices will do.
        needed: Whether nothing can be done without it.
    """

    titles: Phrase
    choices: tuple[Choice, ...] = ()
    free: bool = False
    needed: bool = False

    def find(self, wish: str) -> Choice | None:
        """The choice with this id or title; the first one for an empty wish."""
        wanted = wish.strip().casefold()
        if not wanted and self.choices:
            return self.choices[0]
        names = ((each, (each.id, each.titles.en, each.titles.zh)) for each in self.choices)
        return next(
            (each for each, known in names if wanted in (name.casefold() for name in known)), None
        )


class Example(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a model that follows no instructions imitates.

    Attributes:
        choice: The only choice that it shows; empty where it goes for all of them.
    """

    language: Literal["en", "zh"]
    before: Words
    after: Words
    choice: str = ""


class Transform(Recipe, frozen=True, kw_only=True):
    """Something that can be done to a passage.

    Attributes:
        instruction: How it is put to the model, in the language of the passage. ``{choice}`` is replaced by
            the parameter, which otherwise stands behind it.
        result: Where the answer goes.
        parameter: What the writer may say besides.
        length: The least and the most that an answer may have, as shares of the passage's length.
        checks: What code can verify of an answer; that of a replacement is always verified in length.
        examples: For models that follow no instructions.
        rule: One of :data:`~writer_app.text.rules.RULES` that does it; no model is asked.
        translates: The parameter's choices are languages (ISO codes), and the answer is in that one.
        spoken: The answer is speech, so that quotation marks around all of it are its own.
    """

    folder: ClassVar[str] = "rewrite"

    kind: Literal["rewrite"]
    group: Group
    instruction: Phrase | None = None
    result: Result = Result.REPLACE
    parameter: Parameter | None = None
    length: tuple[NonNegative, NonNegative] = ANY_LENGTH
    checks: tuple[Check, ...] = ()
    examples: tuple[Example, ...] = ()
    rule: str = ""
    translates: bool = False
    spoken: bool = False

    def mistakes(self) -> Iterator[tuple[str, str]]:
        """What cannot be done, or not as it was meant."""
        yield from super().mistakes()
        if bool(self.rule) == (self.instruction is not None):
            yield "instruction", "there must be either an instruction or a rule"
        if self.rule and self.rule not in RULES:
            yield "rule", f"there is no such rule; there are {', '.join(RULES)}"
        if not _is_range(self.length):
            yield "length", _RANGE
        if self.translates and not (self.parameter and self.parameter.choices):
            yield "translates", "translates needs a parameter whose choices are languages"
        said = (self.instruction.en, self.instruction.zh) if self.instruction else ()
        if not self.parameter and any("{choice}" in words for words in said):
            yield "instruction", "there is no parameter that {choice} could stand for"
        known = {each.id for each in self.parameter.choices} if self.parameter else set()
        for at, example in enumerate(self.examples):
            if example.choice and example.choice not in known:
                yield f"examples[{at}]", f"there is no choice {example.choice}"
        for at, choice in enumerate(self.parameter.choices if self.parameter else ()):
            yield from ((f"parameter.choices[{at}]", wrong) for wrong in self._mistaken(at, choice))

    def _mistaken(self, at: int, choice: Choice) -> Iterator[str]:
        """What is wrong with a choice."""
        assert self.parameter
        if choice.id in (each.id for each in self.parameter.choices[:at]):
            yield f"there are two choices {choice.id}"
        if not self.rule and choice.words is None:
            yield f"choice {choice.id} lacks words"
        if self.rule in RULES and choice.id not in RULES[self.rule].choices:
            yield f"the rule knows {', '.join(RULES[self.rule].choices)}"
        if self.translates and choice.id not in TEXT_LANGUAGES:
            yield f"choice {choice.id} is no language; there are {', '.join(TEXT_LANGUAGES)}"
        if choice.length and not _is_range(choice.length):
            yield _RANGE

    def limits(self, wish: str) -> tuple[float, float]:
        """The least and the most length of an answer, as shares of the passage."""
        choice = self.parameter.find(wish) if self.parameter else None
        return choice.length if choice and choice.length else self.length


def _is_range(length: tuple[float, float]) -> bool:
    return length[0] <= length[1] <= _MOST
