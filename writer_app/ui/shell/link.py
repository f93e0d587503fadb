"""Before the browser opens: where a link of the text really leads, in full, and whether to go there."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication, QTextOption
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from writer_app.language import _
from writer_app.text.links import Address
from writer_app.ui.panels.widgets import button, label

#: Characters that fit into a line of the address, about, and lines that are shown at once.
_LINE, _MOST_LINES = 60, 10


class LinkDialog(QDialog):
    """Shows an address and asks; what is opened is the very address that is shown.

    Args:
        address: Where the link leads.
        open_url: Hands an address to the system's browser or mail program.
    """

    def __init__(
        self,
        address: Address,
        parent: QWidget,
        open_url: Callable[[QUrl], bool] = QDesktopServices.openUrl,
    ) -> None:
        super().__init__(parent)
        self.url = QUrl.fromEncoded(address.url.encode("ascii"))
        self._open_url = open_url
        self.setWindowTitle(_("Open link"))
        self.setModal(False)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        is_mail = self.url.scheme() == "mailto"
        # In punycode where that is another: large letters are believed first.
        self.site = label(address.code or address.site, "place")
        self.warnings = [label(text, "problem") for text in warnings(address)]
        self.address = QPlainTextEdit(readOnly=True)
        self.address.setWordWrapMode(QTextOption.WrapMode.WrapAnywhere)
        self.address.setTabChangesFocus(True)
        self.address.setAccessibleName(_("Address"))
        shown = self.url.toEncoded().toStdString()
        self.address.setPlainText(shown)
        lines = min(_MOST_LINES, len(shown) // _LINE + 1)
        self.address.setFixedHeight(self.address.fontMetrics().lineSpacing() * lines + 24)
        self.go = button(
            _("Open in the mail program") if is_mail else _("Open in the browser"), self.accept
        )
        stay = button(_("Stay here"), self.reject, hint="Esc")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 14)
        layout.setSpacing(10)
        layout.addWidget(
            label(_("This link writes to") if is_mail else _("This link leads to"), "title")
        )
        layout.addWidget(self.site)
        for each in self.warnings:
            layout.addWidget(each)
        layout.addWidget(self.address)
        layout.addStretch(1)
        buttons = QHBoxLayout()
        buttons.setSpacing(6)
        buttons.addWidget(self.go)
        buttons.addWidget(button(_("Copy the address"), self.copy))
        buttons.addStretch(1)
        buttons.addWidget(stay)
        layout.addLayout(buttons)
        self.setMinimumWidth(520)
        self.adjustSize()
        stay.setFocus()  # a key pressed in haste opens nothing

    def accept(self) -> None:
        """She agrees."""
        self._open_url(self.url)
        super().accept()

    def copy(self) -> None:
        """Put the address on the clipboard."""
        QGuiApplication.clipboard().setText(self.address.toPlainText())


def warnings(address: Address) -> list[str]:
    """What could mislead about this address."""
    said = []
    if address.user:
        text = _("“{user}” before the @ is no part of the site: it is sent to {site} as a name.")
        said.append(text.format(user=address.user, site=address.code or address.site))
    if address.code:
        text = _("In the text it is written “{site}”, not in plain Latin letters; some look alike.")
        said.append(text.format(site=address.site))
    return said
