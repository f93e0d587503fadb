"""The tree of an outline: titles and what happens, read and edited in place, with the mouse or the keyboard alone."""

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QKeySequence, QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QMenu,
    QPlainTextEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from writer_app.craft.outlining import LOGLINE, SYNOPSIS
from writer_app.errors import N_
from writer_app.language import _
from writer_app.story.outline import Node, Outline
from writer_app.ui.session.outlining import Outliner

_ID, _TITLE, _SUMMARY, _MARK = (Qt.ItemDataRole.UserRole + number for number in range(1, 5))
#: Pixels around the words of a row, between its two parts, and of the step to the next level.
_PAD, _GAP, _STEP = 6, 2, 14
#: The least height of an editor, in lines.
_LINES = 4
_STEPS = {LOGLINE: N_("In one sentence"), SYNOPSIS: N_("In short")}


class Deed(NamedTuple):
    """Something that can be done to a place of the outline.

    Attributes:
        text: English, to be translated.
        run: Does it.
        possible: Whether it can be done; steps before the tree are no nodes.
        key: That does it too, while the tree has the keyboard.
    """

    text: str
    run: Callable[[Outliner, str], object]
    possible: Callable[[Outliner, str], bool]
    key: str = ""


def _node(outliner: Outliner, place: str) -> bool:
    return place in outliner.outline


def _open(outliner: Outliner, place: str) -> bool:
    locked = _node(outliner, place) and outliner.outline[place].locked
    return bool(place) and not locked and not outliner.is_running


DEEDS: tuple[Deed, ...] = (
    Deed(N_("Again"), Outliner.write_again, _open, "Ctrl+Shift+R"),
    Deed(N_("Versions"), Outliner.write_choices, _open, "Ctrl+Shift+Return"),
    Deed(N_("Accept"), Outliner.accept, _node, "Ctrl+Alt+Return"),
    Deed(N_("Lock"), Outliner.lock, _node, "Ctrl+L"),
    Deed(N_("Draft"), Outliner.draft, Outliner.can_draft, "Ctrl+Shift+D"),
    Deed(N_("Move up"), lambda o, place: o.shift(place, -1), _node, "Alt+Up"),
    Deed(N_("Move down"), lambda o, place: o.shift(place, 1), _node, "Alt+Down"),
    Deed(N_("Delete"), Outliner.delete, _node, "Del"),
)


