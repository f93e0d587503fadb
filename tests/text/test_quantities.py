"""Numbers, in figures or in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from writer_app.text.english_numbers import in_digits
from writer_app.text.quantities import quantities
from writer_app.text.spelling import in_hanzi, in_words


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("two hundred and five men, or 205", ["205"]),
        ("a hundred men and 1,000,000.5 more", ["100", "1000000.5"]),
        ("twenty-one, twenty one, 21", ["21"]),
        ("between twenty and thirty", ["20", "30"]),
        ("a dozen eggs, hundreds of people", ["12", "100"]),
        ("1,2,3", ["1", "2", "3"]),
        ("one of them, for a second", []),
        ("often, tenor, freight", []),
        ("３个人，十二月，二〇二六年", ["3", "12", "2026"]),
        ("一百二十三，两万五千，三亿", ["123", "25000", "300000000"]),
        ("二億五萬", ["200050000"]),
        ("一个人，万一，千万不要，四面八方，一起", []),
        ("三个人，五年，十两银子，两三", ["3", "5", "10", "23"]),
        ("", []),
    ],
)
def test_numbers_are_found_by_their_value(text, values):
    assert list(quantities(text)) == values


@given(st.integers(2, 10**11))
def test_a_chinese_number_is_the_same_as_its_figures(value):
    said = in_hanzi(value)
    if 1 < len(said) <= 16:
        assert list(quantities(said)) == [str(value)]


@given(st.integers(2, 100))
def test_an_english_number_is_the_same_as_its_figures(value):
    assert list(quantities(in_words(value))) == [str(value)]


def test_numbers_put_in_figures_by_rule_are_the_same():
    text = "There were forty-two of them, and three hundred and seven horses."
    assert in_digits(text) != text
    assert quantities(in_digits(text)).keys() == quantities(text).keys()


def test_how_a_number_was_said_is_told():
    assert quantities("nearly Forty-One men") == {"41": "Forty-One"}


@pytest.mark.parametrize(
    "text", ["9" * 100_000, "1," * 50_000, "千万" * 50_000, "two hundred and " * 6_000]
)
def test_strange_texts_do_no_harm(text):
    quantities(text)
