"""Outlining: from a method and what there is of an outline to one question, and from the answer to a title and a sentence.

The tree is ours. It is made with empty places, as many and as deep as was asked for, and each question fills one: the
model writes a title and a sentence, or the sentence alone where the method has named the place. A grammar bounds both,
so no answer, of however small a model, can break the tree, run on or bring in markup. What it cannot bound is told by
:func:`flaws`, asked again once, and then mended by rule.

A model of 135 M given instructions talks about the story ("The opening image sets the context"); shown the method's
example as plain text it goes on telling one. So small models, like those without a template, get the example. Asked
for the title first, it invents any tale that the title suggests: of chapters under an act, 51 % had a word of the
premise, and 77 % with the sentence first and the premise right before it.
"""

import re
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Literal

import msgspec

from writer_app.craft.context import CountTokens
from writer_app.craft.honesty import SAMPLE
from writer_app.craft.layout import Layout
from writer_app.craft.method import Level, Method, Slot
from writer_app.craft.question import Plan
from writer_app.craft.recipe import Phrase
from writer_app.craft.samplers import UNTOUCHED, Overrides
from writer_app.engine.protocol import Generate, Loaded, Message, Part, Sampling
from writer_app.errors import PassageTooLong
from writer_app.story.outline import Node, Outline
from writer_app.text.script import in_language, language_of

#: Places that are no nodes; ids of nodes have no star.
LOGLINE, SYNOPSIS = "*logline", "*synopsis"
#: Below so many parameters a model is shown examples rather than told; see :mod:`~writer_app.craft.rewriting`.
_SMALL = 1_000_000_000
_COOL = 0.6
#: Cooler than this, several candidates come out the same.
_VARIED = 0.7
#: Tokens that no answer needs: the grammar ends it before. And tokens of a template.
_MOST, _FRAME = 420, 64
#: Characters of a premise that a model is told; what is longer is a synopsis.
_PREMISE = 2_000
#: A sentence that is so like another one says the same.
_ALIKE = 0.8
#: What is banned of a sibling's sentence: its first words, or characters.
_OPENING_WORDS, _OPENING_HAN = 4, 6

_LOGLINE = Phrase(en="In one sentence:", zh="一句话：")
_SYNOPSIS = Phrase(en="In short:", zh="梗概：")
_ONE_LINE = Phrase(
    en="Write one plain sentence for each line: who does what, and what comes of it. No comments.",
    zh="每行写一句话：谁做了什么，结果如何。不要评论。",
)
_TITLED = Phrase(
    en="Each line is one plain sentence (who does what, and what comes of it) and a short title in brackets. No comments.",
    zh="每行先写一句话（谁做了什么，结果如何），再把简短的标题写在括号里。不要评论。",
)
_LATER = Phrase(en="What follows is settled:", zh="后面已经定好：")
_NUMBERED = Phrase(en="{name} {number}", zh="第{number}{name}")
#: What small models write about a story instead of telling it.
_ABOUT = {
    "en": ("the protagonist", "the story", "the narrative", "the reader", "the main character"),
    "zh": ("主人公将", "故事讲述", "本章", "读者"),
}

# No control characters, no markup, nothing that is not seen; a full stop only where the sentence ends.
_NOT = r"\n\r\t\\<>\[\]{}|*#_`~^=@\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ufff0-\uffff"
_LATIN = rf"""
title ::= [^{_NOT}.!?:;,()&"“”‘’' a-z\u2e80-\U0010ffff] [^{_NOT}.!?:;()&"“”\u2e80-\U0010ffff]{{2,44}}
sentence ::= [^{_NOT}.!?:;,"“”'’ a-z\u2e80-\U0010ffff] unit{{30,180}} [.!?]
unit ::= [^{_NOT}.!?:()"“”\u2e80-\U0010ffff] | "Mr." | "Mrs." | "Ms." | "Dr." | "St."
"""
_HAN = r"""
title ::= [㐀-鿿] [㐀-鿿0-9A-Za-z·，]{1,11}
sentence ::= [㐀-鿿《0-9] [㐀-鿿，、；《》·—…0-9A-Za-z ]{9,68} [。！？]
"""
_OTHER = rf"""
title ::= [^{_NOT}.!?:。：！？() ] [^{_NOT}.!?:。：！？()]{{1,32}}
sentence ::= [^{_NOT}.!?:。：！？() ] [^{_NOT}.!?。！？()]{{9,150}} [.!?。！？]
"""
#: Characters, with its end, from which on a sentence was ended by the grammar.
_FULL = {"en": 182, "zh": 70, "": 152}


