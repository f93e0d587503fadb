"""Models of a few thousand random numbers: a plain one, and the shapes that cannot go back, or not far.

What they say makes no sense, but what they remember decides it, as in a large one. Their tokens are bytes, and the space.
The format is GGUF version 3 (ggml's ``docs/gguf.md``).
"""

import struct
from collections.abc import Mapping
from pathlib import Path

import numpy as np

_U32, _I32, _F32, _BOOL, _STRING, _ARRAY = 4, 5, 6, 7, 8, 9
_ALIGNED = 32
_WIDE = 32  # numbers a token is embedded in
_VOCABULARY = 3 + 256 + 1
#: Tokens that :func:`sliding` attends to, as many as the model that writes Chinese.
WINDOW = 512

Value = int | float | bool | str | list[int] | list[float] | list[str]
Shape = tuple[int, ...]


def plain(path: Path) -> str:
    """Two layers of Llama, the commonest shape."""
    layer = {
        "attn_norm.weight": (_WIDE,),
        "ffn_norm.weight": (_WIDE,),
        **{f"attn_{name}.weight": (_WIDE, _WIDE) for name in ("q", "k", "v", "output")},
        **{f"ffn_{name}.weight": (_WIDE, _WIDE) for name in ("gate", "up", "down")},
    }
    facts: dict[str, Value] = {
        "llama.feed_forward_length": _WIDE,
        "llama.attention.head_count": 2,
        "llama.rope.dimension_count": _WIDE // 2,
    }
    return _write(path, "llama", facts, {"output_norm.weight": (_WIDE,)}, [layer, layer])


