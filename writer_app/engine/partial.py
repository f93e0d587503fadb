"""A model file on its way: what has come of it, what is known of it, and whose it is at the moment.

``NAME.part`` holds the bytes, ``NAME.part.json`` where they are from and how many of them are certainly on the disk,
``NAME.part.lock`` is locked by the process that writes them. None of these names is one of a model, so nothing is
listed before :meth:`Partial.place` has given the complete file its own. Bytes are pushed to the disk every
:data:`STEP`, and counted as there only afterwards: what a kill or a power cut leaves behind that is fetched again.
"""

import contextlib
import errno
import hashlib
import os
import sys
from collections.abc import Generator, Iterator
from pathlib import Path

import msgspec
from filelock import FileLock, Timeout

from writer_app.assets import private
from writer_app.engine.download_protocol import Order, Source
from writer_app.errors import BeingFetched, NoRoom, NotWritten
from writer_app.language import size as told_size
from writer_app.reasons import reason_for

#: Bytes after which they are pushed to the disk.
STEP = 4 * 1024 * 1024
#: Bytes read at a time to be hashed again.
BLOCK = 8 * 1024 * 1024
_PART, _RECORD, _LOCK = ".part", ".part.json", ".part.lock"


class Record(msgspec.Struct, frozen=True):
    """What is known of a file on its way; kept beside it.

    Attributes:
        order: What was asked for, and ``piece`` which of its files this is.
        address: Where the bytes came from, without what may be secret in it.
        etag: What that server calls this state of the file; empty where it says nothing.
        size, sha256: Of the whole file; 0 and empty while not known.
        offset: So many bytes are on the disk for certain.
    """

    order: Order
    piece: int = 0
    address: str = ""
    etag: str = ""
    size: int = 0
    sha256: str = ""
    offset: int = 0


def digest_of(path: Path) -> Generator[tuple[int, str], None, None]:
    """Hash a file block by block; yields how many bytes are done, and the SHA-256 of those.

    Raises:
        OSError: It cannot be read.
    """
    known = hashlib.sha256()
    done = 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            known.update(block)
            done += len(block)
            yield done, known.hexdigest()


