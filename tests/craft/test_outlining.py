"""Filling the places of an outline: whatever the model says, the tree is whole."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from writer_app import assets
from writer_app.craft.method import Method
from writer_app.craft.outlining import (
    LOGLINE,
    SYNOPSIS,
    Filling,
    Flaw,
    Growing,
    Words,
    grown,
    sprouted,
)
from writer_app.craft.recipe import load_all
from writer_app.engine.protocol import Loaded
from writer_app.errors import PassageTooLong
from writer_app.story.outline import Node, Outline

METHODS, _ = load_all([assets.resources() / "recipes"], Method)
SMALL = Loaded(name="small", context=4096, parameters=135_000_000, has_template=True)
LARGE = Loaded(name="large", context=8192, parameters=8_000_000_000, has_template=True)
BAKERS = "Two rival bakers must share one kitchen for a winter."
EXAM = "一个普通学生能看见别人剩下的寿命。"


def count(texts):
    return [len(text) // 4 for text in texts]


def growing(method, premise, counts):
    asked = Filling(METHODS[method], Outline(premise=premise), LOGLINE)
    outline, places = grown(asked.method, asked.outline, counts, asked.tongue)
    return Growing(replace(asked, outline=outline), (LOGLINE, SYNOPSIS, *places))


def written(request):
    return "\n".join([*(turn.content for turn in request.chat), *(p.text for p in request.parts)])


@settings(max_examples=40)
@given(
    st.sampled_from([("three-acts", (3, 2)), ("ladder", (2, None)), ("blank", (2, 1, 1))]),
    st.sampled_from([BAKERS, EXAM]),
    st.lists(st.text(max_size=40), min_size=1, max_size=5),
)
def test_whatever_is_answered_the_tree_is_whole(shape, premise, answers):
    name, counts = shape
    grow = growing(name, premise, counts)
    asked = 0
    while grow.question():
        grow.take(answers[asked % len(answers)])
        asked += 1
    method = METHODS[name]
    nodes = list(grow.outline.walk())
    assert asked <= 2 * (len(nodes) + 2)
    assert grow.outline.depth() == len(counts)
    assert grow.outline.logline
    assert all(each.title.strip() and each.summary.strip() for each in nodes)
    free = [each.title for each in nodes if not each.slot]
    assert len(set(free)) == len(free)
    for each in nodes:
        depth = len(grow.outline.path(each.id))
        wanted = (counts[depth] or method.levels[depth].count) if depth < len(counts) else 0
        assert len(each.children) == wanted


def test_slots_keep_their_names_and_free_places_are_asked_for_a_title():
    outline, ids = sprouted(METHODS["three-acts"], Outline(premise=EXAM), "", None, "zh")
    assert [outline[each].title for each in ids] == ["开端", "发展", "结局"]
    outline, below = sprouted(METHODS["three-acts"], outline, ids[0], 2, "zh")
    asked = Filling(METHODS["three-acts"], outline, below[0])
    assert asked.is_titled
    assert asked.parse("他在车站看见数字。（看见）\n") == Words("看见", "他在车站看见数字。")
    assert "title" in asked.grammar.splitlines()[0]


def test_a_small_model_is_shown_the_example_and_a_large_one_is_told():
    outline, ids = sprouted(METHODS["save-the-cat"], Outline(premise=BAKERS), "", None, "en")
    outline = outline.replace(ids[0], summary="Tom bakes at night.")
    asked = Filling(METHODS["save-the-cat"], outline, ids[1])
    small = asked.plan(SMALL, count, 1).request
    assert not small.chat
    assert written(small).endswith("1. Opening Image: Tom bakes at night.\n2. Theme Stated:")
    assert "Martha" in written(small)
    large = asked.plan(LARGE, count, 1).request
    assert large.chat[-1].content.endswith("\n2. Theme Stated:")
    assert "Martha" not in written(large)
    assert "Somebody says what the hero has to learn" in written(large)


def test_neighbours_on_both_sides_are_shown_and_not_to_be_repeated():
    outline, ids = sprouted(METHODS["kishotenketsu"], Outline(premise=BAKERS), "", None, "en")
    outline = outline.replace(ids[0], summary="Tom lights the oven at four every day.")
    outline = outline.replace(ids[3], summary="Eva gives him the key to the house.")
    asked = Filling(METHODS["kishotenketsu"], outline, ids[1])
    for model in (SMALL, LARGE):
        request = asked.plan(model, count, 1).request
        assert "Tom lights the oven" in written(request)
        assert "Eva gives him the key" in written(request)
        assert "Eva gives him the" in request.bans


@pytest.mark.parametrize(
    ("answer", "flaw"),
    [
        ("", Flaw.EMPTY),
        ("Martha opens the door of the bakery at last.", Flaw.FOREIGN),
        ("People and place, at peace; nothing has to go wrong!", Flaw.ECHO),
        ("Two rival bakers must share a kitchen for one winter.", Flaw.ECHO),
        ("Tom lights the oven at 4 every day.", Flaw.REPEATED),
        ("Tom " + "and Eva " * 30, Flaw.CUT),
    ],
)
def test_what_a_grammar_cannot_bound_is_a_flaw(answer, flaw):
    outline, ids = sprouted(METHODS["kishotenketsu"], Outline(premise=BAKERS), "", None, "en")
    outline = outline.replace(ids[0], summary="Tom lights the oven at four every day.")
    asked = Filling(METHODS["kishotenketsu"], outline, ids[1])
    assert flaw in asked.flaws(asked.parse(answer))


def test_names_of_the_example_that_are_in_the_premise_are_hers():
    mine = Filling(METHODS["kishotenketsu"], Outline(premise="Martha owns a clock."), LOGLINE)
    assert "Martha" not in mine.plan(SMALL, count, 1).request.bans
    assert Flaw.FOREIGN not in mine.flaws(Words("", "Martha sells her clock to a stranger."))


def test_what_is_locked_is_passed_over():
    grow = growing("kishotenketsu", BAKERS, (None,))
    first = grow.outline.nodes[0].id
    grow.outline = grow.outline.replace(first, summary="Mine.", locked=True)
    said = iter(
        ["Nothing is as it was in the town.", "He goes home alone.", "She stays.", "A b c."]
    )
    while grow.question():
        grow.take(next(said, "An empty oven stands in the yard."))
    assert grow.outline[first].summary == "Mine."


def test_an_outline_that_does_not_fit_is_refused_with_its_size():
    outline = Outline(premise="word " * 9_000, nodes=(Node(id="n1", summary="s" * 90_000),))
    outline, ids = sprouted(METHODS["blank"], outline, "n1", 1, "en")
    with pytest.raises(PassageTooLong):
        Filling(METHODS["blank"], outline, ids[0]).plan(LARGE, count, 1)


@pytest.mark.parametrize("premise", [BAKERS, EXAM, "夜の灯台で、少女は海の声を聞いた。"])
def test_grammars_are_short_and_name_what_they_use(premise):
    for place in (LOGLINE, SYNOPSIS):
        grammar = Filling(METHODS["blank"], Outline(premise=premise), place).grammar
        rules = dict(line.split(" ::= ", 1) for line in grammar.strip().split("\n"))
        assert "sentence" in rules["root"]
        assert not re.search(r"[^\\]\\(?![nrtxuU\\\[\]\"])", grammar)
        assert len(grammar) < 2_000
