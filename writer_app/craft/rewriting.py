"""Rewriting a passage: from a recipe and what the writer chose to a request for the engine.

The passage stands between tags, and the answer is begun for the model with the same tag: a model of 135 M that is
begun like that greets nobody, explains nothing and ends where the tag closes, and one that thinks aloud does not.
Models without a chat template follow no instructions; they are shown examples in the same form.
"""

from dataclasses import dataclass

import msgspec

from writer_app.craft.checks import Check, size
from writer_app.craft.context import CountTokens
from writer_app.craft.honesty import SAMPLE
from writer_app.craft.layout import Layout
from writer_app.craft.question import Plan
from writer_app.craft.recipe import Phrase
from writer_app.craft.samplers import UNTOUCHED, Overrides
from writer_app.craft.transform import Result, Transform
from writer_app.engine.protocol import Generate, Loaded, Message, Part, Sampling
from writer_app.errors import BadChoice, LanguageMismatch, PassageTooLong, WishMissing
from writer_app.language import TEXT_LANGUAGES
from writer_app.text.script import in_language, language_of

#: Characters of what precedes a passage that the model is shown.
_BEFORE = {"zh": 160}
_BEFORE_LATIN = 500
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
        return language_of(self.passage)

    @property
    def target(self) -> str:
        """Language that the answer should be in: ISO code, or ``""`` where any will do."""
        if self.recipe.translates and self.recipe.parameter:
            choice = self.recipe.parameter.find(self.wish)
            return choice.id if choice else ""
        return self.language

    @property
    def sample(self) -> str:
        """The text by which the model's languages are judged."""
        return in_language(self.passage[:SAMPLE], self.language)

    @property
    def terms(self) -> tuple[tuple[str, str], ...]:
        """What of the glossary occurs in the passage."""
        passage = self.passage.casefold()
        return tuple(each for each in self.glossary if each[0].casefold() in passage)

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
        turns = self._turns(model)
        read = sum(count([turn.content for turn in turns])) + _FRAME
        written = self._most(count)
        if read + written * self.candidates > model.context:
            raise PassageTooLong(count=size(self.passage), model=model.name)
        passage = self.passage
        seeded = self.seed is not None
        request = Generate(
            id=request_id,
            chat=turns if model.has_template else (),
            parts=() if model.has_template else (Part("prompt", _plain(turns)),),
            sampling=self._sampling(model),
            max_tokens=written,
            stop=(f"</{self._tag}", f"\n<{self._tag}", *self._line_end, *self.recipe.stop),
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
    def _tag(self) -> str:
        """What the answer stands between; one that the passage does not have itself."""
        kinds = {Result.ANSWER: "answer", Result.LIST: "list"}
        tag = kinds.get(self.recipe.result, "text")
        while f"</{tag}" in self.passage:
            tag += "-"
        return tag

    @property
    def _line_end(self) -> tuple[str, ...]:
        """One line stays one where paragraphs are to be kept: what a small model says after it is of no use."""
        kept = Check.PARAGRAPHS in self.recipe.checks and "\n" not in self.passage
        return ("\n",) if kept else ()

    @property
    def _repeats(self) -> bool:
        """Whether much of the passage comes again, so that it serves as a draft."""
        return self.recipe.result is Result.REPLACE and not self.recipe.translates

    def _refuse(self, model: Loaded) -> None:
        parameter = self.recipe.parameter
        if parameter and parameter.needed and not self.wish.strip():
            raise WishMissing(recipe=self.recipe.id)
        if parameter and parameter.choices and not parameter.free and not parameter.find(self.wish):
            known = ", ".join(each.id for each in parameter.choices)
            raise BadChoice(wish=self.wish, known=known)
        declared = {code[:2] for code in model.languages}
        if self.recipe.translates and declared and self.target not in declared and not self.anyway:
            language = TEXT_LANGUAGES.get(self.target, self.target)
            raise LanguageMismatch(model=model.name, language=language)

    def _turns(self, model: Loaded) -> tuple[Message, ...]:
        tongue = "zh" if self.language == "zh" else "en"
        order = self._order(tongue)
        context = "" if _is_small(model) else self._context(tongue)
        asked = f"{order}\n\n{context}<text>\n{self.passage}\n</text>"
        begun = Message("assistant", f"<{self._tag}>\n")
        if model.has_template:
            return (Message("system", _EDITOR.in_language(tongue)), Message("user", asked), begun)
        shown: list[Message] = []
        for each in self.recipe.examples:
            if each.language == tongue:
                shown += (
                    Message("user", f"{order}\n\n<text>\n{each.before}\n</text>"),
                    Message("assistant", f"<{self._tag}>\n{each.after}\n</{self._tag}>"),
                )
        return (*shown, Message("user", f"{order}\n\n<text>\n{self.passage}\n</text>"), begun)

    def _sampling(self, model: Loaded) -> Sampling:
        sampling = self.recipe.sampling
        temperature = sampling.temperature
        if _is_small(model) and self.recipe.result is not Result.LIST:
            temperature = min(_COOL, temperature)
        if self.candidates > 1:
            temperature = max(_VARIED, temperature)
        fitting = msgspec.structs.replace(sampling, temperature=temperature)
        return self.overrides.applied_to(fitting)

    def _order(self, tongue: str) -> str:
        """The instruction with what she chose in it."""
        assert self.recipe.instruction
        order = self.recipe.instruction.in_language(tongue)
        words = self._words(tongue)
        if "{choice}" in order:
            order = order.replace("{choice}", words)
        elif words:
            order = f"{order} {words}" if tongue == "en" else order + words
        if self.terms:
            terms = "; ".join(f"{term} = {meant}" for term, meant in self.terms)
            order += _TERMS.in_language(tongue).replace("{terms}", terms)
        return order

    def _words(self, tongue: str) -> str:
        parameter, wish = self.recipe.parameter, self.wish.strip()
        choice = parameter.find(wish) if parameter else None
        return choice.words.in_language(tongue) if choice and choice.words else wish

    def _context(self, tongue: str) -> str:
        """What precedes the passage in the same chapter, from the beginning of a sentence on."""
        reach = _BEFORE.get(tongue, _BEFORE_LATIN)
        before = self.text[: self.span[0]] if self.before is None else self.before
        before = before[-reach:].rpartition("\n#")[2].strip()
        if len(before) == reach:
            before = before[max(0, before.find(" ")) :] if tongue == "en" else before
        if not before or self.recipe.result in (Result.ANSWER, Result.LIST):
            return ""
        return _CONTEXT.in_language(tongue).replace("{before}", before.strip())

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
    if recipe.result in (Result.ANSWER, Result.LIST):
        return recipe.checks
    return (Check.LENGTH, *recipe.checks)


def _is_small(model: Loaded) -> bool:
    return 0 < model.parameters < _SMALL


def _plain(turns: tuple[Message, ...]) -> str:
    """The turns as one text, for a model that knows no turns."""
    *said, begun = turns
    return "\n\n".join([*(turn.content for turn in said), begun.content])
