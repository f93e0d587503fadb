"""Prompt-lookup drafting: proposing the next tokens from a text that the answer is expected to resemble.

A rewrite repeats most of what it rewrites. So a stretch of that text is put behind the last token as a draft,
and one call of the decoder gives the logits at every place of it. The answer still takes only what its own
sampler picks, one place after the other, and the draft counts as far as the picks agree with it. What is
written is therefore what would be written without drafts, sampled or not, in fewer calls.

A rejected token is lost time. How long a draft should be depends on two things that are learned: what a drafted
token costs (:class:`Costs`, of a model on a machine) and how likely it is accepted (:class:`Drafter`, of one
answer). The second needs no trials: each token written shows whether a draft would have had it.

Figures without another source were tried out on 250-word passages of novels with 4 to 50 % of the words
replaced, deleted or inserted, with the costs of 2 cores and with drafts that are nearly free.
"""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

#: Tokens drafted at most. Where they are nearly free and 4 % of the words are changed, answers take 0.116 of
#: the time with up to 24, and 0.111 with up to 48.
MOST = 24
#: Tokens of a match that are counted: 16 are believed at any distance.
_LONGEST_MATCH = 16


class Lookup:
    """Follows an answer through the text it is expected to resemble.

    Args:
        expected: Tokens of that text.

    Attributes:
        matched: How many tokens (0 to 16) at the end of the answer also stand before the place reached in the
            expected text; 0 where that place is only supposed.
    """

    def __init__(self, expected: Sequence[int]) -> None:
        self.matched = 0
        self._expected = list(expected)
        self._next = 0
        self._written: list[int] = []
        self._places: defaultdict[int, list[int]] = defaultdict(list)
        for place, token in enumerate(self._expected):
            self._places[token].append(place)

    def draft(self, most: int) -> list[int]:
        """The next tokens of the expected text, at most ``most``; at first those it begins with."""
        return self._expected[self._next : self._next + most]

    def see(self, token: int) -> bool:
        """Take the answer's next token; returns whether a draft would have had it."""
        self._written.append(token)
        accepted = self.draft(1) == [token]
        if accepted:
            self._next += 1
            self.matched = min(self.matched + 1, _LONGEST_MATCH)
        else:
            self._find()
        return accepted

    def _find(self) -> None:
        """Go to the n-gram of the expected text that the answer ends with, or else one token on.

        The farther away, the longer it must be, for more places match by chance: ``n`` tokens are believed
        at less than ``4 ** n`` tokens from where the answer was. Where nothing matches, the answer has most
        likely replaced a token.
        """
        last, best = self._next, 1.0
        self._next, self.matched = min(last + 1, len(self._expected)), 0
        for place in self._places.get(self._written[-1], ()):
            matched = self._match(place)
            belief = 4**matched / (abs(place - last) + 1)
            if belief > best:
                self._next, self.matched, best = place + 1, matched, belief

    def _match(self, place: int) -> int:
        """How many tokens up to ``place``, where the answer's last token stands, are the answer's last."""
        longest = min(_LONGEST_MATCH, place + 1, len(self._written))
        matched = 1
        while matched < longest and self._expected[place - matched] == self._written[-1 - matched]:
            matched += 1
        return matched


class _Average:
    """A running average over about ``memory`` values; the prior counts as ``trust`` of them."""

    def __init__(self, prior: float, trust: int, memory: int) -> None:
        self.value = prior
        self._weight = trust
        self._memory = memory

    def add(self, value: float) -> None:
        self._weight = min(self._weight + 1, self._memory)
        self.value += (value - self.value) / self._weight


