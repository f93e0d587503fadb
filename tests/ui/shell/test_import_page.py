"""A manuscript becomes a project, after it was shown how it would be cut."""

import pytest

from tests.story.foreign import docx, paragraph
from writer_app.story.project import NAME, Project
from writer_app.story.tree import Kind
from writer_app.ui.session.state import Wish
from writer_app.ui.shell.import_page import ImportPage

BOOK = "# Part One\n\n## Fog\n\nFog lay.\n\n* * *\n\nThen rain.\n\n## Lamp\n\nThe lamp.\n"


def rows(page):
    return [
        tuple(page.table.item(row, column).text().strip() for column in range(3))
        for row in range(page.table.rowCount())
    ]


@pytest.fixture
def window(make_program, tmp_path):
    (tmp_path / "book.md").write_text(BOOK)
    return make_program(tmp_path / "book.md").desk.windows[0]


def test_the_text_that_is_open_is_cut_and_made_a_project(window, tmp_path, qtbot):
    window.fulfil(Wish.MAKE_PROJECT)
    page = window.findChild(ImportPage)
    qtbot.waitUntil(lambda: page.table.rowCount() == 3)
    assert rows(page)[1] == ("Fog", "Chapter", "5")
    assert page.told.text().startswith("1 volume · 2 chapters · ")
    page.scenes.setChecked(True)
    qtbot.waitUntil(lambda: "2 scenes" in page.told.text())
    page.scenes.setChecked(False)
    qtbot.waitUntil(lambda: "scenes" not in page.told.text())
    page.title.setText("The: Boat")
    assert not (tmp_path / "The Boat").exists()
    page.making.click()
    binder = window.session.book.binder
    qtbot.waitUntil(lambda: binder.project is not None and binder.project.title == "The: Boat")
    made = Project.open(tmp_path / "The Boat")
    texts = [made.path(item.file).read_text() for item in made.tree.manuscript]
    assert "".join(texts) == BOOK == (tmp_path / "book.md").read_text()
    assert [item.title for item in made.tree if item.kind is Kind.CHAPTER] == ["Fog", "Lamp"]


def test_what_is_there_already_is_not_written_over(window, tmp_path, qtbot):
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "mine.txt").write_text("mine")
    window.fulfil(Wish.MAKE_PROJECT)
    page = window.findChild(ImportPage)
    qtbot.waitUntil(page.making.isEnabled)
    page.making.click()
    qtbot.waitUntil(lambda: "is not an empty folder" in page.told.text())
    assert not (tmp_path / "book" / NAME).exists()
    page.title.setText("Another")
    page.making.click()
    qtbot.waitUntil((tmp_path / "Another" / NAME).is_file)


def test_a_document_of_a_word_processor_and_one_that_is_none(window, tmp_path, qtbot, monkeypatch):
    source = tmp_path / "novel.docx"
    source.write_bytes(docx(paragraph("Chapter 1") + paragraph("Fog lay.")))
    monkeypatch.setattr("writer_app.ui.shell.window.ask_manuscript", lambda *_a: source)
    window.fulfil(Wish.IMPORT)
    page = window.findChild(ImportPage)
    qtbot.waitUntil(lambda: page.table.rowCount() > 0, timeout=20_000)
    assert page.title.text() == "novel"
    page.close()
    source.write_bytes(b"PK no document")
    window.fulfil(Wish.IMPORT)
    page = window.findChildren(ImportPage)[-1]
    qtbot.waitUntil(lambda: "damaged" in page.told.text(), timeout=20_000)
    assert not page.making.isEnabled()
