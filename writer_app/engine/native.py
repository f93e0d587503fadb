"""One model and one context of llama.cpp, with what the context holds and the flag that stops it.

The thin layer between our loop and the C functions: pointers do not leave this module and
:mod:`~writer_app.engine.vocabulary` and :mod:`~writer_app.engine.sampling`.
"""

import ctypes
import os
from collections.abc import Callable
from pathlib import Path

import llama_cpp as native
import numpy as np
import psutil

from writer_app.engine.backend import Cancelled
from writer_app.engine.cache import Sequence, reusable
from writer_app.engine.loading import Log, reason
from writer_app.engine.sampling import Scores
from writer_app.engine.vocabulary import Vocabulary
from writer_app.errors import EngineError, InvalidNumbers, NotEnoughMemory

#: Default context in tokens: room for minutes of reading on a slow machine, and about 90 MB for the starter.
DEFAULT_CONTEXT = 4_096
#: Tokens per call while reading: small enough to report progress, large enough to run at full speed.
BATCH = 256
_ABORTED = 2  # llama_decode's answer when the abort callback said so
_GO, _STOP = b"0", b"1"


class StopFlag:
    """A byte that stops llama.cpp: libc's ``atoi`` reads it as the abort callback, without Python or GIL."""

    def __init__(self) -> None:
        self._byte = ctypes.create_string_buffer(_GO, 2)
        libc = ctypes.cdll.msvcrt if os.name == "nt" else ctypes.CDLL(None)
        self._callback = ctypes.cast(libc.atoi, native.ggml_abort_callback)

    def raise_(self) -> None:
        """Stop, from any thread."""
        self._byte[0] = _STOP

    def lower(self) -> None:
        """Take back an earlier stop."""
        self._byte[0] = _GO

    @property
    def is_up(self) -> bool:
        """Whether to stop."""
        return bool(self._byte[0] == _STOP)

    def watch(self, context: ctypes.c_void_p) -> None:
        """Let ``context`` look at the flag while it computes."""
        native.llama_set_abort_callback(
            context, self._callback, ctypes.cast(self._byte, ctypes.c_void_p)
        )


