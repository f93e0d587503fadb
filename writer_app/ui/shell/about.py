"""About Longhand: which version it is, what the model runs on, and what of that a bug report should say."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from writer_app import __version__
from writer_app.engine.protocol import Loaded
from writer_app.language import APP_NAME, _, number
from writer_app.ui.panels.widgets import button, label
from writer_app.ui.session.session import Session


class About(QDialog):
    """A window beside the manuscript; it follows the model."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._turns = session.services.turns
        self.setWindowTitle(_("About Longhand"))
        self.setModal(False)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.facts = QPlainTextEdit(readOnly=True)
        self.facts.setAccessibleName(_("What the model runs on"))
        buttons = QHBoxLayout()
        buttons.setSpacing(6)
        buttons.addWidget(button(_("Copy"), self.copy))
        buttons.addStretch(1)
        buttons.addWidget(button(_("Close"), self.close, hint="Esc"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 14)
        layout.setSpacing(12)
        layout.addWidget(label(f"{APP_NAME} {__version__}", "title"))
        layout.addWidget(label(_("A writing desk with a language model on your own machine.")))
        layout.addWidget(self.facts, 1)
        layout.addLayout(buttons)
        self._turns.model_changed.connect(self.refresh)
        self.resize(560, 380)
        self.refresh()

    def refresh(self) -> None:
        """Look again at what is loaded."""
        self.facts.setPlainText(facts(self._turns.model))

    def copy(self) -> None:
        """Put version and facts on the clipboard."""
        QGuiApplication.clipboard().setText(f"{APP_NAME} {__version__}\n{self.facts.toPlainText()}")


def facts(model: Loaded | None) -> str:
    """What computes, a line each."""
    if model is None:
        return _("No model is loaded yet.")
    machine = model.machine
    rows = [
        (_("Model"), model.name),
        (_("Context"), _("{count} tokens").format(count=number(model.context))),
        (_("Engine"), machine.library),
        (_("Server"), machine.server),
        (_("Processor variant"), machine.variant),
        (_("Threads"), number(machine.threads) if machine.threads else ""),
        (_("Graphics processor"), _graphics(model)),
        (_("System"), machine.system),
        (_("Sandbox"), _sandbox(model)),
    ]
    return "\n".join(
        _("{name}: {value}").format(name=name, value=value) for name, value in rows if value
    )


def _sandbox(model: Loaded) -> str:
    machine = model.machine
    if machine.server or not machine.library:
        return ""  # it is not ours to hold
    match machine.sandbox:
        case "full":
            return _("only its own files, no network, no other programs")
        case "network":
            return _(
                "cannot connect to the internet or start programs itself; files and local sockets stay open to it"
            )
        case _:
            return _("none on this system; the model runs in a process of its own")


def _graphics(model: Loaded) -> str:
    machine = model.machine
    if machine.server or not machine.library:
        return ""  # it does not say
    if machine.graphics:
        text = _("{device}, {held} of {all} layers")
        return text.format(device=machine.graphics, held=machine.layers, all=machine.all_layers)
    if machine.graphics_failed:
        return _("not used: it failed ({reason})").format(reason=_(machine.graphics_failed))
    return _("none in use")
