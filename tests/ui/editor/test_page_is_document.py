"""The page's text is the document's text, whatever is done to either: a state machine of random edits."""

import random
import sys

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QDropEvent,
    QInputMethodEvent,
    QKeyEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from writer_app.story.changes import Change, Origin
from writer_app.story.document import Document
from writer_app.ui.editor import pieces
from writer_app.ui.editor.insertion import Insertion
from writer_app.ui.editor.page import Page
from writer_app.ui.editor.style import PageStyle

PIECES = (
    *("a", "word ", "汉字", "，", "😀", "👩‍👩‍👧", "é", "e\u0301", "שלום", "\u00a0", "\u2028", "\t"),
    *("# ", "*x*", "**", "> ", "- ", "```", "<!--", "-->", "***", "[^1]", "`", "_", "\u3000\u3000"),
    *("\n", "\n\n", "\r\n", "\u2029", "\r", "\ufeff", "\ufffc", "\u200f", "\U0010ffff", "\ud800"),
)
KEYS = (
    (Qt.Key.Key_Backspace, Qt.KeyboardModifier.NoModifier),
    (Qt.Key.Key_Delete, Qt.KeyboardModifier.NoModifier),
    (Qt.Key.Key_Backspace, Qt.KeyboardModifier.ControlModifier),
    (Qt.Key.Key_Delete, Qt.KeyboardModifier.ControlModifier),
    (Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier),
    (Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier),
    (Qt.Key.Key_Tab, Qt.KeyboardModifier.NoModifier),
    (Qt.Key.Key_X, Qt.KeyboardModifier.ControlModifier),
    (Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier),
    (Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier),
    (Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier),
    (Qt.Key.Key_Up, Qt.KeyboardModifier.NoModifier),
    (Qt.Key.Key_End, Qt.KeyboardModifier.ShiftModifier),
)
ODD_STYLE = PageStyle(size=11, indent=True)


class Writer:
    """Does random things to a page; ``done`` names them, so that a failure can be read."""

    def __init__(self, page: Page, seed: int) -> None:
        self.page = page
        self.dice = random.Random(seed)
        self.done: list[str] = []
        self.insertion: Insertion | None = None
        self.deeds = (
            *((self.type_text, 20), (self.press, 20), (self.move, 20), (self.paste, 3)),
            *((self.drop, 3), (self.compose, 6), (self.commit, 8), (self.format, 4)),
            *((self.stream, 8), (self.end_stream, 2), (self.undo, 8), (self.redo, 5)),
            *((self.replace, 3), (self.restyle, 0.2), (self.elsewhere, 2)),
        )

    def act(self) -> None:
        deed = self.dice.choices([deed for deed, _ in self.deeds], [n for _, n in self.deeds])[0]
        self.done.append(deed.__name__)
        deed()

    def text(self) -> str:
        return "".join(self.dice.choices(PIECES, k=self.dice.randint(1, 4)))

    def place(self) -> int:
        return self.dice.randint(0, self.page.manuscript.length)

    def type_text(self) -> None:
        for unit in self.text().encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore"):
            if unit not in "\n\r\u2028\u2029":
                event = QKeyEvent(QKeyEvent.Type.KeyPress, 0, Qt.KeyboardModifier(0), unit)
                QApplication.sendEvent(self.page, event)

    def press(self) -> None:
        QTest.keyClick(self.page, *self.dice.choice(KEYS))

    def move(self) -> None:
        if self.dice.random() < 0.7:
            self.page.set_caret(self.place())
        else:
            self.page.select(self.place(), min(self.place(), self.page.caret + 12))

    def paste(self) -> None:
        data = QMimeData()
        data.setText(self.text())
        data.setHtml("<b>never</b>")
        self.page.insertFromMimeData(data)

    def drop(self) -> None:
        data = QMimeData()
        data.setText(self.text())
        place = QPointF(self.dice.randint(0, 500), self.dice.randint(0, 500))
        event = QDropEvent(
            place, Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier(0)
        )
        self.page.dropEvent(event)

    def compose(self) -> None:
        preedit = self.dice.choice(("n", "ni", "你", "😀", ""))
        QApplication.sendEvent(self.page, QInputMethodEvent(preedit, []))

    def commit(self) -> None:
        event = QInputMethodEvent("", [])
        if self.dice.random() < 0.4:
            back = min(self.dice.randint(0, 2), self.page.textCursor().selectionStart())
            event.setCommitString(self.dice.choice(("好", "😀", "x")), -back, min(back, 1))
        else:
            event.setCommitString(self.dice.choice(("你好", "é", "𝒳y")))
        QApplication.sendEvent(self.page, event)

    def format(self) -> None:
        first, last = sorted((self.place(), self.place()))
        cursor = self.page.cursor_at(first, last)
        if self.dice.random() < 0.5:
            look = QTextBlockFormat()
            look.setTopMargin(self.dice.randint(0, 20))
            cursor.mergeBlockFormat(look)
        else:
            tint = QTextCharFormat()
            tint.setBackground(QBrush(QColor("red")))
            cursor.mergeCharFormat(tint)

    def stream(self) -> None:
        self.insertion = self.insertion or Insertion(self.page, self.page.caret)
        text = self.text().encode("utf-8", "ignore").decode()
        text = text.replace("\r", "").replace("\u2029", "\n")
        if self.dice.random() < 0.8:
            self.insertion.add(text)
        else:
            self.insertion.replace(text)
        self.insertion.flush()

    def end_stream(self) -> None:
        if self.insertion:
            self.dice.choice((self.insertion.commit, self.insertion.abandon))()
            self.insertion = None

    def undo(self) -> None:
        self.page.undo_step()

    def redo(self) -> None:
        self.page.redo_step()

    def replace(self) -> None:
        first, last = sorted((self.place(), self.place()))
        self.page.replace_span(first, min(last, first + 5), self.text())

    def elsewhere(self) -> None:
        place = self.place()
        self.page.manuscript.replace(place, place, "又😀\n", origin=Origin.IMPORTED)

    def restyle(self) -> None:
        self.page.apply_style(self.dice.choice((PageStyle(), ODD_STYLE)))


