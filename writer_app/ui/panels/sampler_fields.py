"""One line of the form of samplers: a setting, its value, and the way back to what the preset has."""

from collections.abc import Callable
from typing import Any, cast

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QWheelEvent
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QHBoxLayout,
    QPlainTextEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from writer_app.craft.samplers import Field
from writer_app.language import _
from writer_app.ui.panels.widgets import label, roomy, set_role

#: Pixels; the titles share the rest of a narrow panel.
_BOX = 132
_LINES = 4


class NumberBox(QDoubleSpinBox):
    """A number that may also be as the preset has it, which is said with its value.

    The box rounds what it shows, never what it was given: only her hand changes the value.
    """

    edited = Signal(object)

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._field = field
        self._preset = 0.0
        self.setDecimals(field.decimals)
        self.setRange(field.low - field.step, field.high)
        self.setSingleStep(field.step)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        roomy(self)
        self.valueChanged.connect(self._report)

    def show_value(self, value: float | None, preset: float) -> None:
        """Show what she set, or ``None`` and what the preset has."""
        self._preset = preset
        near = min(max(preset, self._field.low), self._field.high)
        text = _("preset: {value}").format(value=self.textFromValue(near))
        shown = self.minimum() if value is None else max(value, self._field.low)
        self.blockSignals(True)
        # Set again, the same value would be written anew, and "1.0" on its way to "1.08" would become "1".
        if text != self.specialValueText():
            self.setSpecialValueText(text)
        if shown != self.value():
            self.setValue(shown)
        self.blockSignals(False)
        set_role(self, "preset" if value is None else "")

    def _report(self, value: float) -> None:
        self.edited.emit(None if value < self._field.low else self._field.fitting(value))

    def textFromValue(self, value: float) -> str:
        """Without noughts at the end."""
        text = super().textFromValue(value)
        point = self.locale().decimalPoint()
        return text.rstrip("0").removesuffix(point) if point in text else text

    def stepBy(self, steps: int) -> None:
        """From "as the preset has it" the first step goes on from there."""
        if self.value() < self._field.low:
            self.setValue(self._preset + steps * self.singleStep())
        else:
            # Down past the end it stays at the end; the way back to the preset has its own button.
            self.setValue(max(self._field.low, self.value() + steps * self.singleStep()))

    def stepEnabled(self) -> QDoubleSpinBox.StepEnabledFlag:
        """At "as the preset has it" both ways are open."""
        if self.value() < self._field.low:
            return (
                QDoubleSpinBox.StepEnabledFlag.StepUpEnabled
                | QDoubleSpinBox.StepEnabledFlag.StepDownEnabled
            )
        return super().stepEnabled()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """What is typed takes the place of all of it."""
        super().focusInEvent(event)
        QTimer.singleShot(0, self, self.selectAll)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scrolling the panel changes no number under the mouse by the way."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class LinesBox(QPlainTextEdit):
    """Texts, one a line; an empty box is as the preset has it.

    Args:
        parse: From the lines to the value; raises ``ValueError`` where one is not understood.
        write: From the value to the lines.
    """

    edited = Signal(object)

    def __init__(
        self, parse: Callable[[list[str]], Any], write: Callable[[Any], list[str]]
    ) -> None:
        super().__init__()
        self._parse, self._write = parse, write
        self._value: Any = None
        self.setTabChangesFocus(True)
        self.setFixedHeight(self.fontMetrics().lineSpacing() * _LINES + 16)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.textChanged.connect(self._report)

    def show_value(self, value: Any, preset: Any) -> None:  # noqa: ANN401 - of the field's type
        """Show what she set, or ``None`` and what the preset has."""
        self.blockSignals(True)
        self.setPlaceholderText(
            _("as the preset has it") + "\n" + "  ".join(self._write(preset))
            if preset
            else _("as the preset has it")
        )
        if value != self._value:  # else she is writing it just now
            self.setPlainText("\n".join(self._write(value or ())))
            self._value = value
        self.blockSignals(False)

    def _report(self) -> None:
        try:
            found = self._parse(list(filter(None, self.toPlainText().split("\n"))))
        except ValueError:
            return  # half a line; what held before holds until it is whole
        self._value = found or None
        self.edited.emit(self._value)


def texts_box() -> LinesBox:
    r"""For strings, in which a line end is written ``\n``."""
    return LinesBox(
        lambda lines: tuple(dict.fromkeys(map(_read, lines))), lambda texts: [*map(_shown, texts)]
    )


def biases_box() -> LinesBox:
    """For words with a bias each, ``word = number``."""
    return LinesBox(
        _biases,
        lambda found: [f"{_shown(text)} = {bias:g}" for text, bias in dict(found).items()],
    )


def back_button(title: str, run: Callable[[], object]) -> QToolButton:
    """The way back to what the preset has; while it is hidden it keeps its place, so that nothing jumps."""
    made = QToolButton()
    made.setText("×")
    made.setAutoRaise(True)
    made.setToolTip(_("As the preset has it"))
    made.setAccessibleName(_("{setting}: as the preset has it").format(setting=title))
    keeps = made.sizePolicy()
    keeps.setRetainSizeWhenHidden(True)
    made.setSizePolicy(keeps)
    made.clicked.connect(lambda _checked: run())
    return made


class FieldRow(QWidget):
    """Title, value and hint of one setting.

    Signals:
        edited: Its name and new value; ``None``: as the preset has it.
    """

    edited = Signal(str, object)

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self.box = _box(field)
        self.box.setAccessibleName(_(field.title))
        self.box.setAccessibleDescription(_(field.hint))
        self.back = back_button(_(field.title), self._go_back)
        self.box.edited.connect(lambda value: self.edited.emit(field.name, value))
        self._arrange()

    def show_value(self, value: object, preset: object) -> None:
        """Show what she set, or ``None`` and what the preset has."""
        cast("Any", self.box).show_value(value, preset)
        self.back.setVisible(value is not None)

    def _go_back(self) -> None:
        self.edited.emit(self.field.name, None)
        self.box.setFocus()

    def _arrange(self) -> None:
        title = label(_(self.field.title))
        title.setBuddy(self.box)
        line = QHBoxLayout()
        line.setSpacing(4)
        line.addWidget(title, 1)
        if self.field.is_number:
            self.box.setFixedWidth(_BOX)
            line.addWidget(self.box)
        line.addWidget(self.back)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(line)
        if not self.field.is_number:
            layout.addWidget(self.box)
        layout.addWidget(label(_(self.field.hint), "hint"))


def _box(field: Field) -> NumberBox | LinesBox:
    if field.is_number:
        return NumberBox(field)
    return biases_box() if field.name == "logit_bias" else texts_box()


def _shown(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")


def _read(text: str) -> str:
    """The other way round; a backslash before anything else stands for itself."""
    meant = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\"}
    parts = iter(text)
    return "".join(
        part if part != "\\" else meant.get(after := next(parts, ""), "\\" + after)
        for part in parts
    )


def _biases(lines: list[str]) -> dict[str, float]:
    found = {}
    for line in lines:
        text, equals, bias = line.rpartition("=")
        if not equals or not text.removesuffix(" "):
            raise ValueError(line)
        number = float(bias.strip().replace("−", "-"))
        if not -100 <= number <= 100:
            raise ValueError(line)
        found[_read(text.removesuffix(" "))] = number
    return found
