"""The story bible: entries, facts, and their files."""

import tomllib
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from writer_app.errors import ChangedOnDisk, EntryDamaged
from writer_app.story.bible import Bible, Entry, Fact, Kind, Relation, true_at
from writer_app.story.bible_files import BibleFolder, to_toml
from writer_app.story.tree import Item, Section, Tree
from writer_app.story.tree import Kind as Level

JANE = Entry(
    id="Jane",
    name="Jane Bennet",
    aliases=("Jane", "Miss Bennet"),
    description="Gentle.\nThe eldest.",
    fields={"Favourite": "blue"},
    facts=(Fact(attribute="eyes", value="grey", source="her grey eyes"),),
    relations=(Relation(to="Elizabeth", what="is the sister of"),),
)
ELIZABETH = Entry(id="Elizabeth", name="Elizabeth", aliases=("Lizzy", "Miss Bennet", " "))


def scenes(*ids: str) -> Tree:
    tree = Tree()
    for each in ids:
        tree = tree.insert(Item(id=each, kind=Level.SCENE, file=f"text/{each}.md"), Section.TEXT)
    return tree


def test_a_fact_is_true_from_its_scene_on_and_the_latest_value_counts():
    entry = Entry(
        id="a",
        name="A",
        facts=(
            Fact(attribute="place", value="London"),
            Fact(attribute="place", value="Paris", since="two"),
            Fact(text="Is ill", since="one", until="three"),
            Fact(text="Of a scene that is gone", since="gone", until="gone"),
        ),
    )
    tree = scenes("one", "two", "three")

    def told(at: int) -> list[str]:
        return [fact.value or fact.text for fact in true_at(entry, tree, at)]

    assert told(0) == ["London", "Is ill", "Of a scene that is gone"]
    assert told(1) == ["Paris", "Is ill", "Of a scene that is gone"]
    assert told(2) == ["Paris", "Of a scene that is gone"]
    moved = tree.move(["two"], Section.TEXT)
    assert "Paris" not in [fact.value for fact in true_at(entry, moved, moved.position("three"))]


def test_a_bible_is_a_value_so_undo_is_the_old_one():
    bible = Bible.of([JANE])
    more = bible.put(ELIZABETH).put(msgspec.structs.replace(JANE, name="Jane"))
    assert len(bible) == 1
    assert bible["Jane"].name == "Jane Bennet"
    assert [each.id for each in more] == ["Elizabeth", "Jane"]
    assert more.remove("Elizabeth", "nobody").put(JANE) == bible
    assert more.by_name["Miss Bennet"] == ("Elizabeth", "Jane")
    assert " " not in more.by_name


def test_a_new_id_is_unlike_all_others_on_every_system():
    bible = Bible.of([JANE])
    assert bible.free_id("JANE") == "JANE 2"
    assert bible.free_id("Mr. Darcy: a/b") == "Mr. Darcy a b"
    assert bible.free_id("con") == "con 1"
    for name in ("..", "", "\n", "x" * 500, "宝玉" * 100, "a" * 71 + " b. c"):
        msgspec.convert({"id": bible.free_id(name, ["text"]), "name": "x"}, Entry)
    assert bible.free_id("", ["TEXT"]) == "text 2"


def test_what_is_saved_comes_back_and_undo_brings_a_file_back(tmp_path: Path):
    folder = BibleFolder(tmp_path / "bible")
    assert folder.load() == Bible()
    bible = Bible.of([JANE, ELIZABETH])
    assert folder.save(bible) == ()
    assert BibleFolder(tmp_path / "bible").load() == bible
    folder.save(bible.remove("Jane"))
    assert [each.name for each in (tmp_path / "bible").iterdir()] == ["Elizabeth.toml"]
    folder.save(bible)
    assert BibleFolder(tmp_path / "bible").load() == bible


def test_only_what_changed_is_written_and_a_new_name_keeps_the_id(tmp_path: Path):
    folder = BibleFolder(tmp_path)
    folder.save(Bible.of([JANE, ELIZABETH]))
    untouched = (tmp_path / "Jane.toml").stat()
    changed = msgspec.structs.replace(ELIZABETH, name="Mrs. Darcy")
    folder.save(Bible.of([JANE, changed]))
    assert (tmp_path / "Jane.toml").stat() == untouched
    assert 'name = "Mrs. Darcy"' in (tmp_path / "Elizabeth.toml").read_text("utf-8")


