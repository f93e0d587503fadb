"""The status bar: what the model does and how to stop it, how long the text is, whether it is saved."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QStatusBar, QWidget

from writer_app.errors import N_
from writer_app.language import _, ngettext, number, seconds
from writer_app.ui.editor.plain import tip
from writer_app.ui.panels.widgets import button
from writer_app.ui.session.session import Session
from writer_app.ui.session.state import Counts, State
from writer_app.ui.shell.days_page import told_today
from writer_app.ui.shell.destination import Destination

_PHASES = {
    "loading": N_("loading the model"),
    "reading": N_("reading"),
    "writing": N_("writing"),
    "ending": N_("stopping"),
}


class StatusBar(QStatusBar):
    """Follows the session."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setSizeGripEnabled(False)
        self.engine = self._label()
        self.stop = button(_("Stop (Esc)"), session.stop, "quiet")
        self.today = self._label()
        self.counts = self._label()
        self.saved = self._label()
        self.addWidget(self.engine)
        self.addWidget(self.stop)
        self.destination = Destination(session, self)
        self.destination.appeared.connect(self.show)
        self.addWidget(self.destination)
        self.addPermanentWidget(self.today)
        self.addPermanentWidget(self.counts)
        self.addPermanentWidget(self.saved)
        self.setContentsMargins(8, 0, 8, 0)
        session.state_changed.connect(self.show_state)
        session.book.today.changed.connect(self.show_today)
        self.show_today()
        session.counted.connect(self.show_counts)
        session.page_changed.connect(self._count_anew)
        self.show_state(session.state)
        self.show_counts(session.overview.counts)

    def _count_anew(self) -> None:
        self.show_counts(self._session.overview.counts)

    def show_state(self, state: State) -> None:
        """Model, phase and whether the text is saved."""
        self.engine.setText(" · ".join(filter(None, (state.model, phase_text(state)))))
        device = _("On {device}").format(device=state.graphics or _("the processor"))
        self.engine.setToolTip(tip(device) if state.model else "")
        self.stop.setVisible(state.is_busy)
        self.saved.setText(_saved_text(state))

    def show_counts(self, counts: Counts) -> None:
        """Words and 字; of the selection first, where there is one."""
        self.counts.setText(counts_text(counts))

    def show_today(self) -> None:
        """How much was typed today, towards the goal of the day; who wrote the rest is in the tooltip."""
        project = self._session.book.binder.project
        in_chinese = self._session.counts_chinese
        written, goal = self._session.book.today.written, project.facts.goal if project else 0
        typed = written.typed_zh if in_chinese else written.typed
        self.today.setVisible(bool(goal or typed))
        self.today.setText(today_text(typed, goal, in_chinese=in_chinese))
        told = filter(None, (told_today(written, in_chinese=in_chinese), self._told_target()))
        self.today.setToolTip(tip("\n".join(told)))

    def _told_target(self) -> str:
        """How much of its target the text on the page has."""
        binder = self._session.book.binder
        if binder.project is None or binder.item is None or not binder.item.target:
            return ""
        in_chinese, target = binder.project.is_chinese, binder.item.target
        count = binder.project.counts.get(binder.current, (0, 0))[int(in_chinese)]
        text = (
            _("This text has {count} of {all} 字.")
            if in_chinese
            else _("This text has {count} of {all} words.")
        )
        return text.format(count=number(count), all=number(target))

    def _label(self) -> QLabel:
        made = QLabel()
        made.setTextFormat(Qt.TextFormat.PlainText)
        made.setProperty("role", "status")
        made.setContentsMargins(4, 0, 4, 0)
        return made


def phase_text(state: State) -> str:
    """What the engine does, how far it is, and how long it will take."""
    if state.phase not in _PHASES:
        return ""
    text = _(_PHASES[state.phase])
    if state.phase in {"loading", "reading"} and state.progress > 0:
        text = _("{what} {percent} %").format(what=text, percent=round(100 * state.progress))
        if state.seconds_left >= 0:
            text += _(" ({time})").format(time=seconds(state.seconds_left))
    return text


def counts_text(counts: Counts) -> str:
    """``1,204 words · 2,310 字``, of the selection where there is one."""
    if counts.has_selection:
        words = ngettext("{count} of {all} word", "{count} of {all} words", counts.words)
        return (
            words.format(count=number(counts.selected_words), all=number(counts.words))
            + " · "
            + _("{count} of {all} 字").format(
                count=number(counts.selected_characters), all=number(counts.characters)
            )
        )
    words = ngettext("{count} word", "{count} words", counts.words)
    return (
        words.format(count=number(counts.words))
        + " · "
        + _("{count} 字").format(count=number(counts.characters))
    )


def today_text(typed: int, goal: int, *, in_chinese: bool) -> str:
    """``312 of 1,000 words today``."""
    if in_chinese:
        text = _("{count} of {all} 字 today") if goal else _("{count} 字 today")
    elif goal:
        text = ngettext("{count} of {all} word today", "{count} of {all} words today", goal)
    else:
        text = ngettext("{count} word today", "{count} words today", typed)
    return text.format(count=number(typed), all=number(goal))


def _saved_text(state: State) -> str:
    if state.is_read_only:
        return _("read-only")
    if state.is_saving:
        return _("saving…")
    if state.is_changed:
        return _("not saved")
    return _("saved") if state.has_path else ""
