"""The story panel: the headings of the file; the one the caret stands under is marked."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStackedWidget, QVBoxLayout, QWidget

from writer_app.language import _
from writer_app.text.headings import Heading
from writer_app.ui.editor.plain import tip
from writer_app.ui.panels.widgets import label
from writer_app.ui.session.session import Session


class StoryPanel(QWidget):
    """Headings to look at and to go to, by click or by Return."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setProperty("role", "side")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
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
            + _("Ctrl+1 to Ctrl+3 make headings."),
            "hint",
        )
        self._teaching.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.list)
        self._stack.addWidget(self._teaching)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 8, 8)
        layout.setSpacing(8)
        layout.addWidget(label(_("Story"), "title"))
        layout.addWidget(self._stack)
        session.outlined.connect(self.show_headings)
        session.entered.connect(self.mark)
        session.page_changed.connect(self._show_anew)
        self.show_headings(session.overview.headings)
        self.mark(session.overview.current)

    def sizeHint(self) -> QSize:
        """Wide enough for a chapter's title."""
        return QSize(220, 400)

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

    def _go(self, item: QListWidgetItem) -> None:
        row = self.list.row(item)
        headings = self._session.overview.headings
        if row < len(headings):
            self._session.go_to(headings[row].offset)
