"""Death and refusal at every system call of a save, the crash journal and the settings.

``strace`` kills the writing process on entering its N-th call of a kind, for every kind that it uses and every N,
or lets that call fail with an error. A short write cannot be had that way honestly (strace would tell the program
that one byte was taken while none was), so the kernel does it itself: a limit on the size of files stops a write
in its midst, for every place up to the whole length.
"""

import errno
import os
import re
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tests.faults.judging import Said, Subject, judge, littered
from tests.faults.subjects import NEW, SUBJECTS
from tests.faults.traced import CALLS, Run, perform

ERRORS = ("ENOSPC", "EIO", "EROFS", "EACCES", "EDQUOT", "ESTALE", "EINTR")
#: Python repeats these by itself when a signal interrupts them (PEP 475), so nothing may be heard of it.
REPEATED = {"openat", "read", "write", "fsync", "fdatasync", "ftruncate", "flock"}
#: Mapping memory takes a descriptor, but is no decision of the program's about a file.
_NOT_OF_FILES = {"mmap"}
#: Bytes between two places at which a write is stopped.
_SHORT_STEP = 197


class Fault(NamedTuple):
    """The N-th call of a kind dies or fails: ``how`` is ``signal=KILL`` or ``error=ENOSPC``."""

    call: str
    how: str
    number: int

    @property
    def options(self) -> tuple[str, ...]:
        """For strace."""
        inject = f"inject={self.call}:{self.how}:when={self.number}"
        return "-e", f"trace={self.call}", "-e", inject

    def happened(self, run: Run) -> bool:
        """Whether the subject made that many calls at all."""
        if self.how == "signal=KILL":
            return run.status == -signal.SIGKILL
        return "(INJECTED)" in run.log


def calls_of(subject: Subject, folder: Path) -> list[str]:
    """The kinds of calls that an undisturbed run makes."""
    run = perform(subject, folder, ("-e", f"trace={CALLS}"))
    assert run.status == 0, run.said
    return sorted(set(re.findall(r"^\d+ +(\w+)\(", run.log, re.MULTILINE)) - _NOT_OF_FILES)


def faults(subject: Subject, folder: Path, how: str, every: int = 1) -> Iterator[tuple[Fault, Run]]:
    """Let the first call of every kind and each ``every``-th after it die or fail, one in each run."""
    for call in calls_of(subject, folder):
        number = 1
        while True:
            fault = Fault(call, how, number)
            run = perform(subject, folder, fault.options)
            if not fault.happened(run):
                break
            yield fault, run
            number += every


def kill_everywhere(name: str, subject: Subject, folder: Path, every: int = 1) -> dict[str, Any]:
    """Die at each ``every``-th call; whatever a next start finds must be old or new."""
    points, wrong = 0, []
    for fault, run in faults(subject, folder, "signal=KILL", every):
        points += 1
        if fails := judge(subject, folder, run.said):
            wrong.append(f"{name}, killed at {fault.call} {fault.number}: {fails}")
    return {"save_kill_points": points, "partial_files": len(wrong), "wrong": wrong}


def refuse_everywhere(
    name: str, subject: Subject, folder: Path, errors: Sequence[str]
) -> dict[str, Any]:
    """Refuse every call; nothing may be called saved that is not, and the writer reads why."""
    figures: dict[str, Any] = {"errno_points": 0, "false_saved": 0, "partial_files": 0, "wrong": []}
    for error in errors:
        for fault, run in faults(subject, folder, f"error={error}"):
            # What may not be removed can only stay.
            may_litter = fault.call.startswith("unlink")
            fails = judge_refused(
                subject, folder, run, silent=_is_repeated(fault), may_litter=may_litter
            )
            _add(figures, run, fails, f"{name}, {error} at {fault.call} {fault.number}")
    return figures


def cut_short(name: str, subject: Subject, folder: Path, step: int = _SHORT_STEP) -> dict[str, Any]:
    """Stop writing at every ``step`` bytes, by a limit on the size of files."""
    figures: dict[str, Any] = {"errno_points": 0, "false_saved": 0, "partial_files": 0, "wrong": []}
    for largest in range(0, len(NEW.encode()), step):
        run = perform(subject, folder, ("-e", "trace=write"), largest=largest)
        if "EFBIG" not in run.log:
            break
        fails = judge_refused(subject, folder, run, lasting=True)
        _add(figures, run, fails, f"{name}, no file above {largest} bytes")
    return figures


def judge_refused(
    subject: Subject,
    folder: Path,
    run: Run,
    *,
    silent: bool = False,
    lasting: bool = False,
    may_litter: bool = False,
) -> str:
    """What is wrong after a call was refused; empty when nothing is.

    Args:
        silent: It is no error at all to the program, so everything must have worked.
        lasting: The error goes on, so that trying again does not help.
    """
    told = [text for kind, text in run.said if kind == "told"]
    if run.status:
        return f"it ended with {run.status}: {run.said[-1:]}"
    if fails := judge(subject, folder, run.said):
        return fails
    if left := littered(subject, folder) if not may_litter else []:
        return f"left behind: {left}"
    if unclear := [sentence for sentence in told if not is_clear(sentence)]:
        return f"says no more than {unclear}"
    if not told and not is_done(run.said) and not lasting:
        return "neither done nor told why not"
    return "interrupted, and not done" if silent and (told or not is_done(run.said)) else ""


def is_done(said: Sequence[Said]) -> bool:
    """Whether all that it was about to do is done."""
    return next(kind for kind, _text in reversed(said) if kind != "told") in ("held", "done")


def is_clear(sentence: str) -> bool:
    """Whether an error is explained in words of ours, not only in the system's."""
    codes = (getattr(errno, name) for name in (*ERRORS, "EFBIG"))
    return bool(sentence) and not any(os.strerror(code) in sentence for code in codes)


def run(count: int, seed: int, folder: Path) -> dict[str, Any]:
    """All figures of the ``seed``-th subject, with the first ``count`` errors of those that come up next.

    Without all errors it is killed at every third call only.
    """
    every = 1 if count == len(ERRORS) else 3
    name = list(SUBJECTS)[seed % len(SUBJECTS)]
    turned = [ERRORS[(seed + number) % len(ERRORS)] for number in range(count)]
    parts = (
        kill_everywhere(name, SUBJECTS[name], folder / "subject", every),
        refuse_everywhere(name, SUBJECTS[name], folder / "subject", turned),
        cut_short(name, SUBJECTS[name], folder / "subject"),
    )
    figures: dict[str, Any] = {"wrong": []}
    for part in parts:
        for key, value in part.items():
            figures[key] = figures.get(key, type(value)()) + value
    return figures


def _is_repeated(fault: Fault) -> bool:
    return fault.how == "error=EINTR" and fault.call in REPEATED


def _add(figures: dict[str, Any], run: Run, fails: str, where: str) -> None:
    figures["errno_points"] += 1
    if fails:
        called_saved = bool(run.said) and is_done(run.said)
        figures["false_saved" if called_saved else "partial_files"] += 1
        figures["wrong"].append(f"{where}: {fails}")