class Flaw(StrEnum):
    """What can be wrong with an answer that its grammar lets pass."""

    TITLE_EMPTY = "title_empty"
    TITLE_REPEATED = "title_repeated"
    REPEATED = "repeated"
    ECHO = "echo"
    FOREIGN = "foreign"
    CUT = "cut"
    EMPTY = "empty"


@dataclass(frozen=True)
class Words:
    """What an answer says; ``title`` is empty where only a sentence was asked for."""

    title: str
    summary: str


@dataclass(frozen=True)
class Filling:
    """One place of an outline that is to be written.

    Attributes:
        method: How it is outlined.
        outline: What there is of it.
        place: Id of the node, or :data:`LOGLINE` or :data:`SYNOPSIS`.
        candidates: Answers written at once, 1 to 4.
        seed: Chosen by the writer: the same text every time, ``None`` for another one each time.
        drawn_seed: Taken where she chose none; ``None`` lets the engine draw.
        overrides: What she sets of the samplers; goes before the method's.
        model: Path of the model; empty takes what fits the text.
        anyway: Ask even in a language the model cannot write.
        project: The project that what is read belongs to; empty for none.
        bans: Phrases and ``/patterns/`` that are never written, besides those of the method.
        saving: Spare the battery.
    """

    method: Method
    outline: Outline
    place: str
    candidates: int = 1
    seed: int | None = None
    drawn_seed: int | None = None
    overrides: Overrides = UNTOUCHED
    model: str = ""
    anyway: bool = False
    project: str = ""
    bans: tuple[str, ...] = ()
    saving: bool = False

    @property
    def language(self) -> str:
        """Language of the outline, ``""`` if there are no letters yet."""
        said = self.outline
        return language_of(f"{said.premise}\n{said.logline}\n{said.synopsis}")

    @property
    def languages(self) -> tuple[str, ...]:
        """The one language that the model has to know."""
        return (self.language,)

    @property
    def sample(self) -> str:
        """The words by which the language is judged."""
        said = f"{self.outline.premise} {self.outline.logline}"
        return in_language(said[:SAMPLE], self.language)

    @property
    def tongue(self) -> Literal["en", "zh"]:
        """The language in which the model is spoken to, and in which slots are named."""
        return "zh" if self.language == "zh" else "en"

    @property
    def node(self) -> Node | None:
        """The node to be written; ``None`` for a step before the tree."""
        return None if self.place in (LOGLINE, SYNOPSIS) else self.outline[self.place]

    @property
    def slot(self) -> Slot | None:
        """The slot that the node stands in."""
        return slot_of(self.method, self.outline, self.place) if self.node else None

    @property
    def is_titled(self) -> bool:
        """Whether a title is asked for: the method has not given it, and she has not locked it."""
        return bool(self.node) and not self.slot

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
            PassageTooLong: What there is does not fit into the model's context together with an answer.
        """
        turns = () if is_shown(model) else self._turns()
        shown = "" if turns else self._shown(is_small=_is_small(model))
        read = sum(count([turn.content for turn in turns] or [shown])) + _FRAME
        if read + _MOST * self.candidates > model.context:
            raise PassageTooLong(
                count=len(shown) or sum(len(t.content) for t in turns), model=model.name
            )
        request = Generate(
            id=request_id,
            chat=turns,
            parts=(Part("prompt", shown),) if shown else (),
            sampling=self._sampling(model),
            max_tokens=_MOST,
            stop=self.method.stop,
            bans=self._bans(),
            grammar=self.grammar,
            seed=self.drawn_seed if self.seed is None else self.seed,
            repeatable=self.seed is not None,
            alternatives=self.candidates,
            project=self.project,
            saving=self.saving,
        )
        return Plan(request, layouts=earlier)

    @property
    def grammar(self) -> str:
        """What an answer may be: one line."""
        is_chinese = self.tongue == "zh"
        space, opens, closes = ('""', '"（"', '"）"') if is_chinese else ('" "', '" ("', '")"')
        line = f"sentence {opens} title {closes}" if self.is_titled else "sentence"
        if self.place == SYNOPSIS:
            line = " ".join(["sentence", f"{space} sentence", f"{space} sentence"])
        return f'root ::= {space} {line} "\\n"\n{sentence_rules(self.language)}\n'

    def parse(self, answer: str) -> Words:
        """What an answer says, also one that was stopped anywhere; never refuses."""
        line = next((each for each in answer.strip().split("\n") if each.strip()), "")
        line = re.sub(r"\s+", " ", line).strip()
        if not self.is_titled:
            return Words("", line)
        summary, _mark, title = line.partition("（" if self.tongue == "zh" else " (")
        return Words(title.strip(" ,-–—'’，()（）"), summary.strip())

    def flaws(self, words: Words) -> tuple[Flaw, ...]:
        """What is wrong with an answer."""
        found: list[Flaw] = []
        if self.node and self.is_titled:
            if len(words.title) < 2:
                found.append(Flaw.TITLE_EMPTY)
            others = {_plain(each.title) for each in self.outline.walk() if each is not self.node}
            if _plain(words.title) in others:
                found.append(Flaw.TITLE_REPEATED)
        if not words.summary:
            return (*found, Flaw.EMPTY)
        if self.place != SYNOPSIS and is_full(words.summary, self.language):
            found.append(Flaw.CUT)
        if self.node and any(
            _is_like(words.summary, each.summary)
            for each in self.outline.walk()
            if each is not self.node
        ):
            found.append(Flaw.REPEATED)
        if any(_is_like(words.summary, each) for each in self._told()):
            found.append(Flaw.ECHO)
        if any(name in words.summary or name in words.title for name in self._strangers()):
            found.append(Flaw.FOREIGN)
        return tuple(found)

    def mended(self, words: Words) -> Words:
        """An answer that can stand, whatever is wrong with it: by rule, from the method's own words."""
        wrong = set(self.flaws(words))
        title, summary = words.title, words.summary
        if wrong & {Flaw.TITLE_EMPTY, Flaw.TITLE_REPEATED}:
            title = self._own_title()
        if Flaw.CUT in wrong:
            summary = closed(summary, self.tongue)
        if wrong & {Flaw.EMPTY, Flaw.ECHO} and self.slot:
            summary = self.slot.hint.in_language(self.tongue)
        elif Flaw.EMPTY in wrong:
            summary = title or self.outline.premise[:_PREMISE]
        return Words(title, summary)

    def filled(self, words: Words) -> Outline:
        """The outline with an answer in its place."""
        if self.place == LOGLINE:
            return self.outline.with_words(logline=words.summary)
        if self.place == SYNOPSIS:
            return self.outline.with_words(synopsis=words.summary)
        title = {"title": words.title} if words.title else {}
        return self.outline.replace(self.place, summary=words.summary, **title)

    # -- inside ---------------------------------------------------------------------------------

    def _turns(self) -> tuple[Message, ...]:
        tongue = self.tongue
        order = {LOGLINE: self.method.logline, SYNOPSIS: self.method.synopsis}.get(self.place)
        asked = [self._about(whole=True)]
        if order is None:
            level = self._level
            asked += [_lines_of(self._above, tongue), self._order(level)]
            later = [line for line in self._rows()[1] if line]
            if later:
                asked.append("\n".join([_LATER.in_language(tongue), *later]))
        else:
            asked.append(order.in_language(tongue))
        begun = "\n".join([*self._rows()[0], self._label])
        return (
            Message("system", self.method.role.in_language(tongue)),
            Message("user", "\n\n".join(filter(None, asked))),
            Message("assistant", begun),
        )

    def _order(self, level: Level) -> str:
        """What is to be written on a level, with the purpose of every slot."""
        tongue = self.tongue
        rule = (_ONE_LINE if level.slots else _TITLED).in_language(tongue)
        slots = [
            f"{_numbered(number, tongue)}{_titled(slot.title.in_language(tongue), slot.hint.in_language(tongue), tongue)}"
            for number, slot in enumerate(level.slots, 1)
        ]
        count = str(len(self.outline.siblings(self.place)))
        order = level.order.in_language(tongue).replace("{count}", count)
        return "\n".join([order, rule, *slots])

    def _shown(self, *, is_small: bool) -> str:
        """The method's example, then the outline in the same form, up to the place."""
        tongue = self.tongue
        example = self.method.example
        head = [f"{self._work}{example.premise.in_language(tongue)}"]
        if self.node is None or not is_small:
            head += [
                _joined(_LOGLINE, example.logline, tongue),
                _joined(_SYNOPSIS, example.synopsis, tongue),
            ]
        own = [*self._rows()[1], *self._rows()[0], self._label]
        if self.node is None:
            return "\n".join([*head, "", self._about(whole=True), *own])
        # What it is all about stands next to the list: farther off, 135 M forgets it on the second level.
        above = [_titled(each.title, each.summary, tongue) for each in self._above]
        rows = self._example_rows()
        shown = [*rows[: len(above)], *head, *rows[len(above) :]]
        return "\n".join([*shown, "", *above, self._about(whole=not is_small), *own])

    def _example_rows(self) -> list[str]:
        """The example down to the level of the place."""
        tongue, depth = self.tongue, len(self.outline.path(self.place)) - 1
        rows = [
            _titled(*_example_of(level, tongue)[0], tongue) for level in self.method.levels[:depth]
        ]
        row = _example_of(self._level, tongue)
        return [
            *rows,
            *(
                f"{_numbered(n, tongue)}{_listed(*each, tongue, named=bool(self._level.slots))}"
                for n, each in enumerate(row, 1)
            ),
        ]

    @property
    def _work(self) -> str:
        return self.method.work.in_language(self.tongue) + ("：" if self.tongue == "zh" else ": ")

    @property
    def _level(self) -> Level:
        return level_of(self.method, len(self.outline.path(self.place)) - 1)

    def _about(self, *, whole: bool) -> str:
        """What is known of the book before the place."""
        said = self.outline
        lines = [f"{self._work}{' '.join(said.premise[:_PREMISE].split())}"]
        if whole and said.logline and self.place != LOGLINE:
            lines.append(_joined(_LOGLINE, said.logline, self.tongue))
        if whole and said.synopsis and self.node:
            lines.append(_joined(_SYNOPSIS, said.synopsis, self.tongue))
        return "\n".join(lines)

    @property
    def _above(self) -> tuple[Node, ...]:
        return self.outline.path(self.place)[:-1]

    def _rows(self) -> tuple[list[str], list[str]]:
        """The written siblings before the place and behind it, a line each, with their numbers."""
        if self.node is None:
            return [], []
        row = self.outline.siblings(self.place)
        at = next(number for number, each in enumerate(row) if each.id == self.place)
        lines = [
            f"{_numbered(number, self.tongue)}{_listed(each.title, each.summary, self.tongue, named=bool(each.slot))}"
            if each.summary
            else ""
            for number, each in enumerate(row, 1)
        ]
        return list(filter(None, lines[:at])), list(filter(None, lines[at + 1 :]))

    @property
    def _label(self) -> str:
        """How the line of the place begins."""
        tongue = self.tongue
        if self.node is None:
            return (_LOGLINE if self.place == LOGLINE else _SYNOPSIS).in_language(tongue)
        row = self.outline.siblings(self.place)
        number = 1 + next(at for at, each in enumerate(row) if each.id == self.place)
        if self.is_titled:
            return _numbered(number, tongue).rstrip(" ")
        return f"{_numbered(number, tongue)}{self.node.title}" + ("：" if tongue == "zh" else ":")

    def _sampling(self, model: Loaded) -> Sampling:
        sampling = self.method.sampling
        temperature = sampling.temperature
        if _is_small(model):
            temperature = min(_COOL, temperature)
        if self.candidates > 1:
            temperature = max(_VARIED, temperature)
        return self.overrides.applied_to(msgspec.structs.replace(sampling, temperature=temperature))

    def _bans(self) -> tuple[str, ...]:
        tongue = self.tongue
        said = f"{self.outline.premise} {self.outline.logline}".casefold()
        about = (each for each in _ABOUT[tongue] if each.casefold() not in said)
        openings = (
            _opening(each.summary, tongue)
            for each in (self.outline.siblings(self.place) if self.node else ())
            if each is not self.node
        )
        of_method = self.method.bans.in_language(tongue)
        own = (*of_method, *about, *self._strangers(), *filter(None, openings), *self.bans)
        return tuple(dict.fromkeys(own))

    def _strangers(self) -> tuple[str, ...]:
        """Names of the example that this outline has not got by itself."""
        said = self.outline
        known = " ".join([said.premise, said.logline, said.synopsis])
        names = self.method.example.names.in_language(self.tongue)
        return tuple(name for name in names if name.casefold() not in known.casefold())

    def _told(self) -> tuple[str, ...]:
        """Sentences that the model was shown, which are no answer."""
        tongue = self.tongue
        example = self.method.example
        said = [example.logline.in_language(tongue), example.premise.in_language(tongue)]
        if self.node is not None:
            said += [self.outline.premise, self.outline.logline]
            said += [slot.hint.in_language(tongue) for slot in self._level.slots]
            said += [summary for _title, summary in _example_of(self._level, tongue)]
        return tuple(filter(None, said))

    def _own_title(self) -> str:
        """A title by rule: what the level is called, and the number among all that are called so."""
        name = self._level.name.in_language(self.tongue)
        depth = len(self.outline.path(self.place))
        row = [each for each in self.outline.walk() if len(self.outline.path(each.id)) == depth]
        number = 1 + next(at for at, each in enumerate(row) if each.id == self.place)
        return _NUMBERED.in_language(self.tongue).format(name=name, number=number)


