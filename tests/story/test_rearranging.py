"""Items are made, split, joined, put away and deleted, and no word is lost, wherever that breaks off."""

import contextlib
import errno
import random

import pytest

from writer_app.errors import ChangedOnDisk, NotNeighbours, SaveFailed, WriterError
from writer_app.story import atomic, files, rearranging
from writer_app.story.inspection import Fault, inspect
from writer_app.story.project import Project, written
from writer_app.story.tree import Beat, Item, Kind, Section, Tree

TEXTS = {"a": "First. 😀 一\n\nSecond part.\n", "b": "Text of b.\n", "c": "第三章 c\n", "d": "D"}


@pytest.fixture
def project(tmp_path):
    """Chapters a (with scenes b and c under it) and d."""
    made = Project(tmp_path / "novel")
    made.folder.mkdir()
    items = [
        Item(id=each, kind=Kind.CHAPTER if each in "ad" else Kind.SCENE, title=each, depth=int(each in "bc"),
             file=made.create(each, text), synopsis=f"of {each}", beats=(Beat(each),), target=10)
        for each, text in TEXTS.items()
    ]  # fmt: skip
    made.tree = Tree(tuple(items))
    made.save()
    return made


def whole(project):
    """The book as one text, as it is on the disk."""
    again = Project.open(project.folder)
    assert again.tree == project.tree
    return "".join(again.read(item) for item in again.tree.manuscript)


def everything(project):
    return "".join(each.read_text("utf-8") for each in sorted(project.folder.glob("*/*.md")))


def test_a_split_keeps_the_text_and_makes_the_next_item(project):
    before = whole(project)
    new = rearranging.split(project, "d", 0, "new")
    assert (new.kind, new.title, project.tree.place(new.id)) == (
        Kind.CHAPTER, "new", (Section.TEXT, "", ""),
    )  # fmt: skip
    assert [project.read(item) for item in project.tree.manuscript][-2:] == ["", "D"]
    assert whole(project) == before


def test_a_chapter_with_scenes_is_split_before_its_first_scene(project):
    before = whole(project)
    new = rearranging.split(project, "a", 10)
    assert project.tree.parent(new.id).id == "a"
    assert [item.id for item in project.tree.children("a")] == [new.id, "b", "c"]
    assert project.read(project.tree["a"]) == TEXTS["a"][:10]
    assert whole(project) == before


@pytest.mark.parametrize(
    "data", ["a\r\nb\r\nc", "\ufeffa\u2029b\r\nc\n", "话说天下大势，分久必合，合久必分。\n" * 9]
)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_split_and_a_merge_keep_the_form_of_the_file(project, data, encoding):
    path = project.path(project.tree["d"].file)
    path.write_bytes(data.encode(encoding))
    opened = files.read(path)
    new = rearranging.split(project, "d", 2)
    parts = [files.read(project.path(project.tree[each].file)) for each in ("d", new.id)]
    assert "".join(each.text for each in parts) == opened.text.lstrip("\ufeff")
    rearranging.merge(project, "d", new.id)
    assert files.read(path).text == opened.text.lstrip("\ufeff")
    if encoding == "utf-8":
        assert path.read_bytes() == data.encode()


def test_a_merge_joins_exactly_and_puts_the_second_away(project):
    before = whole(project)
    rearranging.merge(project, "a", "b")
    assert whole(project) == before
    assert project.read(project.tree["a"]) == TEXTS["a"] + TEXTS["b"]
    assert project.read(project.tree["b"]) == TEXTS["b"]
    one, two = project.tree["a"], project.tree["b"]
    assert (one.synopsis, one.target, len(one.beats)) == ("of a\n\nof b", 20, 2)
    assert (two.section, two.home) == (Section.TRASH, ("text", "a", "c"))


def test_the_notes_of_a_merged_text_do_not_go_with_it_to_the_trash(project):
    for first, second in (("a", "b"), ("a", "c")):
        file = project.create(f"about {second}", f"Notes of {second}.\n", Project.NOTES)
        tree = project.tree.replace(second, notes=file, pinned=(second,))
        rearranging.keep(project, tree)
        rearranging.merge(project, first, second)
    rearranging.delete(project, ["b", "c"])
    item = project.tree["a"]
    assert project.path(item.notes).read_text() == "Notes of b.\n\nNotes of c.\n"
    assert item.pinned == ("a",)


