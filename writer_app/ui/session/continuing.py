"""Continuing at the caret: from Ctrl+Return to text that the writer accepts, retries or removes.

One :class:`Continuing` serves one page. Its text goes in through an
:class:`~writer_app.ui.editor.insertion.Insertion` and stays *fresh* until it is accepted (Tab, Accept, the next
Ctrl+Return) or removed. The writer's hand ends the stream in any phase and keeps what has arrived; undo then
takes it away in the same press, since the hand comes first and the undo after it.

Several alternatives arrive together. One stands on the page, the others grow out of sight until she steps to
them. What is accepted stays a place with branches: stepping there later makes it fresh again.
"""

import secrets
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from writer_app.craft import replay
from writer_app.craft.continuation import Ask
from writer_app.craft.question import Question
from writer_app.craft.recipe import Preset
from writer_app.craft.replay import Again, Asked
from writer_app.engine.protocol import Done, Ending
from writer_app.errors import WriterError
from writer_app.story.ledger import Authored
from writer_app.story.records import Note
from writer_app.text.habits import ALL_ON
from writer_app.ui.editor.insertion import Insertion
from writer_app.ui.editor.page import Page
from writer_app.ui.session.answers import Answers
from writer_app.ui.session.asking import Asking
from writer_app.ui.session.branches import KIND, Branches, Place
from writer_app.ui.session.engine import Turns
from writer_app.ui.session.repetition import Repetition
from writer_app.ui.session.requests import Requests
from writer_app.ui.session.state import Options
from writer_app.ui.session.versions import GLIMPSE, Version, Versions


@dataclass(frozen=True)
class _Repeating:
    """What is being written once more.

    Attributes:
        asked: What was asked then, and now again.
        old: What stood there.
        made: What is being written.
        was_accepted: It was hers already.
    """

    asked: Asked
    old: Version
    made: Version
    was_accepted: bool


