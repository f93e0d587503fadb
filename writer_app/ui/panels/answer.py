"""What to do with the text that came: accept, retry, remove, choose among its versions."""

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from writer_app.language import _
from writer_app.ui.editor.plain import tip
from writer_app.ui.panels.widgets import button, label
from writer_app.ui.session.session import Session
from writer_app.ui.session.state import Glimpse, State

#: Versions seen at once; more of them scroll.
_ROWS = 6


class AnswerPanel(QWidget):
    """The buttons for fresh text, and the versions of the place: of fresh text, or of accepted text at the caret."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.accept = button(
            _("Accept"),
            session.accept,
            hint=_("Tab, or the next Ctrl+Return"),
        )
        self.retry = button(_("Retry"), session.retry, hint="Ctrl+R")
        self.remove = button(_("Remove"), session.remove, hint=_("Ctrl+Z takes it back too"))
        self._choices = QWidget()
        choices = QGridLayout(self._choices)
        choices.setContentsMargins(0, 0, 0, 0)
        choices.setSpacing(6)
        for column, each in enumerate((self.accept, self.retry, self.remove)):
            choices.addWidget(each, 0, column)
            choices.setColumnStretch(column, 1)
        self.again = button(
            _("Write this again exactly"),
            session.write_again,
            "quiet",
            _(
                "From the very request and seed that it was written from; the same model writes the same"
            ),
        )
        self.kept = label(_("What you accepted here has other versions."), "hint")
        self.steps = _Steps(session)
        self.list = _Glimpses()
        self.list.picked.connect(session.pick_version)
        self.list.chosen.connect(self._to_the_page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        for widget in (self._choices, self.kept, self.steps, self.list, self.again):
            layout.addWidget(widget)
        session.state_changed.connect(self.show_state)
        self.show_state(session.state)

    def _to_the_page(self) -> None:
        self._session.page.setFocus()

    def show_state(self, state: State) -> None:
        """Follow the session."""
        several = state.has_others
        self.setVisible(state.is_fresh or several)
        self._choices.setVisible(state.is_fresh and not state.is_kept)
        self.accept.setEnabled(state.is_fresh)
        self.retry.setEnabled(state.is_fresh and not state.is_generating)
        self.again.setVisible(not state.is_kept or bool(state.version))
        self.again.setEnabled(not state.is_generating)
        self.kept.setText(
            _("What you accepted here has other versions.")
            if state.version
            else _("What the model wrote here was removed; it can come back.")
        )
        self.kept.setVisible(state.is_kept)
        self.steps.setVisible(several)
        self.list.setVisible(several)
        if several:
            self.steps.show_state(state)
            self.list.show_glimpses(state.glimpses, state.version)


class _Steps(QWidget):
    """Which version is shown; to the next, to the previous, or without this one."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.previous = button("‹", lambda: session.show_version(-1), "quiet", "Alt+Left")
        self.next = button("›", lambda: session.show_version(1), "quiet", "Alt+Right")
        self.previous.setAccessibleName(_("Previous version"))
        self.next.setAccessibleName(_("Next version"))
        self.number = label("", "hint")
        self.number.setWordWrap(False)
        self.drop = button(_("Drop this one"), session.drop_version, "quiet")
        self.drop.setToolTip(_("This version goes, the others stay: Alt+Delete"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        # The arrows stay under the mouse, however long the words behind them get.
        for widget in (self.previous, self.next, self.number):
            layout.addWidget(widget)
        layout.addStretch(1)
        layout.addWidget(self.drop)

    def show_state(self, state: State) -> None:
        """Follow the session; there are several versions."""
        text = _("{number} of {count}").format(number=state.version, count=state.versions)
        about = ""
        if state.version:
            shown = state.glimpses[state.version - 1]
            text += " · " + _("fits best") if shown.fits_best else ""
            about = _about(shown)
        self.number.setText(text)
        self.number.setToolTip(about)
        self.drop.setVisible(not state.is_kept)


class _Glimpses(QListWidget):
    """The versions, a line each; the one on the page is marked.

    Signals:
        picked: The number of another one, from 1, to be shown.
        chosen: She is content with the one marked.
    """

    picked = Signal(int)
    chosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(_("Versions"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setUniformItemSizes(True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.currentRowChanged.connect(lambda row: self.picked.emit(row + 1))
        self.itemClicked.connect(lambda _item: self.chosen.emit())
        self.itemActivated.connect(lambda _item: self.chosen.emit())

    def sizeHint(self) -> QSize:
        """As high as its lines."""
        return QSize(0, self.sizeHintForRow(0) * min(self.count(), _ROWS) + 2)

    def show_glimpses(self, glimpses: tuple[Glimpse, ...], number: int) -> None:
        """Show these, the one with this number marked."""
        with QSignalBlocker(self):
            while self.count() > len(glimpses):
                self.takeItem(self.count() - 1)
            while self.count() < len(glimpses):
                self.addItem(QListWidgetItem())
            for row, glimpse in enumerate(glimpses):
                item = self.item(row)
                item.setText(glimpse.beginning)
                item.setToolTip(tip(glimpse.beginning + "\n" + _about(glimpse)))
            self.setCurrentRow(number - 1)
        self.updateGeometry()


def _about(glimpse: Glimpse) -> str:
    """Where a version comes from and what speaks for it."""
    facts = []
    if glimpse.seed is not None:
        facts.append(_("Seed {seed}").format(seed=glimpse.seed))
    if glimpse.fits_best:
        facts.append(_("Of all versions, this one leads most naturally to what follows."))
    return "\n".join(facts)
