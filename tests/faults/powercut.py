"""Power cuts at every moment of a save, the crash journal and the settings, with every kind of loss.

What a subject did to the disk is replayed up to some moment, and the power is cut there. What was said to be held by then
must be found by a next start in every state that the disk can be in.
"""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.faults.disk import Choice, Disk, Entry, lay_out
from tests.faults.judging import Said, Subject, judge
from tests.faults.recording import Recording, record
from tests.faults.subjects import RIGHTS, SUBJECTS

#: Draws for each state wanted; a short recording has only so many different ones.
_DRAWS = 20


def states(
    recording: Recording, count: int, draw: random.Random
) -> Iterator[tuple[dict[str, Entry], list[Said]]]:
    """At most ``count`` different states with what had been said by then; first all that are lost in one way."""
    moments = range(1, len(recording.ops) + 1)
    choices = [(end, Choice(keep=keep)) for end in moments for keep in (False, True)]
    # Most is at stake right behind a write, where its data may be in pieces.
    writes = [end for end in moments if recording.ops[end - 1].kind == "write"] or moments
    seen: set[object] = set()
    for number in range(len(choices) + count * _DRAWS):
        end, choice = (
            choices[number]
            if number < len(choices)
            else (
                draw.choice(draw.choice((moments, writes))),
                Choice(draw),
            )
        )
        disk = Disk(recording.before)
        for op in recording.ops[:end]:
            disk.take(op)
        left = disk.after_power_cut(choice)
        said = [recording.said[op.place] for op in recording.ops[:end] if op.kind == "said"]
        key = (tuple(left.items()), len(said))
        if key not in seen:
            seen.add(key)
            yield left, said
        if len(seen) == count:
            return


def cut_power(
    name: str, subject: Subject, folder: Path, count: int, draw: random.Random
) -> dict[str, Any]:
    """Judge ``count`` states of one recording."""
    recording = record(subject, folder)
    judged, wrong = 0, []
    for left, said in states(recording, count, draw):
        lay_out(left, folder, RIGHTS)
        judged += 1
        if fails := judge(subject, folder, said, power_cut=True):
            names = {path: len(entry) if entry else 0 for path, entry in left.items()}
            wrong.append(f"{name}, power cut after {said[-1].kind}: {fails}; on disk: {names}")
    return {"powercut_states": judged, "powercut_violations": len(wrong), "wrong": wrong}


def run(count: int, seed: int, folder: Path) -> dict[str, Any]:
    """``count`` states of the ``seed``-th subject; another round of all subjects draws others."""
    name = list(SUBJECTS)[seed % len(SUBJECTS)]
    return cut_power(name, SUBJECTS[name], folder / "subject", count, random.Random(seed))
