"""The scenes as they happen beside the scenes as they are told, and who is in them."""

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from writer_app.story.bible import Bible, Entry, Kind
from writer_app.story.project import Project
from writer_app.story.timeline import Turn, cast, put, rows, scenes, timeline
from writer_app.story.tree import Item, Section, Tree
from writer_app.story.tree import Kind as Level


def book(**whens: str) -> Tree:
    """Scenes with what they say of their time."""
    items = [
        Item(id=each, kind=Level.SCENE, file=f"text/{each}.md", when=when)
        for each, when in whens.items()
    ]
    return Tree(tuple(items))


def test_flashbacks_and_a_prologue_from_the_end_are_told_out_of_their_time():
    tree = book(p="1850", a="3 May 1812", b="", c="ten years earlier", d="", e="4 May")
    line = timeline(tree)
    assert line.told == ("p", "a", "b", "c", "d", "e")
    assert line.happens == ("c", "a", "b", "d", "e", "p")
    assert line.turns == {"p": Turn.AHEAD, "c": Turn.BACK}


def test_of_two_told_the_wrong_way_round_the_second_looks_back():
    assert timeline(book(a="第二天", b="第一天")).turns == {"b": Turn.BACK}


def test_words_without_an_order_are_said_to_be_so_and_the_text_holds():
    line = timeline(book(a="once", b="later that century", c=" "))
    assert line.happens == line.told
    assert line.unread == {"a", "b"}
    assert timeline(Tree()).happens == ()


def test_only_what_is_told_is_on_it():
    tree = book(a="", b="")
    for section in (Section.FRONT, Section.NOTES, Section.TRASH):
        other = Item(id=section.value, kind=Level.NOTE, file=f"text/{section}.md")
        tree = tree.insert(other, section)
    assert [item.id for item in scenes(tree)] == ["a", "b"]


def test_a_scene_put_elsewhere_stays_there_and_moves_no_other():
    tree = put(book(a="1812", b="1813", c="", d="1814"), "d", "")
    assert timeline(tree).happens == ("d", "a", "b", "c")
    assert tree["d"].when == "1814"
    tree = put(put(tree, "c", "d"), "a", "d")
    assert timeline(tree).happens == ("d", "a", "c", "b")
    assert tree["b"] == book(b="1813")["b"]
    for wrong in (("a", "a"), ("a", "gone"), ("gone", "a")):
        with pytest.raises(ValueError, match="cannot happen"):
            put(tree, *wrong)


def test_what_follows_a_scene_that_is_gone_or_follows_itself_in_a_circle_goes_by_its_time():
    tree = book(a="1812", b="1811", c="1810", d="1813")
    tree = tree.replace("a", after="gone").replace("b", after="c").replace("c", after="b")
    tree = tree.replace("d", after="b")
    assert timeline(tree).happens == ("c", "b", "a", "d")


@given(st.data())
def test_however_often_scenes_are_put_elsewhere_the_line_is_as_she_put_it(data):
    whens = data.draw(
        st.lists(
            st.sampled_from(["", "1812", "1811", "第二天", "evening", "a year ago"]),
            min_size=2,
            max_size=8,
        )
    )
    tree = book(**{f"s{at}": when for at, when in enumerate(whens)})
    for _time in range(data.draw(st.integers(1, 6))):
        wanted = list(timeline(tree).happens)
        scene = data.draw(st.sampled_from(wanted))
        wanted.remove(scene)
        after = data.draw(st.sampled_from(["", *wanted]))
        wanted.insert(wanted.index(after) + 1 if after else 0, scene)
        tree = put(tree, scene, after)
        assert list(timeline(tree).happens) == wanted
    line = timeline(tree)
    rest = [each for each in line.happens if each not in line.turns]
    assert rest == [each for each in line.told if each not in line.turns]


def test_the_time_of_a_scene_is_one_more_word_of_its_line(tmp_path: Path):
    project = Project(tmp_path)
    project.tree = put(book(a="建安五年，“雪”夜", b=""), "b", "")
    project.facts = msgspec.structs.replace(project.facts, timeline=("anna",))
    project.save()
    lines = (tmp_path / "project.toml").read_text("utf-8").split("\n")
    assert [line for line in lines if "建安五年" in line and 'id = "a"' in line]
    again = Project.open(tmp_path)
    assert again.tree == project.tree
    assert again.facts.timeline == ("anna",)


def test_rows_are_those_in_most_scenes_or_those_she_has_chosen():
    people = [Entry(id=f"p{at}", name=f"P{at}") for at in range(12)]
    thread = Entry(id="gun", name="Gun", kind=Kind.THREAD, opened="s0")
    place = Entry(id="inn", name="Inn", kind=Kind.PLACE)
    bible = Bible.of([*people, thread, place, Entry(id="t", name="T", kind=Kind.THREAD)])
    named = {
        f"s{scene}": {f"p{at}": 1 + at for at in range(scene)} | {"inn": 9, "gone": 3}
        for scene in range(11)
    }
    found = cast(bible, named, lambda scene: named[scene])
    assert found["p2"] == {f"s{scene}": 3 for scene in range(3, 11)}
    shown = [entry.id for entry in rows(bible, found)]
    assert shown == [f"p{at}" for at in range(8)] + ["gun"]
    assert [entry.id for entry in rows(bible, found, ("p11", "inn", "gone"))] == ["inn", "p11"]
