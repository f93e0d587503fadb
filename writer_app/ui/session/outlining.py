"""Outlining in one window: the next step, one node again, several to choose from, and what she accepts.

The outline itself is :class:`~writer_app.ui.session.open_outline.OpenOutline`, which all windows of a project share; here
is what is being written into it. She may edit it meanwhile: each answer goes into the outline as it is by then.
"""

import secrets
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from writer_app.craft.method import Level, Method
from writer_app.craft.outlining import (
    LOGLINE,
    SYNOPSIS,
    Filling,
    Growing,
    Words,
    level_of,
    sprouted,
)
from writer_app.craft.replay import Asked
from writer_app.engine.protocol import Done
from writer_app.errors import NothingUseful, WriterError
from writer_app.language import _
from writer_app.story.outline import Outline, accept
from writer_app.story.project import Project
from writer_app.story.tree import Item, Kind, Tree
from writer_app.ui.session.asking import Asking
from writer_app.ui.session.binder import NAMES, Binder
from writer_app.ui.session.engine import Turns
from writer_app.ui.session.open_outline import OpenOutline
from writer_app.ui.session.recipes import Recipes

#: Milliseconds between two looks at what has come.
LIVE_MS = 80
#: Versions of one node that are written at once.
CHOICES = 3


class Outliner(QObject):
    """What one window does with the outline.

    Args:
        binder: Knows the project.
        recipes: Have the methods.
        turns: At the engine.
        asking: What settings add to a question now.
        loose: The outline of a text that belongs to no project.

    Signals:
        changed: The outline, what is being written, or what there is to choose from.
        failed: A :class:`WriterError`; its ways on call :meth:`repeat`.
        project_wanted: She accepts a node, and there is no project that it could go into.

    Attributes:
        phase: Of the engine for this; ``"idle"`` when nothing is being written.
        progress: 0 to 1; seconds_left: -1 when unknown.
        live: What has come for a place so far: its id, and the words.
        choosing: The place that there are several versions for; empty for none. choices: those versions.
    """

    changed = Signal()
    failed = Signal(object)
    project_wanted = Signal()

    def __init__(
        self,
        binder: Binder,
        recipes: Recipes,
        turns: Turns,
        asking: Callable[[], Asking],
        loose: OpenOutline,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.phase = "idle"
        self.progress = 0.0
        self.seconds_left = -1.0
        self.live: tuple[str, Words] | None = None
        self.choosing = ""
        self.choices: tuple[Words, ...] = ()
        self._asking = asking
        self._loose = loose
        self._binder = binder
        self._recipes = recipes
        self._turns = turns
        self._book: OpenOutline | None = None
        self._growing: Growing | None = None
        self._question: Filling | None = None
        self._answers: list[str] = []
        self._is_first = True  # what comes is a step of its own to take back
        self._total = self._finished = 0
        self._began = 0.0
        self._last: tuple[tuple[str, ...], int] = ((), 1)
        self._look = QTimer(self, interval=LIVE_MS, singleShot=True)
        self._look.timeout.connect(self._show_live)
        binder.changed.connect(self._find_book)
        recipes.changed.connect(self.changed)
        self._find_book()

    # -- what widgets ask -----------------------------------------------------------------------

    @property
    def book(self) -> OpenOutline:
        """The outline that is shown."""
        assert self._book
        return self._book

    @property
    def outline(self) -> Outline:
        """Its value now."""
        return self.book.value

    @property
    def methods(self) -> dict[str, Method]:
        """All there are."""
        return self._recipes.methods

    @property
    def method(self) -> Method:
        """The one that is chosen."""
        return self.methods.get(self.outline.method) or next(iter(self.methods.values()))

    @property
    def is_running(self) -> bool:
        """Whether something may still come."""
        return self._growing is not None

    @property
    def place(self) -> str:
        """What is being written: the id of a node, or one of the steps before the tree; empty for nothing."""
        return self._question.place if self._question and self.is_running else ""

    @property
    def done(self) -> tuple[int, int]:
        """How many places are written, and how many were asked for."""
        return self._finished, self._total

    @property
    def remaining(self) -> float:
        """Seconds that the rest will take, as the first ones took; -1 while that is not known."""
        if not self._finished or not self.is_running:
            return -1.0
        each = (time.monotonic() - self._began) / self._finished
        return each * (self._total - self._finished)

    def next_step(self, node: str = "") -> tuple[str, ...]:
        """What the main button would have written: places that are empty, else children of a node, as their parents.

        Returns:
            Places to fill (:data:`LOGLINE`, :data:`SYNOPSIS`, ids without a summary), or ``("+", id)`` for children of
            a node (of the tree, where empty), or nothing.
        """
        outline = self.outline
        if not outline.premise.strip():
            return ()
        if not outline.logline:
            return (LOGLINE,)
        if not outline.synopsis:
            return (SYNOPSIS,)
        if not outline.nodes:
            return ("+", "")
        empty = tuple(each.id for each in outline.walk() if not each.summary and not each.locked)
        if empty:
            return empty
        bare = self._first_bare(node)
        return ("+", bare) if bare else ()

    def level_under(self, node: str) -> Level:
        """The level of a node's children; of the tree's, for an empty id."""
        return level_of(self.method, len(self.outline.path(node)) if node else 0)

    # -- what the writer does -------------------------------------------------------------------

    def set_words(self, **fields: str) -> None:
        """Change premise, logline, synopsis or method."""
        self.book.put(self.outline.with_words(**fields))

    def write_next(self, node: str = "", count: int | None = None) -> None:
        """Do the next step; ``count`` children, ``None`` for as many as is usual."""
        step = self.next_step(node)
        if not step or self.is_running:
            return
        if step[0] != "+":
            self._write(step)
            return
        filling = Filling(self.method, self.outline, LOGLINE)
        outline, ids = sprouted(self.method, self.outline, step[1], count, filling.tongue)
        self._write(ids, outline)

    def write_again(self, node: str) -> None:
        """Write one place anew; its neighbours stay."""
        if not self.is_running and not self._is_locked(node):
            self._write((node,))

    def write_choices(self, node: str) -> None:
        """Write several versions of one place to choose from."""
        if not self.is_running and not self._is_locked(node):
            self._write((node,), candidates=CHOICES)

    def choose(self, number: int) -> None:
        """Take one of the versions, from 0."""
        if 0 <= number < len(self.choices) and self._has(self.choosing):
            filling = Filling(self.method, self.outline, self.choosing)
            self.book.put(filling.filled(self.choices[number]))
        self.let_choices_go()

    def let_choices_go(self) -> None:
        """Take none of them."""
        if self.choosing:
            self.choosing, self.choices = "", ()
            self.changed.emit()

    def edit(self, place: str, title: str, summary: str) -> None:
        """Put her own words in a place."""
        title, summary = (" ".join(each.split()) for each in (title, summary))
        if place == LOGLINE:
            self.set_words(logline=summary)
        elif place == SYNOPSIS:
            self.set_words(synopsis=summary)
        elif place in self.outline:
            self.book.put(self.outline.replace(place, title=title, summary=summary))

    def lock(self, node: str) -> None:
        """Keep the model from writing this node anew, or let it."""
        if node in self.outline:
            self.book.put(self.outline.replace(node, locked=not self.outline[node].locked))

    def delete(self, node: str) -> None:
        """Without a node and what is under it."""
        if node in self.outline:
            self.book.put(self.outline.drop(node))

    def shift(self, node: str, by: int) -> None:
        """Move a node among its siblings."""
        if node in self.outline:
            self.book.put(self.outline.shift(node, by))

    def accept(self, node: str) -> None:
        """Make a node, and all under it, part of the project; what holds text gets its empty file."""
        opened = self._binder.project
        if node not in self.outline:
            return
        if opened is None:
            self.project_wanted.emit()
            return
        outline, tree = accept(self.outline, opened.tree, node)

        def take(files: dict[str, str]) -> None:
            filled = tree
            for item, file in files.items():
                filled = filled.replace(item, file=file)
            opened.accept(filled, outline)

        opened.do(partial(_make_files, opened.project, _without_text(tree, opened.tree)), take)

    def can_draft(self, node: str) -> bool:
        """Whether a node has become a scene, or a chapter without scenes, that can be drafted."""
        found = self.outline.get(node)
        item = self._binder.tree.get(found.item) if found else None
        return bool(item and item.file and item.synopsis)

    def draft(self, node: str) -> None:
        """Let the model write the text that an accepted node has become."""
        if self.can_draft(node):
            self._binder.draft_wanted.emit(self.outline[node].item)

    def stop(self) -> None:
        """Let nothing more come; what has come whole stays."""
        if self.is_running:
            self._turns.leave(self)
            self._end()

    def repeat(self, *, anyway: bool = False) -> None:
        """Do once more what failed."""
        places, candidates = self._last
        still = tuple(each for each in places if self._has(each))
        if still and not self.is_running:
            self._write(still, candidates=candidates, anyway=anyway)

    # -- what the engine says -------------------------------------------------------------------

    def on_phase(self, phase: str) -> None:
        """The engine is in another phase."""
        if self.is_running and phase != "idle":
            self.phase, self.progress, self.seconds_left = phase, 0.0, -1.0
            self.changed.emit()

    def on_progress(self, fraction: float, seconds_left: float) -> None:
        """How far loading or reading is."""
        self.progress, self.seconds_left = fraction, seconds_left
        self.changed.emit()

    def on_text(self, text: str, alternative: int) -> None:
        """More of one of the answers."""
        if alternative < len(self._answers):
            self._answers[alternative] += text
            if not self._look.isActive():
                self._look.start()

    def on_asked(self, asked: Asked) -> None:
        """What was asked is not kept: the answer is no text of a document."""

    def on_finished(self, _done: Done) -> None:
        """A place is written; on to the next one."""
        growing, question = self._growing, self._question
        if growing is None or question is None:
            return
        if question.candidates > 1:
            self._offer(question)
            return
        growing.outline = self.outline
        if growing.question() == replace(question, outline=self.outline):
            if growing.take(self._answers[0]):
                self._finished += 1
            self.book.put(growing.outline, is_step=self._is_first)
            self._is_first = False
        self._ask()

    def on_failed(self, error: WriterError) -> None:
        """It failed; what has come whole stays."""
        self._end()
        self.failed.emit(error)

    def on_taken_over(self) -> None:
        """Another window, or something else of this one, has asked."""
        self._end()

    # -- inside ---------------------------------------------------------------------------------

    def _write(
        self,
        places: tuple[str, ...],
        outline: Outline | None = None,
        candidates: int = 1,
        *,
        anyway: bool = False,
    ) -> None:
        self.choosing, self.choices = "", ()
        self._last = places, candidates
        self._is_first = outline is None
        if outline is not None:  # the empty places and what comes into them are one step
            self.book.put(outline)
        asking = self._asking()
        asked = Filling(
            self.method,
            self.outline,
            places[0],
            candidates=candidates,
            drawn_seed=secrets.randbits(31),
            model=asking.model,
            anyway=anyway,
            project=asking.project,
            bans=asking.bans,
            saving=asking.saving,
        )
        self._growing = Growing(asked, places)
        self._total, self._finished, self._began = self._growing.left, 0, time.monotonic()
        self._ask()

    def _ask(self) -> None:
        """Ask about the next place."""
        assert self._growing
        self._growing.outline = self.outline
        self._question = self._growing.question()
        self.live = None
        if self._question is None:
            self._end()
            return
        self._answers = [""] * self._question.candidates
        self.phase, self.progress, self.seconds_left = "loading", 0.0, -1.0
        self.changed.emit()
        self._turns.take(self, self._question)

    def _offer(self, question: Filling) -> None:
        """Show the versions that came, each once and none with a flaw where others have none."""
        place = question.place
        now = replace(question, outline=self.outline)
        found = [now.parse(each) for each in self._answers] if self._has(place) else []
        good = [each for each in dict.fromkeys(found) if not now.flaws(each)]
        good = good or [now.mended(each) for each in dict.fromkeys(found) if each.summary]
        self._end()
        self.choices = tuple(dict.fromkeys(good))
        self.choosing = place if self.choices else ""
        self.changed.emit()
        if not self.choices:
            name = self._turns.model.name if self._turns.model else ""
            self.failed.emit(NothingUseful(model=name))

    def _end(self) -> None:
        self._growing, self._question, self.live = None, None, None
        self._look.stop()
        self.phase, self.progress, self.seconds_left = "idle", 0.0, -1.0
        self.changed.emit()

    def _show_live(self) -> None:
        question = self._question
        if question is None or not self._answers[0]:
            return
        words = question.parse(self._answers[0])
        self.live = question.place, words
        self.changed.emit()

    def _has(self, place: str) -> bool:
        return place in (LOGLINE, SYNOPSIS) or place in self.outline

    def _is_locked(self, place: str) -> bool:
        return place in self.outline and self.outline[place].locked

    def _first_bare(self, node: str) -> str:
        """The node that has no children and may have some: hers, else the first one of the highest level."""
        outline, deepest = self.outline, len(self.method.levels)
        depths = {each.id: len(outline.path(each.id)) for each in outline.walk()}
        bare = [
            each.id for each in outline.walk() if not each.children and depths[each.id] < deepest
        ]
        if node in bare:
            return node
        return min(bare, key=lambda each: depths[each], default="")

    def _find_book(self) -> None:
        """Show the outline of the project that the text belongs to."""
        book = self._binder.project.outline if self._binder.project else self._loose
        if book is self._book:
            return
        self.stop()
        self.let_choices_go()
        if self._book:
            self._book.changed.disconnect(self.changed)
        self._book = book
        book.changed.connect(self.changed)
        self.changed.emit()


def _without_text(tree: Tree, before: Tree) -> tuple[Item, ...]:
    """New items that hold text and have no file yet: scenes, and chapters without scenes."""
    return tuple(
        item
        for item in tree
        if item.id not in before
        and not item.file
        and item.kind is not Kind.VOLUME
        and not tree.children(item.id)
    )


def _make_files(project: Project, items: tuple[Item, ...]) -> dict[str, str]:
    """An empty file for each, by id. Raises a :class:`WriterError`."""
    return {item.id: project.create(item.title or _(NAMES[item.kind])) for item in items}
