"""Starting a window of its own in a process of its own, and killing it."""

import json
import os
import random
import shutil
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import psutil

from tests.journeys.writer import furnish, goes_on, play
from writer_app.assets import Places
from writer_app.story import recovery

#: Seconds for a program to start and to write its first word, on a loaded machine.
START = 60.0
#: What the writer is promised: at most this much of her last doing is lost, in seconds.
PROMISE = 1.0
#: Windows at a time: writing is mostly waiting.
AT_ONCE = 3
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


class Fate(NamedTuple):
    """What became of the text of a window that was killed.

    Attributes:
        text: What the next start offers, or what is in the file.
        seconds_lost: How long before the kill the first of her doings was that is not in it.
        wrong: What else went wrong; empty when nothing did.
    """

    text: str
    seconds_lost: float = 0.0
    wrong: str = ""


def fate(killed: Killed) -> Fate:
    """Look at what a killed window has left, as the next start does."""
    if not killed.gone:
        return Fate("", wrong="the engine child outlived its window")
    base = BASE if killed.path else ""
    if killed.path and killed.path.read_text("utf-8") != BASE:
        return Fate("", wrong="the file was touched without a save")
    offered = recovery.pending(killed.places.state / "journal")
    if len(offered) > 1 or (offered and offered[0].path != killed.path):
        return Fate("", wrong=f"offered: {[each.path for each in offered]}")
    text = offered[0].text if offered else base
    if not offered and not killed.path and any(not each.strip() for each in killed.owed):
        return Fate(text)  # a blank page is not worth offering
    texts = [base, *(known.text for known in killed.history)]
    if text not in texts:
        return Fate(text, wrong=f"{text[-80:]!r} never stood there")
    last = len(texts) - 1 - texts[::-1].index(text)
    missed = killed.history[last:]
    return Fate(text, killed.moment - missed[0].since if missed else 0.0)


def run(count: int, seed: int, folder: Path) -> dict[str, Any]:
    """Kill ``count`` windows, the ``seed``-th lot of them, and add up what was lost."""

    def one(number: int) -> Fate:
        found = fate(run_and_kill(folder / str(number), number))
        shutil.rmtree(folder / str(number))
        return found

    numbers = range(seed * count, (seed + 1) * count)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        fates = list(pool.map(one, numbers))
    wrong = [
        f"seed {number}: {each.wrong}"
        for number, each in zip(numbers, fates, strict=True)
        if each.wrong
    ]
    worst = max(each.seconds_lost for each in fates)
    return {
        "kills": count,
        "documents_lost": len(wrong),
        "max_seconds_lost": round(worst, 3),
        "wrong": wrong,
    }


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
