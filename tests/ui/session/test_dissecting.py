"""Reading a book that is written: for its outline, or for a method that goes as it goes."""

import pytest

from tests.ui.projects import novel
from writer_app.craft.dissecting import FIELDS
from writer_app.story import dissection

BOOK = (
    "# One\n\nTom went to sea, and it was cold.\n\n# Two\n\nHe came home, and the house was gone."
)
SAID = {"function": " setup\n", "hook": " a danger\n", "pace": " fast\n"}


@pytest.fixture
def dissector(session):
    return session.book.dissector


def read_chapter(engine, number=1):
    for _chapter in range(number):
        for field in FIELDS:
            engine.write(SAID.get(field, " Tom goes to sea and finds nothing there.\n"))
            engine.finish()


def test_what_is_written_becomes_an_outline_as_one_step(session, dissector, engine, qtbot):
    session.page.insertPlainText(BOOK)
    session.book.outline_text()
    qtbot.waitUntil(lambda: bool(engine.asks))
    read_chapter(engine, 2)
    nodes = session.book.outliner.outline.nodes
    assert [each.title for each in nodes] == ["One", "Two"]
    assert nodes[0].summary == "Tom goes to sea and finds nothing there."
    assert nodes[0].children[1].summary == "setup. It ends with a danger; pace: fast; length: 8."
    session.book.outliner.book.undo()
    assert session.book.outliner.outline.nodes == ()
    assert session.document.text == BOOK


def test_a_project_is_read_on_where_it_was_stopped(make_program, tmp_path, qtbot):
    project = novel(tmp_path / "boat")
    program = make_program(project.path("text/fog.md"))
    session, engine = program.desk.windows[0].session, program.engine
    qtbot.waitUntil(lambda: session.book.binder.project is not None)
    session.book.outline_text()
    qtbot.waitUntil(lambda: bool(engine.asks))
    read_chapter(engine)
    kept = project.folder / dissection.NAME
    qtbot.waitUntil(lambda: len(dissection.read(kept)) == 1)
    session.stop()
    qtbot.waitUntil(lambda: engine.phase == "idle")
    asked = len(engine.asks)
    session.book.outline_text()
    qtbot.waitUntil(lambda: len(engine.asks) > asked)
    assert engine.asks[-1].chapter.title == "Oars"
    assert session.book.dissector.done == (1, 3)


def test_another_book_becomes_a_method_and_nothing_else(session, places, engine, qtbot, tmp_path):
    book = tmp_path / "their book.md"
    book.write_text(BOOK, "utf-8")
    session.book.learn_method(book)
    qtbot.waitUntil(lambda: bool(engine.asks))
    read_chapter(engine, 2)
    folder = places.recipes[1] / "outline"
    qtbot.waitUntil(lambda: any(folder.glob("like-*.toml")))
    made = next(folder.glob("like-*.toml")).read_text("utf-8")
    assert "setup" in made
    assert "Tom" not in made
    assert session.book.outliner.outline.nodes == ()
    assert book.read_text("utf-8") == BOOK


def test_a_book_without_words_is_refused_with_a_sentence(session, window, engine, tmp_path, qtbot):
    book = tmp_path / "empty.md"
    book.write_text("\n", "utf-8")
    session.book.learn_method(book)
    qtbot.waitUntil(lambda: bool(window.notices.notices))
    assert not session.book.dissector.is_running
    assert engine.asks == []
