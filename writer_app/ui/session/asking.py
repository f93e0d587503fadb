"""From the panel's options, the settings and the page to an :class:`Ask`."""

from dataclasses import dataclass

from writer_app.craft.continuation import Ask
from writer_app.craft.recipe import Preset
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
    """

    switches: Switches = ALL_ON
    model: str = ""
    read_tokens: int = 0
    anyway: bool = False
    project: str = ""
    bans: tuple[str, ...] = ()
    saving: bool = False

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
        )
