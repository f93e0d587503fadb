"""What a real continuation asks of the network, counted by ``strace``, with a network at hand and without any."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
STORY = "It was a dark night, and the wind went round the house. The old man said"
#: A socket to the internet, or to the wire itself; also one that was refused.
_INET = re.compile(r"\bsocket\(AF_(?:INET6?|PACKET)\b")
_PROGRAM = re.compile(r"\bexecve\(.*= 0$", re.MULTILINE)


def run(folder: Path) -> dict[str, Any]:
    """Continue a text under ``strace``, once as usual and once in a network namespace without any interface.

    Returns:
        ``inet_sockets`` asked for in both runs together, granted or not; ``threads_traced``; ``programs_started``
        (strace's own command and each child); ``offline_same_text`` whether both wrote the same.

    Raises:
        FileNotFoundError: ``strace`` or ``unshare`` is not installed: without them nothing is shown.
    """
    for tool in ("strace", "unshare"):
        if not shutil.which(tool):
            raise FileNotFoundError(f"{tool} is not installed")
    online = traced(folder / "online", verb(folder / "online"))
    offline = traced(folder / "offline", ["unshare", "-rn", *verb(folder / "offline")])
    return {
        "inet_sockets": online["inet_sockets"] + offline["inet_sockets"],
        "threads_traced": online["threads"] + offline["threads"],
        "programs_started": online["programs"] + offline["programs"],
        "offline_same_text": online["text"] == offline["text"] and bool(online["text"].strip()),
    }


def verb(folder: Path) -> list[str]:
    """A real ``continue`` of a file in ``folder``, with the starter model."""
    folder.mkdir(parents=True, exist_ok=True)
    story = folder / "story.md"
    story.write_text(STORY, "utf-8")
    return [
        *(sys.executable, "-m", "writer_app", "continue", str(story)),
        *("--max-tokens", "12", "--seed", "1", "--json"),
    ]


def traced(folder: Path, command: list[str]) -> dict[str, Any]:
    """Run a command with all that it starts under ``strace``; what it said and what it asked for."""
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "trace"
    names = {"CONFIG": "config", "DATA": "data", "STATE": "state", "CACHE": "cache"}
    homes = {f"XDG_{name}_HOME": str(folder / place) for name, place in names.items()}
    # Every call is looked at: the quicker way (--seccomp-bpf) does not see what another filter has refused.
    ran = subprocess.run(
        ["strace", "-f", "-qq", "-e", "trace=socket,execve", "-o", str(log), *command],
        cwd=ROOT,
        env=os.environ | homes,
        capture_output=True,
        check=False,
    )
    if ran.returncode:
        raise RuntimeError(ran.stderr.decode("utf-8", "replace"))
    calls = log.read_text("utf-8", "replace")
    said = ran.stdout.decode()
    return {
        "inet_sockets": len(_INET.findall(calls)),
        "threads": len({line.split()[0] for line in calls.splitlines()}),
        "programs": len(_PROGRAM.findall(calls)),
        "text": json.loads(said)["text"] if said.startswith("{") else said,
    }
