"""Where her text goes, said as long as a server is chosen."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from writer_app.language import _
from writer_app.ui.editor.plain import tip
from writer_app.ui.session.connecting import Connecting, destination
from writer_app.ui.session.session import Session
from writer_app.ui.session.state import Wish


class Destination(QPushButton):
    """Leads to the models.

    Signals:
        appeared: A server was chosen.
    """

    appeared = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._connecting = Connecting(session, self)
        self.setAccessibleName(_("Where text goes"))
        self.setProperty("role", "quiet")
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.clicked.connect(lambda _checked: session.wished.emit(Wish.MODELS))
        self._connecting.changed.connect(self.refresh)
        self.refresh()

    @property
    def is_needed(self) -> bool:
        """Whether text leaves this program."""
        return self._connecting.chosen is not None

    def refresh(self) -> None:
        """Say it of the server that is chosen now."""
        server = self._connecting.chosen
        self.setVisible(server is not None)
        if server is not None:
            said = destination(server)
            self.setText(said.replace("&", "&&"))
            self.setAccessibleName(said)
            self.setToolTip(tip(f"{server.name}\n{server.address}"))
            self.appeared.emit()
