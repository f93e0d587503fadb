"""One answer: tokenise, read what is new, write until an end."""

import random
import secrets
import time

import numpy as np

from writer_app.engine import word
from writer_app.engine.backend import Emit
from writer_app.engine.cache import Sequence, retokenise
from writer_app.engine.native import NativeModel
from writer_app.engine.outflow import Outflow
from writer_app.engine.protocol import Done, Ending, Generate, Reading, Seconds, Text
from writer_app.engine.sampling import Pick, Sampler, Scores, describe
from writer_app.engine.seam import Forced, ends_in_word, seam_start
from writer_app.errors import TooLong

#: Tokens of the prompt that repetition penalties know of, as far as their own settings reach.
_REMEMBERED = 1_024


class Answer:
    """Runs one :class:`Generate` on a loaded model.

    Args:
        model: The model, whose context keeps what is read and written here.
        request: What is asked.
        emit: Where text and progress go.
        prompt: The prompt as one text.
        is_chat: The prompt comes from a chat template: control words in it count, and it ends
            where the template ends it, so there is no seam to heal.
    """

    def __init__(
        self,
        model: NativeModel,
        request: Generate,
        emit: Emit,
        prompt: str,
        *,
        is_chat: bool = False,
    ) -> None:
        self._model = model
        self._vocabulary = model.vocabulary
        self._request = request
        self._emit = emit
        self._prompt = prompt
        self._is_chat = is_chat
        self._written = 0

    def run(self) -> Done:
        """Read and write; see :meth:`LlamaBackend.generate` for what is raised."""
        request, model = self._request, self._model
        calls = model.decode_calls
        seed = secrets.randbits(32) if request.seed is None else request.seed
        sampler = Sampler(
            request.sampling, self._vocabulary, seed, model.trained_context, request.grammar
        )
        try:
            whole = self._tokens()
            head, tail = self._split(whole)
            head, added = self._framed(head)
            self._check_length(len(whole.tokens) + added)
            began = time.monotonic()
            reused, complete = model.hold(head, self._tell(began), afresh=request.repeatable)
            read_at = time.monotonic()
            sampler.see(head.tokens[-_REMEMBERED:])
            ending = self._write(sampler, tail, seed) if complete else Ending.CANCELLED
        finally:
            sampler.close()
        return Done(
            id=request.id,
            reason=ending,
            tokens_read=len(whole.tokens) + added - reused,
            tokens_reused=reused,
            tokens_written=self._written,
            decode_calls=model.decode_calls - calls,
            seed=seed,
            seconds=Seconds(read=read_at - began, write=time.monotonic() - read_at),
        )

    def _tokens(self) -> Sequence:
        """The prompt's tokens; a repeatable answer takes those the text alone gives."""
        held = Sequence() if self._request.repeatable or self._is_chat else self._model.held
        special = self._is_chat

        def tokenise(piece: bytes, bos: bool) -> list[int]:
            return self._vocabulary.tokenise(piece, bos=bos and not special, special=special)

        return retokenise(held, self._prompt.encode(), tokenise, self._vocabulary.piece)

    def _check_length(self, tokens: int) -> None:
        excess = tokens + self._request.max_tokens + 1 - self._model.size
        if excess > 0:
            raise TooLong(excess=excess, context=self._model.size)

    def _split(self, whole: Sequence) -> tuple[Sequence, bytes]:
        """What is read, and the tail that is forced instead; the head has at least one token."""
        cut = len(whole.tokens)
        if whole.spelled and not (self._is_chat or self._request.grammar):
            start = len(self._prompt[: seam_start(self._prompt, self._vocabulary.pieces)].encode())
            while cut and whole.ends[cut - 1] > start:
                cut -= 1
        head = whole.first(cut)
        tail = whole.text[len(head.text) :] if whole.spelled else b""
        if not head.tokens:
            head.append(self._vocabulary.start, b"")
        return head, tail

    def _framed(self, head: Sequence) -> tuple[Sequence, int]:
        """With infill tokens, and text behind the caret: both around the gap, and how many tokens more.

        The order prefix, suffix, middle is the one all infill models know ("PSM").
        """
        vocabulary, suffix = self._vocabulary, self._request.suffix
        if not suffix or self._is_chat or not vocabulary.has_infill:
            return head, 0
        before, behind, middle = vocabulary.infill
        after = [behind, *vocabulary.tokenise(suffix.encode()), middle]
        tokens = [before, *head.tokens, *after]
        # What is held then is no longer one text, so later requests can only reuse equal tokens.
        return Sequence(tokens, [0] * len(tokens), b"", spelled=False), len(after) + 1

    def _tell(self, began: float) -> "_Progress":
        return _Progress(self._request.id, self._emit, began)

    def _write(self, sampler: Sampler, tail: bytes, seed: int) -> Ending:
        request, model = self._request, self._model
        outflow = Outflow(self._prompt, request.stop, request.until, request.soft)
        forced = Forced(
            tail,
            self._vocabulary.pieces,
            self._vocabulary.tokenise,
            no_space=self._prompt[-1:].isspace() and not self._is_chat,
        )
        after_word = False
        if ends_in_word(tail) and model.can_rewind:
            found = self._finish_word(sampler, outflow, forced, seed)
            if found is None:
                return self._finish(outflow, Ending.CANCELLED)
            after_word = found.is_whole
        while outflow.ending is None:
            if self._written >= request.max_tokens:
                return self._finish(outflow, Ending.LENGTH)
            scores = self._restrained(model.scores(), forced, outflow)
            if after_word:
                scores[self._vocabulary.letters] = -np.inf
                after_word = False
            allowed = forced.allowed()
            pick = sampler.pick(scores, allowed, request.probabilities)
            if pick.token in self._vocabulary.ends:
                return self._finish(outflow, Ending.END)
            beyond = forced.accept(self._vocabulary.piece(pick.token))
            if beyond or allowed is None:
                self._take(outflow, beyond, pick)
            going_on = outflow.ending is None and self._written < request.max_tokens
            if going_on and not model.extend(pick.token):
                return self._finish(outflow, Ending.CANCELLED)
        return outflow.ending

    def _finish_word(
        self, sampler: Sampler, outflow: Outflow, forced: Forced, seed: int
    ) -> word.Word | None:
        """Write the rest of the word at the caret; ``None`` when stopped."""
        draw = random.Random(seed) if self._request.sampling.temperature else None
        found = word.finish(
            self._model, forced.rest, lambda scores: self._restrained(scores, forced, outflow), draw
        )
        if found is None:
            return None
        sampler.see(found.tokens)
        for token, share in zip(found.tokens, found.shares, strict=True):
            if beyond := forced.accept(self._vocabulary.piece(token)):
                self._take(outflow, beyond, Pick(token, share))
        return found

    def _restrained(self, scores: Scores, forced: Forced, outflow: Outflow) -> Scores:
        """Forbid what must not be written here."""
        ends = self._vocabulary.ends
        kept = scores[ends]
        scores[self._vocabulary.silent] = -np.inf
        if self._written >= self._request.min_tokens or self._request.grammar:
            scores[ends] = kept
        if not forced.rest and forced.no_space:
            scores[self._vocabulary.spaces] = -np.inf
        if not forced.rest:
            # A character that was begun is finished, and none starts in its middle.
            inner = self._vocabulary.inner
            scores[~inner if outflow.inside_character else inner] = -np.inf
        return scores

    def _take(self, outflow: Outflow, piece: bytes, pick: Pick) -> None:
        text = outflow.feed(piece)
        # A token that only shows that the sentence before it has ended is not part of the answer.
        self._written += outflow.ending is not Ending.SENTENCE or bool(text)
        tokens = (describe(pick, self._vocabulary),) if self._request.probabilities else ()
        if text or tokens:
            self._emit(Text(id=self._request.id, text=text, tokens=tokens))

    def _finish(self, outflow: Outflow, ending: Ending) -> Ending:
        if text := outflow.finish():
            self._emit(Text(id=self._request.id, text=text))
        return ending


class _Progress:
    """Tells how far reading is, and how long it will still take at the pace so far."""

    def __init__(self, request_id: int, emit: Emit, began: float) -> None:
        self._id = request_id
        self._emit = emit
        self._began = began

    def __call__(self, done: int, total: int) -> None:
        pace = done / max(1e-6, time.monotonic() - self._began)
        self._emit(Reading(id=self._id, done=done, total=total, seconds_left=(total - done) / pace))
