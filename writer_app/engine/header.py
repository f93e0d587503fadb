"""The head of a model file, read by llama.cpp; only in a child that may die of it."""

import contextlib
import ctypes
import os
from collections.abc import Iterator
from typing import Any

import llama_cpp as native

from writer_app.engine import devices
from writer_app.engine.facts import Told
from writer_app.engine.loading import Log, reason

#: Arrays longer than this (the vocabulary) are left out.
_LONGEST_ARRAY = 1_024
_STRING, _ARRAY = 8, 9
_NUMBERS: dict[int, Any] = {
    0: ctypes.c_uint8,
    1: ctypes.c_int8,
    2: ctypes.c_uint16,
    3: ctypes.c_int16,
    4: ctypes.c_uint32,
    5: ctypes.c_int32,
    6: ctypes.c_float,
    7: ctypes.c_bool,
    10: ctypes.c_uint64,
    11: ctypes.c_int64,
    12: ctypes.c_double,
}


def read(path: str) -> tuple[dict[str, Any], list[tuple[str, str, int]]] | None:
    """Keys with their values, and tensors as (name, kind, numbers); ``None`` where it cannot be read.

    Values are numbers, strings and short arrays; strings that are not UTF-8 are mended.
    """
    call = devices.function
    file_type = ctypes.c_void_p
    file = call("gguf_init_from_file", file_type, ctypes.c_char_p, devices.FileParams)(
        os.fsencode(path), devices.FileParams(no_alloc=True)
    )
    if not file:
        return None
    try:
        count = call("gguf_get_n_kv", ctypes.c_int64, file_type)(file)
        key_of = call("gguf_get_key", ctypes.c_char_p, file_type, ctypes.c_int64)
        values = {_text(key_of(file, at)): _value(file, at) for at in range(count)}
        return values, list(_tensors(file))
    finally:
        call("gguf_free", None, file_type)(file)


def loaded(path: str) -> Told:
    """Load the model without any of its weights, and say what it is.

    Raises:
        EngineError: Why it would not load; see :func:`~writer_app.engine.loading.reason`.
    """
    log = Log()
    log.capture()
    params = native.llama_model_default_params()
    params.no_alloc, params.load_mode = True, native.LLAMA_LOAD_MODE_NONE
    nothing = (ctypes.c_void_p * 1)(None)
    params.devices, params.n_gpu_layers = ctypes.cast(nothing, ctypes.c_void_p), 0
    handle = native.llama_model_load_from_file(os.fsencode(path), params)
    if not handle:
        raise reason(log.text, path, 0)
    try:
        return _told(handle)
    finally:
        native.llama_model_free(handle)


def _told(handle: ctypes.c_void_p) -> Told:
    vocabulary = native.llama_model_get_vocab(handle)
    return Told(
        parameters=native.llama_model_n_params(handle),
        vocabulary=native.llama_vocab_n_tokens(vocabulary),
        width=native.llama_model_n_embd(handle),
        layers=native.llama_model_n_layer(handle),
        heads=native.llama_model_n_head(handle),
        kv_heads=native.llama_model_n_head_kv(handle),
        context=native.llama_model_n_ctx_train(handle),
        window=native.llama_model_n_swa(handle),
        recurrent=native.llama_model_is_recurrent(handle),
        hybrid=native.llama_model_is_hybrid(handle),
        template=bool(native.llama_model_chat_template(handle, None)),
        infill=native.llama_vocab_fim_pre(vocabulary) >= 0,
    )


def _value(file: ctypes.c_void_p, at: int) -> Any:  # noqa: ANN401 - whatever the file holds
    call, here = devices.function, (ctypes.c_void_p, ctypes.c_int64)
    kind = call("gguf_get_kv_type", ctypes.c_int, *here)(file, at)
    if kind == _STRING:
        return _text(call("gguf_get_val_str", ctypes.c_char_p, *here)(file, at))
    if kind == _ARRAY:
        return _array(file, at)
    place = call("gguf_get_val_data", ctypes.c_void_p, *here)(file, at)
    return _NUMBERS[kind].from_address(place).value if kind in _NUMBERS else None


def _array(file: ctypes.c_void_p, at: int) -> list[Any]:
    call, here = devices.function, (ctypes.c_void_p, ctypes.c_int64)
    kind = call("gguf_get_arr_type", ctypes.c_int, *here)(file, at)
    count = call("gguf_get_arr_n", ctypes.c_size_t, *here)(file, at)
    if count > _LONGEST_ARRAY:
        return []
    if kind == _STRING:
        item = call("gguf_get_arr_str", ctypes.c_char_p, *here, ctypes.c_size_t)
        return [_text(item(file, at, number)) for number in range(count)]
    if kind not in _NUMBERS or not count:
        return []
    place = call("gguf_get_arr_data", ctypes.c_void_p, *here)(file, at)
    return list((_NUMBERS[kind] * count).from_address(place))


def _tensors(file: ctypes.c_void_p) -> Iterator[tuple[str, str, int]]:
    call, here = devices.function, (ctypes.c_void_p, ctypes.c_int64)
    name = call("gguf_get_tensor_name", ctypes.c_char_p, *here)
    kind_of = call("gguf_get_tensor_type", ctypes.c_int, *here)
    size_of = call("gguf_get_tensor_size", ctypes.c_size_t, *here)
    kind_name = call("ggml_type_name", ctypes.c_char_p, ctypes.c_int)
    block = call("ggml_blck_size", ctypes.c_int64, ctypes.c_int)
    block_bytes = call("ggml_type_size", ctypes.c_size_t, ctypes.c_int)
    for at in range(call("gguf_get_n_tensors", ctypes.c_int64, ctypes.c_void_p)(file)):
        kind = kind_of(file, at)
        numbers = size_of(file, at) // max(1, block_bytes(kind)) * block(kind)
        with contextlib.suppress(AttributeError):  # a kind without a name
            yield _text(name(file, at)), _text(kind_name(kind)).upper(), numbers


def _text(said: bytes) -> str:
    return said.decode("utf-8", "replace")
