"""Asking at the caret, and the button beside a highlight: without leaving the text."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from writer_app.ui.editor.menu import context_menu
from writer_app.ui.shell.beside_selection import REST_MS

STORY = "It was dark.\n\nThe old man went home."


@pytest.fixture
def page(session):
    session.page.insertPlainText(STORY)
    session.page.setFocus()
    return session.page


def highlight(page, words):
    start = page.manuscript.text.index(words)
    page.setTextCursor(page.cursor_at(start, start + len(words)))


def test_the_line_opens_under_the_caret_and_escape_goes_back(page, window):
    QTest.keyClick(page, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    line = window.ask_line
    assert line.isVisible()
    assert line.line.hasFocus()
    assert line.y() > page.viewport().mapTo(window, page.cursorRect().topLeft()).y()
    QTest.keyClick(line.line, Qt.Key.Key_Escape)
    assert not line.isVisible()
    assert page.hasFocus()
    assert page.manuscript.text == STORY


def test_about_a_highlight_it_rewrites_and_elsewhere_it_continues(
    page, window, session, engine, qtbot
):
    highlight(page, "It was dark.")
    QTest.keyClick(page, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(window.ask_line.line, "Colder")
    QTest.keyClick(window.ask_line.line, Qt.Key.Key_Return)
    assert (engine.asks[-1].recipe.id, engine.asks[-1].wish) == ("free", "Colder")
    assert page.hasFocus()
    session.rewriter.dismiss()
    page.set_caret(len(STORY))
    QTest.keyClick(page, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(window.ask_line.line, "He sleeps")
    QTest.keyClick(window.ask_line.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(engine.asks) == 2)
    assert engine.asks[-1].note == "He sleeps"


def test_an_empty_line_asks_nothing(page, window, engine):
    QTest.keyClick(page, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(window.ask_line.line, Qt.Key.Key_Return)
    assert engine.asks == []


def test_the_button_comes_with_a_highlight_of_the_mouse_and_goes_with_it(page, window, qtbot):
    highlight(page, "old man")
    assert not window.beside.isVisible(), "a highlight by keys is left alone"
    QTest.mouseRelease(page.viewport(), Qt.MouseButton.LeftButton)
    highlight(page, "old man")
    qtbot.waitUntil(window.beside.isVisible)
    page.set_caret(0)
    assert not window.beside.isVisible()


def test_the_button_does_not_come_where_another_window_has_the_page_by_then(page, window, qtbot):
    highlight(page, "It was dark.")
    QTest.mouseRelease(page.viewport(), Qt.MouseButton.LeftButton)
    page.setParent(None)
    qtbot.wait(REST_MS + 50)  # Qt would complain, which fails the test
    assert not window.beside.isVisible()


def test_the_button_can_be_switched_off(page, window, session, qtbot):
    session.set_preference("rewriting", "button", value=False)
    QTest.mouseRelease(page.viewport(), Qt.MouseButton.LeftButton)
    highlight(page, "old man")
    qtbot.wait(400)
    assert not window.beside.isVisible()


def test_the_context_menu_offers_the_same(page, window):
    menu = context_menu(page)
    page.menu_opening.emit(menu)
    inside = menu.actions()[0].menu()
    titles = [each.text() for each in inside.actions() if not each.isSeparator()]
    assert titles[:4] == ["Ask here…", "Correct", "Polish", "Shorten"]
    assert "Without the model" in titles


def test_a_text_for_reading_offers_none_of_it(page, window):
    page.set_read_only(read_only=True)
    menu = context_menu(page)
    page.menu_opening.emit(menu)
    assert not isinstance(menu.actions()[0].menu(), QMenu)
