"""Reading a book that is written already, chapter by chapter: for its outline, or for a method that goes as it goes.

What is found out is kept after every chapter, so that it may be stopped at any time and goes on from there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from writer_app.craft.dissecting import FUNCTIONS, HOOKS, PACES, Dissecting, Noting, as_method
from writer_app.craft.method import Method
from writer_app.craft.replay import Asked
from writer_app.engine.protocol import Done
from writer_app.errors import PassageEmpty, WriterError
from writer_app.language import _, current
from writer_app.story import dissection
from writer_app.story.dissection import Chapter, Finding
from writer_app.story.outline import Node
from writer_app.story.project import Project
from writer_app.ui.session.aside import Aside
from writer_app.ui.session.asking import Asking
from writer_app.ui.session.engine import Turns


@dataclass(frozen=True)
class Book:
    """What is to be read.

    Attributes:
        chapters: All of them, in order.
        kept: Where what is found out is kept; ``None`` for nowhere.
        known: What was found out before.
    """

    chapters: tuple[Chapter, ...]
    kept: Path | None
    known: dict[str, Finding]


class Dissector(QObject):
    """Reads one book at a time.

    Signals:
        changed: Phase or progress.
        failed: A :class:`WriterError`; what was found out stays, and starting again goes on.

    Attributes:
        phase: Of the engine for this; ``"idle"`` when nothing is being read.
        progress: 0 to 1; seconds_left: -1 when unknown.
    """

    changed = Signal()
    failed = Signal(object)

    def __init__(
        self,
        turns: Turns,
        aside: Aside,
        asking: Callable[[], Asking],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.phase = "idle"
        self.progress = 0.0
        self.seconds_left = -1.0
        self._turns = turns
        self._aside = aside
        self._asking = asking
        self._book: Book | None = None
        self._reading: Dissecting | None = None
        self._take: Callable[[list[Finding]], object] = lambda _findings: None
        self._answer = ""
        self._is_writing = False

    @property
    def is_running(self) -> bool:
        """Whether something is being read."""
        return self.phase != "idle"

    @property
    def done(self) -> tuple[int, int]:
        """How many chapters are read, and how many there are."""
        reading = self._reading
        return (reading.done, len(reading.findings)) if reading else (0, 0)

    def start(self, find: Callable[[], Book], take: Callable[[list[Finding]], object]) -> None:
        """Read a book, and hand over what was found out when all of it is read.

        Args:
            find: Gets hold of it, aside; raises a :class:`WriterError`.
            take: Is given the findings, one a chapter.
        """
        if not self.is_running:
            self.phase, self._take = "loading", take
            self._reading = None
            self.changed.emit()
            self._aside.run(find, self._on_found, self)

    def stop(self) -> None:
        """Read no further; what was found out is kept."""
        if self.is_running:
            self._turns.leave(self)
            self._end()

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

    def on_text(self, text: str, _alternative: int) -> None:
        """More of the answer."""
        self._answer += text

    def on_asked(self, asked: Asked) -> None:
        """What was asked is not kept: the answer is no text of a document."""

    def on_finished(self, _done: Done) -> None:
        """A field is filled; on to the next one."""
        if self._reading is None or not self.is_running:
            return
        if self._reading.take(self._answer):
            self._keep()
        self._ask()

    def on_failed(self, error: WriterError) -> None:
        """It failed; what was found out is kept."""
        self._end()
        self.failed.emit(error)

    def on_taken_over(self) -> None:
        """Something else is asked."""
        self._end()

    # -- inside ---------------------------------------------------------------------------------

    def _on_found(self, found: Book | WriterError) -> None:
        if not self.is_running:  # she has stopped meanwhile
            return
        if isinstance(found, WriterError) or not found.chapters:
            self.on_failed(found if isinstance(found, WriterError) else PassageEmpty())
            return
        asking, first = self._asking(), found.chapters[0]
        asked = Noting(
            first,
            first.finding,
            "summary",
            model=asking.model,
            project=asking.project,
            saving=asking.saving,
        )
        self._book, self._reading = found, Dissecting(found.chapters, found.known, asked)
        self._ask()

    def _ask(self) -> None:
        assert self._reading
        question = self._reading.question()
        if question is None:
            findings = list(self._reading.findings)
            self._end()
            self._take(findings)
            return
        self._answer = ""
        self.changed.emit()
        self._turns.take(self, question)

    def _keep(self) -> None:
        """Write down what is known; of several in a row only the last one need be."""
        kept = self._book.kept if self._book else None
        if self._is_writing or kept is None or self._reading is None:
            return
        self._is_writing = True
        whole = tuple(each for each in self._reading.findings if each.is_whole)
        self._aside.run(partial(dissection.write, kept, whole), self._on_kept, self)

    def _on_kept(self, error: WriterError | None) -> None:
        self._is_writing = False
        if error:
            self.failed.emit(error)

    def _end(self) -> None:
        self.phase, self.progress, self.seconds_left = "idle", 0.0, -1.0
        self.changed.emit()


def another(path: Path, data: Path) -> Book:
    """Another's book at ``path``, for reading only. Raises what reading a file raises."""
    kept = dissection.place_of(path, data)
    chapters = dissection.chapters_of(dissection.text_of(path))
    return Book(chapters, kept, dissection.read(kept))


def own(text: str, path: Path | None, data: Path) -> Book:
    """The text on the page; one without a name leaves no trace on the disk."""
    kept = dissection.place_of(path, data) if path else None
    return Book(dissection.chapters_of(text), kept, dissection.read(kept) if kept else {})


def manuscript(project: Project) -> Book:
    """All texts of a project. Raises what reading them raises."""
    kept = project.folder / dissection.NAME
    texts = ((item.title, project.read(item)) for item in project.tree.manuscript)
    chapters = tuple(Chapter(title, text) for title, text in texts if text.strip())
    return Book(chapters, kept, dissection.read(kept))


def keep_method(findings: list[Finding], book: Path, folder: Path, pattern: Method) -> str:
    """Write down a method that goes as ``book`` goes; returns what it is called.

    Args:
        findings: Of its chapters.
        book: What was read.
        folder: Of the user's own recipes.
        pattern: The method that all else is taken from.

    Raises:
        SaveFailed: The disk refuses.
    """
    name = f"like-{dissection.place_of(book, folder).stem[:8]}"
    dissection.write_text(
        folder / Method.folder / f"{name}.toml", as_method(findings, name, book.stem, pattern)
    )
    return book.stem


def nodes_of(findings: list[Finding], ids: tuple[str, ...]) -> tuple[Node, ...]:
    """An outline of what was found out: a node for each chapter, and under it what it does and how it ends.

    Args:
        findings: One a chapter.
        ids: Three for each.
    """
    made = []
    tongue = current()
    for at, each in enumerate(findings):
        chapter, conflict, course = ids[3 * at : 3 * at + 3]
        told = _("{function}. It ends with {hook}; pace: {pace}; length: {length}.").format(
            function=FUNCTIONS[each.function].in_language(tongue),
            hook=HOOKS[each.hook].in_language(tongue),
            pace=PACES[each.pace].in_language(tongue),
            length=each.length,
        )
        made.append(
            Node(
                id=chapter,
                title=each.title or str(at + 1),
                summary=each.summary,
                becomes="chapter",
                children=(
                    Node(id=conflict, title=_("Conflict"), summary=each.conflict, becomes="beat"),
                    Node(id=course, title=_("Function"), summary=told, becomes="beat"),
                ),
            )
        )
    return tuple(made)
