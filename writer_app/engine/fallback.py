"""What to try next when the engine child failed for what it computes on. No process, no llama.cpp.

Two things may fail on a machine and leave the model and the request blameless: a variant of the processor's
code, by an instruction that the processor announces and does not have; and a graphics processor, in any way
a driver can think of. The first is followed by the next lower variant, the second by the processor alone.
"""

from collections.abc import Callable

import msgspec

from writer_app.engine.processor import Tried
from writer_app.engine.protocol import Load, Loaded, Trying
from writer_app.errors import (
    N_,
    EngineDied,
    EngineError,
    EngineStalled,
    GraphicsFailed,
    LoadFailed,
    NotEnoughMemory,
    WriterError,
)

#: Errors that may be a graphics processor's where one is used; the others are about the file or the request.
#: ``EngineError`` itself is what a failing ``llama_decode`` ends in.
_OF_GRAPHICS = {EngineDied, EngineError, EngineStalled, LoadFailed, NotEnoughMemory}
_REASONS: dict[type[EngineError], str] = {
    EngineStalled: N_("it stopped answering"),
    NotEnoughMemory: N_("its memory does not suffice"),
}


class Fallback:
    """What was found out about this machine, and what follows from it.

    Args:
        tried: Found out earlier.
        warned: Told of a :class:`GraphicsFailed` once the processor has taken over.

    Attributes:
        trying: What the child computes on, as it said before it began.
    """

    def __init__(self, tried: Tried, warned: Callable[[WriterError], object]) -> None:
        self.trying = Trying()
        self._tried = tried
        self._warned = warned
        self._wanted = True
        self._failed: GraphicsFailed | None = (
            None  # so it seems; sure once the processor has done better
        )

    @property
    def _uses_graphics(self) -> bool:
        return self._wanted and not (self._failed or self._tried.found.graphics)

    def use_graphics(self, *, wanted: bool) -> None:
        """Whether graphics processors may be used; if so, one that failed is tried again."""
        self._wanted, self._failed = wanted, None
        if wanted and self._tried.found.graphics:
            self._tried.found.graphics = ""
            self._tried.save()

    def next_try(self, load: Load, request_id: int) -> Load:
        """``load`` as a new child is to be asked for it."""
        self.trying = Trying()
        return msgspec.structs.replace(
            load,
            id=request_id,
            gpu_layers=-1 if self._uses_graphics else 0,
            avoid=self._tried.found.died,
            proven=self._tried.found.served,
        )

    def took(self, loaded: Loaded) -> Loaded:
        """It has loaded: what is used now is sound, and what was left out for that is not."""
        self._tried.note_service(loaded.machine.variant)
        if problem := self._keep_failure():
            self._warned(problem)
        failed = self._tried.found.graphics
        machine = msgspec.structs.replace(loaded.machine, graphics_failed=failed)
        return msgspec.structs.replace(loaded, machine=machine)

    def gave_up(self) -> None:
        """Nothing helped, so the graphics processor was not to blame."""
        self._failed = None

    def learn(self, problem: EngineError, *, cancelled: bool) -> bool:
        """Whether another variant, or the processor alone, may do better than what failed now."""
        cause = problem.params.get("cause")
        if cause == "SIGILL" and self.trying.variant:
            return self._tried.note_death(self.trying.variant)
        # A child that was killed, by us or from outside, says nothing about a driver.
        if cancelled or cause == "SIGKILL" or type(problem) not in _OF_GRAPHICS:
            return False
        if not (self.trying.graphics and self._uses_graphics):
            return False
        reason = problem.params.get("reason") or _REASONS.get(type(problem), "")
        device = self.trying.graphics
        self._failed = GraphicsFailed(device=device, reason=reason, detail=problem.detail)
        return True

    def in_mid_stream(self, problem: EngineError) -> EngineError:
        """What to say of ``problem``, which :meth:`learn` has taken in, after words had been heard."""
        return self._keep_failure() or problem

    def _keep_failure(self) -> GraphicsFailed | None:
        problem, self._failed = self._failed, None
        if problem:
            self._tried.found.graphics = str(problem.params["reason"])
        self._tried.save()
        return problem
