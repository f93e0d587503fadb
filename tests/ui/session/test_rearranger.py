"""Splitting and joining the texts of a project while one of them is on the page."""

import pytest

from tests.ui.projects import novel
from writer_app.story import lock
from writer_app.story.changes import Origin
from writer_app.story.project import NAME, Project
from writer_app.story.records import Note
from writer_app.story.statement import Counts, WithOpen, gather
from writer_app.story.tree import Kind, Section


@pytest.fixture
def book(tmp_path):
    return novel(tmp_path / "boat")


@pytest.fixture
def session(make_program, book, qtbot):
    session = make_program(book.path("text/fog.md")).desk.windows[0].session
    qtbot.waitUntil(lambda: session.book.binder.current == "fog")
    return session


def texts(book):
    """The manuscript on the disk."""
    project = Project.open(book.folder)
    return [project.read(item) for item in project.tree.manuscript]


def test_the_text_is_split_at_the_caret_with_what_was_not_saved_yet(session, book, qtbot):
    session.page.insertPlainText("Thick. \n\n## Rain\n\n")
    session.book.rearranger.split(9)
    qtbot.waitUntil(lambda: session.document.text == "Thick. \n\n")
    assert texts(book)[:2] == ["Thick. \n\n", "## Rain\n\nFog lay.\n"]
    tree = session.book.binder.tree
    assert [item.title for item in tree.manuscript] == ["Fog", "Rain", "Oars", "Lamp"]
    assert not session.document.is_changed
    assert session.book.binder.current == "fog"
    assert not session.book.binder.project.can_undo


def test_at_the_beginning_there_is_nothing_to_split(session, book, qtbot):
    with qtbot.waitSignal(session.noticed):
        session.book.rearranger.split(0)
    assert len(texts(book)) == 3


@pytest.mark.parametrize("on_page", ["fog", "oars", "lamp"])
def test_a_text_is_joined_with_the_next_whichever_is_on_the_page(session, book, qtbot, on_page):
    session.book.binder.go(on_page)
    qtbot.waitUntil(lambda: session.book.binder.current == on_page)
    session.book.binder.merge_wanted.emit("fog")
    whole = "Fog lay.\n\nNo oars at all.\n"
    qtbot.waitUntil(lambda: texts(book) == [whole, "The lamp.\n"])
    qtbot.waitUntil(lambda: session.book.binder.tree["oars"].section is Section.TRASH)
    if on_page != "lamp":
        qtbot.waitUntil(lambda: session.document.text == whole)
        assert session.book.binder.current == "fog"
    session.book.binder.put_back(["oars"])
    assert [item.id for item in session.book.binder.tree.manuscript] == ["fog", "oars", "lamp"]


def test_a_text_that_cannot_be_saved_is_not_split(session, book, qtbot):
    session.page.insertPlainText("Thick ")
    book.path("text/fog.md").write_text("Theirs")
    with qtbot.waitSignal(session.noticed):
        session.book.rearranger.split(6)
    qtbot.waitUntil(lambda: not session.filing.is_saving)
    assert texts(book)[0] == "Theirs"
    assert session.document.text == "Thick Fog lay.\n"


def test_a_text_that_another_program_has_changed_is_not_split(session, book, qtbot):
    book.path("text/fog.md").write_text("Theirs, quite another one.\n")
    said = []
    session.noticed.connect(said.append)
    session.book.rearranger.split(4)
    qtbot.waitUntil(lambda: bool(said) and said[-1].key == "save")
    assert [each.label for each in said[-1].actions] == ["Keep mine", "Take theirs", "Keep both"]
    assert len(texts(book)) == 3
    assert session.document.text == "Fog lay.\n"


def test_a_text_that_somebody_else_has_open_is_not_split_joined_or_deleted(session, book, qtbot):
    with lock.held([book.path("text/oars.md"), book.path("text/old.md")]):
        for merge in ("fog", "oars"):
            with qtbot.waitSignal(session.noticed) as said:
                session.book.rearranger.merge(merge)
            assert "is open" in said.args[0].text
        with qtbot.waitSignal(session.noticed) as said:
            session.book.rearranger.ask_to_delete(["old"])
        with qtbot.waitSignal(session.noticed):
            said.args[0].actions[0].run()
        assert book.path("text/old.md").exists()
    with lock.held([book.path("text/lamp.md")]):
        session.book.binder.go("lamp")
        qtbot.waitUntil(lambda: session.book.binder.current == "lamp")
        with qtbot.waitSignal(session.noticed) as said:
            session.book.rearranger.split(4)
        assert "is open" in said.args[0].text
    assert len(texts(book)) == 3


