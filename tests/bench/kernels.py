"""What multiplying costs with each quantisation: where the factors in ``writer_app/engine/speed.py`` come from.

    python tests/bench/kernels.py [--layers 6] [--rounds 3]

A Llama of random numbers, wide enough for every kind of block (the small models at hand are not: their rows are no
multiple of 256, so that llama.cpp takes other kinds for them), is quantised purely to each kind by llama.cpp and asked
through the engine, with one thread. Seconds of processor time for a billion parameters and token, the best of all
rounds, reading and writing; one flat JSON.
"""

import argparse
import ctypes
import json
import os
import struct
import tempfile
from pathlib import Path

import llama_cpp as native
import numpy as np
import psutil

from tests.engine import tiny_models
from writer_app.engine import cores, devices
from writer_app.engine.client import EngineClient
from writer_app.engine.loading import Log
from writer_app.engine.protocol import Done, Generate, Part

WIDE, INNER = 2_048, 5_632
KINDS = {
    "F16": 1,
    "Q4_0": 2,
    "Q4_1": 3,
    "Q8_0": 7,
    "Q5_0": 8,
    "Q5_1": 9,
    "Q2_K": 10,
    "Q3_K": 12,
    "Q4_K": 15,
    "Q5_K": 17,
    "Q6_K": 18,
    "IQ4_XS": 30,
}
READ, WRITTEN = 132, 24


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--layers", type=int, default=6)
    options.add_argument("--rounds", type=int, default=3)
    given = options.parse_args()
    parameters = given.layers * (4 * WIDE * WIDE + 3 * WIDE * INNER) / 1e9
    best: dict[str, tuple[float, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        files = quantised(Path(folder), given.layers)
        for number in range(given.rounds):
            for kind, path in files.items():
                read, write = cost(path, number)
                old = best.get(kind, (read, write))
                best[kind] = min(read, old[0]), min(write, old[1])
    figures: dict[str, float] = {"parameters_b": parameters}
    for kind, (read, write) in best.items():
        figures[f"read_s_per_b_{kind}"] = round(read / parameters, 5)
        figures[f"write_s_per_b_{kind}"] = round(write / parameters, 5)
    print(json.dumps(figures))


def cost(path: Path, number: int) -> tuple[float, float]:
    """Seconds a token: reading, writing."""
    client = EngineClient("llama")
    try:
        list(client.load(str(path), threads=1))
        text = f"{number} " + "It was so. " * (
            READ // 11
        )  # ends with a sentence: nothing to heal at its seam
        begun = spent(client)
        read = ask(client, text, 1).tokens_read
        half = spent(client)
        written = ask(client, text, WRITTEN).tokens_written
        return (half - begun) / read, (spent(client) - half) / written
    finally:
        client.close()


def ask(client: EngineClient, text: str, tokens: int) -> Done:
    parts = (Part(id="text", text=text),)
    request = Generate(
        id=client.new_id(), parts=parts, max_tokens=tokens, min_tokens=tokens, seed=1
    )
    *_, done = client.generate(request)
    assert isinstance(done, Done)
    return done


def spent(client: EngineClient) -> float:
    """Seconds that the child has computed; time in which others had the processor is none of it."""
    times = psutil.Process(client.pid).cpu_times()
    return times.user + times.system


def quantised(folder: Path, layers: int) -> dict[str, Path]:
    """The model in every kind."""
    devices.use_processor(())
    log = Log()
    log.capture()
    native.llama_backend_init()
    source = folder / "F16.gguf"
    write(source, layers)
    made = {"F16": source}
    for kind, number in KINDS.items():
        if kind in made:
            continue
        params = native.llama_model_quantize_default_params()
        params.ftype, params.pure, params.nthread = number, True, cores.usable()
        path = folder / f"{kind}.gguf"
        if not native.llama_model_quantize(
            os.fsencode(source), os.fsencode(path), ctypes.byref(params)
        ):
            made[kind] = path
    return made


def write(path: Path, layers: int) -> None:
    """A Llama of random half-precision numbers, with a vocabulary of bytes."""
    values: dict[str, tiny_models.Value] = {
        "general.architecture": "llama",
        "llama.context_length": 4_096,
        "llama.embedding_length": WIDE,
        "llama.block_count": layers,
        "llama.feed_forward_length": INNER,
        "llama.attention.head_count": 16,
        "llama.attention.layer_norm_rms_epsilon": 1e-5,
        "llama.rope.dimension_count": WIDE // 16,
        "tokenizer.ggml.model": "llama",
        "tokenizer.ggml.tokens": [
            "<unk>",
            "<s>",
            "</s>",
            *(f"<0x{n:02X}>" for n in range(256)),
            "▁",
        ],
        "tokenizer.ggml.scores": [0.0] * 260,
        "tokenizer.ggml.token_type": [2, 3, 3] + [6] * 256 + [1],
        "tokenizer.ggml.add_space_prefix": False,
    }
    shapes: dict[str, tuple[int, ...]] = {
        "token_embd.weight": (260, WIDE),
        "output_norm.weight": (WIDE,),
    }
    for number in range(layers):
        wide = {f"attn_{name}.weight": (WIDE, WIDE) for name in ("q", "k", "v", "output")}
        up = {f"ffn_{name}.weight": (INNER, WIDE) for name in ("gate", "up")}
        norms = {f"{name}.weight": (WIDE,) for name in ("attn_norm", "ffn_norm")}
        layer = {**wide, **up, **norms, "ffn_down.weight": (WIDE, INNER)}
        shapes |= {f"blk.{number}.{name}": shape for name, shape in layer.items()}
    infos, at = b"", 0
    for name, shape in shapes.items():
        half = len(shape) > 1
        infos += tiny_models._string(name) + struct.pack("<I", len(shape))
        infos += struct.pack(f"<{len(shape)}Q", *reversed(shape)) + struct.pack("<IQ", half, at)
        at += int(np.prod(shape)) * (2 if half else 4)
    head = b"GGUF" + struct.pack("<IQQ", 3, len(shapes), len(values))
    head += b"".join(tiny_models._string(k) + tiny_models._typed(v) for k, v in values.items())
    chance = np.random.default_rng(1)
    with path.open("wb") as file:
        file.write(tiny_models._padded(head + infos))
        for shape in shapes.values():
            if len(shape) == 1:
                file.write(np.ones(shape, np.float32).tobytes())
            else:
                file.write(
                    (chance.standard_normal(shape, np.float32) * 0.03).astype(np.float16).tobytes()
                )


if __name__ == "__main__":
    main()
