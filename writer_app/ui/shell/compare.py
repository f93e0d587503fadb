"""What a recovered text has that its file has not: a window with the changed paragraphs, word by word."""

import html
import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import chain

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QTextBrowser, QVBoxLayout, QWidget

from writer_app.language import _, ngettext, number
from writer_app.ui.panels.widgets import button, label
from writer_app.ui.shell.theme import Theme

_WORDS = re.compile(r"[\u3400-\u9fff]|\w+|\s+|.", re.DOTALL)
_AROUND = 1
#: Longer changes are shown whole, not word by word: comparing them would take seconds.
_MOST_WORDS = 4_000


class Comparison(QDialog):
    """Shows two texts as one, what is gone struck out and what is new underlined."""

    def __init__(self, title: str, old: str, new: str, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setModal(False)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        view = QTextBrowser()
        view.setAccessibleName(title)
        view.setHtml(as_html(old, new, theme))
        layout = QVBoxLayout(self)
        layout.addWidget(
            label(_("Struck out: only in the file. Underlined: only in the recovered text."))
        )
        layout.addWidget(view)
        layout.addWidget(
            button(_("Close"), self.close, hint="Esc"), alignment=Qt.AlignmentFlag.AlignRight
        )
        self.resize(680, 520)


def as_html(old: str, new: str, theme: Theme) -> str:
    """The paragraphs that differ, with one around each, the rest left out."""
    looks = {
        "gone": f'<s style="color:{theme.problem}">%s</s>',
        "new": f'<u style="color:{theme.accent};background:{theme.fresh}">%s</u>',
        "same": "%s",
        "skip": f'<p style="color:{theme.dim}">%s</p>',
    }
    pieces = (
        looks[kind] % html.escape(text).replace("\n", "<br>") for kind, text in changes(old, new)
    )
    return "".join(pieces)


def changes(old: str, new: str) -> Iterator[tuple[str, str]]:
    """Pieces of both texts in order: ``"same"``, ``"gone"``, ``"new"``, or ``"skip"`` for what is left out."""
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    matcher = SequenceMatcher(None, before, after, autojunk=len(before) > 5_000)
    for group in matcher.get_grouped_opcodes(_AROUND):
        skipped = ngettext("… line {count}", "… line {count}", group[0][3] + 1)
        yield "skip", skipped.format(count=number(group[0][3] + 1))
        for tag, old_start, old_end, new_start, new_end in group:
            gone, come = "".join(before[old_start:old_end]), "".join(after[new_start:new_end])
            yield from [("same", come)] if tag == "equal" else _words(gone, come)


def _words(gone: str, come: str) -> Iterator[tuple[str, str]]:
    before, after = _WORDS.findall(gone), _WORDS.findall(come)
    if len(before) + len(after) > _MOST_WORDS:
        yield from (("gone", gone), ("new", come))
        return
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    pairs = (
        [("same", "".join(after[c:d]))]
        if tag == "equal"
        else [("gone", "".join(before[a:b])), ("new", "".join(after[c:d]))]
        for tag, a, b, c, d in matcher.get_opcodes()
    )
    yield from (pair for pair in chain.from_iterable(pairs) if pair[1])
