"""The board: a card for each text of the book, in the order of the tree."""

import time

import msgspec
import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtWidgets import QPlainTextEdit

from tests.ui.projects import novel
from writer_app.story.project import Label
from writer_app.story.tree import Beat, Item, Kind, Section, Tree
from writer_app.ui.panels.board_model import BoardModel, CardRole, Row, landing, rows_of
from writer_app.ui.panels.project_model import Shown
from writer_app.ui.session.state import Wish
from writer_app.ui.shell.board_page import BoardPage


@pytest.fixture
def window(make_program, tmp_path, qtbot):
    book = novel(tmp_path / "boat")
    window = make_program(book.path("text/fog.md")).desk.windows[0]
    qtbot.waitUntil(lambda: window.session.book.binder.current == "fog")
    return window


@pytest.fixture
def page(window):
    window.fulfil(Wish.BOARD)
    return window.findChild(BoardPage)


@pytest.fixture
def board(page):
    return page.board


def lines(rows):
    """A row a line, headings with as many ``#`` as they are deep."""
    return [
        "#" * (row.heading + 1) + (row.item.id if row.item else f"/{row.section.value}")
        for row in rows
    ]


def choose(board, item):
    flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
    board.selectionModel().setCurrentIndex(board.cards.index_of(item), flag)


def item(name, kind=Kind.CHAPTER, depth=0, **more):
    return Item(id=name, kind=kind, depth=depth, file=f"text/{name}.md", **more)


MIXED = Tree(
    (
        item("preface", Kind.NOTE, section=Section.FRONT),
        item("a"),
        item("a1", Kind.SCENE, 1),
        item("a2", Kind.SCENE, 1),
        item("b"),
    )
)


def test_what_holds_others_is_a_heading_and_what_has_a_text_a_card():
    assert lines(rows_of(MIXED)) == ["#/front", "preface", "#a", "a", "a1", "a2", "#b", "b"]
    assert rows_of(Tree()) == []


def test_cards_show_title_length_target_state_and_beats(board, window, qtbot):
    assert lines(board.cards.rows) == ["#one", "fog", "oars", "lamp"]
    beats = (Beat("Anna rows", done=True), Beat("She stops"))
    window.session.book.binder.change(
        "oars", synopsis="They drift.", beats=beats, target=16, status="done"
    )
    qtbot.waitUntil(lambda: window.session.book.binder.project.counts.get("oars", (0, 0))[0] == 4)
    index = board.cards.index_of("oars")
    shown = [index.data(role) for role in (CardRole.LENGTH, CardRole.BEATS, CardRole.SHARE)]
    assert shown == ["4 of 16 words", "1 of 2 beats", 0.25]
    assert index.data(CardRole.COLOUR) == "#2e6b57"
    spoken = index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Oars. They drift.. 4 of 16 words. 1 of 2 beats"


def test_the_cards_of_one_label_are_shown_alone(page, board, window):
    binder = window.session.book.binder
    anna = Label("anna", "Anna", "#6a5a9e")
    binder.project.set_facts(msgspec.structs.replace(binder.project.facts, labels=(anna,)))
    binder.change("fog", "lamp", label="anna")
    index = board.cards.index_of("fog")
    assert (index.data(CardRole.STRIPE), index.data(CardRole.LABEL)) == ("#6a5a9e", "Anna")
    assert [page.only.itemText(at) for at in range(3)] == ["All cards", "Done", "Anna"]
    page.only.setCurrentIndex(2)
    assert lines(board.cards.rows) == ["#one", "fog", "lamp"]
    binder.change("lamp", label="")
    assert lines(board.cards.rows) == ["#one", "fog"]
    page.only.setCurrentIndex(1)
    assert lines(board.cards.rows) == []
    page.only.setCurrentIndex(0)
    assert lines(board.cards.rows) == ["#one", "fog", "oars", "lamp"]


def test_what_is_put_down_lands_where_its_kind_belongs():
    rows = dict(zip(lines(rows_of(MIXED)), rows_of(MIXED), strict=True))
    assert landing(MIXED, Kind.SCENE, rows["#b"]) == (Section.TEXT, "b", "")
    assert landing(MIXED, Kind.SCENE, rows["#a"]) == (Section.TEXT, "a", "a1")
    assert landing(MIXED, Kind.SCENE, rows["a1"]) == (Section.TEXT, "a", "a2")
    assert landing(MIXED, Kind.CHAPTER, rows["a1"]) == (Section.TEXT, "", "b")
    assert landing(MIXED, Kind.NOTE, rows["#/front"]) == (Section.FRONT, "", "preface")


def test_dropping_a_card_asks_for_the_move(board, window):
    cards = board.cards
    dragged = cards.mimeData([cards.index_of("lamp")])
    cards.dropMimeData(dragged, Qt.DropAction.MoveAction, 1, 0, cards.index(-1))
    assert lines(cards.rows) == ["#one", "lamp", "fog", "oars"]


def test_with_the_keyboard_alone_cards_are_moved_written_on_and_gone_to(page, board, window, qtbot):
    binder = window.session.book.binder
    choose(board, "lamp")
    qtbot.keyClick(board, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert lines(board.cards.rows) == ["#one", "fog", "lamp", "oars"]
    assert board.chosen() == ["lamp"]
    qtbot.keyClick(board, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert lines(board.cards.rows) == ["#one", "fog", "oars", "lamp"]
    qtbot.keyClick(board, Qt.Key.Key_F2)
    editor = board.viewport().findChild(QPlainTextEdit)
    editor.setPlainText("It goes out.")
    qtbot.keyClick(editor, Qt.Key.Key_Tab)
    assert binder.tree["lamp"].synopsis == "It goes out."
    choose(board, "lamp")
    qtbot.keyClick(board, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: binder.current == "lamp")
    assert not page.isVisible()


def test_2000_cards_are_moved_at_once(qtbot):
    chapters = (item(f"c{at}", depth=1) for at in range(2000))
    tree = Tree((Item(id="v", kind=Kind.VOLUME, title="One"), *chapters))
    model = BoardModel(lambda *_place: None, lambda *_words: None)
    model.show(Shown(tree))
    start = time.perf_counter()
    model.show(Shown(tree.move(["c1999"], Section.TEXT, "v", "c0")))
    assert model.rows[1] == Row(Section.TEXT, model.shown.tree["c1999"])
    assert time.perf_counter() - start < 1  # 20 ms; a busy machine may take longer
