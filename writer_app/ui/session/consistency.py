"""Looking for contradictions in a project, aside, and remembering what is meant so."""

from functools import partial

from PySide6.QtCore import QObject, Signal

from writer_app.errors import WriterError
from writer_app.story.alarms import Alarm, read_intended, without, write_intended
from writer_app.story.continuity import Checker
from writer_app.story.project import Project
from writer_app.ui.session.aside import Aside
from writer_app.ui.session.binder import Binder
from writer_app.ui.session.filing import Filing


class Consistency(QObject):
    """The contradictions in the project around a window's text.

    Signals:
        changed: They have been looked for, or are being looked for.
        failed: A :class:`WriterError`.

    Attributes:
        alarms: What was found, in reading order, without what is meant so; ``None`` before the first look.
        is_looking: Whether they are being looked for.
    """

    changed = Signal()
    failed = Signal(object)

    def __init__(
        self, binder: Binder, filing: Filing, aside: Aside, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.alarms: list[Alarm] | None = None
        self.is_looking = False
        self._binder, self._filing, self._aside = binder, filing, aside
        self._checker = Checker()

    @property
    def names(self) -> dict[str, str]:
        """What entries of the bible are called, by id."""
        project = self._binder.project
        entries = project.entries.bible.entries if project else {}
        return {entry.id: entry.name for entry in entries.values()}

    def look(self) -> None:
        """Look for contradictions, in what is on the page too; once at a time."""
        opened = self._binder.project
        if opened is None or self.is_looking:
            return
        self.is_looking = True
        self.changed.emit()
        project = Project(opened.project.folder, opened.facts, opened.tree)
        entries = dict(opened.entries.bible.entries)
        shown = self._on_page()
        checker = self._checker

        def work() -> list[Alarm]:
            gone = {item.id for item in project.missing()}
            texts = {
                item.id: shown[item.id] if item.id in shown else project.read(item)
                for item in project.tree.manuscript
                if item.id not in gone
            }
            found = checker.check(project.tree, texts, entries)
            return without(found, read_intended(project.folder))

        self._aside.run(work, self._take, self)

    def intend(self, alarm: Alarm) -> None:
        """This is meant so, and is not to be shown again."""
        opened = self._binder.project
        if opened is None or self.alarms is None:
            return
        self.alarms = [each for each in self.alarms if each.key != alarm.key]
        self.changed.emit()
        work = partial(write_intended, opened.project.folder, alarm)
        self._aside.run(work, self._tell, self)

    # -- inside ---------------------------------------------------------------------------------

    def _on_page(self) -> dict[str, str]:
        """What is on the page, by item: it may not be saved yet."""
        several = self._filing.several
        documents = several.joined.parts if several else (self._filing.document,)
        items = self._binder.together or (self._binder.current,)
        return {
            item: document.text for item, document in zip(items, documents, strict=False) if item
        }

    def _take(self, found: list[Alarm] | WriterError) -> None:
        self.is_looking = False
        if isinstance(found, WriterError):
            self.failed.emit(found)
        else:
            self.alarms = found
        self.changed.emit()

    def _tell(self, found: WriterError | None) -> None:
        if isinstance(found, WriterError):
            self.failed.emit(found)
