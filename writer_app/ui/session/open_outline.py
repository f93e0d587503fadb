"""The outline of one project while it is open, or of a text that belongs to none; the same for all its windows.

Every edit puts another value in the place of the one before, which is kept to be taken back, and is written aside.
"""

import threading
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from writer_app.errors import ChangedOnDisk, OutlineDamaged, SaveUnsure, WriterError
from writer_app.language import _, explain
from writer_app.story import files
from writer_app.story import outline as outlines
from writer_app.story.outline import Outline
from writer_app.ui.session.aside import Aside
from writer_app.ui.session.state import Action, Notice

#: Edits that can be taken back.
MOST_UNDO = 200
#: Milliseconds after the first edit that the file does not say, until it says it.
SAVE_MS = 400


class OpenOutline(QObject):
    """An outline, with what it was before.

    Args:
        folder: Of the project; ``None`` keeps the outline in memory only.

    Signals:
        changed: It is another one.
        moved: By undo or redo: what it was, and what it is.
        noticed: A :class:`Notice` about its file; settled: the key of one that is over.

    Attributes:
        is_unsaved: Its file could not be written the last time.
    """

    changed = Signal()
    moved = Signal(object, object)
    noticed = Signal(object)
    settled = Signal(str)

    def __init__(self, folder: Path | None, aside: Aside, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.value = Outline()
        self._folder = folder
        self._aside = aside
        self._digest: str | None = None
        self._is_known = folder is None  # what its file says
        self._written = Outline()  # what we have read or written last
        self.is_unsaved = False
        self._idle = threading.Event()  # nobody writes the file
        self._idle.set()
        self._done: list[Outline] = []
        self._undone: list[Outline] = []
        self._pause = QTimer(self, interval=SAVE_MS, singleShot=True)
        self._pause.timeout.connect(self._save)
        if folder is not None:
            aside.run(partial(outlines.read, folder), self._on_read, self, patience=0.05)

    @property
    def key(self) -> str:
        """Of the notice about its file."""
        return f"outline {self._folder}"

    @property
    def can_undo(self) -> bool:
        """Whether an edit can be taken back."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Whether one that was taken back can be made again."""
        return bool(self._undone)

    def put(self, outline: Outline, *, is_step: bool = True) -> None:
        """Let ``outline`` hold from now on; what is no step of its own goes with the step before."""
        if outline == self.value:
            return
        if is_step:
            self._done = [*self._done[-MOST_UNDO:], self.value]
            self._undone = []
        self._take(outline)

    def undo(self) -> None:
        """Take back the last edit."""
        if self._done:
            self._undone.append(self.value)
            self._move(self._done.pop())

    def redo(self) -> None:
        """Make the last one again that was taken back."""
        if self._undone:
            self._done.append(self.value)
            self._move(self._undone.pop())

    def save(self) -> None:
        """Write its file, where it does not say yet what holds."""
        if self.value != self._written:
            self._save()

    def finish(self, patience: float) -> None:
        """At the end of the program: see that the file says what holds, for so many seconds at most."""
        self._pause.stop()
        if self._folder is None or self.value == self._written or not self._idle.wait(patience):
            return
        try:
            outlines.write(self._folder, self.value, self._digest)
        except WriterError:  # there is no window any more to say it in
            return

    # -- inside ---------------------------------------------------------------------------------

    def _move(self, outline: Outline) -> None:
        was = self.value
        self._take(outline)
        self.moved.emit(was, outline)

    def _take(self, outline: Outline) -> None:
        self.value = outline
        self.changed.emit()
        # Not for ever anew: what a model writes would hold it off.
        if self._folder is not None and not self._pause.isActive():
            self._pause.start()

    def _on_read(self, found: tuple[Outline, str | None] | WriterError) -> None:
        self._is_known = True
        if isinstance(found, WriterError):
            self._explain(found)
            return
        outline, digest = found
        if self.value == Outline():  # nothing was done before the disk answered
            self.value, self._written, self._digest = outline, outline, digest
            self.changed.emit()
        # Otherwise saving finds a file that we do not know, and asks.

    def _save(self) -> None:
        if self._folder is None:
            return
        if not self._is_known or not self._idle.is_set():
            self._pause.start()
            return
        self._idle.clear()
        work = partial(_write, self._folder, self.value, self._digest, self._idle)
        self._aside.run(work, partial(self._on_saved, self.value), self)

    def _on_saved(self, outline: Outline, found: str | WriterError) -> None:
        self.is_unsaved = isinstance(found, WriterError) and not isinstance(found, SaveUnsure)
        if not self.is_unsaved:
            self._written = outline
            self._digest = found if isinstance(found, str) else str(found.params["digest"])
        if isinstance(found, WriterError):
            self._explain(found)
        else:
            self.settled.emit(self.key)

    def _explain(self, error: WriterError) -> None:
        actions: tuple[Action, ...] = (Action(_("Try again"), self._save),)
        if isinstance(error, ChangedOnDisk):
            actions = (
                Action(_("Take theirs"), self._read_again),
                Action(_("Keep mine"), self._overwrite),
            )
        elif isinstance(error, OutlineDamaged):
            actions = (Action(_("Try again"), self._read_again),)
        notice = Notice(explain(error), actions, error.detail, key=self.key, is_problem=True)
        self.noticed.emit(notice)

    def _read_again(self) -> None:
        """Let hold what the file says now; what held before can be brought back."""

        def take(found: tuple[Outline, str | None] | WriterError) -> None:
            if isinstance(found, WriterError):
                self._explain(found)
                return
            self._written, self._digest = found
            self.is_unsaved = False
            self.settled.emit(self.key)
            self.put(self._written)

        assert self._folder
        self._aside.run(partial(outlines.read, self._folder), take, self)

    def _overwrite(self) -> None:
        def write(digest: str | WriterError) -> None:
            if isinstance(digest, WriterError):
                self._explain(digest)
                return
            self._digest = digest
            self._save()

        assert self._folder
        self._aside.run(partial(files.digest_of, self._folder / outlines.NAME), write, self)


def _write(folder: Path, outline: Outline, digest: str | None, idle: threading.Event) -> str:
    """Raises what :func:`outlines.write` raises."""
    try:
        return outlines.write(folder, outline, digest)
    finally:
        idle.set()
