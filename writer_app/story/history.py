"""The logs of documents that are closed: what undo and authorship go on from when a file is opened again.

A log here ends with the text that is in its file, found by the file's name and proven by its hash. What
another program did to the file in between is one more change. All of it is a convenience: without it the
file opens all the same, with nothing to undo.
"""

import contextlib
import hashlib
import os
from pathlib import Path

import msgspec

from writer_app.story import atomic, records
from writer_app.story.changes import Change, ChangeLog, Origin
from writer_app.story.ledger import Ledger
from writer_app.story.records import Entry, Header, Note, Replay, Saved
from writer_app.text.difference import difference

SUFFIX = ".log"
#: Bytes of one log beyond which its oldest changes become part of its beginning.
MOST_OF_ONE = 8 * 1024 * 1024
#: Bytes of all logs; the longest unused go first.
MOST_OF_ALL = 256 * 1024 * 1024
#: Steps that can still be undone in a log that was shortened.
STEPS_KEPT = 500


class History:
    """The logs in ``folder``, which is made when needed, for this user only."""

    def __init__(self, folder: Path, most_bytes: int = MOST_OF_ALL) -> None:
        self._folder = folder
        self._most = most_bytes

    def keep(self, log: Replay) -> None:
        """Take over what of ``log`` is in its file; what is not is let go. Raises ``OSError``."""
        kept = log.as_saved()
        if kept is None or not kept.saved.path:
            return
        if not kept.changes and not kept.header.authors:  # nothing is known of it
            return
        kept = kept.compact()
        if len(kept.data) > MOST_OF_ONE:
            kept = shortened(kept)
        atomic.make_folder(self._folder, 0o700)
        target = self._place(Path(kept.saved.path))
        with atomic.written_beside(target, kept.data, None, rights=0o600) as temporary:
            temporary.replace(target)
        self._make_room()

    def take(self, path: Path, text: str, digest: str) -> Replay | None:
        """The log that leads to ``text``, which was read from ``path``; ``None`` where there is none."""
        place = self._place(path)
        try:
            log = records.replay(place.read_bytes())
            if log is not None:
                os.utime(place)
        except OSError:
            return None
        if log is None or not log.whole:
            return None
        more = list[Entry]()
        if log.text != text:
            offset, removed, inserted = difference(log.text, text)
            groups = (entry.group for entry in log.entries if isinstance(entry, Change))
            group = max(groups, default=0) + 1
            more.append(Change(offset, removed, inserted, Origin.IMPORTED, group))
        if more or log.saved.digest != digest:  # the same bytes may be read as another text now
            more.append(Saved(digest, str(path), log.saved.form))
        return log.and_then(*more) if more else log

    def data(self, path: Path) -> bytes | None:
        """The log of a file as it lies on the disk."""
        try:
            return self._place(path).read_bytes()
        except OSError:
            return None

    def forget(self, path: Path) -> None:
        """Remove the log of a file. Raises ``OSError``."""
        self._place(path).unlink(missing_ok=True)

    def _place(self, path: Path) -> Path:
        name = hashlib.sha256(os.fsencode(path)).hexdigest()[:32]
        return self._folder / (name + SUFFIX)

    def _make_room(self) -> None:
        with contextlib.suppress(OSError):
            found = [(each.stat(), each) for each in self._folder.glob("*" + SUFFIX)]
            found.sort(key=lambda pair: pair[0].st_mtime_ns, reverse=True)
            room = self._most
            for status, path in found:
                room -= status.st_size
                if room < 0:
                    path.unlink(missing_ok=True)


def shortened(log: Replay) -> Replay:
    """The same text with the last :data:`STEPS_KEPT` steps to undo, none to redo, and all authors.

    Notes that belong to a place of the text go with the changes around them.
    """
    changes = ChangeLog()
    for entry in log.entries:
        if isinstance(entry, Change):
            changes.append(entry)
    kept = [change for step in changes.steps[-STEPS_KEPT:] for change in step]
    base = log.text
    for change in reversed(kept):
        base = change.inverse().apply(base)
    settled = (change for step in changes.steps[:-STEPS_KEPT] for change in step)
    ledger = Ledger.of(log.header, settled)
    saved = log.saved
    header = Header(
        document_id=log.header.document_id,
        path=saved.path,
        base=base,
        base_digest=saved.digest,
        form=saved.form,
        pid=os.getpid(),
        authors=ledger.runs,
    )
    notes = [each for each in log.entries if isinstance(each, Note) and not each.has_place]
    entries: list[Entry] = [*notes, *kept, msgspec.structs.replace(saved, behind=0)]
    made = records.replay(records.file_bytes(header, entries))
    assert made is not None
    return made
