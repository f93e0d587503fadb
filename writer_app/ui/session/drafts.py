"""What arrives for one passage: candidates, as far as they have come, each as a :class:`Review`. Pure."""

from writer_app.craft.candidate import Candidate, Judge, by_rule, names_around
from writer_app.craft.passage import Passage
from writer_app.craft.rewriting import Rewriting
from writer_app.craft.transform import Result
from writer_app.text.habits import Switches
from writer_app.text.revision import Revision, joined, revise
from writer_app.ui.session.review import Review

#: A passage of so many characters is counted anew at every look while it is written.
_COUNTED = 20_000


def ruled(asked: Rewriting) -> Review:
    """What a rule makes of the passage; no model is asked. Raises as :func:`by_rule` does."""
    found = by_rule(asked)
    return Review(found, revise(asked.passage, found.text), is_complete=True).measured()


class Drafts:
    """The candidates for ``passage`` while they are being written, piece after piece.

    Attributes:
        passage: The passage and its finished pieces.
    """

    def __init__(self, passage: Passage, switches: Switches) -> None:
        self.passage = passage
        self._switches = switches
        self._names = names_around(passage.asked)
        self._whole = self._judge_of(passage.asked)
        self._judge: Judge | None = None  # of the piece that is being written
        self._answers: list[str] = []
        # Of each alternative: where each finished piece begins in the passage, and what it changes.
        self._revised: list[list[tuple[int, Revision]]] = [
            [] for _number in range(passage.asked.candidates)
        ]

    def begin(self) -> Rewriting:
        """The question about the next piece; what was half written of it is forgotten."""
        question = self.passage.question()
        self._judge = self._judge_of(question)
        self._answers = [""] * question.candidates
        return question

    def feed(self, text: str, alternative: int) -> None:
        """More of one of the answers."""
        if alternative < len(self._answers):
            self._answers[alternative] += text

    def finish_piece(self) -> None:
        """The answers to this piece are complete."""
        assert self._judge is not None
        passage, candidates = self.passage, [self._judge.finish(each) for each in self._answers]
        start, end = passage.spans[len(passage.done)]
        original, at = passage.asked.text[start:end], start - passage.asked.span[0]
        passage.take(candidates)
        for parts, candidate in zip(self._revised, candidates, strict=True):
            parts.append((at, revise(original, candidate.text or original)))
        self._judge, self._answers = None, []

    def so_far(self) -> list[Review]:
        """What can be shown now: one for each alternative that has a word."""
        found = (self._growing(number) for number in range(len(self._revised)))
        return [each for each in found if each]

    def result(self) -> list[Review]:
        """What can be accepted when nothing more comes, half a piece included; the same twice is no choice."""
        passage = self.passage
        if not passage.is_complete and any(self._answers):
            reviews = self.so_far()
            for each in reviews:
                each.is_complete = True
            return [each.measured() for each in reviews]
        found = dict[str, Review]()
        for number in range(len(self._revised)):
            if passage.done and passage.is_useful(number):
                review = self._finished(number)
                found.setdefault(review.candidate.text, review)
        return list(found.values())

    def edited(self, text: str, review: Review) -> Review:
        """``review`` with the writer's own words in the place of the candidate's."""
        candidate = self._whole.verified(text, review.candidate.lost)
        revision = revise(self.passage.asked.passage, text)
        return Review(candidate, revision, is_complete=True, seed=review.seed).measured()

    def _seed(self, number: int) -> int | None:
        """That an alternative is drawn with, as the engine counts them."""
        asked = self.passage.asked
        seed = asked.drawn_seed if asked.seed is None else asked.seed
        return None if seed is None else (seed + number) % 2**32

    def _judge_of(self, asked: Rewriting) -> Judge:
        return Judge(asked, self._switches, self._names)

    def _growing(self, number: int) -> Review | None:
        asked, parts = self.passage.asked, self._revised[number]
        text = self._judge.so_far(self._answers[number]) if self._judge else ""
        if not (text or parts):
            return None
        if asked.recipe.result is not Result.REPLACE:
            return Review(Candidate(text), revise("", ""), seed=self._seed(number))
        if len(parts) < len(self.passage.spans):
            start, end = self.passage.spans[len(parts)]
            part = revise(asked.text[start:end], text, complete=False)
            parts = [*parts, (start - asked.span[0], part)]
        revision = joined(asked.passage, parts)
        review = Review(Candidate(revision.candidate), revision, seed=self._seed(number))
        return review.measured() if len(revision.original) <= _COUNTED else review

    def _finished(self, number: int) -> Review:
        passage = self.passage
        if passage.asked.recipe.result is not Result.REPLACE:
            found = passage.done[0][number]
            return Review(found, revise("", ""), is_complete=True, seed=self._seed(number))
        revision = joined(passage.asked.passage, self._revised[number])
        candidate = self._whole.verified(revision.candidate, passage.lost(number))
        seed = self._seed(number)
        return Review(candidate, revision, is_complete=True, seed=seed).measured()
