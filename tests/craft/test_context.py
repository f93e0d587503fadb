from hypothesis import given
from hypothesis import strategies as st

from writer_app.craft.context import window_start


def count(texts):
    """A token per four characters, at least one to a text that has any."""
    return [-(-len(text) // 4) for text in texts]


PARAGRAPH = "Nobody in the house had slept that night, for the wind went round it.\n\n"


@given(st.text(alphabet="ab .\n好", max_size=600), st.integers(1, 200), st.data())
def test_the_window_always_fits_the_budget(text, budget, data):
    caret = data.draw(st.integers(0, len(text)))
    start = window_start(text, caret, budget, count)
    assert 0 <= start <= caret
    assert count([text[start:caret]])[0] <= budget


def test_a_short_text_is_read_whole():
    assert window_start(PARAGRAPH * 3, 100, 1000, count) == 0


def test_the_window_starts_at_a_paragraph():
    text = PARAGRAPH * 100
    start = window_start(text, len(text), 200, count)
    assert text[start - 2 : start] == "\n\n"
    assert text[start:].startswith("Nobody")


def test_one_endless_paragraph_is_cut_at_a_sentence():
    text = "He said so. " * 2000
    start = window_start(text, len(text), 100, count)
    assert text[start:].startswith("He said")


def test_one_endless_sentence_is_still_cut_to_fit():
    text = "word " * 5000
    start = window_start(text, len(text), 100, count)
    assert 0 < len(text) - start <= 400


def test_few_questions_are_asked_however_long_the_text():
    asked = []
    window_start(
        PARAGRAPH * 20_000,
        len(PARAGRAPH) * 20_000,
        1024,
        lambda texts: asked.append(1) or count(texts),
    )
    assert len(asked) <= 2


def test_blank_lines_behind_a_paragraph_beyond_the_budget_leave_something_to_read():
    text = "It was a dark night. " * 400 + "\n\n"
    start = window_start(text, len(text), 100, count)
    assert text[start:].startswith("It was")
    assert text[start:].strip()


def test_a_long_paragraph_before_a_short_one_is_cut_where_too_little_would_be_left():
    text = "It was a dark night. " * 40 + "\n\nHe rose."
    assert text[window_start(text, len(text), 100, count) :] == "He rose."
    start = window_start(text, len(text), 100, count, least=50)
    assert text[start:].startswith("It was")
    assert 50 <= count([text[start:]])[0] <= 100
