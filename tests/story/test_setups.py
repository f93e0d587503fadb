"""What the story has promised, and whether it has kept it."""

import msgspec

from writer_app.story.bible import Bible, Entry, Kind
from writer_app.story.setups import (
    Standing,
    name_of,
    opened_by,
    paid_by,
    place_of,
    setups,
)
from writer_app.story.tree import Item, Section, Tree
from writer_app.story.tree import Kind as Level

TREE = Tree(tuple(Item(id=each, kind=Level.SCENE, file=f"text/{each}.md") for each in "abcde"))


def thread(name: str, opened: str = "", due: str = "", paid: str = "") -> Entry:
    return Entry(id=name, name=name, kind=Kind.THREAD, opened=opened, due=due, paid=paid)


def standing(*entries: Entry, written: str, tree: Tree = TREE) -> dict[str, Standing]:
    return {each.entry.id: each.standing for each in setups(Bible.of(entries), tree, written)}


def test_overdue_is_what_is_not_paid_though_something_behind_its_scene_is_written():
    gun, map_ = thread("gun", "a", "c"), thread("map", "a", "b", paid="c")
    for written, stands in (("", "open"), ("abc", "open"), ("abd", "overdue")):
        assert standing(gun, map_, written=written) == {"gun": stands, "map": "paid"}


def test_the_most_pressing_comes_first():
    threads = (
        thread("paid late", "a", paid="d"),
        thread("paid", "a", paid="c"),
        thread("never due", "b"),
        thread("due later", "a", "e"),
        thread("due", "a", "d"),
        thread("missed twice", "a", "c"),
        thread("missed", "a", "b"),
        Entry(id="anna", name="Anna", opened="a"),
    )
    assert list(standing(*threads, written="abcd")) == [
        "missed",
        "missed twice",
        "due",
        "due later",
        "never due",
        "paid",
        "paid late",
    ]


def test_a_scene_that_is_gone_says_nothing_and_one_that_is_moved_says_so():
    gun = thread("gun", "a", due="b", paid="c")
    gone = TREE.move(["c"], Section.TRASH)
    assert standing(gun, written="abd", tree=gone) == {"gun": Standing.OVERDUE}
    (moved,) = setups(Bible.of([gun]), TREE.move(["a"], Section.TEXT), "abcde")
    assert moved.is_crossed
    assert moved.standing is Standing.PAID


def test_a_passage_opens_a_setup_and_is_found_again():
    passage = "> “The gun over the mantelpiece\nhad never been fired,” he said."
    text = f"It was late.\n\n{passage}\n"
    entry = opened_by(Bible.of([thread("The gun over the mantelpiece had never…")]), passage, "b")
    assert entry.name == "The gun over the mantelpiece had never…"
    assert entry.id.endswith(" 2")
    assert (entry.kind, entry.opened) == (Kind.THREAD, "b")
    assert msgspec.convert(msgspec.to_builtins(entry), Entry) == entry
    start, end = place_of(entry, "b", text)
    assert text[start:end] == passage.strip()
    assert place_of(entry, "b", "Nothing of it.") == place_of(entry, "c", text) == (0, 0)


def test_paying_keeps_the_passage_that_does_it():
    gun = thread("gun", "a")
    paid = paid_by(gun, " He fired. ", "d")
    assert paid.paid == "d"
    assert place_of(paid, "d", "Then. He fired. So.") == (6, 15)
    assert paid_by(gun, " ", "d").facts == ()


def test_names_are_short_in_every_script():
    assert (
        name_of("“墙上那把从来没有开过火的猎枪，今天不见了。”") == "墙上那把从来没有开过火的猎枪…"
    )
    assert name_of("# Gun") == "Gun"
    assert name_of("…") == "?"
    assert len(name_of("x" * 500)) <= 41
