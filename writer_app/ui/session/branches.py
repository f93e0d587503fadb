"""Places of a document where there are several versions, kept after one was accepted. Pure.

A place follows the changes of the document, and counts as long as one of its versions stands there word for
word: an edit takes it away, undoing the edit brings it back. Each is a note in the document's log, so that it
is there again when the document is opened the next time.
"""

from dataclasses import dataclass, replace

from writer_app.craft.continuation import Ask
from writer_app.engine.protocol import Ending
from writer_app.story.changes import Change
from writer_app.story.records import Note, Replay
from writer_app.ui.editor.spans import Span, shift_span
from writer_app.ui.session.versions import Version, Versions

#: Of its notes in the log.
KIND = "versions"
#: Places remembered, the latest: each key moves all of them.
MOST = 200
#: What the log keeps of a version.
_KEPT = ("text", "seed", "preset", "fit", "source", "answer")


@dataclass(eq=False)
class Place:
    """A stretch of text that has other versions.

    Attributes:
        span: Code points, half-open.
        versions: All of them, the one that stands there too.
        ask: What they were asked for with; its text is left out. ``None`` in a place of an earlier session.
        is_removed: None of them was taken; the span is empty, and counts as long as nothing is written there.
    """

    span: Span
    versions: Versions
    ask: Ask | None = None
    is_removed: bool = False

    def standing(self, text: str) -> Version | None:
        """Which version stands there, ``text`` being that of the document."""
        here = text[slice(*self.span)]
        return next((each for each in self.versions if each.text == here), None)

    def note(self) -> Note:
        """What the log keeps of it."""
        versions = [{name: getattr(each, name) for name in _KEPT} for each in self.versions]
        return Note(KIND, {"span": list(self.span), "versions": versions})

    def follow(self, change: Change) -> None:
        """Go along with the document; to an empty span, where all was undone, redo brings it back."""
        start, end = self.span
        if start == end == change.offset and not change.removed:
            self.span = start, start + len(change.inserted)
        else:
            self.span = shift_span(self.span, change)


class Branches:
    """The places of one document."""

    def __init__(self) -> None:
        self._places: list[Place] = []

    @classmethod
    def of(cls, past: Replay | None) -> "Branches":
        """Those that a log holds, where they are at its end."""
        made = cls()
        for entry in past.entries if past else ():
            if isinstance(entry, Change):
                made.follow(entry)
            elif isinstance(entry, Note) and entry.kind == KIND and not entry.data:
                made.clear()
            elif isinstance(entry, Note) and entry.kind == KIND and (place := _place(entry)):
                # There is a note for each time that she left the place; the last one counts.
                made._places = [each for each in made._places if each.span != place.span]
                made._add(place)
        return made

    def keep(
        self, span: Span, versions: Versions, ask: Ask | None, *, is_removed: bool = False
    ) -> Place | None:
        """Remember the versions of a place, where there are others than the one taken; again where they are known."""
        self._places = [each for each in self._places if each.versions is not versions]
        if len(versions) < (1 if is_removed else 2):
            return None
        ask = replace(ask, text="", caret=0) if ask else None
        return self._add(Place(span, versions, ask, is_removed))

    def _add(self, place: Place) -> Place:
        self._places.append(place)
        del self._places[:-MOST]
        return place

    def clear(self) -> None:
        """Forget all of them."""
        self._places = []

    def follow(self, change: Change) -> None:
        """Listen to the document with this."""
        for place in self._places:
            place.follow(change)

    def at(self, text: str, caret: int) -> Place | None:
        """The place that the caret stands in or at an edge of, the latest one; its ``shown`` is what stands there.

        Of a place where all was removed nothing is shown.
        """
        for place in reversed(self._places):
            start, end = place.span
            standing = place.standing(text) if start <= caret <= end else None
            if standing or (place.is_removed and start == end == caret):
                place.versions.shown = standing
                return place
        return None


def _place(note: Note) -> Place | None:
    """``None`` for one of another version of the program that says it in another way."""
    versions = Versions()
    try:
        start, end = note.data["span"]
        versions.add([Version(reason=Ending.END, **each) for each in note.data["versions"]])
    except (KeyError, TypeError, ValueError):
        return None
    return Place((start, end), versions, is_removed=start == end)
