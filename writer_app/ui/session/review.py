"""One candidate as the writer goes through it: what it changes, and what she has said to each change. Pure."""

from dataclasses import dataclass, field
from itertools import pairwise

from writer_app.craft.candidate import Candidate
from writer_app.craft.checks import size
from writer_app.text.revision import Revision


@dataclass(eq=False)
class Review:
    """A candidate under review.

    Attributes:
        candidate: The candidate, as far as it has come.
        revision: What it changes in the passage.
        is_complete: Nothing more will come.
        decided: What she has said to changes, by their index: accepted or rejected.
        current: The change she looks at; ``None`` before she has looked at any.
        kept: Of a list, the items to keep, by their index.
        sizes: Of the passage and of the candidate, in words or 字, once they are :meth:`measured`.
        seed: That the model drew it with; ``None`` where there was none.
    """

    candidate: Candidate
    revision: Revision
    is_complete: bool = False
    decided: dict[int, bool] = field(default_factory=dict)
    current: int | None = None
    kept: set[int] = field(default_factory=set)
    sizes: tuple[int, int] | None = None
    seed: int | None = None

    def measured(self) -> "Review":
        """This, its sizes known: counting a book takes too long to do it whenever it is shown."""
        self.sizes = size(self.revision.original), size(self.candidate.text)
        return self

    @property
    def changes(self) -> int:
        """How many changes there are."""
        return len(self.revision.changes)

    @property
    def taken(self) -> frozenset[int]:
        """The changes that would be made now.

        Those she has accepted; while she has accepted none, all that she has not rejected.
        """
        accepted = frozenset(index for index, wanted in self.decided.items() if wanted)
        return accepted or frozenset(range(self.changes)) - self.decided.keys()

    @property
    def is_chosen(self) -> bool:
        """Whether she has accepted single changes."""
        return any(self.decided.values())

    def text(self) -> str:
        """The passage as it would be."""
        return self.revision.apply(self.taken)

    def edits(self, most: int) -> list[tuple[int, int, str]]:
        """What makes :meth:`text` of the passage: (start, end, what to put there), in order.

        One for each change taken; where that were more than ``most``, those with the least between them are joined,
        and what stays between them is written again.
        """
        changes = [self.revision.changes[index] for index in sorted(self.taken)]
        gaps = sorted(
            (after.start - before.end, index)
            for index, (before, after) in enumerate(pairwise(changes))
        )
        closed = {index for _gap, index in gaps[: max(0, len(changes) - most)]}
        edits: list[tuple[int, int, str]] = []
        for index, change in enumerate(changes):
            if index - 1 in closed:
                start, end, text = edits[-1]
                between = self.revision.original[end : change.start]
                edits[-1] = (start, change.end, text + between + change.inserted)
            else:
                edits.append((change.start, change.end, change.inserted))
        return edits

    def step(self, by: int) -> None:
        """Look at the next change (1) or the one before (-1), around the ends."""
        if self.changes:
            at = (-1 if by > 0 else 0) if self.current is None else self.current
            self.current = (at + by) % self.changes

    def decide(self, index: int, *, accepted: bool) -> None:
        """Accept or reject a change; saying the same again takes it back."""
        if self.decided.get(index) is accepted:
            del self.decided[index]
        else:
            self.decided[index] = accepted

    def decide_current(self, *, accepted: bool) -> bool:
        """Accept or reject the change looked at and go on to the next one that is open.

        Returns:
            Whether there still is one that is open.
        """
        if self.current is None:
            return bool(self.changes)
        self.decided[self.current] = accepted
        after = [*range(self.current + 1, self.changes), *range(self.current)]
        left = [index for index in after if index not in self.decided]
        if left:
            self.current = left[0]
        return bool(left)

    def keep(self, index: int, *, wanted: bool) -> None:
        """Keep an item of a list, or drop it."""
        self.kept = self.kept | {index} if wanted else self.kept - {index}
