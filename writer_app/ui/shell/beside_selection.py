"""A small button beside highlighted text: what can be done to it is one click away, and out of the way otherwise."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from writer_app.language import _
from writer_app.ui.editor.page import Page
from writer_app.ui.session.session import Session

#: Milliseconds for which a highlight must rest.
REST_MS = 250
_GAP = 4


class BesideSelection(QToolButton):
    """Shows itself when the mouse has highlighted something, and goes with the highlight.

    The same menu is in the page's context menu.

    Args:
        session: Whose page it is.
        actions: The window's, by the ids of their commands.
        groups: The menus with all that can be done to a passage.
        parent: The window.
    """

    def __init__(
        self,
        session: Session,
        actions: Mapping[str, QAction],
        groups: Sequence[QMenu],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._actions = actions
        self._groups = groups
        self._window = parent
        self._rest = QTimer(self, interval=REST_MS, singleShot=True)
        self._rest.timeout.connect(self._appear)
        self.setText(_("Rewrite"))
        self.setToolTip(_("What should become of what is highlighted"))
        self.setProperty("role", "button")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setMenu(QMenu(self))
        self.menu().aboutToShow.connect(lambda: self._fill(self.menu()))
        self.hide()
        session.page_changed.connect(self._attach)
        self._attach(session.page)

    def _attach(self, page: Page) -> None:
        self.hide()
        page.selectionChanged.connect(self._on_selection)
        page.menu_opening.connect(self._offer)
        page.verticalScrollBar().valueChanged.connect(self.hide)
        page.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """It comes after a mouse's highlight, never while one types."""
        if event.type() == QEvent.Type.MouseButtonRelease:
            self._rest.start()
        elif event.type() == QEvent.Type.MouseButtonPress:
            self.hide()
        return super().eventFilter(watched, event)

    def _on_selection(self) -> None:
        self.hide()

    def _appear(self) -> None:
        page, window = self._session.page, self._window
        wanted = self._session.services.preferences.values.rewriting.button
        if not wanted or page.isReadOnly() or not page.textCursor().hasSelection():
            return
        if not window.isAncestorOf(page):  # another window, in another language, has taken it over
            return
        if not any(each.isalnum() for each in page.textCursor().selectedText()):
            return
        caret = page.cursorRect()
        if not page.viewport().rect().contains(caret.center()):
            return
        self.adjustSize()
        spot = page.viewport().mapTo(window, QPoint(caret.right() + _GAP, caret.bottom() + _GAP))
        right = page.viewport().mapTo(window, page.viewport().rect().topRight()).x()
        spot.setX(min(spot.x(), right - self.width() - _GAP))
        self.move(spot)
        self.show()
        self.raise_()

    def _offer(self, menu: QMenu) -> None:
        """Put what can be done into the page's context menu."""
        if self._session.page.isReadOnly() or self._session.state.is_empty:
            return
        first = menu.actions()[0]
        inside = QMenu(_("Rewrite"), menu)
        self._fill(inside)
        menu.insertMenu(first, inside)
        for each in ("edit.open-setup", "edit.pay-setup"):
            if self._actions[each].isEnabled():
                menu.insertAction(first, self._actions[each])
        menu.insertSeparator(first)

    def _fill(self, menu: QMenu) -> None:
        menu.clear()
        values = self._session.services.preferences.values.rewriting
        menu.addAction(self._actions["rewrite.ask-here"])
        menu.addSeparator()
        for recipe in dict.fromkeys((*values.pinned, values.last)):
            if action := self._actions.get(f"rewrite.with-{recipe}"):
                menu.addAction(action)
        menu.addSeparator()
        for group in self._groups:
            menu.addMenu(group)
