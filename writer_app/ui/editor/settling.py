"""Laying out a whole book in the idle moments after it was opened.

Qt does this by itself, but in steps that double up to 200,000 characters and then hold the event loop for
60 ms and more. So its timer is kept away from the layout until we have walked through in small steps.
"""

import time

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QTextBlock, QTextDocument

SLICE_SECONDS = 0.008
_BLOCKS = 20  # asked about together; the clock is looked at between


class Settling(QObject):
    """Lays ``document`` out in slices, then lets Qt go on alone.

    Signals:
        settled: All of the document has its place.
    """

    settled = Signal()

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._document = document
        self._next = document.begin()
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._go_on)
        self._timer.start()
        document.documentLayout().installEventFilter(self)
        document.contentsChange.connect(self._begin_again_if_moved)

    @property
    def is_settled(self) -> bool:
        """Whether the whole document has been laid out."""
        return not self._next.isValid()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Qt's own steps wait."""
        return event.type() == QEvent.Type.Timer and not self.is_settled

    def _begin_again_if_moved(self, position: int, _removed: int, _added: int) -> None:
        """An edit may have taken the block away that was next; what is laid out already costs little."""
        if not self.is_settled:
            self._next = self._document.findBlock(min(position, self._next.position()))

    def _go_on(self) -> None:
        layout = self._document.documentLayout()
        deadline = time.perf_counter() + SLICE_SECONDS
        block = self._next
        while block.isValid() and time.perf_counter() < deadline:
            for _step in range(_BLOCKS):
                last, block = block, block.next()
                if not block.isValid():
                    break
            layout.blockBoundingRect(block if block.isValid() else last)
        self._next = block
        if not block.isValid():
            self._finish()

    def _finish(self) -> None:
        self._timer.stop()
        self._next = QTextBlock()
        self._document.documentLayout().removeEventFilter(self)
        self._document.contentsChange.disconnect(self._begin_again_if_moved)
        self.settled.emit()
