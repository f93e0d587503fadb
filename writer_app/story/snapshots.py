"""Earlier states of a text, to go back to: before every answer of a model, at saves, every few minutes.

One SQLite file holds those of all documents. A text is cut into pieces where its own paragraphs say so, and
each piece is kept once, compressed: a state after an edit costs the pieces that the edit touched. SQLite rather
than a git repository, because a state is then one transaction, whole or not there after a power cut, and
takes a tenth of the time (``tests/bench/snapshots.py``).
"""

import contextlib
import sqlite3
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from enum import StrEnum
from functools import wraps
from hashlib import blake2b
from pathlib import Path
from typing import Concatenate, NamedTuple, ParamSpec, TypeVar

from writer_app.errors import (
    N_,
    SnapshotDamaged,
    SnapshotsFailed,
    SnapshotsPutAside,
    WriterError,
)
from writer_app.reasons import reason_for

#: Bytes of all snapshots of all documents; the oldest unnamed ones go.
MOST_BYTES = 400 * 1024 * 1024
#: Characters of a piece: at least, and at most.
_LEAST, _MOST = 2_048, 65_536
#: One paragraph in so many ends a piece.
_ONE_IN = 16
_HASH = 16
_DAMAGED = N_("their file is damaged")
#: What SQLite says of a file that will not serve again, whatever the disk does.
_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
#: Damaged files that stay: the last, and of those before it the ones with the most in them.
MOST_ASIDE = 3
_REASONS = {
    sqlite3.SQLITE_FULL: N_("the disk is full"),
    sqlite3.SQLITE_READONLY: N_("the disk can only be read"),
    sqlite3.SQLITE_PERM: N_("you are not allowed to write or read there"),
    sqlite3.SQLITE_CANTOPEN: N_("you are not allowed to write or read there"),
    sqlite3.SQLITE_BUSY: N_("another program is using the file"),
    sqlite3.SQLITE_LOCKED: N_("another program is using the file"),
    **dict.fromkeys(_DAMAGE, _DAMAGED),
}
_HOUR, _DAY = 3600.0, 86_400.0
_SCHEMA = """
create table if not exists piece (hash blob primary key, data blob not null) without rowid;
create table if not exists snapshot (
    id integer primary key, document text not null, at real not null, why text not null,
    name text not null default '', length integer not null, pieces blob not null);
create index if not exists by_document on snapshot (document, at);
"""
#: The first id is the time: one of a file that was put aside must not mean another text in this one.
_INSERT = """
insert into snapshot (id, document, at, why, name, length, pieces)
select coalesce(max(id), cast((julianday('now') - 2440587.5) * 86400000 as integer)) + 1, ?, ?, ?, ?, ?, ? from snapshot
"""
P = ParamSpec("P")
T = TypeVar("T")


class Why(StrEnum):
    """What a snapshot was taken for."""

    MODEL = "model"
    SAVE = "save"
    OUTSIDE = "outside"
    TIME = "time"
    NAMED = "named"
    RESTORE = "restore"


class Snapshot(NamedTuple):
    """A state of a text.

    Attributes:
        at: Seconds since 1970.
        name: Given by the writer; empty: none.
        length: Code points.
    """

    id: int
    at: float
    why: Why
    name: str
    length: int


class _Damage(SnapshotsFailed):
    """The file itself is damaged.

    Attributes:
        file: Which one it was, as :func:`_identity` says.
    """

    def __init__(self, file: tuple[int, int] | None, *, reason: str, detail: str) -> None:
        super().__init__(reason=reason, detail=detail)
        self.file = file


