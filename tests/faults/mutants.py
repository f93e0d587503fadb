"""Model files with something wrong in them, loaded one after the other: ``mutants.py FOLDER SEED FIRST COUNT``.

Bits flipped, bytes overwritten, the end cut off, a piece of another model set in; mostly in the head, where lengths,
names and shapes stand. Most start from models of a few thousand numbers, some from the starter model itself. A window
of its own (as far as an engine client is one) loads them, so that its end would be counted and not end the counting.
"""

import contextlib
import json
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Timer
from typing import Any

import psutil

from tests.engine import tiny_models
from writer_app import language
from writer_app.engine import models
from writer_app.engine.client import EngineClient
from writer_app.engine.protocol import Done, Ending, Generate, Part
from writer_app.errors import EngineError, LoadFailed, WriterError

#: Seconds after which a load or an answer of so small a model counts as hung, on a loaded machine.
LIMIT = 30.0
#: Every so manieth is a mutant of the starter model.
_REAL = 12
#: Bytes of a model's head that are touched, at most.
_HEAD = 40_000
#: Classes that say only that something failed.
_UNCLEAR = {WriterError, EngineError, LoadFailed}

Edit = tuple[int, bytes]


def run(count: int, seed: int, folder: Path) -> dict[str, Any]:
    """Load ``count`` mutants.

    Returns:
        ``gguf_mutants`` how many were loaded, ``gui_exits`` how often that ended the process that asked,
        ``unclear_errors`` how many ended neither in a clear sentence nor in a model that answers, ``engine_orphans``
        engine children left over; ``mutants_by_end`` says what became of them, ``slowest_mutant`` in seconds.
    """
    ends: dict[int, tuple[str, str, float]] = {}
    pids: set[int] = set()
    exits = 0
    while len(ends) < count:
        first = len(ends)
        ran = subprocess.run(
            [sys.executable, "-m", __name__, str(folder), str(seed), str(first), str(count)],
            cwd=Path(__file__).parents[2],
            stdout=subprocess.PIPE,
            check=False,
        )
        for line in ran.stdout.decode().splitlines():
            number, end, said, seconds, pid = json.loads(line)
            ends[number] = end, said, seconds
            pids.add(pid)
        if len(ends) < count:
            exits += 1
            ends[len(ends)] = "window exit", f"exit status {ran.returncode}", 0.0
    unclear = {n: said for n, (end, said, _) in ends.items() if end in ("unclear", "hung")}
    return {
        "gguf_mutants": len(ends),
        "gui_exits": exits,
        "unclear_errors": len(unclear),
        "engine_orphans": orphans(pids),
        "mutants_by_end": dict(Counter(end for end, _, _ in ends.values()).most_common()),
        "slowest_mutant": round(max(seconds for _, _, seconds in ends.values()), 1),
        "unclear_mutants": dict(list(unclear.items())[:20]),
    }


def orphans(pids: set[int], patience: float = 10.0) -> int:
    """How many of these processes still run after so many seconds."""
    until = time.monotonic() + patience
    while (left := sum(map(_runs, pids))) and time.monotonic() < until:
        time.sleep(0.05)
    return left


def _runs(pid: int) -> bool:
    try:
        return pid > 0 and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def main(folder: str, seed: str, first: str, count: str) -> None:
    """Load the mutants from ``first`` on, one line ``[number, end, sentence, seconds, pid]`` for each."""
    place = Path(folder) / "models"
    place.mkdir(parents=True, exist_ok=True)
    bases = [make(place / f"{make.__name__}.base") for make in _TINY]
    originals = [Path(base).read_bytes() for base in bases]
    starter = _starter(Path(folder)) if int(count) >= _REAL else None
    client = EngineClient("llama", models=Path(folder))
    try:
        for number in range(int(first), int(count)):
            chance = random.Random(f"{seed} {number}")
            if starter and number % _REAL == _REAL - 1:
                with _mutated_in_place(starter, chance, originals) as path:
                    _report(client, number, path)
                continue
            path = place / f"mutant {number}.gguf"
            path.write_bytes(_mutate(chance.choice(originals), chance, originals))
            _report(client, number, path)
            path.unlink()
    finally:
        client.close()


