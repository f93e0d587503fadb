"""The settings page, made from the fields of the settings: a new field needs no line here."""

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDoubleSpinBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QSpinBox,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from writer_app.language import _
from writer_app.settings import Field, Settings, fields
from writer_app.ui.panels.widgets import button, label, roomy
from writer_app.ui.session.session import Session

#: Called with the new value.
Report = Callable[[Any], object]


class SettingsPage(QDialog):
    """A window beside the manuscript; what is changed holds at once."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self.setWindowTitle(_("Settings"))
        self.setModal(False)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        tabs = QTabWidget()
        tabs.setDocumentMode(True)
        for topic in fields(Settings):
            if topic.title:
                tabs.addTab(self._topic(topic), _(topic.title))
        layout = QVBoxLayout(self)
        layout.addWidget(tabs)
        layout.addWidget(
            button(_("Close"), self.close, hint="Esc"), alignment=Qt.AlignmentFlag.AlignRight
        )
        self.resize(520, 420)

    def _topic(self, topic: Field) -> QWidget:
        page = QWidget()
        form = QFormLayout(page)
        form.setContentsMargins(12, 16, 12, 12)
        form.setVerticalSpacing(10)
        values = getattr(self._session.services.preferences.values, topic.name)
        for field in filter(lambda each: each.title, fields(type(values))):
            report = partial(self._session.set_preference, topic.name, field.name)
            made = editor_for(field, getattr(values, field.name), report)
            made.setAccessibleName(_(field.title))
            form.addRow("" if isinstance(made, QCheckBox) else _(field.title), made)
            hint = field.extra.get("hint", "")
            if hint:
                form.addRow("", label(_(hint), "hint"))
        return page


def editor_for(field: Field, value: Any, report: Report) -> QWidget:  # noqa: ANN401 - of the field's type
    """The widget that fits the field's type and kind, showing ``value``."""
    if field.choices:
        return _choice([(name, _(title)) for name, title in field.choices], value, report)
    if field.extra.get("kind") == "font":
        families = [(name, name) for name in QFontDatabase.families()]
        return _choice([("", _("The best one installed")), *families], value, report)
    if field.extra.get("kind") in _CHOOSERS:
        return _PathLine(value, report, _CHOOSERS[field.extra["kind"]])
    if field.extra.get("kind") == "lines":
        return _lines(value, report)
    if isinstance(value, bool):
        box = QCheckBox(_(field.title))
        box.setChecked(value)
        box.toggled.connect(report)
        return box
    return _number(field, value, report)


def _choice(items: list[tuple[str, str]], value: str, report: Report) -> QComboBox:
    box = QComboBox()
    box.setMaxVisibleItems(16)
    for name, title in items:
        box.addItem(title, name)
        if len(items) > 8 and name:
            box.setItemData(box.count() - 1, QFont(name), Qt.ItemDataRole.FontRole)
    if box.findData(value) < 0:
        box.addItem(value, value)
    box.setCurrentIndex(box.findData(value))
    box.currentIndexChanged.connect(lambda _index: report(box.currentData()))
    return box


def _lines(value: tuple[str, ...], report: Report) -> QPlainTextEdit:
    """Several short texts, one a line."""
    box = QPlainTextEdit("\n".join(value))
    box.setTabChangesFocus(True)
    box.setFixedHeight(box.fontMetrics().lineSpacing() * 5)
    box.textChanged.connect(
        lambda: report(tuple(filter(None, map(str.strip, box.toPlainText().splitlines()))))
    )
    return box


def _number(field: Field, value: float, report: Report) -> QWidget:
    box: QSpinBox | QDoubleSpinBox
    if isinstance(field.default, int):
        box = QSpinBox(minimum=int(field.low or 0), maximum=int(field.high or 1_000_000))
        box.setSingleStep(256 if (field.high or 0) > 10_000 else 1)
        box.setValue(int(value))
    else:
        box = QDoubleSpinBox(minimum=field.low or 0, maximum=field.high or 1_000_000)
        box.setSingleStep(0.1 if (field.high or 0) <= 5 else 1)
        box.setDecimals(1)
        box.setValue(value)
    roomy(box)
    unit, zero = field.extra.get("unit", ""), field.extra.get("zero", "")
    box.setSuffix(_(unit))
    box.setSpecialValueText(_(zero))
    # A size typed as "18" must not pass by 1 on its way.
    box.setKeyboardTracking(False)
    box.valueChanged.connect(report)
    return box


def _choose_file(parent: QWidget, old: str) -> str:
    chosen, _filter = QFileDialog.getOpenFileName(
        parent, _("Choose a model file"), old, _("Models (*.gguf)")
    )
    return chosen


def _choose_folder(parent: QWidget, old: str) -> str:
    return QFileDialog.getExistingDirectory(parent, _("Choose a folder"), old)


_CHOOSERS = {"file": _choose_file, "folder": _choose_folder}


class _PathLine(QWidget):
    """A path, typed or chosen."""

    def __init__(self, value: str, report: Report, choose: Callable[[QWidget, str], str]) -> None:
        super().__init__()
        self._chooser = choose
        self._line = QLineEdit(value)
        self._line.setClearButtonEnabled(True)
        self._line.editingFinished.connect(lambda: report(self._line.text().strip()))
        self._line.textChanged.connect(lambda text: None if text else report(""))
        self._report = report
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._line, 1)
        layout.addWidget(button(_("Choose…"), self._choose))
        self.setFocusProxy(self._line)

    def setAccessibleName(self, name: str) -> None:
        """The line is what is read aloud."""
        self._line.setAccessibleName(name)

    def _choose(self) -> None:
        path = self._chooser(self, self._line.text())
        if path:
            self._line.setText(path)
            self._report(path)


__all__ = ["SettingsPage", "editor_for"]
