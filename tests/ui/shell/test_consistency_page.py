"""Contradictions of a project in a window beside the manuscript."""

import pytest

from tests.ui.projects import novel
from writer_app.story.bible import Entry, Fact
from writer_app.ui.session.state import Wish
from writer_app.ui.shell.consistency_page import ConsistencyPage

TEXT = "Anna Reed came down to the water. Anna Reed’s eyes were brown, and she smiled.\n"


@pytest.fixture
def window(make_program, tmp_path, qtbot):
    book = novel(tmp_path / "boat")
    book.path("text/lamp.md").write_text(TEXT, "utf-8")
    window = make_program(book.path("text/fog.md")).desk.windows[0]
    binder = window.session.book.binder
    qtbot.waitUntil(lambda: binder.project is not None and binder.project.entries.is_read)
    binder.project.entries.put(
        Entry(id="anna", name="Anna Reed", facts=(Fact(attribute="eyes", value="grey"),))
    )
    return window


def looked(window, qtbot):
    window.fulfil(Wish.CONSISTENCY)
    page = window.findChild(ConsistencyPage)
    qtbot.waitUntil(lambda: not window.session.book.consistency.is_looking)
    return page


def test_both_sides_are_quoted_and_return_goes_there(window, qtbot):
    page = looked(window, qtbot)
    assert page.list.count() == 1
    said = page.list.item(0).text()
    assert "brown" in said
    assert "grey" in said
    page.list.itemActivated.emit(page.list.item(0))
    session = window.session
    qtbot.waitUntil(lambda: session.book.binder.current == "lamp" and session.page.selection[1] > 0)
    start, end = session.page.selection
    assert "brown" in session.document.text[start:end]
    assert not page.there.isEnabled()


def test_what_is_meant_so_is_not_shown_again(window, qtbot):
    page = looked(window, qtbot)
    page.intended.click()
    assert page.list.count() == 0
    folder = window.session.book.binder.project.project.folder
    qtbot.waitUntil((folder / "continuity.toml").exists)
    page.again.click()
    qtbot.waitUntil(lambda: not window.session.book.consistency.is_looking)
    assert page.list.count() == 0
    assert "Nothing found" in page.facts.text()


def test_what_is_on_the_page_counts_before_it_is_saved(window, qtbot):
    window.session.page.insertPlainText("Anna Reed’s eyes were blue. ")
    assert looked(window, qtbot).list.count() == 2
