"""The composition root of the window: the one module that knows everyone, and the last line of defence."""

import contextlib
import os
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QLibraryInfo, QLocale, QObject, QTimer, QTranslator, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from writer_app import __version__, assets, language
from writer_app.assets import Places, private
from writer_app.engine.keys import Keys
from writer_app.errors import JournalFailed, Unforeseen, WriterError
from writer_app.language import APP_NAME, _
from writer_app.settings import SettingsFile
from writer_app.story import recovery
from writer_app.story.backup import Sources
from writer_app.story.days import Days
from writer_app.story.history import History
from writer_app.story.journal import Journal
from writer_app.story.recovery import Recovered
from writer_app.story.saver import Saver
from writer_app.story.snapshots import Snapshots
from writer_app.text.discreet import told
from writer_app.ui.bridge import Bridge
from writer_app.ui.session.aside import Aside
from writer_app.ui.session.backups import Backups
from writer_app.ui.session.diary import Diary
from writer_app.ui.session.engine import Engine, Turns
from writer_app.ui.session.memory import Memory
from writer_app.ui.session.projects import Projects
from writer_app.ui.session.recipes import Recipes
from writer_app.ui.session.services import Preferences, Services
from writer_app.ui.session.state import Action, Notice
from writer_app.ui.session.wording import in_window
from writer_app.ui.shell.collector import Collector
from writer_app.ui.shell.crash_report import LOG_NAME
from writer_app.ui.shell.desk import Desk
from writer_app.ui.shell.faults import Faults
from writer_app.ui.shell.theme import Themes

#: Seconds that a failing program waits for the journal to reach the disk.
_LAST_FLUSH = 2.0
#: Seconds that the end waits for saves. What is not saved by then was given up, and is in the journal.
_LAST_SAVE = 5.0
#: After the first window is up, the model is loaded in its own process.
WARM_MS = 2_000
#: When the start is over, old versions are thinned out.
THIN_MS = 20_000
#: Bytes of the log of unforeseen errors that are kept.
_MOST_LOG = 200_000


