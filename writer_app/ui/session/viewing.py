"""What would be read if she asked now, for whoever shows it: asked of the engine in pauses, never while she types."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from writer_app.craft.account import Account
from writer_app.craft.continuation import Ask
from writer_app.ui.session.engine import Turns

#: Shorter than the pause after which the engine reads along, so that it answers before it is busy.
PAUSE_MS = 350


class Viewing(QObject):
    """Keeps one :class:`Account`, as long as somebody watches.

    Args:
        turns: The engine's turns.
        question: What would be asked now; ``None`` while that is not to be known.

    Signals:
        changed: There is another account, or none because no model is loaded.

    Attributes:
        account: The last one.
    """

    changed = Signal()

    def __init__(
        self, turns: Turns, question: Callable[[], Ask | None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.account: Account | None = None
        self._turns = turns
        self._question = question
        self._is_watched = False
        self._pause = QTimer(self, interval=PAUSE_MS, singleShot=True)
        self._pause.timeout.connect(self._look)
        turns.model_changed.connect(self._on_model)

    def watch(self, *, wanted: bool) -> None:
        """Somebody looks, or looks away: nothing is counted for nobody."""
        self._is_watched = wanted
        if wanted:
            self._look()
        else:
            self._pause.stop()

    def look(self) -> None:
        """Something is different: look again in the next pause."""
        if self._is_watched:
            self._pause.start()

    def leave(self) -> None:
        """Look no more."""
        self.watch(wanted=False)
        self._turns.look_away(self)

    def on_told(self, account: Account) -> None:
        """What the engine says of the last question."""
        if account != self.account:
            self.account = account
            self.changed.emit()

    def _on_model(self) -> None:
        if self._turns.model is None:
            self.account = None
            self.changed.emit()
        self.look()

    def _look(self) -> None:
        ask = self._question()
        if ask is None:
            self._pause.start()
        else:
            self._turns.tell(self, ask)
