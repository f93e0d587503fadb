"""A scene is written into its own file while the writer is elsewhere."""

import pytest

from tests.ui.projects import novel
from writer_app.story.tree import Beat


@pytest.fixture
def book(tmp_path):
    return novel(tmp_path / "boat")


@pytest.fixture
def session(make_program, book, qtbot):
    session = make_program(book.path("text/fog.md")).desk.windows[0].session
    qtbot.waitUntil(lambda: session.book.binder.current == "fog")
    session.book.binder.change(
        "lamp",
        beats=(Beat("She climbs."), Beat("The lamp goes out.")),
        target=200,
        synopsis="Night.",
    )
    return session


@pytest.fixture
def engine(session):
    return session.services.turns._engine


def drafted(book):
    return book.path("text/lamp.md").read_text()


def test_a_scene_is_drafted_beat_by_beat_and_saved_while_another_text_is_on_the_page(
    session, book, engine, qtbot
):
    session.book.scenes.draft("lamp")
    qtbot.waitUntil(lambda: len(engine.asks) == 1)
    ask = engine.asks[0]
    assert (ask.note, ask.text) == ("She climbs.", "The lamp.\n")
    outline = next(each.text for each in ask.compiled.told if each.id == "outline")
    assert outline.startswith("In this scene: Night.")
    assert ask.manuscript[0].endswith("Fog lay.\n\n***\n\nNo oars at all.\n\n***\n\nThe lamp.\n")
    engine.write("Up she went.")
    session.page.insertPlainText("Here I write. ")
    engine.finish()
    qtbot.waitUntil(lambda: len(engine.asks) == 2)
    assert engine.asks[1].note == "The lamp goes out."
    assert [beat.done for beat in session.book.binder.tree["lamp"].beats] == [True, False]
    engine.write("It went dark.")
    engine.finish()
    qtbot.waitUntil(lambda: session.book.scenes.drafting is None)
    assert drafted(book) == "The lamp.\nUp she went.\n\nIt went dark.\n\n"
    assert session.document.text.startswith("Here I write. Fog")


def test_what_she_asks_for_on_her_page_goes_first_and_the_draft_goes_on_after_it(
    session, book, engine, qtbot
):
    session.book.scenes.draft("lamp")
    qtbot.waitUntil(lambda: len(engine.asks) == 1)
    engine.write("Up she")
    session.continue_text()
    qtbot.waitUntil(lambda: len(engine.asks) == 2)
    assert engine.asks[1].text == "Fog lay.\n"
    engine.finish()
    session.book.scenes.drafting._wait.setInterval(10)
    session.book.scenes.drafting._wait.start()
    qtbot.waitUntil(lambda: len(engine.asks) == 3)
    assert engine.asks[2].note == "She climbs."
    assert "The lamp.\nUp she" in engine.asks[2].text


def test_stopping_keeps_and_saves_what_is_written(session, book, engine, qtbot):
    session.book.scenes.draft("lamp")
    qtbot.waitUntil(lambda: len(engine.asks) == 1)
    engine.write("Up she went.")
    session.book.scenes.drafting.stop()
    qtbot.waitUntil(lambda: session.book.scenes.drafting is None)
    assert drafted(book) == "The lamp.\nUp she went.\n\n"


def test_going_to_the_scene_that_is_drafted_shows_it_and_it_can_be_undone_there(
    session, book, engine, qtbot
):
    session.book.scenes.draft("lamp")
    qtbot.waitUntil(lambda: len(engine.asks) == 1)
    engine.write("Up she went.")
    session.book.binder.go("lamp")
    qtbot.waitUntil(lambda: session.book.binder.current == "lamp")
    assert session.document.read_only is None
    assert "Up she went." in session.document.text
    session.undo()
    assert session.document.text == "The lamp.\n"


def test_the_scene_on_the_page_is_written_there(session, engine, qtbot):
    session.book.binder.change("fog", beats=(Beat("A boat comes."),))
    session.book.scenes.draft("fog")
    qtbot.waitUntil(lambda: len(engine.asks) == 1)
    assert engine.asks[0].note == "A boat comes."
    engine.write("A boat came.")
    engine.finish()
    assert "A boat came." in session.document.text


def test_a_model_that_writes_nothing_is_not_asked_for_ever(session, engine, qtbot):
    session.book.scenes.draft("lamp")
    for number in (1, 2):
        qtbot.waitUntil(lambda number=number: len(engine.asks) == number)
        engine.finish()
    qtbot.waitUntil(lambda: session.book.scenes.drafting is None)
    assert len(engine.asks) == 2


def test_a_draft_whose_file_cannot_be_written_is_named_until_it_can(session, book, engine, qtbot):
    file = book.path("text/lamp.md")
    session.book.scenes.draft("lamp")
    qtbot.waitUntil(lambda: len(engine.asks) == 1)
    engine.write("Up she went.")
    file.chmod(0o444)
    session.book.scenes.drafting.stop()
    qtbot.waitUntil(lambda: session.book.scenes.drafting is None)
    session.page.insertPlainText("Here I write. ")
    with qtbot.waitSignal(session.filing.saved):
        session.save()
    notices = session.parent().windows[0].notices.notices
    assert not any("is drafted" in each.text for each in notices)
    (said,) = (each for each in notices if each.text.startswith("“lamp.md”: "))
    file.chmod(0o644)
    said.actions[0].run()
    qtbot.waitUntil(lambda: drafted(book) == "The lamp.\nUp she went.\n\n")
