"""Writing down who wrote the texts of a project: for people, and beside it for programs."""

import json
import time
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from writer_app.errors import WriterError
from writer_app.language import _, explain
from writer_app.story import files
from writer_app.story.form import FileForm
from writer_app.story.project import Project
from writer_app.story.statement import WithOpen, as_json, as_markdown, gather
from writer_app.ui.session.binder import Binder
from writer_app.ui.session.filing import Filing
from writer_app.ui.session.services import Services
from writer_app.ui.session.state import Action, Notice

KEY = "statement"
#: Seconds within which the log of what is open must be on the disk.
_LOG_SECONDS = 3.0


class Statements(QObject):
    """Makes authorship statements of the project around a window's text.

    Signals:
        noticed: A :class:`Notice`; files_wanted: a statement that she wants to read.
    """

    noticed = Signal(object)
    files_wanted = Signal(list)

    def __init__(
        self, services: Services, binder: Binder, filing: Filing, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._services, self._binder, self._filing = services, binder, filing
        self._wanted: Path | None = None
        filing.saved.connect(self._go_on)

    def write(self, path: Path) -> None:
        """Write the statement to ``path``, and as JSON beside it, when what is on the page is saved."""
        self._wanted = path
        if self._filing.document.is_changed or self._filing.is_saving:
            self._filing.save()
        else:
            self._go_on()

    def _go_on(self) -> None:
        path, self._wanted = self._wanted, None
        opened = self._binder.project
        if path is None or opened is None:
            return
        project = Project(opened.project.folder, opened.facts, opened.tree)
        work = partial(_write, project, path, self._services)
        self._services.aside.run(work, partial(self._tell, path), self)

    def _tell(self, path: Path, found: WriterError | None) -> None:
        if isinstance(found, WriterError):
            self.noticed.emit(Notice(explain(found), detail=found.detail, key=KEY, is_problem=True))
            return
        text = _("The statement is in “{name}”, and for programs in “{other}”.")
        told = text.format(name=path.name, other=path.with_suffix(".json").name)
        show = Action(_("Show"), partial(self.files_wanted.emit, [str(path)]))
        self.noticed.emit(Notice(told, (show,), key=KEY))


def _write(project: Project, path: Path, services: Services) -> None:
    """Raises a :class:`WriterError`."""
    services.journal.flush(_LOG_SECONDS)
    logs = WithOpen(services.history, services.places.state / "journal")

    def saved_at(text: Path) -> Iterable[float]:
        return [each.at for each in services.snapshots.all_of(str(text))]

    statement = gather(project, logs, saved_at, now=time.time())
    said = json.dumps(as_json(statement), ensure_ascii=False, indent=2) + "\n"
    for target, text in ((path, as_markdown(statement)), (path.with_suffix(".json"), said)):
        digest = files.digest_of(target) if target.exists() else None
        files.write(target, text, FileForm(), digest)
