"""Whose every stretch of a text is, against a model that marks each character by itself."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from writer_app.story.changes import Change, Origin
from writer_app.story.document import Document
from writer_app.story.ledger import Ledger
from writer_app.story.records import Header


def ledger_of(document, base):
    return Ledger.of(Header("", "", base), document.log.records)


def seen(document, base=""):
    """(text, origin, edited) of each stretch."""
    return [
        (document.text[each.start : each.end], each.origin.value, each.edited)
        for each in ledger_of(document, base).spans
    ]


def test_typed_pasted_and_written_by_a_model_stay_apart():
    document = Document("Was there. ")
    end = document.length
    document.replace(end, end, "Typed 雪. ")
    end = document.length
    document.replace(end, end, "Said. ", origin=Origin.MODEL, source="a")
    document.replace(0, 0, "Pasted 😀. ", origin=Origin.PASTED)
    assert seen(document, "Was there. ") == [
        ("Pasted 😀. ", "pasted", False),
        ("Was there. ", "imported", False),
        ("Typed 雪. ", "typed", False),
        ("Said. ", "model", False),
    ]


def test_a_word_changed_inside_makes_a_models_sentence_an_edited_one():
    document = Document()
    document.replace(0, 0, "It was a dark night.", origin=Origin.MODEL, source="a")
    document.replace(9, 13, "white")
    assert seen(document) == [
        ("It was a ", "model", True),
        ("white", "typed", False),
        (" night.", "model", True),
    ]
    document.undo()
    assert seen(document) == [("It was a dark night.", "model", False)]
    document.redo()
    assert seen(document)[0] == ("It was a ", "model", True)


def test_writing_on_at_the_edge_of_a_models_sentence_does_not_touch_it():
    document = Document()
    document.replace(0, 0, "It was late.", origin=Origin.MODEL, source="a")
    document.replace(12, 12, " I slept.")
    document.replace(0, 0, "So. ")
    assert [edited for _, _, edited in seen(document)] == [False, False, False]


def test_what_undo_brings_back_is_still_whose_it_was():
    document = Document()
    document.replace(0, 0, "typed ", group=document.open_group())
    document.replace(6, 6, "said", origin=Origin.MODEL, group=document.open_group(), source="a")
    before = seen(document)
    document.replace(2, 9, "", group=document.open_group())
    document.undo()
    assert seen(document) == before


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["typed", "model", "pasted", "undo", "redo"]),
        st.integers(0, 60),
        st.integers(0, 5),
        st.sampled_from(["a", "雪雪", "😀 b", ""]),
    ),
    max_size=40,
)


@settings(max_examples=150, deadline=None)
@given(ACTS)
def test_every_character_has_the_origin_it_came_with(acts):
    base = "Der Anfang. 雪"
    document = Document(base)
    marks, history, ahead = ["imported"] * len(base), [], []
    for number, (act, place, length, text) in enumerate(acts):
        if act == "undo":
            if document.undo():
                ahead.append(marks)
                marks = history.pop()
        elif act == "redo":
            if document.redo():
                history.append(marks)
                marks = ahead.pop()
        else:
            start = min(place, document.length)
            end = min(start + length, document.length)
            if document.replace(
                start,
                end,
                text,
                origin=Origin(act),
                group=document.open_group(),
                source=str(number),
            ):
                history.append(marks)
                ahead = []
                marks = [*marks[:start], *[act] * len(text), *marks[end:]]
    made = ledger_of(document, base)
    assert [each.origin.value for each in made.spans for _ in range(each.end - each.start)] == marks
    assert sum(run[0] for run in made.runs) == document.length


def test_following_as_it_happens_is_the_same_as_reading_it_all():
    rng = random.Random(3)
    document = Document("base")
    followed = Ledger.of(Header("", "", "base"))
    document.subscribe(followed.follow)
    for _ in range(200):
        place = rng.randint(0, document.length)
        document.replace(place, place, "ab", group=document.open_group())
        if rng.random() < 0.3:
            document.undo()
    assert followed.runs == ledger_of(document, "base").runs


def test_a_copy_goes_its_own_way():
    made = Ledger([(3, "typed", "", False)])
    other = made.copy()
    other.follow(Change(0, "", "x", Origin.MODEL, 1, source="a"))
    assert made.runs == ((3, "typed", "", False),)
    assert other.runs[0] == (1, "model", "a", False)
