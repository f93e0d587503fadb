"""The timeline: scenes as they happen and as they are told, and who is in them."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from tests.ui.projects import novel
from writer_app.story.bible import Entry, Kind
from writer_app.ui.panels.timeline_model import CellRole
from writer_app.ui.session.state import Wish
from writer_app.ui.shell.timeline_page import TimelinePage


@pytest.fixture
def window(make_program, tmp_path, qtbot):
    book = novel(tmp_path / "boat")
    book.path("text/oars.md").write_text("Anna had no oars, and Anna wept.\n", "utf-8")
    window = make_program(book.path("text/fog.md")).desk.windows[0]
    binder = window.session.book.binder
    qtbot.waitUntil(lambda: binder.current == "fog" and binder.project.entries.is_read)
    return window


@pytest.fixture
def page(window):
    window.fulfil(Wish.TIMELINE)
    return window.findChild(TimelinePage)


def typed(page, scene, words):
    """What she types in the cell of a scene."""
    page.view.mark(scene)
    QTest.keyClick(page.view, Qt.Key.Key_F2)
    editor = page.view.viewport().findChild(QLineEdit)
    editor.setText(words)
    QTest.keyClick(editor, Qt.Key.Key_Return)
    QApplication.sendPostedEvents()  # Qt takes it over, and the editor away, a moment later
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_a_time_that_is_typed_puts_the_scene_where_it_happens(page, window):
    assert page.view.cells.columns == ("fog", "oars", "lamp")
    assert page.view.scene == "fog"
    assert "ten years earlier" in page.teaching.text()
    assert "Characters of the story bible" in page.teaching.text()
    typed(page, "lamp", "ten years earlier")
    tree = window.session.book.binder.tree
    assert tree["lamp"].when == "ten years earlier"
    assert page.view.cells.columns == ("lamp", "fog", "oars")
    assert page.view.scene == "lamp"
    assert page.told.text() == "1 scene is told out of its time"
    assert page.place.text() == "Lamp comes first in the story, and is told as number 3."
    page.by_text.click()
    assert page.view.cells.columns == ("fog", "oars", "lamp")
    typed(page, "oars", "once")
    assert "gives no order" in page.place.text()
    QTest.keyClick(page.view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window.session.book.binder.tree["oars"].when == ""


def test_a_scene_is_put_elsewhere_by_keys_and_by_dragging_and_its_time_can_decide_again(
    page, window
):
    tree = lambda: window.session.book.binder.tree  # noqa: E731
    page.view.mark("fog")
    QTest.keyClick(page.view, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert page.view.cells.columns == ("oars", "fog", "lamp")
    page.view.heads.moveSection(2, 0)
    assert page.view.cells.columns == ("lamp", "oars", "fog")
    assert [page.view.heads.visualIndex(at) for at in range(3)] == [0, 1, 2]
    assert [item.id for item in tree().manuscript] == ["fog", "oars", "lamp"]
    assert page.view.scene == "lamp"
    page.free_button.click()
    assert tree()["lamp"].after == ""
    typed(page, "fog", "1812")
    assert tree()["fog"].after == ""
    assert page.view.cells.columns == ("fog", "oars", "lamp")


def test_cells_are_filled_where_those_she_chooses_are_named_and_return_goes_there(
    page, window, qtbot
):
    entries = window.session.book.binder.project.entries
    thread = Entry(id="debt", name="Debt", kind=Kind.THREAD, opened="fog", due="lamp", paid="lamp")
    entries.put(Entry(id="anna", name="Anna"), Entry(id="bo", name="Bo"), thread)
    qtbot.waitUntil(lambda: page.view.cells.rowCount() == 3)
    cells = page.view.cells
    assert [cells.index(1, at).data(CellRole.TIMES) for at in range(3)] == [0, 2, 0]
    assert [cells.index(2, at).data(CellRole.MARK) for at in range(3)] == ["opened", "", "due paid"]
    said = cells.index(1, 1).data(Qt.ItemDataRole.AccessibleTextRole)
    assert said == "Anna, Oars: named 2 times"
    page.view.mark("oars", 1)
    QTest.keyClick(page.view, Qt.Key.Key_Return)
    session = window.session
    qtbot.waitUntil(
        lambda: session.book.binder.current == "oars" and session.page.selection == (0, 4)
    )
    assert page.isVisible()

    page.who.menu().aboutToShow.emit()
    actions = {each.data(): each for each in page.who.menu().actions() if each.data()}
    assert not actions["bo"].isChecked()
    actions["anna"].trigger()
    assert window.session.book.binder.project.facts.timeline == ("debt",)
    assert [each.id for each in cells.lines.rows] == ["debt"]
    page.whole.click()
    assert page.view.heads.sectionSize(0) <= page.view.viewport().width() // 3
