"""Whether this window may write the file of its document, or another program has it open."""

import threading
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from writer_app.errors import OpenElsewhere, WriterError
from writer_app.language import _, explain
from writer_app.story import lock
from writer_app.story.document import Document
from writer_app.story.lock import FileLock
from writer_app.ui.session.aside import Aside
from writer_app.ui.session.state import Action, Notice

KEY = "elsewhere"
#: Seconds that a disk may take to let go of a lock before the window goes on; its thread goes on too.
PATIENCE = 0.5


class _Claim:
    """A lock that is being asked for aside: whoever comes last, the answer or the end, lets go of it."""

    def __init__(self, path: Path, *, anyway: bool) -> None:
        self._path = path
        self._anyway = anyway
        self._guard = threading.Lock()
        self._found: FileLock | None = None
        self._is_over = False

    def ask(self) -> FileLock:
        """In the thread. Raises :class:`OpenElsewhere`."""
        found = lock.acquire(self._path, anyway=self._anyway)
        with self._guard:
            self._found = found
            if self._is_over:
                found.release()
        return found

    def end(self) -> None:
        """It is not wanted any more."""
        with self._guard:
            self._is_over = True
            if self._found:
                self._found.release()


class Ownership(QObject):
    """Holds the lock of one document's file, and asks for it again when the writer does.

    Signals:
        changed: The document may be written now, or not any more.
        noticed: A :class:`Notice`; settled: the key of one that is no longer true.
    """

    changed = Signal()
    noticed = Signal(object)
    settled = Signal(str)

    def __init__(self, document: Document, aside: Aside, parent: QObject) -> None:
        super().__init__(parent)
        self._document = document
        self._aside = aside
        self._lock: FileLock | None = None
        self._of: Path | None = None
        self._claim: _Claim | None = None

    def take(self, lock: FileLock | None) -> None:
        """This lock is ours, of the document's file as it is named now."""
        self._lock, self._of = lock, self._document.path

    def follow(self) -> None:
        """The document was saved: if under another name, that file is ours now and the old one is not."""
        if self._document.path != self._of:
            self._document.read_only = None
            self._drop()
            self._of = self._document.path
            self.settled.emit(KEY)
            self._ask(anyway=False)

    def release(self) -> None:
        """The document is closed."""
        self._drop()
        self.deleteLater()

    def tell(self, held: OpenElsewhere) -> None:
        """Say who is first, and what can be done."""
        again = Action(_("Look again"), partial(self._ask, anyway=False, aloud=True))
        over = Action(_("Write here all the same"), partial(self._ask, anyway=True, aloud=True))
        actions = (again, over) if held.params["other"] else (again,)
        self.noticed.emit(Notice(explain(held), actions, key=KEY, is_problem=True))

    def _tell_of_both(self, held: OpenElsewhere) -> None:
        text = _(
            "“{path}” is also open on “{machine}” ({user}, since {since}), and you can write in it here too. "
            "Close it there, or save here under another name."
        )
        again = Action(_("Look again"), partial(self._ask, anyway=False, aloud=True))
        self.noticed.emit(Notice(text.format(**held.params), (again,), key=KEY, is_problem=True))

    def ask_again(self) -> None:
        """See without a word whether the other one has closed it."""
        self._ask(anyway=False)

    def _ask(self, *, anyway: bool, aloud: bool = False) -> None:
        path = self._document.path
        if path is None or self._claim is not None:
            return
        claim = self._claim = _Claim(path, anyway=anyway)

        def judge(found: FileLock | WriterError) -> None:
            if self._claim is not claim:
                return
            self._claim = None
            if isinstance(found, FileLock):
                self._lock = found
                self._open()
            elif isinstance(found, OpenElsewhere):
                self._close(found, aloud=aloud)

        self._aside.run(claim.ask, judge, self)

    def _open(self) -> None:
        self.settled.emit(KEY)
        if self._document.read_only is not None:
            self._document.read_only = None
            self.changed.emit()

    def _close(self, held: OpenElsewhere, *, aloud: bool) -> None:
        if self._document.read_only is None:
            # Saved under a name that another program has open: said, but what she writes stays hers.
            self._tell_of_both(held)
        elif aloud:
            self.tell(held)

    def _drop(self) -> None:
        """Let go, aside: the disk may be gone."""
        claim, lock = self._claim, self._lock
        self._claim = self._lock = None
        for end in (claim and claim.end, lock and lock.release):
            if end:
                self._aside.run(end, lambda _none: None, self, PATIENCE)
