"""Continuing a text at the caret: from what the writer asked for to a request for the engine."""

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

from writer_app.craft import honesty
from writer_app.craft.context import CountTokens
from writer_app.craft.layout import Fact, Layout, Place, Stability
from writer_app.craft.planner import lay_out
from writer_app.craft.question import Plan
from writer_app.craft.recipe import Preset
from writer_app.craft.samplers import UNTOUCHED, Overrides
from writer_app.craft.surroundings import NOTHING, Compiled, Surroundings
from writer_app.engine.protocol import Generate, Loaded, Part, Until
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
#: A wish that takes more of what is read than this is left out.
_WISH_SHARE = 0.75
#: Attempts at a layout whose parts fit together too.
_TRIES = 4
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
        around: What the text's project says around it; ``None`` for a text by itself.
        prompt: What is read instead of all that, word for word; ``None`` where it is laid out here.
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
    around: Surroundings | None = None
    prompt: str | None = None
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
        return honesty.sample(*self.manuscript)

    @cached_property
    def manuscript(self) -> tuple[str, int]:
        """What is read as one text, and where in it she goes on (code points)."""
        if self.around is None:
            return self.text, self.caret
        return self.around.read_with(self.text, self.caret)

    @cached_property
    def compiled(self) -> Compiled:
        """What may be told besides the text."""
        if self.around is None:
            return NOTHING
        return self.around.compile(*self.manuscript, self.language, self.note)

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

    @cached_property
    def language(self) -> str:
        """Language of the text around the caret, ``""`` if it has no letters."""
        text, caret = self.manuscript
        near = text[max(0, caret - 600) : caret]
        return language_of(near) or language_of(text[caret : caret + 600] + self.note)


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
    manuscript, caret = ask.manuscript
    before = lead(manuscript, caret)
    written = _max_tokens(ask, model)
    # With a seed the layout is the same every time: neither the pace of the day nor what was read before
    # may change the text.
    seeded = ask.seed is not None
    suffix = _suffix(ask, model)
    kept_free = _room_for_answers(ask, written) + (count([suffix])[0] if model.has_infill else 0)
    budget = read_budget(model.context, kept_free, None if seeded else pace, ask.read_tokens)
    earlier = () if seeded else ask.earlier
    if ask.prompt is None:
        layouts, parts = _fitting(ask, manuscript, caret, before, budget, count, earlier)
    else:
        layouts, parts = ask.earlier, (Part(id="text", text=ask.prompt),)
    read = "".join(part.text for part in parts if part.id in ("text", "far", "near"))
    limit, soft, until = _length(ask, written, read, count)
    request = Generate(
        id=request_id,
        parts=parts,
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
    return Plan(request, before, ask.earlier if seeded else layouts, budget)


def _fitting(
    ask: Ask,
    text: str,
    caret: int,
    before: str,
    budget: int,
    count: CountTokens,
    earlier: tuple[Layout, ...],
) -> tuple[tuple[Layout, ...], tuple[Part, ...]]:
    """Layouts, and the parts of the first one, that take at most ``budget`` tokens as one text.

    Pieces are counted one by one, and together they may take more: tokenisers cut a seam in other ways. So all
    of it is counted once more, and what is too much is taken from what is planned with.
    """
    compiled = ask.compiled
    facts = [*_facts(ask), *(each.fact for each in compiled.told)]
    told_before = frozenset(fact.id for layout in earlier for fact in layout.facts)
    silent = compiled.silent_facts(told_before) if ask.around else []
    note = _note(ask)
    size = count([note])[0] + 8 if note else 0
    if size > budget * _WISH_SHARE:
        note, size = "", 0
    aim, shown = budget - size, text[:caret] + before
    for _ in range(_TRIES):
        layouts = lay_out(text, caret, facts, max(1, aim), count, earlier, silent)
        parts = layouts[0].parts(_opened(shown, layouts[0].start.at, note), note)
        excess = count(["".join(part.text for part in parts)])[0] - budget
        if excess <= 0:
            return layouts, parts
        aim -= excess
    # So little room that the seams take most of it: the end of the text, as much as there is room for.
    start = caret
    for step in (64, 16, 4, 1):
        while start - step >= 0 and count([text[start - step : caret] + before])[0] <= budget:
            start -= step
    left_out = tuple(dict.fromkeys(fact.id for fact in facts))
    layout = Layout(Place.of(text, start), caret, left_out=left_out)
    return (layout, *earlier[:3]), layout.parts(shown)


def _opened(text: str, start: int, note: str) -> str:
    """The text; where there are no words, with a chapter heading, which tells the model that this is a story."""
    if text[start:].strip():
        return text
    return text[:start] + _OPENINGS["zh" if language_of(note) == "zh" else "en"]


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
