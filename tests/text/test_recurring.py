"""Names that come again in a text."""

import re
import time

import pytest

from writer_app.text.recurring import recurring

STORY = (
    "Mr. Tom Hale met Anna Lund in Baker Street. Anna smiled. Then Hale left Anna, and Hale went to Baker Street. "
    "So Anna wrote to Baker Street. But nobody came. But nobody wrote. But it rained on Monday, Monday, Monday."
)


def test_short_forms_go_with_the_full_name():
    found = {each.name: each for each in recurring(STORY)}
    assert set(found) == {"Anna Lund", "Mr. Tom Hale", "Baker Street"}
    assert found["Anna Lund"].aliases == ("Anna",)
    assert found["Mr. Tom Hale"].aliases == ("Hale",)
    assert found["Baker Street"].times == 3


def test_chinese_names_have_a_surname_speak_or_end_as_places_do():
    text = (
        "贾雨村笑道：“好。”雨村去了荣国府。谁知贾雨村又回，那雨村便住荣国府中。荣国府里，雨村听说贾雨村之名。"
        "众姑娘都来了，姑娘们笑，见姑娘去。"
    )
    found = {each.name: each for each in recurring(text)}
    assert found["贾雨村"].aliases == ("雨村",)
    assert "荣国府" in found
    assert "姑娘" not in found


@pytest.mark.parametrize(
    ("book", "chapter", "names"),
    [
        ("pride", 3, {"Mr. Bingley", "Mr. Darcy", "Mrs. Bennet", "Jane", "Netherfield"}),
        ("dream", 3, {"黛玉", "贾母", "宝玉", "王夫人", "贾政"}),
    ],
)
def test_a_chapter_shows_whom_it_is_about(book, chapter, names, request):
    chapters = re.split(r"(?m)^## .*$", request.getfixturevalue(book))
    assert names <= {each.name for each in recurring(chapters[chapter])}


@pytest.mark.parametrize(
    "text", ["", "A" * 200_000, "Bob " * 50_000, "贾雨村" * 60_000, "\n" * 90_000]
)
def test_strange_texts_take_no_time(text):
    began = time.process_time()
    recurring(text)
    assert time.process_time() - began < 4
