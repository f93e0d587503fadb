"""Report a problem: exactly the text that would be saved, to be read, changed, copied or saved. Nothing is sent."""

import contextlib
import os
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from writer_app.language import _
from writer_app.text.discreet import scrubbed
from writer_app.ui.panels.widgets import button, label, set_role
from writer_app.ui.session.session import Session
from writer_app.ui.shell.about import facts
from writer_app.ui.shell.dialogs import ask_report
from writer_app.ui.shell.report import report

LOG_NAME = "errors.log"


class CrashReport(QDialog):
    """A window beside the manuscript.

    Args:
        happened: What went wrong; empty where nothing did just now.
        ask: Asks where to save.
    """

    def __init__(
        self,
        session: Session,
        parent: QWidget,
        happened: str = "",
        ask: Callable[[QWidget], Path | None] = ask_report,
    ) -> None:
        super().__init__(parent)
        self._ask = ask
        self.setWindowTitle(_("Report a problem"))
        self.setModal(False)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.text = QPlainTextEdit()
        self.text.setAccessibleName(_("Report"))
        self.text.setTabChangesFocus(True)
        turns, earlier = session.services.turns, ""
        with contextlib.suppress(OSError):
            log = (session.services.places.state / LOG_NAME).read_text("utf-8", "replace")
            earlier = scrubbed(log.splitlines())  # an older version wrote down more
        self.text.setPlainText(
            report(
                happened=happened,
                facts=facts(turns.model),
                log=turns.log,
                earlier="" if happened else earlier,
            )
        )
        self.text.setTextCursor(self.text.document().find("…"))  # what she did goes there
        self.told = label("", "hint")
        buttons = QHBoxLayout()
        buttons.setSpacing(6)
        buttons.addWidget(button(_("Copy"), self.copy))
        buttons.addWidget(button(_("Save…"), self.save))
        buttons.addWidget(self.told, 1)
        buttons.addWidget(button(_("Close"), self.close, hint="Esc"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 14)
        layout.setSpacing(12)
        layout.addWidget(
            label(
                _(
                    "This is the whole report. Nothing is sent, and nothing is saved unless you do. It holds none "
                    "of your text and no name of a document; read it, add what you did, and take out what you like."
                )
            )
        )
        layout.addWidget(self.text, 1)
        layout.addLayout(buttons)
        self.resize(620, 520)

    def copy(self) -> None:
        """Put the text, as it is now, on the clipboard."""
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self._tell(_("Copied."))

    def save(self) -> None:
        """Save the text, as it is now, where she says; readable by her only."""
        path = self._ask(self)
        if path is None:
            return
        try:
            path.unlink(missing_ok=True)
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(self.text.toPlainText())
        except OSError as error:
            self._tell(_("Not saved: {reason}").format(reason=error.strerror), "problem")
        else:
            self._tell(_("Saved as “{name}”.").format(name=path.name))

    def _tell(self, text: str, role: str = "hint") -> None:
        self.told.setText(text)
        set_role(self.told, role)
