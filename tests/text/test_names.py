"""Names of people and places, as far as spelling shows them."""

import time

import pytest

from writer_app.text.names import names_in, names_of


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "Then Mr. Holmes met Watson’s wife in Baker Street.",
            ["Holmes", "Watson", "Baker", "Street"],
        ),
        ("He said, “Come here.” But nobody came.", []),
        ("- Milk\n- Bread\n\n# The end\n\n1. Eggs", []),
        ("It was NASA and I’m sure I’ll go.", []),
        ("And then Tom'll see that Anne-Marie went.", ["Tom", "Anne-Marie"]),
        ("we saw Éowyn", ["Éowyn"]),
        ("宝玉笑道：“好。”", []),
        ("", []),
    ],
)
def test_a_capital_inside_a_sentence_is_a_name(text, names):
    assert names_in(text) == names


def test_what_the_manuscript_shows_is_a_name_at_the_beginning_too():
    known = names_of(
        "They saw Tom. And Tom saw them. The rain came, so Rain it was. Of rain and rain."
    )
    assert known == {"Tom"}
    assert names_in("Tom’s hat. Tomorrow it rains.", known) == ["Tom"]


def test_speakers_of_a_chinese_story_are_names():
    known = names_of(
        "黛玉笑道：“好。”宝玉道：“走。”\n黛玉道：“不。”宝玉忙道：“走罢。”众人笑道：“走。”众人笑道：“走。”"
    )
    assert known == {"黛玉", "宝玉"}
    assert names_in("那宝玉见黛玉来了", known) == ["宝玉", "黛玉"]


@pytest.mark.parametrize("book", ["pride", "sherlock", "dream"])
def test_a_book_shows_its_people(book, request):
    people = {
        "pride": {"Elizabeth", "Darcy", "Bingley", "Longbourn"},
        "sherlock": {"Holmes", "Watson", "London"},
        "dream": {"宝玉", "黛玉", "宝钗", "凤姐"},
    }
    assert people[book] <= names_of(request.getfixturevalue(book)[:400_000])


@pytest.mark.parametrize(
    "text",
    ["A" * 100_000, "A" + "-" * 100_000, "A’" * 50_000, "x Bob " * 16_000, "黛玉笑道：" * 20_000],
)
def test_strange_texts_take_no_time(text):
    began = time.perf_counter()
    names_in(text, names_of(text))
    assert time.perf_counter() - began < 2
