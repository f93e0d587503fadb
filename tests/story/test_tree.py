"""The tree of a project: whatever is moved, nothing is lost, doubled or renamed."""

from itertools import pairwise

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from writer_app.story.tree import DEEPEST, Item, Kind, Section, Tree, in_order


@st.composite
def trees(draw):
    count = draw(st.integers(0, 14))
    return in_order(
        Item(
            id=f"i{number}",
            kind=draw(st.sampled_from(Kind)),
            title=f"title {number}",
            section=draw(st.sampled_from((*Section, Section.TEXT, Section.TEXT))),
            depth=draw(st.integers(0, DEEPEST - 1)),
            file=draw(st.sampled_from(("", f"text/{number}.md"))),
        )
        for number in range(count)
    )


def is_legal(tree):
    order = list(Section)
    for before, item in pairwise(tree):
        same = before.section is item.section
        assert order.index(before.section) <= order.index(item.section)
        assert item.depth <= (before.depth + 1 if same else 0)
    assert all(item.depth < DEEPEST for item in tree)
    return not tree.items or tree.items[0].depth == 0


def bare(tree):
    """What no move may change."""
    return sorted(
        msgspec.json.encode(msgspec.structs.replace(item, section=Section.TEXT, depth=0))
        for item in tree
    )


@given(trees(), st.data())
def test_a_move_keeps_every_item_once_and_changes_nothing_of_it(tree, data):
    ids = [item.id for item in tree]
    chosen = data.draw(st.lists(st.sampled_from(ids), unique=True, max_size=4)) if ids else []
    under = data.draw(st.sampled_from(["", *ids]))
    inner = tree.children(under) if under else tuple(item for item in tree if not item.depth)
    before = data.draw(st.sampled_from(["", *(item.id for item in inner)]))
    section = tree[before].section if before else data.draw(st.sampled_from(Section))
    try:
        moved = tree.move(chosen, section, under, before)
    except ValueError:
        return
    assert bare(moved) == bare(tree)
    assert is_legal(moved)
    for item in chosen:
        above = {each.id for each in tree if item in {x.id for x in tree.branch(each.id)}}
        if not above & set(chosen) - {item}:
            parent = moved.parent(item)
            assert (parent.id if parent else "") == under
            assert len(moved.branch(item)) == len(tree.branch(item))


@given(trees(), st.data())
def test_moving_back_restores_the_tree(tree, data):
    if not tree.items:
        return
    item = data.draw(st.sampled_from([each.id for each in tree]))
    home = tree.place(item)
    moved = tree.move([item], data.draw(st.sampled_from(Section)))
    assert moved.move([item], *home) == tree


@given(trees(), st.data())
def test_items_come_and_go(tree, data):
    under = data.draw(st.sampled_from(["", *(item.id for item in tree)]))
    new = Item(id="new", kind=Kind.SCENE, depth=3)
    try:
        more = tree.insert(new, Section.TEXT, under)
    except ValueError:
        assert tree[under].depth == DEEPEST - 1
        return
    assert is_legal(more)
    assert more.drop(["new"]) == tree
    with pytest.raises(ValueError, match="twice"):
        more.insert(new, Section.TEXT)


@given(trees())
def test_positions_count_the_texts_before(tree):
    for number, item in enumerate(tree):
        book = [each for each in tree.items[:number] if each in tree.manuscript]
        is_book = item.section in (Section.FRONT, Section.TEXT)
        assert tree.position(item.id) == (len(book) if is_book else len(tree.manuscript))


def small():
    return in_order(
        Item(id=name, kind=Kind.SCENE, depth=depth)
        for name, depth in (("a", 0), ("b", 1), ("c", 1), ("d", 0), ("e", 1))
    )


@pytest.mark.parametrize(
    ("items", "under", "before"),
    [(["a"], "b", ""), (["a"], "a", ""), (["d"], "", "b"), (["b"], "a", "e")],
)
def test_a_place_that_is_none_is_refused(items, under, before):
    with pytest.raises(ValueError, match=r"itself|lie there"):
        small().move(items, Section.TEXT, under, before)


def test_an_unknown_id_is_a_key_error():
    for act in (
        lambda: small().move(["z"], Section.TEXT),
        lambda: small().move(["a"], Section.TEXT, "z"),
        lambda: small().move(["a"], Section.TEXT, "", "z"),
        lambda: small()["z"],
        lambda: small().drop(["z"]),
        lambda: small().replace("z", title=""),
    ):
        with pytest.raises(KeyError):
            act()


def test_no_move_goes_deeper_than_eight_levels():
    chain = in_order(Item(id=f"i{n}", kind=Kind.NOTE, depth=n) for n in range(DEEPEST))
    more = Tree((*chain.items, Item(id="x", kind=Kind.NOTE), Item(id="y", kind=Kind.NOTE, depth=1)))
    with pytest.raises(ValueError, match="levels"):
        more.move(["x"], Section.TEXT, "i6")
    assert more.move(["y"], Section.TEXT, "i6")["y"].depth == 7


def test_items_that_are_moved_before_one_of_themselves_stay_together():
    moved = small().move(["b", "c"], Section.TEXT, "a", "b")
    assert moved == small()
