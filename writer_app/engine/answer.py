"""Answering a request: tokenise, read what is new, write until an end, in one branch or in several."""

import secrets
import time
from collections.abc import Container, Iterable
from typing import TypeAlias

import numpy as np

from writer_app.engine import word
from writer_app.engine.backend import Emit
from writer_app.engine.bans import compiled
from writer_app.engine.branch import Branch
from writer_app.engine.cache import Sequence, common_prefix, retokenise
from writer_app.engine.drafting import MOST, Drafter
from writer_app.engine.native import NativeModel
from writer_app.engine.protocol import Done, Ending, Generate, Reading, Seconds
from writer_app.engine.sampling import Sample, Sampler, Scores
from writer_app.engine.seam import ends_in_word, seam_start
from writer_app.errors import TooLong

#: Scores behind what a branch has written, and how to draw from them where they lie.
_Ready: TypeAlias = tuple[Scores, Sample | None]

#: Tokens of the prompt that repetition penalties know of, as far as their own settings reach.
_REMEMBERED = 1_024
#: Tokens behind the caret by which alternatives are compared: scores of all of them are kept at once, 1 MB
#: each with a large vocabulary.
_BEHIND = 12
_BEHIND_CHARACTERS = 120
#: Tokens a call when reading along: it is often stopped, and then loses what the call had done.
_QUIET_BATCH = 64


