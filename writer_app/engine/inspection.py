"""What model files say of themselves, asked of a child: a broken one costs a sentence, never the window.

One child reads one file after the other (:mod:`~writer_app.engine.inspector`); where it dies or takes too long, another
one goes on with the next. What was found is kept on disk by the file's path, size and time, so that a model is looked
into once.
"""

import contextlib
import os
import queue
import subprocess
import threading
from collections.abc import Collection, Iterable
from pathlib import Path
from types import TracebackType

import msgspec

from writer_app.assets import private
from writer_app.engine.facts import Answer, Facts, parts
from writer_app.errors import EngineDied, ModelDamaged, WriterError, from_code
from writer_app.launch import command

#: Seconds that the head of a model may take to read: the largest, off a slow disk, takes some ten.
PATIENCE = 60.0
#: Files that are remembered.
_MOST_KEPT = 400
_END = b""


class Inspection:
    """Reads the heads of model files.

    Args:
        files: Those it may be asked about.
        avoid: Variants of llama.cpp's processor code that this machine does not bear.
    """

    def __init__(self, files: Iterable[Path], avoid: Collection[str] = ()) -> None:
        # The folders of the files, and those that links lead to: parts lie beside each other.
        folders = {each for file in files for each in (file.absolute().parent, _real(file).parent)}
        self._arguments = [",".join(avoid), *map(str, sorted(folders))]
        self._child: subprocess.Popen[bytes] | None = None
        self._lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()

    def __enter__(self) -> "Inspection":
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _where: TracebackType | None,
    ) -> None:
        self.close()

    def facts(self, path: Path) -> Facts:
        """What a model file says of itself.

        Raises:
            EngineError: Why it cannot be used; see :func:`~writer_app.engine.inspector.inspect`.
            ModelMissing, FileUnreadable: The system refuses.
        """
        answer = self._ask(path)
        if answer.facts is None:
            raise from_code(answer.code, answer.params, answer.detail)
        return answer.facts

    def close(self) -> None:
        """End the child."""
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe:
                with contextlib.suppress(OSError):
                    pipe.close()

    def _ask(self, path: Path) -> Answer:
        child = self._running()
        assert child.stdin
        line = _END
        with contextlib.suppress(OSError, queue.Empty):
            child.stdin.write(msgspec.json.encode(os.fsencode(path)) + b"\n")
            child.stdin.flush()
            line = self._lines.get(timeout=PATIENCE)
        with contextlib.suppress(msgspec.MsgspecError):
            return msgspec.json.decode(line, type=Answer)
        # It died of the file, hangs in it, or talks nonsense since.
        self.close()
        if child.returncode == 0:
            raise EngineDied(reason=path.name, cause="-")
        raise ModelDamaged(model=path.name, detail=f"exit {child.returncode}")

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._child is None:
            self._lines = queue.SimpleQueue()
            self._child = subprocess.Popen(
                command("--inspect", *self._arguments),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=os.name == "posix",
            )
            threading.Thread(target=_drain, args=(self._child, self._lines), daemon=True).start()
        return self._child


class Known:
    """What was found out about model files, in a small file over restarts.

    A convenience: an unreadable file is an empty one, and a disk that refuses costs only another look.

    Args:
        path: The file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._facts: dict[str, Facts] = {}
        with contextlib.suppress(OSError, msgspec.MsgspecError, UnicodeDecodeError):
            self._facts = msgspec.json.decode(path.read_bytes(), type=dict[str, Facts])

    def get(self, model: Path) -> Facts | None:
        """What is known of a file as it is now."""
        return self._facts.get(identity(model))

    def learn(self, models: Iterable[Path], avoid: Collection[str] = ()) -> dict[Path, WriterError]:
        """Look into those that are not known yet; returns what cannot be used and why."""
        new = [model for model in models if self.get(model) is None]
        failed: dict[Path, WriterError] = {}
        with Inspection(new, avoid) as inspection:
            for model in new:
                try:
                    self._facts[identity(model)] = inspection.facts(model)
                except WriterError as problem:
                    failed[model] = problem
        if len(failed) < len(new):
            self._save()
        return failed

    def note(self, model: Path, facts: Facts) -> None:
        """Keep what was found out elsewhere."""
        self._facts[identity(model)] = facts
        self._save()

    def _save(self) -> None:
        kept = dict(list(self._facts.items())[-_MOST_KEPT:])
        with contextlib.suppress(OSError):
            private(self._path.parent)
            half = self._path.with_name(f"{self._path.name}.{os.getpid()}")
            half.write_bytes(msgspec.json.encode(kept))
            half.replace(self._path)


def identity(model: Path) -> str:
    """A file, and which version of it: one that was fetched again is another."""
    try:
        stats = [part.stat() for part in parts(model)]
    except (OSError, ValueError):
        return repr(model)
    name = os.fsencode(_real(model)).decode("utf-8", "backslashreplace")
    return f"{name} {sum(s.st_size for s in stats)} {stats[-1].st_mtime_ns}"


def _real(path: Path) -> Path:
    with contextlib.suppress(OSError, RuntimeError, ValueError):
        return path.resolve()
    return path.absolute()


def _drain(child: "subprocess.Popen[bytes]", lines: "queue.SimpleQueue[bytes]") -> None:
    assert child.stdout
    with contextlib.suppress(ValueError, OSError):
        for line in child.stdout:
            lines.put(line)
    lines.put(_END)
