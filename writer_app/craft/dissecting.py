"""Outlining what is written already: five small questions about each chapter, the answers bounded by a grammar.

The chapter stands first, as much of its beginning and end as is read in a few seconds, so that all five questions share
what is read; each begins the answer with the name of a field. What is to be chosen is chosen among words; what is to be
told is told in one sentence. Somebody else's book may be read like this too: only the notes are kept, and a method made
of them holds no word of its text.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import msgspec
import tomli_w

from writer_app.craft.context import CountTokens
from writer_app.craft.honesty import SAMPLE
from writer_app.craft.layout import Layout
from writer_app.craft.method import Method
from writer_app.craft.outlining import closed, is_full, is_shown, sentence_rules
from writer_app.craft.question import Plan
from writer_app.craft.recipe import Phrase
from writer_app.engine.protocol import Generate, Loaded, Message, Part, Sampling
from writer_app.story.dissection import Chapter, Finding
from writer_app.text.script import in_language, language_of

#: Tokens of a chapter that are read, of its beginning and its end together; small models lose their way in more.
_READ, _READ_SMALL = 1_500, 500
_MOST, _FRAME = 420, 128
_SAMPLING = Sampling(
    temperature=0.5,
    min_p=0.1,
    repeat_penalty=1.1,
    penalty_last_n=64,
    dry_multiplier=0.8,
    dry_allowed_length=3,
)

#: What can be chosen, by id.
FUNCTIONS = {
    "setup": Phrase(en="setup", zh="铺垫"),
    "complication": Phrase(en="complication", zh="发展"),
    "confrontation": Phrase(en="confrontation", zh="冲突"),
    "revelation": Phrase(en="revelation", zh="揭示"),
    "reversal": Phrase(en="reversal", zh="反转"),
    "climax": Phrase(en="climax", zh="高潮"),
    "resolution": Phrase(en="resolution", zh="收束"),
    "breather": Phrase(en="breather", zh="过渡"),
}
HOOKS = {
    "question": Phrase(en="an open question", zh="悬念"),
    "danger": Phrase(en="a danger", zh="危机"),
    "decision": Phrase(en="a decision", zh="抉择"),
    "discovery": Phrase(en="a discovery", zh="发现"),
    "arrival": Phrase(en="an arrival", zh="来人"),
    "rest": Phrase(en="a point of rest", zh="平静"),
}
PACES = {
    "slow": Phrase(en="slow", zh="舒缓"),
    "even": Phrase(en="even", zh="平稳"),
    "fast": Phrase(en="fast", zh="紧凑"),
}
_CHOICES = {"function": FUNCTIONS, "hook": HOOKS, "pace": PACES}
#: The fields in the order in which they are asked for, each with how its line begins.
FIELDS = {
    "summary": Phrase(en="What happens:", zh="情节："),
    "conflict": Phrase(en="Conflict:", zh="冲突："),
    "function": Phrase(en="Function in the book:", zh="本章作用："),
    "hook": Phrase(en="The chapter ends with", zh="章末留下："),
    "pace": Phrase(en="Pace:", zh="节奏："),
}
_READER = Phrase(
    en="You read a book as an editor does. You say plainly who does what, and fill in the form.",
    zh="你以编辑的眼光读书，直说谁做了什么，并填写表格。",
)
_NOTES = Phrase(en="Notes on this chapter", zh="本章笔记")
_CHOOSE = Phrase(en="One of: {all}.", zh="从中选一：{all}。")


@dataclass(frozen=True)
class Noting:
    """One field about one chapter. Attributes not named here are those of every question.

    Attributes:
        chapter: What is read.
        finding: What is known of it.
        field: What is asked.
    """

    chapter: Chapter
    finding: Finding
    field: str
    seed: int | None = None
    model: str = ""
    anyway: bool = False
    project: str = ""
    saving: bool = False

    @property
    def language(self) -> str:
        """Language of the chapter."""
        return language_of(self.chapter.text[:2_000])

    @property
    def languages(self) -> tuple[str, ...]:
        """The one language that the model has to know."""
        return (self.language,)

    @property
    def sample(self) -> str:
        """The words by which the language is judged."""
        return in_language(self.chapter.text[:SAMPLE], self.language)

    @property
    def tongue(self) -> Literal["en", "zh"]:
        """The language in which the model is spoken to."""
        return "zh" if self.language == "zh" else "en"

    @property
    def grammar(self) -> str:
        """One sentence, or one of the words."""
        space = '""' if self.tongue == "zh" else '" "'
        if choices := _CHOICES.get(self.field):
            words = " | ".join(f'"{each.in_language(self.tongue)}"' for each in choices.values())
            return f'root ::= {space} ({words}) "\\n"\n'
        return f'root ::= {space} sentence "\\n"\n{sentence_rules(self.language)}\n'

    def plan(
        self,
        model: Loaded,
        count: CountTokens,
        request_id: int,
        pace: float | None = None,
        earlier: tuple[Layout, ...] = (),
    ) -> Plan:
        """The request for ``model``."""
        room = model.context - _MOST - _FRAME - 200
        most = _READ_SMALL if is_shown(model) else _READ
        text = excerpt(self.chapter.text, count, min(most, max(200, room)))
        tongue = self.tongue
        known = [
            f"{label.in_language(tongue)}{'' if tongue == 'zh' else ' '}{said}"
            for field, label in FIELDS.items()
            if field != self.field and (said := self._said(field))
        ]
        begun = "\n".join([*known, FIELDS[self.field].in_language(tongue)])
        turns: tuple[Message, ...] = ()
        parts: tuple[Part, ...] = ()
        head = f"{self.chapter.title}\n\n{text}\n\n{_NOTES.in_language(tongue)}"
        if is_shown(model):
            parts = (Part("prompt", f"{head}\n{begun}"),)
        else:
            forms = [self._form(field) for field in FIELDS]
            turns = (
                Message("system", _READER.in_language(tongue)),
                Message("user", "\n".join([head, *forms])),
                Message("assistant", begun),
            )
        request = Generate(
            id=request_id,
            chat=turns,
            parts=parts,
            sampling=_SAMPLING,
            max_tokens=_MOST,
            grammar=self.grammar,
            seed=self.seed,
            repeatable=self.seed is not None,
            project=self.project,
            saving=self.saving,
        )
        return Plan(request, layouts=earlier)

    def filled(self, answer: str) -> Finding:
        """The finding with an answer in it; never refuses."""
        said = " ".join(answer.split())
        choices = _CHOICES.get(self.field)
        if choices is None:
            if is_full(said, self.language):
                said = closed(said, self.tongue)
            return msgspec.structs.replace(self.finding, **{self.field: said or "…"})
        ids = (key for key, each in choices.items() if each.in_language(self.tongue) == said)
        return msgspec.structs.replace(self.finding, **{self.field: next(ids, list(choices)[-1])})

    def _said(self, field: str) -> str:
        value: str = getattr(self.finding, field)
        choices = _CHOICES.get(field)
        return choices[value].in_language(self.tongue) if choices and value in choices else value

    def _form(self, field: str) -> str:
        label = FIELDS[field].in_language(self.tongue)
        if choices := _CHOICES.get(field):
            words = [each.in_language(self.tongue) for each in choices.values()]
            joined = ("、" if self.tongue == "zh" else ", ").join(words)
            return f"{label} {_CHOOSE.in_language(self.tongue).replace('{all}', joined)}"
        return label


class Dissecting:
    """A book that is read chapter after chapter.

    Args:
        chapters: All of them.
        known: What was found out before, by hash; what is whole is not asked again.
        asked: What holds for every question.

    Attributes:
        findings: Of every chapter, in order, as far as they are known.
    """

    def __init__(
        self, chapters: Sequence[Chapter], known: dict[str, Finding], asked: Noting | None = None
    ) -> None:
        self._chapters = tuple(chapters)
        self._asked = asked
        fresh = [chapter.finding for chapter in chapters]
        self.findings = [known.get(each.digest, each) for each in fresh]

    @property
    def done(self) -> int:
        """How many chapters are read."""
        return sum(each.is_whole for each in self.findings)

    def question(self) -> Noting | None:
        """What is to be asked next; ``None`` when all is read."""
        at = self._at()
        if at is None:
            return None
        finding = self.findings[at]
        field = next(each for each in FIELDS if not getattr(finding, each))
        if self._asked is None:
            return Noting(self._chapters[at], finding, field)
        return replace(self._asked, chapter=self._chapters[at], finding=finding, field=field)

    def take(self, answer: str) -> bool:
        """Take the answer to :meth:`question`; returns whether a chapter is read with it, which is to be kept."""
        at, question = self._at(), self.question()
        assert at is not None
        assert question
        self.findings[at] = question.filled(answer)
        return self.findings[at].is_whole

    def _at(self) -> int | None:
        return next((at for at, each in enumerate(self.findings) if not each.is_whole), None)


def excerpt(text: str, count: CountTokens, most: int) -> str:
    """``text``, or as much of its beginning and end as ``most`` tokens are, in whole paragraphs where it can be."""
    tokens = count([text])[0]
    if tokens <= most:
        return text
    share = len(text) * most / tokens
    head, tail = int(share * 0.6), int(share * 0.4)
    begin, end = text[:head], text[len(text) - tail :]
    whole, line, _rest = begin.rpartition("\n")
    begin = whole if line and len(whole) > head // 2 else begin
    _rest, line, whole = end.partition("\n")
    end = whole if line and len(whole) > tail // 2 else end
    return f"{begin.rstrip()}\n…\n{end.lstrip()}"


def as_method(findings: Sequence[Finding], name: str, title: str, pattern: Method) -> str:
    """A method that goes as this book goes: a place for each chapter, with its function, hook, pace and length.

    No word of the book gets into it, neither titles nor summaries.

    Args:
        findings: Of its chapters.
        name: Id of the method, which is the file's name.
        title: For menus.
        pattern: The method that all else is taken from.

    Returns:
        The recipe's file.
    """
    said = msgspec.to_builtins(pattern)
    samples = [sample for level in pattern.levels for sample in level.samples]
    slots = []
    for number, each in enumerate(findings, 1):
        function = FUNCTIONS.get(each.function, FUNCTIONS["complication"])
        hook, pace = HOOKS.get(each.hook, HOOKS["rest"]), PACES.get(each.pace, PACES["even"])
        about = (
            f"Pace {pace.en}, about {each.length} words; it ends with {hook.en}.",
            f"节奏{pace.zh}，约{each.length}字；章末留下{hook.zh}。",
        )
        sample = samples[(number - 1) % len(samples)]
        slots.append(
            {
                "title": {"en": f"{number} {function.en}", "zh": f"{number} {function.zh}"},
                "hint": {"en": about[0], "zh": about[1]},
                "example": {"en": sample.summary.en, "zh": sample.summary.zh},
            }
        )
    level = {
        "name": {"en": "Chapter", "zh": "章"},
        "becomes": "chapter",
        "order": {"en": "Write the {count} chapters.", "zh": "写出这{count}章。"},
        "slots": slots,
    }
    below = [each for each in said["levels"] if each["becomes"] in ("scene", "beat")]
    said |= {
        "id": name,
        "order": 900,
        "depth": 1,
        "titles": {"en": title, "zh": title},
        "summary": {
            "en": f"Goes as “{title}” goes, chapter by chapter.",
            "zh": f"照《{title}》的章法，一章一章来。",
        },
        "levels": [level, *below],
    }
    return tomli_w.dumps(said)
