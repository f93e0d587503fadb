"""Several versions from one question: a real engine child plays them, she chooses by key."""

import pytest
from PySide6.QtCore import Qt

from tests.journeys.writer import furnish
from writer_app.craft.continuation import Length
from writer_app.engine.protocol import Ending
from writer_app.ui.session.state import Options

BEFORE = "She tried the door."
AFTER = "\n\nNobody came."
FIRST, SECOND, THIRD = " It was locked.", " It gave way.", " Somebody held it from within."


def together(*texts, pause=0.0):
    """An answer that writes these in turn, a word of each at a time."""
    words = [text.replace(" ", "\0 ").lstrip("\0").split("\0") for text in texts]
    steps = []
    for turn in range(max(map(len, words))):
        for number, each in enumerate(words):
            if turn < len(each):
                steps += [{"text": each[turn], "alternative": number}]
        steps += [{"wait": pause}] if pause else []
    return steps


def endless(*texts):
    """The same, going on until it is ended."""
    return together(*(text + " more" * 2_000 for text in texts), pause=0.02)


@pytest.fixture
def begin(sit_down, places):
    def sit(answers, **script):
        furnish(places, "[continuing]\nalternatives = 3\n")
        writer = sit_down(answers, BEFORE + AFTER, **script)
        writer.page.set_caret(len(BEFORE))
        writer.ask()
        return writer

    return sit


def shown(writer):
    assert writer.text.startswith(BEFORE)
    assert writer.text.endswith(AFTER)
    return writer.text[len(BEFORE) : len(writer.text) - len(AFTER)]


def test_they_stream_together_and_she_steps_between_them_meanwhile(begin):
    writer = begin([endless(FIRST, SECOND, THIRD)])
    writer.wait(lambda: "locked." in writer.text)
    writer.show_next()
    assert shown(writer).startswith(SECOND)
    length = len(writer.text)
    writer.wait(lambda: len(writer.text) > length)
    assert (writer.state.version, writer.state.versions) == (2, 3)
    writer.escape()
    text = shown(writer)
    assert text.startswith(SECOND)
    writer.wait_for_silence()
    assert shown(writer) == text
    writer.show_previous()
    assert shown(writer).startswith(FIRST)
    writer.undo()
    assert writer.text == BEFORE + AFTER
    assert not writer.state.is_changed
    writer.redo()
    assert shown(writer).startswith(FIRST)


def test_one_that_is_dropped_ends_and_the_others_are_written_to_their_end(begin):
    writer = begin([together(FIRST, SECOND, THIRD + " They waited." * 4, pause=0.05)])
    writer.wait_for_stream()
    writer.key(Qt.Key.Key_Delete, Qt.KeyboardModifier.AltModifier)
    assert SECOND.startswith(shown(writer))
    writer.wait_for_answer()
    assert shown(writer) == SECOND
    assert writer.state.versions == 2
    writer.show_next()
    assert shown(writer) == THIRD + " They waited." * 4


def test_her_key_ends_them_all(begin):
    writer = begin([endless(FIRST, SECOND, THIRD)])
    writer.wait_for_stream()
    writer.type("!")
    text = shown(writer)
    assert text.endswith("!")
    writer.wait_for_silence()
    assert shown(writer) == text
    assert not writer.state.is_generating


def test_the_best_fitting_is_named_and_what_she_reads_does_not_jump(begin):
    writer = begin([together(FIRST, SECOND, THIRD)], fits={"0": -2.5, "1": -3.0, "2": -1.0})
    writer.wait_for_answer()
    assert shown(writer) == FIRST
    panel = writer.window.continuation.answer
    assert panel.steps.number.text() == "2 of 3"
    assert panel.list.item(0).text() == THIRD.strip()
    writer.show_previous()
    assert shown(writer) == THIRD
    assert panel.steps.number.text() == "1 of 3 · fits best"


def test_each_has_the_seed_it_was_written_with(begin):
    writer = begin([together(FIRST, SECOND, THIRD)])
    writer.wait_for_answer()
    kept = list(writer.window.session.continuing.versions)
    first = kept[0].seed
    assert [each.seed for each in kept] == [(first + number) % 2**32 for number in range(3)]
    assert {each.reason for each in kept} == {Ending.END}
    tooltip = writer.window.continuation.answer.steps.number.toolTip()
    assert tooltip.startswith(f"Seed {first}")


def test_what_she_did_not_take_is_there_again_when_she_comes_back(begin):
    writer = begin([together(FIRST, SECOND, THIRD)])
    writer.wait_for_answer()
    writer.key(Qt.Key.Key_Tab)
    writer.page.set_caret(writer.document.length)
    writer.type(" Not yet.")
    assert writer.state.versions == 0
    writer.page.set_caret(len(BEFORE) + 4)
    assert writer.state.versions == 3
    writer.show_next()
    assert writer.text == BEFORE + SECOND + AFTER + " Not yet."
    writer.undo()
    assert writer.text == BEFORE + FIRST + AFTER + " Not yet."


def test_retry_writes_as_many_again(begin):
    writer = begin([together(FIRST, SECOND, THIRD), together(" No.", " Yes.", " Perhaps.")])
    writer.wait_for_answer()
    writer.retry()
    writer.wait_for_answer()
    assert shown(writer) == " No."
    assert (writer.state.version, writer.state.versions) == (4, 6)
    writer.undo()
    assert writer.text == BEFORE + AFTER


def test_the_starter_model_writes_three_and_says_which_fits_best(
    sit_down_for_real, places, tmp_path
):
    path = tmp_path / "story.md"
    path.write_text(f"It was late. {BEFORE} It did not move.{AFTER}")
    writer = sit_down_for_real(path)
    writer.page.set_caret(path.read_text().index(AFTER))
    writer.window.session.choices.set_options(
        Options(alternatives=3, length=Length.AMOUNT, amount=30)
    )
    writer.ask()
    writer.wait_for_answer()
    kept = list(writer.window.session.continuing.versions)
    assert len({each.text for each in kept}) == 3
    assert len({each.seed for each in kept}) == 3
    fits = [each.fit for each in kept]
    assert fits == sorted(fits, reverse=True)
    assert all(fit < 0 for fit in fits)
    writer.undo()
    assert writer.text == path.read_text()
