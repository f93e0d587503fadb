"""Phrases of the writer's that must be nowhere but where she put them.

A window writes, asks, crashes its engine, fails and is killed, while strace listens to every byte that it and its
children write. Looked through are those bytes, what is left in its folders, its output, and the arguments and
environment of its processes. The manuscript, its crash journal and the wishes that are offered again hold her text
by purpose; pipes lead to the engine and back.
"""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import psutil

from tests.faults.kill import places_in
from tests.journeys.writer import furnish, play, says

#: Plain letters, so that nothing on the way spells them otherwise.
PHRASES = {
    "document": "quixotic heron sextant",
    "note": "vermilion gasket hymn",
    "token": "jackdaw plinth ombre",
}
#: How the engine ends.
_ENDS = ({"signal": "SIGSEGV"}, {"garbage": PHRASES["token"]})
#: Below the home of the program: what holds her text by purpose, its temporary files too.
_HERS = re.compile(
    r"(story\.md|\.longhand-\w+\.tmp|state/longhand/journal/.*|state/longhand/(memory\.json|\.longhand-\w+\.tmp)"
    r"|state/longhand/(history|copies)/.*|data/longhand/versions\.db[^/]*|cache/longhand/memory/.*)"
)
_CALLS = "write,pwrite64,writev,pwritev,pwritev2,sendto,sendmsg,sendfile,memfd_create"
#: ``write(5</a/path>, "…``, the descriptor's path in it.
_WRITE = re.compile(r"^\d+ +\w+\(\d+<([^>]*)>")


def run(count: int, seed: int, folder: Path) -> dict[str, Any]:
    """``count`` windows, one after the other; hits of all of them."""
    hits: list[str] = []
    for number in range(count):
        home = folder / str(number)
        home.mkdir()
        hits += watch(home, _ENDS[(seed + number) % len(_ENDS)])
    return {"canary_hits": len(hits), "wrong": hits}


def watch(home: Path, end: dict[str, str]) -> list[str]:
    """Where phrases were found that must not be there; ``end`` is the step that ends the engine."""
    furnish(places_in(home))
    (home / "tmp").mkdir()
    (home / "story.md").write_text("# Chapter One\n\nShe came to the door.\n", "utf-8")
    log = home.with_name(home.name + ".strace")
    with (home / "output").open("wb") as output, _started(home, log, output, end) as process:
        assert process.stdout is not None
        window = _pid(process.stdout.readline())
        hits = list(in_processes(window))
        _pid(process.stdout.readline())
        hits += in_processes(window)
        os.kill(window, signal.SIGKILL)
        process.wait(timeout=60)
    return [*hits, *in_files(home), *in_calls(home, log)]


def in_processes(pid: int) -> Iterator[str]:
    """Phrases in the arguments and environments of a process and its children."""
    for each in (psutil.Process(pid), *psutil.Process(pid).children(recursive=True)):
        said = (*each.cmdline(), *each.environ().values())
        # The driver was told on its command line which phrases to use.
        own = each.cmdline()[-1:] if each.pid == pid else []
        for text in said:
            if text not in own:
                yield from (f"{name} in a process" for name in found(text.encode()))


def in_files(home: Path) -> Iterator[str]:
    """Phrases in files that are left."""
    for path in home.rglob("*"):
        name = str(path.relative_to(home))
        if path.is_file() and not _HERS.fullmatch(name) and name != "script.json":
            yield from (f"{phrase} in {name}" for phrase in found(path.read_bytes()))


def in_calls(home: Path, log: Path) -> Iterator[str]:
    """Phrases written to files, sockets or terminals, removed since or not."""
    for line in log.read_text("utf-8", "replace").splitlines():
        written = _WRITE.match(line)
        path = written[1] if written else "?"
        inside = path.removeprefix(f"{home}/")
        if not path.startswith("pipe:") and not _HERS.fullmatch(inside):
            yield from (f"{phrase} written to {path}" for phrase in found(line.encode()))


def found(data: bytes) -> list[str]:
    """Which phrases are in ``data``, as UTF-8 or UTF-16."""
    return [
        name
        for name, phrase in PHRASES.items()
        if phrase.encode() in data or phrase.encode("utf-16-le") in data
    ]


def _started(
    home: Path, log: Path, output: BinaryIO, end: dict[str, str]
) -> "subprocess.Popen[str]":
    script = play(home, [[*says(f" {PHRASES['token']}", " was"), {"wait": 0.5}, end]])
    names = ("CONFIG", "DATA", "STATE", "CACHE")
    homes = {f"XDG_{name}_HOME": str(home / name.lower()) for name in names}
    return subprocess.Popen(
        [
            *("strace", "-f", "-y", "-s", "1000000", "-e", f"trace={_CALLS}", "-o", str(log)),
            *(sys.executable, "-m", "tests.faults.canary_driver"),
            *(str(script), str(home / "story.md"), str(home), json.dumps(PHRASES)),
        ],
        cwd=Path(__file__).parents[2],
        env=os.environ
        | homes
        | {"QT_QPA_PLATFORM": "offscreen", "HOME": str(home), "TMPDIR": str(home / "tmp")},
        stdout=subprocess.PIPE,
        stderr=output,
        text=True,
    )


def _pid(line: str) -> int:
    if not line:
        raise RuntimeError("the window has ended before it was killed")
    return int(line.split()[1])
