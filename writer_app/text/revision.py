"""What a rewriting changes: for reading, and for accepting change by change."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from writer_app.text.alignment import tokens
from writer_app.text.difference import common_prefix
from writer_app.text.phrases import Edit, Side, phrases


@dataclass(frozen=True)
class Change:
    """One thing to accept or reject.

    Attributes:
        start: Of ``removed`` in the original, in code points.
        end: Half-open; equal to ``start`` for an insertion.
        removed: What stands there.
        inserted: What would stand there.
    """

    start: int
    end: int
    removed: str
    inserted: str


@dataclass(frozen=True)
class Revision:
    """What makes one text of another.

    Attributes:
        original: The text as it is.
        candidate: The text that all changes make; of an unfinished one, as far as its words are finished.
        changes: In order, with something unchanged between any two.
        reached: How far into the original an unfinished candidate has come; what follows stays as it is.
    """

    original: str
    candidate: str
    changes: tuple[Change, ...]
    reached: int

    def pieces(self, first: int = 0, last: int | None = None) -> Iterator[str | Change]:
        """The text in reading order: what is unchanged, not empty, and the changes.

        Args:
            first: The change to begin with; what is unchanged before it comes too.
            last: The change to end before; ``None`` for all there are.
        """
        chosen = self.changes[first:last]
        after = self.changes[first + len(chosen) :][:1]
        at = self.changes[first - 1].end if first else 0
        for change in chosen:
            if at < change.start:
                yield self.original[at : change.start]
            yield change
            at = change.end
        end = after[0].start if after else len(self.original)
        if at < end:
            yield self.original[at:end]

    def apply(self, accepted: Collection[int]) -> str:
        """The original with the changes of these indices in ``changes``."""
        parts: list[str] = []
        at = 0
        for index in sorted(set(accepted)):
            change = self.changes[index]
            parts += self.original[at : change.start], change.inserted
            at = change.end
        return "".join(parts) + self.original[at:]


def revise(original: str, candidate: str, *, complete: bool = True) -> Revision:
    """The changes that make ``candidate`` of ``original``.

    Args:
        original: The text as it is.
        candidate: The text as it would be.
        complete: False while the candidate is still being written. Its last word may be half a word and is left
            out, and all changes make the candidate followed by what of the original is not reached.
    """
    old, new = _side(original), Side(candidate, list(tokens(candidate)))
    if not complete:
        new = new.before(len(new.words) - 1)
    edits, reached = phrases(old, new, complete=complete)
    changes = tuple(_changes(edits, reached, new))
    return Revision(original, new.text, changes, len(reached.text))


def joined(original: str, parts: Sequence[tuple[int, Revision]]) -> Revision:
    """What revisions of stretches of ``original`` change in all of it.

    Args:
        original: The whole text.
        parts: Where each stretch begins, and its revision; in order. What lies outside of them stays.
    """
    changes = tuple(
        Change(each.start + at, each.end + at, each.removed, each.inserted)
        for at, part in parts
        for each in part.changes
    )
    reached = parts[-1][0] + parts[-1][1].reached if parts else 0
    whole = Revision(original, original, changes, reached)
    return replace(whole, candidate=whole.apply(range(len(changes))))


@lru_cache(maxsize=1)
def _side(text: str) -> Side:
    """The original is asked about again and again while a candidate streams in."""
    return Side(text, list(tokens(text)))


def _changes(edits: list[Edit], old: Side, new: Side) -> Iterator[Change]:
    """The changes in characters, and those of the white space between words that stay."""
    if not edits or edits[0].start > 0:
        edits = [Edit(0, 0, 0, 0), *edits]
    if edits[-1].end < len(old.words):
        edits = [*edits, Edit(*[len(old.words)] * 2, *[len(new.words)] * 2)]
    at, at_new = 0, 0
    for edit in edits:
        if old.between(at, edit.start) != new.between(at_new, edit.start_new):
            for by in range(1, edit.start - at):
                yield from _change(Edit(at + by, at + by, at_new + by, at_new + by), old, new)
        yield from _change(edit, old, new)
        at, at_new = edit.end, edit.end_new


def _change(edit: Edit, old: Side, new: Side) -> Iterator[Change]:
    """The change in characters, with no more white space than it needs."""
    removed, front, back = old.around(edit.start, edit.end)
    inserted, front_new, back_new = new.around(edit.start_new, edit.end_new)
    head = common_prefix(front, front_new)
    most = min(len(removed), len(inserted)) - head
    tail = min(common_prefix(back[::-1], back_new[::-1]), most)
    start = old.end(edit.start - 1) + head
    removed, inserted = removed[head : len(removed) - tail], inserted[head : len(inserted) - tail]
    if removed or inserted:
        yield Change(start, start + len(removed), removed, inserted)