def test_what_lies_under_a_merged_chapter_stays_in_its_place(project):
    rearranging.add(project, Kind.SCENE, "under d", under="d")
    order = [item.id for item in project.tree.manuscript if item.id != "d"]
    rearranging.merge(project, "c", "d")
    assert [item.id for item in project.tree.manuscript] == order
    whole(project)


def test_only_neighbours_are_joined(project):
    for first, second in (("a", "c"), ("b", "a"), ("a", "a"), ("c", "b")):
        with pytest.raises(NotNeighbours):
            rearranging.merge(project, first, second)
    rearranging.put_away(project, ["d"])
    with pytest.raises(NotNeighbours):
        rearranging.merge(project, "c", "d")


@pytest.mark.parametrize("chosen", [["a"], ["b"], ["b", "c"], ["c", "a"], ["a", "d"], ["d", "b"]])
@pytest.mark.parametrize("section", rearranging.AWAY)
def test_what_is_put_away_comes_back_to_its_place(project, chosen, section):
    before = project.tree
    tops = rearranging.put_away(project, chosen, section)
    assert {project.tree[each].section for each in chosen} == {section}
    rearranging.restore(project, tops)
    assert project.tree == before


def test_items_put_away_one_by_one_come_back_in_their_order(project):
    before = project.tree
    for each in ("b", "c", "d"):
        rearranging.put_away(project, [each])
    rearranging.restore(project, ["b", "c", "d"])
    assert project.tree == before


def test_what_comes_back_to_a_place_that_is_gone_lies_near_it(project):
    rearranging.put_away(project, ["c"], Section.ARCHIVE)
    rearranging.put_away(project, ["a"])
    rearranging.put_away(project, ["c"])
    rearranging.delete(project, ["a"])
    rearranging.restore(project, ["c"])
    assert [item.id for item in project.tree] == ["d", "c"]


#: Texts in forms that a cut may spoil: line ends of both kinds, characters that the page cannot hold, no text.
FORMS = [
    "One.\r\nTwo 😀\nÉe\u0301\r\n\r\nThree.\r\n",
    "A\u2029B\ufdd0C\n\n",
    "第一章\r\n风起。\r\n",
    "\n\n\n",
    "",
]


@pytest.mark.parametrize("seed", range(8))
def test_whatever_is_done_one_after_the_other_every_character_stays_in_its_order(project, seed):
    draw = random.Random(seed)
    for number, text in enumerate(FORMS):
        item = rearranging.add(project, Kind.SCENE, f"form {number}")
        project.path(item.file).write_bytes(text.encode())
    texts = {item.id: written(files.read(project.path(item.file))) for item in project.tree}
    for _step in range(25):
        row = [item.id for item in project.tree.manuscript]
        away = [item.id for item in project.tree.section(Section.TRASH)]
        act = draw.choice(["split", "split", "merge", "merge", "put away", "restore", "move"])
        if act == "split" and row:
            item = draw.choice(row)
            opened = files.read(project.path(project.tree[item].file))
            offset = draw.randint(0, len(opened.text))
            new = rearranging.split(project, item, offset, draw.choice(["", "new"]))
            # What stands in for a character on the page is as long as that is.
            texts[item], texts[new.id] = texts[item][:offset], texts[item][offset:]
        elif act == "merge" and len(row) > 1:
            at, between = draw.randrange(len(row) - 1), draw.choice(["", "\n\n"])
            rearranging.merge(project, row[at], row[at + 1], between)
            texts[row[at]] += between + texts[row[at + 1]]
        elif act == "put away" and len(row) > 3:
            rearranging.put_away(project, draw.sample(row, 2))
        elif act == "restore" and away:
            rearranging.restore(project, [draw.choice(away)])
        elif act == "move" and len(row) > 1:
            one, other = draw.sample(row, 2)
            with contextlib.suppress(ValueError):
                rearranging.keep(project, project.tree.move([one], Section.TEXT, before=other))
        again = Project.open(project.folder)
        assert again.tree == project.tree
        assert {item.id for item in again.tree} == texts.keys()
        for item in again.tree:
            assert written(files.read(again.path(item.file))) == texts[item.id], (act, item.id)
    wrong = {each.fault for each in inspect(project)} - {Fault.TITLE, Fault.TWICE}
    assert not wrong


