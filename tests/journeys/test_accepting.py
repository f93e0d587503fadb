"""Fresh text is accepted, taken back, written again; each answer is one undo step."""

from PySide6.QtCore import Qt

from tests.journeys.writer import goes_on, says

BEFORE = "She came to the door."
FIRST, SECOND, THIRD = " It was locked.", " Nobody answered.", " A dog barked."


def answered(sit_down, *answers):
    """A text with the first of the answers behind it."""
    writer = sit_down([says(*answer.split(";")) for answer in answers], BEFORE)
    writer.ask()
    assert writer.wait_for_answer() == BEFORE + answers[0].replace(";", "")
    assert writer.state.is_fresh
    return writer


def test_tab_right_behind_fresh_text_accepts_it(sit_down):
    writer = answered(sit_down, FIRST)
    writer.key(Qt.Key.Key_Tab)
    assert writer.text == BEFORE + FIRST
    assert not writer.state.is_fresh
    assert writer.page.fresh == ()


def test_tab_elsewhere_is_a_tab(sit_down):
    writer = answered(sit_down, FIRST)
    writer.key(Qt.Key.Key_Left)
    writer.key(Qt.Key.Key_Tab)
    assert writer.text == BEFORE + FIRST[:-1] + "\t."
    assert writer.state.is_fresh


def test_tab_behind_accepted_text_is_a_tab_again(sit_down):
    writer = answered(sit_down, FIRST)
    writer.key(Qt.Key.Key_Tab)
    writer.key(Qt.Key.Key_Tab)
    assert writer.text == BEFORE + FIRST + "\t"


def test_tab_in_mid_stream_accepts_and_ends_it_also_while_the_model_thinks(sit_down):
    writer = sit_down([[*says(" It", " was", " so"), {"wait": 600}, *says(" never")]], BEFORE)
    writer.ask()
    writer.wait_for_stream(" so")
    writer.key(Qt.Key.Key_Tab)
    assert writer.text == BEFORE + " It was so"
    assert not writer.state.is_fresh
    writer.wait_for_silence()
    assert writer.text == BEFORE + " It was so"


def test_the_next_ctrl_return_accepts_and_both_answers_are_steps_of_their_own(sit_down):
    writer = answered(sit_down, FIRST, SECOND)
    writer.ask()
    assert writer.wait_for_answer() == BEFORE + FIRST + SECOND
    assert writer.page.fresh == ((len(BEFORE + FIRST), len(BEFORE + FIRST + SECOND)),)
    writer.undo()
    assert writer.text == BEFORE + FIRST
    writer.undo()
    assert writer.text == BEFORE


def test_one_undo_gives_the_text_as_it_was_and_one_redo_the_answer(sit_down):
    writer = answered(sit_down, " It; was; locked;.\n\n;“Who;’s there?”")
    shown = writer.text
    writer.undo()
    assert writer.text == BEFORE
    assert not writer.state.is_changed
    assert not writer.state.can_undo
    writer.redo()
    assert writer.text == shown
    assert not writer.state.can_redo


def test_typing_behind_accepted_text_is_a_step_of_its_own(sit_down):
    writer = answered(sit_down, FIRST)
    writer.key(Qt.Key.Key_Tab)
    writer.type(" No")
    writer.undo()
    assert writer.text == BEFORE + FIRST
    writer.undo()
    assert writer.text == BEFORE


def test_typing_behind_fresh_text_is_a_step_of_its_own_too(sit_down):
    writer = answered(sit_down, FIRST)
    writer.type(" No")
    writer.undo()
    assert writer.text == BEFORE + FIRST
    writer.undo()
    assert writer.text == BEFORE


def test_retry_takes_the_place_of_the_answer_inside_the_same_step(sit_down):
    writer = answered(sit_down, FIRST, SECOND, THIRD)
    writer.retry()
    assert writer.wait_for_answer() == BEFORE + SECOND
    writer.retry()
    assert writer.wait_for_answer() == BEFORE + THIRD
    assert (writer.state.version, writer.state.versions) == (3, 3)
    writer.undo()
    assert writer.text == BEFORE
    assert not writer.state.can_undo
    writer.redo()
    assert writer.text == BEFORE + THIRD


def test_alternatives_can_be_stepped_through_and_redo_brings_back_the_last_one_shown(sit_down):
    writer = answered(sit_down, FIRST, SECOND, THIRD)
    for _ in range(2):
        writer.retry()
        writer.wait_for_answer()
    seen = []
    for step in (writer.show_previous, writer.show_previous, writer.show_previous):
        step()
        seen.append(writer.text.removeprefix(BEFORE))
    assert seen == [SECOND, FIRST, THIRD]
    writer.show_next()
    assert writer.text == BEFORE + FIRST
    writer.undo()
    assert writer.text == BEFORE
    writer.redo()
    assert writer.text == BEFORE + FIRST
    writer.key(Qt.Key.Key_Tab)
    assert writer.text == BEFORE + FIRST
    assert not writer.state.is_fresh
    assert writer.state.versions == 3, "they stay with the place"


def test_the_answer_shown_stays_until_the_first_word_of_the_retry(sit_down):
    writer = sit_down([says(FIRST), [{"wait": 600}, {"text": "never"}]], BEFORE)
    writer.ask()
    writer.wait_for_answer()
    writer.retry()
    assert writer.state.is_generating
    assert writer.text == BEFORE + FIRST
    writer.escape()
    writer.wait_for_silence()
    assert writer.text == BEFORE + FIRST
    assert writer.state.versions == 1


def test_undo_in_the_middle_of_a_retry_takes_everything_away_in_one_press(sit_down):
    writer = sit_down([says(FIRST), goes_on(" So", " slow")], BEFORE)
    writer.ask()
    writer.wait_for_answer()
    writer.retry()
    writer.wait_for_stream(" slow")
    writer.undo()
    assert writer.text == BEFORE
    writer.wait_for_silence()
    assert writer.text == BEFORE


def test_remove_takes_the_answer_away_and_redo_brings_it_back(sit_down):
    writer = answered(sit_down, FIRST)
    writer.key(
        Qt.Key.Key_Backspace,
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
    )
    assert writer.text == BEFORE
    assert not writer.state.is_fresh
    writer.redo()
    assert writer.text == BEFORE + FIRST


def test_editing_fresh_text_keeps_it_fresh_but_for_the_sentence_touched(sit_down):
    writer = answered(sit_down, FIRST + SECOND)
    writer.page.set_caret(len(BEFORE) + 4)
    writer.type("x")
    text = writer.text
    assert text == BEFORE + " It xwas locked." + SECOND
    tinted = "".join(text[start:end] for start, end in writer.page.fresh)
    assert tinted.strip() == SECOND.strip()


def test_what_she_changed_in_an_alternative_is_still_there_when_she_comes_back_to_it(sit_down):
    writer = answered(sit_down, FIRST, SECOND)
    writer.retry()
    writer.wait_for_answer()
    writer.page.set_caret(len(BEFORE + SECOND) - 1)
    writer.type(" yet")
    changed = writer.text
    assert changed == BEFORE + SECOND[:-1] + " yet."
    writer.show_previous()
    assert writer.text == BEFORE + FIRST
    writer.show_next()
    assert writer.text == changed
