"""What a writer is told of text that the model wrote once more from the same request. Pure."""

from dataclasses import dataclass

from writer_app.language import _


@dataclass(frozen=True)
class Repetition:
    """How it went.

    Attributes:
        is_same: It is word for word what stood there.
        goes_on: It begins with what stood there.
        is_same_model: Model and engine are those of then.
        was_alone: It was asked for by itself, not as one of several.
        was_repeatable: It was asked for with a seed of hers, in the way that gives the same each time.
    """

    is_same: bool
    goes_on: bool
    is_same_model: bool
    was_alone: bool
    was_repeatable: bool

    @property
    def told(self) -> str:
        """The sentences for her."""
        if self.is_same:
            return _("The model has written this again: the same, word for word.")
        if self.goes_on:
            return _(
                "The model has written this again: the same, and it goes on where you ended it then."
            )
        if not self.is_same_model:
            return _(
                "Another model or engine than then has written this; what stood here is the version before."
            )
        if not self.was_alone:
            return _(
                "This was one of several versions written at the same time then, which the machine computes a "
                "little otherwise than one alone. What stood here is the version before; from now on it is the "
                "same each time."
            )
        if self.was_repeatable:
            return _(
                "This is word for word what the model wrote then. What stood here, with your changes, is the "
                "version before."
            )
        return _(
            "This is not quite what stood here, which is the version before: you have changed that since, or "
            "the machine computed a little otherwise then. With a seed of your own (under Temperature, seed, stop "
            "strings) it is the same each time."
        )
