"""The Bible panel and the card of a name, by keyboard and mouse."""

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from tests.ui.projects import novel
from tests.ui.session.test_lore import ANNA, TEXT, answer
from writer_app.story.bible import Entry, Kind, Relation
from writer_app.story.bible_files import BibleFolder

TOM = Entry(id="tom", name="Tom", relations=(Relation(to="anna", what="loves"),))


@pytest.fixture
def program(make_program, tmp_path):
    book = novel(tmp_path / "boat")
    path = book.path(book.tree["oars"].file)
    path.write_text(TEXT, "utf-8")
    return make_program(path)


@pytest.fixture
def window(program, qtbot):
    window = program.desk.windows[0]
    qtbot.waitUntil(lambda: window.session.book.binder.current == "oars")
    qtbot.waitUntil(lambda: window.session.book.lore.entries.is_read)
    qtbot.waitExposed(window)
    window._to_bible()
    return window


@pytest.fixture
def panel(window):
    return window.bible


@pytest.fixture
def lore(window):
    return window.session.book.lore


def key(widget, key, modifiers=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(widget, key, modifiers)


def test_an_empty_bible_offers_to_read_the_chapter(panel, lore, engine):
    assert panel.hint.isVisible()
    panel.read_button.setFocus()
    key(panel.read_button, Qt.Key.Key_Space)
    assert lore.is_reading
    assert not panel.read_button.isEnabled()
    while lore.is_reading:
        answer(engine, engine.asks[-1])
    accept = next(
        each
        for each in panel.proposals.findChildren(QPushButton)
        if each.accessibleName().startswith("Accept: Anna")
    )
    key(accept, Qt.Key.Key_Space)
    assert [each.name for each in lore.bible] == ["Anna Lund"]
    assert panel.list.isVisible()


def test_the_list_is_searched_and_opened_by_keyboard(panel, lore):
    lore.entries.put(ANNA, TOM, Entry(id="b", name="Bergen", kind=Kind.PLACE))
    rows = [panel.list.item(at).text().strip() for at in range(panel.list.count())]
    assert rows == ["Characters", "Anna Lund", "Tom", "Places", "Bergen"]
    QTest.keyClicks(panel.search, "anna")
    assert panel.list.count() == 2
    key(panel.search, Qt.Key.Key_Return)
    assert panel.currentWidget() is panel.editor
    assert panel.editor.name.text() == "Anna Lund"
    panel.editor.back.click()
    assert panel.list.currentItem().text().strip() == "Anna Lund"


def test_what_is_typed_into_an_entry_is_kept_and_can_be_taken_back(panel, lore):
    lore.entries.put(ANNA, TOM)
    panel.open("anna")
    editor = panel.editor
    editor.aliases.setText("Anna, 安娜、Ann")
    editor.description.setPlainText("A doctor.")
    editor.fields.setPlainText("Age: 30\n\nodd")
    editor.facts.add()
    editor.facts.attribute.setText("eyes")
    editor.facts.value.setText("grey")
    editor.facts.known.setText("Tom, nobody")
    editor.facts._pause.start()
    editor.leave()
    anna = lore.bible["anna"]
    assert anna.aliases == ("Anna", "安娜", "Ann")
    assert (anna.description, anna.fields) == ("A doctor.", {"Age": "30", "odd": ""})
    assert (anna.facts[-1].value, anna.facts[-1].known_by) == ("grey", ("tom", "nobody"))
    while lore.bible["anna"] != ANNA:
        key(panel.list, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert "tom" in lore.bible


def test_what_was_typed_last_is_on_the_disk_when_the_program_ends(panel, lore, window, program):
    lore.entries.put(TOM)
    panel.open("tom")
    panel.editor.goal.setPlainText("Anna")
    folder = lore.entries.folder
    window.close()
    program.services.projects.finish(5)
    assert BibleFolder(folder).load()["tom"].goal == "Anna"


def test_an_entry_that_is_only_looked_at_stays_as_it_is(panel, lore):
    entry = Entry(
        id="odd",
        name=" Odd ",
        triggers=("/a,b/",),
        samples=("one\n\ntwo",),
        fields={"a": "x\ny"},
        description="text",
    )
    lore.entries.put(entry, TOM)
    panel.open("odd")
    panel.open("tom")
    panel.editor.leave()
    kept = lore.bible["odd"]
    assert (kept.triggers, kept.samples, kept.fields) == (
        entry.triggers,
        entry.samples,
        entry.fields,
    )


def test_a_fact_takes_its_scenes_from_the_tree(panel, lore):
    lore.entries.put(ANNA)
    panel.open("anna")
    rows = panel.editor.facts
    rows.list.setCurrentRow(1)
    assert rows.since.currentText() == "Lamp"
    rows.until.setCurrentIndex(rows.until.findData("oars"))
    rows.until.activated.emit(rows.until.currentIndex())
    assert lore.bible["anna"].facts[1].until == "oars"
    rows.remove()
    assert len(lore.bible["anna"].facts) == 1


def test_a_mention_is_gone_to(panel, lore, window, qtbot):
    lore.entries.put(ANNA)
    qtbot.waitUntil(lambda: len(lore.appearances("anna")) == 2)
    panel.open("anna")
    assert "4" in panel.editor.places_fold.handle.text()
    panel.editor.places.itemActivated.emit(panel.editor.places.item(0))
    assert window.session.page.caret == 0


def test_the_circle_is_walked_by_keyboard_and_told_in_words(panel, lore):
    lore.entries.put(ANNA, TOM)
    panel._show_circle()
    graph = panel.graph
    assert [each.id for each in graph.entries] == ["anna", "tom"]
    key(graph, Qt.Key.Key_Right)
    assert "Tom loves Anna Lund" in graph.accessibleDescription()
    key(graph, Qt.Key.Key_Return)
    assert panel.editor.shown == "tom"


def test_removing_an_entry_goes_back_to_the_list(panel, lore):
    lore.entries.put(ANNA, TOM)
    panel.open("tom")
    panel.editor.remove_button.click()
    assert "tom" not in lore.bible
    assert panel.currentWidget() is not panel.editor
    panel.undo()
    assert "tom" in lore.bible


def test_f2_shows_the_card_without_taking_the_keyboard(window, lore, qtbot):
    lore.entries.put(ANNA)
    page = window.session.page
    page.setFocus()
    page.set_caret(2)
    window._to_card()
    assert window.card.isVisible()
    assert QApplication.focusWidget() is page
    key(page, Qt.Key.Key_Escape)
    assert not window.card.isVisible()
    window._to_card()
    QTest.keyClicks(page, "x")
    assert not window.card.isVisible()
    assert page.toPlainText().startswith("Anx")
    key(page, Qt.Key.Key_Backspace)
    window._to_card()
    window._to_card()
    assert window.bible.editor.shown == "anna"


def test_the_mouse_resting_on_a_name_shows_its_card(window, lore, monkeypatch):
    lore.entries.put(ANNA)
    page = window.session.page
    monkeypatch.setattr(page.viewport(), "underMouse", lambda: True)
    place = page.cursorRect(page.cursor_at(3)).center()
    _move(page.viewport(), place)
    window.card._rest.timeout.emit()
    assert window.card.isVisible()
    _move(page.viewport(), place + QPoint(0, 200))
    assert not window.card.isVisible()


def test_where_no_name_is_known_f2_says_so(window, lore):
    window.session.page.set_caret(TEXT.index("tall"))
    window._to_card()
    assert not window.card.isVisible()


def _move(viewport, place):
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(place),
        QPointF(viewport.mapToGlobal(place)),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(viewport, event)