def sliding(path: Path) -> str:
    """Six layers of Gemma 3: all but the last attend to the last :data:`WINDOW` tokens only."""
    wide = (_WIDE, _WIDE)
    layer: dict[str, Shape] = {
        **{f"attn_{name}.weight": wide for name in ("q", "k", "v", "output")},
        **{f"attn_{name}_norm.weight": (_WIDE // 2,) for name in "qk"},
        **{f"ffn_{name}.weight": wide for name in ("gate", "up", "down")},
        **{f"{name}.weight": (_WIDE,) for name in ("attn_norm", "post_attention_norm")},
        **{f"{name}.weight": (_WIDE,) for name in ("ffn_norm", "post_ffw_norm")},
    }
    facts: dict[str, Value] = {
        "gemma3.feed_forward_length": _WIDE,
        "gemma3.attention.head_count": 2,
        "gemma3.attention.head_count_kv": 2,
        "gemma3.attention.key_length": _WIDE // 2,
        "gemma3.attention.value_length": _WIDE // 2,
        "gemma3.attention.sliding_window": WINDOW,
    }
    return _write(path, "gemma3", facts, {"output_norm.weight": (_WIDE,)}, [layer] * 6)


def recurrent(path: Path) -> str:
    """Two layers of Mamba: all that was read is in one state."""
    inner, state, rank = 2 * _WIDE, 8, 4
    layer = {
        "attn_norm.weight": (_WIDE,),
        "ssm_in.weight": (2 * inner, _WIDE),
        "ssm_conv1d.weight": (inner, 4),
        "ssm_conv1d.bias": (inner,),
        "ssm_x.weight": (rank + 2 * state, inner),
        "ssm_dt.weight": (inner, rank),
        "ssm_dt.bias": (inner,),
        "ssm_a": (inner, state),
        "ssm_d": (inner,),
        "ssm_out.weight": (_WIDE, inner),
    }
    sizes = {"conv_kernel": 4, "inner_size": inner, "state_size": state, "time_step_rank": rank}
    facts = {f"mamba.ssm.{name}": size for name, size in sizes.items()}
    return _write(path, "mamba", facts, {"output_norm.weight": (_WIDE,)}, [layer, layer])


def hybrid(path: Path) -> str:
    """A layer of LFM2 that keeps a state, and one that attends to all that was read."""
    wide = (_WIDE, _WIDE)
    both = {
        "attn_norm.weight": (_WIDE,),
        "ffn_norm.weight": (_WIDE,),
        "ffn_gate.weight": wide,
        "ffn_up.weight": wide,
        "ffn_down.weight": wide,
    }
    keeps = {
        "shortconv.conv.weight": (_WIDE, 3),
        "shortconv.in_proj.weight": (3 * _WIDE, _WIDE),
        "shortconv.out_proj.weight": wide,
    }
    attends: dict[str, Shape] = {f"attn_{name}.weight": wide for name in "qkv"}
    attends |= {"attn_output.weight": wide}
    attends |= {f"attn_{name}_norm.weight": (_WIDE // 2,) for name in "qk"}
    facts: dict[str, Value] = {
        "lfm2.shortconv.l_cache": 3,
        "lfm2.feed_forward_length": _WIDE,
        "lfm2.attention.head_count": 2,
        "lfm2.attention.head_count_kv": [0, 2],
        "lfm2.rope.freq_base": 10_000.0,
    }
    layers = [both | keeps, both | attends]
    return _write(path, "lfm2", facts, {"token_embd_norm.weight": (_WIDE,)}, layers)


def _write(
    path: Path,
    kind: str,
    facts: Mapping[str, Value],
    ends: Mapping[str, Shape],
    layers: list[dict[str, Shape]],
) -> str:
    """A file with all weights random; shapes are as numpy has them, the last number running fastest."""
    values: dict[str, Value] = {
        "general.architecture": kind,
        f"{kind}.context_length": 4_096,
        f"{kind}.embedding_length": _WIDE,
        f"{kind}.block_count": len(layers),
        f"{kind}.attention.layer_norm_rms_epsilon": 1e-5,
        **facts,
        "tokenizer.ggml.model": "llama",
        "tokenizer.ggml.tokens": [
            "<unk>",
            "<s>",
            "</s>",
            *(f"<0x{n:02X}>" for n in range(256)),
            "▁",
        ],
        "tokenizer.ggml.scores": [0.0] * _VOCABULARY,
        "tokenizer.ggml.token_type": [2, 3, 3] + [6] * 256 + [1],
        "tokenizer.ggml.add_space_prefix": False,
    }
    shapes = {"token_embd.weight": (_VOCABULARY, _WIDE), **ends}
    for number, layer in enumerate(layers):
        shapes |= {f"blk.{number}.{name}": shape for name, shape in layer.items()}
    chance = np.random.default_rng(1)
    infos, data = b"", b""
    for name, shape in shapes.items():
        numbers = chance.normal(0.0, 0.3, shape).astype(np.float32)
        if name.endswith("norm.weight"):
            numbers = 1 + numbers
        if name.endswith("ssm_a"):
            numbers = -np.exp(numbers - 8)  # a state that fades slowly
        infos += _string(name) + struct.pack("<I", len(shape))
        infos += struct.pack(f"<{len(shape)}Q", *reversed(shape)) + struct.pack("<IQ", 0, len(data))
        data += _padded(numbers.tobytes())
    head = b"GGUF" + struct.pack("<IQQ", 3, len(shapes), len(values))
    head += b"".join(_string(key) + _typed(value) for key, value in values.items())
    path.write_bytes(_padded(head + infos) + data)
    return str(path)


def _string(text: str) -> bytes:
    return struct.pack("<Q", len(text.encode())) + text.encode()


def _typed(value: Value) -> bytes:
    if isinstance(value, list):
        items = [_typed(item) for item in value]
        kind = _I32 if isinstance(value[0], int) else struct.unpack("<I", items[0][:4])[0]
        bodies = struct.pack(f"<{len(value)}i", *value) if kind == _I32 else b""
        return (
            struct.pack("<IIQ", _ARRAY, kind, len(value))
            + bodies
            + b"".join(item[4:] for item in items if kind != _I32)
        )
    if isinstance(value, bool):
        return struct.pack("<I?", _BOOL, value)
    if isinstance(value, int):
        return struct.pack("<II", _U32, value)
    if isinstance(value, float):
        return struct.pack("<If", _F32, value)
    return struct.pack("<I", _STRING) + _string(value)


def _padded(data: bytes) -> bytes:
    return data + b"\0" * (-len(data) % _ALIGNED)
