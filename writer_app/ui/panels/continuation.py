"""The Continue panel: one main button, what happens next, how much, and what to do with the answer."""

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from writer_app.craft.continuation import Length
from writer_app.engine import servers
from writer_app.engine.protocol import Sampling
from writer_app.errors import N_
from writer_app.language import _, current
from writer_app.ui.editor.plain import tip
from writer_app.ui.panels.answer import AnswerPanel
from writer_app.ui.panels.context import ContextPanel
from writer_app.ui.panels.expert import ExpertOptions, with_count
from writer_app.ui.panels.note import NoteLine
from writer_app.ui.panels.widgets import Fold, button, label, roomy, set_role
from writer_app.ui.session.session import Session
from writer_app.ui.session.state import Options, State

_LENGTHS = {
    Length.SENTENCE: N_("A sentence"),
    Length.PARAGRAPH: N_("A paragraph"),
    Length.AMOUNT: N_("About … words"),
    Length.UNTIL_STOPPED: N_("Until I stop it"),
}
_ALTERNATIVES = (
    N_("One"),
    N_("Two to choose from"),
    N_("Three to choose from"),
    N_("Four to choose from"),
)


class ContinuationPanel(QScrollArea):
    """Tells the session how to continue, and shows what can be done with what has come.

    It scrolls where a low window has no room for all of it.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.main = button("", self._start_or_stop, "main")
        self.note = self._note_line()
        self.recipe = self._recipe_choice()
        self.length = self._length_choice()
        self.amount = self._amount_choice()
        self.alternatives = self._alternatives_choice()
        self.expert = ExpertOptions(session.choices.options, self._sampling(), session.presets)
        self.fold = Fold("", self.expert)
        self.context = ContextPanel(session)
        self.reading = Fold(_("What the model reads"), self.context)
        self.hint = label("", "hint")
        self.answer = AnswerPanel(session)
        self._inside = inside = QWidget()
        inside.setMinimumWidth(1)  # else it would be cut off, not made narrower
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(14, 14, 14, 14)
        layout.setSpacing(10)
        layout.addWidget(self.main)
        layout.addWidget(self.answer)
        layout.addWidget(_named(_("What happens next"), self.note))
        layout.addWidget(_named(_("How"), self.recipe))
        layout.addWidget(_named(_("How much"), self._how_much()))
        layout.addWidget(_named(_("How many"), self.alternatives))
        layout.addWidget(self.hint)
        layout.addStretch(1)
        layout.addWidget(self.reading)
        layout.addWidget(self.fold)
        self.expert.changed.connect(self._choose)
        self.expert.samplers.wished.connect(session.wished)
        session.choices.changed.connect(self._show_options)
        self.reading.handle.toggled.connect(self.context.watch)
        for fold in (self.reading, self.context.fold, self.fold, self.expert.fold):
            fold.handle.toggled.connect(partial(self._bring_up, fold))
        session.state_changed.connect(self.show_state)
        self.show_state(session.state)
        self._show_options(session.choices.options)
        self._show_amount()

    def focus_note(self) -> None:
        """Let the writer say what happens next."""
        self.note.setFocus()
        self.note.selectAll()

    def show_state(self, state: State) -> None:
        """Follow the session."""
        running = state.is_generating
        # Both labels name the key, so that the button teaches it.
        self.main.setText(_("Stop   Esc") if running else _("Continue   Ctrl+Return"))
        self.main.setAccessibleName(_("Stop") if running else _("Continue"))
        set_role(self.main, "stop" if running else "main")
        self.main.setEnabled(running or not state.is_read_only)
        self.hint.setText(self._advice(state))
        self.hint.setVisible(bool(self.hint.text()))

    def _advice(self, state: State) -> str:
        if state.is_read_only:
            return _("This text is open for reading only.")
        if state.is_empty and not self.note.text().strip():
            return _(
                "On an empty page the model begins. Say above what happens, or write the first words."
            )
        path = self._session.services.preferences.values.model.path
        if not state.model and state.phase == "idle" and not servers.is_server(path):
            return _("The first time, the model has to be loaded; that takes a moment.")
        return ""

    def _bring_up(self, fold: Fold, is_open: bool) -> None:
        """What was opened at the panel's end would stay out of sight."""

        def scroll() -> None:
            top = fold.mapTo(self._inside, QPoint()).y() - 8
            if top + fold.height() > self.verticalScrollBar().value() + self.viewport().height():
                self.verticalScrollBar().setValue(top)

        if is_open:
            QTimer.singleShot(0, self, scroll)

    def _show_options(self, options: Options) -> None:
        """What is set in the fold holds while it is closed, so its title says that there is something."""
        sampling = self._sampling()
        self.expert.follow(options, sampling)
        count = len(options.overrides.differing(sampling))
        self.fold.set_title(with_count(_("Temperature, seed, stop strings"), count))

    def _sampling(self) -> Sampling:
        """Of the recipe that is chosen, without what she set."""
        return self._session.services.recipes.presets[self._session.choices.options.recipe].sampling

    def _start_or_stop(self) -> None:
        if self._session.state.is_generating:
            self._session.stop()
        else:
            self._choose()
            self._session.continue_text()
            self._session.page.setFocus()

    def _note_line(self) -> NoteLine:
        memory = self._session.services.memory
        line = NoteLine(self._session.choices.options.note, lambda: memory.values.notes)
        line.textChanged.connect(self._choose)
        line.textChanged.connect(lambda: self.show_state(self._session.state))
        line.returnPressed.connect(self._start_or_stop)
        return line

    def _recipe_choice(self) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(_("How"))
        for recipe in self._session.services.recipes.presets.values():
            box.addItem(recipe.title(current()), recipe.id)
            box.setItemData(
                box.count() - 1,
                tip(recipe.summary.in_language(current())),
                Qt.ItemDataRole.ToolTipRole,
            )
        box.setCurrentIndex(max(0, box.findData(self._session.choices.options.recipe)))
        box.currentIndexChanged.connect(self._choose)
        return box

    def _length_choice(self) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(_("How much"))
        for length, title in _LENGTHS.items():
            box.addItem(_(title), length)
        box.setCurrentIndex(list(_LENGTHS).index(self._session.choices.options.length))
        box.currentIndexChanged.connect(self._choose)
        box.currentIndexChanged.connect(self._show_amount)
        return box

    def _amount_choice(self) -> QSpinBox:
        box = QSpinBox(minimum=5, maximum=5_000, singleStep=25)
        roomy(box)
        box.setAccessibleName(_("How many words"))
        box.setToolTip(_("Words; in Chinese, 字"))
        box.setValue(self._session.choices.options.amount)
        box.valueChanged.connect(self._choose)
        return box

    def _alternatives_choice(self) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(_("How many"))
        box.setToolTip(
            _(
                "Several versions are written at the same time, after one reading. "
                "They share the model's room, so long ones may end sooner."
            )
        )
        for title in _ALTERNATIVES:
            box.addItem(_(title))
        box.setCurrentIndex(self._session.choices.options.alternatives - 1)
        box.currentIndexChanged.connect(self._choose)
        return box

    def _how_much(self) -> QWidget:
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.length, 1)
        layout.addWidget(self.amount)
        return row

    def _show_amount(self) -> None:
        self.amount.setVisible(self.length.currentData() == Length.AMOUNT)

    def _choose(self) -> None:
        self._session.choices.set_options(
            replace(
                self.expert.applied_to(self._session.choices.options),
                note=self.note.text(),
                recipe=self.recipe.currentData(),
                length=Length(self.length.currentData()),
                amount=self.amount.value(),
                alternatives=self.alternatives.currentIndex() + 1,
            )
        )


def _named(name: str, field: QWidget) -> QWidget:
    """A field with its name above it."""
    made = QWidget()
    layout = QVBoxLayout(made)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(4)
    title = label(name, "title")
    title.setBuddy(field)
    layout.addWidget(title)
    layout.addWidget(field)
    return made
