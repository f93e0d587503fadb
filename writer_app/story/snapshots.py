"""Earlier states of a text, to go back to: before every answer of a model, at saves, every few minutes.

One SQLite file holds those of all documents. A text is cut into pieces where its own paragraphs say so, and
each piece is kept once, compressed: a state after an edit costs the pieces that the edit touched. SQLite rather
than a git repository, because a state is then one transaction, whole or not there after a power cut, and
takes a tenth of the time (``tests/bench/snapshots.py``).
"""

import contextlib
import sqlite3
import time
import zlib
from collections.abc import Iterator
from enum import StrEnum
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from writer_app.errors import N_, SnapshotsFailed
from writer_app.reasons import reason_for

#: Bytes of all snapshots of all documents; the oldest unnamed ones go.
MOST_BYTES = 400 * 1024 * 1024
#: Characters of a piece: at least, and at most.
_LEAST, _MOST = 2_048, 65_536
#: One paragraph in so many ends a piece.
_ONE_IN = 16
_HASH = 16
_DAMAGED = N_("their file is damaged")
_REASONS = {
    sqlite3.SQLITE_FULL: N_("the disk is full"),
    sqlite3.SQLITE_READONLY: N_("the disk can only be read"),
    sqlite3.SQLITE_PERM: N_("you are not allowed to write or read there"),
    sqlite3.SQLITE_CANTOPEN: N_("you are not allowed to write or read there"),
    sqlite3.SQLITE_BUSY: N_("another program is using the file"),
    sqlite3.SQLITE_LOCKED: N_("another program is using the file"),
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
}
_HOUR, _DAY = 3600.0, 86_400.0
_SCHEMA = """
create table if not exists piece (hash blob primary key, data blob not null) without rowid;
create table if not exists snapshot (
    id integer primary key, document text not null, at real not null, why text not null,
    name text not null default '', length integer not null, pieces blob not null);
create index if not exists by_document on snapshot (document, at);
"""


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


class Snapshots:
    """The snapshots in the file at ``path``, made when needed, for this user only.

    Their order is that in which they were taken, whatever the clock said: it may have been set back.

    Safe for several threads and programs: each call opens the file by itself. All raise
    :class:`~writer_app.errors.SnapshotsFailed` where the disk or the file does not serve.
    """

    def __init__(self, path: Path, most_bytes: int = MOST_BYTES) -> None:
        self._path = path
        self._most = most_bytes

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
            made = base.execute(
                "insert into snapshot (document, at, why, name, length, pieces) values (?, ?, ?, ?, ?, ?)",
                (document, moment, why.value, name, len(text), row),
            )
            return made.lastrowid

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

    def text(self, number: int) -> str:
        """The text of a snapshot."""
        with self._open() as base:
            found = base.execute("select pieces from snapshot where id = ?", (number,)).fetchone()
            if found is None:
                raise SnapshotsFailed(reason=_DAMAGED)
            return b"".join(_piece(base, digest) for digest in _hashes(found[0])).decode()

    def name(self, number: int, name: str) -> None:
        """Give a snapshot a name, by which it is never thinned out; an empty one takes it away."""
        with self._open() as base:
            base.execute("update snapshot set name = ? where id = ?", (name, number))

    def remove(self, number: int) -> None:
        """Forget one."""
        with self._open() as base:
            base.execute("delete from snapshot where id = ?", (number,))

    def move(self, document: str, other: str) -> None:
        """What was a document without a file has got one, or another."""
        with self._open() as base:
            base.execute("update snapshot set document = ? where document = ?", (other, document))

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
            with other._open() as base:  # noqa: SLF001 - of this class
                base.executemany("insert or ignore into piece values (?, ?)", filter(None, pieces))
                base.executemany(
                    "insert into snapshot (document, at, why, name, length, pieces)"
                    " values (?, ?, ?, ?, ?, ?)",
                    [(name, *row) for row in rows],
                )
        return len(rows)

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
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not self._path.exists():
                self._path.touch(mode=0o600)
            base = sqlite3.connect(self._path, timeout=10)
        except OSError as error:
            raise SnapshotsFailed(reason=reason_for(error), detail=str(error)) from error
        except sqlite3.Error as error:
            raise _failed(error) from error
        with contextlib.closing(base):
            try:
                # Also the removal of SQLite's own journal, by which a transaction is done, is to be on the disk.
                base.execute("pragma synchronous = extra")
                base.executescript(_SCHEMA)
                with base:
                    yield base
            except sqlite3.Error as error:
                raise _failed(error) from error
            except (zlib.error, ValueError) as error:
                raise SnapshotsFailed(reason=_DAMAGED, detail=repr(error)) from error


def _failed(error: sqlite3.Error) -> SnapshotsFailed:
    code = (
        getattr(error, "sqlite_errorcode", 0) & 0xFF
    )  # the rest says more than a writer wants to know
    reason = _REASONS.get(code) or N_("the disk reported an error")
    return SnapshotsFailed(reason=reason, detail=f"{error} {code}")


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
