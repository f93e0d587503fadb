"""Stopping llama.cpp from another thread."""

import ctypes
import os

import llama_cpp as native

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
