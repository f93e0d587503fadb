"""Who is being served by the engine: windows take turns at the one bridge.

The bridge runs one generation at a time. A new one ends the old one, of whichever window, and begins when
the old one has really come to its end; what still arrives for the old one is dropped.
"""

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QObject, Signal, SignalInstance

from writer_app.craft.account import Account
from writer_app.craft.continuation import Ask
from writer_app.craft.question import Question
from writer_app.craft.replay import Asked
from writer_app.engine.keys import Keys
from writer_app.engine.protocol import Done, Loaded
from writer_app.errors import WriterError
from writer_app.settings import Server


class Engine(Protocol):
    """What the session needs of :class:`writer_app.ui.bridge.Bridge` (and of its stand-in in tests)."""

    @property
    def phase_changed(self) -> SignalInstance:
        """One of idle, loading, reading, writing, ending."""

    @property
    def progressed(self) -> SignalInstance:
        """Fraction done, seconds left (-1: unknown)."""

    @property
    def arrived(self) -> SignalInstance:
        """A piece of text, and to which of several answers it belongs, from 0."""

    @property
    def finished(self) -> SignalInstance:
        """The generation is over: a :class:`Done`. This or :attr:`failed` ends every generation."""

    @property
    def failed(self) -> SignalInstance:
        """The generation failed: a :class:`WriterError`."""

    @property
    def model_changed(self) -> SignalInstance:
        """A :class:`Loaded`, or ``None``."""

    @property
    def warned(self) -> SignalInstance:
        """A :class:`WriterError` that was got over and ended nothing."""

    @property
    def asked(self) -> SignalInstance:
        """An :class:`~writer_app.craft.replay.Asked`: what the engine is asked for the generation under way."""

    @property
    def told(self) -> SignalInstance:
        """An :class:`~writer_app.craft.account.Account`: what would be read for the ask of the last :meth:`tell`."""

    @property
    def log(self) -> str:
        """The last lines of the engine's process, without the writer's words."""

    def tell(self, ask: Ask) -> None:
        """Say by :attr:`told` what would be read for ``ask``; returns at once."""

    def start(self, ask: Question) -> None:
        """Begin."""

    def stop(self) -> None:
        """End it soon; returns at once."""

    def drop(self, alternative: int) -> None:
        """End one of several answers; returns at once."""

    def warm(self, ask: Question) -> None:
        """Load the model that ``ask`` would use."""

    def read_along(self, ask: Question) -> None:
        """Read quietly what ``ask`` would need, if there is nothing else to do."""

    def stop_reading(self) -> None:
        """Stop reading along; returns at once."""

    def forget(self, project: str) -> None:
        """Forget what was read for a project, on disk too."""

    def use_graphics(self, *, wanted: bool) -> None:
        """Use graphics processors or leave them alone; one that failed is tried again."""

    def use_servers(self, known: Sequence[Server], keys: Keys) -> None:
        """Which servers a chosen model may name."""

    def close(self) -> None:
        """End the engine child."""


class Client(Protocol):
    """One window's generation, as the turns see it."""

    def on_phase(self, phase: str) -> None: ...  # noqa: D102
    def on_progress(self, fraction: float, seconds_left: float) -> None: ...  # noqa: D102
    def on_text(self, text: str, alternative: int) -> None: ...  # noqa: D102
    def on_finished(self, done: Done) -> None: ...  # noqa: D102
    def on_failed(self, error: WriterError) -> None: ...  # noqa: D102
    def on_taken_over(self) -> None: ...  # noqa: D102
    def on_asked(self, asked: Asked) -> None: ...  # noqa: D102


class Viewer(Protocol):
    """Who wants to know what would be read."""

    def on_told(self, account: Account) -> None: ...  # noqa: D102


class Turns(QObject):
    """Lets one client at a time use the engine.

    Attributes:
        model: The model in memory, if any.
    """

    model_changed = Signal()

    def __init__(self, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.model: Loaded | None = None
        self._engine = engine
        self._client: Client | None = None
        self._waiting: tuple[Client, Question] | None = None
        self._busy = False
        self._viewer: Viewer | None = None
        engine.phase_changed.connect(self._on_phase)
        engine.progressed.connect(self._on_progress)
        engine.arrived.connect(self._on_text)
        engine.finished.connect(self._on_finished)
        engine.failed.connect(self._on_failed)
        engine.model_changed.connect(self._on_model)
        engine.asked.connect(self._on_asked)
        engine.told.connect(self._on_told)

    @property
    def log(self) -> str:
        """The last lines of the engine's process, without the writer's words."""
        return self._engine.log

    @property
    def is_busy(self) -> bool:
        """Whether something is being written, or is about to be."""
        return self._busy or self._waiting is not None

    def take(self, client: Client, ask: Question) -> None:
        """Start a generation for ``client``, ending any other first."""
        if self._client is not None and self._client is not client:
            self._client.on_taken_over()
        self._client = None
        self._waiting = (client, ask)
        if self._busy:
            self._engine.stop()
        else:
            self._begin()

    def leave(self, client: Client) -> None:
        """End the generation of ``client``; it hears nothing more of it but the phase."""
        if self._waiting and self._waiting[0] is client:
            self._waiting = None
        if self._client is client:
            self._client = None
            self._engine.stop()

    def drop(self, client: Client, alternative: int) -> None:
        """End one of several answers to ``client``."""
        if self._client is client:
            self._engine.drop(alternative)

    def warm(self, ask: Question) -> None:
        """Load the model that ``ask`` would use, unless the engine is at work."""
        if not self._busy:
            self._engine.warm(ask)

    def read_along(self, ask: Question) -> None:
        """Let the engine read what ``ask`` would need, if it has a model and nothing else to do."""
        if not self._busy and self.model is not None:
            self._engine.read_along(ask)

    def tell(self, viewer: Viewer, ask: Ask) -> bool:
        """Let ``viewer`` know what would be read for ``ask``; false where no model is loaded that could count it."""
        self._viewer = viewer
        if self.model is not None:
            self._engine.tell(ask)
        return self.model is not None

    def look_away(self, viewer: Viewer) -> None:
        """Tell ``viewer`` nothing more."""
        if self._viewer is viewer:
            self._viewer = None

    def stop_reading(self) -> None:
        """What is read along is of no use any more."""
        self._engine.stop_reading()

    def forget(self, project: str) -> None:
        """Forget what was read for a project."""
        self._engine.forget(project)

    def _begin(self) -> None:
        if self._waiting:
            (self._client, ask), self._waiting = self._waiting, None
            self._busy = True
            self._engine.start(ask)

    def _over(self) -> Client | None:
        client, self._client = self._client, None
        self._busy = False
        return client

    def _on_phase(self, phase: str) -> None:
        if self._client:
            self._client.on_phase(phase)

    def _on_asked(self, asked: Asked) -> None:
        if self._client:
            self._client.on_asked(asked)

    def _on_told(self, account: Account) -> None:
        if self._viewer:
            self._viewer.on_told(account)

    def _on_progress(self, fraction: float, seconds_left: float) -> None:
        if self._client:
            self._client.on_progress(fraction, seconds_left)

    def _on_text(self, text: str, alternative: int) -> None:
        if self._client:
            self._client.on_text(text, alternative)

    def _on_finished(self, done: Done) -> None:
        client = self._over()
        if client:
            client.on_finished(done)
        self._begin()

    def _on_failed(self, error: WriterError) -> None:
        client = self._over()
        if client:
            client.on_failed(error)
        self._begin()

    def _on_model(self, model: Loaded | None) -> None:
        self.model = model
        self.model_changed.emit()
