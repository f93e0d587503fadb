"""Earlier versions of one document: taken at the moments after which one wants to go back. Writing is done aside."""

import time
from collections.abc import Callable
from functools import partial

import shiboken6
from PySide6.QtCore import QObject, QTimer, Signal

from writer_app.errors import WriterError
from writer_app.story.document import Document
from writer_app.story.snapshots import Snapshot, Snapshots, Why
from writer_app.ui.session.aside import Aside

#: Milliseconds of work between two versions taken by the clock.
EVERY_MS = 10 * 60 * 1000


class Keeping(QObject):
    """Takes and finds the earlier versions of ``document``.

    Signals:
        failed: A :class:`WriterError`, once until it works again.
        taken: Another one is there.
    """

    failed = Signal(object)
    taken = Signal()

    def __init__(
        self, document: Document, snapshots: Snapshots, aside: Aside, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._snapshots = snapshots
        self._aside = aside
        self._key = self._name()
        self._revision = document.revision
        self._is_failing = False
        self._clock = QTimer(self, interval=EVERY_MS)
        self._clock.timeout.connect(self._on_clock)
        self._clock.start()

    def take(self, why: Why, name: str = "") -> None:
        """Keep the text as it is now; nothing happens where the last version is the same, or it is blank."""
        document = self._document
        self._revision = document.revision
        text, moment = document.text, time.time()
        if not text.strip() and not name:
            return
        key, old = self._name(), self._key
        self._key = key

        def work() -> None:
            if old == document.id != key:
                self._snapshots.move(
                    old, key
                )  # untitled until now; those of another file stay with it
            self._snapshots.take(key, text, why, name=name, at=moment)

        self._do(work, lambda _none: self.taken.emit())

    def list(self, done: Callable[[list[Snapshot]], object], asker: QObject) -> None:
        """All versions, the latest first. ``asker`` may be gone by then, here and below."""
        self._do(partial(self._snapshots.all_of, self._name()), done, asker)

    def read(self, number: int, done: Callable[[str], object], asker: QObject) -> None:
        """The text of a version."""
        self._do(partial(self._snapshots.text, number), done, asker)

    def name(self, number: int, name: str, done: Callable[[], object], asker: QObject) -> None:
        """Give a version a name, so that it stays."""
        self._do(partial(self._snapshots.name, number, name), lambda _none: done(), asker)

    def remove(self, number: int, done: Callable[[], object], asker: QObject) -> None:
        """Forget a version."""
        self._do(partial(self._snapshots.remove, number), lambda _none: done(), asker)

    def _name(self) -> str:
        return str(self._document.path or self._document.id)

    def _on_clock(self) -> None:
        if self._document.revision != self._revision:
            self.take(Why.TIME)

    def _do(
        self, work: Callable[[], object], done: Callable[..., object], asker: QObject | None = None
    ) -> None:
        def judge(found: object) -> None:
            if isinstance(found, WriterError):
                if not self._is_failing:
                    self.failed.emit(found)
                self._is_failing = True
            else:
                self._is_failing = False
                if shiboken6.isValid(asker or self):
                    done(found)

        self._aside.run(work, judge, self)
