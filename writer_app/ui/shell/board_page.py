"""The board in a window beside the manuscript: the whole book as cards."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QVBoxLayout, QWidget

from writer_app.language import _
from writer_app.story.project import Facts
from writer_app.ui.panels.board import Board
from writer_app.ui.panels.board_model import Only
from writer_app.ui.panels.project_model import shown_of
from writer_app.ui.panels.widgets import button, label
from writer_app.ui.session.session import Session
from writer_app.ui.session.state import Wish


class BoardPage(QDialog):
    """Closes when she goes to a text; opened again, it shows the card of that text."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self.setWindowTitle(_("Board"))
        self.setModal(False)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.board = Board(session.book.binder)
        self._teaching = label("", "hint")
        self._offered: list[tuple[str, Only]] = []
        self.only = QComboBox()
        self.only.setAccessibleName(_("Cards that are shown"))
        self.only.currentIndexChanged.connect(self._show)
        row = QHBoxLayout()
        row.addWidget(self.only)
        row.addWidget(self._teaching, 1)
        row.addWidget(button(_("Close"), self.close, hint="Esc"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 4, 10)
        layout.setSpacing(6)
        layout.addWidget(self.board, 1)
        layout.addLayout(row)
        session.book.binder.changed.connect(self._show)
        session.book.binder.counted.connect(self._show)
        self.board.left.connect(self._to_text)
        self.resize(1000, 700)
        self._show()
        self.board.mark(session.book.binder.current)
        self.board.setFocus()

    def _show(self) -> None:
        project = self._session.book.binder.project
        self._offer(project.facts if project else Facts())
        only = self._offered[self.only.currentIndex()][1]
        self.board.show_project(shown_of(project), only)
        if self.board.cards.rows:
            teaching = _(
                "Return goes to the text, F2 writes on the card, Alt with an arrow moves it. Dragging moves it "
                "too; no text is touched by that."
            )
        elif only:
            teaching = _("No card is marked so.")
        else:
            teaching = _(
                "Chapters and scenes of a project lie here as cards. This text is in no project."
            )
        self._teaching.setText(teaching)

    def _offer(self, facts: Facts) -> None:
        """Of which states and labels she may see the cards alone; what she chose stays while there is such a one."""
        offered: list[tuple[str, Only]] = [(_("All cards"), None)]
        offered += [(each.title, ("status", each.id)) for each in facts.states]
        offered += [(each.title, ("label", each.id)) for each in facts.labels]
        if offered == self._offered:
            return
        before = self._offered[self.only.currentIndex()][1] if self._offered else None
        self._offered = offered
        self.only.blockSignals(True)
        self.only.clear()
        self.only.addItems([title for title, _only in offered])
        values = [only for _title, only in offered]
        self.only.setCurrentIndex(values.index(before) if before in values else 0)
        self.only.blockSignals(False)
        self.only.setVisible(len(offered) > 1)

    def _to_text(self) -> None:
        self.close()
        self._session.wished.emit(Wish.PAGE)