def _anew(
    act: Callable[Concatenate["Snapshots", P], T],
) -> Callable[Concatenate["Snapshots", P], T]:
    """Where the file turns out to be damaged, twice in a row, ``act`` is done with a new one."""

    @wraps(act)
    def done(self: "Snapshots", /, *args: P.args, **kwargs: P.kwargs) -> T:
        # A read that was cut short looks the same as damage, and does not come twice.
        with contextlib.suppress(_Damage):
            return act(self, *args, **kwargs)
        try:
            return act(self, *args, **kwargs)
        except _Damage as damage:
            self._put_aside(damage)
            return act(self, *args, **kwargs)

    return done


class Snapshots:
    """The snapshots in the file at ``path``, made when needed, for this user only.

    Their order is that in which they were taken, whatever the clock said: it may have been set back.

    Safe for several threads and programs: each call opens the file by itself. All raise
    :class:`~writer_app.errors.SnapshotsFailed` where the disk or the file does not serve.

    Args:
        path: Made when needed.
        most_bytes: Of all of them.
        put_aside: Told, in any thread, that a damaged file was put aside and a new one begun. Without it a
            damaged file stays where it is.
    """

    def __init__(
        self,
        path: Path,
        most_bytes: int = MOST_BYTES,
        put_aside: Callable[[WriterError], object] | None = None,
    ) -> None:
        self._path = path
        self._most = most_bytes
        self._tell = put_aside
        # A file must not be moved while another thread writes it: SQLite would look for its journal in vain.
        self._guard = threading.Lock()

    @_anew
    def take(
        self, document: str, text: str, why: Why, *, name: str = "", at: float | None = None
    ) -> int | None:
        """Keep ``text``; returns its id, or ``None`` where it is the last state already.

        Args:
            document: What it is a state of: the path of its file, or the id of a document without one.
            text: Without lone surrogates.
            why: What it is taken for.
            name: Given by the writer; the state that is there already gets it.
            at: Seconds since 1970; now, if not given.
        """
        moment = time.time() if at is None else at
        try:
            return self._take(document, text, why, name, moment)
        except SnapshotsFailed:  # once more: SQLite gives up at a call that was only interrupted
            return self._take(document, text, why, name, moment)

    def _take(self, document: str, text: str, why: Why, name: str, moment: float) -> int | None:
        pieces = list(_pieces(text))
        hashes = [blake2b(piece, digest_size=_HASH).digest() for piece in pieces]
        row = b"".join(hashes)
        with self._open() as base:
            last = base.execute(
                "select id, pieces from snapshot where document = ? order by id desc",
                (document,),
            ).fetchone()
            if last and last[1] == row:
                if not name:
                    return None
                base.execute("update snapshot set name = ? where id = ?", (name, last[0]))
                return int(last[0])
            known = _known(base, hashes)
            base.executemany(
                "insert or ignore into piece values (?, ?)",
                (
                    (digest, zlib.compress(piece, 6))
                    for digest, piece in zip(hashes, pieces, strict=True)
                    if digest not in known
                ),
            )
            return base.execute(
                _INSERT, (document, moment, why.value, name, len(text), row)
            ).lastrowid

    @_anew
    def all_of(self, document: str) -> list[Snapshot]:
        """Those of a document, the latest first."""
        with self._open() as base:
            rows = base.execute(
                "select id, at, why, name, length from snapshot where document = ? order by id desc",
                (document,),
            )
            return [
                Snapshot(number, at, Why(why), name, length)
                for number, at, why, name, length in rows
            ]

    @_anew
    def text(self, number: int) -> str:
        """The text of a snapshot."""
        with self._open() as base:
            found = base.execute("select pieces from snapshot where id = ?", (number,)).fetchone()
            if found is None:
                raise SnapshotDamaged
            return b"".join(_piece(base, digest) for digest in _hashes(found[0])).decode()

    @_anew
    def name(self, number: int, name: str) -> None:
        """Give a snapshot a name, by which it is never thinned out; an empty one takes it away."""
        with self._open() as base:
            base.execute("update snapshot set name = ? where id = ?", (name, number))

    @_anew
    def remove(self, number: int) -> None:
        """Forget one."""
        with self._open() as base:
            base.execute("delete from snapshot where id = ?", (number,))

    @_anew
    def move(self, document: str, other: str) -> None:
        """What was a document without a file has got one, or another."""
        with self._open() as base:
            base.execute("update snapshot set document = ? where document = ?", (other, document))

    @_anew
    def export(self, document: str, other: "Snapshots", name: str) -> int:
        """Copy those of a document into another file, as those of ``name``; returns how many."""
        if not self._path.exists():
            return 0
        with self._open() as base:
            rows = base.execute(
                "select at, why, name, length, pieces from snapshot where document = ? order by id",
                (document,),
            ).fetchall()
            used = {digest for row in rows for digest in _hashes(row[4])}
            query = "select hash, data from piece where hash = ?"
            pieces = [base.execute(query, (digest,)).fetchone() for digest in used]
        if rows:
            other._bring(  # noqa: SLF001 - of this class
                list(filter(None, pieces)), [(name, *row) for row in rows]
            )
        return len(rows)

    @_anew
    def _bring(self, pieces: list[tuple[object, ...]], rows: list[tuple[object, ...]]) -> None:
        """Take over those of another file."""
        with self._open() as base:
            base.executemany("insert or ignore into piece values (?, ?)", pieces)
            base.executemany(_INSERT, rows)

    @_anew
    def thin(self, now: float | None = None) -> None:
        """Let older ones go: all stay for a day, one an hour for a week, then one a day; within the cap.

        Named ones and the last of each document always stay.
        """
        if not self._path.exists():
            return
        moment = time.time() if now is None else now
        with self._open() as base:
            rows = base.execute(
                "select id, document, at, name from snapshot order by id desc"
            ).fetchall()
            gone = [(number,) for number in _superfluous(rows, moment)]
            base.executemany("delete from snapshot where id = ?", gone)
            self._fit(base)
            _sweep(base)

    def _fit(self, base: sqlite3.Connection) -> None:
        """Delete the oldest until the rest fits the cap."""
        while _size(base) > self._most:
            oldest = base.execute(
                "select id from snapshot where name = '' and id not in"
                " (select max(id) from snapshot group by document)"
                " order by id limit 50"
            ).fetchall()
            if not oldest:
                return
            base.executemany("delete from snapshot where id = ?", oldest)
            _sweep(base)

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """A connection with a transaction around what is done."""
        with self._guard:
            try:
                self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                if not self._path.exists():
                    self._path.touch(mode=0o600)
                file = _identity(self._path)
                base = sqlite3.connect(self._path, timeout=10)
            except OSError as error:
                raise SnapshotsFailed(reason=reason_for(error), detail=str(error)) from error
            except sqlite3.Error as error:
                raise _failed(error, None) from error
            with contextlib.closing(base):
                try:
                    # Also the removal of SQLite's own journal, by which a transaction is done, is to be on the disk.
                    base.execute("pragma synchronous = extra")
                    base.executescript(_SCHEMA)
                    with base:
                        yield base
                except sqlite3.Error as error:
                    raise _failed(error, file) from error
                except (zlib.error, ValueError) as error:
                    raise SnapshotDamaged(detail=repr(error)) from error

    def _put_aside(self, damage: _Damage) -> None:
        """Move the damaged file out of the way, unless another thread or program has just done so."""
        if self._tell is None:
            raise damage
        with self._guard:
            if _identity(self._path) not in (damage.file, None):
                return
            aside = self._free_name()
            try:
                # First what SQLite has left of a transaction: the new file must not be taken for the one it is of.
                with contextlib.suppress(FileNotFoundError):
                    _journal(self._path).replace(_journal(aside))
                self._path.replace(aside)
            except OSError:
                raise damage from None
            self._make_room(aside)
        self._tell(SnapshotsPutAside(path=str(aside), detail=damage.detail))

    def _free_name(self) -> Path:
        moment = time.time()
        while True:
            when = time.strftime("%Y-%m-%d %H%M%S", time.localtime(moment))
            made = self._path.with_name(f"{self._path.stem} (damaged {when}){self._path.suffix}")
            if not made.exists():
                return made
            moment += 1

    def _make_room(self, last: Path) -> None:
        """Remove the smallest beyond :data:`MOST_ASIDE`; the oldest has the longest past in it, so age says nothing."""
        with contextlib.suppress(OSError):
            pattern = f"{self._path.stem} (damaged *){self._path.suffix}"
            others = [each for each in self._path.parent.glob(pattern) if each != last]
            others.sort(key=lambda each: each.stat().st_size, reverse=True)
            for each in others[MOST_ASIDE - 1 :]:
                each.unlink()
                _journal(each).unlink(missing_ok=True)


