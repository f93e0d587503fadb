"""The expert form of every sampler: their order, what each does, what she sets of it, and presets in and out."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from writer_app.craft.samplers import SAMPLERS, UNTOUCHED, Overrides, Sampler
from writer_app.engine.protocol import Sampling
from writer_app.language import _
from writer_app.ui.panels.chain import ChainList
from writer_app.ui.panels.sampler_fields import FieldRow
from writer_app.ui.panels.widgets import button, label
from writer_app.ui.session.presets import Presets
from writer_app.ui.session.state import Wish


class SamplerForm(QWidget):
    """Shows a preset and what she set instead; the first is the recipe's, the second hers.

    Signals:
        edited: The new :class:`Overrides`.
        wished: A :class:`Wish` for the window: a file to open or to save.
    """

    edited = Signal(object)
    wished = Signal(object)

    def __init__(self, presets: Presets, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presets = presets
        self._sampling, self._overrides = Sampling(), UNTOUCHED
        self.own = self._own_choice()
        self.chain = ChainList()
        self.usual = button(
            _("Order as the preset has it"), lambda: self._set("order", None), "quiet"
        )
        self.reset = button(
            _("Reset"), self._reset, hint=_("Everything as the preset has it, the temperature too")
        )
        self.pages = {each.name: _Page(each) for each in SAMPLERS}
        self._arrange()
        self.chain.picked.connect(self._turn_to)
        self.chain.reordered.connect(self._set_order)
        for page in self.pages.values():
            page.edited.connect(self._set)
        presets.listed.connect(self._list_own)
        self._list_own()
        self._turn_to(self.chain.current)

    def show_values(self, sampling: Sampling, overrides: Overrides) -> None:
        """Show the preset's sampling, and what she set instead."""
        self._sampling, self._overrides = sampling, overrides
        self.chain.show_chain(sampling, overrides)
        for page in self.pages.values():
            page.show_values(sampling, overrides)
        self.usual.setVisible("order" in overrides.differing(sampling))
        self.reset.setEnabled(overrides != UNTOUCHED)

    def _set(self, name: str, value: object) -> None:
        self.edited.emit(self._overrides.with_value(name, value))

    def _set_order(self, order: tuple[str, ...]) -> None:
        # The list also shows what the preset's chain lacks; it stands last, and is switched off.
        usual = self._sampling.order
        is_usual = order == (*usual, *(each for each in order if each not in usual))
        self._set("order", None if is_usual else order)

    def _reset(self) -> None:
        self.own.setCurrentIndex(0)
        self.edited.emit(UNTOUCHED)

    def _turn_to(self, name: str) -> None:
        for each, page in self.pages.items():
            page.setVisible(each == name)

    def _own_choice(self) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(_("My presets"))
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.activated.connect(self._open_own)
        return box

    def _list_own(self) -> None:
        chosen = self.own.currentData()
        self.own.clear()
        self.own.addItem(_("My presets…"), None)
        for path in self._presets.own():
            self.own.addItem(path.stem, path)
        self.own.setCurrentIndex(max(0, self.own.findData(chosen)))
        self.own.setVisible(self.own.count() > 1)

    def _open_own(self) -> None:
        if self.own.currentData() is not None:
            self._presets.open(self.own.currentData())

    def _arrange(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(6)
        buttons.addWidget(
            button(
                _("Open…"),
                lambda: self.wished.emit(Wish.OPEN_PRESET),
                hint=_("A preset of Longhand, KoboldCpp or SillyTavern"),
            )
        )
        buttons.addWidget(
            button(
                _("Save as…"),
                lambda: self.wished.emit(Wish.SAVE_PRESET),
                hint=_(
                    "All values as they hold now, as a file of Longhand, KoboldCpp or SillyTavern"
                ),
            )
        )
        buttons.addWidget(self.reset)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.own)
        layout.addLayout(buttons)
        layout.addWidget(
            label(
                _("Words are drawn in this order. Drag a line, or press Alt+↑ and Alt+↓."), "hint"
            )
        )
        layout.addWidget(self.chain)
        layout.addWidget(self.usual, alignment=Qt.AlignmentFlag.AlignLeft)
        for page in self.pages.values():
            layout.addWidget(page)


class _Page(QWidget):
    """One sampler in full."""

    edited = Signal(str, object)

    def __init__(self, sampler: Sampler, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # The temperature has its place above the form.
        fields = () if sampler.name == "temperature" else sampler.fields
        self.rows = {field.name: FieldRow(field) for field in fields}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(label(_(sampler.title), "title"))
        layout.addWidget(label(_(sampler.hint)))
        for row in self.rows.values():
            row.edited.connect(self.edited)
            layout.addWidget(row)

    def show_values(self, sampling: Sampling, overrides: Overrides) -> None:
        for name, row in self.rows.items():
            row.show_value(getattr(overrides, name), getattr(sampling, name))
