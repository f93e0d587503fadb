"""Rewriting a passage: from a recipe and what the writer chose to a request for the engine.

The passage stands between tags, and the answer is begun for the model with the same tag: a model of 135 M that is
begun like that greets nobody, explains nothing and ends where the tag closes, and one that thinks aloud does not.
Models without a chat template follow no instructions; they are shown examples as "original: … rewritten: …", a
form that books and web pages have: with tags, 270 M repeated its examples or looped.
"""

import re
from dataclasses import dataclass
from typing import Literal

import msgspec

from writer_app.craft.checks import Check, size
from writer_app.craft.context import CountTokens
from writer_app.craft.honesty import SAMPLE
from writer_app.craft.layout import Layout
from writer_app.craft.question import Plan
from writer_app.craft.recipe import Phrase
from writer_app.craft.samplers import UNTOUCHED, Overrides
from writer_app.craft.transform import Choice, Result, Transform
from writer_app.engine.protocol import Generate, Loaded, Message, Part, Sampling
from writer_app.errors import BadChoice, LanguageMismatch, PassageTooLong, WishMissing
from writer_app.language import TEXT_LANGUAGES
from writer_app.text.script import in_language, language_of

#: Characters of what precedes a passage that the model is shown.
_BEFORE = {"zh": 160}
_BEFORE_LATIN = 500
#: Characters of a passage that tell its language.
_TELLING = 2_000
#: Tokens that are neither passage nor answer: instruction, tags, turns of the template.
_FRAME = 64
#: An answer that is read rather than put in the place of the passage has this many tokens at most.
_ANSWER = 400
_LIST = 260
#: Tokens that an answer may always have, however short the passage is.
_LEAST = 48

_EDITOR = Phrase(
    en="You are an experienced editor of books. You write as the author does, and answer with the finished text only.",
    zh="你是一位经验丰富的文学编辑。沿用作者的笔调，只给出改好的文字。",
)
_CONTEXT = Phrase(
    en="This comes before it, for your information only:\n{before}\n\n",
    zh="前文（仅供参考，不要重复）：\n{before}\n\n",
)
_TERMS = Phrase(en=" Use these words: {terms}.", zh="用词：{terms}。")
#: Below so many parameters a model takes what is said of the context for its task, and loses its way at the usual
#: temperatures: of six passages to shorten, 135 M met the length in 1 with both, in 2 without and cooler; 2 and 3 to
#: rephrase. It is given neither.
_SMALL = 1_000_000_000
_COOL = 0.35
#: Cooler than this, several candidates come out the same.
_VARIED = 0.5
_HEADING = re.compile(r"^#{1,6} [^\n]*$", re.MULTILINE)
#: Where a sentence begins that stands whole in a text cut anywhere.
_SENTENCE = re.compile(r"[.!?…][”’\"')]*\s+|[。！？…][”’」』）]*|\n+")
#: What stands before a passage and before its answer, for models that are shown examples.
_ORIGINAL = Phrase(en="Original: ", zh="原文：")
_ANSWERS = {
    Result.REPLACE: Phrase(en="Rewritten: ", zh="改文："),
    Result.AFTER: Phrase(en="Continued: ", zh="后文："),
    Result.ANSWER: Phrase(en="Answer: ", zh="回答："),
    Result.LIST: Phrase(en="List:\n", zh="列表：\n"),
}
#: Five to a dozen lines.
_ITEMS = r'root ::= ("- " [^\n<-] [^\n<]{1,80} "\n"){4,12}'


