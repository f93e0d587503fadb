"""HTML becomes Markdown by a short list, and nothing else comes through."""

import re
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from writer_app.text.rebuild import rebuilt

ALLOWED = {
    "<p>One</p><p>Two<br>three</p>": "One\n\nTwo\nthree",
    "<h1>T</h1><h3>Sub <b>x</b></h3>text": "# T\n\n### Sub x\n\ntext",
    "a <b>b </b><i>c</i><em><strong>d</strong></em>e": "a **b** *c****d***e",
    "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>": "- a\n  - b\n- c",
    "<ol><li>a<li>b<p>more</ol>": "1. a\n2. b\n   more",
    "<blockquote><p>q<p>r</blockquote>s": "> q\n>\n> r\n\ns",
    '<a href="https://a.org/x">words</a>': "[words](https://a.org/x)",
    '<a href="https://a.org/">https://a.org/</a>': "<https://a.org/>",
    '<a href="mailto:a@b.org">post</a>': "[post](mailto:a@b.org)",
    "<div>a</div><div>b</div>": "a\n\nb",
    "<table><tr><td>a<td>b<tr><td>c</table>": "a b\n\nc",
    "<span style='font-style:italic'>g</span> <b style='font-weight:normal'>n</b>": "*g* n",
    "  a\n  b&nbsp;c &lt;&amp;&gt; &#x4e2d;": "a b\u00a0c <&> 中",
    "<pre>a\nb</pre>": "a\nb",
    "<!--><p>a</p><!---><p>b</p>": "a\n\nb",
    "<p>İ</p><STYLE>p {}</Style><p>b</p>": "İ\n\nb",
    "fish & chips, 2 < 3 > 1": "fish & chips, 2 < 3 > 1",
}
DROPPED = [
    "<script>alert('<p>boo</p>')</script>",
    "<SCRIPT src=//evil.org/x.js></SCRIPT >",
    "<style>p { background: url(file:///etc/passwd) }</style>",
    "<!-- boo -->",
    "<!--[if mso]>boo<![endif]-->",
    "<![CDATA[boo]]>",
    "<?php boo ?>",
    "<!DOCTYPE html>",
    "<p hidden>boo</p>",
    '<span style="display: none">boo <b>boo</b></span>',
    '<div style="VISIBILITY:hidden">boo</div>',
    '<p style="font-size:0px">boo</p>',
    '<p style="position:absolute;left:-9999px">boo</p>',
    "<template>boo</template>",
    "<svg><text>boo</text></svg>",
    "<iframe src=file:///etc/passwd>boo</iframe>",
    "<object data=x>boo</object>",
    "<textarea>boo</textarea>",
    "<img src='file:///etc/passwd'>",
    "<img src=//host/share/x.png onerror=boo()>",
    "<link rel=stylesheet href=http://evil.org><meta http-equiv=refresh content=boo>",
    "<input value=boo>",
]


@pytest.mark.parametrize(("source", "markdown"), ALLOWED.items())
def test_what_is_allowed_becomes_markdown(source, markdown):
    assert rebuilt(source) == markdown


@pytest.mark.parametrize("source", DROPPED)
def test_what_is_not_for_readers_leaves_no_trace(source):
    assert rebuilt(f"<p>before {source} after</p>").split() == ["before", "after"]


def test_of_a_picture_its_alternative_text_stays():
    assert rebuilt('x <img src="file:///x" alt="a cat"> y') == "x a cat y"


@pytest.mark.parametrize(
    "href",
    ["javascript:alert(1)", "file:///etc/passwd", "//host/x", "data:text/html,x", "x.md", ""],
)
def test_of_a_link_that_leads_nowhere_allowed_the_words_stay(href):
    assert rebuilt(f'<a href="{href}">words</a>') == "words"


def test_a_target_cannot_break_out_of_its_link():
    source = '<a href="https://a.org/x) ![p](file:///etc/passwd \u202e&quot;">w](http://b)</a>'
    assert rebuilt(source) == (
        "[w\\](http://b)](https://a.org/x%29%20!%5Bp%5D%28file:///etc/passwd%20%E2%80%AE%22)"
    )


@pytest.mark.parametrize("mark", ["!", "]", "\\!"])
def test_words_before_a_link_make_no_picture_of_it_and_no_reference(mark):
    made = rebuilt(f'wow{mark}<a href="https://evil.org/x.png">here</a>')
    said = mark.replace("\\", "\\\\")
    assert made == f"wow{said[:-1]}\\{said[-1]}[here](https://evil.org/x.png)"


def test_a_mark_away_from_a_link_stays_as_it_is():
    source = '! <a href="https://a.org/x">b</a>! <a href="https://a.org/">https://a.org/</a>'
    assert rebuilt(source) == "! [b](https://a.org/x)! <https://a.org/>"


