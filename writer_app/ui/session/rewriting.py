"""Rewriting a passage: from a recipe to changes that the writer accepts, one undo step in all.

One :class:`Rewriter` serves one page. Nothing in the document changes before she accepts. Its passage is followed
through every change of the document, so that she may write on elsewhere meanwhile; where she changes the passage
itself, that is noticed, and asked about before anything is replaced.
"""

import secrets
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from writer_app.craft import replay
from writer_app.craft.passage import Passage
from writer_app.craft.replay import Asked
from writer_app.craft.rewriting import Rewriting
from writer_app.craft.transform import Result, Transform
from writer_app.engine.protocol import Done
from writer_app.errors import NothingUseful, WriterError
from writer_app.story.changes import Change, Origin
from writer_app.story.records import Note
from writer_app.text.habits import ALL_ON, Switches
from writer_app.ui.editor.page import Page
from writer_app.ui.editor.spans import shift_span, without_line_ends
from writer_app.ui.session.aside import Aside
from writer_app.ui.session.drafts import Drafts, ruled
from writer_app.ui.session.engine import Turns
from writer_app.ui.session.review import Review

#: Milliseconds between two looks at what has come: reading along a diff is not faster.
LIVE_MS = 100
#: Edits of the document that one accepting makes at most: each is a record of the log and a layout of the page.
_MOST_EDITS = 40
_LAYER = "passage"
#: Of a passage longer than a screen or two, so many characters are marked on each side of what is in view.
_AROUND = 20_000
#: Of a passage longer than this, what has to read all of it is done aside.
_AT_ONCE = 60_000
#: Seconds that a rule may hold the window up, so that a sentence is done at once.
_PATIENCE = 0.03

T = TypeVar("T")


