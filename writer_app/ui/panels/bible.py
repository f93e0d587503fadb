"""The Bible panel: the entries by kind, one of them to be changed, and what the chapter proposes."""

from functools import partial

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QScrollArea,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from writer_app.language import _
from writer_app.story.bible import Entry, Kind
from writer_app.ui.editor.plain import tip
from writer_app.ui.panels.entry import EntryEditor
from writer_app.ui.panels.kinds import MANY, ONE
from writer_app.ui.panels.proposals import Proposals
from writer_app.ui.panels.relations import RelationGraph
from writer_app.ui.panels.widgets import button, label
from writer_app.ui.session.session import Session
from writer_app.ui.session.state import Wish


class BiblePanel(QStackedWidget):
    """A list, and behind it the entry that she is at."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._lore = session, session.book.lore
        self.search = QLineEdit()
        self.list = _EntryList(self)
        self.editor = EntryEditor(session.book.lore)
        self.proposals = Proposals(session.book.lore)
        self.graph = RelationGraph()
        self._front = self._front_page()
        self._circle = self._circle_page()
        for page in (self._front, self.editor, self._circle):
            self.addWidget(page)
        self.editor.left.connect(self.show_list)
        self.proposals.edited.connect(self.open)
        self.graph.opened.connect(self.open)
        self._lore.changed.connect(self._show)
        self._lore.proposed.connect(self._show_reading)
        self._show()
        self._show_reading()

    def sizeHint(self) -> QSize:
        """As the other panels."""
        return QSize(300, 400)

    def minimumSizeHint(self) -> QSize:
        """It scrolls, so that it gives way before the page does."""
        return QSize(1, 1)

    def focus_list(self) -> None:
        """Let her go through the entries."""
        if self.currentWidget() is not self._front:
            self.show_list()
        (self.search if self._lore.entries else self.hint).setFocus()

    def open(self, entry: str) -> None:
        """Show one entry."""
        if entry in self._lore.bible:
            self.editor.show_entry(entry)
            self.setCurrentWidget(self.editor)
            self.editor.name.setFocus()

    def show_list(self) -> None:
        """Back to all entries, at the one that was shown."""
        was = self.editor.shown
        self.setCurrentWidget(self._front)
        self._fill()
        self.list.choose(was)
        self.list.setFocus()

    def undo(self) -> None:
        """Take back the last change of the bible."""
        self._lore.undo()

    def redo(self) -> None:
        """Make it again."""
        self._lore.redo()

    # -- building -------------------------------------------------------------------------------

    def _front_page(self) -> QWidget:
        inside = QWidget()
        inside.setMinimumWidth(1)
        self.hint = label("", "hint")
        self.hint.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.search.setPlaceholderText(_("Search entries"))
        self.search.setAccessibleName(_("Search entries"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._fill)
        self.search.returnPressed.connect(self.list.open_first)
        self.read_button = button(_("Read this chapter"), self._read, "main")
        self.read_button.setToolTip(
            _(
                "Who and what the text on the page is about; nothing is taken over before you say so."
            )
        )
        self.new_button = self._menu_button(
            _("New"), [(_(title), partial(self._add, kind)) for kind, title in ONE.items()]
        )
        self.more_button = self._menu_button(
            _("More"),
            [
                (_("Relations as a picture"), self._show_circle),
                (_("Import a lorebook, card or story…"), self._import),
                (_("Undo"), self.undo),
                (_("Redo"), self.redo),
            ],
        )
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.new_button)
        row.addWidget(self.more_button)
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(14, 14, 14, 14)
        layout.setSpacing(10)
        row.addStretch(1)
        layout.addWidget(self.read_button)
        layout.addLayout(row)
        layout.addWidget(self.hint)
        layout.addWidget(self.proposals)
        layout.addWidget(self.search)
        layout.addWidget(self.list, 1)
        layout.addStretch(0)
        area = QScrollArea()
        area.setWidget(inside)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return area

    def _circle_page(self) -> QWidget:
        made = QWidget()
        layout = QVBoxLayout(made)
        layout.setContentsMargins(14, 12, 14, 14)
        row = QHBoxLayout()
        row.addWidget(button("← " + _("All entries"), self.show_list, "quiet"))
        row.addStretch(1)
        layout.addLayout(row)
        layout.addWidget(self.graph, 1)
        layout.addWidget(
            label(_("Arrow keys or a click choose, Return or a double click opens."), "hint")
        )
        return made

    def _menu_button(self, title: str, deeds: list) -> QToolButton:  # type: ignore[type-arg]
        made = QToolButton()
        made.setText(title)
        made.setProperty("role", "button")
        made.setAccessibleName(title)
        made.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        menu = QMenu(made)
        for text, deed in deeds:
            menu.addAction(text, deed)
        made.setMenu(menu)
        return made

    # -- showing --------------------------------------------------------------------------------

    def _show(self) -> None:
        has_project, count = self._lore.entries is not None, len(self._lore.bible)
        self.hint.setText(self._advice(has_project=has_project, count=count))
        self.hint.setVisible(bool(self.hint.text()))
        for each in (self.search, self.list):
            each.setVisible(count > 0)
        for other in (self.read_button, self.new_button, self.more_button):
            other.setVisible(self._lore.entries is not None and self._lore.entries.is_read)
        self._fill()
        if self.currentWidget() is self.editor:
            self.editor.show_entry(self.editor.shown)
        elif self.currentWidget() is self._circle:
            self._show_circle()

    def _show_reading(self) -> None:
        self.read_button.setEnabled(not self._lore.is_reading)

    def _advice(self, *, has_project: bool, count: int) -> str:
        promise = _(
            "People, places and facts of your story, so that the model keeps to them and you find them again."
        )
        if not has_project:
            return (
                promise
                + "\n\n"
                + _("They belong to a project: File › Make a project of this text.")
            )
        if not count:
            return (
                promise
                + "\n\n"
                + _(
                    "Let the chapter on the page be read, and take over what is right; or make an entry by hand."
                )
            )
        return ""

    def _fill(self) -> None:
        self.list.show_entries(list(self._lore.bible), self.search.text())

    def _show_circle(self) -> None:
        binder = self._session.book.binder
        at = self._lore.tree.position(binder.current) if binder.current in self._lore.tree else 0
        self.graph.show_bible(self._lore.bible, self._lore.tree, at)
        if self.currentWidget() is not self._circle:
            self.setCurrentWidget(self._circle)
            self.graph.setFocus()

    # -- deeds ----------------------------------------------------------------------------------

    def _read(self) -> None:
        self._session.book.read_for_bible()

    def _add(self, kind: Kind) -> None:
        name = self.search.text().strip() or _("New: {kind}").format(kind=_(ONE[kind]))
        entry = self._lore.add(kind, name)
        self.search.clear()
        self.open(entry)
        self.editor.name.selectAll()

    def _import(self) -> None:
        self._session.wished.emit(Wish.IMPORT_LORE)


class _EntryList(QListWidget):
    """The entries under the names of their kinds; Return opens one, Ctrl+Z takes a change back."""

    def __init__(self, panel: BiblePanel) -> None:
        super().__init__()
        self._panel = panel
        self.setAccessibleName(_("Entries"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setMinimumHeight(160)
        self.itemClicked.connect(self._open)
        self.itemActivated.connect(self._open)

    def show_entries(self, entries: list[Entry], search: str) -> None:
        """Show those that have all words of ``search``."""
        words = search.casefold().split()
        chosen = self.currentItem()
        was = chosen.data(Qt.ItemDataRole.UserRole) if chosen else ""
        self.clear()
        found = [each for each in entries if _matches(each, words)]
        for kind, title in MANY.items():
            of_kind = [each for each in found if each.kind is kind]
            if of_kind:
                head = QListWidgetItem(_(title))
                head.setFlags(Qt.ItemFlag.NoItemFlags)
                self.addItem(head)
            for each in of_kind:
                row = QListWidgetItem("\u2003" + (each.name or each.id))
                row.setData(Qt.ItemDataRole.UserRole, each.id)
                told = "\n".join(filter(None, (_(", ").join(each.names), each.description[:300])))
                row.setToolTip(tip(told))
                self.addItem(row)
        self.choose(was)

    def choose(self, entry: str) -> None:
        """Mark an entry, if it is shown."""
        for at in range(self.count()):
            if entry and self.item(at).data(Qt.ItemDataRole.UserRole) == entry:
                self.setCurrentRow(at)
                return

    def open_first(self) -> None:
        """Open the first entry that a search has found."""
        for at in range(self.count()):
            if entry := self.item(at).data(Qt.ItemDataRole.UserRole):
                self._panel.open(entry)
                return

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Undo and redo of the bible."""
        if event.matches(QKeySequence.StandardKey.Undo):
            self._panel.undo()
        elif event.matches(QKeySequence.StandardKey.Redo):
            self._panel.redo()
        else:
            super().keyPressEvent(event)

    def _open(self, row: QListWidgetItem) -> None:
        if entry := row.data(Qt.ItemDataRole.UserRole):
            self._panel.open(entry)


def _matches(entry: Entry, words: list[str]) -> bool:
    if not words:
        return True
    told = "\n".join((*entry.names, entry.description, *(fact.value for fact in entry.facts)))
    return all(word in told.casefold() for word in words)