class OutlineTree(QTreeWidget):
    """Shows the outline and what is coming, and asks the outliner for what is done to it."""

    def __init__(self, outliner: Outliner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._outliner = outliner
        self._rows: dict[str, QTreeWidgetItem] = {}
        self._shape: object = None
        self.setAccessibleName(_("Outline"))
        self.setColumnCount(1)
        self.setHeaderHidden(True)
        self.setIndentation(_STEP)
        self.setWordWrap(True)
        self.setItemDelegate(_Row(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.DoubleClicked
        )
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._menu)

    @property
    def place(self) -> str:
        """The row that is chosen: the id of a node, a step before the tree, or nothing."""
        item = self.currentItem()
        return str(item.data(0, _ID)) if item else ""

    def choose(self, place: str) -> None:
        """Choose a row."""
        if place in self._rows:
            self.setCurrentItem(self._rows[place])

    def edit_place(self) -> None:
        """Let her change the words of the row that is chosen."""
        if item := self.currentItem():
            self.editItem(item)

    def refresh(self) -> None:
        """Show the outline as it is now, with what is coming in its place."""
        outline, live = self._outliner.outline, self._outliner.live
        shape = _shape(outline)
        if shape != self._shape:
            self._shape = shape
            self._build(outline)
        words = {LOGLINE: ("", outline.logline), SYNOPSIS: ("", outline.synopsis)}
        words |= {each.id: (each.title, each.summary) for each in outline.walk()}
        for place, row in self._rows.items():
            title, summary = words.get(place, ("", ""))
            if live and live[0] == place:
                title, summary = live[1].title or title, live[1].summary
            if place in _STEPS:
                title = _(_STEPS[place])
            self._show(row, place, title, summary)

    def open_menu(self) -> QMenu:
        """The menu of the row that is chosen."""
        menu = QMenu(self)
        place = self.place
        edit = menu.addAction(_("Edit"))
        edit.setShortcut(QKeySequence("F2"))
        edit.setEnabled(bool(place))
        edit.triggered.connect(self.edit_place)
        for deed in DEEDS:
            action = menu.addAction(_(deed.text))
            action.setShortcut(QKeySequence(deed.key))
            action.setEnabled(deed.possible(self._outliner, place))
            action.triggered.connect(
                lambda _checked, deed=deed: deed.run(self._outliner, self.place)
            )
        return menu

    def event(self, event: QEvent) -> bool:
        """Its own keys go before those of the window's commands."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            is_undo = event.matches(QKeySequence.StandardKey.Undo)
            if is_undo or event.matches(QKeySequence.StandardKey.Redo) or self._deed(event):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys of the menu, and undo in the tree."""
        deed = self._deed(event)
        if event.matches(QKeySequence.StandardKey.Undo):
            self._outliner.book.undo()
        elif event.matches(QKeySequence.StandardKey.Redo):
            self._outliner.book.redo()
        elif deed is not None:
            if deed.possible(self._outliner, self.place):
                deed.run(self._outliner, self.place)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.edit_place()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: object) -> None:
        """Words break elsewhere, so rows get another height."""
        super().resizeEvent(event)  # type: ignore[arg-type]  # Qt's own event, handed on
        self.scheduleDelayedItemsLayout()

    def keep(self, place: str, words: str) -> None:
        """Put what she has typed in a place: its title is the first line, unless it is a step before the tree."""
        if place in _STEPS:
            self._outliner.edit(place, "", words)
        else:
            title, _line, summary = words.strip().partition("\n")
            self._outliner.edit(place, title, summary)

    # -- inside ---------------------------------------------------------------------------------

    def _deed(self, event: QKeyEvent) -> Deed | None:
        pressed = QKeySequence(event.keyCombination())
        return next(
            (deed for deed in DEEDS if deed.key and QKeySequence(deed.key) == pressed), None
        )

    def _menu(self, at: QPoint) -> None:
        menu = self.open_menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.viewport().mapToGlobal(at))

    def _build(self, outline: Outline) -> None:
        """Rows anew; the chosen one stays chosen, or its neighbour, and what was closed stays closed."""
        chosen = self.place
        closed = {place for place, row in self._rows.items() if not row.isExpanded()}
        known = set(self._rows)
        scrolled = self.verticalScrollBar().value()
        self.clear()
        self._rows = {}
        for place, words in ((LOGLINE, outline.logline), (SYNOPSIS, outline.synopsis)):
            if words or self._outliner.place == place:
                self._add(None, place)
        for node in outline.nodes:
            self._add_node(None, node)
        for place, row in self._rows.items():
            row.setExpanded(place not in closed or place not in known)
        self.choose(chosen)
        self.verticalScrollBar().setValue(scrolled)

    def _add(self, above: QTreeWidgetItem | None, place: str) -> QTreeWidgetItem:
        row = QTreeWidgetItem()
        row.setData(0, _ID, place)
        row.setFlags(row.flags() | Qt.ItemFlag.ItemIsEditable)
        if above is None:
            self.addTopLevelItem(row)
        else:
            above.addChild(row)
        self._rows[place] = row
        return row

    def _add_node(self, above: QTreeWidgetItem | None, node: Node) -> None:
        row = self._add(above, node.id)
        for child in node.children:
            self._add_node(row, child)

    def _show(self, row: QTreeWidgetItem, place: str, title: str, summary: str) -> None:
        outline = self._outliner.outline
        node = outline.get(place)
        locked, accepted = bool(node and node.locked), bool(node and node.accepted)
        is_written = self._outliner.place == place
        mark = "…" if is_written else "✓" if accepted else ""
        mark = f"{_('locked')} {mark}".rstrip() if locked else mark
        shown = (title, summary, mark)
        if shown == (row.data(0, _TITLE), row.data(0, _SUMMARY), row.data(0, _MARK)):
            return
        states = (
            [_("locked")] * locked + [_("accepted")] * accepted + [_("being written")] * is_written
        )
        row.setData(0, Qt.ItemDataRole.AccessibleTextRole, f"{title}. {summary}")
        row.setData(0, Qt.ItemDataRole.AccessibleDescriptionRole, ", ".join(states))
        for role, value in zip((_TITLE, _SUMMARY, _MARK), shown, strict=True):
            row.setData(0, role, value)
        self.scheduleDelayedItemsLayout()


