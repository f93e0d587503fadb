"""A disk that may lose whatever was not synced: what can be left on it after a power cut.

It promises no more than POSIX does. Bytes written to a file are safe once the file is synced, names in a folder
once the folder is synced; until then every write by itself may be there, be missing, be cut, or have left zeros or
whatever those blocks held before.
Changes of one folder reach the disk in their order, as file systems with a log do it, but independently of other
folders and of what the files contain, which may come later than their names.
"""

import random
import shutil
from pathlib import Path, PurePosixPath
from typing import NamedTuple, TypeAlias

#: What a name stands for: the bytes of a file, the target of a link, or ``None`` for a folder.
Entry: TypeAlias = bytes | str | None
#: The same on the disk, where a file is a number: it keeps it under every name.
Name: TypeAlias = int | str | None


class Op(NamedTuple):
    """One thing that happened, with paths relative to the subject's folder.

    Attributes:
        kind: ``create``, ``mkdir``, ``rename`` (to ``other``), ``unlink``, ``sync folder``; of a ``file``:
            ``write``, ``truncate``, ``sync``; and ``said``, which changes nothing.
        place: Where in the file a write begins, or its new size; of what was said, which it was.
    """

    kind: str
    path: str = ""
    other: str = ""
    file: int = 0
    place: int = 0
    data: bytes = b""


class Choice:
    """What a power cut leaves of all that waits; drawn at random, or all or nothing."""

    def __init__(self, draw: random.Random | None = None, *, keep: bool = False) -> None:
        self._draw = draw
        self._keep = keep

    def in_time(self, count: int) -> int:
        """How many of ``count`` changes were in time."""
        return self._draw.randint(0, count) if self._draw else count * self._keep

    def of_write(self, data: bytes) -> bytes | None:
        """What a write has left; ``None`` for nothing."""
        if self._draw is None:
            return data if self._keep else None
        cut, noise = data[: self._draw.randint(0, len(data))], self._draw.randbytes(len(data))
        return self._draw.choice((None, cut, bytes(len(data)), noise, data))


class Disk:
    """A disk with ``before`` on it, to which things happen."""

    def __init__(self, before: dict[str, Entry]) -> None:
        self._safe: dict[int, bytes] = {}
        self._writes: dict[int, list[Op]] = {}
        self._changes: dict[str, list[Op]] = {}
        self._names: dict[str, Name] = {}
        for number, (path, entry) in enumerate(before.items()):
            self._names[path] = number if isinstance(entry, bytes) else entry
            if isinstance(entry, bytes):
                self._safe[number] = entry

    def take(self, op: Op) -> None:
        """Let it happen."""
        if op.kind in ("write", "truncate"):
            self._writes.setdefault(op.file, []).append(op)
        elif op.kind == "sync":
            self._safe[op.file] = self._bytes(op.file, Choice(keep=True))
            self._writes.pop(op.file, None)
        elif op.kind == "sync folder":
            for change in self._changes.pop(op.path, ()):
                _apply(change, self._names)
        elif op.kind != "said":
            self._changes.setdefault(str(PurePosixPath(op.path).parent), []).append(op)

    def after_power_cut(self, choice: Choice) -> dict[str, Entry]:
        """What is left now, sorted by path."""
        names = dict(self._names)
        for changes in self._changes.values():
            for change in changes[: choice.in_time(len(changes))]:
                _apply(change, names)
        return {
            path: self._bytes(name, choice) if isinstance(name, int) else name
            for path, name in sorted(names.items())
            if _has_folder(path, names)
        }

    def _bytes(self, file: int, choice: Choice) -> bytes:
        data = bytearray(self._safe.get(file, b""))
        for op in self._writes.get(file, ()):
            if op.kind == "truncate":
                if choice.in_time(1):
                    del data[op.place :]
                    data.extend(bytes(op.place - len(data)))
            elif (written := choice.of_write(op.data)) is not None:
                data.extend(bytes(max(0, op.place - len(data))))
                data[op.place : op.place + len(written)] = written
        return bytes(data)


def numbers(before: dict[str, Entry]) -> dict[str, int]:
    """The numbers that the files of ``before`` have on a :class:`Disk`."""
    found = enumerate(before.items())
    return {path: number for number, (path, entry) in found if isinstance(entry, bytes)}


def contents(folder: Path) -> dict[str, Entry]:
    """All that is in ``folder``, sorted by path."""

    def entry(path: Path) -> Entry:
        if path.is_symlink():
            return str(path.readlink())
        return path.read_bytes() if path.is_file() else None

    return {str(path.relative_to(folder)): entry(path) for path in sorted(folder.rglob("*"))}


def lay_out(entries: dict[str, Entry], folder: Path, rights: int) -> None:
    """Make ``folder`` hold just these, files with ``rights``."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, entry in entries.items():
        path = folder / name
        if entry is None:
            path.mkdir()
        elif isinstance(entry, str):
            path.symlink_to(entry)
        else:
            path.write_bytes(entry)
            path.chmod(rights)


def _apply(change: Op, names: dict[str, Name]) -> None:
    """Let a change of a folder take effect."""
    if change.kind == "create":
        names[change.path] = change.file
    elif change.kind == "mkdir":
        names[change.path] = None
    elif change.kind == "unlink":
        names.pop(change.path, None)
    elif change.path in names:
        names[change.other] = names.pop(change.path)


def _has_folder(path: str, names: dict[str, Name]) -> bool:
    parent = str(PurePosixPath(path).parent)
    return parent == "." or (parent in names and _has_folder(parent, names))
