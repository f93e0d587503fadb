"""Facts and relations of an entry: a list of them, and a form for the one that is chosen."""

from collections.abc import Sequence
from typing import Generic, TypeVar

import msgspec
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from writer_app.language import _
from writer_app.story.bible import Bible, Fact, Kind, Relation
from writer_app.story.tree import Tree
from writer_app.ui.editor.plain import tip
from writer_app.ui.panels.kinds import SceneChoice, fact_told, title_of
from writer_app.ui.panels.widgets import button, label

Row = TypeVar("Row", Fact, Relation)
#: Milliseconds after the last key until what was typed is kept.
_PAUSE = 500
_SHOWN_ROWS = 5


class Rows(QWidget, Generic[Row]):
    """What facts and relations have in common.

    Signals:
        changed: She has changed something; see ``rows``.
    """

    changed = Signal()

    def __init__(self, name: str, add: str) -> None:
        super().__init__()
        self.rows: list[Row] = []
        self.bible, self.tree = Bible(), Tree()
        self._is_filling = False
        self._pause = QTimer(self, interval=_PAUSE, singleShot=True)
        self._pause.timeout.connect(self._take)
        self.list = QListWidget()
        self.list.setAccessibleName(name)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentRowChanged.connect(self._show_row)
        self.form = QWidget()
        self.since = SceneChoice(_("Always"), _("True from"))
        self.until = SceneChoice(_("For ever"), _("True until"))
        form = QFormLayout(self.form)
        form.setContentsMargins(0, 0, 0, 0)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.DontWrapRows)
        self._add_fields(form)
        form.addRow(_("From"), self.since)
        form.addRow(_("Until"), self.until)
        self._add_last(form)
        buttons = QHBoxLayout()
        buttons.addWidget(button(add, self.add))
        self.remove_button = button(_("Remove"), self.remove, "quiet")
        buttons.addWidget(self.remove_button)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.list)
        layout.addWidget(self.form)
        layout.addLayout(buttons)
        for box in (self.since, self.until):
            box.activated.connect(lambda _index: self._take())

    def show_rows(self, rows: Sequence[Row], bible: Bible, tree: Tree) -> None:
        """Show these; the same one stays chosen where there still is one."""
        self.bible, self.tree = bible, tree
        if list(rows) == self.rows and self.list.count() == len(rows):
            return
        at = self.list.currentRow()
        self.rows = list(rows)
        self._fill(min(at, len(rows) - 1) if at >= 0 else -1)

    def flush(self) -> None:
        """Keep what was typed last."""
        if self._pause.isActive():
            self._take()

    def add(self) -> None:
        """Begin another one."""
        self.flush()
        self.rows.append(self._new())
        self._fill(len(self.rows) - 1)
        self.first_field().setFocus()

    def remove(self) -> None:
        """Remove the one that is chosen."""
        at = self.list.currentRow()
        if at >= 0:
            self._pause.stop()
            del self.rows[at]
            self._fill(min(at, len(self.rows) - 1))
            self.changed.emit()

    def line(self, name: str, hint: str = "") -> QLineEdit:
        """A line of the form."""
        made = QLineEdit()
        made.setAccessibleName(name)
        made.setPlaceholderText(hint)
        made.textEdited.connect(lambda _text: self._pause.start())
        return made

    def first_field(self) -> QWidget:
        """Where typing begins."""
        raise NotImplementedError

    # -- of facts and of relations --------------------------------------------------------------

    def _add_fields(self, form: QFormLayout) -> None:
        raise NotImplementedError

    def _add_last(self, form: QFormLayout) -> None:
        """Fields behind the scenes."""

    def _new(self) -> Row:
        raise NotImplementedError

    def _told(self, row: Row) -> str:
        raise NotImplementedError

    def _show(self, row: Row) -> None:
        raise NotImplementedError

    def _taken(self, row: Row) -> Row:
        raise NotImplementedError

    # -- inside ---------------------------------------------------------------------------------

    def _fill(self, at: int) -> None:
        self._is_filling = True
        self.list.clear()
        for row in self.rows:
            told = self._told(row)
            item = QListWidgetItem(told)
            item.setToolTip(tip(told))
            self.list.addItem(item)
        self.list.setVisible(bool(self.rows))
        height = self.list.sizeHintForRow(0) if self.rows else 0
        shown = min(len(self.rows), _SHOWN_ROWS)
        heights = sum(self.list.sizeHintForRow(row) for row in range(shown))
        self.list.setFixedHeight(max(height, heights) + 8)
        self._is_filling = False
        self.list.setCurrentRow(at)
        self._show_row(at)

    def _show_row(self, at: int) -> None:
        if self._is_filling:
            return
        self.flush()
        is_one = 0 <= at < len(self.rows)
        self.form.setVisible(is_one)
        self.remove_button.setVisible(is_one)
        if is_one:
            row = self.rows[at]
            self._show(row)
            self.since.fill(self.tree, row.since)
            self.until.fill(self.tree, row.until)

    def _take(self) -> None:
        self._pause.stop()
        at = self.list.currentRow()
        if not 0 <= at < len(self.rows):
            return
        row = msgspec.structs.replace(
            self._taken(self.rows[at]), since=self.since.scene, until=self.until.scene
        )
        if row == self.rows[at]:
            return
        self.rows[at] = row
        self.list.item(at).setText(self._told(row))
        self.changed.emit()

    def _span(self, row: Row) -> str:
        """From when until when, for people."""
        parts = []
        for template, scene in ((_("from {scene}"), row.since), (_("until {scene}"), row.until)):
            if scene:
                found = self.tree.get(scene)
                title = title_of(found) if found else _("(a scene that is gone)")
                parts.append(template.format(scene=title))
        return f" ({_(', ').join(parts)})" if parts else ""


