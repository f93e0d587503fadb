"""The document of one window and its file: opening, saving, and what to do when the two disagree.

Saving happens on the file thread. Nothing is ever decided silently: when the file was changed by another
program, when its encoding lacks a character, when the disk refuses, a notice says so and offers ways on.
"""

import contextlib
import os
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple, Protocol, TypeAlias

import shiboken6
from PySide6.QtCore import QObject, Signal, SignalInstance

from writer_app.errors import (
    N_,
    ChangedOnDisk,
    FileMissing,
    NotInEncoding,
    ReadOnly,
    SaveBroken,
    SavedInPlace,
    WriterError,
)
from writer_app.language import _, explain, ngettext, number
from writer_app.story import backup, files, recovery
from writer_app.story.changes import Change, Origin
from writer_app.story.document import Document
from writer_app.story.files import Opened
from writer_app.story.form import FileForm
from writer_app.story.history import History
from writer_app.story.joined import Joined
from writer_app.story.opening import Opening, open_file
from writer_app.story.patience import within
from writer_app.story.project import NAME, Project
from writer_app.story.records import Note
from writer_app.story.recovery import Recovered
from writer_app.story.saver import Outcome
from writer_app.story.snapshots import Why
from writer_app.story.statement import WithOpen
from writer_app.text.difference import difference
from writer_app.ui.session.outside import Outside, Sight
from writer_app.ui.session.ownership import Ownership
from writer_app.ui.session.services import Services
from writer_app.ui.session.state import Action, Notice, Wish

#: The notice about the last save; the next save takes its place.
SAVE_KEY = "save"
#: Seconds that a disk may take to answer before the window goes on without it.
PATIENCE = 0.05
COPIES_KEY = "copies"
IN_PLACE_KEY = "in place"
#: Seconds within which the logs of what is open must be on the disk.
_LOG_SECONDS = 3.0
#: How one text became another: changes, and what is kept beside them.
Way: TypeAlias = tuple[Sequence[Change], Sequence[Note]]


class _Saving(NamedTuple):
    """Where and how a document is to be saved.

    Attributes:
        expected: Hash of the file that may be replaced; ``None``: there should be none.
        told: What there is to say once it is done.
    """

    path: Path
    form: FileForm
    expected: str | None
    told: Notice | None = None


class Several(Protocol):
    """Several texts that stand on one page; see :class:`~writer_app.ui.session.gathering.Gathering`."""

    changed: SignalInstance
    saved: SignalInstance
    wished: SignalInstance
    joined: Joined

    @property
    def paths(self) -> tuple[Path, ...]:
        """Of all texts."""

    @property
    def is_saving(self) -> bool:
        """Whether one of them is being saved."""

    def begin(self) -> None:
        """It is on the page, and what it says is heard."""

    def save(self) -> None:
        """Save those that are changed."""

    def save_as(self, path: Path) -> None:
        """Save the one as ``path`` that has asked for another name."""

    def look_outside(self) -> None:
        """See whether another program has changed one of them."""

    def let_go(self, *, in_log: bool) -> None:
        """The page is closed."""


