"""The real backend: one model, one context, our own loop on llama.cpp's low-level functions.

Everything here runs on one thread, except :meth:`LlamaBackend.cancel`, which only writes a byte.
"""

import ctypes
import os
import secrets
import time
from collections.abc import Callable
from pathlib import Path

import llama_cpp as native
import numpy as np
import psutil

from writer_app.engine import template
from writer_app.engine.backend import Cancelled, Emit
from writer_app.engine.cache import Sequence, retokenise, reusable
from writer_app.engine.loading import Log, check_file, reason
from writer_app.engine.outflow import Outflow
from writer_app.engine.protocol import (
    Counted,
    Done,
    Ending,
    Generate,
    Load,
    Loaded,
    Loading,
    Reading,
    Seconds,
    Text,
)
from writer_app.engine.sampling import Sampler, Scores, describe
from writer_app.engine.seam import Forced, seam_start
from writer_app.engine.vocabulary import Vocabulary
from writer_app.errors import EngineError, InvalidNumbers, NoTemplate, NotEnoughMemory, TooLong

#: Default context in tokens: room for minutes of reading on a slow machine, and about 90 MB for the starter.
DEFAULT_CONTEXT = 4_096
#: Tokens per call while reading: small enough to report progress, large enough to run at full speed.
BATCH = 256
_ABORTED = 2  # llama_decode's answer when the abort callback said so
_GO, _STOP = b"0", b"1"


class LlamaBackend:
    """Loads a GGUF file and continues text with it."""

    name = "llama"

    def __init__(self) -> None:
        self._log = Log()
        self._log.capture()
        native.llama_backend_init()
        self._model: ctypes.c_void_p | None = None
        self._context: ctypes.c_void_p | None = None
        self._held = Sequence()
        # libc's atoi reads this byte as the abort callback: no Python and no GIL inside llama.cpp.
        self._flag = ctypes.create_string_buffer(_GO, 2)
        self._abort = _abort_callback()

    def cancel(self) -> None:
        """Stop what runs now, from any thread."""
        self._flag[0] = _STOP

    def ready(self) -> None:
        """Take back an earlier :meth:`cancel`."""
        self._flag[0] = _GO

    @property
    def _stopped(self) -> bool:
        return bool(self._flag[0] == _STOP)

    def load(self, request: Load, emit: Emit) -> Loaded:
        """Load the model and make its context.

        Raises:
            ModelMissing, NotAModel, ModelDamaged, ModelTooNew, NotEnoughMemory, LoadFailed: why not.
            Cancelled: Stopped on the way.
        """
        began = time.monotonic()
        self._free()
        check_file(request.model)
        self._log.clear()
        self._model = self._load_file(request, emit)
        model_context = native.llama_model_n_ctx_train(self._model)
        size = request.context or min(model_context, DEFAULT_CONTEXT)
        self._check_memory(request.model, size)
        threads = request.threads or max(1, (os.cpu_count() or 2))
        self._context = self._make_context(size, threads)
        if not self._context:
            failure = reason(self._log.text, request.model, size)
            self._free()
            raise failure
        native.llama_set_abort_callback(
            self._context, self._abort, ctypes.cast(self._flag, ctypes.c_void_p)
        )
        space_prefix = native.llama_vocab_type(native.llama_model_get_vocab(self._model)) == 1
        if self._meta("tokenizer.ggml.add_space_prefix") == "false":
            space_prefix = False
        self._vocabulary = Vocabulary(self._model, space_prefix=space_prefix)
        self._file = Path(request.model).name
        return Loaded(
            id=request.id,
            name=Path(request.model).stem,
            context=size,
            languages=tuple(filter(None, self._meta("general.languages").strip("[]").split(","))),
            has_template=bool(native.llama_model_chat_template(self._model, None)),
            has_infill=self._vocabulary.has_infill,
            can_rewind=not (
                native.llama_model_is_recurrent(self._model)
                or native.llama_model_is_hybrid(self._model)
            ),
            load_seconds=time.monotonic() - began,
        )

    def _load_file(self, request: Load, emit: Emit) -> ctypes.c_void_p:
        last = [-1]

        def progress(fraction: float, _data: object) -> bool:
            percent = int(fraction * 100)
            if percent > last[0]:
                last[0] = percent
                emit(Loading(id=request.id, fraction=fraction))
            return not self._stopped

        params = native.llama_model_default_params()
        params.progress_callback = callback = native.llama_progress_callback(progress)
        model = native.llama_model_load_from_file(os.fsencode(request.model), params)
        del callback  # kept alive until here
        if not model:
            if self._stopped:
                raise Cancelled
            raise reason(self._log.text, request.model, request.context)
        return model

    def _make_context(self, size: int, threads: int) -> ctypes.c_void_p:
        params = native.llama_context_default_params()
        params.n_ctx = size
        params.n_batch = params.n_ubatch = BATCH
        params.n_threads = params.n_threads_batch = threads
        # Flash attention makes results depend on batch shape and threads; on a CPU it gains nothing here.
        params.flash_attn_type = native.LLAMA_FLASH_ATTN_TYPE_DISABLED
        # A full-size cache lets sliding-window models rewind like any other.
        params.swa_full = True
        return native.llama_init_from_model(self._model, params)

    def _check_memory(self, path: str, size: int) -> None:
        """Refuse a context that cannot fit: the system would grant it and kill us when it is used.

        Keys and values take 2 bytes a number, for each layer and key-value head (llama.cpp's f16 default).
        """
        layers = native.llama_model_n_layer(self._model)
        heads = native.llama_model_n_head_kv(self._model)
        width = native.llama_model_n_embd(self._model) // max(
            1, native.llama_model_n_head(self._model)
        )
        kind = self._meta("general.architecture")
        keys = int(self._meta(f"{kind}.attention.key_length") or width)
        values = int(self._meta(f"{kind}.attention.value_length") or width)
        if size * layers * heads * (keys + values) * 2 > psutil.virtual_memory().available:
            self._free()
            raise NotEnoughMemory(model=Path(path).name, context=size)

    def _meta(self, key: str) -> str:
        buffer = ctypes.create_string_buffer(4_096)
        found = native.llama_model_meta_val_str(self._model, key.encode(), buffer, 4_096)
        return buffer.value.decode("utf-8", "replace") if found >= 0 else ""

    def _free(self) -> None:
        if self._context:
            native.llama_free(self._context)
        if self._model:
            native.llama_model_free(self._model)
        self._context = self._model = None
        self._held = Sequence()

    def count(self, texts: tuple[str, ...], request_id: int) -> Counted:
        """Tokens and character fragments of each text."""
        counts = [self._vocabulary.count(text) for text in texts]
        return Counted(
            id=request_id, tokens=tuple(t for t, _ in counts), fragments=tuple(f for _, f in counts)
        )

    def generate(self, request: Generate, emit: Emit) -> Done:
        """Continue ``request``; text goes to ``emit`` as it becomes certain.

        Raises:
            TooLong, BadSettings, BadGrammar, NoTemplate, TemplateRefused: before anything is read.
            InvalidNumbers: The model's logits are not finite.
        """
        return _Answer(self, request, emit).run()

    def prompt(self, request: Generate) -> tuple[str, bool]:
        """The prompt as one text, and whether control tokens in it count as such."""
        if not request.chat:
            return "".join(part.text for part in request.parts), False
        source = native.llama_model_chat_template(self._model, None)
        if not source:
            raise NoTemplate(model=self._file)
        spell = self._vocabulary.handle
        return template.render(
            source.decode("utf-8", "replace"),
            request.chat,
            bos=_token_text(spell, native.llama_vocab_bos(spell)),
            eos=_token_text(spell, native.llama_vocab_eos(spell)),
            model=self._file,
        ), True


