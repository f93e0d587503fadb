"""What all that is asked of a model has in common, whatever it is about."""

from dataclasses import dataclass
from typing import Protocol

from writer_app.craft.context import CountTokens
from writer_app.craft.layout import Layout
from writer_app.engine.protocol import Generate, Loaded


@dataclass(frozen=True)
class Plan:
    """A request for the engine, and what of it goes into the document besides the answer.

    Attributes:
        request: What the engine is asked.
        lead: Text that belongs before the answer (a line break that makes a new paragraph).
        layouts: How prompts of this manuscript are laid out, the latest first; the next question needs them.
        budget: Tokens that there were for the prompt; 0 where that was not asked.
    """

    request: Generate
    lead: str = ""
    layouts: tuple[Layout, ...] = ()
    budget: int = 0


class Question(Protocol):
    """Something to ask a model, which becomes a request when the model is known."""

    @property
    def model(self) -> str:
        """Path of the model; empty takes what fits the language."""

    @property
    def languages(self) -> tuple[str, ...]:
        """ISO codes of the languages that the model has to know, the most important first; "" for any."""

    @property
    def sample(self) -> str:
        """The text by which the model's languages are judged."""

    @property
    def anyway(self) -> bool:
        """Ask even in a language that the model cannot write."""

    @property
    def project(self) -> str:
        """The project that what is read belongs to; empty for none."""

    def plan(
        self,
        model: Loaded,
        count: CountTokens,
        request_id: int,
        pace: float | None = None,
        earlier: tuple[Layout, ...] = (),
    ) -> Plan:
        """The request for ``model``.

        Args:
            model: What will answer.
            count: Tells how many tokens texts have.
            request_id: Of the request.
            pace: Tokens a second that the model reads, where that is known.
            earlier: How earlier requests for this project were laid out.

        Raises:
            WriterError: It cannot be asked of this model.
        """
