"""An engine that says what a test tells it to, in this process and at once."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from writer_app.craft.account import account
from writer_app.craft.continuation import Ask
from writer_app.engine.keys import Keys
from writer_app.engine.protocol import Alternative, Done, Ending, Loaded
from writer_app.errors import WriterError
from writer_app.settings import Server

ENGLISH = Loaded(name="SmolLM2 135M", context=2048, languages=("en",))


def _count(texts: Sequence[str]) -> list[int]:
    return [-(-len(text) // 4) for text in texts]


class StubBridge(QObject):
    """The interface of :class:`writer_app.ui.bridge.Bridge`, played by hand.

    ``asks`` are the requests so far. The test speaks by :meth:`write` and ends by :meth:`finish` or
    :meth:`fail`; a stop is answered from the event loop, as a real engine's is.
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

    def __init__(self, places: object = None) -> None:
        super().__init__()
        self.phase = "idle"
        self.asks: list[Ask] = []
        self.warmed: list[Ask] = []
        self.read_ahead: list[Ask] = []
        self.readings_stopped = 0
        self.looked_at: list[Ask] = []
        self.forgotten: list[str] = []
        self.graphics_wanted = True
        self.servers: tuple[Server, ...] = ()
        self.stops = 0
        self.drops: list[int] = []
        self.is_closed = False
        self.known: list[str] = []
        self.log = ""

    def start(self, ask: Ask) -> None:
        assert self.phase == "idle", "one generation at a time"
        self.asks.append(ask)
        self._enter("loading")

    def stop(self) -> None:
        if self.phase in ("idle", "ending"):
            return
        self.stops += 1
        self._enter("ending")
        QTimer.singleShot(0, self, self.finish)

    def drop(self, alternative: int) -> None:
        self.drops.append(alternative)

    def close(self) -> None:
        self.is_closed = True

    def warm(self, ask: Ask) -> None:
        self.warmed.append(ask)

    def read_along(self, ask: Ask) -> None:
        self.read_ahead.append(ask)

    def tell(self, ask: Ask) -> None:
        """Counts a token to four characters."""
        self.looked_at.append(ask)
        plan = ask.plan(ENGLISH, _count, 0)
        self.told.emit(account(ask, plan, _count, self.known).at_pace(100.0, "<s>"))

    def stop_reading(self) -> None:
        self.readings_stopped += 1

    def forget(self, project: str) -> None:
        self.forgotten.append(project)

    def use_graphics(self, *, wanted: bool) -> None:
        self.graphics_wanted = wanted

    def use_servers(self, known: Sequence[Server], keys: Keys) -> None:
        self.servers = tuple(known)

    def load(self, model: Loaded | None = ENGLISH) -> None:
        self.model_changed.emit(model)

    def read(self, fraction: float, seconds_left: float) -> None:
        self._enter("reading")
        self.progressed.emit(fraction, seconds_left)

    def write(self, *pieces: str, alternative: int = 0) -> None:
        for piece in pieces:
            if self.phase == "ending":
                return
            self._enter("writing")
            self.arrived.emit(piece, alternative)

    def write_all(self, *pieces: str) -> None:
        """A piece for each alternative."""
        for alternative, piece in enumerate(pieces):
            self.write(piece, alternative=alternative)

    def finish(self, *fits: float | None) -> None:
        """End well; with several alternatives, how well each fits."""
        self._enter("idle")
        results = tuple(
            Alternative(Ending.SENTENCE, 9, seed, fit) for seed, fit in enumerate(fits, 70)
        )
        self.finished.emit(Done(reason=Ending.END, alternatives=results))

    def fail(self, error: WriterError) -> None:
        self._enter("idle")
        self.failed.emit(error)

    def _enter(self, phase: str) -> None:
        if phase != self.phase:
            self.phase = phase
            self.phase_changed.emit(phase)
