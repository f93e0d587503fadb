"""Searching the whole project aside, and going to what was found."""

from dataclasses import dataclass, field

from PySide6.QtCore import QObject, QTimer, Signal

from writer_app.errors import WriterError
from writer_app.story.search import Hit, Query, search
from writer_app.story.texts import Texts
from writer_app.ui.session.aside import Aside
from writer_app.ui.session.binder import Binder
from writer_app.ui.session.filing import Filing

#: Milliseconds after the last key until it is searched.
_PAUSE_MS = 150
#: So many places are shown; nobody reads more.
MOST = 1_000


@dataclass(frozen=True)
class Found:
    """What a search has found.

    Attributes:
        query: What was looked for.
        hits: In the order of the book, at most :data:`MOST`.
        unread: Texts that could not be read.
    """

    query: Query
    hits: tuple[Hit, ...] = ()
    unread: int = 0

    @property
    def is_cut(self) -> bool:
        """Whether there may be more."""
        return len(self.hits) >= MOST


@dataclass
class _Arrival:
    """Where she is on her way to."""

    hit: Hit
    is_notes: bool = field(default=False)


class Searching(QObject):
    """Searches the project around the text in a window.

    Signals:
        found: A :class:`Found`.
        arrived: The text of a hit is on the page; its :class:`Hit`.
        notes_wanted: She went to a place in the notes of the text that is on the page now.
    """

    found = Signal(object)
    arrived = Signal(object)
    notes_wanted = Signal()

    def __init__(
        self, binder: Binder, filing: Filing, aside: Aside, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._binder, self._filing, self._aside = binder, filing, aside
        self._texts: Texts | None = None
        self._query = Query("")
        self._is_searching = False
        self._is_stale = False
        self._arrival: _Arrival | None = None
        self._pause = QTimer(self, interval=_PAUSE_MS, singleShot=True)
        self._pause.timeout.connect(self._search)
        binder.entered.connect(self._on_entered)

    def look_for(self, query: Query) -> None:
        """Search for this, a moment after the last time it was asked for."""
        self._query = query
        self._pause.start()

    def again(self) -> None:
        """Search once more: texts may have changed."""
        if self._query.text:
            self._pause.start()

    def show(self, item: str, span: tuple[int, int]) -> None:
        """Show a place in the text of an item, code points, half-open."""
        if found := self._binder.tree.get(item):
            self.go(Hit(item, found.file, *span, excerpt="", at=0))

    def go(self, hit: Hit) -> None:
        """Show the text of a place in this window, the place selected."""
        item = self._binder.tree.get(hit.item)
        if item is None:
            return
        self._arrival = _Arrival(hit, is_notes=hit.file != item.file)
        if self._binder.current == hit.item:
            self._arrive()
        else:
            self._binder.go(hit.item)

    # -- inside ---------------------------------------------------------------------------------

    def _search(self) -> None:
        """One search at a time; the texts are held in memory, and one thread at a time may use them."""
        project = self._binder.project
        self._is_stale = self._is_searching
        if self._is_searching:
            return
        if project is None or not self._query.text:
            self.found.emit(Found(self._query))
            return
        if self._texts is None or self._texts.project is not project.project:
            self._texts = Texts(project.project)
        texts, query = self._texts, self._query
        stand_ins = self._stand_ins()
        self._is_searching = True

        def work() -> Found:
            for file, text in stand_ins.items():
                texts.stand_in(file, text)
            hits = search(texts, query, limit=MOST)
            for file in stand_ins:
                texts.stand_in(file, None)
            return Found(query, tuple(hits), len(texts.problems))

        self._aside.run(work, self._on_found, self)

    def _on_found(self, found: Found | WriterError) -> None:
        self._is_searching = False
        if self._is_stale:
            self._search()
        elif isinstance(found, Found):
            self.found.emit(found)

    def _stand_ins(self) -> dict[str, str]:
        """What is on the page and not on the disk yet, by the names of files."""
        project = self._binder.project
        if project is None:
            return {}
        several = self._filing.several
        documents = several.joined.parts if several else (self._filing.document,)
        made = {}
        for document in documents:
            item = project.project.item_at(document.path) if document.path else None
            if item is not None and document.is_changed:
                made[item.file] = document.text
        return made

    def _on_entered(self, item: str) -> None:
        if self._arrival is None:
            return
        if self._arrival.hit.item == item:
            # The caret is put where it was last time first.
            QTimer.singleShot(0, self, self._arrive)
        else:
            self._arrival = None  # she has gone elsewhere

    def _arrive(self) -> None:
        arrival, self._arrival = self._arrival, None
        if arrival is None:
            return
        if arrival.is_notes:
            self.notes_wanted.emit()
        else:
            self.arrived.emit(arrival.hit)
