"""A passage on its way through a model: in one piece, or, where it is a chapter, in many, one after the other."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from writer_app.craft.candidate import Candidate
from writer_app.craft.portions import portions
from writer_app.craft.rewriting import Rewriting
from writer_app.craft.transform import Result
from writer_app.errors import PassageEmpty

#: Characters of a passage that a question about it is asked of; of what is longer, its beginning.
_READ = 6_000


@dataclass
class Passage:
    """What is asked about a passage, and what has come of it so far.

    A rewriting goes piece by piece, and each piece is told how the one before it came out. What is finished
    stays when the rest is cancelled, and can be gone on with.

    Attributes:
        asked: The question about the whole passage.
        spans: The pieces, in the manuscript's code points.
        done: The candidates of each finished piece, in order.
    """

    asked: Rewriting
    spans: list[tuple[int, int]] = field(init=False)
    done: list[tuple[Candidate, ...]] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        text, span, result = self.asked.text, self.asked.span, self.asked.recipe.result
        self.spans = portions(text, *span)
        if not self.spans:
            raise PassageEmpty
        if result is Result.AFTER:
            self.spans = self.spans[-1:]
        elif result is not Result.REPLACE:
            self.spans = portions(text, *span, most=_READ)[:1]

    @property
    def is_complete(self) -> bool:
        """Whether every piece is finished."""
        return len(self.done) == len(self.spans)

    @property
    def is_cut(self) -> bool:
        """Whether the model reads less of the passage than the writer has highlighted."""
        edges = self.asked.text[self.spans[-1][1] : self.asked.span[1]]
        return self.asked.recipe.result is not Result.AFTER and bool(edges.strip())

    def question(self) -> Rewriting:
        """The question about the next piece."""
        number = len(self.done)
        before = None
        if number:
            before = self.text(0, upto=number)
        seed = self.asked.drawn_seed
        return replace(
            self.asked,
            span=self.spans[number],
            before=before,
            drawn_seed=None if seed is None else (seed + 8 * number) % 2**32,
        )

    def take(self, candidates: Sequence[Candidate]) -> None:
        """The next piece is finished: a candidate for each alternative; a useless one, or none, leaves it as it was."""
        self.done.append(tuple(candidates) or (Candidate(""),))

    def text(self, number: int, so_far: str = "", upto: int | None = None) -> str:
        """Candidate ``number`` (from 0) of the whole passage.

        Args:
            number: Which of the alternatives.
            so_far: What has come for the piece that is being written; it ends there.
            upto: Only so many pieces; ``None`` for all, the unfinished ones as they are.
        """
        asked, text = self.asked, self.asked.text
        if asked.recipe.result is not Result.REPLACE:
            return self.done[0][number].text if self.done else so_far
        made, at = "", asked.span[0]
        for (start, end), candidates in zip(self.spans[:upto], self.done, strict=False):
            new = candidates[min(number, len(candidates) - 1)].text
            made += text[at:start] + (new or text[start:end])
            at = end
        if upto is not None:
            return made
        if so_far and not self.is_complete:
            return made + text[at : self.spans[len(self.done)][0]] + so_far
        return made + text[at : asked.span[1]]

    def lost(self, number: int) -> tuple[str, ...]:
        """Formatting that could not be placed in candidate ``number``."""
        return tuple(
            mark
            for candidates in self.done
            for mark in candidates[min(number, len(candidates) - 1)].lost
        )

    def is_useful(self, number: int) -> bool:
        """Whether candidate ``number`` has anything of the model in it."""
        return any(each[min(number, len(each) - 1)].is_useful for each in self.done)
