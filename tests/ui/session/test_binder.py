"""A text that belongs to a project: going from one to the next, and putting the tree in order."""

import pytest

from tests.ui.projects import novel
from writer_app.story.project import NAME, Project
from writer_app.story.tree import Kind, Section


@pytest.fixture
def book(tmp_path):
    return novel(tmp_path / "boat")


@pytest.fixture
def session(make_program, book, qtbot):
    session = make_program(book.path("text/fog.md")).desk.windows[0].session
    qtbot.waitUntil(lambda: session.binder.current == "fog")
    return session


def on_disk(book):
    return Project.open(book.folder).tree


def test_a_text_knows_its_project_and_goes_to_the_next_text_in_the_same_window(
    session, program_windows, qtbot
):
    binder = session.binder
    assert binder.project.title == "The Boat"
    binder.step(1)
    qtbot.waitUntil(lambda: binder.current == "oars")
    assert session.document.text == "No oars at all.\n"
    assert len(program_windows()) == 1
    binder.go("fog")
    qtbot.waitUntil(lambda: binder.current == "fog")


def test_what_she_wrote_is_saved_before_another_text_comes(session, book, qtbot):
    session.page.insertPlainText("Thick ")
    session.binder.go("lamp")
    qtbot.waitUntil(lambda: session.binder.current == "lamp")
    assert book.path("text/fog.md").read_text() == "Thick Fog lay.\n"


def test_a_text_that_cannot_be_saved_stays_on_the_page(session, book, qtbot):
    session.page.insertPlainText("Thick ")
    book.path("text/fog.md").write_text("Theirs")
    with qtbot.waitSignal(session.noticed):
        session.binder.go("lamp")
    qtbot.waitUntil(lambda: not session.filing.is_saving)
    assert session.binder.current == "fog"
    assert session.document.text == "Thick Fog lay.\n"


def test_moving_a_chapter_touches_the_project_file_alone_and_can_be_taken_back(
    session, book, qtbot
):
    texts = sorted((book.folder / "text").iterdir())
    before = [each.stat().st_mtime_ns for each in texts]
    session.binder.move(["lamp"], Section.TEXT, "one", "fog")
    assert [item.id for item in session.binder.tree.manuscript] == ["lamp", "fog", "oars"]
    qtbot.waitUntil(lambda: on_disk(book).manuscript[0].id == "lamp")
    assert [each.stat().st_mtime_ns for each in texts] == before
    session.binder.project.undo()
    qtbot.waitUntil(lambda: on_disk(book) == book.tree)
    session.binder.project.redo()
    assert [item.id for item in session.binder.tree.manuscript] == ["lamp", "fog", "oars"]


def test_a_new_scene_stands_behind_the_chapter_and_is_on_the_page(session, book, qtbot):
    session.binder.add(Kind.CHAPTER, "Shore", "fog")
    qtbot.waitUntil(lambda: session.binder.item and session.binder.item.title == "Shore")
    assert [item.title for item in session.binder.tree.manuscript] == [
        "Fog",
        "Shore",
        "Oars",
        "Lamp",
    ]
    assert session.document.path == book.folder / "text" / "Shore.md"


def test_a_project_file_that_another_program_has_written_is_asked_about(session, book, qtbot):
    (book.folder / NAME).write_text((book.folder / NAME).read_text() + "\n# theirs\n")
    with qtbot.waitSignal(session.noticed) as said:
        session.binder.change("fog", title="Mist")
    said.args[0].actions[1].run()
    qtbot.waitUntil(lambda: on_disk(book)["fog"].title == "Mist")
    (book.folder / NAME).write_text(book.as_toml())
    with qtbot.waitSignal(session.noticed) as said:
        session.binder.change("fog", title="Haze")
    said.args[0].actions[0].run()
    qtbot.waitUntil(lambda: session.binder.tree["fog"].title == "Fog")


def test_a_new_project_begins_with_an_empty_chapter(session, tmp_path, qtbot):
    session.binder.found("Two: a story?", tmp_path)
    qtbot.waitUntil(lambda: session.binder.project.title == "Two: a story?")
    assert (tmp_path / "Two a story" / NAME).is_file()
    assert session.document.text == ""
    with qtbot.waitSignal(session.noticed) as said:
        session.binder.found("Two: a story?", tmp_path)
    assert "already" in said.args[0].text


def test_what_is_changed_last_is_on_the_disk_at_the_end(make_program, book, qtbot):
    program = make_program(book.path("text/fog.md"))
    session = program.desk.windows[0].session
    qtbot.waitUntil(lambda: session.binder.current == "fog")
    for title in ("Mist", "Haze", "Smoke"):
        session.binder.change("fog", title=title)
    program.services.projects.finish(5)
    assert on_disk(book)["fog"].title == "Smoke"


@pytest.fixture
def program_windows(session):
    desk = session.parent()
    return lambda: desk.windows
