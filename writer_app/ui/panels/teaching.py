"""Panels that are still to come: they say what they will do and what helps meanwhile. No dead buttons."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from writer_app.errors import N_
from writer_app.language import _
from writer_app.ui.panels.widgets import label

#: Title of the tab, what the panel will do, what to use until then.
TEACHING: tuple[tuple[str, str, str], ...] = (
    (
        N_("Outline"),
        N_(
            "Plan the story in beats, scenes and chapters, alone or with the model, and write from the plan."
        ),
        N_(
            "This panel is being built. Until then: headings make the outline. "
            "They stand in the Story panel on the left, and a click goes there."
        ),
    ),
)


class TeachingPanel(QWidget):
    """Two paragraphs: what will be here, what to use until then."""

    def __init__(self, promise: str, meanwhile: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 18, 14, 14)
        layout.setSpacing(12)
        layout.addWidget(label(_(promise)))
        layout.addWidget(label(_(meanwhile), "hint"))
        layout.addStretch(1)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(_(promise))
        self.setAccessibleDescription(_(meanwhile))
