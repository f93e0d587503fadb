"""What one window has to do with the story bible: the names on its page, and what its chapter proposes."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from writer_app.craft.proposals import Inquiry, Proposal, inquiries, wanted
from writer_app.craft.replay import Asked
from writer_app.engine.protocol import Done
from writer_app.errors import WriterError
from writer_app.language import _, ngettext, number
from writer_app.story.bible import Bible, Entry, Fact, Kind, true_at
from writer_app.story.changes import Change
from writer_app.story.document import Document
from writer_app.story.index import Appearance
from writer_app.story.lorebooks import Imported, Note, open_file
from writer_app.story.project import Project
from writer_app.story.rearranging import new_id
from writer_app.story.tree import Item, Section, Tree
from writer_app.story.tree import Kind as Level
from writer_app.text.difference import Edit
from writer_app.ui.session.asking import Asking
from writer_app.ui.session.binder import Binder
from writer_app.ui.session.engine import Turns
from writer_app.ui.session.entries import Entries
from writer_app.ui.session.state import Notice

#: Milliseconds after the last key until names are looked for again.
PAUSE_MS = 400
_KEY = "bible"


@dataclass(frozen=True)
class CardOf:
    """What is shown of a name on the page.

    Attributes:
        start, end: Where the name stands.
        entries: Those that it may mean, each with the facts that are true there.
    """

    start: int
    end: int
    entries: tuple[tuple[Entry, tuple[Fact, ...]], ...]


class Lore(QObject):
    """The story bible, as the window of one text sees it.

    Signals:
        changed: The bible, or the project around the text, is another one.
        indexed: It is known anew where entries are mentioned.
        proposed: There are other proposals, or reading has begun or ended.
        beside_wanted: The id of an entry that is to be shown beside the page.
        entry_wanted: The id of an entry that is to be opened in the bible.
        place_wanted: An offset in the text that is on the page now.
        noticed: A :class:`Notice`; failed: a :class:`WriterError` of the engine.

    Attributes:
        proposals: What the chapter proposes, to be accepted or dismissed.
        asked, among: How many names were asked about, of how many.
    """

    changed = Signal()
    indexed = Signal()
    proposed = Signal()
    beside_wanted = Signal(str)
    entry_wanted = Signal(str)
    place_wanted = Signal(int)
    noticed = Signal(object)
    failed = Signal(object)

    def __init__(
        self,
        binder: Binder,
        turns: Turns,
        asking: Callable[..., Asking],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.proposals: tuple[Proposal, ...] = ()
        self.asked = self.among = 0
        self._binder, self._turns, self._asking = binder, turns, asking
        self._entries: Entries | None = None
        self._document: Document | None = None
        self._leave: Callable[[], None] = lambda: None
        self._edit: Edit | None = None  # what the text has become since it was searched last
        self._going: tuple[str, int] | None = None
        self._queue: list[Inquiry] = []
        self._answer = ""
        self._pause = QTimer(self, interval=PAUSE_MS, singleShot=True)
        self._pause.timeout.connect(self._look)
        binder.changed.connect(self._follow_project)
        binder.entered.connect(self._on_entered)
        self._follow_project()

    # -- the bible ------------------------------------------------------------------------------

    @property
    def entries(self) -> Entries | None:
        """The bible of the project; ``None`` where there is no project."""
        return self._entries

    @property
    def bible(self) -> Bible:
        """What holds; empty where there is no project."""
        return self._entries.bible if self._entries else Bible()

    @property
    def tree(self) -> Tree:
        """Of the project."""
        return self._binder.tree

    def add(self, kind: Kind, name: str) -> str:
        """Make a new entry, and return its id; empty where there is no project."""
        if self._entries is None:
            return ""
        made = Entry(id=self.bible.free_id(name, self._entries.taken), kind=kind, name=name)
        self._entries.put(made)
        return made.id if made.id in self.bible else ""

    def put(self, entry: Entry) -> None:
        """Change an entry."""
        if self._entries and entry.id in self.bible:
            self._entries.put(entry)

    def remove(self, entry: str) -> None:
        """Remove an entry; undo brings it back."""
        if self._entries:
            self._entries.set_bible(self.bible.remove(entry))

    def undo(self) -> None:
        """Take back the last change of the bible."""
        if self._entries:
            self._entries.undo()

    def redo(self) -> None:
        """Make the last one again that was taken back."""
        if self._entries:
            self._entries.redo()

    def appearances(self, entry: str) -> tuple[tuple[Item, Appearance], ...]:
        """Where an entry is mentioned, in the order of the tree."""
        if self._entries is None:
            return ()
        found = {each.item: each for each in self._entries.index.appearances(entry)}
        return tuple(
            (item, found[item.id])
            for item in self.tree
            if item.id in found and item.section is not Section.TRASH
        )

    def go(self, item: str, offset: int) -> None:
        """Go to a mention, in whatever text it stands."""
        if item == self._binder.current:
            self.place_wanted.emit(offset)
        else:
            self._going = item, offset
            self._binder.go(item)

    def card_at(self, offset: int) -> CardOf | None:
        """What is known of the name at a place of the page, as far as it is true there."""
        if self._entries is None or self._document is None:
            return None
        text = self._document.text
        start = text.rfind("\n", 0, offset) + 1
        end = text.find("\n", offset)
        line = text[start : end if end >= 0 else len(text)]
        for each in self._entries.index.names.find(line):
            if each.start <= offset - start <= each.end:
                ids = self.bible.by_name.get(each.name, ())
                at = self._position()
                known = tuple(
                    (self.bible[id_], true_at(self.bible[id_], self.tree, at)) for id_ in ids
                )
                return CardOf(each.start + start, each.end + start, known)
        return None

    def take_in(self, path: Path) -> None:
        """Import a lorebook, a card or a story of another program."""
        project = self._binder.project
        if project is not None:
            project.do(partial(open_file, path), self._on_imported)

    # -- what the chapter proposes --------------------------------------------------------------

    @property
    def is_reading(self) -> bool:
        """Whether the model is being asked."""
        return bool(self._queue)

    def read_chapter(self, *, anyway: bool = False) -> None:
        """Ask what the text on the page tells of its people, places and things.

        Args:
            anyway: Also in a language that the model does not know.
        """
        if self._entries is None or self._document is None:
            return
        self.stop()
        asking = self._asking(anyway=anyway)
        found = inquiries(
            self._document.text,
            self.bible,
            self._entries.dismissed,
            scene=self._binder.current,
            model=asking.model,
            anyway=asking.anyway,
            project=asking.project,
            saving=asking.saving,
        )
        self.proposals = ()
        self.asked, self.among = 0, len(found)
        if not found:
            self.noticed.emit(
                Notice(_("There is no name in this text that comes more than twice."), key=_KEY)
            )
        self._queue = list(found)
        self.proposed.emit()
        self._ask_next()

    def stop(self) -> None:
        """Ask no more; what was proposed stays."""
        if self._queue:
            self._queue = []
            self._turns.leave(self)
            self.proposed.emit()

    def accept(self, proposal: Proposal) -> str:
        """Take a proposal into the bible; returns the id of its entry."""
        if self._entries is None or proposal not in self.proposals:
            return ""
        before = set(self.bible.entries)
        self._entries.set_bible(proposal.accepted(self.bible, self._entries.taken))
        self._drop(proposal)
        return proposal.entry or next(iter(set(self.bible.entries) - before), "")

    def dismiss(self, proposal: Proposal) -> None:
        """Never propose it again."""
        if self._entries and proposal in self.proposals:
            self._entries.dismiss(proposal.keys)
            self._drop(proposal)

    def on_phase(self, phase: str) -> None:
        """As a client of the engine."""

    def on_progress(self, fraction: float, seconds_left: float) -> None:
        """As a client of the engine."""

    def on_text(self, text: str, alternative: int) -> None:
        """As a client of the engine."""
        self._answer += text

    def on_asked(self, asked: Asked) -> None:
        """What was asked is kept with no text."""

    def on_finished(self, done: Done) -> None:
        """As a client of the engine."""
        if self._queue:
            self._propose(self._queue.pop(0).read(self._answer))
            self._ask_next()

    def on_failed(self, error: WriterError) -> None:
        """What code can tell alone is proposed all the same."""
        rest, self._queue = self._queue, []
        for each in rest:
            self._propose(each.plain)
        self.proposed.emit()
        self.failed.emit(error)

    def on_taken_over(self) -> None:
        """She asks for something else: what code can tell alone is proposed at once."""
        rest, self._queue = self._queue, []
        for each in rest:
            self._propose(each.plain)
        self.proposed.emit()

    # -- the page -------------------------------------------------------------------------------

    def attach(self, document: Document) -> None:
        """Another text is on the page."""
        self._leave()
        self.stop()
        self.proposals = ()
        self._document, self._edit = document, None
        self._leave = document.subscribe(self._on_change)
        self.proposed.emit()

    # -- inside ---------------------------------------------------------------------------------

    def _follow_project(self) -> None:
        entries = self._binder.project.entries if self._binder.project else None
        if entries is not self._entries:
            if self._entries:
                self._entries.changed.disconnect(self._on_bible)
                self._entries.indexed.disconnect(self.indexed)
            self._entries = entries
            if entries:
                entries.changed.connect(self._on_bible)
                entries.indexed.connect(self.indexed)
                entries.look_everywhere()
        self.changed.emit()

    def _on_entered(self, item: str) -> None:
        going, self._going = self._going, None
        if going and going[0] == item:
            # Behind the place where she was in that text last, which is shown first.
            QTimer.singleShot(0, self, partial(self.place_wanted.emit, going[1]))
        self._look_at_page()

    def _on_bible(self) -> None:
        """Where other names are looked for now, the page is searched as it is, not as it was saved."""
        self._look_at_page()
        self.changed.emit()

    def _look_at_page(self) -> None:
        if self._entries and self._document and self._binder.current:
            self._edit = None
            self._entries.look_again(self._binder.current, self._document.text, None)

    def _on_change(self, change: Change) -> None:
        if self._entries:
            edit = Edit(change.offset, len(change.removed), len(change.inserted))
            self._edit = self._edit.then(edit) if self._edit else edit
            self._pause.start()

    def _look(self) -> None:
        """Search what was changed since the last look."""
        edit, self._edit = self._edit, None
        if self._entries and self._document and self._binder.current and edit:
            self._entries.look_again(self._binder.current, self._document.text, edit)

    def _position(self) -> int:
        """Where in the manuscript the text on the page stands."""
        current = self._binder.current or next(iter(self._binder.together), "")
        return self.tree.position(current) if current in self.tree else 0

    def _ask_next(self) -> None:
        """Ask about the next name that code cannot tell all of."""
        while self._queue and not self._queue[0].needs_model:
            self._propose(self._queue.pop(0).plain)
        self._answer = ""
        if self._queue:
            self._turns.take(self, self._queue[0])
        self.proposed.emit()

    def _propose(self, proposal: Proposal | None) -> None:
        self.asked += 1
        left = wanted(proposal, self._entries.dismissed) if proposal and self._entries else None
        if left:
            self.proposals = (*self.proposals, left)
        self.proposed.emit()

    def _drop(self, proposal: Proposal) -> None:
        self.proposals = tuple(each for each in self.proposals if each is not proposal)
        self.proposed.emit()

    def _on_imported(self, found: Imported) -> None:
        project = self._binder.project
        if project is None or self._entries is None:
            return
        self._entries.set_bible(found.into(self.bible, self._entries.taken))
        style = project.facts.style
        texts = list(found.notes)
        for title, text, field in (
            (_("Memory"), found.memory, "memory"),
            (_("Author's note"), found.note, "note"),
        ):
            # What she has said herself stays; the other comes beside it.
            if text and not getattr(style, field):
                style = msgspec.structs.replace(style, **{field: text})
            elif text:
                texts.append(Note(title, text))
        project.set_facts(msgspec.structs.replace(project.facts, style=style))
        for note in texts:
            self._keep_text(f"{found.title}: {_(note.title)}", note.text, Section.NOTES)
        if found.text:
            self._keep_text(found.title, found.text + "\n", Section.TEXT)
        self.noticed.emit(Notice(_told(found), key=_KEY))

    def _keep_text(self, title: str, text: str, section: Section) -> None:
        project = self._binder.project
        if project is None:
            return
        is_note = section is Section.NOTES
        folder = Project.NOTES if is_note else Project.TEXTS

        def insert(file: str) -> None:
            kind = Level.NOTE if is_note else Level.CHAPTER
            item = Item(id=new_id(project.tree), kind=kind, title=title, file=file)
            project.set_tree(project.tree.insert(item, section))
            if self._entries:
                self._entries.look_everywhere()

        project.do(partial(project.project.create, title, text, folder), insert)


def _told(found: Imported) -> str:
    """What came of an import, and what did not."""
    count = len(found.entries)
    text = ngettext(
        "“{title}” ({kind}): {count} entry came into the bible.",
        "“{title}” ({kind}): {count} entries came into the bible.",
        count,
    ).format(title=found.title, kind=_(found.kind), count=number(count))
    if found.dropped:
        names = _(", ").join(f"{name} ({times})" for name, times in found.dropped)
        text += " " + _("What Longhand has no place for was left out: {names}.").format(names=names)
    return text