def shown(page: Page) -> str:
    blocks, block = [], page.document().begin()
    while block.isValid():
        goes_on = page.mirror.pieces.goes_on(block.position())
        blocks.append(("" if goes_on or not blocks else "\n") + block.text())
        block = block.next()
    return "".join(blocks)


@pytest.mark.parametrize("longest", [pieces.LONGEST, 24], ids=["whole", "in pieces"])
@pytest.mark.parametrize("edits", [1_000, pytest.param(10_000, marks=pytest.mark.soak)])
@pytest.mark.parametrize("seed", range(4))
def test_page_and_document_hold_one_text_through_random_edits(
    qtbot, monkeypatch, seed, edits, longest
):
    monkeypatch.setattr(pieces, "LONGEST", longest)
    monkeypatch.setattr(pieces, "PIECE", longest // 3)
    start = "## 一 😀\n\nIt was *late*.\n\n“Yes,” she\u00a0said.\u2028Then.\n\n```\ncode\n```\n"
    document = Document(start)
    replayed = start

    def replay(change: Change) -> None:
        nonlocal replayed
        replayed = change.apply(replayed)

    document.subscribe(replay)
    page = Page(document, PageStyle())
    qtbot.addWidget(page)
    page.resize(600, 500)
    page.show()
    writer = Writer(page, seed)
    for _number in range(edits):
        writer.act()
        assert shown(page) == document.text == replayed, writer.done[-3:]
        if document.length > 4000:
            page.replace_span(500, document.length, "")
    QApplication.sendEvent(page, QInputMethodEvent("", []))
    while document.can_undo:
        page.undo_step()
    assert shown(page) == document.text == start
    while document.can_redo:
        page.redo_step()
    assert shown(page) == document.text == replayed


def test_formats_alone_never_enter_the_log(qtbot):
    document = Document("One.\n\nTwo 😀.\n")
    page = Page(document, PageStyle())
    qtbot.addWidget(page)
    cursor = QTextCursor(page.document())
    cursor.select(QTextCursor.SelectionType.Document)
    look = QTextBlockFormat()
    look.setTextIndent(30)
    cursor.mergeBlockFormat(look)
    cursor.mergeCharFormat(QTextCharFormat())
    page.apply_style(ODD_STYLE)
    assert document.revision == 0
    assert not document.can_undo


def test_the_reference_count_of_none_stays_steady_over_a_thousand_inserts(qtbot):
    page = Page(Document(""), PageStyle())
    qtbot.addWidget(page)
    page.show()
    QTest.keyClicks(page, "warm up")
    before = sys.getrefcount(None)
    QTest.keyClicks(page, "ab cd " * 167)
    assert page.manuscript.length > 1000
    assert abs(sys.getrefcount(None) - before) < 200


def test_a_drop_from_the_page_itself_moves_text_in_one_step(qtbot):
    document = Document("alpha beta")
    page = Page(document, PageStyle())
    qtbot.addWidget(page)
    page.resize(600, 400)
    page.show()
    page.select(0, 6)
    data = page.createMimeDataFromSelection()
    end = page.cursorRect(page.cursor_at(document.length)).center() + QPoint(2, 0)
    event = QDropEvent(
        QPointF(end),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    page.dropEvent(event)
    assert document.text == shown(page) == "alpha betaalpha "
    page.undo_step()
    assert document.text == "alpha beta"
