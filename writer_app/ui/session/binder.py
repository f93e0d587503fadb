"""What one window has to do with a project: which one its text belongs to, and going from text to text."""

from collections.abc import Iterable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from writer_app.errors import N_, ProjectExists, WriterError
from writer_app.language import _, current
from writer_app.story import rearranging
from writer_app.story.document import Document
from writer_app.story.project import NAME, Facts, Project, fitting
from writer_app.story.rearranging import new_id
from writer_app.story.tree import Item, Kind, Section, Tree
from writer_app.text.counts import characters_zh, words
from writer_app.ui.session.filing import Filing, absolute
from writer_app.ui.session.projects import OpenProject, Projects
from writer_app.ui.session.state import Counts

#: What kinds of item are called.
NAMES = {
    Kind.VOLUME: N_("Volume"),
    Kind.CHAPTER: N_("Chapter"),
    Kind.SCENE: N_("Scene"),
    Kind.NOTE: N_("Note"),
}


class Binder(QObject):
    """The project around the text in a window.

    Signals:
        changed: Another project is around the text, or none, or its tree is another one.
        entered: The id of the item whose text is on the page now; empty for none.
        counted: How long the texts are.
        text_wanted: The path of a text that is to be shown in this window; texts_wanted: several, as one.
        files_wanted: Paths to open in windows of their own.
        draft_wanted: The id of a scene that the model is to write from its card.
        merge_wanted: The id of an item whose text is to be joined with the next one's.
        delete_wanted: Ids of items in the trash that are to be deleted for ever.
        beside_wanted: The id of an item whose text is to be shown beside the page.
        noticed, settled: As of :class:`OpenProject`.
        failed: A :class:`WriterError`.

    Attributes:
        project: The project; ``None`` for a text by itself.
        current: The item whose text is on the page; empty for none, or several.
        together: The items whose texts are on the page as one.
    """

    changed = Signal()
    entered = Signal(str)
    counted = Signal()
    text_wanted = Signal(object)
    texts_wanted = Signal(list)
    files_wanted = Signal(list)
    draft_wanted = Signal(str)
    beside_wanted = Signal(str)
    merge_wanted = Signal(str)
    delete_wanted = Signal(list)
    noticed = Signal(object)
    settled = Signal(str)
    failed = Signal(object)

    def __init__(self, projects: Projects, filing: Filing, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._projects = projects
        self._filing = filing
        self.project: OpenProject | None = None
        self.current = ""
        self.together: tuple[str, ...] = ()
        self._going: tuple[Path, ...] = ()  # where to, as soon as what is here is saved
        filing.adopted.connect(self._on_adopted)
        filing.saved.connect(self._on_saved)
        filing.changed.connect(self._go_on)
        self._on_adopted(filing.document)

    @property
    def tree(self) -> Tree:
        """Of the project; empty where there is none."""
        return self.project.tree if self.project else Tree()

    @property
    def item(self) -> Item | None:
        """The item whose text is on the page."""
        return self.tree.get(self.current)

    # -- going about ----------------------------------------------------------------------------

    def open(self, folder: Path) -> None:
        """Show the project in ``folder``, beginning with its first text."""

        def show(found: OpenProject | WriterError) -> None:
            if isinstance(found, WriterError):
                self.failed.emit(found)
                return
            first = next(iter(found.tree.manuscript), None)
            if first is None:
                self._enter(found)
            else:
                self._want(found.project.path(first.file))

        self._projects.open(folder, show, self)

    def found(self, title: str, folder: Path) -> None:
        """Make a new project in a folder of its own, with one empty chapter, and show it."""
        where = absolute(folder) / fitting(title)

        def show(made: Path | WriterError) -> None:
            if isinstance(made, WriterError):
                self.failed.emit(made)
            else:
                self.open(made)

        self._projects.do(partial(_make, where, title), show, self)

    def go(self, *items: str) -> None:
        """Show the text of an item, or several as one, when what is on the page is saved.

        What has texts under it is shown with them.
        """
        if self.project is None:
            return
        project, tree = self.project.project, self.tree
        wanted = {each.id for item in items for each in tree.branch(item) if each.file}
        texts = [item for item in tree if item.id in wanted]
        if not texts or tuple(item.id for item in texts) == (self.together or (self.current,)):
            return
        try:
            self._want(*(project.path(item.file) for item in texts))
        except WriterError as error:
            self.failed.emit(error)

    def put_beside(self, item: str) -> None:
        """Show the text of an item beside the page."""
        self.beside_wanted.emit(item)

    def step(self, by: int) -> None:
        """Go to the next text of the manuscript (1) or the one before (-1)."""
        ids = [each.id for each in self.tree.manuscript]
        here = [each for each in (self.current, *self.together) if each in ids]
        if here:
            at = ids.index(here[-1 if by > 0 else 0]) + by
            if 0 <= at < len(ids):
                self.go(ids[at])

    def note_count(self, counts: Counts) -> None:
        """The text on the page has so many words and 字 now."""
        if self.project and self.current:
            self.project.set_count(self.current, (counts.words, counts.characters))

    # -- changing the tree ----------------------------------------------------------------------

    def move(
        self, items: Iterable[str], section: Section, under: str = "", before: str = ""
    ) -> None:
        """Put items elsewhere; where they cannot stand nothing happens."""
        if self.project:
            try:
                self.project.set_tree(self.tree.move(list(items), section, under, before))
            except ValueError:
                return

    def put_away(self, items: Iterable[str], section: Section) -> None:
        """Put items into the trash or the archive; they can be put back to where they are now."""
        if self.project:
            self.project.set_tree(rearranging.away(self.tree, list(items), section))

    def put_back(self, items: Iterable[str]) -> None:
        """Put items from the trash or the archive back to where they came from."""
        if self.project:
            self.project.set_tree(rearranging.back(self.tree, list(items)))

    def shift(self, item: str, by: int) -> None:
        """Move an item past its next sibling (1) or the one before (-1)."""
        own, above = self.tree[item], self.tree.parent(item)
        siblings = [each.id for each in _siblings(self.tree, item)]
        at = siblings.index(item) + by
        if not 0 <= at < len(siblings):
            return
        # Before the one that comes after the place it goes to.
        behind = at + 1 if by > 0 else at
        before = siblings[behind] if behind < len(siblings) else ""
        self.move([item], own.section, above.id if above else "", before)

    def change(self, *items: str, **fields: object) -> None:
        """Give items another title, state, target, synopsis, ..., as one step."""
        if self.project:
            tree = self.tree
            for item in items:
                tree = tree.replace(item, **fields) if item in tree else tree
            self.project.set_tree(tree)

    def add(self, kind: Kind, title: str, after: str = "") -> None:
        """Make a new chapter, scene or note behind an item (at the end, without one) and go there."""
        if self.project is None:
            return
        opened, project = self.project, self.project.project
        holds_text = kind is not Kind.VOLUME
        folder = Project.NOTES if kind is Kind.NOTE else Project.TEXTS
        name = title or _(NAMES[kind])

        def insert(file: str) -> None:
            item = Item(id=new_id(opened.tree), kind=kind, title=title, file=file)
            section, under, before = _place(opened.tree, kind, after)
            opened.set_tree(opened.tree.insert(item, section, under, before))
            if file:
                self.go(item.id)

        if holds_text:
            opened.do(partial(project.create, name, "", folder), insert)
        else:
            insert("")

    # -- inside ---------------------------------------------------------------------------------

    def _want(self, *paths: Path) -> None:
        filing = self._filing
        if filing.document.length and not filing.paths:
            # It has no name to be saved by: the other goes into a window of its own.
            self.files_wanted.emit([str(path) for path in paths])
            return
        self._going = paths
        if filing.document.is_changed and not filing.is_saving:
            filing.save()
        self._go_on()

    def _go_on(self) -> None:
        """Go where she wants to, as soon as nothing is left behind; a save that failed keeps her here."""
        if not self._going or self._filing.is_saving:
            return
        paths, self._going = self._going, ()
        if self._filing.document.is_changed:
            return
        if len(paths) == 1:
            self.text_wanted.emit(paths[0])
        else:
            self.texts_wanted.emit(list(paths))

    def _on_adopted(self, document: Document) -> None:
        self._find(document)

    def _on_saved(self) -> None:
        """Under another name it may belong to another project, or to none."""
        if self._filing.several:
            self._note_counts()
            return
        path = self._filing.document.path
        at = self.project.project.item_at(path) if self.project and path else None
        if at is None or at.id != self.current:
            self._find(self._filing.document)

    def _find(self, document: Document) -> None:
        if not self._filing.paths:
            self._enter(None)
            return

        def enter(found: OpenProject | None) -> None:
            if self._filing.document is document:
                self._enter(found)

        self._projects.find(self._filing.paths[0], enter, self)

    def _enter(self, project: OpenProject | None) -> None:
        if project is not self.project:
            if self.project:
                self.project.changed.disconnect(self.changed)
                self.project.counted.disconnect(self.counted)
                self.project.noticed.disconnect(self.noticed)
                self.project.settled.disconnect(self.settled)
            self.project = project
            if project:
                project.changed.connect(self.changed)
                project.counted.connect(self.counted)
                project.noticed.connect(self.noticed)
                project.settled.connect(self.settled)
            self.changed.emit()
        found = [project.project.item_at(path) for path in self._filing.paths] if project else []
        items = tuple(item.id for item in found if item)
        self.current = items[0] if len(items) == 1 else ""
        self.together = items if len(items) > 1 else ()
        self.entered.emit(self.current)

    def _note_counts(self) -> None:
        """How long each of several texts is now that they are saved."""
        several = self._filing.several
        if several and self.project:
            for item, part in zip(self.together, several.joined.parts, strict=False):
                self.project.set_count(item, (words(part.text), characters_zh(part.text)))


def _make(folder: Path, title: str) -> Path:
    """Make a project with one empty chapter; raises a :class:`WriterError`."""
    project = Project(folder, Facts(title=title, language=current()[:2]))
    if (folder / NAME).exists():
        raise ProjectExists(path=str(folder))
    file = project.create(_(NAMES[Kind.CHAPTER]))
    project.tree = Tree((Item(id=new_id(project.tree), kind=Kind.CHAPTER, file=file),))
    project.save()
    return folder


def _place(tree: Tree, kind: Kind, after: str) -> tuple[Section, str, str]:
    """(section, parent, next sibling) for a new item of this kind behind another one."""
    if kind is Kind.NOTE:
        return Section.NOTES, "", ""
    if not after or tree[after].section not in (Section.FRONT, Section.TEXT):
        return Section.TEXT, "", ""
    own = tree[after]
    ranks = list(Kind)
    # A scene goes into a chapter, a chapter behind one, a volume behind the one around it.
    while ranks.index(own.kind) > ranks.index(kind) and (parent := tree.parent(own.id)):
        own = parent
    if ranks.index(own.kind) < ranks.index(kind):
        return own.section, own.id, ""
    parent = tree.parent(own.id)
    ids = [each.id for each in _siblings(tree, own.id)]
    behind = ids[ids.index(own.id) + 1 :]
    return own.section, parent.id if parent else "", behind[0] if behind else ""


def _siblings(tree: Tree, item: str) -> tuple[Item, ...]:
    """All that lies where the item lies, itself too."""
    parent, own = tree.parent(item), tree[item]
    if parent:
        return tree.children(parent.id)
    return tuple(each for each in tree.section(own.section) if not each.depth)
