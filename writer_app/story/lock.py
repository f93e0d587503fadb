"""Two programs on one file: the second one learns who is first.

A small file beside the document names whoever writes it, and is locked as long as its process lives; the
system lets go of the lock however the process ends, so that one left by a crash is taken over without a word.
A lock of another machine that has come here by a synchronised folder cannot be seen to live or not: then the
writer decides. No lock guards against losing text; that is done by the hash of what is saved over.
"""

import contextlib
import errno
import getpass
import os
import platform
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import msgspec
import psutil

from writer_app.errors import OpenElsewhere
from writer_app.story import atomic, records

_SUFFIX = ".longhand-lock"
#: Most systems allow 255 bytes for a name.
_LONGEST_NAME = 255
#: What a file system says that knows no locks, as some network drives.
_NO_LOCKS = {errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EINVAL, errno.ENOSYS}


class Holder(msgspec.Struct, frozen=True):
    """Who has a file open.

    Attributes:
        since: When it was opened, ISO 8601 with the time zone.
        started: When its process began, seconds since 1970: process ids are used again.
    """

    machine: str = ""
    user: str = ""
    pid: int = 0
    started: float = 0.0
    since: str = ""

    @classmethod
    def here(cls) -> "Holder":
        """This process."""
        user = ""
        with contextlib.suppress(OSError, KeyError, ImportError):
            user = getpass.getuser()
        started = psutil.Process().create_time()
        since = datetime.now(UTC).astimezone().isoformat(timespec="seconds")
        return cls(platform.node(), user, os.getpid(), started, since)

    @property
    def is_alive(self) -> bool:
        """Whether it may still have the file open; one on another machine may."""
        if self.machine != platform.node():
            return bool(self.machine)
        try:
            return abs(psutil.Process(self.pid).create_time() - self.started) < 1
        except (psutil.Error, ValueError):
            return False


class FileLock:
    """The lock on one document's file, or the lack of one where none can be made. Made by :func:`acquire`."""

    def __init__(self, place: Path, descriptor: int) -> None:
        self._place = place
        self._descriptor = descriptor

    @property
    def is_held(self) -> bool:
        """Whether others can see it."""
        return self._descriptor >= 0

    def release(self) -> None:
        """Let go; a second time nothing happens."""
        if self._descriptor < 0:
            return
        descriptor, self._descriptor = self._descriptor, -1
        with contextlib.suppress(OSError):
            if sys.platform == "win32":  # an open file cannot be removed there
                os.close(descriptor)
                self._place.unlink(missing_ok=True)
            else:
                if atomic.is_at(descriptor, self._place):
                    self._place.unlink()
                os.close(descriptor)


def acquire(path: Path, *, anyway: bool = False) -> FileLock:
    """Say that the file at ``path`` is being written here.

    Where no lock can be made (a folder that may not be written, a full disk) there is none, and the file opens
    all the same.

    Args:
        path: A link is followed.
        anyway: Take it over from another machine whose lock nobody can see to be alive.

    Raises:
        OpenElsewhere: It is open in another process, or seems to be on another machine.
    """
    place = lock_path(path)
    while True:
        try:
            descriptor = os.open(place, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o644)
        except OSError:
            return FileLock(place, -1)
        try:
            is_free = _try_lock(descriptor)
            if is_free and not atomic.is_at(descriptor, place):
                os.close(descriptor)  # its last owner has just removed it
                continue
            holder = _read(descriptor)
            if is_free is False or (
                holder.is_alive and (is_free is None or not _is_here(holder)) and not anyway
            ):
                raise _elsewhere(path, holder)
            _write(descriptor, Holder.here())
        except OpenElsewhere:
            os.close(descriptor)
            raise
        except OSError:
            os.close(descriptor)
            return FileLock(place, -1)
        return FileLock(place, descriptor)


@contextlib.contextmanager
def held(paths: Iterable[Path]) -> Iterator[None]:
    """Write several files, none of which anybody else has open. Raises :class:`OpenElsewhere`; nothing is held then."""
    with contextlib.ExitStack() as stack:
        for path in paths:
            stack.callback(acquire(path).release)
        yield


def lock_path(path: Path) -> Path:
    """Where the lock of the file at ``path`` lies."""
    target = Path(os.path.realpath(path))
    name = f".{target.name}{_SUFFIX}"
    if len(os.fsencode(name)) > _LONGEST_NAME:
        name = f".{sha256(os.fsencode(target.name)).hexdigest()[:16]}{_SUFFIX}"
    return target.with_name(name)


def _try_lock(descriptor: int) -> bool | None:
    """Whether it is ours now; ``None`` where the file system knows no locks."""
    try:
        return records.lock(descriptor, strictly=True)
    except OSError as error:
        if error.errno in _NO_LOCKS:
            return None
        raise


def _is_here(holder: Holder) -> bool:
    return holder.machine == platform.node()


def _read(descriptor: int) -> Holder:
    try:
        os.lseek(descriptor, 0, os.SEEK_SET)
        return msgspec.json.decode(os.read(descriptor, 4096), type=Holder)
    except msgspec.MsgspecError:
        return Holder()


def _write(descriptor: int, holder: Holder) -> None:
    os.ftruncate(descriptor, 0)
    os.lseek(descriptor, 0, os.SEEK_SET)
    os.write(descriptor, msgspec.json.encode(holder))


def _elsewhere(path: Path, holder: Holder) -> OpenElsewhere:
    moment = ""
    with contextlib.suppress(ValueError):
        moment = datetime.fromisoformat(holder.since).astimezone().strftime("%H:%M")
    return OpenElsewhere(
        path=path.name,
        machine=holder.machine or "?",
        user=holder.user or "?",
        since=moment or "?",
        other=int(bool(holder.machine) and not _is_here(holder)),
    )
