"""Backups of texts that were closed: written aside, and before the program ends."""

import contextlib
import threading
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from writer_app.errors import WriterError
from writer_app.story import backup
from writer_app.story.backup import Sources
from writer_app.story.journal import Journal
from writer_app.story.patience import within
from writer_app.story.project import folder_of

#: Seconds that the journal may take to hand the log over.
_PATIENCE = 10.0
#: Seconds that the end of the program waits for backups; a folder on a drive that is gone must not keep it.
_LAST = 30.0


class Backups(QObject):
    """Writes a backup of each text it is told of, and at the end one of each project that they belong to.

    Signals:
        failed: A :class:`WriterError`, from any thread.
    """

    failed = Signal(object)

    def __init__(self, sources: Sources, journal: Journal, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.sources = sources
        self._journal = journal
        self._wanted: list[tuple[Path, Path]] = []
        self._projects: dict[Path, Path] = {}  # and where to
        self._writing = threading.Lock()

    def want(self, folder: Path, path: Path) -> None:
        """Back up the file at ``path``, which has just been closed."""
        self._wanted.append((folder, path))
        threading.Thread(target=self._later, name="backup", daemon=True).start()

    def finish(self) -> None:
        """Write those that wait, and the projects; the journal has ended."""
        if self._wanted or self._projects or self._writing.locked():
            with contextlib.suppress(TimeoutError):
                within(_LAST, self._write_last)

    def _write_last(self) -> None:
        self._write()
        with self._writing:
            self._wanted = [(folder, project) for project, folder in self._projects.items()]
            self._projects = {}
        self._write()

    def _later(self) -> None:
        self._journal.flush(_PATIENCE)
        self._write()

    def _write(self) -> None:
        with self._writing:
            while self._wanted:
                folder, path = self._wanted.pop(0)
                if project := folder_of(path):
                    self._projects[project] = folder
                try:
                    backup.write(folder, path, self.sources)
                except WriterError as error:
                    self.failed.emit(error)
