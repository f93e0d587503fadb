"""What the page tells the window, and what it keeps from Qt."""

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication, QInputMethodEvent, QKeyEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from writer_app.story.changes import Origin
from writer_app.ui.editor.style import PageStyle


@pytest.fixture
def hands(open_page):
    page = open_page("One two.\n\nThree.", caret=3)
    seen = []
    page.hand.connect(lambda: seen.append(page.manuscript.text))
    return page, seen


@pytest.mark.parametrize(
    ("key", "modifier"),
    [
        (Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_Backspace, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_Delete, Qt.KeyboardModifier.ControlModifier),
        (Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier),
    ],
)
def test_a_key_that_changes_text_shows_the_hand_before_the_change(hands, key, modifier):
    page, seen = hands
    before = page.manuscript.text
    QTest.keyClick(page, key, modifier)
    assert seen == [before]


@pytest.mark.parametrize("key", [Qt.Key.Key_Left, Qt.Key.Key_PageDown, Qt.Key.Key_Home])
def test_going_about_is_not_the_hand(hands, key):
    page, seen = hands
    QTest.keyClick(page, key)
    QTest.keyClick(page, key, Qt.KeyboardModifier.ShiftModifier)
    page.set_caret(0)
    assert seen == []


def test_composing_is_the_hand_from_its_first_character(hands):
    page, seen = hands
    QApplication.sendEvent(page, QInputMethodEvent("n", []))
    assert len(seen) == 1
    assert page.composing
    QApplication.sendEvent(page, QInputMethodEvent("", []))
    assert not page.composing
    assert page.manuscript.revision == 0


def test_paste_takes_plain_text_only_with_our_line_breaks(open_page):
    page = open_page("")
    data = QMimeData()
    data.setHtml("<b>bold</b>")
    data.setText("a\r\nb\u2029c\rd\u00a0e\u2028f")
    changes = []
    page.edited.connect(changes.append)
    page.insertFromMimeData(data)
    assert page.manuscript.text == "a\nb\nc\nd\u00a0e\u2028f"
    assert [change.origin for change in changes] == [Origin.PASTED]


SOURCE = "a\u00a0b\n*c*\u2028d 😀"


def test_dragging_gives_the_source_as_it_is(open_page):
    page = open_page(SOURCE)
    page.selectAll()
    data = page.createMimeDataFromSelection()
    assert data.text() == SOURCE
    assert not data.hasHtml()


