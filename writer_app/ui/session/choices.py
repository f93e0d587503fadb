"""What she chose for the next words, and the question that comes of it and of the settings."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from writer_app.craft.continuation import Length
from writer_app.craft.recipe import Preset
from writer_app.craft.samplers import Overrides
from writer_app.craft.surroundings import Surroundings
from writer_app.engine.protocol import Sampling
from writer_app.text.habits import Switches
from writer_app.ui.session.asking import Asking, terms_of
from writer_app.ui.session.reading_along import on_battery
from writer_app.ui.session.services import Services
from writer_app.ui.session.state import Options


class Choices(QObject):
    """The options of one window; they outlive it in the settings.

    Args:
        kept_for: What is read is kept on disk for this file; empty: nowhere.
        around: What the text's project says around it; ``None`` without a project.

    Signals:
        changed: The new :class:`Options`.

    Attributes:
        options: What is chosen now.
    """

    changed = Signal(object)

    def __init__(
        self,
        services: Services,
        kept_for: Callable[[], str],
        around: Callable[[], Surroundings | None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._services, self._kept_for, self._around = services, kept_for, around
        values = services.preferences.values.continuing
        presets = services.recipes.presets
        self.options = Options(
            recipe=values.recipe if values.recipe in presets else next(iter(presets)),
            length=Length(values.length),
            amount=values.amount,
            alternatives=values.alternatives,
            overrides=Overrides.read(values.sampling),
        )

    def set_options(self, options: Options) -> None:
        """Take over what was chosen in the panel."""
        if options == self.options:
            return
        self.options = options
        for name, value in (
            ("recipe", options.recipe),
            ("length", options.length.value),
            ("amount", options.amount),
            ("alternatives", options.alternatives),
            ("sampling", options.overrides.plain()),
        ):
            self._services.preferences.set("continuing", name, value)
        self.changed.emit(options)

    def set_overrides(self, overrides: Overrides) -> None:
        """Take over how the next words are drawn, and leave all other options."""
        self.set_options(replace(self.options, overrides=overrides))

    @property
    def sampling(self) -> Sampling:
        """How the next words are drawn now: the recipe's way, with what she set herself."""
        return self.options.overrides.applied_to(self.recipe().sampling)

    @property
    def switches(self) -> Switches:
        """Which signs are typeset as she types and as the model writes."""
        typing = self._services.preferences.values.typing
        return Switches(quotes=typing.quotes, dashes=typing.dashes, ellipsis=typing.ellipsis)

    def recipe(self, name: str = "") -> Preset:
        """The recipe of that id, else the chosen one, else the first."""
        recipes = self._services.recipes.presets
        return recipes.get(name or self.options.recipe) or next(iter(recipes.values()))

    def asking(self, *, anyway: bool = False) -> Asking:
        """What settings and circumstances add; ``anyway``: in a language that the model does not know, too."""
        values = self._services.preferences.values
        return Asking(
            self.switches,
            values.model.path,
            values.model.read_tokens,
            anyway,
            self._kept_for(),
            values.model.bans,
            saving=values.model.saver and on_battery(),
            glossary=terms_of(values.rewriting.glossary),
            around=self._around(),
        )
