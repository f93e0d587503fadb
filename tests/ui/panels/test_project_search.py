"""Searching all texts of a project."""

import pytest
from PySide6.QtCore import Qt

from tests.ui.projects import novel
from writer_app.ui.panels.project_search import PlaceRole
from writer_app.ui.session.state import Wish


@pytest.fixture
def book(tmp_path):
    return novel(tmp_path / "boat")


@pytest.fixture
def window(make_program, book, qtbot):
    window = make_program(book.path("text/fog.md")).desk.windows[0]
    qtbot.waitUntil(lambda: window.session.book.binder.current == "fog")
    return window


@pytest.fixture
def search(window):
    window.fulfil(Wish.PROJECT_SEARCH)
    return window.story.search


def rows(search):
    return [(row.title, row.hit.excerpt if row.hit else row.count) for row in search.places.rows]


def test_results_come_as_one_types_and_unsaved_text_is_searched_too(window, search, qtbot):
    search.line.setText("lamp")
    qtbot.waitUntil(lambda: rows(search) == [("Lamp", 1), ("Lamp", "The lamp.")])
    assert search.told.text() == "1 place"
    window.session.page.insertPlainText("A LAMP, ")
    window.session.book.searching.again()
    qtbot.waitUntil(lambda: ("Fog", "A LAMP, Fog lay.") in rows(search))
    search.case.setChecked(True)
    qtbot.waitUntil(lambda: len(rows(search)) == 2)
    search.line.setText("nowhere")
    qtbot.waitUntil(lambda: search.told.text() == "Nothing found.")
    search.line.clear()
    qtbot.waitUntil(lambda: search.told.text().startswith("Searches"))


def test_return_opens_the_text_at_the_place_with_the_keyboard_alone(window, search, qtbot):
    search.line.setText("at all")
    qtbot.waitUntil(lambda: len(rows(search)) == 2)
    qtbot.keyClick(search.line, Qt.Key.Key_Return)
    session = window.session
    qtbot.waitUntil(lambda: session.book.binder.current == "oars")
    qtbot.waitUntil(lambda: session.page.selection == (8, 14))
    # In the same text once more, by a click.
    session.page.set_caret(0)
    at = search.list.visualRect(search.places.index(1)).center()
    qtbot.mouseClick(search.list.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert session.page.selection == (8, 14)


def test_a_place_in_notes_shows_them_beside_the_page(window, book, search, qtbot):
    beside = window.session.book.beside
    beside.show_notes()
    qtbot.waitUntil(window.beside_page.isVisible)
    window.beside_page.notes.insertPlainText("Ask the pilot 😀 about it.")
    qtbot.waitUntil(lambda: bool(window.session.book.binder.tree["fog"].notes))
    beside.close()
    window.session.book.binder.go("lamp")
    qtbot.waitUntil(lambda: window.session.book.binder.current == "lamp")
    search.line.setText("about")
    qtbot.waitUntil(lambda: len(rows(search)) == 2)
    assert search.places.index(0).data() == "Notes: Fog"
    window.session.book.searching.go(search.places.index(1).data(PlaceRole.HIT))
    qtbot.waitUntil(lambda: window.beside_page.title.text() == "Notes: Fog")
