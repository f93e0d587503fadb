"""One answer in the making: what is drawn, what of it is shown, and where it ends.

Nothing here computes: :class:`~writer_app.engine.answer.Answer` gives the scores and reads the tokens, for
one branch or for several at once. A branch that comes upon something banned goes back to the token it starts
with, and draws another one in its place; what it had drawn since is not its text any more.
"""

import random
from dataclasses import dataclass

import numpy as np

from writer_app.engine.backend import Emit
from writer_app.engine.bans import Bans, Watch
from writer_app.engine.outflow import Outflow
from writer_app.engine.protocol import Alternative, Ending, Generate, Text, Token
from writer_app.engine.sampling import Pick, Sample, Sampler, Scores, describe
from writer_app.engine.seam import Forced
from writer_app.engine.vocabulary import Vocabulary
from writer_app.engine.word import Word
from writer_app.errors import BadGrammar


@dataclass(frozen=True, slots=True)
class _Step:
    """A token drawn, and how things stood before it.

    Attributes:
        rest, no_space: Of the forced tail.
        shown: Tokens that text had come from.
        written: Tokens that count.
        report: What is reported of it, where that was asked for.
    """

    token: int
    rest: bytes
    no_space: bool
    shown: int
    written: int
    report: Token | None


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
        bans: What must not be written; ``None`` for nothing.
        is_chat: The prompt comes from a template: its end is taken as it is, and is not part of any text.

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
        bans: Bans | None = None,
        is_chat: bool = False,
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
        self._bans = bans
        self._before = "" if is_chat else prompt
        self._watch = Watch(bans, self._before) if bans else None
        self._outflow = Outflow(prompt, request.stop, request.until, request.soft, self._watch)
        self._forced = Forced(
            tail,
            vocabulary.pieces,
            vocabulary.tokenise,
            no_space=prompt[-1:].isspace() and not is_chat,
        )
        self._seen: list[int] = []
        self._steps: list[_Step] = []
        self._reported = 0
        # By place: tokens that lead to something banned, each with where in the answer that starts.
        self._forbidden: dict[int, dict[int, int]] = {}
        # The place right behind a word that was found as a whole.
        self._behind_word: int | None = None

    def close(self) -> None:
        """Free the sampler."""
        self._sampler.close()

    def see(self, tokens: list[int]) -> None:
        """Tell the sampler's restraints what stands before the answer."""
        self._seen = tokens
        self._sampler.see(tokens)

    @property
    def tokens(self) -> list[int]:
        """All tokens drawn, those that write the tail included."""
        return [step.token for step in self._steps]

    @property
    def stands(self) -> int:
        """How many of :attr:`tokens` will not be taken back."""
        settled = self._outflow.settled
        return sum(1 for step in self._steps if step.shown < settled)

    def draw(self, scores: Scores, sample: Sample | None = None) -> int | None:
        """Draw the next token, which is to be read.

        ``None`` when the branch has ended; or, while ``ending`` is ``None``, when it has gone back: then
        the scores behind what is left of :attr:`tokens` are needed.

        Args:
            scores: A logit for each token; changed in place.
            sample: Draws from them where they lie; see :meth:`Sampler.pick`.
        """
        scores = self.restrained(scores)
        place = len(self._steps)
        if place == self._behind_word:
            scores[self._vocabulary.letters] = -np.inf
        while True:
            pick = self._pick(scores, sample)
            if pick.token in self._vocabulary.ends:
                self._finish(Ending.END)
            else:
                self._take(pick)
            if not self._outflow.hit:
                return pick.token if self.ending is None else None
            self._go_back()
            if len(self._steps) < place:
                return None

    def draw_word(self, words: list[Word]) -> tuple[int, ...]:
        """Finish the word at the caret with one of these; its tokens are to be read.

        Empty where every one is banned: then the tail is to be written token by token.
        """
        words = [word for word in words if not self._is_banned(word)]
        if not words:
            return ()
        word = words[0]
        if self._request.sampling.temperature:
            weights = [word.weight / words[0].weight for word in words]
            word = random.Random(self.seed).choices(words, weights)[0]
        self._sampler.see(word.tokens)
        for token, share in zip(word.tokens, word.shares, strict=True):
            self._take(Pick(token, share))
        self._behind_word = len(self._steps) if word.is_whole else None
        return word.tokens

    def restrained(self, scores: Scores) -> Scores:
        """Forbid what must not be written here, and add the bias; ``scores`` is changed in place."""
        self._sampler.bias(scores)
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
        """No more comes; what was held back is shown, unless it is banned."""
        if self.ending is None:
            self.ending = reason
            self._show(self._outflow.finish(at_once=True))

    def result(self, fit: float | None) -> Alternative:
        """How it ended."""
        assert self.ending
        watch = self._watch
        return Alternative(
            reason=self.ending,
            tokens_written=self.written,
            seed=self.seed,
            fit=fit,
            bans_avoided=watch.hits if watch else 0,
            bans_passed=watch.passed if watch else 0,
        )

    # -- a token --------------------------------------------------------------------------------

    def _pick(self, scores: Scores, sample: Sample | None) -> Pick:
        """Draw, with what is forbidden at this place left out as long as anything else is left."""
        allowed = self._forced.allowed()
        best = self._request.probabilities
        forbidden = self._forbidden.get(len(self._steps), {})
        ids = list(forbidden)
        kept = scores[ids]
        scores[ids] = -np.inf
        try:
            if allowed is None or np.isfinite(scores[allowed].max()):
                return self._sampler.pick(scores, allowed, best, sample)
        except BadGrammar:
            if not forbidden:
                raise
        finally:
            scores[ids] = kept
        # What is banned is all that the grammar, or the writer's own half word, leaves.
        assert self._watch
        for start in forbidden.values():
            self._watch.allow(start)
        forbidden.clear()
        return self._sampler.pick(scores, allowed, best, sample)

    def _take(self, pick: Pick) -> None:
        """Take a token, and show what is certain now; sets ``ending`` where the answer ends."""
        forced, outflow = self._forced, self._outflow
        rest, no_space = forced.rest, forced.no_space
        beyond = forced.accept(self._vocabulary.piece(pick.token))
        is_text = bool(beyond) or not rest
        wants = is_text and self._request.probabilities
        report = describe(pick, self._vocabulary) if wants else None
        self._steps.append(_Step(pick.token, rest, no_space, outflow.tokens, self.written, report))
        if not is_text:
            return
        text = outflow.feed(beyond)
        if outflow.hit:
            return
        self.ending = outflow.ending
        # A token that only shows that the sentence before it has ended is not part of the answer.
        self.written += self.ending is not Ending.SENTENCE or outflow.grew
        self._show(text)
        if self.ending is None and self.written >= self._request.max_tokens:
            self._finish(Ending.LENGTH)

    def _finish(self, reason: Ending) -> None:
        text = self._outflow.finish()
        if not self._outflow.hit:
            self.ending = reason
            self._show(text)

    def _go_back(self) -> None:
        """Take back the token that something banned starts with, and all after it."""
        hit = self._outflow.hit
        assert hit
        shown = self._outflow.tokens_before(hit.start)
        place = max(at for at, step in enumerate(self._steps) if step.shown <= shown)
        step = self._steps[place]
        del self._steps[place:]
        self._forbidden = {at: tokens for at, tokens in self._forbidden.items() if at <= place}
        self._forbidden.setdefault(place, {})[step.token] = hit.start
        if self._behind_word is not None and self._behind_word > place:
            self._behind_word = None
        self.ending = None
        self.written = step.written
        self._forced.rest, self._forced.no_space = step.rest, step.no_space
        self._outflow.rewind(step.shown)
        self._sampler.rewind(self._seen, self.tokens)

    def _is_banned(self, word: Word) -> bool:
        if not self._bans:
            return False
        spelled = b"".join(map(self._vocabulary.piece, word.tokens))[len(self._forced.rest) :]
        text = spelled.decode("utf-8", "replace") + " " * word.is_whole
        return Watch(self._bans, self._before).feed(text) is not None

    def _show(self, text: str) -> None:
        stands = self.stands if self._request.probabilities else 0
        reports = tuple(step.report for step in self._steps[self._reported : stands] if step.report)
        self._reported = max(self._reported, stands)
        self.text += text
        if text or reports:
            self._emit(
                Text(id=self._request.id, text=text, alternative=self.number, tokens=reports)
            )
