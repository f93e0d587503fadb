"""Marks that a rewriting lost, and putting them back."""

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from writer_app.text.formatting import restore
from writer_app.text.marks import marked, plain

WORDS = [
    "the",
    "dog",
    "ran",
    "don’t",
    "3.5",
    "“Yes”",
    "end.",
    "well,",
    "他",
    "很高兴",
    "自是，",
    "十分。",
    "“走”",
    "never",
    "😀",
    "été",
    "b",
    "2",
]


@pytest.mark.parametrize(
    ("original", "candidate", "expected", "lost"),
    [
        ("He *never* came.", "He never came.", "He *never* came.", ()),
        ("He *never* came.", "He almost never came.", "He almost *never* came.", ()),
        ("He *never ever* came.", "He never really came.", "He *never really* came.", ()),
        ("He *never* came.", "He _never_ came.", "He _never_ came.", ()),
        ("He *never* came.", "He *really never* came.", "He *really never* came.", ()),
        ("He *never* came.", "Nobody showed up.", "Nobody showed up.", ("*never*",)),
        ("The *Titanic*’s end.", "The Titanic’s last end.", "The *Titanic*’s last end.", ()),
        ("***a** b* c", "a b d", "***a** b* d", ()),
        ("he `runs` ~~it~~ now", "he runs it then", "he `runs` ~~it~~ then", ()),
        ("See [here](http://a.b) now.", "Look here now.", "Look [here](http://a.b) now.", ()),
        ("See [here](x) now.", "Look there.", "Look there.", ("[here](x)",)),
        ("See [here][ref] now.", "Now see here.", "Now see [here][ref].", ()),
        ("At <http://a.b/c> now", "Look at http://a.b/c now", "Look at <http://a.b/c> now", ()),
        ("The castle[^3]. It", "The fortress. It", "The fortress[^3]. It", ()),
        ("A castle[^3] stood", "The fort", "The fort", ("[^3]",)),
        ("a ![b](c) d <!-- e --> f", "a d g f", "a ![b](c) d <!-- e --> g f", ()),
        ("## The end\n\nIt was.", "The very end\n\nIt is.", "## The very end\n\nIt is.", ()),
        ("- [ ] one\n- [x] two", "one more\ntwo more", "- [ ] one more\n- [x] two more", ()),
        ("1. one\n   - two", "one\ntwo", "1. one\n   - two", ()),
        ("> one\n>\n> two", "one\n\nthree", "> one\n>\n> three", ()),
        ("one  \ntwo\\\nthree", "one\ntwo\nfour", "one  \ntwo\\\nfour", ()),
        ("one\n\n***\n\ntwo", "one\n\ntwo", "one\n\n***\n\ntwo", ()),
        ("one\n\n***\n\ntwo", "one, two", "one, two", ("***",)),
        ("[^1]: A note.\n", "A short note.", "[^1]: A short note.\n", ()),
        ("  one two\n", "one three", "  one three\n", ()),
        ("a\n\nb\n\nc", "a\nx\nb\nc", "a\n\nx\n\nb\n\nc", ()),
        ("　　他**十分**高兴。\n　　她[走](x)了。", "他十分快乐。\n她走开了。", "　　他**十分**快乐。\n　　她[走](x)开了。", ()),
        ("他**“很好”**地说。", "他“很好”地讲。", "他**“很好”**地讲。", ()),
        ("one two", "one *two*", "one *two*", ()),
        ("one two", "- one\n- two", "- one\n- two", ()),
        ("*one*", "", "", ("*one*",)),
        ("2 * 3 * 4", "2 * 3 * 5", "2 * 3 * 5", ()),
        ("the[^1]\n*the*", "*the*", "*the*[^1]", ("*the*",)),
        ("the![a](b)\nthe![a](b) the", "`the` the[^1]", "`the`![a](b) ![a](b)the[^1]", ()),
        ("*a b*", "a\n\nb", "a\n\nb", ("*a b*",)),
    ],
)  # fmt: skip
def test_marks_go_where_their_words_went(original, candidate, expected, lost):
    restored = restore(original, candidate)
    assert restored.text == expected
    assert restored.lost == lost


