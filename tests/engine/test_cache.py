from hypothesis import given
from hypothesis import strategies as st

from writer_app.engine.cache import Sequence, common_prefix, retokenise, reusable


def tokenise(text: bytes, _bos: bool) -> list[int]:
    """A token a byte: every text has one spelling."""
    return list(text)


def piece(token: int) -> bytes:
    return bytes([token])


def held(text: str) -> Sequence:
    made = Sequence()
    for byte in text.encode():
        made.append(byte, bytes([byte]))
    return made


@given(st.text(max_size=80), st.text(max_size=80), st.text(max_size=80))
def test_the_tokens_of_a_prompt_spell_it_whatever_was_held(shared, old, new):
    prompt = (shared + new).encode()
    made = retokenise(held(shared + old), prompt, tokenise, piece)
    assert bytes(made.tokens) == prompt
    assert made.ends == list(range(1, len(prompt) + 1))


@given(st.binary(max_size=60), st.binary(max_size=60), st.binary(max_size=60))
def test_the_common_prefix_is_the_longest_one(shared, one, other):
    length = common_prefix(shared + one, shared + other)
    assert length >= len(shared)
    assert (shared + one)[:length] == (shared + other)[:length]
    assert (shared + one)[length : length + 1] != (shared + other)[
        length : length + 1
    ] or length == len(min(shared + one, shared + other, key=len))


def test_generated_tokens_stay_the_tokens_they_were():
    odd = Sequence()
    odd.append(1000, b"It was la")
    odd.append(1001, b"te.")
    made = retokenise(odd, b"It was late.", tokenise, piece)
    assert made.tokens == [1000, 1001]


def test_text_typed_after_the_held_text_keeps_all_but_its_last_words():
    before = "It was late when the carriage stopped before the gate of the old house in the wood."
    made = retokenise(held(before), (before + " Nobody").encode(), tokenise, piece)
    assert reusable(held(before), made.tokens) == len(before)


def test_a_tokeniser_that_does_not_spell_the_text_gives_no_text_to_reuse():
    made = retokenise(Sequence(), b"text", lambda _text, _bos: [1, 2], lambda _token: b"?")
    assert not made.spelled
    assert retokenise(made, b"text", tokenise, piece).tokens == list(b"text")
