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
    qtbot.waitUntil(lambda: session.book.binder.current == "fog")
    return session


def on_disk(book):
    return Project.open(book.folder).tree


def test_a_text_knows_its_project_and_goes_to_the_next_text_in_the_same_window(
    session, program_windows, qtbot
):
    binder = session.book.binder
    assert binder.project.title == "The Boat"
    binder.step(1)
    qtbot.waitUntil(lambda: binder.current == "oars")
    assert session.document.text == "No oars at all.\n"
    assert len(program_windows()) == 1
    binder.go("fog")
    qtbot.waitUntil(lambda: binder.current == "fog")


def test_what_she_wrote_is_saved_before_another_text_comes(session, book, qtbot):
    session.page.insertPlainText("Thick ")
    session.book.binder.go("lamp")
    qtbot.waitUntil(lambda: session.book.binder.current == "lamp")
    assert book.path("text/fog.md").read_text() == "Thick Fog lay.\n"


def test_a_text_that_cannot_be_saved_stays_on_the_page(session, book, qtbot):
    session.page.insertPlainText("Thick ")
    book.path("text/fog.md").write_text("Theirs")
    with qtbot.waitSignal(session.noticed):
        session.book.binder.go("lamp")
    qtbot.waitUntil(lambda: not session.filing.is_saving)
    assert session.book.binder.current == "fog"
    assert session.document.text == "Thick Fog lay.\n"


def test_moving_a_chapter_touches_the_project_file_alone_and_can_be_taken_back(
    session, book, qtbot
):
    texts = sorted((book.folder / "text").iterdir())
    before = [each.stat().st_mtime_ns for each in texts]
    session.book.binder.move(["lamp"], Section.TEXT, "one", "fog")
    assert [item.id for item in session.book.binder.tree.manuscript] == ["lamp", "fog", "oars"]
    qtbot.waitUntil(lambda: on_disk(book).manuscript[0].id == "lamp")
    assert [each.stat().st_mtime_ns for each in texts] == before
    session.book.binder.project.undo()
    qtbot.waitUntil(lambda: on_disk(book) == book.tree)
    session.book.binder.project.redo()
    assert [item.id for item in session.book.binder.tree.manuscript] == ["lamp", "fog", "oars"]


def test_a_new_scene_stands_behind_the_chapter_and_is_on_the_page(session, book, qtbot):
    session.book.binder.add(Kind.CHAPTER, "Shore", "fog")
    qtbot.waitUntil(lambda: session.book.binder.item and session.book.binder.item.title == "Shore")
    assert [item.title for item in session.book.binder.tree.manuscript] == [
        "Fog",
        "Shore",
        "Oars",
        "Lamp",
    ]
    assert session.document.path == book.folder / "text" / "Shore.md"


def test_a_project_file_that_another_program_has_written_is_asked_about(session, book, qtbot):
    (book.folder / NAME).write_text((book.folder / NAME).read_text() + "\n# theirs\n")
    with qtbot.waitSignal(session.noticed) as said:
        session.book.binder.change("fog", title="Mist")
    said.args[0].actions[1].run()
    qtbot.waitUntil(lambda: on_disk(book)["fog"].title == "Mist")
    (book.folder / NAME).write_text(book.as_toml())
    with qtbot.waitSignal(session.noticed) as said:
        session.book.binder.change("fog", title="Haze")
    said.args[0].actions[0].run()
    qtbot.waitUntil(lambda: session.book.binder.tree["fog"].title == "Fog")


def test_a_new_project_begins_with_an_empty_chapter(session, tmp_path, qtbot):
    session.book.binder.found("Two: a story?", tmp_path)
    qtbot.waitUntil(lambda: session.book.binder.project.title == "Two: a story?")
    assert (tmp_path / "Two a story" / NAME).is_file()
    assert session.document.text == ""
    with qtbot.waitSignal(session.noticed) as said:
        session.book.binder.found("Two: a story?", tmp_path)
    assert "already" in said.args[0].text