def test_what_we_do_not_know_is_kept(tmp_path: Path):
    (tmp_path / "Jane.toml").write_text(
        'name = "Jane"\nmood = "calm"\n[[facts]]\ntext = "x"\npage = 3\n[extra]\na = [1]\n', "utf-8"
    )
    folder = BibleFolder(tmp_path)
    bible = folder.load()
    folder.save(bible.put(msgspec.structs.replace(bible["Jane"], goal="Bingley")))
    text = (tmp_path / "Jane.toml").read_text("utf-8")
    assert all(each in text for each in ('mood = "calm"', "page = 3", "[extra]", "Bingley"))
    assert BibleFolder(tmp_path).load()["Jane"].goal == "Bingley"


@pytest.mark.parametrize(
    "content",
    [
        b"name = ",
        b"name = 3",
        b'kind = "dragon"',
        b"\xff\xfe\x00\x01",
        b"a=" + b"[" * 50_000,
        b"x" * 1_100_000,
        b'name = "a"\nfacts = 3',
        b'name = "a"\npriority = 99999999',
    ],
)
def test_an_entry_that_cannot_be_read_is_reported_and_stays(tmp_path: Path, content: bytes):
    (tmp_path / "bad.toml").write_bytes(content)
    folder = BibleFolder(tmp_path)
    bible = folder.load()
    assert len(bible) == 0
    assert [type(each) for each in folder.problems] == [EntryDamaged]
    assert bible.free_id("bad", folder.taken) == "bad 2"
    assert [type(each) for each in folder.save(bible.put(Entry(id="bad", name="Bad")))] == [
        ChangedOnDisk
    ]
    assert (tmp_path / "bad.toml").read_bytes() == content


def test_odd_things_in_the_folder_are_no_entries(tmp_path: Path):
    outside = tmp_path / "outside.toml"
    outside.write_text('name = "secret"', "utf-8")
    folder = tmp_path / "bible"
    (folder / "folder.toml").mkdir(parents=True)
    (folder / ".hidden.toml").write_text("", "utf-8")
    (folder / "note.txt").write_text("", "utf-8")
    (folder / "link.toml").symlink_to(outside)
    (folder / "a..toml").write_text("", "utf-8")
    opened = BibleFolder(folder)
    assert [each.name for each in opened.load()] == ["a."]
    assert len(opened.problems) == 2


def test_a_file_that_another_program_wrote_is_neither_overwritten_nor_removed(tmp_path: Path):
    folder = BibleFolder(tmp_path)
    folder.save(Bible.of([JANE]))
    (tmp_path / "Jane.toml").write_text('name = "Hers"', "utf-8")
    changed = msgspec.structs.replace(JANE, goal="x")
    assert [type(each) for each in folder.save(Bible.of([changed]))] == [ChangedOnDisk]
    assert [type(each) for each in folder.save(Bible())] == [ChangedOnDisk]
    assert (tmp_path / "Jane.toml").read_text("utf-8") == 'name = "Hers"'
    assert folder.load()["Jane"].name == "Hers"


def test_a_link_that_leads_to_itself_is_told_and_costs_only_itself(tmp_path: Path):
    (tmp_path / "Jane.toml").write_text('name = "Jane"', "utf-8")
    (tmp_path / "loop.toml").symlink_to("loop.toml")
    folder = BibleFolder(tmp_path)
    assert [each.id for each in folder.load()] == ["Jane"]
    assert [type(each) for each in folder.problems] == [EntryDamaged]


def test_what_she_dismissed_is_remembered(tmp_path: Path):
    folder = BibleFolder(tmp_path / "bible")
    assert folder.dismissed() == frozenset()
    folder.dismiss(frozenset(["Jane"]))
    folder.dismiss(frozenset(["宝玉|eyes|grey"]))
    assert BibleFolder(tmp_path / "bible").dismissed() == {"Jane", "宝玉|eyes|grey"}
    assert len(folder.load()) == 0


words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=12)
entries = st.builds(
    Entry,
    id=st.just("x"),
    kind=st.sampled_from(Kind),
    name=words,
    aliases=st.lists(words, max_size=2).map(tuple),
    description=words,
    always=st.booleans(),
    priority=st.integers(-1000, 1000),
    fields=st.dictionaries(words, words, max_size=2),
    facts=st.lists(
        st.builds(Fact, text=words, since=words, known_by=st.lists(words).map(tuple)), max_size=2
    ).map(tuple),
    relations=st.lists(st.builds(Relation, to=words, what=words), max_size=2).map(tuple),
)


@given(entries)
def test_any_entry_survives_its_file(entry: Entry):
    found = tomllib.loads(to_toml(entry)) | {"id": "x"}
    assert msgspec.convert(found, Entry) == entry
