"""A bar for each day: what she typed, and on it what the model wrote; the same as a table."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QDate, QLocale, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QHeaderView, QTableWidget, QTableWidgetItem, QToolTip, QWidget

from writer_app.language import _, number
from writer_app.story.days import Written

#: Pixels: under the bars for dates, over them, and between two.
_FOOT, _HEAD, _GAP = 22, 10, 3
#: A date is about so wide.
_DATE = 76
#: Between two dates there are so many days.
_EVERY = 7


class DayChart(QWidget):
    """Painted bars; a tooltip tells the numbers of a day."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._days: Sequence[tuple[date, Written]] = ()
        self._goal, self._in_chinese = 0, False
        self.setAccessibleName(_("What was written on each day"))
        self.setMinimumHeight(160)

    def sizeHint(self) -> QSize:
        """Room for a month."""
        return QSize(560, 220)

    def show_days(
        self, days: Sequence[tuple[date, Written]], goal: int, *, in_chinese: bool
    ) -> None:
        """Show these days; a line shows the goal where there is one."""
        self._days, self._goal, self._in_chinese = days, goal, in_chinese
        self.setAccessibleDescription(". ".join(self._told(each) for each in days))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Part of Qt's interface."""
        if not self._days:
            return
        painter, palette = QPainter(self), self.palette()
        most = max(self._goal, *(sum(self._parts(each)) for _day, each in self._days), 1)
        base, room = self.height() - _FOOT, self.height() - _FOOT - _HEAD
        step = self.width() / len(self._days)
        for at, (day, written) in enumerate(self._days):
            typed, model = (room * part / most for part in self._parts(written))
            left, width = at * step + _GAP / 2, max(2.0, step - _GAP)
            painter.fillRect(
                QRectF(left, base - typed, width, typed), palette.color(QPalette.ColorRole.Accent)
            )
            painter.fillRect(
                QRectF(left, base - typed - model, width, model),
                palette.color(QPalette.ColorRole.PlaceholderText),
            )
            if (len(self._days) - 1 - at) % _EVERY == 0 and left + width > _DATE:
                self._paint_date(painter, day, left + width)
        painter.setPen(palette.color(QPalette.ColorRole.Mid))
        painter.drawLine(0, base, self.width(), base)
        if self._goal:
            painter.setPen(QPen(palette.color(QPalette.ColorRole.Text), 1, Qt.PenStyle.DashLine))
            height = base - round(room * self._goal / most)
            painter.drawLine(0, height, self.width(), height)

    def event(self, event: object) -> bool:
        """A tooltip for the day under the mouse."""
        if isinstance(event, QHelpEvent) and self._days:
            at = min(len(self._days) - 1, event.x() * len(self._days) // max(1, self.width()))
            QToolTip.showText(event.globalPos(), self._told(self._days[at]), self)
            return True
        return super().event(event)  # type: ignore[arg-type]

    # -- inside ---------------------------------------------------------------------------------

    def _parts(self, written: Written) -> tuple[int, int]:
        if self._in_chinese:
            return max(0, written.typed_zh), max(0, written.model_zh)
        return max(0, written.typed), max(0, written.model)

    def _told(self, row: tuple[date, Written]) -> str:
        typed, model = self._parts(row[1])
        return _("{day}: {typed} typed, {model} from the model").format(
            day=shown_day(row[0]), typed=number(typed), model=number(model)
        )

    def _paint_date(self, painter: QPainter, day: date, right: float) -> None:
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        rect = QRectF(right - 120, self.height() - _FOOT, 120, _FOOT)
        painter.drawText(
            rect, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, shown_day(day)
        )


class DayTable(QTableWidget):
    """The same in numbers, the latest day first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        titles = [_("Day"), _("Typed"), _("Pasted"), _("From the model"), _("Minutes")]
        super().__init__(0, len(titles), parent)
        self.setHorizontalHeaderLabels(titles)
        self.setAccessibleName(_("What was written on each day"))
        self.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.verticalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)

    def show_days(self, days: Sequence[tuple[date, Written]], *, in_chinese: bool) -> None:
        """Show these days."""
        self.setRowCount(len(days))
        for row, (day, each) in enumerate(reversed(days)):
            figures = (
                (each.typed_zh, each.pasted_zh, each.model_zh)
                if in_chinese
                else (each.typed, each.pasted, each.model)
            )
            texts = [shown_day(day), *map(number, (*figures, round(each.seconds / 60)))]
            for column, text in enumerate(texts):
                cell = QTableWidgetItem(text)
                if column:
                    cell.setTextAlignment(
                        Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                    )
                self.setItem(row, column, cell)


def shown_day(day: date) -> str:
    """A date as the writer's system has it."""
    return QLocale().toString(QDate(day.year, day.month, day.day), QLocale.FormatType.ShortFormat)
