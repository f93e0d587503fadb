"""Whose a text is that was split from another one, or joined with it: what logs know goes along.

Without it the end of a chapter would be of unknown origin once it is a chapter of its own.
"""

import os
import uuid
from collections.abc import Iterable, Iterator

import msgspec

from writer_app.story.changes import Change, Origin
from writer_app.story.ledger import Ledger
from writer_app.story.records import Header, Note, Replay, Run, Saved, file_bytes, replay


def split_off(log: Replay, offset: int, saved: Saved) -> Replay:
    """The log of the end of a text, with nothing to undo.

    Args:
        log: Of the whole text.
        offset: Code points, from which on it is the end.
        saved: The file that holds the end now.
    """
    authors = tuple(_behind(_runs(log), offset))
    header = Header(
        document_id=uuid.uuid4().hex,
        path=saved.path,
        base=log.text[offset:],
        base_digest=saved.digest,
        form=saved.form,
        pid=os.getpid(),
        authors=authors,
    )
    made = replay(
        file_bytes(header, [*_notes(log, authors), msgspec.structs.replace(saved, behind=0)])
    )
    assert made is not None
    return made


def appended(
    offset: int, between: str, text: str, log: Replay | None
) -> tuple[list[Change], list[Note]]:
    """The changes, all of them of one step, by which a text is put behind another, and what is kept beside them.

    Args:
        offset: Code points of the text that it is put behind.
        between: Put between them.
        text: What is added.
        log: Of that; ``None`` where there is none.
    """
    runs: tuple[Run, ...] = ((len(text), Origin.IMPORTED.value, "", False),)
    if log is not None and log.text == text:
        runs = _runs(log)
    changes = [Change(offset, "", between)] if between else []
    place, start = offset + len(between), 0
    for length, origin, source, edited in runs:
        piece = text[start : start + length]
        said = Change(place, "", piece, Origin(origin), source=source)
        if edited:
            # That a person has changed it since is told as such a change.
            changes.append(msgspec.structs.replace(said, inserted=piece[:1] + " " + piece[1:]))
            said = Change(place + 1, " ", "")
        changes.append(said)
        place, start = place + length, start + length
    return changes, _notes(log, runs) if log is not None else []


def _runs(log: Replay) -> tuple[Run, ...]:
    changes = (entry for entry in log.entries if isinstance(entry, Change))
    return Ledger.of(log.header, changes).runs


def _behind(runs: Iterable[Run], offset: int) -> Iterator[Run]:
    """The runs from ``offset`` on."""
    place = 0
    for length, *rest in runs:
        left = min(length, place + length - offset)
        if left > 0:
            origin, source, edited = rest
            yield left, str(origin), str(source), bool(edited)
        place += length


def _notes(log: Replay, runs: Iterable[Run]) -> list[Note]:
    """What is kept of the requests whose answers stand in ``runs``."""
    sources = {source for _length, _origin, source, _edited in runs}
    notes = (entry for entry in log.entries if isinstance(entry, Note))
    return [
        each for each in notes if str(each.data.get("id", "")).partition("/")[0] in sources - {""}
    ]
