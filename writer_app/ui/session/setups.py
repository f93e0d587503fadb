"""What the story has promised and where it keeps it, as the window of one text sees it."""

from functools import partial

import msgspec
from PySide6.QtCore import QObject, Signal

from writer_app.language import _
from writer_app.story.bible import Entry
from writer_app.story.setups import Setup, opened_by, paid_by, place_of, setups
from writer_app.ui.session.binder import Binder
from writer_app.ui.session.filing import Filing
from writer_app.ui.session.lore import Lore
from writer_app.ui.session.searching import Searching
from writer_app.ui.session.state import Action, Notice

_KEY = "setups"


class Setups(QObject):
    """The threads of the bible, with the scenes that open, owe and pay them.

    Signals:
        changed: They, or how they stand, may be others.
        entry_wanted: The id of an entry that is to be shown in the bible.
        noticed: A :class:`Notice`.
    """

    changed = Signal()
    entry_wanted = Signal(str)
    noticed = Signal(object)

    def __init__(
        self,
        binder: Binder,
        lore: Lore,
        filing: Filing,
        searching: Searching,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._binder, self._lore = binder, lore
        self._filing, self._searching = filing, searching
        lore.changed.connect(self.changed)
        binder.counted.connect(self.changed)
        binder.entered.connect(lambda _item: self.changed.emit())

    @property
    def all(self) -> tuple[Setup, ...]:
        """All of them, the most pressing first."""
        project = self._binder.project
        counts = project.counts if project else {}
        return setups(
            self._lore.bible, self._lore.tree, [each for each in counts if any(counts[each])]
        )

    @property
    def here(self) -> str:
        """The id of the text of the book that is on the page; empty where there is none, or several."""
        current = self._binder.current
        return current if any(each.id == current for each in self._binder.tree.manuscript) else ""

    def open_here(self, passage: str) -> str:
        """Open a setup with a passage of the text on the page; returns the id of its entry, empty where none is made."""
        entries = self._lore.entries
        if entries is None or not entries.is_read or not self.here or not passage.strip():
            return ""
        made = opened_by(self._lore.bible, passage, self.here, entries.taken)
        entries.put(made)
        text = _("From here on this is owed to the reader: “{name}”.").format(name=made.name)
        actions = (
            Action(_("Name it, and say by when…"), partial(self.entry_wanted.emit, made.id)),
            Action(_("Undo"), partial(self._take_back, made)),
        )
        self.noticed.emit(Notice(text, actions, key=_KEY))
        return made.id

    def pay_here(self, entry: str, passage: str = "") -> None:
        """Say that the text on the page pays a setup, by a passage of it where one is given."""
        if entry in self._lore.bible and self.here:
            self._lore.put(paid_by(self._lore.bible[entry], passage, self.here))

    def set_scenes(self, entry: str, **scenes: str) -> None:
        """Say where a setup is ``opened``, ``due`` or ``paid``; empty for nowhere."""
        if entry in self._lore.bible:
            self._lore.put(msgspec.structs.replace(self._lore.bible[entry], **scenes))

    def go(self, entry: str, scene: str) -> None:
        """Show a scene, at the passage that was kept with the setup where there is one."""
        project, item = self._binder.project, self._binder.tree.get(scene)
        if project is None or item is None or entry not in self._lore.bible:
            return
        if scene == self._binder.current:
            self._show(entry, scene, self._filing.document.text)
        else:
            project.do(partial(project.project.read, item), partial(self._show, entry, scene))

    # -- inside ---------------------------------------------------------------------------------

    def _show(self, entry: str, scene: str, text: str) -> None:
        if entry in self._lore.bible:
            self._searching.show(scene, place_of(self._lore.bible[entry], scene, text))

    def _take_back(self, made: Entry) -> None:
        if self._lore.bible.entries.get(made.id) == made:
            self._lore.remove(made.id)
