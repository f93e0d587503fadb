"""Continuing at the caret: from Ctrl+Return to text that the writer accepts, retries or removes.

One :class:`Continuing` serves one page. Its text goes in through an
:class:`~writer_app.ui.editor.insertion.Insertion` and stays *fresh* until it is accepted (Tab, Accept, the next
Ctrl+Return) or removed. The writer's hand ends the stream in any phase and keeps what has arrived; undo then
takes it away in the same press, since the hand comes first and the undo after it.
"""

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from writer_app.craft.continuation import Ask
from writer_app.craft.recipe import Recipe
from writer_app.engine.protocol import Done
from writer_app.errors import WriterError
from writer_app.text.habits import ALL_ON, Habits, Switches
from writer_app.text.typography import Adapter
from writer_app.ui.editor.insertion import Insertion
from writer_app.ui.editor.page import Page
from writer_app.ui.session.engine import Turns
from writer_app.ui.session.state import Options

#: Characters around the caret that tell whether paragraphs are set apart by blank lines.
_AROUND = 4_000


@dataclass(frozen=True)
class Asking:
    """What settings and circumstances add to the panel's options.

    Attributes:
        anyway: In a language that the model does not know, too.
        project: What is read is kept for this project.
        bans: What is never written.
    """

    switches: Switches = ALL_ON
    model: str = ""
    read_tokens: int = 0
    anyway: bool = False
    project: str = ""
    bans: tuple[str, ...] = ()


