"""Who wrote what, over the page: shown when asked for, right after every edit, and gone again."""

import pytest
from PySide6.QtGui import QGuiApplication

from writer_app.ui.session.session import AUTHORS_KEY


@pytest.fixture
def mixed(session, engine):
    """Typed, then continued by the model over a line end, then pasted."""
    session.page.insertPlainText("Typed here.")
    session.continue_text()
    engine.write_all(" Said one.\n\nSaid two.")
    engine.finish(None)
    session.accept()
    QGuiApplication.clipboard().setText(" Pasted.")
    session.page.paste()
    return session


def tinted(session):
    """What lies under each of the tints."""
    page = session.page
    layers = page._tints._layers
    return {
        name: [each.cursor.selectedText() for each in layers.get(f"authors.{name}", [])]
        for name in ("model", "edited", "pasted")
    }


NOTHING = {"model": [], "edited": [], "pasted": []}


def test_nothing_is_tinted_until_it_is_asked_for(mixed):
    assert tinted(mixed) == NOTHING


def test_text_of_the_model_and_pasted_text_are_tinted_and_said_in_numbers(mixed, window):
    mixed.toggle_authors()
    assert tinted(mixed) == {
        "model": [" Said one.", "Said two."],
        "edited": [],
        "pasted": [" Pasted."],
    }
    (notice,) = [each for each in window.notices.notices if each.key == AUTHORS_KEY]
    assert "Typed 28 %" in notice.text
    mixed.toggle_authors()
    assert tinted(mixed) == NOTHING
    assert window.notices.notices == []


def test_an_edit_inside_what_the_model_wrote_shows_at_once(mixed, qtbot):
    mixed.toggle_authors()
    mixed.page.set_caret(len("Typed here. Said"))
    mixed.page.insertPlainText(" only")
    qtbot.waitUntil(lambda: tinted(mixed)["model"] == [])
    assert tinted(mixed)["edited"] == [" Said", " one.", "Said two."]
    mixed.undo()
    qtbot.waitUntil(lambda: tinted(mixed)["model"] == [" Said one.", "Said two."])


def test_another_document_begins_without_it(mixed, tmp_path):
    mixed.toggle_authors()
    path = tmp_path / "a.md"
    path.write_text("text", "utf-8")
    mixed.open(path)
    assert not mixed.authorship.is_on
    assert tinted(mixed) == NOTHING
