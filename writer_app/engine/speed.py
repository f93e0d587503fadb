"""How fast a model will read and write here, before it is here. Pure: figures in, seconds out.

The physics is simple. To write a token, every parameter that takes part is fetched from memory and multiplied once:
the time is that of the bytes by the memory's bandwidth (Williams et al., *Roofline*, 2009; for language models
Pope et al., *Efficiently Scaling Transformer Inference*, 2022), and, on processors, what unpacking and
multiplying a parameter costs, which differs with the kind of its block. The two hardly overlap here: added they were
off by 7 % in the median, the larger of them alone by 14 %. To read, the same parameters multiply many
tokens at once, so that memory hardly matters and the multiplying is all; the output, which only writing needs, is left
out. Attention adds the keys and values of the context.

What a machine is worth is measured on one small model (:mod:`~writer_app.engine.measuring`); that gives a scale for
reading and one for writing. What a kind of block costs beside another is in :data:`KERNELS`, and it is the weak part:
measured on one processor (Xeon, AVX2, with llama.cpp's code for any x86-64 processor of that age), where the rest was
measured too: SmolLM2 135M and Gemma 3 270M in 13 quantisations each. What a model really did here replaces all of it.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import msgspec

from writer_app.engine.facts import Work
from writer_app.engine.footprint import Shape


class Kernel(NamedTuple):
    """What a kind of block costs.

    Attributes:
        bits: A parameter, with the block's scales.
        read, write: Seconds of one core for a billion parameters, a token; only their ratios matter. From
            ``tests/bench/kernels.py``.
    """

    bits: float
    read: float
    write: float


KERNELS: Mapping[str, Kernel] = {
    "Q2_K": Kernel(2.625, 0.0231, 0.0791),
    "Q3_K": Kernel(3.4375, 0.0205, 0.0852),
    "Q4_K": Kernel(4.5, 0.0209, 0.0852),
    "Q5_K": Kernel(5.5, 0.0220, 0.1521),
    "Q6_K": Kernel(6.5625, 0.0209, 0.0973),
    "Q8_0": Kernel(8.5, 0.0252, 0.1338),
    "F16": Kernel(16.0, 0.0288, 0.1703),
    "Q4_0": Kernel(4.5, 0.0260, 0.1156),
    "Q4_1": Kernel(5.0, 0.0425, 0.1338),
    "Q5_0": Kernel(5.5, 0.0360, 0.1865),
    "Q5_1": Kernel(6.0, 0.0548, 0.1744),
    "IQ4_XS": Kernel(4.25, 0.0223, 0.1419),
}
_ALIKE = {"IQ4_NL": "IQ4_XS", "MXFP4": "IQ4_XS", "BF16": "F16", "F32": "F16"}
#: What llama.cpp makes of a quantisation that mixes kinds: shares of the blocks' parameters, and the output's kind
#: (its ``llama_tensor_get_type``, for models of the common shape).
MIXTURES: Mapping[str, tuple[Mapping[str, float], str]] = {
    "Q2_K": ({"Q2_K": 0.6, "Q3_K": 0.4}, "Q6_K"),
    "Q3_K_S": ({"Q3_K": 1.0}, "Q6_K"),
    "Q3_K_M": ({"Q3_K": 0.7, "Q4_K": 0.25, "Q5_K": 0.05}, "Q6_K"),
    "Q3_K_L": ({"Q3_K": 0.65, "Q5_K": 0.35}, "Q6_K"),
    "Q4_K_S": ({"Q4_K": 0.97, "Q5_K": 0.03}, "Q6_K"),
    "Q4_K_M": ({"Q4_K": 0.84, "Q6_K": 0.16}, "Q6_K"),
    "Q5_K_S": ({"Q5_K": 1.0}, "Q6_K"),
    "Q5_K_M": ({"Q5_K": 0.84, "Q6_K": 0.16}, "Q6_K"),
    "Q8_0": ({"Q8_0": 1.0}, "Q8_0"),
    "F16": ({"F16": 1.0}, "F16"),
    "BF16": ({"F16": 1.0}, "F16"),
}
#: Blocks of 256 numbers need rows that are a multiple of them; else llama.cpp takes these (its ``tensor_type_fallback``).
_NARROW = {
    "Q2_K": "Q4_0",
    "Q3_K": "Q4_0",
    "Q4_K": "Q5_0",
    "Q5_K": "Q5_1",
    "Q6_K": "Q8_0",
    "IQ4_XS": "IQ4_NL",
}
_BLOCK = 256
#: In the units of :class:`Kernel`: seconds for a layer besides its parameters, for a token of the vocabulary among
#: which one is drawn, and for a number of a key or value that is attended to.
_LAYER_READ, _LAYER_WRITE = 1.3e-5, 5e-5
_DRAW = 2e-8
#: Shares of a token's time that drawing it and fetching it may have in the measurement, whatever else was measured.
_MOST_DRAWN, _MOST_FETCHED = 0.2, 0.6
_ATTEND_READ, _ATTEND_WRITE = 1.0e-10, 1.5e-10
#: Tokens of context that a prediction is for.
USUAL_CONTEXT = 1_024
_BILLION = 1e9


class Pace(msgspec.Struct, frozen=True):
    """Tokens a second; 0 where it is not known."""

    read_tps: float = 0.0
    write_tps: float = 0.0


class Probe(msgspec.Struct, frozen=True, kw_only=True):
    """What a small model did on one kind of processor.

    Attributes:
        pace: Measured.
        context: Tokens that were in the context, about.
        work, shape: Of the small model.
        bandwidth: Bytes a second of its memory; 0 where that was not measured.
    """

    pace: Pace
    context: int
    work: Work
    shape: Shape
    bandwidth: float = 0.0


def work_of(shape: Shape, quantisation: str) -> Work:
    """The work of a model of which only the quantisation is known."""
    name = quantisation.upper()
    kinds, last = MIXTURES.get(name, ({name: 1.0}, "Q6_K"))
    other = _NARROW if shape.width % _BLOCK else {}
    blocks = Counter[str]()
    for kind, share in kinds.items():
        blocks[other.get(kind, kind)] += int(shape.computed * share)
    return Work(dict(blocks), {other.get(last, last): shape.output})


def predicted(work: Work, shape: Shape, probe: Probe, context: int = USUAL_CONTEXT) -> Pace:
    """How fast a model will read and write where ``probe`` was measured."""
    if not (probe.pace.read_tps > 0 and probe.pace.write_tps > 0):
        return Pace()
    read_unit = _read(probe.work, probe.shape, _reading(probe.context))
    read = _read(work, shape, _reading(context)) / read_unit / probe.pace.read_tps
    # Of what the small model took for a token: drawing it is for one core, fetching for the memory, the rest scales.
    took = 1 / probe.pace.write_tps
    draw = min(_DRAW, _MOST_DRAWN * took / probe.shape.vocabulary)
    bandwidth = _streamed(probe)
    rest = took - draw * probe.shape.vocabulary
    rest -= fetched(probe.work, probe.shape, probe.context) / bandwidth
    unit = rest / _write(probe.work, probe.shape, probe.context)
    write = unit * _write(work, shape, context) + draw * shape.vocabulary
    return Pace(1 / read, 1 / (write + fetched(work, shape, context) / bandwidth))


def together(paces: Iterable[tuple[float, Pace]]) -> Pace:
    """The pace of a model of which shares are computed in different places, one after the other."""
    shares = [(share, pace) for share, pace in paces if share > 0]
    if not shares or any(not (pace.read_tps and pace.write_tps) for _, pace in shares):
        return Pace()
    return Pace(
        1 / sum(share / pace.read_tps for share, pace in shares),
        1 / sum(share / pace.write_tps for share, pace in shares),
    )


def fetched(work: Work, shape: Shape, context: int) -> float:
    """Bytes that come from memory for a token that is written."""
    every = (*work.blocks.items(), *work.output.items())
    weights = sum(count * _kernel(kind).bits / 8 for kind, count in every)
    return weights + context * shape.bytes_a_token


def _streamed(probe: Probe) -> float:
    """Bytes a second: what was measured, and at least what the small model must have had; without end if unknown."""
    if not probe.bandwidth:
        return math.inf
    had = fetched(probe.work, probe.shape, probe.context) * probe.pace.write_tps
    return max(probe.bandwidth, had / _MOST_FETCHED)


def _reading(context: int) -> int:
    """Tokens that are attended to while a context is read: half of it on average, and llama.cpp takes 256 at least."""
    return max(_BLOCK, context // 2)


def _read(work: Work, shape: Shape, context: int) -> float:
    multiplied = sum(count * _kernel(kind).read for kind, count in work.blocks.items()) / _BILLION
    return multiplied + shape.layers * _LAYER_READ + _attended(shape, context) * _ATTEND_READ


def _write(work: Work, shape: Shape, context: int) -> float:
    every = (*work.blocks.items(), *work.output.items())
    multiplied = sum(count * _kernel(kind).write for kind, count in every) / _BILLION
    return multiplied + shape.layers * _LAYER_WRITE + _attended(shape, context) * _ATTEND_WRITE


def _attended(shape: Shape, context: int) -> float:
    """Numbers of keys and values that all heads of all layers go through for a token."""
    layers = shape.layers if shape.attending is None else shape.attending
    return layers * shape.heads * (shape.key_length + shape.value_length) * context


def _kernel(kind: str) -> Kernel:
    """What a kind costs; one that was not measured, as one of about as many bits."""
    kind = _ALIKE.get(kind, kind)
    if kind in KERNELS:
        return KERNELS[kind]
    bits = re.search(r"\d+", kind)
    return KERNELS.get(f"Q{bits[0]}_K" if bits else "", KERNELS["Q4_K"])
