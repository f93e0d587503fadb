"""The board in a window beside the manuscript: the whole book as cards."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from writer_app.language import _
from writer_app.ui.panels.board import Board
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
        row = QHBoxLayout()
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
        shown = shown_of(self._session.book.binder.project)
        self.board.show_project(shown)
        self._teaching.setText(
            _(
                "Return goes to the text, F2 writes on the card, Alt with an arrow moves it. Dragging moves it "
                "too; no text is touched by that."
            )
            if self.board.cards.rows
            else _(
                "Chapters and scenes of a project lie here as cards. This text is in no project."
            )
        )

    def _to_text(self) -> None:
        self.close()
        self._session.wished.emit(Wish.PAGE)
