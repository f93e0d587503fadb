"""The second pane: what she looks at while she writes. Only notes are written on there."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from writer_app.language import _
from writer_app.ui.panels.widgets import button, label
from writer_app.ui.session.beside import Shown, What
from writer_app.ui.session.session import Session

_LEAST_WIDTH = 200


class BesidePane(QWidget):
    """Shows what the session found; hidden while there is nothing."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._beside = session, session.book.beside
        self.setProperty("role", "side")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumWidth(_LEAST_WIDTH)
        self.title = label("", "title")
        self.editing = button(
            _("Edit"), self._beside.edit, "quiet", _("Open it in a window of its own")
        )
        self.text = _reading()
        self.notes = _writing()
        self.picture = _Picture()
        self.told = QCheckBox(_("The model is told these notes"))
        self.told.setToolTip(_("Notes that are not ticked are for you alone."))
        self._stack = QStackedWidget()
        for each in (self.text, self.notes, self.picture):
            self._stack.addWidget(each)
        self._lay_out()
        self.notes.textChanged.connect(self._on_typed)
        self.told.clicked.connect(lambda checked: self._beside.pin(pinned=checked))
        self._beside.changed.connect(self.show_thing)
        session.book.binder.changed.connect(self._show_pin)
        session.page_changed.connect(self._dress)
        self._dress()
        self.show_thing(self._beside.shown)

    def sizeHint(self) -> QSize:
        """Wide enough to read in, and the page keeps most of the room."""
        return QSize(250, 400)

    def show_thing(self, shown: Shown | None) -> None:
        """Show something else, or hide."""
        self.setVisible(shown is not None)
        if shown is None:
            return
        is_notes = shown.what is What.NOTES
        self.title.setText(shown.title)
        self.editing.setVisible(shown.path is not None)
        self.told.setVisible(is_notes)
        if shown.picture is not None:
            self.picture.show_picture(QPixmap.fromImage(shown.picture), shown.title)
            self._stack.setCurrentWidget(self.picture)
            return
        view = self.notes if is_notes else self.text
        place = view.verticalScrollBar().value() if view.accessibleName() == shown.title else 0
        view.blockSignals(True)
        view.setPlainText(shown.text)
        view.blockSignals(False)
        view.verticalScrollBar().setValue(place)
        view.setAccessibleName(shown.title)
        self._stack.setCurrentWidget(view)
        self._show_pin()

    # -- inside ---------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self.title, 1)
        row.addWidget(self.editing)
        row.addWidget(button(_("Close"), self._leave, "quiet"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 10, 10, 8)
        layout.setSpacing(6)
        layout.addLayout(row)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self.told)

    def _dress(self) -> None:
        font = self._session.page.font()
        font.setPointSizeF(max(8.0, font.pointSizeF() - 1))
        self.text.setFont(font)
        self.notes.setFont(font)

    def _leave(self) -> None:
        self._beside.close()
        self._session.page.setFocus()

    def _on_typed(self) -> None:
        # As it is: toPlainText would make common spaces of those that do not break.
        self._beside.write_notes(self.notes.document().toRawText().replace("\u2029", "\n"))

    def _show_pin(self) -> None:
        self.told.setChecked(self._beside.is_pinned)


class _Picture(QLabel):
    """A picture, as large as there is room."""

    def __init__(self) -> None:
        super().__init__()
        self._picture = QPixmap()
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setMinimumSize(1, 1)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def show_picture(self, picture: QPixmap, title: str) -> None:
        """Show another one."""
        self._picture = picture
        self.setAccessibleName(title)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit it into the new size."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        if self._picture.isNull():
            return
        ratio = self.devicePixelRatioF()
        room = (self.size() * ratio).boundedTo(self._picture.size())
        fitted = self._picture.scaled(
            room, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        fitted.setDevicePixelRatio(ratio)
        self.setPixmap(fitted)


def _reading() -> QPlainTextEdit:
    made = QPlainTextEdit()
    made.setReadOnly(True)
    made.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse
        | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    return made


def _writing() -> QPlainTextEdit:
    made = QPlainTextEdit()
    made.setFrameShape(QFrame.Shape.NoFrame)
    made.setPlaceholderText(
        _("What you want to remember about this text. It is no part of the book.")
    )
    made.setTabChangesFocus(True)
    return made
