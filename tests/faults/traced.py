"""A subject performed by a process of its own under ``strace``, which records it, kills it or lets calls fail.

The process is forked from one that has everything imported, and strace attaches before it begins: what is counted
are the subject's own calls, from the first one on. What it says goes into shared memory, which outlives it and
costs no call.
"""

import ctypes
import json
import mmap
import os
import resource
import shutil
import signal
import subprocess
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.faults.disk import Entry, contents
from tests.faults.judging import Said, Subject

#: Every call that takes a file name or a descriptor.
CALLS = "%file,%desc"
#: Folder of the names that are looked for, in vain, to leave a mark in a recording.
MARK = "/said/"
#: Seconds for one operation; a strace that misses its process, or a program that hangs, ends here.
PATIENCE = 30.0
_ROOM = 1 << 20
#: Stages: the process is there and can be traced, and it is traced.
_READY, _TRACED = 1, 2


class Run(NamedTuple):
    """How a subject ended.

    Attributes:
        said: Everything that it said, in order.
        status: Its exit status, negative for the signal it died of.
        log: What strace wrote.
        before: What was in the folder, where it is recorded with marks.
    """

    said: list[Said]
    status: int
    log: str
    before: dict[str, Entry]


class Speech:
    """What a process says, in memory that it shares with its parent.

    Args:
        marked: Also leave a mark among the system calls, for recordings.
    """

    def __init__(self, *, marked: bool = False) -> None:
        self._memory = mmap.mmap(-1, _ROOM)
        self._marked = marked
        self._count = 0
        self._end = 1

    def reach(self, stage: int) -> None:
        """Go on to a stage, as one of the two processes."""
        self._memory[0] = stage

    def wait_for(self, stage: int) -> None:
        """Until the other process has reached a stage; not by a call that is counted."""
        end = time.monotonic() + PATIENCE
        while self._memory[0] < stage:
            if time.monotonic() > end:
                raise TimeoutError
            time.sleep(0.0005)

    def say(self, kind: str, text: str) -> None:
        """Put down one thing."""
        line = json.dumps([kind, text]).encode() + b"\n"
        self._memory[self._end : self._end + len(line)] = line
        self._end += len(line)
        if self._marked:
            os.access(f"{MARK}{self._count}", os.F_OK)
        self._count += 1

    def heard(self) -> list[Said]:
        """Everything that was put down."""
        lines = self._memory[1:].rstrip(b"\0").splitlines()
        return [Said(*json.loads(line)) for line in lines]


def perform(
    subject: Subject,
    folder: Path,
    options: Sequence[str],
    *,
    marked: bool = False,
    largest: int | None = None,
) -> Run:
    """Perform ``subject`` in a fresh ``folder`` under ``strace`` with ``options``.

    Args:
        largest: No file may become larger, in bytes: writing stops in the midst, as on a full disk.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    act = subject.prepare(folder)
    before = contents(folder) if marked else {}
    speech = Speech(marked=marked)
    child = os.fork()
    if not child:
        _be_the_writer(act, speech, largest)
    log = folder.with_name(folder.name + ".strace")
    try:
        speech.wait_for(_READY)
        tracer = _attached(child, ("-o", str(log), *options))
    except BaseException:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        raise
    speech.reach(_TRACED)
    status = _wait(child)
    tracer.communicate(timeout=PATIENCE)
    return Run(speech.heard(), status, log.read_text("utf-8", "replace"), before)


def _attached(process: int, options: Sequence[str]) -> "subprocess.Popen[str]":
    """A strace that has caught ``process``. Raises ``FileNotFoundError`` where there is none."""
    tracer = subprocess.Popen(
        ["strace", "-f", "-p", str(process), *options], stderr=subprocess.PIPE, text=True
    )
    assert tracer.stderr is not None
    said = tracer.stderr.readline()
    if "attached" not in said:
        raise RuntimeError(f"strace does not attach: {said}{tracer.stderr.read()}")
    return tracer


def _be_the_writer(act: Callable[..., None], speech: Speech, largest: int | None) -> None:
    """The forked process; never returns."""
    status = 1
    try:
        _let_be_traced()
        if largest is not None:
            # Without this the signal would end the process before the call returns its error.
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest, resource.RLIM_INFINITY))
        speech.reach(_READY)
        speech.wait_for(_TRACED)
        act(speech.say)
        status = 0
    except BaseException:  # noqa: BLE001 - its end is its status; nothing of the parent's may run here
        speech.say("raised", traceback.format_exc())
    finally:
        os._exit(status)


def _let_be_traced() -> None:
    """Where only ancestors may trace a process (Yama), strace, a sibling, needs leave."""
    set_ptracer, anyone = 0x59616D61, ctypes.c_ulong(-1)
    ctypes.CDLL(None).prctl(set_ptracer, anyone, 0, 0, 0)


def _wait(child: int) -> int:
    """The exit status of ``child``; one that hangs is killed and told by ``SIGALRM``."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.001)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return -signal.SIGALRM
