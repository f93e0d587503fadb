"""Drafting a scene into its own file, while the writer is elsewhere.

A stint at a time (:mod:`writer_app.craft.drafting`), each an undo step of the scene and saved when it is done. What she
asks for on her page goes first: a draft waits, and begins its stint again when the engine is free.
"""

import contextlib
import secrets
import time
import uuid
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from writer_app.craft import replay
from writer_app.craft.continuation import Length
from writer_app.craft.drafting import Stint, card, next_stint
from writer_app.craft.gathering import from_disk
from writer_app.craft.recipe import Preset
from writer_app.craft.replay import Asked
from writer_app.craft.surroundings import Surroundings
from writer_app.engine.protocol import Done
from writer_app.errors import WriterError
from writer_app.story.changes import Origin
from writer_app.story.opening import Opening, open_file
from writer_app.story.project import Project
from writer_app.story.records import Note
from writer_app.story.tree import Item
from writer_app.text.counts import characters_zh, words
from writer_app.ui.session.answers import Answers
from writer_app.ui.session.asking import Asking
from writer_app.ui.session.filing import Filing, about
from writer_app.ui.session.projects import OpenProject
from writer_app.ui.session.services import Services
from writer_app.ui.session.state import Notice, Options

#: Milliseconds after which a draft that gave way looks whether the engine is free again.
WAIT_MS = 1_500
#: Stints that bring nothing, one after the other, until the draft is given up.
_PATIENCE = 2
#: Scenes before it that the model reads the ends of, and how much of each, in characters.
_EARLIER, _END = 3, 3_000
#: Seconds within which the log of the scene must be put away.
_LOG_SECONDS = 2.0


