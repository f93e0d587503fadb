"""One window: it places page, panels and bars, and does what only a window can do. It decides nothing else."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QByteArray, QEvent, Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QMainWindow, QSplitter, QTabWidget, QVBoxLayout, QWidget

from writer_app.engine import servers
from writer_app.language import APP_NAME, _
from writer_app.story.snapshots import Why
from writer_app.text.links import Address
from writer_app.ui.commands import SUBMENUS, all_commands
from writer_app.ui.editor.page import Page
from writer_app.ui.panels.beside import BesidePane
from writer_app.ui.panels.bible import BiblePanel
from writer_app.ui.panels.continuation import ContinuationPanel
from writer_app.ui.panels.outline import OutlinePanel
from writer_app.ui.panels.rewrite import RewritePanel
from writer_app.ui.panels.story import StoryPanel
from writer_app.ui.session.session import Session
from writer_app.ui.session.state import Notice, State, Wish
from writer_app.ui.shell import menus
from writer_app.ui.shell.about import About
from writer_app.ui.shell.ask_line import AskLine
from writer_app.ui.shell.beside_selection import BesideSelection
from writer_app.ui.shell.board_page import BoardPage
from writer_app.ui.shell.consistency_page import ConsistencyPage
from writer_app.ui.shell.crash_report import CrashReport
from writer_app.ui.shell.days_page import DaysPage
from writer_app.ui.shell.dialogs import (
    ask_backup,
    ask_book,
    ask_lore,
    ask_manuscript,
    ask_model,
    ask_name,
    ask_new_project,
    ask_open,
    ask_picture,
    ask_preset,
    ask_project,
    ask_save,
    ask_save_preset,
    ask_statement,
)
from writer_app.ui.shell.entry_card import EntryCard
from writer_app.ui.shell.find_bar import FindBar
from writer_app.ui.shell.frame import BESIDE, LEAST_WINDOW, Frame
from writer_app.ui.shell.history_page import HistoryPage
from writer_app.ui.shell.import_page import ImportPage
from writer_app.ui.shell.leaving import Leaving
from writer_app.ui.shell.link import LinkDialog
from writer_app.ui.shell.models_page import ModelsPage
from writer_app.ui.shell.notices import NoticeBar
from writer_app.ui.shell.palette import Palette
from writer_app.ui.shell.project_page import ProjectPage
from writer_app.ui.shell.settings_page import SettingsPage
from writer_app.ui.shell.setups_page import SetupsPage
from writer_app.ui.shell.status import StatusBar
from writer_app.ui.shell.timeline_page import TimelinePage


class Window(QMainWindow):
    """The window of one session.

    Signals:
        new_wanted: Another, empty window; quit_wanted: the end of the program.
        closed: This window has closed, its document is let go.
    """

    new_wanted = Signal()
    quit_wanted = Signal()
    closed = Signal(object)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.is_dismissed = False
        self._page: Page | None = None
        self.setMinimumSize(LEAST_WINDOW, 420)
        self.setAcceptDrops(True)
        self.notices = NoticeBar(self._to_page)
        self.find_bar = FindBar(session)
        self.story = StoryPanel(session)
        self.continuation = ContinuationPanel(session)
        self.rewriting = RewritePanel(session)
        self.bible = BiblePanel(session)
        self.outline = OutlinePanel(session)
        self.tabs = self._tabs()
        self._centre = QVBoxLayout()
        self._row = QSplitter()  # the page, and what is beside it
        self.beside_page = BesidePane(session)
        self.frame = Frame(self.story, self._middle(), self.tabs)
        self.setCentralWidget(self.frame)
        self.status = StatusBar(session)
        self.setStatusBar(self.status)
        recipes = session.services.recipes
        commands = all_commands(recipes.presets, recipes.transforms)
        self.actions_made = menus.Actions(commands, session, self)
        made = menus.fill(self.menuBar(), commands, self.actions_made)
        menus.add_recent(made["file"], self.actions_made.by_id["file.save"], session)
        self.addActions(
            list(self.actions_made.by_id.values())
        )  # shortcuts hold without a menu bar too
        self.palette_ = Palette(self.actions_made.by_id.values(), self)
        self.ask_line = AskLine(session, self)
        groups = [made[place] for place in SUBMENUS if place in made]
        self.beside = BesideSelection(session, self.actions_made.by_id, groups, self)
        self.card = EntryCard(session, self)
        self.leaving = Leaving(session, self)
        session.page_changed.connect(self.show_page)
        session.state_changed.connect(self.show_state)
        session.noticed.connect(self.notices.show_notice)
        session.settled.connect(self.notices.settle)
        session.wished.connect(self.fulfil)
        session.book.beside.changed.connect(self._make_room)
        session.book.setups.entry_wanted.connect(self._to_entry)
        session.book.lore.entry_wanted.connect(self._to_entry)
        session.links.asked.connect(self.ask_about)
        self.show_page(session.page)
        self.show_state(session.state)
        self._take_place()
        self._make_room()

    # -- what the session says ------------------------------------------------------------------

    def show_page(self, page: Page) -> None:
        """Put another page in the middle."""
        if self._page is not None and self._page is not page:
            self._page.hide()
            self._page.setParent(None)
            self._page.deleteLater()
        self._page = page
        self._row.insertWidget(0, page)
        self._row.setStretchFactor(0, 1)
        page.show()
        page.setFocus()

    def show_state(self, state: State) -> None:
        """The title says which document it is and whether it is changed."""
        self.setWindowTitle(f"{state.title}[*] — {APP_NAME}")
        self.setWindowModified(state.is_changed)

    def fulfil(self, wish: Wish) -> None:
        """Do what the session cannot."""
        deeds: dict[Wish, Callable[[], object]] = {
            Wish.NEW: self.new_wanted.emit,
            Wish.OPEN: self._open,
            Wish.SAVE_AS: self._save_as,
            Wish.CLOSE: self.close,
            Wish.QUIT: self.quit_wanted.emit,
            Wish.FIND: self.find_bar.open,
            Wish.REPLACE: lambda: self.find_bar.open(replacing=True),
            Wish.FIND_NEXT: self.find_bar.go,
            Wish.FIND_PREVIOUS: lambda: self.find_bar.go(backwards=True),
            Wish.GO_TO_HEADING: self._to_headings,
            Wish.PROJECT: self._to_tree,
            Wish.BIBLE: self._to_bible,
            Wish.ENTRY_CARD: self._to_card,
            Wish.IMPORT_LORE: self._import_lore,
            Wish.BOARD: lambda: self._show_beside(BoardPage),
            Wish.TIMELINE: lambda: self._show_beside(TimelinePage),
            Wish.SETUPS: lambda: self._show_beside(SetupsPage),
            Wish.PROJECT_SEARCH: self._to_search,
            Wish.DAYS: lambda: self._show_beside(DaysPage),
            Wish.IMPORT: self._import,
            Wish.MAKE_PROJECT: lambda: self._show_import(None),
            Wish.PICTURE: self._show_picture,
            Wish.NEW_PROJECT: self._new_project,
            Wish.OPEN_PROJECT: self._open_project,
            Wish.PROJECT_PAGE: lambda: self._show_beside(ProjectPage),
            Wish.STATEMENT: self._state_authorship,
            Wish.CONSISTENCY: lambda: self._show_beside(ConsistencyPage),
            Wish.PALETTE: self.palette_.open,
            Wish.OPEN_BACKUP: self._open_backup,
            Wish.HISTORY: lambda: self._show_beside(HistoryPage),
            Wish.NAME_VERSION: self._name_version,
            Wish.SETTINGS: lambda: self._show_beside(SettingsPage),
            Wish.CHOOSE_MODEL: self._choose_model,
            Wish.MODELS: lambda: self._show_beside(ModelsPage),
            Wish.STORY_PANEL: lambda: self.frame.toggle("story"),
            Wish.WRITING_PANEL: lambda: self.frame.toggle("writing"),
            Wish.NOTE: self._to_note,
            Wish.REWRITE_PANEL: self._to_rewriting,
            Wish.OUTLINE_PANEL: self._to_outline,
            Wish.LEARN_METHOD: self._learn_method,
            Wish.INSTRUCTION: self._to_instruction,
            Wish.CHANGES: self._to_changes,
            Wish.ASK_HERE: self.ask_line.open,
            Wish.PAGE: self._to_page,
            Wish.ONLY_PAGE: self.toggle_only_page,
            Wish.ABOUT: lambda: self._show_beside(About),
            Wish.REPORT: lambda: self._show_beside(CrashReport),
            Wish.OPEN_PRESET: self._open_preset,
            Wish.SAVE_PRESET: self._save_preset,
        }
        deeds[wish]()

    # -- deeds ----------------------------------------------------------------------------------

    def toggle_only_page(self) -> None:
        """Leave only the page on the screen, or bring everything back."""
        only = not self.isFullScreen()
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)
        self.menuBar().setVisible(not only)
        # Where text goes to a server, that stays said.
        self.status.setVisible(not only or self.status.destination.is_needed)
        self.frame.hide_panels(hidden=only)
        self.beside_page.setVisible(not only and self.session.book.beside.shown is not None)
        self._to_page()

    def ask_about(self, address: Address) -> None:
        """Show where a link leads, and ask whether to go there."""
        LinkDialog(address, self).show()

    def dismiss(self) -> None:
        """Go without closing the document: another window takes the session over."""
        self.is_dismissed = True
        self.session.page.setParent(None)
        self.close()
        self.deleteLater()

    def _open(self) -> None:
        paths = ask_open(self, self._folder())
        if paths:
            self.session.files_wanted.emit([str(path) for path in paths])

    def _save_as(self) -> None:
        path = ask_save(self, self.session.document, self._folder())
        if path is not None:
            self.session.filing.save_as(path)

    def _open_backup(self) -> None:
        chosen = ask_backup(self, self.session.services.preferences.values.files.backups)
        if chosen is not None:
            self.session.filing.bring_back(*chosen)

    def _name_version(self) -> None:
        name = ask_name(self)
        if name:
            self.session.keeping.take(Why.NAMED, name)

    def _choose_model(self) -> None:
        chosen = self.session.services.preferences.values.model.path
        is_file = chosen and not servers.is_server(chosen)
        path = ask_model(self, chosen if is_file else str(self.session.services.places.models))
        if path:
            self.session.choose_model(path)

    def _open_preset(self) -> None:
        presets = self.session.presets
        path = ask_preset(self, presets.folder)
        if path is not None:
            presets.open(path)

    def _save_preset(self) -> None:
        presets = self.session.presets
        chosen = ask_save_preset(self, presets.folder)
        if chosen is not None:
            presets.save(*chosen, self.session.choices.sampling)

    def _show_beside(
        self,
        kind: type[
            SettingsPage
            | ModelsPage
            | HistoryPage
            | BoardPage
            | TimelinePage
            | SetupsPage
            | DaysPage
            | ConsistencyPage
            | ProjectPage
            | About
            | CrashReport
        ],
    ) -> None:
        """Show one such page, however often it is asked for."""
        page = self.findChild(kind) or kind(self.session, self)
        page.show()
        page.raise_()
        page.activateWindow()

    def _folder(self) -> str:
        path = self.session.document.path
        recent = self.session.services.memory.values.recent
        return str(path.parent) if path else recent[0].rpartition("/")[0] if recent else ""

    def _to_page(self) -> None:
        self.session.page.setFocus()

    def _to_headings(self) -> None:
        self.frame.reveal("story")
        self.story.focus_headings()

    def _to_tree(self) -> None:
        self.frame.reveal("story")
        self.story.focus_tree()

    def _to_bible(self) -> None:
        self.frame.reveal("writing")
        self.tabs.setCurrentWidget(self.bible)
        self.bible.focus_list()

    def _to_entry(self, entry: str) -> None:
        self._to_bible()
        self.bible.open(entry)
        self.activateWindow()

    def _to_card(self) -> None:
        """The card of the name at the caret; asked for again, its entry."""
        if self.card.isVisible() and self.card.card:
            entry, _facts = self.card.card.entries[0]
            self.card.hide()
            self._to_entry(entry.id)
        elif not self.card.show_at_caret():
            text = _("The bible knows no name here.")
            self.notices.show_notice(Notice(text, key="card"))

    def _import_lore(self) -> None:
        path = ask_lore(self, self._folder())
        if path is not None:
            self.session.book.lore.take_in(path)

    def _to_search(self) -> None:
        self.frame.reveal("story")
        self.story.focus_search()

    def _import(self) -> None:
        source = ask_manuscript(self, self._folder())
        if source is not None:
            self._show_import(source)

    def _show_import(self, source: Path | None) -> None:
        if old := self.findChild(ImportPage):
            old.close()
        ImportPage(self.session, self, source, self._folder()).show()

    def _new_project(self) -> None:
        chosen = ask_new_project(self, self._folder())
        if chosen is not None:
            self.session.book.binder.found(*chosen)

    def _state_authorship(self) -> None:
        project = self.session.book.binder.project
        path = ask_statement(self, str(project.project.folder.parent)) if project else None
        if path is not None:
            self.session.book.statements.write(path)

    def _open_project(self) -> None:
        folder = ask_project(self, self._folder())
        if folder is not None:
            self.session.book.binder.open(folder)

    def _show_picture(self) -> None:
        path = ask_picture(self, self._folder())
        if path is not None:
            self.session.book.beside.show_picture(path)

    def _make_room(self) -> None:
        """For what is beside the page, the panels give way."""
        self.frame.reserve(0 if self.session.book.beside.shown is None else BESIDE)

    def _to_note(self) -> None:
        self.frame.reveal("writing")
        self.tabs.setCurrentWidget(self.continuation)
        self.continuation.focus_note()

    def _to_rewriting(self) -> None:
        self.frame.reveal("writing")
        self.tabs.setCurrentWidget(self.rewriting)

    def _to_outline(self) -> None:
        self.frame.reveal("writing")
        self.tabs.setCurrentWidget(self.outline)
        self.outline.focus()

    def _learn_method(self) -> None:
        path = ask_book(self, self._folder())
        if path is not None:
            self.session.book.learn_method(path)

    def _to_instruction(self) -> None:
        self._to_rewriting()
        self.rewriting.focus_instruction()

    def _to_changes(self) -> None:
        self._to_rewriting()
        self.rewriting.focus_changes()

    # -- building and events --------------------------------------------------------------------

    def _tabs(self) -> QTabWidget:
        tabs = QTabWidget()
        tabs.setDocumentMode(True)
        tabs.setAccessibleName(_("Writing panel"))
        tabs.addTab(self.continuation, _("Continue"))
        tabs.addTab(self.rewriting, _("Rewrite"))
        tabs.addTab(self.outline, _("Outline"))
        tabs.addTab(self.bible, _("Bible"))
        return tabs

    def _middle(self) -> QWidget:
        middle = QWidget()
        middle.setLayout(self._centre)
        self._centre.setContentsMargins(0, 0, 0, 0)
        self._centre.setSpacing(0)
        self._centre.addWidget(self.notices)
        self._centre.addWidget(self.find_bar)
        self._row.setHandleWidth(1)
        self._row.setChildrenCollapsible(False)
        self._row.addWidget(self.beside_page)
        self._centre.addWidget(self._row, 1)
        return middle

    def _take_place(self) -> None:
        memory = self.session.services.memory.values
        if not (memory.geometry and self.restoreGeometry(_bytes(memory.geometry))):
            self.resize(1240, 800)
        if memory.splitter:
            self.frame.restoreState(_bytes(memory.splitter))

    def changeEvent(self, event: QEvent) -> None:
        """While she was in another window, another program may have changed the file."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self.session.filing.look_outside()
            self.session.book.beside.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Panels give way before the page does."""
        super().resizeEvent(event)
        if not self.isFullScreen():
            self.frame.fit(event.size().width())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc brings the window back from only the page."""
        if event.key() == Qt.Key.Key_Escape and self.isFullScreen():
            self.toggle_only_page()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files may be dropped anywhere."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open dropped files."""
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.session.files_wanted.emit(paths)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Nothing unsaved is lost, and nothing is asked in a modal dialog."""
        if self.is_dismissed:
            event.accept()
            return
        if not self.leaving.may_leave():
            event.ignore()
            return
        self.bible.editor.flush()
        memory = self.session.services.memory.values
        memory.geometry = bytes(self.saveGeometry().data()).hex()
        memory.splitter = bytes(self.frame.saveState().data()).hex()
        self.session.close(in_log=self.leaving.trusts_log)
        event.accept()
        self.closed.emit(self)


def _bytes(text: str) -> QByteArray:
    return QByteArray.fromHex(QByteArray(text.encode()))
