"""All that is remembered of a sequence, as bytes, such that it can go back as far after as before.

llama.cpp leaves out of a sequence's state what lies outside a sliding window at its end, also where the cache
keeps all of it (``llama_kv_cache::state_write``; its issue 25295). That is enough to read on. But after going
back, the layers with such a window would miss what they need without a word: the test model gave a name that
it had just read 0.001 in place of 0.54. So the state is taken in pieces no longer than the window.
"""

import ctypes

import llama_cpp as native

_SIZE_BYTES = 8


def take(
    context: ctypes.c_void_p | None, number: int, spare: int, length: int, window: int = 0
) -> bytes:
    """What is remembered of a sequence.

    Args:
        context: Handle of the context.
        number: The sequence.
        spare: A sequence that is empty, before and after.
        length: Tokens the sequence holds.
        window: Tokens that layers with a sliding window see; 0 where there are none.
    """
    memory = native.llama_get_memory(context)
    pieces = []
    for start in range(0, length, window or max(1, length)):
        native.llama_memory_seq_cp(memory, number, spare, start, start + window if window else -1)
        data = (ctypes.c_uint8 * native.llama_state_seq_get_size(context, spare))()
        size = native.llama_state_seq_get_data(context, data, len(data), spare)
        pieces += [size.to_bytes(_SIZE_BYTES, "big"), bytes(memoryview(data)[:size])]
        native.llama_memory_seq_rm(memory, spare, -1, -1)
    return b"".join(pieces)


def put_back(context: ctypes.c_void_p | None, number: int, spare: int, data: bytes) -> bool:
    """Give an empty sequence what was taken; false if that failed, and there may be some of it."""
    memory = native.llama_get_memory(context)
    rest = memoryview(data)
    while rest:
        end = _SIZE_BYTES + int.from_bytes(rest[:_SIZE_BYTES], "big")
        piece = (ctypes.c_uint8 * (end - _SIZE_BYTES)).from_buffer_copy(rest[_SIZE_BYTES:end])
        if not native.llama_state_seq_set_data(context, piece, len(piece), spare):
            return False
        native.llama_memory_seq_cp(memory, spare, number, -1, -1)
        native.llama_memory_seq_rm(memory, spare, -1, -1)
        rest = rest[end:]
    return True
