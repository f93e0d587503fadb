"""The notice bar above the page: one sentence, ways on, details for those who want them. Never modal."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from writer_app.language import _
from writer_app.ui.panels.widgets import button, label, set_role
from writer_app.ui.session.state import Notice


class NoticeBar(QFrame):
    """Shows the latest notice; the ones below it come up again when it is closed."""

    def __init__(self, back: Callable[[], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._back = back
        self.notices: list[Notice] = []
        self.setProperty("role", "notice")
        self.setAccessibleName(_("Notice"))
        self.text = label("")
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(6)
        self._detail = QPlainTextEdit(readOnly=True)
        self._detail.setMaximumHeight(140)
        self._detail.setAccessibleName(_("Details"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 9, 12, 9)
        layout.setSpacing(8)
        layout.addWidget(self.text)
        layout.addLayout(self._buttons)
        layout.addWidget(self._detail)
        self._render()

    def show_notice(self, notice: Notice) -> None:
        """Show ``notice``; one of the same key gives way to it."""
        self.notices = [
            each
            for each in self.notices
            if each != notice and (not notice.key or each.key != notice.key)
        ]
        self.notices.append(notice)
        self._render()
        if notice.takes_focus:
            self._first().setFocus()

    def settle(self, key: str) -> None:
        """Take away the notices of a matter that is over."""
        kept = [each for each in self.notices if each.key != key]
        if kept != self.notices:
            self.notices = kept
            self._render()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes the notice."""
        if event.key() == Qt.Key.Key_Escape:
            self._close()
        else:
            super().keyPressEvent(event)

    def _first(self) -> QWidget:
        item = self._buttons.itemAt(0)
        return (item.widget() if item else None) or self

    def _close(self) -> None:
        gone = self.notices.pop() if self.notices else None
        self._render()
        self._back()
        if gone is not None and gone.closed:
            gone.closed()

    def _run(self, act: Callable[[], object], notice: Notice) -> None:
        if notice in self.notices:
            self.notices.remove(notice)
        self._render()
        self._back()
        act()

    def _render(self) -> None:
        while (item := self._buttons.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.setVisible(bool(self.notices))
        self._detail.hide()
        if not self.notices:
            return
        notice = self.notices[-1]
        self.text.setText(notice.text)
        set_role(self.text, "problem" if notice.is_problem else "")
        self.setAccessibleDescription(notice.text)
        for action in notice.actions:
            self._buttons.addWidget(
                button(action.label, lambda run=action.run: self._run(run, notice))  # type: ignore[misc]
            )
        if notice.detail:
            self._detail.setPlainText(notice.detail)
            self._buttons.addWidget(
                button(
                    _("Details"), lambda: self._detail.setVisible(self._detail.isHidden()), "quiet"
                )
            )
        more = len(self.notices) - 1
        close = _("Close") if not more else _("Close (1 of {count})").format(count=more + 1)
        self._buttons.addWidget(button(close, self._close, "quiet", "Esc"))
        self._buttons.addStretch(1)
