"""What a rewriting changes, and accepting it change by change."""

import random
import re
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from writer_app.text.alignment import tokens
from writer_app.text.revision import Change, revise

WORDS = [
    "the",
    "a",
    "of",
    "very",
    "dog",
    "cat",
    "ran",
    "don’t",
    "well-known",
    "3.5",
    "never",
    "*never*",
    "**he",
    "said**",
    "“Yes.”",
    ".",
    ",",
    "!",
    "?",
    "—",
    "…",
    "(",
    ")",
    "*",
    "他",
    "很",
    "高兴",
    "自是",
    "十分",
    "，",
    "。",
    "“走”",
    "👨\u200d👩\u200d👧",
    "été",
    "नमस्ते",
    "一︀",
    "́",
    "[here](x)",
    "`c`",
    "#",
    "-",
    ">",
    "\u3000",
]
TEXT = st.lists(st.sampled_from([*WORDS, " ", " ", "  ", "\n", "\n\n"]), max_size=30).map("".join)
PAIRS = st.tuples(TEXT | st.text(max_size=20), TEXT | st.text(max_size=20))


def marked(original, candidate, **options):
    """The text with its changes as they would be shown."""
    return "".join(
        piece if isinstance(piece, str) else f"[{piece.removed}|{piece.inserted}]"
        for piece in revise(original, candidate, **options).pieces()
    )


def spliced(original, changes):
    """The original with all of these changes, from behind."""
    for change in reversed(changes):
        original = original[: change.start] + change.inserted + original[change.end :]
    return original


@given(PAIRS, st.data())
def test_any_of_the_changes_can_be_accepted(pair, data):
    original, candidate = pair
    revision = revise(original, candidate)
    every = range(len(revision.changes))
    accepted = data.draw(st.sets(st.sampled_from(every))) if every else set()
    assert revision.apply(()) == original
    assert revision.apply(every) == candidate == revision.candidate
    assert revision.apply(accepted) == spliced(
        original, [revision.changes[index] for index in sorted(accepted)]
    )
    assert revision.reached == len(original)


@given(PAIRS, st.booleans())
def test_the_pieces_are_both_texts_and_no_two_changes_touch(pair, complete):
    revision = revise(*pair, complete=complete)
    pieces = list(revision.pieces())
    old = "".join(each.removed if isinstance(each, Change) else each for each in pieces)
    new = "".join(each.inserted if isinstance(each, Change) else each for each in pieces)
    assert old == revision.original
    assert new == revision.candidate + revision.original[revision.reached :]
    assert all(piece for piece in pieces)
    assert all(change.removed != change.inserted for change in revision.changes)
    assert all(first.end < second.start for first, second in pairwise(revision.changes))
    assert all(
        change.removed == revision.original[change.start : change.end]
        for change in revision.changes
    )


@given(PAIRS)
def test_an_unfinished_candidate_removes_nothing_that_it_has_not_come_to(pair):
    original, candidate = pair
    revision = revise(original, candidate, complete=False)
    assert candidate.startswith(revision.candidate)
    assert all(change.end <= revision.reached for change in revision.changes)
    every = range(len(revision.changes))
    assert revision.apply(every) == revision.candidate + original[revision.reached :]


@given(PAIRS)
def test_no_change_cuts_a_word_or_what_is_read_as_one_character(pair):
    revision = revise(*pair)
    shift = 0
    for change in revision.changes:
        start = change.start + shift
        shift += len(change.inserted) - len(change.removed)
        for text, places in (
            (revision.original, (change.start, change.end)),
            (revision.candidate, (start, start + len(change.inserted))),
        ):
            inside = {at for first, last in tokens(text) for at in range(first + 1, last)}
            assert inside.isdisjoint(places)


@given(st.text(alphabet="ae\u0301\u200d😀👧\ufe0f 一’-3.,*\n\u0915\u093e", max_size=20))
def test_words_and_marks_do_not_begin_or_end_inside_a_character(text):
    spans = list(tokens(text))
    assert all(
        text[end:start].isspace() or end == start for (_, end), (start, _) in pairwise(spans)
    )
    for start, _ in spans:
        joins = unicodedata.category(text[start]).startswith("M") or text[start] == "\u200d"
        assert not joins or start == 0 or text[start - 1] == "\n"


