"""Closing a window: what is not saved is asked about above the page, and a running save is waited for.

Not for ever: a save to a drive that is gone never ends, and the window must close all the same.
"""

from functools import partial

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from writer_app.errors import WriterError
from writer_app.language import _
from writer_app.ui.session.session import Session
from writer_app.ui.session.state import Action, Notice

KEY = "leaving"
#: Milliseconds that a save may take before the window offers to close without it.
PATIENCE_MS = 4_000
#: Seconds within which the crash journal must have the whole text for that.
LOG_SECONDS = 3.0


class Leaving(QObject):
    """Decides whether the window may close now; closes it later where it may not yet.

    Attributes:
        trusts_log: She closes it although a save has not ended: the crash journal is to keep the text.
    """

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self.trusts_log = False
        self._session = session
        self._window = window
        self._wants_to_leave = False
        self._gives_up = False
        self._is_slow = False  # what takes so long has been said
        self._patience = QTimer(self, interval=PATIENCE_MS, singleShot=True)
        self._patience.timeout.connect(self._look_into_log)
        session.filing.saved.connect(self._on_saved)
        session.noticed.connect(self._on_noticed)  # of several texts too

    def may_leave(self) -> bool:
        """Whether nothing stands against it; else a notice says what does."""
        state = self._session.state
        if self._gives_up:
            return True
        if self._session.filing.is_saving:
            self._wait()
            if self._is_slow:
                self._look_into_log()
            else:
                self._say(_("Saving “{name}”. The window closes when it is done."))
            return False
        project, beside = self._session.book.binder.project, self._session.book.beside
        if state.is_changed and (state.has_path or not state.is_empty):
            self._ask(state.title, Action(_("Save and close"), self._save_and_leave))
        elif beside.unsaved:
            name = _("Notes: {title}").format(title=beside.unsaved)
            self._ask(name, Action(_("Save"), beside.save))
        elif project is not None and project.unsaved:
            self._ask(project.unsaved, Action(_("Save"), project.save))
        else:
            return True
        return False

    def _ask(self, name: str, save: Action) -> None:
        self._say(
            _("“{name}” has changes that are not saved."),
            save,
            Action(_("Close without saving"), self.leave_without),
            Action(_("Keep writing"), self._stay),
            name=name,
        )

    def _say(self, text: str, *actions: Action, name: str = "") -> None:
        name = name or self._session.state.title
        notice = Notice(text.format(name=name), actions, key=KEY, takes_focus=True)
        self._session.noticed.emit(notice)

    def _save_and_leave(self) -> None:
        self._session.save()
        # Not where she thought better of it when asked for a name.
        if self._session.filing.is_saving:
            self._wait()

    def _wait(self) -> None:
        self._wants_to_leave = True
        if not self._patience.isActive():
            self._patience.start()

    def leave_without(self) -> None:
        """Close the window and let the changes go."""
        self._gives_up = True
        self._window.close()

    # -- where a save does not end --------------------------------------------------------------

    def _look_into_log(self) -> None:
        """See, aside, whether the crash journal has all of the text, on which closing depends now."""
        if self._waits:
            journal = self._session.services.journal
            self._session.services.aside.run(partial(journal.flush, LOG_SECONDS), self._offer, self)

    def _offer(self, is_logged: bool | WriterError) -> None:
        if not self._waits:
            return
        self._is_slow = True
        stay = Action(_("Keep writing"), self._stay)
        if is_logged is True:
            self._say(
                _(
                    "“{name}” is not saved yet: its disk does not answer. The whole text is in the recovery "
                    "log, and is offered to you at the next start."
                ),
                Action(_("Close all the same"), self._leave_to_log),
                stay,
            )
        else:
            self._say(
                _(
                    "“{name}” is not saved yet: its disk does not answer, and the recovery log cannot be "
                    "written either. Copy the text into another program before you close."
                ),
                Action(_("Close without saving"), self.leave_without),
                stay,
            )

    def _leave_to_log(self) -> None:
        self.trusts_log = True
        self.leave_without()

    @property
    def _waits(self) -> bool:
        return self._wants_to_leave and self._session.filing.is_saving

    def _stay(self) -> None:
        self._rest()
        self._session.settled.emit(KEY)

    def _rest(self) -> None:
        self._wants_to_leave = self._is_slow = False
        self._patience.stop()

    def _on_noticed(self, notice: Notice) -> None:
        if notice.is_problem:
            self._stay()

    def _on_saved(self) -> None:
        if self._wants_to_leave:
            self._stay()
            self._window.close()
