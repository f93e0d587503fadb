"""What a key or a piece of clipboard means for the text: small pure questions of the page."""

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QTextCursor

_Key = QKeySequence.StandardKey
_DELETING = (
    _Key.DeleteEndOfLine,
    _Key.DeleteCompleteLine,
    _Key.Cut,
)
_MOVES = frozenset(
    getattr(Qt.Key, f"Key_{name}")
    for name in ("Up", "Down", "Left", "Right", "Home", "End", "PageUp", "PageDown")
)
_RETURNS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_ERASING = (Qt.Key.Key_Backspace, Qt.Key.Key_Delete)
_CONTROL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
#: What is a line break elsewhere, and what Qt keeps for its own frames.
_BREAKS = str.maketrans({"\r": "\n", "\u2029": "\n", "\ufdd0": None, "\ufdd1": None, "\0": None})


def clean(text: str) -> str:
    """``text`` as a manuscript may hold it: LF newlines, whole characters only."""
    text = text.replace("\r\n", "\n").translate(_BREAKS)
    return (
        text
        if text.isascii()
        else text.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")
    )


def utf16_length(text: str) -> int:
    """UTF-16 units in ``text``."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def insert(cursor: QTextCursor, text: str) -> None:
    """Put ``text`` at ``cursor``, replacing what it selects, character for character.

    On its way into Qt a string loses a U+FEFF at its start, and a U+FFFE there swaps the bytes of all that
    follows; behind another character both are safe.
    """
    if not text.startswith(("\ufeff", "\ufffe")):
        cursor.insertText(text)
        return
    cursor.beginEditBlock()
    cursor.insertText("." + text)
    end = cursor.position()
    cursor.setPosition(end - utf16_length(text))
    cursor.deletePreviousChar()
    cursor.setPosition(end - 1)
    cursor.endEditBlock()


def changes_text(event: QKeyEvent) -> bool:
    """Whether this key, in an editor that can be written in, may change text (paste says so itself)."""
    if event.key() in _ERASING or any(event.matches(key) for key in _DELETING):
        return True
    if event.key() in _RETURNS:
        return not event.modifiers() & _CONTROL
    if event.modifiers() in (_CONTROL, _CONTROL | _SHIFT):
        return False
    text = event.text()
    return bool(text) and (
        text == "\t" or text[0].isprintable() or is_half(text) or text[0] > "\x9f"
    )


def is_redo(event: QKeyEvent) -> bool:
    """Ctrl+Y, which is Redo to many writers on every system."""
    return event.key() == Qt.Key.Key_Y and event.modifiers() == _CONTROL


def is_line_break(event: QKeyEvent) -> bool:
    """Shift+Return, where Qt would put U+2028 into the text."""
    return event.key() in _RETURNS and bool(event.modifiers() & _SHIFT)


def moves_caret(event: QKeyEvent) -> bool:
    """Whether this is a key for going about in the text."""
    return event.key() in _MOVES


def is_half(text: str) -> bool:
    """Whether ``text`` is one half of a surrogate pair; some systems send an emoji as two keys."""
    return len(text) == 1 and "\ud800" <= text <= "\udfff"


def join_halves(high: str, low: str) -> str:
    """The character of two halves; the second alone where they do not fit."""
    joined = (high + low).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return joined if len(joined) == 1 and joined != "\ufffd" else low


def files_in(data: QMimeData) -> list[str]:
    """Paths of the local files that ``data`` carries."""
    return [url.toLocalFile() for url in data.urls() if url.isLocalFile()] if data.hasUrls() else []
