"""Why a model did not load.

llama.cpp answers a failed load with a null pointer; the reason is only in its log. So the log goes to a
ring of ours (never to ``verbose=False``, which closes file descriptors), and its lines are mapped to
sentences here.
"""

import re
import weakref
from collections import deque
from pathlib import Path

import llama_cpp as native

from writer_app.engine import models
from writer_app.errors import (
    N_,
    EngineError,
    FileUnreadable,
    LoadFailed,
    ModelDamaged,
    ModelMissing,
    ModelTooNew,
    NotAModel,
    NotEnoughMemory,
)

_LINES_KEPT = 200
_WARNING = 3  # GGML_LOG_LEVEL_WARN; error is 4, continuation of a line 5

_MEMORY = re.compile(
    r"unable to allocate|failed to allocate|cannot allocate|out of memory|mmap failed",
    re.IGNORECASE,
)
#: A name of anything but letters is not newer than we are, but broken.
_UNKNOWN = re.compile(r"unknown (?:model )?architecture: '?([\w.-]+)'?(?:$|\s)", re.MULTILINE)
_UNSUPPORTED = re.compile(r"error loading model: (.*\b(?:supported|implemented)\b.*)")
_DAMAGED = re.compile(
    r"not within the file bounds|missing tensor|wrong number of tensors|key not found|"
    r"wrong shape|failed to read (?:key|tensor|value)|invalid (?:type|size|dims)|"
    r"unknown (?:model )?architecture|is duplicated|invalid model|duplicate[d]? (?:key|tensor|token)|corrupt|has invalid|is not a multiple|unexpected end|"
    r"failed to read|bad (?:type|offset|size)|error loading model (?:vocabulary|hyperparameters)|"
    r"n_ctx_train cannot|cannot find tokenizer|unknown tokenizer|invalid vector|tensor '.*' (?:has|not)|ftell|fseek",
    re.IGNORECASE,
)


class Log:
    """llama.cpp's log, as a ring of lines."""

    def __init__(self) -> None:
        self._lines: deque[str] = deque(maxlen=_LINES_KEPT)
        self._callback = native.llama_log_callback(self._take)

    def capture(self) -> None:
        """Send the library's log here, as long as this object lives."""
        native.llama_log_set(self._callback, None)
        # Else the library would call what is not there any more.
        weakref.finalize(self, native.llama_log_set, native.llama_log_callback(), None)

    def _take(self, level: int, text: bytes | None, _data: object) -> None:
        if level >= _WARNING and text and text.strip(b" .\n"):
            self._lines.append(text.decode("utf-8", "replace").rstrip())

    def clear(self) -> None:
        """Forget what was logged before the step that follows."""
        self._lines.clear()

    @property
    def text(self) -> str:
        """Warnings and errors since :meth:`clear`, a line each."""
        return "\n".join(self._lines)


def check_file(path: str) -> None:
    """Refuse what is plainly no model before llama.cpp reads it.

    Raises:
        ModelMissing, FileUnreadable, NotAModel, ModelDamaged: each with a sentence of its own.
    """
    file = Path(path)
    if not models.exists(path):
        raise ModelMissing(path=path)
    try:
        with file.open("rb") as stream:
            head = stream.read(8)
    except OSError as problem:
        raise FileUnreadable(path=path, reason=problem.strerror or str(problem)) from problem
    if head[:4] != b"GGUF":
        raise NotAModel(model=file.name)
    if len(head) < 8:
        raise ModelDamaged(model=file.name)


def reason(log: str, path: str, context: int) -> EngineError:
    """The error that llama.cpp's log speaks of."""
    name = Path(path).name
    if found := _UNKNOWN.search(log):
        return ModelTooNew(model=name, architecture=found[1], detail=log)
    if _MEMORY.search(log):
        return NotEnoughMemory(model=name, context=context, detail=log)
    if "invalid magic" in log or "failed to read magic" in log:
        return NotAModel(model=name, detail=log)
    if _DAMAGED.search(log):
        return ModelDamaged(model=name, detail=log)
    if found := _UNSUPPORTED.search(log):
        return ModelTooNew(model=name, architecture=found[1], detail=log)
    last = log.splitlines()[-1] if log else N_("llama.cpp gave no reason")
    return LoadFailed(model=name, reason=last, detail=log)
