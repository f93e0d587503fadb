"""Commands that write Markdown: each is one step and takes itself off again."""

import pytest

from writer_app.ui.editor import markup


@pytest.mark.parametrize(
    ("text", "selected", "command", "expected"),
    [
        ("one two", (0, 3), markup.toggle_bold, "**one** two"),
        ("one two", (5, 5), markup.toggle_italic, "one *two*"),
        ("**one** two", (2, 5), markup.toggle_italic, "***one*** two"),
        ("***one*** two", (3, 6), markup.toggle_bold, "*one* two"),
        ("**one** two", (0, 7), markup.toggle_bold, "one two"),
        ("他很好", (1, 2), markup.toggle_bold, "他**很**好"),
        (" a \n\n b ", (0, 8), markup.toggle_italic, " *a* \n\n *b* "),
        ("😀 x", (0, 1), markup.toggle_bold, "**😀** x"),
        ("", (0, 0), markup.toggle_bold, "****"),
    ],
)
def test_marks_are_put_on_and_taken_off(open_page, text, selected, command, expected):
    page = open_page(text)
    page.select(*selected)
    command(page)
    assert page.manuscript.text == expected
    if text:
        command(page)
        assert page.manuscript.text in (text, text.replace("*", ""), expected.replace("*", "")) or (
            "*" in text
        )
        page.undo_step()
    page.undo_step()
    assert page.manuscript.text == text


def test_bold_twice_is_as_before(open_page):
    page = open_page("It was late, my friend.")
    page.select(7, 11)
    markup.toggle_bold(page)
    assert page.selection == (9, 13)
    markup.toggle_bold(page)
    assert page.manuscript.text == "It was late, my friend."
    assert page.selection == (7, 11)


def test_a_heading_is_set_changed_and_taken_off(open_page):
    page = open_page("a\n\nTitle\n\nb", caret=5)
    markup.toggle_heading(page, 2)
    assert page.manuscript.text == "a\n\n## Title\n\nb"
    assert page.caret == 8
    markup.toggle_heading(page, 3)
    assert page.manuscript.text == "a\n\n### Title\n\nb"
    markup.toggle_heading(page, 3)
    assert page.manuscript.text == "a\n\nTitle\n\nb"


def test_a_scene_break_parts_the_paragraph_and_leaves_again(open_page):
    page = open_page("One. Two.\n\nThree.\n\n***\n\nFour.", caret=5)
    markup.insert_scene_break(page)
    assert page.manuscript.text.startswith("One.\n\n***\n\nTwo.")
    assert page.manuscript.text[page.caret :].startswith("Two.")
    page.undo_step()
    assert page.manuscript.text == "One. Two.\n\nThree.\n\n***\n\nFour."
    page.set_caret(20)
    markup.insert_scene_break(page)
    assert "***" not in page.manuscript.text


def test_a_footnote_gets_the_next_number_and_the_caret(open_page):
    page = open_page("One.[^1] Two.\n\n[^1]: First.\n", caret=13)
    markup.insert_footnote(page)
    assert page.manuscript.text == "One.[^1] Two.[^2]\n\n[^1]: First.\n[^2]: \n"
    assert page.manuscript.text[: page.caret].endswith("[^2]: ")
    page.undo_step()
    assert page.manuscript.text == "One.[^1] Two.\n\n[^1]: First.\n"


def test_a_first_footnote_can_be_taken_off_again(open_page):
    page = open_page("One word.\n", caret=8)
    markup.insert_footnote(page)
    assert page.manuscript.text == "One word[^1].\n\n[^1]: \n"
    page.set_caret(9)
    markup.insert_footnote(page)
    assert page.manuscript.text == "One word.\n"
