"""What a model reads for a question, part by part: what each costs, why it is there, and what was left out."""

from collections.abc import Sequence
from dataclasses import dataclass

from writer_app.craft.activation import PINNED
from writer_app.craft.context import CountTokens
from writer_app.craft.continuation import Ask
from writer_app.craft.question import Plan
from writer_app.craft.retelling import Why
from writer_app.craft.surroundings import Kind, Told
from writer_app.errors import N_

_TEXT = {
    "text": N_("the text before the caret"),
    "far": N_("the text before the caret, farther off"),
    "near": N_("the text before the caret, up to it"),
}
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
    """

    id: str
    kind: Kind
    title: str
    text: str
    tokens: int
    why: str


@dataclass(frozen=True)
class Account:
    """All that is read for one question.

    Attributes:
        parts: In the order in which they are read.
        left_out: What is not read, although there was a reason to.
        tokens: Of all parts as one text.
        budget: What there was for them.
    """

    parts: tuple[Portion, ...]
    left_out: tuple[Portion, ...]
    tokens: int
    budget: int


def account(ask: Ask, plan: Plan, count: CountTokens) -> Account:
    """Say what ``plan``, which was made of ``ask``, consists of. Asks ``count`` once."""
    compiled = ask.compiled
    read = [part for part in plan.request.parts if part.text]
    told = {each.id: each for each in (*_given(ask), *compiled.told)}
    there = frozenset(part.id for part in read)
    crowded = [each for name, each in told.items() if name not in there]
    missing = [*crowded, *compiled.left_out]
    texts = [*(part.text for part in read), *(each.text for each in missing)]
    total, *counted = count(["".join(part.text for part in read), *texts])
    parts = tuple(
        _portion(part.id, part.text, tokens, told.get(part.id))
        for part, tokens in zip(read, counted, strict=False)
    )
    left_out = [
        _left_out(each, tokens, is_crowded=at < len(crowded))
        for at, (each, tokens) in enumerate(zip(missing, counted[len(read) :], strict=True))
    ]
    left_out += _far_text(plan.layouts[0].start.at, parts)
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


def _portion(name: str, text: str, tokens: int, told: Told | None) -> Portion:
    if told:
        return Portion(name, told.kind, told.title, text, tokens, str(told.why))
    if name in _TEXT:
        return Portion(name, Kind.TEXT, "", text, tokens, str(Why(_TEXT[name])))
    return Portion(name, _kind(name), "", text, tokens, str(Why(_STILL_READ)))


def _kind(name: str) -> Kind:
    """What was told for an earlier question, by its id."""
    known = {"before": Kind.NEIGHBOUR, "after": Kind.NEIGHBOUR, "note": Kind.PINNED}
    word = name.partition(":")[0]
    return known.get(word) or (Kind(word) if word in set(Kind) else Kind.ENTRY)


def _left_out(each: Told, tokens: int, *, is_crowded: bool) -> Portion:
    why = Why.of(_NO_ROOM, tokens=f"{tokens:,}") if is_crowded else each.why
    return Portion(each.id, each.kind, each.title, each.text, tokens, str(why))


def _far_text(characters: int, parts: Sequence[Portion]) -> list[Portion]:
    """What stands before the window; reckoned by what is in it, for counting a whole novel takes seconds."""
    if not characters:
        return []
    near = [part for part in parts if part.kind is Kind.TEXT]
    seen = sum(len(part.text) for part in near)
    tokens = round(characters * sum(part.tokens for part in near) / seen) if seen else 0
    why = str(Why.of(_NO_ROOM_TEXT, characters=f"{characters:,}"))
    return [Portion("text", Kind.TEXT, "", "", tokens, why)]
