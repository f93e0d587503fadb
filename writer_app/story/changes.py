"""The change log: one list of records that is undo, redo, crash journal and authorship at once.

A record says what was replaced by what, where, by whom, and in which undo group. Undoing appends records
too (the inverses, of kind ``"undo"``), so feeding the same records to an empty log rebuilds the same undo
and redo stacks: that is how undo can survive a crash or a restart.

A run of keystrokes is kept as one record in memory. A novel's worth of typing (100,000 keystrokes) is then
a few thousand records, and undoing a generation that arrived in 500 pieces is one change for the view.
"""

import time
from collections.abc import Callable
from enum import StrEnum
from typing import Literal, TypeAlias

import msgspec

Kind: TypeAlias = Literal["do", "undo", "redo"]

PAUSE_SECONDS = 1.5
WORDS_PER_STEP = 30


class Origin(StrEnum):
    """Where inserted text comes from."""

    TYPED = "typed"
    PASTED = "pasted"
    IMPORTED = "imported"
    MODEL = "model"
    RECOVERED = "recovered"


class Change(msgspec.Struct, frozen=True, array_like=True, gc=False, tag=0):
    """``removed``, which stood at ``offset``, became ``inserted``.

    Attributes:
        offset: Code points from the start of the text as it was just before this change.
        group: Changes of one group that follow each other are one undo step; 1 or more.
        kind: ``"undo"`` and ``"redo"`` mark records that take back or repeat an earlier one.
        source: Which request a model's text answered; empty for what a person did.
    """

    offset: int
    removed: str
    inserted: str
    origin: Origin = Origin.TYPED
    group: int = 0
    kind: Kind = "do"
    source: str = ""

    def inverse(self) -> "Change":
        """The change that takes this one back."""
        kind: Kind = "redo" if self.kind == "undo" else "undo"
        return Change(
            self.offset, self.inserted, self.removed, self.origin, self.group, kind, self.source
        )

    def apply(self, text: str) -> str:
        """``text`` after this change."""
        end = self.offset + len(self.removed)
        return "".join((text[: self.offset], self.inserted, text[end:]))


Step: TypeAlias = list[Change]


class ChangeLog:
    """All changes of one document in order, with its undo and redo stacks.

    Args:
        clock: Seconds, monotonic; a typing pause is measured with it.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.records: list[Change] = []
        self._clock = clock
        self._done: list[Step] = []
        self._undone: list[Step] = []
        self._last_group = 0
        self._typing: _Typing | None = None
        self._base = object()

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Whether there is a step to repeat."""
        return bool(self._undone)

    @property
    def steps(self) -> tuple[tuple[Change, ...], ...]:
        """What can be undone, the oldest first: applied to the first text in this order, they make today's."""
        return tuple(map(tuple, self._done))

    @property
    def state(self) -> object:
        """Identifies the text: the same object (``is``) comes back when undo or redo brings the text back."""
        return self._done[-1][-1] if self._done else self._base

    def group_of_next(self, kind: Literal["undo", "redo"]) -> int | None:
        """The group of the step that undo or redo would come to; ``None`` where there is none."""
        steps = self._done if kind == "undo" else self._undone
        return steps[-1][-1].group if steps else None

    def open_group(self) -> int:
        """A new group: all changes made with it, one after the other, are one undo step."""
        self.break_group()
        self._last_group += 1
        return self._last_group

    def break_group(self) -> None:
        """Let the next typed character begin a new undo step."""
        self._typing = None

    def make(
        self,
        offset: int,
        removed: str,
        inserted: str,
        origin: Origin,
        group: int | None,
        source: str = "",
    ) -> Change:
        """Build and append the record of a change; without ``group``, typing is merged into steps."""
        if group is not None:
            self.break_group()
        elif origin is Origin.TYPED:
            group = self._typing_group(offset, removed, inserted)
        else:
            group = self.open_group()
        change = Change(offset, removed, inserted, origin, group, source=source)
        self.append(change)
        return change

    def append(self, change: Change) -> None:
        """Fold one record into the log, of whatever kind.

        Raises:
            ValueError: For an undo or redo that does not fit the log; nothing is changed then.
        """
        if change.kind == "do":
            self._undone.clear()
            self._push(self._done, change)
        elif change.kind == "undo":
            _move(self._done, self._undone, change)
        else:
            _move(self._undone, self._done, change)
        self._last_group = max(self._last_group, change.group)
        if change.kind != "do":
            self.records.append(change)
            self.break_group()

    def undo(self) -> tuple[Change, ...]:
        """Take back the last step; the records to apply to the text, in order (none: empty)."""
        step = tuple(change.inverse() for change in reversed(self._done[-1])) if self._done else ()
        for change in step:
            self.append(change)
        return step

    def redo(self) -> tuple[Change, ...]:
        """Repeat the step taken back last; the records to apply to the text, in order."""
        step = (
            tuple(
                msgspec.structs.replace(change, kind="redo")
                for change in reversed(self._undone[-1])
            )
            if self._undone
            else ()
        )
        for change in step:
            self.append(change)
        return step

    def _push(self, stack: list[Step], change: Change) -> None:
        same_step = bool(stack) and stack[-1][-1].group == change.group
        follows = same_step and bool(self.records) and self.records[-1] is stack[-1][-1]
        one = joined(stack[-1][-1], change) if follows else None
        if one:
            stack[-1][-1] = self.records[-1] = one
            return
        self.records.append(change)
        if same_step:
            stack[-1].append(change)
        else:
            stack.append([change])

    def _typing_group(self, offset: int, removed: str, inserted: str) -> int:
        now = self._clock()
        if self._typing is None or not self._typing.takes(offset, removed, inserted, now):
            self._typing = _Typing(self.open_group())
        self._typing.add(offset, removed, inserted, now)
        return self._typing.group


