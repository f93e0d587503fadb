"""Pasting with formatting is asked for; pasting is plain."""

from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QGuiApplication

from writer_app.story.changes import Origin
from writer_app.text.hidden import without
from writer_app.text.rebuild import rebuilt
from writer_app.ui.editor import pasting
from writer_app.ui.editor.markdown import Kind, read_line
from writer_app.ui.editor.menu import context_menu
from writer_app.ui.editor.pasting import formatted, paste_formatted

HTML = (
    "<h2>Head</h2><p>some <b>bold</b> <script>boo()</script>words<img src='file:///etc/passwd'></p>"
)


def offer(html="", text="", urls=()):
    data = QMimeData()
    if html:
        data.setHtml(html)
    if text:
        data.setText(text)
    if urls:
        data.setUrls([QUrl.fromLocalFile(each) for each in urls])
    QGuiApplication.clipboard().setMimeData(data)


def test_formatted_text_becomes_markdown_as_one_pasted_step(open_page):
    page = open_page("one two three", caret=4)
    page.select(4, 7)
    changes = []
    page.edited.connect(changes.append)
    offer(HTML, "plain")
    paste_formatted(page)
    assert page.manuscript.text == "one ## Head\n\nsome **bold** words three"
    assert [each.origin for each in changes] == [Origin.PASTED]
    assert page.caret == page.manuscript.text.index(" three")
    page.undo_step()
    assert page.manuscript.text == "one two three"


def test_pasting_is_plain_though_there_is_formatting(open_page):
    page = open_page("")
    offer(HTML, "plain <b>text</b>")
    page.paste()
    assert page.manuscript.text == "plain <b>text</b>"


@pytest.mark.parametrize("html", ["", "<script>boo()</script>", "<p hidden>boo</p>"])
def test_without_anything_to_rebuild_it_is_pasted_plain(open_page, html):
    page = open_page("")
    offer(html, "plain")
    paste_formatted(page)
    assert page.manuscript.text == "plain"


@pytest.mark.parametrize(
    "html", ["<p><b>word</b> " * 30_000, "<p>" + "word " * 700_000], ids=["tags", "characters"]
)
def test_more_formatting_than_anybody_copies_is_pasted_plain_and_that_is_told(
    open_page, qtbot, html
):
    page = open_page("")
    offer(html, "plain")
    with qtbot.waitSignal(page.formatting_lost):
        paste_formatted(page)
    assert page.manuscript.text == "plain"


def test_a_long_chapter_keeps_its_formatting(open_page, qtbot):
    page = open_page("")
    offer(("<p class='Body'>" + "word " * 60 + "<b>strong</b></p>") * 500)
    with qtbot.assertNotEmitted(page.formatting_lost):
        paste_formatted(page)
    assert page.manuscript.text.endswith("**strong**")


def test_where_nothing_was_ever_copied_there_is_no_formatting(open_page, monkeypatch):
    page = open_page("text")
    monkeypatch.setattr(type(QGuiApplication.clipboard()), "mimeData", lambda _self, *_more: None)
    assert formatted() == ""
    assert context_menu(page).actions()


def test_a_file_is_not_pasted_as_its_html(open_page):
    page = open_page("")
    offer("<p>words</p>", "words", ["/etc/passwd"])
    paste_formatted(page)
    assert page.manuscript.text == ""


def test_line_ends_and_half_characters_are_set_right(open_page):
    page = open_page("")
    offer("<p>a&#13;b&#xd83d;c&#0;d</p>")
    paste_formatted(page)
    assert page.manuscript.text == page.document().toRawText().replace("\u2029", "\n")
    assert "\r" not in page.manuscript.text


@pytest.mark.parametrize("letter", ["\ufdd0", "\ufdd1", "\ud800", "\0", "\u2029"])
def test_what_a_manuscript_cannot_hold_leaves_no_markup_behind(open_page, monkeypatch, letter):
    # By the back door: a clipboard of this system would not let all of them through.
    monkeypatch.setattr(
        pasting, "formatted", lambda: f"<p>{letter}# a</p><p>&lt;{letter}img src=file:///x></p>"
    )
    page = open_page("")
    paste_formatted(page)
    text = page.manuscript.text
    assert text.startswith("\\# a")
    assert "<img" not in text.replace("\\<img", "")


def test_the_context_menu_offers_it_where_there_is_formatting(open_page):
    page = open_page("")

    def is_offered():
        found = [
            each for each in context_menu(page).actions() if each.text() == "Paste with formatting"
        ]
        return found[0].isEnabled()

    offer("", "plain")
    assert not is_offered()
    offer(HTML, "plain")
    assert is_offered()
    page.set_read_only(True)
    assert not is_offered()


@given(
    st.lists(
        st.sampled_from([*"#>-+=*_`~[]()<>!\\|:. 1a\n\u200b\u202e\x01", "](https://a.org)", "<!--"])
    ).map("".join)
)
@settings(deadline=None)
def test_words_whose_hidden_characters_are_removed_never_become_markup(words):
    for line in without(rebuilt(f"<pre>{escape(words)}</pre>")).split("\n"):
        found = read_line(line)
        assert found.kind in (Kind.BODY, Kind.FLUSH, Kind.BLANK), line
        assert found.spans == (), line


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<p>&lt;&#x200b;img src=x></p>", "\\<img src=x>"),
        ("<p>&#x200b;# a</p>", "\\# a"),
        ("<p>1&#x200b;. a</p>", "1\\. a"),
        ("<p>!&#x200b;<a href='https://a.org'>b</a></p>", "\\![b](https://a.org)"),
    ],
)
def test_removing_hidden_characters_leaves_words_escaped(html, markdown):
    assert without(rebuilt(html)) == markdown


@given(
    st.lists(
        st.sampled_from(
            [*"#>-+=*_`~[]()<>!\\|:. 1a红\n", "](https://a.org)", "<!--", "<https://a.org>", "&lt;"]
        )
    ).map("".join)
)
@settings(deadline=None)
def test_words_from_elsewhere_never_become_markup(words):
    for line in rebuilt(f"<pre>{escape(words)}</pre>").split("\n"):
        found = read_line(line)
        assert found.kind in (Kind.BODY, Kind.FLUSH, Kind.BLANK), line
        assert found.spans == (), line
