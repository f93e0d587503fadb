"""Pasting what another program has formatted: rebuilt as Markdown, from a short list of what may come through."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication

from writer_app.story.changes import Origin
from writer_app.text.rebuild import rebuilt
from writer_app.ui.editor import keys

if TYPE_CHECKING:
    from writer_app.ui.editor.page import Page

#: Characters of HTML that are looked at, and tags in it: a novel. More is pasted plain, since the window waits.
#: How deep they nest is no measure: paragraphs that are never closed nest too.
_MOST, _MOST_TAGS = 3_000_000, 60_000


def formatted() -> str:
    """The HTML on the clipboard; empty where there is none, or where it only stands for files."""
    # None where nothing was ever copied, whatever the binding's own types say.
    data: QMimeData | None = QGuiApplication.clipboard().mimeData()
    return data.html() if data and data.hasHtml() and not keys.files_in(data) else ""


def paste_formatted(page: "Page") -> None:
    """Paste with headings, emphasis, lists, quotations and links, as one undo step.

    Plain where there are none; and where there is too much of them, which the page tells.
    """
    source = formatted()
    if len(source) > _MOST or source.count("<") > _MOST_TAGS:
        page.paste()
        page.formatting_lost.emit()
        return
    # Cleaned before: what is taken away later would leave marks behind that nobody has escaped.
    text = rebuilt(keys.clean(source))
    if not text:
        page.paste()
        return
    start, end = page.selection
    page.replace_span(start, end, text, Origin.PASTED)
    page.set_caret(start + len(text))
