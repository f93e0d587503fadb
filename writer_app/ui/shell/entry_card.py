"""The card of a name on the page: a quiet thing beside it, which never takes the keyboard."""

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from writer_app.language import _
from writer_app.story.bible import Entry, Fact
from writer_app.ui.editor.page import Page
from writer_app.ui.panels.kinds import ONE, fact_told
from writer_app.ui.panels.widgets import label
from writer_app.ui.session.lore import CardOf
from writer_app.ui.session.session import Session

#: Milliseconds for which the mouse must rest on a name.
_REST_MS = 600
_GAP, _WIDTH = 6, 320
#: Characters of a description, facts, and entries that one name may mean.
_LONGEST, _MOST_FACTS, _MOST_ENTRIES = 400, 8, 4


class EntryCard(QFrame):
    """Shows itself where the mouse rests on a name, or at the caret when asked; a key or a click lets it go.

    Args:
        session: Whose page it is.
        parent: The window.
    """

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._window = session, parent
        self._place = QPoint()
        self.card: CardOf | None = None
        self._rest = QTimer(self, interval=_REST_MS, singleShot=True)
        self._rest.timeout.connect(self._appear_at_mouse)
        self.setProperty("role", "card")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(_("Card of a name"))
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(14, 12, 14, 12)
        self._layout.setSpacing(5)
        self.hide()
        session.page_changed.connect(self._attach)
        self._attach(session.page)

    def show_at_caret(self) -> bool:
        """Show the card of the name at the caret; whether there is one."""
        page = self._session.page
        card = self._session.book.lore.card_at(page.caret)
        if card is not None:
            self._show(card, page.cursorRect().bottomLeft())
        return card is not None

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """The page gets every event but the Esc that lets the card go."""
        kind = event.type()
        if kind == QEvent.Type.MouseMove and isinstance(event, QMouseEvent):
            self._on_mouse(event)
        elif kind in (QEvent.Type.MouseButtonPress, QEvent.Type.Leave, QEvent.Type.Wheel):
            self._rest.stop()
            self.hide()
        elif kind == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Escape and self.isVisible():
                # Else Esc would be a command of the window, such as Stop.
                event.accept()
                return True
        elif kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            was_shown = self.isVisible()
            self._rest.stop()
            self.hide()
            return was_shown and event.key() == Qt.Key.Key_Escape
        return False

    # -- inside ---------------------------------------------------------------------------------

    def _attach(self, page: Page) -> None:
        self.hide()
        page.installEventFilter(self)
        page.viewport().installEventFilter(self)
        page.viewport().setMouseTracking(True)
        page.verticalScrollBar().valueChanged.connect(self.hide)

    def _on_mouse(self, event: QMouseEvent) -> None:
        self._place = event.position().toPoint()
        if self.isVisible() and self.card:
            page = self._session.page
            if not page.is_near(self._place, self.card.start, self.card.end):
                self.hide()
        if event.buttons() == Qt.MouseButton.NoButton:
            self._rest.start()

    def _appear_at_mouse(self) -> None:
        page = self._session.page
        if page.textCursor().hasSelection() or not page.viewport().underMouse():
            return
        if not self._window.isAncestorOf(page):  # as for the menu beside a selection
            return
        offset = page.from_qt(page.cursorForPosition(self._place).position())
        card = self._session.book.lore.card_at(offset)
        # Qt answers with the nearest character however far away it is.
        if card and page.is_near(self._place, card.start, card.end):
            self._show(card, page.cursorRect(page.cursor_at(card.start)).bottomLeft())

    def _show(self, card: CardOf, place: QPoint) -> None:
        self.card = card
        while (item := self._layout.takeAt(0)) is not None:
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        if len(card.entries) > 1:
            self._layout.addWidget(label(_("This name may mean any of these:"), "hint"))
        for entry, facts in card.entries[:_MOST_ENTRIES]:
            self._tell(entry, facts)
        self._layout.addWidget(label(_("F2 again opens it in the Bible, Esc closes."), "hint"))
        self.setFixedWidth(_WIDTH)
        self.setFixedHeight(max(1, self._layout.heightForWidth(_WIDTH)))
        self._stand_at(place)
        self.show()
        self.raise_()

    def _tell(self, entry: Entry, facts: tuple[Fact, ...]) -> None:
        name = label(entry.name)
        font = name.font()
        font.setBold(True)
        name.setFont(font)
        self._layout.addWidget(name)
        also = _(", ").join(each for each in entry.names if each != entry.name)
        told = [_(ONE[entry.kind]), also]
        self._layout.addWidget(label(" · ".join(filter(None, told)), "hint"))
        if entry.description:
            text = entry.description
            shown = text if len(text) <= _LONGEST else text[:_LONGEST].rstrip() + "…"
            self._layout.addWidget(label(shown))
        for fact in facts[:_MOST_FACTS]:
            self._layout.addWidget(label(f"– {fact_told(fact)}"))

    def _stand_at(self, place: QPoint) -> None:
        """Under the line, or over it where there is no room below; inside the page."""
        page, window = self._session.page, self._window
        view = page.viewport()
        spot = view.mapTo(window, QPoint(place.x(), place.y() + _GAP))
        right = view.mapTo(window, view.rect().topRight()).x()
        bottom = view.mapTo(window, view.rect().bottomLeft()).y()
        if spot.y() + self.height() > bottom:
            spot.setY(spot.y() - self.height() - page.cursorRect().height() - 2 * _GAP)
        spot.setX(max(0, min(spot.x(), right - self.width() - _GAP)))
        spot.setY(max(0, spot.y()))
        self.move(spot)
