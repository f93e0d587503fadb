"""Shows what a candidate changes, word by word, and lets the writer accept or reject each change."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QByteArray, QPoint, Qt, QUrl, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QContextMenuEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QMenu, QTextEdit

from writer_app.language import _, ngettext, number
from writer_app.text.revision import Change
from writer_app.ui.editor.plain import no_resource
from writer_app.ui.editor.style import PageColours, blend
from writer_app.ui.session.review import Review

#: Of a longer stretch without a change only the ends are shown, so many characters each.
_END = 300
#: The same for the words of one change: who puts another text in the place of a book need not see both whole.
_END_OF_CHANGE = 2_000
#: So many changes are shown at once: a rule can make a hundred thousand of them in a book.
MOST_SHOWN = 200
#: Distance of lines, percent.
_LINE = 128.0
_GAP = "\n[…]\n"


@dataclass(frozen=True)
class _Place:
    """Where a change stands in the view, in UTF-16 units."""

    start: int
    end: int
    index: int


class DiffView(QTextEdit):
    """What is gone is struck out, what is new is underlined; neither is told by colour alone.

    A click accepts a change, another rejects it, a third leaves it open. By keyboard: Enter accepts the one looked
    at, Backspace rejects it, left and right go to another candidate.

    Of very many changes a stretch is shown: that around the change looked at, and while it is written the latest. A
    click on the line before or behind it shows the next one.

    Signals:
        toggled: (index, accepted) of a change.
        judged: Whether the change looked at is accepted, by a key.
        stepped: To the next (1) or the previous (-1) candidate.
        left: Back to the page.
    """

    toggled = Signal(int, bool)
    judged = Signal(bool)
    stepped = Signal(int)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setAccessibleName(_("What would change"))
        self.setProperty("role", "diff")
        self.document().setDocumentMargin(12)
        self._places: list[_Place] = []
        self._ways: list[
            _Place
        ] = []  # to changes that are not shown; the index is the first of them to show
        self._first = 0
        self._shown: tuple[object, ...] = ()
        self._show_again: Callable[[], None] = self.clear

    def show_review(self, review: Review, colours: PageColours) -> None:
        """Show this candidate; the place scrolled to stays, unless another change is looked at."""
        now = (
            review.revision,
            review.candidate.text,
            dict(review.decided),
            review.current,
            colours,
        )
        if now == self._shown:
            return
        self._first = _stretch(review, self._first if now[:1] == self._shown[:1] else 0)
        self._shown = now
        self._show_again = partial(self._show, review, _looks(colours))
        self._show_again()
        self._tell(_said(review))

    def show_nothing(self) -> None:
        """There is no candidate; the next one is shown whatever was shown before."""
        self.clear()
        self._places, self._ways, self._shown = [], [], ()

    def loadResource(self, kind: int, _name: QUrl | str) -> QImage | QByteArray:
        """Nothing in a text is ever loaded."""
        return no_resource(kind)

    # -- inside ---------------------------------------------------------------------------------

    def _tell(self, words: str) -> None:
        """Say the change looked at to who cannot see lines through and under words."""
        if words == self.accessibleDescription():
            return
        self.setAccessibleDescription(words)
        if words and self.hasFocus():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))

    def _show(self, review: Review, looks: dict[str, QTextCharFormat]) -> None:
        bar = self.verticalScrollBar()
        scrolled, at_end = bar.value(), bar.value() >= bar.maximum() - 4
        growing = not review.is_complete
        self.setUpdatesEnabled(False)
        self._write(review, looks)
        self.setUpdatesEnabled(True)
        bar.setValue(bar.maximum() if growing and at_end else scrolled)
        current = next((each for each in self._places if each.index == review.current), None)
        if current is not None:
            cursor = self.textCursor()
            cursor.setPosition(current.start)
            self.setTextCursor(cursor)
            self.ensureCursorVisible()

    def _write(self, review: Review, looks: dict[str, QTextCharFormat]) -> None:
        self.clear()
        self._places, self._ways = [], []
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        index, last = self._first, self._first + MOST_SHOWN
        if not review.changes and not review.revision.original:
            cursor.insertText(_held(review.candidate.text), looks["same"])
        if index:
            words = ngettext("{count} change before this", "{count} changes before this", index)
            self._write_way(cursor, words, index, max(0, index - MOST_SHOWN), looks["kept"])
            cursor.insertText("\n")
        for piece in review.revision.pieces(index, last):
            if isinstance(piece, Change):
                start = cursor.position()
                self._write_change(cursor, piece, review, index, looks)
                self._places.append(_Place(start, cursor.position(), index))
                index += 1
            else:
                cursor.insertText(_held(_shortened(piece)), looks["same"])
        if left := max(0, review.changes - last):
            words = ngettext("{count} more change", "{count} more changes", left)
            cursor.insertText("\n")
            self._write_way(cursor, words, left, last, looks["kept"])
        self._set_apart()
        cursor.endEditBlock()

    def _write_way(
        self, cursor: QTextCursor, words: str, count: int, to: int, look: QTextCharFormat
    ) -> None:
        """A line to click at, for the changes that are not shown."""
        start = cursor.position()
        cursor.insertText(f"[… {words.format(count=number(count))}]", look)
        self._ways.append(_Place(start, cursor.position(), to))

    def _set_apart(self) -> None:
        """Struck and underlined lines need air between them."""
        airy = QTextBlockFormat()
        airy.setLineHeight(_LINE, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        whole = QTextCursor(self.document())
        whole.select(QTextCursor.SelectionType.Document)
        whole.mergeBlockFormat(airy)

    def _write_change(
        self,
        cursor: QTextCursor,
        change: Change,
        review: Review,
        index: int,
        looks: dict[str, QTextCharFormat],
    ) -> None:
        """Both words of an open change, of a decided one only what would stand there."""
        decided = review.decided.get(index)
        here = "_here" if index == review.current else ""
        if decided is not True:
            look = "gone" if decided is None else "kept"
            cursor.insertText(_visible(change.removed), looks[look + here])
        if decided is not False:
            look = "new" if decided is None else "taken"
            cursor.insertText(_visible(change.inserted), looks[look + here])
        if decided is not None and not (change.inserted if decided else change.removed):
            cursor.insertText("·", looks["kept" + here])  # something to click at

    def _at(self, spot: QPoint, places: Sequence[_Place]) -> int | None:
        position = self.cursorForPosition(spot).position()
        found = (each for each in places if each.start <= position <= each.end)
        return next((each.index for each in found), None)

    def _go_to(self, first: int) -> None:
        """Show the stretch that begins with this change."""
        self._first = first
        self._show_again()
        self.verticalScrollBar().setValue(0)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on a change takes it, or turns it down, or leaves it open again."""
        super().mouseReleaseEvent(event)
        if event.button() != Qt.MouseButton.LeftButton or self.textCursor().hasSelection():
            return
        spot = event.position().toPoint()
        if (index := self._at(spot, self._places)) is not None:
            self.toggled.emit(index, True)
        elif (first := self._at(spot, self._ways)) is not None:
            self._go_to(first)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be said of a change."""
        index = self._at(event.pos(), self._places)
        if index is None:
            super().contextMenuEvent(event)
            return
        menu = QMenu(self)
        menu.addAction(_("Accept this change"), lambda: self.toggled.emit(index, True))
        menu.addAction(_("Reject this change"), lambda: self.toggled.emit(index, False))
        menu.exec(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Backspace judge a change; left and right go to another candidate."""
        plain = event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        )
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if plain:
                self.judged.emit(True)
            case Qt.Key.Key_Backspace | Qt.Key.Key_Delete if plain:
                self.judged.emit(False)
            case Qt.Key.Key_Right if plain:
                self.stepped.emit(1)
            case Qt.Key.Key_Left if plain:
                self.stepped.emit(-1)
            case Qt.Key.Key_Escape:
                self.left.emit()
            case _:
                super().keyPressEvent(event)


