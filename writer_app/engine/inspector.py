"""The child that reads the heads of model files: ``--inspect READABLE...``, paths on standard input.

A model file is a stranger's, and its reader, llama.cpp, has had holes: so this is a process of its own that may read
these files and nothing else, and has little memory. Each line of standard input is a path as JSON, each line of
standard output what became of it: :class:`Answer`. The file is read by llama.cpp's own reader, twice: its table of
keys and tensors, and then the whole model without any of its weights, so that whatever would keep it from being
loaded is found here.
"""

import contextlib
import ctypes
import os
import re
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from writer_app.engine.facts import QUANTISATIONS, Answer, Facts, Told, Work, parts
from writer_app.engine.footprint import Shape
from writer_app.errors import (
    N_,
    EngineError,
    ModelDamaged,
    NotForWriting,
    PartMissing,
    WriterError,
)

#: Bytes of private memory: the vocabulary of the largest models takes some 300 MB.
_MEMORY = 3 * 2**30
_FLOAT = 4
#: Of models with a sliding window every so-manieth layer attends to everything, where the file does not say it.
_FULL_EVERY = 6
#: Kinds of file that say what they are (``general.type``).
_KINDS = {
    "adapter": N_("it only changes another model; choose that model itself"),
    "mmproj": N_("it only lets another model see or hear"),
    "imatrix": N_("it only helps to make smaller models"),
}
_SEEING = N_("it only lets another model see or hear")
_SEARCHING = N_("it only compares texts, for searching")
_OTHER = N_("it makes something else than continuous text")
_SPEAKING = N_("it makes sound or pictures")
_ARCHITECTURES = {
    "clip": _SEEING,
    **dict.fromkeys(
        (
            *("bert", "modern-bert", "nomic-bert", "nomic-bert-moe", "neo-bert", "eurobert"),
            *("jina-bert-v2", "jina-bert-v3", "gemma-embedding", "t5encoder", "llama-embed"),
        ),
        _SEARCHING,
    ),
    **dict.fromkeys(("wavtokenizer-dec", "qwen3tts", "flux", "sd1", "sdxl", "ltxv"), _SPEAKING),
    **dict.fromkeys(("t5", "dream", "llada", "llada-moe", "rnd1", "gemma4-assistant"), _OTHER),
}
_BIG_ENDIAN = N_("it was made for a processor of another kind (big-endian)")
_OLD = N_("it is of an older format; look for a newer GGUF file of it")
_NO_WORDS = N_("it has no vocabulary")
#: Magic numbers of what came before GGUF.
_OLDER = (b"lmgg", b"fmgg", b"tjgg", b"algg", b"ggml", b"ggmf", b"ggjt", b"ggla")


def main(arguments: list[str]) -> int:
    """Run as the child; ``arguments`` are the variants of llama.cpp to be avoided, and the files and folders."""
    avoid, *readable = arguments or [""]
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    from writer_app.engine import sandbox

    sandbox.enter(readable)
    _limit()
    from writer_app.engine import devices

    try:
        devices.use_processor(avoid.split(","))
    except EngineError as problem:
        answers.write(msgspec.json.encode(_failed(problem)) + b"\n")
        return 3
    for line in sys.stdin.buffer:
        try:
            answer = Answer(inspect(Path(os.fsdecode(msgspec.json.decode(line, type=bytes)))))
        except WriterError as problem:
            answer = _failed(problem)
        answers.write(msgspec.json.encode(answer) + b"\n")
    return 0


def inspect(path: Path) -> Facts:
    """What a model file says of itself.

    Raises:
        ModelMissing, FileUnreadable, NotAModel, ModelDamaged, ModelTooNew, PartMissing, NotForWriting, LoadFailed: Why
            it cannot be used.
    """
    from writer_app.engine.loading import check_file

    _check_kind(path)
    check_file(str(path))
    files = parts(path)
    for number, file in enumerate(files, 1):
        if not file.is_file():
            raise PartMissing(model=path.name, part=number, count=len(files))
    heads = [_head(file) for file in files]
    size = sum(file.stat().st_size for file in files)
    values, tensors = heads[0][0], [tensor for _, found in heads for tensor in found]
    _check_purpose(path.name, values)
    return _facts(path, values, tensors, size)


def _check_kind(path: Path) -> None:
    """Refuse what its first bytes tell apart."""
    head = b""
    with contextlib.suppress(OSError), path.open("rb") as file:  # what follows says why
        head = file.read(8)
    if head[:4] in _OLDER:
        raise NotForWriting(model=path.name, reason=_OLD)
    little, big = (int.from_bytes(head[4:], order) for order in ("little", "big"))
    if little > 0xFFFF and big <= 0xFFFF:
        raise NotForWriting(model=path.name, reason=_BIG_ENDIAN)


