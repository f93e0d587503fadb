"""A project on disk: what its file says, what it must not say, and that no text is touched by it."""

import json
import random
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from writer_app import language
from writer_app.errors import (
    ChangedOnDisk,
    FileMissing,
    OutsideProject,
    ProjectDamaged,
    WriterError,
)
from writer_app.story import alarms, outline
from writer_app.story.bible import Bible, Entry
from writer_app.story.bible import Kind as EntryKind
from writer_app.story.bible_files import BibleFolder
from writer_app.story.inspection import Fault, inspect
from writer_app.story.project import (
    NAME,
    Facts,
    Numbering,
    Project,
    State,
    Style,
    _parse,
    fitting,
    folder_of,
    free,
    same,
)
from writer_app.story.tree import Beat, Item, Kind, Section, Tree, in_order

#: Any text but halves of characters, with what is awkward to write down more often.
words = st.text(
    st.characters(exclude_categories=["Cs"])
    | st.sampled_from("\"'\\\n\r\t\0\x7f\x85\u2028\u2029\ufdd0\ufeff😀'''#=[]{},"),
    max_size=20,
)


@pytest.fixture
def project(tmp_path):
    made = Project(tmp_path / "novel")
    made.folder.mkdir()
    made.tree = Tree(
        tuple(
            Item(
                id=f"s{n}", kind=Kind.SCENE, title=f"Scene {n}", file=made.create(f"S {n}", f"{n}")
            )
            for n in range(3)
        )
    )
    made.save()
    return made


@settings(max_examples=60)
@given(st.data())
def test_whatever_it_says_comes_back(tmp_path_factory, data):
    def draw():
        return data.draw(words)

    facts = Facts(
        title=draw(),
        author=draw(),
        numbering=Numbering(draw(), draw(), "chinese", restart=True),
        states=(State("存稿", draw(), "#a0b1c2", dated=True),),
        goal=2_000,
        style=Style(draw(), (draw(), draw()), draw(), draw()),
    )
    tree = Tree(
        (
            Item(
                id="a",
                kind=Kind.SCENE,
                title=draw(),
                file="text/a.md",
                synopsis=draw(),
                beats=(Beat(draw(), done=True), Beat(draw())),
                pinned=(draw(),),
                label=draw(),
            ),
        )
    )
    folder = tmp_path_factory.mktemp("p")
    made = Project(folder, facts, tree, kept={"later": {"x": draw()}, "other": draw()})
    made.save()
    again = Project.open(folder)
    assert (again.facts, again.tree) == (facts, tree)
    assert again.as_toml() == made.as_toml()
    assert again._kept == made._kept


def test_half_a_character_does_not_keep_a_project_from_being_saved(project):
    project.tree = project.tree.replace("s0", title="a\ud800b")
    project.facts = Facts(title="\udfff")
    project.save()
    assert Project.open(project.folder).tree["s0"].title == "a\ufffdb"


def test_an_item_is_one_line_and_what_is_unknown_is_kept(project):
    path = project.folder / NAME
    path.write_text("later = 5\n" + path.read_text("utf-8") + "\n[more]\nx = [1, 2]\n", "utf-8")
    again = Project.open(project.folder)
    again.tree = again.tree.move(["s2"], Section.TEXT, "", "s0")
    again.save()
    lines = path.read_text("utf-8").splitlines()
    rows = [line for line in lines if line.startswith("    {")]
    assert ["s2" in rows[0], "s0" in rows[1], "s1" in rows[2]] == [True] * 3
    assert "later = 5" in lines
    assert "[more]" in lines


def test_a_move_touches_no_text(project):
    before = {each: each.stat() for each in (project.folder / "text").iterdir()}
    project.tree = project.tree.move(["s2"], Section.FRONT)
    project.save()
    assert {each: each.stat() for each in (project.folder / "text").iterdir()} == before


def test_what_another_program_wrote_is_not_saved_over(project):
    (project.folder / NAME).write_text("format = 1\nitems = []\n", "utf-8")
    with pytest.raises(ChangedOnDisk):
        project.save()


