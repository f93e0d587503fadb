"""The file thread: saves without making the writer wait.

One save is in flight at a time; of several waiting for the same document only the newest is written. The
outcome is reported in the file thread: a window hops to its own.
"""

import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from writer_app.errors import ChangedOnDisk, SavedInPlace, SaveFailed, SaveUnsure, WriterError
from writer_app.story import files
from writer_app.story.form import FileForm


class Outcome(NamedTuple):
    """How a save ended.

    Attributes:
        revision: The document's revision that was to be saved.
        digest: Hash of the file now; ``None`` when nothing was written.
        error: Why nothing was written; with a ``digest`` a warning.
        superseded: A newer save of the same document took this one's place; nothing went wrong.
    """

    document_id: str
    path: Path
    revision: int
    digest: str | None = None
    error: WriterError | None = None
    superseded: bool = False

    @property
    def is_saved(self) -> bool:
        """Whether the text of ``revision`` is in the file."""
        return self.digest is not None


class _Request(NamedTuple):
    document_id: str
    path: Path
    text: str
    form: FileForm
    expected_digest: str | None
    revision: int
    done: Callable[[Outcome], None]

    def outcome(
        self,
        digest: str | None = None,
        error: WriterError | None = None,
        *,
        superseded: bool = False,
    ) -> Outcome:
        return Outcome(self.document_id, self.path, self.revision, digest, error, superseded)


class _Trail(NamedTuple):
    """Our own saves of a document to a file: hashes that a caller may still think current, and the last one."""

    passed: frozenset[str | None] = frozenset()
    digest: str | None = None


class Saver:
    """Writes documents to their files in a thread of its own, which starts with the first save.

    Args:
        spare: A folder for copies; see :func:`writer_app.story.files.write`.
    """

    def __init__(self, spare: Path | None = None) -> None:
        self._spare = spare
        self._changed = threading.Condition()
        self._waiting: dict[str, _Request] = {}
        self._superseded: list[_Request] = []
        self._is_busy = False
        self._thread: threading.Thread | None = None
        self._trails: dict[tuple[str, Path], _Trail] = {}

    def save(
        self,
        document_id: str,
        path: Path,
        text: str,
        form: FileForm,
        expected_digest: str | None,
        revision: int,
        done: Callable[[Outcome], None],
    ) -> None:
        """Save ``text`` soon; ``done`` is called once, in the file thread.

        ``expected_digest`` is what the caller knew when asking (see :func:`writer_app.story.files.write`); that
        an earlier save of its own was still on the way does not matter.
        """
        request = _Request(document_id, path, text, form, expected_digest, revision, done)
        with self._changed:
            if document_id in self._waiting:
                self._superseded.append(self._waiting.pop(document_id))
            self._waiting[document_id] = request
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="saver", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until every save was reported; false when ``timeout`` (seconds) passed before."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._waiting and not self._is_busy, timeout)

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting)
                request = self._waiting.pop(next(iter(self._waiting)))
                superseded, self._superseded = self._superseded, []
                self._is_busy = True
            for old in superseded:
                _report(old, old.outcome(superseded=True))
            _report(request, self._write(request))
            with self._changed:
                self._is_busy = False
                self._changed.notify_all()

    def _write(self, request: _Request) -> Outcome:
        try:
            digest = self._write_over(request, request.expected_digest)
        except (SaveUnsure, SavedInPlace) as error:
            return request.outcome(str(error.params["digest"]), error)
        except WriterError as error:
            return request.outcome(error=error)
        except Exception as error:  # noqa: BLE001 - the edge of the thread: a save never ends unreported
            return request.outcome(error=SaveFailed(reason=str(error), detail=repr(error)))
        return request.outcome(digest)

    def _write_over(self, request: _Request, expected: str | None) -> str:
        key = request.document_id, request.path
        trail = self._trails.get(key, _Trail())
        digest = None
        try:
            digest = files.write(request.path, request.text, request.form, expected, self._spare)
        except ChangedOnDisk:
            if expected == trail.digest or expected not in trail.passed:
                raise
            return self._write_over(request, trail.digest)
        except (SaveUnsure, SavedInPlace) as error:
            digest = str(error.params["digest"])
            raise
        finally:
            if digest is not None:
                known = {expected, trail.digest} if trail.digest else {expected}
                self._trails[key] = _Trail(trail.passed | known, digest)
        return digest


def _report(request: _Request, outcome: Outcome) -> None:
    """Call back; a mistake there is reported as the thread's own, and the thread goes on."""
    try:
        request.done(outcome)
    except Exception:  # noqa: BLE001 - the edge of the thread
        threading.excepthook(
            threading.ExceptHookArgs([*sys.exc_info(), threading.current_thread()])
        )
