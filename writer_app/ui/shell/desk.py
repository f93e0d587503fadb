"""All windows of the program: opening, restoring, recovering, and the end."""

import os
from functools import partial
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QDateTime, QLocale, QObject, QTimer, Signal

from writer_app.errors import FileMissing, WriterError
from writer_app.language import _
from writer_app.story import files, recovery
from writer_app.story.history import History
from writer_app.story.opening import Opening, open_file
from writer_app.story.recovery import Recovered
from writer_app.ui.editor.formats import Formats
from writer_app.ui.editor.preparing import Ready, prepare
from writer_app.ui.session.filing import absolute
from writer_app.ui.session.services import Services
from writer_app.ui.session.session import Session
from writer_app.ui.session.state import Action, Notice
from writer_app.ui.shell import leaving
from writer_app.ui.shell.compare import Comparison, as_html
from writer_app.ui.shell.crash_report import CrashReport
from writer_app.ui.shell.theme import Theme, Themes
from writer_app.ui.shell.window import Window

#: Seconds that a disk may take before the window goes on without the file.
PATIENCE = 0.05
#: Seconds within which logs of what was closed must be put away.
LOG_SECONDS = 2.0
#: Milliseconds after which it is said that the disk is slow.
TELL_WAIT_MS = 700
#: Characters from which on the page is made aside; a shorter text takes a moment that nobody feels.
LONG = 60_000


class _Found(NamedTuple):
    """A file that was read, or a name at which one can be made; ``real``: with all links followed."""

    real: Path
    opening: Opening


