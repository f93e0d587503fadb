"""The tree of a project as Qt wants it: sections, and in them what they hold. It only shows; the binder acts."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum

from PySide6.QtCore import (
    QAbstractItemModel,
    QByteArray,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from writer_app.errors import N_
from writer_app.language import _, number
from writer_app.story.numbering import called
from writer_app.story.project import Label
from writer_app.story.tree import Item, Kind, Section, Tree
from writer_app.ui.editor.plain import tip
from writer_app.ui.session.binder import NAMES
from writer_app.ui.session.projects import OpenProject

MIME = "application/x-longhand-items"
SECTIONS: Mapping[Section, str] = {
    Section.FRONT: N_("Front matter"),
    Section.TEXT: N_("Manuscript"),
    Section.NOTES: N_("Notes"),
    Section.ARCHIVE: N_("Archive"),
    Section.TRASH: N_("Trash"),
}
#: Sections that are shown while there is nothing in them.
_ALWAYS = (Section.TEXT, Section.NOTES)
Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
#: Items, where they go: section, parent, next sibling.
Mover = Callable[[list[str], Section, str, str], object]
Renamer = Callable[[str, str], object]
_UNMARKED = Label("", "")


class Role(IntEnum):
    """What the delegate asks for besides the title."""

    ID = Qt.ItemDataRole.UserRole
    COUNT = Qt.ItemDataRole.UserRole + 1
    COLOUR = Qt.ItemDataRole.UserRole + 2
    SHARE = Qt.ItemDataRole.UserRole + 3  # of the target, 0 to 1; -1 without one
    STRIPE = Qt.ItemDataRole.UserRole + 4  # the colour of its label


@dataclass(eq=False)
class _Node:
    section: Section
    item: Item | None = None
    parent: "_Node | None" = None
    row: int = 0
    children: list["_Node"] = field(default_factory=list)

    @property
    def key(self) -> str:
        return self.item.id if self.item else f"/{self.section.value}"


@dataclass(frozen=True)
class Shown:
    """All that the model shows.

    Attributes:
        tree: The items.
        labels: What stands before the titles of those that are numbered.
        counts: Words and 字数 of texts.
        colours: Of states, by their ids.
        marks: The project's labels, by their ids.
        in_chinese: Count 字, not words.
    """

    tree: Tree = field(default_factory=Tree)
    labels: Mapping[str, str] = field(default_factory=dict)
    counts: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    colours: Mapping[str, str] = field(default_factory=dict)
    marks: Mapping[str, Label] = field(default_factory=dict)
    in_chinese: bool = False

    def title(self, item: Item) -> str:
        """The number and the title."""
        return called(self.labels.get(item.id, ""), item.title) or _(NAMES[item.kind])

    def mark(self, item: Item) -> Label:
        """Its label; one without title and colour where it has none."""
        return self.marks.get(item.label, _UNMARKED)

    def count(self, item: Item) -> int:
        """Words or 字 of the item and all that is under it."""
        unit = 1 if self.in_chinese else 0
        return sum(self.counts.get(each.id, (0, 0))[unit] for each in self.tree.branch(item.id))


def shown_of(project: OpenProject | None) -> Shown:
    """What there is to show of a project; nothing without one."""
    if project is None:
        return Shown()
    return Shown(
        project.tree,
        project.labels,
        project.counts,
        {state.id: state.colour for state in project.facts.states},
        {each.id: each for each in project.facts.labels},
        project.is_chinese,
    )


def changed_counts(old: Shown, new: Shown) -> list[str]:
    """The items whose own texts have another length."""
    return [key for key, count in new.counts.items() if old.counts.get(key) != count]


class ProjectModel(QAbstractItemModel):
    """Shows what :class:`Shown` says.

    Args:
        move, rename: Are asked for it; the model itself changes only by :meth:`show`.
    """

    def __init__(self, move: Mover, rename: Renamer, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._move, self._rename = move, rename
        self.shown = Shown()
        self._roots: list[_Node] = []
        self._nodes: dict[str, _Node] = {}

    def show(self, shown: Shown) -> None:
        """Show something else; where only counts differ, no row is made anew."""
        old, self.shown = self.shown, shown
        if old.tree == shown.tree and self._roots:
            for key in self._different(old):
                index = self.index_of(key)
                self.dataChanged.emit(index, index)
            return
        self.beginResetModel()
        self._roots, self._nodes = [], {}
        for section in Section:
            items = shown.tree.section(section)
            if items or section in _ALWAYS:
                root = _Node(section, row=len(self._roots))
                self._roots.append(root)
                self._nodes[root.key] = root
                self._fill(root, items)
        self.endResetModel()

    def index_of(self, key: str) -> QModelIndex:
        """Where an item stands, or a section by ``/`` and its name; invalid where it is not."""
        node = self._nodes.get(key)
        return self._index(node) if node else QModelIndex()

    def item(self, index: Index) -> Item | None:
        """The item at an index; ``None`` for a section."""
        node = self._node(index)
        return node.item if node else None

    def section(self, index: Index) -> Section:
        """The section that an index lies in; the manuscript for none."""
        node = self._node(index)
        return node.section if node else Section.TEXT

    # -- for Qt ---------------------------------------------------------------------------------

    def index(self, row: int, column: int, parent: Index = _NOWHERE) -> QModelIndex:
        """Part of Qt's interface."""
        node = self._node(parent)
        rows = node.children if node else self._roots
        return (
            self.createIndex(row, column, rows[row])
            if 0 <= row < len(rows) and not column
            else QModelIndex()
        )

    def parent(self, index: Index) -> QModelIndex:  # type: ignore[override]
        """Part of Qt's interface."""
        node = self._node(index)
        return self._index(node.parent) if node and node.parent else QModelIndex()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Part of Qt's interface."""
        node = self._node(parent)
        return len(node.children if node else self._roots)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """Part of Qt's interface."""
        return 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Part of Qt's interface."""
        node = self._node(index)
        if node is None:
            return None
        if node.item is None:
            return _section_data(node.section, role)
        return self._item_data(node.item, role)

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """A title was typed."""
        item = self.item(index)
        if item is None or role != Qt.ItemDataRole.EditRole or str(value).strip() == item.title:
            return False
        self._rename(item.id, str(value).strip())
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Everything can be dragged; what holds text can hold others only if it is no scene."""
        node = self._node(index)
        if node is None:
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled
        if node.item is None:
            return flags | Qt.ItemFlag.ItemIsDropEnabled
        flags |= (
            Qt.ItemFlag.ItemIsSelectable
            | Qt.ItemFlag.ItemIsDragEnabled
            | Qt.ItemFlag.ItemIsEditable
        )
        if node.item.kind is not Kind.SCENE:
            flags |= Qt.ItemFlag.ItemIsDropEnabled
        return flags

    def supportedDropActions(self) -> Qt.DropAction:
        """Part of Qt's interface."""
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        """Part of Qt's interface."""
        return [MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """The ids of what is dragged."""
        ids = [item.id for item in map(self.item, indexes) if item]
        data = QMimeData()
        data.setData(MIME, QByteArray("\n".join(ids).encode()))
        return data

    def dropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        """Ask for the move; Qt must not remove rows itself, so it is told that nothing was taken."""
        node = self._node(parent)
        if node is not None and data.hasFormat(MIME) and action == Qt.DropAction.MoveAction:
            ids = [
                each
                for each in bytes(data.data(MIME).data()).decode().split("\n")
                if each in self.shown.tree
            ]
            under = node.item.id if node.item else ""
            before = node.children[row].key if 0 <= row < len(node.children) else ""
            self._move(ids, node.section, under, before)
        return False

    # -- inside ---------------------------------------------------------------------------------

    def _fill(self, root: _Node, items: tuple[Item, ...]) -> None:
        above = [root]
        for item in items:
            del above[item.depth + 1 :]
            parent = above[-1]
            node = _Node(item.section, item, parent, len(parent.children))
            parent.children.append(node)
            self._nodes[item.id] = node
            above.append(node)

    def _different(self, old: Shown) -> Iterable[str]:
        """The items whose rows say something else now; a count is also in those around it."""
        if replace(old, counts=self.shown.counts) != self.shown:
            return list(self._nodes)
        found: dict[str, None] = {}
        for key in changed_counts(old, self.shown):
            node = self._nodes.get(key)
            while node is not None and node.item is not None:
                found[node.key] = None
                node = node.parent
        return found

    def _node(self, index: Index) -> _Node | None:
        found = index.internalPointer() if index.isValid() else None
        return found if isinstance(found, _Node) else None

    def _index(self, node: _Node) -> QModelIndex:
        return self.createIndex(node.row, 0, node)

    def _item_data(self, item: Item, role: int) -> object:
        shown = self.shown
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return shown.title(item)
            case Qt.ItemDataRole.EditRole:
                return item.title
            case Qt.ItemDataRole.ToolTipRole:
                words = (shown.mark(item).title, item.synopsis or shown.title(item))
                return tip("\n".join(filter(None, words)))
            case Role.ID:
                return item.id
            case Role.COLOUR:
                return shown.colours.get(item.status, "") if shown.colours else None
            case Role.STRIPE:
                return shown.mark(item).colour
            case Role.COUNT:
                count = shown.count(item)
                return number(count) if count else ""
            case Role.SHARE:
                return min(1.0, shown.count(item) / item.target) if item.target else -1.0
        return None


_EMPTY = (Role.ID, Role.COUNT, Role.COLOUR, Role.STRIPE)


def _section_data(section: Section, role: int) -> object:
    if role == Qt.ItemDataRole.DisplayRole:
        return _(SECTIONS[section])
    return "" if role in _EMPTY else -1.0 if role == Role.SHARE else None
