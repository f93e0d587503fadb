"""The fold for those who know what a temperature is."""

import re
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDoubleSpinBox, QFormLayout, QLineEdit, QWidget

from writer_app.language import _
from writer_app.ui.panels.widgets import roomy
from writer_app.ui.session.state import Options

#: A spin box shows its least value as "as the preset has it".
_NONE = -0.05
_ESCAPES = {"\\n": "\n", "\\t": "\t"}


class ExpertOptions(QWidget):
    """Temperature, seed and stop strings.

    Signals:
        changed: Something else was chosen.
    """

    changed = Signal()

    def __init__(self, options: Options, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.temperature = QDoubleSpinBox(minimum=_NONE, maximum=5.0, singleStep=0.05, decimals=2)
        roomy(self.temperature)
        self.temperature.setSpecialValueText(_("as the preset has it"))
        self.temperature.setValue(_NONE if options.temperature is None else options.temperature)
        self.temperature.setToolTip(_("0 always takes the likeliest word; above 1 it gets wild."))
        self.seed = QLineEdit("" if options.seed is None else str(options.seed))
        self.seed.setPlaceholderText(_("another one each time"))
        self.seed.setToolTip(_("The same number gives the same text; it reads anew each time."))
        self.stop = QLineEdit(", ".join(options.stop))
        self.stop.setPlaceholderText(_("for example: ***, THE END"))
        self.stop.setToolTip(
            _("Writing ends before any of these, separated by commas; \\n is a line end.")
        )
        layout = QFormLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        for name, field in (
            (_("Temperature"), self.temperature),
            (_("Seed"), self.seed),
            (_("Stop before"), self.stop),
        ):
            field.setAccessibleName(name)
            layout.addRow(name, field)
        self.temperature.valueChanged.connect(self.changed)
        self.seed.textChanged.connect(self.changed)
        self.stop.textChanged.connect(self.changed)

    def applied_to(self, options: Options) -> Options:
        """``options`` with what stands here; a seed that is no number is none."""
        seed = self.seed.text().strip()
        temperature = self.temperature.value()
        return replace(
            options,
            temperature=None if temperature < 0 else temperature,
            seed=int(seed) % 2**32 if seed.isdecimal() else None,
            stop=tuple(filter(None, map(_unescaped, _COMMAS.split(self.stop.text())))),
        )


#: Whatever keyboard they are typed on, commas part the stop strings.
_COMMAS = re.compile("[,，、]")


def _unescaped(text: str) -> str:
    text = text.strip()
    for written, meant in _ESCAPES.items():
        text = text.replace(written, meant)
    return text