class Desk(QObject):
    """Holds the windows. Each has a document of its own; an untouched empty one is used again.

    Signals:
        emptied: The last window has closed.

    Attributes:
        opening: Files on their way into a window.
    """

    emptied = Signal()

    def __init__(self, services: Services, themes: Themes, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.windows: list[Window] = []
        self.opening: set[Path] = set()
        self._services = services
        self._themes = themes
        self._quitting = False
        # A quit that waits for answers about unsaved text still wants all its files back.
        self._wanted_back: list[str] = []
        self._restoring: tuple[str, ...] = ()
        # Where the files lie that were opened by another name, so that none is opened twice.
        self._real: dict[Path, Path] = {}
        themes.changed.connect(self._recolour)

    def begin(self, paths: list[str], recovered: list[Recovered]) -> None:
        """Open what is asked for, else what was open last, else an empty page; then offer what a crash left."""
        memory = self._services.memory.values
        restore = self._services.preferences.values.interface.restore
        if paths or not restore:
            self.open_files(paths)
        else:
            self._restoring = tuple(memory.open)
            for name in self._restoring:
                self._open(Path(name), is_wanted=False)
            self._restoring = ()
        if not self.windows:
            self.new_window()
        for problem in self._services.preferences.file.problems:
            self.windows[0].session.notice(problem)
        for each in reversed(recovered):
            self._offer(each)

    def new_window(self) -> Window:
        """An empty page in a window of its own."""
        self._wanted_back = []
        session = Session(self._services, self._themes.theme.page, self)
        session.files_wanted.connect(self.open_files)
        session.text_wanted.connect(partial(self._open_in, session))
        session.texts_wanted.connect(partial(self._open_several, session))
        session.filing.saved.connect(self._note_open)
        return self._window(session)

    def open_files(self, paths: list[str]) -> None:
        """Each in a window of its own; one that is open already comes to the front."""
        for each in paths:
            window = self._window_of(Path(each))
            if window is None:
                self._open(Path(each))
            else:
                _to_front(window)

    def _open_in(self, session: Session, path: Path) -> None:
        """Show a text of a project in the window of ``session``; one that is open already comes to the front."""
        window = self._window_of(path)
        if window is None:
            self._open(path, into=session)
        elif window.session is session and session.filing.several:
            self._open_several(session, [path])  # of those on the page this one by itself
        else:
            _to_front(window)

    def _open_several(self, session: Session, paths: list[Path]) -> None:
        """Show texts of a project as one, in the window of ``session``."""
        other = next((each for each in map(self._window_of, paths) if each), None)
        if other is not None and other.session is not session:
            _to_front(other)  # one text is never in two windows
            return
        back = list(session.filing.paths)

        def show(found: list[Opening] | WriterError) -> None:
            if isinstance(found, WriterError):
                session.notice(found)
                if back and paths != back:
                    self._open_several(session, back)
                else:
                    session.filing.stay()
            elif len(paths) == 1:
                session.show_file(paths[0], found[0])
            else:
                session.show_several(list(zip(paths, found, strict=True)))

        # What is on the page lets go first: its lock would be in the way, and its log is to be gone on with.
        session.filing.leave_files()
        work = partial(_open_all, paths, self._services)
        self._services.aside.run(work, show, session, patience=PATIENCE)

    def rebuild(self) -> None:
        """Make all windows anew around their sessions: the language has changed."""
        for old in tuple(self.windows):
            self.windows.remove(old)
            old.session.settled.emit(leaving.KEY)  # a question of this window, not of its text
            old.dismiss()
            new = self._window(old.session)
            for notice in old.notices.notices:
                new.notices.show_notice(notice)

    def quit(self) -> None:
        """Close all windows; one that asks about unsaved text keeps itself and the program open."""
        self._services.memory.values.open = self._wanted_back = self._paths()
        self._quitting = True
        for window in tuple(self.windows):
            window.close()
        self._quitting = False

    def show_notice(self, notice: Notice) -> None:
        """Show it in the window the writer is in."""
        if window := self._active():
            window.notices.show_notice(notice)

    def settle_notice(self, key: str) -> None:
        """What the notices of this key say is over."""
        for window in self.windows:
            window.notices.settle(key)

    def show_report(self, happened: str) -> None:
        """Show what a report about this would say, in the window the writer is in."""
        if window := self._active():
            CrashReport(window.session, window, happened).show()

    def _active(self) -> Window | None:
        """The window the writer is in, else the last one."""
        active = (each for each in self.windows if each.isActiveWindow())
        return next(active, self.windows[-1] if self.windows else None)

    def _window(self, session: Session) -> Window:
        window = Window(session)
        window.new_wanted.connect(self.new_window)
        window.quit_wanted.connect(self.quit)
        window.closed.connect(self._on_closed)
        self.windows.append(window)
        if len(self.windows) > 1:
            window.move(window.pos().x() + 28, window.pos().y() + 28)
        window.show()
        return window

    def _vacant(self) -> Window:
        """An untouched empty window, or a new one."""
        untouched = (each for each in self.windows if each.session.filing.is_untouched)
        return next(untouched, None) or self.new_window()

    def _window_for(self, session: Session | None) -> Window:
        """That of ``session``, unless what is in it is not saved; else one that nothing is lost in."""
        document = session.document if session else None
        its = (each for each in self.windows if each.session is session)
        window = next(its, None) if document and not document.is_changed else None
        return window or self._vacant()

    def _window_of(self, path: Path) -> Window | None:
        def is_it(window: Window) -> bool:
            own = window.session.filing.paths
            return path in own or path in (self._real.get(each) for each in own)

        path = absolute(path)
        return next(filter(is_it, self.windows), None)

    def _open(self, path: Path, *, is_wanted: bool = True, into: Session | None = None) -> None:
        """Read the file aside and show it, in the window of ``into`` where that may take another text.

        One that is not ``is_wanted`` may be gone without a word.
        """
        path = absolute(path)
        key = f"opening {path}"

        self.opening.add(path)

        def show(found: _Found | WriterError) -> None:
            self.opening.discard(path)
            for window in self.windows:
                window.notices.settle(key)
            if isinstance(found, _Found) and (found.opening.opened or is_wanted):
                self._prepare(path, found, into)
                return
            if isinstance(found, _Found | FileMissing):
                self._services.memory.forget_file(path)
            if isinstance(found, _Found):
                found.opening.let_go()
            if isinstance(found, WriterError) and (is_wanted or not isinstance(found, FileMissing)):
                self._vacant().session.notice(found)

        def tell_wait() -> None:
            if path in self.opening:
                text = _("Opening “{name}”. Its disk is slow to answer.")
                window = self.windows[-1] if self.windows else self.new_window()
                window.notices.show_notice(Notice(text.format(name=path.name), key=key))

        find = partial(_find, path, self._services.history)
        if not self._services.aside.run(find, show, self, patience=PATIENCE):
            QTimer.singleShot(TELL_WAIT_MS, self, tell_wait)

    def _prepare(self, path: Path, found: "_Found", into: Session | None) -> None:
        """Make the page of a long text aside, then show it."""
        text = found.opening.opened.text if found.opening.opened else ""
        if len(text) < LONG:
            self._show(path, found, into=into)
            return
        session = self.windows[-1].session if self.windows else self.new_window().session
        formats = Formats(session.style_for(text))

        self.opening.add(path)

        def show(ready: Ready | WriterError) -> None:
            self.opening.discard(path)
            self._show(path, found, ready if isinstance(ready, Ready) else None, into)

        self._services.aside.run(partial(prepare, text, formats, self.thread()), show, self)

    def _show(
        self,
        path: Path,
        found: "_Found",
        ready: Ready | None = None,
        into: Session | None = None,
    ) -> None:
        self._real[path] = found.real
        known = self._window_of(found.real)
        if known is not None:
            found.opening.let_go()
            _to_front(known)
            return
        window = self._window_for(into)
        window.session.show_file(path, found.opening, ready)
        if found.opening.opened is not None:
            self._note_open()
        else:
            text = _("There is no “{name}” yet. It will be made when you save.")
            window.session.noticed.emit(Notice(text.format(name=path.name)))
        window.activateWindow()

    def _offer(self, recovered: Recovered) -> None:
        name = recovered.path.name if recovered.path else _("Untitled")
        moment = QDateTime.fromSecsSinceEpoch(int(recovered.last_change.timestamp()))
        when = QLocale().toString(moment, QLocale.FormatType.ShortFormat)
        text = _("“{name}”: text from {when} was not saved when the program ended.")
        if recovered.damaged:
            text = _("“{name}”: text from {when} was not saved; its last words may be missing.")
        actions = (
            Action(_("Bring it back"), lambda: self._recover(recovered)),
            Action(_("Compare"), lambda: self._compare(recovered, name, notice)),
            Action(_("Throw it away"), lambda: recovery.discard(recovered)),
        )
        key = f"recovery {recovered.document_id}"
        notice = Notice(text.format(name=name, when=when), actions, key=key)
        window = self._window_of(recovered.path) if recovered.path else None
        (window or self.windows[0]).notices.show_notice(notice)

    def _recover(self, recovered: Recovered) -> None:
        window = self._window_of(recovered.path) if recovered.path else None
        if window is None or window.session.state.is_changed:
            window = self._vacant()
        window.session.filing.recover(recovered)
        window.session.page.set_caret(window.session.document.length)

    def _compare(self, recovered: Recovered, name: str, notice: Notice) -> None:
        window, colours = self.windows[0], self._themes.theme.page
        window.notices.show_notice(notice)  # it is still to be answered

        def work() -> str:
            return as_html(_text_at(recovered.path), recovered.text, colours)

        def show(page: str | WriterError) -> None:
            shown = Comparison(name, str(page), window)
            shown.set_font(window.session.page.font())
            shown.show()

        self._services.aside.run(work, show, window, patience=PATIENCE)

    def _recolour(self, theme: Theme) -> None:
        for window in self.windows:
            window.session.set_colours(theme.page)

    def _note_open(self) -> None:
        """Write down at once what is open: a crash must not lose the way back to it."""
        memory = self._services.memory
        paths = self._paths()
        is_open = paths + [each for each in self._restoring if each not in paths]
        if is_open != memory.values.open:  # it is asked at every save
            memory.values.open = is_open
            memory.save()

    def _paths(self, but: Window | None = None) -> list[str]:
        windows = (each for each in self.windows if each is not but)
        return [str(path) for each in windows for path in each.session.filing.paths[:1]]

    def _on_closed(self, window: Window) -> None:
        if not self._quitting:
            # A window closed by itself is not wanted back, unless it was the last one.
            left = self._paths(but=window)
            self._services.memory.values.open = left or self._wanted_back or self._paths()
        self.windows.remove(window)
        window.session.deleteLater()
        window.deleteLater()
        self._services.memory.save()
        if not self.windows:
            self.emptied.emit()


def _find(path: Path, history: History) -> _Found:
    """Read a file, aside. Raises a :class:`WriterError`; a missing text that could be made is none."""
    return _Found(Path(os.path.realpath(path)), open_file(path, history, may_be_new=True))


def _open_all(paths: list[Path], services: Services) -> list[Opening]:
    """Read several files, aside; where one cannot be read, none is kept open. Raises a :class:`WriterError`."""
    services.journal.flush(LOG_SECONDS)
    found: list[Opening] = []
    try:
        for path in paths:
            found.append(open_file(path, services.history))
    except WriterError:
        for each in found:
            each.let_go()
        raise
    return found


def _text_at(path: Path | None) -> str:
    """What the file holds; nothing where there is none or it cannot be read."""
    try:
        return files.read(path).text if path else ""
    except WriterError:
        return ""


def _to_front(window: Window) -> None:
    window.raise_()
    window.activateWindow()
