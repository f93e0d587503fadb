"""Starting a window of its own in a process of its own, and killing it."""

import json
import os
import random
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import NamedTuple

import psutil

from tests.journeys.writer import furnish, goes_on, play
from writer_app.assets import Places

#: Seconds for a program to start and to write its first word, on a loaded machine.
START = 60.0
#: What the writer is promised: at most this much of her last doing is lost, in seconds.
PROMISE = 1.0
#: What text of the model can be told by.
STREAMED = " was w"
BASE = "# Chapter One\n\n她来了。 She came 😀 to the door."


class Known(NamedTuple):
    """A text the manuscript has had, and from when on."""

    since: float
    text: str
    engine: int | None


class Killed(NamedTuple):
    """What is known of a window that was killed.

    Attributes:
        history: All texts the manuscript has had, in order.
        moment: When it was killed, monotonic seconds.
        gone: Whether its engine child ended with it.
    """

    places: Places
    path: Path | None
    history: list[Known]
    moment: float
    gone: bool

    @property
    def owed(self) -> list[str]:
        """The texts of which one must be offered: the last one of a second before, and all later ones."""
        old = [
            number
            for number, known in enumerate(self.history)
            if known.since <= self.moment - PROMISE
        ]
        start = self.history[old[-1] :] if old else self.history
        before = [] if old else [BASE if self.path else ""]
        return before + [known.text for known in start]


def places_in(home: Path) -> Places:
    """Where a program with this home keeps its things."""
    return Places(*(home / name / "longhand" for name in ("config", "data", "state", "cache")))


def run_and_kill(folder: Path, seed: int) -> Killed:
    """Let a window write in folders of its own and kill it at a moment drawn from ``seed``.

    It has no file for even seeds; text of the model has always begun to come before it is killed.
    """
    draw = random.Random(seed)
    folder.mkdir(parents=True)
    path = folder / "story.md" if seed % 2 else None
    if path:
        path.write_text(BASE, "utf-8")
    furnish(places_in(folder))
    script = play(folder, [goes_on(" 她", " was", pause=0.01)])
    with _started(folder, script, seed, path) as process:
        history: list[Known] = []
        streamed = threading.Event()
        listener = threading.Thread(target=_listen, args=(process, history, streamed))
        listener.start()
        if not streamed.wait(START):
            process.kill()
            raise AssertionError(f"the window of seed {seed} wrote nothing")
        time.sleep(draw.uniform(0.0, 2.5))  # the random moment is what is tested
        moment = time.monotonic()
        process.kill()
        process.wait()
        listener.join()
    return Killed(places_in(folder), path, history, moment, _engine_ends(history))


def _started(folder: Path, script: Path, seed: int, path: Path | None) -> "subprocess.Popen[bytes]":
    names = {"CONFIG": "config", "DATA": "data", "STATE": "state", "CACHE": "cache"}
    homes = {f"XDG_{name}_HOME": str(folder / place) for name, place in names.items()}
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            "tests.faults.driver",
            str(script),
            str(seed),
            *([str(path)] if path else []),
        ],
        cwd=Path(__file__).parents[2],
        env=os.environ | homes | {"QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


def _listen(
    process: "subprocess.Popen[bytes]", history: list[Known], streamed: threading.Event
) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        if line.endswith(b"\n"):
            history.append(Known(*json.loads(line)))
            if STREAMED in history[-1].text:
                streamed.set()


def _engine_ends(history: list[Known]) -> bool:
    """Whether no engine child of that window is left a little later."""
    seen = {known.engine for known in history if known.engine}
    left = [psutil.Process(pid) for pid in seen if psutil.pid_exists(pid)]
    _gone, alive = psutil.wait_procs(left, timeout=10)
    return not alive
