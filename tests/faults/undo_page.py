"""The sequences of :mod:`tests.faults.undo` on a real page: keys, clipboard and stream go through the widget."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hypothesis.stateful import invariant
from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, Qt
from PySide6.QtGui import QKeyEvent, QTextCursor

from tests.faults.undo import Undoing, sequences
from writer_app import app
from writer_app.ui.editor.insertion import Insertion
from writer_app.ui.editor.page import Page
from writer_app.ui.editor.style import PageStyle

_NONE = Qt.KeyboardModifier.NoModifier


class OnPage(Undoing):
    """One page after the other; each shows the document that was opened last."""

    page: Page | None = None

    def show(self) -> None:
        self._let_go()
        self.page = Page(self.document, PageStyle())
        self.page.resize(600, 400)
        self.page.show()

    def type_text(self, start: int, end: int, text: str) -> None:
        page = self._select(start, end)
        for character in text:
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                QCoreApplication.sendEvent(page, QKeyEvent(kind, 0, _NONE, character))

    def erase(self, start: int, end: int, *, forward: bool) -> None:
        page = self._select(start, end)
        key = Qt.Key.Key_Delete if forward else Qt.Key.Key_Backspace
        QCoreApplication.sendEvent(page, QKeyEvent(QEvent.Type.KeyPress, key, _NONE, ""))

    def paste_text(self, start: int, end: int, text: str) -> None:
        data = QMimeData()
        data.setText(text)
        self._select(start, end).insertFromMimeData(data)

    def answer(self, start: int, pieces: Sequence[str], *, kept: bool) -> None:
        page = self._select(start, start)
        insertion = Insertion(page, start)
        for piece in pieces:
            insertion.add(piece)
            insertion.flush()
        insertion.commit() if kept else insertion.abandon()

    def go_back(self) -> None:
        assert self.page is not None
        self.page.undo_step()

    def go_forward(self) -> None:
        assert self.page is not None
        self.page.redo_step()

    @invariant()
    def the_page_shows_the_document(self) -> None:
        assert self.page is not None
        shown = self.page.document().toRawText().replace("\u2029", "\n")
        assert shown == self.document.text

    def teardown(self) -> None:
        try:
            super().teardown()
        finally:
            self._let_go()

    def _select(self, start: int, end: int) -> Page:
        page = self.page
        assert page is not None
        cursor = QTextCursor(page.document())
        cursor.setPosition(page.to_qt(start))
        cursor.setPosition(page.to_qt(end), QTextCursor.MoveMode.KeepAnchor)
        page.setTextCursor(cursor)
        return page

    def _let_go(self) -> None:
        if self.page is not None:
            self.page.close()
            self.page.deleteLater()
            self.page = None
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def run(count: int, seed: int, folder: Path) -> dict[str, Any]:
    """``count`` sequences on a page."""
    app.application()
    return sequences(OnPage, count, seed)
