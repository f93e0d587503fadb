"""What the faults have shown, a figure for each goal: ``python -m tests.faults.report [--json] [--scale ci|full]``.

Every part runs in pieces, each with a seed of its own. With ``--state FILE`` each finished piece is written down,
so that a run that was interrupted goes on where it stopped, and the figures are those of all pieces together:
sums, and the worst of what is measured. A figure that cannot be had is null, with ``KEY_why``.
What went wrong goes to standard error; the exit status is 1 when a goal is missed.
"""

import argparse
import importlib
import json
import os
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from tests.faults.subjects import SUBJECTS


class Amount(NamedTuple):
    """How many pieces a part has, and how much is done in each."""

    pieces: int
    count: int


class Part(NamedTuple):
    """One kind of fault.

    Attributes:
        module: Below ``tests.faults``, with ``run(count, seed, folder)``; in folders of its own.
        keys: The figures that it gives.
        is_one: Its ``run(folder)`` has no parts and no chance in it.
    """

    module: str
    keys: tuple[str, ...]
    ci: Amount = Amount(1, 1)
    full: Amount = Amount(1, 1)
    is_one: bool = False


PARTS = (
    Part("kill", ("kills", "documents_lost", "max_seconds_lost"), Amount(1, 5), Amount(50, 20)),
    Part(
        "syscalls",
        ("save_kill_points", "partial_files", "errno_points", "false_saved"),
        Amount(len(SUBJECTS), 1),
        Amount(len(SUBJECTS), 7),
    ),
    Part(
        "powercut",
        ("powercut_states", "powercut_violations"),
        Amount(len(SUBJECTS), 52),
        Amount(6 * len(SUBJECTS), 180),
    ),
    Part(
        "mutants", ("gguf_mutants", "gui_exits", "unclear_errors"), Amount(1, 200), Amount(50, 200)
    ),
    Part("engine_kills", ("engine_kills", "streamed_text_lost"), Amount(1, 20), Amount(25, 20)),
    Part("network", ("inet_sockets",), is_one=True),
    Part("canary", ("canary_hits",), Amount(1, 2), Amount(10, 2)),
    Part("undo", ("undo_sequences", "undo_mismatches"), Amount(1, 90), Amount(20, 100)),
    Part("undo_page", ("undo_sequences", "undo_mismatches"), Amount(1, 10), Amount(10, 20)),
    Part("monkey", ("monkey_events", "monkey_crashes"), Amount(1, 1_000), Amount(40, 2_500)),
    Part(
        "stalls",
        (
            "ui_stall_ms_max",
            "ui_stall_ms_p99",
            "ui_stall_loading_ms_max",
            "ui_stall_streaming_ms_max",
            "ui_stall_saving_ms_max",
        ),
        Amount(1, 3),
        Amount(5, 10),
    ),
)
#: The most that a figure may be; those not named are counts of what was tried.
GOALS = {
    "documents_lost": 0,
    "max_seconds_lost": 1.0,
    "partial_files": 0,
    "false_saved": 0,
    "powercut_violations": 0,
    "gui_exits": 0,
    "unclear_errors": 0,
    "streamed_text_lost": 0,
    "inet_sockets": 0,
    "canary_hits": 0,
    "undo_mismatches": 0,
    "monkey_crashes": 0,
    "ui_stall_ms_max": 100,
    "ui_stall_ms_p99": 16,
}
#: Complaints of one part that are kept.
_MOST = 50


class Sums:
    """The figures of one scale so far, and the file where they are kept, if there is one."""

    def __init__(self, scale: str, path: Path | None = None) -> None:
        self.scale = scale
        self._path = path
        self.parts: dict[str, dict[str, Any]] = {}
        if path is not None and path.exists():
            self.parts = json.loads(path.read_text("utf-8"))

    def of(self, part: Part) -> dict[str, Any]:
        """How many pieces are done, their ``figures``, and what went ``wrong``."""
        name = f"{part.module} {self.scale}"
        return self.parts.setdefault(name, {"done": 0, "figures": {}, "wrong": []})

    def add(self, part: Part, found: dict[str, Any]) -> None:
        """Take over the figures of one more piece."""
        so_far = self.of(part)
        so_far["done"] += 1
        so_far["wrong"] = (so_far["wrong"] + found.get("wrong", []))[:_MOST]
        so_far["figures"] = together([so_far["figures"], {key: found[key] for key in part.keys}])
        if self._path is not None:
            new = self._path.with_suffix(".new")
            new.write_text(json.dumps(self.parts), "utf-8")
            new.replace(self._path)


def together(figures: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Sums, and of what is a worst case the worst."""
    found: dict[str, Any] = {}
    for each in figures:
        for key, value in each.items():
            worst = "max" in key.split("_") or key.endswith("p99")
            old = found.get(key, 0)
            found[key] = max(old, value) if worst else old + value
    return found


def do(part: Part, sums: Sums) -> dict[str, Any]:
    """Do the pieces of a part that are not done yet; its figures."""
    amount = part.full if sums.scale == "full" else part.ci
    run = importlib.import_module(f"tests.faults.{part.module}").run
    for seed in range(sums.of(part)["done"], amount.pieces):
        with tempfile.TemporaryDirectory(prefix=f"faults-{part.module}-") as name:
            folder = Path(name).resolve()
            sums.add(part, run(folder) if part.is_one else run(amount.count, seed, folder))
    return dict(sums.of(part)["figures"])


def missed(figures: dict[str, Any]) -> list[str]:
    """The goals that are not reached, with what is there instead."""
    return [
        f"{key} is {figures[key]}, not {most} at most"
        for key, most in GOALS.items()
        if key in figures and figures[key] > most
    ]


def main() -> int:
    """Do all parts, or those named, and print one flat object."""
    names = [part.module for part in PARTS]
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # some parts have a window
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true", help="print one line")
    parser.add_argument("--scale", choices=("ci", "full"), default="ci")
    parser.add_argument("--only", nargs="+", choices=names, default=names, metavar="PART")
    parser.add_argument("--state", type=Path)
    options = parser.parse_args()
    sums = Sums(options.scale, options.state)
    figures: dict[str, Any] = {}
    lacking: dict[str, Any] = {}
    for part in PARTS:
        if part.module not in options.only:
            continue
        try:
            figures = together([figures, do(part, sums)])
        except ModuleNotFoundError as error:
            if error.name != f"tests.faults.{part.module}":
                raise
            for key in part.keys:
                lacking |= {key: None, f"{key}_why": str(error)}
        sys.stderr.writelines(f"{wrong}\n" for wrong in sums.of(part)["wrong"])
    sys.stdout.write(json.dumps(lacking | figures, indent=None if options.json else 4) + "\n")
    failed = missed(figures)
    sys.stderr.writelines(f"{each}\n" for each in failed)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
