"""A page to write on."""

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from writer_app.story.document import Document
from writer_app.ui.editor.page import Page
from writer_app.ui.editor.style import PageStyle


@pytest.fixture
def open_page(qtbot: QtBot) -> Callable[..., Page]:
    """A function that shows a text on a page with the keyboard."""

    def show(text: str, caret: int | None = None, style: PageStyle | None = None) -> Page:
        page = Page(Document(text), style or PageStyle())
        qtbot.addWidget(page)
        page.resize(700, 500)
        page.show()
        page.setFocus()
        page.set_caret(len(text) if caret is None else caret)
        return page

    return show
