"""What llama.cpp computes on: the variant of its processor code, and graphics processors.

The binding knows little of this, so ggml's own functions are called. They must be those of the very library
that libllama has loaded: a wheel holds no links, so that ``libggml.so`` and ``libggml.so.0`` are two copies,
and what is registered in the wrong one is not there. A lookup through libllama's handle cannot go wrong,
because it searches what libllama depends on; Windows looks into one library only, but has no copies either.
"""

import ctypes
import os
import sys
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import llama_cpp as native
import psutil

from writer_app.engine import processor
from writer_app.errors import N_, EngineError

#: Where a wheel with variants puts them, drivers of graphics processors too.
FOLDER = Path(native.__file__).parent.parent / "bin"
_LIBRARIES = Path(native.__file__).parent / "lib"
_GRAPHICS, _INTEGRATED = 1, 2  # GGML_BACKEND_DEVICE_TYPE_GPU and _IGPU


@dataclass(frozen=True)
class Device:
    """A graphics processor.

    Attributes:
        handle: ggml's.
        name: For people.
        free: Bytes of its memory that nothing uses now.
    """

    handle: int
    name: str
    free: int


def choose(avoid: Collection[str]) -> tuple[str, Path | None]:
    """The best variant for this processor and its library; ``("", None)`` for a build without variants.

    Raises:
        EngineError: None is left.
    """
    found = processor.variants(FOLDER)
    if not found:
        return "", None
    name = processor.best({name: _score(path) for name, path in found.items()}, avoid)
    if not name:
        raise EngineError(reason=N_("no part of it runs on this processor"))
    return name, found[name]


def use_processor(avoid: Collection[str]) -> None:
    """Compute on the best variant, in a process that needs nothing but that.

    Raises:
        EngineError: None is left.
    """
    _name, library = choose(avoid)
    if library:
        load(library)
    check()


def drivers() -> list[Path]:
    """The libraries for graphics processors that lie beside the variants."""
    return processor.drivers(FOLDER)


def load(library: Path) -> bool:
    """Register the devices of a library; false where it found none or could not be loaded."""
    call = function("ggml_backend_load", ctypes.c_void_p, ctypes.c_char_p)
    return bool(call(os.fsencode(library)))


def check() -> None:
    """Make sure that something computes.

    Else llama.cpp would take any library of a fitting name in the current folder, which may be anybody's.

    Raises:
        EngineError: Nothing does.
    """
    if not function("ggml_backend_reg_count", ctypes.c_size_t)():
        raise EngineError(reason=N_("no part of it runs on this processor"))


def graphics() -> list[Device]:
    """The graphics processors of the first driver that has any; integrated ones only where there is no other.

    Of one driver only: two drivers show the same card twice.
    """
    handles = [_at(number) for number in range(_count())]
    for kind in (_GRAPHICS, _INTEGRATED):
        of_kind = [handle for handle in handles if _kind(handle) == kind]
        if of_kind:
            return [_device(each) for each in of_kind if _driver(each) == _driver(of_kind[0])]
    return []


def tensors(path: str) -> list[tuple[str, int]]:
    """Names and bytes of the tensors in a model file; none where it cannot be read."""
    opened = function("gguf_init_from_file", ctypes.c_void_p, ctypes.c_char_p, FileParams)
    count = function("gguf_get_n_tensors", ctypes.c_int64, ctypes.c_void_p)
    name = function("gguf_get_tensor_name", ctypes.c_char_p, ctypes.c_void_p, ctypes.c_int64)
    size = function("gguf_get_tensor_size", ctypes.c_size_t, ctypes.c_void_p, ctypes.c_int64)
    file = opened(os.fsencode(path), FileParams(no_alloc=True))
    if not file:
        return []
    try:
        return [
            (name(file, at).decode("utf-8", "replace"), size(file, at)) for at in range(count(file))
        ]
    finally:
        function("gguf_free", None, ctypes.c_void_p)(file)


def system() -> str:
    """llama.cpp's own account of the abilities of the processor that it uses."""
    return str(native.llama_print_system_info().decode("utf-8", "replace")).strip(" |")


class FileParams(ctypes.Structure):
    """How ``gguf_init_from_file`` is to read."""

    _fields_ = (("no_alloc", ctypes.c_bool), ("ctx", ctypes.c_void_p))


def function(name: str, result: Any, *arguments: Any) -> Callable[..., Any]:  # noqa: ANN401 - of ctypes
    """A function of ggml with its types."""
    for library in _libraries():
        if found := getattr(library, name, None):
            found.restype, found.argtypes = result, arguments
            return found  # type: ignore[no-any-return]
    raise EngineError(reason=name)


def _libraries() -> list[ctypes.CDLL]:
    if sys.platform == "win32":
        return [ctypes.CDLL(str(_LIBRARIES / name)) for name in ("ggml.dll", "ggml-base.dll")]
    return [native.llama_cpp._lib]  # noqa: SLF001 - the handle that a lookup must begin with


def _score(path: Path) -> int:
    """What a variant thinks of this processor; 0: it cannot run here."""
    try:
        return int(ctypes.CDLL(str(path)).ggml_backend_score())
    except (OSError, AttributeError):
        return 0


def _count() -> int:
    return int(function("ggml_backend_dev_count", ctypes.c_size_t)())


def _at(number: int) -> int:
    return int(function("ggml_backend_dev_get", ctypes.c_void_p, ctypes.c_size_t)(number))


def _kind(handle: int) -> int:
    return int(function("ggml_backend_dev_type", ctypes.c_int, ctypes.c_void_p)(handle))


def _driver(handle: int) -> int:
    return int(function("ggml_backend_dev_backend_reg", ctypes.c_void_p, ctypes.c_void_p)(handle))


def _device(handle: int) -> Device:
    told = function("ggml_backend_dev_description", ctypes.c_char_p, ctypes.c_void_p)(handle)
    sizes = ctypes.POINTER(ctypes.c_size_t)
    memory = function("ggml_backend_dev_memory", None, ctypes.c_void_p, sizes, sizes)
    free, total = ctypes.c_size_t(), ctypes.c_size_t()
    memory(handle, ctypes.byref(free), ctypes.byref(total))
    # A device that reports no memory at all uses the machine's (llama.cpp takes it so too).
    bytes_free = free.value if total.value else psutil.virtual_memory().available
    return Device(handle, told.decode("utf-8", "replace"), bytes_free)
