"""The rewriting that needs no model: each rule by its name, with what can be chosen."""

from collections.abc import Callable
from dataclasses import dataclass

from writer_app.text import hanzi, numerals
from writer_app.text.habits import Quotes
from writer_app.text.tidy import Options, tidy

_TIDY = {
    "auto": Options(),
    "layout": Options(marks=False),
    "indent": Options(indent=True),
    "flush": Options(indent=False),
    "blank": Options(apart=True),
    "compact": Options(apart=False),
    "curly": Options(quotes=Quotes.CURLY),
    "corner": Options(quotes=Quotes.CORNER),
}


@dataclass(frozen=True)
class Rule:
    """A rewriting by rule: the same text always becomes the same, and once is enough.

    Attributes:
        choices: What can be chosen; the first is what an empty choice means.
        change: (text, choice, around) to text.
    """

    choices: tuple[str, ...]
    change: Callable[[str, str, str], str]

    def __call__(self, text: str, choice: str = "", around: str = "") -> str:
        """``text`` rewritten.

        Args:
            text: A passage, or all of a manuscript.
            choice: One of :attr:`choices`.
            around: The whole manuscript, whose habits are followed.

        Raises:
            ValueError: There is no such choice.
        """
        chosen = choice or self.choices[0]
        if chosen not in self.choices:
            raise ValueError(choice)
        return self.change(text, chosen, around)


RULES: dict[str, Rule] = {
    "tidy": Rule(tuple(_TIDY), lambda text, choice, around: tidy(text, around, _TIDY[choice])),
    "hanzi": Rule(tuple(hanzi.Style), lambda text, choice, _around: hanzi.convert(text, choice)),
    "numbers": Rule(tuple(numerals.Style), numerals.restyle),
}
