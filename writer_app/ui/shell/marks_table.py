"""The table of states or labels of a project: a name, a colour and, of a state, whether it asks for a date."""

from typing import Generic, TypeVar

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QColorDialog,
    QHBoxLayout,
    QSizePolicy,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from writer_app.language import _
from writer_app.story.project import Label, State
from writer_app.ui.panels.widgets import button, label

M = TypeVar("M", bound=Label)
_COLOURS = ("#c58b2a", "#2e6b57", "#6a5a9e", "#8a3b22", "#4a7a9e")
#: Pixels: three rows and what stands over them.
_LOWEST = 116
_NAME, _COLOUR, _DATED = range(3)


class MarksTable(QWidget, Generic[M]):
    """Shows marks of one kind, and lets her add, rename, colour and remove them.

    Args:
        title: What they are called together; name, add: over the column of names, and on the button.
        kind: :class:`Label` or :class:`State`; only the second has dates.
        marks: Those that there are.
        first: Which of the colours a first one gets.
    """

    def __init__(
        self,
        title: str,
        name: str,
        add: str,
        kind: type[M],
        marks: tuple[M, ...],
        first: int = 0,
    ) -> None:
        super().__init__()
        self._kind, self._first = kind, first
        self._old = {mark.id for mark in marks}
        columns = [name, _("Colour"), _("With a date")]
        self.table = QTableWidget(0, 3 if kind is State else 2)
        self.table.setHorizontalHeaderLabels(columns[: self.table.columnCount()])
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setStretchLastSection(True)
        self.table.setColumnWidth(_NAME, 220)
        self.table.setAccessibleName(title)
        self.table.setTabKeyNavigation(False)
        # What is over and under the tables comes first, where room is scarce.
        self.table.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.table.setMinimumHeight(_LOWEST)
        self.table.cellDoubleClicked.connect(self._choose_colour)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(button(add, lambda: self.add(kind("", ""))))
        row.addWidget(button(_("Remove it"), self._remove, "quiet"))
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(label(title, "title"))
        layout.addWidget(self.table, 1)
        layout.addLayout(row)
        for mark in marks:
            self.add(mark)

    def add(self, mark: M) -> None:
        """Show one more; one without a name is to be given one."""
        row = self.table.rowCount()
        self.table.insertRow(row)
        colour = mark.colour or _COLOURS[(row + self._first) % len(_COLOURS)]
        name = QTableWidgetItem(mark.title)
        name.setData(Qt.ItemDataRole.UserRole, mark.id)
        swatch = QTableWidgetItem(colour)
        swatch.setBackground(QColor(colour))
        swatch.setFlags(swatch.flags() & ~Qt.ItemFlag.ItemIsEditable)
        self.table.setItem(row, _NAME, name)
        self.table.setItem(row, _COLOUR, swatch)
        if isinstance(mark, State):
            dated = QTableWidgetItem()
            dated.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable)
            dated.setCheckState(Qt.CheckState.Checked if mark.dated else Qt.CheckState.Unchecked)
            self.table.setItem(row, _DATED, dated)
        if not mark.title:
            self.table.editItem(name)

    def marks(self) -> list[M]:
        """Those with a name; a new one gets an id that none has, an old one keeps its own."""
        taken = set(self._old)
        made = []
        for row in range(self.table.rowCount()):
            name, colour = self.table.item(row, _NAME), self.table.item(row, _COLOUR)
            if name is None or colour is None or not name.text().strip():
                continue
            known = str(name.data(Qt.ItemDataRole.UserRole) or "") or self._free(taken)
            taken.add(known)
            made.append(self._made(row, known, name.text().strip(), colour.text()))
        return made

    # -- inside ---------------------------------------------------------------------------------

    def _made(self, row: int, known: str, title: str, colour: str) -> M:
        made, dated = self._kind(known, title, colour), self.table.item(row, _DATED)
        if dated is None:
            return made
        is_dated = dated.checkState() == Qt.CheckState.Checked
        return msgspec.structs.replace(made, dated=is_dated)

    def _free(self, taken: set[str]) -> str:
        stem, number = self._kind.__name__.lower(), 1
        while f"{stem}-{number}" in taken:
            number += 1
        return f"{stem}-{number}"

    def _remove(self) -> None:
        self.table.removeRow(self.table.currentRow())

    def _choose_colour(self, row: int, column: int) -> None:
        cell = self.table.item(row, _COLOUR)
        if column != _COLOUR or cell is None:
            return
        chosen = QColorDialog.getColor(QColor(cell.text()), self, _("Colour"))
        if chosen.isValid():
            cell.setText(chosen.name())
            cell.setBackground(chosen)
