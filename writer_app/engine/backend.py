"""What a backend is: the part of an engine child that differs between llama.cpp, a script and a server."""

from collections.abc import Callable
from typing import Protocol

from writer_app.engine.protocol import Counted, Done, Event, Generate, Load, Loaded, Read

#: Says an event to whoever started the child.
Emit = Callable[[Event], None]


class Cancelled(Exception):
    """Raised by a backend that was cancelled where no answer can be returned."""


class Backend(Protocol):
    """One model at a time, one request at a time, on one thread; only ``cancel`` comes from another.

    All methods raise :class:`~writer_app.errors.WriterError` for what went wrong.
    """

    name: str

    def load(self, request: Load, emit: Emit) -> Loaded:
        """Load a model, replacing the last one."""

    def count(self, texts: tuple[str, ...], request_id: int) -> Counted:
        """Count tokens."""

    def generate(self, request: Generate, emit: Emit) -> Done:
        """Answer; always returns, with ``Ending.CANCELLED`` when stopped."""

    def read(self, request: Read, emit: Emit) -> Done:
        """Read quietly what a later request will go on with; ends early when cancelled."""

    def save(self) -> None:
        """Keep on disk what was read for projects; ends early when cancelled."""

    def forget(self, project: str) -> None:
        """Forget what was read for a project."""

    def cancel(self) -> None:
        """Stop what runs now; called from another thread, returns at once."""

    def drop(self, alternative: int) -> None:
        """End one of several alternatives; called from another thread, returns at once."""

    def ready(self) -> None:
        """Forget an earlier ``cancel`` or ``drop``; called before each request."""
