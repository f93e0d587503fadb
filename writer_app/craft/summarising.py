"""Summing up a chapter: piece by piece, and then what was made of the pieces, until it is a few sentences.

It is the recipe "summarise", asked of one piece after the other, so all that makes small models answer well holds here
too. What is finished of a chapter stays when the rest is stopped, and can be gone on with.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from writer_app.craft.candidate import Judge
from writer_app.craft.portions import portions
from writer_app.craft.rewriting import Rewriting
from writer_app.craft.transform import Transform
from writer_app.text.habits import ALL_ON
from writer_app.text.script import language_of
from writer_app.text.sentences import last_end

#: Characters of a piece: small models lose the thread in more.
_PIECE = {"zh": 1_600}
_PIECE_LATIN = 5_000
#: Characters of a summary.
_MOST = {"zh": 300}
_MOST_LATIN = 900
#: Times that summaries are summed up again.
_ROUNDS = 3


@dataclass
class Summarising:
    """One chapter on its way to its summary.

    Attributes:
        text: Of the chapter.
        recipe: "summarise".
        model: Path of the model; empty takes what fits the text.
        anyway: Ask even in a language that the model cannot write.
        saving: Spare the battery.
        summary: What has come of it; empty until it is complete, and where nothing useful came.
    """

    text: str
    recipe: Transform
    model: str = ""
    anyway: bool = False
    saving: bool = False
    summary: str = field(default="", init=False)
    is_complete: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        self._zh = language_of(self.text[:2_000]) == "zh"
        self._round = 0
        self._begin(self.text)

    @property
    def progress(self) -> tuple[int, int]:
        """Pieces finished, and all of this round."""
        return len(self._made), len(self._spans)

    def question(self) -> Rewriting:
        """What to ask next; not when it is complete."""
        return Rewriting(
            text=self._source,
            span=self._spans[len(self._made)],
            recipe=self.recipe,
            wish="short",
            before="",
            model=self.model,
            anyway=self.anyway,
            saving=self.saving,
        )

    def take(self, answer: str) -> None:
        """The model's whole answer to :meth:`question`; one that is of no use leaves the piece out."""
        made = Judge(self.question(), ALL_ON, frozenset()).finish(answer).text
        self._made.append(" ".join(made.split()))
        if len(self._made) < len(self._spans):
            return
        whole = ("" if self._zh else " ").join(filter(None, self._made))
        self._round += 1
        if len(whole) <= self._most or self._round == _ROUNDS or len(self._spans) == 1:
            self.summary = _cut(whole, self._most)
            self.is_complete = True
        else:
            self._begin("\n".join(filter(None, self._made)))

    @property
    def _most(self) -> int:
        return _MOST["zh"] if self._zh else _MOST_LATIN

    def _begin(self, source: str) -> None:
        most = _PIECE["zh"] if self._zh else _PIECE_LATIN
        self._source = source
        self._spans: Sequence[tuple[int, int]] = portions(source, 0, len(source), most=most)
        self._made: list[str] = []
        self.is_complete = not self._spans


def _cut(text: str, most: int) -> str:
    """At most so many characters, up to the end of a sentence."""
    if len(text) <= most:
        return text
    cut = text[:most]
    return cut[: last_end(cut)].strip() or cut
