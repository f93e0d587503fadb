import pytest
from hypothesis import given
from hypothesis import strategies as st

from writer_app.engine.seam import Forced, Pieces, seam_start

WORDS = [
    b"",
    b" the",
    b" fam",
    b" family",
    b" famous",
    b" f",
    b" ",
    b"\n",
    b"\n\n",
    b"\n\n\n",
    b".",
    b'."',
]
VOCABULARY = Pieces(
    [
        *WORDS,
        *(bytes([value]) for value in range(256) if bytes([value]) not in WORDS),
        *["林黛玉".encode(), "林".encode(), "黛".encode(), b" house", b" houses", b"ily"],
    ]
)


def tokenise(text: bytes) -> list[int]:
    """Longest match first: enough of a tokeniser for these tests."""
    tokens = []
    while text:
        longest = max((p for p in VOCABULARY.of if p and text.startswith(p)), key=len)
        tokens.append(VOCABULARY.of.index(longest))
        text = text[len(longest) :]
    return tokens


@pytest.mark.parametrize(
    ("text", "tail"),
    [
        ("we love the fam", " fam"),
        ("we love the house", " house"),
        ("we love the ", " "),
        ("a line\n\n", "\n\n"),
        ("他说林黛", "林黛"),
        ("a 😀", ""),
        ("", ""),
    ],
)
def test_the_tail_is_the_unfinished_word_or_what_a_longer_token_starts_with(text, tail):
    assert text[seam_start(text, VOCABULARY) :] == tail


def test_only_tokens_that_spell_the_tail_may_come():
    forced = Forced(b" fam", VOCABULARY, tokenise)
    assert {VOCABULARY.of[token] for token in forced.allowed()} == {b" fam", b" family", b" famous"}


def test_what_lies_beyond_the_tail_is_new_text():
    forced = Forced(b" fam", VOCABULARY, tokenise)
    assert forced.accept(b" family") == b"ily"
    assert forced.allowed() is None


def test_a_tail_that_no_token_covers_is_spelled_in_pieces():
    forced = Forced(b" famq", VOCABULARY, tokenise)
    assert {VOCABULARY.of[token] for token in forced.allowed()} == {b" fam"}
    assert forced.accept(b" fam") == b""
    assert {VOCABULARY.of[token] for token in forced.allowed()} == {b"q"}


def test_white_space_before_the_caret_is_never_doubled():
    forced = Forced(b"\n\n", VOCABULARY, tokenise, no_space=True)
    assert b"\n\n\n" not in {VOCABULARY.of[token] for token in forced.allowed()}
    forced.accept(b"\n\n")
    assert forced.no_space
    forced.accept(b"The")
    assert not forced.no_space


@given(st.text(max_size=30))
def test_every_tail_can_be_spelled_to_its_end(text):
    tail = text[seam_start(text, VOCABULARY) :].encode()
    forced = Forced(tail, VOCABULARY, tokenise, no_space=tail[-1:].isspace())
    written = b""
    while (allowed := forced.allowed()) is not None:
        piece = VOCABULARY.of[allowed[0]]
        written += piece
        forced.accept(piece)
    assert written.startswith(tail)
