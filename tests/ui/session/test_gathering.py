"""Several texts on one page: each has its own troubles, and none of them hides another's."""

import pytest

from tests.ui.projects import novel
from writer_app.story import lock

NAMES = ("fog", "oars", "lamp")


@pytest.fixture
def book(tmp_path):
    return novel(tmp_path / "boat")


@pytest.fixture
def window(make_program, book, qtbot):
    window = make_program(book.path("text/fog.md")).desk.windows[0]
    qtbot.waitUntil(lambda: window.session.book.binder.current == "fog")
    return window


@pytest.fixture
def session(window):
    return window.session


def show_together(session, qtbot):
    session.book.binder.go(*NAMES)
    qtbot.waitUntil(lambda: session.book.binder.together == NAMES)


def texts(book):
    return [book.path(f"text/{name}.md").read_text() for name in NAMES]


def write(session, before, text):
    session.page.set_caret(session.document.text.index(before))
    session.page.insertPlainText(text)


def test_of_texts_that_cannot_be_saved_each_is_named_and_the_others_are_saved(
    session, window, book, qtbot, tmp_path, monkeypatch
):
    show_together(session, qtbot)
    for word in ("Fog", "oars", "lamp"):
        write(session, word, "x")
    for name in ("fog", "oars"):
        book.path(f"text/{name}.md").chmod(0o444)
    session.save()
    qtbot.waitUntil(lambda: not session.filing.is_saving)
    assert texts(book) == ["Fog lay.\n", "No oars at all.\n", "The xlamp.\n"]
    assert session.state.is_changed
    said = window.notices.notices
    assert [each.text.partition(":")[0] for each in said] == ["“fog.md”", "“oars.md”"]
    other = tmp_path / "other.md"
    monkeypatch.setattr("writer_app.ui.shell.window.ask_save", lambda *_asked: other)
    said[0].actions[1].run()
    qtbot.waitUntil(lambda: len(window.notices.notices) == 1)
    book.path("text/oars.md").chmod(0o644)
    with qtbot.waitSignal(session.filing.saved):
        said[1].actions[0].run()
    assert (other.read_text(), texts(book)[1]) == ("xFog lay.\n", "No xoars at all.\n")
    assert window.notices.notices == []


def test_what_another_program_saved_in_one_of_them_comes_onto_the_page_and_is_written_on(
    session, window, book, qtbot
):
    held = lock.acquire(book.path("text/oars.md"))
    show_together(session, qtbot)
    assert [each.key for each in window.notices.notices] == ["elsewhere 1"]
    book.path("text/oars.md").write_text("Theirs.\n")
    session.filing.look_outside()
    qtbot.waitUntil(lambda: window.notices.notices[-1].key == "save 1")
    window.notices.notices[-1].actions[0].run()
    qtbot.waitUntil(lambda: session.document.text == "Fog lay.\nTheirs.\nThe lamp.\n")
    held.release()
    session.filing.look_outside()
    qtbot.waitUntil(lambda: session.document.read_only is None)
    write(session, "Theirs", "Not ")
    with qtbot.waitSignal(session.filing.saved):
        session.save()
    assert texts(book) == ["Fog lay.\n", "Not Theirs.\n", "The lamp.\n"]