WORD = st.sampled_from(WORDS)
PHRASE = st.lists(WORD, min_size=1, max_size=3).map(" ".join)
AROUND = [("*", "*"), ("**", "**"), ("***", "***"), ("_", "_"), ("~~", "~~"), ("`", "`"), ("[", "](x)"), ("[", "][r]")]  # fmt: skip
STARTS = ["", "", "", "# ", "- ", "* ", "1. ", "- [ ] ", "> ", "> > ", "　　", "  - ", "[^1]: ", "\n***\n\n", "\n<!-- c -->\n\n", "\n---\n"]  # fmt: skip
RUN = st.one_of(
    PHRASE.map(lambda text: (text, text)),
    st.tuples(PHRASE, st.sampled_from(AROUND)).map(lambda it: (it[1][0] + it[0] + it[1][1], it[0])),
    st.tuples(WORD, st.sampled_from(["[^1]", "![a](b)", "<!-- c d -->"])).map(lambda it: (it[0] + it[1], it[0])),
)  # fmt: skip
LINE = st.tuples(st.sampled_from(STARTS), st.lists(RUN, min_size=1, max_size=4)).map(
    lambda it: (it[0] + " ".join(run[0] for run in it[1]), " ".join(run[1] for run in it[1]))
)
DOCUMENT = st.tuples(
    st.lists(st.tuples(LINE, st.sampled_from(["\n", "\n\n", "  \n", "\\\n"])), min_size=1, max_size=5),
    st.sampled_from(["", "\n", "  ", "\n\n---\n"]),
).map(
    lambda it: ("".join(line[0] + end for line, end in it[0][:-1]) + it[0][-1][0][0] + it[1], "\n\n".join(line[1] for line, _ in it[0]))
)  # fmt: skip
ANY = st.one_of(
    DOCUMENT.map(lambda it: it[0]),
    st.lists(st.sampled_from([*WORDS, *"*_`[]()~<>!\\#->", "**", " ", " ", "\n", "\n\n", "](x)", "[^1]"]), max_size=25).map("".join),
)  # fmt: skip


@given(DOCUMENT)
def test_a_text_without_any_of_its_marks_gets_all_of_them_back(document):
    original, bare = document
    assert restore(original, bare).text == original


@given(ANY)
def test_a_text_restored_from_itself_is_the_same(text):
    restored = restore(text, text)
    assert restored.text == text
    assert restored.lost == ()


@given(ANY, ANY)
def test_restoring_again_changes_nothing_and_no_word_ever_changes(original, candidate):
    once = restore(original, candidate).text
    assert restore(original, once).text == once
    assert marked(once).words == marked(candidate).words or not candidate.strip()


@given(DOCUMENT, DOCUMENT)
def test_no_mark_is_invented(original, candidate):
    def said(text):
        return [mark.opening + mark.closing for mark in marked(text).marks]

    known = said(original[0]) + said(candidate[0])
    for mark in said(restore(original[0], candidate[0]).text):
        assert mark in known
        known.remove(mark)


@given(ANY)
def test_the_plain_text_has_the_same_words(text):
    assert len(plain(text)) <= len(text)
    assert plain("a *b* `c` [d](e)[^1] ![f](g)<!-- h -->") == "a b c d "


def bare(text):
    """Without any marks, in paragraphs."""
    text = re.sub(r"^[#>\s　]+", "", plain(text), flags=re.MULTILINE)
    return re.sub(r"\s*\n\s*", "\n\n", text).strip()


@pytest.mark.parametrize("book", ["pride", "sherlock", "dream"])
def test_a_real_text_gets_all_of_its_marks_back(book, request):
    text = request.getfixturevalue(book)[:60_000]
    assert restore(text, bare(text)).text == text


def test_a_rewritten_chapter_keeps_its_emphasis(pride):
    text = pride[:12_000]
    chance = random.Random(1)
    rewritten = re.sub(
        r"\w+", lambda word: word[0] if chance.random() < 0.8 else "other", bare(text)
    )
    restored = restore(text, rewritten)
    assert restored.text.count("\n\n") == text.rstrip().count("\n\n")
    assert restored.text.startswith("## ")
    assert len(restored.lost) < text.count("*") / 2 * 0.4