@pytest.mark.parametrize(
    ("words", "markdown"), [("C #", "# C \\#"), ("##", "# \\##"), ("C# # or", "# C# # or")]
)
def test_number_signs_that_end_a_heading_are_words_of_it(words, markdown):
    assert rebuilt(f"<h1>{words}</h1>") == markdown


def test_a_separator_of_paragraphs_is_white_space_and_begins_no_line():
    assert rebuilt("<p>a&#x2029;# b</p>") == "a # b"


@pytest.mark.parametrize(
    ("words", "markdown"),
    [
        ("# no heading", "\\# no heading"),
        ("- no list", "\\- no list"),
        ("1. no list", "1\\. no list"),
        ("> no quote", "\\> no quote"),
        ("***", "\\*\\*\\*"),
        ("---", "\\---"),
        ("*no* _no_ snake_case", "\\*no\\* \\_no\\_ snake_case"),
        ("![x](file:///etc/passwd)", "![x\\](file:///etc/passwd)"),
        ("<img src=x>", "\\<img src=x>"),
        ("<!-- x", "<\\!-- x"),
        ("`x`", "\\`x\\`"),
        ("[^1]: note", "\\[^1\\]: note"),
        ("-5 degrees, [1], 2 ~ 3 & so on", "-5 degrees, [1], 2 ~ 3 & so on"),
        ("&copy; as written", "\\&copy; as written"),
    ],
)
def test_words_that_look_like_marks_are_escaped(words, markdown):
    from html import escape

    assert rebuilt(f"<p>{escape(words)}</p>") == markdown


SCRAPS = st.sampled_from(
    [
        *(
            "<",
            ">",
            "</",
            "<!--",
            "-->",
            "<!",
            "<?",
            '"',
            "'",
            "=",
            "&",
            "&#x202e;",
            "&#0;",
            "&lt;",
            " ",
            "\n",
        ),
        *(
            "<p>",
            "</p>",
            "<b>",
            "</b>",
            "<i style='font-weight:bold'>",
            "<ul>",
            "<ol>",
            "<li>",
            "</ul>",
        ),
        *(
            "<blockquote>",
            "</blockquote>",
            "<h2>",
            "</h2>",
            "<pre>",
            "</pre>",
            "<br>",
            "<td>",
            "<hr/>",
        ),
        *(
            "<a href='https://a.org/(x'>",
            "<a href=x>",
            "</a>",
            "<script>",
            "</script>",
            "<img alt='# p'>",
        ),
        *(
            "<span hidden>",
            "</span>",
            "words",
            "# x",
            "- ",
            "1. ",
            "*",
            "_",
            "红",
            "\u202e",
            "\x1b",
            "\0",
        ),
    ]
)


@given(st.lists(st.one_of(SCRAPS, st.text(max_size=8)), max_size=40).map("".join))
def test_nothing_fails_and_no_control_or_hidden_character_is_made(source):
    made = rebuilt(source)
    for letter in set(made) - {"\n"}:
        if unicodedata.category(letter) in ("Cc", "Cf"):
            from html import unescape

            assert letter in unescape(source)
    assert not re.search(r"(?<!\\)<(?!https?:|mailto:)[A-Za-z/!?]", made), "no tag comes through"
    assert made == made.strip("\n ")


HOSTILE = {
    "unclosed tags": "<b>",
    "unclosed brackets": "<a ",
    "unclosed quotes": "<a b='",
    "mixed quotes": "<a b='\"",
    "unclosed comments": "<!--",
    "unclosed declarations": "<![CDATA[",
    "unclosed scripts": "<script>",
    "nested quotations": "<blockquote>x",
    "nested lists": "<ul><li>x",
    "misnested": "<b><i></b>",
    "ends without beginnings": "</b></p>",
    "bare signs": "<",
    "equals": "<a = ",
    "emphasis": "<i>a</i> ",
    "marks": "_*[](",
    "entities": "&amp",
    "breaks": "<br>",
    "dashes": "- ",
    "styles": "<p style='font-size:",
}


@pytest.mark.parametrize("scrap", HOSTILE.values(), ids=HOSTILE)
def test_four_times_as_much_takes_not_much_more_than_four_times_as_long(scrap):
    def cost(size: int) -> float:
        source = scrap * (size // len(scrap))
        began = time.process_time()
        rebuilt(source)
        return time.process_time() - began

    # Quadratic would be 16 times; the best of three, since another process may be in the way.
    small = min(cost(40_000) for _ in range(3))
    large = min(cost(160_000) for _ in range(3))
    assert large < 9 * small + 0.05
