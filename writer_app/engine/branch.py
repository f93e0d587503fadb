"""One answer in the making: what is drawn, what of it is shown, and where it ends.

Nothing here computes: :class:`~writer_app.engine.answer.Answer` gives the scores and reads the tokens, for
one branch or for several at once.
"""

import random

import numpy as np

from writer_app.engine.backend import Emit
from writer_app.engine.outflow import Outflow
from writer_app.engine.protocol import Alternative, Ending, Generate, Text
from writer_app.engine.sampling import Pick, Sample, Sampler, Scores, describe
from writer_app.engine.seam import Forced
from writer_app.engine.vocabulary import Vocabulary
from writer_app.engine.word import Word


class Branch:
    """One of the answers to a request.

    Args:
        number: Which, from 0.
        request: What is asked.
        vocabulary: The model's.
        sampler: Draws for this branch alone; :meth:`close` closes it.
        prompt: The text before the answer.
        tail: Its last bytes, which are written again rather than read.
        emit: Where text goes.
        seed: The sampler's seed.
        fits_space: White space at the end of the prompt is taken as it is (a template's).

    Attributes:
        ending: Why it ended; ``None`` while it is being written.
        written: Tokens written.
        text: All that was shown.
    """

    def __init__(
        self,
        number: int,
        request: Generate,
        vocabulary: Vocabulary,
        sampler: Sampler,
        prompt: str,
        tail: bytes,
        emit: Emit,
        seed: int,
        *,
        fits_space: bool,
    ) -> None:
        self.number = number
        self.ending: Ending | None = None
        self.written = 0
        self.text = ""
        self.seed = seed
        self._request = request
        self._vocabulary = vocabulary
        self._sampler = sampler
        self._emit = emit
        self._outflow = Outflow(prompt, request.stop, request.until, request.soft)
        self._forced = Forced(
            tail,
            vocabulary.pieces,
            vocabulary.tokenise,
            no_space=prompt[-1:].isspace() and not fits_space,
        )
        self._after_word = False

    def close(self) -> None:
        """Free the sampler."""
        self._sampler.close()

    def see(self, tokens: list[int]) -> None:
        """Tell the sampler's restraints what stands before the answer."""
        self._sampler.see(tokens)

    def draw(self, scores: Scores, sample: Sample | None = None) -> int | None:
        """Draw the next token; ``None`` when the branch has ended, otherwise it is to be read.

        Args:
            scores: A logit for each token; changed in place.
            sample: Draws from them where they lie; see :meth:`Sampler.pick`.
        """
        scores = self.restrained(scores)
        if self._after_word:
            scores[self._vocabulary.letters] = -np.inf
            self._after_word = False
        allowed = self._forced.allowed()
        pick = self._sampler.pick(scores, allowed, self._request.probabilities, sample)
        if pick.token in self._vocabulary.ends:
            self.end(Ending.END)
            return None
        beyond = self._forced.accept(self._vocabulary.piece(pick.token))
        if beyond or allowed is None:
            self._take(beyond, pick)
        return pick.token if self.ending is None else None

    def draw_word(self, words: list[Word]) -> tuple[int, ...]:
        """Finish the word at the caret with one of these; its tokens are to be read."""
        word = words[0]
        if self._request.sampling.temperature:
            weights = [word.weight for word in words]
            word = random.Random(self.seed).choices(words, weights)[0]
        self._sampler.see(word.tokens)
        for token, share in zip(word.tokens, word.shares, strict=True):
            if beyond := self._forced.accept(self._vocabulary.piece(token)):
                self._take(beyond, Pick(token, share))
        self._after_word = word.is_whole
        return word.tokens

    def restrained(self, scores: Scores) -> Scores:
        """Forbid what must not be written here; ``scores`` is changed in place."""
        ends = self._vocabulary.ends
        kept = scores[ends]
        scores[self._vocabulary.silent] = -np.inf
        if self.written >= self._request.min_tokens or self._request.grammar:
            scores[ends] = kept
        if not self._forced.rest:
            if self._forced.no_space:
                scores[self._vocabulary.spaces] = -np.inf
            # A character that was begun is finished, and none starts in its middle.
            inner = self._vocabulary.inner
            scores[~inner if self._outflow.inside_character else inner] = -np.inf
        return scores

    def end(self, reason: Ending) -> None:
        """No more comes; what was held back is shown."""
        if self.ending is None:
            self.ending = reason
            self._show(self._outflow.finish())

    def result(self, fit: float | None) -> Alternative:
        """How it ended."""
        assert self.ending
        return Alternative(self.ending, self.written, self.seed, fit)

    def _take(self, piece: bytes, pick: Pick) -> None:
        text = self._outflow.feed(piece)
        self.ending = self._outflow.ending
        # A token that only shows that the sentence before it has ended is not part of the answer.
        self.written += self.ending is not Ending.SENTENCE or bool(text)
        self._show(text, pick)
        if self.written >= self._request.max_tokens:
            self.end(Ending.LENGTH)

    def _show(self, text: str, pick: Pick | None = None) -> None:
        tokens = (describe(pick, self._vocabulary),) if pick and self._request.probabilities else ()
        self.text += text
        if text or tokens:
            self._emit(Text(id=self._request.id, text=text, alternative=self.number, tokens=tokens))
