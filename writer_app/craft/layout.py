"""How a prompt is laid out: which parts it has, and where each stands.

What changes rarely stands first, for the engine reads again what stands behind a change. First the *head*, the
story bible and the outline, then the text. What became active lately stands within the text, as an *inset*.
Layouts are values: :mod:`~writer_app.craft.planner` makes each from the last one.
"""

import re
from dataclasses import dataclass, field, replace
from enum import IntEnum

from writer_app.engine.protocol import Part

#: Characters by which a place is known again.
_WORDS = 64
#: Fewer than these are found in many places, so they count only where they were.
_TELLING = 16
_LINE_END = re.compile(r"\n\s*")
_SENTENCE_END = re.compile(r"(?<=[.!?…。！？\n])")


class Stability(IntEnum):
    """How rarely a part of the prompt changes: 0 with every request."""

    INSTRUCTION = 0
    NEAR = 1
    FAR = 2
    OUTLINE = 3
    BIBLE = 4
    SYSTEM = 5


@dataclass(frozen=True)
class Fact:
    """What the model is told besides the text: an entry of the story bible, or the outline.

    Attributes:
        id: Names it; the same id with another text is another version of it.
        text: As the model reads it, without a line end.
        stability: ``SYSTEM``, ``BIBLE`` or ``OUTLINE``.
        depth: Paragraphs before the caret where it stands, however that moves; 0 leaves the place to the planner.
        order: Among those of one stability in the head, smaller first.
    """

    id: str
    text: str
    stability: Stability = Stability.BIBLE
    depth: int = field(default=0, compare=False)
    order: int = field(default=0, compare=False)

    @property
    def paragraph(self) -> str:
        """The text as a paragraph of its own."""
        return self.text.strip() + "\n\n"

    def takes_back(self, older: "Fact") -> bool:
        """Whether this is another version, which no longer says all that ``older`` says, in that order."""
        if (self.stability, self.id) != (older.stability, older.id):
            return False
        said = iter(_sentences(self.text))
        return not all(sentence in said for sentence in _sentences(older.text))


def _sentences(text: str) -> list[str]:
    return [found.strip() for found in _SENTENCE_END.split(text) if found.strip()]


@dataclass(frozen=True)
class Place:
    """A place in a manuscript, known again after edits by the words around it.

    Attributes:
        at: Offset in code points.
        before: The words that end here.
        behind: The words that begin here.
    """

    at: int
    before: str
    behind: str

    @classmethod
    def of(cls, text: str, at: int) -> "Place":
        """The place ``at`` in ``text``."""
        return cls(at, text[max(0, at - _WORDS) : at], text[at : at + _WORDS])

    def again(self, text: str) -> "Place | None":
        """The same place in an edited text: its words nearest to where they were; ``None`` if they are gone.

        The beginning of the text stays the beginning, whatever is put before its words.
        """
        stands = text.startswith(self.behind, self.at) and (
            len(self.behind) >= _TELLING or text.endswith(self.before, 0, self.at)
        )
        if stands:
            return Place.of(text, self.at)
        for words, reach in ((self.behind, 0), (self.before, len(self.before))):
            at = _nearest(text, words, self.at - reach)
            if at is not None:
                return Place.of(text, at + reach if self.at else 0)
        return None


def _nearest(text: str, words: str, to: int) -> int | None:
    if len(words) < _TELLING:
        return None
    found = (text.rfind(words, 0, to + len(words)), text.find(words, to))
    return min((at for at in found if at >= 0), key=lambda at: abs(at - to), default=None)


@dataclass(frozen=True)
class Inset:
    """A fact that stands within the text, before a place in it."""

    place: Place
    fact: Fact


