"""Which of the texts read so far a new prompt goes on with.

The context works on one text (or on alternatives of one). What it held before is put on the shelf when losing
it would cost a reader's wait: a snapshot in memory, taken back as soon as a prompt goes on with it. So the
continuation, the rewrite and the outline of a book do not drive each other out.

The policy: a prompt goes on with whatever shares the longest beginning with it; something is shelved when more
than :data:`WORTH_KEEPING` tokens of it would be lost; the least recently used goes when the shelf is full.
"""

from dataclasses import dataclass

from writer_app.engine.cache import Sequence, common_prefix
from writer_app.engine.context import Context

#: Tokens; to read so many takes longer than to bring back a snapshot, on any machine (6-8 ms for 1,024).
WORTH_FETCHING = 32
#: Tokens; about a second of reading on two slow cores.
WORTH_KEEPING = 192
#: Bytes of snapshots kept. The starter model needs 23 kB a token, a model of 7 billion numbers 64 to 512.
MOST_BYTES = 512 * 2**20


@dataclass
class Snapshot:
    """A text read once, and what the model remembered of it."""

    held: Sequence
    data: bytes


class Shelf:
    """Snapshots beside one context, the most recently used last."""

    def __init__(self, context: Context, most_bytes: int = MOST_BYTES) -> None:
        self._context = context
        self._most_bytes = most_bytes
        self._snapshots: list[Snapshot] = []

    @property
    def bytes_used(self) -> int:
        """Bytes of all snapshots."""
        return sum(len(snapshot.data) for snapshot in self._snapshots)

    def turn_to(self, prompt: bytes) -> None:
        """Make sequence 0 the text that shares the longest beginning with ``prompt``."""
        context = self._context
        working = {number: shared(held, prompt) for number, held in context.held.items()}
        best = max(working, key=lambda number: working[number])
        shelved = max(self._snapshots, key=lambda kept: shared(kept.held, prompt), default=None)
        gain = shared(shelved.held, prompt) - working[best] if shelved else 0
        context.keep_only(best)
        lost = len(context.held[0].tokens) - working[best]
        if shelved is not None and gain >= WORTH_FETCHING:
            # All of what is worked on would be lost, unless it is a mere beginning of what comes back.
            lost = len(context.held[0].tokens) - shared(context.held[0], shelved.held.text)
            self._snapshots.remove(shelved)
            self._keep(lost)
            context.restore(shelved.held, shelved.data)
        else:
            self._keep(lost)

    def clear(self) -> None:
        """Forget all snapshots."""
        self._snapshots.clear()

    def _keep(self, lost: int) -> None:
        """Put what is worked on on the shelf, if so many tokens of it are about to be lost."""
        if lost < WORTH_KEEPING:
            return
        held = self._context.held[0]
        # An older snapshot of a beginning of it says nothing more.
        self._snapshots = [
            kept for kept in self._snapshots if shared(held, kept.held.text) < len(kept.held.tokens)
        ]
        self._snapshots.append(Snapshot(held.first(len(held.tokens)), self._context.snapshot()))
        while self._snapshots and self.bytes_used > self._most_bytes:
            del self._snapshots[0]


def shared(held: Sequence, text: bytes) -> int:
    """Tokens of ``held`` that spell the beginning of ``text``."""
    if not held.spelled:
        return 0
    common = common_prefix(held.text, text)
    return sum(1 for end in held.ends if end <= common)