class Growing:
    """An outline that is written place after place.

    Args:
        asked: The first place, and all that holds for every question.
        places: What is to be written, in this order; what is locked is passed over.

    Attributes:
        outline: What there is so far; she may change it meanwhile.
        retried: How many answers were asked for again, and ``mended``: mended by rule.
    """

    def __init__(self, asked: Filling, places: tuple[str, ...]) -> None:
        self.outline = asked.outline
        self.retried = self.mended = 0
        self._asked = asked
        self._places = list(places)
        self._first: Words | None = None
        self._count = 0

    @property
    def left(self) -> int:
        """How many places are to be written yet."""
        return sum(1 for place in self._places if self._is_open(place))

    def question(self) -> Filling | None:
        """What is to be asked next; ``None`` when all is written."""
        while self._places and not self._is_open(self._places[0]):
            del self._places[0]
        if not self._places:
            return None
        seeds = (self._later(self._asked.seed), self._later(self._asked.drawn_seed))
        place = self._places[0]
        return replace(
            self._asked, outline=self.outline, place=place, seed=seeds[0], drawn_seed=seeds[1]
        )

    def take(self, answer: str) -> bool:
        """Take the answer to :meth:`question`; ``False`` where the place is to be asked once more."""
        question = self.question()
        assert question
        self._count += 1
        words = question.parse(answer)
        wrong = question.flaws(words)
        if wrong and self._first is None:
            self._first = words
            self.retried += 1
            return False
        if wrong:
            assert self._first
            self.mended += 1
            words = min((self._first, words), key=lambda each: len(question.flaws(each)))
            words = question.mended(words)
        self._first = None
        self.outline = question.filled(words)
        del self._places[0]
        return True

    def _later(self, seed: int | None) -> int | None:
        """Another seed for every question, the same ones each time."""
        return None if seed is None else (seed + self._count) % 2**32

    def _is_open(self, place: str) -> bool:
        if place in (LOGLINE, SYNOPSIS):
            return True
        return place in self.outline and not self.outline[place].locked


