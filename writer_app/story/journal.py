"""The crash journal: every change of every open document is on the disk a quarter of a second later.

Changes are gathered for a moment and then written and synced by a thread of its own. The moment counts from
the first change that waits (maximum age); waiting for a pause, as autosave commonly does, would wait for ever
while a model streams. The first change of a document creates its file, with the whole text as a base, and a
verified save starts a new one; so a document that was only looked at leaves nothing behind.
"""

import contextlib
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

from writer_app.errors import JournalFailed, WriterError
from writer_app.story import atomic, records
from writer_app.story.changes import Change
from writer_app.story.document import Document
from writer_app.story.reasons import reason_for
from writer_app.story.records import Header

#: Gathering takes this long, writing and syncing the rest of the promised 250 ms.
MAX_AGE_SECONDS = 0.2
RETRY_SECONDS = 2.0


def _ignore(_: WriterError) -> None:
    """Nobody wants to hear of it."""


class Journal:
    """Follows documents and writes what happens to them into ``folder``.

    Args:
        folder: Made when needed, for this user only.
        max_age: Seconds that a change may wait before it is written.
        failed: Told, in the journal's thread, that crash protection is off; once for a row of failures.
        retry: Seconds between attempts while writing fails; changes are kept in memory meanwhile.
    """

    def __init__(
        self,
        folder: Path,
        *,
        max_age: float = MAX_AGE_SECONDS,
        failed: Callable[[WriterError], None] = _ignore,
        retry: float = RETRY_SECONDS,
    ) -> None:
        self._folder = folder
        self._max_age = max_age
        self._failed = failed
        self._retry = retry
        self._changed = threading.Condition()
        self._tracks: dict[str, _Track] = {}
        self._is_urgent = False
        self._is_closing = False
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
        self._thread.start()

    def follow(self, document: Document) -> None:
        """Begin to write down the changes of ``document``; text that no file has is written at once."""
        track = _Track(self._folder, _header(document), is_needed=_is_unsaved(document))

        def note(change: Change) -> None:
            with self._changed:
                track.waiting.append(change)
                self._changed.notify_all()

        track.leave = document.subscribe(note)
        with self._changed:
            self._tracks[document.id] = track
            self._changed.notify_all()

    def restart(self, document: Document) -> None:
        """Start anew from the text as it is now: it was saved, or its file got another name.

        To be called when the document knows it already (path, digest, ``mark_saved``). Changes made since the
        saved revision stay protected.
        """
        self._renew(document, is_needed=_is_unsaved(document))

    def forget(self, document: Document) -> None:
        """Stop following and remove the file: the document was closed and nothing of it is wanted back."""
        self._renew(document, is_over=True)

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

    def _renew(self, document: Document, *, is_needed: bool = False, is_over: bool = False) -> None:
        with self._changed:
            track = self._tracks[document.id]
            track.base, track.waiting = _header(document), []
            track.is_needed, track.is_over = is_needed, is_over
            if is_over:
                track.leave()
            self._changed.notify_all()

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
                base, changes = track.take()
            try:
                track.write(base, changes)
            except OSError as error:
                failure = JournalFailed(reason=reason_for(error), detail=str(error))
                with self._changed:
                    track.give_back(base, changes)
            else:
                with self._changed:
                    if track.is_over and not track.has_work and self._tracks[document_id] is track:
                        del self._tracks[document_id]
        return failure


class _Track:
    """The journal of one document: what waits to be written, and the file.

    ``base``, ``waiting`` and the flags are guarded by the journal's lock; the file belongs to its thread.
    Each base begins a file of its own, and the old one goes only when the new one is complete.
    """

    def __init__(self, folder: Path, base: Header, *, is_needed: bool) -> None:
        self.base: Header | None = base
        self.waiting: list[Change] = []
        self.is_needed = is_needed
        self.is_over = False
        self.leave: Callable[[], None] = lambda: None
        self._folder = folder
        self._path: Path | None = None
        self._file = -1
        self._size = 0

    @property
    def has_work(self) -> bool:
        """Whether there is something to write or to remove."""
        is_stale = self.base is not None and self._path is not None
        return bool(self.waiting) or is_stale or (self.is_needed and self.base is not None)

    def take(self) -> tuple[Header | None, list[Change]]:
        """What is to be written now. An unneeded base stays here until a change makes it needed."""
        changes, self.waiting = self.waiting, []
        if not changes and not self.is_needed:
            return None, []
        base, self.base = self.base, None
        return base, changes

    def give_back(self, base: Header | None, changes: list[Change]) -> None:
        """Writing failed; what was taken waits again, unless a newer base has made it worthless."""
        if self.base is None:
            self.base = base
            self.waiting[:0] = changes

    def write(self, base: Header | None, changes: list[Change]) -> None:
        """Put it on disk. Raises ``OSError``; nothing half written is left then."""
        if base is not None:
            self._begin(base, changes)
        elif changes:
            self._append(b"".join(map(records.frame, changes)))
        elif self.base is not None:
            self._remove()

    def close(self) -> None:
        """Let go of the file, which stays."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _begin(self, base: Header, changes: list[Change]) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._folder / records.file_name(base.document_id, time.time_ns())
        data = b"".join((records.MARK, records.frame(base), *map(records.frame, changes)))
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
        with contextlib.suppress(OSError):
            self._remove()
        self._path, self._file, self._size = path, descriptor, len(data)

    def _append(self, data: bytes) -> None:
        # What a failed attempt left would hide everything behind it.
        if os.fstat(self._file).st_size != self._size:
            os.ftruncate(self._file, self._size)
        atomic.write_all(self._file, data)
        os.fsync(self._file)
        self._size += len(data)

    def _remove(self) -> None:
        if self._path is not None:
            self.close()
            self._path.unlink(missing_ok=True)
            self._path = None


def _header(document: Document) -> Header:
    return Header(
        document_id=document.id,
        path=str(document.path or ""),
        base=document.text,
        base_digest=document.digest or "",
        form=document.form,
        pid=os.getpid(),
    )


def _is_unsaved(document: Document) -> bool:
    """Whether there is text that is in no file."""
    return document.is_changed or (document.path is None and document.text != "")
