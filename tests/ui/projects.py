"""A small project on the disk, for tests of the window."""

from pathlib import Path

from writer_app.story.project import Facts, Project, State
from writer_app.story.tree import Item, Kind, Section, Tree


def novel(folder: Path) -> Project:
    """A volume with three chapters, a note, and something in the trash."""
    folder.mkdir(parents=True)
    facts = Facts(title="The Boat", language="en", states=(State("done", "Done", "#2e6b57"),))
    project = Project(folder.resolve(), facts)
    items = [Item(id="one", kind=Kind.VOLUME, title="Volume one")]
    for name, text in (
        ("fog", "Fog lay.\n"),
        ("oars", "No oars at all.\n"),
        ("lamp", "The lamp.\n"),
    ):
        file = project.create(name, text)
        items.append(Item(id=name, kind=Kind.CHAPTER, depth=1, title=name.title(), file=file))
    note = project.create("names", "Anna", Project.NOTES)
    items.append(Item(id="names", kind=Kind.NOTE, section=Section.NOTES, title="Names", file=note))
    old = project.create("old", "Once.")
    items.append(Item(id="old", kind=Kind.SCENE, section=Section.TRASH, title="Old", file=old))
    project.tree = Tree(tuple(items))
    project.save()
    return project
