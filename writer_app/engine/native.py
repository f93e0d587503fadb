"""A model loaded by llama.cpp.

With :mod:`~writer_app.engine.context`, :mod:`~writer_app.engine.vocabulary` and
:mod:`~writer_app.engine.sampling` the thin layer between our loop and the C functions: pointers do not leave
these modules.
"""

import ctypes
import hashlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import llama_cpp as native
import psutil

from writer_app.engine import cache, cores
from writer_app.engine.backend import Cancelled
from writer_app.engine.context import BATCH, SETTINGS, Context, NoContext
from writer_app.engine.devices import Device
from writer_app.engine.drafting import Costs
from writer_app.engine.fitting import bytes_a_token, meta, usual_context
from writer_app.engine.loading import Log, reason
from writer_app.engine.pace import Pace, counts
from writer_app.engine.stop import StopFlag
from writer_app.engine.stride import Stride
from writer_app.engine.vocabulary import Vocabulary
from writer_app.errors import EngineError, NotEnoughMemory

#: Bytes of a model's head, and of its tail, by which its file is recognised.
_SAMPLE = 2**20
#: Tokens read on trial: enough for the code that multiplies by many at once, little enough not to be felt.
_TRIAL = 16


class NativeModel:
    """A loaded model with its context.

    Args:
        path: The GGUF file.
        size: Context in tokens; 0 takes what the model was trained for, at most a default.
        threads: Always so many; 0 finds out by measuring how many are best.
        stop: Ends loading and computing.
        log: llama.cpp's log.
        progress: Told the share loaded, 0 to 1.
        graphics: The graphics processors that may be used; without any, none is touched.
        layers: How many they take; see :func:`~writer_app.engine.fitting.fitting_layers`.

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
        graphics: Sequence[Device] = (),
        layers: int = 0,
    ) -> None:
        self.path = path
        self.stop = stop
        self.layers = layers
        self.costs = Costs()
        self._log = log
        self._context: Context | None = None
        log.clear()
        self.handle = self._load(progress, size, graphics)
        try:
            self.size = usual_context(self.handle, size)
            self._check_memory()
            self.vocabulary = Vocabulary(self.handle, space_prefix=self._puts_space_first())
            self._context = Context(
                self.handle,
                self.vocabulary,
                stop,
                log,
                self.size,
                Pace([threads] if threads else counts(cores.usable(), cores.fast())),
                Stride(64, least=16, most=BATCH) if layers else Stride(BATCH),
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

    def try_out(self) -> None:
        """Compute a little, as reading and as writing do, and forget it: if it kills us, then here.

        Raises:
            EngineError: It did not work.
            Cancelled: Stopped on the way.
        """
        head = cache.Sequence()
        for _ in range(_TRIAL):
            head.append(self.vocabulary.start, b"")
        _kept, complete = self.context.hold(head)
        complete = complete and self.context.extend({0: self.vocabulary.start})
        self.context.clear()
        if not complete:
            raise Cancelled

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
    def parameters(self) -> int:
        """How many numbers the model has learnt."""
        return int(native.llama_model_n_params(self.handle))

    @property
    def blocks(self) -> int:
        """Layers of the model; its output counts as one more where layers are shared out."""
        return int(native.llama_model_n_layer(self.handle))

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
        return meta(self.handle, key)

    # -- loading --------------------------------------------------------------------------------

    def _load(
        self, progress: Callable[[float], None], size: int, graphics: Sequence[Device]
    ) -> ctypes.c_void_p:
        last = [-1]

        def told(fraction: float, _data: object) -> bool:
            percent = int(fraction * 100)
            if percent > last[0]:
                last[0] = percent
                progress(fraction)
            return not self.stop.is_up

        params = native.llama_model_default_params()
        params.progress_callback = callback = native.llama_progress_callback(told)
        params.n_gpu_layers = self.layers
        # Named one by one: left to itself llama.cpp sends large steps even to a device that holds no layer.
        used = [device.handle for device in graphics] if self.layers else []
        self._used = (ctypes.c_void_p * (len(used) + 1))(*used, None)
        params.devices = ctypes.cast(self._used, ctypes.c_void_p)
        model = native.llama_model_load_from_file(os.fsencode(self.path), params)
        del callback  # kept alive until here
        if not model:
            if self.stop.is_up:
                raise Cancelled
            raise reason(self._log.text, self.path, size)
        return model

    def _check_memory(self) -> None:
        """Refuse a context that cannot fit: the system would grant it and kill us when it is used."""
        here = self.blocks - max(0, self.layers - 1)
        if self.size * here * bytes_a_token(self.handle) > psutil.virtual_memory().available:
            raise NotEnoughMemory(model=Path(self.path).name, context=self.size)

    def _puts_space_first(self) -> bool:
        sentencepiece = native.llama_vocab_type(native.llama_model_get_vocab(self.handle)) == 1
        return sentencepiece and self.meta("tokenizer.ggml.add_space_prefix") != "false"