@dataclass(frozen=True)
class Layout:
    """How the prompt of one request is laid out.

    Attributes:
        start: Where the window over the text starts.
        caret: Where it ends, in code points.
        head: What stands before the text.
        insets: What stands within it, in order.
        left_out: Ids of facts for which there was no room.
        deep: What stands at a depth of its own, and moves with the caret.
    """

    start: Place
    caret: int
    head: tuple[Fact, ...] = ()
    insets: tuple[Inset, ...] = ()
    left_out: tuple[str, ...] = ()
    deep: tuple[Fact, ...] = ()

    @property
    def facts(self) -> tuple[Fact, ...]:
        """All that stays where it stands: what is told besides the text, but for what is ``deep``."""
        return (*self.head, *(inset.fact for inset in self.insets))

    def again(self, text: str) -> "Layout | None":
        """The same layout in an edited text; ``None`` where its beginning is gone."""
        start = self.start.again(text)
        if start is None:
            return None
        moved = ((inset.place.again(text), inset.fact) for inset in self.insets)
        insets = [Inset(place, fact) for place, fact in moved if place]
        return replace(
            self, start=start, insets=tuple(sorted(insets, key=lambda inset: inset.place.at))
        )

    def goes_on_with(self, other: "Layout") -> bool:
        """Whether ``other`` is but a beginning of this one."""
        return (
            (self.start, self.head) == (other.start, other.head)
            and self.insets[: len(other.insets)] == other.insets
            and self.caret >= other.caret
        )

    def parts(self, text: str, note: str = "") -> tuple[Part, ...]:
        """The parts of a prompt for plain continuation, stable ones first.

        Args:
            text: The manuscript, up to where the model goes on.
            note: What should happen next. It stands before the paragraph that is being written: near enough
                to be heeded, and no part of the text.
        """
        start = self.start.at
        line = self._last_line(text)
        border = self.insets[-1].place.at if self.insets else line if note else start
        cuts = [(inset.place.at, _set_in(inset, text, border)) for inset in self.insets]
        deep = ((place_at(text, start, fact.depth), fact) for fact in self.deep)
        for wanted, fact in sorted(deep, key=lambda pair: pair[0]):
            # Never before what stays in place: that would be read again with each move.
            at = max(wanted, border if self.insets else start)
            cuts.append((at, _set_in(Inset(Place.of(text, at), fact), text, at)))
        if note:
            stands = Part(id="note", text=note + "\n\n", stability=Stability.INSTRUCTION)
            cuts.append((max(line, *(at for at, _ in cuts), start), stands))
        made = [Part(id=f.id, text=f.paragraph, stability=f.stability) for f in self.head]
        at = start
        for place, part in cuts:
            if place > at:
                name, stability = _near_or_far(place <= border)
                made.append(Part(id=name, text=text[at:place], stability=stability))
            made.append(part)
            at = place
        name = "near" if cuts else "text"
        return (*made, Part(id=name, text=text[at:], stability=Stability.NEAR))

    def _last_line(self, text: str) -> int:
        """Where the paragraph begins that is being written."""
        start = self.start.at
        lines = [start + found.end() for found in _LINE_END.finditer(text[start:])]
        return lines[-1] if lines else start


def place_at(text: str, start: int, depth: int) -> int:
    """Where in ``text[start:]`` something stands that is to be ``depth`` paragraphs before its end.

    It moves once in so many paragraphs, so that it stands between one and two times that deep, and what is
    behind it is not read again with each paragraph.
    """
    ends = [found.end() for found in _LINE_END.finditer(text)]
    number = (len(ends) - depth) // depth * depth
    return max(start, ends[number - 1]) if 0 < number <= len(ends) else start


def _near_or_far(is_far: bool) -> tuple[str, Stability]:
    return ("far", Stability.FAR) if is_far else ("near", Stability.NEAR)


def _set_in(inset: Inset, text: str, border: int) -> Part:
    at = inset.place.at
    stability = Stability.NEAR if at == border else Stability.FAR
    # Within a paragraph, where one is too long to stand before.
    lead = "" if text[:at].endswith("\n") or not at else "\n\n"
    return Part(id=inset.fact.id, text=lead + inset.fact.paragraph, stability=stability)