class Rewriter(QObject):
    """The passage of one page that is being rewritten, and the candidates for it.

    Signals:
        changed: Phase, progress, candidates or what she decided.
        applying: The document is about to be changed.
        failed: A :class:`WriterError`.

    Attributes:
        phase: Of the engine for this; ``"idle"`` when nothing is being written.
        progress: 0 to 1; seconds_left: -1 when unknown.
        reviews: The candidates, in the order in which she steps through them.
        number: Which one is shown, from 0.
        is_touched: She has changed the passage since it was asked about.
    """

    changed = Signal()
    applying = Signal()
    failed = Signal(object)

    def __init__(self, page: Page, turns: Turns, aside: Aside) -> None:
        super().__init__(page)
        self.phase = "idle"
        self.progress = 0.0
        self.seconds_left = -1.0
        self.reviews: list[Review] = []
        self.number = 0
        self.is_touched = False
        self._page = page
        self._turns = turns
        self._aside = aside
        self._asked: Rewriting | None = None
        self._drafts: Drafts | None = None  # not yet while a long passage is being prepared
        self._span = self._marked = (0, 0)
        self._source = ""
        self._requests: list[Asked] = []  # what the engine was asked, piece by piece
        self._switches = ALL_ON
        self._latest: list[Review] = []  # those being written
        self._running = False
        self._applying = False
        self._live = QTimer(self, interval=LIVE_MS, singleShot=True)
        self._live.timeout.connect(self._look)
        page.manuscript.subscribe(self._on_change)
        page.restyled.connect(self._mark)
        # Not at once: asking what is in view makes Qt lay out more, which may scroll again.
        self._scrolled = QTimer(self, interval=0, singleShot=True)
        self._scrolled.timeout.connect(self._mark_more)
        page.verticalScrollBar().valueChanged.connect(lambda _value: self._scrolled.start())

    # -- what widgets ask -----------------------------------------------------------------------

    @property
    def _passage(self) -> Passage | None:
        return self._drafts.passage if self._drafts else None

    @property
    def is_running(self) -> bool:
        """Whether something may still come."""
        return self._running

    @property
    def is_open(self) -> bool:
        """Whether there is a passage under review."""
        return self._asked is not None

    @property
    def recipe(self) -> Transform | None:
        """What is being done to the passage."""
        return self._asked.recipe if self._asked else None

    @property
    def span(self) -> tuple[int, int] | None:
        """Where the passage stands now."""
        return self._span if self._asked else None

    @property
    def shown(self) -> Review | None:
        """The candidate that is shown."""
        return self.reviews[self.number] if self.number < len(self.reviews) else None

    @property
    def pieces(self) -> tuple[int, int]:
        """How many pieces of the passage are finished, and how many there are."""
        passage = self._passage
        return (len(passage.done), len(passage.spans)) if passage else (0, 0)

    @property
    def can_resume(self) -> bool:
        """Whether pieces are left that were not asked about."""
        passage = self._passage
        left = passage is not None and not passage.is_complete and not passage.asked.recipe.rule
        return left and not self._running and not self.is_touched

    @property
    def is_cut(self) -> bool:
        """Whether the model reads only the beginning of the passage."""
        return self._passage is not None and self._passage.is_cut

    # -- what the writer does -------------------------------------------------------------------

    def start(self, asked: Rewriting, switches: Switches) -> None:
        """Ask about a passage; what was under review before is let go."""
        self.dismiss()
        self._begin(asked, switches)

    def again(self) -> None:
        """Ask for other candidates; those there are stay, unless she has changed the passage."""
        asked = self._asked
        if asked is None or self._running:
            return
        kept, text = ([] if self.is_touched else self.reviews), self._page.manuscript.text
        self._let_go()
        self._begin(
            replace(asked, text=text, span=self._shrunk(text), seed=None), self._switches, kept
        )

    def resume(self) -> None:
        """Go on with the pieces that are left."""
        if self.can_resume:
            self.reviews = [each for each in self.reviews if each not in self._latest]
            self.number = len(self.reviews)
            self._running = True
            self._ask()

    def stop(self) -> None:
        """Let nothing more come; what has come stays."""
        if self._running:
            self._turns.leave(self)
            self._end()

    def dismiss(self) -> None:
        """Keep the passage as it is, and let all candidates go."""
        self.stop()
        if self._asked is not None:
            self._let_go()
            self.changed.emit()

    def step(self, by: int) -> None:
        """Show the next candidate (1) or the one before (-1)."""
        if self.reviews:
            self.number = (self.number + by) % len(self.reviews)
            self.changed.emit()

    def step_change(self, by: int) -> None:
        """Look at the next change of the candidate (1) or the one before (-1)."""
        if self.shown:
            self.shown.step(by)
            self.changed.emit()

    def decide(self, index: int, *, accepted: bool) -> None:
        """Accept or reject one change; saying the same again takes it back."""
        if self.shown:
            self.shown.current = index
            self.shown.decide(index, accepted=accepted)
            self.changed.emit()

    def decide_current(self, *, accepted: bool) -> bool:
        """Accept or reject the change looked at; returns whether one is still open."""
        review = self.shown
        left = review is not None and review.decide_current(accepted=accepted)
        self.changed.emit()
        return left

    def keep(self, index: int, *, wanted: bool) -> None:
        """Keep an item of a list, or drop it."""
        if self.shown:
            self.shown.keep(index, wanted=wanted)
            self.changed.emit()

    def edit(self, text: str) -> None:
        """Put her own words in the place of the candidate shown; its checks and changes follow."""
        drafts, review = self._drafts, self.shown
        if drafts is None or review is None or not review.is_complete:
            return
        if text != review.candidate.text:
            self._work(partial(drafts.edited, text, review), partial(self._take_edited, review))

    def accept(self) -> None:
        """Make the changes that are to be made, as one undo step.

        Where she has changed the passage since, what stands there now is replaced whole.
        """
        asked, review = self._asked, self.shown
        if asked is None or review is None or not self._may_change():
            return
        self._apply(asked, self._edits(review))

    def insert_after(self) -> None:
        """Put the candidate behind the passage; of a list, the items she keeps."""
        asked, review = self._asked, self.shown
        if asked is None or review is None or not self._may_change():
            return
        end = self._span[1]
        self._apply(asked, [(end, end, self._behind(asked, self.words()))])

    def words(self) -> str:
        """What copying or inserting takes: the candidate, of a list the items she keeps."""
        review = self.shown
        if review is None:
            return ""
        items = review.candidate.items
        if items:
            kept = [item for index, item in enumerate(items) if index in review.kept] or items
            return "\n".join(kept)
        replaces = self.recipe is not None and self.recipe.result is Result.REPLACE
        return review.text() if replaces else review.candidate.text

    # -- what the engine says -------------------------------------------------------------------

    def on_phase(self, phase: str) -> None:
        """The engine is in another phase."""
        if self._running and phase != "idle":
            self.phase, self.progress, self.seconds_left = phase, 0.0, -1.0
            self.changed.emit()

    def on_progress(self, fraction: float, seconds_left: float) -> None:
        """How far loading or reading is."""
        self.progress, self.seconds_left = fraction, seconds_left
        self.changed.emit()

    def on_text(self, text: str, alternative: int) -> None:
        """More of one of the answers."""
        if self._drafts is not None:
            self._drafts.feed(text, alternative)
            if not self._live.isActive():
                self._live.start()

    def on_asked(self, asked: Asked) -> None:
        """What the engine is asked for this piece."""
        self._requests.append(asked)

    def on_finished(self, _done: Done) -> None:
        """The answers to this piece are complete; on to the next one."""
        if self._drafts is None:
            return
        self._drafts.finish_piece()
        if self._drafts.passage.is_complete:
            self._end()
        else:
            self._ask()

    def on_failed(self, error: WriterError) -> None:
        """It failed; what has come stays."""
        self._end()
        if not self.reviews:
            self._let_go()
            self.changed.emit()
        self.failed.emit(error)

    def on_taken_over(self) -> None:
        """Another window, or a continuation, has asked; what has come stays."""
        self._end()

    # -- asking ---------------------------------------------------------------------------------

    def _begin(self, asked: Rewriting, switches: Switches, kept: Sequence[Review] = ()) -> None:
        if asked.seed is None:
            asked = replace(asked, drawn_seed=secrets.randbits(32))
        self._asked, self._switches = asked, switches
        self._span, self._source = asked.span, uuid.uuid4().hex
        self._requests = []
        self.is_touched, self._running, self.phase = False, True, "reading"
        self.reviews, self.number = [*kept], len(kept)  # the next one to come
        self._mark()
        self.changed.emit()
        self._work(lambda: Drafts(Passage(asked), switches), self._take_drafts)

    def _work(self, work: Callable[[], T], done: Callable[[T], object]) -> None:
        """Do what has to read the whole passage, aside if it is long; nothing comes of it if she lets the passage go."""
        source = self._source

        def take(found: T | WriterError) -> None:
            if source != self._source:
                return
            if isinstance(found, WriterError):
                self._let_go()
                self.changed.emit()
                self.failed.emit(found)
            else:
                done(found)

        if self._span[1] - self._span[0] > _AT_ONCE:
            self._aside.run(work, take, self)
            return
        try:
            found: T | WriterError = work()
        except WriterError as error:
            found = error
        take(found)

    def _take_drafts(self, drafts: Drafts) -> None:
        """All is prepared: ask."""
        self._drafts = drafts
        asked = drafts.passage.asked
        if not self._running:
            return
        if asked.recipe.rule:
            self._aside.run(
                partial(ruled, asked), partial(self._take_rule, drafts), self, _PATIENCE
            )
        else:
            self._ask()

    def _ask(self) -> None:
        """Ask about the next piece."""
        assert self._drafts is not None
        question = self._drafts.begin()
        self.phase, self.progress, self.seconds_left = "loading", 0.0, -1.0
        self.changed.emit()
        self._turns.take(self, question)

    def _take_rule(self, drafts: Drafts, found: Review | WriterError) -> None:
        if drafts is not self._drafts or not self._running:
            return
        self._running, self.phase = False, "idle"
        if isinstance(found, WriterError):
            self._let_go()
            self.failed.emit(found)
        else:
            self.reviews, self.number = [found], 0
        self.changed.emit()

    def _take_edited(self, review: Review, edited: Review) -> None:
        if review in self.reviews:
            self.reviews[self.reviews.index(review)] = edited
            self.changed.emit()

    # -- what has come --------------------------------------------------------------------------

    def _look(self) -> None:
        """Show what has come of the piece that is being written."""
        if self._drafts is not None and self._running:
            self._show_latest(self._drafts.so_far())
            self.changed.emit()

    def _show_latest(self, latest: list[Review]) -> None:
        """Put what is being written in the place of what was shown of it before."""
        was = self.shown
        earlier = [each for each in self.reviews if each not in self._latest]
        at = self._latest.index(was) if was in self._latest else 0
        self.reviews, self._latest = earlier + latest, latest
        if was in earlier and self.number < len(earlier):
            return
        self.number = min(len(earlier) + at, max(0, len(self.reviews) - 1))

    def _end(self) -> None:
        """Nothing more comes: make of what there is what can be accepted."""
        drafts = self._drafts
        if not self._running or self.phase == "ending":
            return
        self._live.stop()
        self.phase, self.progress, self.seconds_left = "ending", 0.0, -1.0
        if drafts is None:  # she stops while it is being prepared
            self._running, self.phase, self._source = False, "idle", ""
            if not self.reviews:
                self._let_go()
            self.number = 0
            self.changed.emit()
            return
        self.changed.emit()
        self._work(drafts.result, partial(self._take_result, drafts))

    def _take_result(self, drafts: Drafts, latest: list[Review]) -> None:
        self._running, self.phase = False, "idle"
        self._show_latest(latest)
        came_to_nothing = bool(drafts.passage.done) and not self._latest
        if not self.reviews:
            self._let_go()
        self.number = min(self.number, max(0, len(self.reviews) - 1))
        self.changed.emit()
        if came_to_nothing:
            model = self._turns.model.name if self._turns.model else ""
            self.failed.emit(NothingUseful(model=model))

    # -- the document ---------------------------------------------------------------------------

    def _edits(self, review: Review) -> list[tuple[int, int, str]]:
        """What makes the passage as it would be: (start, end, what to put there), in order."""
        start, end = self._span
        if self.is_touched:
            return [(start, end, review.text())]
        edits = review.edits(_MOST_EDITS)
        return [(start + begin, start + stop, text) for begin, stop, text in edits]

    def _may_change(self) -> bool:
        """End whatever else is being written, before places are counted: it may move the passage, or change it.

        Where it has just changed it, she is to be asked first.
        """
        if self._page.manuscript.read_only:
            return False
        self.stop()
        was_touched = self.is_touched
        self._page.take_hand()
        return self.is_touched == was_touched

    def _apply(self, asked: Rewriting, edits: list[tuple[int, int, str]]) -> None:
        """Make the edits as one step of hers; what they leave alone stays whoever's it was."""
        by_rule = bool(asked.recipe.rule)
        self.applying.emit()
        if not by_rule:
            self._write_down(asked)
        end = self._span[1]
        with self._page.one_step() as group, self._page.mirror.at_once():
            self._applying = True
            try:
                for start, stop, text in reversed(edits):
                    self._page.manuscript.replace(
                        start,
                        stop,
                        text,
                        origin=Origin.TYPED if by_rule else Origin.MODEL,
                        group=group,
                        source="" if by_rule else self._source,
                    )
                    end += len(text) - (stop - start)
            finally:
                self._applying = False
        self._let_go()
        self._page.set_caret(end)
        self.changed.emit()

    def _write_down(self, asked: Rewriting) -> None:
        """Keep in the log who wrote this."""
        model = self._turns.model
        data = {
            "id": self._source,
            "recipe": asked.recipe.id,
            "model": model.name if model else "",
            "seed": self.shown.seed if self.shown else None,
            "at": time.time(),
        }
        self._page.manuscript.annotate(Note("request", data))
        for number, request in enumerate(self._requests):
            if kept := replay.note(f"{self._source}/{number}", request):
                self._page.manuscript.annotate(kept)

    def _behind(self, asked: Rewriting, text: str) -> str:
        """``text`` set apart from the passage: as the next sentence, or as a paragraph."""
        if asked.recipe.result is Result.AFTER:
            before = self._page.manuscript.text[max(0, self._span[1] - 1) : self._span[1]]
            return (" " if before.isascii() and before.strip() else "") + text
        gap = "\n\n" if "\n\n" in asked.text[-20_000:] else "\n"
        return gap + text.strip("\n")

    def _on_change(self, change: Change) -> None:
        if self._asked is None or self._applying:
            return
        start, end = self._span
        inside = change.offset < end and change.offset + len(change.removed) > start
        self._span = shift_span(self._span, change)
        if inside and not self.is_touched:
            self.is_touched = True
            self.stop()
            self.changed.emit()
        if inside:  # elsewhere Qt moves the marks along
            self._mark()

    def _shrunk(self, text: str) -> tuple[int, int]:
        """The passage without white space at its edges."""
        start, end = self._span
        inside = text[start:end]
        return start + len(inside) - len(inside.lstrip()), end - len(inside) + len(inside.rstrip())

    def _mark(self) -> None:
        """Show on the page which passage it is about, as far as it is near what she sees.

        Each line is a mark of its own: those of a whole book take Qt half a second.
        """
        spans = []
        if self._asked is not None:
            first, last = self._seen()
            start, end = self._span
            self._marked = max(start, first - _AROUND), min(end, last + _AROUND)
            spans = list(without_line_ends(self._marked, self._page.manuscript.text))
        look = self._page.formats.tint(self._page.page_style.colours.selection)
        self._page.show_layer(_LAYER, spans, look)

    def _seen(self) -> tuple[int, int]:
        """What is in view; where Qt has not yet laid it out, it says that the whole rest is."""
        first, last = self._page.visible_span()
        return first, min(last, first + _AROUND)

    def _mark_more(self) -> None:
        """She has scrolled: mark what has come into view."""
        if self._asked is None:
            return
        first, last = self._seen()
        start, end = self._span
        if max(start, first) < self._marked[0] or self._marked[1] < min(end, last):
            self._mark()

    def _let_go(self) -> None:
        self._asked, self._drafts, self._source = None, None, ""
        self.reviews, self._latest, self.number = [], [], 0
        self._running, self.is_touched, self.phase = False, False, "idle"
        self._live.stop()
        self._mark()