_TINY: tuple[Callable[[Path], str], ...] = (
    tiny_models.plain,
    tiny_models.recurrent,
    tiny_models.hybrid,
)


def _report(client: EngineClient, number: int, path: Path) -> None:
    began = time.monotonic()
    end, said = _try(client, str(path))
    seconds = round(time.monotonic() - began, 2)
    sys.stdout.write(json.dumps([number, end, said, seconds, client.pid or 0]) + "\n")
    sys.stdout.flush()


def _try(client: EngineClient, path: str) -> tuple[str, str]:
    """What became of it and what was said: an error's name, "answers", "unclear" or "hung"."""
    watch = Timer(LIMIT, client.interrupt)
    watch.start()
    try:
        for _event in client.load(path):
            pass
        if client.model is None:
            return "hung", "while it loaded"
        parts = (Part(id="text", text="It was"),)
        *_, done = client.generate(
            Generate(id=client.new_id(), parts=parts, max_tokens=3, min_tokens=3, seed=1)
        )
        is_done = isinstance(done, Done) and done.reason is not Ending.CANCELLED
        return ("answers", "") if is_done else ("hung", "while it wrote")
    except WriterError as problem:
        said = [_said(problem, tongue) for tongue in ("en", "zh_CN")]
        is_clear = type(problem) not in _UNCLEAR and all(said)
        if not is_clear:
            return "unclear", f"{problem.code}: {said[0]} {problem.detail[-300:]}"
        return ("hung" if not watch.is_alive() else problem.code), said[0]
    finally:
        watch.cancel()


def _said(problem: WriterError, tongue: str) -> str:
    language.use(tongue)
    said = language.explain(problem)
    return "" if "{" in said or "\n" in said else said.strip()


def _mutate(data: bytes, chance: random.Random, others: list[bytes]) -> bytes:
    """The whole of a small model with a few things wrong."""
    changed = bytearray(data)
    for at, new in _edits(data, chance, others):
        changed[at : at + len(new)] = new
    if chance.random() < 0.1:
        del changed[chance.randrange(len(changed)) :]
    if chance.random() < 0.07:
        at = chance.randrange(min(len(data), _HEAD))
        changed[at:at] = _piece(chance, others)
    return bytes(changed)


def _edits(data: bytes, chance: random.Random, others: list[bytes]) -> Iterator[Edit]:
    head = min(len(data), _HEAD)
    for _ in range(chance.choice((1, 1, 1, 2, 3, 4))):
        # Where the keys are, more often than among the tokens and the numbers.
        at = chance.randrange(min(head, chance.choice((64, 1_500, 9_000, head))))
        match chance.randrange(4):
            case 0 | 1:
                yield at, bytes([data[at] ^ (1 << chance.randrange(8))])
            case 2:
                yield at, chance.choice((b"\xff" * 4, b"\0" * 8, b"\xff" * 7 + b"\x7f"))
            case 3:
                yield at, _piece(chance, others)[: head - at]


def _piece(chance: random.Random, others: list[bytes]) -> bytes:
    other = chance.choice(others)
    start = chance.randrange(len(other))
    return other[start : start + chance.choice((1, 8, 64, 512))]


def _starter(folder: Path) -> Path | None:
    """A copy of the starter model to be changed and changed back."""
    found = [model for model in models.installed(folder, folder) if "en" in model.languages]
    copy = folder / "starter.copy"
    if not found:
        return None
    if not copy.exists():
        shutil.copyfile(models.prepare(found[0]), copy)
    return copy


@contextlib.contextmanager
def _mutated_in_place(copy: Path, chance: random.Random, others: list[bytes]) -> Iterator[Path]:
    """A large model with a few things wrong, under a new name, as long as it is needed."""
    path = copy.with_name(f"starter {chance.random()}.gguf")
    copy.rename(path)
    with path.open("r+b") as file:
        head = file.read(_HEAD)
        edits = list(_edits(head, chance, others))
        for at, new in edits:
            file.seek(at)
            file.write(new)
        file.flush()
        try:
            yield path
        finally:
            file.seek(0)
            file.write(head)
            path.rename(copy)


if __name__ == "__main__":
    main(*sys.argv[1:])
