"""Faults of native code: what Python could still write down when the process died of one, for the next start.

Names of functions and lines of source files only. Each process has a file of its own, readable by this user only.
"""

import contextlib
import faulthandler
import os
from pathlib import Path
from typing import BinaryIO

import psutil

from writer_app.assets import private
from writer_app.text.discreet import scrubbed

_NAME = "fault-{pid}.log"
_MOST = 20_000


class Faults:
    """The files of this process and of those before it, in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: BinaryIO | None = None

    def begin(self) -> str:
        """Write down what happens from now on; returns what earlier processes have left, and forgets it."""
        left = [
            text
            for path in sorted(self._folder.glob(_NAME.format(pid="*")))
            if (text := _taken(path))
        ]
        with contextlib.suppress(OSError):
            path = private(self._folder) / _NAME.format(pid=os.getpid())
            path.unlink(missing_ok=True)
            self._file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
            faulthandler.enable(self._file)
        return scrubbed("\n".join(left)[-_MOST:].splitlines())

    def end(self) -> None:
        """All went well."""
        if self._file is not None:
            faulthandler.disable()
            self._file.close()
            with contextlib.suppress(OSError):
                (self._folder / _NAME.format(pid=os.getpid())).unlink()


def _taken(path: Path) -> str:
    """The contents of a file whose process is gone; the file is gone then too."""
    pid = path.stem.rpartition("-")[2]
    if pid.isdecimal() and int(pid) != os.getpid() and psutil.pid_exists(int(pid)):
        return ""
    text = ""
    with contextlib.suppress(OSError):
        text = path.read_text("utf-8", "replace").strip()
        path.unlink()
    return text