def test_what_is_changed_last_is_on_the_disk_at_the_end(make_program, book, qtbot):
    program = make_program(book.path("text/fog.md"))
    session = program.desk.windows[0].session
    qtbot.waitUntil(lambda: session.book.binder.current == "fog")
    for title in ("Mist", "Haze", "Smoke"):
        session.book.binder.change("fog", title=title)
    program.services.projects.finish(5)
    assert on_disk(book)["fog"].title == "Smoke"


def shown_together(session, qtbot, *items):
    session.book.binder.go(*items)
    qtbot.waitUntil(lambda: session.book.binder.together == items)


def test_several_texts_stand_on_one_page_and_each_change_goes_into_its_own_file(
    session, book, qtbot
):
    shown_together(session, qtbot, "fog", "oars", "lamp")
    assert session.document.text == "Fog lay.\nNo oars at all.\nThe lamp.\n"
    session.page.set_caret(session.document.text.index("at all"))
    session.page.insertPlainText("left ")
    session.page.set_caret(0)
    session.page.insertPlainText("The ")
    assert session.state.is_changed
    assert session.state.title == "3 texts"
    with qtbot.waitSignal(session.filing.saved):
        session.save()
    assert not session.state.is_changed
    texts = [book.path(f"text/{name}.md").read_text() for name in ("fog", "oars", "lamp")]
    assert texts == ["The Fog lay.\n", "No oars left at all.\n", "The lamp.\n"]
    session.undo()
    session.undo()
    assert session.document.text == "Fog lay.\nNo oars at all.\nThe lamp.\n"


def test_from_one_text_to_several_and_back_what_was_done_can_still_be_undone(session, book, qtbot):
    session.page.insertPlainText("Thick ")
    shown_together(session, qtbot, "fog", "oars")
    assert session.document.text.startswith("Thick Fog lay.")
    session.page.insertPlainText("Very ")
    session.book.binder.go("fog")
    qtbot.waitUntil(lambda: session.book.binder.current == "fog")
    assert session.document.text == "Very Thick Fog lay.\n"
    assert session.document.read_only is None
    session.undo()
    session.undo()
    assert session.document.text == "Fog lay.\n"


def test_a_volume_shows_all_its_chapters_and_the_next_text_follows_the_last(session, qtbot):
    session.book.binder.go("one")
    qtbot.waitUntil(lambda: session.book.binder.together == ("fog", "oars", "lamp"))
    shown_together(session, qtbot, "fog", "oars")
    session.book.binder.step(1)
    qtbot.waitUntil(lambda: session.book.binder.current == "lamp")


def test_what_is_not_saved_of_several_texts_is_offered_for_each_after_a_crash(
    session, book, qtbot, places
):
    shown_together(session, qtbot, "fog", "oars")
    session.page.insertPlainText("Thick ")
    assert session.services.journal.flush(5)
    logs = sorted((places.state / "journal").iterdir())
    assert sum(b"Thick " in each.read_bytes() for each in logs if each.is_file()) == 1


def test_where_one_of_several_cannot_be_read_the_page_stays(session, book, qtbot):
    book.path("text/oars.md").unlink()
    with qtbot.waitSignal(session.noticed):
        session.book.binder.go("fog", "oars")
    qtbot.waitUntil(lambda: session.document.read_only is None)
    assert session.document.text == "Fog lay.\n"


def test_where_all_files_are_gone_the_text_stays_and_can_be_saved(session, book, qtbot):
    path = book.path("text/fog.md")
    path.unlink()
    book.path("text/oars.md").unlink()
    session.book.binder.go("fog", "oars")
    qtbot.waitUntil(lambda: session.state.is_changed)
    session.page.insertPlainText("Thick.")
    with qtbot.waitSignal(session.filing.saved):
        session.save()
    assert path.read_text() == "Fog lay.\nThick."


@pytest.fixture
def program_windows(session):
    desk = session.parent()
    return lambda: desk.windows
