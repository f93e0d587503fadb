"""Whether a model runs on this machine, how fast, and with what settings. Pure: figures in, a verdict out."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from writer_app.engine import footprint, offload, speed
from writer_app.engine.catalogue import Build, Entry
from writer_app.engine.facts import Facts, Work
from writer_app.engine.footprint import Shape
from writer_app.engine.measuring import Measured
from writer_app.engine.speed import Pace
from writer_app.errors import N_

#: Tokens a second from which on a model is no drag: somewhat above what people read, and 512 tokens, the least that
#: is read before an answer, in ten seconds.
FAST_WRITING, FAST_READING = 6.0, 50.0
#: Contexts to choose from, the largest first; the smallest is the least that a page and its notes need.
CONTEXTS = (32_768, 16_384, 8_192, 4_096, 2_048)
#: Seconds that reading a full context may take.
_READ_IN = 120.0
#: Share of all memory that a model may have, once other programs are closed.
_SHARE = 0.7


class Verdict(StrEnum):
    """In plain words; without a measurement only whether it fits is known."""

    FAST = N_("fits and is fast")
    SLOW = N_("fits, but is slow")
    FITS = N_("fits; its speed is not measured yet")
    TOO_LARGE = N_("does not fit")


@dataclass(frozen=True)
class Room:
    """Memory in bytes.

    Attributes:
        total: Of the machine.
        available: That programs can have now.
    """

    total: int
    available: int

    @property
    def usable(self) -> int:
        """What a model may count on: what is free now, or most of it all, where others can be closed."""
        return max(self.available, int(self.total * _SHARE))


@dataclass(frozen=True)
class Fit:
    """How a model would run.

    Attributes:
        verdict: In plain words.
        pace: Expected, or measured where ``is_measured``; ``None`` where nothing was measured yet.
        context: Tokens, chosen to fit; the least where nothing fits.
        layers: For graphics processors.
        needed: Bytes of memory with that context.
    """

    verdict: Verdict
    pace: Pace | None
    context: int
    layers: int
    needed: int
    is_measured: bool = False

    @property
    def fits(self) -> bool:
        """Whether the memory is enough."""
        return self.verdict is not Verdict.TOO_LARGE


def fit(
    shape: Shape,
    work: Work,
    *,
    size: int,
    trained: int,
    room: Room,
    measured: Measured | None = None,
    seen: Pace | None = None,
) -> Fit:
    """How a model would run.

    Args:
        shape: Its shape.
        work: What a token costs.
        size: Bytes of its file.
        trained: Tokens of context it was trained with.
        room: The machine's memory.
        measured: What the machine is worth; without it no speed is promised.
        seen: What this model really did here, which counts more.
    """
    free = measured.graphics_free if measured and measured.graphics else ()
    smallest = min(CONTEXTS[-1], trained)
    least = _placed(shape, size, smallest, room, free)
    if least is None:
        needed = footprint.needed(shape, size, smallest)
        return Fit(Verdict.TOO_LARGE, None, smallest, 0, needed)
    pace = _pace(shape, work, measured, least)
    if seen and seen.read_tps and seen.write_tps:
        pace = seen
    context, layers = smallest, least
    for candidate in CONTEXTS[:-1]:
        placed = _placed(shape, size, candidate, room, free) if candidate <= trained else None
        too_long = pace and candidate / pace.read_tps > _READ_IN
        if placed is not None and not too_long and not (least and placed < least // 2):
            context, layers = candidate, placed
            break
    if pace is None:
        verdict = Verdict.FITS
    elif pace.write_tps >= FAST_WRITING and pace.read_tps >= FAST_READING:
        verdict = Verdict.FAST
    else:
        verdict = Verdict.SLOW
    needed = footprint.needed(shape, size, context)
    return Fit(
        verdict, pace, context, layers, needed, is_measured=pace is not None and pace is seen
    )


def of_build(entry: Entry, build: Build, room: Room, measured: Measured | None) -> Fit:
    """How a model of the catalogue would run in one of its quantisations."""
    return fit(
        entry.shape,
        speed.work_of(entry.shape, build.quantisation),
        size=build.size,
        trained=entry.context,
        room=room,
        measured=measured,
    )


def of_file(facts: Facts, room: Room, measured: Measured | None, seen: Pace | None) -> Fit:
    """How a model runs that is here."""
    return fit(
        facts.shape,
        facts.work,
        size=facts.size,
        trained=facts.context,
        room=room,
        measured=measured,
        seen=seen,
    )


def choose(entry: Entry, room: Room, measured: Measured | None) -> tuple[Build, Fit] | None:
    """The quantisation that suits this machine: the largest that is fast, else the usual one if it fits, else what fits.

    Without a measurement the usual one, which the catalogue names first. ``None`` where there is none to be had.
    """
    fits = [(build, of_build(entry, build, room, measured)) for build in entry.builds]
    if not fits:
        return None
    fast = [each for each in fits if each[1].verdict is Verdict.FAST]
    if fast:
        return max(fast, key=lambda each: each[0].size)
    fitting = [each for each in fits if each[1].fits]
    if fits[0] in fitting or not fitting:
        return fits[0]
    return max(fitting, key=lambda each: each[0].size)


def best(candidates: Iterable[tuple[Entry, Fit]], language: str) -> Entry | None:
    """The model that writes a language best among those that are fast, of equals the fastest; maybe none."""
    fast = [
        (entry.languages[language], fit.pace.write_tps, entry)
        for entry, fit in candidates
        if fit.verdict is Verdict.FAST
        and fit.pace
        and language in entry.languages
        and entry.kind == "instruct"
    ]
    return max(fast, key=lambda each: each[:2])[2] if fast else None


def _placed(shape: Shape, size: int, context: int, room: Room, free: tuple[int, ...]) -> int | None:
    """Layers for graphics processors, as far as they hold; ``None`` where the rest does not fit into memory."""
    layers = offload.layers_that_fit(free, footprint.demand(shape, size, context)) if free else 0
    here = footprint.needed(shape, size, context)
    share = layers / (shape.layers + 1)
    weights_here = here - int(share * (size + footprint.context_bytes(shape, context)))
    return layers if weights_here <= room.usable else None


def _pace(shape: Shape, work: Work, measured: Measured | None, layers: int) -> Pace | None:
    if measured is None:
        return None
    share = layers / (shape.layers + 1)
    alone = speed.predicted(work, shape, measured.processor)
    if not share or measured.graphics is None:
        return alone if alone.read_tps else None
    graphics = speed.predicted(work, shape, measured.graphics)
    return speed.together(((share, graphics), (1 - share, alone)))