def test_what_she_writes_while_a_text_is_split_is_not_thrown_away(session, book, qtbot):
    session.book.rearranger.split(4)
    session.page.insertPlainText("Thick ")
    qtbot.waitUntil(lambda: len(texts(book)) == 4)
    qtbot.waitUntil(lambda: not session.book.binder.project.is_rearranging)
    assert session.document.text == "Thick Fog lay.\n"
    assert session.document.is_changed


def test_a_tree_that_could_not_be_written_is_asked_about_and_written_at_the_end(
    session, book, qtbot
):
    file = book.folder / NAME
    file.chmod(0o444)
    with qtbot.waitSignal(session.noticed) as said:
        session.book.binder.change("fog", synopsis="It is thick.")
    assert said.args[0].text.startswith(f"“{NAME}”: ")
    window = session.services.projects.parent().desk.windows[0]
    assert not window.leaving.may_leave()
    assert window.notices.notices[-1].text.startswith(f"“{NAME}” has changes")
    file.chmod(0o644)
    session.services.projects.finish(5)
    assert Project.open(book.folder).tree["fog"].synopsis == "It is thick."


def test_what_is_in_the_trash_is_deleted_when_she_says_so(session, book, qtbot):
    file = book.path("text/old.md")
    with qtbot.waitSignal(session.noticed) as said:
        session.book.binder.delete_wanted.emit(["old"])
    assert "“Old” and its file" in said.args[0].text
    assert file.exists()
    said.args[0].actions[0].run()
    qtbot.waitUntil(lambda: not file.exists())
    qtbot.waitUntil(lambda: "old" not in session.book.binder.tree)
    assert "old" not in Project.open(book.folder).tree


def test_who_wrote_a_text_stays_known_when_it_is_split_and_joined(session, book, places, qtbot):
    services, document = session.services, session.document

    def counts():
        services.journal.flush(5)
        project = Project.open(book.folder)
        logs = WithOpen(services.history, places.state / "journal")
        return [each.counts for each in gather(project, logs, now=0.0).parts]

    group = document.open_group()
    document.replace(9, 9, "Said so.", origin=Origin.MODEL, group=group, source="r1")
    document.annotate(Note("request", {"id": "r1", "model": "M"}))
    session.book.rearranger.split(9)
    qtbot.waitUntil(lambda: document.text == "Fog lay.\n")
    assert counts()[:2] == [Counts(imported=9), Counts(ai=8)]
    session.book.rearranger.merge("fog")
    qtbot.waitUntil(lambda: document.text == "Fog lay.\n\nSaid so.")
    assert counts()[0] == Counts(imported=9, typed=1, ai=8)
    session.undo()
    assert document.text == "Fog lay.\n"


def test_a_new_text_does_not_go_on_from_one_of_its_name_that_was_deleted(session, book, qtbot):
    session.page.insertPlainText("Thick ")
    session.book.binder.go("oars")
    qtbot.waitUntil(lambda: session.book.binder.current == "oars")
    session.services.journal.flush(5)
    session.book.binder.put_away(["fog"], Section.TRASH)
    with qtbot.waitSignal(session.noticed) as said:
        session.book.rearranger.ask_to_delete(["fog"])
    said.args[0].actions[0].run()
    qtbot.waitUntil(lambda: "fog" not in session.book.binder.tree)
    session.book.binder.add(Kind.CHAPTER, "fog")
    qtbot.waitUntil(lambda: session.document.path == book.path("text/fog.md"))
    assert not session.document.can_undo


def test_what_is_put_away_comes_back_to_its_place(session):
    session.book.binder.put_away(["fog", "oars"], Section.ARCHIVE)
    assert [item.id for item in session.book.binder.tree.manuscript] == ["lamp"]
    session.book.binder.put_back(["oars", "fog"])
    assert [item.id for item in session.book.binder.tree.manuscript] == ["fog", "oars", "lamp"]
