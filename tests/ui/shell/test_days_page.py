"""How much was written on which day, towards the goal of the day."""

import pytest

from tests.ui.projects import novel
from writer_app.story.project import Project
from writer_app.ui.session.state import Wish
from writer_app.ui.shell.days_page import DaysPage


@pytest.fixture
def book(tmp_path):
    return novel(tmp_path / "boat")


@pytest.fixture
def window(make_program, book, qtbot):
    window = make_program(book.path("text/fog.md")).desk.windows[0]
    qtbot.waitUntil(lambda: window.session.book.binder.current == "fog")
    return window


@pytest.fixture
def page(window):
    window.fulfil(Wish.DAYS)
    return window.findChild(DaysPage)


def test_the_goal_belongs_to_the_project_and_what_is_typed_counts_towards_it(
    window, page, book, qtbot
):
    page.goal.setValue(4)
    window.session.book.binder.change("fog", target=20)
    window.session.page.insertPlainText("Thick grey wet ")
    status = window.statusBar()
    qtbot.waitUntil(lambda: status.today.text() == "3 of 4 words today")
    assert status.today.toolTip().startswith("Today 3 words typed, 0 pasted, 0 from the model.")
    qtbot.waitUntil(lambda: status.today.toolTip().endswith("This text has 5 of 20 words."))
    qtbot.waitUntil(lambda: Project.open(book.folder).facts.goal == 4)
    window.session.page.insertPlainText("cold ")
    qtbot.waitUntil(lambda: "1 day in a row" in page.row.text())


def test_text_of_the_model_is_counted_apart(window, page, program, qtbot):
    engine = program.engine
    window.session.continue_text()
    engine.write_all(" and more of it")
    engine.finish(None)
    window.session.accept()
    qtbot.waitUntil(lambda: "4 from the model" in page.today.text())
    assert page.today.text().startswith("Today 0 words typed")


@pytest.fixture
def program(window):
    return window.session.parent().parent()


def test_days_are_kept_from_text_to_text_and_over_the_end_of_the_program(
    make_program, window, page, book, qtbot
):
    session = window.session
    session.page.insertPlainText("One two ")
    session.book.binder.go("oars")
    qtbot.waitUntil(lambda: session.book.binder.current == "oars")
    session.page.insertPlainText("three ")
    qtbot.waitUntil(lambda: session.book.today.written.typed == 3)
    page.as_table.setChecked(True)
    assert page.table.isVisible()
    qtbot.waitUntil(lambda: page.table.item(0, 1).text() == "3")
    assert [page.table.item(0, column).text() for column in (2, 3)] == ["0", "0"]
    session.save()
    qtbot.waitUntil(lambda: not session.document.is_changed)
    window.close()
    session.services.diary.finish()
    again = make_program(book.path("text/fog.md")).desk.windows[0]
    qtbot.waitUntil(lambda: again.session.book.today.written.typed == 3)
