"""Whether another program has changed or removed a document's file: asked when the writer comes back to the window."""

from pathlib import Path
from typing import NamedTuple

from writer_app.errors import ChangedOnDisk, FileMissing, FileUnreadable, WriterError
from writer_app.story import atomic, files
from writer_app.story.document import Document


class Sight(NamedTuple):
    """What was seen of a file: its state, and its hash where the state was new; ``None``: as last time."""

    state: atomic.State | None
    digest: str | None


class Outside:
    """Remembers what was seen of one document's file, so that nothing is hashed or told twice."""

    def __init__(self) -> None:
        self._state: atomic.State | None = None
        self._told: str | None = None

    def look(self, path: Path) -> Sight:
        """Look at the file; may take as long as its disk takes. Raises a :class:`WriterError`."""
        try:
            state = atomic.state(path)
        except OSError as error:
            raise FileUnreadable(path=str(path), reason=str(error.strerror)) from error
        if state is None:
            raise FileMissing(path=str(path))
        return Sight(state, None if state == self._state else files.digest_of(path))

    def judge(self, seen: Sight | WriterError, document: Document) -> WriterError | None:
        """What there is to tell the writer: :class:`ChangedOnDisk`, :class:`FileMissing`, or nothing new."""
        if isinstance(seen, WriterError):
            self._state = None
            # A drive that is away for a moment is no news; a save will say what is the matter.
            return self._once("", seen) if isinstance(seen, FileMissing) else None
        if seen.digest is None:
            return None
        if seen.digest == document.digest:
            self._state, self._told = seen.state, None
            return None
        return self._once(seen.digest, ChangedOnDisk(path=str(document.path)))

    def _once(self, matter: str, error: WriterError) -> WriterError | None:
        is_new, self._told = self._told != matter, matter
        return error if is_new else None
