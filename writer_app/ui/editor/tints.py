"""Tints over the text: layers of extra selections, one of them for fresh text of the model."""

from collections.abc import Iterator, Sequence

from PySide6.QtGui import QTextCharFormat
from PySide6.QtWidgets import QTextEdit

from writer_app.story.changes import Change, Origin
from writer_app.ui.editor.sheet import Sheet
from writer_app.ui.editor.spans import Span, shift_span, without_line_ends, without_sentence


class Tints:
    """What lies over the text of a sheet. Offsets are code points."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._layers: dict[str, list[QTextEdit.ExtraSelection]] = {}
        self._fresh: list[Span] = []

    @property
    def fresh(self) -> tuple[Span, ...]:
        """Spans tinted as fresh."""
        return tuple(self._fresh)

    def show(self, name: str, spans: Sequence[Span], look: QTextCharFormat) -> None:
        """Lay a format over spans, as the named layer; no spans take the layer away."""
        layer = []
        for start, end in spans:
            one = QTextEdit.ExtraSelection()
            one.cursor = self._sheet.cursor_at(start, end)
            one.format = look
            layer.append(one)
        if layer or self._layers.get(name):
            self._layers[name] = layer
            shown = [one for each in self._layers.values() for one in each]
            self._sheet.setExtraSelections(shown)

    def begin_again(self) -> None:
        """The sheet has a new Qt document: only fresh text is still known."""
        self._layers.clear()
        # Qt looks at what it showed before, and dies of cursors whose document is gone.
        self._sheet.setExtraSelections([])
        self.show_fresh()

    def mark_fresh(self, start: int, end: int) -> None:
        """Tint ``[start, end)``; joins what is tinted already."""
        kept = [span for span in self._fresh if span[1] < start or end < span[0]]
        touching = [span for span in self._fresh if span not in kept]
        start = min([start, *(span[0] for span in touching)])
        end = max([end, *(span[1] for span in touching)])
        self._fresh = [*kept, (start, end)] if start < end else kept
        self.show_fresh()

    def clear_fresh(self) -> None:
        """Take all tints of fresh text away."""
        self._fresh = []
        self.show_fresh()

    def follow(self, change: Change, *, hers: bool) -> None:
        """Keep the fresh spans right; the writer's own edit clears the sentence it touches."""
        if not self._fresh:
            return
        touched = (change.offset, change.offset + len(change.inserted))
        clears = hers and change.kind == "do" and change.origin is not Origin.MODEL
        spans: list[Span] = []
        for start, end in self._fresh:
            inside = change.offset < end and start < change.offset + max(len(change.removed), 1)
            span = shift_span((start, end), change)
            if inside and clears:
                spans += without_sentence(span, self._sheet.manuscript.text, touched)
            else:
                spans.append(span)
        self._fresh = [span for span in spans if span[0] < span[1]]
        self.show_fresh()

    def show_fresh(self) -> None:
        """Show the fresh spans in the colours of the style."""
        colours = self._sheet.page_style.colours
        look = self._sheet.formats.tint(colours.fresh, colours.accent)
        self.show("fresh", [line for span in self._fresh for line in self._lines(span)], look)

    def _lines(self, span: Span) -> Iterator[Span]:
        return without_line_ends(span, self._sheet.manuscript.text)
