"""Find and replace: the engine as functions on strings, and :class:`Finder` that brings it to a page.

The matcher is Qt's (PCRE2): unlike Python's ``re`` it counts its steps and gives up by itself, so a pattern
that explodes costs a fraction of a second instead of the window. Its one weakness: a match given up on is
no match, so such a pattern may find less than there is; it never finds anything wrong.
"""

import re
import time
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QObject, QRegularExpression, QRegularExpressionMatch, QTimer, Signal

from writer_app.errors import BadPattern, SearchTooSlow
from writer_app.story.utf16 import WidePositions
from writer_app.ui.editor.page import Page
from writer_app.ui.editor.spans import Span

TIME_LIMIT = 0.5  # seconds
RESEARCH_MS = 200

# A Latin word ends at a letter, not at a 汉字: “Jane” is a whole word in 我Jane说. A 汉字 has no word edges.
_NO_SPACES = r"(?!\p{Han}|\p{Hiragana}|\p{Katakana}|\p{Thai})"
_NOT_BEHIND = rf"(?<!{_NO_SPACES}[\p{{L}}\p{{N}}\p{{M}}_])"
_NOT_BEFORE = rf"(?!{_NO_SPACES}[\p{{L}}\p{{N}}\p{{M}}_])"
_GROUP = re.compile(r"\\(\d)|\$(\d)|\$\{(\w+)\}|\\([nt\\$])")
_ESCAPED = {"n": "\n", "t": "\t", "\\": "\\", "$": "$"}


@dataclass(frozen=True)
class Query:
    """What to look for.

    Attributes:
        text: The words, or the pattern when ``regex`` (``^`` and ``$`` are ends of lines).
        whole_word: Only where no word goes on before or behind. Scripts without spaces have no such edges.
        case: Upper and lower case differ.
    """

    text: str
    regex: bool = False
    whole_word: bool = False
    case: bool = False


def find_all(text: str, query: Query) -> list[Span]:
    """All matches in order; empty matches are left out.

    Raises:
        BadPattern: The pattern does not hold together.
        SearchTooSlow: It took longer than :data:`TIME_LIMIT`.
    """
    return [(start, end) for start, end, _match in _matches(text, query)]


def find_next(text: str, query: Query, start: int, *, backwards: bool = False) -> Span | None:
    """The first match from ``start`` on (or the last one ending by ``start``), going round at the end.

    Raises:
        BadPattern, SearchTooSlow: As :func:`find_all`.
    """
    found = find_all(text, query)
    if not found:
        return None
    if backwards:
        return found[bisect_right([end for _start, end in found], start) - 1]
    return found[bisect_left(found, (start, 0)) % len(found)]


def replacements(text: str, query: Query, template: str) -> list[tuple[int, int, str]]:
    r"""Each match with what takes its place; in a pattern's template ``\1``, ``$1``, ``${name}``, ``\n`` work.

    Raises:
        BadPattern, SearchTooSlow: As :func:`find_all`.
    """
    return [
        (start, end, _expand(template, match) if query.regex else template)
        for start, end, match in _matches(text, query)
    ]


def _compiled(query: Query) -> QRegularExpression:
    pattern = query.text if query.regex else QRegularExpression.escape(query.text)
    if query.whole_word:
        pattern = f"{_NOT_BEHIND}(?:{pattern}){_NOT_BEFORE}" if query.regex else _edged(query.text)
    options = QRegularExpression.PatternOption
    chosen = options.UseUnicodePropertiesOption | options.MultilineOption
    if not query.case:
        chosen |= options.CaseInsensitiveOption
    compiled = QRegularExpression(pattern, chosen)
    if not compiled.isValid():
        raise BadPattern(reason=compiled.errorString())
    return compiled


def _edged(words: str) -> str:
    """Plain words with the edges that their first and last characters ask for."""
    before, behind = (
        _NOT_BEHIND if _spaced(words[0]) else "",
        _NOT_BEFORE if _spaced(words[-1]) else "",
    )
    return before + QRegularExpression.escape(words) + behind


def _spaced(character: str) -> bool:
    """Whether this is a letter or figure of a script that puts spaces between words."""
    return (character.isalnum() or character == "_") and not "\u2e80" <= character <= "\uffef"


