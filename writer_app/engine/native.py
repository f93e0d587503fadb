"""A model loaded by llama.cpp.

With :mod:`~writer_app.engine.context`, :mod:`~writer_app.engine.vocabulary` and
:mod:`~writer_app.engine.sampling` the thin layer between our loop and the C functions: pointers do not leave
these modules.
"""

import ctypes
import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import llama_cpp as native
import psutil

from writer_app.engine.backend import Cancelled
from writer_app.engine.context import SETTINGS, Context, NoContext
from writer_app.engine.drafting import Costs
from writer_app.engine.loading import Log, reason
from writer_app.engine.stop import StopFlag
from writer_app.engine.vocabulary import Vocabulary
from writer_app.errors import EngineError, NotEnoughMemory

#: Default context in tokens: room for minutes of reading on a slow machine, and about 90 MB for the starter.
DEFAULT_CONTEXT = 4_096
#: Bytes of a model's head, and of its tail, by which its file is recognised.
_SAMPLE = 2**20


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
        self.costs = Costs()
        self._log = log
        self._context: Context | None = None
        log.clear()
        self.handle = self._load(progress, size)
        try:
            self.size = size or min(self.trained_context, DEFAULT_CONTEXT)
            self._check_memory()
            self.vocabulary = Vocabulary(self.handle, space_prefix=self._puts_space_first())
            self._context = Context(
                self.handle, self.vocabulary, stop, log, self.size, threads or os.cpu_count() or 2
            )
        except NoContext:
            self.free()
            raise reason(log.text, path, size) from None
        except EngineError:
            self.free()
            raise

    def free(self) -> None:
        """Give the memory back; the object is of no use afterwards."""
        if self._context:
            self._context.free()
        if self.handle:
            native.llama_model_free(self.handle)
        self._context, self.handle = None, ctypes.c_void_p()

    @property
    def context(self) -> Context:
        """What the model remembers."""
        assert self._context
        return self._context

    # -- facts ----------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        return Path(self.path).stem

    @property
    def trained_context(self) -> int:
        """Tokens of context the model was trained with."""
        return int(native.llama_model_n_ctx_train(self.handle))

    @property
    def can_rewind(self) -> bool:
        """Whether the context can go back to any earlier token."""
        return not (
            native.llama_model_is_recurrent(self.handle)
            or native.llama_model_is_hybrid(self.handle)
        )

    @property
    def template(self) -> str:
        """The chat template, empty where the model has none."""
        source = native.llama_model_chat_template(self.handle, None)
        return source.decode("utf-8", "replace") if source else ""

    @property
    def maker(self) -> str:
        """Names all that what the context remembers depends on: the file, the library, the settings.

        The file by its size and a digest of its head and tail: reading all of it would take seconds.
        """
        path = Path(self.path)
        digest = hashlib.blake2b(digest_size=16)
        with path.open("rb") as file:
            digest.update(file.read(_SAMPLE))
            file.seek(-min(_SAMPLE, path.stat().st_size), os.SEEK_END)
            digest.update(file.read(_SAMPLE))
        library = f"llama-cpp-python {native.__version__}"
        return f"{path.stat().st_size} {digest.hexdigest()} {library} {SETTINGS}"

    def meta(self, key: str) -> str:
        """A value of the file's metadata, empty where it is missing."""
        buffer = ctypes.create_string_buffer(4_096)
        found = native.llama_model_meta_val_str(self.handle, key.encode(), buffer, 4_096)
        return buffer.value.decode("utf-8", "replace") if found >= 0 else ""

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

    def _check_memory(self) -> None:
        """Refuse a context that cannot fit: the system would grant it and kill us when it is used.

        Keys and values take 2 bytes a number, for each layer and key-value head (llama.cpp's f16 default).
        """
        layers = native.llama_model_n_layer(self.handle)
        heads = native.llama_model_n_head_kv(self.handle)
        width = native.llama_model_n_embd(self.handle) // max(
            1, native.llama_model_n_head(self.handle)
        )
        kind = self.meta("general.architecture")
        keys = int(self.meta(f"{kind}.attention.key_length") or width)
        values = int(self.meta(f"{kind}.attention.value_length") or width)
        if self.size * layers * heads * (keys + values) * 2 > psutil.virtual_memory().available:
            raise NotEnoughMemory(model=Path(self.path).name, context=self.size)

    def _puts_space_first(self) -> bool:
        sentencepiece = native.llama_vocab_type(native.llama_model_get_vocab(self.handle)) == 1
        return sentencepiece and self.meta("tokenizer.ggml.add_space_prefix") != "false"
