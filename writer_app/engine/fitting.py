"""How much of a model fits where: what it takes, measured on its file, against what is free.

:mod:`~writer_app.engine.offload` does the sums.
"""

import ctypes
import os
from collections.abc import Sequence

import llama_cpp as native

from writer_app.engine import devices, offload
from writer_app.engine.context import BATCH
from writer_app.engine.devices import Device

#: Default context in tokens: room for minutes of reading on a slow machine, and about 90 MB for the starter.
DEFAULT_CONTEXT = 4_096


def fitting_layers(path: str, size: int, graphics: Sequence[Device]) -> int:
    """How many layers of the model fit on the graphics processors with a context of ``size`` tokens (0: default).

    Measured: what each tensor takes in the file, and what each device has free now. 0 for a file that cannot
    be read; loading it says why.
    """
    params = native.llama_model_default_params()
    # All that is known of it, and none of its weights; ``vocab_only`` knows too little and aborts when asked.
    params.no_alloc, params.load_mode = True, native.LLAMA_LOAD_MODE_NONE
    nothing = (ctypes.c_void_p * 1)(None)
    params.devices, params.n_gpu_layers = ctypes.cast(nothing, ctypes.c_void_p), 0
    handle = native.llama_model_load_from_file(os.fsencode(path), params)
    if not handle:
        return 0
    try:
        size = usual_context(handle, size)
        working = offload.working_bytes(
            batch=BATCH,
            context=size,
            heads=native.llama_model_n_head(handle),
            vocabulary=native.llama_vocab_n_tokens(native.llama_model_get_vocab(handle)),
            width=native.llama_model_n_embd(handle),
        )
        per_block = size * bytes_a_token(handle)
    finally:
        native.llama_model_free(handle)
    wanted = offload.demand(devices.tensors(path), per_block=per_block, working=working)
    return offload.layers_that_fit([device.free for device in graphics], wanted)


def usual_context(handle: ctypes.c_void_p, wanted: int) -> int:
    """Tokens of context: those wanted, else what the model was trained for, at most the default."""
    return int(wanted or min(native.llama_model_n_ctx_train(handle), DEFAULT_CONTEXT))


def bytes_a_token(handle: ctypes.c_void_p) -> int:
    """Bytes of keys and values that one block of the model keeps of one token.

    2 bytes a number, for each key-value head (llama.cpp's f16 default).
    """
    heads = native.llama_model_n_head_kv(handle)
    width = native.llama_model_n_embd(handle) // max(1, native.llama_model_n_head(handle))
    kind = meta(handle, "general.architecture")
    keys = int(meta(handle, f"{kind}.attention.key_length") or width)
    values = int(meta(handle, f"{kind}.attention.value_length") or width)
    return int(heads * (keys + values) * 2)


def meta(handle: ctypes.c_void_p, key: str) -> str:
    """A value of the file's metadata, empty where it is missing."""
    buffer = ctypes.create_string_buffer(4_096)
    found = native.llama_model_meta_val_str(handle, key.encode(), buffer, 4_096)
    return buffer.value.decode("utf-8", "replace") if found >= 0 else ""
