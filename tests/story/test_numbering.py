"""Numbers follow from where items stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from writer_app.story.numbering import called, labels, numbers
from writer_app.story.project import Numbering
from writer_app.story.tree import Item, Kind, Section, Tree
from writer_app.text.spelling import from_roman, roman


def tree():
    def item(name, kind, depth=1, numbered=True, section=Section.TEXT):
        return Item(id=name, kind=kind, depth=depth, numbered=numbered, section=section)

    return Tree(
        (
            item("preface", Kind.CHAPTER, 0, section=Section.FRONT),
            item("wedge", Kind.CHAPTER, 0, numbered=False),
            item("v1", Kind.VOLUME, 0),
            item("a", Kind.CHAPTER),
            item("a1", Kind.SCENE, 2),
            item("b", Kind.CHAPTER),
            item("v2", Kind.VOLUME, 0),
            item("extra", Kind.CHAPTER, numbered=False),
            item("c", Kind.CHAPTER),
            item("gone", Kind.CHAPTER, 0, section=Section.TRASH),
        )
    )


def test_chapters_run_on_or_begin_anew_with_each_volume():
    assert numbers(tree(), restart=False) == {"v1": 1, "a": 1, "b": 2, "v2": 2, "c": 3}
    assert numbers(tree(), restart=True) == {"v1": 1, "a": 1, "b": 2, "v2": 2, "c": 1}


@pytest.mark.parametrize(
    ("numerals", "label"),
    [
        ("arabic", "第3章"),
        ("chinese", "第三章"),
        ("roman", "第III章"),
        ("words", "第Three章"),
        ("ordinals", "第Third章"),
    ],
)
def test_a_pattern_makes_the_label(numerals, label):
    found = labels(tree(), Numbering(chapter="第{n}章", numerals=numerals))
    assert found["c"] == label
    assert set(found) == {"a", "b", "c"}


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (10, "十 Ten Tenth X"),
        (11, "十一 Eleven Eleventh XI"),
        (20, "二十 Twenty Twentieth XX"),
        (101, "一百零一 One Hundred and One One Hundred and First CI"),
        (110, "一百一十 One Hundred and Ten One Hundred and Tenth CX"),
        (1001, "一千零一 1001 1001 MI"),
    ],
)
def test_large_numbers_are_said_as_people_do(number, said):
    chapters = Tree(tuple(Item(id=f"c{at}", kind=Kind.CHAPTER) for at in range(number)))
    kinds = ("chinese", "words", "ordinals", "roman")
    made = [labels(chapters, Numbering(chapter="{n}", numerals=each)) for each in kinds]
    assert " ".join(each[f"c{number - 1}"] for each in made) == said


def test_a_move_renumbers():
    pattern = Numbering(volume="第{n}卷", chapter="第{n}章", numerals="chinese", restart=True)
    moved = tree().move(["b"], Section.TEXT, "v2", "extra")
    assert labels(moved, pattern) == {"v1": "第一卷", "a": "第一章", "v2": "第二卷", "b": "第一章", "c": "第二章"}  # fmt: skip


@pytest.mark.parametrize(
    ("label", "title", "whole"),
    [("第一章", "风起", "第一章 风起"), ("Chapter 1", "Home", "Chapter 1: Home"), ("1.", "A", "1. A"), ("", "A", "A"), ("I", "", "I")],
)  # fmt: skip
def test_label_and_title_make_a_heading(label, title, whole):
    assert called(label, title) == whole


@given(st.integers(1, 3999))
def test_roman_numerals_come_back(value):
    assert from_roman(roman(value)) == value == from_roman(roman(value).lower())


@pytest.mark.parametrize("said", ["", "IIII", "IC", "VX", "MIX ", "civic", "LL"])
def test_what_is_no_roman_numeral(said):
    assert from_roman(said) is None
