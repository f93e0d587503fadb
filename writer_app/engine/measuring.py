"""What this machine is worth: the starter model reads and writes a little through the engine, for some seconds.

The result is kept with the machine's facts, so that it is measured once, and again when the processor, its number of
cores, llama.cpp's variant or the graphics processors change. It also keeps what loaded models really did.
"""

import contextlib
import os
import threading
import time
from pathlib import Path

import msgspec
import psutil

from writer_app.assets import private
from writer_app.engine import cores, processor
from writer_app.engine.client import EngineClient
from writer_app.engine.facts import Facts
from writer_app.engine.inspection import identity
from writer_app.engine.protocol import Done, Generate, Loaded, Part
from writer_app.engine.speed import Pace, Probe
from writer_app.errors import N_, EngineError

#: Seconds that all of it may take, loading not counted.
MOST_SECONDS = 8.0
#: Tokens read at first, and altogether at most; written at a time.
_FIRST, _READ, _WRITTEN = 64, 320, 24
_SENTENCE = "The harbour lay quiet under the snow, and nobody had lit the lamps that evening. "
_SENTENCE_TOKENS = 18
#: Tokens that are attended to while it is measured, about: llama.cpp goes through them by the 256.
CONTEXT = 256
#: Bytes that are streamed through to find the bandwidth: more than any cache, or an eighth of what is free.
_STREAM = 2**28
#: A prompt that says something of the pace of reading, and an answer that says something of that of writing.
_TELLING_READ, _TELLING_WRITTEN = 64, 16
#: Share by which a pace must have changed to be written down again.
_CHANGED = 0.1
_MOST_SEEN = 100


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """What was measured on one machine.

    Attributes:
        processor: What the small model did without graphics processors.
        graphics: And on them; ``None`` where there are none, or where they failed.
        graphics_free: Bytes that each of them had free.
        system: Abilities of the processor that llama.cpp uses.
    """

    processor: Probe
    graphics: Probe | None = None
    graphics_free: tuple[int, ...] = ()
    system: str = ""


class Kept(msgspec.Struct, kw_only=True):
    """What is known of one machine: the measurement, and what models did, by their files."""

    measured: Measured | None = None
    seen: dict[str, Pace] = {}


class Speeds:
    """What was measured on this machine, in a small file over restarts.

    A convenience: an unreadable file is an empty one, and a disk that refuses costs only another measurement.

    Args:
        path: The file.
        key: The machine; see :func:`here`.
    """

    def __init__(self, path: Path, key: str = "") -> None:
        self._path = path
        self._key = key or here()
        self._kept = self._read().get(self._key, Kept())

    @property
    def measured(self) -> Measured | None:
        """The measurement, if it was made on this machine as it is."""
        return self._kept.measured

    def seen(self, model: Path) -> Pace | None:
        """What this very file did when it was used last."""
        return self._kept.seen.get(identity(model))

    def learn(self, measured: Measured) -> None:
        """Keep a measurement."""
        self._refresh()
        self._kept.measured = measured
        self._save()

    def note(self, model: Path, done: Done) -> None:
        """Keep what a loaded model has just done, where that was enough to tell and is news."""
        name = identity(model)
        old = self._kept.seen.get(name, Pace())
        read, write = old.read_tps, old.write_tps
        if done.tokens_read >= _TELLING_READ and done.seconds.read > 0:
            read = done.tokens_read / done.seconds.read
        if (
            done.tokens_written >= _TELLING_WRITTEN
            and done.seconds.write > 0
            and not done.alternatives
        ):
            write = done.tokens_written / done.seconds.write
        pairs = ((old.read_tps, read), (old.write_tps, write))
        if any(abs(new - was) > _CHANGED * was for was, new in pairs):
            self._refresh()
            kept = {key: seen for key, seen in self._kept.seen.items() if key != name}
            kept[name] = Pace(read, write)
            self._kept.seen = dict(list(kept.items())[-_MOST_SEEN:])
            self._save()

    def _refresh(self) -> None:
        """Another program of ours may have found out something meanwhile."""
        self._kept = self._read().get(self._key, self._kept)

    def _save(self) -> None:
        with contextlib.suppress(OSError):
            private(self._path.parent)
            everything = self._read() | {self._key: self._kept}
            half = self._path.with_name(f"{self._path.name}.{os.getpid()}")
            half.write_bytes(msgspec.json.format(msgspec.json.encode(everything)))
            half.replace(self._path)

    def _read(self) -> dict[str, Kept]:
        with contextlib.suppress(OSError, msgspec.MsgspecError, UnicodeDecodeError):
            return msgspec.json.decode(self._path.read_bytes(), type=dict[str, Kept])
        return {}


