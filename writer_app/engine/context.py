"""A context of llama.cpp: what the model has read and remembers, as numbered sequences.

Sequence 0 is the one that is being worked on. While several alternatives are written, each has a sequence
of its own; they share what they have in common. What is not worked on now is kept as a snapshot outside
(:mod:`~writer_app.engine.shelf`).
"""

import ctypes
import time
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Sequence as Tokens
from contextlib import contextmanager

import llama_cpp as native
import numpy as np

from writer_app.engine import snapshot
from writer_app.engine.cache import Sequence, reusable
from writer_app.engine.loading import Log
from writer_app.engine.pace import Pace
from writer_app.engine.sampling import Scores
from writer_app.engine.shifting import Shift, plan
from writer_app.engine.stop import StopFlag
from writer_app.engine.stride import Stride
from writer_app.engine.vocabulary import Vocabulary
from writer_app.errors import EngineError, InvalidNumbers

#: Tokens per call while reading: small enough to report progress, large enough to run at full speed.
BATCH = 256
#: Alternatives that can be written at once.
SEQUENCES = 8
#: What the bytes of a snapshot depend on besides the model; to be changed with :func:`_make`.
SETTINGS = "f16 keys and values, no flash attention, full sliding window in pieces, unified"
_SPARE = SEQUENCES  # one more, for snapshots and shifting
_ABORTED = 2  # llama_decode's answer when the abort callback said so


class NoContext(Exception):
    """llama.cpp made no context; its log has the reason."""


