"""Text of a model comes in by one door, as one undo step."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from writer_app.ui.editor.insertion import Insertion

BOOK = "\n\n".join(
    f"Paragraph {n} of a book, long enough to fill a line or two." for n in range(200)
)


def stream(page, offset, *pieces):
    insertion = Insertion(page, offset)
    for piece in pieces:
        insertion.add(piece)
        insertion.flush()
    return insertion


def test_one_undo_gives_the_text_as_it_was_and_redo_brings_the_last_version_back(open_page):
    page = open_page("Es war 😀")
    insertion = stream(page, 8, " einmal", " ein\n\nKönig", ".")
    insertion.replace(" nie.")
    insertion.add(" Oder?")
    insertion.commit()
    assert page.manuscript.text == "Es war 😀 nie. Oder?"
    page.undo_step()
    assert page.manuscript.text == "Es war 😀"
    page.redo_step()
    assert page.manuscript.text == "Es war 😀 nie. Oder?"


def test_typing_right_after_it_is_a_step_of_its_own(open_page):
    page = open_page("One.")
    stream(page, 4, " Two.").commit()
    QTest.keyClicks(page, " x")
    page.undo_step()
    assert page.manuscript.text == "One. Two."
    page.undo_step()
    assert page.manuscript.text == "One."


def test_the_hand_shows_before_the_key_so_that_what_waits_goes_in_first(open_page):
    page = open_page("a")
    insertion = stream(page, 1, "b")
    insertion.add("c")
    page.hand.connect(insertion.flush)
    QTest.keyClick(page, Qt.Key.Key_D)
    assert page.manuscript.text == "abcd"


def test_nothing_goes_in_while_an_input_method_composes(open_page, qtbot):
    page = open_page("")
    insertion = stream(page, 0, "一")
    QApplication.sendEvent(page, QInputMethodEvent("ni", []))
    insertion.add("二")
    insertion.replace("三")
    insertion.flush()
    assert page.manuscript.text == "一"
    committed = QInputMethodEvent("", [])
    committed.setCommitString("你")
    QApplication.sendEvent(page, committed)
    insertion.commit()
    qtbot.waitUntil(lambda: not insertion.is_open)
    assert page.manuscript.text == "三你"


def test_a_caret_elsewhere_and_the_view_stay_where_they_are(open_page):
    page = open_page(BOOK, caret=5000)
    bar = page.verticalScrollBar()
    before = bar.value()
    insertion = stream(page, len(BOOK), " More." * 50, "\n\nAnd more.")
    assert page.caret == 5000
    assert bar.value() == before
    assert page.manuscript.text[slice(*insertion.span)] == insertion.text


def test_the_view_follows_the_stream_until_she_scrolls(open_page):
    page = open_page(BOOK)
    bar = page.verticalScrollBar()
    insertion = stream(page, len(BOOK), "\n\nMore." * 40)
    assert page.caret == page.manuscript.length
    assert page.cursorRect().bottom() < page.viewport().height()
    followed = bar.value()
    page.scrolled_by_writer.emit()
    insertion.add("\n\nMore." * 40)
    insertion.flush()
    assert bar.value() == followed


def test_its_span_follows_changes_before_and_inside_it(open_page):
    page = open_page("abc")
    insertion = stream(page, 3, "DEF")
    page.replace_span(0, 1, "😀😀")
    assert insertion.span == (4, 7)
    page.replace_span(5, 6, "")
    assert insertion.text == "DF"
    insertion.replace("new")
    assert page.manuscript.text == "😀😀bcnew"


def test_abandoned_text_is_gone_and_redo_still_has_it(open_page):
    page = open_page("Begin.")
    stream(page, 6, " Model.").abandon()
    assert page.manuscript.text == "Begin."
    assert page.fresh == ()
    page.redo_step()
    assert page.manuscript.text == "Begin. Model."


def test_fresh_text_is_tinted_and_her_edit_clears_only_the_sentence_it_touches(open_page):
    page = open_page("Old. ")
    stream(page, 5, "One is here. Two is here. Three is here.")
    assert page.fresh == ((5, 45),)
    page.set_caret(20)
    QTest.keyClick(page, Qt.Key.Key_X)
    text = page.manuscript.text
    assert [text[a:b] for a, b in page.fresh] == ["One is here. ", "Three is here."]


def test_a_flush_is_due_at_most_every_forty_milliseconds(open_page, qtbot):
    page = open_page("")
    insertion = Insertion(page, 0)
    changes = []
    page.manuscript.subscribe(changes.append)
    for _number in range(50):
        insertion.add("x")
    qtbot.waitUntil(lambda: page.manuscript.text == "x" * 50)
    assert len(changes) == 2


def test_a_retry_leaves_a_caret_that_stands_before_the_text(open_page):
    page = open_page("Begin. ")
    insertion = stream(page, 7, "One.")
    page.set_caret(7)
    insertion.replace("Two two.")
    assert page.caret == 7


def test_in_the_place_of_accepted_text_undo_brings_that_back_and_ends_it(open_page, qtbot):
    page = open_page("Begin. One. End.")
    insertion = Insertion(page, 7, 11)
    insertion.replace("Two two.")
    insertion.replace("Three.")
    assert page.manuscript.text == "Begin. Three. End."
    assert page.fresh == ((7, 13),)
    with qtbot.waitSignal(insertion.undone):
        page.undo_step()
    assert page.manuscript.text == "Begin. One. End."
    assert not insertion.is_open
    assert page.fresh == ()
    page.redo_step()
    assert page.manuscript.text == "Begin. Three. End."


def test_abandoned_in_the_place_of_accepted_text_both_are_gone_until_undo(open_page):
    page = open_page("Begin. One. End.")
    insertion = Insertion(page, 7, 11)
    insertion.replace("Two.")
    insertion.abandon()
    assert page.manuscript.text == "Begin.  End."
    page.undo_step()
    assert page.manuscript.text == "Begin. One. End."
