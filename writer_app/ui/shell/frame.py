"""Which panels there is room for: they give way before the page does."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QWidget

#: Pixels. The page wants this much before a panel may stand beside it.
PAGE, STORY, WRITING = 500, 200, 280
BESIDE = 240
LEAST_WINDOW = 640


class Frame(QSplitter):
    """Story panel, page, writing panel, side by side.

    Attributes:
        wanted: Panels the writer wants to see where there is room: ``"story"``, ``"writing"``.
    """

    def __init__(
        self, story: QWidget, page: QWidget, writing: QWidget, parent: QWidget | None = None
    ) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._panels = {"writing": writing, "story": story}
        self._least = {"writing": WRITING, "story": STORY}
        self._reserved = 0  # pixels that something beside the page takes
        self._insisted = ""  # shown on request although it is tight
        self.wanted = {"story", "writing"}
        self.setHandleWidth(1)
        self.setChildrenCollapsible(False)
        story.setMinimumWidth(150)
        writing.setMinimumWidth(250)
        page.setMinimumWidth(320)
        for widget in (story, page, writing):
            self.addWidget(widget)
        self.setStretchFactor(1, 1)
        self.setSizes([STORY + 50, 740, WRITING + 30])

    def toggle(self, name: str) -> None:
        """Show the panel, or hide it."""
        if self._panels[name].isVisible():
            self.wanted.discard(name)
            self._insisted = ""
        else:
            self.wanted.add(name)
            self._insisted = name
        self.fit(self.width())

    def reveal(self, name: str) -> QWidget:
        """Show the panel if it is hidden; returns it."""
        if not self._panels[name].isVisible():
            self.toggle(name)
        return self._panels[name]

    def reserve(self, width: int) -> None:
        """Something beside the page takes so many pixels of it from now on."""
        self._reserved = width
        self.fit(self.width())

    def hide_panels(self, *, hidden: bool) -> None:
        """Leave only the page, or bring the panels back."""
        if hidden:
            for panel in self._panels.values():
                panel.hide()
        else:
            self.fit(self.width())

    def fit(self, width: int) -> None:
        """Show what is wanted and fits into ``width`` pixels."""
        shown = fitting(width - self._reserved, self.wanted, self._insisted)
        if shown == fitting(10_000, self.wanted, ""):
            self._insisted = ""
        for name, panel in self._panels.items():
            panel.setVisible(name in shown)


def fitting(width: int, wanted: set[str], insisted: str = "") -> set[str]:
    """The panels to show, the more useful one first; one that is insisted on shows in any case."""
    if insisted in wanted and width < PAGE + STORY + WRITING:
        return {insisted}
    shown: set[str] = set()
    for name, least in (("writing", WRITING), ("story", STORY)):
        if name in wanted:
            width -= least
            if width < PAGE:
                break
            shown.add(name)
    return shown
