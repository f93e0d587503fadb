"""Which of the texts read so far a new prompt goes on with.

The context works on one text (or on alternatives of one). What it held before is put on the shelf when losing
it would cost a reader's wait: a snapshot in memory, taken back as soon as a prompt goes on with it. So the
continuation, the rewrite and the outline of a book do not drive each other out.

The policy: a prompt goes on with whatever shares the longest beginning with it; something is shelved when more
than :data:`WORTH_KEEPING` tokens of it would be lost; the least recently used goes when the shelf is full.
"""

from collections.abc import Callable
from dataclasses import dataclass

from writer_app.engine.cache import Sequence, common_prefix
from writer_app.engine.context import Context
from writer_app.engine.memory import ProjectMemory

#: Tokens; to read so many takes longer than to bring back a snapshot, on any machine (6-8 ms for 1,024).
WORTH_FETCHING = 32
#: Tokens; about a second of reading on two slow cores.
WORTH_KEEPING = 192
#: Bytes of snapshots kept. The starter model needs 23 kB a token, a model of 7 billion numbers 64 to 512.
MOST_BYTES = 512 * 2**20


@dataclass
class Snapshot:
    """A text read once, what the model remembered of it, and the project it belongs to (or none)."""

    held: Sequence
    data: bytes
    project: str
    saved: bool = False


class Shelf:
    """Snapshots beside one context, the most recently used last.

    Args:
        context: The context.
        memory: Where texts of projects are kept on disk.
        most_bytes: Of all snapshots; the least recently used go first.
    """

    def __init__(
        self, context: Context, memory: ProjectMemory | None = None, most_bytes: int = MOST_BYTES
    ) -> None:
        self._context = context
        self._memory = memory
        self._most_bytes = most_bytes
        self._snapshots: list[Snapshot] = []
        self._project = ""
        self._saved = 0  # tokens of sequence 0 that are on disk

    @property
    def bytes_used(self) -> int:
        """Bytes of all snapshots."""
        return sum(len(snapshot.data) for snapshot in self._snapshots)

    def turn_to(self, prompt: bytes, project: str = "") -> None:
        """Make sequence 0 the text that shares the longest beginning with ``prompt``.

        With a project, what is kept on disk for it counts too.
        """
        context = self._context
        working = {number: shared(held, prompt) for number, held in context.held.items()}
        best = max(working, key=lambda number: working[number])
        context.keep_only(best)
        found = self._find(prompt, project, working[best] + WORTH_FETCHING)
        if found is None:
            self._keep(len(context.held[0].tokens) - working[best])
            self._saved = min(self._saved, working[best])
        else:
            # All of what is worked on would be lost, unless it is a mere beginning of what comes back.
            self._keep(len(context.held[0].tokens) - shared(context.held[0], found.held.text))
            is_back = context.restore(found.held, found.data)
            self._saved = len(found.held.tokens) if found.saved and is_back else 0
        self._project = project

    def save(self, stopped: Callable[[], bool]) -> None:
        """Keep on disk what belongs to projects and is worth it.

        Raises:
            OSError: The disk refused.
        """
        if self._memory is None:
            return
        for snapshot in self._snapshots:
            if snapshot.project and not snapshot.saved and _is_lasting(snapshot.held):
                snapshot.saved = self._memory.save(
                    snapshot.project, snapshot.held, snapshot.data, stopped
                )
        held = self._context.held[0]
        worth = len(held.tokens) - self._saved >= WORTH_KEEPING
        if self._project and _is_lasting(held) and worth and not stopped():
            data = self._context.snapshot()
            if self._memory.save(self._project, held, data, stopped):
                self._saved = len(held.tokens)

    def forget(self, project: str) -> None:
        """Forget what was read for a project, here, in the context and on disk."""
        self._snapshots = [kept for kept in self._snapshots if kept.project != project]
        if self._project == project:
            self._context.clear()
            self._saved = 0
        if self._memory:
            self._memory.forget(project)

    def _find(self, prompt: bytes, project: str, least: int) -> Snapshot | None:
        """The snapshot, off the shelf or from disk, that shares most with ``prompt``; at least so many tokens."""
        shelved = max(self._snapshots, key=lambda kept: shared(kept.held, prompt), default=None)
        gain = shared(shelved.held, prompt) if shelved else 0
        texts = self._memory.texts(project) if self._memory and project else []
        for kept in sorted(texts, key=lambda kept: -shared(kept.held, prompt)):
            if shared(kept.held, prompt) < max(least, gain + 1):
                break
            if self._memory and (data := self._memory.load(kept)) is not None:
                return Snapshot(kept.held, data, project, saved=True)
        if shelved is None or gain < least:
            return None
        self._snapshots.remove(shelved)
        return shelved

    def _keep(self, lost: int) -> None:
        """Put what is worked on on the shelf, if so many tokens of it are about to be lost."""
        if lost < WORTH_KEEPING:
            return
        held = self._context.held[0]
        # An older snapshot of a beginning of it says nothing more.
        self._snapshots = [
            kept for kept in self._snapshots if shared(held, kept.held.text) < len(kept.held.tokens)
        ]
        copy = held.first(len(held.tokens))
        saved = len(held.tokens) - self._saved < WORTH_KEEPING
        self._snapshots.append(Snapshot(copy, self._context.snapshot(), self._project, saved))
        while self._snapshots and self.bytes_used > self._most_bytes:
            del self._snapshots[0]


def _is_lasting(held: Sequence) -> bool:
    """Whether it may be kept on disk: never what is guessed."""
    return held.spelled and held.guessed_from is None


def shared(held: Sequence, text: bytes) -> int:
    """Tokens of ``held`` that spell the beginning of ``text``."""
    if not held.spelled:
        return 0
    common = common_prefix(held.text, text)
    return sum(1 for end in held.ends if end <= common)
