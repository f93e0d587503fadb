"""The journal's file format: a mark, then records of (length, CRC-32, msgpack).

The first record is the :class:`Header` with the text that the changes start from, so that a journal can be
replayed by itself, whatever became of the writer's file. Whoever owns a journal holds a lock on it: the
system releases the lock however the process ends, which a process id in the header could not promise
(ids are reused, and are others in a container).
"""

import os
import struct
import sys
import zlib
from pathlib import Path
from typing import NamedTuple

import msgspec

from writer_app.story.changes import Change
from writer_app.story.form import FileForm

MARK = b"longhand journal 1\n"
SUFFIX = ".journal"
_FRAME = struct.Struct("<II")
#: Where Windows puts a lock it must not be on bytes that someone wants to read.
_LOCK_PLACE = 1 << 40

_encoder = msgspec.msgpack.Encoder()


class Header(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a journal belongs to and starts from.

    Attributes:
        path: The document's file, empty for an untitled one.
        base: The text before the first change of this journal.
        base_digest: Hash of the file's bytes as last read or written; empty when there is no file.
        pid: Process that wrote it; for people who look into it.
    """

    document_id: str
    path: str
    base: str
    base_digest: str = ""
    form: FileForm = FileForm()
    pid: int = 0


class Replay(NamedTuple):
    """What could be read of a journal; ``whole`` is false when something behind the last change could not."""

    header: Header
    text: str
    changes: int
    whole: bool


def file_name(document_id: str, generation: int) -> str:
    """Name of a journal file; a later generation (nanoseconds) sorts behind an earlier one."""
    return f"{document_id}-{generation:020}{SUFFIX}"


def document_of(path: Path) -> str:
    """The document id in the name of a journal file."""
    return path.stem.rpartition("-")[0]


def frame(record: Header | Change) -> bytes:
    """The bytes of one record."""
    payload = _encoder.encode(record)
    return _FRAME.pack(len(payload), zlib.crc32(payload)) + payload


def replay(data: bytes) -> Replay | None:
    """Apply all changes up to the first one that is damaged; ``None`` when not even the header is readable."""
    if not data.startswith(MARK):
        return None
    payload, place = _payload(data, len(MARK))
    try:
        header = msgspec.msgpack.decode(payload, type=Header)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
    text, changes = _Text(header.base), 0
    decoder = msgspec.msgpack.Decoder(Change)
    while place < len(data):
        payload, following = _payload(data, place)
        try:
            text.apply(decoder.decode(payload))
        except (msgspec.MsgspecError, UnicodeDecodeError, ValueError):
            break
        place, changes = following, changes + 1
    return Replay(header, str(text), changes, place == len(data))


def lock(descriptor: int) -> bool:
    """Take the lock on an open journal; false when a living process holds it."""
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(descriptor, _LOCK_PLACE, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
            os.lseek(descriptor, 0, os.SEEK_END)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _payload(data: bytes, place: int) -> tuple[bytes, int]:
    """The record at ``place`` and where the next one begins; an empty payload for a damaged record."""
    body = place + _FRAME.size
    if body <= len(data):
        length, checksum = _FRAME.unpack_from(data, place)
        payload = data[body : body + length]
        if len(payload) == length and zlib.crc32(payload) == checksum:
            return payload, body + length
    return b"", place


class _Text:
    """A text to which many changes are applied; typing that goes on in one place is gathered first."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._pieces: list[str] = []
        self._start = self._end = 0

    def apply(self, change: Change) -> None:
        """Raises ``ValueError`` for a change that does not fit the text."""
        if self._pieces and not change.removed and change.offset == self._end:
            self._pieces.append(change.inserted)
            self._end += len(change.inserted)
            return
        text = str(self)
        end = change.offset + len(change.removed)
        if not 0 <= change.offset <= len(text) or text[change.offset : end] != change.removed:
            raise ValueError("a change that does not fit the text")
        self._text = text[: change.offset] + text[end:]
        self._pieces = [change.inserted]
        self._start, self._end = change.offset, change.offset + len(change.inserted)

    def __str__(self) -> str:
        if self._pieces:
            self._text = "".join(
                (self._text[: self._start], *self._pieces, self._text[self._start :])
            )
            self._pieces = []
        return self._text
