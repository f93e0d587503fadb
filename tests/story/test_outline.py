"""Editing an outline, keeping it in a file, and making items of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from writer_app.errors import ChangedOnDisk, OutlineDamaged
from writer_app.story import outline as outlines
from writer_app.story.outline import Node, Outline, accept
from writer_app.story.tree import Item, Kind, Section, Tree

BOOK = Outline(
    premise="一个旧梦 “dream”",
    nodes=(
        Node(
            id="n1",
            title="One",
            becomes="volume",
            children=(
                Node(
                    id="n2",
                    title="First",
                    summary="She goes.",
                    becomes="chapter",
                    children=(
                        Node(id="n4", title="Door", summary="It opens.", becomes="beat"),
                        Node(id="n5", title="Dog", summary="It barks.", becomes="beat"),
                    ),
                ),
                Node(id="n3", title="Second", summary="She returns.", becomes="chapter"),
            ),
        ),
        Node(id="n6", title="Two", becomes="volume"),
    ),
)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def test_an_edit_leaves_the_old_outline_as_it_was():
    other = BOOK.replace("n3", title="Last").drop("n2").shift("n6", -1)
    assert [each.title for each in other.walk()] == ["Two", "One", "Last"]
    assert [each.id for each in BOOK.walk()] == ["n1", "n2", "n4", "n5", "n3", "n6"]


def test_new_ids_are_nobodys():
    assert BOOK.new_ids(2) == ("n7", "n8")
    assert BOOK.drop("n6").insert("n1", 1, Node(id="n7")).new_ids(1) == ("n8",)


def test_what_is_not_there_cannot_be_edited():
    for edit in (BOOK.drop, BOOK.path, lambda node: BOOK.replace(node, title="x")):
        with pytest.raises(KeyError):
            edit("n99")


@given(texts, texts, texts)
def test_any_words_come_back_from_the_file(premise, title, summary):
    book = BOOK.with_words(premise=premise).replace("n3", title=title, summary=summary)
    assert outlines.parse(outlines.as_toml(book), "x") == book


def test_an_outline_is_kept_in_the_folder_and_never_written_over_a_change(tmp_path):
    assert outlines.read(tmp_path) == (Outline(), None)
    digest = outlines.write(tmp_path, BOOK, None)
    assert outlines.read(tmp_path) == (BOOK, digest)
    path = tmp_path / outlines.NAME
    path.write_text(path.read_text("utf-8").replace("Second", "Zweite"), "utf-8")
    with pytest.raises(ChangedOnDisk):
        outlines.write(tmp_path, BOOK, digest)


@pytest.mark.parametrize(
    "source",
    [
        "nodes = 3",
        "format = 99",
        '[[nodes]]\nid = "../x"',
        '[[nodes]]\nid = "n1"\n[[nodes]]\nid = "n1"',
        "".join(f"[[nodes{'.children' * deep}]]\nid = 'n{deep}'\n" for deep in range(9)),
        "x = " + "[" * 5_000,
    ],
)
def test_a_broken_file_is_refused_with_a_sentence(tmp_path, source):
    (tmp_path / outlines.NAME).write_text(source, "utf-8")
    with pytest.raises(OutlineDamaged):
        outlines.read(tmp_path)


def test_accepting_a_chapter_makes_it_and_its_volume_items_with_beats():
    book, tree = accept(BOOK, Tree(), "n2")
    assert [(item.kind, item.depth, item.title) for item in tree] == [
        (Kind.VOLUME, 0, "One"),
        (Kind.CHAPTER, 1, "First"),
    ]
    chapter = tree[book["n2"].item]
    assert chapter.synopsis == "She goes."
    assert [beat.text for beat in chapter.beats] == ["Door: It opens.", "Dog: It barks."]
    assert [each.id for each in book.walk() if each.accepted] == ["n1", "n2", "n4", "n5"]


def test_accepting_later_puts_items_where_the_outline_has_them():
    book, tree = accept(BOOK, Tree((Item(id="mine", kind=Kind.CHAPTER),)), "n6")
    book, tree = accept(book, tree, "n3")
    book, tree = accept(book, tree, "n1")
    assert [item.title for item in tree.section(Section.TEXT)] == [
        "",
        "One",
        "First",
        "Second",
        "Two",
    ]


def test_accepting_again_tells_the_item_anew_and_makes_none():
    book, tree = accept(BOOK, Tree(), "n2")
    book, tree = accept(book.replace("n2", title="Renamed"), tree, "n2")
    assert len(tree) == 2
    assert tree[book["n2"].item].title == "Renamed"
    assert len(tree[book["n2"].item].beats) == 2


def test_an_item_that_she_has_dropped_is_made_again():
    book, tree = accept(BOOK, Tree(), "n3")
    book, tree = accept(book, tree.drop([book["n3"].item]), "n3")
    assert [item.title for item in tree] == ["One", "Second"]
