"""The versions of one place: texts that the model wrote for it, one of which is shown. Pure."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from writer_app.engine.protocol import Ending
from writer_app.ui.session.state import Glimpse

#: Characters of a version by which it is told from the others.
GLIMPSE = 90


@dataclass(eq=False)
class Version:
    """One text for a place.

    Attributes:
        text: As far as it has come; later as the writer left it.
        seed: That it was drawn with; ``None`` when not known.
        preset: Id of the recipe that it was asked for with.
        reason: Why it ended; ``None`` while it is being written.
        fit: How likely it makes the text behind it: mean natural logarithm of the probability of a token
            there. ``None`` where that is not known.
        source: The request that it answers, by which the log knows it; empty where that is not known.
        answer: Which of the answers to that request it is, from 0.
    """

    text: str = ""
    seed: int | None = None
    preset: str = ""
    reason: Ending | None = None
    fit: float | None = None
    source: str = ""
    answer: int = 0


class Versions:
    """Versions in the order in which she steps through them.

    Those without a word yet neither count nor come up.

    Attributes:
        shown: The one that stands in the text.
    """

    def __init__(self) -> None:
        self.shown: Version | None = None
        self._all: list[Version] = []

    def __len__(self) -> int:
        return sum(1 for _version in self)

    def __iter__(self) -> Iterator[Version]:
        return (version for version in self._all if version.text)

    @property
    def number(self) -> int:
        """Which one is shown, from 1; 0 for none."""
        return next((number for number, each in enumerate(self, 1) if each is self.shown), 0)

    @property
    def best(self) -> Version | None:
        """The one that fits best to what follows, where there is a choice."""
        known = [(each.fit, each) for each in self if each.fit is not None]
        return max(known, key=lambda pair: pair[0])[1] if len(known) > 1 else None

    def add(self, more: Sequence[Version]) -> None:
        """Put new ones behind those that are there."""
        self._all += more

    def beside(self, by: int) -> Version:
        """The one so many steps from the one shown, around the ends."""
        return list(self)[(self.number - 1 + by) % len(self)]

    def drop(self) -> Version:
        """Let the one shown go; returns the one to be shown now. There must be another."""
        number, gone = self.number, self.shown
        self._all = [each for each in self._all if each is not gone]
        self.shown = list(self)[min(number, len(self)) - 1]
        return self.shown

    def merge(self, version: Version, other: Version) -> None:
        """Let a version go whose text is that of another one, which is shown instead."""
        self._all = [each for each in self._all if each is not version]
        self.shown = other

    def rank(self, latest: Sequence[Version]) -> None:
        """The latest are complete: the better they fit, the earlier they stand among themselves.

        Those that never had a word go.
        """
        earlier = [each for each in self if each not in latest]
        ranked = sorted(latest, key=lambda each: math.inf if each.fit is None else -each.fit)
        self._all = [*earlier, *(each for each in ranked if each in self._all and each.text)]

    def recognise(self, text: str) -> None:
        """What stands in the text now is the version shown, edited, or one that undo has brought back."""
        if not text or (self.shown and self.shown.text == text):
            return
        same = next((each for each in self if each.text == text), None)
        if same:
            self.shown = same
        elif self.shown:
            self.shown.text = text

    def glimpses(self) -> tuple[Glimpse, ...]:
        """Each of them in short."""
        best = self.best
        return tuple(
            Glimpse(" ".join(each.text[:GLIMPSE].split()), each.seed, each is best) for each in self
        )
