"""The asking side of the engine: starts the child, sends requests, hands on events. No Qt.

One client has one child at a time. A child that died, stalled or did not stop in time is replaced by a new one at
the next request; the model is loaded again unasked, because a kill is always safe. So is a child that may not read
the model that is wanted next: what it may touch is settled when it starts (:mod:`~writer_app.engine.sandbox`).

So the child is also the probe of what this machine bears. Where it died of an instruction that its variant of
llama.cpp believed in, the next lower variant is taken; where a graphics processor failed, the processor goes
on alone. A request of which nothing was heard yet is asked again, and nobody notices but by the clock.
"""

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec

from writer_app.engine import sandbox
from writer_app.engine.childlog import ChildLog
from writer_app.engine.fallback import Fallback
from writer_app.engine.plain import plain
from writer_app.engine.processor import Tried
from writer_app.engine.protocol import (
    PROTOCOL_VERSION,
    AnyEvent,
    Cancel,
    Count,
    Counted,
    Done,
    Ending,
    Failed,
    Forget,
    Generate,
    Load,
    Loaded,
    Loading,
    Quit,
    Read,
    Reading,
    Ready,
    Request,
    Save,
    Text,
    Trying,
    read_event,
    to_line,
)
from writer_app.errors import (
    N_,
    BrokenText,
    EngineDied,
    EngineError,
    EngineStalled,
    ModelCrashed,
    WriterError,
    from_code,
)
from writer_app.launch import command

#: Seconds without any sign of life, heartbeat included, after which a child counts as stalled.
SILENCE = 15.0
#: Seconds without a word about the request itself, though the heart beats, after which its native code counts as
#: hung. To load or to read: 80 GB off a slow disk, or 256 tokens at a third of a token a second, come to it. Between
#: two pieces of text: twice what a server may be silent.
PATIENCE = 900.0
PATIENCE_WRITING = 600.0
#: Seconds a cancelled request may take to end before the child is killed.
GRACE = 0.5
#: Seconds a child may take to say its first word (a cold disk, a virus scanner).
START = 60.0
#: Seconds between two looks at the clock. A look that came late was no silence: the whole machine slept, or we did.
_TICK = 0.1

#: What the child's native code is told, unless the user's own environment says otherwise.
#: Threads that wait by spinning are a little faster alone (73 tokens/s against 63 on 2 cores), and wait for
#: each other for ever beside one other busy process (1 against 29): so they spin briefly, then sleep. Beside two
#: and more, 2 threads wrote 20 tokens/s without any spinning, 23 with 1,000 rounds of it, 5 with 10,000, 3 with
#: 100,000 and 1.5 with what is usual; one thread 15 to 20 (medians of 5 to 16 slices by turns; quartiles often a factor of 2 apart).
_ENVIRONMENT = {"GGML_NO_BACKTRACE": "1", "GOMP_SPINCOUNT": "1000"}

_SIGNALS = {
    "SIGILL": N_("this build does not fit the processor"),
    "SIGKILL": N_("it was ended from outside, perhaps for lack of memory"),
    "SIGABRT": N_("it gave up with an internal error"),
    "SIGSEGV": N_("a memory error"),
    "SIGBUS": N_("the model file changed, or a disk failed"),
}
#: How Windows says the same, as exit statuses.
_WINDOWS = {0xC000001D: "SIGILL", 0xC0000005: "SIGSEGV", 0xC0000409: "SIGABRT"}


