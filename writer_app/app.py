"""The composition root of the window: the one module that knows everyone, and the last line of defence."""

import contextlib
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QLibraryInfo, QLocale, QObject, QTimer, QTranslator, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from writer_app import __version__, assets, language
from writer_app.assets import Places
from writer_app.craft import recipe
from writer_app.errors import Unforeseen, WriterError
from writer_app.language import APP_NAME
from writer_app.settings import SettingsFile
from writer_app.story import recovery
from writer_app.story.backup import Sources
from writer_app.story.history import History
from writer_app.story.journal import Journal
from writer_app.story.saver import Saver
from writer_app.story.snapshots import Snapshots
from writer_app.ui.bridge import Bridge
from writer_app.ui.session.aside import Aside
from writer_app.ui.session.backups import Backups
from writer_app.ui.session.engine import Engine, Turns
from writer_app.ui.session.memory import Memory
from writer_app.ui.session.services import Preferences, Services
from writer_app.ui.session.state import Notice
from writer_app.ui.session.wording import in_window
from writer_app.ui.shell.collector import Collector
from writer_app.ui.shell.desk import Desk
from writer_app.ui.shell.theme import Themes

#: Seconds that a failing program waits for the journal to reach the disk.
_LAST_FLUSH = 2.0
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

    def __init__(
        self, places: Places, make_engine: Callable[[Places], Engine] = Bridge, lang: str = ""
    ) -> None:
        super().__init__()
        self._places = places
        self._translator = QTranslator(self)
        preferences = Preferences(SettingsFile(places.config), self)
        self._speak(lang or preferences.values.interface.language)
        # What a crash left must be read before this run begins journals of its own.
        history = History(places.state / "history")
        self._recovered = recovery.pending(places.state / "journal", history)
        self.engine = make_engine(places)
        folders = [assets.resources() / "recipes", places.data / "recipes"]
        recipes, self._broken = recipe.load_all(folders, "continue")
        journal = Journal(places.state / "journal", history, failed=self._failed.emit)
        snapshots = Snapshots(places.data / "versions.db")
        self.services = Services(
            places=places,
            preferences=preferences,
            memory=Memory(places.state),
            saver=Saver(),
            journal=journal,
            history=history,
            snapshots=snapshots,
            backups=Backups(Sources(history, snapshots), journal, self),
            turns=Turns(self.engine, self),
            aside=Aside(self),
            recipes=recipes,
        )
        self.themes = Themes(assets.resources() / "themes", preferences, self)
        self.desk = Desk(self.services, self.themes, self)
        self._failed.connect(self._show)
        self.services.backups.failed.connect(self._show)
        preferences.changed.connect(self._on_preference)
        preferences.failed.connect(self._show)
        self.engine.warned.connect(self._show)
        if not preferences.values.model.graphics:
            self.engine.use_graphics(wanted=False)

    def begin(self, paths: list[str]) -> None:
        """Open the first windows."""
        self.desk.begin(paths, self._recovered)
        for problem in self._broken:
            self._show(problem)
        QTimer.singleShot(WARM_MS, self, self._warm)
        QTimer.singleShot(THIN_MS, self, self._thin)

    def end(self) -> None:
        """Let everything come to its end: saves first, then journal, then engine."""
        self.services.saver.wait()
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
        detail = "".join(traceback.format_exception(kind, error, trace))
        sys.stderr.write(detail)
        with contextlib.suppress(OSError):
            _append_log(self._places.state / "errors.log", detail)
        self._failed.emit(Unforeseen(detail=detail))

    def _show(self, error: WriterError) -> None:
        self.desk.show_notice(
            Notice(in_window(error), detail=error.detail, key=error.code, is_problem=True)
        )

    def _warm(self) -> None:
        """Load the model while the writer reads herself in, so that her first question need not wait."""
        if self.desk.windows:
            self.desk.windows[0].session.warm()

    def _thin(self) -> None:
        """Let old versions go; where that fails, the next one that is to be kept will say so."""
        self.services.aside.run(self.services.snapshots.thin, lambda _done: None, self)

    def _on_preference(self, topic: str, field: str) -> None:
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


def run(paths: list[str], lang: str = "", places: Places | None = None) -> int:
    """Open the window, in ``lang`` if given, and stay until the last one closes; returns the exit status."""
    app = application()
    program = Program(places or Places.standard(), lang=lang)
    sys.excepthook = program.secure
    threading.excepthook = lambda failed: program.secure(
        failed.exc_type, failed.exc_value or SystemExit(), failed.exc_traceback
    )
    program.begin(paths)
    collector = Collector()
    app.setQuitOnLastWindowClosed(False)
    program.desk.emptied.connect(app.quit)
    app.commitDataRequest.connect(lambda _manager: program.services.journal.flush(_LAST_FLUSH))
    try:
        return app.exec()
    finally:
        program.end()
        collector.close()
        sys.excepthook = sys.__excepthook__
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


def _append_log(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    old = path.read_text("utf-8")[-_MOST_LOG:] if path.is_file() else ""
    path.write_text(old + text + "\n", "utf-8")
    path.chmod(0o600)
