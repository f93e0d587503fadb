"""From the panels' options, the settings and the page to a question for the model."""

from collections.abc import Iterable
from dataclasses import dataclass

from writer_app.craft.continuation import Ask
from writer_app.craft.recipe import Preset
from writer_app.craft.rewriting import Rewriting
from writer_app.craft.surroundings import Surroundings
from writer_app.craft.transform import Transform
from writer_app.text.habits import ALL_ON, Switches
from writer_app.ui.session.state import Options


@dataclass(frozen=True)
class Asking:
    """What settings and circumstances add to the panel's options.

    Attributes:
        anyway: In a language that the model does not know, too.
        project: What is read is kept for this project.
        bans: What is never written.
        saving: Spare the battery.
        glossary: Terms and how they are translated or spelt.
        around: What the text's project says around it.
        prompt: What is read for once instead of what would be, word for word.
    """

    switches: Switches = ALL_ON
    model: str = ""
    read_tokens: int = 0
    anyway: bool = False
    project: str = ""
    bans: tuple[str, ...] = ()
    saving: bool = False
    glossary: tuple[tuple[str, str], ...] = ()
    around: Surroundings | None = None
    prompt: str | None = None

    def rewriting(
        self,
        text: str,
        span: tuple[int, int],
        recipe: Transform,
        wish: str,
        candidates: int,
        options: Options,
    ) -> Rewriting:
        """The question about the passage ``span`` (code points) of ``text``."""
        return Rewriting(
            text=text,
            span=span,
            recipe=recipe,
            wish=wish,
            candidates=candidates,
            overrides=options.overrides,
            seed=options.seed,
            model=self.model,
            anyway=self.anyway,
            project=self.project,
            bans=self.bans,
            glossary=self.glossary,
            saving=self.saving,
        )

    def ask(self, text: str, caret: int, options: Options, recipe: Preset) -> Ask:
        """The ask for a continuation at ``caret`` (code points) of ``text``."""
        return Ask(
            text=text,
            caret=caret,
            recipe=recipe,
            note=options.note,
            length=options.length,
            amount=options.amount,
            alternatives=options.alternatives,
            overrides=options.overrides,
            seed=options.seed,
            stop=options.stop,
            model=self.model,
            read_tokens=self.read_tokens,
            anyway=self.anyway,
            project=self.project,
            bans=self.bans,
            saving=self.saving,
            around=self.around,
            prompt=self.prompt,
        )


def terms_of(lines: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """A glossary from its lines ``term = what it is called``; what is written otherwise is none."""
    pairs = (line.partition("=") for line in lines)
    return tuple(
        (term.strip(), meant.strip())
        for term, _sign, meant in pairs
        if term.strip() and meant.strip()
    )
