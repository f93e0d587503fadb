"""What a model reads for a question, part by part: what each costs, why it is there, and what was left out."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from writer_app.craft.activation import PINNED
from writer_app.craft.context import CountTokens
from writer_app.craft.continuation import Ask
from writer_app.craft.question import Plan
from writer_app.craft.retelling import Why
from writer_app.craft.surroundings import Kind, Told
from writer_app.errors import N_
from writer_app.text.difference import common_prefix

_TEXT = {
    "text": N_("the text before the caret"),
    "far": N_("the text before the caret, farther off"),
    "near": N_("the text before the caret, up to it"),
}
_OPENING = N_("a heading to begin with, for there is no text before the caret")
_WISH = N_("what you want to happen next")
_STILL_READ = N_("read already; it leaves with the next large step of the text")
_NO_ROOM = N_("no room: {tokens} tokens")
_NO_ROOM_TEXT = N_("no room: the {characters} characters before that")


@dataclass(frozen=True)
class Portion:
    """One part of what is read, or of what is not.

    Attributes:
        id: Names it: ``text``, ``note``, ``entry:elizabeth``, ...
        title: For people; empty where the kind says enough.
        text: Its words, as they are read.
        tokens: What it takes; of what was left out, what it would take.
        why: Why it is there, or why not; a sentence in the language of the interface.
        read: Tokens of it that were read for an earlier question, and need not be again.
    """

    id: str
    kind: Kind
    title: str
    text: str
    tokens: int
    why: str
    read: int = 0


@dataclass(frozen=True)
class Account:
    """All that is read for one question.

    Attributes:
        parts: In the order in which they are read.
        left_out: What is not read, although there was a reason to.
        tokens: Of all parts as one text.
        budget: What there was for them.
        seconds: That reading the rest takes before an answer begins, at most; ``None`` where that is not known.
        begin: The control token that stands before all of it; empty for none.
    """

    parts: tuple[Portion, ...]
    left_out: tuple[Portion, ...]
    tokens: int
    budget: int
    seconds: float | None = None
    begin: str = ""

    @property
    def prompt(self) -> str:
        """All that is read, as one text."""
        return "".join(part.text for part in self.parts)

    @property
    def read(self) -> int:
        """Tokens that were read already."""
        return sum(part.read for part in self.parts)

    def at_pace(self, pace: float | None, begin: str = "") -> "Account":
        """With what reading takes at ``pace`` (tokens a second; ``None`` where it is not known)."""
        rest = max(0, self.tokens - self.read)
        return replace(self, seconds=rest / pace if pace else None, begin=begin)


def account(ask: Ask, plan: Plan, count: CountTokens, known: Iterable[str] = ()) -> Account:
    """Say what ``plan``, which was made of ``ask``, consists of. Asks ``count`` once.

    ``known`` are texts that the model has read; what begins like one of them is not read again.
    """
    compiled = ask.compiled
    read = [part for part in plan.request.parts if part.text]
    told = {each.id: each for each in (*_given(ask), *compiled.told)}
    there = frozenset(part.id for part in read)
    crowded = [each for name, each in told.items() if name not in there]
    missing = [*crowded, *compiled.left_out]
    texts = [*(part.text for part in read), *(each.text for each in missing)]
    prompt = "".join(part.text for part in read)
    total, *counted = count([prompt, *texts])
    parts = tuple(
        _portion(part.id, part.text, tokens, told.get(part.id))
        for part, tokens in zip(read, _adding_up(counted[: len(read)], total), strict=True)
    )
    if ask.prompt is None and not ask.manuscript[0][: ask.manuscript[1]].strip():
        parts = tuple(_as_opening(part) for part in parts)
    parts = tuple(_read_of(parts, max((common_prefix(prompt, each) for each in known), default=0)))
    left_out = [
        _left_out(each, tokens, is_crowded=at < len(crowded))
        for at, (each, tokens) in enumerate(zip(missing, counted[len(read) :], strict=True))
    ]
    if ask.prompt is None:
        left_out += _far_text(ask.manuscript[1] + len(plan.lead), parts)
    return Account(parts, tuple(left_out), total, plan.budget)


def as_text(told: Sequence[Told], budget: int, count: CountTokens) -> tuple[str, tuple[str, ...]]:
    """What is told besides a text as paragraphs, for a question that is put to a model as a turn.

    Args:
        told: What there is (:attr:`Compiled.told`), most important first.
        budget: Tokens of all of it together.
        count: Counts tokens; asked twice, or once more for each that turns out not to fit.

    Returns:
        The paragraphs, stable ones first, and the ids of what found no room.
    """
    sizes = count([each.text.strip() + "\n\n" for each in told])
    chosen: list[Told] = []
    room = budget
    for each, size in zip(told, sizes, strict=True):
        if size <= room:
            chosen.append(each)
            room -= size
    while chosen and count([_joined(chosen)])[0] > budget:
        chosen.pop()
    kept = {each.id for each in chosen}
    return _joined(chosen), tuple(each.id for each in told if each.id not in kept)


def _joined(told: Sequence[Told]) -> str:
    stable = sorted(told, key=lambda each: (-each.stability, each.order))
    return "\n\n".join(each.text.strip() for each in stable)


def _given(ask: Ask) -> list[Told]:
    """What is told that no project says: it was given with the question itself."""
    wish = [Told("note", Kind.WISH, ask.note.strip(), Why(_WISH))]
    outline = [Told("outline", Kind.OUTLINE, ask.outline.strip(), Why(PINNED))]
    entries = [Told(name, Kind.ENTRY, text.strip(), Why(PINNED)) for name, text in ask.bible]
    return [each for each in (*wish, *outline, *entries) if each.text]


def _adding_up(sizes: Sequence[int], total: int) -> list[int]:
    """Tokens of parts, as many as all of them take together: at seams tokenisers cut in another way.

    The difference, a token or two at each seam, is the largest part's, where it is seen least.
    """
    fitted = list(sizes)
    if fitted:
        fitted[fitted.index(max(fitted))] += total - sum(fitted)
    return fitted


def _portion(name: str, text: str, tokens: int, told: Told | None) -> Portion:
    if told:
        return Portion(name, told.kind, told.title, text, tokens, str(told.why))
    if name in _TEXT:
        return Portion(name, Kind.TEXT, "", text, tokens, str(Why(_TEXT[name])))
    return Portion(name, _kind(name), "", text, tokens, str(Why(_STILL_READ)))


def _as_opening(part: Portion) -> Portion:
    """Text that is read where she has written none: it is not hers, and says so."""
    is_ours = part.kind is Kind.TEXT and part.text.strip()
    return replace(part, why=str(Why(_OPENING))) if is_ours else part


def _read_of(parts: Iterable[Portion], characters: int) -> Iterator[Portion]:
    """The parts with what is read of them, where so many characters of all are."""
    for part in parts:
        seen = min(len(part.text), characters)
        characters -= seen
        yield replace(part, read=part.tokens * seen // len(part.text) if part.text else 0)


def _kind(name: str) -> Kind:
    """What was told for an earlier question, by its id."""
    known = {"before": Kind.NEIGHBOUR, "after": Kind.NEIGHBOUR, "note": Kind.PINNED}
    word = name.partition(":")[0]
    return known.get(word) or (Kind(word) if word in set(Kind) else Kind.ENTRY)


def _left_out(each: Told, tokens: int, *, is_crowded: bool) -> Portion:
    why = Why.of(_NO_ROOM, tokens=f"{tokens:,}") if is_crowded else each.why
    return Portion(each.id, each.kind, each.title, each.text, tokens, str(why))


def _far_text(written: int, parts: Sequence[Portion]) -> list[Portion]:
    """What stands before the window; reckoned by what is in it, for counting a whole novel takes seconds."""
    near = [part for part in parts if part.kind is Kind.TEXT]
    seen = sum(len(part.text) for part in near)
    characters = written - seen
    if characters <= 0:
        return []
    tokens = round(characters * sum(part.tokens for part in near) / seen) if seen else 0
    why = str(Why.of(_NO_ROOM_TEXT, characters=f"{characters:,}"))
    return [Portion("text", Kind.TEXT, "", "", tokens, why)]
