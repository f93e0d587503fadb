"""Keeping what follows an edit, at new positions, though it was computed against the text before the edit.

What is kept so is a guess, and measured as one (``tests/bench/shifting.py``, starter model, 1,500 tokens: mean
divergence of the next token from a fresh read, nats, and in brackets of the worst edit): 0.0053 (0.015) for
edits 200 tokens before the caret, 0.0037 (0.007) at 500, 0.0042 (0.007) at 1,000; 0.0032 (0.011) where the edited
name has to be said again. Rounding alone, all positions one higher, makes 0.0038. The same text read from one
paragraph later, as the window may do any time, makes 0.0085 (0.018): that is the bound. A third edit without a
fresh read between was no worse, yet only one is guessed, and reading along replaces the guess.

A sliding window is never shifted: llama.cpp writes over what it takes to be outside it, and even where that was
prevented the test model said an edited name less often than after a fresh read, 0.42 for 0.46.
"""

from dataclasses import dataclass

from writer_app.engine.cache import Sequence, reusable

#: Tokens taken out or put in, at most: a long sentence. What was measured changed no more.
MOST_CHANGED = 64
#: Tokens before the caret that are read again, so that what is nearest knows of the edit.
READ_AGAIN = 64
#: Tokens before the edit: the first ones weigh on all that follows, and edits there were not measured.
LEAST_BEFORE = 64
#: Tokens it must spare: about a second of reading on two slow cores.
WORTH_SHIFTING = 192
#: Nats that one edit may make; see above.
BOUND = 0.018
#: Equal tokens by which the text behind an edit is recognised. All that is kept is then compared.
_RUN = 16


@dataclass(frozen=True)
class Shift:
    """What an edit changed, in tokens: ``removed`` gave way to ``inserted``, and ``tail`` stays behind these."""

    keep: int
    removed: int
    inserted: int
    tail: int


def plan(held: Sequence, wanted: list[int]) -> Shift | None:
    """How to come from what is held to ``wanted`` by one shift; ``None`` where it must be read."""
    keep = reusable(held, wanted)
    if held.guessed_from is not None or not held.spelled or keep < LEAST_BEFORE:
        return None
    starts = {
        tuple(wanted[keep + inserted : keep + inserted + _RUN]): inserted
        for inserted in reversed(range(MOST_CHANGED + 1))
    }
    best = Shift(keep, 0, 0, 0)
    for removed in range(MOST_CHANGED + 1):
        behind = held.tokens[keep + removed :]
        inserted = starts.get(tuple(behind[:_RUN]))
        if inserted is not None:
            room = len(wanted) - keep - inserted - READ_AGAIN
            tail = min(_common(behind, wanted[keep + inserted :]), room)
            if tail > best.tail:
                best = Shift(keep, removed, inserted, tail)
    return best if best.tail >= WORTH_SHIFTING else None


def _common(one: list[int], other: list[int]) -> int:
    pairs = zip(one, other, strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
