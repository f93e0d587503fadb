"""A manuscript becomes a project: first it is shown how it would be cut, then it is made."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from writer_app.errors import N_, WriterError
from writer_app.language import _, explain, ngettext, number
from writer_app.story.project import fitting
from writer_app.text.chaptering import Rank
from writer_app.ui.panels.widgets import button, label, set_role
from writer_app.ui.session.importing import (
    Manuscript,
    Part,
    Preview,
    manuscript_of,
    preview,
    read_manuscript,
)
from writer_app.ui.session.session import Session
from writer_app.ui.shell.dialogs import suggested_name

_RANKS = {
    Rank.FRONT: N_("Front matter"),
    Rank.VOLUME: N_("Volume"),
    Rank.CHAPTER: N_("Chapter"),
    Rank.SCENE: N_("Scene"),
    Rank.BACK: N_("Back matter"),
}


class ImportPage(QDialog):
    """A window beside the manuscript; nothing is written before she says so, and the manuscript is never touched.

    Args:
        source: The file to import; ``None`` for the text that is open.
        folder: In which the project's own folder is to lie.
    """

    def __init__(self, session: Session, parent: QWidget, source: Path | None, folder: str) -> None:
        super().__init__(parent)
        self._session = session
        self._folder = Path(folder) if folder else Path.home()
        self._manuscript: Manuscript | None = None
        self._asked = 0
        self.setWindowTitle(_("Make a project of a manuscript"))
        self.setModal(False)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.title = QLineEdit()
        self.title.setAccessibleName(_("Title"))
        self.where = label("", "hint")
        self.scenes = QCheckBox(_("Cut chapters into scenes too"))
        self.told = label(_("Reading…"))
        self.table = _table()
        self.making = button(_("Make the project"), self._make, "main")
        self._lay_out()
        self.title.textChanged.connect(self._show_place)
        self.scenes.toggled.connect(self._look)
        self.resize(640, 560)
        self.making.setEnabled(False)
        if source is None:
            name = suggested_name(session.document.text).removesuffix(".md")
            path = session.document.path
            self._take(manuscript_of(session.document, path.stem if path else name))
        else:
            session.services.aside.run(partial(read_manuscript, source), self._take, self)

    # -- inside ---------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        place = QHBoxLayout()
        place.addWidget(self.where, 1)
        place.addWidget(button(_("Elsewhere…"), self._choose_place))
        form = QFormLayout()
        form.addRow(_("Title"), self.title)
        form.addRow(_("Lies in"), place)
        form.addRow("", self.scenes)
        foot = QHBoxLayout()
        foot.addWidget(self.making)
        foot.addStretch(1)
        foot.addWidget(button(_("Close"), self.close, hint="Esc"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 14)
        layout.setSpacing(10)
        layout.addLayout(form)
        layout.addWidget(self.told)
        layout.addWidget(self.table, 1)
        layout.addLayout(foot)

    def _take(self, found: Manuscript | WriterError) -> None:
        if isinstance(found, WriterError):
            self._complain(found)
            return
        self._manuscript = found
        self.title.setText(found.title)
        self._look()

    def _look(self) -> None:
        """Find out aside how it would be cut."""
        if self._manuscript is None:
            return
        self._asked += 1
        asked = self._asked

        def show(found: Preview | WriterError) -> None:
            if asked == self._asked and isinstance(found, Preview):
                self._show(found)

        work = partial(preview, self._manuscript, scenes=self.scenes.isChecked())
        self._session.services.aside.run(work, show, self)

    def _show(self, found: Preview) -> None:
        self.table.setRowCount(len(found.parts))
        for row, part in enumerate(found.parts):
            for column, cell in enumerate(_cells(part)):
                self.table.setItem(row, column, cell)
        set_role(self.told, "")
        self.told.setText(_summary(found))
        self.making.setEnabled(bool(self.title.text().strip()))

    def _place(self) -> Path:
        return self._folder / fitting(self.title.text().strip())

    def _show_place(self) -> None:
        self.where.setText(str(self._place()))
        self.making.setEnabled(bool(self.title.text().strip()) and self.table.rowCount() > 0)

    def _choose_place(self) -> None:
        title = _("Where the project is to lie")
        chosen = QFileDialog.getExistingDirectory(self, title, str(self._folder))
        if chosen:
            self._folder = Path(chosen)
            self._show_place()

    def _make(self) -> None:
        if self._manuscript is None:
            return
        self.making.setEnabled(False)
        self.told.setText(_("Making the project…"))
        made = Manuscript(self.title.text().strip(), self._manuscript.text, self._manuscript.form)
        work = partial(made.make, self._place(), scenes=self.scenes.isChecked())
        self._session.services.aside.run(work, self._on_made, self)

    def _on_made(self, found: Path | WriterError) -> None:
        if isinstance(found, WriterError):
            self._complain(found)
            self.making.setEnabled(True)
            return
        self.close()
        self._session.book.binder.open(found)

    def _complain(self, error: WriterError) -> None:
        set_role(self.told, "problem")
        self.told.setText(explain(error))


def _table() -> QTableWidget:
    made = QTableWidget(0, 3)
    made.setHorizontalHeaderLabels([_("Heading"), _("Becomes"), _("Length")])
    made.setAccessibleName(_("How it would be cut"))
    made.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
    made.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
    made.setTabKeyNavigation(False)
    made.setShowGrid(False)
    made.verticalHeader().hide()
    made.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    return made


def _cells(part: Part) -> tuple[QTableWidgetItem, ...]:
    heading = QTableWidgetItem("\u2003" * part.depth + (part.heading or _("(no heading)")))
    length = QTableWidgetItem(number(part.length))
    length.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return heading, QTableWidgetItem(_(_RANKS[part.rank])), length


def _summary(found: Preview) -> str:
    """How many parts there are, and how long all of it is."""
    volumes, chapters = found.count(Rank.VOLUME), found.count(Rank.CHAPTER)
    told = [
        ngettext("{count} chapter", "{count} chapters", chapters).format(count=number(chapters))
    ]
    if volumes:
        told.insert(
            0, ngettext("{count} volume", "{count} volumes", volumes).format(count=number(volumes))
        )
    if scenes := found.count(Rank.SCENE):
        told.append(
            ngettext("{count} scene", "{count} scenes", scenes).format(count=number(scenes))
        )
    whole = sum(part.length for part in found.parts)
    length = (
        _("{count} 字") if found.in_chinese else ngettext("{count} word", "{count} words", whole)
    )
    told.append(length.format(count=number(whole)))
    end = _("Each part gets a file of its own; the words stay as they are.")
    return " · ".join(told) + "\n" + end
