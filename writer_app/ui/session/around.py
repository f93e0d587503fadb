"""What the project of a window's text says around it, gathered aside and kept up to date."""

from functools import partial

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from writer_app.craft.gathering import from_disk
from writer_app.craft.surroundings import Surroundings
from writer_app.errors import WriterError
from writer_app.story.project import Project
from writer_app.ui.session.aside import Aside
from writer_app.ui.session.binder import Binder
from writer_app.ui.session.projects import OpenProject

#: Milliseconds after a change of the project: who drags a chapter about changes it many times.
_PAUSE_MS = 200


class Around(QObject):
    """Follows the binder of one window.

    Signals:
        changed: Something else is around the text.
    """

    changed = Signal()

    def __init__(self, binder: Binder, aside: Aside, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._binder = binder
        self._aside = aside
        self._found: Surroundings | None = None
        self._project: OpenProject | None = None
        self._turn = 0
        self._here = ""
        self._pause = QTimer(self, interval=_PAUSE_MS, singleShot=True)
        self._pause.timeout.connect(self._gather)
        binder.entered.connect(self._on_entered)
        binder.changed.connect(self._pause.start)

    @property
    def now(self) -> Surroundings | None:
        """What is told; ``None`` for a text by itself, and while it is being gathered."""
        return self._found

    @property
    def mutes(self) -> frozenset[str]:
        """Ids of parts that are not told in this project."""
        return frozenset(self._project.facts.mutes) if self._project else frozenset()

    @property
    def pins(self) -> frozenset[str]:
        """Ids of entries that are told in any case."""
        return frozenset(self._project.facts.pins) if self._project else frozenset()

    def renew(self) -> None:
        """Gather it again: something that it is made of is different."""
        self._pause.start()

    def enter(self, item: str) -> None:
        """The caret is in the text of this item, where there are several on the page."""
        if item != self._here and self._binder.together:
            self._here = item
            self._pause.start()

    def toggle_mute(self, part: str) -> None:
        """Tell no more of this part, or again."""
        self._choose(mutes=self.mutes ^ {part})

    def toggle_pin(self, part: str) -> None:
        """Tell of this entry in any case, or only where it is named."""
        self._choose(pins=self.pins ^ {part})

    # -- inside ---------------------------------------------------------------------------------

    def _choose(self, **chosen: frozenset[str]) -> None:
        """Write down in the project what she chose, and let it hold at once."""
        if self._project is None:
            return
        lists = {name: tuple(sorted(parts)) for name, parts in chosen.items()}
        self._project.set_facts(msgspec.structs.replace(self._project.facts, **lists))
        if self._found:
            self._found = self._found.with_choices(self.mutes, self.pins)
        self.changed.emit()

    def _on_entered(self, item: str) -> None:
        self._here = item or next(iter(self._binder.together), "")
        # What was around another text must not be told with this one.
        had, self._found = self._found, None
        if self._binder.project is not self._project:
            if self._project:
                self._project.entries_changed.disconnect(self._pause.start)
            self._project = self._binder.project
            if self._project:
                self._project.entries_changed.connect(self._pause.start)
        self._gather()
        if had:
            self.changed.emit()

    def _gather(self) -> None:
        self._pause.stop()
        self._turn += 1
        turn, opened = self._turn, self._binder.project
        if opened is None:
            return
        # As it is now: she may change it while it is read.
        snapshot = Project(opened.project.folder, opened.facts, opened.tree)

        def take(found: tuple[Surroundings, list[WriterError]] | WriterError) -> None:
            if turn == self._turn and not isinstance(found, WriterError):
                self._found = found[0].with_choices(self.mutes, self.pins)  # as they are by now
                self.changed.emit()

        first = next(iter(self._binder.together), "")
        self._aside.run(partial(from_disk, snapshot, self._here, first), take, self)
