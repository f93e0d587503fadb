"""The crash journal: every change of every open document is on the disk a quarter of a second later.

Changes are gathered for a moment and then written and synced by a thread of its own. The moment counts from
the first change that waits (maximum age); waiting for a pause, as autosave commonly does, would wait for ever
while a model streams. The first change of a document creates its file, with the whole text as a base, so that a
document that was only looked at leaves nothing behind. A save is one more record. When the document is closed,
what is in its own file goes to the :class:`~writer_app.story.history.History`, so that undo goes on next time.
"""

import contextlib
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

from writer_app.errors import JournalFailed, WriterError
from writer_app.reasons import reason_for
from writer_app.story import atomic, records
from writer_app.story.changes import Change
from writer_app.story.document import Document
from writer_app.story.history import History
from writer_app.story.records import Entry, Header, Saved

#: Gathering takes this long, writing and syncing the rest of the promised 250 ms.
MAX_AGE_SECONDS = 0.2
RETRY_SECONDS = 2.0


def _ignore(*_: object) -> None:
    """Nobody wants to hear of it."""


class Journal:
    """Follows documents and writes what happens to them into ``folder``.

    Args:
        folder: Made when needed, for this user only.
        history: Takes over the logs of documents that are closed.
        max_age: Seconds that a change may wait before it is written.
        failed: Told, in the journal's thread, that crash protection is off; once for a row of failures.
        restored: Told there too that it is on again.
        retry: Seconds between attempts while writing fails; changes are kept in memory meanwhile.
    """

    def __init__(
        self,
        folder: Path,
        history: History | None = None,
        *,
        max_age: float = MAX_AGE_SECONDS,
        failed: Callable[[WriterError], None] = _ignore,
        restored: Callable[[], None] = _ignore,
        retry: float = RETRY_SECONDS,
    ) -> None:
        self._folder = folder
        self._history = history
        self._max_age = max_age
        self._failed = failed
        self._restored = restored
        self._retry = retry
        self._changed = threading.Condition()
        self._tracks: dict[str, _Track] = {}
        self._is_urgent = False
        self._is_closing = False
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
        self._thread.start()

    def follow(self, document: Document) -> None:
        """Begin to write down the changes of ``document``; text that no file has is written at once."""
        track = _Track(self._folder, document.id, _beginning(document))
        track.is_needed = _is_unsaved(document)

        def note(entry: Entry) -> None:
            with self._changed:
                track.waiting.append(entry)
                self._changed.notify_all()

        leaving = document.subscribe(note), document.subscribe_notes(note)

        def leave() -> None:
            for each in leaving:
                each()

        track.leave = leave
        with self._changed:
            self._tracks[document.id] = track
            self._changed.notify_all()

    def note_save(self, document: Document, revision: int) -> None:
        """Write down that the text of ``revision`` is in the file, by which the next start knows it.

        To be called when the document knows it already (path, digest, ``mark_saved``).
        """
        behind = document.revision - revision
        saved = Saved(document.digest or "", str(document.path or ""), document.form, behind)
        with self._changed:
            track = self._tracks[document.id]
            track.waiting.append(saved)
            track.is_needed = _is_unsaved(document)
            self._changed.notify_all()

    def forget(self, document: Document) -> None:
        """Stop following: the document was closed. What is in its file stays undoable, what is not is gone."""
        with self._changed:
            track = self._tracks[document.id]
            track.is_over = True
            track.leave()
            self._changed.notify_all()

    def flush(self, timeout: float | None = None) -> bool:
        """Wait until all changes so far are on disk; false when they are not after ``timeout`` seconds."""
        with self._changed:
            self._is_urgent = not self._is_closing
            self._changed.notify_all()
            self._changed.wait_for(lambda: not self._is_urgent, timeout)
            return not any(track.has_work for track in self._tracks.values())

    def close(self) -> None:
        """Write what is left and end the thread; files of documents not forgotten stay for the next start."""
        with self._changed:
            self._is_closing = True
            self._changed.notify_all()
        self._thread.join()
        for track in self._tracks.values():
            track.leave()
            track.close()

    def _run(self) -> None:
        error: WriterError | None = None
        closing = False
        while not closing:
            with self._changed:
                self._changed.wait_for(self._is_wanted)
                pause = self._retry if error else self._max_age
                self._changed.wait_for(lambda: self._is_urgent or self._is_closing, pause)
                urgent, closing = self._is_urgent, self._is_closing
                tracks = list(self._tracks.items())
            was_failing = error is not None
            error = self._write(tracks)
            if error and not was_failing:
                self._failed(error)
            elif was_failing and not error:
                self._restored()
            with self._changed:
                # A flush that came while we wrote waits for the next round.
                self._is_urgent = self._is_urgent and not urgent and not closing
                self._changed.notify_all()

    def _is_wanted(self) -> bool:
        waits = any(track.has_work for track in self._tracks.values())
        return waits or self._is_urgent or self._is_closing

    def _write(self, tracks: list[tuple[str, "_Track"]]) -> WriterError | None:
        failure = None
        for document_id, track in tracks:
            with self._changed:
                entries, is_over = track.take(), track.is_over
            try:
                if is_over:
                    track.end(entries, self._history)
                else:
                    track.write(entries)
            except Exception as error:  # noqa: BLE001 - a mistake too must not end this thread
                failure = _failed(error)
                with self._changed:
                    track.waiting[:0] = entries
            else:
                with self._changed:
                    if is_over and self._tracks[document_id] is track:
                        del self._tracks[document_id]
        return failure


