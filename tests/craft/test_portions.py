"""A chapter in pieces."""

from hypothesis import given
from hypothesis import strategies as st

from writer_app.craft.portions import portions

BITS = [
    "a",
    "b ",
    "word ",
    "Mr. ",
    ".",
    "。",
    "“",
    "”",
    "\n",
    "\n\n",
    " ",
    "   ",
    "他",
    "😀",
    "\u3000",
]
TEXT = st.lists(st.sampled_from([*BITS, "!", "# ", "- "]), max_size=60).map("".join)


@given(TEXT, st.data(), st.integers(1, 25))
def test_pieces_cover_all_words_in_order_and_leave_white_space_between_them(text, data, most):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    at = start
    for begin, stop in portions(text, start, end, most):
        assert at <= begin < stop <= end
        assert not text[at:begin].strip()
        assert text[begin:stop] == text[begin:stop].strip()
        assert stop - begin <= most
        at = stop
    assert not text[at:end].strip()


def cut(text, most):
    return [text[slice(*span)] for span in portions(text, 0, len(text), most)]


def test_short_paragraphs_go_together_and_long_ones_are_cut_at_sentences():
    assert cut("One.\n\nTwo.\n\nThree is longer.", 12) == ["One.\n\nTwo.", "Three is", "longer."]
    assert cut("One is here. Two is there.", 14) == ["One is here.", "Two is there."]
    assert cut("他走了。她没有走。“好！”他说。", 9) == ["他走了。她没有走。", "“好！”他说。"]


def test_a_title_or_an_initial_ends_no_sentence():
    text = "He saw Mr. Holmes and St. Clair and J. Watson. They spoke."
    assert cut(text, 50) == ["He saw Mr. Holmes and St. Clair and J. Watson.", "They spoke."]


def test_words_stay_whole_where_they_can():
    assert cut("never an end to all of this", 9) == ["never an", "end to", "all of", "this"]
    assert cut("abcdefghij", 4) == ["abcd", "efgh", "ij"]


def test_chinese_pieces_are_shorter_than_english_ones():
    chinese, english = "他走了，她没有走。" * 200, "He went, and she did not go. " * 200
    longest = [
        max(stop - start for start, stop in portions(text, 0, len(text)))
        for text in (chinese, english)
    ]
    assert longest[0] <= 500 < longest[1] <= 1_500


def test_nothing_has_no_pieces():
    for text in ("", "   ", "\n\n\n"):
        assert portions(text, 0, len(text)) == []