class Context:
    """Reads tokens and gives the scores of what comes next.

    Args:
        model: Handle of the model.
        vocabulary: The model's.
        stop: Ends what is being computed.
        log: llama.cpp's log.
        size: Tokens there is room for, of all sequences together.
        pace: Says how many threads compute a step, and is told how long it took.
        stride: Tokens a call while reading, at most :data:`BATCH`.

    Attributes:
        held: What each sequence holds; 0 is always there.
        decode_calls: Calls of ``llama_decode`` so far.
        is_trying: The last of them tried another number of threads than is usual now.

    Raises:
        NoContext: It could not be made.
    """

    def __init__(
        self,
        model: ctypes.c_void_p,
        vocabulary: Vocabulary,
        stop: StopFlag,
        log: Log,
        size: int,
        pace: Pace,
        stride: Stride,
    ) -> None:
        self.size = size
        self.pace = pace
        self.is_trying = False
        self._at_most = pace.most
        self._stride = stride
        self.held: dict[int, Sequence] = {0: Sequence()}
        self.decode_calls = 0
        self._vocabulary = vocabulary
        self._stop = stop
        self._log = log
        self._handle = _make(model, size, pace.most)
        if not self._handle:
            raise NoContext
        self._memory = native.llama_get_memory(self._handle)
        rewinds = not (
            native.llama_model_is_recurrent(model) or native.llama_model_is_hybrid(model)
        )
        self._window = native.llama_model_n_swa(model) if rewinds else 0
        # llama.cpp says that a state can be shifted too, and would leave it as it is. A model whose positions
        # are not turned into the keys has them in what it keeps.
        self._shifts = (
            rewinds
            and not self._window
            and native.llama_memory_can_shift(self._memory)
            and native.llama_model_rope_type(model) != native.LLAMA_ROPE_TYPE_NONE
        )
        self._rows: dict[int, int] = {}  # of the last batch, for each sequence its last row
        self._batch = native.llama_batch_init(BATCH, 0, 1)
        stop.watch(self._handle)

    def free(self) -> None:
        """Give the memory back; the object is of no use afterwards."""
        native.llama_batch_free(self._batch)
        native.llama_free(self._handle)

    @contextmanager
    def on_half(self, condition: bool = True) -> Iterator[None]:
        """Compute with half the threads at most meanwhile, on condition."""
        if condition:
            self._at_most = max(1, self.pace.most // 2)
        try:
            yield
        finally:
            self._at_most = self.pace.most

    # -- reading --------------------------------------------------------------------------------

    def hold(
        self,
        head: Sequence,
        told: Callable[[int, int], None] = lambda _read, _total: None,
        *,
        afresh: bool = False,
        exact: bool = False,
        batch: int = BATCH,
    ) -> tuple[int, bool]:
        """Bring sequence 0, the only one then, to hold exactly ``head``, reading only what it does not hold yet.

        Args:
            head: At least one token.
            told: Called with (tokens read, tokens to read) after each batch.
            afresh: Read everything again. Numbers differ in their last bits with the size of the batch
                they were computed in, so what an earlier request left behind could change a draw.
            exact: Guess nothing (:mod:`~writer_app.engine.shifting`), and read again what was guessed.
            batch: Most tokens a call; what a call had done of them is lost when it is stopped.

        Returns:
            (tokens that were held already, whether it was not stopped on the way). What was read
            before a stop stays held.
        """
        self.keep_only(0)
        held = self.held[0]
        keep = 0 if afresh else min(reusable(held, head.tokens), len(head.tokens) - 1)
        if exact and held.guessed_from is not None:
            keep = min(keep, held.guessed_from)
        shift = plan(held, head.tokens) if self._shifts and not (afresh or exact) else None
        if shift:
            keep = shift.keep + shift.tail
            if not self._shift(head, shift):
                return shift.keep, False
        else:
            if not self._go_back(keep):
                keep = 0  # this model cannot go back part of the way
                self.clear()
            self._take(head, keep)
        total = len(head.tokens) - keep
        start = len(self.held[0].tokens)
        while start < len(head.tokens):
            stride = self._stride.usual if afresh else self._stride.tokens
            tokens = head.tokens[start : start + min(batch, stride)]
            began = time.monotonic()
            # A graphics processor hears of a stop only here, between two calls.
            if self._stop.is_up or not self._decode(
                [(0, start + at, token) for at, token in enumerate(tokens)]
            ):
                if shift:  # perhaps while keys were being turned, half of them then
                    self.rewind(0, shift.keep + shift.inserted)
                    return shift.keep, False
                self._take(head, native.llama_memory_seq_pos_max(self._memory, 0) + 1)
                return keep, False
            self._stride.took(len(tokens), time.monotonic() - began)
            start += len(tokens)
            told(start - keep, total)
        self._take(head, len(head.tokens))
        return keep, True

    def extend(self, tokens: Mapping[int, int]) -> bool:
        """Read one more token in each of these sequences, in one batch; false when stopped."""
        return self.read({number: (token,) for number, token in tokens.items()})

    def read(self, tokens: Mapping[int, Tokens[int]], *, every: bool = False) -> bool:
        """Read tokens behind what sequences hold, in one batch of at most :data:`BATCH`; false when stopped.

        With ``every``, :meth:`scores` can be asked for every token read, else for the last of each.
        """
        if self._stop.is_up:
            return False
        rows, wanted = [], []
        for number, more in tokens.items():
            start = len(self.held[number].tokens)
            rows += [(number, start + at, token) for at, token in enumerate(more)]
            wanted += [every] * (len(more) - 1) + [True]
        if not self._decode(rows, wanted):
            for number in tokens:  # a batch that was stopped may be read in part
                self.rewind(number, len(self.held[number].tokens))
            return False
        for number, more in tokens.items():
            for token in more:
                self.held[number].append(token, self._vocabulary.piece(token))
        return True

    def scores(self, number: int = 0, back: int = 0, *, own: bool = True) -> Scores:
        """A logit for each token of the vocabulary, for what comes next in a sequence.

        Args:
            number: The sequence.
            back: So many tokens before the last one that was read, where every one was asked for.
            own: A copy; otherwise what is changed in it, :meth:`sample` sees, until the next reading.

        Raises:
            InvalidNumbers: Not a number.
        """
        pointer = native.llama_get_logits_ith(self._handle, self._rows[number] - back)
        scores: Scores = np.ctypeslib.as_array(pointer, (self._vocabulary.size,))
        if not np.isfinite(scores.max()):  # the maximum is NaN as soon as one value is
            raise InvalidNumbers
        return scores.copy() if own else scores

    def sample(self, chain: ctypes.c_void_p, number: int = 0, back: int = 0) -> int:
        """Let a sampler chain draw from the scores, and take what it drew; see :meth:`scores`."""
        row = self._rows[number] - back
        return int(native.llama_sampler_sample(chain, self._handle, row))

    def rewind(self, number: int, count: int) -> bool:
        """Forget all but the first ``count`` tokens of a sequence; false where the model cannot."""
        if not native.llama_memory_seq_rm(self._memory, number, count, -1):
            return False
        self.held[number].cut(count)
        return True

    # -- several sequences ----------------------------------------------------------------------

    def fork(self, count: int) -> None:
        """Make sequences 1 to ``count - 1`` what sequence 0 is; nothing is copied until they differ."""
        for number in range(1, count):
            native.llama_memory_seq_cp(self._memory, 0, number, -1, -1)
            self.held[number] = self.held[0].first(len(self.held[0].tokens))
            self._rows[number] = self._rows[0]

    def drop(self, number: int) -> None:
        """Forget a sequence other than 0."""
        native.llama_memory_seq_rm(self._memory, number, -1, -1)
        del self.held[number]

    def keep_only(self, number: int) -> None:
        """Make this sequence number 0 and forget the others."""
        if number:
            native.llama_memory_seq_rm(self._memory, 0, -1, -1)
            native.llama_memory_seq_cp(self._memory, number, 0, -1, -1)
            self.held[0] = self.held[number]
        for other in [other for other in self.held if other]:
            self.drop(other)

    def snapshot(self) -> bytes:
        """All that is remembered of sequence 0; as sensitive as the text itself."""
        length = len(self.held[0].tokens)
        return snapshot.take(self._handle, 0, _SPARE, length, self._window)

    def restore(self, held: Sequence, data: bytes) -> bool:
        """Make sequence 0, the only one then, what it was when ``data`` was taken; false if that failed."""
        self.clear()
        if not snapshot.put_back(self._handle, 0, _SPARE, data):
            self.clear()
            return False
        self.held[0] = held
        return True

    def clear(self) -> None:
        """Forget everything."""
        native.llama_memory_clear(self._memory, True)
        self.held = {0: Sequence()}

    def _take(self, head: Sequence, count: int) -> None:
        """Sequence 0 holds the first tokens of ``head`` now; what was guessed of these stays guessed."""
        guessed = self.held[0].guessed_from
        self.held[0] = head.first(count)
        self.held[0].guessed_from = guessed

    def _shift(self, head: Sequence, shift: Shift) -> bool:
        """Read what an edit put in, and move what follows; false when stopped, it is forgotten then.

        Meanwhile what follows is the spare sequence: tokens can only be read at the end of one. With the next
        batch llama.cpp turns its keys to their new positions.
        """
        old, new = shift.keep + shift.removed, shift.keep + shift.inserted
        native.llama_memory_seq_cp(self._memory, 0, _SPARE, old, old + shift.tail)
        self.rewind(0, shift.keep)
        native.llama_memory_seq_add(self._memory, _SPARE, -1, -1, new - old)
        try:
            if shift.inserted and not self.read({0: head.tokens[shift.keep : new]}):
                return False
            native.llama_memory_seq_cp(self._memory, _SPARE, 0, -1, -1)
        finally:
            native.llama_memory_seq_rm(self._memory, _SPARE, -1, -1)
        self.held[0] = head.first(new + shift.tail)
        self.held[0].guessed_from = new
        return True

    def _go_back(self, count: int) -> bool:
        """:meth:`rewind` sequence 0; false also where too little would be left for a sliding window.

        When llama.cpp looks for room it may write over what lies outside the window by now, also in a cache
        that keeps all of it (``llama_kv_cache::find_slot``), so that after going back tokens are missing.
        """
        goes_back = count < len(self.held[0].tokens)
        if not self.rewind(0, count):
            return False
        first = native.llama_memory_seq_pos_min(self._memory, 0)
        return not (goes_back and self._window and first > max(0, count - self._window + 1))

    def _decode(self, rows: list[tuple[int, int, int]], wanted: list[bool] | None = None) -> bool:
        """Compute rows of (sequence, position, token); without ``wanted`` only the last gets scores."""
        batch = self._batch
        batch.n_tokens = len(rows)
        for row, (number, position, token) in enumerate(rows):
            batch.token[row] = token
            batch.pos[row] = position
            batch.n_seq_id[row] = 1
            batch.seq_id[row][0] = number
            batch.logits[row] = wanted[row] if wanted else row == len(rows) - 1
            self._rows[number] = row
        # One token in each sequence is a step of writing: such steps are alike and can be compared. Reading does
        # enough between two waits to keep all threads busy, also beside other programs.
        is_step = len({number for number, _, _ in rows}) == len(rows)
        usual = min(self.pace.chosen if is_step or wanted else self.pace.most, self._at_most)
        threads = min(self.pace.threads, self._at_most) if is_step else usual
        self.is_trying = threads != usual
        native.llama_set_n_threads(self._handle, threads, threads)
        self.decode_calls += 1
        began = time.perf_counter()
        status = native.llama_decode(self._handle, batch)
        if status == _ABORTED or (status and self._stop.is_up):
            return False
        if status:
            raise EngineError(reason=f"llama_decode: {status}", detail=self._log.text)
        native.llama_synchronize(self._handle)  # a graphics processor may still be at work
        if is_step and threads == self.pace.threads:
            self.pace.tell(began, time.perf_counter(), len(rows))
        return True


def _make(model: ctypes.c_void_p, size: int, threads: int) -> ctypes.c_void_p | None:
    params = native.llama_context_default_params()
    params.n_ctx = size
    params.n_batch = params.n_ubatch = BATCH
    params.n_threads = params.n_threads_batch = threads
    params.n_seq_max = SEQUENCES + 1
    # One room for all sequences: else each would have an eighth of it.
    params.kv_unified = True
    # With flash attention results depend on batch shape and threads, so that no seed would repeat.
    params.flash_attn_type = native.LLAMA_FLASH_ATTN_TYPE_DISABLED
    # A full-size cache lets sliding-window models go back like any other.
    params.swa_full = True
    return native.llama_init_from_model(model, params)
