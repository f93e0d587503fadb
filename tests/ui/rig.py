"""The real program in folders of its own, with an engine that a test plays by hand."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from pytestqt.qtbot import QtBot

from tests.ui.stub import StubBridge
from writer_app import app
from writer_app.assets import Places
from writer_app.ui.session.session import Session
from writer_app.ui.shell.window import Window


@pytest.fixture
def make_program(
    qtbot: QtBot, places: Places, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., app.Program]]:
    """Starts the program as often as a test wants, always in the same folders."""
    programs: list[app.Program] = []
    # On a busy machine even a small file takes a moment, and these tests look at once.
    monkeypatch.setattr("writer_app.ui.shell.desk.PATIENCE", 5.0)
    monkeypatch.setattr("writer_app.ui.session.filing.PATIENCE", 5.0)

    def make(*paths: object) -> app.Program:
        places.config.mkdir(parents=True, exist_ok=True)
        settings = places.config / "settings.toml"
        if not settings.exists():
            settings.write_text('[interface]\nlanguage = "en"\ntheme = "light"\n')
        program = app.Program(places, StubBridge)
        programs.append(program)
        program.begin([str(path) for path in paths])
        qtbot.waitUntil(lambda: not program.desk.opening)
        return program

    yield make
    for program in programs:
        for window in tuple(program.desk.windows):
            window.leaving.leave_without()
        program.end()
        program.deleteLater()
    # Now, not at the next turn of the event loop: a window left over would keep the focus in the next test.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def program(make_program: Callable[..., app.Program]) -> app.Program:
    return make_program()


@pytest.fixture
def window(program: app.Program, qtbot: QtBot) -> Window:
    found = program.desk.windows[0]
    qtbot.waitExposed(found)
    return found


@pytest.fixture
def session(window: Window) -> Session:
    return window.session


@pytest.fixture
def engine(program: app.Program) -> StubBridge:
    assert isinstance(program.engine, StubBridge)
    return program.engine
