"""The earlier versions of a text: what changed since, word by word, and the way back."""

from functools import partial

from PySide6.QtCore import QDateTime, QLocale, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from writer_app.errors import N_, WriterError
from writer_app.language import _, ngettext, number
from writer_app.story.snapshots import Snapshot, Why
from writer_app.text.counts import characters_zh, words
from writer_app.text.script import language_of
from writer_app.ui.panels.widgets import button, label
from writer_app.ui.session.session import Session
from writer_app.ui.shell.compare import ComparisonView, as_html
from writer_app.ui.shell.dialogs import ask_name

_REASONS = {
    Why.MODEL: N_("before the model wrote"),
    Why.SAVE: N_("saved"),
    Why.OUTSIDE: N_("before the file’s other version"),
    Why.TIME: N_("while writing"),
    Why.NAMED: N_("kept by you"),
    Why.RESTORE: N_("before going back"),
}
_SAMPLE = 20_000


class HistoryPage(QDialog):
    """A window beside the manuscript; nothing in it changes the text but *Go back to this*."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self._shown: str | None = None  # the text of the version that is shown
        self.setWindowTitle(_("Earlier versions"))
        self.setModal(False)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.list = QListWidget()
        self.list.setAccessibleName(_("Earlier versions"))
        self.list.setWordWrap(True)
        self.list.setMinimumWidth(210)
        self.view = ComparisonView()
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.document().setDocumentMargin(18)
        self.view.document().setDefaultFont(session.page.font())
        self.view.setAccessibleName(_("What has changed since"))
        self.facts = label("")
        both = QSplitter()
        both.addWidget(self.list)
        both.addWidget(self.view)
        both.setStretchFactor(1, 1)
        both.setChildrenCollapsible(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 14)
        layout.setSpacing(12)
        layout.addWidget(self.facts)
        layout.addWidget(both, 1)
        layout.addLayout(self._row())
        self.list.currentItemChanged.connect(self._show)
        session.page_changed.connect(self.close)
        session.keeping.taken.connect(self.refresh)
        self.resize(860, 600)
        self.refresh()

    def refresh(self) -> None:
        """Look again at what there is."""
        self._session.keeping.list(self._fill, self)

    def _row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(6)
        self._back = button(_("Go back to this"), self._restore, "main")
        self._copy = button(_("Copy its text"), self._to_clipboard)
        self._name = button(_("Name…"), self._rename)
        self._beside = button(_("Show beside the page"), self._show_beside)
        self._forget = button(_("Forget this version"), self._remove, "quiet")
        for each in (self._back, self._copy, self._beside, self._name, self._forget):
            row.addWidget(each)
        row.addStretch(1)
        row.addWidget(button(_("Close"), self.close, hint="Esc"))
        return row

    def _fill(self, found: list[Snapshot]) -> None:
        current = self._chosen()
        self.list.clear()
        for each in found:
            item = QListWidgetItem(_title(each))
            item.setData(Qt.ItemDataRole.UserRole, each)
            if each.name:
                font = item.font()
                font.setBold(True)
                item.setFont(font)
            self.list.addItem(item)
            if current and each.id == current.id:
                self.list.setCurrentItem(item)
        if found and self.list.currentItem() is None:
            self.list.setCurrentRow(0)
        if not found:
            self.facts.setText(
                _(
                    "Nothing yet. A version is kept before the model writes, whenever you save, and every "
                    "ten minutes while you write."
                )
            )
            self.view.clear()
        self._enable(is_ready=False if not found else self._shown is not None)

    def _chosen(self) -> Snapshot | None:
        item = self.list.currentItem()
        return item.data(Qt.ItemDataRole.UserRole) if item else None

    def _show(self) -> None:
        chosen = self._chosen()
        self._shown = None  # until it is read, there is nothing to go back to
        self._enable(is_ready=False)
        if chosen is None:
            return
        self._session.keeping.read(chosen.id, partial(self._compare, chosen), self)

    def _compare(self, chosen: Snapshot, text: str) -> None:
        now, colours = self._session.document.text, self._session.colours

        def show(page: str | WriterError) -> None:
            if self._chosen() != chosen or isinstance(page, WriterError):
                return
            self._shown = text
            self.view.setHtml(page)
            self.facts.setText(_facts(text, now) if page else _("The text is the same now."))
            self._enable(is_ready=True)

        self._session.services.aside.run(partial(as_html, text, now, colours), show, self)

    def _enable(self, *, is_ready: bool) -> None:
        for each in (self._copy, self._beside, self._name, self._forget):
            each.setEnabled(is_ready)
        self._back.setEnabled(is_ready and not self._session.state.is_read_only)

    def _restore(self) -> None:
        if self._shown is not None:
            self._session.go_back_to(self._shown)

    def _to_clipboard(self) -> None:
        QGuiApplication.clipboard().setText(self._shown or "")

    def _show_beside(self) -> None:
        chosen = self._chosen()
        if chosen is not None and self._shown is not None:
            self._session.book.beside.show_version(chosen, _when(chosen), self._shown)

    def _rename(self) -> None:
        chosen = self._chosen()
        if chosen is None:
            return
        name = ask_name(self, chosen.name)
        if name is not None:
            self._session.keeping.name(chosen.id, name, self.refresh, self)

    def _remove(self) -> None:
        chosen = self._chosen()
        if chosen is not None:
            self._session.keeping.remove(chosen.id, self.refresh, self)


def _when(version: Snapshot) -> str:
    moment = QDateTime.fromSecsSinceEpoch(int(version.at))
    return QLocale().toString(moment, QLocale.FormatType.ShortFormat)


def _title(version: Snapshot) -> str:
    when = _when(version)
    first = version.name or when
    second = _(_REASONS[version.why])
    return f"{first}\n{when}, {second}" if version.name else f"{first}\n{second}"


def _facts(old: str, new: str) -> str:
    """How much it has grown or shrunk since."""
    if (language_of(new[:_SAMPLE]) or "en") == "zh":
        change = characters_zh(new) - characters_zh(old)
        counted = ngettext("{count} character", "{count} characters", abs(change))
    else:
        change = words(new) - words(old)
        counted = ngettext("{count} word", "{count} words", abs(change))
    amount = counted.format(count=number(abs(change)))
    since = _("As many words as now.") if not change else ""
    if change > 0:
        since = _("Since then {amount} more.").format(amount=amount)
    elif change < 0:
        since = _("Since then {amount} fewer.").format(amount=amount)
    return (
        since
        + " "
        + _("Struck out: only in the earlier version. Underlined: only in the text now.")
    )
