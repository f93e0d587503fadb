"""Finishing the word that the caret stands in.

Drawn piece by piece, a word started by the writer often becomes a non-word: the first piece is taken for the
sake of other words that begin with it. So whole words are compared: a best-first search over the pieces
that spell what the writer typed and go on, each path weighed by its probability to its end, the end
included. Among the words at least a third as likely as the likeliest, one is drawn.
"""

import heapq
import math
import random
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from writer_app.engine.native import NativeModel
from writer_app.engine.sampling import Scores
from writer_app.engine.seam import Forced

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
    """The pieces chosen, the probability each had in its place, and whether the word ends with them."""

    tokens: tuple[int, ...]
    shares: tuple[float, ...]
    is_whole: bool


def finish(
    model: NativeModel,
    tail: bytes,
    restrained: Callable[[Scores], Scores],
    draw: random.Random | None,
) -> Word | None:
    """Find the rest of the word that ``tail`` begins; the context then holds it.

    Args:
        model: Holds the text before the tail; must be able to rewind.
        tail: Bytes of the unfinished word, with the space before it.
        restrained: Takes what must not be written out of a row of logits.
        draw: Chooses among words nearly as likely as the best; ``None`` takes the best.

    Returns:
        The word, or ``None`` when stopped on the way.
    """
    search = _Search(model, tail, restrained)
    words = search.run()
    if not words:
        return None
    likely = [word for word in words if word.cost <= words[0].cost + MARGIN]
    weights = [math.exp(words[0].cost - word.cost) for word in likely]
    chosen = draw.choices(likely, weights)[0] if draw else likely[0]
    if not model.look(search.base, chosen.tokens):
        return None
    return Word(chosen.tokens, chosen.shares, chosen.is_whole)


class _Search:
    def __init__(
        self, model: NativeModel, tail: bytes, restrained: Callable[[Scores], Scores]
    ) -> None:
        self.base = len(model.held.tokens)
        self._model = model
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
            if path.tokens and not self._model.look(self.base, path.tokens):
                return []
            self._expand(path)
        return whole or [path]

    def _expand(self, path: _Path) -> None:
        scores = self._restrained(self._model.scores())
        shares = np.exp(scores - scores.max(), dtype=np.float64)
        shares /= shares.sum()
        vocabulary = self._model.vocabulary
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