class Filing(QObject):
    """Holds the one document of a window, or several that stand on its page as one.

    Signals:
        adopted: Another :class:`Document` is in the window now.
        changed: Something of it that is not its text: its path, whether it is saved.
        saved: A save has succeeded.
        noticed: A :class:`Notice`; settled: the key of one that is no longer true.
        wished: A :class:`Wish`: only the window can ask for a name.
        files_wanted: Paths to open in windows of their own.
        replacing: The whole text is about to be replaced, and :class:`~writer_app.story.snapshots.Why`.

    Attributes:
        several: The texts that the document is joined of; ``None`` for a text by itself.
    """

    adopted = Signal(object)
    changed = Signal()
    saved = Signal()
    noticed = Signal(object)
    settled = Signal(str)
    wished = Signal(object)
    files_wanted = Signal(list)
    replacing = Signal(object)
    _ended = Signal(object, object)

    def __init__(self, services: Services, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self.document, self._outside = Document(), Outside()
        self.several: Several | None = None
        self._has_left = False
        self._in_place: Document | None = None  # the one that this was said of
        self._looks = 0
        self._began = 0  # the revision that was opened
        self._under_way: list[_Saving] = []  # the newest last
        self.ownership = self._own()
        self._ended.connect(self._on_ended)
        services.journal.follow(self.document)

    @property
    def is_saving(self) -> bool:
        """Whether a save is under way whose end is not known yet."""
        return bool(self._under_way) or bool(self.several and self.several.is_saving)

    @property
    def paths(self) -> tuple[Path, ...]:
        """The files of all that is on the page."""
        if self.several:
            return self.several.paths
        return (self.document.path,) if self.document.path else ()

    @property
    def is_untouched(self) -> bool:
        """An empty page without a name: another document may take its place."""
        document = self.document
        is_empty = not self.paths and not document.length and not document.is_changed
        return is_empty and not self.is_saving

    def open(self, path: Path) -> None:
        """Show the file at ``path``. Raises a :class:`WriterError`; the document that was there stays then."""
        try:
            opening = open_file(path, self._services.history)
        except FileMissing:
            self._services.memory.forget_file(absolute(path))
            raise
        self.show(path, opening)

    def show(self, path: Path, opening: Opening) -> None:
        """Show what was found at ``path``; where nothing is yet, an empty page that will be saved there."""
        path = absolute(path)
        self.adopt(opening.document(path))
        self.ownership.take(opening.lock)
        if opening.opened is not None:
            self._services.memory.note_file(path)
            for warning in opening.opened.warnings:
                self.noticed.emit(Notice(explain(warning), detail=warning.detail))
        if opening.elsewhere:
            self.ownership.tell(opening.elsewhere)
        if opening.copies:
            self._tell_copies(path, opening.copies)

    def recover(self, recovered: Recovered) -> None:
        """Show what a crash left behind, as one change that undo takes back."""
        document = _recovered_document(recovered)
        self.adopt(document)
        self.ownership.follow()
        # Only then is it on disk a second time; else it is offered once more at the next start.
        if self._services.journal.flush(timeout=2):
            recovery.discard(recovered)

    def show_several(self, several: Several) -> None:
        """Show several texts as one; they are saved, locked and journalled by themselves."""
        self.adopt(several.joined.whole, several)
        several.changed.connect(self.changed)
        several.saved.connect(self.saved)
        several.wished.connect(self.wished)
        several.begin()

    def adopt(self, document: Document, several: Several | None = None) -> None:
        """Let ``document`` take the place of the one in the window."""
        self.let_go()
        self._has_left = False
        self.document, self._outside, self.several = document, Outside(), several
        for key in (SAVE_KEY, COPIES_KEY, IN_PLACE_KEY):
            self.settled.emit(key)  # its ways on would act on another document now
        self._began = document.revision
        if several is None:
            self._services.journal.follow(document)
        self.ownership = self._own()
        self.adopted.emit(document)
        self.changed.emit()

    def let_go(self, *, in_log: bool = False) -> None:
        """The document is closed.

        Args:
            in_log: Its text is in no file yet, and stays in the crash journal until the next start; otherwise the
                journal is not wanted any more.
        """
        if self._has_left:
            return
        document, folder = self.document, self._services.preferences.values.files.backups
        self._under_way.clear()
        self.ownership.release()
        if self.several:
            several, self.several = self.several, None
            several.let_go(in_log=in_log)
            return
        if in_log:
            return
        self._services.journal.forget(document)
        if folder and document.path is not None and document.revision != self._began:
            # Path.expanduser raises for a user that there is not.
            into = Path(os.path.expanduser(folder))  # noqa: PTH111
            self._services.backups.want(into, document.path)

    def forget_logs(self, paths: list[Path]) -> None:
        """These texts were deleted: another that gets one of their names begins with nothing to undo."""
        for path in paths:
            with contextlib.suppress(OSError):
                self._services.history.forget(path)

    def stay(self) -> None:
        """What was to be shown cannot be, and what was left neither: its text stays, as one that is in no file."""
        left = self.document
        self.adopt(Document("", left.path))
        _bring(self.document, left.text, Origin.RECOVERED)

    def leave_files(self) -> None:
        """Let go of the files of what is on the page, which is shown for a moment more and then replaced."""
        self.let_go()
        self._has_left = True
        reason = N_("it is being closed")
        self.document.read_only = ReadOnly(path=str(self.document.path or ""), reason=reason)
        self.changed.emit()

    def look_outside(self) -> None:
        """See, aside, whether another program has changed the file; a notice says so, once for each change."""
        document, outside = self.document, self._outside
        if self.several:
            self.several.look_outside()
            return
        if document.read_only is not None:
            self.ownership.ask_again()
        if document.path is None or document.digest is None or self.is_saving:
            return
        known, path = document.digest, document.path
        self._looks += 1
        number = self._looks

        def judge(seen: Sight | WriterError) -> None:
            # Saved, replaced or looked at again in the meantime: what was seen is of yesterday.
            is_latest = self.document is document and number == self._looks
            if is_latest and document.digest == known and not self.is_saving:
                self._tell_outside(outside.judge(seen, document), path)

        self._services.aside.run(partial(outside.look, path), judge, self)

    def _tell_outside(self, error: WriterError | None, path: Path) -> None:
        if isinstance(error, FileMissing):
            text = _(
                "“{name}” is not in its place any more. Your text is here; saving makes the file anew."
            )
            self.noticed.emit(
                Notice(text.format(name=path.name), (Action(_("Save"), self.save),), key=SAVE_KEY)
            )
        elif error:
            self._explain(error, _Saving(path, self.document.form, self.document.digest))

    def read_again(self, way: Way = ((), ())) -> None:
        """Take over what the file says now: we have written it in another way.

        Args:
            way: Changes that lead there, and what is kept beside them, where we know.
        """
        if self.document.path is not None and not self.several:
            self._take_theirs(self.document.path, way)

    @property
    def history(self) -> History:
        """The logs of closed texts."""
        return self._services.history

    def logs(self) -> WithOpen:
        """The logs of all texts as they are now; to be asked for aside."""
        self._services.journal.flush(_LOG_SECONDS)
        return WithOpen(self._services.history, self._services.places.state / "journal")

    # -- saving ---------------------------------------------------------------------------------

    def save(self) -> None:
        """Save to the document's file, or ask for a name."""
        document = self.document
        if self.several:
            self.several.save()
        elif self._under_way:
            # Under another name perhaps, which it will have when that is done.
            self._write(self._under_way[-1])
        elif document.path is None:
            self.wished.emit(Wish.SAVE_AS)
        else:
            self._write(_Saving(document.path, document.form, document.digest))

    def save_as(self, path: Path) -> None:
        """Save as ``path``, replacing the file that the writer has agreed to replace."""
        path = absolute(path)
        if self.several:
            self.several.save_as(path)
        elif path == self.document.path and not self.is_saving:
            self.save()
        else:
            self._replace(_Saving(path, self.document.form, None))

    def _write(self, saving: _Saving) -> None:
        document = self.document
        self._under_way.append(saving)

        def report(outcome: Outcome) -> None:
            with contextlib.suppress(RuntimeError):  # the window has been closed meanwhile
                self._ended.emit(saving, outcome)

        self._services.saver.save(
            document.id,
            saving.path,
            document.text,
            saving.form,
            saving.expected,
            document.revision,
            report,
        )
        self.changed.emit()

    def _on_ended(self, saving: _Saving, outcome: Outcome) -> None:
        document = self.document
        if outcome.document_id != document.id or saving not in self._under_way:
            return  # the document has been let go meanwhile
        self._under_way.remove(saving)
        if outcome.superseded:
            return
        if outcome.digest is not None:
            document.path, document.form, document.digest = (
                outcome.path,
                saving.form,
                outcome.digest,
            )
            document.mark_saved(outcome.revision)
            self._services.journal.note_save(document, outcome.revision)
            self._services.memory.note_file(outcome.path)
            self.ownership.follow()
            self.settled.emit(SAVE_KEY)
            if saving.told:
                self.noticed.emit(saving.told)
        if isinstance(outcome.error, SavedInPlace):
            self._tell_in_place(outcome.error)
        elif outcome.error:
            self._explain(outcome.error, saving)
        self.changed.emit()
        if outcome.is_saved:
            self.saved.emit()

    def _tell_in_place(self, warning: SavedInPlace) -> None:
        """Once for each document."""
        if self._in_place is not self.document:
            self._in_place = self.document
            self.noticed.emit(Notice(explain(warning), key=IN_PLACE_KEY))

    def _explain(self, error: WriterError, saving: _Saving) -> None:
        # The same file as the first time may be replaced, and no other that has come there since.
        again = Action(_("Try again"), partial(self._write, saving))
        elsewhere = Action(_("Save as…"), partial(self.wished.emit, Wish.SAVE_AS))
        actions: tuple[Action, ...] = (again, elsewhere)
        if isinstance(error, ChangedOnDisk):
            actions = self._ways_to_agree(saving)
        elif isinstance(error, NotInEncoding):
            in_utf8 = saving._replace(form=saving.form.as_utf8())
            actions = (Action(_("Save as UTF-8"), partial(self._write, in_utf8)), elsewhere)
        elif isinstance(error, SaveBroken):  # what is there now is half of ours
            actions = (Action(_("Try again"), partial(self._replace, saving)), elsewhere)
        self.noticed.emit(
            Notice(explain(error), actions, error.detail, key=SAVE_KEY, is_problem=True)
        )

    def _ways_to_agree(self, saving: _Saving) -> tuple[Action, ...]:
        """What can be done where another program has written the file."""
        theirs = Action(_("Take theirs"), partial(self._take_theirs, saving.path))
        if (
            self.document.read_only
        ):  # whoever has it open has written it, and here is nothing to keep
            return (theirs,)
        mine = Action(_("Keep mine"), partial(self._replace, saving))
        return mine, theirs, Action(_("Keep both"), partial(self._keep_both, saving))

    def _replace(self, saving: _Saving) -> None:
        """Save over what is there now, whatever it is: she has said so."""
        document = self.document

        def write(digest: str | WriterError | None) -> None:
            if document is self.document:
                expected = digest if isinstance(digest, str) else None
                self._write(saving._replace(expected=expected))

        self._services.aside.run(partial(_digest, saving.path), write, self, PATIENCE)

    def go_back_to(self, text: str) -> None:
        """Make an earlier text the document's, as one change that undo takes back."""
        self.replacing.emit(Why.RESTORE)
        _bring(self.document, text, Origin.RECOVERED)

    def bring_back(self, chosen: Path, folder: Path) -> None:
        """Unpack a backup into ``folder``, beside what is there, and open its text."""
        sources = self._services.backups.sources

        def work() -> Path:
            target = folder / backup.manifest(chosen).name
            if target.exists():
                target = free_name(target)
            backup.restore(chosen, target, sources)
            return _first_text(target) if target.is_dir() else target

        def judge(found: Path | WriterError) -> None:
            if isinstance(found, WriterError):
                self.noticed.emit(Notice(explain(found), detail=found.detail, is_problem=True))
            else:
                self.files_wanted.emit([str(found)])

        self._services.aside.run(work, judge, self)

    def _take_theirs(self, path: Path, way: Way = ((), ())) -> None:
        """The text on disk takes the place of ours, as a change that undo takes back."""
        document = self.document
        if document.read_only:
            self._show_theirs(path)
            return

        def judge(found: Opened | WriterError) -> None:
            if isinstance(found, WriterError):
                self.noticed.emit(Notice(explain(found), detail=found.detail, is_problem=True))
            elif document is self.document:
                self._take(path, found, way)

        self._services.aside.run(partial(files.read, path), judge, self, PATIENCE)

    def _show_theirs(self, path: Path) -> None:
        """Open the file anew: here is nothing to keep."""
        document, aside = self.document, self._services.aside

        def judge(found: Opening | WriterError) -> None:
            is_wanted = shiboken6.isValid(self) and document is self.document
            if isinstance(found, Opening) and is_wanted:
                self.show(path, found)
            elif isinstance(found, Opening):
                found.let_go()
            elif is_wanted:
                self.noticed.emit(Notice(explain(found), detail=found.detail, is_problem=True))

        # Asked for by the one that outlives this window: a lock that was taken is to be let go.
        aside.run(partial(open_file, path, self._services.history), judge, aside, PATIENCE)

    def _take(self, path: Path, opened: Opened, way: Way) -> None:
        document = self.document
        self.replacing.emit(Why.OUTSIDE)
        _go(document, opened.text, way)
        _bring(document, opened.text, Origin.IMPORTED)
        document.path, document.form, document.digest = path, opened.form, opened.digest
        document.mark_saved(document.revision)
        self._services.journal.note_save(document, document.revision)
        self.ownership.follow()
        self.changed.emit()

    def _keep_both(self, saving: _Saving) -> None:
        """Ours goes to a file of its own beside theirs and is the one in the window."""
        mine = free_name(saving.path)
        text = _("Your version is in “{name}”, the other one stays in “{other}”.")
        told = Notice(text.format(name=mine.name, other=saving.path.name))
        self._write(_Saving(mine, saving.form, None, told))

    def _tell_copies(self, path: Path, copies: tuple[Path, ...]) -> None:
        text = ngettext(
            "Beside “{name}” lies another version of it, which a synchronised folder has made: “{first}”.",
            "Beside “{name}” lie {count} other versions of it, which a synchronised folder has made, the "
            "first “{first}”.",
            len(copies),
        ).format(name=path.name, count=number(len(copies)), first=copies[0].name)
        opening = Action(_("Open"), partial(self.files_wanted.emit, list(map(str, copies))))
        self.noticed.emit(Notice(text, (opening,), key=COPIES_KEY))

    def _own(self) -> Ownership:
        ownership = Ownership(self.document, self._services.aside, self)
        ownership.changed.connect(self._on_ownership)
        ownership.noticed.connect(self.noticed)
        ownership.settled.connect(self.settled)
        return ownership

    def _on_ownership(self) -> None:
        """It may be written now, or no longer; in between the other one may have saved."""
        self.changed.emit()
        self.look_outside()


def about(notice: Notice, path: Path | None, mark: str) -> Notice:
    """A notice about a text that is not alone on the page: it says which, and stands for itself by ``mark``."""
    text, key = notice.text, notice.key and f"{notice.key} {mark}"
    if notice.is_problem and path and path.name not in text:
        text = _("“{name}”: {text}").format(name=path.name, text=text)
    return replace(notice, text=text, key=key)


def free_name(path: Path) -> Path:
    """A name beside ``path`` that no file has: ``story (2).md``."""
    number = 2
    while (made := path.with_name(f"{path.stem} ({number}){path.suffix}")).exists():
        number += 1
    return made


def absolute(path: Path) -> Path:
    """Independent of the working folder; links stay as the writer named them."""
    return Path(os.path.abspath(path))  # noqa: PTH100 - Path.resolve would follow links


def _first_text(folder: Path) -> Path:
    """By which a project is opened. Raises as :meth:`Project.open`."""
    project = Project.open(folder)
    first = next(iter(project.tree.manuscript), None)
    return project.path(first.file) if first else folder / NAME


def _digest(path: Path) -> str | None:
    """The hash of what is at ``path`` now, ``None`` where nothing can be read."""
    try:
        return files.digest_of(path)
    except WriterError:
        return None


def _go(document: Document, text: str, way: Way) -> None:
    """Make the changes of ``way``, as one step, where they lead to ``text``."""
    changes, notes = way
    reached = document.text
    for change in changes:
        if not reached.startswith(change.removed, change.offset):
            return
        reached = change.apply(reached)
    if not changes or reached != text:
        return
    for note in notes:
        document.annotate(note)
    group = document.open_group()
    for each in changes:
        end = each.offset + len(each.removed)
        document.replace(
            each.offset, end, each.inserted, origin=each.origin, group=group, source=each.source
        )
    document.break_group()


def _bring(document: Document, text: str, origin: Origin) -> None:
    """Make ``text`` the document's by one change as small as possible."""
    offset, gone, come = difference(document.text, text)
    document.replace(offset, offset + len(gone), come, origin=origin, group=document.open_group())
    document.break_group()


def _recovered_document(recovered: Recovered) -> Document:
    """As it ended, with all its steps to undo, where its file is as it was known then; else as one change."""
    opened = None
    with contextlib.suppress(WriterError, TimeoutError):
        path = recovered.path
        opened = within(recovery.PATIENCE, partial(files.read, path)) if path else None
    if recovered.path is None or (opened and opened.digest == recovered.base_digest):
        with contextlib.suppress(ValueError):  # steps that do not fit together are let go
            return recovered.document()
    # The hash is the one known then: if the file was changed meanwhile, a save will say so.
    document = Document(
        opened.text if opened else "",
        recovered.path,
        form=recovered.form,
        digest=recovered.base_digest or None,
    )
    _bring(document, recovered.text, Origin.RECOVERED)
    return document