class Drafting(QObject):
    """One draft.

    Signals:
        changed: It has got longer.
        ended: It is done, or was ended; whatever is written is saved, or ``is_unsaved`` and ended once more later.
        noticed, settled: As of :class:`~writer_app.ui.session.filing.Filing`.
        failed: A :class:`WriterError`; ``ended`` follows.

    Attributes:
        written: Words (字 in Chinese) of the scene so far.
        path: Of its text.
    """

    changed = Signal()
    ended = Signal()
    noticed = Signal(object)
    settled = Signal(str)
    failed = Signal(object)

    def __init__(
        self,
        services: Services,
        project: OpenProject,
        item: Item,
        recipe: Preset,
        options: Options,
        asking: Asking,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.written = 0
        self.path: Path = project.project.path(item.file)
        self._services, self._project, self._item = services, project, item.id
        self._recipe, self._options, self._asking = recipe, options, asking
        self._filing: Filing | None = None
        self._answers: Answers | None = None
        self._stint: Stint | None = None
        self._source, self._group = "", 0
        self._seed = 0
        self._before = ""  # how the scenes before it end: a scene goes on from them, in their voice
        self._around: Surroundings | None = None
        self._asked: Asked | None = None
        self._come = 0  # characters of this stint
        self._in_vain = 0
        self._is_over = self._is_left = False
        self._wait = QTimer(self, interval=WAIT_MS, singleShot=True)
        self._wait.timeout.connect(self._go_on)

    @property
    def title(self) -> str:
        """Of the scene."""
        item = self._project.tree.get(self._item)
        return item.title if item and item.title else self.path.stem

    @property
    def item(self) -> str:
        """The id of the scene."""
        return self._item

    @property
    def is_unsaved(self) -> bool:
        """Whether its text could not be saved; it can still be, by what the notice about that offers."""
        return self._is_left and self._filing is not None

    def start(self) -> None:
        """Open the scene's file, and begin."""
        project, services = self._project.project, self._services
        texts = [item.id for item in project.tree.manuscript]
        at = texts.index(self._item) if self._item in texts else 0
        earlier = project.tree.manuscript[max(0, at - _EARLIER) : at]

        def find() -> Opening:
            self._before = _ends(project, earlier)
            return open_file(self.path, services.history)

        services.aside.run(find, self._open, self)

    def stop(self) -> None:
        """End it; what is written stays, and is saved."""
        if not self._is_over:
            self._services.turns.leave(self)
            self._end()

    def leave(self) -> None:
        """The window closes: what could not be saved stays in the journal, and is offered at the next start."""
        filing, self._filing = self._filing, None
        if filing:
            filing.let_go(in_log=filing.document.is_changed)

    # -- what the engine says -------------------------------------------------------------------

    def on_phase(self, phase: str) -> None:
        """Nothing is shown of it."""

    def on_progress(self, fraction: float, seconds_left: float) -> None:
        """Nothing is shown of it."""

    def on_text(self, text: str, alternative: int) -> None:
        """More of the stint."""
        piece = self._answers.feed(text, alternative) if self._answers else None
        if piece:
            self._put(piece[1])

    def on_asked(self, asked: Asked) -> None:
        """What the engine is asked; kept, so that it can be asked again."""
        self._asked = asked

    def on_finished(self, done: Done) -> None:
        """The stint is complete."""
        self._finish_stint()
        self._in_vain = 0 if self._come else self._in_vain + 1
        if self._come:
            self._check_off()
        if self._filing:
            self._filing.save()
        if self._in_vain >= _PATIENCE:
            self._end()
        else:
            self._go_on()

    def on_failed(self, error: WriterError) -> None:
        """The engine failed; what has arrived stays."""
        self._finish_stint()
        self.failed.emit(error)
        self._end()

    def on_taken_over(self) -> None:
        """She asked for something on her page: that goes first."""
        self._finish_stint()
        self._wait.start()

    # -- inside ---------------------------------------------------------------------------------

    def _open(self, found: Opening | WriterError) -> None:
        if isinstance(found, WriterError) or self._is_over:
            if isinstance(found, Opening):
                found.let_go()
            else:
                self.failed.emit(found)
            self._end()
            return
        filing = self._filing = Filing(self._services, self)
        filing.noticed.connect(self._tell)
        filing.settled.connect(lambda key: self.settled.emit(f"{key} {self._item}"))
        filing.show(self.path, found)
        if filing.document.read_only:
            self.failed.emit(filing.document.read_only)
            self._end()
            return
        self._count()
        project = self._project
        snapshot = Project(project.project.folder, project.facts, project.tree)

        def begin(found: tuple[Surroundings, list[WriterError]] | WriterError) -> None:
            if not isinstance(found, WriterError):
                self._around = found[0]
            self._go_on()

        # What is around this scene, not around the one on her page.
        self._services.aside.run(partial(from_disk, snapshot, self._item), begin, self)

    def _go_on(self) -> None:
        if self._is_over or self._filing is None:
            return
        if self._services.turns.is_busy:
            self._wait.start()
            return
        item = self._project.tree.get(self._item)
        document = self._filing.document
        self._stint = next_stint(item, self.written, self._asking_language) if item else None
        if self._stint is None or item is None:
            self._end()
            return
        if document.text and not document.text.endswith("\n"):
            document.replace(document.length, document.length, "\n\n", origin=Origin.MODEL)
        options = replace(
            self._options,
            note=self._stint.note,
            length=Length.AMOUNT,
            amount=self._stint.amount,
            alternatives=1,
            seed=None,
        )
        around = replace(self._around, tree=self._project.tree) if self._around else None
        # What is around it has the ends of the scenes before.
        text = document.text if around else self._before + document.text
        ask = self._asking.ask(text, len(text), options, self._recipe)
        self._seed = secrets.randbits(32)
        outline = "" if around else card(item)
        ask = replace(ask, drawn_seed=self._seed, outline=outline, around=around)
        self._asked = None
        self._answers = Answers(ask, self._asking.switches)
        self._source, self._group, self._come = uuid.uuid4().hex, document.open_group(), 0
        self._services.turns.take(self, ask)

    @property
    def _asking_language(self) -> str:
        return "zh" if self._project.is_chinese else ""

    def _put(self, text: str) -> None:
        if not text or self._filing is None:
            return
        document = self._filing.document
        if not self._come:
            text = text.lstrip("\n") if document.text.endswith("\n") else text
        self._come += len(text)
        end = document.length
        document.replace(
            end, end, text, origin=Origin.MODEL, group=self._group, source=self._source
        )
        self._count()
        self.changed.emit()

    def _finish_stint(self) -> None:
        if self._answers is None or self._filing is None:
            return
        for _version, rest in self._answers.finish(parted=False):
            self._put(rest)
        self._answers = None
        document = self._filing.document
        if self._come and not document.text.endswith("\n"):
            self._put("\n\n")
        model = self._services.turns.model
        data = {
            "id": self._source,
            "recipe": self._recipe.id,
            "model": model.name if model else "",
            "seed": self._seed,
            "at": time.time(),
        }
        document.annotate(Note("request", data))
        if self._asked and (kept := replay.note(self._source, self._asked)):
            document.annotate(kept)

    def _check_off(self) -> None:
        """The beat that was written is done."""
        item = self._project.tree.get(self._item)
        if item and self._stint and 0 <= self._stint.beat < len(item.beats):
            beats = list(item.beats)
            beats[self._stint.beat] = msgspec.structs.replace(beats[self._stint.beat], done=True)
            self._project.set_tree(self._project.tree.replace(item.id, beats=tuple(beats)))

    def _count(self) -> None:
        assert self._filing
        text = self._filing.document.text
        counts = words(text), characters_zh(text)
        self.written = counts[int(self._project.is_chinese)]
        self._project.set_count(self._item, counts)

    def _end(self) -> None:
        """Save what there is, and let the file go when that is done."""
        if self._is_over:
            return
        self._is_over = True
        self._wait.stop()
        self._finish_stint()
        filing = self._filing
        if filing is None:
            self.ended.emit()
        elif filing.document.is_changed or filing.is_saving:
            filing.changed.connect(self._on_saved)
            filing.save()
        else:
            self._let_go()

    def _tell(self, notice: Notice) -> None:
        self.noticed.emit(about(notice, self.path, self._item))

    def _on_saved(self) -> None:
        if self._filing is None or self._filing.is_saving:
            return
        if not self._filing.document.is_changed:
            self._let_go()
        elif not self._is_left:
            self._is_left = True
            self.ended.emit()

    def _let_go(self) -> None:
        self.leave()
        # Whoever opens the text next is to find the draft among what can be undone.
        flush = partial(self._services.journal.flush, _LOG_SECONDS)
        self._services.aside.run(flush, lambda _done: self.ended.emit(), self)


def _ends(project: Project, items: Sequence[Item]) -> str:
    """The last words of texts, those that can be read, each a paragraph of its own."""
    ends = []
    for item in items:
        with contextlib.suppress(WriterError):
            ends.append(project.read(item)[-_END:].strip())
    return "".join(f"{end}\n\n" for end in ends if end)
