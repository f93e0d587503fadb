"""What is shown beside the page: another text, the notes of this one, a picture, an earlier version."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage, QImageReader

from writer_app.errors import N_, ChangedOnDisk, FileUnreadable, WriterError
from writer_app.language import _, explain
from writer_app.reasons import reason_for
from writer_app.story.bible import Bible, Entry
from writer_app.story.notes import Notes
from writer_app.story.snapshots import Snapshot
from writer_app.ui.session.aside import Aside
from writer_app.ui.session.binder import NAMES, Binder
from writer_app.ui.session.memory import Memory
from writer_app.ui.session.projects import OpenProject
from writer_app.ui.session.state import Action, Notice

#: Milliseconds after the first key that is not written down yet, until notes are.
_PAUSE_MS = 600
#: Pictures that can be shown. No SVG: it may name other files.
PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp")
_MOST_BYTES = 64 * 1024 * 1024
_MOST_PIXELS = 100_000_000


class What(StrEnum):
    """Kinds of things to show."""

    TEXT = "text"
    NOTES = "notes"
    PICTURE = "picture"
    VERSION = "version"
    ENTRY = "entry"


@dataclass(frozen=True)
class Shown:
    """What is shown.

    Attributes:
        what: Its kind.
        key: Item, entry of the bible, or the picture's file relative to the project; empty for a version.
        title: For people.
        text: To be read; of notes, to be written on.
        picture: Of a picture.
        path: Where it lies, if it can be opened in a window.
    """

    what: What
    key: str = ""
    title: str = ""
    text: str = ""
    picture: QImage | None = None
    path: Path | None = None


class Beside(QObject):
    """Finds what is to be shown beside the page, and writes the notes down.

    Signals:
        changed: Something else is shown, or nothing; a :class:`Shown` or ``None``.
        noticed: A :class:`Notice`; settled: the key of one that is over.
        files_wanted: Paths to open in windows of their own.
    """

    changed = Signal(object)
    noticed = Signal(object)
    settled = Signal(str)
    files_wanted = Signal(list)

    def __init__(
        self, binder: Binder, aside: Aside, memory: Memory, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._binder, self._aside, self._memory = binder, aside, memory
        self.shown: Shown | None = None
        self._wanted = 0  # what was asked for before is not shown any more
        self._notes: Notes | None = None
        self._unwritten: list[Notes] = []  # that could not be
        self._pause = QTimer(self, interval=_PAUSE_MS, singleShot=True)
        self._pause.timeout.connect(self._write)
        self._folder = ""
        self._project: OpenProject | None = None
        self._entry = ""  # that was shown last time, until the bible is read
        binder.beside_wanted.connect(self.show_item)
        binder.entered.connect(self._on_entered)
        binder.changed.connect(self._on_project)

    # -- what to show ---------------------------------------------------------------------------

    def show_item(self, item: str) -> None:
        """Show the text of an item, to be read."""
        project, found = self._binder.project, self._binder.tree.get(item)
        if project is None or found is None or not found.file:
            return
        title = found.title or _(NAMES[found.kind])

        def read() -> Shown:
            path = project.project.path(found.file)
            return Shown(What.TEXT, item, title, project.project.read(found), path=path)

        self._find(read)

    def show_notes(self, *, if_untouched: bool = False) -> None:
        """Show the notes of the text on the page, to be written on; they follow her from text to text.

        Args:
            if_untouched: Not if she has begun to write on them by the time they are read.
        """
        project, item = self._binder.project, self._binder.item
        if project is None or item is None:
            return
        self._keep()
        notes = Notes(project.project, item)
        title = _("Notes: {title}").format(title=item.title or _(NAMES[item.kind]))

        def read() -> Shown:
            return Shown(What.NOTES, notes.item, title, notes.read())

        self._find(read, notes, if_untouched=if_untouched)

    def show_picture(self, path: Path) -> None:
        """Show a picture that lies in the project's folder."""
        project = self._binder.project
        if project is None:
            return
        folder = project.project.folder

        def read() -> Shown:
            real = path.resolve()
            if not real.is_relative_to(folder):
                raise FileUnreadable(path=str(path), reason=N_("it is not in the project’s folder"))
            return Shown(
                What.PICTURE, real.relative_to(folder).as_posix(), path.name, picture=_picture(real)
            )

        self._find(read)

    def show_version(self, version: Snapshot, when: str, text: str) -> None:
        """Show an earlier version of the text."""
        self._show(Shown(What.VERSION, title=version.name or when, text=text))

    def show_entry(self, entry: str) -> None:
        """Show an entry of the story bible, as it is now and when it changes."""
        bible = self._binder.project.entries.bible if self._binder.project else Bible()
        if entry in bible:
            found = bible[entry]
            self._show(Shown(What.ENTRY, entry, found.name, entry_told(found)))

    def close(self) -> None:
        """Show nothing more."""
        self._show(None)

    def refresh(self) -> None:
        """Look again: another program, or another window, may have written it."""
        if self.shown is None or (self._notes and self._notes.is_changed):
            return
        if self.shown.what is What.TEXT:
            self.show_item(self.shown.key)
        elif self.shown.what is What.ENTRY:
            self.show_entry(self.shown.key)
        elif self.shown.what is What.NOTES:
            self.show_notes(if_untouched=True)

    # -- what she does with it ------------------------------------------------------------------

    def edit(self) -> None:
        """Open what is shown in a window of its own."""
        if self.shown and self.shown.path:
            self.files_wanted.emit([str(self.shown.path)])

    def write_notes(self, text: str) -> None:
        """She has written on the notes."""
        if self._notes and text != self._notes.text:
            self._notes.text = text
            if self.shown:
                self.shown = replace(self.shown, text=text)
            if not self._pause.isActive():
                self._pause.start()

    @property
    def is_pinned(self) -> bool:
        """Whether the model is told the notes that are shown."""
        item = self._binder.tree.get(self._notes.item) if self._notes else None
        return item is not None and item.id in item.pinned

    def pin(self, *, pinned: bool) -> None:
        """Let the model be told the notes that are shown, or not."""
        item = self._binder.tree.get(self._notes.item) if self._notes else None
        if item is not None and pinned != (item.id in item.pinned):
            others = tuple(each for each in item.pinned if each != item.id)
            self._binder.change(item.id, pinned=(*others, item.id) if pinned else others)

    @property
    def unsaved(self) -> str:
        """Whose notes could not be written: the title of the text; empty for none."""
        found = (self._binder.tree.get(each.item) for each in self._unwritten if each.is_changed)
        return next((item.title or _(NAMES[item.kind]) for item in found if item), "")

    def save(self) -> None:
        """Try once more to write what could not be written."""
        for notes in self._unwritten:
            self._aside.run(notes.write, partial(self._on_written, notes), self)

    def finish(self) -> None:
        """The window closes: write the notes down now, into a file of their own if theirs cannot be written."""
        self._pause.stop()
        for notes in dict.fromkeys((*self._unwritten, *filter(None, (self._notes,)))):
            if notes.is_changed:
                try:
                    self._link(notes, notes.write())
                except WriterError:
                    with contextlib.suppress(WriterError):
                        notes.rescue()

    # -- inside ---------------------------------------------------------------------------------

    def _find(
        self, read: Callable[[], Shown], notes: Notes | None = None, *, if_untouched: bool = False
    ) -> None:
        self._wanted += 1
        wanted = self._wanted

        def show(found: Shown | WriterError) -> None:
            is_touched = self._notes is not None and self._notes.is_changed
            if wanted != self._wanted or (if_untouched and is_touched):
                return
            if isinstance(found, WriterError):
                self.noticed.emit(Notice(explain(found), detail=found.detail, is_problem=True))
            else:
                self._show(found, notes)

        self._aside.run(read, show, self, patience=0.05)

    def _show(self, shown: Shown | None, notes: Notes | None = None) -> None:
        self._wanted += 1
        if notes is None or notes is not self._notes:
            self._keep()
        self._notes = notes
        if shown == self.shown:
            return
        self.shown = shown
        self._remember()
        self.changed.emit(shown)

    def _keep(self) -> None:
        """Write down at once what waits."""
        if self._pause.isActive():
            self._pause.stop()
            self._write()

    def _write(self) -> None:
        notes = self._notes
        if notes is not None:
            self._aside.run(notes.write, partial(self._on_written, notes), self)

    def _on_written(self, notes: Notes, found: str | WriterError) -> None:
        key = f"notes {notes.item}"
        self._unwritten = [each for each in self._unwritten if each is not notes]
        if isinstance(found, WriterError):
            self._unwritten.append(notes)
            again = partial(self._aside.run, notes.write, partial(self._on_written, notes), self)
            actions = [Action(_("Try again"), again)]
            if isinstance(found, ChangedOnDisk):
                over = partial(
                    self._aside.run, notes.overwrite, partial(self._on_written, notes), self
                )
                actions = [Action(_("Take theirs"), self.show_notes), Action(_("Keep mine"), over)]
            text = explain(found)
            self.noticed.emit(Notice(text, tuple(actions), found.detail, key, is_problem=True))
            return
        self.settled.emit(key)
        self._link(notes, found)
        if notes.is_changed and notes is self._notes:
            self._pause.start()

    def _link(self, notes: Notes, file: str) -> None:
        """Let the tree say where the notes are; it may have been set back to when there were none."""
        item = self._binder.tree.get(notes.item)
        if file and item is not None and item.notes != file:
            self._binder.change(item.id, notes=file)

    def _on_entered(self, _item: str) -> None:
        if self._notes and self._binder.current and self._notes.item != self._binder.current:
            self.show_notes()

    def _on_project(self) -> None:
        """What belongs to another project goes; what was shown beside this one last comes back."""
        project = self._binder.project
        folder = str(project.project.folder) if project else ""
        if folder == self._folder:
            return
        if self._project:
            self._project.entries_changed.disconnect(self._on_entries)
        self._project = project
        if project:
            project.entries_changed.connect(self._on_entries)
        self._folder = ""  # what happens now is not remembered
        self.close()
        self._folder = folder
        what, _colon, key = self._memory.values.beside.get(folder, "").partition(":")
        if what == What.TEXT:
            self.show_item(key)
        elif what == What.ENTRY:
            self._entry = key
            self._on_entries()
        elif what == What.PICTURE and project:
            self.show_picture(project.project.folder / key)
        elif what == What.NOTES:
            # The item on the page is known a moment later.
            QTimer.singleShot(0, self, self.show_notes)

    def _on_entries(self) -> None:
        """The bible has been read, or is another one."""
        if self.shown is None and self._entry:
            self.show_entry(self._entry)
        if self.shown is not None:
            self._entry = ""
            if self.shown.what is What.ENTRY:
                self.show_entry(self.shown.key)

    def _remember(self) -> None:
        if not self._folder:
            return
        beside, shown = self._memory.values.beside, self.shown
        if shown is None:
            beside.pop(self._folder, None)
        elif shown.what is not What.VERSION:
            beside[self._folder] = f"{shown.what.value}:{shown.key}"


