"""Finishing the word that the caret stands in.

Drawn piece by piece, a word started by the writer often becomes a non-word: the first piece is taken for the
sake of other words that begin with it. So whole words are compared: a best-first search over the pieces
that spell what the writer typed and go on, each path weighed by its probability to its end, the end
included. The caller draws among the words at least a third as likely as the likeliest.
"""

import heapq
import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from writer_app.engine.context import Context
from writer_app.engine.sampling import Scores
from writer_app.engine.seam import Forced
from writer_app.engine.vocabulary import Vocabulary

#: Places looked at, at most: each costs one call of the model, some 20 ms for the starter.
LOOKS = 16
#: Pieces followed from each place.
WIDTH = 6
#: Less likely than the best by more than this (natural logarithm) is not drawn.
MARGIN = math.log(3)


@dataclass(order=True)
class _Path:
    """Pieces so far; ``cost`` is the negative logarithm of their probability."""

    cost: float
    number: int
    tokens: tuple[int, ...] = field(compare=False)
    rest: bytes = field(compare=False)
    shares: tuple[float, ...] = field(compare=False)
    is_whole: bool = field(compare=False, default=False)


@dataclass(frozen=True)
class Word:
    """A word found.

    Attributes:
        tokens: Its pieces.
        shares: The probability each had in its place.
        is_whole: Whether the word ends with them.
        weight: Its probability relative to the likeliest word.
    """

    tokens: tuple[int, ...]
    shares: tuple[float, ...]
    is_whole: bool
    weight: float


def find(
    context: Context,
    vocabulary: Vocabulary,
    start: Scores,
    tail: bytes,
    restrained: Callable[[Scores], Scores],
) -> list[Word]:
    """Look for words that ``tail`` begins, the likeliest first; sequence 0 is then as it was before.

    Args:
        context: Its sequence 0 holds the text before the tail, and must be able to rewind.
        vocabulary: The model's.
        start: The scores behind that text.
        tail: Bytes of the unfinished word, with the space before it.
        restrained: Takes what must not be written out of a row of logits.

    Returns:
        Words nearly as likely as the best; none when stopped on the way.
    """
    search = _Search(context, vocabulary, start, tail, restrained)
    paths = search.run()
    context.rewind(0, search.base)
    return [
        Word(path.tokens, path.shares, path.is_whole, math.exp(paths[0].cost - path.cost))
        for path in paths
        if path.cost <= paths[0].cost + MARGIN
    ]


class _Search:
    def __init__(
        self,
        context: Context,
        vocabulary: Vocabulary,
        start: Scores,
        tail: bytes,
        restrained: Callable[[Scores], Scores],
    ) -> None:
        self.base = len(context.held[0].tokens)
        self._context = context
        self._vocabulary = vocabulary
        self._start = start
        self._restrained = restrained
        self._open = [_Path(0.0, 0, (), tail, ())]
        self._made = 0

    def run(self) -> list[_Path]:
        """Whole words, the likeliest first; empty when stopped."""
        whole: list[_Path] = []
        looks = 0
        while self._open:
            path = heapq.heappop(self._open)
            if whole and path.cost > whole[0].cost + MARGIN:
                break
            if path.is_whole:
                whole.append(path)
                continue
            # Out of looks before any word was whole: go on along the best path alone.
            looks += 1
            if looks > LOOKS and (whole or looks > 2 * LOOKS):
                break
            if path.tokens and not self._look(path.tokens):
                return []
            self._expand(path)
        return whole or [path]

    def _expand(self, path: _Path) -> None:
        scores = self._context.scores() if path.tokens else self._start.copy()
        scores = self._restrained(scores)
        shares = np.exp(scores - scores.max(), dtype=np.float64)
        shares /= shares.sum()
        vocabulary = self._vocabulary
        if path.rest:
            allowed = np.array(Forced(path.rest, vocabulary.pieces, vocabulary.tokenise).allowed())
        else:
            letters = vocabulary.letters
            self._push(path, None, float(shares[~letters].sum()), b"")
            allowed = np.flatnonzero(letters)
        best = allowed[np.argsort(-shares[allowed], kind="stable")[:WIDTH]]
        for token in best.tolist():
            rest = path.rest[len(vocabulary.piece(token)) :]
            self._push(path, token, float(shares[token]), rest)

    def _look(self, tokens: tuple[int, ...]) -> bool:
        """Read these pieces behind the base; false when stopped."""
        return self._context.rewind(0, self.base) and self._context.read({0: tokens})

    def _push(self, path: _Path, token: int | None, share: float, rest: bytes) -> None:
        if share <= 0:
            return
        self._made += 1
        more = () if token is None else (token,)
        heapq.heappush(
            self._open,
            _Path(
                path.cost - math.log(share),
                self._made,
                path.tokens + more,
                rest,
                (*path.shares, share) if more else path.shares,
                is_whole=token is None,
            ),
        )
