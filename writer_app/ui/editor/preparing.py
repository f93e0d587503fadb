"""A page's document made ahead, on another thread: a whole book takes a quarter of a second and more."""

from typing import NamedTuple

from PySide6.QtCore import QThread
from PySide6.QtGui import QTextDocument

from writer_app.ui.editor.formats import Formats
from writer_app.ui.editor.highlight import build
from writer_app.ui.editor.pieces import Pieces


class Ready(NamedTuple):
    """What :func:`prepare` has made of a text."""

    text: str
    formats: Formats
    document: QTextDocument
    pieces: Pieces


def prepare(text: str, formats: Formats, thread: QThread) -> Ready:
    """Build the document and hand it over to ``thread``; it has no layout yet, so that no other is concerned."""
    document, pieces = build(text, formats)
    document.moveToThread(thread)
    return Ready(text, formats, document, pieces)
