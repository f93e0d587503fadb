"""Opening a file: its text, what can be undone in it, who else has it open, and other versions beside it."""

import os
import re
from pathlib import Path
from typing import NamedTuple

from writer_app.errors import FileMissing, OpenElsewhere
from writer_app.story import atomic, files, lock
from writer_app.story.document import Document
from writer_app.story.files import Opened
from writer_app.story.history import History
from writer_app.story.lock import FileLock
from writer_app.story.records import Replay

#: What programs that synchronise folders put behind a name when two machines changed a file at once:
#: Dropbox, Nextcloud and ownCloud, Syncthing, Seafile, pCloud and Synology, in this order.
_CONFLICTS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r" \([^()]*(?:conflicted copy|冲突|副本)[^()]*\)",
        r"(?:_conflict-[\d-]+| \(conflicted copy [\d -]+\))",
        r"\.sync-conflict-\d{8}-\d{6}(?:-\w+)?",
        r" \(SFConflict [^()]*\)",
        r"(?: \[conflicted\]|_[^_]+_[A-Za-z]{3}-\d{2}-\d{6}-\d{4}_Conflict)",
    )
)


class Opening(NamedTuple):
    """What was found at a path.

    Attributes:
        opened: What the file holds; ``None`` where there is none yet.
        past: The log that leads to it.
        lock: Ours, where nobody else has one.
        elsewhere: Who has it open for writing.
        copies: Versions of it that a synchronised folder has put beside it.
    """

    opened: Opened | None
    past: Replay | None = None
    lock: FileLock | None = None
    elsewhere: OpenElsewhere | None = None
    copies: tuple[Path, ...] = ()

    def document(self, path: Path) -> Document:
        """The document to be shown for ``path``; for reading only where it is open elsewhere."""
        document = self._continued(path) or self._anew(path)
        document.read_only = self.elsewhere
        return document

    def _continued(self, path: Path) -> Document | None:
        """With its steps to undo, where there is a log of them that fits together."""
        if self.opened is None or self.past is None:
            return None
        form, digest = self.opened.form, self.opened.digest
        try:
            return Document.continued(self.past, path, form=form, digest=digest)
        except ValueError:
            return None

    def _anew(self, path: Path) -> Document:
        if self.opened is None:
            return Document("", path)
        return Document(self.opened.text, path, form=self.opened.form, digest=self.opened.digest)

    def let_go(self) -> None:
        """It is not shown after all."""
        if self.lock:
            self.lock.release()


def open_file(path: Path, history: History | None = None, *, may_be_new: bool = False) -> Opening:
    """Look at everything that opening the file at ``path`` needs; may take as long as its disk takes.

    Raises:
        FileMissing: There is none, and it may not be new, or cannot be.
        FileUnreadable, NotText: As :func:`writer_app.story.files.read`.
    """
    try:
        opened = files.read(path)
    except FileMissing:
        if may_be_new and path.suffix in files.SUFFIXES and path.parent.is_dir():
            return Opening(None, None, *_locked(path))
        raise
    atomic.sweep(Path(os.path.realpath(path)).parent)
    past = history.take(path, opened.text, opened.digest) if history else None
    return Opening(opened, past, *_locked(path), conflict_copies(path))


def conflict_copies(path: Path) -> tuple[Path, ...]:
    """Files beside ``path`` that look like versions of it which a synchronised folder could not join."""
    try:
        beside = sorted(path.parent.glob(f"*{path.suffix}"))
    except OSError:
        return ()
    return tuple(each for each in beside if _is_conflict_copy(each.stem, path.stem))


def _is_conflict_copy(stem: str, original: str) -> bool:
    rest = stem.removeprefix(original)
    return rest != stem and any(pattern.fullmatch(rest) for pattern in _CONFLICTS)


def _locked(path: Path) -> tuple[FileLock | None, OpenElsewhere | None]:
    try:
        return lock.acquire(path), None
    except OpenElsewhere as held:
        return None, held
