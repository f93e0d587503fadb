"""The engine child: reads requests from standard input, answers on standard output.

Descriptor 1 is duplicated for the protocol and then pointed at descriptor 2, before llama.cpp is
imported: native code and the binding both print. The process owns nothing but its cache, so killing it
is always safe; it ends by itself when standard input ends or its parent dies. What a model file brings about
in it is held to what :mod:`~writer_app.engine.sandbox` leaves open.
"""

import os
import queue
import signal
import sys
import threading
from typing import BinaryIO

import msgspec

from writer_app.engine.backend import Backend, Cancelled
from writer_app.engine.protocol import (
    PROTOCOL_VERSION,
    Alive,
    AnyRequest,
    Cancel,
    Count,
    Done,
    Ending,
    Event,
    Failed,
    Forget,
    Generate,
    Load,
    Quit,
    Read,
    Ready,
    Save,
    id_in,
    read_request,
    to_line,
)
from writer_app.errors import EngineBusy, EngineError, WriterError
from writer_app.text.discreet import told

_HEARTBEAT = 1.0
#: Seconds without a request after which what was read is kept on disk.
_REST = 8.0
#: The id of what the child does of its own accord.
_AT_REST = 0


def main(arguments: list[str]) -> int:
    """Run as the child; ``arguments`` are the backend's name and what it needs."""
    _die_with_parent()
    protocol_out = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    name, *rest = arguments or ["llama"]
    try:
        backend = _backend(name, rest)
    except WriterError as problem:
        protocol_out.write(
            to_line(Failed(code=problem.code, params=problem.params, detail=problem.detail))
        )
        return 3
    Child(backend, sys.stdin.buffer, protocol_out).serve()
    return 0


def _backend(name: str, arguments: list[str]) -> Backend:
    """Imported only when chosen: a script needs no llama.cpp, and llama.cpp no server."""
    if name == "scripted":
        from writer_app.engine.scripted import ScriptedBackend

        return ScriptedBackend(arguments[0])
    if name == "endpoint":
        from writer_app.engine.endpoint import EndpointBackend

        # Its key is the first line it reads: arguments and environment can be read by others.
        return EndpointBackend(arguments[0], sys.stdin.buffer.readline().decode().strip())
    return _llama(*arguments)


def _llama(folder: str = "", graphics: str = "", *readable: str) -> Backend:
    """The real one, in its sandbox before any of it is loaded, because libraries start threads.

    Args:
        folder: The one it may write to; empty for none.
        graphics: Empty where graphics processors will be left alone, so that it can be held closer.
        readable: Models, and folders of models.
    """
    from writer_app.engine import sandbox, template

    renderer = template.in_a_program
    if sys.platform == "linux":
        from writer_app.engine.renderer import Renderer

        renderer = Renderer()  # a program that cannot be started from inside
    devices = bool(graphics) and sandbox.has_drivers()
    sandbox.limit_memory(devices=devices)
    held = sandbox.enter(readable, folder, devices=devices)
    from writer_app.engine.llama import LlamaBackend

    return LlamaBackend(folder, held, renderer)


class Child:
    """Serves one backend: the calling thread works, a second reads, a third is the heartbeat."""

    def __init__(self, backend: Backend, requests: BinaryIO, events: BinaryIO) -> None:
        self._backend = backend
        self._requests = requests
        self._events = events
        self._writing = threading.Lock()
        self._work: queue.SimpleQueue[AnyRequest] = queue.SimpleQueue()
        # Guards `_current` and `_cancelled`, which the reader and the worker share.
        self._state = threading.Lock()
        self._current = 0
        self._gives_way = False  # what runs now ends as soon as anything is asked
        self._cancelled: set[int] = set()

    def serve(self) -> None:
        """Work until told to quit."""
        self._say(Ready(version=PROTOCOL_VERSION, backend=self._backend.name))
        threading.Thread(target=self._read, daemon=True).start()
        threading.Thread(target=self._beat, daemon=True).start()
        rested = True
        while not isinstance(request := self._next(None if rested else _REST), Quit):
            rested = request.id == _AT_REST
            self._serve(request)

    def _next(self, patience: float | None) -> AnyRequest:
        """The next request; when none comes for a while, that what was read be kept on disk."""
        try:
            return self._work.get(timeout=patience)
        except queue.Empty:
            return Save(id=_AT_REST)

    def _say(self, event: Event) -> None:
        with self._writing:
            try:
                self._events.write(to_line(event))
            except OSError:
                os._exit(0)  # nobody listens any more

    def _beat(self) -> None:
        pause = threading.Event()
        while not pause.wait(_HEARTBEAT):
            self._say(Alive())

    def _read(self) -> None:
        for line in self._requests:
            try:
                request = read_request(line)
            except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as problem:
                refused = EngineError(reason=str(problem))
                self._say(Failed(id=id_in(line), code=refused.code, params=refused.params))
                continue
            if isinstance(request, Cancel):
                self._cancel(request)
            else:
                self._ask(request)
        os._exit(0)  # also while native code is computing: nothing here needs saving

    def _ask(self, request: AnyRequest) -> None:
        with self._state:
            self._work.put(request)
            if self._gives_way:
                self._backend.cancel()

    def _cancel(self, request: Cancel) -> None:
        with self._state:
            if request.alternative is None:
                self._cancelled.add(request.id)
            if request.id != self._current:
                return
            if request.alternative is None:
                self._backend.cancel()
            else:
                self._backend.drop(request.alternative)

    def _serve(self, request: AnyRequest) -> None:
        with self._state:
            self._current = request.id
            self._backend.ready()
            self._gives_way = isinstance(request, Read) or request.id == _AT_REST
            cancelled = request.id in self._cancelled or (
                self._gives_way and not self._work.empty()
            )
        try:
            if cancelled:
                raise Cancelled
            self._say(self._answer(request))
        except Cancelled:
            self._say(Done(id=request.id, reason=Ending.CANCELLED))
        except WriterError as problem:
            self._say(
                Failed(
                    id=request.id, code=problem.code, params=problem.params, detail=problem.detail
                )
            )
        except Exception as problem:  # noqa: BLE001 - the edge: a bug becomes one event, not a dead child
            self._say(
                Failed(
                    id=request.id,
                    code=EngineError.__name__,
                    # Not what it says: that may quote the prompt, and goes into logs and reports.
                    params={"reason": type(problem).__name__},
                    detail=told(type(problem), problem, problem.__traceback__),
                )
            )
        finally:
            with self._state:
                self._current = 0
                self._gives_way = False
                self._cancelled.discard(request.id)

    def _answer(self, request: AnyRequest) -> Event:
        match request:
            case Load():
                return self._backend.load(request, self._say)
            case Count():
                return self._backend.count(request.texts, request.id)
            case Generate():
                return self._backend.generate(request, self._say)
            case Read():
                return self._backend.read(request, self._say)
            case Save():
                self._backend.save()
                return Done(id=request.id, reason=Ending.END)
            case Forget():
                self._backend.forget(request.project)
                return Done(id=request.id, reason=Ending.END)
        raise EngineBusy


def _die_with_parent() -> None:
    """Ask Linux to kill us when our parent dies; elsewhere the end of standard input does it.

    A crash must not leave a core file with the writer's text, nor start a debugger.
    """
    os.environ["GGML_NO_BACKTRACE"] = "1"
    if sys.platform == "win32":
        return
    import ctypes
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in a terminal is for the parent
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
