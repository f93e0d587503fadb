"""Headings of a Markdown text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from writer_app.text.headings import Heading, headings


def test_headings_have_place_level_and_title():
    text = "# One\n\ntext 😀\n\n## 第二回 *题*\n###### Six ##\n"
    assert headings(text) == [
        Heading(0, 1, "One"),
        Heading(text.index("## 第"), 2, "第二回 题"),
        Heading(text.index("######"), 6, "Six"),
    ]


@pytest.mark.parametrize(
    "text",
    ["#none", "####### seven", "    # indented code", "text # no", "\\# escaped", "", "\n\n"],
)
def test_what_is_no_heading(text):
    assert headings(text) == []


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("# a #", "a"),
        ("# a#", "a#"),
        ("#", ""),
        ("## ##", ""),
        ("   # a ", "a"),
        ("# snake_case `code` __bold__", "snake_case code bold"),
    ],
)
def test_titles_without_marks(line, title):
    assert [heading.title for heading in headings(line)] == [title]


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("```\n# code\n```\n# after", ["after"]),
        ("~~~ md\n# code\n```\n# code\n~~~~\n# after", ["after"]),
        ("````\n# code\n```\n# code\n````\n# after", ["after"]),
        ("```\n# code\n``` no end\n# code", []),
        ("```inline``` code\n# heading", ["heading"]),
    ],
)
def test_code_fences_hide_what_looks_like_headings(text, titles):
    assert [heading.title for heading in headings(text)] == titles


@given(st.text(alphabet="#` ~a\n雪", max_size=80))
def test_every_heading_stands_where_it_says(text):
    for offset, level, _ in headings(text):
        assert offset == 0 or text[offset - 1] == "\n"
        assert text[offset:].lstrip(" ").startswith("#" * level)
