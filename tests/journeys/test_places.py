"""Continuing wherever the caret stands, in whatever text; and honesty where the model cannot."""

import json

import pytest
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication

from tests.journeys.writer import says

CHINESE = "黛玉听了这话，不觉又喜又惊，又悲又叹。" * 3
ENGLISH_ONLY = {"loaded": {"languages": ["en"], "name": "Little"}}


def heard(writer, start, end):
    """What the model was given, from the echo that stands in this span of the text."""
    return json.loads(writer.text[start:end])


@pytest.fixture
def plain(sit_down):
    """Starts with the echo as it is: no quotation marks set."""

    def begin(text, **script):
        writer = sit_down([[{"echo": True}]], text, **script)
        for mark in ("quotes", "dashes", "ellipsis"):
            writer.program.services.preferences.set("typing", mark, False)
        return writer

    return begin


def test_in_the_middle_of_a_word_the_model_gets_the_half_word_and_writes_on_behind_it(plain):
    text = "It stood by the window."
    writer = plain(text)
    at = len("It stood by the win")
    writer.page.set_caret(at)
    writer.ask()
    writer.wait_for_answer()
    end = len(writer.text) - len("dow.")
    assert writer.text.endswith("}dow.")
    assert heard(writer, at, end) == {"prompt": "It stood by the win", "suffix": ""}


def test_a_model_with_infill_is_given_what_stands_behind_the_caret(plain):
    text = "He took the key.\n\nThe door was open."
    writer = plain(text, loaded={"has_infill": True})
    at = len("He took the key.")
    writer.page.set_caret(at)
    writer.ask()
    writer.wait_for_answer()
    told = heard(writer, at, len(writer.text) - len(text) + at)
    assert told == {"prompt": "He took the key.", "suffix": "\n\nThe door was open."}


def test_in_the_middle_of_a_text_nothing_behind_the_caret_is_touched(sit_down):
    text = "One 😀.\n\nThree 林黛玉.\n"
    writer = sit_down([says(" Two", " 🎻", ".")], text)
    writer.page.set_caret(len("One 😀."))
    writer.ask()
    assert writer.wait_for_answer() == "One 😀. Two 🎻.\n\nThree 林黛玉.\n"
    assert writer.page.caret == len("One 😀. Two 🎻.")
    writer.undo()
    assert writer.text == text
    assert not writer.state.is_fresh


def test_with_a_selection_it_continues_behind_it_and_replaces_nothing(sit_down):
    writer = sit_down([says(" quite")], "She was ill.")
    writer.page.select(len("She "), len("She was"))
    writer.ask()
    assert writer.wait_for_answer() == "She was quite ill."


def test_behind_the_last_line_end_of_a_file_a_new_paragraph_begins(sit_down):
    text = "First paragraph.\n\nSecond paragraph.\n"
    writer = sit_down([says("Third", ".")], text)
    writer.ask()
    assert writer.wait_for_answer() == text + "\nThird."
    writer.undo()
    assert writer.text == text


def test_an_empty_file_can_be_continued_and_undo_leaves_it_empty(plain):
    writer = plain("")
    writer.ask()
    writer.wait_for_answer()
    assert heard(writer, 0, None)["prompt"].startswith("Chapter One")
    assert "Chapter" in writer.text
    assert writer.notices == []
    writer.undo()
    assert writer.text == ""
    writer.save()
    assert writer.document.path.read_bytes() == b""


def test_an_untitled_page_can_be_continued_without_a_word_on_it(sit_down):
    writer = sit_down([says("It", " began", ".")])
    writer.ask()
    assert writer.wait_for_answer() == "It began."


def test_crlf_and_bom_come_back_as_they_were_around_an_answer(sit_down, tmp_path):
    text = "\ufeffOne.\r\n\r\nTwo.\r\n"
    writer = sit_down([says(" More", ".")], text)
    writer.page.set_caret(len("One."))
    writer.ask()
    writer.wait_for_answer()
    writer.save()
    saved = (tmp_path / "story.md").read_bytes()
    assert saved == "\ufeffOne. More.\r\n\r\nTwo.\r\n".encode()


def test_chinese_text_and_an_english_model_give_one_notice_with_ways_out_and_no_gibberish(sit_down):
    writer = sit_down([says("gibberish")], CHINESE, **ENGLISH_ONLY)
    writer.ask()
    writer.wait(lambda: writer.notices != [])
    writer.wait_for_silence()
    (notice,) = writer.notices
    assert "Little" in notice.text
    assert "Chinese" in notice.text
    assert [way.label for way in notice.actions] == [
        "Choose a model file…",
        "Get a fitting model…",
        "Continue anyway",
    ]
    assert writer.text == CHINESE
    assert not writer.state.can_undo


def test_asking_again_does_not_pile_notices_up_and_she_may_insist(sit_down):
    writer = sit_down([says("宝玉", "笑道。")], CHINESE, **ENGLISH_ONLY)
    for _ in range(3):
        writer.ask()
        writer.wait(lambda: not writer.state.is_generating and len(writer.notices) == 1)
    writer.press_button("Continue anyway")
    writer.wait(lambda: writer.state.is_fresh)
    assert writer.wait_for_answer() == CHINESE + "宝玉笑道。"
    assert writer.notices == []


def test_chinese_is_continued_by_a_model_that_writes_it(sit_down):
    writer = sit_down([says("宝玉", "笑道", "：“好。”")], CHINESE, loaded={"languages": ["zh"]})
    writer.ask()
    assert writer.wait_for_answer() == CHINESE + "宝玉笑道：“好。”"
    writer.undo()
    assert writer.text == CHINESE


def test_an_answer_goes_on_behind_a_word_just_composed(sit_down):
    writer = sit_down([says("，也好。")], CHINESE, loaded={"languages": ["zh"]})
    QApplication.sendEvent(writer.page, QInputMethodEvent("zhe", []))
    commit = QInputMethodEvent("", [])
    commit.setCommitString("这样")
    QApplication.sendEvent(writer.page, commit)
    writer.ask()
    assert writer.wait_for_answer() == CHINESE + "这样，也好。"
    writer.undo()
    assert writer.text == CHINESE + "这样"