def _head(path: Path) -> tuple[dict[str, Any], list[tuple[str, str, int]]]:
    """Keys, and tensors as (name, kind, numbers)."""
    from writer_app.engine import header

    found = header.read(str(path))
    if found is None:
        raise ModelDamaged(model=path.name)
    return found


def _check_purpose(name: str, values: dict[str, Any]) -> None:
    kind = str(values.get("general.architecture", ""))
    reason = _KINDS.get(str(values.get("general.type", ""))) or _ARCHITECTURES.get(kind)
    if not reason and values.get(f"{kind}.pooling_type"):
        reason = _SEARCHING
    if not reason and values.get("tokenizer.ggml.model") in ("no_vocab", "none"):
        reason = _NO_WORDS
    if reason:
        raise NotForWriting(model=name, reason=reason)


def _facts(
    path: Path, values: dict[str, Any], tensors: list[tuple[str, str, int]], size: int
) -> Facts:
    from writer_app.engine import header

    told = header.loaded(str(path))
    kind = str(values.get("general.architecture", ""))

    def number(key: str) -> int:
        found = values.get(f"{kind}.{key}", 0)
        found = max(found, default=0) if isinstance(found, list) else found
        return int(found) if isinstance(found, int) else 0

    shape = _shape(told, number, values.get(f"{kind}.attention.head_count_kv"), tensors)
    tags = values.get("general.languages", [])
    return Facts(
        architecture=kind,
        name=str(values.get("general.name", "")),
        quantisation=QUANTISATIONS.get(int(values.get("general.file_type", -1)), ""),
        size=size,
        context=told.context,
        shape=shape,
        work=_work(tensors, number("expert_count"), number("expert_used_count"), shape),
        languages=tuple(str(tag) for tag in tags) if isinstance(tags, list) else (),
        licence=str(values.get("general.license", "")),
        rewinds=told.rewinds,
        template=told.template,
        infill=told.infill,
    )


def _shape(
    told: Told,
    number: Callable[[str], int],
    kv_heads: object,
    tensors: list[tuple[str, str, int]],
) -> Shape:
    each = kv_heads if isinstance(kv_heads, list) else [told.kv_heads] * told.layers
    names = {name for name, _, _ in tensors}
    keeping = told.layers
    if told.recurrent or told.hybrid:
        keeping = sum(
            1 for name in names if re.fullmatch(r"blk\.\d+\.attn_(k|qkv|kv_a_mqa)\.weight", name)
        )
    interval = number("full_attention_interval")
    if told.hybrid and interval > 1:
        keeping = told.layers // interval
    per_head = told.width // max(1, told.heads)
    every = number("attention.sliding_window_pattern") or _FULL_EVERY
    return Shape(
        parameters=told.parameters,
        active=_active(tensors, number("expert_count"), number("expert_used_count")),
        vocabulary=told.vocabulary,
        width=told.width,
        layers=told.layers,
        heads=told.heads,
        kv_heads=max((int(heads) for heads in each), default=told.kv_heads),
        key_length=number("attention.key_length") or per_head,
        value_length=number("attention.value_length") or per_head,
        attending=keeping if keeping < told.layers else None,
        sliding=told.layers - told.layers // every if told.window else 0,
        window=told.window,
        state_bytes=(told.layers - keeping) * _state(told, number) * _FLOAT,
        tied="output.weight" not in names,
    )


def _state(told: Told, number: Callable[[str], int]) -> int:
    """Numbers that one layer keeps of all that was read, where it keeps no keys and values."""
    inner, state = number("ssm.inner_size"), number("ssm.state_size")
    turned = inner + 2 * number("ssm.group_count") * state
    short = max(0, number("shortconv.l_cache") - 1) * told.width
    return state * inner + max(0, number("ssm.conv_kernel") - 1) * turned + short


def _active(tensors: list[tuple[str, str, int]], experts: int, used: int) -> int:
    """Parameters that a token is computed with; 0 where that is all."""
    if not experts:
        return 0
    return sum(_asked(name, count, experts, used) for name, _, count in tensors)


def _asked(name: str, count: int, experts: int, used: int) -> int:
    return count * used // experts if experts and "_exps" in name else count


def _work(tensors: list[tuple[str, str, int]], experts: int, used: int, shape: Shape) -> Work:
    blocks, output = Counter[str](), Counter[str]()
    last = "token_embd.weight" if shape.tied else "output.weight"
    for name, kind, count in tensors:
        if name == last:
            output[kind] += count
        elif name.startswith("blk.") and count > shape.width * 4:
            blocks[kind] += _asked(name, count, experts, used)
    return Work(dict(blocks), dict(output))


def _failed(problem: WriterError) -> Answer:
    return Answer(None, problem.code, problem.params, problem.detail)


def _limit() -> None:
    """Little memory, no core file with somebody's data, and no longer alive than who asks."""
    os.environ["GGML_NO_BACKTRACE"] = "1"
    if sys.platform == "win32":
        return
    import resource
    import signal

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_DATA, (_MEMORY, _MEMORY))
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
