"""What the model reads: every part with its share, why it is there, what was left out, and what it will cost."""

from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from writer_app.craft.account import Account, Portion
from writer_app.craft.surroundings import Kind
from writer_app.language import _, number, seconds
from writer_app.ui.panels.chapters import ChaptersPanel
from writer_app.ui.panels.parts_list import PartsList
from writer_app.ui.panels.voice import VoicePanel
from writer_app.ui.panels.widgets import Fold, button, label
from writer_app.ui.session.session import Session

#: Height of a text that is looked at, in pixels.
_TEXT_HEIGHT = 110
_PROMPT_HEIGHT = 220
#: What she wrote herself for this place, or is the text: not to be muted.
_HERS = (Kind.TEXT, Kind.WISH)


class ContextPanel(QWidget):
    """Follows the session's :class:`~writer_app.ui.session.viewing.Viewing` while it is open."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.summary = label("", "hint")
        self.load = button(_("Load the model"), session.warm)
        self.parts = PartsList()
        self.why = label("", "hint")
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName(_("Text of this part"))
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(_TEXT_HEIGHT)
        self.pin = button(
            _("Pin"), self._pin, "quiet", _("Told in any case, in all of this project")
        )
        self.mute = button(_("Mute"), self._mute, "quiet", _("Not told in all of this project"))
        self.open = button(_("Open"), self._open, "quiet", _("Show it on the page"))
        self.entry = button(
            _("Edit entry"), self._edit_entry, "quiet", _("Open it in the story bible")
        )
        self.prompt = PromptPanel(session)
        self.fold = Fold(_("The exact prompt"), self.prompt)
        self.voice = VoicePanel(session)
        self.voice_fold = Fold(_("Memory, note and style"), self.voice)
        self.chapters = ChaptersPanel(session)
        self.chapters_fold = Fold(_("Summaries of earlier chapters"), self.chapters)
        session.book.binder.changed.connect(self._show_chapters)
        session.book.binder.entered.connect(self._show_chapters)
        self.parts.picked.connect(self._show_part)
        session.viewing.changed.connect(self.show_account)
        session.book.around.changed.connect(self._show_choices)
        self._arrange()
        self.show_account()

    def watch(self, is_open: bool) -> None:
        """Count only while somebody looks."""
        self._session.viewing.watch(wanted=is_open)

    def show_account(self) -> None:
        """Follow the session."""
        account = self._session.viewing.account
        for widget in (self.parts, self.fold):
            widget.setVisible(account is not None)
        self.load.setVisible(account is None)
        if account is None:
            self.summary.setText(_("Only a loaded model can count what it would read."))
            self._show_part(None)
            return
        self.summary.setText(cost(account))
        self.parts.show_account(account)
        self.prompt.show_account(account)

    # -- inside ---------------------------------------------------------------------------------

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        for each in (self.pin, self.mute, self.open, self.entry):
            row.addWidget(each)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        for widget in (self.summary, self.load, self.parts, self.why, self.text):
            layout.addWidget(widget)
        layout.addLayout(row)
        layout.addWidget(self.voice_fold)
        layout.addWidget(self.chapters_fold)
        layout.addWidget(self.fold)
        self._show_chapters()

    def _show_chapters(self) -> None:
        for fold in (self.voice_fold, self.chapters_fold):
            fold.setVisible(self._session.book.binder.project is not None)

    def _show_part(self, part: Portion | None) -> None:
        self.why.setVisible(part is not None)
        self.text.setVisible(part is not None and bool(part.text))
        if part is not None:
            why = part.why[:1].upper() + part.why[1:]
            self.why.setText(why)
            if self.text.toPlainText() != part.text.strip():
                self.text.setPlainText(part.text.strip())
        self._show_choices()

    def _show_choices(self) -> None:
        part, around = self.parts.current, self._session.book.around
        account = self._session.viewing.account
        self.pin.setVisible(part is not None and part.kind is Kind.ENTRY)
        is_mine = part is not None and part.id in around.mutes
        is_told = bool(account and part in account.parts)
        self.mute.setVisible(
            part is not None and part.kind not in (*_HERS, Kind.FACT) and (is_told or is_mine)
        )
        self.open.setVisible(bool(part and self._item_of(part)))
        self.entry.setVisible(bool(part and self._entry_of(part)))
        if part is not None:
            self.pin.setText(_("Unpin") if part.id in around.pins else _("Pin"))
            self.mute.setText(_("Tell again") if is_mine else _("Mute"))

    def _item_of(self, part: Portion) -> str:
        """The text of the project that a part is about, where it can be shown."""
        item = part.id.partition(":")[2]
        tree, current = self._session.book.binder.tree, self._session.book.binder.current
        wanted = part.kind in (Kind.PINNED, Kind.SUMMARY)
        return item if wanted and item in tree and item != current and tree[item].file else ""

    def _entry_of(self, part: Portion) -> str:
        """The entry of the bible that a part comes from; empty where it comes from none."""
        entry = part.id.partition(":")[2].partition("/")[0]
        is_of_bible = part.kind in (Kind.ENTRY, Kind.VOICE, Kind.FACT)
        return entry if is_of_bible and entry in self._session.book.lore.bible else ""

    def _pin(self) -> None:
        if part := self.parts.current:
            self._session.book.around.toggle_pin(part.id)

    def _mute(self) -> None:
        if part := self.parts.current:
            self._session.book.around.toggle_mute(part.id)

    def _open(self) -> None:
        if (part := self.parts.current) and (item := self._item_of(part)):
            self._session.book.binder.go(item)

    def _edit_entry(self) -> None:
        if (part := self.parts.current) and (entry := self._entry_of(part)):
            self._session.book.lore.entry_wanted.emit(entry)


class PromptPanel(QWidget):
    """All that the model reads as one text, word for word; what she makes of it is read for once."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._account: Account | None = None
        self.begin = label("", "hint")
        self.edit = QPlainTextEdit()
        self.edit.setAccessibleName(_("The exact prompt"))
        self.edit.setTabChangesFocus(True)
        self.edit.setFixedHeight(_PROMPT_HEIGHT)
        self.edit.textChanged.connect(self._show_buttons)
        self.use = button(_("Continue from this, once"), self._use)
        self.back = button(_("As it was"), self._back, "quiet")
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.use)
        row.addWidget(self.back)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.begin)
        layout.addWidget(self.edit)
        layout.addLayout(row)
        self._show_buttons()

    @property
    def is_edited(self) -> bool:
        """Whether it says something else than what would be read."""
        shown = self._account
        return shown is not None and self._text != shown.prompt

    @property
    def _text(self) -> str:
        """Word for word: ``toPlainText`` would turn no-break spaces into spaces."""
        return self.edit.document().toRawText().replace("\u2029", "\n")

    def show_account(self, account: Account) -> None:
        """Show what would be read now; what she has edited stays."""
        if self.is_edited:
            return
        self._account = account
        marks = _("Before it stands the control token {token}.").format(token=account.begin)
        self.begin.setText(marks if account.begin else _("No control token stands before it."))
        if self._text != account.prompt:
            self.edit.setPlainText(account.prompt)
            # What matters most is where the model goes on.
            bar = self.edit.verticalScrollBar()
            bar.setValue(bar.maximum())

    def _show_buttons(self) -> None:
        self.use.setEnabled(self.is_edited)
        self.back.setVisible(self.is_edited)

    def _use(self) -> None:
        prompt = self._text
        self._back()
        self._session.continue_from(prompt)
        self._session.page.setFocus()

    def _back(self) -> None:
        if self._account is not None:
            self.edit.setPlainText(self._account.prompt)


def cost(account: Account) -> str:
    """What is read, and how long it takes, before anything is asked."""
    said = _("{tokens} of {budget} tokens.").format(
        tokens=number(account.tokens), budget=number(account.budget)
    )
    rest = max(0, account.tokens - account.read)
    if not rest:
        more = _("All of it is read already.")
    elif account.seconds is None:
        more = _("Still to be read: {count}.").format(count=number(rest))
    else:
        more = _("Still to be read: {count}, in about {seconds}.").format(
            count=number(rest), seconds=seconds(account.seconds)
        )
    return f"{said} {more}"
