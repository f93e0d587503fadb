"""The Outline panel: from an idea to scenes, one step at a time, each of them hers to change, lock, accept or undo."""

from PySide6.QtCore import QSignalBlocker, Qt, QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QListWidget,
    QPlainTextEdit,
    QSpinBox,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from writer_app.craft.outlining import LOGLINE, SYNOPSIS
from writer_app.language import _, current, ngettext, number
from writer_app.ui.editor.plain import tip
from writer_app.ui.panels.outline_tree import DEEDS, Deed, OutlineTree
from writer_app.ui.panels.widgets import button, label, roomy, set_role
from writer_app.ui.session.session import Session

#: Milliseconds after the last key until a premise is kept, and between two looks at the clock.
_PAUSE, _TICK = 500, 1_000


class OutlinePanel(QWidget):
    """Tells the outliner what to write next, and shows the outline."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._outliner = outliner = session.book.outliner
        self._dissector = session.book.dissector
        self.method = QComboBox()
        self.method.setAccessibleName(_("Method"))
        self.method.activated.connect(self._choose_method)
        self.premise = QPlainTextEdit()
        self.premise.setAccessibleName(_("Premise"))
        self.premise.setPlaceholderText(
            _("The idea, in a sentence: who wants what, and what is in the way")
        )
        self.premise.setTabChangesFocus(True)
        self.premise.setFixedHeight(66)
        self.main = button("", self._next_or_stop, "main")
        self.count = QSpinBox()
        self.count.setAccessibleName(_("How many"))
        self.count.setToolTip(_("How many there will be"))
        roomy(self.count)
        self.told = label("", "hint")
        self.tree = OutlineTree(outliner)
        self.tree.currentItemChanged.connect(lambda _new, _old: self._show_deeds())
        self.empty = _Teaching()
        self._stack = QStackedLayout()
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.tree)
        self.choices = QListWidget()
        self.choices.setAccessibleName(_("Versions to choose from"))
        self.choices.setWordWrap(True)
        self.choices.itemActivated.connect(lambda item: outliner.choose(self.choices.row(item)))
        self.take = button(_("Take this one"), lambda: outliner.choose(self.choices.currentRow()))
        self.none = button(_("Keep mine"), outliner.let_choices_go, "quiet")
        self.deeds = [self._deed(deed) for deed in (*DEEDS[:4], DEEDS[-1])]
        self._pause = QTimer(self, interval=_PAUSE, singleShot=True)
        self._pause.timeout.connect(self._keep_premise)
        self.premise.textChanged.connect(self._on_typed)
        self._clock = QTimer(self, interval=_TICK)
        self._clock.timeout.connect(self._show_progress)
        self._lay_out()
        outliner.changed.connect(self.refresh)
        self._dissector.changed.connect(self.refresh)
        self.refresh()

    def focus(self) -> None:
        """Let her go on where she would: in the tree, or with the idea."""
        (self.tree if self._stack.currentWidget() is self.tree else self.premise).setFocus()

    def hideEvent(self, event: QHideEvent) -> None:
        """What was typed a moment ago is kept before the panel, or the window, is gone."""
        if self._pause.isActive():
            self._keep_premise()
        super().hideEvent(event)

    def refresh(self) -> None:
        """Show the outline as it is now."""
        outliner = self._outliner
        self._show_methods()
        if not self._pause.isActive() and self.premise.toPlainText() != outliner.outline.premise:
            with QSignalBlocker(self.premise):
                self.premise.setPlainText(outliner.outline.premise)
        outline = outliner.outline
        has_rows = bool(outline.logline or outline.synopsis or outline.nodes or outliner.place)
        self._stack.setCurrentWidget(self.tree if has_rows else self.empty)
        self.tree.refresh()
        self._show_main()
        self._show_deeds()
        self._show_choices()
        self._show_progress()
        if outliner.is_running and not self._clock.isActive():
            self._clock.start()
        elif not outliner.is_running:
            self._clock.stop()

    # -- what is shown --------------------------------------------------------------------------

    def _show_methods(self) -> None:
        methods = self._outliner.methods
        titles = [(each.id, each.title(current())) for each in methods.values()]
        shown = [
            (self.method.itemData(row), self.method.itemText(row))
            for row in range(self.method.count())
        ]
        if titles != shown:
            self.method.clear()
            for row, each in enumerate(methods.values()):
                self.method.addItem(each.title(current()), each.id)
                hint = tip(each.summary.in_language(current()))
                self.method.setItemData(row, hint, Qt.ItemDataRole.ToolTipRole)
        chosen = self._outliner.method
        self.method.setCurrentIndex(self.method.findData(chosen.id))
        self.method.setToolTip(tip(chosen.summary.in_language(current())))

    def _show_main(self) -> None:
        outliner = self._outliner
        running = outliner.is_running or self._dissector.is_running
        step = outliner.next_step(self.tree.place)
        words = _("Stop   Esc") if running else self._step_words(step)
        self.main.setText(words)
        self.main.setAccessibleName(words.removesuffix("   Esc"))
        set_role(self.main, "stop" if running else "main")
        typed = self.premise.toPlainText().strip()
        self.main.setEnabled(
            running or bool(step) or (bool(typed) and not outliner.outline.premise)
        )
        is_free = bool(step) and step[0] == "+" and not outliner.level_under(step[1]).slots
        self.count.setVisible(is_free and not running)
        if is_free:
            level = outliner.level_under(step[1])
            if self.count.property("of") != (step[1], outliner.method.id):
                self.count.setProperty("of", (step[1], outliner.method.id))
                self.count.setRange(*level.bounds)
                self.count.setValue(level.count)

    def _step_words(self, step: tuple[str, ...]) -> str:
        outliner = self._outliner
        if not step:
            return _("It is all there") if outliner.outline.nodes else _("Write it in one sentence")
        if step[0] == LOGLINE:
            return _("Write it in one sentence")
        if step[0] == SYNOPSIS:
            return _("Tell it in short")
        if step[0] != "+":
            return ngettext(
                "Write what is empty", "Write the {count} empty ones", len(step)
            ).format(count=number(len(step)))
        name = outliner.level_under(step[1]).name.in_language(current())
        return _("Go on: {level}").format(level=name)

    def _show_deeds(self) -> None:
        place = self.tree.place
        has_rows = self._stack.currentWidget() is self.tree
        self._row.setVisible(has_rows and not self._outliner.choosing)
        for made, deed in zip(self.deeds, (*DEEDS[:4], DEEDS[-1]), strict=True):
            made.setEnabled(bool(place) and deed.possible(self._outliner, place))
        if not self._outliner.is_running:
            self._show_main()
            self._show_progress()

    def _show_choices(self) -> None:
        choices = self._outliner.choices
        self._chooser.setVisible(bool(self._outliner.choosing))
        words = [f"{each.title}\n{each.summary}".strip() for each in choices]
        if words == [self.choices.item(row).text() for row in range(self.choices.count())]:
            return
        self.choices.clear()
        self.choices.addItems(words)
        if words:
            self.choices.setCurrentRow(0)
            self.choices.setFocus()

    def _show_progress(self) -> None:
        outliner = self._outliner
        done, total = outliner.done
        text = ""
        if self._dissector.is_running:
            done, total = self._dissector.done
            text = _("Reading what is written")
            if total:
                text = _(
                    "Reading chapter {number} of {count}; it can be stopped and goes on from there"
                ).format(number=number(min(done + 1, total)), count=number(total))
        elif outliner.is_running:
            text = _("Writing {number} of {count}").format(
                number=number(min(done + 1, total)), count=number(total)
            )
            if outliner.remaining >= 1:
                left = round(outliner.remaining)
                text += " · " + ngettext(
                    "about {count} second left", "about {count} seconds left", left
                ).format(count=number(left))
        elif outliner.choosing:
            text = _("Choose one with the arrow keys and Enter.")
        else:
            step = outliner.next_step(self.tree.place)
            if step[:1] == ("+",) and step[1]:
                text = _("In “{title}”").format(title=outliner.outline[step[1]].title)
        self.told.setText(text)
        self.told.setVisible(bool(text))

    # -- what the writer does -------------------------------------------------------------------

    def _next_or_stop(self) -> None:
        if self._outliner.is_running or self._dissector.is_running:
            self._session.stop()
            return
        self._keep_premise()
        place = self.tree.place
        count = self.count.value() if self.count.isVisibleTo(self) else None
        self._session.book.outline_on(place, count)

    def _choose_method(self, row: int) -> None:
        self._outliner.set_words(method=str(self.method.itemData(row)))

    def _on_typed(self) -> None:
        self._pause.start()
        self._show_main()

    def _keep_premise(self) -> None:
        self._pause.stop()
        self._outliner.set_words(premise=self.premise.toPlainText())

    def _do(self, deed: Deed) -> None:
        place = self.tree.place
        if place:
            deed.run(self._outliner, place)

    # -- building -------------------------------------------------------------------------------

    def _deed(self, deed: Deed) -> QWidget:
        made = button(_(deed.text), lambda: self._do(deed), "quiet", deed.key)
        made.setAccessibleDescription(deed.key)
        return made

    def _lay_out(self) -> None:
        step = QHBoxLayout()
        step.setSpacing(6)
        step.addWidget(self.main, 1)
        step.addWidget(self.count)
        self._row = QWidget()
        row = QHBoxLayout(self._row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for made in self.deeds:
            row.addWidget(made)
        self._chooser = QWidget()
        chooser = QVBoxLayout(self._chooser)
        chooser.setContentsMargins(0, 0, 0, 0)
        chooser.setSpacing(6)
        self.choices.setMaximumHeight(220)
        self.choices.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        chooser.addWidget(self.choices)
        ways = QHBoxLayout()
        ways.addWidget(self.take)
        ways.addWidget(self.none)
        ways.addStretch(1)
        chooser.addLayout(ways)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 14, 14, 14)
        layout.setSpacing(10)
        layout.addWidget(self.premise)
        layout.addWidget(self.method)
        layout.addLayout(step)
        layout.addWidget(self.told)
        layout.addLayout(self._stack, 1)
        layout.addWidget(self._chooser)
        layout.addWidget(self._row)


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
                    "Say above what your story is about, and choose a method. The button writes it in one sentence, "
                    "then in short, then act by act and scene by scene."
                ),
                "",
            ),
            (
                _(
                    "Each line is yours: F2 changes it, Ctrl+L locks it, Ctrl+Z takes the last step back. What you "
                    "accept becomes chapters and scenes of your project; nothing on the page changes."
                ),
                "hint",
            ),
        ):
            layout.addWidget(label(words, role))
        layout.addStretch(1)
