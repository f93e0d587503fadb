"""The tree of a project: to read, to go to, to put in order, with the mouse or with the keyboard alone."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QIcon, QKeyEvent, QKeySequence, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from writer_app.errors import N_
from writer_app.language import _
from writer_app.story.project import Label
from writer_app.story.tree import Item, Kind, Section
from writer_app.ui.panels.project_model import ProjectModel, Role, Shown
from writer_app.ui.session.binder import Binder

#: Pixels at the right edge, and between what is drawn there.
_EDGE, _GAP, _DOT, _BAR = 6, 8, 7, 40
_ROW = 26
_STRIPE = 3


class Deed(NamedTuple):
    """An entry of the menu of the tree.

    Attributes:
        text: English, to be translated; empty for a line between groups.
        run: Does it to the chosen items.
        possible: Whether it can be done to them.
        key: That does it too, while the tree has the keyboard.
    """

    text: str
    run: Callable[[Binder, list[Item]], object] = lambda _binder, _items: None
    possible: Callable[[list[Item]], bool] = bool
    key: str = ""


def _one(items: list[Item]) -> bool:
    return len(items) == 1


def _one_text(items: list[Item]) -> bool:
    return len(items) == 1 and bool(items[0].file)


def _several(items: list[Item]) -> bool:
    return len(items) > 1


def _book(items: list[Item]) -> bool:
    return bool(items) and all(item.section in (Section.FRONT, Section.TEXT) for item in items)


def _put_away(items: list[Item]) -> bool:
    return bool(items) and all(item.section in (Section.ARCHIVE, Section.TRASH) for item in items)


def _add(kind: Kind) -> Callable[[Binder, list[Item]], object]:
    return lambda binder, items: binder.add(kind, "", items[-1].id if items else binder.current)


def _to(section: Section) -> Callable[[Binder, list[Item]], object]:
    return lambda binder, items: binder.put_away([item.id for item in items], section)


def _in_trash(items: list[Item]) -> bool:
    return bool(items) and all(item.section is Section.TRASH for item in items)


def _shift(by: int) -> Callable[[Binder, list[Item]], object]:
    return lambda binder, items: binder.shift(items[0].id, by)


def _toggle_number(binder: Binder, items: list[Item]) -> None:
    for item in items:
        binder.change(item.id, numbered=not items[0].numbered)


def _any(_items: list[Item]) -> bool:
    return True


DEEDS: tuple[Deed, ...] = (
    Deed(
        N_("Show together"), lambda binder, items: binder.go(*(item.id for item in items)), _several
    ),
    Deed(
        N_("Show beside the page"), lambda binder, items: binder.put_beside(items[0].id), _one_text
    ),
    Deed(""),
    Deed(
        N_("Draft from the card"),
        lambda binder, items: binder.draft_wanted.emit(items[0].id),
        lambda items: _one(items) and _book(items) and bool(items[0].file),
    ),
    Deed(""),
    Deed(N_("New scene"), _add(Kind.SCENE), _any),
    Deed(N_("New chapter"), _add(Kind.CHAPTER), _any),
    Deed(N_("New volume"), _add(Kind.VOLUME), _any),
    Deed(N_("New note"), _add(Kind.NOTE), _any),
    Deed(""),
    Deed(N_("Move up"), _shift(-1), _one, "Alt+Up"),
    Deed(N_("Move down"), _shift(1), _one, "Alt+Down"),
    Deed(N_("With a number, or without"), _toggle_number, _book),
    Deed(""),
    Deed(
        N_("Merge with the next text"),
        lambda binder, items: binder.merge_wanted.emit(items[0].id),
        lambda items: _one_text(items) and _book(items),
    ),
    Deed(
        N_("Back into the manuscript"),
        lambda binder, items: binder.put_back([item.id for item in items]),
        _put_away,
    ),
    Deed(N_("Into the archive"), _to(Section.ARCHIVE), _book),
    Deed(
        N_("Into the trash"),
        _to(Section.TRASH),
        lambda items: bool(items) and all(item.section is not Section.TRASH for item in items),
        "Del",
    ),
    Deed(
        N_("Delete for ever…"),
        lambda binder, items: binder.delete_wanted.emit([item.id for item in items]),
        _in_trash,
    ),
)


class ProjectTree(QTreeView):
    """Shows the binder's project and asks the binder for what is done to it."""

    def __init__(self, binder: Binder, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._binder = binder
        self._closed: set[str] = set()
        self._project: object = None
        self.rows = ProjectModel(
            binder.move, lambda item, title: binder.change(item, title=title), self
        )
        self.setModel(self.rows)
        self.setItemDelegate(_Row(self))
        self.setAccessibleName(_("Project"))
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        self.setIndentation(14)
        self.setRootIsDecorated(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._menu)
        self.clicked.connect(self._on_click)
        self.activated.connect(self._go)
        self.collapsed.connect(lambda index: self._closed.add(self._key(index)))
        self.expanded.connect(lambda index: self._closed.discard(self._key(index)))

    def show_project(self, shown: Shown) -> None:
        """Show another tree, as much of it open and chosen as before."""
        chosen = [item.id for item in self.chosen() if item.id in shown.tree]
        current = self._key(self.currentIndex())
        if self._binder.project is not self._project:
            self._project, self._closed = self._binder.project, set()
        scrolled = self.verticalScrollBar().value()
        closed = set(self._closed)
        is_new = shown.tree != self.rows.shown.tree
        self.rows.show(shown)
        if not is_new:
            return
        self.expandAll()
        for key in closed:
            self.collapse(self.rows.index_of(key))
        selection, flag = self.selectionModel(), QItemSelectionModel.SelectionFlag
        for each in chosen:
            selection.select(self.rows.index_of(each), flag.Select)
        index = self.rows.index_of(current)
        if chosen and self._is_open(index):  # Qt opens whatever is around the current one
            selection.setCurrentIndex(index, flag.NoUpdate)
        elif not chosen:
            self.mark(self._binder.current)
        self.verticalScrollBar().setValue(scrolled)

    def mark(self, item: str) -> None:
        """Show which text is on the page; what she has closed stays closed."""
        index = self.rows.index_of(item)
        if index.isValid() and not self.hasFocus() and self._is_open(index):
            # Whatever keys are held down just now.
            flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
            self.selectionModel().setCurrentIndex(index, flag)
        self.viewport().update()

    def chosen(self) -> list[Item]:
        """The items that are selected, in the order of the tree."""
        found = {item.id: item for item in map(self.rows.item, self.selectedIndexes()) if item}
        return [item for item in self.rows.shown.tree if item.id in found]

    def open_menu(self) -> QMenu:
        """The menu of what is chosen."""
        menu = QMenu(self)
        items = self.chosen()
        for deed in DEEDS:
            if not deed.text:
                menu.addSeparator()
                continue
            action = menu.addAction(_(deed.text))
            action.setEnabled(deed.possible(items))
            action.setShortcut(QKeySequence(deed.key))
            action.triggered.connect(lambda _checked, deed=deed: deed.run(self._binder, items))
        rename = menu.addAction(_("Rename"))
        rename.setShortcut(QKeySequence("F2"))
        rename.setEnabled(len(items) == 1)
        rename.triggered.connect(lambda: self.edit(self.currentIndex()))
        self._add_marks(menu, items)
        return menu

    def event(self, event: QEvent) -> bool:
        """Keys that mean something here are not those of the page: Ctrl+Z takes back what was done to the tree."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and self._is_own(event)
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys of the menu, and undo in the tree."""
        if event.matches(QKeySequence.StandardKey.Undo) and self._binder.project:
            self._binder.project.undo()
        elif event.matches(QKeySequence.StandardKey.Redo) and self._binder.project:
            self._binder.project.redo()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._binder.go(*(item.id for item in self.chosen()))
        elif not self._do_by_key(event):
            super().keyPressEvent(event)

    # -- inside ---------------------------------------------------------------------------------

    def _is_own(self, event: QKeyEvent) -> bool:
        pressed = QKeySequence(event.keyCombination())
        return (
            event.matches(QKeySequence.StandardKey.Undo)
            or event.matches(QKeySequence.StandardKey.Redo)
            or any(deed.key and QKeySequence(deed.key) == pressed for deed in DEEDS)
        )

    def _do_by_key(self, event: QKeyEvent) -> bool:
        pressed = QKeySequence(event.keyCombination())
        items = self.chosen()
        for deed in DEEDS:
            if deed.key and QKeySequence(deed.key) == pressed and deed.possible(items):
                deed.run(self._binder, items)
                return True
        return False

    def _menu(self, at: QPoint) -> None:
        menu = self.open_menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.viewport().mapToGlobal(at))

    def _add_marks(self, menu: QMenu, items: list[Item]) -> None:
        if self._binder.project is None:
            return
        facts = self._binder.project.facts
        kinds = ((_("State"), "status", facts.states), (_("Label"), "label", facts.labels))
        for title, field, marks in kinds:
            if marks:
                inner = menu.addMenu(title)
                inner.setEnabled(bool(items))
                self._add_kind(inner, items, field, marks)

    def _add_kind(self, menu: QMenu, items: list[Item], field: str, marks: Sequence[Label]) -> None:
        ids, ratio = [item.id for item in items], self.devicePixelRatioF()
        for mark in (None, *marks):
            action = menu.addAction(mark.title if mark else _("None"))
            if mark:
                action.setIcon(_dot(mark.colour, ratio))
            action.setCheckable(True)
            name = mark.id if mark else ""
            action.setChecked(bool(items) and all(getattr(item, field) == name for item in items))
            action.triggered.connect(
                lambda _checked, name=name: self._binder.change(*ids, **{field: name})
            )

    def _on_click(self, index: QModelIndex) -> None:
        # With Ctrl or Shift she chooses several, and stays where she is.
        if len(self.selectedIndexes()) == 1:
            self._go(index)

    def _go(self, index: QModelIndex) -> None:
        if item := self.rows.item(index):
            self._binder.go(item.id)

    def _is_open(self, index: QModelIndex) -> bool:
        """Whether nothing around it is closed."""
        above = index.parent()
        return not above.isValid() or (self.isExpanded(above) and self._is_open(above))

    def _key(self, index: QModelIndex) -> str:
        item = self.rows.item(index)
        return item.id if item else f"/{self.rows.section(index).value}"

    @property
    def on_page(self) -> tuple[str, ...]:
        """The items whose texts are on the page."""
        return (self._binder.current, *self._binder.together)


