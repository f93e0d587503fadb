"""Hidden characters in opened and pasted text: said once, quietly, and changed only when she asks."""

import pytest
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from writer_app.story.changes import Origin

TRICKY = "He said \u202eno\u202c.\nPass\u200bword\U000e0041\U000e0042 and sil\u00adben."
PLAIN = "He said no.\nPassword and sil\u00adben."


@pytest.fixture
def open_file(make_program, tmp_path, qtbot):
    def show(text):
        path = tmp_path / "story.md"
        path.write_bytes(text.encode())
        window = make_program(path).desk.windows[0]
        qtbot.waitExposed(window)
        qtbot.waitUntil(lambda: not window.session.concealed._opened.isActive())
        return window

    return show


def paste(window, text):
    QGuiApplication.clipboard().setText(text)
    window.session.page.paste()


def press(window, label):
    notice = window.notices.notices[-1]
    action = next(each for each in notice.actions if each.label == label)
    window.notices._run(action.run, notice)


def labels(window):
    return [each.label for each in window.notices.notices[-1].actions]


def test_an_opened_text_is_looked_through_and_left_as_it_is(open_file):
    window = open_file(TRICKY)
    (notice,) = window.notices.notices
    assert notice.text == (
        "There are 5 hidden characters in what was opened or pasted: 2 that turn the direction of writing, "
        "2 tags, which only machines read, 1 without width. 1 soft hyphen is not counted among them."
    )
    assert labels(window) == ["Show", "Remove them", "Keep them"]
    assert window.session.document.text == TRICKY
    assert not window.session.state.is_changed


@pytest.mark.parametrize(
    "text", ["Plain.", "שלום \u200fעולם", "می‌خواهم", "👨‍👩‍👧 🏳️‍🌈 葛\U000e0100", "sil\u00adben", ""]
)
def test_text_that_hides_nothing_raises_nothing(open_file, text):
    assert open_file(text).notices.notices == []


def test_remove_is_one_step_that_undo_takes_back(open_file):
    window = open_file(TRICKY)
    press(window, "Remove them")
    assert window.session.document.text == PLAIN
    assert window.notices.notices == []
    window.session.undo()
    assert window.session.document.text == TRICKY
    window.session.redo()
    assert window.session.document.text == PLAIN


def test_thousands_of_them_are_one_step_too(open_file):
    window = open_file("a\u200bb" * 2_000)
    press(window, "Remove them")
    assert window.session.document.text == "ab" * 2_000
    window.session.undo()
    assert window.session.document.text == "a\u200bb" * 2_000


def test_show_steps_through_them_and_tints_them(open_file):
    window = open_file(TRICKY)
    page = window.session.page
    press(window, "Show")
    assert page.selection == (8, 9)
    assert window.notices.notices[-1].text == (
        "Hidden characters 1 of 4, selected now: U+202E, which turns the direction of writing."
    )
    tinted = [each.cursor.selectedText() for each in page.extraSelections()]
    assert " \u202en" in tinted
    assert len(tinted) == 4
    seen = [page.selection]
    for _ in range(4):
        press(window, "Next")
        seen.append(page.selection)
    assert seen == [(8, 9), (11, 12), (18, 19), (23, 25), (8, 9)]
    press(window, "Keep them")
    assert page.extraSelections() == []
    assert window.notices.notices == []
    assert window.session.document.text == TRICKY


def test_closing_the_notice_keeps_them(open_file):
    window = open_file(TRICKY)
    press(window, "Show")
    window.notices._close()
    assert window.session.page.extraSelections() == []
    assert window.session.document.text == TRICKY


def test_a_paste_is_looked_at_by_itself(open_file):
    window = open_file("Old\u200btext. ")
    press(window, "Keep them")
    window.session.page.set_caret(0)
    paste(window, "new\u202e one")
    assert "There is 1 hidden character" in window.notices.notices[-1].text
    window.session.page.set_caret(0)
    QTest.keyClicks(window.session.page, "Typed ")
    press(window, "Remove them")
    assert window.session.document.text == "Typed new oneOld\u200btext. "


def test_a_drop_is_a_paste(open_file):
    window = open_file("")
    data = QMimeData()
    data.setText("a\u2066b")
    window.session.page.insertFromMimeData(data)
    assert len(window.notices.notices) == 1


def test_typing_and_text_of_the_model_are_not_looked_at(open_file):
    window = open_file("")
    window.session.page.replace_span(0, 0, "a\u202eb")
    document = window.session.document
    document.replace(0, 0, "x\u202e", origin=Origin.MODEL, group=document.open_group())
    assert window.notices.notices == []


def test_a_text_that_cannot_be_changed_offers_no_removal(open_file):
    window = open_file("plain")
    window.session.page.set_read_only(True)
    window.session.concealed._look_at_all()
    assert window.notices.notices == []
    paste_text = "a\u202eb"
    window.session.document.replace(0, 0, paste_text, origin=Origin.IMPORTED)
    window.session.concealed._look_at_all()
    assert labels(window) == ["Show", "Keep them"]


def test_another_document_takes_the_notice_away(open_file, tmp_path):
    window = open_file(TRICKY)
    other = tmp_path / "other.md"
    other.write_text("Plain.", "utf-8")
    window.session.open(other)
    assert window.notices.notices == []
