"""What is seen of Markdown, as formats of the layout."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QInputMethodEvent, QTextCharFormat
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from writer_app.ui.editor.formats import KIND, block_key
from writer_app.ui.editor.markdown import Kind


def look(page, line, column):
    """The format at a UTF-16 column of a line, all ranges merged as Qt does."""
    block = page.document().findBlockByNumber(line)
    ranges = [r for r in block.layout().formats() if r.start <= column < r.start + r.length]
    merged = QTextCharFormat()
    for found in ranges:
        merged.merge(found.format)
    return merged


def kind(page, line):
    return page.document().findBlockByNumber(line).blockFormat().intProperty(KIND)


def test_emphasis_behind_an_emoji_stands_where_it_should(open_page):
    page = open_page("😀😀 *x* y")
    assert look(page, 0, 6).fontItalic()
    assert not look(page, 0, 5).fontItalic()


def test_typing_makes_a_heading_and_undo_unmakes_it(open_page):
    page = open_page("\n\nTitle", caret=2)
    QTest.keyClicks(page, "# ")
    assert kind(page, 2) == block_key(Kind.HEADING, 1)
    assert look(page, 2, 3).fontWeight() == QFont.Weight.Bold
    page.undo_step()
    assert kind(page, 2) == block_key(Kind.BODY, 0)
    assert page.document().findBlockByNumber(2).layout().formats() == []


def test_marks_fade_where_the_caret_is_not(open_page):
    page = open_page("*one*\n\n*two*", caret=0)
    near, far = look(page, 0, 0).foreground().color(), look(page, 2, 0).foreground().color()
    assert near.lightness() < far.lightness()
    page.set_caret(9)
    assert look(page, 2, 0).foreground().color() == near
    assert look(page, 0, 0).foreground().color() == far


def test_a_fence_typed_above_a_long_text_reaches_its_end_in_idle_time(open_page, qtbot):
    page = open_page("\n".join(f"# line {n}" for n in range(3000)), caret=0)
    last = 2999
    assert kind(page, last) == block_key(Kind.HEADING, 1)
    QTest.keyClicks(page, "```")
    QTest.keyClick(page, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: kind(page, last + 1) == block_key(Kind.CODE, 0))
    page.undo_step()
    page.undo_step()
    qtbot.waitUntil(
        lambda: kind(page, page.document().blockCount() - 1) == block_key(Kind.HEADING, 1)
    )
    assert page.manuscript.text.startswith("# line 0\n")


def test_composing_in_a_heading_keeps_its_look(open_page):
    page = open_page("# 标题 *很*", caret=4)
    QApplication.sendEvent(page, QInputMethodEvent("hao", []))
    assert look(page, 0, 2).fontWeight() == QFont.Weight.Bold
    assert look(page, 0, 9).fontItalic()
    QApplication.sendEvent(page, QInputMethodEvent("", []))
    assert look(page, 0, 6).fontItalic()


@pytest.mark.parametrize("indent", [True, False])
def test_only_paragraphs_are_indented(open_page, indent):
    from writer_app.ui.editor.style import PageStyle

    page = open_page("# A\n\nBody.\n\n　　正文。\n\n> q", style=PageStyle(indent=indent))
    indents = [
        page.document().findBlockByNumber(n).blockFormat().textIndent() > 0 for n in (0, 2, 4, 6)
    ]
    assert indents == [False, indent, False, False]


def test_a_book_is_laid_out_in_idle_time_to_its_end(open_page, qtbot):
    page = open_page("\n\n".join(f"Paragraph {n}." for n in range(2000)), caret=0)
    with qtbot.waitSignal(page.settled):
        QTest.keyClick(page, Qt.Key.Key_A)
    qtbot.waitUntil(lambda: page.verticalScrollBar().maximum() > 20_000)
    page.set_caret(page.manuscript.length)
    assert page.cursorRect().bottom() < page.viewport().height()


def test_thousands_of_lines_that_come_in_at_once_are_dressed_without_going_deep(open_page, qtbot):
    page = open_page("")
    page.insertPlainText("# It was dark.\n" * 20_000)
    qtbot.waitUntil(lambda: kind(page, 19_999) == block_key(Kind.HEADING, 1), timeout=20_000)