def _failed(error: Exception) -> JournalFailed:
    """What a mistake of ours says may quote her text; its kind does not."""
    if isinstance(error, OSError):
        return JournalFailed(reason=reason_for(error), detail=str(error))
    return JournalFailed(reason=type(error).__name__)


class _Track:
    """The log of one document: what waits to be written, and the file.

    ``waiting`` and the flags are guarded by the journal's lock; the file belongs to its thread, and comes into
    being with the first change, or at once where the text ``is_needed`` because it is in no file.
    """

    def __init__(self, folder: Path, document_id: str, beginning: bytes) -> None:
        self.waiting: list[Entry] = []
        self.is_needed = False
        self.is_over = False
        self.leave: Callable[[], None] = lambda: None
        self._folder = folder
        self._id = document_id
        self._beginning = beginning
        self._path: Path | None = None
        self._file = -1
        self._size = 0

    @property
    def has_work(self) -> bool:
        """Whether there is something to write, or a file to be done with."""
        if self.is_over:
            return True
        if self._path is None:
            return self.is_needed or any(isinstance(each, Change) for each in self.waiting)
        return bool(self.waiting)

    def take(self) -> list[Entry]:
        """What is to be written now."""
        if not self.has_work:
            return []
        entries, self.waiting = self.waiting, []
        return entries

    def write(self, entries: list[Entry]) -> None:
        """Put it on disk. Raises ``OSError``; nothing half written is left then."""
        data = b"".join(map(records.frame, entries))
        if self._path is not None:
            if data:
                self._append(data)
        elif entries or self.is_needed:
            self._begin(self._beginning + data)

    def end(self, entries: list[Entry], history: History | None) -> None:
        """Hand what is in the writer's file over to ``history``, and remove the rest. Raises ``OSError``."""
        data = self._written() if self._path else self._beginning
        log = records.replay(data + b"".join(map(records.frame, entries)))
        if log and history:
            with contextlib.suppress(OSError):  # undo in the next session is worth no complaint
                history.keep(log)
        if self._path is not None:
            self.close()
            self._path.unlink(missing_ok=True)
            self._path = None

    def close(self) -> None:
        """Let go of the file, which stays."""
        if self._file >= 0:
            descriptor, self._file = self._file, -1
            # An error here is of no write, those are synced; and the descriptor is gone all the same.
            with contextlib.suppress(OSError):
                os.close(descriptor)

    def _written(self) -> bytes:
        """What is in the file, which may have no name any more."""
        with os.fdopen(os.dup(self._file), "rb") as file:
            file.seek(0)
            return file.read(self._size)

    def _begin(self, data: bytes) -> None:
        atomic.make_folder(self._folder, 0o700)
        path = self._folder / records.file_name(self._id, time.time_ns())
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_APPEND | getattr(os, "O_BINARY", 0)
        descriptor = os.open(path, flags, 0o600)
        try:
            records.lock(descriptor)
            atomic.write_all(descriptor, data)
            os.fsync(descriptor)
        except BaseException:
            os.close(descriptor)
            path.unlink(missing_ok=True)
            raise
        # A folder that cannot be synced costs nothing but the last moments before a power cut.
        with contextlib.suppress(OSError):
            atomic.sync_folder(self._folder)
        self._path, self._file, self._size = path, descriptor, len(data)
        self._beginning = b""

    def _append(self, data: bytes) -> None:
        assert self._path is not None
        if not atomic.is_at(self._file, self._path):
            # Someone has cleared our folder away: what goes into this file now would never be found.
            self._beginning = self._written()
            self.close()
            self._path = None
            self._begin(self._beginning + data)
            return
        # What a failed attempt left would hide everything behind it.
        if os.fstat(self._file).st_size != self._size:
            os.ftruncate(self._file, self._size)
        atomic.write_all(self._file, data)
        os.fsync(self._file)
        self._size += len(data)


def _beginning(document: Document) -> bytes:
    """What the log of ``document`` begins with: the past that it goes on from, or its text as it is."""
    if document.past is not None:
        return document.past.data
    header = Header(
        document_id=document.id,
        path=str(document.path or ""),
        base=document.text,
        base_digest=document.digest or "",
        form=document.form,
        pid=os.getpid(),
    )
    return records.file_bytes(header)


def _is_unsaved(document: Document) -> bool:
    """Whether there is text that is in no file."""
    return document.is_changed or (document.path is None and document.text != "")
