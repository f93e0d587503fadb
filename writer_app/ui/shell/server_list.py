"""The servers that she has connected, on the page of the models: which one writes, and what each has."""

from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from writer_app.engine import servers
from writer_app.engine.protocol import Loaded
from writer_app.errors import WriterError
from writer_app.language import _
from writer_app.settings import Server
from writer_app.ui.panels.widgets import button, label, set_role
from writer_app.ui.session.connecting import Connecting, destination, told, way
from writer_app.ui.session.session import Session
from writer_app.ui.shell.server_form import ServerForm

#: Pixels; more servers than that are scrolled.
_TALLEST = 260


class ServerList(QWidget):
    """A part of the page; it follows the settings."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.connecting = Connecting(session, self)
        self.rows: list[ServerRow] = []
        self.banner = label("")
        self.said = label("", "hint")
        self.said.hide()
        self._empty = label(
            _(
                "A server of yours or your team’s can write instead of this machine: llama-server, vLLM, Ollama, "
                "LM Studio and others. What the model reads then goes there, and nowhere else."
            ),
            "hint",
        )
        self._rows = QWidget()
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        below = QHBoxLayout()
        below.addWidget(button(_("Connect a server…"), self._connect))
        below.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for each in (
            label(_("Servers"), "title"),
            self.banner,
            self._empty,
            self._area,
            self.said,
        ):
            layout.addWidget(each)
        layout.addLayout(below)
        self.connecting.changed.connect(self.refresh)
        self.connecting.unkept.connect(self._on_unkept)
        self.refresh()

    def refresh(self) -> None:
        """Show the list as it is now."""
        shown = tuple(row.server for row in self.rows)
        if shown != self.connecting.servers:
            self._list()
        self._area.setVisible(bool(self.rows))
        self._empty.setVisible(not self.rows)
        chosen = self.connecting.chosen
        self.banner.setText(destination(chosen) if chosen else "")
        self.banner.setVisible(chosen is not None)
        is_open = chosen is not None and servers.is_open(chosen.address)
        set_role(self.banner, "problem" if is_open else "")
        for row in self.rows:
            row.show_chosen(row.server == chosen)
        self.fit()

    def _list(self) -> None:
        self.rows = [ServerRow(self, each) for each in self.connecting.servers]
        if old := self._area.takeWidget():
            old.deleteLater()  # what was pressed may be in it
        self._rows = QWidget()
        column = QVBoxLayout(self._rows)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        for row in self.rows:
            column.addWidget(row)
        self._area.setWidget(self._rows)

    def fit(self) -> None:
        """As much room as the rows need, until that is too much."""
        needed = self._rows.heightForWidth(self._area.viewport().width())
        self._area.setFixedHeight(max(1, min(_TALLEST, needed)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lines break elsewhere."""
        super().resizeEvent(event)
        self.fit()

    def edit(self, server: Server | None) -> None:
        """Let her change a server, or connect another one."""
        ServerForm(self.connecting, self.window(), server).show()

    def _connect(self) -> None:
        self.edit(None)

    def _on_unkept(self) -> None:
        self.said.setText(
            _(
                "This system has no keyring that could keep the key, so it is kept until Longhand closes and then "
                "has to be entered again."
            )
        )
        self.said.show()


class ServerRow(QWidget):
    """One server."""

    def __init__(self, around: ServerList, server: Server) -> None:
        super().__init__()
        self.server = server
        self._around, self._connecting = around, around.connecting
        name = QLabel(server.name)
        name.setTextFormat(label("").textFormat())
        facts = label(" · ".join(filter(None, (server.address, server.model, way(server)))), "hint")
        self.said = label("", "hint")
        self.said.hide()
        self.use = button(_("Write with it"), partial(self._connecting.use, server))
        self.try_it = button(_("Try it"), self._try)
        row = QHBoxLayout()
        row.setSpacing(6)
        change = button(_("Change…"), partial(around.edit, server))
        remove = button(_("Remove"), partial(self._connecting.remove, server))
        for made in (self.use, self.try_it, change, remove):
            row.addWidget(made)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for each in (name, facts, self.said):
            layout.addWidget(each)
        layout.addLayout(row)

    def show_chosen(self, is_chosen: bool) -> None:
        """Whether it is the one that writes."""
        self.use.setEnabled(not is_chosen)
        self.use.setText(_("It writes") if is_chosen else _("Write with it"))

    def _try(self) -> None:
        self.try_it.setEnabled(False)
        self._say(_("Asking it…"))
        self._connecting.try_out(self.server.address, None, self._on_tried, self)

    def _on_tried(self, found: Loaded | WriterError) -> None:
        self.try_it.setEnabled(True)
        self._say(told(found), "problem" if isinstance(found, WriterError) else "hint")

    def _say(self, text: str, role: str = "hint") -> None:
        set_role(self.said, role)
        self.said.setText(text)
        self.said.show()
        QTimer.singleShot(0, self._around, self._around.fit)  # when its lines are broken
