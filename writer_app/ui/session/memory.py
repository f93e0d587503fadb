"""What the program remembers from one start to the next, apart from settings: files, carets, wishes.

It is a convenience: a damaged file is an empty memory, and a failing disk costs only the memory.
"""

import contextlib
from pathlib import Path

import msgspec

from writer_app.assets import private
from writer_app.story import atomic

MOST_RECENT = 15
MOST_NOTES = 30
MOST_CARETS = 200


class Remembered(msgspec.Struct):
    """The contents of the file.

    Attributes:
        recent: Paths opened or saved, the latest first.
        open: Paths that were open at the end, in the order of their windows.
        carets: Where the caret stood in each file, code points.
        notes: What the writer wanted to happen next, the latest first.
        instructions: What she wanted to become of passages, likewise.
        beside: What was shown beside the page, by the folders of projects.
        geometry: Place and size of the last window, as Qt writes it, in hex.
        splitter: Widths of the panels, likewise.
    """

    recent: list[str] = []
    open: list[str] = []
    carets: dict[str, int] = {}
    notes: list[str] = []
    instructions: list[str] = []
    beside: dict[str, str] = {}
    geometry: str = ""
    splitter: str = ""


class Memory:
    """The memory in ``folder``, saved when :meth:`save` is called."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "memory.json"
        self.values = Remembered()
        with contextlib.suppress(OSError, msgspec.MsgspecError):
            self.values = msgspec.json.decode(self.path.read_bytes(), type=Remembered)

    def note_file(self, path: Path) -> None:
        """Put ``path`` at the head of the recent files."""
        self.values.recent = _at_head(str(path), self.values.recent, MOST_RECENT)

    def forget_file(self, path: Path) -> None:
        """Take a file that is gone from the list."""
        self.values.recent = [each for each in self.values.recent if each != str(path)]

    def note_wish(self, note: str) -> None:
        """Remember what the writer wanted to happen next."""
        if note.strip():
            self.values.notes = _at_head(note.strip(), self.values.notes, MOST_NOTES)

    def note_instruction(self, words: str) -> None:
        """Remember what the writer wanted to become of a passage."""
        if words.strip():
            self.values.instructions = _at_head(words.strip(), self.values.instructions, MOST_NOTES)

    def note_caret(self, path: Path, offset: int) -> None:
        """Remember where the caret stands in a file."""
        carets = self.values.carets
        carets.pop(str(path), None)
        carets[str(path)] = offset
        while len(carets) > MOST_CARETS:
            del carets[next(iter(carets))]

    def caret(self, path: Path) -> int:
        """Where the caret stood in ``path`` last, 0 for a file not seen before."""
        return self.values.carets.get(str(path), 0)

    def save(self) -> None:
        """Write the memory; a failure is not worth a sentence."""
        with contextlib.suppress(OSError):
            private(self.path.parent)
            data = msgspec.json.format(msgspec.json.encode(self.values))
            with atomic.written_beside(self.path, data, None, rights=0o600) as temporary:
                temporary.replace(self.path)


def _at_head(item: str, items: list[str], most: int) -> list[str]:
    return [item, *(each for each in items if each != item)][:most]
