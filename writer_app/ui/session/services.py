"""What all windows share, handed to each session by the composition root."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from writer_app.assets import Places
from writer_app.craft.recipe import Recipe
from writer_app.settings import Settings, SettingsFile
from writer_app.story.journal import Journal
from writer_app.story.saver import Saver
from writer_app.ui.session.engine import Turns
from writer_app.ui.session.memory import Memory


class Preferences(QObject):
    """The settings file with a signal.

    Signals:
        changed: Topic and field of a setting that was changed.
    """

    changed = Signal(str, str)

    def __init__(self, file: SettingsFile, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.file = file

    @property
    def values(self) -> Settings:
        """What holds now."""
        return self.file.values

    def set(self, topic: str, field: str, value: object) -> None:
        """Change one setting. Raises :class:`~writer_app.errors.SettingsUnsaved`; it holds all the same."""
        if getattr(getattr(self.values, topic), field) == value:
            return
        try:
            self.file.set(topic, field, value)
        finally:
            self.changed.emit(topic, field)


@dataclass(frozen=True)
class Services:
    """The shared parts of the program.

    Attributes:
        recipes: The presets for continuing, by id, in menu order.
    """

    places: Places
    preferences: Preferences
    memory: Memory
    saver: Saver
    journal: Journal
    turns: Turns
    recipes: dict[str, Recipe]
