"""Projects that are open, shared by all windows that show one of their texts.

A change of the tree is a value put in the place of another one. It is shown at once and written aside; what was there
before is kept, so that it can be taken back. The texts are not touched by any of it.
"""

import contextlib
import copy
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from writer_app.errors import ChangedOnDisk, WriterError
from writer_app.language import _, explain
from writer_app.story import files
from writer_app.story import outline as outlines
from writer_app.story.numbering import labels
from writer_app.story.outline import Outline
from writer_app.story.project import NAME, Facts, Numbering, Project, folder_of
from writer_app.story.tree import Item, Tree
from writer_app.text.counts import characters_zh, words
from writer_app.ui.session.aside import Aside
from writer_app.ui.session.entries import Entries
from writer_app.ui.session.open_outline import OpenOutline
from writer_app.ui.session.state import Action, Notice

T = TypeVar("T")
#: Changes of a tree that can be taken back.
MOST_UNDO = 200
#: Milliseconds until it is seen whether the project file is written.
_RETRY_MS = 30


@dataclass(frozen=True)
class _Joint:
    """One step of tree and outline together: what they were, and what they became."""

    trees: tuple[Tree, Tree]
    outlines: tuple[Outline, Outline]


class OpenProject(QObject):
    """One project.

    Signals:
        changed: Its tree or its facts.
        counted: How long its texts are.
        noticed: A :class:`Notice` for every window that shows it; settled: the key of one that is over.
        entries_changed: Its story bible.

    Attributes:
        counts: Of each item with a text, as far as known: words and 字数.
        is_saving: Whether the project file is being written.
        entries: Its story bible.
        is_rearranging: Whether texts are being split, joined or deleted.
    """

    changed = Signal()
    counted = Signal()
    noticed = Signal(object)
    settled = Signal(str)
    entries_changed = Signal()

    def __init__(self, project: Project, aside: Aside, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.project = project
        self.counts: dict[str, tuple[int, int]] = {}
        self.is_saving = self.is_rearranging = False
        self._aside = aside
        self.entries = Entries(project, aside, self)
        self.entries.changed.connect(self.entries_changed)
        self.entries.noticed.connect(self.noticed)
        self._labelled: tuple[Tree, Numbering, dict[str, str]] | None = None
        self._is_stale = False  # the file does not say yet what holds
        self._idle = threading.Event()  # nobody writes the file
        self._idle.set()
        self._undone: list[Tree] = []
        self._done: list[Tree] = []
        self._outline: OpenOutline | None = None
        self._joints: list[_Joint] = []
        self._count()

    @property
    def outline(self) -> OpenOutline:
        """Its outline, which is read when somebody first asks for it."""
        if self._outline is None:
            self._outline = OpenOutline(self.project.folder, self._aside, self)
            self._outline.noticed.connect(self.noticed)
            self._outline.settled.connect(self.settled)
            self._outline.moved.connect(self._on_outline_moved)
        return self._outline

    @property
    def key(self) -> str:
        """Of the notice about its file."""
        return f"project {self.project.folder}"

    @property
    def tree(self) -> Tree:
        """Its items now."""
        return self.project.tree

    @property
    def facts(self) -> Facts:
        """What it says of itself."""
        return self.project.facts

    @property
    def title(self) -> str:
        """Of the book, else of its folder."""
        return self.facts.title or self.project.folder.name

    @property
    def labels(self) -> dict[str, str]:
        """What stands before the titles of items that are numbered."""
        tree, numbering = self.tree, self.facts.numbering
        if self._labelled is None or self._labelled[:2] != (tree, numbering):
            self._labelled = tree, numbering, labels(tree, numbering)
        return self._labelled[2]

    @property
    def is_chinese(self) -> bool:
        """Whether its length is counted in 字."""
        return self.facts.language.startswith("zh")

    @property
    def can_undo(self) -> bool:
        """Whether a change of the tree can be taken back."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Whether one that was taken back can be made again."""
        return bool(self._undone)

    @property
    def unsaved(self) -> str:
        """What of it could not be written, by the name of its file or folder; empty for nothing."""
        if self._is_stale and not self.is_saving and not self.is_rearranging:
            return NAME
        if self._outline and self._outline.is_unsaved:
            return outlines.NAME
        return Project.BIBLE if self.entries.is_unsaved else ""

    def save(self) -> None:
        """Write what its files do not say yet."""
        if self._is_stale:
            self._save()
        if self._outline:
            self._outline.save()
        self.entries.save()

    def set_tree(self, tree: Tree) -> None:
        """Let ``tree`` hold from now on, as one step that can be taken back."""
        if tree == self.tree:
            return
        if self.is_rearranging:
            text = _("A text is just being split or joined. Do that again in a moment.")
            self.noticed.emit(Notice(text, key=self.key))
            return
        self._done = [*self._done[-MOST_UNDO:], self.tree]
        self._undone = []
        self._take(tree)

    def accept(self, tree: Tree, outline: Outline) -> None:
        """Let both hold from now on, as one step: taken back in one of them it is so in the other."""
        before = self.tree
        self.set_tree(tree)
        if self.tree is tree:
            joint = _Joint((before, tree), (self.outline.value, outline))
            self._joints = [*self._joints[1 - MOST_UNDO :], joint]
        if self.tree == tree:  # else a text is just being split or joined
            self.outline.put(outline)

    def undo(self) -> None:
        """Take back the last change of the tree."""
        if self._done:
            self._undone.append(self.tree)
            self._move(self._done.pop())

    def redo(self) -> None:
        """Make the last one again that was taken back."""
        if self._undone:
            self._done.append(self.tree)
            self._move(self._undone.pop())

    def set_facts(self, facts: Facts) -> None:
        """Let these facts hold from now on."""
        if facts != self.facts:
            self.project.facts = facts
            self._tell()

    def set_count(self, item: str, count: tuple[int, int]) -> None:
        """How long the text of an item is now: words and 字数."""
        if self.counts.get(item) != count:
            # Another dictionary: what is shown now is told from what was by it.
            self.counts = self.counts | {item: count}
            self.counted.emit()

    def rearrange(
        self,
        work: Callable[[Project], T],
        done: Callable[[T], object],
        failed: Callable[[], object] = lambda: None,
    ) -> None:
        """Do something aside to the project and its texts together; it cannot be taken back as a step of the tree.

        Args:
            work: Gets a project that nobody else has, and writes it down itself.
            done: Is called when it has succeeded; where it fails, a notice says so.
            failed: Is called then.
        """
        if self.is_saving or self.is_rearranging:
            QTimer.singleShot(_RETRY_MS, self, partial(self.rearrange, work, done, failed))
            return
        self.is_rearranging = True
        self._idle.clear()
        own = copy.copy(self.project)

        def act() -> T:
            try:
                return work(own)
            finally:
                self._idle.set()

        def judge(found: T | WriterError) -> None:
            self.is_rearranging = False
            self.project.tree, self.project.digest = own.tree, own.digest
            # An older tree would not know where words have gone.
            self._done, self._undone = [], []
            self.changed.emit()
            if self._is_stale:
                self._save()
            if isinstance(found, WriterError):
                self.noticed.emit(Notice(explain(found), detail=found.detail, is_problem=True))
                failed()
            else:
                done(found)

        self._aside.run(act, judge, self)

    def do(self, work: Callable[[], T], done: Callable[[T], object]) -> None:
        """Do something with files of the project aside; where it fails, a notice says so."""

        def judge(found: T | WriterError) -> None:
            if isinstance(found, WriterError):
                self.noticed.emit(Notice(explain(found), detail=found.detail, is_problem=True))
            else:
                done(found)

        self._aside.run(work, judge, self)

    def finish(self, patience: float) -> None:
        """At the end of the program: see that the files say what holds, for so many seconds at most."""
        self.entries.finish(patience)
        if self._idle.wait(patience) and self._is_stale:
            with contextlib.suppress(WriterError):  # there is no window any more to say it in
                self.project.save()
        if self._outline:
            self._outline.finish(patience)

    # -- inside ---------------------------------------------------------------------------------

    def _move(self, tree: Tree) -> None:
        """By undo or redo; the outline goes along, where it has stood still since the step that was of both."""
        was = self.tree
        self._take(tree)
        for joint in self._joints:
            before, after = joint.trees
            if was is after and tree is before and self.outline.value is joint.outlines[1]:
                self.outline.undo()
            elif was is before and tree is after and self.outline.value is joint.outlines[0]:
                self.outline.redo()

    def _on_outline_moved(self, was: Outline, now: Outline) -> None:
        """The tree goes along likewise."""
        for joint in self._joints:
            before, after = joint.outlines
            if was is after and now is before and self.tree is joint.trees[1]:
                self.undo()
            elif was is before and now is after and self.tree is joint.trees[0]:
                self.redo()

    def _take(self, tree: Tree) -> None:
        # Texts made since an older tree was left stay where they are, so none is ever named by no tree.
        self.project.tree = tree
        self._tell()

    def _tell(self) -> None:
        self.changed.emit()
        self._is_stale = True
        self._save()

    def _save(self) -> None:
        if self.is_saving or self.is_rearranging:
            return
        self.is_saving, self._is_stale = True, False
        self._aside.run(_Writing(self.project, self._idle), self._on_saved, self)

    def _on_saved(self, error: WriterError | None) -> None:
        self.is_saving = False
        if error:
            self._is_stale = True
            self._explain(error)
            return
        self.settled.emit(self.key)
        if self._is_stale:
            self._save()

    def _explain(self, error: WriterError) -> None:
        actions: tuple[Action, ...] = (Action(_("Try again"), self._save),)
        if isinstance(error, ChangedOnDisk):
            actions = (
                Action(_("Take theirs"), self.read_again),
                Action(_("Keep mine"), self._overwrite),
            )
        text = _("“{name}”: {text}").format(name=NAME, text=explain(error))
        self.noticed.emit(Notice(text, actions, error.detail, key=self.key, is_problem=True))

    def read_again(self) -> None:
        """Let hold what the project file says now."""

        def take(project: Project) -> None:
            self.project = project
            self._is_stale = False
            self._done, self._undone = [], []
            self.settled.emit(self.key)
            self.changed.emit()
            self._count()

        self.do(partial(Project.open, self.project.folder), take)

    def _overwrite(self) -> None:
        def write(digest: str) -> None:
            self.project.digest = digest
            self._save()

        self.do(partial(files.digest_of, self.project.folder / NAME), write)

    def _count(self) -> None:
        """Count all texts aside; one that cannot be read has no count."""
        project, items = self.project, self.project.tree.manuscript

        def take(counts: dict[str, tuple[int, int]]) -> None:
            self.counts = counts | self.counts
            self.counted.emit()

        self.do(partial(_counts, project, items), take)


class _Writing:
    """Writes down, aside, what holds at the moment it is made."""

    def __init__(self, project: Project, idle: threading.Event) -> None:
        self._project = project
        self._toml = project.as_toml()
        self._idle = idle
        idle.clear()

    def __call__(self) -> None:
        """Raises what :meth:`Project.save` raises."""
        try:
            self._project.write(self._toml)
        finally:
            self._idle.set()


class Projects(QObject):
    """All projects that are open, each once."""

    def __init__(self, aside: Aside, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._aside = aside
        self._open: dict[Path, OpenProject] = {}

    def find(
        self, path: Path, done: Callable[[OpenProject | None], object], asker: QObject
    ) -> None:
        """Call ``done`` with the project that the file at ``path`` belongs to, if any; its file is read aside."""

        def judge(found: Project | WriterError | None) -> None:
            if isinstance(found, WriterError):
                done(None)
            else:
                done(self._shared(found) if found else None)

        self._aside.run(partial(_project_of, path), judge, asker, patience=0.05)

    def open(
        self, folder: Path, done: Callable[[OpenProject | WriterError], object], asker: QObject
    ) -> None:
        """Call ``done`` with the project in ``folder``, or what is wrong with it."""

        def judge(found: Project | WriterError) -> None:
            done(found if isinstance(found, WriterError) else self._shared(found))

        self._aside.run(partial(Project.open, folder), judge, asker)

    def do(
        self, work: Callable[[], T], done: Callable[[T | WriterError], object], asker: QObject
    ) -> None:
        """Do something with folders aside, and call ``done`` with what came of it."""
        self._aside.run(work, done, asker)

    def finish(self, patience: float) -> None:
        """Wait, at the end of the program, for what is being written, for so many seconds at most."""
        for each in self._open.values():
            each.finish(patience)

    def _shared(self, project: Project) -> OpenProject:
        if project.folder not in self._open:
            self._open[project.folder] = OpenProject(project, self._aside, self)
        return self._open[project.folder]


def _project_of(path: Path) -> Project | None:
    folder = folder_of(path)
    return Project.open(folder) if folder else None


def _counts(project: Project, items: tuple[Item, ...]) -> dict[str, tuple[int, int]]:
    made = {}
    for item in items:
        try:
            text = project.read(item)
        except WriterError:
            continue
        made[item.id] = words(text), characters_zh(text)
    return made
