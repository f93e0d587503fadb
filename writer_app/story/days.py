"""Writing statistics: how much was written on each day, by whom, and in how many minutes.

One small file in the user's data folder has them for all projects: numbers and paths only, never a word of a text. Several
windows may add to it, so it is read again before each time it is written.
"""

import contextlib
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import TypeAlias

import msgspec

from writer_app.errors import SaveFailed
from writer_app.reasons import reason_for
from writer_app.story import atomic
from writer_app.story.changes import Change, Origin
from writer_app.text import counts

NAME = "days.json"
#: Seconds without a change after which she is not writing any more.
IDLE_SECONDS = 60.0
#: A change by itself has taken so long.
_LEAST_SECONDS = 2.0
_MAX_BYTES = 16 * 1024 * 1024
_PASTED = (Origin.PASTED, Origin.IMPORTED, Origin.RECOVERED)


class Written(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was written in some time. Deleting takes nothing away: it is work too.

    Attributes:
        typed, pasted, model: Words, by where they come from; drafts of the model that were taken back are not counted.
        typed_zh, pasted_zh, model_zh: 字数 of the same.
        seconds: In which something was changed, with pauses below :data:`IDLE_SECONDS`.
    """

    typed: int = 0
    pasted: int = 0
    model: int = 0
    typed_zh: int = 0
    pasted_zh: int = 0
    model_zh: int = 0
    seconds: float = 0.0

    def __add__(self, other: "Written") -> "Written":
        """Both together."""
        return Written(
            *(getattr(self, name) + getattr(other, name) for name in self.__struct_fields__)
        )

    def at_least_nothing(self) -> "Written":
        """Without what is below zero: a draft may be taken back on another day than it was written."""
        return Written(*(max(getattr(self, name), 0) for name in self.__struct_fields__))

    def hourly(self, *, chinese: bool) -> int | None:
        """Typed words (字) an hour; ``None`` below a minute, which says nothing."""
        if self.seconds < 60:
            return None
        return round((self.typed_zh if chinese else self.typed) * 3_600 / self.seconds)


class Sitting:
    """What is being written in one text, until it is added to its day."""

    def __init__(self) -> None:
        self._made: list[_Run] = []
        self._undone: list[str] = []
        self._seconds = 0.0
        self._last: float | None = None

    def follow(self, change: Change, now: float) -> None:
        """Take a change into account.

        Args:
            change: As it was made: one key press or one piece of a stream. What undo brings back was written before.
            now: Seconds, of a clock that never goes back.
        """
        if change.origin is Origin.TYPED:
            since = _LEAST_SECONDS if self._last is None else now - self._last
            self._seconds += since if since <= IDLE_SECONDS else _LEAST_SECONDS
            self._last = now
        if change.kind == "undo":
            # A draft that is taken back was never hers.
            if change.origin is Origin.MODEL and change.removed:
                self._undone.append(change.removed)
            return
        if change.kind == "redo" and change.origin is not Origin.MODEL:
            return
        if not (self._made and self._made[-1].takes(change)) and change.inserted:
            self._made.append(_Run(change))

    def take(self) -> Written:
        """What there is since the last time, counted; begins anew."""
        written = self.so_far()
        self._made, self._undone, self._seconds = [], [], 0.0
        return written

    def so_far(self) -> Written:
        """What there is since the last time, counted."""
        typed, typed_zh = self._count(Origin.TYPED)
        pasted, pasted_zh = self._count(*_PASTED)
        model, model_zh = self._count(Origin.MODEL)
        less = "\n".join(self._undone)
        model, model_zh = model - counts.words(less), model_zh - counts.characters_zh(less)
        return Written(typed, pasted, model, typed_zh, pasted_zh, model_zh, self._seconds)

    def _count(self, *origins: Origin) -> tuple[int, int]:
        text = "\n".join(run.text for run in self._made if run.origin in origins)
        return counts.words(text), counts.characters_zh(text)


class _Run:
    """What was written in one place, so that words are counted, not key presses."""

    def __init__(self, change: Change) -> None:
        self.origin = change.origin
        self.text = change.inserted
        self._end = change.offset + len(change.inserted)

    def takes(self, change: Change) -> bool:
        """Go on with this change, if it is where the last one ended: more, or a correction."""
        gone = len(change.removed)
        fits = change.origin is self.origin and change.offset + gone == self._end
        if not fits or gone > len(self.text):
            return False
        self.text = self.text[: len(self.text) - gone] + change.inserted
        self._end = change.offset + len(change.inserted)
        return True


#: Projects, and the days of each.
_Found: TypeAlias = dict[str, dict[date, Written]]


class Days:
    """The days of all projects, in one file.

    Args:
        folder: The user's data folder.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME

    def of(self, project: str) -> dict[date, Written]:
        """The days of a project, the earliest first; empty where nothing is known.

        Args:
            project: What names it: the path of its folder, or of a single file.
        """
        return dict(sorted(self._read().get(project, {}).items()))

    def add(self, project: str, day: date, written: Written) -> None:
        """Add to a day.

        Raises:
            SaveFailed: The disk refuses; the file is as it was.
        """
        if written == Written():
            return
        found = self._read_to_write()
        days = found.setdefault(project, {})
        days[day] = (days.get(day, Written()) + written).at_least_nothing()
        self._write(found)

    def forget(self, project: str) -> None:
        """Forget a project. Raises as :meth:`add`."""
        found = self._read_to_write()
        if found.pop(project, None) is not None:
            self._write(found)

    def _read(self) -> _Found:
        try:
            return _parsed(self._path)
        except (OSError, ValueError):
            return {}

    def _read_to_write(self) -> _Found:
        """As :meth:`_read`; what is damaged is put aside, not written over. Raises ``SaveFailed``."""
        try:
            try:
                return _parsed(self._path)
            except FileNotFoundError:
                return {}
            except ValueError:
                self._path.replace(self._path.with_suffix(".damaged"))
                return {}
        except OSError as error:
            raise SaveFailed(path=str(self._path), reason=reason_for(error)) from error

    def _write(self, found: _Found) -> None:
        data = msgspec.json.encode(
            {
                project: {str(day): each for day, each in days.items()}
                for project, days in found.items()
            }
        )
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            known = atomic.state(self._path)
            with atomic.written_beside(self._path, data, known, rights=0o600) as temporary:
                temporary.replace(self._path)
            atomic.sync_folder(self._path.parent)
        except OSError as error:
            raise SaveFailed(path=str(self._path), reason=reason_for(error)) from error


def _parsed(path: Path) -> _Found:
    """What the file says, without days that are none. Raises ``OSError``, and ``ValueError`` where it is another."""
    with path.open("rb") as file:
        data = file.read(_MAX_BYTES + 1)
    if len(data) > _MAX_BYTES:
        raise ValueError(path)
    found: _Found = {}
    for project, days in msgspec.json.decode(data, type=dict[str, dict[str, object]]).items():
        for day, figures in days.items():
            with contextlib.suppress(ValueError):
                made = msgspec.convert(figures, Written)
                found.setdefault(project, {})[date.fromisoformat(day)] = made
    return found


def chart(days: Mapping[date, Written], last: date, count: int) -> list[tuple[date, Written]]:
    """The ``count`` days up to ``last``, those without a word too."""
    first = last - timedelta(days=count - 1)
    return [
        (day, days.get(day, Written()))
        for day in (first + timedelta(days=number) for number in range(count))
    ]


def run_of(days: Mapping[date, Written], today: date, goal: int, *, chinese: bool) -> int:
    """On how many days in a row the goal was reached, up to today or, if it is not yet, yesterday."""

    def reached(day: date) -> bool:
        found = days.get(day, Written())
        return goal > 0 and (found.typed_zh if chinese else found.typed) >= goal

    day = today if reached(today) else today - timedelta(days=1)
    count = 0
    while reached(day):
        count, day = count + 1, day - timedelta(days=1)
    return count