def _matches(text: str, query: Query) -> Iterator[tuple[int, int, QRegularExpressionMatch]]:
    if not query.text:
        return
    compiled = _compiled(query)
    deadline = time.perf_counter() + TIME_LIMIT
    wide = None if text.isascii() or max(text) <= "\uffff" else WidePositions(text)
    found = compiled.globalMatch(text)
    while found.hasNext():
        match = found.next()
        start, end = match.capturedStart(), match.capturedEnd()
        if wide:
            start, end = wide.offset(start), wide.offset(end)
        if start < end:
            yield start, end, match
        if time.perf_counter() > deadline:
            raise SearchTooSlow()


def _expand(template: str, match: QRegularExpressionMatch) -> str:
    def part(found: re.Match[str]) -> str:
        if found[4]:
            return _ESCAPED[found[4]]
        return match.captured(found[3] or int(found[1] or found[2]))

    return _GROUP.sub(part, template)


class Finder(QObject):
    """A search on a page: matches in view are marked, and follow the text as it changes.

    Signals:
        changed: The number of matches is another now.
        failed: A :class:`WriterError` that ended the search when the text had changed.
    """

    changed = Signal(int)
    failed = Signal(object)

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self._page = page
        self._query: Query | None = None
        self._found: list[Span] = []
        self._timer = QTimer(self, interval=RESEARCH_MS, singleShot=True)
        self._timer.timeout.connect(self._search_again)
        self.destroyed.connect(page.manuscript.subscribe(lambda _change: self._age()))
        page.verticalScrollBar().valueChanged.connect(self._mark)
        page.restyled.connect(self._mark)

    @property
    def matches(self) -> tuple[Span, ...]:
        """All matches, as of the last search."""
        return tuple(self._found)

    def search(self, query: Query) -> int:
        """Look for ``query``, mark what is in view, and answer how often it occurs.

        Raises:
            BadPattern, SearchTooSlow: Nothing is marked then.
        """
        self.close()
        self._found = find_all(self._page.manuscript.text, query)
        self._query = query
        self._mark()
        self.changed.emit(len(self._found))
        return len(self._found)

    def close(self) -> None:
        """End the search and take its marks away."""
        self._query, self._found = None, []
        self._timer.stop()
        self._page.show_layer("found", [], self._page.tint_found)

    def go(self, *, backwards: bool = False) -> bool:
        """Select the next match (or the one before), going round; whether there is one."""
        self._refresh()
        if not self._found:
            return False
        start, end = self._page.selection
        if backwards:
            index = bisect_left(self._found, (start, end)) - 1
        else:
            index = bisect_left(self._found, (end, 0)) % len(self._found)
        self._page.select(*self._found[index])
        return True

    def replace_one(self, template: str) -> bool:
        """Replace the match that is selected and go to the next; without one selected, only go."""
        self._refresh()
        if self._query and self._page.selection in self._found:
            for start, end, new in replacements(self._page.manuscript.text, self._query, template):
                if (start, end) == self._page.selection:
                    self._page.replace_span(start, end, new)
                    self._page.set_caret(start + len(new))
                    break
        return self.go()

    def replace_all(self, template: str) -> int:
        """Replace all matches as one undo step; how many there were."""
        if not self._query:
            return 0
        text = self._page.manuscript.text
        found = replacements(text, self._query, template)
        if found:
            first, last = found[0][0], found[-1][1]
            pieces, at = [], first
            for start, end, new in found:
                pieces += [text[at:start], new]
                at = end
            self._page.replace_span(first, last, "".join(pieces))
            self._refresh()
        return len(found)

    def _age(self) -> None:
        if self._query:
            self._timer.start()

    def _refresh(self) -> None:
        """Search again at once if the text has changed since."""
        if self._timer.isActive():
            self._timer.stop()
            self._search_again()

    def _search_again(self) -> None:
        if self._query:
            try:
                self.search(self._query)
            except (BadPattern, SearchTooSlow) as error:
                self.failed.emit(error)

    def _mark(self) -> None:
        if self._query is None or self._timer.isActive():
            return
        first, last = self._page.visible_span()
        low = bisect_left(self._found, (first, 0))
        low = max(0, low - 1)
        shown = self._found[low : bisect_right(self._found, (last, last))]
        self._page.show_layer("found", shown, self._page.tint_found)