def level_of(method: Method, depth: int) -> Level:
    """The level ``depth`` below the root's children; what is deeper than the method goes is as its last level."""
    return method.levels[min(depth, len(method.levels) - 1)]


def slot_of(method: Method, outline: Outline, node: str) -> Slot | None:
    """The slot that a node stands in."""
    depth = len(outline.path(node)) - 1
    number = outline[node].slot
    slots = method.levels[depth].slots if depth < len(method.levels) else ()
    return slots[number - 1] if 0 < number <= len(slots) else None


def sprouted(
    method: Method, outline: Outline, under: str, count: int | None, tongue: str
) -> tuple[Outline, tuple[str, ...]]:
    """With empty children for a node (for the tree, where ``under`` is empty) that has none, and their ids.

    Args:
        method: Names and counts them.
        outline: Where to.
        under: The node.
        count: How many; ``None`` for as many as is usual. Slots are always all of them.
        tongue: ``en`` or ``zh``: in which slots are named.
    """
    level = level_of(method, len(outline.path(under)) if under else 0)
    wanted = level.count if count is None or level.slots else count
    ids = outline.new_ids(wanted)
    titles = [slot.title.in_language(tongue) for slot in level.slots] or [""] * wanted
    nodes = (
        Node(
            id=each,
            title=title,
            becomes=level.becomes,
            slot=number if level.slots else 0,
        )
        for number, (each, title) in enumerate(zip(ids, titles, strict=True), 1)
    )
    return outline.insert(under, 0, *nodes), ids


