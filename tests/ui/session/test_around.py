"""What the project says around the text in the window."""

import pytest
from msgspec import structs

from tests.ui.projects import novel
from writer_app.craft.gathering import from_disk
from writer_app.story.project import Project, Style


@pytest.fixture
def book(tmp_path):
    book = novel(tmp_path / "boat")
    book.tree = book.tree.replace("oars", synopsis="They row.").replace("lamp", synopsis="Dark.")
    book.save()
    return book


@pytest.fixture
def session(make_program, book, qtbot):
    session = make_program(book.path("text/oars.md")).desk.windows[0].session
    qtbot.waitUntil(lambda: session.book.around.now is not None)
    return session


def test_what_is_asked_is_asked_with_what_is_around(session, qtbot):
    session.services.turns._engine.load()
    session.continue_text()
    ask = session.services.turns._engine.asks[-1]
    assert ask.around.here == "oars"
    assert ask.around.before == "Fog lay."
    assert [each.id for each in ask.compiled.told] == ["outline", "after"]


def test_another_text_has_something_else_around_it_and_one_by_itself_nothing(
    session, qtbot, tmp_path
):
    session.book.binder.go("lamp")
    qtbot.waitUntil(
        lambda: session.book.around.now is not None and session.book.around.now.here == "lamp"
    )
    assert session.book.around.now.before == "Fog lay.\n\n***\n\nNo oars at all."
    loose = tmp_path / "loose.md"
    loose.write_text("It rained.")
    session.filing.open(loose)
    assert session.book.around.now is None


def test_a_change_of_the_project_is_told_at_once(session, qtbot):
    project = session.book.binder.project
    project.set_facts(structs.replace(project.facts, style=Style(memory="A river.")))
    qtbot.waitUntil(lambda: session.book.around.now.style.memory == "A river.")
    session.book.binder.change("oars", synopsis="They swim.")
    qtbot.waitUntil(lambda: session.book.around.now.item.synopsis == "They swim.")


def test_what_is_muted_or_pinned_stays_so_with_the_project(session, book, qtbot):
    session.book.around.toggle_mute("outline")
    assert session.book.around.now.mutes == {"outline"}
    session.book.binder.go("lamp")
    qtbot.waitUntil(
        lambda: session.book.around.now is not None and session.book.around.now.here == "lamp"
    )
    assert session.book.around.now.mutes == {"outline"}
    session.book.around.toggle_mute("outline")
    session.book.around.toggle_mute("after")
    session.book.around.toggle_pin("entry:anna")
    assert session.book.around.now.mutes == {"after"}
    qtbot.waitUntil(lambda: Project.open(book.folder).facts.pins == ("entry:anna",))
    # The command line and drafts that go on by themselves read it there too.
    found, _problems = from_disk(Project.open(book.folder), "oars")
    assert (found.mutes, found.pins) == ({"after"}, {"entry:anna"})


def test_of_several_texts_on_one_page_the_scene_is_that_of_the_caret(session, qtbot):
    session.book.binder.go("oars", "lamp")
    qtbot.waitUntil(lambda: session.book.binder.together == ("oars", "lamp"))
    qtbot.waitUntil(
        lambda: session.book.around.now is not None and session.book.around.now.here == "oars"
    )
    assert session.book.around.now.before == "Fog lay."
    session.page.set_caret(session.document.length)
    qtbot.waitUntil(lambda: session.book.around.now.here == "lamp")
    assert session.book.around.now.before == "Fog lay."
