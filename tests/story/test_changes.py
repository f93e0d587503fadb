"""Undo steps, and the log as something that can be replayed."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from writer_app.story.changes import Change, ChangeLog, Origin
from writer_app.story.document import Document


class Clock:
    """A clock that the test turns."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def type_text(document: Document, text: str, at: int | None = None) -> None:
    offset = document.length if at is None else at
    for position, character in enumerate(text):
        document.replace(offset + position, offset + position, character)


def undone_texts(document: Document) -> list[str]:
    """What the text is after each press of undo, until nothing is left to undo."""
    texts = []
    while document.undo():
        texts.append(document.text)
    return texts


def test_typing_without_pause_is_one_step():
    document = Document("It was ")
    type_text(document, "a bright cold day")
    assert undone_texts(document) == ["It was "]


def test_a_pause_begins_a_new_step():
    clock = Clock()
    document = Document(clock=clock)
    type_text(document, "one")
    clock.now += 1.4
    type_text(document, "two")
    clock.now += 1.6
    type_text(document, "three")
    assert undone_texts(document) == ["onetwo", ""]


def test_a_line_break_ends_the_step_it_belongs_to():
    document = Document()
    type_text(document, "one\ntwo")
    assert undone_texts(document) == ["one\n", ""]


def test_typing_elsewhere_begins_a_new_step():
    document = Document("middle")
    type_text(document, "end")
    type_text(document, "start", at=0)
    assert undone_texts(document) == ["middleend", "middle"]


def test_turning_from_typing_to_deleting_begins_a_new_step():
    document = Document()
    type_text(document, "abcd")
    document.replace(3, 4, "")
    document.replace(2, 3, "")
    type_text(document, "xy")
    assert undone_texts(document) == ["ab", "abcd", ""]


def test_backspace_and_forward_delete_in_one_place_are_one_step():
    document = Document("abcdef")
    document.replace(2, 3, "")
    document.replace(1, 2, "")
    document.replace(1, 2, "")
    assert undone_texts(document) == ["abcdef"]


def test_a_long_run_of_typing_is_several_steps_that_begin_at_words():
    document = Document()
    words = [f"w{number}" for number in range(70)]
    type_text(document, " ".join(words))
    assert undone_texts(document) == [
        "".join(f"{word} " for word in words[:60]),
        "".join(f"{word} " for word in words[:30]),
        "",
    ]


def test_a_long_run_of_chinese_is_several_steps():
    document = Document()
    type_text(document, "甄" * 150)
    assert [len(text) for text in undone_texts(document)] == [120, 60, 0]


def test_typing_over_a_selection_goes_on_in_the_same_step():
    document = Document("a bad word")
    document.replace(2, 5, "g")
    type_text(document, "ood", at=3)
    assert document.text == "a good word"
    assert undone_texts(document) == ["a bad word"]


def test_every_paste_is_a_step():
    document = Document()
    document.replace(0, 0, "ab", origin=Origin.PASTED)
    document.replace(2, 2, "cd", origin=Origin.PASTED)
    assert undone_texts(document) == ["ab", ""]


def test_a_generation_is_one_step_with_its_retries_and_redo_brings_the_last_one():
    document = Document("Once")
    type_text(document, " upon")
    group = document.open_group()
    for piece in (" a", " time", "."):
        document.replace(document.length, document.length, piece, origin=Origin.MODEL, group=group)
    document.replace(9, document.length, " the hill.", origin=Origin.MODEL, group=group)
    type_text(document, "!")
    assert undone_texts(document) == ["Once upon the hill.", "Once upon", "Once"]
    document.redo()
    document.redo()
    assert document.text == "Once upon the hill."


def test_a_streamed_answer_is_one_change_to_take_back():
    document = Document()
    group = document.open_group()
    for piece in ["word "] * 500:
        document.replace(document.length, document.length, piece, origin=Origin.MODEL, group=group)
    assert document.undo() == (Change(0, "word " * 500, "", Origin.MODEL, group, "undo"),)


def test_broken_typing_is_two_steps():
    document = Document()
    type_text(document, "one")
    document.break_group()
    type_text(document, "two")
    assert undone_texts(document) == ["one", ""]


def test_a_new_edit_forgets_what_could_be_repeated():
    document = Document("a")
    type_text(document, "b")
    document.undo()
    assert document.can_redo
    type_text(document, "c")
    assert not document.can_redo
    assert document.redo() == ()


def test_a_hundred_thousand_keystrokes_stay_a_few_thousand_records():
    document = Document()
    for number in range(100_000):
        document.replace(number, number, "e" if number % 6 else " ")
    assert len(document.log.records) < 1_000


def test_an_undo_record_that_fits_nothing_is_refused():
    log = ChangeLog()
    log.append(Change(0, "", "a", Origin.TYPED, 1))
    with pytest.raises(ValueError, match="fits no earlier change"):
        log.append(Change(0, "b", "", Origin.TYPED, 1, "undo"))
    assert log.can_undo


@given(st.integers(0, 2**32))
def test_replaying_the_changes_rebuilds_text_undo_and_redo(seed):
    rng = random.Random(seed)
    first = Document("雪 and 😀", clock=Clock())
    log, heard = ChangeLog(), []
    first.subscribe(heard.append)
    edit_at_random(first, rng, 40)
    text = "雪 and 😀"
    for change in heard:
        text = change.apply(text)
        log.append(change)
    assert text == first.text
    second = Document(text)
    second.log = log
    assert undone_texts(second) == undone_texts(first)
    assert second.text == first.text == "雪 and 😀"
    while first.redo():
        second.redo()
        assert second.text == first.text


def edit_at_random(document: Document, rng: random.Random, count: int) -> None:
    group = document.open_group()
    for _ in range(count):
        start = rng.randint(0, document.length)
        end = min(document.length, start + rng.choice((0, 0, 0, 1, 3)))
        piece = rng.choice(("a", "b ", "😀", "雪", "\n", "", "e\u0301", "long piece"))
        action = rng.random()
        if action < 0.2:
            document.undo()
        elif action < 0.35:
            document.redo()
        elif action < 0.5:
            document.replace(start, end, piece, origin=Origin.MODEL, group=group)
        elif action < 0.55:
            group = document.open_group()
        else:
            document.replace(start, end, piece)
