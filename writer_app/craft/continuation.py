"""Continuing a text at the caret: from what the writer asked for to a request for the engine."""

from dataclasses import dataclass, replace
from enum import StrEnum

from writer_app.craft import honesty
from writer_app.craft.context import CountTokens
from writer_app.craft.layout import Fact, Layout, Stability
from writer_app.craft.planner import lay_out
from writer_app.craft.question import Plan
from writer_app.craft.recipe import Preset
from writer_app.craft.samplers import UNTOUCHED, Overrides
from writer_app.engine.protocol import Generate, Loaded, Until
from writer_app.text.counts import characters_zh, words
from writer_app.text.script import language_of

#: Tokens read before the caret where nothing is known of the machine's pace: about 5 s on two slow cores.
READ_TOKENS = 1_024
#: The engine always reads at least this much, however slow the machine.
LEAST_READ = 512
#: Seconds of reading before an answer starts that a writer puts up with.
PATIENCE = 5.0
#: An answer never ends in its first tokens: an empty answer helps nobody.
_MIN_TOKENS = 4
#: Characters behind the caret that a model with infill tokens is shown.
_SUFFIX = 2_000
#: Tokens of each of several answers up to which reading gives way to writing: a paragraph is worth it.
_WORTH_ROOM = 400
#: Tokens that the engine needs for each of several answers to compare it with what follows.
_COMPARED = 16
#: What an empty text starts from; it is read, not written.
_OPENINGS = {"en": "Chapter One\n\n", "zh": "第一章\n\n"}


class Length(StrEnum):
    """How much to write."""

    SENTENCE = "sentence"
    PARAGRAPH = "paragraph"
    AMOUNT = "amount"
    UNTIL_STOPPED = "until_stopped"


@dataclass(frozen=True)
class Ask:
    """What the writer asked for.

    Attributes:
        text: The whole manuscript, LF newlines.
        caret: Where to continue, in code points.
        recipe: The preset.
        note: "What happens next", may be empty.
        length: How much; ``amount`` counts words (字 in Chinese) for ``Length.AMOUNT``.
        overrides: What she sets herself of the recipe's sampling.
        max_tokens: Overrides ``length`` with a number of tokens, ending at a sentence near it.
        alternatives: Answers written at once, 1 to 8.
        seed: Chosen by the writer: the same text every time, ``None`` for another one each time.
        drawn_seed: Taken where she chose none, so that it is known from the start; ``None`` lets the engine draw.
        read_tokens: Tokens to read at most; 0 takes :data:`READ_TOKENS`.
        bible: The entries of the story bible that are active now, as (id, text), most important first.
        outline: The outline as the model should read it, may be empty.
        earlier: How earlier requests for this manuscript were laid out: ``layouts`` of the last :class:`Plan`.
        model: Path of the model; empty takes what fits the text.
        anyway: Continue even in a language the model cannot write.
        project: The project that what is read belongs to; empty for none.
        bans: Phrases and ``/patterns/`` that are never written, besides those of the recipe.
        saving: Spare the battery.
    """

    text: str
    caret: int
    recipe: Preset
    note: str = ""
    length: Length = Length.PARAGRAPH
    amount: int = 0
    max_tokens: int = 0
    alternatives: int = 1
    overrides: Overrides = UNTOUCHED
    seed: int | None = None
    drawn_seed: int | None = None
    stop: tuple[str, ...] = ()
    bans: tuple[str, ...] = ()
    read_tokens: int = 0
    bible: tuple[tuple[str, str], ...] = ()
    outline: str = ""
    earlier: tuple[Layout, ...] = ()
    model: str = ""
    anyway: bool = False
    project: str = ""
    saving: bool = False

    @property
    def languages(self) -> tuple[str, ...]:
        """That of the text."""
        return (self.language,)

    @property
    def sample(self) -> str:
        """The text by which the model's languages are judged."""
        return honesty.sample(self.text, self.caret)

    def plan(
        self,
        model: Loaded,
        count: CountTokens,
        request_id: int,
        pace: float | None = None,
        earlier: tuple[Layout, ...] = (),
    ) -> Plan:
        """See :func:`plan`."""
        return plan(replace(self, earlier=earlier), model, count, request_id, pace)

    @property
    def language(self) -> str:
        """Language of the text around the caret, ``""`` if it has no letters."""
        near = self.text[max(0, self.caret - 600) : self.caret]
        return language_of(near) or language_of(
            self.text[self.caret : self.caret + 600] + self.note
        )


def read_budget(context: int, answer: int, pace: float | None, wish: int = 0) -> int:
    """Tokens to read: what ``pace`` (tokens/s) reads in :data:`PATIENCE`, within what the context holds.

    ``wish`` (the writer's own choice) goes before the pace. At least 1.
    """
    room = max(1, context - answer - 64)
    by_pace = READ_TOKENS if pace is None else max(LEAST_READ, int(pace * PATIENCE))
    return min(room, wish or by_pace)