def entry_told(entry: Entry) -> str:
    """What there is to read of an entry, a paragraph each."""
    facts = (
        " — ".join(filter(None, (": ".join(filter(None, (each.attribute, each.value))), each.text)))
        for each in entry.facts
    )
    fields = (f"{name}: {value}" for name, value in entry.fields.items())
    parts = (
        ", ".join(entry.aliases),
        entry.description,
        entry.voice,
        entry.goal,
        entry.secrets,
        "\n".join(facts),
        "\n".join(fields),
        *entry.samples,
    )
    return "\n\n".join(part.strip() for part in parts if part.strip())


def _picture(path: Path) -> QImage:
    """Read a picture, aside; raises :class:`FileUnreadable`."""
    try:
        size = path.stat().st_size
    except OSError as error:
        raise FileUnreadable(path=str(path), reason=reason_for(error)) from error
    reader = QImageReader(str(path))
    extent = reader.size()
    if size > _MOST_BYTES or extent.width() * extent.height() > _MOST_PIXELS:
        raise FileUnreadable(path=str(path), reason=N_("it is too large"))
    reader.setAutoTransform(True)
    picture = reader.read() if path.suffix.lower() in PICTURES else QImage()
    if picture.isNull():
        raise FileUnreadable(path=str(path), reason=N_("it is no picture that can be shown"))
    return picture