def _looks(colours: PageColours) -> dict[str, QTextCharFormat]:
    """How each kind of text looks, and how the change looked at does."""
    made: dict[str, QTextCharFormat] = {}
    for name, colour, behind, line in (
        ("same", colours.text, "", ""),
        ("gone", colours.problem, blend(colours.problem, colours.paper, 0.14), "through"),
        ("new", colours.accent, colours.fresh, "under"),
        ("taken", colours.accent, colours.fresh, ""),
        ("kept", colours.dim, "", ""),
    ):
        for here in ("", "_here"):
            look = QTextCharFormat()
            look.setForeground(QColor(colour))
            behind_now = colours.found if here else behind
            if behind_now:
                look.setBackground(QColor(behind_now))
            look.setFontStrikeOut(line == "through")
            look.setFontUnderline(line == "under")
            made[name + here] = look
    return made


def _stretch(review: Review, first: int) -> int:
    """The change that the stretch shown begins with; as before (``first``) where that shows the one looked at."""
    latest = max(0, review.changes - MOST_SHOWN)
    if not review.is_complete:
        return latest
    if review.current is None or first <= review.current < first + MOST_SHOWN:
        return first
    return min(latest, max(0, review.current - MOST_SHOWN // 2))


def _said(review: Review) -> str:
    """The change looked at, in words."""
    if review.current is None or review.current >= review.changes:
        return ""
    change = review.revision.changes[review.current]
    if not change.removed:
        what = _("“{inserted}” comes in")
    elif not change.inserted:
        what = _("“{removed}” goes")
    else:
        what = _("“{removed}” becomes “{inserted}”")
    told = _("Change {number} of {count}: {what}").format(
        number=number(review.current + 1),
        count=number(review.changes),
        what=what.format(removed=_visible(change.removed), inserted=_visible(change.inserted)),
    )
    decided = review.decided.get(review.current)
    if decided is None:
        return told
    return told + " · " + (_("accepted") if decided else _("rejected"))


def _shortened(text: str, end: int = _END) -> str:
    if len(text) <= 2 * end + len(_GAP):
        return text
    head, tail = text[:end].rpartition(" ")[0] or text[:end], text[-end:]
    return head + _GAP + (tail.partition(" ")[2] or tail)


def _visible(text: str) -> str:
    """A change of white space alone has to be seen too."""
    if text and not text.strip():
        return text.replace(" ", "␣").replace("\u3000", "□").replace("\n", "¶\n")
    return _held(_shortened(text, _END_OF_CHANGE))


def _held(text: str) -> str:
    """Qt takes some characters for its own."""
    return text.replace("\u2029", "\n").replace("\ufdd0", "").replace("\ufdd1", "")
