"""What stands between quotation marks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from writer_app.text.quotations import is_balanced, quotations

WORDS = st.text("ab 他，!", min_size=1, max_size=8).filter(str.strip)
TEXT = st.text("ab “”「」『』\"'‘’«»\n他。", max_size=30)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("“Yes,” he said. “No.”", ["Yes,", "No."]),
        ("他说：“走。”又说：「不」『好』", ["走。", "不", "好"]),
        ('"Yes" and « non »', ["Yes", "non"]),
        ("“He said ‘no’ to  me.”", ["He said 'no' to me."]),
        ("‘Yes,’ he said, and didn’t.", []),
        ("“open\n\n“again”", ["again"]),
        ("“”", []),
        ("", []),
    ],
)
def test_quotations_are_found_in_order(text, said):
    assert quotations(text) == said


@given(st.lists(st.tuples(WORDS, st.sampled_from(["“”", "「」", "『』", "«»", '""'])), max_size=5))
def test_whatever_is_put_between_marks_is_found_there(spoken):
    text = "\n".join(f"x {pair[0]}{said}{pair[1]} y" for said, pair in spoken)
    assert quotations(text) == [" ".join(said.split()) for said, _pair in spoken]
    assert is_balanced(text)


@given(TEXT)
def test_any_text_can_be_looked_at(text):
    quotations(text)
    is_balanced(text)


@pytest.mark.parametrize(
    ("text", "balanced"),
    [
        ("“Yes.”", True),
        ("“Yes.\n\n“No.”", True),  # one speech over two paragraphs
        ("“Yes.", False),
        ("Yes.”", False),
        ("“Yes.\n\nNo.”", False),
        ('He said "no', False),
        ("他说：「走。", False),
        ("no marks, and don’t", True),
        ("", True),
    ],
)
def test_what_is_opened_is_closed(text, balanced):
    assert is_balanced(text) is balanced
