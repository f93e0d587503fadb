"""The real backend: llama.cpp in this process, through the low-level bindings.

Everything here runs on one thread, except :meth:`LlamaBackend.cancel`, which only writes a byte.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import llama_cpp as native

from writer_app.engine import devices, template
from writer_app.engine.answer import Answer
from writer_app.engine.backend import Emit
from writer_app.engine.devices import Device
from writer_app.engine.fitting import fitting_layers
from writer_app.engine.loading import Log, check_file
from writer_app.engine.memory import ProjectMemory
from writer_app.engine.native import NativeModel
from writer_app.engine.protocol import (
    Counted,
    Done,
    Generate,
    Load,
    Loaded,
    Loading,
    Machine,
    Message,
    Part,
    Read,
    Trying,
)
from writer_app.engine.shelf import Shelf
from writer_app.engine.stop import StopFlag
from writer_app.errors import (
    N_,
    EngineError,
    LoadFailed,
    NoModelInstalled,
    NoTemplate,
    NotEnoughMemory,
)

#: Languages that makers declare in a model's description but not in its file, by ``general.basename``.
_DECLARED = {"smollm2": ("en",)}


class LlamaBackend:
    """Loads a GGUF file and continues text with it.

    Args:
        folder: Where it may keep what was read for projects; empty: nowhere.
        held: What this process is held to, for people; see :class:`~writer_app.engine.sandbox.Held`.
        renderer: Renders chat templates in another process.
    """

    name = "llama"

    def __init__(
        self, folder: str = "", held: str = "", renderer: Callable[[bytes], bytes] | None = None
    ) -> None:
        self._folder = Path(folder) if folder else None
        self._held = held
        self._renderer = renderer or template.in_a_program
        self._log = Log()
        self._log.capture()
        self._variant: str | None = None  # not chosen yet
        self._stop = StopFlag()
        self._loaded: NativeModel | None = None
        self._shelf: Shelf
        self._dropped: set[int] = set()

    def drop(self, alternative: int) -> None:
        """Let one of the alternatives being written end, from any thread."""
        self._dropped.add(alternative)

    def cancel(self) -> None:
        """Stop what runs now, from any thread."""
        self._stop.raise_()

    def ready(self) -> None:
        """Take back an earlier :meth:`cancel`."""
        self._dropped.clear()
        self._stop.lower()

    def load(self, request: Load, emit: Emit) -> Loaded:
        """Load the model and make its context.

        Raises:
            ModelMissing, NotAModel, ModelDamaged, ModelTooNew, NotEnoughMemory, LoadFailed: why not.
            EngineError: No variant of llama.cpp runs here.
            Cancelled: Stopped on the way.
        """
        began = time.monotonic()
        check_file(request.model)
        if self._loaded:
            self._loaded.free()
            self._loaded = None
        graphics = self._begin(request, emit)
        model = self._fitted(request, emit, graphics)
        if model.layers or (self._variant and self._variant not in request.proven):
            try:
                model.try_out()
            except BaseException:
                model.free()
                raise
        maker = model.maker
        memory = ProjectMemory(self._folder, maker) if self._folder else None
        self._loaded, self._shelf = model, Shelf(model.context, memory)
        return Loaded(
            id=request.id,
            name=model.name,
            context=model.size,
            languages=_languages(model),
            has_template=bool(model.template),
            has_infill=model.vocabulary.has_infill,
            parameters=model.parameters,
            can_rewind=model.can_rewind,
            load_seconds=time.monotonic() - began,
            fingerprint=maker,
            begin=model.vocabulary.begin,
            machine=Machine(
                library=f"llama-cpp-python {native.__version__}",
                system=devices.system(),
                variant=self._variant or "",
                threads=model.context.pace.most,
                graphics=_names(graphics) if model.layers else "",
                layers=min(model.layers, model.blocks + 1),
                all_layers=model.blocks + 1,
                graphics_free=tuple(device.free for device in graphics),
                sandbox=self._held,
            ),
        )

    def _begin(self, request: Load, emit: Emit) -> list[Device]:
        """Bring llama.cpp's own libraries in, the first time; returns the graphics processors to be used.

        What is about to run is said before it runs, drivers too: they have died of less.
        """
        wanted = bool(request.gpu_layers)
        if self._variant is None:
            variant, library = devices.choose(request.avoid)
            drivers = devices.drivers() if wanted else []
            names = ", ".join(driver.stem for driver in drivers)
            emit(Trying(id=request.id, variant=variant, graphics=names))
            for driver in drivers:
                devices.load(driver)
            if library and not devices.load(library):
                raise EngineError(reason=N_("a part of it could not be loaded"))
            devices.check()
            native.llama_backend_init()
            self._variant = variant
        graphics = devices.graphics() if wanted else []
        emit(Trying(id=request.id, variant=self._variant, graphics=_names(graphics)))
        return graphics

    def _fitted(self, request: Load, emit: Emit, graphics: list[Device]) -> NativeModel:
        """The model with as many layers on the graphics processors as fit: estimated, and halved until true."""
        layers = request.gpu_layers if graphics else 0
        if layers < 0:
            layers = fitting_layers(request.model, request.context, graphics)
        if graphics and not layers:
            emit(Trying(id=request.id, variant=self._variant or ""))  # none is used after all
        while True:
            try:
                return NativeModel(
                    request.model,
                    size=request.context,
                    threads=request.threads,
                    stop=self._stop,
                    log=self._log,
                    progress=lambda fraction: emit(Loading(id=request.id, fraction=fraction)),
                    graphics=graphics,
                    layers=layers,
                )
            except (NotEnoughMemory, LoadFailed):
                if layers < 2:
                    raise
                layers //= 2

    def count(self, texts: tuple[str, ...], request_id: int) -> Counted:
        """Tokens and character fragments of each text."""
        counts = [self._model.vocabulary.count(text) for text in texts]
        return Counted(
            id=request_id, tokens=tuple(t for t, _ in counts), fragments=tuple(f for _, f in counts)
        )

    def generate(self, request: Generate, emit: Emit) -> Done:
        """Continue ``request``; text goes to ``emit`` as it becomes certain.

        Raises:
            TooLong, BadSettings, BadGrammar, NoTemplate, TemplateRefused: before anything is read.
            InvalidNumbers: The model's logits are not finite.
        """
        prompt = self._prompt(request.parts, request.chat)
        # A repeatable answer reads everything anew; what is there is shelved meanwhile.
        self._shelf.turn_to(b"" if request.repeatable else prompt.encode(), request.project)
        is_chat = bool(request.chat)
        answer = Answer(self._model, request, emit, prompt, self._dropped, is_chat=is_chat)
        with self._model.context.on_half(request.saving):
            return answer.run()

    def read(self, request: Read, emit: Emit) -> Done:
        """Read ``request`` on half the threads, so that the window keeps the others."""
        prompt = self._prompt(request.parts, request.chat)
        self._shelf.turn_to(prompt.encode(), request.project)
        asked = Generate(id=request.id, parts=request.parts, chat=request.chat, max_tokens=1)
        answer = Answer(self._model, asked, emit, prompt, is_chat=bool(request.chat))
        with self._model.context.on_half():
            return answer.read()

    def save(self) -> None:
        """Keep on disk what was read for projects; a disk that refuses only costs a later reading."""
        if self._loaded:
            try:
                self._shelf.save(lambda: self._stop.is_up)
            except OSError as problem:
                sys.stderr.write(f"not kept: {problem}\n")

    def forget(self, project: str) -> None:
        """Forget what was read for a project."""
        if self._loaded:
            self._shelf.forget(project)
        elif self._folder:
            ProjectMemory(self._folder, "").forget(project)

    def _prompt(self, parts: tuple[Part, ...], chat: tuple[Message, ...]) -> str:
        return self._chat(chat) if chat else "".join(part.text for part in parts)

    @property
    def _model(self) -> NativeModel:
        if self._loaded is None:
            raise NoModelInstalled
        return self._loaded

    def _chat(self, chat: tuple[Message, ...]) -> str:
        model = self._model
        if not model.template:
            raise NoTemplate(model=model.name)
        bos, eos = model.vocabulary.marks
        return template.render(
            model.template, chat, bos=bos, eos=eos, model=model.name, run=self._renderer
        )


def _names(graphics: list[Device]) -> str:
    return ", ".join(device.name for device in graphics)


def _languages(model: NativeModel) -> tuple[str, ...]:
    named = tuple(filter(None, model.meta("general.languages").strip("[]").split(",")))
    return named or _DECLARED.get(model.meta("general.basename").lower(), ())
