"""The Rewrite panel: what should become of the passage, what would change, and what to take of it."""

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from writer_app.craft.transform import Result
from writer_app.errors import N_
from writer_app.language import _, current, ngettext, number
from writer_app.ui.panels.diff_view import DiffView
from writer_app.ui.panels.note import NoteLine
from writer_app.ui.panels.recipe_buttons import RecipeButtons
from writer_app.ui.panels.verdicts import facts, warnings
from writer_app.ui.panels.widgets import button, label, set_role
from writer_app.ui.session.review import Review
from writer_app.ui.session.session import Session
from writer_app.ui.session.state import State

_CANDIDATES = (N_("One answer"), N_("Two answers"), N_("Three answers"), N_("Four answers"))


class RewritePanel(QWidget):
    """Says to the session what should become of the passage, and shows what has come."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        memory = session.services.memory
        self.instruction = NoteLine("", lambda: memory.values.instructions)
        self.instruction.setAccessibleName(_("What should become of it"))
        self.instruction.setPlaceholderText(_("Shorter and colder, names kept"))
        self.instruction.returnPressed.connect(self._run_free)
        self.recipes = RecipeButtons(session, self._run)
        self.candidates = self._candidates_choice()
        self.title = label("", "title")
        self.view = DiffView()
        self.view.toggled.connect(self._toggle)
        self.view.judged.connect(self._judge)
        self.view.stepped.connect(self._step)
        self.view.left.connect(self._to_page)
        self.list = QListWidget()
        self.list.setAccessibleName(_("What was found, to keep or drop"))
        self.list.itemChanged.connect(self._on_item)
        self.editor = QPlainTextEdit()
        self.editor.setAccessibleName(_("The rewriting, to be edited"))
        self.empty = _Teaching()
        self._stack = QStackedLayout()
        for widget in (self.empty, self.view, self.list, self.editor):
            self._stack.addWidget(widget)
        self.facts = label("", "hint")
        self.warnings = label("", "problem")
        self.main = button(_("Accept all"), self._take, "main")
        self.main.setAutoDefault(True)  # Enter presses it: the last change decided leads here
        self.keep = button(_("Keep mine"), self._dismiss, hint="Ctrl+Alt+Up")
        self.again = button(_("Again"), self._again, hint="Ctrl+Shift+R")
        self.previous = button("‹", lambda: self._step(-1), "quiet", _("Previous answer"))
        self.next = button("›", lambda: self._step(1), "quiet", _("Next answer"))
        self.previous.setAccessibleName(_("Previous answer"))
        self.next.setAccessibleName(_("Next answer"))
        self.edit = button(_("Edit"), self._edit, "quiet", _("Change the words before you accept"))
        self.after = button(_("Insert after"), self._insert_after, "quiet")
        self.copy = button(_("Copy"), self._copy, "quiet")
        self._lay_out()
        session.state_changed.connect(self.show_state)
        session.reviewed.connect(self.refresh)
        session.page_changed.connect(self.refresh)
        self.refresh()
        self.show_state(session.state)

    def focus_instruction(self) -> None:
        """Let the writer say what should become of the passage."""
        self.instruction.setFocus()
        self.instruction.selectAll()

    def focus_changes(self) -> None:
        """Let the keys accept and reject changes."""
        self.view.setFocus()

    def show_state(self, state: State) -> None:
        """Follow the session."""
        can = not state.is_read_only and not state.is_empty
        self.recipes.set_enabled(enabled=can)
        self.instruction.setEnabled(can)

    def refresh(self) -> None:
        """Show the passage under review, or how to begin."""
        rewriter, review = self._session.rewriter, self._session.rewriter.shown
        self._bottom.setVisible(rewriter.is_open)
        self.title.setVisible(rewriter.is_open)
        recipe = rewriter.recipe
        if recipe is None:
            self._stack.setCurrentWidget(self.empty)
            return
        self.title.setText(self._heading())
        self._show(review)
        self._show_words(review)
        self._show_buttons(review)

    # -- what is shown --------------------------------------------------------------------------

    def _heading(self) -> str:
        rewriter = self._session.rewriter
        assert rewriter.recipe is not None
        text = rewriter.recipe.title(current())
        done, among = rewriter.pieces
        if among > 1 and done < among:
            text += " · " + _("part {number} of {count}").format(number=done + 1, count=among)
        return text

    def _show(self, review: Review | None) -> None:
        if self._stack.currentWidget() is self.editor and review is not None:
            return
        if review is not None and review.candidate.items:
            self._show_items(review)
            self._stack.setCurrentWidget(self.list)
            return
        self._stack.setCurrentWidget(self.view)
        font = self._session.page.font()
        font.setPointSizeF(max(9.0, font.pointSizeF() * 0.86))
        self.view.document().setDefaultFont(font)
        if review is None:
            self.view.show_nothing()
        else:
            self.view.show_review(review, self._session.colours)

    def _show_items(self, review: Review) -> None:
        items = review.candidate.items
        with QSignalBlocker(self.list):
            if [self.list.item(row).text() for row in range(self.list.count())] != list(items):
                self.list.clear()
                for item in items:
                    made = QListWidgetItem(item)
                    made.setFlags(made.flags() | Qt.ItemFlag.ItemIsUserCheckable)
                    self.list.addItem(made)
            for row in range(self.list.count()):
                kept = row in review.kept
                state = Qt.CheckState.Checked if kept else Qt.CheckState.Unchecked
                self.list.item(row).setCheckState(state)

    def _show_words(self, review: Review | None) -> None:
        rewriter = self._session.rewriter
        if review is None:
            self.facts.setText(_("Waiting for the first words…"))
        else:
            self.facts.setText(facts(review, rewriter.number, len(rewriter.reviews)))
        lines = warnings(review) if review else []
        if rewriter.is_cut:
            lines.append(_("Only the beginning of the passage was read."))
        if rewriter.is_touched:
            lines.append(
                _("You have changed this passage since. Accepting replaces what stands there now.")
            )
        self.warnings.setText("\n".join(lines))
        self.warnings.setVisible(bool(lines))

    def _show_buttons(self, review: Review | None) -> None:
        rewriter, editing = self._session.rewriter, self._stack.currentWidget() is self.editor
        several = len(rewriter.reviews) > 1 and not editing
        self.previous.setVisible(several)
        self.next.setVisible(several)
        running = rewriter.is_running
        self.main.setText(self._main_words(review))
        self.main.setAccessibleName(self.main.text().removesuffix("   Esc"))
        set_role(self.main, "stop" if running else "main")
        self.main.setEnabled(running or editing or self._can_take(review))
        self.again.setText(_("Go on") if rewriter.can_resume else _("Again"))
        self.again.setEnabled(not running and not editing)
        replaces = rewriter.recipe is not None and rewriter.recipe.result is Result.REPLACE
        ready = review is not None and review.is_complete and not running
        self.edit.setVisible(replaces)
        self.edit.setEnabled(ready and not editing)
        self.after.setVisible(replaces or self._is_answer())
        self.after.setEnabled(ready and not editing)
        self.copy.setEnabled(ready)

    def _main_words(self, review: Review | None) -> str:
        rewriter = self._session.rewriter
        if rewriter.is_running:
            return _("Stop   Esc")
        if self._stack.currentWidget() is self.editor:
            return _("Done editing")
        if self._is_answer():
            return _("Copy")
        if rewriter.recipe is not None and rewriter.recipe.result is not Result.REPLACE:
            return _("Insert after")
        if rewriter.is_touched:
            return _("Replace it all the same")
        if review is None or not review.decided:
            return _("Accept all")
        taken = len(review.taken)
        if review.is_chosen:
            return _("Accept {count} of {all}").format(
                count=number(taken), all=number(review.changes)
            )
        return ngettext("Accept the other one", "Accept the other {count}", taken).format(
            count=number(taken)
        )

    def _can_take(self, review: Review | None) -> bool:
        if review is None or not review.is_complete or self._session.state.is_read_only:
            return False
        replaces = self._session.rewriter.recipe and (
            self._session.rewriter.recipe.result is Result.REPLACE
        )
        return bool(review.taken) if replaces else review.candidate.is_useful

    def _is_answer(self) -> bool:
        recipe = self._session.rewriter.recipe
        return recipe is not None and recipe.result is Result.ANSWER

    # -- what the writer does -------------------------------------------------------------------

    def _run(self, recipe: str, choice: str) -> None:
        """Start a recipe; what stands in the line goes along where it can."""
        words = self.instruction.text().strip()
        transform = self._session.services.recipes.transforms[recipe]
        free = transform.parameter is None or transform.parameter.free
        if words and free and not choice and not transform.rule:
            self._session.services.memory.note_instruction(words)
        self._stack.setCurrentWidget(self.view)
        self._session.rewrite(recipe, choice or (words if free and not transform.rule else ""))

    def _run_free(self) -> None:
        self._run("free", "")

    def _take(self) -> None:
        rewriter = self._session.rewriter
        if rewriter.is_running:
            self._session.stop()
        elif self._stack.currentWidget() is self.editor:
            self._stack.setCurrentWidget(self.view)
            rewriter.edit(self.editor.toPlainText())
            self.refresh()
        elif self._is_answer():
            self._copy()
        elif rewriter.recipe is not None and rewriter.recipe.result is not Result.REPLACE:
            self._insert_after()
        else:
            rewriter.accept()
            self._to_page()

    def _dismiss(self) -> None:
        self._stack.setCurrentWidget(self.view)
        self._session.rewriter.dismiss()
        self._to_page()

    def _again(self) -> None:
        rewriter = self._session.rewriter
        if rewriter.can_resume:
            rewriter.resume()
        else:
            rewriter.again()

    def _toggle(self, index: int, accepted: bool) -> None:
        """A click: accepted, then rejected, then open again."""
        review = self._session.rewriter.shown
        if review is None:
            return
        was = review.decided.get(index)
        if accepted and was is True:
            self._session.rewriter.decide(index, accepted=False)
        else:
            self._session.rewriter.decide(index, accepted=accepted if was is None else was)

    def _to_page(self) -> None:
        self._session.page.setFocus()

    def _step(self, by: int) -> None:
        self._session.rewriter.step(by)

    def _judge(self, accepted: bool) -> None:
        if not self._session.rewriter.decide_current(accepted=accepted):
            self.main.setFocus()

    def _edit(self) -> None:
        review = self._session.rewriter.shown
        if review is not None:
            self.editor.setFont(self.view.document().defaultFont())
            self.editor.setPlainText(review.text())
            self._stack.setCurrentWidget(self.editor)
            self.editor.setFocus()
            self.refresh()

    def _insert_after(self) -> None:
        self._session.rewriter.insert_after()
        self._to_page()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._session.rewriter.words())

    def _on_item(self, item: QListWidgetItem) -> None:
        kept = item.checkState() == Qt.CheckState.Checked
        self._session.rewriter.keep(self.list.row(item), wanted=kept)

    # -- building -------------------------------------------------------------------------------

    def _candidates_choice(self) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(_("How many answers"))
        box.setToolTip(_("Several answers are written at the same time, after one reading."))
        for title in _CANDIDATES:
            box.addItem(_(title))
        box.setCurrentIndex(self._session.services.preferences.values.rewriting.candidates - 1)
        box.currentIndexChanged.connect(
            lambda row: self._session.set_preference("rewriting", "candidates", row + 1)
        )
        return box

    def _lay_out(self) -> None:
        heading = QHBoxLayout()
        heading.addWidget(self.title, 1)
        self._bottom = QWidget()
        bottom = QVBoxLayout(self._bottom)
        bottom.setContentsMargins(0, 0, 0, 0)
        bottom.setSpacing(8)
        told = QHBoxLayout()
        told.setSpacing(2)
        told.addWidget(self.previous)
        told.addWidget(self.next)
        told.addWidget(self.facts, 1)
        bottom.addLayout(told)
        bottom.addWidget(self.warnings)
        choices = QGridLayout()
        choices.setSpacing(6)
        choices.addWidget(self.main, 0, 0, 1, 2)
        choices.addWidget(self.keep, 1, 0)
        choices.addWidget(self.again, 1, 1)
        choices.setColumnStretch(0, 1)
        choices.setColumnStretch(1, 1)
        bottom.addLayout(choices)
        rest = QHBoxLayout()
        rest.setSpacing(2)
        for each in (self.edit, self.after, self.copy):
            rest.addWidget(each)
        rest.addStretch(1)
        bottom.addLayout(rest)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 14, 14, 14)
        layout.setSpacing(10)
        layout.addWidget(self.instruction)
        layout.addWidget(self.recipes)
        layout.addWidget(self.candidates)
        layout.addLayout(heading)
        layout.addLayout(self._stack, 1)
        layout.addWidget(self._bottom)


class _Teaching(QWidget):
    """How to begin."""

    def __init__(self) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 6, 0, 0)
        layout.setSpacing(10)
        for words, role in (
            (
                _(
                    "Highlight a sentence, a page or a chapter, and choose above what should become of it. "
                    "Without a highlight it is the paragraph at the caret."
                ),
                "",
            ),
            (
                _(
                    "You will see each changed word here. Nothing on the page changes before you accept, and one "
                    "undo takes all of it back."
                ),
                "hint",
            ),
        ):
            layout.addWidget(label(words, role))
        layout.addStretch(1)
