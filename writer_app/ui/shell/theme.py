"""Two themes, each a file of colours in ``resources/themes``; the system says which, unless the writer does.

Fusion draws the widgets, the palette gives them their colours, and a short style sheet adds what a palette
cannot say. Nothing else in the program knows a colour.
"""

import tomllib
from pathlib import Path
from string import Template

import msgspec
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontInfo, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from writer_app.ui.editor.style import PageColours
from writer_app.ui.session.services import Preferences

#: Faces for Chinese in the interface, the best first.
_HAN_FACES = (
    "PingFang SC",
    "Microsoft YaHei UI",
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
)
_ROLES = {
    QPalette.ColorRole.Window: "window",
    QPalette.ColorRole.WindowText: "text",
    QPalette.ColorRole.Base: "field",
    QPalette.ColorRole.AlternateBase: "window",
    QPalette.ColorRole.Text: "text",
    QPalette.ColorRole.Button: "window",
    QPalette.ColorRole.ButtonText: "text",
    QPalette.ColorRole.BrightText: "accent",
    QPalette.ColorRole.Highlight: "selection",
    QPalette.ColorRole.HighlightedText: "text",
    QPalette.ColorRole.PlaceholderText: "dim",
    QPalette.ColorRole.ToolTipBase: "field",
    QPalette.ColorRole.ToolTipText: "text",
    QPalette.ColorRole.Link: "accent",
    QPalette.ColorRole.Mid: "line",
    QPalette.ColorRole.Dark: "line",
    QPalette.ColorRole.Light: "hover",
    QPalette.ColorRole.Accent: "accent",
}


class Theme(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Colours as ``"#rrggbb"``; the first seven are the page's (see :class:`PageColours`).

    Attributes:
        on_accent: Text on the accent colour.
        window: Behind panels and menus; ``field``: inside inputs and lists.
        line: Edges; ``hover``: under the mouse; ``problem``: words about trouble; ``notice``: the notice bar.
    """

    paper: str
    text: str
    dim: str
    accent: str
    fresh: str
    selection: str
    found: str
    on_accent: str
    window: str
    field: str
    line: str
    hover: str
    problem: str
    notice: str

    @property
    def page(self) -> PageColours:
        """What the page needs of it."""
        return PageColours(
            **{name: getattr(self, name) for name in PageColours.__dataclass_fields__}
        )

    def palette(self) -> QPalette:
        """The palette for Fusion."""
        made = QPalette()
        for role, name in _ROLES.items():
            made.setColor(role, QColor(getattr(self, name)))
        for role in (
            QPalette.ColorRole.Text,
            QPalette.ColorRole.ButtonText,
            QPalette.ColorRole.WindowText,
        ):
            made.setColor(QPalette.ColorGroup.Disabled, role, QColor(self.dim))
        return made


def load(folder: Path, name: str) -> Theme:
    """The theme ``name`` (``"light"``, ``"dark"``) of ``folder``."""
    return msgspec.convert(tomllib.loads((folder / f"{name}.toml").read_text("utf-8")), Theme)


def interface_font() -> QFont:
    """The system's font, with a face for Chinese behind it where the system's own choice is often a poor one."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    installed = set(QFontDatabase.families())
    font.setFamilies(
        [QFontInfo(font).family(), *(name for name in _HAN_FACES if name in installed)]
    )
    return font


class Themes(QObject):
    """Dresses the application, and again whenever system or settings ask for the other theme.

    Signals:
        changed: The new :class:`Theme`.
    """

    changed = Signal(object)

    def __init__(
        self, folder: Path, preferences: Preferences, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._folder = folder
        self._preferences = preferences
        self._sheet = Template((folder / "style.qss").read_text("utf-8"))
        self.theme = load(folder, self._wanted())
        self._dress()
        preferences.changed.connect(self._update)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._update)

    def _wanted(self) -> str:
        chosen = self._preferences.values.interface.theme
        if chosen != "system":
            return chosen
        dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return "dark" if dark else "light"

    def _update(self) -> None:
        theme = load(self._folder, self._wanted())
        if theme != self.theme:
            self.theme = theme
            self._dress()
            self.changed.emit(theme)

    def _dress(self) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.setStyle("Fusion")
        app.setPalette(self.theme.palette())
        app.setFont(interface_font())
        icons = (self._folder.parent / "icons").as_posix()
        app.setStyleSheet(self._sheet.substitute(msgspec.structs.asdict(self.theme), icons=icons))
