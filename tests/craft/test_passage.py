"""A passage in pieces, and what comes of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.craft.test_portions import BITS
from tests.craft.test_transform import RECIPES
from writer_app.craft import portions
from writer_app.craft.candidate import Candidate
from writer_app.craft.passage import Passage
from writer_app.craft.rewriting import Rewriting
from writer_app.errors import PassageEmpty
from writer_app.text.revision import revise

TEXT = st.lists(st.sampled_from(BITS), min_size=1, max_size=40).map("".join)
LONG = "One paragraph of the story that goes on for a while.\n\n \n\n" * 80


def passage_of(text, name="polish", **more):
    return Passage(Rewriting(text, (0, len(text)), RECIPES[name], **more))


@given(TEXT.filter(str.strip), st.data())
def test_useless_answers_leave_the_passage_byte_for_byte(text, data):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(portions, "MOST", {"zh": 7})
        patch.setattr(portions, "_MOST", 9)
        passage = passage_of(text)
    finished = data.draw(st.integers(0, len(passage.spans)))
    for _ in range(finished):
        passage.take(data.draw(st.sampled_from([[Candidate("")], [], [Candidate("")] * 3])))
    assert passage.text(0) == passage.text(2) == text
    assert not passage.is_useful(0)
    assert passage.is_complete is (finished == len(passage.spans))


@given(TEXT.filter(str.strip), st.data())
def test_pieces_are_joined_exactly_and_white_space_between_them_stays(text, data):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(portions, "MOST", {"zh": 7})
        patch.setattr(portions, "_MOST", 9)
        passage = passage_of(text)
    new = [data.draw(st.sampled_from(["X", "", "他走了。"])) for _span in passage.spans]
    expected, at = "", 0
    for (start, end), said in zip(passage.spans, new, strict=True):
        passage.take([Candidate(said)])
        expected += text[at:start] + (said or text[start:end])
        at = end
        assert passage.text(0, upto=len(passage.done)) == expected
    assert passage.text(0) == expected + text[at:]
    revision = revise(text, passage.text(0))
    assert revision.apply(range(len(revision.changes))) == passage.text(0)
    assert revision.apply([]) == text


def test_each_piece_is_told_how_the_one_before_came_out_and_has_a_seed_of_its_own():
    passage = passage_of(LONG, drawn_seed=2**32 - 1)
    assert len(passage.spans) > 2
    first = passage.question()
    assert (first.before, first.drawn_seed) == (None, 2**32 - 1)
    passage.take([Candidate("Rewritten.")])
    second = passage.question()
    assert second.before == "Rewritten."
    assert second.drawn_seed == 7
    assert second.span == passage.spans[1]


def test_what_is_being_written_ends_the_text_and_the_rest_is_as_it_was():
    passage = passage_of(LONG)
    passage.take([Candidate("A."), Candidate("B.")])
    assert (
        passage.text(1, "so far")
        == "B." + LONG[passage.spans[0][1] : passage.spans[1][0]] + "so far"
    )
    assert passage.text(1) == "B." + LONG[passage.spans[0][1] :]
    assert passage.text(5) == passage.text(1)


def test_a_passage_without_words_is_refused():
    for text in ("", " ", "\n\n \n", "\u3000"):
        with pytest.raises(PassageEmpty):
            passage_of(text)


@pytest.mark.parametrize("word", ["a", "他", "😀", "?"])
def test_one_word_is_a_passage(word):
    passage = passage_of(f" {word}\n")
    assert passage.spans == [(1, 1 + len(word))]
    passage.take([Candidate("b")])
    assert passage.text(0) == " b\n"


def test_what_goes_behind_a_chapter_is_asked_of_its_end():
    passage = passage_of(LONG, "onward")
    assert len(passage.spans) == 1
    assert passage.spans[0][1] == len(LONG.rstrip())
    assert not passage.is_cut
    passage.take([Candidate("And then.")])
    assert passage.text(0) == "And then."
    assert passage.is_complete


def test_a_question_reads_the_beginning_of_what_is_too_long():
    assert passage_of(LONG * 3, "summarise").is_cut
    assert not passage_of("Short.\n\n", "summarise").is_cut
    assert not passage_of(LONG * 3).is_cut


def test_formatting_lost_in_any_piece_is_told():
    passage = passage_of(LONG)
    passage.take([Candidate("A", lost=("*a*",))])
    passage.take([Candidate("B", lost=("*b*",))])
    assert passage.lost(0) == ("*a*", "*b*")


def test_fifty_thousand_characters_are_cut_at_once():
    passage = passage_of("他走了，她没有走。" * 5_600)
    assert all(end - start <= 500 for start, end in passage.spans)
