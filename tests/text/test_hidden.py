"""Hidden characters are found where they hide something, and nowhere else."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from writer_app.text.hidden import (
    Kind,
    Strainer,
    hidden,
    objectionable,
    revealed,
    tally,
    without,
)

WANTED = {
    "family": "👨‍👩‍👧 and 👩🏽‍🚀",
    "rainbow flag": "🏳️‍🌈, pirates 🏴‍☠️",
    "flag of England": "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "heart": "❤️ 1️⃣ ☺︎",
    "Persian": "می‌خواهم نمی‌دانم",
    "Hindi": "क्‍ष और क्‌ष",
    "Thai": "ภาษา\u200bไทย",
    "Arabic with marks": "السلام \u200f(abc)\u200e عليكم",
    "Hebrew": "שלום \u200fעולם",
    "variant of a 汉字": "葛\U000e0100城市",
    "Chinese": "　　她来了。“好”——",
    "variants of signs": "0\ufe00 ≨\ufe00 。\ufe00 #️⃣ ©️ ℹ️",
    "line ends and tabs": "a\tb\nc\u2028d\u00a0e",
}
UNWANTED = {
    "override": ("abc\u202edef\u202c", {Kind.BIDI: 2}),
    "isolate": ("\u2066abc\u2069", {Kind.BIDI: 2}),
    "tags": ("Hello\U000e0048\U000e0069", {Kind.TAG: 2}),
    "tags behind a flag, endless": ("🏴" + "\U000e0061" * 20, {Kind.TAG: 20}),
    "space without width": ("pass\u200bword", {Kind.INVISIBLE: 1}),
    "joiner in Latin": ("pass\u200dword", {Kind.INVISIBLE: 1}),
    "byte-order mark inside": ("a\ufeffb", {Kind.INVISIBLE: 1}),
    "two joiners in Persian": ("می‌‌خواهم", {Kind.INVISIBLE: 2}),
    "message in variants": ("😀\ufe01\ufe02\U000e0101", {Kind.INVISIBLE: 2}),
    "message in variants of letters": ("H\ufe05i\U000e0110, \ufe01я\ufe02", {Kind.INVISIBLE: 4}),
    "letters of nothing": ("a\u2065\ufff0b\U000e0080\U000e01f0\U000e0fff", {Kind.INVISIBLE: 5}),
    "escape": ("\x1b[31mred", {Kind.CONTROL: 1}),
    "C1": ("a\x9bb\x85", {Kind.CONTROL: 2}),
}


@pytest.mark.parametrize("text", WANTED.values(), ids=WANTED)
def test_what_a_script_or_an_emoji_needs_raises_nothing(text):
    assert hidden(text) == []
    assert without(text) == text


@pytest.mark.parametrize(("text", "kinds"), UNWANTED.values(), ids=UNWANTED)
def test_what_hides_something_is_found_by_its_kind(text, kinds):
    assert tally(hidden(text)) == kinds
    assert hidden(without(text)) == []


def test_soft_hyphens_are_counted_and_never_taken_away():
    text = "Silben\u00adtrennung"
    assert tally(hidden(text)) == {Kind.SOFT_HYPHEN: 1}
    assert objectionable(text) == []
    assert without(text) == text


def test_a_stretch_is_looked_at_with_its_neighbours():
    text = "x 👩‍🚀 y\u200bz"
    assert hidden(text, 3, 4) == [], "the joiner between the two halves of an astronaut"
    assert [each[:2] for each in hidden(text, 5, len(text))] == [(7, 8)]


def test_what_is_revealed_has_nothing_left_to_hide():
    assert revealed("a\u202eb\U000e0041") == "a⟨U+202E⟩b⟨U+E0041⟩"
    assert revealed("红楼梦 plain") == "红楼梦 plain"


anything = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from(
            "ab\u202e\u2066\U000e0061\U000e007f🏴👩🚀\u200d\u200c\u200b\ufe0fमی\x1b\ufeff"
        ),
    ),
    max_size=40,
)


@given(anything)
def test_spans_are_in_order_and_what_stays_is_what_they_do_not_cover(text):
    found = objectionable(text)
    assert all(one.end <= two.start for one, two in pairwise(found))
    covered = {at for each in found for at in range(each.start, each.end)}
    assert without(text) == "".join(c for at, c in enumerate(text) if at not in covered)


@given(anything, st.lists(st.integers(1, 6), min_size=1))
def test_a_text_that_comes_in_pieces_is_strained_as_if_it_came_at_once(text, sizes):
    strainer, said, at = Strainer(), [], 0
    for size in sizes * (len(text) + 1):
        said.append(strainer.feed(text[at : at + size]))
        at += size
    assert "".join(said) + strainer.finish() == without(text)


def test_an_endless_run_of_hidden_characters_is_not_gathered():
    strainer = Strainer()
    assert all(strainer.feed("\u202e" * 50) == "" for _ in range(100))
    assert strainer.feed("seen") == "seen"
    assert len(strainer._held) == 0


def test_a_book_is_looked_through_in_one_go():
    # Not a time, which a busy machine would stretch: it must not be slower the longer the text is.
    book = "She came to the door; 她来了。\n" * 40_000
    assert hidden(book) == []
    assert len(hidden(book + "\u202e" + book)) == 1