def test_deleting_removes_only_what_is_in_the_trash(project):
    with pytest.raises(ValueError, match="trash"):
        rearranging.delete(project, ["a"])
    rearranging.put_away(project, ["a"])
    rearranging.delete(project, ["a"])
    assert [item.id for item in project.tree] == ["d"]
    assert [each.name for each in (project.folder / "text").iterdir()] == ["d.md"]
    whole(project)


def test_new_items_have_files_and_volumes_need_none(project):
    volume = rearranging.add(project, Kind.VOLUME, "卷一", before="a")
    note = rearranging.add(project, Kind.NOTE, "a", Section.NOTES)
    chapter = rearranging.add(project, Kind.CHAPTER, "A: b/c?", under=volume.id, text="x")
    assert (volume.file, note.file) == ("", "notes/a.md")
    assert chapter.file == "text/A b c.md"
    assert len({item.id for item in project.tree}) == 7
    rearranging.rename(project, chapter.id, "Other")
    assert project.tree[chapter.id].file == "text/A b c.md"
    with pytest.raises(KeyError):
        rearranging.add(project, Kind.SCENE, "s", under="nowhere")
    assert len(list((project.folder / "text").iterdir())) == 5
    whole(project)


def acts(project):
    """Everything that touches the disk."""
    return {
        "add": lambda: rearranging.add(project, Kind.SCENE, "new", text="new"),
        "split": lambda: rearranging.split(project, "a", 8),
        "merge": lambda: rearranging.merge(project, "a", "b"),
        "put away": lambda: rearranging.put_away(project, ["a"]),
        "rename": lambda: rearranging.rename(project, "a", "other"),
    }


@pytest.mark.parametrize("act", ["add", "split", "merge", "put away", "rename"])
@pytest.mark.parametrize("write", [0, 1, 2])
@pytest.mark.parametrize("lasting", [True, False])
def test_a_disk_that_refuses_in_the_middle_costs_no_word(project, monkeypatch, act, write, lasting):
    before, count, real = whole(project), 0, atomic.write_all

    def refuse(descriptor, data):
        nonlocal count
        count += 1
        if count == write + 1 or (lasting and count > write):
            real(descriptor, bytes(data)[: random.Random(write).randint(0, 5)])
            raise OSError(errno.ENOSPC, "full")
        real(descriptor, data)

    monkeypatch.setattr(atomic, "write_all", refuse)
    tree, failed = project.tree, False
    try:
        acts(project)[act]()
    except SaveFailed:
        failed = True
    monkeypatch.undo()
    assert failed == (count > write)
    again = Project.open(project.folder)
    assert again.missing() == ()
    there = everything(project)
    for text in (TEXTS["a"][:8], TEXTS["a"][8:], *TEXTS.values()):
        assert text in there
    if failed and (not lasting or write == 0):
        assert project.tree == again.tree == tree
        assert whole(project) == before
        assert len(list((project.folder / "text").iterdir())) == len(TEXTS)


@pytest.mark.parametrize("act", ["add", "split", "merge"])
def test_a_crash_at_any_step_leaves_a_project_that_opens(project, monkeypatch, act):
    """Every write is the last one that came about, in turn."""

    class Crash(BaseException):
        pass

    for last in range(1, 4):
        count, real = 0, files.write

        def write(*arguments, real=real, last=last):
            nonlocal count
            count += 1
            if count > last:
                raise Crash
            return real(*arguments)

        monkeypatch.setattr(files, "write", write)
        try:
            acts(project)[act]()
        except Crash:
            pass
        except WriterError as problem:
            assert isinstance(problem, NotNeighbours | ChangedOnDisk)  # noqa: PT017 - of the step before
        monkeypatch.undo()
        again = Project.open(project.folder)
        assert again.missing() == ()
        there = everything(project)
        for text in ("First. 😀", "Second part.\n", *list(TEXTS.values())[1:]):
            assert text in there
        project = again