def _identity(path: Path) -> tuple[int, int] | None:
    """Tells whether a file is still the same one; ``None`` where there is none to be seen."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _journal(path: Path) -> Path:
    """Where SQLite notes how to take back a transaction in the file at ``path``."""
    return path.with_name(path.name + "-journal")


def _failed(error: sqlite3.Error, file: tuple[int, int] | None) -> SnapshotsFailed:
    # The rest of the code says more than a writer wants to know.
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    reason = _REASONS.get(code) or N_("the disk reported an error")
    detail = f"{error} {code}"
    if code in _DAMAGE:
        return _Damage(file, reason=reason, detail=detail)
    return SnapshotsFailed(reason=reason, detail=detail)


def _pieces(text: str) -> Iterator[bytes]:
    """The text in pieces that end where its paragraphs say, so that an edit changes only those it touches."""
    gathered, size = list[bytes](), 0
    for line in text.splitlines(keepends=True):
        data = line.encode()
        gathered.append(data)
        size += len(data)
        if size >= _MOST or (size >= _LEAST and zlib.crc32(data) % _ONE_IN == 0):
            yield b"".join(gathered)
            gathered, size = [], 0
    if gathered:
        yield b"".join(gathered)


def _hashes(row: bytes) -> list[bytes]:
    return [row[place : place + _HASH] for place in range(0, len(row), _HASH)]


def _known(base: sqlite3.Connection, hashes: list[bytes]) -> set[bytes]:
    return {
        digest
        for digest in set(hashes)
        if base.execute("select 1 from piece where hash = ?", (digest,)).fetchone()
    }


def _piece(base: sqlite3.Connection, digest: bytes) -> bytes:
    found = base.execute("select data from piece where hash = ?", (digest,)).fetchone()
    if found is None:
        raise ValueError("a piece is missing")
    return zlib.decompress(found[0])


def _size(base: sqlite3.Connection) -> int:
    (size,) = base.execute("select coalesce(sum(length(data)), 0) from piece").fetchone()
    return int(size)


def _sweep(base: sqlite3.Connection) -> None:
    """Remove the pieces that no snapshot has."""
    used = {
        digest for (row,) in base.execute("select pieces from snapshot") for digest in _hashes(row)
    }
    gone = [(digest,) for (digest,) in base.execute("select hash from piece") if digest not in used]
    base.executemany("delete from piece where hash = ?", gone)


def _superfluous(rows: list[tuple[int, str, float, str]], now: float) -> Iterator[int]:
    """Of all snapshots, the latest first, those that a kept one of the same hour or day stands for."""
    kept = set[tuple[str, str, int]]()
    seen = set[str]()
    for number, document, at, name in rows:
        age = now - at
        if age <= _DAY:
            slot = None
        elif age <= 7 * _DAY:
            slot = (document, "hour", int(at // _HOUR))
        else:
            slot = (document, "day", int(at // _DAY))
        is_last = document not in seen
        seen.add(document)
        if slot is None or name or is_last:
            continue
        if slot in kept:
            yield number
        kept.add(slot)
