"""How late a thread wakes up that wants to wake up every five milliseconds.

Run as a program it is the control: a process with nothing else to do, whose lateness is the machine's fault. It
writes ``[since, late]`` lines, seconds of the system-wide monotonic clock, until its standard input ends.
"""

import json
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import NamedTuple

#: Seconds between two beats.
BEAT = 0.005
#: Seconds of lateness that the control speaks of; less is how every machine is.
_WORTH_SAYING = 0.0005


class Beat(NamedTuple):
    """A beat that was expected ``BEAT`` after ``since`` and came ``late`` seconds after that."""

    since: float
    late: float

    @property
    def end(self) -> float:
        """When it came."""
        return self.since + BEAT + self.late


class Control:
    """The control process, from now until :meth:`end`."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def end(self) -> list[Beat]:
        """All beats of it that were late."""
        said, _ = self._process.communicate("")
        return [Beat(*json.loads(line)) for line in said.splitlines()]


def stalls(beats: list[Beat], control: list[Beat]) -> list[float]:
    """Seconds that each beat was late, less what the control was late meanwhile at most."""
    found, first = [], 0
    for beat in beats:
        while first < len(control) and control[first].end < beat.since:
            first += 1
        gap, number = 0.0, first
        while number < len(control) and control[number].since < beat.end:
            gap, number = max(gap, control[number].late), number + 1
        found.append(max(0.0, beat.late - gap))
    return found


def main() -> int:
    """Beat until standard input ends."""
    stop = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), stop.set()), daemon=True).start()
    last = time.monotonic()
    while not stop.is_set():
        time.sleep(BEAT)
        now = time.monotonic()
        if (late := now - last - BEAT) > _WORTH_SAYING:
            sys.stdout.write(json.dumps([last, late]) + "\n")
        last = now
    return 0


if __name__ == "__main__":
    sys.exit(main())