class _Typing:
    """The run of keystrokes that is becoming one undo step."""

    def __init__(self, group: int) -> None:
        self.group = group
        self._words = 0.0
        self._at = 0.0
        self._caret = 0
        self._deleting = False
        self._ended = False

    def takes(self, offset: int, removed: str, inserted: str, now: float) -> bool:
        """Whether a keystroke still belongs to this run."""
        if self._ended or now - self._at > PAUSE_SECONDS or self._words >= WORDS_PER_STEP:
            return False
        if inserted:
            return not removed and not self._deleting and offset == self._caret
        return self._deleting and self._caret in (offset, offset + len(removed))

    def add(self, offset: int, removed: str, inserted: str, now: float) -> None:
        self._at = now
        self._deleting = not inserted
        self._caret = offset + len(inserted)
        self._words += sum(map(_share_of_word, inserted or removed))
        self._ended = "\n" in inserted or "\n" in removed


def _share_of_word(character: str) -> float:
    """A space ends a word; in scripts without spaces two characters are about a word."""
    return 1.0 if character.isspace() else 0.5 if character >= "\u2e80" else 0.0


def joined(last: Change, new: Change) -> Change | None:
    """Both changes as one, where typing, streaming or deleting simply went on."""
    if (last.origin, last.source) != (new.origin, new.source):
        return None
    if not new.removed and new.offset == last.offset + len(last.inserted):
        return msgspec.structs.replace(last, inserted=last.inserted + new.inserted)
    if new.inserted or last.inserted:
        return None
    if new.offset + len(new.removed) == last.offset:
        return msgspec.structs.replace(new, removed=new.removed + last.removed)
    if new.offset == last.offset:
        return msgspec.structs.replace(last, removed=last.removed + new.removed)
    return None


def _move(source: list[Step], target: list[Step], change: Change) -> None:
    """Let an undo or redo record bring its counterpart from the end of ``source`` to ``target``."""
    original = source[-1][-1] if source else None
    if original is None or not _mirrors(change, original):
        raise ValueError(f"a record of kind {change.kind!r} that fits no earlier change")
    source[-1].pop()
    if not source[-1]:
        source.pop()
    if target and target[-1][-1].group == change.group:
        target[-1].append(original)
    else:
        target.append([original])


def _mirrors(change: Change, original: Change) -> bool:
    """Whether an undo record takes ``original`` back, or a redo record repeats it."""
    gone, come = original.removed, original.inserted
    if change.kind == "undo":
        gone, come = come, gone
    place = (change.offset, change.group) == (original.offset, original.group)
    return place and (change.removed, change.inserted) == (gone, come)
