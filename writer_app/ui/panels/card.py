"""The card of a chapter or scene: what happens in it, how long it should get, what state it is in."""

import contextlib
from datetime import date

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QLineEdit,
    QPlainTextEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from writer_app.language import _
from writer_app.story.project import Facts
from writer_app.story.tree import Item, Section
from writer_app.ui.panels.widgets import Fold, roomy
from writer_app.ui.session.session import Session
from writer_app.ui.session.state import Wish

#: Milliseconds after the last key until what was typed is kept.
_PAUSE = 600
_MOST_TARGET = 1_000_000
#: In place of an id: she wants others than there are.
_DEFINE = " "


class Card(QWidget):
    """Shows one item, and tells the binder what she changes of it."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._binder = session, session.book.binder
        self._shown = ""
        self.synopsis = QPlainTextEdit()
        self.synopsis.setPlaceholderText(_("What happens here, in a sentence or two"))
        self.synopsis.setAccessibleName(_("Synopsis"))
        self.synopsis.setTabChangesFocus(True)
        self.synopsis.setFixedHeight(84)
        self.when = QLineEdit()
        self.when.setAccessibleName(_("When"))
        self.when.setPlaceholderText(_("3 May, evening"))
        self.when.setToolTip(
            _("When it happens, in your own words; the timeline orders scenes by it")
        )
        self.target = QSpinBox()
        self.target.setRange(0, _MOST_TARGET)
        self.target.setSingleStep(100)
        self.target.setSpecialValueText(_("None"))
        self.target.setAccessibleName(_("Target"))
        roomy(self.target)
        self.state = QComboBox()
        self.state.setAccessibleName(_("State"))
        self.label = QComboBox()
        self.label.setAccessibleName(_("Label"))
        self.published = QLineEdit()
        self.published.setAccessibleName(_("Day of publication"))
        self.published.setPlaceholderText(_("Year-month-day"))
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.addRow(_("When"), self.when)
        form.addRow(_("Target"), self.target)
        form.addRow(_("State"), self.state)
        form.addRow(_("On"), self.published)
        form.addRow(_("Label"), self.label)
        self._form = form
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(0, 0, 4, 0)
        layout.addWidget(self.synopsis)
        layout.addLayout(form)
        self.fold = Fold(_("Card"), inside)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.fold)
        self._pause = QTimer(self, interval=_PAUSE, singleShot=True)
        self._pause.timeout.connect(self._keep)
        self.synopsis.textChanged.connect(self._pause.start)
        self.when.textEdited.connect(lambda _text: self._pause.start())
        self.target.valueChanged.connect(lambda _value: self._pause.start())
        for box in (self.state, self.label):
            box.activated.connect(lambda _index, box=box: self._on_choice(box))
        self.published.textEdited.connect(lambda _text: self._pause.start())

    def show_item(self, item: Item | None) -> None:
        """Show another item, or how the same one is now."""
        is_other = (item.id if item else "") != self._shown
        if is_other:
            self._keep_now()
        elif self._pause.isActive():
            return  # she is still typing
        self._shown = item.id if item else ""
        self.setVisible(item is not None)
        if item is None:
            return
        for widget in (self.synopsis, self.target, self.state):
            widget.blockSignals(True)
        # A space at its end is not kept, and the caret stays where she is writing.
        if is_other or self.synopsis.toPlainText().strip() != item.synopsis.strip():
            self.synopsis.setPlainText(item.synopsis)
        self.when.setText(item.when)
        self.target.setValue(item.target)
        self._fill_marks(item)
        if is_other or not self._pause.isActive():
            self.published.setText(item.published)
        for widget in (self.synopsis, self.target, self.state):
            widget.blockSignals(False)
        is_book = item.section in (Section.FRONT, Section.TEXT)
        self.target.setEnabled(is_book)
        self._form.setRowVisible(self.when, item.section is Section.TEXT)
        self.fold.set_title(
            _("Card: {title}").format(title=item.title) if item.title else _("Card")
        )

    def hideEvent(self, event: QHideEvent) -> None:
        """What was typed a moment ago is kept before the panel, or the window, is gone."""
        self._keep_now()
        super().hideEvent(event)

    # -- inside ---------------------------------------------------------------------------------

    def _fill_marks(self, item: Item) -> None:
        facts = self._binder.project.facts if self._binder.project else Facts()
        for box, marks, chosen in (
            (self.state, facts.states, item.status),
            (self.label, facts.labels, item.label),
        ):
            box.clear()
            box.addItem(_("None"), "")
            for each in marks:
                box.addItem(each.title, each.id)
            box.addItem(_("Define them…"), _DEFINE)
            box.setCurrentIndex(max(0, box.findData(chosen)))
        dated = {each.id for each in facts.states if each.dated}
        self._form.setRowVisible(self.published, item.status in dated or bool(item.published))

    def _on_choice(self, box: QComboBox) -> None:
        if box.currentData() != _DEFINE:
            self._keep()
            return
        item = self._binder.tree[self._shown]
        chosen = item.label if box is self.label else item.status
        box.setCurrentIndex(max(0, box.findData(chosen)))
        self._session.wished.emit(Wish.PROJECT_PAGE)

    def _keep_now(self) -> None:
        if self._pause.isActive():
            self._keep()

    def _keep(self) -> None:
        self._pause.stop()
        if self._shown in self._binder.tree:
            old, when = self._binder.tree[self._shown], " ".join(self.when.text().split())
            self._binder.change(
                self._shown,
                when=when,
                # What she says last holds: words take it away from where it was put by hand.
                after=old.after if when == old.when else "",
                synopsis=self.synopsis.toPlainText().strip(),
                target=self.target.value(),
                status=str(self.state.currentData() or ""),
                label=str(self.label.currentData() or ""),
                published=self._day(),
            )

    def _day(self) -> str:
        """The ISO date that was typed; today where a state wants one and none was; what is no date is left out."""
        project, state = self._binder.project, str(self.state.currentData() or "")
        typed = self.published.text().strip()
        wanted = project is not None and any(
            each.dated and each.id == state for each in project.facts.states
        )
        if not typed:
            return date.today().isoformat() if wanted else ""
        with contextlib.suppress(ValueError):
            return date.fromisoformat(typed).isoformat()
        return self._binder.tree[self._shown].published
