"""Telling the writer of hidden characters in text that came from elsewhere. Nothing is changed unless she says so."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from writer_app.language import _, ngettext, number
from writer_app.story.changes import Change, Origin
from writer_app.text.hidden import Hidden, Kind, hidden, objectionable, tally
from writer_app.ui.editor.page import Page
from writer_app.ui.editor.spans import Span, shift_span
from writer_app.ui.session.state import Action, Notice

KEY = "hidden"
LAYER = "hidden"
#: Stretches tinted, and changes that taking them away may be; beyond, it is one change of all between.
_MOST = 300
_FOREIGN = (Origin.PASTED, Origin.IMPORTED)


class Concealed(QObject):
    """Looks at what was opened or pasted, of one page at a time. Typing is never looked at.

    Signals:
        noticed: A :class:`Notice`; settled: the key of one that is no longer true.
    """

    noticed = Signal(object)
    settled = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._page: Page | None = None
        self._scope: Span | None = None  # what the notice speaks of, while it stands
        self._is_shown = False
        self._leave: Callable[[], None] = lambda: None
        self._opened = QTimer(self, interval=0, singleShot=True)
        self._opened.timeout.connect(self._look_at_all)

    def attach(self, page: Page) -> None:
        """Another document is on this page: look at it as soon as it is shown."""
        if self._page is not None:
            self.keep()
        self._page = page
        page.restyled.connect(self._tint)
        self._leave()
        self._leave = page.manuscript.subscribe(self._follow)
        self._opened.start()

    def show(self) -> None:
        """Select the next one behind the caret, and tint all of them."""
        page, found = self._found()
        if page is None or not found:
            self.keep()
            return
        caret = page.selection[1]
        at = next((at for at, each in enumerate(found) if each.start >= caret), 0)
        self._is_shown = True
        self._tint()
        page.select(found[at].start, found[at].end)
        page.setFocus()
        letter = page.manuscript.text[found[at].start]
        text = _("Hidden characters {number} of {count}, selected now: U+{code}, {what}.")
        self._say(
            text.format(
                number=number(at + 1),
                count=number(len(found)),
                code=f"{ord(letter):04X}",
                what=_what(found[at].kind),
            ),
            _("Next"),
        )

    def remove(self) -> None:
        """Take all of them away, as one undo step."""
        page, found = self._found()
        self.keep()
        if page is None or not found:
            return
        text = page.manuscript.text
        parts = [(each.start, each.end, "") for each in found]
        if len(found) > _MOST:
            start, end = found[0].start, found[-1].end
            ends = [start, *(each.end for each in found)]
            kept = (text[a : each.start] for a, each in zip(ends, found, strict=False))
            parts = [(start, end, "".join(kept))]
        with page.one_step() as group:
            for start, end, better in reversed(parts):
                page.manuscript.replace(start, end, better, group=group)

    def keep(self) -> None:
        """Leave them, and speak of them no more."""
        self._scope, self._is_shown = None, False
        self._tint()
        self.settled.emit(KEY)

    # -- inside ---------------------------------------------------------------------------------

    def _look_at_all(self) -> None:
        if self._page is not None:
            self._look(0, self._page.manuscript.length)

    def _follow(self, change: Change) -> None:
        if self._scope is not None:
            self._scope = shift_span(self._scope, change)
        if change.origin in _FOREIGN and change.kind == "do" and change.inserted:
            self._look(change.offset, change.offset + len(change.inserted))

    def _look(self, start: int, end: int) -> None:
        assert self._page is not None
        text = self._page.manuscript.text
        counted = tally(hidden(text, start, end))
        soft = counted.pop(Kind.SOFT_HYPHEN, 0)
        if not counted:
            return
        self._scope = (start, end)
        kinds = _(", ").join(_counted(kind, counted[kind]) for kind in Kind if counted[kind])
        count = counted.total()
        said = ngettext(
            "There is {count} hidden character in what was opened or pasted: {kinds}.",
            "There are {count} hidden characters in what was opened or pasted: {kinds}.",
            count,
        ).format(count=number(count), kinds=kinds)
        if soft:
            said += " " + ngettext(
                "{count} soft hyphen is not counted among them.",
                "{count} soft hyphens are not counted among them.",
                soft,
            ).format(count=number(soft))
        self._say(said, _("Show"))

    def _say(self, text: str, onward: str) -> None:
        assert self._page is not None
        actions = [Action(onward, self.show)]
        if not self._page.isReadOnly():
            actions.append(Action(_("Remove them"), self.remove))
        actions.append(Action(_("Keep them"), self.keep))
        self.noticed.emit(Notice(text, tuple(actions), key=KEY, closed=self.keep))

    def _found(self) -> tuple[Page | None, list[Hidden]]:
        if self._page is None or self._scope is None:
            return None, []
        return self._page, objectionable(self._page.manuscript.text, *self._scope)

    def _tint(self) -> None:
        """Tint each with its neighbours: by itself it takes no room."""
        if self._page is None:
            return
        found = self._found()[1] if self._is_shown else []
        text = self._page.manuscript.text
        spans = []
        for start, end, _kind in found[:_MOST]:
            first = start - 1 if start and text[start - 1] != "\n" else start
            last = end + 1 if text[end : end + 1] not in ("", "\n") else end
            spans.append((first, last))
        self._page.show_layer(LAYER, spans, self._page.tint_found)


def _counted(kind: Kind, count: int) -> str:
    texts = {
        Kind.BIDI: ngettext(
            "{count} that turns the direction of writing",
            "{count} that turn the direction of writing",
            count,
        ),
        Kind.TAG: ngettext(
            "{count} tag, which only machines read", "{count} tags, which only machines read", count
        ),
        Kind.INVISIBLE: ngettext("{count} without width", "{count} without width", count),
        Kind.CONTROL: ngettext("{count} control character", "{count} control characters", count),
    }
    return texts[kind].format(count=number(count))


def _what(kind: Kind) -> str:
    return {
        Kind.BIDI: _("which turns the direction of writing"),
        Kind.TAG: _("a tag, which only machines read"),
        Kind.INVISIBLE: _("which has no width"),
        Kind.CONTROL: _("a control character"),
        Kind.SOFT_HYPHEN: _("a soft hyphen"),
    }[kind]
