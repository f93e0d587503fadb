"""How long the window's event loop is stopped at most, with a manuscript of 1.2 million characters.

While it is opened, while a model writes into its middle, and while it is saved over and over. What a control process
was late at the same moment is the machine's fault and is taken off.
"""

import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.faults.heartbeat import Beat, Control, stalls
from tests.faults.kill import places_in
from tests.journeys.writer import furnish, goes_on, play

LENGTH = 1_200_000
#: Tokens a second of the scripted engine, many times what a model writes.
_PAUSE = 0.005
_PHASES = ("loading", "streaming", "saving")
_WORDS = [
    "she",
    "he",
    "came",
    "went",
    "door",
    "rain",
    "the",
    "a",
    "and",
    "said",
    "“No,”",
    "门",
    "开",
    "了",
    "她",
    "来",
    "红",
    "楼",
]
#: What a novel has now and then.
_RARE = ("*never*", "😀", "𠀋")


def manuscript(length: int, seed: int) -> str:
    """Paragraphs and chapters of ``length`` characters."""
    draw = random.Random(seed)
    pieces, so_far = [], 0
    while so_far < length:
        if len(pieces) % 60 == 0:
            pieces.append(f"# Chapter {len(pieces) // 60 + 1}\n\n")
        else:
            words = [*draw.choices(_WORDS, k=draw.randint(5, 150)), draw.choice(_RARE)]
            pieces.append(" ".join(words) + ".\n\n")
        so_far += len(pieces[-1])
    return "".join(pieces)[:length]


def run(count: int, seed: int, folder: Path) -> dict[str, Any]:
    """Stream and save for ``count`` seconds each."""
    furnish(places_in(folder))
    path = folder / "novel.md"
    path.write_text(manuscript(LENGTH, seed), "utf-8")
    script = play(folder, [goes_on(" She", " was", pause=_PAUSE) * 10])
    control = Control()
    ran = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.faults.stalls_driver",
            *(str(script), str(path), str(folder), str(count)),
        ],
        cwd=Path(__file__).parents[2],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=False,
    )
    late = control.end()
    if ran.returncode:
        raise RuntimeError(ran.stderr[-2000:])
    phases = json.loads(ran.stdout.splitlines()[-1])
    figures: dict[str, Any] = {"wrong": []}
    every: list[float] = []
    for name in _PHASES:
        found = sorted(stalls([Beat(*each) for each in phases[name]], late))
        every += found
        figures[f"ui_stall_{name}_ms_max"] = _ms(found[-1])
    every.sort()
    figures["ui_stall_ms_max"] = _ms(every[-1])
    figures["ui_stall_ms_p99"] = _ms(every[int(len(every) * 0.99)])
    figures["control_gap_ms_max"] = _ms(max((beat.late for beat in late), default=0.0))
    return figures


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 2)
