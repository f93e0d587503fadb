"""What is written in one window today: followed as it is written, and added to its day."""

import time
from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QObject, QTimer, Signal

from writer_app.story.changes import Change
from writer_app.story.days import Sitting, Written
from writer_app.story.document import Document
from writer_app.ui.session.binder import Binder
from writer_app.ui.session.diary import Diary
from writer_app.ui.session.filing import Filing

#: Milliseconds after which what was written is added to its day.
_KEEP_MS = 60_000
#: Milliseconds after which it is told anew how much there is.
_TELL_MS = 500


class Today(QObject):
    """Follows what is written in one window.

    Signals:
        changed: There is more of it, or it is another project's.
    """

    changed = Signal()

    def __init__(
        self,
        diary: Diary,
        binder: Binder,
        filing: Filing,
        parent: QObject | None = None,
        clock: Callable[[], date] = date.today,
    ) -> None:
        super().__init__(parent)
        self._diary, self._binder, self._filing, self._clock = diary, binder, filing, clock
        self._document: Document | None = None
        self._sitting = Sitting()
        self._leave: Callable[[], None] = lambda: None
        self._day = clock()
        self.key = ""
        self._keeping = QTimer(self, interval=_KEEP_MS)
        self._keeping.timeout.connect(self.keep)
        self._telling = QTimer(self, interval=_TELL_MS, singleShot=True)
        self._telling.timeout.connect(self.changed)
        diary.changed.connect(self._on_diary)
        binder.entered.connect(self._on_entered)
        binder.changed.connect(self.changed)
        filing.saved.connect(self._on_entered)

    @property
    def days(self) -> dict[date, Written]:
        """The days of what is on the page, with what was written just now."""
        days = dict(self._diary.of(self.key)) if self.key else {}
        days[self._day] = (
            days.get(self._day, Written()) + self._sitting.so_far()
        ).at_least_nothing()
        return days

    @property
    def written(self) -> Written:
        """What was written today."""
        return self.days[self._day]

    @property
    def day(self) -> date:
        """Which day it is."""
        return self._day

    def follow(self, document: Document) -> None:
        """Another document is in the window."""
        self.keep()
        self._leave()
        self._document, self._sitting = document, Sitting()
        self._leave = document.subscribe(self._on_change)
        self._keeping.start()
        self._on_entered()

    def keep(self) -> None:
        """Add what was written to its day; text without a name waits until it has one."""
        if self.key:
            self._diary.add(self.key, self._day, self._sitting.take())
        self._day = self._clock()

    # -- inside ---------------------------------------------------------------------------------

    def _on_change(self, change: Change) -> None:
        if self._clock() != self._day:
            self.keep()
        self._sitting.follow(change, time.monotonic())
        if not self._telling.isActive():
            self._telling.start()

    def _on_diary(self, key: str) -> None:
        if key == self.key:
            self.changed.emit()

    def _on_entered(self) -> None:
        if self._document is not self._filing.document:
            return  # the next one is on its way; what was written belongs to the last
        path = next(iter(self._filing.paths), None)
        project = self._binder.project
        if path and project and path.is_relative_to(project.project.folder):
            key = str(project.project.folder)
        else:
            key = str(path) if path else ""
        if key != self.key:
            self.key = key
            self.changed.emit()
