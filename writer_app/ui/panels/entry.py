"""One entry of the story bible: what it is called, what is true of it, and where it is mentioned."""

import msgspec
from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from writer_app.language import _, ngettext, number
from writer_app.story.bible import Entry, Kind
from writer_app.ui.editor.plain import tip
from writer_app.ui.panels.kinds import ONE, SceneChoice, title_of
from writer_app.ui.panels.rows import FactRows, RelationRows, names_of
from writer_app.ui.panels.widgets import Fold, button, label, roomy
from writer_app.ui.session.lore import Lore

#: Milliseconds after the last key until what was typed is kept.
_PAUSE = 600
_MENTIONED = 12


class EntryEditor(QScrollArea):
    """Shows one entry, and tells the session what she changes of it.

    Signals:
        left: She wants to go back to the list.
    """

    left = Signal()

    def __init__(self, lore: Lore) -> None:
        super().__init__()
        self._lore = lore
        self.shown = ""
        self._pause = QTimer(self, interval=_PAUSE, singleShot=True)
        self._pause.timeout.connect(self.flush)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget()
        inside.setMinimumWidth(1)
        self.setWidget(inside)
        self._layout = QVBoxLayout(inside)
        self._layout.setContentsMargins(14, 12, 14, 14)
        self._layout.setSpacing(10)
        self._make_head()
        self._make_telling()
        self._make_folds()
        self._layout.addStretch(1)
        lore.indexed.connect(self._show_places)

    def _show_beside(self) -> None:
        self.flush()
        self._lore.beside_wanted.emit(self.shown)

    # -- building -------------------------------------------------------------------------------

    def _make_head(self) -> None:
        self.back = button("← " + _("All entries"), self.leave, "quiet")
        self.remove_button = button(_("Remove"), self._remove, "quiet")
        self.remove_button.setToolTip(_("Undo in the list of entries brings it back."))
        row = QHBoxLayout()
        row.addWidget(self.back)
        row.addStretch(1)
        self.beside_button = button(
            _("Beside"), self._show_beside, "quiet", _("Show beside the page")
        )
        row.addWidget(self.beside_button)
        row.addWidget(self.remove_button)
        self._layout.addLayout(row)
        self.name = self._line(_("Name"))
        self.kind = QComboBox()
        self.kind.setAccessibleName(_("Kind"))
        for kind, title in ONE.items():
            self.kind.addItem(_(title), kind)
        self.kind.activated.connect(lambda _index: self.flush())
        self.aliases = self._line(_("Other names"), _("Lizzy, Miss Bennet"))
        self.aliases.setToolTip(_("Nicknames and titles, with commas between them"))
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.addRow(_("Name"), self.name)
        form.addRow(_("Kind"), self.kind)
        form.addRow(_("Also"), self.aliases)
        self._layout.addLayout(form)

    def _make_telling(self) -> None:
        self.description = self._text(_("Description"), _("What one should know"), 96)
        self._layout.addWidget(self.description)

    def _make_folds(self) -> None:
        self.facts, self.relations = FactRows(), RelationRows()
        self.voice = self._text(_("Voice"), _("How they speak"), 56)
        self.goal = self._text(_("Goal"), _("What they want"), 56)
        self.secrets = self._text(_("Secrets"), _("What nobody is to know yet"), 56)
        self.samples = self._text(
            _("Dialogue samples"), _("What they would say; a blank line parts them"), 84
        )
        self.fields = self._text(_("Other fields"), _("Species: elf\nAge at the end: 40"), 70)
        self.opened = SceneChoice(_("None"), _("Opened in"))
        self.due = SceneChoice(_("None"), _("Due in"))
        self.paid = SceneChoice(_("None"), _("Paid in"))
        scenes = QWidget()
        form = QFormLayout(scenes)
        form.setContentsMargins(0, 0, 0, 0)
        for title, box in (
            (_("Opened in"), self.opened),
            (_("Due in"), self.due),
            (_("Paid in"), self.paid),
        ):
            form.addRow(title, box)
            box.activated.connect(lambda _index: self.flush())
        self.places = QListWidget()
        self.places.setAccessibleName(_("Where it is mentioned"))
        self.places.itemActivated.connect(self._go)
        self.places.itemClicked.connect(self._go)
        self.places.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        person = _column(self.voice, self.goal, self.secrets, self.samples)
        self.facts_fold = Fold(_("Facts"), self.facts)
        self.relations_fold = Fold(_("Relations"), self.relations)
        self.person_fold = Fold(_("Voice, goal, secrets"), person)
        self.scenes_fold = Fold(_("Opened, due, paid"), scenes)
        self.fields_fold = Fold(_("Other fields"), self.fields)
        self.telling_fold = Fold(_("What the model is told"), self._telling())
        self.places_fold = Fold(_("Mentioned"), self.places)
        for fold in (
            self.facts_fold,
            self.relations_fold,
            self.places_fold,
            self.person_fold,
            self.scenes_fold,
            self.fields_fold,
            self.telling_fold,
        ):
            self._layout.addWidget(fold)
        for rows in (self.facts, self.relations):
            rows.changed.connect(self.flush)
        self.facts_fold.handle.setChecked(True)

    def _telling(self) -> QWidget:
        self.always = QCheckBox(_("Always"))
        self.always.setToolTip(_("Also where the name is not mentioned"))
        self.muted = QCheckBox(_("Never"))
        for box in (self.always, self.muted):
            box.clicked.connect(lambda _checked: self.flush())
        self.priority = QSpinBox(minimum=-1000, maximum=1000)
        roomy(self.priority)
        self.priority.setAccessibleName(_("Priority"))
        self.priority.setToolTip(_("Where there is no room for all, higher ones go first."))
        self.priority.valueChanged.connect(lambda _value: self._pause.start())
        self.triggers = self._line(_("Further words"), _("storm, /harbou?r/"))
        self.triggers.setToolTip(_("Words, or /patterns/, that are no names but bring it to mind"))
        made = QWidget()
        form = QFormLayout(made)
        form.setContentsMargins(0, 0, 0, 0)
        row = QHBoxLayout()
        row.addWidget(self.always)
        row.addWidget(self.muted)
        row.addStretch(1)
        form.addRow(_("Tell"), row)
        form.addRow(_("Priority"), self.priority)
        form.addRow(_("Also at"), self.triggers)
        return made

    def _line(self, name: str, hint: str = "") -> QLineEdit:
        made = QLineEdit()
        made.setAccessibleName(name)
        made.setPlaceholderText(hint)
        made.textEdited.connect(lambda _text: self._pause.start())
        made.editingFinished.connect(self.flush)
        return made

    def _text(self, name: str, hint: str, height: int) -> QPlainTextEdit:
        made = QPlainTextEdit()
        made.setAccessibleName(name)
        made.setPlaceholderText(hint)
        made.setTabChangesFocus(True)
        made.setFixedHeight(height)
        made.textChanged.connect(self._pause.start)
        return made

    # -- showing --------------------------------------------------------------------------------

    def show_entry(self, entry: str) -> None:
        """Show another entry, or how the same one is now."""
        is_other = entry != self.shown
        if is_other:
            self.flush()
        elif self._pause.isActive():
            return  # she is still typing
        if entry not in self._lore.bible:
            self.shown = ""
            self.left.emit()
            return
        self.shown = entry
        found = self._lore.bible[entry]
        blocked = [QSignalBlocker(each) for each in self._fields()]
        self._fill(found, is_other=is_other)
        del blocked
        self.relations.own = entry
        self.facts.show_rows(found.facts, self._lore.bible, self._lore.tree)
        self.relations.show_rows(found.relations, self._lore.bible, self._lore.tree)
        self.person_fold.setVisible(found.kind is Kind.CHARACTER)
        self.scenes_fold.setVisible(found.kind is Kind.THREAD)
        self.facts_fold.set_title(_titled(_("Facts"), len(found.facts)))
        self.relations_fold.set_title(_titled(_("Relations"), len(found.relations)))
        self._show_places()
        if is_other:
            self.verticalScrollBar().setValue(0)

    def leave(self) -> None:
        """Back to the list."""
        self.flush()
        self.left.emit()

    def flush(self) -> None:
        """Keep what she has changed."""
        self.facts.flush()
        self.relations.flush()
        self._pause.stop()
        if self.shown not in self._lore.bible:
            return
        old = self._lore.bible[self.shown]
        new = self._taken(old)
        if new != old:
            self._lore.put(new)

    # -- inside ---------------------------------------------------------------------------------

    def _fields(self) -> list[QWidget]:
        return [
            *(self.name, self.kind, self.aliases, self.description, self.voice, self.goal),
            *(self.secrets, self.samples, self.fields, self.always, self.muted, self.priority),
            *(self.triggers, self.opened, self.due, self.paid),
        ]

    def _fill(self, entry: Entry, *, is_other: bool) -> None:
        for line, text in (
            (self.name, entry.name),
            (self.aliases, _(", ").join(entry.aliases)),
            (self.triggers, _(", ").join(entry.triggers)),
        ):
            if is_other or not line.hasFocus():
                line.setText(text)
                line.setCursorPosition(0)
        for field, text in (
            (self.description, entry.description),
            (self.voice, entry.voice),
            (self.goal, entry.goal),
            (self.secrets, entry.secrets),
            (self.samples, "\n\n".join(entry.samples)),
            (self.fields, "\n".join(f"{key}: {value}" for key, value in _one_line(entry).items())),
        ):
            if is_other or (field.toPlainText() != text and not field.hasFocus()):
                field.setPlainText(text)
        self.kind.setCurrentIndex(self.kind.findData(entry.kind))
        self.always.setChecked(entry.always)
        self.muted.setChecked(entry.muted)
        self.priority.setValue(entry.priority)
        for box, scene in (
            (self.opened, entry.opened),
            (self.due, entry.due),
            (self.paid, entry.paid),
        ):
            box.fill(self._lore.tree, scene)

    def _taken(self, old: Entry) -> Entry:
        """The entry as the fields have it; what she left alone stays to the letter."""
        fields = [
            each.partition(":") for each in self.fields.toPlainText().split("\n") if each.strip()
        ]
        told = {key.strip(): value.strip() for key, _colon, value in fields if key.strip()}
        samples = tuple(
            each.strip() for each in self.samples.toPlainText().split("\n\n") if each.strip()
        )
        return msgspec.structs.replace(
            old,
            name=self.name.text().strip() or old.name,
            kind=Kind(self.kind.currentData()),
            aliases=names_of(self.aliases.text()),
            triggers=_triggers(self.triggers.text(), old.triggers),
            description=self.description.toPlainText().strip(),
            voice=self.voice.toPlainText().strip(),
            goal=self.goal.toPlainText().strip(),
            secrets=self.secrets.toPlainText().strip(),
            samples=samples if "\n\n".join(samples) != "\n\n".join(old.samples) else old.samples,
            fields=told if told != _one_line(old) else old.fields,
            always=self.always.isChecked(),
            muted=self.muted.isChecked(),
            priority=self.priority.value(),
            opened=self.opened.scene,
            due=self.due.scene,
            paid=self.paid.scene,
            facts=tuple(self.facts.rows),
            relations=tuple(self.relations.rows),
        )

    def _show_places(self) -> None:
        if not self.shown:
            return
        found = self._lore.appearances(self.shown)
        times = sum(each.times for _item, each in found)
        self.places.clear()
        for item, each in found:
            row = QListWidgetItem(f"{number(each.times)}×  {title_of(item)}")
            if each.unsure:
                count = number(len(each.unsure))
                row.setText(f"{row.text()}  " + _("({count} may be another)").format(count=count))
            row.setToolTip(tip(row.text()))
            row.setData(Qt.ItemDataRole.UserRole, (item.id, each.first[0]))
            self.places.addItem(row)
        rows = min(len(found), _MENTIONED)
        self.places.setFixedHeight(max(1, rows) * max(22, self.places.sizeHintForRow(0)) + 8)
        title = ngettext("Mentioned once", "Mentioned {count} times", times)
        self.places_fold.set_title(
            title.format(count=number(times)) if times else _("Not mentioned yet")
        )

    def _go(self, row: QListWidgetItem) -> None:
        item, offset = row.data(Qt.ItemDataRole.UserRole)
        self._lore.go(item, offset)

    def _remove(self) -> None:
        entry, self.shown = self.shown, ""
        self._pause.stop()
        self._lore.remove(entry)
        self.left.emit()


def _one_line(entry: Entry) -> dict[str, str]:
    """Its fields as they are shown, a line each."""
    return {key.strip(): " ".join(value.split()) for key, value in entry.fields.items()}


def _triggers(text: str, old: tuple[str, ...]) -> tuple[str, ...]:
    """Words and patterns with commas between them; a comma inside a pattern of hers parts nothing."""
    return old if text.strip() == _(", ").join(old).strip() else names_of(text)


def _titled(title: str, count: int) -> str:
    return f"{title} ({number(count)})" if count else title


def _column(*fields: QPlainTextEdit) -> QWidget:
    made = QWidget()
    layout = QVBoxLayout(made)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(6)
    for field in fields:
        title = label(field.accessibleName(), "hint")
        title.setBuddy(field)
        layout.addWidget(title)
        layout.addWidget(field)
    return made