def here() -> str:
    """This machine as far as its speed depends on it."""
    memory = round(psutil.virtual_memory().total / 2**30)
    return f"{processor.here()}, {cores.usable()} cores, {memory} GiB"


def measure(client: EngineClient, starter: str, facts: Facts) -> Measured:
    """Let the engine read and write a little; some five to ten seconds, twice that with graphics processors.

    Args:
        client: Nothing else is asked of it meanwhile. It is left without graphics processors where it had none.
        starter: The model's file; a small one.
        facts: What is known of it.

    Raises:
        EngineError: The model could not be loaded or asked.
    """
    loaded, first = _probe(client, starter, facts)
    machine = loaded.machine
    if not machine.layers:
        processor_alone = msgspec.structs.replace(first, bandwidth=bandwidth())
        return Measured(processor=processor_alone, system=machine.system)
    client.use_graphics(wanted=False)
    _, second = _probe(client, starter, facts)
    client.use_graphics(wanted=True)
    return Measured(
        processor=msgspec.structs.replace(second, bandwidth=bandwidth()),
        graphics=first,
        graphics_free=machine.graphics_free,
        system=machine.system,
    )


def pace(client: EngineClient, model: str, seconds: float = MOST_SECONDS) -> tuple[Loaded, Pace]:
    """Load a model and let it read and write for about so many seconds.

    Raises:
        EngineError: It could not be loaded or asked.
    """
    loaded: Loaded | None = None
    for event in client.load(model):
        loaded = event if isinstance(event, Loaded) else None
    if loaded is None:
        raise EngineError(reason=N_("it did not load"))
    until = time.monotonic() + seconds
    _ask(client, "To begin with. ", 2)  # the first words wake the threads
    return loaded, Pace(_reading(client, until), _writing(client, until))


def _probe(client: EngineClient, starter: str, facts: Facts) -> tuple[Loaded, Probe]:
    loaded, found = pace(client, starter)
    return loaded, Probe(pace=found, context=CONTEXT, work=facts.work, shape=facts.shape)


def _reading(client: EngineClient, until: float) -> float:
    """Tokens a second; as much is read as the time allows, after a first look."""
    best, size = 0.0, _FIRST
    for number in range(3):
        began = time.monotonic()
        text = f"Chapter {number + 1}. " + _SENTENCE * (size // _SENTENCE_TOKENS)
        done = _ask(client, text, 1)
        best = max(best, done.tokens_read / max(done.seconds.read, 1e-6))
        left = until - time.monotonic()
        size = min(_READ, int(best * left / 3))  # a third for another round, a third for writing
        if size < 2 * _SENTENCE_TOKENS or time.monotonic() - began > left:
            break
    return best


def _writing(client: EngineClient, until: float) -> float:
    best = 0.0
    for _ in range(4):
        done = _ask(client, _SENTENCE, _WRITTEN)
        best = max(best, done.tokens_written / max(done.seconds.write, 1e-6))
        if time.monotonic() + done.seconds.write > until:
            break
    return best


def _ask(client: EngineClient, text: str, tokens: int) -> Done:
    parts = (Part(id="text", text=text),)
    request = Generate(
        id=client.new_id(), parts=parts, max_tokens=tokens, min_tokens=tokens, seed=1
    )
    *_, done = client.generate(request)
    assert isinstance(done, Done)
    return done


def bandwidth() -> float:
    """Bytes a second that all cores together read from memory; 0 where that cannot be found out. Half a second."""
    import numpy as np

    threads = cores.usable()
    size = min(_STREAM, psutil.virtual_memory().available // 8) // threads
    try:
        pages = [np.ones(size, np.uint8) for _ in range(threads)]
    except MemoryError:
        return 0.0
    best = 0.0
    for _ in range(3):
        workers = [threading.Thread(target=page.max) for page in pages]
        began = time.perf_counter()
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        best = max(best, size * threads / max(time.perf_counter() - began, 1e-6))
    return best