class Answer:
    """Runs one :class:`Generate` on a loaded model.

    Args:
        model: The model, whose context keeps what is read and written here.
        request: What is asked.
        emit: Where text and progress go.
        prompt: The prompt as one text.
        dropped: Numbers of alternatives that are not wanted any more; may grow meanwhile.
        is_chat: The prompt comes from a chat template: control words in it count, and it ends
            where the template ends it, so there is no seam to heal.
    """

    def __init__(
        self,
        model: NativeModel,
        request: Generate,
        emit: Emit,
        prompt: str,
        dropped: Container[int] = (),
        *,
        is_chat: bool = False,
    ) -> None:
        self._model = model
        self._context = model.context
        self._vocabulary = model.vocabulary
        self._request = request
        self._emit = emit
        self._prompt = prompt
        self._dropped = dropped
        self._is_chat = is_chat

    def run(self) -> Done:
        """Read and write; see :meth:`LlamaBackend.generate` for what is raised."""
        request, context = self._request, self._context
        calls = context.decode_calls
        whole = self._tokens()
        head, tail = self._split(whole)
        head, added = self._framed(head)
        self._check_length(len(whole.tokens) + added)
        branches = list[Branch]()
        try:
            branches += self._branches(tail)
            began = time.monotonic()
            reused, complete = context.hold(
                head, self._tell(began), afresh=request.repeatable, exact=self._is_chat
            )
            read_at = time.monotonic()
            fits: dict[int, float] = {}
            if complete:
                self._write(branches, head, tail)
                fits = self._fits(branches, len(head.tokens))
        finally:
            for branch in branches:
                branch.close()
        for branch in branches:
            branch.end(Ending.CANCELLED)
        results = [branch.result(fits.get(branch.number)) for branch in branches]
        return Done(
            id=request.id,
            reason=results[0].reason,
            tokens_read=len(whole.tokens) + added - reused,
            tokens_reused=reused,
            tokens_written=sum(result.tokens_written for result in results),
            decode_calls=context.decode_calls - calls,
            seed=results[0].seed,
            seconds=Seconds(read=read_at - began, write=time.monotonic() - read_at),
            alternatives=tuple(results) if len(results) > 1 else (),
            bans_avoided=sum(result.bans_avoided for result in results),
            bans_passed=sum(result.bans_passed for result in results),
            threads=context.pace.chosen if context.pace.is_settled else 0,
        )

    def read(self) -> Done:
        """Read only, up to where :meth:`run` would begin to write."""
        whole = self._tokens()
        head, _tail = self._split(whole)
        head, _added = self._framed(head)
        began = time.monotonic()
        reused, complete = self._context.hold(head, exact=True, batch=_QUIET_BATCH)
        return Done(
            id=self._request.id,
            reason=Ending.END if complete else Ending.CANCELLED,
            tokens_read=len(self._context.held[0].tokens) - reused,
            tokens_reused=reused,
            seconds=Seconds(read=time.monotonic() - began),
        )

    # -- the prompt -----------------------------------------------------------------------------

    def _tokens(self) -> Sequence:
        """The prompt's tokens; a repeatable answer takes those the text alone gives."""
        afresh = self._request.repeatable or self._is_chat
        held = Sequence() if afresh else self._context.held[0]
        special = self._is_chat

        def tokenise(piece: bytes, bos: bool) -> list[int]:
            return self._vocabulary.tokenise(piece, bos=bos and not special, special=special)

        return retokenise(held, self._prompt.encode(), tokenise, self._vocabulary.piece)

    def _check_length(self, tokens: int) -> None:
        wanted = self._request.max_tokens * self._request.alternatives
        excess = tokens + wanted + 1 - self._context.size
        if excess > 0:
            raise TooLong(excess=excess, context=self._context.size)

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

    @property
    def _fills_in(self) -> bool:
        return bool(self._request.suffix) and not self._is_chat and self._vocabulary.has_infill

    def _framed(self, head: Sequence) -> tuple[Sequence, int]:
        """With infill tokens, and text behind the caret: both around the gap, and how many tokens more.

        The order prefix, suffix, middle is the one all infill models know ("PSM").
        """
        if not self._fills_in:
            return head, 0
        before, behind, middle = self._vocabulary.infill
        after = [behind, *self._vocabulary.tokenise(self._request.suffix.encode()), middle]
        tokens = [before, *head.tokens, *after]
        # What is held then is no longer one text, so later requests can only reuse equal tokens.
        return Sequence(tokens, [0] * len(tokens), b"", spelled=False), len(after) + 1

    def _tell(self, began: float) -> "_Progress":
        return _Progress(self._request.id, self._emit, began)

    # -- the answer -----------------------------------------------------------------------------

    def _branches(self, tail: bytes) -> Iterable[Branch]:
        request = self._request
        first = secrets.randbits(32) if request.seed is None else request.seed
        bans = compiled(request.bans) if any(map(str.strip, request.bans)) else None
        for number in range(request.alternatives):
            seed = (first + number) % 2**32
            sampler = Sampler(
                request.sampling,
                self._vocabulary,
                seed,
                self._model.trained_context,
                request.grammar,
            )
            yield Branch(
                number,
                request,
                self._vocabulary,
                sampler,
                self._prompt,
                tail,
                self._emit,
                seed,
                bans=bans,
                is_chat=self._is_chat,
            )

    def _write(self, branches: list[Branch], head: Sequence, tail: bytes) -> None:
        """Let every branch write to its end, all in one batch a step; repeatable ones one after another."""
        start = self._context.scores()
        # What must be read again as a whole to go back has to be the only sequence.
        alone = self._request.repeatable or not self._model.can_rewind
        groups = [[branch] for branch in branches] if alone else [branches]
        for branch in branches:
            branch.see(head.tokens[-_REMEMBERED:])
        for group in groups:
            if group is not groups[0] and not self._context.hold(head)[1]:
                return
            if not self._write_together(group, start, tail):
                return

    def _write_together(self, branches: list[Branch], start: Scores, tail: bytes) -> bool:
        """Write these branches, branch by branch a sequence; false when stopped."""
        context = self._context
        base = len(context.held[0].tokens)
        ready = self._begin(branches, start, tail)
        if not ready:
            return False
        if self._request.like and len(branches) == 1 and self._may_draft:
            return self._write_drafting(branches[0], ready[0], start, base)
        while True:
            drawn: dict[int, int] = {}
            for number, branch in enumerate(branches):
                if branch.number in self._dropped:
                    branch.end(Ending.CANCELLED)
                if branch.ending is None:
                    token = branch.draw(*ready[number])
                    if token is None:
                        token = self._again(branch, number, start, base)
                    if token is not None:
                        drawn[number] = token
            if not drawn:
                return True
            if not context.extend(drawn):
                return False
            ready = {number: self._lying(number) for number in drawn}

    def _begin(self, branches: list[Branch], start: Scores, tail: bytes) -> dict[int, _Ready]:
        """Finish the word at the caret; returns the scores behind it, empty when stopped."""
        context = self._context
        ready: dict[int, _Ready] = {n: (start.copy(), None) for n in range(len(branches))}
        if not (ends_in_word(tail) and self._model.can_rewind):
            context.fork(len(branches))
            return ready
        words = word.find(context, self._vocabulary, start, tail, branches[0].restrained)
        if not words:
            return {}
        context.fork(len(branches))
        drawn = {number: branch.draw_word(words) for number, branch in enumerate(branches)}
        chosen = {number: tokens for number, tokens in drawn.items() if tokens}
        if chosen and not context.read(chosen):
            return {}
        return ready | {number: (context.scores(number), None) for number in chosen}

    def _again(self, branch: Branch, number: int, start: Scores, base: int) -> int | None:
        """Forget what a branch that went back has taken back.

        Returns:
            Its last token, which is to be read again for the scores behind it; ``None`` when it has ended,
            or stopped.
        """
        while branch.ending is None:
            kept = branch.tokens
            if not self._context.rewind(number, base + max(0, len(kept) - 1)):
                # This model cannot go back part of the way: the whole is read again.
                whole = self._context.held[number].first(base + max(0, len(kept) - 1))
                if not self._context.hold(whole)[1]:
                    return None
            if kept:
                return kept[-1]
            token = branch.draw(start.copy())
            if token is not None:
                return token
        return None

    def _lying(self, number: int, back: int = 0) -> _Ready:
        """Scores where they lie, and how to draw from them: no copies of a large vocabulary at each token."""
        context = self._context
        return (
            context.scores(number, back, own=False),
            lambda chain: context.sample(chain, number, back),
        )

    @property
    def _may_draft(self) -> bool:
        """A draft that is not accepted must be forgotten, and changes the shape of a batch."""
        return self._model.can_rewind and not self._request.repeatable

    def _write_drafting(self, branch: Branch, ready: _Ready, start: Scores, base: int) -> bool:
        """Write one branch, trying several tokens a batch that the expected text would have next.

        A token counts only when the sampler draws it from the scores of its place, with all restraints: so
        what is drawn is what would have been drawn one by one. False when stopped.
        """
        context, costs = self._context, self._model.costs
        expected = self._vocabulary.tokenise(self._request.like.encode())
        drafter = Drafter(expected, costs)
        token = branch.draw(*ready)
        while True:
            if token is None:
                token = self._again(branch, 0, start, base)
                if token is None:
                    return True
                drafter = Drafter(expected, costs)
                for kept in branch.tokens[:-1]:
                    drafter.see(kept)
            drafter.see(token)
            draft = drafter.draft(max(0, min(MOST, self._request.max_tokens - branch.written - 1)))
            began = time.perf_counter()
            if not context.read({0: [token, *draft]}, every=bool(draft)):
                return False
            read = len(context.held[0].tokens)
            for place, drafted in enumerate([*draft, None]):
                token = branch.draw(*self._lying(0, back=len(draft) - place))
                if token is None or token != drafted:
                    context.rewind(0, read - len(draft) + place)
                    break
                drafter.see(token)
            if not context.is_trying:
                costs.tell(len(draft), time.perf_counter() - began)
        return True

    def _fits(self, branches: list[Branch], base: int) -> dict[int, float]:
        """How likely each branch makes the text behind the caret, all in one batch, where there is room."""
        behind = self._request.suffix[:_BEHIND_CHARACTERS].encode()
        if len(branches) < 2 or self._request.repeatable or self._fills_in or not behind:
            return {}
        after = self._vocabulary.tokenise(behind)[:_BEHIND]
        rows = {}
        for branch in branches:
            held = self._context.held[branch.number]
            text = (self._prompt + branch.text).encode()
            shared = common_prefix(held.text, text)
            # One token before is read again: its scores are those for the first token behind.
            keep = max(1, sum(1 for end in held.ends if end <= shared) - 1)
            last = self._vocabulary.tokenise(text[held.ends[keep - 1] :])
            wanted = last and branch.ending is not Ending.CANCELLED
            if wanted and self._context.rewind(branch.number, keep):
                rows[branch.number] = [*last, *after]
        own = [len(held.tokens) - base for held in self._context.held.values()]
        room = self._context.size - base - sum(own)
        if not rows or sum(map(len, rows.values())) > room:
            return {}
        if not self._context.read(rows, every=True):
            return {}
        return {number: self._likelihood(number, after) for number in rows}

    def _likelihood(self, number: int, after: list[int]) -> float:
        """Mean logarithm of the probability of ``after``, the last tokens read in a sequence."""
        total = 0.0
        for place, token in enumerate(after):
            scores = self._context.scores(number, back=len(after) - place).astype(np.float64)
            total += float(
                scores[token] - scores.max() - np.log(np.exp(scores - scores.max()).sum())
            )
        return total / len(after)


class _Progress:
    """Tells how far reading is, and how long it will still take at the pace so far."""

    def __init__(self, request_id: int, emit: Emit, began: float) -> None:
        self._id = request_id
        self._emit = emit
        self._began = began

    def __call__(self, done: int, total: int) -> None:
        pace = done / max(1e-6, time.monotonic() - self._began)
        self._emit(Reading(id=self._id, done=done, total=total, seconds_left=(total - done) / pace))
