"""A paragraph too long to be laid out at every key is shown in pieces, and nobody but the widget knows."""

from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from writer_app.ui.editor import pieces
from writer_app.ui.editor.formats import KIND, block_key
from writer_app.ui.editor.markdown import Kind
from writer_app.ui.editor.pieces import LONGEST, PIECE, Pieces, cuts_in

LATIN = "It was late 😀, and *nobody* had come. "
HAN = "天色已晚，没有人来。𠮷家的门还开着；"


def blocks(page):
    found, block = [], page.document().begin()
    while block.isValid():
        found.append(block)
        block = block.next()
    return found


def first_cut(page):
    """Code point at which the second piece of the page begins."""
    second = next(b for b in blocks(page) if page.mirror.pieces.goes_on(b.position()))
    return page.from_qt(second.position())


@pytest.fixture
def long_page(open_page):
    return open_page("Before.\n" + LATIN * 3000 + "\nAfter.")


@pytest.mark.parametrize("sentence", [LATIN, HAN, "x", "e\u0301", "👩‍👩‍👧"])
def test_pieces_are_of_a_size_and_break_no_character(sentence):
    paragraph = (sentence * (3 * LONGEST))[: 3 * LONGEST]
    cuts = [0, *cuts_in(paragraph), len(paragraph)]
    sizes = [end - start for start, end in pairwise(cuts)]
    assert len(sizes) > 10
    assert max(sizes) <= PIECE * 1.25
    assert min(sizes[:-1]) >= PIECE * 0.7
    for cut in cuts[1:-1]:
        assert paragraph[cut] not in "\u0301\u200d"
        assert paragraph[cut - 1] != "\u200d"


def test_pieces_end_with_a_sentence_where_there_is_one():
    paragraph = LATIN * 3000
    assert {paragraph[cut - 2 : cut] for cut in cuts_in(paragraph)} == {". "}
    paragraph = HAN * 6000
    assert {paragraph[cut - 1] for cut in cuts_in(paragraph)} == {"。"}


def test_a_paragraph_of_usual_length_is_whole():
    assert not list(cuts_in("x" * LONGEST))


def test_the_text_saved_has_no_cut_and_places_are_those_of_the_text(long_page):
    text = long_page.manuscript.text
    assert text.count("\n") == 2
    assert len(blocks(long_page)) > 10
    assert max(block.length() for block in blocks(long_page)) <= 2 * PIECE
    cut = first_cut(long_page)
    for offset in (0, 8, cut - 1, cut, cut + 1, len(text) - 1, len(text)):
        assert long_page.from_qt(long_page.to_qt(offset)) == offset
    long_page.select(cut - 5, cut + 5)
    long_page.copy()
    assert QGuiApplication.clipboard().text() == text[cut - 5 : cut + 5]


@pytest.mark.parametrize("key", [Qt.Key.Key_Backspace, Qt.Key.Key_Delete])
def test_erasing_at_a_cut_erases_a_character(long_page, key):
    cut, text = first_cut(long_page), long_page.manuscript.text
    long_page.set_caret(cut)
    if key == Qt.Key.Key_Delete:
        QTest.keyClick(long_page, Qt.Key.Key_Left)  # the end of the piece before: the same place
        assert long_page.caret == cut
    QTest.keyClick(long_page, key)
    erased = cut - 1 if key == Qt.Key.Key_Backspace else cut
    assert long_page.manuscript.text == text[:erased] + text[erased + 1 :]
    long_page.undo_step()
    assert long_page.manuscript.text == text


def test_a_new_paragraph_at_a_cut_is_one_line_end_and_no_empty_line(long_page):
    cut, text = first_cut(long_page), long_page.manuscript.text
    long_page.set_caret(cut)
    number = len(blocks(long_page))
    QTest.keyClick(long_page, Qt.Key.Key_Return)
    assert long_page.manuscript.text == text[:cut] + "\n" + text[cut:]
    assert len(blocks(long_page)) == number
    assert all(block.text() for block in blocks(long_page))
    long_page.undo_step()
    assert long_page.manuscript.text == text
    assert max(block.length() for block in blocks(long_page)) <= LONGEST


def test_a_paragraph_pasted_or_joined_is_cut_and_one_that_shrank_is_joined(open_page):
    page = open_page(LATIN * 1000 + "\n" + LATIN * 1000)
    assert len(blocks(page)) == 2
    page.set_caret(len(LATIN) * 1000)
    QTest.keyClick(page, Qt.Key.Key_Delete)
    assert page.manuscript.text == LATIN * 2000
    assert len(blocks(page)) > 5
    page.replace_span(100, page.manuscript.length, "")
    assert len(blocks(page)) == 1
    page.replace_span(50, 50, HAN * 5000)
    assert len(blocks(page)) > 5
    assert max(block.length() for block in blocks(page)) <= 2 * PIECE
    page.select(0, page.manuscript.length)
    QTest.keyClick(page, Qt.Key.Key_Backspace)
    assert page.manuscript.text == ""
    assert not page.mirror.pieces


def test_what_a_piece_begins_with_makes_it_no_heading(open_page, monkeypatch):
    monkeypatch.setattr(pieces, "LONGEST", 40)
    monkeypatch.setattr(pieces, "PIECE", 16)
    page = open_page("It was late now. # nobody *had* come home. 1. It was then.")
    kinds = {block.blockFormat().intProperty(KIND) for block in blocks(page)[1:]}
    assert kinds == {block_key(Kind.FLUSH, 0)}


def test_a_place_and_its_cut_follow_what_is_erased_and_grows():
    held = Pieces()
    for cut in (10, 20, 30):
        held.add(cut)
    assert [held.position(units) for units in (9, 10, 20, 30)] == [9, 11, 22, 33]
    assert [held.units(position) for position in (9, 10, 11, 22)] == [9, 10, 10, 20]
    assert held.span(10, 20) == (11, 21)
    held.edit(*held.span(15, 25), 3 - 10)
    assert [held.units(position) for position in (10, 11, 23, 24)] == [10, 10, 22, 23]
    assert held.within(0, 100) == [10, 23]
    assert held.goes_on(25)
    assert held.drop(23) == 24
    assert len(held) == 1
