"""What no longer fits together in a project is found, and nothing else."""

import msgspec
import pytest

from writer_app.errors import SaveFailed
from writer_app.story import files, rearranging
from writer_app.story.importing import import_text
from writer_app.story.inspection import SENTENCES, Fault, inspect
from writer_app.story.project import NAME, Facts, Numbering, Project
from writer_app.story.tree import Kind, Section

ZH = "　　他推开门，外面下着雪。\n" * 30
NOVEL = f"楔子\n{ZH}第一章 少年\n{ZH}第二章 出门\n{ZH}第三章 归来\n{ZH}"


@pytest.fixture
def project(tmp_path):
    return import_text(NOVEL, tmp_path / "novel")


def faults(project):
    return [(each.fault, each.item or each.file) for each in inspect(Project.open(project.folder))]


def test_a_sound_project_has_no_faults(project, books, tmp_path):
    assert faults(project) == []
    for name in ("pride-and-prejudice", "hong-lou-meng-1-40", "sherlock-holmes"):
        assert faults(import_text((books / f"{name}.md").read_text("utf-8"), tmp_path / name)) == []


def test_files_that_are_missing_unnamed_or_unreadable_are_found(project):
    one, two, three, _four = project.tree
    project.path(one.file).unlink()
    project.path(two.file).write_bytes(bytes(range(32)) * 99)
    (project.folder / "text" / "left.md").write_text("x", "utf-8")
    (project.folder / "notes").mkdir()
    (project.folder / "notes" / "left.md").write_text("x", "utf-8")
    (project.folder / "text" / ".hidden.md").write_text("x", "utf-8")
    assert faults(project) == [
        (Fault.MISSING, one.id), (Fault.UNREADABLE, two.id), (Fault.UNNAMED, "text/left.md"), (Fault.UNNAMED, "notes/left.md"),
    ]  # fmt: skip
    project.path(three.file).unlink()
    project.path(three.file).symlink_to(project.folder.parent / "secret.md")
    assert (Fault.UNREADABLE, three.id) in faults(project)


def test_headings_that_disagree_with_the_place_are_found(project):
    chapters = [item.id for item in project.tree if item.numbered]
    rearranging.keep(project, project.tree.move([chapters[2]], Section.TEXT, "", chapters[0]))
    found = inspect(project)
    assert [(each.fault, each.item, each.number) for each in found] == [
        (Fault.NUMBER, chapters[2], 1), (Fault.NUMBER, chapters[0], 2), (Fault.NUMBER, chapters[1], 3),
    ]  # fmt: skip
    assert found[0].what == "第三章 归来"
    project.facts = Facts(numbering=Numbering())
    project.save()
    assert faults(project) == []


def test_what_items_refer_to_and_what_they_are_called(project):
    one, two, three, four = project.tree
    project.tree = (
        project.tree.replace(one.id, title="")
        .replace(two.id, pinned=(four.id, "lizzy", "nobody"))
        .replace(three.id, status="gone")
        .replace(four.id, title="a\nb")
    )
    project.save()
    (project.folder / "bible").mkdir()
    (project.folder / "bible" / "lizzy.toml").write_text('name = "Elizabeth"', "utf-8")
    assert faults(project) == [
        (Fault.TITLE, one.id),
        (Fault.PIN, two.id),
        (Fault.STATE, three.id),
        (Fault.TITLE, four.id),
    ]
    assert inspect(project)[1].what == "nobody"


def test_the_bible_is_looked_over(project):
    folder = project.folder / "bible"
    folder.mkdir()
    item = project.tree.items[1].id
    (folder / "a.toml").write_text(
        f'name = "A"\nopened = "gone"\nfacts = [{{text = "x", since = "{item}", until = "lost", known_by = ["b", "c"]}}]\n'
        'relations = [{to = "d"}, {to = "b"}]',
        "utf-8",
    )
    (folder / "b.toml").write_text('name = "B"', "utf-8")
    (folder / "broken.toml").write_text("name = ", "utf-8")
    (folder / "other.toml").write_text("name = 3", "utf-8")
    (folder / "binary.toml").write_bytes(b"\xff\xfe\x00" * 9)
    found = [(each.fault, each.file, each.what) for each in inspect(project)]
    assert [each[:2] for each in found[:3]] == [
        (Fault.BIBLE, f"bible/{name}.toml") for name in ("binary", "broken", "other")
    ]
    assert [each[2] for each in found[3:]] == ["gone", "lost", "d", "c"]


def test_what_a_broken_split_or_merge_leaves_is_found(project, monkeypatch):
    chapters = [item.id for item in project.tree if item.numbered]
    real, count = files.write, 0

    def refuse(*arguments):
        nonlocal count
        count += 1
        if count > 2:
            raise SaveFailed(path="", reason="full")
        return real(*arguments)

    monkeypatch.setattr(files, "write", refuse)
    with pytest.raises(SaveFailed):
        rearranging.split(project, chapters[0], 60)
    monkeypatch.undo()
    assert (Fault.TWICE, chapters[0]) in faults(project)


def test_an_outline_summaries_and_texts_in_folders_are_looked_at_too(project):
    folder = project.folder
    (folder / "outline.toml").write_text("nodes = [", "utf-8")
    (folder / "continuity.toml").write_text("intended = 3", "utf-8")
    for inside in ("summaries", "bible"):
        (folder / inside).mkdir(exist_ok=True)
        (folder / inside / "loop.toml").symlink_to("loop.toml")
    (folder / "text" / "old").mkdir()
    (folder / "text" / "old" / "draft.md").write_text("x", "utf-8")
    found = [(each.fault, each.file) for each in inspect(project)]
    assert found == [
        (Fault.UNNAMED, "text/old/draft.md"),
        (Fault.BIBLE, "bible/loop.toml"),
        (Fault.FILE, "summaries/loop.toml"),
        (Fault.FILE, "outline.toml"),
        (Fault.FILE, "continuity.toml"),
    ]


def test_every_fault_has_a_sentence_that_can_be_filled(project):
    assert set(SENTENCES) == set(Fault)
    problem = {"title": "t", "file": "f", "what": "w", "number": 3}
    assert all(each.format(**problem) for each in SENTENCES.values())


def test_names_that_differ_in_case_only_are_pointed_out(project):
    item = rearranging.add(project, Kind.NOTE, "A", Section.NOTES)
    (project.folder / "notes" / "a.md").write_text("", "utf-8")
    note = msgspec.structs.replace(item, id="x", file="notes/a.md", section=Section.NOTES)
    project.tree = project.tree.insert(note, Section.NOTES)
    project.save()
    assert faults(project) == [(Fault.ALIKE, "x")]
    assert (project.folder / NAME).is_file()
