"""What is shown beside the page."""

import msgspec
import pytest
from PySide6.QtCore import QItemSelectionModel
from PySide6.QtGui import QColor, QImage

from tests.ui.projects import novel
from writer_app.story.bible import Entry, Fact
from writer_app.story.project import Project
from writer_app.story.snapshots import Snapshot, Why
from writer_app.ui.session.beside import What


@pytest.fixture
def book(tmp_path):
    return novel(tmp_path / "boat")


@pytest.fixture
def window(make_program, book, qtbot):
    window = make_program(book.path("text/fog.md")).desk.windows[0]
    qtbot.waitUntil(lambda: window.session.book.binder.current == "fog")
    return window


@pytest.fixture
def pane(window):
    return window.beside_page


@pytest.fixture
def beside(window):
    return window.session.book.beside


def noted(book, item):
    """What the project on the disk has noted beside an item; ``None`` without a file."""
    project = Project.open(book.folder)
    file = project.tree[item].notes
    return project.path(file).read_text("utf-8") if file else None


def test_another_text_is_read_beside_the_page_and_edited_in_its_own_window(
    window, pane, beside, qtbot
):
    assert not pane.isVisible()
    tree = window.story.tree
    flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
    tree.selectionModel().setCurrentIndex(tree.rows.index_of("oars"), flag)
    menu = {action.text(): action for action in tree.open_menu().actions()}
    menu["Show beside the page"].trigger()
    qtbot.waitUntil(pane.isVisible)
    assert (pane.title.text(), pane.text.toPlainText()) == ("Oars", "No oars at all.\n")
    assert pane.text.isReadOnly()
    assert window.session.book.binder.current == "fog"
    with qtbot.waitSignal(window.session.files_wanted) as asked:
        pane.editing.click()
    assert [path.endswith("oars.md") for path in asked.args[0]] == [True]


def test_notes_get_a_file_with_the_first_key_and_follow_her_from_text_to_text(
    window, pane, beside, book, qtbot
):
    beside.show_notes()
    qtbot.waitUntil(pane.isVisible)
    assert not (book.folder / "notes" / "Fog.md").exists()
    pane.notes.insertPlainText("Why\u00a0fog?")
    qtbot.waitUntil(lambda: noted(book, "fog") == "Why\u00a0fog?")
    pane.notes.insertPlainText(" Cold.")
    window.session.book.binder.go("oars")  # before the pause is over
    qtbot.waitUntil(lambda: noted(book, "fog") == "Why\u00a0fog? Cold.")
    qtbot.waitUntil(lambda: pane.title.text() == "Notes: Oars")
    assert pane.notes.toPlainText() == ""


def test_only_notes_that_are_ticked_are_told_to_the_model(window, pane, beside, qtbot):
    beside.show_notes()
    qtbot.waitUntil(pane.isVisible)
    assert not pane.told.isChecked()
    pane.told.click()
    assert window.session.book.binder.tree["fog"].pinned == ("fog",)
    window.session.book.binder.project.undo()
    assert not pane.told.isChecked()


def test_notes_that_another_program_has_written_are_asked_about(window, pane, beside, book, qtbot):
    beside.show_notes()
    qtbot.waitUntil(pane.isVisible)
    pane.notes.insertPlainText("Mine")
    qtbot.waitUntil(lambda: noted(book, "fog") == "Mine")
    (book.folder / "notes" / "Fog.md").write_text("Theirs")
    with qtbot.waitSignal(window.session.noticed) as said:
        pane.notes.insertPlainText(" too")
    keep, overwrite = said.args[0].actions
    overwrite.run()
    qtbot.waitUntil(lambda: noted(book, "fog") == "Mine too")
    keep.run()
    assert pane.notes.toPlainText() == "Mine too"


def test_what_is_typed_last_is_on_the_disk_when_the_window_closes(
    window, pane, beside, book, qtbot
):
    beside.show_notes()
    qtbot.waitUntil(pane.isVisible)
    pane.notes.insertPlainText("Quick")
    window.close()
    assert (book.folder / "notes" / "Fog.md").read_text() == "Quick"


def test_only_pictures_of_the_project_are_shown(window, pane, beside, book, tmp_path, qtbot):
    image = QImage(40, 30, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    for path in (book.folder / "map.png", tmp_path / "outside.png"):
        assert image.save(str(path))
    (book.folder / "false.png").write_text("no picture")
    beside.show_picture(book.folder / "map.png")
    qtbot.waitUntil(pane.isVisible)
    assert (beside.shown.what, beside.shown.key) == (What.PICTURE, "map.png")
    for path in (tmp_path / "outside.png", book.folder / "false.png"):
        with qtbot.waitSignal(window.session.noticed):
            beside.show_picture(path)
    assert beside.shown.key == "map.png"


def test_an_entry_of_the_bible_is_shown_as_it_is_now(window, pane, book, qtbot):
    entries = window.session.book.binder.project.entries
    qtbot.waitUntil(lambda: entries.is_read)
    anna = Entry(
        id="anna", name="Anna", description="Rows.", facts=(Fact(attribute="eyes", value="grey"),)
    )
    entries.put(anna)
    window.bible.open("anna")
    window.bible.editor.beside_button.click()
    qtbot.waitUntil(pane.isVisible)
    assert pane.text.toPlainText() == "Rows.\n\neyes: grey"
    entries.put(msgspec.structs.replace(anna, description="Rows no more."))
    assert pane.text.toPlainText().startswith("Rows no more.")


def test_what_was_shown_is_shown_again_next_time(make_program, book, qtbot):
    first = make_program(book.path("text/fog.md")).desk.windows[0]
    qtbot.waitUntil(lambda: first.session.book.binder.current == "fog")
    first.session.book.beside.show_item("lamp")
    qtbot.waitUntil(first.beside_page.isVisible)
    first.session.book.beside.show_version(Snapshot(1, 0.0, Why.SAVE, "", 3), "then", "Old.")
    assert first.beside_page.text.toPlainText() == "Old."
    first.close()
    first.session.services.memory.save()
    again = make_program(book.path("text/oars.md")).desk.windows[0]
    qtbot.waitUntil(lambda: again.beside_page.title.text() == "Lamp")
    again.session.book.beside.close()
    assert not again.beside_page.isVisible()


def test_notes_that_could_not_be_written_are_asked_about_and_kept_though_she_goes_on(
    window, pane, beside, book, qtbot
):
    beside.show_notes()
    qtbot.waitUntil(pane.isVisible)
    pane.notes.insertPlainText("Mine")
    qtbot.waitUntil(lambda: noted(book, "fog") == "Mine")
    file = book.folder / "notes" / "Fog.md"
    file.chmod(0o444)
    with qtbot.waitSignal(window.session.noticed):
        pane.notes.insertPlainText(" too")
    window.session.book.binder.go("oars")
    qtbot.waitUntil(lambda: pane.title.text() == "Notes: Oars")
    assert not window.leaving.may_leave()
    assert window.notices.notices[-1].text.startswith("“Notes: Fog” has changes")
    window.leaving.leave_without()
    assert (book.folder / "notes" / "Fog 2.md").read_text() == "Mine too"