class Program(QObject):
    """Everything that lives as long as the program.

    Args:
        places: The user's folders.
        make_engine: Makes the bridge; tests hand in a stub.
        lang: The language to begin in, whatever the settings say; empty: theirs.
    """

    _failed = Signal(object)
    _restored = Signal()

    def __init__(
        self, places: Places, make_engine: Callable[[Places], Engine] = Bridge, lang: str = ""
    ) -> None:
        super().__init__()
        self._places = places
        places.close_to_others()
        self._translator = QTranslator(self)
        preferences = Preferences(SettingsFile(places.config), self)
        self._speak(lang or preferences.values.interface.language)
        # What a crash left must be read before this run begins journals of its own.
        history = History(places.state / "history")
        self._unreadable: list[WriterError] = []
        self._recovered = _left_behind(places.state / "journal", history, self._unreadable.append)
        self.engine = make_engine(places)
        journal = Journal(
            places.state / "journal",
            history,
            failed=self._failed.emit,
            restored=self._restored.emit,
        )
        snapshots = Snapshots(places.data / "versions.db", put_aside=self._failed.emit)
        aside = Aside(self)
        self.services = Services(
            places=places,
            preferences=preferences,
            memory=Memory(places.state),
            saver=Saver(places.state / "copies"),
            journal=journal,
            history=history,
            snapshots=snapshots,
            backups=Backups(Sources(history, snapshots), journal, self),
            turns=Turns(self.engine, self),
            aside=aside,
            recipes=Recipes(places.recipes, self),
            projects=Projects(aside, self),
            diary=Diary(Days(places.data), aside, self),
            keys=Keys(),
        )
        self._name_servers()
        self.themes = Themes(assets.resources() / "themes", preferences, self)
        self.desk = Desk(self.services, self.themes, self)
        self._failed.connect(self._show)
        self._restored.connect(partial(self.desk.settle_notice, JournalFailed.__name__))
        self.services.backups.failed.connect(self._show)
        preferences.changed.connect(self._on_preference)
        self.services.recipes.changed.connect(self._on_recipes)
        preferences.failed.connect(self._show)
        self.engine.warned.connect(self._show)
        if not preferences.values.model.graphics:
            self.engine.use_graphics(wanted=False)

    def begin(self, paths: list[str], fault: str = "") -> None:
        """Open the first windows; ``fault`` is what native code left when it ended the program last time."""
        self.desk.begin(paths, self._recovered)
        if fault:
            text = _(
                "Longhand ended by a fault last time. You can read what a report about it would say."
            )
            self._offer_report(text, fault, key="fault")
        for problem in (*self._unreadable, *self.services.recipes.broken):
            self._show(problem)
        QTimer.singleShot(WARM_MS, self, self._warm)
        QTimer.singleShot(THIN_MS, self, self._thin)

    def end(self) -> None:
        """Let everything come to its end: saves first, then journal, then engine."""
        self.services.saver.wait(_LAST_SAVE)
        self.services.projects.finish(_LAST_SAVE)
        self.services.diary.finish()
        self.services.journal.close()
        self.services.backups.finish()
        self.engine.close()
        self.services.memory.save()
        self.services.preferences.flush()

    def secure(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        """What nobody caught: put the text on disk first, then write the error down, then say so."""
        self.services.journal.flush(timeout=_LAST_FLUSH)
        # Without what it says, which may quote her text: logs and reports are read by others.
        happened = told(kind, error, trace)
        sys.stderr.write(happened + "\n")
        with contextlib.suppress(OSError):
            _append_log(self._places.state / LOG_NAME, happened)
        self._failed.emit(Unforeseen(detail=happened))

    def _on_recipes(self) -> None:
        """Her recipes have changed: menus and panels are made of them."""
        self.desk.rebuild()
        for problem in self.services.recipes.broken:
            self._show(problem)

    def _show(self, error: WriterError) -> None:
        if isinstance(error, Unforeseen):
            self._offer_report(in_window(error), error.detail, key=error.code)
            return
        self.desk.show_notice(
            Notice(in_window(error), detail=error.detail, key=_matter(error), is_problem=True)
        )

    def _offer_report(self, text: str, happened: str, key: str) -> None:
        action = Action(_("Details…"), partial(self.desk.show_report, happened))
        self.desk.show_notice(Notice(text, (action,), key=key, is_problem=True))

    def _warm(self) -> None:
        """Load the model while the writer reads herself in, so that her first question need not wait."""
        if self.desk.windows:
            self.desk.windows[0].session.warm()

    def _thin(self) -> None:
        """Let old versions go; where that fails, the next one that is to be kept will say so."""
        self.services.aside.run(self.services.snapshots.thin, lambda _done: None, self)

    def _name_servers(self) -> None:
        known = self.services.preferences.values.model.servers
        self.engine.use_servers(known, self.services.keys)

    def _on_preference(self, topic: str, field: str) -> None:
        if (topic, field) == ("model", "servers"):
            self._name_servers()
        if (topic, field) == ("model", "graphics"):
            self.engine.use_graphics(wanted=self.services.preferences.values.model.graphics)
            self._warm()
        if (topic, field) == ("interface", "language"):
            self._speak(self.services.preferences.values.interface.language)
            # Not while the settings page that asked for it is still in its own slot.
            QTimer.singleShot(0, self, self.desk.rebuild)

    def _speak(self, tag: str) -> None:
        """Use this language, for our words and for Qt's own."""
        chosen = language.use(language.preferred() if tag == "auto" else tag)
        QGuiApplication.removeTranslator(self._translator)
        self._translator = QTranslator(self)
        QLocale.setDefault(QLocale(chosen))
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if self._translator.load(f"qtbase_{chosen}", folder):
            QGuiApplication.installTranslator(self._translator)


def _left_behind(
    folder: Path, history: History, failed: Callable[[WriterError], None]
) -> list[Recovered]:
    """What a crash left in ``folder``. Where it cannot be read the program starts all the same.

    The files stay for the next start, and the journal of this run says what is wrong with the folder.
    """
    try:
        return recovery.pending(folder, history, failed)
    except OSError:
        return []


def _matter(error: WriterError) -> str:
    """The key of a notice: of what happened to one file, that to another must not take the place."""
    return f"{error.code} {error.params.get('path', '')}".strip()


def run(
    paths: list[str],
    lang: str = "",
    places: Places | None = None,
    make_engine: Callable[[Places], Engine] = Bridge,
) -> int:
    """Open the window, in ``lang`` if given, and stay until the last one closes; returns the exit status."""
    app = application()
    program = Program(places or Places.standard(), make_engine, lang)
    sys.excepthook = program.secure
    threading.excepthook = lambda failed: program.secure(
        failed.exc_type, failed.exc_value or SystemExit(), failed.exc_traceback
    )
    faults = Faults(program.services.places.state)
    sys.unraisablehook = _tell_unraisable
    program.begin(paths, faults.begin())
    collector = Collector()
    app.setQuitOnLastWindowClosed(False)
    program.desk.emptied.connect(app.quit)
    app.commitDataRequest.connect(lambda _manager: program.services.journal.flush(_LAST_FLUSH))
    try:
        return app.exec()
    finally:
        program.end()
        collector.close()
        faults.end()
        sys.excepthook = sys.__excepthook__
        sys.unraisablehook = sys.__unraisablehook__
        threading.excepthook = threading.__excepthook__


def application() -> QApplication:
    """The Qt application, made where there is none yet."""
    found = QApplication.instance()
    app = found if isinstance(found, QApplication) else QApplication([APP_NAME])
    app.setApplicationName("longhand")
    app.setApplicationDisplayName("")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("longhand")
    return app


def _tell_unraisable(failed: "sys.UnraisableHookArgs") -> None:
    """What fails while an object is freed harms nothing; it is told without the object, which may be text."""
    error = failed.exc_value or SystemExit()
    sys.stderr.write(f"while freeing:\n{told(failed.exc_type, error, failed.exc_traceback)}\n")


def _append_log(path: Path, text: str) -> None:
    old = path.read_text("utf-8", "replace")[-_MOST_LOG:] if path.is_file() else ""
    private(path.parent)
    path.unlink(missing_ok=True)  # the new one is this user's only from its first byte
    with os.fdopen(
        os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
    ) as file:
        file.write(f"{old}{datetime.now(UTC):%Y-%m-%d %H:%M} {__version__}\n{text}\n\n")