class FactRows(Rows[Fact]):
    """What is true of an entry, from which scene until which, and who knows it."""

    def __init__(self) -> None:
        super().__init__(_("Facts"), _("Add a fact"))

    def first_field(self) -> QWidget:
        """What it is about."""
        return self.attribute

    def _add_fields(self, form: QFormLayout) -> None:
        self.attribute = self.line(_("What it is about"), _("eyes, age, home …"))
        self.value = self.line(_("Value"), _("grey"))
        self.text = self.line(_("As a sentence"))
        form.addRow(_("About"), self.attribute)
        form.addRow(_("Value"), self.value)
        form.addRow(_("Sentence"), self.text)

    def _add_last(self, form: QFormLayout) -> None:
        self.known = self.line(_("Who knows it"), _("everybody"))
        self.known.setToolTip(_("Names of characters, with commas between them"))
        self.source = label("", "hint")
        form.addRow(_("Known by"), self.known)
        form.addRow(self.source)

    def _new(self) -> Fact:
        return Fact()

    def _told(self, row: Fact) -> str:
        return (fact_told(row) or _("(nothing yet)")) + self._span(row)

    def _show(self, row: Fact) -> None:
        self.attribute.setText(row.attribute)
        self.value.setText(row.value)
        self.text.setText(row.text)
        names = [self.bible[each].name if each in self.bible else each for each in row.known_by]
        self.known.setText(_(", ").join(names))
        self.source.setText(_("In the text: “{words}”").format(words=row.source))
        self.source.setVisible(bool(row.source))

    def _taken(self, row: Fact) -> Fact:
        return msgspec.structs.replace(
            row,
            attribute=self.attribute.text().strip(),
            value=self.value.text().strip(),
            text=self.text.text().strip(),
            known_by=tuple(self._id(each) for each in names_of(self.known.text())),
        )

    def _id(self, name: str) -> str:
        """The id of the character with this name; a name that nobody has stays as it is."""
        found = [
            each
            for each in self.bible.by_name.get(name, ())
            if self.bible[each].kind is Kind.CHARACTER
        ]
        return found[0] if found else name


class RelationRows(Rows[Relation]):
    """How an entry stands to others."""

    def __init__(self) -> None:
        super().__init__(_("Relations"), _("Add a relation"))
        self.own = ""

    def first_field(self) -> QWidget:
        """What it is."""
        return self.what

    def _add_fields(self, form: QFormLayout) -> None:
        self.what = self.line(_("What it is"), _("is the sister of"))
        self.to = QComboBox()
        self.to.setAccessibleName(_("To whom"))
        self.to.setMinimumContentsLength(6)
        self.to.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.to.activated.connect(lambda _index: self._take())
        form.addRow(_("What"), self.what)
        form.addRow(_("Whom"), self.to)

    def _new(self) -> Relation:
        first = next((each.id for each in self.bible if each.id != self.own), "")
        return Relation(to=first)

    def _told(self, row: Relation) -> str:
        name = self.bible[row.to].name if row.to in self.bible else _("(an entry that is gone)")
        return " ".join(filter(None, (row.what, name))) + self._span(row)

    def _show(self, row: Relation) -> None:
        self.what.setText(row.what)
        self.to.clear()
        for each in self.bible:
            if each.id != self.own:
                self.to.addItem(each.name, each.id)
        if self.to.findData(row.to) < 0:
            self.to.addItem(_("(an entry that is gone)"), row.to)
        self.to.setCurrentIndex(self.to.findData(row.to))

    def _taken(self, row: Relation) -> Relation:
        return msgspec.structs.replace(
            row, what=self.what.text().strip(), to=str(self.to.currentData() or row.to)
        )


def names_of(text: str) -> tuple[str, ...]:
    """Names with commas between them, of any kind of comma."""
    for mark in "，、;；\n":
        text = text.replace(mark, ",")
    return tuple(dict.fromkeys(each.strip() for each in text.split(",") if each.strip()))
