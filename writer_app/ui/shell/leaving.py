"""Closing a window: what is not saved is asked about above the page, and a running save is waited for."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from writer_app.language import _
from writer_app.ui.session.session import Session
from writer_app.ui.session.state import Action, Notice

KEY = "leaving"


class Leaving(QObject):
    """Decides whether the window may close now; closes it later where it may not yet."""

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session = session
        self._window = window
        self._wants_to_leave = False
        self._gives_up = False
        session.filing.saved.connect(self._on_saved)
        session.filing.noticed.connect(self._on_noticed)

    def may_leave(self) -> bool:
        """Whether nothing stands against it; else a notice says what does."""
        state = self._session.state
        if self._gives_up:
            return True
        if self._session.filing.is_saving:
            self._wants_to_leave = True
            self._say(_("Saving “{name}”. The window closes when it is done."), state.title)
            return False
        if not state.is_changed or (state.is_empty and not state.has_path):
            return True
        self._say(
            _("“{name}” has changes that are not saved."),
            state.title,
            Action(_("Save and close"), self._save_and_leave),
            Action(_("Close without saving"), self.leave_without),
            Action(_("Keep writing"), self._stay),
        )
        return False

    def _say(self, text: str, name: str, *actions: Action) -> None:
        notice = Notice(text.format(name=name), actions, key=KEY, takes_focus=True)
        self._session.noticed.emit(notice)

    def _save_and_leave(self) -> None:
        self._session.save()
        # Not where she thought better of it when asked for a name.
        self._wants_to_leave = self._session.filing.is_saving

    def leave_without(self) -> None:
        """Close the window and let the changes go."""
        self._gives_up = True
        self._window.close()

    def _stay(self) -> None:
        self._wants_to_leave = False
        self._session.settled.emit(KEY)

    def _on_noticed(self, notice: Notice) -> None:
        if notice.is_problem:
            self._stay()

    def _on_saved(self) -> None:
        if self._wants_to_leave:
            self._wants_to_leave = False
            self._session.settled.emit(KEY)
            self._window.close()