def grown(
    method: Method, outline: Outline, counts: tuple[int | None, ...], tongue: str
) -> tuple[Outline, tuple[str, ...]]:
    """With a whole empty tree, and its places in the order in which they are best written: level by level.

    Args:
        method: As for :func:`sprouted`.
        outline: Which has no nodes yet.
        tongue: ``en`` or ``zh``: in which slots are named.
        counts: Children of a node on each level; ``None`` for as many as is usual. Its length is the depth.
    """
    row: tuple[str, ...] = ("",)
    places: list[str] = []
    for count in counts:
        below: list[str] = []
        for under in row:
            outline, ids = sprouted(method, outline, under, count, tongue)
            below += ids
        row = tuple(below)
        places += below
    return outline, tuple(places)


def sentence_rules(language: str) -> str:
    """The rules ``title`` and ``sentence`` of a grammar, for a language."""
    return _RULES[_script(language)].strip()


def is_full(sentence: str, language: str) -> bool:
    """Whether a sentence is so long that the grammar has ended it."""
    return len(sentence) >= _FULL[_script(language)]


# -- inside ---------------------------------------------------------------------------------------

_RULES = {"en": _LATIN, "zh": _HAN, "": _OTHER}


def _script(language: str) -> str:
    if language == "zh":
        return "zh"
    return "" if language in ("ja", "ko", "other", "th") else "en"


