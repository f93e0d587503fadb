"""Contradictions of the project beside the manuscript: what is said here, what is said there, and going to either."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from writer_app.errors import WriterError
from writer_app.language import _, explain, ngettext, number
from writer_app.story.alarms import Alarm, sentence
from writer_app.ui.panels.widgets import button, label
from writer_app.ui.session.session import Session


class ConsistencyPage(QDialog):
    """A window beside the manuscript; it changes nothing in it."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._consistency = session, session.book.consistency
        self.setWindowTitle(_("Contradictions"))
        self.setModal(False)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.facts = label("", "hint")
        self.list = QListWidget()
        self.list.setAccessibleName(_("Contradictions"))
        self.list.setWordWrap(True)
        self.list.setSpacing(2)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemActivated.connect(lambda _item: self._go())
        self.list.currentItemChanged.connect(self._enable)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 14)
        layout.setSpacing(12)
        layout.addWidget(self.facts)
        layout.addWidget(self.list, 1)
        layout.addLayout(self._row())
        self._consistency.changed.connect(self._fill)
        self._consistency.failed.connect(self._tell)
        self.resize(640, 520)
        self._fill()
        self._consistency.look()

    def _row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(6)
        self.here = button(_("Go there"), self._go, "main")
        self.there = button(_("Go to the other passage"), self._go_to_other)
        self.intended = button(
            _("It is meant so"), self._intend, hint=_("Not to be shown again in this project")
        )
        self.again = button(_("Look again"), self._consistency.look, "quiet")
        for each in (self.here, self.there, self.intended, self.again):
            row.addWidget(each)
        row.addStretch(1)
        row.addWidget(button(_("Close"), self.close, hint="Esc"))
        return row

    def _fill(self) -> None:
        alarms, row = self._consistency.alarms or [], self.list.currentRow()
        names = self._consistency.names
        self.list.clear()
        for alarm in alarms:
            item = QListWidgetItem(f"{self._where(alarm)}\n{sentence(alarm, names)}")
            item.setData(Qt.ItemDataRole.UserRole, alarm)
            self.list.addItem(item)
        self.list.setCurrentRow(min(max(0, row), len(alarms) - 1))
        self.facts.setText(self._summary(len(alarms)))
        self._enable()

    def _summary(self, count: int) -> str:
        if self._consistency.is_looking:
            return _("Reading all texts…")
        if self._consistency.alarms is None:
            return ""
        if not count:
            return _(
                "Nothing found. What is compared are plain statements, with each other and with the facts of the "
                "bible: who is dead, looks, ages, days, places, kin. The more the bible says, the more can be found."
            )
        return ngettext("{count} contradiction", "{count} contradictions", count).format(
            count=number(count)
        )

    def _where(self, alarm: Alarm) -> str:
        tree, project = self._session.book.binder.tree, self._session.book.binder.project
        item = tree.get(alarm.scene)
        if item is None or project is None:
            return ""
        return " ".join(filter(None, (project.labels.get(item.id, ""), item.title)))

    def _chosen(self) -> Alarm | None:
        item = self.list.currentItem()
        found = item.data(Qt.ItemDataRole.UserRole) if item else None
        return found if isinstance(found, Alarm) else None

    def _enable(self) -> None:
        alarm = self._chosen()
        self.here.setEnabled(alarm is not None)
        self.intended.setEnabled(alarm is not None)
        self.there.setEnabled(alarm is not None and bool(alarm.against_scene))
        self.again.setEnabled(not self._consistency.is_looking)

    def _go(self) -> None:
        if alarm := self._chosen():
            self._session.book.searching.show(alarm.scene, alarm.span)

    def _go_to_other(self) -> None:
        if (alarm := self._chosen()) and alarm.against_scene:
            self._session.book.searching.show(alarm.against_scene, alarm.against_span)

    def _intend(self) -> None:
        if alarm := self._chosen():
            self._consistency.intend(alarm)

    def _tell(self, error: WriterError) -> None:
        self.facts.setText(explain(error))
