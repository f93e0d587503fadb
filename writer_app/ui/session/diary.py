"""The days of all projects, kept for all windows in one place."""

import contextlib
import threading
from datetime import date

from PySide6.QtCore import QObject, Signal

from writer_app.errors import WriterError
from writer_app.story.days import Days, Written
from writer_app.ui.session.aside import Aside


class Diary(QObject):
    """Reads and writes days aside.

    Signals:
        changed: The key of a project whose days are other ones now.
    """

    changed = Signal(str)

    def __init__(self, days: Days, aside: Aside, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._days, self._aside = days, aside
        self._known: dict[str, dict[date, Written]] = {}
        self._added: list[tuple[str, date, Written]] = []
        self._stored = 0  # so many of them are in the file
        self._guard = threading.Lock()

    def of(self, key: str) -> dict[date, Written]:
        """The days of a project as far as they are known; they are read aside when it is asked for first."""
        if key not in self._known:
            self._known[key] = {}
            self._aside.run(lambda: self._read(key), lambda found: self._take(key, found), self)
        return self._known[key]

    def add(self, key: str, day: date, written: Written) -> None:
        """Add to a day; it is written down aside."""
        if written == Written():
            return
        known = self.of(key)
        known[day] = known.get(day, Written()) + written
        self._added.append((key, day, written))
        self._aside.run(self._write, lambda _done: None, self)
        self.changed.emit(key)

    def finish(self) -> None:
        """At the end of the program: write down what waits."""
        self._write()

    # -- inside ---------------------------------------------------------------------------------

    def _read(self, key: str) -> tuple[dict[date, Written], int]:
        """The days in the file, and how much of what was added is in it."""
        with self._guard:
            return self._days.of(key), self._stored

    def _take(self, key: str, found: tuple[dict[date, Written], int] | WriterError) -> None:
        if isinstance(found, WriterError):
            return
        days, stored = found
        for owner, day, written in self._added[stored:]:
            if owner == key:
                days[day] = days.get(day, Written()) + written
        self._known[key] = days
        self.changed.emit(key)

    def _write(self) -> None:
        """In any thread. What the disk refuses is not worth a sentence: it costs numbers, not words."""
        with self._guard:
            while self._stored < len(self._added):
                with contextlib.suppress(WriterError):
                    self._days.add(*self._added[self._stored])
                self._stored += 1
