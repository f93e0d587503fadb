"""The writer's hand ends a generation; what is not her hand on the text does not."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QInputMethodEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication

from tests.journeys.writer import goes_on

BEFORE = "She came to the door."
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def writer(sit_down):
    """A text that is being continued."""
    writer = sit_down([goes_on(" It", " was")], BEFORE)
    writer.ask()
    writer.wait_for_stream(" was")
    return writer


def assert_ended(writer, text):
    """Ended at once, and nothing comes after."""
    assert not writer.state.is_generating
    assert writer.text == text
    writer.wait_for_silence()
    assert writer.text == text


def drop(page, text):
    data = QMimeData()
    data.setText(text)
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    place = page.cursorRect(page.cursor_at(0)).center()
    QApplication.sendEvent(page.viewport(), QDragEnterEvent(place, copy, data, left, none))
    QApplication.sendEvent(page.viewport(), QDropEvent(QPointF(place), copy, data, left, none))


def test_esc_ends_it_and_keeps_what_has_come(writer):
    writer.escape()
    kept = writer.text
    assert kept.startswith(BEFORE + " It was")
    assert_ended(writer, kept)
    assert writer.state.is_fresh


def test_a_key_ends_it_and_is_not_lost(writer):
    writer.type("x")
    text = writer.text
    assert text.startswith(BEFORE + " It was")
    assert text.endswith("x")
    assert_ended(writer, text)


def test_what_has_come_but_is_not_on_the_page_yet_goes_before_her_key(sit_down):
    writer = sit_down([[{"text": " It"}, {"text": " was"}, {"wait": 600}]], BEFORE)

    def type_at_once(piece):
        if "was" in piece:
            writer.type("x")

    writer.engine.arrived.connect(type_at_once)
    writer.ask()
    writer.wait(lambda: not writer.state.is_generating)
    assert_ended(writer, BEFORE + " It wasx")


def test_one_ctrl_z_in_mid_stream_ends_it_and_takes_it_away(writer):
    writer.undo()
    assert_ended(writer, BEFORE)
    assert not writer.document.is_changed


def test_one_ctrl_z_before_the_first_word_ends_it_and_takes_back_what_she_did_before(sit_down):
    writer = sit_down([[{"wait": 600}, {"text": " never"}]], BEFORE)
    writer.type(" Yes.")
    writer.ask()
    writer.wait(lambda: writer.state.phase == "loading" and writer.engine.model is not None)
    writer.undo()
    assert_ended(writer, BEFORE)


def test_a_paste_ends_it_and_stands_behind_what_has_come(writer):
    QGuiApplication.clipboard().setText(" pasted")
    writer.key(Qt.Key.Key_V, CONTROL)
    text = writer.text
    assert text.startswith(BEFORE + " It was")
    assert text.endswith(" pasted")
    assert_ended(writer, text)


def test_a_drop_ends_it(writer):
    drop(writer.page, "dropped ")
    text = writer.text
    assert text.startswith("dropped " + BEFORE + " It was")
    assert_ended(writer, text)


def test_composing_ends_it_and_nothing_comes_in_meanwhile(writer):
    QApplication.sendEvent(writer.page, QInputMethodEvent("ni", []))
    assert not writer.state.is_generating
    kept = writer.document.text
    writer.wait_for_silence()
    assert writer.document.text == kept
    commit = QInputMethodEvent("", [])
    commit.setCommitString("你")
    QApplication.sendEvent(writer.page, commit)
    assert writer.text == kept + "你"
    assert kept.startswith(BEFORE + " It was")


def test_composing_in_another_window_does_not_end_it(writer):
    writer.key(Qt.Key.Key_N, CONTROL)
    writer.wait(lambda: len(writer.program.desk.windows) == 2)
    other = writer.program.desk.windows[1].session
    QApplication.sendEvent(other.page, QInputMethodEvent("ni", []))
    other.page.insertPlainText("other words")
    length = writer.document.length
    writer.wait(lambda: writer.document.length > length + 10)
    assert writer.state.is_generating
    assert "w" not in other.document.text.removeprefix("other words")


def test_caret_moves_selecting_and_scrolling_do_not_end_it(sit_down):
    book = "\n\n".join(f"Paragraph {n} of a book." for n in range(100)) + "\n\n" + BEFORE
    writer = sit_down([goes_on(" It", " was")], book)
    writer.ask()
    writer.wait_for_stream(" was")
    page = writer.page
    writer.key(Qt.Key.Key_Up)
    writer.key(Qt.Key.Key_Home, CONTROL)
    writer.key(Qt.Key.Key_End, Qt.KeyboardModifier.ShiftModifier)
    selected = page.textCursor().selectedText()
    turn, none = QPoint(0, -240), Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(
        page.viewport(),
        QWheelEvent(
            QPointF(20, 20),
            QPointF(20, 20),
            turn,
            turn,
            Qt.MouseButton.NoButton,
            none,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        ),
    )
    scrolled = page.verticalScrollBar().value()
    length = writer.document.length
    writer.wait(lambda: writer.document.length > length + 20)
    assert writer.state.is_generating
    assert page.textCursor().selectedText() == selected == "Paragraph 0 of a book."
    assert page.verticalScrollBar().value() == scrolled > 0
    assert writer.text.startswith(book + " It was")


def test_saving_does_not_end_it(writer):
    writer.save()
    saved = writer.document.path.read_text("utf-8")
    assert saved.startswith(BEFORE + " It was")
    length = writer.document.length
    writer.wait(lambda: writer.document.length > max(length, len(saved)))
    assert writer.state.is_generating
    assert writer.document.is_changed
    assert writer.text.startswith(saved)


def test_ctrl_return_in_mid_stream_does_nothing(writer):
    writer.ask()
    length = writer.document.length
    writer.wait(lambda: writer.document.length > length)
    assert writer.state.is_generating
    assert "\n" not in writer.text


def test_a_second_window_that_asks_takes_the_engine_over(writer):
    writer.key(Qt.Key.Key_N, CONTROL)
    writer.wait(lambda: len(writer.program.desk.windows) == 2)
    other = writer.program.desk.windows[1].session
    other.page.insertPlainText("Meanwhile")
    other.continue_text()
    assert not writer.state.is_generating
    kept = writer.text
    writer.wait(lambda: len(other.document.text) > len("Meanwhile It was"))
    assert other.document.text.startswith("Meanwhile It was")
    assert writer.text == kept


def test_closing_the_window_in_mid_stream_ends_it_and_the_other_window_is_served(writer):
    writer.save()
    writer.key(Qt.Key.Key_N, CONTROL)
    writer.wait(lambda: len(writer.program.desk.windows) == 2)
    first, second = writer.program.desk.windows
    saved = first.session.document.path.read_text("utf-8")
    writer.wait(lambda: first.session.state.is_changed)
    first.close()
    writer.press_button("Close without saving")
    assert writer.program.desk.windows == [second]
    writer.wait_for_silence()
    assert (writer.document.path, writer.text) == (None, "")
    writer.type("Meanwhile")
    writer.ask()
    assert writer.wait_for_stream(" was").startswith("Meanwhile It was")
    (path,) = writer.program.services.memory.values.recent
    assert saved.startswith(BEFORE)
    assert Path(path).read_text("utf-8") == saved
