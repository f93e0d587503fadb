"""The tree of a project in the story panel."""

import msgspec
import pytest
from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt
from PySide6.QtTest import QTest

from tests.ui.projects import novel
from writer_app.story.project import Label
from writer_app.story.tree import Section
from writer_app.ui.panels.project_model import Role


@pytest.fixture
def window(make_program, tmp_path, qtbot):
    book = novel(tmp_path / "boat")
    window = make_program(book.path("text/fog.md")).desk.windows[0]
    qtbot.waitUntil(lambda: window.session.book.binder.current == "fog")
    return window


@pytest.fixture
def tree(window):
    return window.story.tree


def titles(tree, parent=None):
    """What is shown, a row a line, deeper rows indented."""
    parent = parent or QModelIndex()
    lines = []
    for row in range(tree.rows.rowCount(parent)):
        index = tree.rows.index(row, 0, parent)
        lines.append(index.data())
        lines += ["  " + each for each in titles(tree, index)]
    return lines


def choose(tree, item, *others):
    flag = QItemSelectionModel.SelectionFlag
    tree.selectionModel().setCurrentIndex(tree.rows.index_of(item), flag.ClearAndSelect)
    for each in others:
        tree.selectionModel().select(tree.rows.index_of(each), flag.Select)


def test_sections_chapters_and_notes_are_shown_and_how_long_they_are(tree, window, qtbot):
    assert titles(tree) == [
        "Manuscript",
        "  Volume one",
        "    Fog",
        "    Oars",
        "    Lamp",
        "Notes",
        "  Names",
        "Trash",
        "  Old",
    ]
    qtbot.waitUntil(lambda: tree.rows.index_of("one").data(Role.COUNT) == "8")
    window.session.page.insertPlainText("one two three ")
    qtbot.waitUntil(lambda: tree.rows.index_of("fog").data(Role.COUNT) == "5")
    assert window.story.total.text() == "11 words in the manuscript"


def test_a_click_shows_the_text_and_a_choice_of_several_does_not(tree, window, qtbot):
    at = tree.visualRect(tree.rows.index_of("oars")).center()
    qtbot.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=at)
    qtbot.waitUntil(lambda: window.session.book.binder.current == "oars")
    at = tree.visualRect(tree.rows.index_of("lamp")).center()
    qtbot.mouseClick(
        tree.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, at
    )
    assert [item.id for item in tree.chosen()] == ["oars", "lamp"]
    assert window.session.book.binder.current == "oars"


def test_keys_move_trash_rename_and_take_back(tree, window, qtbot):
    tree.setFocus()
    choose(tree, "lamp")
    qtbot.keyClick(tree, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert titles(tree)[2:5] == ["    Fog", "    Lamp", "    Oars"]
    assert [item.id for item in tree.chosen()] == ["lamp"]
    qtbot.keyClick(tree, Qt.Key.Key_Delete)
    assert window.session.book.binder.tree["lamp"].section is Section.TRASH
    qtbot.keyClick(tree, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(tree, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert titles(tree)[2:5] == ["    Fog", "    Oars", "    Lamp"]
    assert tree.rows.setData(tree.rows.index_of("fog"), " Mist ")
    assert titles(tree)[2] == "    Mist"


def test_undo_in_the_tree_is_not_that_of_the_page(tree, window, qtbot):
    window.session.page.insertPlainText("Thick ")
    qtbot.waitActive(window)
    tree.setFocus()
    window.session.book.binder.move(["lamp"], Section.TEXT, "one", "fog")
    # As a key comes from the system: shortcuts of the window are asked first.
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert titles(tree)[2:5] == ["    Fog", "    Oars", "    Lamp"]
    assert window.session.document.text.startswith("Thick ")


def test_dropping_asks_for_the_move_and_a_scene_takes_nothing_in(tree, window):
    rows = tree.rows
    dragged = rows.mimeData([rows.index_of("lamp")])
    volume = rows.index_of("one")
    rows.dropMimeData(dragged, Qt.DropAction.MoveAction, 0, 0, volume)
    assert titles(tree)[2:5] == ["    Lamp", "    Fog", "    Oars"]
    assert not rows.flags(rows.index_of("old")) & Qt.ItemFlag.ItemIsDropEnabled
    # Into itself: nothing happens.
    rows.dropMimeData(
        rows.mimeData([volume]), Qt.DropAction.MoveAction, -1, 0, rows.index_of("fog")
    )
    assert titles(tree)[1:5] == ["  Volume one", "    Lamp", "    Fog", "    Oars"]


def test_what_is_closed_stays_closed_and_the_menu_says_what_can_be_done(tree, window):
    tree.collapse(tree.rows.index_of("one"))
    window.session.book.binder.change("names", title="People")
    assert not tree.isExpanded(tree.rows.index_of("one"))
    choose(tree, "old")
    enabled = {each.text() for each in tree.open_menu().actions() if each.isEnabled()}
    assert "Back into the manuscript" in enabled
    assert "Into the trash" not in enabled


def test_a_label_of_several_is_one_step_and_stands_at_their_rows(tree, window):
    binder = window.session.book.binder
    project, anna = binder.project, Label("anna", "Anna", "#6a5a9e")
    project.set_facts(msgspec.structs.replace(project.facts, labels=(anna,)))
    choose(tree, "fog", "lamp")
    labels = next(each for each in tree.open_menu().actions() if each.text() == "Label").menu()
    labels.actions()[1].trigger()
    rows = tree.rows
    assert [rows.index_of(each).data(Role.STRIPE) for each in ("fog", "oars")] == ["#6a5a9e", ""]
    assert rows.index_of("fog").data(Qt.ItemDataRole.ToolTipRole).startswith("Anna")
    assert rows.index_of("lamp").data(Role.STRIPE) == "#6a5a9e"
    project.undo()
    assert [item.label for item in project.tree.branch("one")] == ["", "", "", ""]


def test_the_card_keeps_what_is_typed_into_it(tree, window, qtbot):
    card = window.story.card
    choose(tree, "oars")
    card.synopsis.setPlainText("They drift.")
    card.target.setValue(800)
    choose(tree, "lamp")  # before the pause is over
    item = window.session.book.binder.tree["oars"]
    assert (item.synopsis, item.target) == ("They drift.", 800)
    assert card.synopsis.toPlainText() == ""


def test_a_text_by_itself_shows_its_headings(make_program, tmp_path, qtbot):
    (tmp_path / "alone.md").write_text("# One\n\nx\n")
    story = make_program(tmp_path / "alone.md").desk.windows[0].story
    assert story.kinds.isHidden()
    qtbot.waitUntil(lambda: story.list.count() == 1)
    assert story.list.isVisible()
