"""Scenes in columns and those who are in them in rows, as Qt wants it; the first row says when each scene happens."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from writer_app.errors import N_
from writer_app.language import _, ngettext, number
from writer_app.story.bible import Entry
from writer_app.story.timeline import Timeline, Turn
from writer_app.story.tree import Item
from writer_app.ui.editor.plain import tip
from writer_app.ui.panels.project_model import Shown

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class CellRole(IntEnum):
    """What is asked for besides words."""

    SCENE = Qt.ItemDataRole.UserRole  # id
    TURN = Qt.ItemDataRole.UserRole + 1
    TIMES = Qt.ItemDataRole.UserRole + 2  # how often it is named
    IS_BETWEEN = Qt.ItemDataRole.UserRole + 3  # its first scene and its last
    MARK = Qt.ItemDataRole.UserRole + 4  # of a thread: opened, due, paid
    IS_UNREAD = Qt.ItemDataRole.UserRole + 5  # a time that has no order
    ENTRY = Qt.ItemDataRole.UserRole + 6  # id


@dataclass(frozen=True)
class Lines:
    """All that the timeline shows.

    Attributes:
        shown: The project.
        timeline: Its scenes in both orders.
        by_story: Whether they stand in the order of the story, not of the text.
        rows: Who has a row.
        found: In which scenes each entry is named, and how often.
    """

    shown: Shown = field(default_factory=Shown)
    timeline: Timeline = field(default_factory=Timeline)
    by_story: bool = True
    rows: tuple[Entry, ...] = ()
    found: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    @property
    def columns(self) -> tuple[str, ...]:
        """The ids of the scenes, in order."""
        return self.timeline.happens if self.by_story else self.timeline.told


class TimelineModel(QAbstractTableModel):
    """Shows :class:`Lines`.

    Args:
        say_when: Is asked to give a scene (its id) other words about its time.
    """

    def __init__(
        self, say_when: Callable[[str, str], object], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._say_when = say_when
        self.lines = Lines()
        self.columns: tuple[str, ...] = ()
        self._places: dict[str, int] = {}
        self._numbers: dict[str, int] = {}
        self._marks: list[dict[int, str]] = []
        self._spans: list[tuple[int, int]] = []

    def show(self, lines: Lines) -> None:
        """Show something else; where rows and columns are the same, what is in them is only painted anew."""
        old, self.lines = self.lines, lines
        is_same = self.columns == lines.columns and [each.id for each in old.rows] == [
            each.id for each in lines.rows
        ]
        if not is_same:
            self.beginResetModel()
        self.columns = lines.columns
        self._places = {scene: at for at, scene in enumerate(self.columns)}
        self._numbers = {scene: at for at, scene in enumerate(lines.timeline.told, 1)}
        self._marks = [_marks(entry, self._places) for entry in lines.rows]
        self._spans = [
            self._span(entry, marks) for entry, marks in zip(lines.rows, self._marks, strict=True)
        ]
        if not is_same:
            self.endResetModel()

    def column_of(self, scene: str) -> int:
        """Where a scene stands; -1 where it does not."""
        return self._places.get(scene, -1)

    def item(self, column: int) -> Item | None:
        """The scene of a column."""
        scene = self.columns[column] if 0 <= column < len(self.columns) else ""
        return self.lines.shown.tree.get(scene)

    def number(self, column: int) -> int:
        """The how-manieth scene of the text it is, from 1."""
        return self._numbers[self.columns[column]]

    # -- for Qt ---------------------------------------------------------------------------------

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Part of Qt's interface."""
        return 0 if parent.isValid() or not self.columns else len(self.lines.rows) + 1

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """Part of Qt's interface."""
        return 0 if parent.isValid() else len(self.columns)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        """Part of Qt's interface."""
        if orientation == Qt.Orientation.Vertical:
            return self._row_data(section, role)
        item = self.item(section)
        if item is None:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self.lines.shown.title(item)
            case Qt.ItemDataRole.ToolTipRole:
                return tip("\n".join(filter(None, (self._told(item), item.synopsis))))
            case CellRole.SCENE:
                return item.id
            case CellRole.TURN:
                return self.lines.timeline.turns.get(item.id)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Part of Qt's interface."""
        item = self.item(index.column()) if index.isValid() else None
        if item is None:
            return None
        if role in (CellRole.SCENE, CellRole.TURN):
            return self.headerData(index.column(), Qt.Orientation.Horizontal, role)
        if index.row() == 0:
            return self._when(item, role)
        return self._cell(index.row() - 1, index.column(), item, role)

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """A time was typed."""
        item = self.item(index.column())
        words = " ".join(str(value).split())
        if item is None or index.row() or role != Qt.ItemDataRole.EditRole or words == item.when:
            return False
        self._say_when(item.id, words)
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Only times are typed."""
        usual = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return usual | Qt.ItemFlag.ItemIsEditable if index.row() == 0 else usual

    # -- inside ---------------------------------------------------------------------------------

    def _row_data(self, row: int, role: int) -> object:
        if row == 0:
            return _("When") if role == Qt.ItemDataRole.DisplayRole else None
        if not 0 < row <= len(self.lines.rows):
            return None
        entry = self.lines.rows[row - 1]
        if role == Qt.ItemDataRole.ToolTipRole:
            count = len(self.lines.found.get(entry.id, {}))
            in_scenes = ngettext("in {count} scene", "in {count} scenes", count)
            return tip(f"{entry.name}: {in_scenes.format(count=number(count))}")
        if role == CellRole.ENTRY:
            return entry.id
        return entry.name if role == Qt.ItemDataRole.DisplayRole else None

    def _when(self, item: Item, role: int) -> object:
        is_unread = item.id in self.lines.timeline.unread
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                return item.when
            case Qt.ItemDataRole.ToolTipRole if is_unread:
                return _("These words give no order, so the scene stays with the one before it.")
            case Qt.ItemDataRole.ToolTipRole:
                return tip(item.when) or _("Type when it happens: 3 May 1812, evening; day 3")
            case Qt.ItemDataRole.AccessibleTextRole:
                title, said = self.lines.shown.title(item), item.when or _("no time yet")
                return _("{about}: {value}").format(about=title, value=said)
            case CellRole.IS_UNREAD:
                return is_unread
        return None

    def _cell(self, row: int, column: int, item: Item, role: int) -> object:
        entry, mark = self.lines.rows[row], self._marks[row].get(column, "")
        times = self.lines.found.get(entry.id, {}).get(item.id, 0)
        match role:
            case CellRole.TIMES:
                return times
            case CellRole.MARK:
                return mark
            case CellRole.ENTRY:
                return entry.id
            case CellRole.IS_BETWEEN:
                first, last = self._spans[row]
                return first <= column <= last
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleTextRole:
                said = [_(_MARKS[each]) for each in mark.split()]
                if times:
                    named = ngettext("named once", "named {count} times", times)
                    said.append(named.format(count=number(times)))
                elif not mark:
                    said.append(_("not named"))
                who = _(", ").join((entry.name, self.lines.shown.title(item)))
                return tip(_("{about}: {value}").format(about=who, value=_(", ").join(said)))
        return None

    def _span(self, entry: Entry, marks: Mapping[int, str]) -> tuple[int, int]:
        """The first and the last column of a row in which there is anything."""
        named = (
            self._places[each]
            for each in self.lines.found.get(entry.id, ())
            if each in self._places
        )
        columns = sorted((*named, *marks))
        return (columns[0], columns[-1]) if columns else (0, -1)

    def _told(self, item: Item) -> str:
        turn = self.lines.timeline.turns.get(item.id)
        title = self.lines.shown.title(item)
        return f"{title} ({_(TURNS[turn])})" if turn else title


#: How a scene is told out of its time, and what a scene does for a thread.
TURNS = {Turn.BACK: N_("looks back"), Turn.AHEAD: N_("looks ahead")}
_MARKS = {"opened": N_("opened here"), "due": N_("due here"), "paid": N_("paid here")}


def _marks(entry: Entry, places: Mapping[str, int]) -> dict[int, str]:
    """What the scenes of a thread do for it, by their columns; several words where one does several things."""
    found: dict[int, str] = {}
    for mark, scene in (("opened", entry.opened), ("due", entry.due), ("paid", entry.paid)):
        if scene in places:
            found[places[scene]] = f"{found.get(places[scene], '')} {mark}".strip()
    return found
