"""The book as cards in rows, as Qt wants it: what holds others is a heading, what has a text is a card."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

from PySide6.QtCore import (
    QAbstractListModel,
    QByteArray,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from writer_app.language import _, ngettext, number
from writer_app.story.tree import DEEPEST, Item, Kind, Section, Tree
from writer_app.ui.panels.project_model import (
    MIME,
    SECTIONS,
    Mover,
    Renamer,
    Shown,
)

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_BOOK = (Section.FRONT, Section.TEXT)


class CardRole(IntEnum):
    """What the delegate asks for besides the title."""

    ID = Qt.ItemDataRole.UserRole
    HEADING = Qt.ItemDataRole.UserRole + 1  # how deep, from 0; -1 for a card
    SYNOPSIS = Qt.ItemDataRole.UserRole + 2
    COLOUR = Qt.ItemDataRole.UserRole + 3
    LENGTH = Qt.ItemDataRole.UserRole + 4
    SHARE = Qt.ItemDataRole.UserRole + 5  # of the target, 0 to 1; -1 without one
    BEATS = Qt.ItemDataRole.UserRole + 6
    STRIPE = Qt.ItemDataRole.UserRole + 7  # the colour of its label
    LABEL = Qt.ItemDataRole.UserRole + 8


@dataclass(frozen=True)
class Row:
    """A card, or a heading over the cards that follow.

    Attributes:
        section: Where it lies.
        item: ``None`` for the heading of a section.
        heading: How deep, from 0; -1 for a card.
    """

    section: Section
    item: Item | None = None
    heading: int = -1


#: Which cards are shown: those whose field of the item is this; all for ``None``.
Only = tuple[Literal["status", "label"], str] | None


def rows_of(tree: Tree, only: Only = None) -> list[Row]:
    """The rows of the book; an item that holds others is a heading, and a card too where it has a text.

    Headings over no card are left out where only some cards are shown.
    """
    made: list[Row] = []
    for section in _BOOK:
        items = tree.section(section)
        headed = _headed(items)
        if items and items[0].id not in headed:
            made.append(Row(section, heading=0))
        for item in items:
            if item.id in headed:
                made.append(Row(section, item, item.depth))
            if item.file or item.id not in headed:
                made.append(Row(section, item))
    return _chosen(made, *only) if only else made


def landing(tree: Tree, kind: Kind, behind: Row) -> tuple[Section, str, str]:
    """(section, parent, next sibling) for an item of this kind that is put down behind a row.

    A scene goes into a chapter, at its beginning; a chapter behind the one that the row lies in.
    """
    if behind.item is None:
        first = tree.section(behind.section)
        return behind.section, "", first[0].id if first else ""
    ranks = list(Kind)
    own = behind.item
    while ranks.index(own.kind) > ranks.index(kind) and (above := tree.parent(own.id)):
        own = above
    if ranks.index(own.kind) < ranks.index(kind):
        inner = tree.children(own.id)
        return own.section, own.id, inner[0].id if inner else ""
    parent = tree.parent(own.id)
    row = (
        tree.children(parent.id)
        if parent
        else tuple(each for each in tree.section(own.section) if not each.depth)
    )
    ids = [each.id for each in row]
    following = ids[ids.index(own.id) + 1 :]
    return own.section, parent.id if parent else "", following[0] if following else ""


class BoardModel(QAbstractListModel):
    """Shows what :class:`Shown` says of the book.

    Args:
        move, describe: Are asked to move items, and to give one another synopsis; the model itself changes only
            by :meth:`show`.
    """

    def __init__(self, move: Mover, describe: Renamer, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._move, self._describe = move, describe
        self.shown = Shown()
        self.only: Only = None
        self.rows: list[Row] = []
        self._places: dict[str, int] = {}
        self._headed: set[str] = set()

    def show(self, shown: Shown, only: Only = None) -> None:
        """Show something else, or only some cards of it.

        Where the same cards stand in the same places, no signal says so, only the view is to be painted anew: Qt
        would lay out all cards because one of them says something else.
        """
        old, self.shown = (self.shown.tree, self.only), shown
        self.only = only
        if old == (shown.tree, only):
            return
        rows = rows_of(shown.tree, only)
        if _same_rows(self.rows, rows):
            self.rows = rows
            return
        self.beginResetModel()
        self.rows = rows
        # Where an item has a heading and a card, the card, which comes later.
        self._places = {row.item.id: at for at, row in enumerate(rows) if row.item}
        self._headed = {row.item.id for row in rows if row.item and row.heading >= 0}
        self.endResetModel()

    def index_of(self, item: str) -> QModelIndex:
        """The card of an item, else its heading; invalid where it has none."""
        return self.index(self._places[item]) if item in self._places else QModelIndex()

    def row(self, index: Index) -> Row | None:
        """What stands at an index."""
        return self.rows[index.row()] if index.isValid() else None

    def is_headed(self, item: str) -> bool:
        """Whether there is a heading for the item."""
        return item in self._headed

    def shift(self, index: Index, by: int) -> tuple[Section, str, str] | None:
        """Where the card would stand one place further (1) or back (-1), across headings; ``None`` at the ends."""
        row = self.row(index)
        at = index.row() + (1 if by > 0 else -2)
        if row is None or row.item is None or not 0 <= at < len(self.rows):
            return None
        return landing(self.shown.tree, row.item.kind, self.rows[at])

    # -- for Qt ---------------------------------------------------------------------------------

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Part of Qt's interface."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Part of Qt's interface."""
        row = self.row(index)
        if row is None:
            return None
        if role == CardRole.HEADING:
            return row.heading
        if row.item is None:
            return _(SECTIONS[row.section]) if role == Qt.ItemDataRole.DisplayRole else None
        return self._item_data(row.item, role)

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """A synopsis was typed."""
        row = self.row(index)
        if row is None or row.item is None or role != Qt.ItemDataRole.EditRole:
            return False
        if str(value).strip() == row.item.synopsis:
            return False
        self._describe(row.item.id, str(value).strip())
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Cards are chosen, dragged and written on; things are put down between them."""
        row = self.row(index)
        if row is None:
            return Qt.ItemFlag.ItemIsDropEnabled
        if row.heading >= 0:
            return Qt.ItemFlag.ItemIsEnabled
        return (
            Qt.ItemFlag.ItemIsEnabled
            | Qt.ItemFlag.ItemIsSelectable
            | Qt.ItemFlag.ItemIsDragEnabled
            | Qt.ItemFlag.ItemIsEditable
            | Qt.ItemFlag.ItemNeverHasChildren
        )

    def supportedDropActions(self) -> Qt.DropAction:
        """Part of Qt's interface."""
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        """Part of Qt's interface."""
        return [MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """The ids of what is dragged."""
        ids = [row.item.id for row in map(self.row, indexes) if row and row.item]
        data = QMimeData()
        data.setData(MIME, QByteArray("\n".join(ids).encode()))
        return data

    def dropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        """Ask for the move; Qt must not remove rows itself, so it is told that nothing was taken."""
        tree = self.shown.tree
        ids = [each for each in bytes(data.data(MIME).data()).decode().split("\n") if each in tree]
        if ids and self.rows and action == Qt.DropAction.MoveAction:
            at = row if row >= 0 else len(self.rows)
            behind = self.rows[max(0, at - 1)]
            self._move(ids, *landing(tree, tree[ids[0]].kind, behind))
        return False

    # -- inside ---------------------------------------------------------------------------------

    def _item_data(self, item: Item, role: int) -> object:
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self.shown.title(item)
            case Qt.ItemDataRole.EditRole | CardRole.SYNOPSIS:
                return item.synopsis
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._spoken(item)
            case CardRole.ID:
                return item.id
            case CardRole.COLOUR:
                return self.shown.colours.get(item.status, "")
            case CardRole.STRIPE:
                return self.shown.mark(item).colour
            case CardRole.LABEL:
                return self.shown.mark(item).title
            case CardRole.LENGTH:
                return self._length(item)
            case CardRole.SHARE:
                return min(1.0, self._count(item) / item.target) if item.target else -1.0
            case CardRole.BEATS:
                return _beats(item)
        return None

    def _count(self, item: Item) -> int:
        """Of its own text; what is under it has cards of its own."""
        return self.shown.counts.get(item.id, (0, 0))[int(self.shown.in_chinese)]

    def _length(self, item: Item) -> str:
        count, target = self._count(item), item.target
        if target:
            text = _("{count} of {all} 字") if self.shown.in_chinese else ""
            words = ngettext("{count} of {all} word", "{count} of {all} words", target)
            return (text or words).format(count=number(count), all=number(target))
        text = _("{count} 字") if self.shown.in_chinese else ""
        return (text or ngettext("{count} word", "{count} words", count)).format(
            count=number(count)
        )

    def _spoken(self, item: Item) -> str:
        label = self.shown.mark(item).title
        parts = (self.shown.title(item), label, item.synopsis, self._length(item), _beats(item))
        return ". ".join(filter(None, parts))


def _chosen(rows: list[Row], field: str, value: str) -> list[Row]:
    """The cards whose item has this value, with the headings they stand under."""
    kept: list[Row] = []
    deepest = -1  # headings less deep than the last row that was kept are around it
    for row in reversed(rows):
        if row.heading < 0:
            if getattr(row.item, field) == value:
                kept.append(row)
                deepest = DEEPEST
        elif row.heading < deepest:
            kept.append(row)
            deepest = row.heading
    return kept[::-1]


def _headed(items: Sequence[Item]) -> set[str]:
    """Ids of what gets a heading: volumes, what holds others, and what lies beside such a one.

    Without the last, a chapter behind one with scenes would look like one more of those scenes.
    """
    parents: list[Item] = []
    above: dict[str, str] = {}
    holding: set[str] = set()
    for item in items:
        del parents[item.depth :]
        above[item.id] = parents[-1].id if parents else ""
        holding |= {above[item.id]} - {""}
        parents.append(item)
    deep = {above[each] for each in holding}
    return {
        item.id
        for item in items
        if item.kind is Kind.VOLUME
        or item.id in holding
        or (above[item.id] in deep and item.kind is not Kind.SCENE)
    }


def _same_rows(old: Sequence[Row], new: Sequence[Row]) -> bool:
    """Whether the same items stand in the same places, whatever else is said of them."""
    return len(old) == len(new) and all(
        one.heading == two.heading
        and one.section is two.section
        and (one.item and one.item.id) == (two.item and two.item.id)
        for one, two in zip(old, new, strict=True)
    )


def _beats(item: Item) -> str:
    if not item.beats:
        return ""
    done = sum(beat.done for beat in item.beats)
    text = ngettext("{done} of {count} beat", "{done} of {count} beats", len(item.beats))
    return text.format(done=number(done), count=number(len(item.beats)))
