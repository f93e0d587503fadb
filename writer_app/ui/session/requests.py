"""What the model was asked for the answers in one document, so that it can be asked again. Pure."""

from writer_app.craft import replay
from writer_app.craft.replay import KIND, MOST, Asked
from writer_app.story.document import Document
from writer_app.story.records import Note


class Requests:
    """Those that the document's log holds, and those to come."""

    def __init__(self, document: Document) -> None:
        past = document.past.entries if document.past else ()
        self._notes = [each for each in past if isinstance(each, Note) and each.kind == KIND]
        document.subscribe_notes(self._on_note)

    def find(self, source: str) -> Asked | None:
        """What was asked under this name; ``None`` where it is not kept."""
        return replay.find(self._notes, source) if source else None

    def _on_note(self, note: Note) -> None:
        if note.kind == KIND:
            self._notes = [*self._notes[1 - MOST :], note]
