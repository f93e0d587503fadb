"""The story panel: the tree of the project, and the headings of the text; of a text by itself only the headings."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from writer_app.language import _, number
from writer_app.story.tree import Section
from writer_app.text.headings import Heading
from writer_app.ui.editor.plain import tip
from writer_app.ui.panels.card import Card
from writer_app.ui.panels.project_model import shown_of
from writer_app.ui.panels.project_search import ProjectSearch
from writer_app.ui.panels.project_tree import ProjectTree
from writer_app.ui.panels.widgets import label
from writer_app.ui.session.session import Session


class StoryPanel(QWidget):
    """What there is to go to, by click or by Return."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._binder = session, session.book.binder
        self.setProperty("role", "side")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.title = label(_("Story"), "title")
        self.kinds = QTabBar()
        self.kinds.setExpanding(False)
        self.kinds.addTab(_("Project"))
        self.kinds.addTab(_("Headings"))
        self.kinds.addTab(_("Find"))
        self.kinds.setAccessibleName(_("Project, headings or search"))
        self.kinds.currentChanged.connect(self._show_kind)
        self.tree = ProjectTree(session.book.binder)
        self.card = Card(session)
        self.total = label("", "hint")
        self.headings = _Headings(session)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._project_page())
        self._stack.addWidget(self.headings)
        self.search = ProjectSearch(session)
        self._stack.addWidget(self.search)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 8, 8)
        layout.setSpacing(8)
        layout.addWidget(self.title)
        layout.addWidget(self.kinds)
        layout.addWidget(self._stack)
        session.book.binder.changed.connect(self._show_project)
        session.book.binder.counted.connect(self._show_counts)
        session.book.binder.entered.connect(self.tree.mark)
        self.tree.selectionModel().selectionChanged.connect(self._show_card)
        session.book.binder.entered.connect(self._show_card)
        self._show_project()

    def sizeHint(self) -> QSize:
        """Wide enough for a chapter's title."""
        return QSize(240, 400)

    @property
    def list(self) -> QListWidget:
        """The headings."""
        return self.headings.list

    def focus_tree(self) -> None:
        """Let her go through the tree, or through the headings where there is no project."""
        if self._binder.project:
            self.kinds.setCurrentIndex(0)
            self.tree.setFocus()
        else:
            self.list.setFocus()

    def focus_headings(self) -> None:
        """Let her go through the headings."""
        self.kinds.setCurrentIndex(1)
        self.list.setFocus()

    def focus_search(self) -> None:
        """Let her look for something in all texts of the project."""
        if self._binder.project:
            self.kinds.setCurrentIndex(2)
            self.search.open()

    # -- inside ---------------------------------------------------------------------------------

    def _project_page(self) -> QWidget:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.tree, 1)
        layout.addWidget(self.total)
        layout.addWidget(self.card)
        return page

    def _show_kind(self, index: int) -> None:
        self._stack.setCurrentIndex(index if self._binder.project else 1)

    def _show_project(self) -> None:
        project = self._binder.project
        self.title.setText(project.title if project else _("Story"))
        self.kinds.setVisible(project is not None)
        self._show_kind(self.kinds.currentIndex())
        self._show_counts()
        self._show_card()

    def _show_counts(self) -> None:
        project = self._binder.project
        shown = shown_of(project)
        self.tree.show_project(shown)
        if project is None:
            return
        texts = project.tree.section(Section.TEXT)
        whole = sum(shown.counts.get(each.id, (0, 0))[int(shown.in_chinese)] for each in texts)
        text = (
            _("{count} 字 in the manuscript")
            if shown.in_chinese
            else _("{count} words in the manuscript")
        )
        self.total.setText(text.format(count=number(whole)))

    def _show_card(self) -> None:
        chosen = self.tree.chosen()
        item = chosen[0] if len(chosen) == 1 else self._binder.item
        self.card.show_item(item)


class _Headings(QWidget):
    """The headings of the text; the one the caret stands under is marked."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.list = QListWidget()
        self.list.setAccessibleName(_("Headings"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setUniformItemSizes(True)
        self.list.itemClicked.connect(self._go)
        self.list.itemActivated.connect(self._go)
        self._teaching = label(
            _("Headings of your text appear here. A line that begins with “# ” is one.")
            + "\n\n"
            + _("Ctrl+1 to Ctrl+3 make headings.")
            + "\n\n"
            + _("For a book of many chapters: File › Make a project of this text."),
            "hint",
        )
        self._teaching.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.list)
        self._stack.addWidget(self._teaching)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)
        session.outlined.connect(self.show_headings)
        session.entered.connect(self.mark)
        session.page_changed.connect(self._show_anew)
        self._show_anew()

    def show_headings(self, headings: list[Heading]) -> None:
        """Show another outline."""
        top = min((heading.level for heading in headings), default=1)
        self.list.clear()
        for heading in headings:
            title = heading.title or _("(no title)")
            item = QListWidgetItem("\u2003" * (heading.level - top) + title)
            item.setToolTip(tip(title))
            item.setData(Qt.ItemDataRole.UserRole, heading.offset)
            self.list.addItem(item)
        self._stack.setCurrentIndex(0 if headings else 1)
        self.mark(self._session.overview.current)

    def mark(self, index: int) -> None:
        """Mark the heading that the caret stands under."""
        if 0 <= index < self.list.count():
            self.list.setCurrentRow(index)
        else:
            self.list.clearSelection()

    def _show_anew(self) -> None:
        self.show_headings(self._session.overview.headings)
        self.mark(self._session.overview.current)

    def _go(self, item: QListWidgetItem) -> None:
        row = self.list.row(item)
        headings = self._session.overview.headings
        if row < len(headings):
            self._session.go_to(headings[row].offset)
