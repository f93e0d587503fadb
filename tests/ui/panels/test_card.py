"""What is typed beside the page, on cards and into the writer's voice, stays as she types it."""

import pytest
from PySide6.QtTest import QTest

from tests.ui.projects import novel
from writer_app.story.project import Project
from writer_app.ui.panels.card import Card
from writer_app.ui.panels.voice import VoicePanel
from writer_app.ui.session.state import Wish


@pytest.fixture
def book(tmp_path):
    return novel(tmp_path / "boat")


@pytest.fixture
def window(make_program, book, qtbot):
    window = make_program(book.path("text/fog.md")).desk.windows[0]
    qtbot.waitUntil(lambda: window.session.book.binder.current == "fog")
    window.fulfil(Wish.PROJECT)
    return window


def test_after_a_pause_behind_a_space_writing_goes_on_there(window, qtbot):
    synopsis = window.findChild(Card).synopsis
    memory = window.findChild(VoicePanel).fields["memory"]
    project = window.session.book.binder.project
    for field in (synopsis, memory):
        QTest.keyClicks(field, "It is ")
    qtbot.waitUntil(lambda: project.tree["fog"].synopsis == project.facts.style.memory == "It is")
    for field in (synopsis, memory):
        QTest.keyClicks(field, "thick")
        assert field.toPlainText() == "It is thick"


def test_what_is_typed_last_into_a_card_and_a_premise_is_kept_when_the_window_closes(window, book):
    QTest.keyClicks(window.findChild(Card).synopsis, "It is thick")
    services = window.session.services
    window.fulfil(Wish.OUTLINE_PANEL)
    QTest.keyClicks(window.outline.premise, "A boat")
    window.close()
    services.projects.finish(5)
    assert Project.open(book.folder).tree["fog"].synopsis == "It is thick"
    assert "A boat" in (book.folder / "outline.toml").read_text()
