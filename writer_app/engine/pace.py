"""How many threads to write with: found out by measuring while text is written, not by a benchmark before.

What is fastest depends on who else is awake. The starter model on 2 cores writes 44 tokens/s with 2 threads and 30
with one; beside one other busy process 16 with 2 and 32 with one, for the threads of a team wait for each other
after every operation, and so all of them for the one that has to share its core.

So steps are taken in stretches with one count of threads, and what a step costs with each count is remembered.
The count that promises most is used; so its promise stays fresh, and those of the others grow old. When another
program gets busy, the count in use breaks its promise, and the next best is tried at once. When that program
ends, nothing gets faster by itself: therefore a little of the time goes into probing other counts, above all
higher ones. That a step costs more as the text gets longer only means that now and then the next best is tried.
"""

from collections.abc import Sequence

#: Steps of a stretch that count; two are enough of slow ones, which take so many seconds together.
_STEPS, _ENOUGH_S = 5, 0.5
#: The count in use stays unless another promises a step in less than this share of the time.
_BETTER = 0.95
#: A step that takes so many times as long is a drop of the pace by a third. Two of them end a stretch, and where
#: a count is so much worse than the best, still fewer threads are not worth a trial.
_SLOW = 1.5
#: Fewer threads than the best are probed if they were not worse than so many times: when they do better by more,
#: those in use do worse.
_CLOSE = 1.25
#: Share of the writing time that probes may lose; half of their time counts as lost at least. A probe that brings
#: nothing loses about three steps' time.
_PROBING, _LEAST_LOSS, _PRICE = 0.02, 0.5, 3.0
#: After so many seconds without a step the machine may be another: a probe is due.
_REST_S = 5.0
#: Seconds that a step takes at least, whatever a coarse clock shows.
_SHORTEST_S = 1e-6


def counts(cores: int, fast: int = 0) -> tuple[int, ...]:
    """The counts of threads worth a trial on so many cores, the highest first.

    One core less leaves room for one busy program, three quarters, half and less for more of them, and may be
    enough where memory is the limit. Of a hybrid processor ``fast`` is the number of performance cores: as
    slow ones keep them waiting, it is either all or some of the fast.
    """
    if 0 < fast < cores:
        return (cores, *counts(fast))
    tried = {cores, cores - 1, cores * 3 // 4, cores // 2, cores // 4, 1} - {0}
    return tuple(sorted(tried, reverse=True))


class Pace:
    """Says how many threads are to take the next step, and is told how long it took.

    Args:
        tried: The counts to choose from, the highest first; a single one is always used.

    Attributes:
        threads: For the next step.
        chosen: The count that promises most.
        most: The highest count.
    """

    def __init__(self, tried: Sequence[int]) -> None:
        self.threads = self.chosen = self.most = tried[0]
        self._tried = tuple(tried)
        #: Seconds of a step, by threads; what was measured last stands last.
        self._costs: dict[int, float] = {}
        self._steps: list[float] = []  # seconds of each step of this stretch
        self._is_first = True  # of a stretch after a change: it makes threads and warms caches
        self._rows, self._rows_changed = 1, False
        self._purse = 0.0  # what probes may lose, in steps with the chosen count
        self._ended = 0.0

    @property
    def is_settled(self) -> bool:
        """Whether every count worth a trial has had one."""
        return len(self._tried) == 1 or not self._untried()

    def tell(self, began: float, ended: float, rows: int = 1) -> None:
        """Learn how long a step with :attr:`threads` took.

        Args:
            began: When, in seconds on a clock that never goes back.
            ended: Likewise.
            rows: Tokens computed together, one for each text that is being written.
        """
        if len(self._tried) == 1:
            return
        if began - self._ended > _REST_S:
            self._purse = _PRICE
        self._ended = ended
        if rows != self._rows:
            self._rows, self._rows_changed = rows, True
            self._use(self.chosen)
            return
        seconds = max(ended - began, _SHORTEST_S)
        self._pay(seconds)
        if self._is_first:
            self._is_first = False
            return
        self._steps.append(seconds)
        if self._is_enough():
            self._note()
            self._choose()

    def _use(self, threads: int) -> None:
        self._is_first = threads != self.threads
        self.threads, self._steps = threads, []

    def _pay(self, seconds: float) -> None:
        """Put aside a share of each step for probes, but only for one; take from it what they lose."""
        if self.threads == self.chosen:
            self._purse = min(self._purse + _PROBING, _PRICE)
        elif self.is_settled:
            steps = seconds / self._costs[self.chosen]
            self._purse -= max(steps - 1, _LEAST_LOSS * steps)

    def _is_enough(self) -> bool:
        if len(self._steps) < 2:
            return False
        return (
            len(self._steps) == _STEPS
            or sum(self._steps) >= _ENOUGH_S
            or min(self._steps) > _SLOW * self._costs.get(self.chosen, float("inf"))
        )

    def _note(self) -> None:
        """Remember what the stretch says."""
        cost = (sum(self._steps) - max(self._steps)) / (len(self._steps) - 1)  # forgives a hiccup
        known = self._costs.pop(self.threads, 0.0)
        if known and self._rows_changed:
            # As this count costs more or less than for the old kind of steps, so will the others.
            self._costs = {count: old * cost / known for count, old in self._costs.items()}
        elif known and self.threads == self.chosen:
            if cost > _SLOW * known:
                self._purse = _PRICE  # others may do better now
            cost = (known + min(cost, _SLOW * known)) / 2  # one bad stretch alone proves little
        self._rows_changed = False
        self._costs[self.threads] = cost

    def _choose(self) -> None:
        best = min(self._costs, key=self._costs.__getitem__)
        if self._costs[best] < _BETTER * self._costs[self.chosen]:
            if best > self.chosen:
                # Somebody has left: what is known of still higher counts is out of date.
                self._costs = {n: cost for n, cost in self._costs.items() if n <= best}
            self.chosen = best
            self._use(self._untried() or best)
        else:
            self._use(self._untried() or self._probe() or self.chosen)

    def _untried(self) -> int:
        """The highest count that has had no trial and is worth one; 0 for none."""
        best = min(self._costs, key=self._costs.__getitem__, default=0)
        for count in self._tried:
            if count not in self._costs:
                return count
            if count < best and self._costs[count] > _SLOW * self._costs[best]:
                break
        return 0

    def _probe(self) -> int:
        """The count not measured for longest, of those that may do better by now; 0 for none, or not yet."""
        if self._purse < _PRICE:
            return 0
        limit = _CLOSE * self._costs[self.chosen]
        return next(
            (
                count
                for count, cost in self._costs.items()
                if count > self.chosen or (count < self.chosen and cost < limit)
            ),
            0,
        )
