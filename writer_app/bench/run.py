"""All parts of the measurement, and one flat object of their figures."""

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from writer_app.bench import drafts, peers, reading, writing
from writer_app.bench.rig import Asked, Bench, PeerBench

#: Characters that the parts need.
LEAST_TEXT = 150_000
_Figures = Iterator[tuple[str, Any]]


class Part:
    """What is measured together.

    Args:
        keys: The figures.
        ours: Measures them.
        theirs: Measures a peer, if it can be asked.
        why: Why a peer has none of these, or not all.
    """

    def __init__(
        self,
        keys: str,
        ours: Callable[[Bench], _Figures],
        theirs: Callable[[Asked, Bench], _Figures] | None = None,
        why: str = "",
    ) -> None:
        self.keys = keys.split()
        self.ours = ours
        self.theirs = theirs
        self.why = why


PARTS: Mapping[str, Part] = {
    "rereading": Part(
        "reread_retry reread_edit_near_end reread_edit_middle reread_edit_middle_after",
        reading.rereading,
        lambda peer, _bench: reading.rereading(peer),
    ),
    "appending": Part(
        "reread_append append_window_steps",
        lambda bench: reading.appending(bench, bench),
        reading.appending,
    ),
    "bible": Part(
        "reread_bible_change reread_bible_correction reread_bible_correction_again",
        reading.changing_the_bible,
        why="it knows of no story bible; tests/engine/test_editing_session.py plays other tools' rules",
    ),
    "restarting": Part(
        "reread_after_restart restart_ttft_ratio",
        lambda bench: reading.restarting(bench, bench.save),
        lambda peer, _bench: reading.restarting(peer, lambda: None),
    ),
    "along": Part("readalong_ttft_ratio", reading.along, why="it reads only when it is asked"),
    "alternatives": Part(
        "alternatives4_steps_ratio alternatives4_time_ratio",
        writing.alternatives,
        lambda peer, _bench: writing.alternatives(peer),
        why="it does not tell its steps, or writes one answer at a time",
    ),
    "cancelling": Part(
        "cancel_prompt_ms_p95 cancel_decode_ms_p95",
        reading.cancelling,
        why="its binding offers no way to stop it while it reads",
    ),
    "lookup": Part(
        "lookup_calls_per_token lookup_time_ratio lookup_natural_time_ratio lookup_first_gap_max "
        "lookup_identical",
        drafts.lookup,
        why="it drafts only from its own prompt, and answers dictated texts not at all",
    ),
    "raw": Part("decode_ratio_raw", writing.raw, lambda peer, _bench: writing.raw(peer)),
    "pacing": Part(
        "alone_ratio threads_chosen_s busy_gain busy_threads",
        writing.pacing,
        why="its threads are the defaults that ours are measured against",
    ),
}


def measure(
    model: str,
    text: str,
    only: Sequence[str] = tuple(PARTS),
    beside: Sequence[str] = ("a", "b"),
) -> dict[str, Any]:
    """Measure these parts; a peer's figure is ``KEY_a`` or ``KEY_b``; what cannot be had is null, with ``KEY_why``.

    Args:
        model: Path of a model file.
        text: Real text of at least :data:`LEAST_TEXT` characters.
        only: Names of parts.
        beside: The peers.
    """
    figures: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(model, text, Path(folder))
        try:
            for name in only:
                part = PARTS[name]
                figures |= _figures(part.keys, "", part.ours(bench))
                for kind in beside:
                    figures |= _beside(part, kind, bench)
        finally:
            bench.close()
    return figures


def _beside(part: Part, kind: str, bench: Bench) -> dict[str, Any]:
    why = peers.missing(kind) or ("" if part.theirs else part.why)
    if why or part.theirs is None:
        return _figures(part.keys, f"_{kind}", iter(()), why)
    peer = PeerBench(kind, bench)
    try:
        return _figures(part.keys, f"_{kind}", part.theirs(peer, bench), part.why)
    except peers.CannotAnswer as refused:
        return _figures(part.keys, f"_{kind}", iter(()), str(refused))
    finally:
        peer.close()


def _figures(keys: list[str], suffix: str, found: _Figures, why: str = "") -> dict[str, Any]:
    values = {key: round(value, 4) if isinstance(value, float) else value for key, value in found}
    made: dict[str, Any] = {}
    for key in [*keys, *(key for key in values if key not in keys)]:
        made[key + suffix] = values.get(key)
        if key not in values:
            made[f"{key}{suffix}_why"] = why or "it was not measured"
    return made
