"""Summing up earlier chapters, one after the other, the nearest first: at her word, or in pauses where she wants it.

What is finished lies in the project's folder, so stopping costs only the piece that is being written, and starting
again goes on there. Whoever else asks the engine comes first.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from writer_app.craft.replay import Asked
from writer_app.craft.summarising import Summarising
from writer_app.craft.transform import Transform
from writer_app.engine.protocol import Done, Ending
from writer_app.errors import WriterError
from writer_app.story import summaries
from writer_app.story.project import Project
from writer_app.story.summaries import Summary
from writer_app.ui.session.aside import Aside
from writer_app.ui.session.asking import Asking
from writer_app.ui.session.binder import Binder
from writer_app.ui.session.engine import Turns
from writer_app.ui.session.reading_along import on_battery

#: Milliseconds of rest after which it goes on by itself, where she wants that.
REST_MS = 20_000


@dataclass(frozen=True)
class _Due:
    """A chapter that has no summary, or one of another text."""

    chapter: str
    text: str
    known: Summary | None


class Summing(QObject):
    """One window's.

    Args:
        binder: Knows the project and where in it she is.
        turns: The engine's turns.
        aside: Files are read and written there.
        recipe: The recipe "summarise", if there is one.
        asking: What settings say of asking.
        is_wanted: Whether it goes on by itself while she rests.

    Signals:
        changed: How far it is.
        made: There is another summary.
        failed: A :class:`WriterError` that ended it.

    Attributes:
        is_running: Whether it is at work.
        left: Chapters that still have none, or an old one; ``None`` while that is not known.
    """

    changed = Signal()
    made = Signal()
    failed = Signal(object)

    def __init__(
        self,
        binder: Binder,
        turns: Turns,
        aside: Aside,
        recipe: Callable[[], Transform | None],
        asking: Callable[[], Asking],
        is_wanted: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.is_running = False
        self.left: int | None = None
        self._binder, self._turns, self._aside = binder, turns, aside
        self._recipe, self._asking, self._is_wanted = recipe, asking, is_wanted
        self._by_itself = False
        self._project: object = None  # that it is at work for
        self._due: list[_Due] = []
        self._work: tuple[_Due, Summarising] | None = None  # under way, or left off
        self._answer = ""
        self._turn = 0
        self._rest = QTimer(self, interval=REST_MS, singleShot=True)
        self._rest.timeout.connect(self._on_rest)
        binder.entered.connect(self._on_entered)

    def start(self, *, by_itself: bool = False) -> None:
        """Sum up what is due."""
        opened, recipe = self._binder.project, self._recipe()
        if self.is_running or opened is None or recipe is None:
            return
        self.is_running, self._by_itself = True, by_itself
        self._turn += 1
        turn = self._turn
        snapshot = Project(opened.project.folder, opened.facts, opened.tree)

        def take(found: list[_Due] | WriterError) -> None:
            if turn != self._turn or not self.is_running:
                return
            if isinstance(found, WriterError):
                self._end(found)
                return
            self._due, self.left = found, len(found)
            self._next()

        self.changed.emit()
        here = next(iter((*self._binder.together, self._binder.current)), "")
        self._aside.run(partial(_due, snapshot, here), take, self)

    def stop(self) -> None:
        """Leave off; what is finished stays."""
        if self.is_running:
            self._turns.leave(self)
            self._end()

    def on_hand(self) -> None:
        """She writes: what goes on by itself leaves off, and waits for the next rest."""
        if self.is_running and self._by_itself:
            self.stop()
        if self._binder.project and self._is_wanted():
            self._rest.start()

    def leave(self) -> None:
        """The window closes."""
        self._rest.stop()
        self.stop()

    # -- what the engine says -------------------------------------------------------------------

    def on_phase(self, phase: str) -> None:
        """Nothing is shown of that."""

    def on_progress(self, fraction: float, seconds_left: float) -> None:
        """Nor of that."""

    def on_asked(self, asked: Asked) -> None:
        """A summary can be made again from its chapter."""

    def on_text(self, text: str, _alternative: int) -> None:
        """More of the answer."""
        self._answer += text

    def on_finished(self, done: Done) -> None:
        """A piece is summed up."""
        if self._work is None or done.reason is Ending.CANCELLED:
            self._end()
            return
        _due_now, work = self._work
        work.take(self._answer)
        self._ask()

    def on_failed(self, error: WriterError) -> None:
        """It cannot go on."""
        self._end(error)

    def on_taken_over(self) -> None:
        """Somebody else has asked."""
        self._end()
        if self._is_wanted():
            self._rest.start()

    # -- inside ---------------------------------------------------------------------------------

    def _next(self) -> None:
        """Begin with the next chapter, or go on where it was left off."""
        recipe = self._recipe()
        if not self._due or recipe is None:
            self._end()
            return
        due = self._due.pop(0)
        if self._work is None or self._work[0] != due:
            asking = self._asking()
            work = Summarising(due.text, recipe, asking.model, saving=asking.saving)
            self._work = due, work
        self._ask()

    def _ask(self) -> None:
        assert self._work
        due, work = self._work
        if not work.is_complete:
            self._answer = ""
            self._turns.take(self, work.question())
            return
        self._work = None
        if work.summary:
            self._keep(due, work.summary)
        else:
            self._next()

    def _keep(self, due: _Due, text: str) -> None:
        opened = self._binder.project
        if opened is None:
            self._end()
            return
        model = self._turns.model
        known = due.known or Summary(id=due.chapter, text="")
        summary = msgspec.structs.replace(
            known,
            text=text,
            made_from=summaries.fingerprint(due.text),
            model=model.name if model else "",
        )
        snapshot, turn = Project(opened.project.folder), self._turn

        def go_on(found: WriterError | None) -> None:
            self.made.emit()
            if turn != self._turn or not self.is_running:
                return
            if isinstance(found, WriterError):
                self._end(found)
                return
            self.left = max(0, (self.left or 1) - 1)
            self.changed.emit()
            self._next()

        self._aside.run(partial(summaries.save, snapshot, summary), go_on, self)

    def _end(self, error: WriterError | None = None) -> None:
        self.is_running = False
        self.changed.emit()
        if error:
            self.failed.emit(error)

    def _on_rest(self) -> None:
        if self._is_wanted() and not on_battery() and self._turns.model and not self._turns.is_busy:
            self.start(by_itself=True)

    def _on_entered(self, _item: str) -> None:
        if self._binder.project is not self._project:
            self.stop()
            self._project, self.left = self._binder.project, None
            self.changed.emit()
        if self._binder.project and self._is_wanted():
            self._rest.start()


def _due(project: Project, here: str) -> list[_Due]:
    """The chapters before ``here`` that have no summary or an old one, the nearest first."""
    known, _problems = summaries.load(project)
    found = []
    tree = project.tree
    for chapter in reversed(summaries.earlier(tree, here) if here in tree else ()):
        try:
            text = summaries.text_of(tree, chapter.id, project.read)
        except WriterError:
            continue
        summary = known.get(chapter.id)
        # What she wrote or changed herself stays until she lets it go.
        is_hers = summary is not None and bool(summary.text.strip()) and not summary.model
        if text.strip() and not is_hers and (summary is None or summary.is_stale(text)):
            found.append(_Due(chapter.id, text, summary))
    return found