class Costs:
    """What drafts cost, learned from the times of the decoder's calls.

    Keep one for a loaded model: what one answer learned is true of the next.

    A Kalman filter fits a line, seconds by tokens drafted. Kernels work in blocks of tokens, so how far the
    calls of each size lie off the line is averaged besides.
    """

    #: What a drafted token costs before anything is measured, in calls without a draft: on 2 cores a call
    #: with 4 tokens costs 2.6 of those with one, and with 16 tokens 9.
    PRIOR = 8 / 15
    #: Standard deviations: of a measured time, as a fraction of it; and from one call to the next of the
    #: machine's pace, as a fraction, and of the cost of a drafted token, in calls without a draft.
    _NOISE, _DRIFT, _BEND = 0.1, 0.05, 0.005
    #: How many calls of its size the line is trusted like, and how many are remembered.
    _TRUST, _MEMORY = 4, 32
    #: Seconds that a call takes at least, whatever a coarse clock shows.
    _SHORTEST = 1e-6

    def __init__(self) -> None:
        #: Calls since the last one with a draft.
        self.undrafted = 0
        # Seconds of a call without a draft, and of each token drafted; zeros before the first call.
        self._line = np.zeros(2)
        self._covariance = np.zeros((2, 2))
        self._off_line = [_Average(1.0, self._TRUST, self._MEMORY) for _ in range(MOST + 1)]

    def of(self, drafted: int) -> float:
        """What a call with this many drafted tokens (0 to ``MOST``) costs, in calls without a draft."""
        single, each = self._line.tolist()
        slope = each / single if single else self.PRIOR
        return (1 + slope * drafted) * self._off_line[drafted].value / self._off_line[0].value

    def tell(self, drafted: int, seconds: float) -> None:
        """Learn that a call with this many drafted tokens (0 to ``MOST``) took so many seconds."""
        self.undrafted = 0 if drafted else self.undrafted + 1
        seconds = max(seconds, self._SHORTEST)
        size = np.array([1.0, drafted])
        if not self._line.any():
            prior = np.array([1.0, self.PRIOR])
            self._line = prior * seconds / (prior @ size)
            self._covariance = np.diag((self._line * [self._NOISE, 1.0]) ** 2)
        self._covariance += self._DRIFT**2 * np.outer(self._line, self._line)
        self._covariance[1, 1] += (self._BEND * self._line[0]) ** 2
        predicted = self._line @ size
        covariance = self._covariance @ size
        variance = covariance @ size + (self._NOISE * predicted) ** 2
        # A call is late when another process wakes, which says little of the next; early it never is.
        surprise = min(seconds - predicted, 2 * variance**0.5)
        self._line += covariance * surprise / variance
        self._line = np.maximum(self._line, [self._SHORTEST, 0.0])
        self._covariance -= np.outer(covariance, covariance) / variance
        self._off_line[drafted].add(min(seconds / float(self._line @ size), 2.0))


class Drafter:
    """Drafts for one answer, as long as they are worth their time.

    It must be shown every token of the answer (:meth:`see`), drafted or not. After a rewind, make a new one
    and show it the tokens that are left.

    Args:
        expected: Tokens of the text that the answer is expected to resemble.
        costs: Those of the model. The caller tells them the time of each call, with and without a draft.
    """

    #: Chances of acceptance before anything is seen, where 0, 1, 2 to 3, and 4 or more tokens match.
    PRIOR = (0.3, 0.5, 0.7, 0.9)
    #: How many tokens that is trusted like, and how many are remembered.
    _TRUST, _MEMORY = 4, 64
    #: After so many calls without a draft, one of three tokens is made to measure its cost: with the last
    #: token a block of four, the smallest of the usual kernels. On 2 cores that is 0.8 % of the time at most.
    _PATIENCE, _PROBE = 200, 3
    #: Tokens for the time of one that a draft must promise: its costs and chances are only estimates.
    _WORTHWHILE = 1.05

    def __init__(self, expected: Sequence[int], costs: Costs) -> None:
        self._lookup = Lookup(expected)
        self._costs = costs
        self._chances = [_Average(chance, self._TRUST, self._MEMORY) for chance in self.PRIOR]

    def see(self, token: int) -> None:
        """Take the answer's next token."""
        chance = self._chance(self._lookup.matched)
        chance.add(self._lookup.see(token))

    def draft(self, most: int = MOST) -> list[int]:
        """Tokens to verify with the next call: up to ``most``, never more than ``MOST``, often none."""
        longest = self._lookup.draft(min(most, MOST))
        return longest[: self._length(len(longest))]

    def _length(self, most: int) -> int:
        """The length that promises most tokens for their time: the expected accepted and one, by cost."""
        matched = self._lookup.matched
        best, best_rate = 0, self._WORTHWHILE
        reached = tokens = 1.0
        for length in range(1, most + 1):
            reached *= self._chance(matched + length - 1).value
            tokens += reached
            rate = tokens / self._costs.of(length)
            if rate > best_rate:
                best, best_rate = length, rate
        # Where nothing matches, a probe would be lost, and its result of no use.
        if not best and matched > 1 and self._costs.undrafted >= self._PATIENCE:
            return min(most, self._PROBE)
        return best

    def _chance(self, matched: int) -> _Average:
        return self._chances[min(matched.bit_length(), len(self.PRIOR) - 1)]
