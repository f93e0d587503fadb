"""Find and replace, in a bar above the page. Return goes on, Shift+Return goes back, Esc closes."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QGridLayout, QHBoxLayout, QLineEdit, QWidget

from writer_app.errors import WriterError
from writer_app.language import _, ngettext, number
from writer_app.ui.editor.find import Finder, Query
from writer_app.ui.editor.page import Page
from writer_app.ui.panels.widgets import button, label, set_role
from writer_app.ui.session.session import Session
from writer_app.ui.session.wording import in_window

#: A selection longer than this is no search word.
_MOST_SELECTED = 200


class FindBar(QFrame):
    """Searches the page of a session."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setProperty("role", "bar")
        self.line = self._line(_("Find"))
        self.with_what = self._line(_("Replace with"))
        self.case = QCheckBox(_("Match case"))
        self.word = QCheckBox(_("Whole words"))
        self.pattern = QCheckBox(_("Pattern"))
        self.pattern.setToolTip(_("A regular expression"))
        self.found = label("", "hint")
        self.found.setWordWrap(False)
        self._replacing = (
            button(_("Replace"), lambda: self._finder.replace_one(self.with_what.text())),
            button(_("Replace all"), self._replace_all),
        )
        self._lay_out()
        self.line.textChanged.connect(self._search)
        for box in (self.case, self.word, self.pattern):
            box.toggled.connect(self._search)
        session.page_changed.connect(self._attach)
        self._attach(session.page)
        self.hide()

    def open(self, *, replacing: bool = False) -> None:
        """Show the bar; a selection becomes what is looked for."""
        page = self._session.page
        start, end = page.selection
        if 0 < end - start <= _MOST_SELECTED and "\n" not in page.manuscript.text[start:end]:
            self.line.setText(page.manuscript.text[start:end])
        may_replace = replacing and not self._session.state.is_read_only
        for each in (self.with_what, *self._replacing):
            each.setVisible(may_replace)
        self.show()
        self.line.setFocus()
        self.line.selectAll()
        self._search()

    def leave(self) -> None:
        """Hide the bar and go back to the page, what was found selected."""
        self._finder.close()
        self.hide()
        self._session.page.setFocus()

    def go(self, *, backwards: bool = False) -> None:
        """To the next match, or the one before; opens the bar where nothing is looked for yet."""
        if self.isHidden() or not self.line.text():
            self.open()
        self._finder.go(backwards=backwards)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes; Return and Shift+Return go on and back."""
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.with_what.hasFocus():
                self._finder.replace_one(self.with_what.text())
            else:
                self.go(backwards=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        else:
            super().keyPressEvent(event)

    def _line(self, name: str) -> QLineEdit:
        made = QLineEdit()
        made.setAccessibleName(name)
        made.setPlaceholderText(name)
        made.setMinimumWidth(140)
        return made

    def _lay_out(self) -> None:
        layout = QGridLayout(self)
        layout.setContentsMargins(16, 8, 12, 8)
        layout.setHorizontalSpacing(8)
        layout.addWidget(self.line, 0, 0)
        layout.addWidget(
            button(_("Previous"), lambda: self.go(backwards=True), hint="Shift+F3"), 0, 1
        )
        layout.addWidget(button(_("Next"), self.go, hint="F3"), 0, 2)
        layout.addWidget(button(_("Close"), self.leave, "quiet", "Esc"), 0, 3)
        layout.addWidget(self.with_what, 1, 0)
        for column, each in enumerate(self._replacing, 1):
            layout.addWidget(each, 1, column)
        options = QHBoxLayout()
        options.setSpacing(14)
        for box in (self.case, self.word, self.pattern):
            options.addWidget(box)
        options.addWidget(self.found, 1)
        layout.addLayout(options, 2, 0, 1, 4)
        layout.setColumnStretch(0, 1)

    def _attach(self, page: Page) -> None:
        self._finder = Finder(page)
        self._finder.changed.connect(self._show_count)
        self._finder.failed.connect(self._show_problem)
        if not self.isHidden():
            self._search()

    def _search(self) -> None:
        if not self.line.text():
            self._finder.close()
            self._tell("")
            return
        query = Query(
            self.line.text(),
            regex=self.pattern.isChecked(),
            whole_word=self.word.isChecked(),
            case=self.case.isChecked(),
        )
        try:
            self._finder.search(query)
        except WriterError as error:
            self._show_problem(error)

    def _replace_all(self) -> None:
        try:
            count = self._finder.replace_all(self.with_what.text())
        except WriterError as error:
            self._show_problem(error)
        else:
            said = ngettext("{count} replaced", "{count} replaced", count)
            self._tell(said.format(count=number(count)))

    def _show_count(self, count: int) -> None:
        found = ngettext("{count} found", "{count} found", count).format(count=number(count))
        self._tell(found if count else _("not found"))

    def _show_problem(self, error: WriterError) -> None:
        self._tell(in_window(error), problem=True)

    def _tell(self, text: str, *, problem: bool = False) -> None:
        self.found.setText(text)
        self.found.setWordWrap(problem)
        set_role(self.found, "problem" if problem else "hint")
