"""The Qt face of the engine: asks on a thread of its own, answers by signals on the window's.

The window's thread never waits for a pipe or a model. What an ended generation still had to say is
dropped here, so that no late word reaches the page.
"""

import queue
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, QThread, Signal, Slot

from writer_app.assets import Places
from writer_app.craft import honesty
from writer_app.craft.account import Account, account
from writer_app.craft.continuation import Ask
from writer_app.craft.layout import Layout
from writer_app.craft.question import Plan, Question
from writer_app.craft.replay import Asked
from writer_app.engine import models
from writer_app.engine.client import EngineClient, counter
from writer_app.engine.engines import Engines
from writer_app.engine.keys import Keys
from writer_app.engine.measuring import Speeds
from writer_app.engine.memory import ProjectMemory
from writer_app.engine.processor import Tried
from writer_app.engine.protocol import Done, Ending, Loaded, Loading, Read, Reading, Text
from writer_app.errors import ModelLeftAlone, ModelMissing, WriterError
from writer_app.settings import Server

#: Texts that the model has read lately, of which something may still be held.
_KNOWN = 4
#: Fewer tokens than this say nothing about the pace of reading.
_TELLING = 64


class _Kind(Enum):
    """What is to be done with an ask."""

    ANSWER = auto()
    WARM = auto()  # load its model
    READ_ALONG = auto()  # read its prompt quietly


@dataclass(frozen=True)
class _Job:
    """One ask, numbered so that late events of an earlier one can be told apart.

    Attributes:
        turn: Likewise for reading along; what was asked for before the last key is of no use.
    """

    number: int
    ask: Question
    kind: _Kind = _Kind.ANSWER
    turn: int = 0


@dataclass(frozen=True)
class _Tell:
    """Say what would be read for an ask; of use as long as its ``turn`` is the last one."""

    ask: Ask
    turn: int


@dataclass(frozen=True)
class _Forget:
    """Forget what was read for a project."""

    project: str


@dataclass(frozen=True)
class _Graphics:
    """Whether to use graphics processors."""

    wanted: bool


@dataclass(frozen=True)
class _Servers:
    """Which servers there are."""

    known: Sequence[Server]
    keys: Keys


