"""Writing statistics: the goal of a day, today, and the last days as bars or as a table."""

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QSpinBox,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from writer_app.language import _, ngettext, number
from writer_app.story.days import Written, chart, run_of
from writer_app.ui.panels.day_chart import DayChart, DayTable
from writer_app.ui.panels.widgets import button, label, roomy
from writer_app.ui.session.session import Session

_DAYS = 30
_MOST_GOAL = 100_000


class DaysPage(QDialog):
    """A window beside the manuscript. The goal belongs to the project; a text by itself has none."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self.setWindowTitle(_("Writing statistics"))
        self.setModal(False)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.goal = QSpinBox()
        self.goal.setRange(0, _MOST_GOAL)
        self.goal.setSingleStep(100)
        self.goal.setSpecialValueText(_("None"))
        self.goal.setAccessibleName(_("Goal of a day"))
        roomy(self.goal)
        self.today = label("")
        self.row = label("", "hint")
        self.chart, self.table = DayChart(), DayTable()
        self.as_table = QCheckBox(_("As a table"))
        self._views = QStackedWidget()
        self._views.addWidget(self.chart)
        self._views.addWidget(self.table)
        self._lay_out()
        self.as_table.toggled.connect(lambda on: self._views.setCurrentIndex(int(on)))
        self.goal.valueChanged.connect(self._set_goal)
        session.book.today.changed.connect(self.refresh)
        self.resize(640, 420)
        self.refresh()

    def refresh(self) -> None:
        """Show what there is now."""
        project, today = self._session.book.binder.project, self._session.book.today
        goal = project.facts.goal if project else 0
        days = today.days
        self.goal.setEnabled(project is not None)
        self.goal.blockSignals(True)
        self.goal.setValue(goal)
        self.goal.blockSignals(False)
        in_chinese = self._session.counts_chinese
        self.today.setText(told_today(today.written, in_chinese=in_chinese))
        self.row.setText(_told_row(run_of(days, today.day, goal, chinese=in_chinese), goal))
        shown = chart(days, today.day, _DAYS)
        self.chart.show_days(shown, goal, in_chinese=in_chinese)
        self.table.show_days(shown, in_chinese=in_chinese)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        name = QLabel(_("Goal of a day"))
        name.setBuddy(self.goal)
        top.addWidget(name)
        top.addWidget(self.goal)
        top.addStretch(1)
        foot = QHBoxLayout()
        foot.addWidget(self.as_table)
        foot.addStretch(1)
        foot.addWidget(button(_("Close"), self.close, hint="Esc"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 14)
        layout.setSpacing(10)
        layout.addLayout(top)
        layout.addWidget(self.today)
        layout.addWidget(self.row)
        layout.addWidget(self._views, 1)
        layout.addLayout(foot)

    def _set_goal(self, goal: int) -> None:
        if project := self._session.book.binder.project:
            project.set_facts(msgspec.structs.replace(project.facts, goal=goal))


def told_today(written: Written, *, in_chinese: bool) -> str:
    """What was written today, by whom, and how quickly."""
    if in_chinese:
        typed, pasted, model = written.typed_zh, written.pasted_zh, written.model_zh
    else:
        typed, pasted, model = written.typed, written.pasted, written.model
    text = (
        _("Today {typed} 字 typed, {pasted} pasted, {model} from the model.")
        if in_chinese
        else _("Today {typed} words typed, {pasted} pasted, {model} from the model.")
    )
    told = text.format(typed=number(typed), pasted=number(pasted), model=number(model))
    pace = written.hourly(chinese=in_chinese)
    if pace is not None:
        hourly = _("{count} 字 an hour.") if in_chinese else _("{count} words an hour.")
        told += " " + hourly.format(count=number(pace))
    return told


def _told_row(days: int, goal: int) -> str:
    told = _("Bars show what you typed, and on top of it what the model wrote.")
    if not goal or not days:
        return told
    text = ngettext(
        "The goal was reached on {count} day in a row.",
        "The goal was reached on {count} days in a row.",
        days,
    )
    return f"{text.format(count=number(days))} {told}"
