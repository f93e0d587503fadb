"""Pasting what another program has formatted: rebuilt as Markdown, from a short list of what may come through."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication

from writer_app.story.changes import Origin
from writer_app.text.rebuild import rebuilt
from writer_app.ui.editor import keys

if TYPE_CHECKING:
    from writer_app.ui.editor.page import Page

#: Characters of HTML that are looked at, a book or two; more is pasted plain.
_MOST = 4_000_000


def formatted() -> str:
    """The HTML on the clipboard; empty where there is none, or where it only stands for files."""
    # None where nothing was ever copied, whatever the binding's own types say.
    data: QMimeData | None = QGuiApplication.clipboard().mimeData()
    return data.html() if data and data.hasHtml() and not keys.files_in(data) else ""


def paste_formatted(page: "Page") -> None:
    """Paste with headings, emphasis, lists, quotations and links, as one undo step; plain where there are none."""
    source = formatted()
    # Cleaned before: what is taken away later would leave marks behind that nobody has escaped.
    text = rebuilt(keys.clean(source)) if len(source) <= _MOST else ""
    if not text:
        page.paste()
        return
    start, end = page.selection
    page.replace_span(start, end, text, Origin.PASTED)
    page.set_caret(start + len(text))
