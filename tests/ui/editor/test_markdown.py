"""Reading a line of Markdown."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from writer_app.ui.editor.markdown import Kind, Role, State, read_line


def roles(text, state=State.TEXT):
    return {(text[start:end], role) for start, end, role in read_line(text, state).spans}


@pytest.mark.parametrize(
    ("text", "inside", "role"),
    [
        ("an *old* man", "old", Role.EMPHASIS),
        ("他*很*好。", "很", Role.EMPHASIS),
        ("“*真的？*”她说。", "真的？", Role.EMPHASIS),
        ("他_很_好", "很", Role.EMPHASIS),
        ("**一定**要", "一定", Role.STRONG),
        ("***so***", "so", Role.BOTH),
        ("*a **b** c*", "b", Role.STRONG),
        ("**a *b* c**", "b", Role.EMPHASIS),
        ("~~gone~~", "gone", Role.STRUCK),
        ("use `a*b*c` here", "a*b*c", Role.CODE),
        ("see [here](https://a.b)", "here", Role.LINK),
        ("word[^12] more", "[^12]", Role.FOOTNOTE),
        ("[^12]: a note", "[^12]:", Role.FOOTNOTE),
        ("a <!-- *b* --> c", "<!-- *b* -->", Role.COMMENT),
        ("> said *he*", "> ", Role.MARK),
        ("😀 *😀* x", "😀", Role.EMPHASIS),
    ],
)
def test_what_is_marked_is_found(text, inside, role):
    assert (inside, role) in roles(text)


@pytest.mark.parametrize(
    "text",
    ["snake_case_name", r"\*not\*", "2 * 3 * 4", "`*code*`", "a_b 汉字 c_d", "*", "**", "* x*y"],
)
def test_what_is_not_marked_is_left_alone(text):
    assert Role.EMPHASIS not in {role for _text, role in roles(text)}


@pytest.mark.parametrize(
    ("text", "kind", "level"),
    [
        ("# One", Kind.HEADING, 1),
        ("###### Six", Kind.HEADING, 6),
        ("####### Seven", Kind.BODY, 0),
        ("#hashtag", Kind.BODY, 0),
        ("* * *", Kind.BREAK, 0),
        ("---", Kind.BREAK, 0),
        ("＊＊＊", Kind.BREAK, 0),
        ("⁂", Kind.BREAK, 0),
        ("- item", Kind.LIST, 0),
        ("12. item", Kind.LIST, 0),
        ("1984 was", Kind.BODY, 0),
        ("> quote", Kind.QUOTE, 0),
        ("   ", Kind.BLANK, 0),
        ("　　段落", Kind.FLUSH, 0),
        ("<!-- note -->", Kind.COMMENT, 0),
        ("“Well,”", Kind.BODY, 0),
    ],
)
def test_lines_are_told_apart(text, kind, level):
    line = read_line(text)
    assert (line.kind, line.level) == (kind, level)


def test_a_fence_and_a_comment_stay_open_until_they_are_closed():
    opened = read_line("```python")
    assert opened.state is State.BACKTICKS
    assert read_line("# not a heading", opened.state).kind is Kind.CODE
    assert read_line("~~~", opened.state).state is State.BACKTICKS
    assert read_line("```", opened.state).state is State.TEXT
    comment = read_line("a <!-- b")
    assert comment.state is State.COMMENT
    assert read_line("c --> *d*", comment.state).state is State.TEXT


@given(st.text(alphabet="*_`~[]()<!->#\\ ax汉😀^:", max_size=80), st.sampled_from(State))
def test_spans_lie_inside_any_line(text, state):
    for start, end, _role in read_line(text, state).spans:
        assert 0 <= start <= end <= len(text)


@pytest.mark.parametrize("piece", ["*a ", "*a", "**a", "[a", "`a", "_a ", "***", "<!--", "[^"])
def test_a_line_full_of_marks_takes_linear_time(piece):
    def seconds(count):
        begun = time.process_time()
        read_line(piece * count)
        return time.process_time() - begun

    seconds(100)
    few, many = (min(seconds(count) for _try in range(3)) for count in (600, 4800))
    assert many < 8 * 8 * few + 0.02
