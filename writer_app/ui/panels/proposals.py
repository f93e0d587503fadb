"""What a chapter proposes for the story bible: each with what it is, its words, and what can be done with it."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from writer_app.craft.proposals import Proposal
from writer_app.language import _, number
from writer_app.ui.editor.plain import tip
from writer_app.ui.panels.kinds import ONE, fact_told
from writer_app.ui.panels.widgets import button, label
from writer_app.ui.session.lore import Lore

#: Characters of a sentence that a fact was found in; all of it is its tooltip.
_SOURCE = 110


class Proposals(QWidget):
    """A list of proposals.

    Signals:
        edited: The id of an entry that was accepted to be changed.
    """

    edited = Signal(str)

    def __init__(self, lore: Lore) -> None:
        super().__init__()
        self._lore = lore
        self._shown: dict[Proposal, QWidget] = {}
        self.title = label("", "title")
        self.stop_button = button(_("Stop"), lore.stop, "stop")
        self.clear_button = button(_("Accept all"), self._accept_all, "quiet")
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.stop_button)
        head.addWidget(self.clear_button)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(8)
        self._layout.addLayout(head)
        lore.proposed.connect(self.show_proposals)
        self.show_proposals()

    def show_proposals(self) -> None:
        """Show what there is now; what stays is left alone, so that the keyboard keeps its place."""
        lore = self._lore
        for gone in [each for each in self._shown if each not in lore.proposals]:
            widget = self._shown.pop(gone)
            following = (
                self._next(widget) if widget.isAncestorOf(self.focusWidget() or self) else None
            )
            self._layout.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
            if following:
                following.setFocus()
        for each in lore.proposals:
            if each not in self._shown:
                self._shown[each] = self._made(each)
                self._layout.addWidget(self._shown[each])
        title = _("Found in this text")
        if lore.is_reading:
            title = _("Reading: {done} of {all} names").format(
                done=number(lore.asked + 1), all=number(lore.among)
            )
        self.title.setText(title)
        self.stop_button.setVisible(lore.is_reading)
        self.clear_button.setVisible(not lore.is_reading and len(lore.proposals) > 1)
        self.setVisible(bool(lore.proposals) or lore.is_reading)

    def _made(self, proposal: Proposal) -> QWidget:
        made = QFrame()
        made.setProperty("role", "proposal")
        made.setAccessibleName(_("Proposal: {name}").format(name=proposal.name))
        layout = QVBoxLayout(made)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.setSpacing(4)
        layout.addWidget(label(self._headline(proposal), "title"))
        if proposal.aliases and not proposal.entry:
            layout.addWidget(
                label(_("Also: {names}").format(names=_(", ").join(proposal.aliases)), "hint")
            )
        for fact in proposal.facts:
            layout.addWidget(label(fact_told(fact)))
            layout.addWidget(_source(fact.source))
        buttons = QHBoxLayout()
        buttons.setSpacing(6)
        for text, deed, role in (
            (_("Accept"), self._lore.accept, ""),
            (_("Edit"), self._edit, ""),
            (_("Dismiss"), self._lore.dismiss, "quiet"),
        ):
            made_button = button(text, partial(deed, proposal), role)
            made_button.setAccessibleName(f"{text}: {proposal.name}")
            buttons.addWidget(made_button)
        buttons.addStretch(1)
        layout.addLayout(buttons)
        return made

    def _headline(self, proposal: Proposal) -> str:
        kind = _(ONE[proposal.kind])
        if proposal.entry:
            return _("{name}: new facts").format(name=proposal.name)
        return _("{name} — {kind}, {count}×").format(
            name=proposal.name, kind=kind, count=number(proposal.times)
        )

    def _edit(self, proposal: Proposal) -> None:
        entry = self._lore.accept(proposal)
        if entry:
            self.edited.emit(entry)

    def _accept_all(self) -> None:
        for each in self._lore.proposals:
            self._lore.accept(each)

    def _next(self, widget: QWidget) -> QWidget | None:
        """The first button of the proposal behind this one."""
        ids = [*self._shown.values()]
        at = self._layout.indexOf(widget)
        behind = [each for each in ids if self._layout.indexOf(each) > at] or ids
        found = behind[0].findChildren(type(self.stop_button)) if behind else []
        return found[0] if found else None


def _source(text: str) -> QLabel:
    short = text if len(text) <= _SOURCE else text[:_SOURCE].rstrip() + "…"
    made = label(f"“{short}”", "hint")
    made.setToolTip(tip(text))
    return made
