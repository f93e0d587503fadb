"""A candidate: what a model has written for a passage, made fit to stand in its place, and verified."""

from dataclasses import dataclass, replace

from writer_app.craft import cleaning
from writer_app.craft.checks import Aim, Verdict, verify
from writer_app.craft.rewriting import Rewriting, verified
from writer_app.craft.transform import Result
from writer_app.errors import BadChoice, PassageEmpty
from writer_app.text.formatting import restore
from writer_app.text.habits import Habits, Switches
from writer_app.text.names import names_of
from writer_app.text.rules import RULES
from writer_app.text.typography import Adapter

#: Characters on both sides of a passage that are searched for the names of its people.
_AROUND = 60_000


@dataclass(frozen=True)
class Candidate:
    """One answer for a passage.

    Attributes:
        text: What may take the place of the passage, go behind it, or be read.
        verdicts: How its checks came out.
        lost: Formatting of the passage that could not be placed.
        items: Of a list.
    """

    text: str
    verdicts: tuple[Verdict, ...] = ()
    lost: tuple[str, ...] = ()
    items: tuple[str, ...] = ()

    @property
    def is_useful(self) -> bool:
        """Whether there is anything in it for the writer."""
        return bool(self.text.strip())

    @property
    def failed(self) -> tuple[Verdict, ...]:
        """The checks that did not pass."""
        return tuple(each for each in self.verdicts if not each.passed)


def by_rule(asked: Rewriting) -> Candidate:
    """What a rule makes of the whole passage; no model is asked.

    Raises:
        PassageEmpty: There is nothing in it.
        BadChoice: The rule does not know what was wished.
    """
    recipe, choice = asked.recipe, asked.choice
    if not asked.passage.strip():
        raise PassageEmpty
    if choice is None and asked.wish.strip():
        known = recipe.parameter.choices if recipe.parameter else ()
        raise BadChoice(wish=asked.wish, known=", ".join(each.id for each in known))
    text = RULES[recipe.rule](asked.passage, choice.id if choice else "", asked.text)
    return Candidate(text)


def names_around(asked: Rewriting) -> frozenset[str]:
    """The names that the manuscript shows near the passage."""
    start, end = asked.span
    return names_of(asked.text[max(0, start - _AROUND) : end + _AROUND])


class Judge:
    """Makes candidates of answers to one question; what all of them need of the manuscript is found once.

    Args:
        asked: The question.
        switches: Which marks are set as the manuscript has them.
        names: Those of :func:`names_around`, where they are known already.
    """

    def __init__(
        self, asked: Rewriting, switches: Switches, names: frozenset[str] | None = None
    ) -> None:
        self._asked = asked
        self._order = asked.order if asked.recipe.instruction else ""
        self._habits = Habits.of(asked.text, asked.target or asked.language)
        self._switches = switches
        self._aim = Aim(
            language=asked.target,
            limits=asked.recipe.limits(asked.wish),
            names=names_around(asked) if names is None else names,
            glossary=asked.terms,
        )

    def so_far(self, answer: str) -> str:
        """What of an answer that is still being written can be shown."""
        asked = self._asked
        spoken = asked.recipe.spoken or asked.recipe.result is Result.AFTER
        cleaned = cleaning.clean(answer, asked.passage, self._order, spoken=spoken)
        if cleaning.is_refusal(cleaned, asked.passage):
            return ""
        if asked.is_one_line:
            cleaned = cleaned.partition("\n")[0]
        # What was left as it is has the marks that the writer gave it.
        return cleaned if cleaned == asked.passage.strip() else self._typeset(cleaned)

    def finish(self, answer: str) -> Candidate:
        """The candidate that a complete answer makes; an empty one where it is of no use."""
        asked, text = self._asked, self.so_far(answer)
        if asked.recipe.result is Result.LIST:
            items = tuple(cleaning.items(text))
            return replace(self.verified("\n".join(items)), items=items)
        lost: tuple[str, ...] = ()
        if asked.recipe.result is Result.REPLACE and text:
            restored = restore(asked.passage, text)
            text, lost = restored.text, restored.lost
        return self.verified(text, lost)

    def verified(self, text: str, lost: tuple[str, ...] = ()) -> Candidate:
        """``text`` as a candidate, with its checks; also for text that the writer has edited."""
        asked = self._asked
        return Candidate(text, verify(verified(asked.recipe), asked.passage, text, self._aim), lost)

    def _typeset(self, text: str) -> str:
        """In the manuscript's own quotation marks and dashes."""
        if self._asked.recipe.result is Result.ANSWER:
            return text
        adapter = Adapter(self._habits, self._switches)
        before = self._asked.text[max(0, self._asked.span[0] - 400) : self._asked.span[0]]
        return adapter.feed(text, before) + adapter.finish()
