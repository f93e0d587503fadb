"""Collecting cyclic garbage on the window's thread, and nowhere else.

Python collects wherever its count happens to be reached: also on the threads that save, keep the journal and
listen to the engine. A Qt object that dies there leaves its timers behind on the window's thread, which then
calls into freed memory.
"""

import gc

from PySide6.QtCore import QObject, QTimer

#: So short that there is never much to collect at once.
INTERVAL_MS = 500


class Collector(QObject):
    """While it lives, this thread alone collects; made when the first windows are up."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        # What the start has made stays; without it even a full collection takes no time that is felt.
        gc.freeze()
        self._timer = QTimer(self, interval=INTERVAL_MS)
        self._timer.timeout.connect(collect_due)
        self._timer.start()

    def close(self) -> None:
        """Let Python collect by itself again."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()


def collect_due() -> None:
    """Collect the oldest generation that Python itself would have collected by now."""
    counts, thresholds = gc.get_count(), gc.get_threshold()
    for generation in (2, 1, 0):
        if counts[generation] > thresholds[generation] > 0:
            gc.collect(generation)
            return
