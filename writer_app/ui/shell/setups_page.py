"""Setups and payoffs in a window beside the manuscript: what is overdue, what is open, and what was paid where."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from writer_app.errors import N_
from writer_app.language import _, ngettext, number
from writer_app.story.setups import Setup, Standing
from writer_app.story.tree import Item
from writer_app.ui.commands import passage
from writer_app.ui.editor.plain import tip
from writer_app.ui.panels.kinds import SceneChoice
from writer_app.ui.panels.project_model import shown_of
from writer_app.ui.panels.widgets import button, label
from writer_app.ui.session.session import Session

_STANDINGS = {
    Standing.OVERDUE: N_("Overdue"),
    Standing.OPEN: N_("Not paid yet"),
    Standing.PAID: N_("Paid"),
}
#: Columns: what each setup is and how it stands, then its scenes.
_NAME, _STANDS, _OPENED, _DUE, _PAID = range(5)
_SCENES = {_OPENED: "opened", _DUE: "due", _PAID: "paid"}


class SetupsPage(QDialog):
    """A window beside the manuscript; it changes nothing in it, only what the bible says of threads."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._setups = session, session.book.setups
        self.setWindowTitle(_("Setups and payoffs"))
        self.setModal(False)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.facts = label("", "hint")
        self.table = _Table(self)
        self.empty = label(
            _(
                "What your story promises, it owes: a gun on the wall, a secret, an oath. Highlight the passage that "
                "promises something and choose Edit › Open a setup here; say by which scene it is due, and this "
                "list tells you when you have written past it."
            ),
            "hint",
        )
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 14)
        layout.setSpacing(12)
        layout.addWidget(self.facts)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self._scenes())
        layout.addLayout(self._row())
        self._setups.changed.connect(self._fill)
        self.resize(860, 560)
        self._fill()
        self.table.setFocus()

    # -- building -------------------------------------------------------------------------------

    def _scenes(self) -> QWidget:
        """Where the chosen setup is opened, due and paid."""
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        self.choices: dict[str, SceneChoice] = {}
        for field, name in (
            ("opened", _("Opened in")),
            ("due", _("Due in")),
            ("paid", _("Paid in")),
        ):
            box = self.choices[field] = SceneChoice(_("None"), name)
            box.activated.connect(lambda _index, field=field: self._say(field))
            form = QFormLayout()
            form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
            form.addRow(label(name, "hint"), box)
            row.addLayout(form, 1)
        self.chosen_scenes = made
        return made

    def _row(self) -> QHBoxLayout:
        self.pay_button = button(
            _("Paid here"),
            self._pay,
            "main",
            _("In the text on the page, by what is highlighted there"),
        )
        self.open_button = button(
            _("Open a setup here"), self._open, hint=_("With what is highlighted on the page")
        )
        self.entry_button = button(_("Show in the bible"), self._show_entry)
        row = QHBoxLayout()
        row.setSpacing(6)
        for each in (self.pay_button, self.open_button, self.entry_button):
            row.addWidget(each)
        row.addStretch(1)
        row.addWidget(button(_("Close"), self.close, hint="Esc"))
        return row

    # -- showing --------------------------------------------------------------------------------

    def _fill(self) -> None:
        found = self._setups.all
        self.table.show_setups(found, self._title)
        self._stack.setCurrentIndex(0 if found else 1)
        self.facts.setText(_summary(found))
        self.facts.setVisible(bool(found))
        self.enable()

    def enable(self) -> None:
        """Offer what can be done with the setup she is at."""
        setup = self.table.setup
        is_here = bool(self._setups.here)
        self.pay_button.setEnabled(is_here and setup is not None and setup.paid is None)
        self.open_button.setEnabled(is_here)
        self.entry_button.setEnabled(setup is not None)
        self.chosen_scenes.setVisible(setup is not None)
        if setup:
            for field, box in self.choices.items():
                box.fill(self._session.book.binder.tree, getattr(setup.entry, field), self._title)

    def _title(self, item: Item) -> str:
        return shown_of(self._session.book.binder.project).title(item)

    # -- deeds ----------------------------------------------------------------------------------

    def go(self, column: int) -> None:
        """To the scene of a column; from the name, to where it was opened."""
        setup = self.table.setup
        if setup is None:
            return
        item = {_DUE: setup.due, _PAID: setup.paid}.get(column, setup.opened)
        if item:
            self._setups.go(setup.entry.id, item.id)
        elif column in (_NAME, _STANDS):
            self._show_entry()

    def _say(self, field: str) -> None:
        if setup := self.table.setup:
            self._setups.set_scenes(setup.entry.id, **{field: self.choices[field].scene})

    def _pay(self) -> None:
        if setup := self.table.setup:
            self._setups.pay_here(setup.entry.id, self._highlighted())

    def _open(self) -> None:
        made = self._setups.open_here(passage(self._session))
        self.table.choose(made)

    def _show_entry(self) -> None:
        if setup := self.table.setup:
            self._setups.entry_wanted.emit(setup.entry.id)

    def _highlighted(self) -> str:
        start, end = self._session.page.selection
        return self._session.document.text[start:end]