@dataclass(frozen=True)
class Rewriting:
    """What the writer wants done to one passage.

    Attributes:
        text: The whole manuscript, LF newlines.
        span: The passage in it, code points, half-open; words at both edges, no white space.
        recipe: What is to be done.
        wish: The parameter: id or title of a choice, or her own words; beside an unasked parameter, a wish more.
        candidates: Answers written at once, 1 to 4.
        before: What precedes the passage, where it was rewritten already; ``None`` takes it from the text.
        seed: Chosen by the writer: the same text every time, ``None`` for another one each time.
        drawn_seed: Taken where she chose none; ``None`` lets the engine draw.
        overrides: What she sets of the samplers; goes before the recipe's.
        model: Path of the model; empty takes what fits the text.
        anyway: Ask even in a language the model cannot write.
        project: The project that what is read belongs to; empty for none.
        bans: Phrases and ``/patterns/`` that are never written, besides those of the recipe.
        glossary: Terms and how they are translated, or spelt.
        saving: Spare the battery.
    """

    text: str
    span: tuple[int, int]
    recipe: Transform
    wish: str = ""
    candidates: int = 1
    before: str | None = None
    seed: int | None = None
    drawn_seed: int | None = None
    overrides: Overrides = UNTOUCHED
    model: str = ""
    anyway: bool = False
    project: str = ""
    bans: tuple[str, ...] = ()
    glossary: tuple[tuple[str, str], ...] = ()
    saving: bool = False

    @property
    def passage(self) -> str:
        """What is to be rewritten."""
        return self.text[slice(*self.span)]

    @property
    def language(self) -> str:
        """Language of the passage, ``""`` if it has no letters."""
        return language_of(self.passage[:_TELLING])

    @property
    def target(self) -> str:
        """Language that the answer should be in: ISO code, or ``""`` where any will do."""
        if self.recipe.translates:
            return self.choice.id if self.choice else ""
        return self.language

    @property
    def choice(self) -> Choice | None:
        """What is chosen of the recipe's choices; unless she says so, a translation goes into another language."""
        parameter = self.recipe.parameter
        if parameter is None:
            return None
        if self.recipe.translates and not self.wish.strip():
            others = (each for each in parameter.choices if each.id != self.language)
            return next(others, None)
        return parameter.find(self.wish)

    @property
    def order(self) -> str:
        """The instruction, in the language of the passage, with what she chose in it."""
        assert self.recipe.instruction
        tongue = self._tongue
        order, words = self.recipe.instruction.in_language(tongue), self._words(tongue)
        if "{choice}" in order:
            order = order.replace("{choice}", words)
        elif words:
            order = f"{order} {words}" if tongue == "en" else order + words
        if self.terms:
            terms = "; ".join(f"{term} = {meant}" for term, meant in self.terms)
            order += _TERMS.in_language(tongue).replace("{terms}", terms)
        return order

    @property
    def languages(self) -> tuple[str, ...]:
        """That of the passage, and the one that it is translated into."""
        return tuple(dict.fromkeys((self.language, self.target)))

    @property
    def sample(self) -> str:
        """The text by which the model's languages are judged."""
        return in_language(self.passage[:SAMPLE], self.language)

    @property
    def terms(self) -> tuple[tuple[str, str], ...]:
        """What of the glossary occurs in the passage."""
        passage = self.passage.casefold()
        return tuple(each for each in self.glossary if all(each) and each[0].casefold() in passage)

    def plan(
        self,
        model: Loaded,
        count: CountTokens,
        request_id: int,
        pace: float | None = None,
        earlier: tuple[Layout, ...] = (),
    ) -> Plan:
        """The request for ``model``.

        Raises:
            WishMissing: The recipe needs to be told what.
            LanguageMismatch: The model does not write the language that it is to be translated into.
            PassageTooLong: It does not fit into the model's context together with an answer.
        """
        self._refuse(model)
        turns = self._turns(model) if model.has_template else ()
        shown = "" if turns else self._shown()
        read = sum(count([turn.content for turn in turns] or [shown])) + _FRAME
        written = self._most(count)
        if read + written * self.candidates > model.context:
            raise PassageTooLong(count=size(self.passage), model=model.name)
        passage = self.passage
        seeded = self.seed is not None
        request = Generate(
            id=request_id,
            chat=turns,
            parts=(Part("prompt", shown),) if shown else (),
            sampling=self._sampling(model),
            max_tokens=written,
            stop=(*self._ends(model), *self._line_end(model), *self.recipe.stop),
            bans=(*self.recipe.bans.in_language(self.language), *self.bans),
            grammar=_ITEMS if self.recipe.result is Result.LIST else "",
            like=passage if self._repeats and not seeded else "",
            seed=self.seed if seeded else self.drawn_seed,
            repeatable=seeded,
            alternatives=self.candidates,
            saving=self.saving,
        )
        return Plan(request, layouts=earlier)

    # -- inside ---------------------------------------------------------------------------------

    @property
    def _tongue(self) -> Literal["en", "zh"]:
        """The language in which the model is spoken to."""
        return "zh" if self.language == "zh" else "en"

    def _tag(self, result: Result = Result.REPLACE) -> str:
        """What the passage or an answer stands between; one that the passage does not have itself."""
        kinds = {Result.ANSWER: "answer", Result.LIST: "list"}
        tag = kinds.get(result, "text")
        while re.search(rf"</?{tag}", self.passage, re.IGNORECASE):
            tag += "-"
        return tag

    @property
    def is_one_line(self) -> bool:
        """Whether the answer is one line, as the passage is, because paragraphs are to be kept."""
        return Check.PARAGRAPHS in self.recipe.checks and "\n" not in self.passage

    def _line_end(self, model: Loaded) -> tuple[str, ...]:
        """A small model greets nobody, and what it says after the line is of no use."""
        return ("\n",) if self.is_one_line and _is_small(model) else ()

    @property
    def _repeats(self) -> bool:
        """Whether much of the passage comes again, so that it serves as a draft."""
        return self.recipe.result is Result.REPLACE and not self.recipe.translates

    def _refuse(self, model: Loaded) -> None:
        parameter = self.recipe.parameter
        if parameter and parameter.needed and not self.wish.strip():
            raise WishMissing(recipe=self.recipe.id)
        if parameter and parameter.choices and not parameter.free and not self.choice:
            known = ", ".join(each.id for each in parameter.choices)
            raise BadChoice(wish=self.wish, known=known)
        declared = {code[:2] for code in model.languages}
        if self.recipe.translates and declared and self.target not in declared and not self.anyway:
            language = TEXT_LANGUAGES.get(self.target, self.target)
            raise LanguageMismatch(model=model.name, language=language)

    def _turns(self, model: Loaded) -> tuple[Message, ...]:
        context = "" if _is_small(model) else self._context
        begun = Message("assistant", f"<{self._tag(self.recipe.result)}>\n")
        asked = Message("user", self._asked(self.passage, context))
        return (Message("system", _EDITOR.in_language(self._tongue)), asked, begun)

    def _shown(self) -> str:
        """The examples of the recipe and the passage after them, for a model that knows no turns."""
        chosen = self.choice.id if self.choice else ""
        original = _ORIGINAL.in_language(self._tongue)
        rewritten = _ANSWERS[self.recipe.result].in_language(self._tongue)
        examples = [
            f"{original}{each.before}\n{rewritten}{each.after}"
            for each in self.recipe.examples
            if each.language == self._tongue and each.choice in ("", chosen)
        ]
        asked = f"{original}{self.passage}\n{rewritten.rstrip(' ')}"
        return "\n\n".join([self.order, *examples, asked])

    def _ends(self, model: Loaded) -> tuple[str, ...]:
        """What follows an answer that has come to its end."""
        if not model.has_template:
            return ("\n" + _ORIGINAL.in_language(self._tongue).rstrip(),)
        tag = self._tag(self.recipe.result)
        return (f"</{tag}", f"\n<{tag}")

    def _asked(self, passage: str, context: str = "") -> str:
        tag = self._tag()
        return f"{self.order}\n\n{context}<{tag}>\n{passage}\n</{tag}>"

    def _sampling(self, model: Loaded) -> Sampling:
        sampling = self.recipe.sampling
        temperature = sampling.temperature
        if _is_small(model) and self.recipe.result is not Result.LIST:
            temperature = min(_COOL, temperature)
        if self.candidates > 1:
            temperature = max(_VARIED, temperature)
        fitting = msgspec.structs.replace(sampling, temperature=temperature)
        return self.overrides.applied_to(fitting)

    def _words(self, tongue: str) -> str:
        choice = self.choice
        return choice.words.in_language(tongue) if choice and choice.words else self.wish.strip()

    @property
    def _context(self) -> str:
        """What precedes the passage in the same chapter, from the beginning of a sentence on."""
        if self.recipe.result in (Result.ANSWER, Result.LIST):
            return ""
        reach = _BEFORE.get(self._tongue, _BEFORE_LATIN)
        before = self.text[: self.span[0]] if self.before is None else self.before
        near = _HEADING.split(before[-reach:])[-1]
        if len(near) == reach < len(before) and (begun := _SENTENCE.search(near)):
            near = near[begun.end() :]
        near = near.strip()
        return _CONTEXT.in_language(self._tongue).replace("{before}", near) if near else ""

    def _most(self, count: CountTokens) -> int:
        """The longest an answer may get, in tokens."""
        if self.recipe.result is Result.ANSWER:
            return _ANSWER
        if self.recipe.result is Result.LIST:
            return _LIST
        share = self.recipe.limits(self.wish)[1] * (2 if self.recipe.translates else 1)
        return max(_LEAST, round(count([self.passage])[0] * max(share, 1.1) * 1.15))


def verified(recipe: Transform) -> tuple[Check, ...]:
    """What is verified of an answer to ``recipe``."""
    # How long an answer should be does not go by how much was highlighted, unless it takes its place.
    if recipe.result is not Result.REPLACE:
        return recipe.checks
    return (Check.LENGTH, *recipe.checks)


def _is_small(model: Loaded) -> bool:
    return 0 < model.parameters < _SMALL