def _is_small(model: Loaded) -> bool:
    return 0 < model.parameters < _SMALL


def is_shown(model: Loaded) -> bool:
    """Whether a model is shown examples as plain text rather than told what to do."""
    return not model.has_template or _is_small(model)


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def _is_like(one: str, other: str) -> bool:
    first, second = _plain(one), _plain(other)
    if not first or not second:
        return False
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    return matcher.real_quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE


def _opening(summary: str, tongue: str) -> str:
    """The beginning of a sentence; empty for one so short that it is nothing of its own."""
    if tongue == "zh":
        return summary[:_OPENING_HAN] if len(summary) > _OPENING_HAN else ""
    words = summary.split()
    return " ".join(words[:_OPENING_WORDS]) if len(words) > _OPENING_WORDS else ""


def closed(summary: str, tongue: str) -> str:
    """A sentence that was ended anywhere, ended behind its last clause, or openly."""
    body, full_stop = summary.rstrip(".!?。！？ "), "。" if tongue == "zh" else "."
    clause = max(body.rfind(mark) for mark in (",", ";", "，", "；"))
    if clause > len(body) // 2:
        return body[:clause].rstrip() + full_stop
    whole = body if tongue == "zh" else body.rpartition(" ")[0]
    return whole.rstrip(" ,;，；") + "…"


def _example_of(level: Level, tongue: str) -> list[tuple[str, str]]:
    """Titles and sentences of the example on a level."""
    if level.slots:
        return [(s.title.in_language(tongue), s.example.in_language(tongue)) for s in level.slots]
    return [(s.title.in_language(tongue), s.summary.in_language(tongue)) for s in level.samples]


def _numbered(number: int, tongue: str) -> str:
    return f"{number}、" if tongue == "zh" else f"{number}. "


def _titled(title: str, summary: str, tongue: str) -> str:
    return f"{title}：{summary}" if tongue == "zh" else f"{title}: {summary}"


def _listed(title: str, summary: str, tongue: str, *, named: bool) -> str:
    """A line of a list: what has a name of its own begins with it; else the title follows from what happens."""
    if named:
        return _titled(title, summary, tongue)
    return f"{summary}（{title}）" if tongue == "zh" else f"{summary} ({title})"


def _joined(label: Phrase, text: Phrase | str, tongue: str) -> str:
    said = text if isinstance(text, str) else text.in_language(tongue)
    return label.in_language(tongue) + ("" if tongue == "zh" else " ") + said


def _lines_of(nodes: tuple[Node, ...], tongue: str) -> str:
    return "\n".join(_titled(each.title, each.summary, tongue) for each in nodes)
