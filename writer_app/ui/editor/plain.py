"""Foreign words in widgets: shown as they are written, and never loading anything.

Qt takes a text for HTML where it looks like it, in labels and tooltips, and then opens the files that it names,
``file:`` and ``//host/share`` included.
"""

import html

from PySide6.QtCore import QByteArray
from PySide6.QtGui import QColor, QImage, QTextDocument
from PySide6.QtGui import Qt as GuiQt


def no_resource(kind: int) -> QImage | QByteArray:
    """What a text widget is to answer whatever it is asked to load.

    Not nothing: then Qt looks for a file of that name itself, for a picture even twice.
    """
    if kind == QTextDocument.ResourceType.ImageResource.value:
        empty = QImage(1, 1, QImage.Format.Format_ARGB32)
        empty.fill(QColor(0, 0, 0, 0))
        return empty
    return QByteArray(b" ")


def tip(text: str) -> str:
    """``text`` for a tooltip, to be read as it is written."""
    if not GuiQt.mightBeRichText(text):
        return text
    return f'<p style="white-space: pre-wrap">{html.escape(text)}</p>'