class _Answer:
    """One run of :meth:`LlamaBackend.generate`: read what is new, then write."""

    def __init__(self, backend: LlamaBackend, request: Generate, emit: Emit) -> None:
        self._b = backend
        self._request = request
        self._emit = emit
        self._vocabulary = backend._vocabulary  # noqa: SLF001 - the other half of the same class
        self._context = backend._context  # noqa: SLF001
        self._held = backend._held  # noqa: SLF001
        self._calls = 0
        self._written = 0

    def run(self) -> Done:
        request = self._request
        text, special = self._b.prompt(request)
        prompt = self._tokens(text, special)
        seed = secrets.randbits(32) if request.seed is None else request.seed
        trained = native.llama_model_n_ctx_train(self._b._model)  # noqa: SLF001
        sampler = Sampler(request.sampling, self._vocabulary, seed, trained, request.grammar)
        try:
            head, tail = self._split(prompt, text, healing=not (special or request.grammar))
            self._check_length(len(prompt.tokens))
            began = time.monotonic()
            reused = self._read(head)
            read_at = time.monotonic()
            sampler.see(head.tokens[-256:])
            outflow = Outflow(text, request.stop, request.until, request.soft)
            forced = Forced(
                tail,
                self._vocabulary.pieces,
                self._vocabulary.tokenise,
                no_space=text[-1:].isspace() and not special,
            )
            ending = Ending.CANCELLED if self._b._stopped else self._write(sampler, outflow, forced)  # noqa: SLF001
        finally:
            sampler.close()
        return Done(
            id=request.id,
            reason=ending,
            tokens_read=len(prompt.tokens) - reused,
            tokens_reused=reused,
            tokens_written=self._written,
            decode_calls=self._calls,
            seed=seed,
            seconds=Seconds(read=read_at - began, write=time.monotonic() - read_at),
        )

    def _tokens(self, text: str, special: bool) -> Sequence:
        held = Sequence() if self._request.repeatable or special else self._held

        def tokenise(piece: bytes, bos: bool) -> list[int]:
            return self._vocabulary.tokenise(piece, bos=bos and not special, special=special)

        return retokenise(held, text.encode(), tokenise, self._vocabulary.piece)

    def _split(self, prompt: Sequence, text: str, *, healing: bool) -> tuple[Sequence, bytes]:
        """What is read, and the tail that is forced instead."""
        cut = len(prompt.tokens)
        if healing and prompt.spelled:
            start = len(text[: seam_start(text, self._vocabulary.pieces)].encode())
            while cut and prompt.ends[cut - 1] > start:
                cut -= 1
        head = Sequence(prompt.tokens[:cut], prompt.ends[:cut], prompt.text, prompt.spelled)
        head.text = (
            prompt.text[: head.ends[-1] if head.ends else 0] if prompt.spelled else prompt.text
        )
        tail = prompt.text[len(head.text) :]
        if not head.tokens:
            head.tokens, head.ends = [self._vocabulary.start], [0]
        return head, tail

    def _check_length(self, tokens: int) -> None:
        room = native.llama_n_ctx(self._context)
        excess = tokens + self._request.max_tokens + 1 - room
        if excess > 0:
            raise TooLong(excess=excess, context=room)

    def _read(self, head: Sequence) -> int:
        """Bring the context to hold exactly ``head``; returns how many tokens it already had."""
        held, memory = self._held, native.llama_get_memory(self._context)
        keep = min(reusable(held, head.tokens), len(head.tokens) - 1)
        if not native.llama_memory_seq_rm(memory, 0, keep, -1):
            keep = 0  # this model cannot go back part of the way
            native.llama_memory_clear(memory, True)
        held.tokens, held.ends = list(head.tokens), list(head.ends)
        held.text, held.spelled = head.text, head.spelled
        total = len(head.tokens) - keep
        began = time.monotonic()
        for start in range(keep, len(head.tokens), BATCH):
            batch = head.tokens[start : start + BATCH]
            if not self._decode(batch):
                held.cut(native.llama_memory_seq_pos_max(memory, 0) + 1)
                return keep
            done = start + len(batch) - keep
            pace = done / max(1e-6, time.monotonic() - began)
            left = (total - done) / pace
            self._emit(Reading(id=self._request.id, done=done, total=total, seconds_left=left))
        return keep

    def _decode(self, tokens: list[int]) -> bool:
        """Evaluate tokens at the end of the context; false when aborted."""
        array = (native.llama_token * len(tokens))(*tokens)
        self._calls += 1
        status = native.llama_decode(self._context, native.llama_batch_get_one(array, len(tokens)))
        if status == _ABORTED or (status and self._b._stopped):  # noqa: SLF001
            return False
        if status:
            raise EngineError(reason=f"llama_decode: {status}", detail=self._b._log.text)  # noqa: SLF001
        return True

    def _write(self, sampler: Sampler, outflow: Outflow, forced: Forced) -> Ending:
        request, held = self._request, self._held
        while True:
            scores = self._scores()
            self._restrain(scores, forced)
            allowed = forced.allowed()
            pick = sampler.pick(scores, allowed, request.probabilities)
            if pick.token in self._vocabulary.ends:
                return self._finish(outflow, Ending.END)
            piece = self._vocabulary.piece(pick.token)
            beyond = forced.accept(piece)
            if beyond or allowed is None:
                text = outflow.feed(beyond)
                # A token that only shows that the sentence before it has ended is not part of the answer.
                self._written += outflow.ending is not Ending.SENTENCE or bool(text)
                self._say(text, pick=pick if request.probabilities else None)
                if outflow.ending is not None:
                    return outflow.ending
                if self._written >= request.max_tokens:
                    return self._finish(outflow, Ending.LENGTH)
            if self._b._stopped or not self._decode([pick.token]):  # noqa: SLF001
                return self._finish(outflow, Ending.CANCELLED)
            held.append(pick.token, piece)

    def _finish(self, outflow: Outflow, ending: Ending) -> Ending:
        self._say(outflow.finish())
        return ending

    def _say(self, text: str, pick: "object | None" = None) -> None:
        if text or pick:
            tokens = (describe(pick, self._vocabulary),) if pick else ()  # type: ignore[arg-type]
            self._emit(Text(id=self._request.id, text=text, tokens=tokens))

    def _scores(self) -> Scores:
        pointer = native.llama_get_logits_ith(self._context, -1)
        scores: Scores = np.ctypeslib.as_array(pointer, (self._vocabulary.size,)).copy()
        if not np.isfinite(scores.max()):
            raise InvalidNumbers
        return scores

    def _restrain(self, scores: Scores, forced: Forced) -> None:
        """Forbid what must not be written here."""
        ends = self._vocabulary.ends
        kept = scores[ends]
        scores[self._vocabulary.silent] = -np.inf
        if self._written >= self._request.min_tokens or self._request.grammar:
            scores[ends] = kept
        if not forced.rest and forced.no_space:
            scores[self._vocabulary.spaces] = -np.inf


def _abort_callback() -> Callable[..., bool]:
    libc = ctypes.cdll.msvcrt if os.name == "nt" else ctypes.CDLL(None)
    callback: Callable[..., bool] = ctypes.cast(libc.atoi, native.ggml_abort_callback)
    return callback


def _token_text(vocabulary: object, token: int) -> str:
    if token < 0:
        return ""
    buffer = ctypes.create_string_buffer(256)
    count = native.llama_token_to_piece(vocabulary, token, buffer, 256, 0, True)
    return buffer.raw[: max(0, count)].decode("utf-8", "replace")
