"""What a crash left behind: journals whose process is gone, replayed and offered.

Nothing is offered that is in its file already, and nothing is removed before :func:`discard` is called; a
damaged journal gives what stands before the damage, and is kept aside even then.
"""

import contextlib
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from writer_app.errors import LogUnreadable, NotInEncoding, WriterError
from writer_app.story import files, records
from writer_app.story import form as forms
from writer_app.story.document import Document
from writer_app.story.form import FileForm
from writer_app.story.history import History
from writer_app.story.patience import within
from writer_app.story.records import Replay, Saved

DAMAGED_SUFFIX = ".damaged"
#: Seconds that the disk of a text may take to answer; the start does not wait for it any longer.
PATIENCE = 2.0


class Recovered(NamedTuple):
    """A text that is in no file.

    Attributes:
        path: The document's file; ``None`` for an untitled one.
        text: The text as it was last, LF newlines.
        form: How its file writes text down.
        base_digest: Hash of the file as the program knew it then; empty without one.
        last_change: When the last of it was written down.
        damaged: Part of the journal could not be read: the last moments may be missing.
        journals: The files it was read from.
        log: The whole log, with what can be undone in it.
    """

    document_id: str
    path: Path | None
    text: str
    form: FileForm
    base_digest: str
    last_change: datetime
    damaged: bool
    journals: tuple[Path, ...]
    log: Replay

    def document(self) -> Document:
        """The text as a document that goes on where it ended; the file must be as it was known then."""
        return Document.continued(
            self.log, self.path, form=self.form, digest=self.base_digest or None
        )


def _ignore(_: WriterError) -> None:
    """Nobody wants to hear of it."""


def pending(
    folder: Path, history: History | None = None, failed: Callable[[WriterError], None] = _ignore
) -> list[Recovered]:
    """What can be recovered, the latest first. Journals of running processes are left alone.

    Journals that turn out to hold nothing new go to ``history``; one without a readable beginning is kept aside,
    and ``failed`` is told of it where there was text in it. One of another version of the program stays for that.
    Raises ``OSError`` only where the folder itself cannot be read.
    """
    if not folder.is_dir():
        return []
    paths = sorted(folder.glob("*" + records.SUFFIX))
    found: list[Recovered] = []
    for _, group in groupby(paths, key=records.document_of):
        # One that makes no sense to this version of the program stays for one to which it does.
        with contextlib.suppress(OSError, ValueError, LookupError):
            found.extend(_recover(list(group), history, failed))
    return sorted(found, key=lambda recovered: recovered.last_change, reverse=True)


def discard(recovered: Recovered) -> None:
    """Remove what was taken over or is not wanted. What cannot be removed is offered once more at the next start."""
    for path in recovered.journals:
        with contextlib.suppress(OSError):  # another window of the program may have been quicker
            if recovered.damaged:
                path.replace(path.with_suffix(DAMAGED_SUFFIX))
            else:
                path.unlink(missing_ok=True)


def _recover(
    journals: list[Path], history: History | None, failed: Callable[[WriterError], None]
) -> Iterator[Recovered]:
    """Read the generations of one document's journal: the newest one that has a beginning counts."""
    contents = [_read_abandoned(path) for path in journals]
    if not all(content is not None and not records.is_foreign(content) for content in contents):
        return
    readable = [
        (path, found)
        for path, data in zip(journals, contents, strict=True)
        if (found := records.replay(data or b""))
    ]
    if not readable:
        for path, data in zip(journals, contents, strict=True):
            aside = path.with_suffix(DAMAGED_SUFFIX)
            path.replace(aside)
            if not records.is_torn(data or b""):
                failed(LogUnreadable(path=str(aside)))
        return
    path, log = readable[-1]
    saved = log.saved
    recovered = Recovered(
        document_id=records.document_of(path),
        path=Path(saved.path) if saved.path else None,
        text=log.text,
        form=saved.form,
        base_digest=saved.digest,
        last_change=datetime.fromtimestamp(path.stat().st_mtime, UTC),
        damaged=not log.whole,
        journals=tuple(journals),
        log=log,
    )
    if _is_worth_offering(recovered):
        yield recovered
        return
    if history and recovered.path:
        with contextlib.suppress(OSError, WriterError):
            # It may have ended between the save and the note of it.
            digest = files.digest_of(recovered.path)
            history.keep(log.and_then(Saved(digest, saved.path, saved.form)))
    discard(recovered)


def _read_abandoned(path: Path) -> bytes | None:
    """The bytes of a journal that nobody writes any more; ``None`` when its process lives."""
    descriptor = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    with os.fdopen(descriptor, "rb") as file:
        if not records.lock(descriptor):
            return None
        file.seek(0)
        return file.read()


def _is_worth_offering(recovered: Recovered) -> bool:
    if recovered.path is None:
        return bool(recovered.text.strip())
    try:
        data = forms.encode(recovered.text, recovered.form)
        there = within(PATIENCE, recovered.path.read_bytes)
        # Text that was in the file once is no unsaved text, whatever stands there now.
        return data != there and files.hash_of(data) != recovered.base_digest
    except (OSError, NotInEncoding):  # also where the disk does not answer
        return True
