"""The few kinds of label and button that the panels are made of; the theme knows them by their role."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from writer_app.ui.editor.plain import tip


def label(text: str, role: str = "") -> QLabel:
    """A label that breaks its lines and shows the text as it is written; roles: title, hint, problem."""
    made = QLabel()
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setText(text)
    made.setWordWrap(True)
    made.setProperty("role", role)
    return made


def button(text: str, run: Callable[[], object], role: str = "", hint: str = "") -> QPushButton:
    """A button; roles: main, stop, quiet. ``hint`` is its tooltip."""
    made = QPushButton(text)
    made.setProperty("role", role)
    made.setToolTip(tip(hint))
    made.setAutoDefault(False)
    made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    made.clicked.connect(lambda _checked: run())
    return made


def roomy(box: QAbstractSpinBox) -> None:
    """Keep a number off the edge of its box: the style sheet's padding does not reach in there."""
    line = box.findChild(QLineEdit)
    if line is not None:
        line.setTextMargins(6, 0, 0, 0)


def set_role(widget: QWidget, role: str) -> None:
    """Give a widget another role and let the style sheet see it."""
    if widget.property("role") != role:
        widget.setProperty("role", role)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


class Fold(QWidget):
    """A title that opens and closes what is under it."""

    def __init__(self, title: str, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._content = content
        self.handle = QToolButton()
        self.handle.setText(title)
        self.handle.setProperty("role", "fold")
        self.handle.setCheckable(True)
        self.handle.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.handle.setAccessibleName(title)
        self.handle.toggled.connect(self._open)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.handle, alignment=Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(content)
        self._open(False)

    def set_title(self, title: str) -> None:
        """Say something else on the handle."""
        self.handle.setText(title)
        self.handle.setAccessibleName(title)

    def _open(self, is_open: bool) -> None:
        self._content.setVisible(is_open)
        arrow = Qt.ArrowType.DownArrow if is_open else Qt.ArrowType.RightArrow
        self.handle.setArrowType(arrow)
