"""The chain of samplers as a list: what is drawn with, in which order, and what of it is at work."""

from functools import partial

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QDropEvent, QKeyEvent, QPalette
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem, QWidget

from writer_app.craft.samplers import (
    SAMPLERS,
    USUAL_ORDER,
    Field,
    Overrides,
    Sampler,
    acting,
)
from writer_app.engine.protocol import Sampling
from writer_app.language import _

_NAME = Qt.ItemDataRole.UserRole
_BESIDE = tuple(each.name for each in SAMPLERS if each.name not in USUAL_ORDER)
_BY_NAME = {each.name: each for each in SAMPLERS}


class ChainList(QListWidget):
    """Every sampler with its value. Lines are moved by dragging, or by Alt+Up and Alt+Down.

    Signals:
        reordered: Names of the chain in their new order.
        picked: Name of the sampler that is shown in full.
    """

    reordered = Signal(tuple)
    picked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Samplers in their order"))
        self.setAccessibleDescription(_("Alt+Up and Alt+Down move a sampler."))
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setProperty("role", "chain")
        self._shown: tuple[Sampling, Overrides] = Sampling(), Overrides()
        self._rows(USUAL_ORDER)
        self.setCurrentRow(0)
        self.currentItemChanged.connect(self._pick)

    @property
    def order(self) -> tuple[str, ...]:
        """Names of the chain as the lines stand now."""
        return tuple(name for name in self._names() if name not in _BESIDE)

    @property
    def current(self) -> str:
        """Name of the sampler shown in full."""
        item = self.currentItem()
        return str(item.data(_NAME)) if item else USUAL_ORDER[0]

    def show_chain(self, preset: Sampling, overrides: Overrides) -> None:
        """Show what is drawn with, of the preset and of hers."""
        self._shown = preset, overrides
        sampling = overrides.applied_to(preset)
        known = [each for each in sampling.order if each in USUAL_ORDER]
        order = (*known, *(each for each in USUAL_ORDER if each not in known))
        self.blockSignals(True)
        if self._names() != [*order, *_BESIDE]:
            self._rows(order)
        self._dress(sampling, set(overrides.differing(preset)))
        self.blockSignals(False)

    def move_current(self, by: int) -> None:
        """Move the chosen sampler by so many places."""
        order, name = list(self.order), self.current
        if name in order and 0 <= order.index(name) + by < len(order):
            place = order.index(name)
            order.insert(place + by, order.pop(place))
            self.reordered.emit(tuple(order))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt with an arrow moves the sampler, not the choice."""
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if event.modifiers() & Qt.KeyboardModifier.AltModifier and event.key() in steps:
            self.move_current(steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """A line was dragged to its new place."""
        row = self.indexAt(event.position().toPoint()).row()
        if row < 0:
            row = self.count()
        elif self.dropIndicatorPosition() == self.DropIndicatorPosition.BelowItem:
            row += 1
        # The lines follow what holds; the list must move none by itself, nor take away the one dragged.
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        QTimer.singleShot(0, self, partial(self.move_to, self.current, row))

    def move_to(self, name: str, row: int) -> None:
        """Move a sampler before the line that is ``row`` now; behind the last of the chain it is the last."""
        order = list(self.order)
        if name not in order:
            return
        place = order.index(name)
        order.insert(row - 1 if row > place else row, order.pop(place))
        self.reordered.emit(tuple(order))

    def changeEvent(self, event: QEvent) -> None:
        """Another theme dims by another colour."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self.count():
            self.show_chain(*self._shown)

    def sizeHint(self) -> QSize:
        """As high as its lines: the panel scrolls, not the list."""
        height = sum(self.sizeHintForRow(row) for row in range(self.count()))
        return QSize(super().sizeHint().width(), height + 2 * self.frameWidth() + 2)

    def minimumSizeHint(self) -> QSize:
        """No lower either."""
        return QSize(1, self.sizeHint().height())

    def _names(self) -> list[str]:
        return [self.item(row).data(_NAME) for row in range(self.count())]

    def _rows(self, order: tuple[str, ...]) -> None:
        chosen = self.current
        self.clear()
        for name in (*order, *_BESIDE):
            item = QListWidgetItem()
            item.setData(_NAME, name)
            flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
            item.setFlags(flags if name in _BESIDE else flags | Qt.ItemFlag.ItemIsDragEnabled)
            self.addItem(item)
            if name == chosen:
                self.setCurrentItem(item)

    def _dress(self, sampling: Sampling, hers: set[str]) -> None:
        working = acting(sampling)
        for row in range(self.count()):
            item = self.item(row)
            sampler = _BY_NAME[item.data(_NAME)]
            is_on = sampler.name in working
            item.setText(f"{_(sampler.title)}  ·  {summary(sampler, sampling, is_on=is_on)}")
            item.setToolTip(_(sampler.hint))
            role = QPalette.ColorRole.Text if is_on else QPalette.ColorRole.PlaceholderText
            item.setForeground(self.palette().brush(role))
            font = self.font()
            font.setBold(any(field.name in hers for field in sampler.fields))
            item.setFont(font)

    def _pick(self) -> None:
        self.picked.emit(self.current)


def summary(sampler: Sampler, sampling: Sampling, *, is_on: bool) -> str:
    """What the sampler is set to, in a word."""
    if not is_on and sampler.name != "temperature":
        return _("off")
    if sampler.name == "bias":
        return str(len(sampling.logit_bias))
    return " / ".join(
        _number(field, getattr(sampling, field.name))
        for field in sampler.fields
        if field.works(sampling) or len(sampler.fields) == 1
    )


def _number(field: Field, value: float) -> str:
    return f"{value:.{field.decimals}f}".rstrip("0").rstrip(".") if field.decimals else str(value)
