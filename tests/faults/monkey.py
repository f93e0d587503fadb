"""Random events on the real window, in a process of its own whose death is counted."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.faults.kill import places_in
from tests.journeys.writer import furnish, goes_on, play, says

#: Seconds for an event, with all that the window does meanwhile, on a loaded machine.
_EACH = 0.1
_START = 120.0
ANSWERS = [
    goes_on(" 她", " was", pause=0.01),
    says(" It", " was", " so."),
    goes_on(" and", "\n\n", "“No,”", pause=0.003),
    [*says(" It", " was"), {"wait": 0.05}, {"signal": "SIGSEGV"}],
    [{"text": " one"}, {"text": " two", "alternative": 1}, *goes_on(" w", pause=0.005)],
    [*says(" It"), {"fail": "NotEnoughMemory", "params": {"model": "Big", "context": 4096}}],
    goes_on(" 门", pause=0.02),
    says(" Done."),
]


def run(
    count: int,
    seed: int,
    folder: Path,
    driver: Sequence[str] = ("-m", "tests.faults.monkey_driver"),
) -> dict[str, Any]:
    """``count`` events drawn from ``seed``; ``driver`` tells Python what to run."""
    home = folder / "home"
    home.mkdir()
    furnish(places_in(home))
    script = play(folder, ANSWERS * 50)
    for number in range(3):
        (home / f"{number}.md").write_text(f"# Chapter {number}\n\n她来了。\n" * 20, "utf-8")
    try:
        ran = subprocess.run(
            [sys.executable, *driver, str(script), str(seed), str(count), str(home)],
            cwd=Path(__file__).parents[2],
            env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
            capture_output=True,
            text=True,
            check=False,
            timeout=_START + count * _EACH,
        )
    except subprocess.TimeoutExpired as hung:
        said = hung.stderr.decode() if isinstance(hung.stderr, bytes) else hung.stderr or ""
        return _crashed(f"seed {seed}: it hangs: {said[-2000:]}")
    if ran.returncode:
        died = f"died of {signal.Signals(-ran.returncode).name}" if ran.returncode < 0 else "ended"
        return _crashed(f"seed {seed}: {died}: {ran.stderr[-3000:]}")
    found = json.loads(ran.stdout.splitlines()[-1])
    wrong = [f"seed {seed}: {each}" for each in found["wrong"]]
    return {"monkey_events": found["events"], "monkey_crashes": len(wrong), "wrong": wrong}


def _crashed(how: str) -> dict[str, Any]:
    return {"monkey_events": 0, "monkey_crashes": 1, "wrong": [how]}
