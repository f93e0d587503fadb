"""What a project says of itself, in a window beside the manuscript."""

import pytest
from PySide6.QtCore import Qt

from tests.ui.projects import novel
from writer_app.story.project import Label, Project
from writer_app.ui.session.state import Wish
from writer_app.ui.shell.project_page import ProjectPage


@pytest.fixture
def window(make_program, tmp_path, qtbot):
    book = novel(tmp_path / "boat")
    window = make_program(book.path("text/fog.md")).desk.windows[0]
    qtbot.waitUntil(lambda: window.session.book.binder.current == "fog")
    return window


@pytest.fixture
def page(window):
    window.fulfil(Wish.PROJECT_PAGE)
    return window.findChild(ProjectPage)


def test_chapters_get_the_numbers_of_the_pattern(window, page, qtbot):
    page.chapter.setCurrentText("第{n}章")
    page.numerals.setCurrentIndex(page.numerals.findData("chinese"))
    assert page.example.text() == "第一章 · 第二章 · 第十二章"
    page._keep()
    project = window.session.book.binder.project
    assert project.labels["lamp"] == "第三章"
    assert window.story.tree.rows.index_of("lamp").data() == "第三章 Lamp"
    folder = project.project.folder
    qtbot.waitUntil(lambda: Project.open(folder).facts.numbering.chapter == "第{n}章")


def test_a_new_state_can_be_given_and_one_with_a_date_asks_for_the_day(window, page):
    page.states.add(page.facts().states[0])
    name, _colour, dated = (page.states.table.item(1, column) for column in range(3))
    name.setText("已发")
    name.setData(Qt.ItemDataRole.UserRole, "")
    dated.setCheckState(Qt.CheckState.Checked)
    page._keep()
    binder, card = window.session.book.binder, window.story.card
    done, out = binder.project.facts.states
    assert (done.id, done.title, out.title, out.dated) == ("done", "Done", "已发", True)
    card.state.setCurrentIndex(card.state.findData(out.id))
    card.state.activated.emit(card.state.currentIndex())
    item = binder.tree["fog"]
    assert item.status == out.id
    assert len(item.published) == 10
    card.fold.handle.setChecked(True)
    assert card.published.isVisibleTo(card)
    card.published.setText("2026-02-31")
    card._keep()
    assert binder.tree["fog"].published == item.published
    card.published.setText("2026-02-01")
    card._keep()
    assert binder.tree["fog"].published == "2026-02-01"


def test_labels_are_defined_beside_the_states_and_chosen_on_the_card(window, page, qtbot):
    page.labels.add(Label("", "Anna", "#6a5a9e"))
    page._keep()
    binder, card = window.session.book.binder, window.story.card
    assert binder.project.facts.labels == (Label("label-1", "Anna", "#6a5a9e"),)
    card.label.setCurrentIndex(card.label.findText("Anna"))
    card.label.activated.emit(card.label.currentIndex())
    assert binder.tree["fog"].label == "label-1"
    folder = binder.project.project.folder
    qtbot.waitUntil(lambda: Project.open(folder).tree["fog"].label == "label-1")
    # The last of the list is no label but a way to this page.
    card.label.setCurrentIndex(card.label.count() - 1)
    with qtbot.waitSignal(window.session.wished):
        card.label.activated.emit(card.label.currentIndex())
    assert card.label.currentText() == "Anna"
    assert binder.tree["fog"].label == "label-1"


def test_what_is_not_agreed_to_changes_nothing(window, page):
    before = window.session.book.binder.project.facts
    page.title.setText("Other")
    page.close()
    assert window.session.book.binder.project.facts == before
