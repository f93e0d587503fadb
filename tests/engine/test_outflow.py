import pytest
from hypothesis import given
from hypothesis import strategies as st

from writer_app.engine.outflow import Outflow
from writer_app.engine.protocol import Ending, Until


def flow(pieces, *, context="", stop=(), until=Until.LENGTH, soft=0):
    outflow = Outflow(context, stop, until, soft)
    said = []
    for piece in pieces:
        said.append(outflow.feed(piece if isinstance(piece, bytes) else piece.encode()))
        if outflow.ending:
            break
    else:
        said.append(outflow.finish())
    return "".join(said), outflow.ending


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])), st.integers(1, 5))
def test_any_cutting_of_the_bytes_gives_the_same_text_without_dangling_space(text, size):
    data = text.encode()
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    assert flow(pieces)[0] == text.rstrip()


def test_half_a_character_at_the_end_is_dropped():
    assert flow(["好".encode(), "好".encode()[:2]])[0] == "好"


@pytest.mark.parametrize(
    "pieces", [["one STOP two"], ["one ST", "OP two"], ["one S", "T", "O", "P"], ["one STO", "P"]]
)
def test_a_stop_string_never_leaks_however_it_is_cut(pieces):
    assert flow(pieces, stop=["STOP"]) == ("one", Ending.STOP)


def test_what_only_began_like_a_stop_string_is_given_after_all():
    assert flow(["one ST", "AR two"], stop=["STOP"]) == ("one STAR two", None)


def test_the_earliest_of_several_stop_strings_counts():
    assert flow(["a second then a first"], stop=["first", "second"])[0] == "a"


@pytest.mark.parametrize(
    ("pieces", "text"),
    [
        ([" He", " left", ".", " Then", " he"], " He left."),
        ([" He", " left", ".", "”", " Then"], " He left.”"),
        ([" Mr", ".", " Holmes", " left", ".", " Then"], " Mr. Holmes left."),
        (["他走了", "。", "然后"], "他走了。"),
        (["他说：“走吧", "。", "”", "然后"], "他说：“走吧。”"),
        ([" It was 3", ".", "14", ".", " Then"], " It was 3.14."),
        ([" Gone.\n", "\nNext"], " Gone."),
    ],
)
def test_an_answer_ends_at_a_sentence(pieces, text):
    assert flow(pieces, until=Until.SENTENCE) == (text, Ending.SENTENCE)


def test_a_sentence_that_was_finished_before_the_answer_does_not_end_it():
    assert (
        flow([" He", " left", ".", " Then"], context="It was late.", until=Until.SENTENCE)[0]
        == " He left."
    )


def test_an_early_sentence_end_is_passed_over():
    pieces = [" One", ".", " Two", ".", " Three"]
    assert flow(pieces, until=Until.SENTENCE, soft=3) == (" One. Two.", Ending.SENTENCE)


def test_an_answer_ends_at_a_paragraph_but_may_start_with_one():
    assert flow(["\n\nOne.", " Two.\n", "\nThree"], until=Until.PARAGRAPH) == (
        "\n\nOne. Two.",
        Ending.PARAGRAPH,
    )
