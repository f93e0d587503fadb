"""The story bible of an open project, shared by all windows that show one of its texts.

What she changes holds at once and is written aside; what was there before is kept, so that it can be taken back.
Where the entries are mentioned is found aside too, text by text, and brought up to date as one types.
"""

import threading
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from writer_app.errors import SaveUnsure, WriterError
from writer_app.language import explain
from writer_app.story.bible import Bible, Entry
from writer_app.story.bible_files import BibleFolder
from writer_app.story.index import Index
from writer_app.story.project import Project
from writer_app.story.tree import Item
from writer_app.text.difference import Edit
from writer_app.text.mentions import Mention, Names
from writer_app.ui.session.aside import Aside
from writer_app.ui.session.state import Notice

#: Changes of the bible that can be taken back.
MOST_UNDO = 100


class Entries(QObject):
    """One project's bible.

    Signals:
        changed: The bible is another one.
        indexed: It is known anew where entries are mentioned.
        noticed: A :class:`Notice`.

    Attributes:
        bible: What holds.
        index: Where its entries are mentioned.
        is_read: Whether the files have been read; before that nothing can be changed.
        is_unsaved: Something of it could not be written the last time.
        dismissed: Keys of proposals that she did not want.
    """

    changed = Signal()
    indexed = Signal()
    noticed = Signal(object)

    def __init__(self, project: Project, aside: Aside, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.bible = Bible()
        self.index = Index()
        self.dismissed: frozenset[str] = frozenset()
        self._project, self._aside = project, aside
        self._folder = BibleFolder(project.folder / Project.BIBLE)
        self.is_read = False
        self._is_saving = self._is_stale = self.is_unsaved = False
        self._idle = threading.Event()  # nobody writes the entries
        self._idle.set()
        self._is_looking = self._is_behind = False
        self._done: list[Bible] = []
        self._undone: list[Bible] = []
        self._aside.run(self._load, self._on_loaded, self, patience=0.05)

    @property
    def taken(self) -> frozenset[str]:
        """Ids that no new entry may get."""
        return self._folder.taken

    @property
    def can_undo(self) -> bool:
        """Whether a change can be taken back."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Whether one that was taken back can be made again."""
        return bool(self._undone)

    def set_bible(self, bible: Bible) -> None:
        """Let ``bible`` hold from now on, as one step that can be taken back."""
        if bible == self.bible or not self.is_read:
            return
        self._done = [*self._done[-MOST_UNDO:], self.bible]
        self._undone = []
        self._take(bible)

    def put(self, *entries: Entry) -> None:
        """Add entries, or change those with their ids."""
        self.set_bible(self.bible.put(*entries))

    def undo(self) -> None:
        """Take back the last change."""
        if self._done:
            self._undone.append(self.bible)
            self._take(self._done.pop())

    def redo(self) -> None:
        """Make the last one again that was taken back."""
        if self._undone:
            self._done.append(self.bible)
            self._take(self._undone.pop())

    def save(self) -> None:
        """Write what the files do not say yet."""
        if self.is_read:
            self._save()

    def dismiss(self, keys: frozenset[str]) -> None:
        """Never propose this again."""
        self.dismissed |= keys
        self._aside.run(partial(self._folder.dismiss, keys), self._judge, self)

    def look_everywhere(self) -> None:
        """Search, aside, all texts that were not searched for these names yet."""
        if self._is_looking:
            self._is_behind = True
            return
        self._is_looking, self._is_behind = True, False
        items = tuple(
            item for item in self._project.tree if item.file and not self.index.knows(item.id)
        )
        work = partial(_searched, self._project, items, self.index.names)
        self._aside.run(work, partial(self._on_found, self.index.names), self)

    def look_again(self, item: str, text: str, edit: Edit | None) -> None:
        """A text has changed: where, or ``None`` for all of it."""
        if edit is None:
            self.index.look(item, text)
        else:
            self.index.look_again(item, text, edit)
        self.indexed.emit()

    def finish(self, patience: float) -> None:
        """At the end of the program: see that the files say what holds, for so many seconds at most."""
        # What they say already is not written again.
        if self.is_read and self._idle.wait(patience):
            self._folder.save(self.bible)

    # -- inside ---------------------------------------------------------------------------------

    def _load(self) -> tuple[Bible, frozenset[str]]:
        return self._folder.load(), self._folder.dismissed()

    def _on_loaded(self, found: tuple[Bible, frozenset[str]] | WriterError) -> None:
        if isinstance(found, WriterError):
            self._explain(found)
            return
        self.is_read = True
        self.bible, self.dismissed = found
        for problem in self._folder.problems[:3]:
            self._explain(problem)
        self._follow_names()
        self.changed.emit()

    def _take(self, bible: Bible) -> None:
        self.bible = bible
        self._follow_names()
        self.changed.emit()
        self._is_stale = True
        self._save()

    def _follow_names(self) -> None:
        if self.index.use(self.bible):
            self.look_everywhere()
        self.indexed.emit()

    def _save(self) -> None:
        if self._is_saving:
            return
        self._is_saving, self._is_stale = True, False
        self._idle.clear()
        self._aside.run(partial(self._write, self.bible), self._on_saved, self)

    def _write(self, bible: Bible) -> tuple[WriterError, ...]:
        """Aside."""
        try:
            return self._folder.save(bible)
        finally:
            self._idle.set()

    def _on_saved(self, problems: tuple[WriterError, ...] | WriterError) -> None:
        self._is_saving = False
        found = (problems,) if isinstance(problems, WriterError) else problems
        self.is_unsaved = any(not isinstance(each, SaveUnsure) for each in found)
        for problem in found[:3]:
            self._explain(problem)
        if self._is_stale:
            self._save()

    def _on_found(self, names: Names, found: dict[str, tuple[Mention, ...]] | WriterError) -> None:
        self._is_looking = False
        if isinstance(found, WriterError):
            self._explain(found)
        elif names is self.index.names:
            for item, mentions in found.items():
                # What she types meanwhile was searched later.
                if not self.index.knows(item):
                    self.index.take(item, mentions)
            self.indexed.emit()
        if self._is_behind or names is not self.index.names:
            self.look_everywhere()

    def _judge(self, found: None | WriterError) -> None:
        if isinstance(found, WriterError):
            self._explain(found)

    def _explain(self, error: WriterError) -> None:
        self.noticed.emit(Notice(explain(error), detail=error.detail, is_problem=True))

    @property
    def folder(self) -> Path:
        """Where the entries lie."""
        return self._folder.folder


def _searched(
    project: Project, items: tuple[Item, ...], names: Names
) -> dict[str, tuple[Mention, ...]]:
    """The mentions in each text; one that cannot be read has none."""
    found: dict[str, tuple[Mention, ...]] = {}
    for item in items:
        try:
            found[item.id] = names.find(project.read(item))
        except WriterError:
            continue
    return found
