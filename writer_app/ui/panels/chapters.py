"""Summing up earlier chapters: one button, how far it is, and whether it goes on by itself."""

from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from writer_app.language import _, ngettext, number
from writer_app.ui.panels.widgets import button, label
from writer_app.ui.session.session import Session


class ChaptersPanel(QWidget):
    """Follows the session's :class:`~writer_app.ui.session.book.summing.Summing`; hidden for a text by itself."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.start = button("", self._start_or_stop)
        self.told = label("", "hint")
        self.by_itself = QCheckBox(_("Go on by itself while I rest"))
        self.by_itself.setToolTip(
            _("When a model is loaded, nothing is typed, and not on battery.")
        )
        self.by_itself.setChecked(session.services.preferences.values.model.summaries)
        self.by_itself.toggled.connect(
            lambda wanted: session.set_preference("model", "summaries", wanted)
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        for widget in (self.start, self.told, self.by_itself):
            layout.addWidget(widget)
        session.book.summing.changed.connect(self.refresh)
        session.book.binder.changed.connect(self.refresh)
        session.book.binder.entered.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Follow the session."""
        summing = self._session.book.summing
        self.start.setText(
            _("Stop summing up") if summing.is_running else _("Sum up earlier chapters")
        )
        told = ""
        if summing.left is not None:
            told = ngettext(
                "{count} chapter has no summary, or an old one.",
                "{count} chapters have no summary, or an old one.",
                summing.left,
            ).format(count=number(summing.left))
        if summing.left == 0:
            told = _("Every earlier chapter has its summary.")
        self.told.setText(told)
        self.told.setVisible(bool(told))

    def _start_or_stop(self) -> None:
        if self._session.book.summing.is_running:
            self._session.book.summing.stop()
        else:
            self._session.book.summing.start()