class EngineClient:
    """Talks to one engine child.

    Methods that wait (:meth:`load`, :meth:`count`, :meth:`generate`) belong on one thread, never the
    window's; :meth:`cancel` and :meth:`close` may be called from any.

    Args:
        backend: The backend's name and what it needs; for "llama" the folder that it may write to, if any, for
            "endpoint" the server's address.
        key: That of the server, which gets it over the pipe, where nobody else sees it; empty for none.
        models: Folder whose models one child can read one after the other; any other model is another child.
        tried: What was found out about this machine; nothing yet.
        warned: Told of what went wrong and was got over.

    Attributes:
        model: What the child has loaded, if anything; ``loaded_path`` is its file.
    """

    def __init__(
        self,
        *backend: str,
        key: str = "",
        models: Path | None = None,
        tried: Tried | None = None,
        warned: Callable[[WriterError], object] = lambda _error: None,
    ) -> None:
        self._backend = backend or ("llama",)
        self._key = key
        self._models = str(models) if models else ""
        self._tried = tried or Tried()
        self._fallback = Fallback(self._tried, warned)
        self._reach: object = None  # what the child was started for
        self._is_closing = False
        self._wanted_model = Load(id=0, model="")
        self._was_cancelled = False  # the request that ended last
        self._child: subprocess.Popen[bytes] | None = None
        self._events: queue.SimpleQueue[AnyEvent | None] = queue.SimpleQueue()
        self._log = ChildLog()
        self._last_words: threading.Thread | None = None
        self._sending = threading.Lock()
        self._next_id = 0
        self._cancelled_at: dict[int, float] = {}
        self._asking = 0
        self.model: Loaded | None = None
        self.loaded_path = ""

    @property
    def pid(self) -> int | None:
        """Process id of the child, if one runs."""
        return self._child.pid if self._child and self._child.poll() is None else None

    @property
    def log(self) -> str:
        """The last lines the child wrote to standard error, without the writer's words."""
        return self._log.tail

    def new_id(self) -> int:
        """An id for the next request."""
        self._next_id += 1
        return self._next_id

    def load(self, path: str, *, context: int = 0, threads: int = 0) -> Iterator[AnyEvent]:
        """Load a model unless it is loaded; yields :class:`Loading` events and last :class:`Loaded`.

        Raises:
            EngineError: Why it did not load, or that the child died.
        """
        if self.is_loaded(path) and self.model is not None:
            yield self.model
            return
        self._wanted_model = Load(id=0, model=path, context=context, threads=threads)
        yield from self._load()

    def _load(self) -> Iterator[AnyEvent]:
        """Load what was asked for last, as often as there is something else to try."""
        path = self._wanted_model.model
        while True:
            request = self._fallback.next_try(self._wanted_model, self.new_id())
            self._start(request)
            self.model = None
            try:
                with self._tried.loading(path, lambda: self._was_cancelled or self._is_closing):
                    for event in self._ask(request):
                        yield self._took(event) if isinstance(event, Loaded) else event
            except EngineError as problem:
                if not self._learn(problem) or self._was_cancelled:
                    self._fallback.gave_up()
                    if isinstance(problem, EngineDied) and self.has_crashed(path):
                        model = Path(path).name
                        raise ModelCrashed(
                            detail=problem.detail, model=model, **problem.params
                        ) from problem
                    raise
            else:
                return

    def has_crashed(self, path: str) -> bool:
        """Whether the last attempt to load this file ended its process, so that it is not to be loaded unasked."""
        return self._tried.has_crashed(path)

    def _took(self, loaded: Loaded) -> Loaded:
        self.model, self.loaded_path = self._fallback.took(loaded), self._wanted_model.model
        return self.model

    def _learn(self, problem: EngineError) -> bool:
        """Whether something else may do better; if so the next child tries it."""
        learnt = self._fallback.learn(problem, cancelled=self._was_cancelled)
        if learnt:
            self._kill()  # an error leaves the child alive, and a driver in it
        return learnt

    def use_graphics(self, *, wanted: bool) -> None:
        """Use graphics processors, or leave them alone; one that failed is tried again. Ends the child."""
        self.close()
        self._fallback.use_graphics(wanted=wanted)

    def is_loaded(self, path: str) -> bool:
        """Whether the child runs with this model."""
        return bool(self.pid) and self.model is not None and path == self.loaded_path

    def count(self, texts: Sequence[str]) -> Counted:
        """Count the tokens of each text with the loaded model."""
        request = Count(id=self.new_id(), texts=tuple(texts))
        for event in self._ask(request):
            if isinstance(event, Counted):
                return event
        raise EngineError(reason=N_("it did not count"))

    def generate(self, request: Generate) -> Iterator[AnyEvent]:
        """Ask for text; yields ``Reading`` and ``Text`` events and last ``Done``."""
        yield from plain(self._compute(request))

    def read(self, request: Read) -> Done:
        """Let the child read quietly; returns when it has, or was asked for something else."""
        return self._until_done(request)

    def save(self) -> None:
        """Let the child keep on disk what it read for projects."""
        self._until_done(Save(id=self.new_id()))

    def forget(self, project: str) -> None:
        """Let the child forget what it read for a project."""
        self._until_done(Forget(id=self.new_id(), project=project))

    def _until_done(self, request: Request) -> Done:
        return next(event for event in self._compute(request) if isinstance(event, Done))

    def _compute(self, request: Request) -> Iterator[AnyEvent]:
        """Ask, and ask again where the child failed for what it computes on before a word was heard."""
        silent = True
        while True:
            try:
                for event in self._ask(request):
                    silent = silent and isinstance(event, Reading)
                    yield event
            except EngineError as problem:
                if not self._learn(problem) or self._was_cancelled:
                    raise
                if not silent:
                    raise self._fallback.in_mid_stream(problem) from problem
                yield from (event for event in self._load() if isinstance(event, Loading | Loaded))
                if self.model is None or self._cancelled_at.pop(request.id, None) is not None:
                    yield Done(id=request.id, reason=Ending.CANCELLED)
                    return
            else:
                return

    def cancel(self, request_id: int) -> None:
        """Ask the child to end a request; it is killed if it has not within :data:`GRACE`."""
        self._cancelled_at.setdefault(request_id, time.monotonic())
        with contextlib.suppress(EngineDied):  # a dead child has ended every request
            self._send(Cancel(id=request_id))

    def drop(self, request_id: int, alternative: int) -> None:
        """Ask the child to end one of the alternatives of a request."""
        with contextlib.suppress(EngineDied):
            self._send(Cancel(id=request_id, alternative=alternative))

    def interrupt(self) -> None:
        """Cancel whatever request is being waited for, if any."""
        if self._asking:
            self.cancel(self._asking)

    def close(self) -> None:
        """End the child: politely, then not."""
        child = self._child
        if child is None:
            return
        self._is_closing = True
        with contextlib.suppress(EngineDied):
            self._send(Quit(id=0))
        with contextlib.suppress(OSError):
            if child.stdin:
                child.stdin.close()
        try:
            child.wait(GRACE)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        self._forget()

    def _start(self, load: Load) -> None:
        """Have a child that may do what ``load`` needs."""
        uses_graphics = bool(load.gpu_layers)
        reach = sandbox.reach(load.model, self._models) if self._backend[0] == "llama" else ()
        if self.pid and self._reach == (uses_graphics, reach):
            return
        self.close()
        self._forget()
        self._is_closing = False
        self._reach = (uses_graphics, reach)
        # A queue of its own for each child: what a dead one still said must not reach the next request.
        self._events = queue.SimpleQueue()
        self._child = subprocess.Popen(
            command("--engine", *self._backend, *self._held_to(uses_graphics, reach)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=_ENVIRONMENT | os.environ,
            start_new_session=sys.platform != "win32",
        )
        events, self._last_words = (
            threading.Thread(target=work, args=(self._child, self._events), daemon=True)
            for work in (self._drain_events, self._drain_stderr)
        )
        events.start()
        self._last_words.start()
        if self._backend[0] == "endpoint":
            self._write(self._key.encode() + b"\n")
        ready = self._next_of(0, START, START)
        if isinstance(ready, Failed):
            raise from_code(ready.code, ready.params, ready.detail)
        if not isinstance(ready, Ready) or ready.version != PROTOCOL_VERSION:
            self._kill()
            raise EngineError(reason=N_("its process is of another version"))

    def _held_to(self, uses_graphics: bool, reach: sandbox.Reach) -> list[str]:
        """The arguments that a child's sandbox is made of."""
        if self._backend[0] != "llama":
            return []
        folder = [] if len(self._backend) > 1 else [""]
        return [*folder, "graphics" if uses_graphics else "", *(path for path, _number in reach)]

    def _ask(self, request: Request) -> Iterator[AnyEvent]:
        self._asking = request.id
        self._log.note_request(request)
        patience = PATIENCE
        try:
            self._send(request)
            while True:
                event = self._next_of(request.id, patience, SILENCE)
                if isinstance(event, Text):
                    patience = PATIENCE_WRITING
                if isinstance(event, Failed):
                    raise from_code(event.code, event.params, event.detail)
                if isinstance(event, Trying):
                    self._fallback.trying = event
                    continue
                if isinstance(event, Text):
                    self._log.note_answer(event)
                yield event
                if isinstance(event, Done | Loaded | Counted):
                    return
        finally:
            self._asking = 0
            self._was_cancelled = self._cancelled_at.pop(request.id, None) is not None

    def _next_of(self, request_id: int, patience: float, silence: float) -> AnyEvent:
        """The next event of this request; those of others came too late and are dropped.

        Raises:
            EngineDied: The child ended.
            EngineStalled: It said nothing at all for ``silence`` seconds, nothing about this for ``patience`` seconds,
                or did not stop when cancelled; it was killed.
        """
        silent = waited = 0.0
        while True:
            cancelled = self._cancelled_at.get(request_id)
            is_late = cancelled is not None and time.monotonic() > cancelled + GRACE
            if is_late or silent > silence or waited > patience:
                self._kill()
                raise EngineStalled
            began = time.monotonic()
            try:
                event = self._events.get(timeout=_TICK)
            except queue.Empty:
                seconds = min(time.monotonic() - began, 2 * _TICK)
                silent, waited = silent + seconds, waited + seconds
                continue
            if event is None:
                raise self._post_mortem()
            if event.id == request_id:
                return event
            silent, waited = 0.0, waited + min(time.monotonic() - began, 2 * _TICK)

    def _send(self, request: Request) -> None:
        try:
            line = to_line(request)
        except UnicodeEncodeError as problem:
            code = f"{ord(problem.object[problem.start]):04X}"
            raise BrokenText(code=code) from problem
        self._write(line)

    def _write(self, line: bytes) -> None:
        child = self._child
        if child is None or child.stdin is None:
            raise EngineDied(reason=N_("it is not running"), cause="-")
        try:
            with self._sending:
                child.stdin.write(line)
                child.stdin.flush()
        except (OSError, ValueError):
            raise self._post_mortem() from None

    def _post_mortem(self) -> EngineDied:
        child = self._child
        if child is None:
            return EngineDied(reason=N_("it is not running"), cause="-")
        try:
            status = child.wait(GRACE)
        except subprocess.TimeoutExpired:
            self._kill()
            status = child.returncode
        self.model = None
        if self._last_words:
            self._last_words.join(GRACE)  # what it said last may still be on its way
        return _death(status, self._log.tail)

    def _kill(self) -> None:
        if self._child:
            self._child.kill()
            self._child.wait()
        self._forget()

    def _forget(self) -> None:
        if self._child:
            for pipe in (self._child.stdin, self._child.stdout, self._child.stderr):
                if pipe:
                    with contextlib.suppress(
                        OSError
                    ):  # stdin may hold what a dead child never read
                        pipe.close()
        self._child, self.model, self.loaded_path = None, None, ""

    def _drain_events(
        self, child: subprocess.Popen[bytes], events: "queue.SimpleQueue[AnyEvent | None]"
    ) -> None:
        assert child.stdout is not None
        with contextlib.suppress(
            ValueError, OSError
        ):  # closed under us: the client forgot this child
            for line in child.stdout:
                try:
                    events.put(read_event(line))
                except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
                    # Garbage on the protocol's own descriptor: nothing after it can be trusted.
                    self._log.add("unreadable answer from the engine")
                    child.kill()
                    break
        events.put(None)

    def _drain_stderr(self, child: subprocess.Popen[bytes], _events: object) -> None:
        assert child.stderr is not None
        with contextlib.suppress(ValueError, OSError):
            for line in child.stderr:
                self._log.add(line.decode("utf-8", "replace").rstrip())


def _death(status: int, detail: str) -> EngineDied:
    """The error for an exit status; negative ones are signals."""
    if status >= 0 and status not in _WINDOWS:
        return EngineDied(reason=N_("it ended by itself"), cause=f"exit {status}", detail=detail)
    name = _WINDOWS.get(status) or signal.Signals(-status).name
    return EngineDied(reason=_SIGNALS.get(name, N_("it was ended")), cause=name, detail=detail)


#: Counts tokens of texts, as ``craft`` wants it.
def counter(client: EngineClient) -> Callable[[Sequence[str]], Sequence[int]]:
    """A function that counts tokens with the client's model."""
    return lambda texts: client.count(texts).tokens
