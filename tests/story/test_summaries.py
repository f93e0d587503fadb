import pytest

from writer_app.errors import OutsideProject, ProjectDamaged
from writer_app.story import summaries
from writer_app.story.project import Project
from writer_app.story.summaries import Summary, fingerprint
from writer_app.story.tree import Item, Kind, Section, Tree


def scene(name, depth=0, section=Section.TEXT):
    return Item(id=name, kind=Kind.SCENE, file=f"text/{name}.md", depth=depth, section=section)


TREE = Tree(
    (
        scene("foreword", section=Section.FRONT),
        Item(id="v", kind=Kind.VOLUME),
        Item(id="c1", kind=Kind.CHAPTER, depth=1),
        scene("a", 2),
        scene("b", 2),
        Item(id="empty", kind=Kind.CHAPTER, depth=1),
        Item(id="c2", kind=Kind.CHAPTER, depth=1, file="text/c2.md"),
        scene("loose"),
        scene("note", section=Section.NOTES),
    )
)


def ids(items):
    return [item.id for item in items]


def test_a_chapter_is_summed_up_with_its_scenes_and_a_text_in_none_by_itself():
    assert ids(summaries.chapters(TREE)) == ["foreword", "c1", "c2", "loose"]
    assert ids(summaries.earlier(TREE, "b")) == ["foreword"]
    assert ids(summaries.earlier(TREE, "loose")) == ["foreword", "c1", "c2"]
    assert summaries.text_of(TREE, "c1", lambda item: f" {item.id}.\n") == "a.\n\nb."


def test_a_summary_is_known_again_and_stale_when_its_chapter_has_changed(tmp_path):
    project = Project(tmp_path, tree=TREE)
    made = Summary(id="c1", text="第一章。\n“They meet.”", made_from=fingerprint("It rained."))
    summaries.save(project, made)
    summaries.save(project, Summary(id="c1", text=made.text, made_from=made.made_from, model="M"))
    found, problems = summaries.load(project)
    assert (found["c1"].text, found["c1"].model, problems) == (made.text, "M", [])
    assert not found["c1"].is_stale("It rained.\n")
    assert found["c1"].is_stale("It rained. Still.")


def test_a_file_that_is_no_summary_costs_only_itself(tmp_path):
    project = Project(tmp_path, tree=TREE)
    summaries.save(project, Summary(id="c1", text="They meet."))
    folder = tmp_path / "summaries"
    for name, text in (("c2", "text = 3"), ("broken", "["), ("NOT-AN-ID", 'text = ""')):
        (folder / f"{name}.toml").write_text(text)
    found, problems = summaries.load(project)
    assert list(found) == ["c1"]
    assert [type(each) for each in problems] == [ProjectDamaged] * 3


def test_a_folder_that_leads_out_of_the_project_is_not_written_to(tmp_path):
    folder, outside = tmp_path / "novel", tmp_path / "outside"
    folder.mkdir()
    outside.mkdir()
    (folder / "summaries").symlink_to(outside)
    with pytest.raises(OutsideProject):
        summaries.save(Project(folder.resolve()), Summary(id="c1", text="x"))
    assert not list(outside.iterdir())