class Partial:
    """The file on its way to ``target``; locked from the beginning until :meth:`close`, :meth:`place` or :meth:`discard`.

    Args:
        record: What is known of the file by whoever asks for it. What lies there of another file is of no use.

    Attributes:
        offset: Bytes that have come.
        record: What is known; of what was there before, where that goes on.
        hashed: Bytes of those that are in the hash: fewer than ``offset`` only until :meth:`catch_up` was used up.

    Raises:
        BeingFetched: Another process, or another request, writes it.
        NotWritten: The system refuses.
    """

    def __init__(self, target: Path, record: Record) -> None:
        self.target = target
        self.record = record
        self.offset = self.hashed = 0
        self._hash = hashlib.sha256()
        self._file = -1
        self._lock = FileLock(_beside(target, _LOCK), timeout=0, thread_local=False)
        with self._writing():
            private(target.parent)
            try:
                self._lock.acquire()
            except Timeout:
                raise BeingFetched(name=target.name) from None
            flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0)
            try:
                self._file = os.open(_beside(target, _PART), flags, 0o600)
                self._take_over(_read(_beside(target, _RECORD)))
            except OSError:
                self._let_go()
                raise

    @property
    def digest(self) -> str:
        """SHA-256 of what has come."""
        return self._hash.hexdigest()

    @property
    def has_all(self) -> bool:
        """Whether as many bytes have come as the file has."""
        return 0 < self.record.size == self.offset

    def catch_up(self) -> Iterator[int]:
        """Hash what was there before, block by block; yields how much of it is done. Needed once, before :meth:`write`."""
        while self.hashed < self.offset:
            with self._writing():
                os.lseek(self._file, self.hashed, os.SEEK_SET)
                block = os.read(self._file, min(BLOCK, self.offset - self.hashed))
            if not block:  # shorter than it was a moment ago
                self.offset = self.hashed
                break
            self._hash.update(block)
            self.hashed += len(block)
            yield self.hashed

    def learn(self, **known: object) -> None:
        """Keep more of what is known in the record; on the disk at the next :meth:`sync`."""
        self.record = msgspec.structs.replace(self.record, **known)

    def begin(self) -> None:
        """Forget the bytes that have come.

        Raises:
            NotWritten: The system refuses.
        """
        with self._writing():
            os.ftruncate(self._file, 0)
        self.offset = self.hashed = 0
        self._hash = hashlib.sha256()
        self.learn(etag="", offset=0)

    def write(self, data: bytes) -> None:
        """Add what came next; :meth:`sync` when :attr:`is_due`.

        Raises:
            NoRoom, NotWritten: Nothing of ``data`` counts.
        """
        with self._writing():
            os.lseek(self._file, self.offset, os.SEEK_SET)
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(self._file, rest) :]
        self._hash.update(data)
        self.offset += len(data)
        self.hashed = self.offset

    @property
    def is_due(self) -> bool:
        """Whether enough has come to be pushed to the disk."""
        return self.offset - self.record.offset >= STEP

    def sync(self) -> None:
        """Push what has come to the disk, then the record that says so.

        Raises:
            NoRoom, NotWritten: What was there before counts.
        """
        with self._writing():
            os.fsync(self._file)
            record = msgspec.structs.replace(self.record, offset=self.offset)
            _write(_beside(self.target, _RECORD), msgspec.json.encode(record))
        self.record = record

    def place(self) -> None:
        """Give the complete file its own name, in the place of one that is there.

        Raises:
            NotWritten: The system refuses, as Windows does for a file in use.
        """
        with self._writing():
            os.fsync(self._file)
            self._shut()
            _beside(self.target, _PART).replace(self.target)
            _beside(self.target, _RECORD).unlink(missing_ok=True)
            _sync_folder(self.target.parent)
        self._let_go(over=True)

    def discard(self) -> None:
        """Delete what has come.

        Raises:
            NotWritten: The system refuses.
        """
        self._shut()
        try:
            with self._writing():
                for ending in (_RECORD, _PART):
                    _beside(self.target, ending).unlink(missing_ok=True)
        finally:
            self._let_go(over=True)

    def close(self) -> None:
        """Keep what has come for another time; a second time, or after :meth:`place`, nothing happens."""
        if self._file >= 0 and self.offset:
            with contextlib.suppress(NoRoom, NotWritten):
                self.sync()
        elif self._file >= 0:
            with contextlib.suppress(NotWritten):
                self.discard()
        self._let_go()

    def _take_over(self, before: Record | None) -> None:
        """Go on with what lies there, if it is of the same file."""
        if before is not None and _is_same(before, self.record):
            self.offset = min(before.offset, os.fstat(self._file).st_size)
            known = msgspec.structs.replace(before, order=self.record.order)
            self.record = msgspec.structs.replace(
                known, size=before.size or self.record.size, offset=self.offset
            )
        os.ftruncate(self._file, self.offset)

    def _shut(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _let_go(self, *, over: bool = False) -> None:
        """Release the lock; ``over``: nothing is left that it guards, so that its file goes too."""
        self._shut()
        if over and self._lock.is_locked and sys.platform != "win32":  # there it goes by itself
            with contextlib.suppress(OSError):
                _beside(self.target, _LOCK).unlink()
        self._lock.release()

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as problem:
            if problem.errno in (errno.ENOSPC, errno.EDQUOT):
                missing = told_size(max(self.record.size - self.offset, STEP))
                raise NoRoom(missing=missing, folder=str(self.target.parent)) from problem
            raise NotWritten(name=self.target.name, reason=reason_for(problem)) from problem


def unfinished(folder: Path) -> list[tuple[Path, Record]]:
    """What is left of downloads in ``folder``, each with the file it is to become; also of those that go on just now."""
    found = list[tuple[Path, Record]]()
    with contextlib.suppress(OSError):
        for path in sorted(folder.glob(f"*{_RECORD}")):
            if record := _read(path):
                found.append((path.with_name(path.name.removesuffix(_RECORD)), record))
    return found


def forget(target: Path) -> None:
    """Delete what is left of a download of ``target``; nothing where there is none.

    Raises:
        BeingFetched: Somebody goes on with it.
        NotWritten: The system refuses.
    """
    record = _read(_beside(target, _RECORD))
    if record is not None:
        Partial(target, record).discard()


def _beside(target: Path, ending: str) -> Path:
    return target.with_name(target.name + ending)


def _is_same(before: Record, wanted: Record) -> bool:
    """Whether bytes of one are bytes of the other: by their hash wherever they come from, else by their place."""
    if before.sha256 and wanted.sha256:
        return before.sha256 == wanted.sha256
    return _place(before) == _place(wanted)


def _place(record: Record) -> tuple[Source, str, str, str]:
    order = record.order
    return order.source, order.repository, order.revision, order.pieces[record.piece].path


def _read(path: Path) -> Record | None:
    """What was kept; ``None`` where there is nothing, or nothing that can be understood."""
    try:
        record = msgspec.json.decode(path.read_bytes(), type=Record)
        return record if 0 <= record.piece < len(record.order.pieces) else None
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None


def _write(path: Path, data: bytes) -> None:
    """Replace a small file as a whole, durably: what is lost with it is everything that has come."""
    new = path.with_name(path.name + ".new")
    descriptor = os.open(
        new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600
    )
    try:
        os.write(descriptor, data)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    new.replace(path)


def _sync_folder(folder: Path) -> None:
    if sys.platform == "win32":  # folders cannot be opened there
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # not every file system can
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
