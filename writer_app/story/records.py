"""The file format of a log: a mark, then records of (length, CRC-32, msgpack).

The first record is the :class:`Header` with the text that the changes start from, so that a log can be
replayed by itself, whatever became of the writer's file. Whoever writes a log holds a lock on it: the
system releases the lock however the process ends, which a process id in the header could not promise
(ids are reused, and are others in a container).
"""

import errno
import os
import struct
import sys
import zlib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import msgspec

from writer_app.story.changes import Change, joined
from writer_app.story.form import FileForm

_FAMILY = b"longhand log "
MARK = _FAMILY + b"2\n"
SUFFIX = ".journal"
_FRAME = struct.Struct("<II")
#: Where Windows puts a lock it must not be on bytes that someone wants to read.
_LOCK_PLACE = 1 << 40

_encoder = msgspec.msgpack.Encoder()

#: Code points, origin, source, and whether a person has edited it since.
Run: TypeAlias = tuple[int, str, str, bool]


class Header(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a log belongs to and starts from.

    Attributes:
        path: The document's file, empty for an untitled one.
        base: The text before the first change of this log.
        base_digest: Hash of the file's bytes as last read or written; empty when there is no file.
        pid: Process that wrote it; for people who look into it.
        authors: Whose the base is, in order; empty: not known.
    """

    document_id: str
    path: str
    base: str
    base_digest: str = ""
    form: FileForm = FileForm()
    pid: int = 0
    authors: tuple[Run, ...] = ()


class Saved(msgspec.Struct, frozen=True, array_like=True, tag=1):
    """The text of a moment is in its file.

    Attributes:
        digest: Hash of the file's bytes.
        path: The file; it may be another one than before.
        behind: So many changes, the last ones before this record, came too late for that save.
    """

    digest: str
    path: str
    form: FileForm
    behind: int = 0


class Note(msgspec.Struct, frozen=True, array_like=True, tag=2):
    """Something beside the text that another room wants kept with it; its ``kind`` says whose.

    One without data clears those of its kind before it. With a number ``most`` in its data, only so many of its
    kind, the last ones, are kept when the log is.
    """

    kind: str
    data: dict[str, Any] = {}

    @property
    def has_place(self) -> bool:
        """Whether it belongs to a stretch of the text (``span`` in its data) and moves with it."""
        return "span" in self.data


Entry: TypeAlias = Change | Saved | Note


class Replay(NamedTuple):
    """What could be read of a log.

    Attributes:
        text: After the last change.
        entries: In the order in which they happened.
        whole: False when something behind the last entry could not be read.
        data: The bytes that could be read.
    """

    header: Header
    text: str
    entries: tuple[Entry, ...]
    whole: bool
    data: bytes

    @property
    def changes(self) -> int:
        """How many changes there are."""
        return sum(isinstance(entry, Change) for entry in self.entries)

    @property
    def saved(self) -> Saved:
        """How its file was known last; with an empty ``digest`` where there was none."""
        found = (each for each in reversed(self.entries) if isinstance(each, Saved))
        header = self.header
        return next(found, Saved(header.base_digest, header.path, header.form, self.changes))

    def and_then(self, *more: Entry) -> "Replay":
        """With ``more`` behind it.

        Raises:
            ValueError: A change does not fit.
        """
        text = _Text(self.text)
        for entry in more:
            if isinstance(entry, Change):
                text.apply(entry)
        data = self.data + b"".join(map(frame, more))
        return Replay(self.header, str(text), (*self.entries, *more), self.whole, data)

    def as_saved(self) -> "Replay | None":
        """Up to the text that is in the file, without what came after; ``None`` where no file has any of it."""
        saved = self.saved
        if not saved.digest:
            return None
        kept = list[Entry]()
        missing = self.changes_until_save
        for entry in self.entries:
            if isinstance(entry, Change):
                if not missing:
                    break
                missing -= 1
            kept.append(entry)
        if not any(entry is saved for entry in kept) or saved.behind:
            kept = [entry for entry in kept if entry is not saved]
            kept.append(msgspec.structs.replace(saved, behind=0))
        return replay(file_bytes(self.header, kept))

    def compact(self) -> "Replay":
        """The same with runs of typing as one change each, as undo has them, and only the last save."""
        saved = self.saved
        kept, beside = list[Entry](), list[Note]()
        for entry in self.entries:
            last = kept[-1] if kept else None
            if isinstance(entry, Note):
                if not entry.data:
                    kept = [each for each in kept if not _is_note(each, entry.kind)]
                    beside = [each for each in beside if each.kind != entry.kind]
                (kept if entry.has_place else beside).append(entry)
            elif isinstance(entry, Saved):
                if entry is saved:
                    kept.append(entry)
            elif isinstance(last, Change) and (one := _joined(last, entry)):
                kept[-1] = one
            else:
                kept.append(entry)
        kept[:0] = _last_ones([note for note in beside if note.data])
        return Replay(
            self.header, self.text, tuple(kept), self.whole, file_bytes(self.header, kept)
        )

    @property
    def changes_until_save(self) -> int:
        """How many changes the file has."""
        saved, count = self.saved, 0
        for entry in self.entries:
            if entry is saved:
                break
            count += isinstance(entry, Change)
        return count - saved.behind


def _last_ones(notes: list[Note]) -> list[Note]:
    """Without the oldest ones of a kind that says how many there may be."""
    count = Counter[str]()
    kept = list[Note]()
    for note in reversed(notes):
        count[note.kind] += 1
        most = note.data.get("most")
        if not isinstance(most, int) or count[note.kind] <= most:
            kept.append(note)
    return kept[::-1]


def _is_note(entry: Entry, kind: str) -> bool:
    return isinstance(entry, Note) and entry.kind == kind


def _joined(last: Change, new: Change) -> Change | None:
    """Both as one, where they are of one step."""
    is_one = last.kind == new.kind == "do" and last.group == new.group
    return joined(last, new) if is_one else None


def file_name(document_id: str, generation: int) -> str:
    """Name of a journal file; a later generation (nanoseconds) sorts behind an earlier one."""
    return f"{document_id}-{generation:020}{SUFFIX}"


def document_of(path: Path) -> str:
    """The document id in the name of a journal file."""
    return path.stem.rpartition("-")[0]


def frame(record: Header | Entry) -> bytes:
    """The bytes of one record."""
    payload = _encoder.encode(record)
    return _FRAME.pack(len(payload), zlib.crc32(payload)) + payload


def file_bytes(header: Header, entries: Iterable[Entry] = ()) -> bytes:
    """The bytes of a whole log."""
    return b"".join((MARK, frame(header), *map(frame, entries)))


def replay(data: bytes) -> Replay | None:
    """Apply all changes up to the first one that is damaged; ``None`` when not even the header is readable."""
    if not data.startswith(MARK):
        return None
    payload, place = _payload(data, len(MARK))
    try:
        header = msgspec.msgpack.decode(payload, type=Header)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
    text, entries = _Text(header.base), list[Entry]()
    decoder: msgspec.msgpack.Decoder[Entry] = msgspec.msgpack.Decoder(Entry)
    while place < len(data):
        payload, following = _payload(data, place)
        try:
            entry = decoder.decode(payload)
            if isinstance(entry, Change):
                text.apply(entry)
        except (msgspec.MsgspecError, UnicodeDecodeError, ValueError):
            break
        place = following
        entries.append(entry)
    return Replay(header, str(text), tuple(entries), place == len(data), data[:place])


def is_foreign(data: bytes) -> bool:
    """Whether another version of this program has written this log, in a format of its own."""
    return data.startswith(_FAMILY) and not data.startswith(MARK) and len(data) >= len(MARK)


def is_torn(data: bytes) -> bool:
    """Whether this log ends before its beginning does: the first changes had not reached the disk yet."""
    body = len(MARK) + _FRAME.size
    if len(data) < body:
        return data.startswith(MARK) or MARK.startswith(data)
    length, _checksum = _FRAME.unpack_from(data, len(MARK))
    return data.startswith(MARK) and len(data) < body + length


def lock(descriptor: int, *, strictly: bool = False) -> bool:
    """Take the lock on an open file; false when a living process holds it.

    Raises:
        OSError: ``strictly``, where the file system cannot lock at all; else that is false too.
    """
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(descriptor, _LOCK_PLACE, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
            os.lseek(descriptor, 0, os.SEEK_END)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if strictly and error.errno not in {errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK}:
            raise
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
