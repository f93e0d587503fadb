"""What a project says of itself: title and author, how chapters are numbered, their states and labels."""

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from writer_app.language import _
from writer_app.story.numbering import PLACE, labels
from writer_app.story.project import Facts, Label, Numbering, State
from writer_app.story.tree import Item, Kind, Tree
from writer_app.ui.panels.widgets import button, label
from writer_app.ui.session.session import Session
from writer_app.ui.shell.marks_table import MarksTable

#: Patterns that are offered; hers may be another one.
_PATTERNS = ("", "Chapter {n}", "第{n}章", "第{n}回", "{n}.")
_VOLUMES = ("", "Part {n}", "Volume {n}", "第{n}卷", "第{n}部")
_NUMERALS = ("arabic", "chinese", "roman", "words", "ordinals")
#: A place in the text at which kinds of number show how they look.
_SHOWN = 12


class ProjectPage(QDialog):
    """A window beside the manuscript; what is changed holds when it is agreed to."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._project = session.book.binder.project
        facts = self._project.facts if self._project else Facts()
        self.setWindowTitle(_("Project"))
        self.setModal(False)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.title = QLineEdit(facts.title)
        self.author = QLineEdit(facts.author)
        self.language = _choice(
            {"": _("As the text is"), "en": "English", "zh": "中文"}, facts.language
        )
        numbering = facts.numbering
        self.volume = _pattern(_VOLUMES, numbering.volume)
        self.chapter = _pattern(_PATTERNS, numbering.chapter)
        samples = {each: _sample(each) for each in _NUMERALS}
        self.numerals = _choice(samples, numbering.numerals)
        self.volume_numerals = _choice(
            {"": _("As those of chapters"), **samples}, numbering.volume_numerals
        )
        self.restart = QCheckBox(_("Begin again in each volume"))
        self.restart.setChecked(numbering.restart)
        self.example = label("", "hint")
        self.states = MarksTable(
            _("States of a chapter"), _("State"), _("Add a state"), State, facts.states
        )
        self.labels = MarksTable(
            _("Labels of a scene"), _("Label"), _("Add a label"), Label, facts.labels, first=2
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 14)
        layout.setSpacing(10)
        layout.addLayout(self._form())
        layout.addWidget(self.states, 1)
        layout.addWidget(self.labels, 1)
        layout.addLayout(self._row())
        for box in (self.volume, self.chapter):
            box.editTextChanged.connect(self._show_example)
        for choice in (self.numerals, self.volume_numerals):
            choice.currentIndexChanged.connect(self._show_example)
        self._show_example()
        self.resize(520, 720)

    def facts(self) -> Facts:
        """What the form says now."""
        old = self._project.facts if self._project else Facts()
        return msgspec.structs.replace(
            old,
            title=self.title.text().strip(),
            author=self.author.text().strip(),
            language=str(self.language.currentData()),
            numbering=self._numbering(),
            states=tuple(self.states.marks()),
            labels=tuple(self.labels.marks()),
        )

    # -- inside ---------------------------------------------------------------------------------

    def _form(self) -> QFormLayout:
        form = QFormLayout()
        form.setSpacing(8)
        rows = (
            (_("Title"), self.title),
            (_("Author"), self.author),
            (_("Language"), self.language),
            (_("Volumes"), self.volume),
            (_("Chapters"), self.chapter),
            (_("Numbers"), self.numerals),
            (_("Numbers of volumes"), self.volume_numerals),
            ("", self.restart),
            ("", self.example),
        )
        for name, widget in rows:
            form.addRow(name, widget)
            widget.setAccessibleName(name or _("Numbers"))
        return form

    def _row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addStretch(1)
        row.addWidget(button(_("Cancel"), self.close, hint="Esc"))
        row.addWidget(button(_("Keep"), self._keep, "main"))
        return row

    def _numbering(self) -> Numbering:
        return Numbering(
            volume=self.volume.currentText().strip(),
            chapter=self.chapter.currentText().strip(),
            numerals=self.numerals.currentData(),
            restart=self.restart.isChecked(),
            volume_numerals=self.volume_numerals.currentData(),
        )

    def _show_example(self) -> None:
        """How two chapters would be called."""
        items = [Item(id="v", kind=Kind.VOLUME)]
        items += [Item(id=f"c{number}", kind=Kind.CHAPTER, depth=1) for number in range(_SHOWN)]
        made = labels(Tree(tuple(items)), self._numbering())
        names = [made.get(each, "") for each in ("v", "c0", "c1", f"c{_SHOWN - 1}")]
        self.example.setText(" · ".join(filter(None, names)) or _("No numbers"))

    def _keep(self) -> None:
        if self._project:
            self._project.set_facts(self.facts())
        self.close()


def _choice(values: dict[str, str], chosen: str) -> QComboBox:
    box = QComboBox()
    for value, title in values.items():
        box.addItem(title, value)
    box.setCurrentIndex(max(0, box.findData(chosen)))
    return box


def _pattern(offered: tuple[str, ...], chosen: str) -> QComboBox:
    box = QComboBox()
    box.setEditable(True)
    box.addItems(offered)
    box.setCurrentText(chosen)
    box.setToolTip(_("{place} stands for the number; nothing: no number").format(place=PLACE))
    return box


def _sample(numerals: str) -> str:
    """How numbers of this kind look."""
    items = tuple(Item(id=f"c{number}", kind=Kind.CHAPTER) for number in range(_SHOWN))
    pattern = Numbering(chapter=PLACE, numerals=numerals)  # type: ignore[arg-type]
    made = labels(Tree(items), pattern)
    return ", ".join((made["c0"], made["c1"], made[f"c{_SHOWN - 1}"]))
