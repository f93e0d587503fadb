"""The only way text of a model gets into the manuscript.

One :class:`Insertion` is one undo group: what streams in, a retry, another alternative. It knows its place by
following the document's changes, not by Qt cursors, so that it outlives a change of style.

It may also take the place of text that was accepted earlier. Undo then brings that text back, and ends it.
"""

import time

from PySide6.QtCore import QObject, QTimer, Signal

from writer_app.story.changes import Change, Origin
from writer_app.ui.editor.page import Page
from writer_app.ui.editor.spans import Span, shift_span

#: Milliseconds between two flushes: at most 25 a second.
FLUSH_MS = 40
#: Of the window's time that flushes may take: in the middle of a whole book each one lays out all that follows.
SHARE = 0.125


class Insertion(QObject):
    """Text arriving in the page's manuscript, at ``offset`` or in the place of ``[offset, end)`` (code points).

    The text is tinted as fresh until it is accepted. The writer's caret goes along where it stands at the
    end of the stream and is left alone elsewhere; the view follows until she scrolls.

    Signals:
        undone: Undo has brought back the text whose place it had taken, and ended it.

    Attributes:
        source: The request that the text answers, by which the log knows it.
    """

    undone = Signal()

    def __init__(self, page: Page, offset: int, end: int | None = None) -> None:
        super().__init__(page)
        self._page = page
        self._document = page.manuscript
        self._group = self._document.open_group()
        self.source = ""
        self._span: Span = (offset, offset if end is None else end)
        self._was = self._document.text[slice(*self._span)]  # what it takes the place of
        self._waiting = ""
        self._replacing = False  # what waits is another version, not more of this one
        self._closing = False
        self._busy = False
        self._open = True
        self._next_flush = 0.0
        self._revision = -1
        self._following = True
        self._timer = QTimer(self, interval=FLUSH_MS, singleShot=True)
        self._timer.timeout.connect(self._flush_when_possible)
        self._unsubscribe = self._document.subscribe(self._on_change)
        page.scrolled_by_writer.connect(self._stop_following)

    @property
    def span(self) -> Span:
        """Where the inserted text stands now."""
        return self._span

    @property
    def text(self) -> str:
        """What was inserted, as it is now (the writer may have edited it), with what still waits."""
        start, end = self._span
        return ("" if self._replacing else self._document.text[start:end]) + self._waiting

    @property
    def is_open(self) -> bool:
        """Whether neither :meth:`commit` nor :meth:`abandon` has been called."""
        return self._open

    def add(self, text: str) -> None:
        """Take more of the stream; it shows at the next flush."""
        if not text or not self._open:
            return
        self._waiting += text
        if not self._timer.isActive():
            due = self._next_flush - time.monotonic()
            if due <= 0:
                self._flush_when_possible()
            else:
                self._timer.start(max(1, round(due * 1000)))

    def flush(self) -> None:
        """Put in what waits now, before the writer's own change is applied.

        While an input method composes nothing is put in: it stays waiting until composing ends.
        """
        if self._page.composing or not (self._waiting or self._replacing):
            return
        began = time.monotonic()
        text, self._waiting = self._waiting, ""
        start, end = self._span
        replacing, self._replacing = self._replacing, False
        self._put(start if replacing else end, end, text)
        ended = time.monotonic()
        self._next_flush = ended + max(FLUSH_MS / 1000, (ended - began) / SHARE)

    def replace(self, text: str) -> None:
        """Show another version in the same undo group: a retry, or an alternative stepped to."""
        if self._open:
            self._waiting, self._replacing = text, True
            self._flush_when_possible()

    def commit(self) -> None:
        """Accept: flush, take the tint away, and let what follows be another undo step."""
        if self._open:
            self._closing = True
            self._flush_when_possible()

    def abandon(self) -> None:
        """Remove the text. Where nothing was changed since, this is an undo, and redo brings it back.

        With text whose place it has taken, undo brings that back.
        """
        if not self._open:
            return
        self._waiting, self._replacing = "", False
        if self._revision == self._document.revision and not self._was:
            self._document.undo()
        else:
            self._put(*self._span, "")
        self._close()

    def _close(self) -> None:
        self._open = False
        self._timer.stop()
        self._unsubscribe()
        self._page.scrolled_by_writer.disconnect(self._stop_following)
        self._page.clear_fresh()
        self._document.break_group()
        self.deleteLater()  # else every request would leave one, with its timer, to the page

    def _flush_when_possible(self) -> None:
        self.flush()
        if self._waiting or self._replacing:
            self._timer.start()
        elif self._closing:
            self._close()

    def _put(self, start: int, end: int, text: str) -> None:
        page = self._page
        bar = page.verticalScrollBar()
        scrolled, caret = bar.value(), page.caret
        self._busy = True
        self._span = (self._span[0], start + len(text))  # who hears of the change finds it true
        try:
            self._document.replace(
                start, end, text, origin=Origin.MODEL, group=self._group, source=self.source
            )
        finally:
            self._busy = False
        self._revision = self._document.revision
        page.mark_fresh(*self._span)
        if start == caret < end:  # Qt drags a caret along that only stood before what was replaced
            page.set_caret(caret)
        bar.setValue(scrolled)
        if self._following and page.caret == self._span[1]:
            page.keep_in_view()

    def _on_change(self, change: Change) -> None:
        if self._busy:
            return
        if change.group == self._group:  # undone or redone: all of it is ours, at the edges too
            start, end = min(self._span[0], self._document.length), self._span[1]
            end += len(change.inserted) - len(change.removed)
            self._span = (start, max(start, min(end, self._document.length)))
            if self._was and self.text == self._was:
                self._close()
                self.undone.emit()
            else:
                self._page.mark_fresh(*self._span)
        else:
            self._span = shift_span(self._span, change)

    def _stop_following(self) -> None:
        self._following = False
