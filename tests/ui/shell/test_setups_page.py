"""What the story has promised, in a window beside the manuscript."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.ui.projects import novel
from writer_app.story.bible import Entry, Kind
from writer_app.ui.session.state import Wish
from writer_app.ui.shell.setups_page import SetupsPage

GUN = "A gun hung over the door."


@pytest.fixture
def window(make_program, tmp_path, qtbot):
    book = novel(tmp_path / "boat")
    book.path("text/fog.md").write_text(f"Fog lay.\n\n{GUN}\n", "utf-8")
    window = make_program(book.path("text/fog.md")).desk.windows[0]
    binder = window.session.book.binder
    qtbot.waitUntil(lambda: binder.current == "fog" and binder.project.entries.is_read)
    qtbot.waitUntil(lambda: len(binder.project.counts) == 3)
    return window


def page_of(window):
    window.fulfil(Wish.SETUPS)
    return window.findChild(SetupsPage)


def cells(page, row):
    return [page.table.item(row, column).text() for column in range(5)]


def opened(window):
    """A setup, opened by a highlighted passage."""
    start = window.session.document.text.index(GUN)
    window.session.page.select(start, start + len(GUN))
    window.actions_made.by_id["edit.open-setup"].trigger()
    return window.session.book.setups.all[0].entry


def test_a_highlighted_passage_opens_a_setup_and_the_text_on_the_page_pays_it(window):
    page = page_of(window)
    assert not page.table.isVisible()
    entry = opened(window)
    assert (entry.name, entry.opened, entry.kind) == (GUN.strip("."), "fog", Kind.THREAD)
    assert entry.facts[0].source == GUN
    window.session.book.setups.entry_wanted.emit(entry.id)
    assert window.bible.editor.shown == entry.id
    window.session.page.set_caret(0)
    page.open_button.click()
    assert cells(page, page.table.currentRow())[:3] == ["Fog lay", "Not paid yet", "Fog"]
    page.pay_button.click()
    assert cells(page, page.table.currentRow())[1::3] == ["Paid", "Fog"]
    assert not page.pay_button.isEnabled()
    assert page.facts.text() == "1 open, 1 paid"
    box = page.choices["paid"]
    box.setCurrentIndex(0)
    box.activated.emit(0)
    assert page.facts.text() == "2 open"


def test_overdue_ones_come_first_and_return_goes_to_the_passage(window, qtbot):
    entry, setups = opened(window), window.session.book.setups
    window.session.book.binder.project.entries.put(Entry(id="oath", name="Oath", kind=Kind.THREAD))
    setups.set_scenes(entry.id, due="oars")
    page = page_of(window)
    assert page.facts.text() == "1 overdue, 1 open"
    assert cells(page, 0) == [entry.name, "Overdue", "Fog", "Oars", "—"]
    window.session.book.binder.go("lamp")
    qtbot.waitUntil(lambda: setups.here == "lamp")
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    session = window.session
    qtbot.waitUntil(lambda: setups.here == "fog" and session.page.selection[1] > 0)
    start, end = session.page.selection
    assert session.document.text[start:end] == GUN
