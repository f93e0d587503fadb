"""What all windows share, handed to each session by the composition root."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from writer_app.assets import Places
from writer_app.engine.keys import Keys
from writer_app.errors import WriterError
from writer_app.settings import Settings, SettingsFile
from writer_app.story.history import History
from writer_app.story.journal import Journal
from writer_app.story.saver import Saver
from writer_app.story.snapshots import Snapshots
from writer_app.ui.session.aside import Aside
from writer_app.ui.session.backups import Backups
from writer_app.ui.session.diary import Diary
from writer_app.ui.session.engine import Turns
from writer_app.ui.session.memory import Memory
from writer_app.ui.session.projects import Projects
from writer_app.ui.session.recipes import Recipes

SAVE_MS = 400


class Preferences(QObject):
    """The settings file with signals; it is saved a moment after the last change.

    Signals:
        changed: Topic and field of a setting that was changed.
        failed: The :class:`~writer_app.errors.WriterError` of a save that failed.
    """

    changed = Signal(str, str)
    failed = Signal(object)

    def __init__(self, file: SettingsFile, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.file = file
        # Turning a wheel changes a setting ten times; each save is synced to the disk.
        self._pause = QTimer(self, interval=SAVE_MS, singleShot=True)
        self._pause.timeout.connect(self._save)

    @property
    def values(self) -> Settings:
        """What holds now."""
        return self.file.values

    def set(self, topic: str, field: str, value: object) -> None:
        """Change one setting; it holds at once."""
        if getattr(getattr(self.values, topic), field) == value:
            return
        self.file.set(topic, field, value)
        self._pause.start()
        self.changed.emit(topic, field)

    def flush(self) -> None:
        """Save now what waits to be saved."""
        if self._pause.isActive():
            self._pause.stop()
            self._save()

    def _save(self) -> None:
        try:
            self.file.save()
        except WriterError as error:
            self.failed.emit(error)


@dataclass(frozen=True)
class Services:
    """The shared parts of the program."""

    places: Places
    preferences: Preferences
    memory: Memory
    saver: Saver
    journal: Journal
    history: History
    snapshots: Snapshots
    backups: Backups
    turns: Turns
    aside: Aside
    recipes: Recipes
    projects: Projects
    diary: Diary
    keys: Keys
