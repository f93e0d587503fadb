"""A server that is being connected, or changed."""

import contextlib

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from writer_app.engine import servers
from writer_app.engine.protocol import Loaded
from writer_app.errors import BadAddress, SentOpenly, WriterError
from writer_app.language import _
from writer_app.settings import Server
from writer_app.ui.panels.widgets import button, label, set_role
from writer_app.ui.session.connecting import Connecting, told
from writer_app.ui.session.wording import in_window


class ServerForm(QDialog):
    """A small window beside the list; nothing is asked before *Try it*, nothing kept before *Connect*."""

    def __init__(
        self, connecting: Connecting, parent: QWidget, server: Server | None = None
    ) -> None:
        super().__init__(parent)
        self._connecting = connecting
        self._old = server
        self.setWindowTitle(_("Change a server") if server else _("Connect a server"))
        self.setModal(False)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.address, self.name, self.key = QLineEdit(), QLineEdit(), QLineEdit()
        self.model = QComboBox(editable=True)
        self.model.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.forget = QCheckBox(_("Forget the key that is kept"))
        self.said = label("", "hint")
        self.try_it = button(_("Try it"), self._try)
        self._fill(server)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 14)
        layout.setSpacing(12)
        layout.addLayout(self._form())
        layout.addWidget(self.said)
        layout.addStretch(1)
        layout.addLayout(self._buttons())
        self.address.textChanged.connect(self._on_address)
        self.resize(480, 300)
        self._on_address()

    def _fill(self, server: Server | None) -> None:
        self.address.setPlaceholderText("http://localhost:8080")
        self.name.setPlaceholderText(_("The name of its computer"))
        typed = self.model.lineEdit()
        assert typed
        typed.setPlaceholderText(_("Its first one"))
        self.key.setEchoMode(QLineEdit.EchoMode.Password)
        self.forget.toggled.connect(self.key.setDisabled)
        if server:
            self.address.setText(server.address)
            self.name.setText(server.name)
            self.model.setEditText(server.model)
            typed.home(False)

    def _form(self) -> QFormLayout:
        form = QFormLayout()
        form.setVerticalSpacing(10)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        for title, field in (
            (_("Address"), self.address),
            (_("Name"), self.name),
            (_("Model there"), self.model),
            (_("Key"), self.key),
        ):
            field.setAccessibleName(title)
            form.addRow(title, field)
        form.addRow("", self.forget)
        return form

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.try_it)
        row.addStretch(1)
        row.addWidget(button(_("Cancel"), self.close, hint="Esc"))
        row.addWidget(button(_("Save") if self._old else _("Connect"), self._save, "main"))
        return row

    @property
    def _key(self) -> str | None:
        """What she typed; ``None`` for the key that is kept."""
        if self.forget.isChecked():
            return ""
        return self.key.text() or None

    def _say(self, text: str, role: str = "hint") -> None:
        set_role(self.said, role)
        self.said.setText(text)

    def _on_address(self) -> None:
        """Say that the way there is open, before anything goes it; a key is kept for one address only."""
        address = ""
        with contextlib.suppress(BadAddress):  # she is still typing
            address = servers.checked(self.address.text())
        is_open = bool(address) and servers.is_open(address)
        text = in_window(SentOpenly(host=servers.host(address))) if is_open else ""
        self._say(text, "problem" if text else "hint")
        is_same = self._old is not None and address == self._old.address
        self.key.setPlaceholderText(_("Unchanged") if is_same else _("None"))
        self.forget.setVisible(is_same)

    def _try(self) -> None:
        self.try_it.setEnabled(False)
        self._say(_("Asking it…"))
        self._connecting.try_out(self.address.text(), self._key, self._on_tried, self)

    def _on_tried(self, found: Loaded | WriterError) -> None:
        self.try_it.setEnabled(True)
        self._say(told(found), "problem" if isinstance(found, WriterError) else "hint")
        if isinstance(found, Loaded):
            typed = self.model.currentText()
            self.model.clear()
            self.model.addItems(list(found.offered))
            self.model.setEditText(typed)

    def _save(self) -> None:
        server = Server(
            name=self.name.text(), address=self.address.text(), model=self.model.currentText()
        )
        try:
            self._connecting.save(server, self._key, self._old)
        except WriterError as problem:
            self._say(in_window(problem), "problem")
        else:
            self.close()
