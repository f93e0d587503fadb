"""Who wrote what, shown over the page while the writer wants to see it."""

from collections import Counter

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QTextCharFormat

from writer_app.language import _
from writer_app.story.changes import Origin
from writer_app.story.ledger import Authored, Authors
from writer_app.story.records import Header
from writer_app.ui.editor.page import Page
from writer_app.ui.editor.spans import Span, without_line_ends
from writer_app.ui.editor.style import blend

#: Only what is on the screen is tinted, again this long (milliseconds) after it has changed.
PAUSE_MS = 120
_LAYERS = ("model", "edited", "pasted")


class Authorship(QObject):
    """Tints the text of models, of models edited since, and pasted text; typed text stays as it is."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.is_on = False
        self._page = page
        document = page.manuscript
        past = document.past
        header = past.header if past else Header(document.id, "", document.text)
        self._authors = Authors(header, document.log)
        self._pause = QTimer(self, interval=PAUSE_MS, singleShot=True)
        self._pause.timeout.connect(self._show)
        self._unsubscribe = document.subscribe(lambda _change: self._soon())
        page.verticalScrollBar().valueChanged.connect(self._soon)
        page.restyled.connect(self._soon)

    def toggle(self) -> str:
        """Show it or not; returns what there is to say about all of the text, empty when it is off now."""
        self.is_on = not self.is_on
        self._show()
        return self._summary() if self.is_on else ""

    def answer_at(self, offset: int) -> Authored | None:
        """The answer of a model that the place lies in."""
        return self._authors.now().answer_at(offset)

    def leave(self) -> None:
        """The document goes."""
        self._unsubscribe()

    def _soon(self) -> None:
        if self.is_on and not self._pause.isActive():
            self._pause.start()

    def _show(self) -> None:
        spans: dict[str, list[Span]] = {name: [] for name in _LAYERS}
        if self.is_on:
            first, last = self._page.visible_span()
            for each in self._authors.now().spans:
                name = _layer(each)
                if name and each.start < last and first < each.end:
                    seen = max(each.start, first), min(each.end, last)
                    spans[name] += without_line_ends(seen, self._page.manuscript.text)
        for name in _LAYERS:
            self._page.show_layer(f"authors.{name}", spans[name], self._look(name))

    def _look(self, name: str) -> QTextCharFormat:
        colours = self._page.page_style.colours
        over = {"model": colours.accent, "edited": colours.accent, "pasted": colours.found}[name]
        share = {"model": 0.30, "edited": 0.14, "pasted": 0.6}[name]
        underline = colours.accent if name == "model" else ""
        return self._page.formats.tint(blend(over, colours.paper, share), underline)

    def _summary(self) -> str:
        counts = Counter[str]()
        for each in self._authors.now().spans:
            counts[_layer(each) or each.origin.value] += each.end - each.start
        total = sum(counts.values()) or 1

        def share(*names: str) -> int:
            return round(100 * sum(counts[name] for name in names) / total)

        text = _(
            "Typed {typed} %, pasted {pasted} % (yellow), written by the model {model} % (green), by the model "
            "and changed by you {edited} % (light green), there before {before} %."
        )
        return text.format(
            typed=share(Origin.TYPED),
            pasted=share("pasted"),
            model=share("model"),
            edited=share("edited"),
            before=share(Origin.IMPORTED, Origin.RECOVERED),
        )


def _layer(span: Authored) -> str:
    if span.origin is Origin.MODEL:
        return "edited" if span.edited else "model"
    return "pasted" if span.origin is Origin.PASTED else ""