@pytest.mark.parametrize(
    ("key", "left"), [(Qt.Key.Key_C, SOURCE), (Qt.Key.Key_X, "")], ids=["copy", "cut"]
)
def test_the_clipboard_gets_the_source_as_it_is(open_page, key, left):
    page = open_page(SOURCE)
    page.selectAll()
    QTest.keyClick(page, key, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == SOURCE
    assert not QGuiApplication.clipboard().mimeData().hasHtml()
    assert page.manuscript.text == left


def test_with_nothing_selected_copy_and_cut_leave_the_clipboard_alone(open_page):
    page = open_page("text")
    QGuiApplication.clipboard().setText("kept")
    for key in (Qt.Key.Key_C, Qt.Key.Key_X):
        QTest.keyClick(page, key, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "kept"
    assert page.manuscript.text == "text"


def test_dropped_files_are_for_the_window(open_page, qtbot, tmp_path):
    page = open_page("text")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "a.md"))])
    event = QDropEvent(
        QPointF(5, 5),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    with qtbot.waitSignal(page.file_dropped) as dropped:
        page.dropEvent(event)
    assert dropped.args == [[str(tmp_path / "a.md")]]
    assert page.manuscript.text == "text"


def test_an_emoji_sent_as_two_keys_arrives_whole(open_page):
    page = open_page("")
    for half in ("\ud83d", "\ude00"):
        event = QKeyEvent(QKeyEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, "")
        event.text = lambda half=half: half
        page.keyPressEvent(event)
    assert page.manuscript.text == "😀"


def test_offsets_are_code_points(open_page):
    page = open_page("😀😀 text", caret=2)
    assert page.textCursor().position() == 4
    page.select(0, 3)
    assert page.selection == (0, 3)
    assert page.textCursor().selectedText() == "😀😀 "


def test_control_and_wheel_ask_for_zoom_and_leave_the_font(open_page, qtbot):
    page = open_page("text")
    size = page.font().pointSizeF()
    event = QWheelEvent(
        QPointF(5, 5),
        QPointF(5, 5),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.ControlModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    with qtbot.waitSignal(page.zoom_wanted) as zoomed:
        page.wheelEvent(event)
    assert zoomed.args == [-1]
    assert page.font().pointSizeF() == size


def test_another_style_keeps_caret_selection_and_place(open_page):
    text = "\n\n".join(f"Paragraph {n}." for n in range(300))
    page = open_page(text)
    page.select(2000, 2010)
    page.mark_fresh(2000, 2005)
    top = page.visible_span()[0]
    page.apply_style(PageStyle(size=18, indent=True))
    assert page.selection == (2000, 2010)
    assert page.fresh == ((2000, 2005),)
    assert abs(page.visible_span()[0] - top) < 40
    assert page.manuscript.revision == 0


def test_the_column_stands_in_the_middle(open_page):
    page = open_page("text")
    page.resize(1400, 500)
    left = page.viewport().x()
    right = (
        page.width()
        - page.verticalScrollBar().sizeHint().width()
        - page.viewport().geometry().right()
    )
    assert left > 100
    assert abs(left - right) < 30


def test_typed_quotes_are_corrected_as_a_step_of_their_own(open_page):
    page = open_page("")
    page.typing = lambda _before, typed: {'"': "“", "--": "—"}.get(typed)
    QTest.keyClicks(page, '"Yes--')
    assert page.manuscript.text == "“Yes—"
    page.undo_step()
    assert page.manuscript.text == "“Yes--"
    QTest.keyClicks(page, " or")
    assert page.manuscript.text == "“Yes-- or"


def test_a_read_only_page_takes_no_key(open_page):
    page = open_page("text")
    page.set_read_only(True)
    QTest.keyClicks(page, "abc")
    assert page.manuscript.text == "text"


def test_hebrew_paragraphs_run_from_right_to_left(open_page):
    page = open_page("שלום עולם\n\nEnglish")
    block = page.document().begin()
    assert block.textDirection() == Qt.LayoutDirection.RightToLeft
    assert page.document().lastBlock().textDirection() == Qt.LayoutDirection.LeftToRight


def test_the_caret_keeps_clear_of_the_bottom(open_page):
    page = open_page("")
    for _number in range(40):
        QTest.keyClick(page, Qt.Key.Key_Return)
    free = page.viewport().height() - page.cursorRect().bottom()
    assert free >= 2 * page.cursorRect().height()


@pytest.mark.parametrize("how", ["key", "command"])
def test_everything_selected_while_composing_is_not_deleted_when_composing_ends(open_page, how):
    """Qt takes an empty pre-edit for input that replaces the selection."""
    page = open_page("One two.\n\nThree.", caret=3)
    QApplication.sendEvent(page, QInputMethodEvent("ni", []))
    if how == "key":
        QTest.keyClick(page, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    else:
        page.selectAll()
    assert not page.composing
    page.replace_span(0, 0, "# ")
    assert page.manuscript.text == "# One two.\n\nThree."


@pytest.mark.parametrize("move", ["page down", "paste", "cut"])
def test_what_is_composed_is_not_left_behind_where_the_caret_goes_elsewhere(open_page, move):
    """What is left lies about where things are: Qt puts the caret behind the end of the text, and dies of it."""
    page = open_page("One two.\n\nThree.", caret=3)
    first = page.document().begin().layout()
    QApplication.sendEvent(page, QInputMethodEvent("ni hao", []))
    assert first.preeditAreaText() == "ni hao"
    if move == "page down":
        QTest.keyClick(page, Qt.Key.Key_PageDown)
    elif move == "paste":
        data = QMimeData()
        data.setText("a\nb")
        page.insertFromMimeData(data)
    else:
        page.cut()
    assert not page.composing
    assert first.preeditAreaText() == ""


def test_what_is_composed_is_not_left_behind_where_the_page_becomes_one_for_reading(open_page):
    page = open_page("One two.", caret=3)
    QApplication.sendEvent(page, QInputMethodEvent("ni hao", []))
    page.set_read_only(True)
    QApplication.sendEvent(page, QInputMethodEvent("", []))
    assert not page.composing
    assert page.document().begin().layout().preeditAreaText() == ""


def test_a_mark_whose_page_was_set_anew_is_not_asked_where_it_was(open_page):
    """The Qt document that it was in is gone: this was a crash."""
    page = open_page("One two.\n\nThree.")
    page.show_layer("found", [(0, 3), (4, 7)], page.tint_found)
    page.apply_style(PageStyle(size=20))
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    page.show_layer("found", [(0, 3)], page.tint_found)
    assert [each.cursor.selectedText() for each in page.extraSelections()] == ["One"]
