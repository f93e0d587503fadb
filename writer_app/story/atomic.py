"""Bytes that are on the disk, whole, before they take another file's place."""

import contextlib
import errno
import os
import stat
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

#: Not every system and file system can sync a folder; that is no failure of the disk.
_NO_FOLDER_SYNC = {errno.EINVAL, errno.ENOTSUP, errno.EBADF, errno.EACCES, errno.EPERM}


_TEMPORARY = ".longhand-{}.tmp"
#: Seconds after which nobody is writing a temporary file any more, on another machine either.
_LONG_AGO = 3_600.0


class State(NamedTuple):
    """What tells whether a file is still the same one, unwritten since."""

    inode: int
    size: int
    modified_ns: int
    mode: int
    names: int
    owner: int
    group: int


def state(path: Path) -> State | None:
    """The state of the file; ``None`` when there is none. Raises ``OSError`` where the system refuses."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return State(
        found.st_ino,
        found.st_size,
        found.st_mtime_ns,
        found.st_mode,
        found.st_nlink,
        found.st_uid,
        found.st_gid,
    )


@contextlib.contextmanager
def written_beside(
    target: Path, data: bytes, known: State | None, *, rights: int = 0o666
) -> Iterator[Path]:
    """A temporary file in ``target``'s folder with ``data``, synced, read back and with the rights of ``known``.

    A file that there was none of gets ``rights``, less what the system takes away from new files. It is gone
    afterwards, unless it was moved to its place. Raises ``OSError``.
    """
    temporary = target.with_name(_TEMPORARY.format(uuid.uuid4().hex))
    # A copy of an old file is private at first.
    if known is not None:
        rights = 0o600
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    descriptor = os.open(temporary, flags, rights)
    try:
        try:
            write_all(descriptor, data)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if temporary.read_bytes() != data:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        if known is not None:
            _copy_rights(temporary, known)
        yield temporary
    finally:
        # Moved to its place or not: that it cannot be removed says nothing about the save.
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def sweep(folder: Path) -> None:
    """Remove what saves left in ``folder`` that were killed long ago; a failure is worth no word."""
    with contextlib.suppress(OSError):
        for path in folder.glob(_TEMPORARY.format("*")):
            if time.time() - path.stat().st_mtime > _LONG_AGO:
                path.unlink()


def overwrite(target: Path, data: bytes, known: State) -> None:
    """Put ``data`` into the file itself, synced and read back; it is spoilt where that ends half way.

    Raises ``OSError``; :class:`FileExistsError` before anything is written, where it is not ``known`` any more.
    """
    descriptor = os.open(target, os.O_RDWR | getattr(os, "O_BINARY", 0))
    try:
        here = os.fstat(descriptor)
        if (here.st_ino, here.st_size, here.st_mtime_ns) != known[:3]:
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
        write_all(descriptor, data)
        os.ftruncate(descriptor, len(data))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    if target.read_bytes() != data:
        raise OSError(errno.EIO, os.strerror(errno.EIO))


def write_all(descriptor: int, data: bytes) -> None:
    """Write all of ``data``; the system may take it in parts. Raises ``OSError``."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def is_at(descriptor: int, path: Path) -> bool:
    """Whether the open file is still the one at ``path``. Raises ``OSError`` where the system refuses."""
    try:
        there, here = path.stat(), os.fstat(descriptor)
    except FileNotFoundError:
        return False
    return (there.st_dev, there.st_ino) == (here.st_dev, here.st_ino)


def sync_folder(folder: Path) -> None:
    """Make a renaming in ``folder`` durable. Raises ``OSError`` when the disk reports an error."""
    if sys.platform == "win32":  # folders cannot be opened there
        return
    try:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        if error.errno not in _NO_FOLDER_SYNC:
            raise


def make_folder(folder: Path, rights: int) -> None:
    """Make ``folder`` with ``rights``, and those above it that are missing, durably. Raises ``OSError``."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(mode=rights, parents=True, exist_ok=True)
    for each in missing:
        sync_folder(each.parent)


def _copy_rights(temporary: Path, known: State) -> None:
    if sys.platform != "win32":
        here = temporary.stat()
        if (here.st_uid, here.st_gid) != (known.owner, known.group):
            # Only root may give files away; a save must not fail because of that.
            with contextlib.suppress(PermissionError):
                os.chown(temporary, known.owner, known.group)
    temporary.chmod(stat.S_IMODE(known.mode))