class Bridge(QObject):
    """Runs one generation at a time on one engine child.

    Signals, all on the window's thread:
        phase_changed: ``"idle"``, ``"loading"``, ``"reading"``, ``"writing"`` or ``"ending"``.
        progressed: Share done (0 to 1) and seconds left (-1 when unknown) of loading or reading.
        arrived: More text of an answer, and of which of several (from 0).
        finished: The :class:`Done` of the answer.
        failed: The :class:`WriterError` that ended it.
        model_changed: The :class:`Loaded` model, or ``None`` when its process is gone.
        warned: A :class:`WriterError` that was got over and ended nothing.
        asked: An :class:`~writer_app.craft.replay.Asked`: what the engine is asked now.
        told: An :class:`~writer_app.craft.account.Account`, asked for by :meth:`tell`.
    """

    phase_changed = Signal(str)
    progressed = Signal(float, float)
    arrived = Signal(str, int)
    finished = Signal(object)
    failed = Signal(object)
    model_changed = Signal(object)
    warned = Signal(object)
    asked = Signal(object)
    told = Signal(object)
    _happened = Signal(int, object)

    def __init__(
        self, places: Places, backend: tuple[str, ...] = (), parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.phase = "idle"
        self.model: Loaded | None = None
        self._number = 0
        # The one folder that the engine may write to.
        backend = backend or ("llama", str(places.cache / "memory"))
        self._worker = _Worker(
            places, backend, self._happened.emit, self.warned.emit, self.told.emit
        )
        self._happened.connect(self._take)
        self._worker.start()

    @property
    def pid(self) -> int | None:
        """Process id of the engine child, if one runs."""
        return self._worker.client.pid

    @property
    def log(self) -> str:
        """The last lines of the engine child, without the writer's words."""
        return self._worker.client.log

    def warm(self, ask: Question) -> None:
        """Load the model that ``ask`` would use, so that the first answer need not wait for it."""
        if self.phase == "idle":
            self._worker.jobs.put(_Job(self._number, ask, _Kind.WARM))

    def read_along(self, ask: Question) -> None:
        """Read quietly what ``ask`` would need, so that its answer begins at once."""
        if self.phase == "idle":
            self._worker.stop_reading()
            self._worker.jobs.put(
                _Job(self._number, ask, _Kind.READ_ALONG, self._worker.reading_turn)
            )

    def stop_reading(self) -> None:
        """Stop reading along; what was read stays read."""
        self._worker.stop_reading()

    def tell(self, ask: Ask) -> None:
        """Say by ``told`` what would be read for ``ask``; only the last one asked for, and only of a loaded model."""
        self._worker.telling_turn += 1
        self._worker.jobs.put(_Tell(ask, self._worker.telling_turn))

    def forget(self, project: str) -> None:
        """Forget what was read for a project, in memory and on disk."""
        self._worker.stop_reading()
        self._worker.jobs.put(_Forget(project))

    def use_graphics(self, *, wanted: bool) -> None:
        """Use graphics processors or leave them alone, from the next request on."""
        self._worker.stop_reading()
        self._worker.jobs.put(_Graphics(wanted))

    def use_servers(self, known: Sequence[Server], keys: Keys) -> None:
        """Which servers a chosen model may name, from the next request on."""
        self._worker.jobs.put(_Servers(known, keys))

    def start(self, ask: Question) -> None:
        """Continue as asked; ends a generation that still runs."""
        if self.phase not in ("idle", "ending"):
            self.stop()
        self._worker.stop_reading()
        self._number += 1
        self._worker.wanted = self._number
        self._enter("reading" if self.model else "loading")
        self._worker.jobs.put(_Job(self._number, ask))

    def stop(self) -> None:
        """End the generation at once: nothing more arrives, and ``finished`` follows when it has ended."""
        if self.phase in ("idle", "ending"):
            return
        self._enter("ending")
        self._worker.stop()

    def drop(self, alternative: int) -> None:
        """End one of several answers at once; the others go on."""
        self._worker.drop(alternative)

    def close(self) -> None:
        """End thread and child; waits for both, at most a second or so."""
        self._number += 1
        self._worker.stop_reading()
        self._worker.jobs.put(None)
        self._worker.stop()
        self._worker.engines.close()
        self._worker.wait()

    def _enter(self, phase: str) -> None:
        if phase != self.phase:
            self.phase = phase
            self.phase_changed.emit(phase)

    @Slot(int, object)
    def _take(self, number: int, event: object) -> None:
        if event is None or isinstance(event, Loaded):
            if event != self.model:
                self.model = event
                self.model_changed.emit(event)
            return
        if number != self._number:
            return
        stopping = self.phase == "ending"
        match event:
            case Asked():
                self.asked.emit(event)
            case Loading(fraction=fraction) if not stopping:
                self._enter("loading")
                self.progressed.emit(fraction, -1.0)
            case Reading(done=done, total=total, seconds_left=left) if not stopping:
                self._enter("reading")
                self.progressed.emit(done / max(1, total), -1.0 if left is None else left)
            case Text(text=text, alternative=number) if not stopping and text:
                self._enter("writing")
                self.arrived.emit(text, number)
            case Done():
                self._enter("idle")
                self.finished.emit(event)
            case WriterError():
                self._fail(event, stopping=stopping)

    def _fail(self, problem: WriterError, *, stopping: bool) -> None:
        if self._worker.client.pid is None:
            self.model = None
            self.model_changed.emit(None)
        self._enter("idle")
        if stopping:
            # She has stopped it already; how the child took it is no news to her.
            self.finished.emit(Done(reason=Ending.CANCELLED))
        else:
            self.failed.emit(problem)


class _Worker(QThread):
    """Owns the client; everything that waits happens here."""

    def __init__(
        self,
        places: Places,
        backend: tuple[str, ...],
        say: Callable[[int, object], None],
        warn: Callable[[WriterError], None],
        told: Callable[[Account], None],
    ) -> None:
        super().__init__()
        self.jobs: queue.SimpleQueue[_Job | _Tell | _Forget | _Graphics | _Servers | None] = (
            queue.SimpleQueue()
        )
        self.engines = Engines(
            EngineClient(*backend, models=places.models, tried=Tried(places.machine), warned=warn)
        )
        self._warn = warn
        self.wanted = 0
        self.reading_turn = 0
        self.telling_turn = 0
        self._told = told
        self._reading = 0  # id of the request that reads along, 0 for none
        self._writing = 0  # id of the request that writes, likewise
        self._places = places
        self._backend = backend[0]
        self._backend_arguments = backend
        self._say = say
        self._pace: float | None = None
        self._speeds = Speeds(places.speeds)
        self._layouts: dict[str, tuple[Layout, ...]] = {}  # by project
        self._known: deque[str] = deque(maxlen=_KNOWN)  # what the model has read lately
        self._known_by: tuple[int | None, str] = None, ""  # process and model that have
        self._names: dict[str, str] = {}  # of bundled models, by path

    @property
    def client(self) -> EngineClient:
        """Of the engine in use."""
        return self.engines.now

    def stop(self) -> None:
        """Called from the window's thread."""
        self.wanted = -1
        self.client.interrupt()

    def drop(self, alternative: int) -> None:
        """Called from the window's thread."""
        if writing := self._writing:
            self.client.drop(writing, alternative)

    def stop_reading(self) -> None:
        """Called from the window's thread."""
        self.reading_turn += 1
        if reading := self._reading:
            # Also where it was not sent yet: the child remembers what was cancelled.
            self.client.cancel(reading)

    def run(self) -> None:
        while (job := self.jobs.get()) is not None:
            try:
                self._do(job)
            except WriterError as problem:
                if isinstance(job, _Job) and job.kind is _Kind.ANSWER:
                    self._say(job.number, problem)

    def _do(self, job: _Job | _Tell | _Forget | _Graphics | _Servers) -> None:
        match job:
            case _Tell():
                self._tell(job)
            case _Forget(project=project):
                self._forget(project)
            case _Graphics(wanted=wanted):
                self.engines.local.use_graphics(wanted=wanted)
            case _Servers(known=known, keys=keys):
                self.engines.know(known, keys)
            case _Job():
                self._run(job)

    def _run(self, job: _Job) -> None:
        if job.kind is _Kind.READ_ALONG:
            self._read_along(job)
            return
        model = self._load(job)
        if job.kind is _Kind.WARM or model is None:
            return
        ask = job.ask
        if not ask.anyway:
            honesty.check(ask.sample, self.client.count([ask.sample]), model)
        plan = self._plan(ask, model)
        if self._ended(job):
            return
        self._writing = plan.request.id
        self._say(job.number, Asked(plan.request, self._named(model).name, model.fingerprint))
        try:
            self._write(job, plan)
        finally:
            self._writing = 0

    def _write(self, job: _Job, plan: Plan) -> None:
        begun = set[int]()
        read = [part.text for part in plan.request.parts]
        for event in self.client.generate(plan.request):
            if self.wanted != job.number:
                self.client.interrupt()  # she stopped in the moment before there was a request to stop
            if isinstance(event, Done):
                self._measure(event)
                self._note_read("".join(read))
            if isinstance(event, Text) and not event.alternative:
                read.append(event.text)
            if isinstance(event, Text) and event.alternative not in begun:
                begun.add(event.alternative)
                # With the first word, not before: until then it is reading, and the page is as she left it.
                self._say(job.number, msgspec.structs.replace(event, text=plan.lead + event.text))
            else:
                self._say(job.number, self._named(event) if isinstance(event, Loaded) else event)

    def _read_along(self, job: _Job) -> None:
        """Read what the ask would need, unless a key was pressed meanwhile or another model were needed."""
        model = self.client.model
        # A server is told nothing that she has not asked about, and remembers what it likes.
        if model is None or self.engines.is_remote or not self._has_loaded(job.ask):
            return
        self._reading = request_id = self.client.new_id()
        try:
            if job.turn == self.reading_turn:
                plan = self._plan(job.ask, model)
                if not plan.request.repeatable and job.turn == self.reading_turn:
                    parts, project = plan.request.parts, job.ask.project
                    done = self.client.read(Read(id=request_id, parts=parts, project=project))
                    if done.reason is not Ending.CANCELLED:
                        self._note_read("".join(part.text for part in parts))
                    now = self.client.model
                    if now and now.machine != model.machine:
                        self._say(job.number, self._named(now))
        finally:
            self._reading = 0

    def _tell(self, job: _Tell) -> None:
        """Say what would be read, as it would be laid out, without laying anything down."""
        model, ask = self.client.model, job.ask
        is_last = job.turn == self.telling_turn
        if model is None or not is_last or not self._has_loaded(ask):
            return
        earlier, count = self._layouts.get(ask.project, ()), self.engines.count_quietly
        plan = ask.plan(model, count, 0, self._pace, earlier)
        # With a seed everything is read anew.
        is_known = self._known_by == self._reader and not plan.request.repeatable
        found = account(ask, plan, count, self._known if is_known else ())
        self._told(found.at_pace(self._pace, model.begin))

    @property
    def _reader(self) -> tuple[int | None, str]:
        return self.client.pid, self.client.loaded_path

    def _note_read(self, text: str) -> None:
        if self._known_by != self._reader:
            self._known.clear()
            self._known_by = self._reader
        self._known.append(text)

    def _forget(self, project: str) -> None:
        self._known.clear()
        self._layouts.pop(project, None)
        if self.engines.local.pid:
            self.engines.local.forget(project)
        elif len(self._backend_arguments) > 1:
            ProjectMemory(Path(self._backend_arguments[1]), "").forget(project)

    def _ended(self, job: _Job) -> bool:
        """Whether she has stopped this job before it had a request to cancel."""
        if self.wanted == job.number:
            return False
        self._say(job.number, Done(reason=Ending.CANCELLED))
        return True

    def _load(self, job: _Job) -> Loaded | None:
        if job.kind is _Kind.ANSWER and self._ended(job):
            return None
        if not self._go_to_engine(job):
            return None
        path = self._path(job.ask)
        if job.kind is _Kind.WARM and self.client.has_crashed(path):
            self._warn(ModelLeftAlone(model=Path(path).name))
            return None
        loaded: Loaded | None = None
        for event in self.client.load(path):
            if isinstance(event, Loaded):
                loaded = self._named(event)
            # Cancelled while loading, it ends with a Done. How far it is interests whoever waits for it.
            if loaded or job.kind is _Kind.ANSWER:
                self._say(job.number, loaded or event)
        return loaded

    def _go_to_engine(self, job: _Job) -> bool:
        """Be where the model of the job is; false where there is nothing more to be done there."""
        if job.kind is _Kind.WARM and self.engines.server(job.ask.model):
            # It is asked when she asks, not before; what it takes the place of is let go now.
            if not self.engines.is_remote and self.client.pid:
                self.client.close()
                self._say(job.number, None)
            return False
        if self.engines.use(job.ask.model, lambda: self.wanted == job.number):
            self._pace = None
            self._say(job.number, None)
        return job.kind is _Kind.WARM or not self._ended(job)

    def _has_loaded(self, ask: Question) -> bool:
        return self.engines.fits(ask.model) and self.client.is_loaded(self._path(ask))

    def _named(self, model: Loaded) -> Loaded:
        """A file's own idea of its name is for makers; ours is the one in the list of models."""
        name = self._names.get(self.client.loaded_path, model.name)
        return msgspec.structs.replace(model, name=name)

    def _path(self, ask: Question) -> str:
        if server := self.engines.server(ask.model):
            return server.model
        if self._backend != "llama":
            return ask.model or self._backend
        found = models.installed(self._places.models, self._places.cache)
        self._names = {str(model.path): model.name for model in found if model.bundled}
        if ask.model:
            chosen = next((model for model in found if str(model.path) == ask.model), None)
            if chosen is None and not Path(ask.model).is_file():
                raise ModelMissing(path=ask.model)
            return str(models.prepare(chosen)) if chosen else ask.model
        return str(models.prepare(models.for_text(found, *ask.languages)))

    def _plan(self, ask: Question, model: Loaded) -> Plan:
        earlier = self._layouts.get(ask.project, ())
        count, request_id = counter(self.client), self.client.new_id()
        plan = ask.plan(model, count, request_id, self._pace, earlier)
        self._layouts[ask.project] = plan.layouts
        return plan

    def _measure(self, done: Done) -> None:
        if done.tokens_read >= _TELLING and done.seconds.read > 0:
            self._pace = done.tokens_read / done.seconds.read
        if self._backend == "llama" and self.client.loaded_path:
            self._speeds.note(Path(self.client.loaded_path), done)
