"""Who stands how to whom: the entries on a circle, with a line for each relation.

What it shows can be read in the list of each entry too; here it is seen at a glance. The arrow keys go round the
circle, Return opens an entry.
"""

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from writer_app.language import _
from writer_app.story.bible import Bible, Entry, Relation, holds
from writer_app.story.tree import Tree

#: Entries that a circle of this size can show.
MOST = 24
_LONGEST = 110
#: So much higher than wide the circle may get, in a panel that is high and narrow.
_SLENDER = 1.9


class RelationGraph(QWidget):
    """A circle of related entries.

    Signals:
        opened: The id of an entry.
    """

    opened = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.entries: tuple[Entry, ...] = ()
        self.lines: tuple[tuple[str, Relation], ...] = ()
        self.current = 0
        self._places: dict[str, QPointF] = {}
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(_("Relations"))

    def sizeHint(self) -> QSize:
        """As wide as the panel, and square."""
        return QSize(320, 340)

    def show_bible(self, bible: Bible, tree: Tree, at: int) -> None:
        """Show the relations that hold at a position of the manuscript, of those who have most of them."""
        lines = [
            (entry.id, each)
            for entry in bible
            for each in entry.relations
            if each.to in bible and holds(each.since, each.until, tree, at)
        ]
        count: dict[str, int] = {}
        for one, each in lines:
            for id_ in (one, each.to):
                count[id_] = count.get(id_, 0) + 1
        ranked = sorted(count, key=lambda id_: -count[id_])[:MOST]
        self.entries = tuple(entry for entry in bible if entry.id in ranked)
        shown = {entry.id for entry in self.entries}
        self.lines = tuple((one, each) for one, each in lines if one in shown and each.to in shown)
        self.current = min(self.current, max(0, len(self.entries) - 1))
        self._tell()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Lines first, then the names over them."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        if not self.entries:
            painter.setPen(palette.placeholderText().color())
            text = _("No relations yet. Add them in an entry: who is whose sister, master, rival.")
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect().adjusted(20, 20, -20, -20), int(flags), text)
            return
        self._lay_out()
        metrics = QFontMetrics(self.font())
        chosen = self.entries[self.current].id
        for one, each in self.lines:
            is_near = chosen in (one, each.to)
            painter.setPen(QPen(palette.link().color() if is_near else palette.mid().color(), 1.4))
            painter.drawLine(self._places[one], self._places[each.to])
        for one, each in self.lines:
            if chosen == one and each.what:
                middle = (self._places[one] + self._places[each.to] * 2) / 3
                self._label(painter, metrics, each.what, middle, is_chosen=False, is_name=False)
        for number, entry in enumerate(self.entries):
            is_chosen = number == self.current
            place = self._places[entry.id]
            self._label(painter, metrics, entry.name, place, is_chosen=is_chosen, is_name=True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Round the circle, and into an entry."""
        steps = {
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Up: -1,
        }
        if self.entries and event.key() in steps:
            self.current = (self.current + steps[Qt.Key(event.key())]) % len(self.entries)
            self._tell()
            self.update()
        elif self.entries and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(self.entries[self.current].id)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """One click chooses an entry, so that its lines are told apart."""
        if (found := self._at(event.position())) is not None:
            self.current = found
            self._tell()
            self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Two open it."""
        if (found := self._at(event.position())) is not None:
            self.opened.emit(self.entries[found].id)

    # -- inside ---------------------------------------------------------------------------------

    def _tell(self) -> None:
        """In words, for who does not see it."""
        if self.entries:
            entry = self.entries[self.current]
            names = {each.id: each.name for each in self.entries}
            told = [
                f"{names[one]} {each.what} {names[each.to]}"
                for one, each in self.lines
                if entry.id in (one, each.to)
            ]
            self.setAccessibleDescription("; ".join([entry.name, *told]))

    def _lay_out(self) -> None:
        middle = QPointF(self.width() / 2, self.height() / 2)
        wide = self.width() / 2 - _LONGEST / 2 - 8
        high = min(self.height() / 2 - 22, wide * _SLENDER)
        around = 2 * math.pi / len(self.entries)
        self._places = {
            entry.id: middle
            + QPointF(wide * math.sin(number * around), -high * math.cos(number * around))
            for number, entry in enumerate(self.entries)
        }

    def _at(self, place: QPointF) -> int | None:
        near: Sequence[tuple[float, int]] = [
            (math.hypot((each - place).x() / 3, (each - place).y()), number)
            for number, each in enumerate(self._places.values())
        ]
        distance, number = min(near, default=(99.0, 0))
        return number if distance < 18 else None

    def _label(
        self,
        painter: QPainter,
        metrics: QFontMetrics,
        text: str,
        place: QPointF,
        *,
        is_chosen: bool,
        is_name: bool,
    ) -> None:
        palette = self.palette()
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, _LONGEST - 14)
        width = metrics.horizontalAdvance(shown) + (14 if is_name else 6)
        box = QRectF(0, 0, width, metrics.height() + (8 if is_name else 2))
        box.moveCenter(place)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(palette.window() if not is_name else palette.base())
        if is_name:
            painter.setPen(
                QPen(palette.link().color() if is_chosen else palette.mid().color(), 1.2)
            )
        painter.drawRoundedRect(box, 6, 6)
        painter.setPen(palette.text().color() if is_name else palette.placeholderText().color())
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), shown)