class _Row(QStyledItemDelegate):
    """A title, and at the right edge how long it is, how much of its target, and the colour of its state."""

    def __init__(self, tree: ProjectTree) -> None:
        super().__init__(tree)
        self._tree = tree

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Room around the words."""
        size = super().sizeHint(option, index)
        return QSize(size.width(), max(_ROW, size.height() + 6))

    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Sections are quiet, the text on the page stands out."""
        super().initStyleOption(option, index)
        key = index.data(Role.ID)
        if not key:
            option.palette.setColor(
                QPalette.ColorRole.Text, option.palette.color(QPalette.ColorRole.PlaceholderText)
            )
        option.font.setBold(not key or key in self._tree.on_page)
        colour = index.data(Role.COLOUR)
        if (
            colour is not None
        ):  # an item without a state keeps the room for one, so that titles stand in line
            option.features |= QStyleOptionViewItem.ViewItemFeature.HasDecoration
            option.icon = _dot(str(colour), option.widget.devicePixelRatioF())
            option.decorationSize = QSize(_DOT + 2, _DOT + 2)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw the row as Qt does, shortened by what stands at its end."""
        count, share = str(index.data(Role.COUNT) or ""), index.data(Role.SHARE)
        whole = QRect(option.rect)
        width = option.fontMetrics.horizontalAdvance(count)
        style = option.widget.style()
        # The background under all of it first.
        style.drawPrimitive(
            QStyle.PrimitiveElement.PE_PanelItemViewItem, option, painter, option.widget
        )
        option.rect = whole.adjusted(0, 0, -(width + _EDGE + _GAP) if count else 0, 0)
        super().paint(painter, option, index)
        painter.save()
        if stripe := str(index.data(Role.STRIPE) or ""):
            painter.fillRect(
                whole.left(), whole.top() + 3, _STRIPE, whole.height() - 6, QColor(stripe)
            )
        painter.setPen(option.palette.color(QPalette.ColorRole.PlaceholderText))
        right = whole.right() - _EDGE
        painter.drawText(
            QRect(right - width, whole.top(), width, whole.height()),
            Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight,
            count,
        )
        if isinstance(share, float) and share >= 0:
            bar = QRect(right - _BAR, whole.bottom() - 4, _BAR, 2)
            painter.fillRect(bar, option.palette.color(QPalette.ColorRole.Mid))
            bar.setLeft(bar.right() + 1 - round(_BAR * share))
            bar.moveLeft(right - _BAR)
            painter.fillRect(bar, option.palette.color(QPalette.ColorRole.Accent))
        painter.restore()


@cache
def _dot(colour: str, ratio: float) -> QIcon:
    """A disc of this colour."""
    size = _DOT + 2
    picture = QPixmap(QSize(size, size) * ratio)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour) if colour else Qt.BrushStyle.NoBrush)
    painter.drawEllipse(1, 1, _DOT, _DOT)
    painter.end()
    return QIcon(picture)
