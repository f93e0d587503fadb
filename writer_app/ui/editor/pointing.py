"""What the mouse does to a link on the page: it shows where the link leads, and with Ctrl follows it."""

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QHelpEvent, QMouseEvent
from PySide6.QtWidgets import QToolTip

from writer_app.language import _
from writer_app.text.hidden import revealed
from writer_app.text.links import Link, link_at
from writer_app.ui.editor.plain import tip
from writer_app.ui.editor.sheet import Sheet

#: Characters of a target in a tooltip; all of it is shown before it is opened.
_MOST_SHOWN = 300


class Pointing(QObject):
    """Watches the mouse over one sheet, which has a signal ``link_followed``."""

    def __init__(self, sheet: Sheet) -> None:
        super().__init__(sheet)
        self._sheet = sheet
        self._pressed: QPoint | None = None
        sheet.viewport().installEventFilter(self)

    def link_under(self, place: QPoint) -> Link | None:
        """The link at this place of the viewport."""
        offset = self._sheet.from_qt(self._sheet.cursorForPosition(place).position())
        link = link_at(self._sheet.manuscript.text, offset)
        # Qt answers with the nearest character however far away it is.
        if link is None or not self._sheet.is_near(place, link.start, link.end):
            return None
        return link

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """The text still gets every event but the one that would show its own tooltip."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            self._tell(event)
            return True
        if isinstance(event, QMouseEvent) and event.button() == Qt.MouseButton.LeftButton:
            place = event.position().toPoint()
            if event.type() == QEvent.Type.MouseButtonPress:
                wanted = event.modifiers() == Qt.KeyboardModifier.ControlModifier
                self._pressed = place if wanted else None
            elif event.type() == QEvent.Type.MouseButtonRelease:
                pressed, self._pressed = self._pressed, None
                # Not where she has dragged: that selects.
                if (
                    pressed
                    and (place - pressed).manhattanLength() < 6
                    and (link := self.link_under(place))
                ):
                    self._sheet.link_followed.emit(link)
        return False

    def _tell(self, event: QHelpEvent) -> None:
        link = self.link_under(event.pos())
        if link is None:
            QToolTip.hideText()
            return
        target = revealed(link.target)
        shown = target if len(target) <= _MOST_SHOWN else target[:_MOST_SHOWN] + "…"
        QToolTip.showText(
            event.globalPos(), tip(shown + "\n" + _("Ctrl+click opens it")), self._sheet
        )
