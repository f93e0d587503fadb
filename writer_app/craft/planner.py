"""Laying out a prompt so that it shares a long beginning with the one before.

A layout, once made, stays as it is while the text grows behind it:

- The window over the text keeps its start until the budget is used up, and then takes a large step: only about
  half of the budget is used again.
- A fact that becomes active is set in a little before the caret: what is read again is at most a quarter of
  the prompt. There it stays; a border between far and near text that followed the caret would cost all behind
  it with each move. The next fact is set in at the same place while that is near enough to be cheap, else nearer.
- With the next step of the window everything is read again anyway. So then what was set in moves to the head,
  and what has fallen silent leaves.

The one thing that does not wait is an untruth. A new version of a fact that only adds to the old one is set in
like any other, beside the old one. But a version that takes something back must not stand beside what it
contradicts. Measured with the starter model on ten corrected facts: told both, the old one in the head and the new
one near the caret, it gave the old one 6 times the probability (0.087 against 0.014 where only the new one was told)
and the new one less; to say that it has changed did not help (0.098). So an inset is taken out, and what stands
behind it is read again. Out of the head nothing can be taken for less than reading all of the text again, so the
window takes its next step at once: that halves what is read, and was due anyway. Who corrects a fact often does so
twice; so its new version is set in near the caret, where the next correction is cheap.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from writer_app.craft.context import LONGEST_TOKEN, CountTokens, border, window_start
from writer_app.craft.layout import Fact, Inset, Layout, Place

#: Layouts remembered for one manuscript: places the writer may come back to.
_REMEMBERED = 4


def lay_out(
    text: str,
    caret: int,
    facts: Sequence[Fact],
    budget: int,
    count: CountTokens,
    earlier: Sequence[Layout] = (),
    silent: Sequence[Fact] = (),
) -> tuple[Layout, ...]:
    """Lay out a prompt of ``facts`` and the text up to the caret, going on with an earlier layout where it can.

    Args:
        text: The manuscript.
        caret: Offset (code points) up to which is read.
        facts: What is active now, most important first. Facts take at most half of the budget; what finds no
            room is left out whole.
        budget: Tokens of all parts together, at least 1.
        count: Counts tokens.
        earlier: What the last call for this manuscript returned. Without it the layout depends on nothing
            but the other arguments.
        silent: What is not active, as it is told now: an older version of it that it takes back goes at once.

    Returns:
        The layout, and behind it earlier ones to come back to. Hand all of them to the next call.
    """
    again = [(one.again(text), one) for one in earlier]
    found = [one for one, _ in again if one]
    near = sorted(
        (one for one in found if 0 <= caret - one.start.at <= budget * LONGEST_TOKEN),
        key=lambda one: abs(one.caret - caret),
    )
    told = dict.fromkeys([*facts, *(fact for one in near for fact in one.facts)])
    windows = [text[one.start.at : caret] for one in near]
    # With a line end before it, for many tokenisers cut one at the end of a text in another way.
    counted = count([*windows, *("\n" + fact.paragraph for fact in told)])
    lengths, sizes = counted[: len(near)], counted[len(near) :]
    planner = _Planner(
        text, caret, (*facts, *silent), budget, count, dict(zip(told, sizes, strict=True))
    )
    fitting = planner.that_fit(facts)
    deep = tuple(fact for fact in fitting if fact.depth)
    wanted = [fact for fact in fitting if not fact.depth]
    planner = replace(planner, budget=max(1, budget - planner.size(deep)))
    ways = (planner.going_on(*one, wanted) for one in zip(near, lengths, strict=True))
    layout = next(filter(None, ways), None)
    if layout is None:
        before = near[0].facts if near else ()
        layout = planner.afresh(wanted, before, is_first=not found)
    left_out = tuple(fact.id for fact in facts if fact not in fitting)
    layout = replace(layout, caret=caret, left_out=left_out, deep=deep)
    # Those of another document of the project are kept as they are.
    others = (one or was for one, was in again)
    return (layout, *(one for one in others if not layout.goes_on_with(one)))[:_REMEMBERED]


@dataclass(frozen=True)
class _Planner:
    """What one call works on; ``known`` is all as it is now, ``sizes`` the tokens of what is or was told."""

    text: str
    caret: int
    known: Sequence[Fact]
    budget: int
    count: CountTokens
    sizes: dict[Fact, int]

    def size(self, facts: Sequence[Fact]) -> int:
        """Tokens of facts."""
        return sum(self.sizes[fact] for fact in facts)

    def that_fit(self, active: Sequence[Fact]) -> list[Fact]:
        """The active facts that half of the budget has room for; earlier ones first."""
        chosen: list[Fact] = []
        room = self.budget // 2
        for fact in active:
            if self.sizes[fact] <= room:
                chosen.append(fact)
                room -= self.sizes[fact]
        return chosen

    def is_taken_back(self, fact: Fact) -> bool:
        """Whether the fact is no longer true, or stands somewhere else now."""
        return any(
            now.takes_back(fact) or (now.depth > 0 and now.id == fact.id) for now in self.known
        )

    def going_on(self, old: Layout, length: int, wanted: Sequence[Fact]) -> Layout | None:
        """The old layout with what is new set in; ``None`` where the window must step.

        ``length`` are the tokens of its window, up to the caret now.
        """
        if any(self.is_taken_back(fact) for fact in old.head):
            return None
        insets = tuple(
            inset
            for inset in old.insets
            # Behind the caret it stands no more, and right before it nothing of the text would follow.
            if old.start.at <= inset.place.at and self.text[inset.place.at : self.caret].strip()
            if not self.is_taken_back(inset.fact)
        )
        layout = replace(old, insets=insets)
        new = [fact for fact in wanted if fact not in layout.facts]
        used = length + self.size(layout.facts) + self.size(new)
        too_little = old.start.at and length < (self.budget - self.size(wanted)) // 4
        return None if used > self.budget or too_little else self.set_in(layout, new, used)

    def afresh(self, wanted: Sequence[Fact], before: Sequence[Fact], *, is_first: bool) -> Layout:
        """A layout with a window of its own, after one that told ``before``; only the first one fills the budget."""
        corrected = [fact for fact in wanted if any(fact.takes_back(stale) for stale in before)]
        # What stood in the head goes first again: as much of it as stays in place is not read again.
        now = {fact: fact for fact in wanted}
        stays = [now[fact] for fact in before if fact in now]
        settled = dict.fromkeys([*stays, *wanted])
        head = sorted((fact for fact in settled if fact not in corrected), key=_rank)
        room = max(1, self.budget - self.size(wanted))
        aim = room if is_first else max(1, room // 2)
        # Less would soon be too little to go on with.
        start = window_start(self.text, self.caret, aim, self.count, least=aim // 2)
        layout = Layout(Place.of(self.text, start), self.caret, tuple(head))
        return self.set_in(layout, corrected, self.size(wanted) + aim)

    def set_in(self, layout: Layout, new: Sequence[Fact], used: int) -> Layout:
        """The layout with new facts set in, so that with them at most a quarter of the prompt is read again.

        ``used`` are the tokens of the prompt.
        """
        if not new:
            return layout
        near = max(used // 8, used // 4 - self.size(new))
        place = layout.insets[-1].place if layout.insets else None
        if place is None or self.count([self.text[place.at : self.caret]])[0] > near:
            start = layout.start.at
            at = border(self.text, start, self.caret, max(1, near // 2), self.count)
            place = Place.of(self.text, at)
        insets = (*layout.insets, *(Inset(place, fact) for fact in new))
        return replace(layout, insets=insets)


def _rank(fact: Fact) -> tuple[int, int]:
    return -fact.stability, fact.order