class _Row(QStyledItemDelegate):
    """A title in bold, what happens under it, and an editor for both."""

    def __init__(self, tree: OutlineTree) -> None:
        super().__init__(tree)
        self._tree = tree

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """As high as the words need at this width."""
        width = self._width(index)
        title, summary = self._rects(QRect(0, 0, width, 10_000), option.font, index)
        bottom = summary.bottom() if index.data(_SUMMARY) else title.bottom()
        return QSize(width, bottom + _PAD)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw both parts over the row's background."""
        self.initStyleOption(option, index)
        style = option.widget.style()
        style.drawPrimitive(
            QStyle.PrimitiveElement.PE_PanelItemViewItem, option, painter, option.widget
        )
        title, summary = self._rects(option.rect, option.font, index)
        painter.save()
        painter.setPen(option.palette.color(QPalette.ColorRole.Text))
        painter.setFont(_bold(option.font))
        painter.drawText(title, _WRAP, index.data(_TITLE) or "…")
        painter.setFont(option.font)
        painter.setPen(option.palette.color(QPalette.ColorRole.PlaceholderText))
        mark = str(index.data(_MARK) or "")
        painter.drawText(title, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, mark)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(option.palette.color(QPalette.ColorRole.Text))
        painter.drawText(summary, _WRAP, index.data(_SUMMARY) or "")
        painter.restore()

    def createEditor(
        self,
        parent: QWidget,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> QWidget:
        """Title on the first line, what happens under it."""
        editor = QPlainTextEdit(parent)
        editor.setAccessibleName(_("Title on the first line, what happens below"))
        editor.setTabChangesFocus(True)
        editor.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        return editor

    def setEditorData(self, editor: QWidget, index: QModelIndex | QPersistentModelIndex) -> None:
        """Fill the editor once: what arrives meanwhile must not take her words away."""
        assert isinstance(editor, QPlainTextEdit)
        if editor.property("filled"):
            return
        editor.setProperty("filled", True)
        summary = str(index.data(_SUMMARY) or "")
        is_step = index.data(_ID) in _STEPS
        editor.setPlainText(summary if is_step else f"{index.data(_TITLE) or ''}\n{summary}")
        editor.selectAll()

    def setModelData(
        self, editor: QWidget, _model: object, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Hand her words over."""
        assert isinstance(editor, QPlainTextEdit)
        self._tree.keep(str(index.data(_ID)), editor.toPlainText())

    def updateEditorGeometry(
        self,
        editor: QWidget,
        option: QStyleOptionViewItem,
        _index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Over the row, with room for a few lines."""
        rect = QRect(option.rect)
        lines = option.fontMetrics.lineSpacing() * _LINES + 2 * _PAD
        rect.setHeight(max(rect.height(), lines))
        bottom = self._tree.viewport().height()
        if rect.bottom() > bottom:
            rect.moveBottom(bottom)
        editor.setGeometry(rect)

    def eventFilter(self, editor: object, event: QEvent) -> bool:
        """Ctrl+Return takes the words over; Esc and leaving are Qt's."""
        if (
            isinstance(editor, QPlainTextEdit)
            and isinstance(event, QKeyEvent)
            and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        ):
            if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                return False  # a line more
            if event.type() == QEvent.Type.KeyPress:
                self.commitData.emit(editor)
                self.closeEditor.emit(editor)
            event.accept()  # before the window takes it for a command of its own
            return True
        return super().eventFilter(editor, event)  # type: ignore[arg-type]  # Qt's own object

    # -- inside ---------------------------------------------------------------------------------

    def _width(self, index: QModelIndex | QPersistentModelIndex) -> int:
        depth, above = 1, index.parent()
        while above.isValid():
            depth, above = depth + 1, above.parent()
        return max(80, self._tree.viewport().width() - depth * _STEP)

    def _rects(
        self, rect: QRect, font: QFont, index: QModelIndex | QPersistentModelIndex
    ) -> tuple[QRect, QRect]:
        inside = rect.adjusted(_PAD, _PAD, -_PAD, 0)
        bold = QFontMetrics(_bold(font))
        room = inside.width() - bold.horizontalAdvance(str(index.data(_MARK) or "")) - _PAD
        height = bold.boundingRect(
            QRect(0, 0, room, 10_000), _WRAP, str(index.data(_TITLE) or "…")
        ).height()
        title = QRect(inside.left(), inside.top(), inside.width(), height)
        top = title.bottom() + 1 + _GAP
        height = (
            QFontMetrics(font)
            .boundingRect(
                QRect(0, 0, inside.width(), 10_000), _WRAP, str(index.data(_SUMMARY) or "")
            )
            .height()
        )
        return title, QRect(inside.left(), top, inside.width(), height)


_WRAP = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)


def _bold(font: QFont) -> QFont:
    made = QFont(font)
    made.setBold(True)
    return made


def _shape(outline: Outline) -> object:
    """What must differ for other rows to be needed."""

    def rows(nodes: tuple[Node, ...]) -> tuple[object, ...]:
        return tuple((each.id, rows(each.children)) for each in nodes)

    return bool(outline.logline), bool(outline.synopsis), rows(outline.nodes)
