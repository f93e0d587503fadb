"""While the writer pauses, the engine is told to read what is new, and nothing else."""

import psutil
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from writer_app.ui.session import reading_along


@pytest.fixture(autouse=True)
def short_pause(monkeypatch):
    monkeypatch.setattr(reading_along, "PAUSE_MS", 10)


@pytest.fixture
def desk(short_pause, session, engine):
    session.page.insertPlainText("It was late. ")
    engine.load()
    return session, engine


def rest(qtbot):
    qtbot.wait(60)


def test_in_a_pause_what_would_be_asked_is_read(desk, qtbot):
    session, engine = desk
    QTest.keyClicks(session.page, "So it")
    rest(qtbot)
    assert engine.read_ahead[-1].text == "It was late. So it"
    assert engine.read_ahead[-1].caret == session.page.caret
    assert not engine.asks


def test_a_key_stops_it_before_it_is_applied(desk, qtbot):
    session, engine = desk
    rest(qtbot)
    before = engine.readings_stopped
    QTest.keyClick(session.page, Qt.Key.Key_A)
    assert engine.readings_stopped > before


def test_nothing_new_is_nothing_to_read(desk, qtbot):
    session, engine = desk
    rest(qtbot)
    read = len(engine.read_ahead)
    session.page.set_caret(3)
    session.page.set_caret(session.document.length)
    rest(qtbot)
    rest(qtbot)
    assert len(engine.read_ahead) == read


def test_the_place_of_the_caret_is_what_is_read_up_to(desk, qtbot):
    session, engine = desk
    session.page.set_caret(6)
    rest(qtbot)
    assert engine.read_ahead[-1].caret == 6


def test_it_does_nothing_while_an_answer_comes_while_composing_or_when_switched_off(desk, qtbot):
    session, engine = desk
    rest(qtbot)
    read = len(engine.read_ahead)
    session.set_preference("model", "read_along", False)
    QTest.keyClicks(session.page, "off")
    rest(qtbot)
    session.set_preference("model", "read_along", True)
    QApplication.sendEvent(session.page, QInputMethodEvent("ni", []))
    rest(qtbot)
    QApplication.sendEvent(session.page, QInputMethodEvent("", []))
    session.continue_text()
    session.page.set_caret(2)
    rest(qtbot)
    assert len(engine.read_ahead) == read


def test_it_does_nothing_on_battery(desk, qtbot, monkeypatch):
    session, engine = desk
    rest(qtbot)
    read = len(engine.read_ahead)
    battery = type("Battery", (), {"power_plugged": False})
    monkeypatch.setattr(psutil, "sensors_battery", lambda: battery, raising=False)
    QTest.keyClicks(session.page, "on")
    rest(qtbot)
    assert len(engine.read_ahead) == read


@pytest.mark.parametrize(("plugged", "wanted", "spared"), [(0, 1, 1), (1, 1, 0), (0, 0, 0)])
def test_on_battery_an_answer_spares_it_unless_she_wants_all(
    desk, monkeypatch, plugged, wanted, spared
):
    session, engine = desk
    battery = type("Battery", (), {"power_plugged": bool(plugged)})
    monkeypatch.setattr(psutil, "sensors_battery", lambda: battery, raising=False)
    session.set_preference("model", "saver", bool(wanted))
    session.continue_text()
    assert engine.asks[-1].saving == bool(spared)


def test_it_loads_no_model(session, engine, qtbot):
    QTest.keyClicks(session.page, "So")
    rest(qtbot)
    assert not engine.read_ahead


def test_forgetting_names_the_file_and_says_so(desk, qtbot, tmp_path):
    session, engine = desk
    path = tmp_path / "story.md"
    path.write_text("It was late.", "utf-8")
    session.open(path)
    notices = []
    session.noticed.connect(notices.append)
    session.forget_memory()
    assert engine.forgotten == [str(path)]
    assert "forgotten" in notices[-1].text
