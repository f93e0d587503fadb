"""Reading along: while the writer pauses, the engine reads what is new, so that asking for more answers at once.

It reads only what changed since the last pause, on half the threads, and any key stops it. So it never warms an
idle machine, and never while it runs on its battery.
"""

from collections.abc import Callable

import psutil
from PySide6.QtCore import QObject, QTimer

from writer_app.craft.continuation import Ask
from writer_app.ui.editor.page import Page
from writer_app.ui.session.engine import Turns

#: A hand that types rests for shorter times between its keys.
PAUSE_MS = 700


class ReadingAlong(QObject):
    """Watches one page.

    Args:
        page: The page.
        turns: The engine's turns.
        question: What would be asked now; ``None`` where reading along is not wanted.
    """

    def __init__(
        self,
        page: Page,
        turns: Turns,
        question: Callable[[], Ask | None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._page = page
        self._turns = turns
        self._question = question
        self._last: Ask | None = None
        self._pause = QTimer(self, interval=PAUSE_MS, singleShot=True)
        self._pause.timeout.connect(self._read)
        page.hand.connect(self._on_hand)
        page.caret_moved.connect(self._on_caret)
        turns.model_changed.connect(self._on_model)

    def stop(self) -> None:
        """Watch no more."""
        self._pause.stop()
        self._turns.stop_reading()

    def _on_hand(self) -> None:
        self._turns.stop_reading()
        self._pause.start()

    def _on_caret(self, _offset: int) -> None:
        self._pause.start()

    def _on_model(self) -> None:
        self._last = None
        self._pause.start()

    def _read(self) -> None:
        if self._page.composing or on_battery():
            return
        ask = self._question()
        # Nothing is new: reading it again would only warm the machine.
        if ask is not None and ask != self._last:
            self._last = ask
            self._turns.read_along(ask)


def on_battery() -> bool:
    """Whether this machine runs on its battery; false where it has none or does not tell."""
    battery = psutil.sensors_battery() if hasattr(psutil, "sensors_battery") else None
    return battery is not None and not battery.power_plugged