BAD_NAMES = [
    "../x.md", "text/../../x.md", "/etc/x.md", "C:/x.md", "C:x.md", "c:\\x.md", "\\\\host\\x.md", "//host/x/y.md",
    "text\\x.md", "text/a\0.md", "text/CON.md", "text/nul", "aux.txt", "com1.md", "LPT9.md", "text/con .md",
    "COM¹.md", "conin$.md", ".. /x.md", "text/.. ./x.md", ".../x.md", "~/../x.md", "a|b.md", "a\nb.md", "?.md", ".",
    "..", " ", "text/x.md:stream",
]  # fmt: skip


@pytest.mark.parametrize("name", BAD_NAMES)
def test_a_name_that_leads_elsewhere_is_refused(tmp_path, name):
    row = f'items = [{{id = "a", kind = "scene", file = {json.dumps(name)}}}]'
    (tmp_path / NAME).write_text(row, "utf-8")
    with pytest.raises(OutsideProject):
        Project.open(tmp_path)
    with pytest.raises(OutsideProject):
        Project(tmp_path).path(name)


@pytest.mark.parametrize(
    "name",
    ["project.toml", ".git/config", "text", "text/./a.md", "text//a.md", "bible/a.toml", "a.md/"],
)
def test_a_name_of_what_is_no_text_is_refused(tmp_path, name):
    row = f'items = [{{id = "a", kind = "scene", notes = {json.dumps(name)}}}]'
    (tmp_path / NAME).write_text(row, "utf-8")
    with pytest.raises(ProjectDamaged):
        Project.open(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_no_link_leads_out_of_the_folder(tmp_path):
    folder, outside = tmp_path / "p", tmp_path / "secret.md"
    (folder / "text").mkdir(parents=True)
    outside.write_text("secret", "utf-8")
    (folder / "text" / "a.md").symlink_to(outside)
    (folder / "text" / "b.md").symlink_to("b.md")
    (folder / "notes").symlink_to(tmp_path)
    project = Project(folder)
    for name in ("text/a.md", "text/b.md", "notes/secret.md"):
        with pytest.raises(OutsideProject):
            project.path(name)
    with pytest.raises(OutsideProject):
        project.create("x", folder=Project.NOTES)
    (folder / "text" / "c.md").symlink_to(folder / "text" / "d.md")
    assert project.path("text/c.md").name == "c.md"


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_none_of_its_own_files_is_read_or_written_through_a_link_that_leads_out(tmp_path):
    folder, outside = tmp_path / "p", tmp_path / "hers"
    (outside / "bible").mkdir(parents=True)
    folder.mkdir()
    for name in (NAME, outline.NAME, alarms.NAME, "bible/.dismissed.txt", "bible/a.toml"):
        (outside / name).write_text('name = "hers"', "utf-8")
    for name in (NAME, outline.NAME, alarms.NAME, "bible"):
        (folder / name).symlink_to(outside / name)
    bible = BibleFolder(folder / Project.BIBLE)
    assert not bible.load().entries
    assert [each.code for each in bible.problems] == ["OutsideProject"]
    assert [
        each.code for each in bible.save(Bible.of([Entry(id="b", kind=EntryKind.RULE, name="b")]))
    ] == ["OutsideProject"]
    alarm = alarms.Alarm(alarms.Kind.DATE, "", "", (0, 1), "x", "", (0, 0), "y", "key")
    for act in (
        lambda: Project.open(folder),
        lambda: outline.read(folder),
        lambda: outline.write(folder, outline.Outline(), None),
        lambda: alarms.write_intended(folder, alarm),
        lambda: bible.dismiss(frozenset({"key"})),
    ):
        with pytest.raises(OutsideProject):
            act()
    assert {each.read_text("utf-8") for each in outside.rglob("*.t*t*")} == {'name = "hers"'}
    assert not (outside / "bible" / "b.toml").exists()


def test_names_longer_than_a_system_takes_are_missing_files(tmp_path):
    row = f'items = [{{id = "a", kind = "scene", file = "text/{"a" * 5_000}.md"}}]'
    (tmp_path / NAME).write_text(row, "utf-8")
    project = Project.open(tmp_path)
    assert [each.id for each in project.missing()] == ["a"]
    assert [each.fault for each in inspect(project)] == [Fault.UNREADABLE]


@pytest.mark.parametrize(
    "source",
    [
        "", "items = 3", "items = [3]", 'items = [{id = "A B", kind = "scene"}]', "x = ", "[items]\na = 1",
        'items = [{id = "a", kind = "scene"}, {id = "a", kind = "scene"}]', 'items = [{id = "a", kind = "ship"}]',
        'items = [{id = "a", kind = "scene", file = "a.md"}, {id = "b", kind = "note", notes = "a.md"}]',
        "format = 99", 'format = "1"', 'items = [{id = "a", kind = "scene", depth = 8}]', "goal = -1", "[" * 5_000, "goal = 9999999999",
        f"[{'a.' * 60}a]", f"{'a.' * 100_000}a = 1", f"a = '{'x' * 16_000_000}'",
        'items = [{id = "a", kind = "scene", target = 1e999}]', 'title = 1979-05-27',
    ],
)  # fmt: skip
def test_what_no_project_says_is_refused_with_a_sentence(tmp_path, source):
    (tmp_path / NAME).write_text(source, "utf-8")
    if source == "":
        assert len(Project.open(tmp_path).tree) == 0
        return
    with pytest.raises(ProjectDamaged):
        Project.open(tmp_path)
    assert (tmp_path / NAME).read_text("utf-8") == source


def test_a_folder_without_a_project_has_none(tmp_path):
    with pytest.raises(FileMissing):
        Project.open(tmp_path)
    assert folder_of(tmp_path / "text" / "a.md") is None
    (tmp_path / NAME).write_text("", "utf-8")
    assert folder_of(tmp_path / "text" / "a.md") == tmp_path


def test_two_thousand_bad_edits_end_in_a_sentence_or_a_legal_project(project):
    path = project.folder / NAME
    good, draw = path.read_text("utf-8"), random.Random(6)
    tokens = [
        "../",
        "items",
        "{",
        "}",
        '"',
        "=",
        "\n",
        "depth = 7",
        '"s0"',
        "\0",
        "\r",
        "9" * 30,
        "'''",
        "第",
        "nan",
    ]
    opened = 0
    for number in range(2_000):
        source = good
        for _ in range(draw.randint(1, 3)):
            at = draw.randrange(len(source))
            end = min(len(source), at + draw.choice((0, 1, 1, 8, 40)))
            source = (
                source[:at] + draw.choice((*tokens, chr(draw.randrange(128)), "")) + source[end:]
            )
        try:
            if number % 50:  # writing a file takes longer than all the rest
                _facts, tree, _kept = _parse(source, path)
            else:
                path.write_text(source, "utf-8")
                tree = Project.open(project.folder).tree
        except WriterError as problem:
            language.explain(problem)
            continue
        opened += 1
        for item in tree:
            if item.file:
                assert project.path(item.file).is_relative_to(project.folder)
        assert in_order(tree) == tree
        Project(project.folder, tree=tree).as_toml()
    assert opened > 20


@settings(max_examples=40)
@given(st.text(max_size=200))
def test_file_names_fit_every_system(name):
    stem = fitting(name)
    assert 0 < len(stem.encode("utf-8", "surrogatepass")) <= 130
    assert stem == stem.strip(" .")
    Project(Path.cwd()).path(f"text/{stem}.md")


def test_names_that_a_system_takes_for_the_same_are_told_apart():
    assert free("Ä", {same("a\u0308.md"), "other.md"}) == "Ä 2.md"
    assert free("STRASSE", {same("straße.md")}) == "STRASSE 2.md"
    assert free("第一章", set()) == "第一章.md"


def test_texts_are_found_by_their_place(project):
    item = project.tree["s1"]
    assert project.item_at(project.path(item.file)) == item
    assert project.item_at(project.folder / NAME) is None
    assert project.item_at(project.folder.parent / "x.md") is None
    project.path(item.file).unlink()
    assert project.missing() == (item,)