class NativeModel:
    """A loaded model with its context.

    Args:
        path: The GGUF file.
        size: Context in tokens; 0 takes what the model was trained for, at most :data:`DEFAULT_CONTEXT`.
        threads: 0 takes one per processor.
        stop: Ends loading and computing.
        log: llama.cpp's log.
        progress: Told the share loaded, 0 to 1.

    Raises:
        ModelDamaged, ModelTooNew, NotAModel, NotEnoughMemory, LoadFailed: Why not.
        Cancelled: Stopped on the way.
    """

    def __init__(
        self,
        path: str,
        *,
        size: int,
        threads: int,
        stop: StopFlag,
        log: Log,
        progress: Callable[[float], None],
    ) -> None:
        self.path = path
        self.stop = stop
        self.held = Sequence()
        self.decode_calls = 0
        self._log = log
        self._context: ctypes.c_void_p | None = None
        log.clear()
        self._model = self._load(progress, size)
        try:
            self.size = size or min(self.trained_context, DEFAULT_CONTEXT)
            self._check_memory()
            self._context = self._make_context(threads or os.cpu_count() or 2)
        except EngineError:
            self.free()
            raise
        self.vocabulary = Vocabulary(self._model, space_prefix=self._puts_space_first())
        self._memory = native.llama_get_memory(self._context)
        stop.watch(self._context)

    def free(self) -> None:
        """Give the memory back; the object is of no use afterwards."""
        if self._context:
            native.llama_free(self._context)
        if self._model:
            native.llama_model_free(self._model)
        self._context, self._model = None, ctypes.c_void_p()

    # -- facts ----------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        return Path(self.path).stem

    @property
    def trained_context(self) -> int:
        """Tokens of context the model was trained with."""
        return int(native.llama_model_n_ctx_train(self._model))

    @property
    def can_rewind(self) -> bool:
        """Whether the context can go back to any earlier token."""
        return not (
            native.llama_model_is_recurrent(self._model)
            or native.llama_model_is_hybrid(self._model)
        )

    @property
    def template(self) -> str:
        """The chat template, empty where the model has none."""
        source = native.llama_model_chat_template(self._model, None)
        return source.decode("utf-8", "replace") if source else ""

    def meta(self, key: str) -> str:
        """A value of the file's metadata, empty where it is missing."""
        buffer = ctypes.create_string_buffer(4_096)
        found = native.llama_model_meta_val_str(self._model, key.encode(), buffer, 4_096)
        return buffer.value.decode("utf-8", "replace") if found >= 0 else ""

    # -- computing ------------------------------------------------------------------------------

    def hold(
        self, head: Sequence, told: Callable[[int, int], None], *, afresh: bool = False
    ) -> tuple[int, bool]:
        """Bring the context to hold exactly ``head``, reading only what it does not hold yet.

        Args:
            head: At least one token.
            told: Called with (tokens read, tokens to read) after each batch.
            afresh: Read everything again. Numbers differ in their last bits with the size of the batch
                they were computed in, so what an earlier request left behind could change a draw.

        Returns:
            (tokens that were held already, whether it was not stopped on the way). What was read
            before a stop stays held.
        """
        held = self.held
        keep = 0 if afresh else min(reusable(held, head.tokens), len(head.tokens) - 1)
        if not native.llama_memory_seq_rm(self._memory, 0, keep, -1):
            keep = 0  # this model cannot go back part of the way
            native.llama_memory_clear(self._memory, True)
        held.take(head)
        total = len(head.tokens) - keep
        for start in range(keep, len(head.tokens), BATCH):
            batch = head.tokens[start : start + BATCH]
            if not self._decode(batch):
                held.cut(native.llama_memory_seq_pos_max(self._memory, 0) + 1)
                return keep, False
            told(start + len(batch) - keep, total)
        return keep, True

    def extend(self, token: int) -> bool:
        """Read one more token; false when stopped."""
        if self.stop.is_up or not self._decode([token]):
            return False
        self.held.append(token, self.vocabulary.piece(token))
        return True

    def look(self, base: int, tokens: tuple[int, ...]) -> bool:
        """Go back to the first ``base`` tokens held and read ``tokens`` behind them; false when stopped."""
        if self.stop.is_up:
            return False
        native.llama_memory_seq_rm(self._memory, 0, base, -1)
        self.held.cut(base)
        if not self._decode(list(tokens)):
            return False
        for token in tokens:
            self.held.append(token, self.vocabulary.piece(token))
        return True

    def scores(self) -> Scores:
        """A logit for each token of the vocabulary, for what comes next. Raises :class:`InvalidNumbers`."""
        pointer = native.llama_get_logits_ith(self._context, -1)
        scores: Scores = np.ctypeslib.as_array(pointer, (self.vocabulary.size,)).copy()
        if not np.isfinite(scores.max()):  # the maximum is NaN as soon as one value is
            raise InvalidNumbers
        return scores

    def _decode(self, tokens: list[int]) -> bool:
        array = (native.llama_token * len(tokens))(*tokens)
        self.decode_calls += 1
        status = native.llama_decode(self._context, native.llama_batch_get_one(array, len(tokens)))
        if status == _ABORTED or (status and self.stop.is_up):
            return False
        if status:
            raise EngineError(reason=f"llama_decode: {status}", detail=self._log.text)
        return True

    # -- loading --------------------------------------------------------------------------------

    def _load(self, progress: Callable[[float], None], size: int) -> ctypes.c_void_p:
        last = [-1]

        def told(fraction: float, _data: object) -> bool:
            percent = int(fraction * 100)
            if percent > last[0]:
                last[0] = percent
                progress(fraction)
            return not self.stop.is_up

        params = native.llama_model_default_params()
        params.progress_callback = callback = native.llama_progress_callback(told)
        model = native.llama_model_load_from_file(os.fsencode(self.path), params)
        del callback  # kept alive until here
        if not model:
            if self.stop.is_up:
                raise Cancelled
            raise reason(self._log.text, self.path, size)
        return model

    def _make_context(self, threads: int) -> ctypes.c_void_p:
        params = native.llama_context_default_params()
        params.n_ctx = self.size
        params.n_batch = params.n_ubatch = BATCH
        params.n_threads = params.n_threads_batch = threads
        # With flash attention results depend on batch shape and threads, so that no seed would repeat.
        params.flash_attn_type = native.LLAMA_FLASH_ATTN_TYPE_DISABLED
        # A full-size cache lets sliding-window models go back like any other.
        params.swa_full = True
        context = native.llama_init_from_model(self._model, params)
        if not context:
            raise reason(self._log.text, self.path, self.size)
        return context

    def _check_memory(self) -> None:
        """Refuse a context that cannot fit: the system would grant it and kill us when it is used.

        Keys and values take 2 bytes a number, for each layer and key-value head (llama.cpp's f16 default).
        """
        layers = native.llama_model_n_layer(self._model)
        heads = native.llama_model_n_head_kv(self._model)
        width = native.llama_model_n_embd(self._model) // max(
            1, native.llama_model_n_head(self._model)
        )
        kind = self.meta("general.architecture")
        keys = int(self.meta(f"{kind}.attention.key_length") or width)
        values = int(self.meta(f"{kind}.attention.value_length") or width)
        if self.size * layers * heads * (keys + values) * 2 > psutil.virtual_memory().available:
            raise NotEnoughMemory(model=Path(self.path).name, context=self.size)

    def _puts_space_first(self) -> bool:
        sentencepiece = native.llama_vocab_type(native.llama_model_get_vocab(self._model)) == 1
        return sentencepiece and self.meta("tokenizer.ggml.add_space_prefix") != "false"