class Continuing(QObject):
    """The generation of one page, and the alternatives it has brought.

    Signals:
        changed: Phase, progress or alternatives.
        failed: A :class:`WriterError`.

    Attributes:
        phase: Of the engine for this page; ``"idle"`` from the moment the writer ends it.
        progress: 0 to 1; seconds_left: -1 when unknown.
    """

    changed = Signal()
    failed = Signal(object)

    def __init__(self, page: Page, turns: Turns) -> None:
        super().__init__(page)
        self.phase = "idle"
        self.progress = 0.0
        self.seconds_left = -1.0
        self._page = page
        self._turns = turns
        self._ask: Ask | None = None
        self._switches = ALL_ON
        self._insertion: Insertion | None = None
        self._adapter: Adapter | None = None
        self._running = False
        self._replaces = False  # the next text takes the place of the version shown
        self._versions: list[str] = []
        self._shown = 0
        page.hand.connect(self._on_hand)

    # -- what widgets ask -----------------------------------------------------------------------

    @property
    def is_running(self) -> bool:
        """Whether text may still arrive."""
        return self._running

    @property
    def is_fresh(self) -> bool:
        """Whether there is text that is neither accepted nor removed."""
        return self._insertion is not None and self._insertion.text != ""

    @property
    def caret_at_end(self) -> bool:
        """Whether the caret stands right behind the fresh text, nothing selected."""
        if self._insertion is None:
            return False
        end = self._insertion.span[1]
        return self._page.selection == (end, end)

    @property
    def versions(self) -> int:
        """How many alternatives there are."""
        return len(self._versions)

    @property
    def version(self) -> int:
        """Which one is shown, from 1; 0 without any."""
        return self._shown + 1 if self._versions else 0

    # -- what the writer does -------------------------------------------------------------------

    def start(self, options: Options, recipe: Recipe, more: "Asking") -> None:
        """Continue behind the caret; accepts what was fresh. While text arrives, nothing happens."""
        if self._running or self._page.manuscript.read_only:
            return
        self.accept()
        text, caret = self._page.manuscript.text, self._page.selection[1]
        self._page.set_caret(caret)
        self._switches = more.switches
        self._insertion = Insertion(self._page, caret)
        self._begin(_ask(text, caret, options, recipe, more))

    def question(self, options: Options, recipe: Recipe, more: Asking) -> Ask:
        """What would be asked if the writer asked now."""
        return _ask(self._page.manuscript.text, self._page.selection[1], options, recipe, more)

    def retry(self) -> None:
        """Write another version in the same place; the one shown stays until the first word arrives."""
        insertion, ask = self._insertion, self._ask
        if self._running or insertion is None or ask is None or not self.is_fresh:
            return
        self._keep_shown()
        start, end = insertion.span
        text = self._page.manuscript.text
        self._replaces = True
        # Asked with the same seed it would write the same again.
        self._begin(replace(ask, text=text[:start] + text[end:], caret=start, seed=None))

    def end(self) -> None:
        """Keep what has arrived and let no more come: Esc, Stop."""
        if self._running:
            self._turns.leave(self)
            self._finish()

    def _on_hand(self) -> None:
        """The writer's hand ends it too; what she types follows the last word that has arrived."""
        if self._running:
            self._turns.leave(self)
            self._finish(parted=False)

    def accept(self) -> None:
        """The text is hers."""
        self.end()
        insertion, self._insertion = self._insertion, None
        if insertion is not None:
            insertion.commit()
            self._forget()

    def remove(self) -> None:
        """Take the text away."""
        self.end()
        insertion, self._insertion = self._insertion, None
        if insertion is not None:
            start = insertion.span[0]
            insertion.abandon()
            self._page.set_caret(start)
            self._forget()

    def step(self, by: int) -> None:
        """Show the next (1) or the previous (-1) alternative."""
        if self._running or self._insertion is None or len(self._versions) < 2 or not self.is_fresh:
            return  # text that she has undone comes back by redo, not by the way
        self._keep_shown()
        self._shown = (self._shown + by) % len(self._versions)
        self._insertion.replace(self._versions[self._shown])
        self._page.set_caret(self._insertion.span[1])
        self.changed.emit()

    # -- what the engine says -------------------------------------------------------------------

    def on_phase(self, phase: str) -> None:
        """The engine has gone on to another phase."""
        if self._running:
            self.phase, self.progress, self.seconds_left = phase, 0.0, -1.0
            self.changed.emit()

    def on_progress(self, fraction: float, seconds_left: float) -> None:
        """How far loading or reading is."""
        self.progress, self.seconds_left = fraction, seconds_left
        self.changed.emit()

    def on_text(self, text: str) -> None:
        """More of the answer."""
        if self._adapter is not None and self._ask is not None:
            self._put(self._adapter.feed(text, self._ask.text[: self._ask.caret][-_AROUND:]))

    def on_finished(self, done: Done) -> None:
        """The answer is complete."""
        if self._running:
            self._finish()

    def on_failed(self, error: WriterError) -> None:
        """The generation failed; what has arrived stays."""
        if self._running:
            self._finish()
        self.failed.emit(error)

    def on_taken_over(self) -> None:
        """Another window has asked; what has arrived stays."""
        if self._running:
            self._finish()

    # -- inside ---------------------------------------------------------------------------------

    def _begin(self, ask: Ask) -> None:
        language = ask.language
        self._ask = ask
        self._adapter = Adapter(Habits.of(ask.text, language), self._switches)
        self._running = True
        self.phase, self.progress, self.seconds_left = "loading", 0.0, -1.0
        self.changed.emit()
        self._turns.take(self, ask)

    def _put(self, text: str) -> None:
        if not text or self._insertion is None:
            return
        if self._replaces:
            self._replaces = False
            self._versions.append("")
            self._shown = len(self._versions) - 1
            self._insertion.replace(text)
        else:
            self._insertion.add(text)
        if not self._versions:
            self._versions.append("")
        self.changed.emit()

    def _finish(self, *, parted: bool = True) -> None:
        if self._adapter is not None:
            self._put(self._adapter.finish())
        if parted and self._ask is not None and self.is_fresh:
            self._put(_trail(self._ask.text, self._ask.caret))
        self._running, self._replaces, self._adapter = False, False, None
        self.phase, self.progress, self.seconds_left = "idle", 0.0, -1.0
        if self._insertion is not None:
            self._insertion.flush()
            if not self._insertion.text:
                self._insertion.commit()
                self._insertion = None
                self._forget()
        self._keep_shown()
        self.changed.emit()

    def _keep_shown(self) -> None:
        """Remember the version shown as it is now: the writer may have edited it."""
        if self._insertion is not None and self._versions and self._insertion.text:
            self._versions[self._shown] = self._insertion.text

    def _forget(self) -> None:
        self._versions, self._shown = [], 0
        self.changed.emit()


def _trail(text: str, caret: int) -> str:
    """What parts the answer from what follows: before a line it is a paragraph, and must not join a heading."""
    begins_line = caret == 0 or text[caret - 1] == "\n"
    if not begins_line or text[caret : caret + 1] in ("", "\n"):
        return ""
    around = text[max(0, caret - _AROUND) : caret + _AROUND]
    return "\n\n" if "\n\n" in around else "\n"


def _ask(text: str, caret: int, options: Options, recipe: Recipe, more: Asking) -> Ask:
    return Ask(
        text=text,
        caret=caret,
        recipe=recipe,
        note=options.note,
        length=options.length,
        amount=options.amount,
        temperature=options.temperature,
        seed=options.seed,
        stop=options.stop,
        model=more.model,
        read_tokens=more.read_tokens,
        anyway=more.anyway,
        project=more.project,
        bans=more.bans,
    )