def lead(text: str, caret: int) -> str:
    """What must stand between the manuscript and the answer so that paragraphs stay paragraphs.

    A caret right after a single line end, in a manuscript that separates paragraphs by blank lines,
    stands on the file's last line end, not in a new paragraph.
    """
    before = text[max(0, caret - 4_000) : caret]
    if not before.endswith("\n") or before.endswith("\n\n") or not before.strip():
        return ""
    return "\n" if "\n\n" in before.rstrip("\n") or "\n\n" in text[caret : caret + 4_000] else ""


def plan(
    ask: Ask, model: Loaded, count: CountTokens, request_id: int, pace: float | None = None
) -> Plan:
    """Turn ``ask`` into a request for ``model``."""
    before = lead(ask.text, ask.caret)
    written = _max_tokens(ask, model)
    # With a seed the layout is the same every time: neither the pace of the day nor what was read before
    # may change the text.
    seeded = ask.seed is not None
    suffix = _suffix(ask, model)
    kept_free = _room_for_answers(ask, written) + (count([suffix])[0] if model.has_infill else 0)
    budget = read_budget(model.context, kept_free, None if seeded else pace, ask.read_tokens)
    note = _note(ask)
    if note:
        budget = max(1, budget - count([note])[0] - 8)
    earlier = () if seeded else ask.earlier
    layouts = lay_out(ask.text, ask.caret, _facts(ask), budget, count, earlier)
    text = ask.text[: ask.caret] + before
    start = layouts[0].start.at
    limit, soft, until = _length(ask, written, text[start:], count)
    if not text[start:].strip():
        # A model given nothing writes anything; a chapter heading tells it that this is a story.
        text = text[:start] + _OPENINGS["zh" if language_of(note) == "zh" else "en"]
    request = Generate(
        id=request_id,
        parts=layouts[0].parts(text, note),
        suffix=suffix,
        sampling=ask.overrides.applied_to(ask.recipe.sampling),
        max_tokens=limit,
        min_tokens=min(_MIN_TOKENS, limit),
        until=until,
        soft=soft,
        stop=(*ask.recipe.stop, *ask.stop),
        bans=(*ask.recipe.bans.in_language(ask.language), *ask.bans),
        seed=ask.seed if seeded else ask.drawn_seed,
        repeatable=seeded,
        alternatives=ask.alternatives,
        project=ask.project,
        saving=ask.saving,
    )
    return Plan(request, before, ask.earlier if seeded else layouts)


def _note(ask: Ask) -> str:
    wish = ask.note.strip()
    return ask.recipe.note.in_language(ask.language).replace("{note}", wish) if wish else ""


def _facts(ask: Ask) -> list[Fact]:
    outline = [Fact("outline", ask.outline, Stability.OUTLINE)] if ask.outline.strip() else []
    # The outline first, for there is but one, and a story bible may be large.
    return [*outline, *(Fact(name, text) for name, text in ask.bible if text.strip())]


def _suffix(ask: Ask, model: Loaded) -> str:
    """What stands behind the caret, where it counts: to fill a gap, or to tell which answer fits best."""
    behind = ask.text[ask.caret : ask.caret + _SUFFIX]
    wanted = model.has_infill or (ask.alternatives > 1 and behind.strip())
    return behind if wanted else ""


def _room_for_answers(ask: Ask, written: int) -> int:
    """Tokens kept free for what is written, of all answers together."""
    return ask.alternatives * (written + _aside(ask))


def _aside(ask: Ask) -> int:
    return _COMPARED if ask.alternatives > 1 else 0


def _most(ask: Ask, model: Loaded) -> int:
    """The longest an answer may get, in tokens.

    All of them share half of the context; up to a paragraph each, reading gives way further.
    """
    least_read = min(LEAST_READ, model.context // 4)
    shared, squeezed = (
        room // ask.alternatives - _aside(ask)
        for room in (model.context // 2, model.context - least_read - 64)
    )
    return max(16, shared, min(squeezed, _WORTH_ROOM))


def _max_tokens(ask: Ask, model: Loaded) -> int:
    most = _most(ask, model)
    if ask.max_tokens:
        return min(ask.max_tokens, most)
    wanted = {
        Length.SENTENCE: 160,
        Length.PARAGRAPH: 400,
        Length.AMOUNT: max(16, ask.amount * 3),
        Length.UNTIL_STOPPED: most,
    }
    return min(wanted[ask.length], most)


def _length(ask: Ask, written: int, window: str, count: CountTokens) -> tuple[int, int, Until]:
    """(hard limit, tokens from which an end is taken, kind of end)."""
    if ask.max_tokens:
        return written, max(1, written // 2), Until.SENTENCE
    if ask.length is Length.SENTENCE:
        return written, 0, Until.SENTENCE
    if ask.length is Length.PARAGRAPH:
        return written, 0, Until.PARAGRAPH
    if ask.length is Length.UNTIL_STOPPED:
        return written, written, Until.LENGTH
    sample = window[-4_000:]
    units = characters_zh(sample) if ask.language == "zh" else words(sample)
    per_unit = count([sample])[0] / units if units else 1.4
    wish = max(1, round(ask.amount * per_unit * 0.92))
    # Where there is no room for all of it, it still ends at a sentence.
    soft = min(wish, max(1, written * 4 // 5))
    return min(written, max(soft + 80, round(soft * 1.5))), soft, Until.SENTENCE