class _Table(QTableWidget):
    """A row for each setup; Return or a double click goes to the scene of the cell."""

    def __init__(self, page: SetupsPage) -> None:
        super().__init__(0, 5)
        self._page = page
        self._shown: tuple[Setup, ...] = ()
        self.setHorizontalHeaderLabels(
            [_("Setup"), _("State"), _("Opened in"), _("Due in"), _("Paid in")]
        )
        self.setProperty("role", "table")
        self.setAccessibleName(_("Setups and payoffs"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(round(self.fontMetrics().lineSpacing() * 1.9))
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        head.setSectionResizeMode(_STANDS, QHeaderView.ResizeMode.ResizeToContents)
        self.cellDoubleClicked.connect(lambda _row, column: self._page.go(column))
        self.currentCellChanged.connect(lambda *_cells: self._page.enable())

    @property
    def setup(self) -> Setup | None:
        """The one that she is at."""
        return self._shown[self.currentRow()] if 0 <= self.currentRow() < len(self._shown) else None

    def show_setups(self, found: tuple[Setup, ...], title: Callable[[Item], str]) -> None:
        """Show these; she stays at the same one."""
        entry, row, column = self.setup, self.currentRow(), max(0, self.currentColumn())
        self.blockSignals(True)
        self._shown = found
        self.setRowCount(len(found))
        for at, setup in enumerate(found):
            self._fill_row(at, setup, title)
        same = next(
            (at for at, each in enumerate(found) if entry and each.entry.id == entry.entry.id), row
        )
        if found:
            self.setCurrentCell(min(max(0, same), len(found) - 1), column)
        self.blockSignals(False)

    def choose(self, entry: str) -> None:
        """Be at the setup of an entry."""
        for at, setup in enumerate(self._shown):
            if setup.entry.id == entry:
                self.setCurrentCell(at, _NAME)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return goes to the scene."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._page.go(self.currentColumn())
        else:
            super().keyPressEvent(event)

    def _fill_row(self, at: int, setup: Setup, title: Callable[[Item], str]) -> None:
        stands = _(_STANDINGS[setup.standing])
        if setup.is_crossed:
            stands = _("{state}, before it opens").format(state=stands)
        texts = [setup.entry.name, stands]
        texts += [title(item) if item else "—" for item in (setup.opened, setup.due, setup.paid)]
        for column, text in enumerate(texts):
            cell = QTableWidgetItem(text)
            kept = [fact.text for fact in setup.entry.facts] if column == _NAME else []
            cell.setToolTip(tip("\n".join((text, *kept))))
            if setup.standing is Standing.PAID or text == "—":
                cell.setForeground(self.palette().placeholderText())
            elif setup.standing is Standing.OVERDUE and column in (_STANDS, _DUE):
                font = QFont(self.font())
                font.setBold(True)
                cell.setFont(font)
            self.setItem(at, column, cell)


def _summary(found: tuple[Setup, ...]) -> str:
    count = {each: sum(setup.standing is each for setup in found) for each in Standing}
    parts = [
        ngettext("{count} overdue", "{count} overdue", count[Standing.OVERDUE]),
        ngettext("{count} open", "{count} open", count[Standing.OPEN]),
        ngettext("{count} paid", "{count} paid", count[Standing.PAID]),
    ]
    said = [
        part.format(count=number(count[each]))
        for part, each in zip(parts, Standing, strict=True)
        if count[each]
    ]
    return _(", ").join(said)