@pytest.mark.parametrize(
    ("original", "candidate", "shown"),
    [
        ("He said nothing.", "He said.", "He said[ nothing|]."),
        ("a very big dog", "a big dog", "a [very |]big dog"),
        ("a big dog", "a very big dog", "a [|very ]big dog"),
        ("I don't know.", "I do know.", "I [don't|do] know."),
        ("A one. B two. C three.", "A one. C three.", "A one. [B two. |]C three."),
        ("“A one.” “B one.” “C one.”", "“A one.” “C one.”", "“A one.” [“B one.” |]“C one.”"),
        ("One.\n\nTwo.\n\nThree.", "One.\n\nThree.", "One.\n\n[Two.\n\n|]Three."),
        ("one two", "one\n\ntwo", "one[ |\n\n]two"),
        ("It was big and very red.", "It was small and quite pale.", "It was [big and very red|small and quite pale]."),
        ("He *never ever* came.", "He never ever came.", "He [*never ever*|never ever] came."),
        ("He went. She stayed.", "They left. Nobody remained.", "[He went|They left]. [She stayed|Nobody remained]."),
        ("雨村自是欢喜，忙忙的叙了两句。", "雨村十分欢喜，匆匆叙了两句。", "雨村[自是|十分]欢喜，[忙忙的|匆匆]叙了两句。"),
        ("他很欢喜。", "他很喜欢。", "他很[欢喜|喜欢]。"),
        ("他走了。她哭了。", "他走了。她哭了。雨停了。", "他走了。她哭了。[|雨停了。]"),
    ],
)  # fmt: skip
def test_changes_are_what_a_writer_would_call_one(original, candidate, shown):
    assert marked(original, candidate) == shown


def test_where_a_candidate_streams_in_the_rest_of_the_original_stays():
    original = "The dog ran away fast. The cat stayed at home."
    assert marked(original, "The dog spri", complete=False) == original
    assert marked(original, "The dog sprinted aw", complete=False) == (
        "The dog[| sprinted] ran away fast. The cat stayed at home."
    )
    assert marked(original, "The dog sprinted away fast. T", complete=False) == (
        "The dog [ran|sprinted] away fast. The cat stayed at home."
    )
    assert revise(original, "The dog sprinted away fast. T", complete=False).reached == 22


#: As a pattern, and what stands there instead.
LIGHT = {
    r"\bvery ": "",
    r"\bcould\b": "might",
    r"\bshe\b": "Elizabeth",
    r"\bwas\b": "had been",
    "了": "",
    "道：": "说道：",
}


def light(text):
    """Some words replaced, added or left out, far from each other."""
    for pattern, other in LIGHT.items():
        text = re.sub(pattern, other, text)
    return text


def heavy(text, chance):
    """Every word drawn anew with a chance of 0.7, as in a text that says the same in other words."""
    words = [text[start:end] for start, end in tokens(text)]
    pool = [word for word in words if word[0].isalnum()]
    parts, last = [], 0
    for (start, end), word in zip(tokens(text), words, strict=True):
        other = chance.choice(pool) if word[0].isalnum() and chance.random() < 0.7 else word
        parts += text[last:start], other
        last = end
    return "".join(parts) + text[last:]


def passage(book, size):
    start = book.index("\n\n", len(book) // 2) + 2
    return book[start : book.index("\n\n", start + size)]


@pytest.mark.parametrize("book", ["pride", "dream"])
def test_a_light_edit_of_a_real_passage_stays_word_by_word(book, request):
    text = passage(request.getfixturevalue(book), 9_000)
    revision = revise(text, light(text))
    changed = sum(len(change.removed) for change in revision.changes)
    assert len(revision.changes) > 50
    assert changed < len(text) * 0.1


@pytest.mark.parametrize("book", ["pride", "dream"])
def test_a_heavy_rewrite_of_a_real_passage_can_be_read(book, request):
    text = passage(request.getfixturevalue(book), 9_000)
    revision = revise(text, heavy(text, random.Random(1)))
    words = sum(text[start].isalnum() for start, _ in tokens(text))
    assert len(revision.changes) < words / 12
    islands = [text[one.end : two.start] for one, two in pairwise(revision.changes)]
    small = [
        island
        for island in islands
        if len(list(tokens(island))) < 3 and not re.search(r"[.!?。！？，,:：;；\n]", island)
    ]
    assert len(small) <= len(islands) / 20


def test_a_long_text_without_a_word_in_common_is_compared_paragraph_by_paragraph():
    original = "\n\n".join("one two three four " * 20 for _ in range(5))
    candidate = "\n\n".join("一二三四" * 20 for _ in range(5))
    assert len(revise(original, candidate).changes) == 5


def test_a_stretch_of_the_changes_comes_with_what_is_unchanged_around_it():
    revision = revise("one two three four five six", "one 2 three 4 five 6")
    assert len(revision.changes) == 3
    two, four, six = revision.changes
    assert [*revision.pieces(0, 1)] == ["one ", two, " three "]
    assert [*revision.pieces(1, 2)] == [" three ", four, " five "]
    assert [*revision.pieces(2)] == [" five ", six]
