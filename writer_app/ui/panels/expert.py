"""The fold for those who know what a temperature is."""

import re
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from writer_app.craft.samplers import FIELDS, Overrides
from writer_app.engine.protocol import Sampling
from writer_app.language import _, ngettext
from writer_app.ui.panels.sampler_fields import NumberBox, back_button
from writer_app.ui.panels.samplers import SamplerForm
from writer_app.ui.panels.widgets import Fold
from writer_app.ui.session.presets import Presets
from writer_app.ui.session.state import Options

_ESCAPES = {"\\n": "\n", "\\t": "\t"}


class ExpertOptions(QWidget):
    """Temperature, seed and stop strings; in a fold of its own, every sampler.

    Signals:
        changed: Something else was chosen.
    """

    changed = Signal()

    def __init__(
        self, options: Options, sampling: Sampling, presets: Presets, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._overrides = options.overrides
        self.temperature = NumberBox(FIELDS["temperature"])
        self.temperature.setToolTip(_("0 always takes the likeliest word; above 1 it gets wild."))
        self.back = back_button(
            _("Temperature"), lambda: self._set(self._overrides.with_value("temperature", None))
        )
        self.seed = QLineEdit("" if options.seed is None else str(options.seed))
        self.seed.setPlaceholderText(_("another one each time"))
        self.seed.setToolTip(_("The same number gives the same text; it reads anew each time."))
        self.stop = QLineEdit(", ".join(options.stop))
        self.stop.setPlaceholderText(_("for example: ***, THE END"))
        self.stop.setToolTip(
            _("Writing ends before any of these, separated by commas; \\n is a line end.")
        )
        self.samplers = SamplerForm(presets)
        self.fold = Fold(_("Every sampler"), self.samplers)
        self._arrange()
        self.follow(options, sampling)
        self.temperature.edited.connect(
            lambda value: self._set(self._overrides.with_value("temperature", value))
        )
        self.samplers.edited.connect(self._set)
        self.seed.textChanged.connect(self.changed)
        self.stop.textChanged.connect(self.changed)

    def follow(self, options: Options, sampling: Sampling) -> None:
        """Show the samplers as they hold now, over ``sampling`` of the recipe that is chosen now."""
        self._overrides = options.overrides
        self.temperature.show_value(options.overrides.temperature, sampling.temperature)
        self.back.setVisible(options.overrides.temperature is not None)
        self.samplers.show_values(sampling, options.overrides)
        count = len(options.overrides.differing(sampling))
        self.fold.set_title(with_count(_("Every sampler"), count))

    def applied_to(self, options: Options) -> Options:
        """``options`` with what stands here; a seed that is no number is none."""
        seed = self.seed.text().strip()
        return replace(
            options,
            overrides=self._overrides,
            seed=int(seed) % 2**32 if seed.isdecimal() else None,
            stop=tuple(filter(None, map(_unescaped, _COMMAS.split(self.stop.text())))),
        )

    def _set(self, overrides: Overrides) -> None:
        self._overrides = overrides
        self.changed.emit()

    def _with_back(self) -> QWidget:
        row = QWidget()
        row.setFocusProxy(self.temperature)
        self.temperature.setAccessibleName(_("Temperature"))
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.temperature, 1)
        layout.addWidget(self.back)
        return row

    def _arrange(self) -> None:
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        for name, field in (
            (_("Temperature"), self._with_back()),
            (_("Seed"), self.seed),
            (_("Stop before"), self.stop),
        ):
            field.setAccessibleName(name)
            form.addRow(name, field)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(form)
        layout.addWidget(self.fold)


def with_count(title: str, count: int) -> str:
    """The title of a fold, which says while it is closed how much in it is not as usual."""
    if not count:
        return title
    told = ngettext("{count} set", "{count} set", count).format(count=count)
    return f"{title} · {told}"


#: Whatever keyboard they are typed on, commas part the stop strings.
_COMMAS = re.compile("[,，、]")


def _unescaped(text: str) -> str:
    text = text.strip()
    for written, meant in _ESCAPES.items():
        text = text.replace(written, meant)
    return text