class Continuing(QObject):
    """The generation of one page, and the versions it has brought.

    Signals:
        beginning: Text of the model is about to come.
        changed: Phase, progress or versions.
        failed: A :class:`WriterError`.
        written_again: A :class:`Repetition`: what was written once more.

    Attributes:
        phase: Of the engine for this page; ``"idle"`` from the moment the writer ends it.
        progress: 0 to 1; seconds_left: -1 when unknown.
    """

    beginning = Signal()
    changed = Signal()
    failed = Signal(object)
    written_again = Signal(object)

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
        self._answers: Answers | None = None  # while text may arrive
        self._source = ""  # the request that is being answered, or was last
        self._asked: Asked | None = None  # what the engine was asked for it
        self._awaited: Version | None = None  # with its first word it takes its place on the page
        self._versions = Versions()
        self._branches = Branches.of(page.manuscript.past)
        self._requests = Requests(page.manuscript)
        self._repetition: _Repeating | None = None  # while something is written once more
        page.hand.connect(self._on_hand)
        page.manuscript.subscribe(self._branches.follow)

    # -- what widgets ask -----------------------------------------------------------------------

    @property
    def is_running(self) -> bool:
        """Whether text may still arrive."""
        return self._answers is not None

    @property
    def is_fresh(self) -> bool:
        """Whether there is text that is neither accepted nor removed."""
        return self._fresh is not None

    @property
    def caret_at_end(self) -> bool:
        """Whether the caret stands right behind the fresh text, nothing selected."""
        if self._fresh is None:
            return False
        end = self._fresh.span[1]
        return self._page.selection == (end, end)

    @property
    def versions(self) -> Versions:
        """Those of the fresh text; none where she has undone it, for it comes back by redo."""
        return self._versions if self.is_fresh else Versions()

    @property
    def place(self) -> Place | None:
        """Where the caret stands in accepted text that has other versions, or where text was removed: that place."""
        manuscript, caret, fresh = self._page.manuscript, self._page.caret, self._fresh
        at_fresh = fresh is not None and fresh.span[0] <= caret <= fresh.span[1]
        if self.is_running or at_fresh or manuscript.read_only:
            return None
        return self._branches.at(manuscript.text, caret)

    # -- what the writer does -------------------------------------------------------------------

    def start(self, options: Options, recipe: Preset, more: Asking) -> None:
        """Continue behind the caret; accepts what was fresh. While text arrives, nothing happens."""
        if self.is_running or self._page.manuscript.read_only:
            return
        self.accept()
        ask = self.question(options, recipe, more)
        self._page.set_caret(ask.caret)
        self._switches = more.switches
        self._insertion = Insertion(self._page, ask.caret)
        self._begin(ask)

    def question(self, options: Options, recipe: Preset, more: Asking) -> Ask:
        """What would be asked if the writer asked now."""
        return more.ask(self._page.manuscript.text, self._page.selection[1], options, recipe)

    def retry(self, usual: Callable[[], Ask]) -> None:
        """Write other versions in the same place; the one shown stays until the first word arrives.

        Asked as the last time, or as is ``usual`` where that was in an earlier session.
        """
        fresh = self._fresh
        if self.is_running or fresh is None:
            return
        ask = self._ask or usual()
        self._versions.recognise(fresh.text)
        start, end = fresh.span
        text = self._page.manuscript.text
        # Asked with the same seed it would write the same again.
        self._begin(replace(ask, text=text[:start] + text[end:], caret=start, seed=None))

    def write_again(self, usual: Ask, answer: Authored | None, *, despite: bool = False) -> bool:
        """Ask once more, word for word, what was asked for the text that stands at the caret.

        Args:
            usual: What would be asked here now; says where the answer goes, and which model writes.
            answer: What the log knows of the text at the caret; ``None`` where no model wrote it.
            despite: Also where another model or engine answers than then.

        Returns:
            False where it is not known what was asked.
        """
        if self.is_running or self._page.manuscript.read_only:
            return True
        place = self.place
        old = place.versions.shown if place else self.versions.shown
        source = (old.source if old else "") or (answer.source if answer else "")
        asked = self._requests.find(source)
        if asked is None or (place and old is None):
            return False
        was_accepted = place is not None or old is None
        if place:
            self._take_up()
        elif answer and old is None:
            old = self._take_up_answer(answer)
        fresh = self._fresh
        if fresh is None or old is None:
            return False
        self._versions.recognise(fresh.text)
        start, end = fresh.span
        text = self._page.manuscript.text
        seed = asked.request.seed or 0
        ask = replace(
            usual,
            text=text[:start] + text[end:],
            caret=start,
            seed=(seed + old.answer) % 2**32,
            alternatives=1,
        )
        self._begin(ask, Again(asked, old.answer, ask, despite=despite))
        assert self._answers is not None
        self._repetition = _Repeating(asked, old, self._answers.versions[0], was_accepted)
        return True

    def end(self) -> None:
        """Keep what has arrived and let no more come: Esc, Stop."""
        if self.is_running:
            self._turns.leave(self)
            self._finish()

    def _on_hand(self) -> None:
        """The writer's hand ends it too; what she types follows the last word that has arrived."""
        if self.is_running:
            self._turns.leave(self)
            self._finish(parted=False)

    def accept(self) -> None:
        """The text is hers; its other versions stay with the place."""
        self.end()
        if (insertion := self._insertion) is not None:
            self._versions.recognise(insertion.text)
            insertion.commit()
            self._let_go(insertion)

    def remove(self) -> None:
        """Take the text away; it stays with the place."""
        self.end()
        if (insertion := self._insertion) is not None:
            self._versions.recognise(insertion.text)
            insertion.abandon()
            self._page.set_caret(insertion.span[0])
            self._let_go(insertion, is_removed=True)

    def step(self, by: int) -> None:
        """Show the next (1) or the previous (-1) version, also while text arrives."""
        if self._take_up():
            self._show(self._versions.beside(by))

    def pick(self, number: int) -> None:
        """Show this version, counted from 1."""
        if self._take_up() and 0 < number <= len(self._versions):
            self._show(list(self._versions)[number - 1])

    def drop(self) -> None:
        """Let the version shown go; if it is still being written, only that one ends."""
        if self.place is not None or not self._take_up():
            return
        gone = self._versions.shown
        number = self._answers.drop(gone) if self._answers and gone else None
        if number is not None:
            self._turns.drop(self, number)
        self._show(self._versions.drop(), recognise=False)

    def forget_branches(self) -> None:
        """Forget all versions that were not taken, in the log too; the text stays."""
        self._branches.clear()
        self._page.manuscript.annotate(Note(KIND))
        self._page.manuscript.annotate(Note(replay.KIND))
        self.changed.emit()

    # -- what the engine says -------------------------------------------------------------------

    def on_phase(self, phase: str) -> None:
        """The engine has gone on to another phase."""
        if self.is_running:
            self.phase, self.progress, self.seconds_left = phase, 0.0, -1.0
            self.changed.emit()

    def on_progress(self, fraction: float, seconds_left: float) -> None:
        """How far loading or reading is."""
        self.progress, self.seconds_left = fraction, seconds_left
        self.changed.emit()

    def on_text(self, text: str, alternative: int) -> None:
        """More of one of the answers."""
        piece = self._answers.feed(text, alternative) if self._answers else None
        if piece:
            self._put(*piece)

    def on_asked(self, asked: Asked) -> None:
        """What the engine is asked; kept, so that it can be asked again."""
        self._asked = asked

    def on_finished(self, done: Done) -> None:
        """The answers are complete."""
        repetition, model = self._repetition, self._turns.model
        self._finish(done)
        if repetition:
            self._compare(
                repetition,
                is_same_model=model is not None and repetition.asked.is_repeatable_with(model),
            )

    def on_failed(self, error: WriterError) -> None:
        """The generation failed; what has arrived stays."""
        self._finish()
        self.failed.emit(error)

    def on_taken_over(self) -> None:
        """Another window has asked; what has arrived stays."""
        self._finish()

    # -- inside ---------------------------------------------------------------------------------

    @property
    def _fresh(self) -> Insertion | None:
        return self._insertion if self._insertion and self._insertion.text else None

    def _begin(self, ask: Ask, question: Question | None = None) -> None:
        self.beginning.emit()
        if ask.seed is None:
            # Drawn here, so that an answer that she ends early has a known seed too.
            ask = replace(ask, drawn_seed=secrets.randbits(32))
        self._ask, self._asked = ask, None
        self._source = uuid.uuid4().hex
        if self._insertion:
            self._insertion.source = self._source
        self._answers = Answers(ask, self._switches, self._source)
        self._versions.add(self._answers.versions)
        self._awaited = self._answers.versions[0]
        self.phase, self.progress, self.seconds_left = "loading", 0.0, -1.0
        self.changed.emit()
        self._turns.take(self, question or ask)

    def _put(self, version: Version, text: str) -> None:
        """Let a version grow, on the page if it is the one shown."""
        if not text or self._insertion is None:
            return
        seen = version is self._versions.shown or len(version.text) < GLIMPSE
        version.text += text
        if version is self._awaited:
            self._awaited, self._versions.shown = None, version
            self._insertion.replace(version.text)
        elif version is self._versions.shown:
            self._insertion.add(text)
        if seen:
            self.changed.emit()

    def _finish(self, done: Done | None = None, *, parted: bool = True) -> None:
        answers, insertion, repetition = self._answers, self._insertion, self._repetition
        if answers is None or insertion is None:
            return
        self._write_down()
        for version, rest in answers.finish(parted=parted):
            self._put(version, rest)
        answers.settle(done)
        self._versions.rank(answers.versions)
        if done and not insertion.text and len(self._versions):
            self._show(next(iter(self._versions)))  # the one awaited came to nothing
        self._answers = self._awaited = self._repetition = None
        self.phase, self.progress, self.seconds_left = "idle", 0.0, -1.0
        insertion.flush()
        if insertion.text:
            self._versions.recognise(insertion.text)
        else:
            insertion.commit()
            self._let_go(insertion)
        if repetition and repetition.was_accepted and not repetition.made.text:
            self.accept()  # nothing came, so what stands there is hers as before
        self.changed.emit()

    def _compare(self, repetition: "_Repeating", *, is_same_model: bool) -> None:
        """Say whether what was written once more is what it was; if so, there is one version of it, not two."""
        old, made = repetition.old, repetition.made
        is_same = bool(made.text) and made.text.rstrip() == old.text.rstrip()
        if is_same:
            self._versions.merge(made, old)
            self._show(old, recognise=False)
            if repetition.was_accepted:
                self.accept()
        self.written_again.emit(
            Repetition(
                is_same=is_same,
                goes_on=not is_same and made.text.startswith(old.text.rstrip()),
                is_same_model=is_same_model,
                was_alone=repetition.asked.request.alternatives == 1,
                was_repeatable=repetition.asked.request.repeatable,
            )
        )

    def _write_down(self) -> None:
        """Keep in the log who wrote this text."""
        ask, model = self._ask, self._turns.model
        assert ask is not None
        data = {
            "id": self._source,
            "recipe": ask.recipe.id,
            "model": model.name if model else "",
            "seed": ask.drawn_seed if ask.seed is None else ask.seed,
            "at": time.time(),
        }
        self._page.manuscript.annotate(Note("request", data))
        if self._asked and (kept := replay.note(self._source, self._asked)):
            self._page.manuscript.annotate(kept)

    def _take_up(self) -> bool:
        """Be ready to show another version; in accepted text that makes it fresh again, removed text too."""
        place = self.place
        if place:
            self.accept()
            self._insertion = Insertion(self._page, *place.span)
            self._insertion.undone.connect(self._forget)
            self._versions, self._ask = place.versions, place.ask
        if place and place.is_removed:
            return True
        return self.is_fresh and len(self._versions) > 1

    def _take_up_answer(self, answer: Authored) -> Version:
        """Make accepted text fresh again that has no other versions."""
        self.accept()
        span = answer.start, answer.end
        self._insertion = Insertion(self._page, *span)
        self._insertion.source = answer.source
        self._insertion.undone.connect(self._forget)
        text = self._page.manuscript.text[slice(*span)]
        version = Version(text, reason=Ending.END, source=answer.source)
        self._versions, self._ask = Versions(), None
        self._versions.add([version])
        self._versions.shown = version
        return version

    def _show(self, version: Version, *, recognise: bool = True) -> None:
        assert self._insertion is not None
        if recognise:
            self._versions.recognise(self._insertion.text)  # the writer may have edited it
        self._awaited, self._versions.shown = None, version
        self._insertion.replace(version.text)
        self._page.set_caret(self._insertion.span[1])
        self.changed.emit()

    def _let_go(self, insertion: Insertion, *, is_removed: bool = False) -> None:
        """Nothing is fresh any more; the versions stay with the place."""
        place = self._branches.keep(
            insertion.span, self._versions, self._ask, is_removed=is_removed
        )
        if place is not None:
            self._page.manuscript.annotate(place.note())
        self._forget()

    def _forget(self) -> None:
        self._insertion, self._versions = None, Versions()
        self.changed.emit()
