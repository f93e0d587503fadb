"""What the model is always told of a book: its memory, the author's note, wishes for the style, pages as examples."""

import msgspec
from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QPlainTextEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from writer_app.errors import N_
from writer_app.language import _, ngettext, number
from writer_app.story.project import Style
from writer_app.ui.panels.widgets import button, label, roomy
from writer_app.ui.session.projects import OpenProject
from writer_app.ui.session.session import Session

#: Milliseconds after the last key until what was typed is kept.
_PAUSE_MS = 600
_HEIGHT = 64
_MOST_DEPTH = 1_000
_FIELDS = {
    "memory": (N_("Memory"), N_("What the model is always told of this book")),
    "note": (N_("Author’s note"), N_("Stands near the caret, where it weighs most")),
    "preferences": (N_("Style wishes"), N_("Short sentences; no weather; …")),
}


class VoicePanel(QWidget):
    """Shows the project's :class:`Style`, and keeps what she changes of it."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._shown: OpenProject | None = None
        self._pause = QTimer(self, interval=_PAUSE_MS, singleShot=True)
        self._pause.timeout.connect(self._keep)
        self.fields = {name: self._field(*words) for name, words in _FIELDS.items()}
        self.note_depth = QSpinBox(minimum=0, maximum=_MOST_DEPTH)
        self.note_depth.setAccessibleName(_("Paragraphs before the caret"))
        roomy(self.note_depth)
        self.note_depth.valueChanged.connect(lambda _value: self._pause.start())
        self.samples = label("", "hint")
        self.add = button(_("Add what is highlighted"), self._add_sample, "quiet")
        self.drop = button(_("Remove the last"), self._drop_sample, "quiet")
        self._arrange()
        session.book.binder.changed.connect(self.show_style)
        session.book.binder.entered.connect(self.show_style)
        self.show_style()

    def show_style(self) -> None:
        """Follow the project; what she is typing stays."""
        project = self._session.book.binder.project
        if self._pause.isActive():
            if project is self._shown:
                return
            self._keep()
        self._shown = project
        if project is None:
            return
        style = project.facts.style
        for widget in (*self.fields.values(), self.note_depth):
            widget.blockSignals(True)
        for name, field in self.fields.items():
            # A space at its end is not kept, and the caret stays where she is writing.
            if field.toPlainText().strip() != getattr(style, name).strip():
                field.setPlainText(getattr(style, name))
        self.note_depth.setValue(style.note_depth)
        for widget in (*self.fields.values(), self.note_depth):
            widget.blockSignals(False)
        count = len(style.samples)
        told = ngettext("{count} sample page", "{count} sample pages", count)
        self.samples.setText(told.format(count=number(count)))
        self.drop.setVisible(count > 0)

    def hideEvent(self, event: QHideEvent) -> None:
        """What was typed a moment ago is kept before the panel, or the window, is gone."""
        if self._pause.isActive():
            self._keep()
        super().hideEvent(event)

    # -- inside ---------------------------------------------------------------------------------

    def _field(self, name: str, hint: str) -> QPlainTextEdit:
        field = QPlainTextEdit()
        field.setAccessibleName(_(name))
        field.setPlaceholderText(_(hint))
        field.setTabChangesFocus(True)
        field.setFixedHeight(_HEIGHT)
        field.textChanged.connect(self._pause.start)
        return field

    def _arrange(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for name, field in self.fields.items():
            title = label(_(_FIELDS[name][0]), "title")
            title.setBuddy(field)
            layout.addWidget(title)
            layout.addWidget(field)
            if name == "note":
                form = QFormLayout()
                form.addRow(_("Paragraphs before the caret"), self.note_depth)
                layout.addLayout(form)
        row = QHBoxLayout()
        row.addWidget(self.add)
        row.addWidget(self.drop)
        row.addStretch(1)
        layout.addWidget(label(_("Pages of yours as examples"), "title"))
        layout.addWidget(self.samples)
        layout.addLayout(row)

    @property
    def _style(self) -> Style | None:
        return self._shown.facts.style if self._shown else None

    def _keep(self) -> None:
        self._pause.stop()
        said = {name: field.toPlainText().strip() for name, field in self.fields.items()}
        self._set(**said, note_depth=self.note_depth.value())

    def _add_sample(self) -> None:
        start, end = self._session.page.selection
        text = self._session.document.text[start:end].strip()
        if text and self._style:
            self._set(samples=(*self._style.samples, text))

    def _drop_sample(self) -> None:
        if self._style:
            self._set(samples=self._style.samples[:-1])

    def _set(self, **fields: object) -> None:
        if (project := self._shown) is not None:
            style = msgspec.structs.replace(project.facts.style, **fields)
            project.set_facts(msgspec.structs.replace(project.facts, style=style))
