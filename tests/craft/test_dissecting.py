"""Reading a book chapter by chapter: notes, resumed where they ended, and a method made of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from writer_app import assets
from writer_app.craft.dissecting import (
    FIELDS,
    FUNCTIONS,
    HOOKS,
    Dissecting,
    Noting,
    as_method,
    excerpt,
)
from writer_app.craft.method import Method
from writer_app.craft.recipe import load
from writer_app.engine.protocol import Loaded
from writer_app.story.dissection import Chapter, chapters_of, place_of, read, write

BOOK = "# The Sea\n\nA preface.\n\n## One\n\nTom went to sea, and the sea was cold.\n\n## Two\n\nHe came home. The house was gone."
DREAM = "第一回\n\n宝玉见了黛玉，笑道：这个妹妹我曾见过的。"
SMALL = Loaded(name="small", context=2048, parameters=135_000_000, has_template=True)
LARGE = Loaded(name="large", context=8192, parameters=8_000_000_000, has_template=True)


def count(texts):
    return [max(1, len(text) // 4) for text in texts]


def answers(dissecting, said="Tom goes to sea and loses his house."):
    while question := dissecting.question():
        dissecting.take("fast" if question.field == "pace" else said)
    return dissecting.findings


def test_a_book_is_cut_at_the_headings_that_its_text_lies_under():
    assert [each.title for each in chapters_of(BOOK)] == ["The Sea", "One", "Two"]
    assert chapters_of("No heading.") == (Chapter("", "No heading."),)
    assert chapters_of(" \n") == ()


def test_what_was_read_is_not_read_again_unless_it_was_changed(tmp_path):
    path = place_of(tmp_path / "book.md", tmp_path)
    first = Dissecting(chapters_of(BOOK), {})
    for _field in FIELDS:
        first.take("Tom goes to sea.")
    assert first.done == 1
    write(path, tuple(first.findings))
    again = Dissecting(chapters_of(BOOK.replace("cold", "warm")), read(path))
    assert again.done == 1
    write(path, tuple(answers(again)))
    assert Dissecting(chapters_of(BOOK.replace("cold", "warm")), read(path)).question() is None
    changed = Dissecting(chapters_of(BOOK), read(path)).question()
    assert changed is not None
    assert changed.chapter.title == "One"


@pytest.mark.parametrize("broken", [b"", b"{", b"[3]", b"\xff\xfe\xff", b"[" * 9_000])
def test_notes_that_cannot_be_read_are_as_good_as_none(tmp_path, broken):
    path = tmp_path / "x.json"
    assert read(path) == {}
    path.write_bytes(broken)
    assert read(path) == {}


@given(st.text(max_size=60), st.sampled_from(list(FIELDS)), st.sampled_from([BOOK, DREAM]))
def test_any_answer_fills_its_field(answer, field, text):
    chapter = Chapter("x", text)
    made = Noting(chapter, chapter.finding, field).filled(answer)
    assert getattr(made, field)
    assert made.function in ("", *FUNCTIONS)
    assert made.hook in ("", *HOOKS)


def test_the_questions_about_a_chapter_share_what_is_read():
    chapter = chapters_of(BOOK)[1]
    first = Noting(chapter, chapter.finding, "summary")
    second = Noting(chapter, first.filled("Tom goes to sea."), "conflict")
    prompts = [each.plan(SMALL, count, 1).request.parts[0].text for each in (first, second)]
    assert prompts[1].startswith(prompts[0])
    assert second.plan(LARGE, count, 1).request.chat[-1].content.endswith("Conflict:")


def test_a_long_chapter_is_read_at_both_ends():
    text = "\n".join(f"Line {number} of the chapter." for number in range(3_000))
    read_ = excerpt(text, count, 500)
    assert count([read_])[0] <= 520
    assert read_.startswith("Line 0 ")
    assert read_.endswith("Line 2999 of the chapter.")


def test_a_method_made_of_a_book_loads_and_holds_no_word_of_it(tmp_path):
    findings = answers(Dissecting(chapters_of(BOOK), {}))
    blank = load(assets.resources() / "recipes" / "outline" / "blank.toml", Method)
    path = tmp_path / "like-the-sea.toml"
    path.write_text(as_method(findings, "like-the-sea", "Cold", blank), "utf-8")
    method = load(path, Method)
    assert len(method.levels[0].slots) == 3
    assert "Tom" not in path.read_text("utf-8")
    assert "fast" in method.levels[0].slots[1].hint.en
