"""What a recovered text has that its file has not: a window with the changed paragraphs, word by word."""

import html
import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import chain

from PySide6.QtCore import QByteArray, Qt, QUrl
from PySide6.QtGui import QFont, QImage
from PySide6.QtWidgets import QDialog, QFrame, QTextBrowser, QVBoxLayout, QWidget

from writer_app.language import _, ngettext, number
from writer_app.ui.editor.plain import no_resource
from writer_app.ui.editor.style import PageColours
from writer_app.ui.panels.widgets import button, label

_WORDS = re.compile(r"[\u3400-\u9fff]|\w+|\s+|.", re.DOTALL)
_AROUND = 1
#: Two books that share nothing would take minutes to compare word by word: pairs of words that one change,
#: and all of them together, may cost. What is beyond is shown whole, and much more than a chapter is not shown.
_MOST_PAIRS = 400_000
_MOST_PAIRS_IN_ALL = 4_000_000
_MOST_SHOWN = 150_000


class ComparisonView(QTextBrowser):
    """Shows marked-up words of the writer's, escaped; it loads nothing and follows nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.setOpenLinks(False)

    def loadResource(self, kind: int, _name: QUrl | str) -> QImage | QByteArray:
        """Nothing in a text is ever loaded."""
        return no_resource(kind)


class Comparison(QDialog):
    """Shows two texts as one, what is gone struck out and what is new underlined.

    Args:
        page: Made by :func:`as_html`, which takes a moment for a book.
    """

    def __init__(self, title: str, page: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setModal(False)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._view = ComparisonView()
        self._view.setFrameShape(QFrame.Shape.NoFrame)
        self._view.document().setDocumentMargin(18)
        self._view.setAccessibleName(title)
        self._view.setHtml(page)
        layout = QVBoxLayout(self)
        layout.addWidget(
            label(_("Struck out: only in the file. Underlined: only in the recovered text."))
        )
        layout.addWidget(self._view)
        layout.addWidget(
            button(_("Close"), self.close, hint="Esc"), alignment=Qt.AlignmentFlag.AlignRight
        )
        self.resize(720, 560)

    def set_font(self, font: QFont) -> None:
        """Show the texts in the manuscript's own face."""
        self._view.document().setDefaultFont(font)


def as_html(old: str, new: str, colours: PageColours) -> str:
    """The paragraphs that differ, with one around each, the rest left out."""
    looks = {
        "gone": f'<s style="color:{colours.problem}">%s</s>',
        "new": f'<u style="color:{colours.accent};background:{colours.fresh}">%s</u>',
        "same": "%s",
        "skip": f'<p style="color:{colours.dim}">%s</p>',
    }
    pieces = (
        looks[kind] % html.escape(text).replace("\n", "<br>") for kind, text in changes(old, new)
    )
    return "".join(pieces)


def changes(old: str, new: str) -> Iterator[tuple[str, str]]:
    """Pieces of both texts in order: ``"same"``, ``"gone"``, ``"new"``, or ``"skip"`` for what is left out."""
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    first = max(0, _common_lines(before, after) - _AROUND)
    before, after = before[first:], after[first:]
    pairs, shown = _MOST_PAIRS_IN_ALL, 0
    groups = list(SequenceMatcher(None, before, after).get_grouped_opcodes(_AROUND))
    for index, group in enumerate(groups):
        if shown > _MOST_SHOWN:
            more = len(groups) - index
            yield (
                "skip",
                ngettext("… and {count} more change", "… and {count} more changes", more).format(
                    count=number(more)
                ),
            )
            return
        line = first + group[0][3] + 1
        yield "skip", ngettext("… line {count}", "… line {count}", line).format(count=number(line))
        for tag, old_start, old_end, new_start, new_end in group:
            gone, come = "".join(before[old_start:old_end]), "".join(after[new_start:new_end])
            shown += len(gone) + len(come)
            if tag == "equal":
                yield "same", come
                continue
            words = _WORDS.findall(gone), _WORDS.findall(come)
            cost = len(words[0]) * len(words[1])
            if not cost or cost > min(pairs, _MOST_PAIRS):
                yield from _whole(gone, come)
            else:
                pairs -= cost
                yield from _by_words(*words)


def _common_lines(before: list[str], after: list[str]) -> int:
    """How many lines at the beginning are the same."""
    pairs = enumerate(zip(before, after, strict=False))
    return next((at for at, (old, new) in pairs if old != new), min(len(before), len(after)))


def _whole(gone: str, come: str) -> Iterator[tuple[str, str]]:
    """Without a comparison, and no longer than can be read."""
    for kind, text in (("gone", gone), ("new", come)):
        if text:
            yield kind, text[:_MOST_SHOWN] + ("…" if len(text) > _MOST_SHOWN else "")


def _by_words(before: list[str], after: list[str]) -> Iterator[tuple[str, str]]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    pairs = (
        [("same", "".join(after[c:d]))]
        if tag == "equal"
        else [("gone", "".join(before[a:b])), ("new", "".join(after[c:d]))]
        for tag, a, b, c, d in matcher.get_opcodes()
    )
    yield from (pair for pair in chain.from_iterable(pairs) if pair[1])
