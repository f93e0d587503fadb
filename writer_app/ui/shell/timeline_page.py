"""The timeline in a window beside the manuscript: what happens when, who is there, and what is told out of its time."""

import msgspec
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction, QMouseEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from writer_app.language import _, ngettext, number
from writer_app.story.bible import Kind
from writer_app.story.timeline import Timeline, Turn, cast, put, rows, timeline
from writer_app.story.tree import Item, Tree
from writer_app.ui.panels.kinds import MANY
from writer_app.ui.panels.project_model import Shown, shown_of
from writer_app.ui.panels.timeline import TimelineView
from writer_app.ui.panels.timeline_model import Lines
from writer_app.ui.panels.widgets import button, label
from writer_app.ui.session.session import Session

#: Milliseconds: the mentions may change with every key.
_PAUSE = 250
#: Entries of a kind that the menu offers.
_MOST_OFFERED = 40


class TimelinePage(QDialog):
    """A window beside the manuscript; no text is touched by what is done in it."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._binder = session, session.book.binder
        self._lore = session.book.lore
        self._timeline, self._tree = Timeline(), Tree()
        self.setWindowTitle(_("Timeline"))
        self.setModal(False)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.view = TimelineView(session.book.binder)
        self.teaching = label("", "hint")
        self.place = label("", "hint")
        self.empty = label("", "hint")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.view)
        self._stack.addWidget(self.empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 12)
        layout.setSpacing(8)
        layout.addLayout(self._head())
        layout.addWidget(self.teaching)
        layout.addWidget(self._stack, 1)
        layout.addLayout(self._foot())
        self._pause = QTimer(self, interval=_PAUSE, singleShot=True)
        self._pause.timeout.connect(self.show_again)
        session.book.binder.changed.connect(self.show_again)
        session.book.binder.entered.connect(lambda _item: self.view.heads.viewport().update())
        session.book.lore.changed.connect(self.show_again)
        session.book.lore.indexed.connect(self._pause.start)
        self.view.moved.connect(self._show_place)
        self.view.opened.connect(self._go)
        self.view.put.connect(self._put)
        self.resize(1100, 620)
        self.show_again()
        self.view.mark(session.book.binder.current)
        self.view.setFocus()

    # -- building -------------------------------------------------------------------------------

    def _head(self) -> QHBoxLayout:
        self.by_story = self._order(_("As it happens"), _("Scenes in the order of the story"))
        self.by_text = self._order(_("As it is told"), _("Scenes in the order of the text"))
        self.by_story.setChecked(True)
        group = QButtonGroup(self)
        group.addButton(self.by_story)
        group.addButton(self.by_text)
        group.buttonClicked.connect(lambda _button: self.show_again())
        self.whole = QPushButton(_("Whole book"))
        self.whole.setCheckable(True)
        self.whole.setAutoDefault(False)
        self.whole.setToolTip(_("Narrow columns, so that more of the book is in view"))
        self.whole.toggled.connect(self.view.show_whole)
        self.who = QPushButton(_("Who is shown"))
        self.who.setAutoDefault(False)
        menu = _Choices(self.who)
        menu.aboutToShow.connect(self._fill_who)
        self.who.setMenu(menu)
        self.told = label("", "hint")
        self.told.setWordWrap(False)
        row = QHBoxLayout()
        row.setSpacing(6)
        for each in (self.by_story, self.by_text, self.whole, self.who):
            row.addWidget(each)
        row.addStretch(1)
        row.addWidget(self.told)
        return row

    def _order(self, text: str, hint: str) -> QPushButton:
        made = QPushButton(text)
        made.setCheckable(True)
        made.setAutoDefault(False)
        made.setToolTip(hint)
        return made

    def _foot(self) -> QHBoxLayout:
        self.go_button = button(_("Go to the text"), lambda: self._go(self.view.scene, ""), "main")
        self.go_button.setToolTip(_("Return, or a double click"))
        self.free_button = button(
            _("Let its time decide"), self._free, "quiet", _("It was put here by hand.")
        )
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.place, 1)
        for each in (self.free_button, self.go_button, button(_("Close"), self.close, hint="Esc")):
            row.addWidget(each)
        return row

    # -- showing --------------------------------------------------------------------------------

    def show_again(self) -> None:
        """Show the project as it is now."""
        self._pause.stop()
        shown = shown_of(self._binder.project)
        if shown.tree is not self._tree:
            self._tree, self._timeline = shown.tree, timeline(shown.tree)
        entries, chosen = self._lore.entries, self._chosen()
        self.found = cast(
            self._lore.bible,
            self._timeline.told,
            entries.index.counts if entries else lambda _id: {},
        )
        members = rows(self._lore.bible, self.found, chosen)
        lines = Lines(shown, self._timeline, self.by_story.isChecked(), members, self.found)
        self.view.show_lines(lines)
        self._stack.setCurrentIndex(0 if self._timeline.told else 1)
        self.empty.setText(self._why_empty())
        self.teaching.setText(self._advice(shown, has_rows=bool(members)))
        self.teaching.setVisible(bool(self.teaching.text()))
        count = len(self._timeline.turns)
        told = ngettext(
            "{count} scene is told out of its time",
            "{count} scenes are told out of their time",
            count,
        )
        self.told.setText(told.format(count=number(count)) if count else "")
        for each in (self.by_story, self.by_text, self.whole, self.who):
            each.setEnabled(bool(self._timeline.told))

    def _why_empty(self) -> str:
        if self._binder.project is None:
            return _("The timeline shows the scenes of a project. This text is in no project.")
        return _(
            "There is no chapter or scene yet. Make one in the story panel, and it stands here."
        )

    def _advice(self, shown: Shown, *, has_rows: bool) -> str:
        """What to do next, while there is little to see."""
        told = []
        if not any(shown.tree[each].when for each in self._timeline.told):
            told.append(
                _(
                    "Say in the first row when a scene happens, in your own words: 3 May 1812, evening; the next "
                    "morning; day 3; ten years earlier. A scene without a time stays with the one before it; "
                    "dragging its title, or Alt with an arrow, puts it elsewhere."
                )
            )
        if not has_rows:
            told.append(
                _(
                    "Characters of the story bible get rows here that show in which scenes they are, and its "
                    "threads show where they are opened, due and paid."
                )
            )
        return "\n".join(told)

    def _show_place(self) -> None:
        item = self._tree.get(self.view.scene)
        self.go_button.setEnabled(item is not None)
        self.free_button.setVisible(item is not None and bool(item.after))
        cell = self.view.currentIndex()
        told = str(cell.data(Qt.ItemDataRole.AccessibleTextRole) or "") if cell.row() > 0 else ""
        self.place.setText("\n".join(filter(None, (told, self._placed(item) if item else ""))))

    def _placed(self, item: Item) -> str:
        """Where the scene that she is at stands in both orders, in words."""
        title = shown_of(self._binder.project).title
        line, told = self._timeline.happens, self._timeline.told
        if item.id not in line:
            return ""
        turn, at = self._timeline.turns.get(item.id), line.index(item.id)
        said = title(item)
        if turn and at:
            before = self._tree.get(line[at - 1])
            happens = (
                _("{scene} is told after it happened: it follows {before} in the story.")
                if turn is Turn.BACK
                else _("{scene} is told before it happens: it follows {before} in the story.")
            )
            said = happens.format(scene=said, before=title(before) if before else "")
        elif turn:
            said = _("{scene} comes first in the story, and is told as number {number}.").format(
                scene=said, number=number(told.index(item.id) + 1)
            )
        if item.id in self._timeline.unread:
            said += " " + _("“{words}” gives no order.").format(words=item.when)
        return said

    # -- deeds ----------------------------------------------------------------------------------

    def _go(self, scene: str, entry: str) -> None:
        """To a scene: at the first place where the one in whose row she is is named."""
        entries = self._lore.entries
        found = entries.index.appearances(entry) if entries and entry else ()
        offset = next((each.first for each in found if each.item == scene), (0, 0))
        if scene:
            self._session.book.searching.show(scene, offset)

    def _put(self, scene: str, after: str) -> None:
        project = self._binder.project
        if project:
            project.set_tree(put(project.tree, scene, after))
            self.view.mark(scene, max(0, self.view.currentIndex().row()))

    def _free(self) -> None:
        self._binder.change(self.view.scene, after="")

    def _chosen(self) -> tuple[str, ...]:
        project = self._binder.project
        return tuple(
            each for each in (project.facts.timeline if project else ()) if each in self._lore.bible
        )

    def _fill_who(self) -> None:
        menu = self.who.menu()
        menu.clear()
        shown = {entry.id for entry in self.view.cells.lines.rows}
        usual = menu.addAction(_("Whoever is in most scenes"), lambda: self._choose(()))
        usual.setEnabled(bool(self._chosen()))
        for kind in Kind:
            ids = [each for each in self.found if self._lore.bible[each].kind is kind]
            if not ids:
                continue
            menu.addSection(_(MANY[kind]))
            for each in ids[:_MOST_OFFERED]:
                name = self._lore.bible[each].name.replace("&", "&&")
                action = menu.addAction(f"{name}\t{number(len(self.found[each]))}")
                action.setCheckable(True)
                action.setChecked(each in shown)
                action.setData(each)
                action.toggled.connect(self._take_choice)

    def _take_choice(self) -> None:
        actions: list[QAction] = self.who.menu().actions()
        self._choose(tuple(str(each.data()) for each in actions if each.isChecked()))

    def _choose(self, ids: tuple[str, ...]) -> None:
        project = self._binder.project
        if project:
            project.set_facts(msgspec.structs.replace(project.facts, timeline=ids))


class _Choices(QMenu):
    """Stays open while she chooses."""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Part of Qt's interface."""
        action = self.activeAction()
        if action and action.isCheckable() and action.isEnabled():
            action.trigger()
        else:
            super().mouseReleaseEvent(event)
