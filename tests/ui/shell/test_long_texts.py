"""A book opens without holding the window: its page is made on another thread."""

import threading

import pytest
from PySide6.QtGui import QGuiApplication

from writer_app.ui.editor import highlight, preparing, sheet
from writer_app.ui.shell.desk import LONG


@pytest.fixture
def book(tmp_path, pride):
    path = tmp_path / "book.md"
    path.write_text(pride, "utf-8")
    assert len(pride) > LONG
    return path


@pytest.fixture
def built(monkeypatch):
    """The threads on which pages were built."""
    threads = []

    def build(text, formats):
        threads.append(threading.current_thread())
        return highlight.build(text, formats)

    monkeypatch.setattr(sheet, "build", build)
    monkeypatch.setattr(preparing, "build", build)
    return threads


def opened(program, window, path, qtbot):
    program.desk.open_files([str(path)])
    qtbot.waitUntil(lambda: window.session.document.path == path)
    return window.session.page


def test_its_page_is_built_aside_and_is_like_any_other(book, built, program, window, pride, qtbot):
    built.clear()
    page = opened(program, window, book, qtbot)
    assert [thread is threading.main_thread() for thread in built] == [False]
    assert page.document().thread() is QGuiApplication.instance().thread()
    assert page.manuscript.text == pride
    assert page.toPlainText() == pride
    page.set_caret(len(pride) // 2)
    page.insertPlainText("雪😀")
    assert page.manuscript.text == page.toPlainText()
    window.session.undo()
    assert page.manuscript.text == pride


def test_a_short_text_is_there_at_once(tmp_path, built, program, window):
    path = tmp_path / "short.md"
    path.write_text("Short.", "utf-8")
    built.clear()
    program.desk.open_files([str(path)])
    assert window.session.document.text == "Short."
    assert [thread is threading.main_thread() for thread in built] == [True]


def test_where_the_style_has_changed_meanwhile_the_page_is_built_anew(
    book, built, program, window, pride, qtbot
):
    program.desk.open_files([str(book)])
    window.session.set_preference("page", "size", 20.0)
    qtbot.waitUntil(lambda: window.session.document.path == book)
    assert built[-1] is threading.main_thread()
    assert window.session.page.page_style.size == 20.0
    assert window.session.page.toPlainText() == pride


def test_two_books_at_once_get_a_window_each(book, tmp_path, program, window, qtbot, pride):
    other = tmp_path / "other.md"
    other.write_text(pride[: LONG + 1], "utf-8")
    program.desk.open_files([str(book), str(other)])
    qtbot.waitUntil(lambda: len(program.desk.windows) == 2)
    paths = [each.session.document.path for each in program.desk.windows]
    assert sorted(paths) == [book, other]
