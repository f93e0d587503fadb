"""Splitting and joining texts of a project, and deleting what is in its trash."""

import contextlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, Signal

from writer_app.language import _, explain, ngettext, number
from writer_app.story import files, lineage, lock, rearranging
from writer_app.story.changes import Change
from writer_app.story.project import Project
from writer_app.story.records import Replay, Saved
from writer_app.story.statement import WithOpen
from writer_app.story.tree import Item
from writer_app.text.headings import headings
from writer_app.ui.session.binder import NAMES, Binder
from writer_app.ui.session.filing import Filing, Way
from writer_app.ui.session.state import Action, Notice

KEY = "rearranging"


class Rearranger(QObject):
    """Does to texts what one window asks for.

    What is on the page is saved before, and read again after.

    Signals:
        noticed: A :class:`Notice`.
    """

    noticed = Signal(object)

    def __init__(self, binder: Binder, filing: Filing, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._binder, self._filing = binder, filing
        self._waiting: Callable[[], object] | None = None
        binder.merge_wanted.connect(self.merge)
        binder.delete_wanted.connect(self.ask_to_delete)
        filing.changed.connect(self._go_on)
        filing.saved.connect(self._go_on)
        filing.adopted.connect(self._forget)

    def split(self, offset: int) -> None:
        """Make two texts of the one on the page, and go on with the second.

        Args:
            offset: Of the caret, code points.
        """
        item, text = self._binder.item, self._filing.document.text
        if item is None:
            return
        if not text[:offset].strip() or not text[offset:].strip():
            self._say(_("Put the caret where the second text is to begin, and split it then."))
            return
        if self._filing.document.read_only:
            self._say(explain(self._filing.document.read_only))
            return
        found = headings(text[offset:].lstrip()[:_HEADING])
        title = found[0].title if found and found[0].offset == 0 else ""

        def work(digest: str | None, project: Project) -> str:
            return _split(project, item.id, offset, title, digest, self._filing)

        def done(_new: str) -> None:
            self._read_again()
            self._say(_("Split. The second text stands behind this one in the tree."))

        def begin() -> None:
            # The place is one of this text, whatever another program has put into the file since.
            self._rearrange(partial(work, self._filing.document.digest), done, [item.id])

        self._when_saved(begin)

    def merge(self, first: str) -> None:
        """Join a text with the one that follows it in the book; that one goes to the trash as it was."""
        row = [each.id for each in self._binder.tree.manuscript]
        at = row.index(first) + 1 if first in row else len(row)
        if at >= len(row):
            self._say(_("There is no text behind this one."))
            return
        if self._filing.several:
            self._say(_("Several texts are on the page. Show one of them, and merge then."))
            return
        second = row[at]

        def work(project: Project) -> Way:
            return _merge(project, first, second, self._filing)

        def done(way: Way) -> None:
            if self._binder.current == first:
                self._read_again(way)
            elif self._binder.current == second:
                self._binder.go(first)

        self._when_saved(partial(self._rearrange, work, done, [first, second]))

    def ask_to_delete(self, items: list[str]) -> None:
        """Ask whether items are to go for ever, with their files."""
        tree = self._binder.tree
        gone = {each.id: each for item in items for each in tree.branch(item)}
        if {self._binder.current, *self._binder.together} & gone.keys():
            self._say(_("One of these texts is on the page. Go to another one first."))
            return
        text = ngettext(
            "“{title}” and its file are to be deleted. This cannot be taken back.",
            "{count} texts, “{title}” first, and their files are to be deleted. This cannot be taken back.",
            len(gone),
        ).format(title=_title(next(iter(gone.values()))), count=number(len(gone)))
        delete = partial(
            self._rearrange, partial(_delete, items=items), self._filing.forget_logs, list(gone)
        )
        actions = (Action(_("Delete for ever"), delete),)
        self.noticed.emit(Notice(text, actions, key=KEY, takes_focus=True))

    # -- inside ---------------------------------------------------------------------------------

    def _rearrange(
        self, work: Callable[[Project], object], done: Callable[..., object], items: list[str]
    ) -> None:
        """Do it to the texts of ``items``, where nobody else has one of them open: another window, a draft, a program."""
        if self._binder.project is None:
            return
        own = {path.resolve() for path in self._filing.paths if not self._filing.document.read_only}

        def act(project: Project) -> object:
            found = (project.tree.get(item) for item in items)
            paths = (project.path(item.file) for item in found if item and item.file)
            with lock.held(path for path in paths if path.resolve() not in own):
                return work(project)

        # Another program may have been at the text on the page: then it is said there what can be done.
        self._binder.project.rearrange(act, done, self._filing.look_outside)

    def _read_again(self, way: Way = ((), ())) -> None:
        """Show what the text on the page is now; where she has gone on writing meanwhile, she decides."""
        if self._filing.document.is_changed:
            self._filing.look_outside()
        else:
            self._filing.read_again(way)

    def _when_saved(self, work: Callable[[], object]) -> None:
        """Do it when the text on the page is saved; where that fails, nothing is done."""
        self._waiting = work
        if self._filing.document.is_changed and not self._filing.is_saving:
            self._filing.save()
        self._go_on()

    def _go_on(self) -> None:
        if self._waiting is None or self._filing.is_saving:
            return
        work, self._waiting = self._waiting, None
        if not self._filing.document.is_changed:
            work()

    def _forget(self) -> None:
        self._waiting = None

    def _say(self, text: str) -> None:
        self.noticed.emit(Notice(text, key=KEY))


#: A heading is looked for in so many characters.
_HEADING = 500


def _between(text: str) -> str:
    """What sets a text apart from what is added to it."""
    if not text or text.endswith("\n\n"):
        return ""
    return "\n" if text.endswith("\n") else "\n\n"


def _split(
    project: Project, item: str, offset: int, title: str, digest: str | None, filing: Filing
) -> str:
    """As :func:`rearranging.split`; who wrote the end of the text stays known. Returns the new item's id."""
    path = project.path(project.tree[item].file)
    log = _log(path, filing.logs())
    new = rearranging.split(project, item, offset, title, digest)
    if log is not None:
        made = project.path(new.file)
        opened = files.read(made)
        if opened.text == log.text[offset:]:
            saved = Saved(opened.digest, str(made), opened.form)
            with contextlib.suppress(OSError):
                filing.history.keep(lineage.split_off(log, offset, saved))
    return new.id


def _merge(project: Project, first: str, second: str, filing: Filing) -> Way:
    """As :func:`rearranging.merge`; who wrote the second text stays known. Returns what became of the first."""
    path, other = (project.path(project.tree[each].file) for each in (first, second))
    one, two, logs = files.read(path), files.read(other), filing.logs()
    log = _log(path, logs)
    between = _between(one.text)
    changes, notes = lineage.appended(len(one.text), between, two.text, _log(other, logs))
    rearranging.merge(project, first, second, between)
    opened = files.read(path)
    if (
        log is not None
        and opened.text == one.text + between + two.text == log.text + between + two.text
    ):
        saved = Saved(opened.digest, str(path), opened.form)
        group = max((each.group for each in log.entries if isinstance(each, Change)), default=0) + 1
        step = (msgspec.structs.replace(each, group=group) for each in changes)
        with contextlib.suppress(OSError, ValueError):
            filing.history.keep(log.and_then(*notes, *step, saved))
    return changes, notes


def _log(path: Path, logs: WithOpen) -> Replay | None:
    """What is known of how the text in a file came about. Raises as :func:`files.read`."""
    opened = files.read(path)
    return logs.take(path, opened.text, opened.digest)


def _delete(project: Project, items: list[str]) -> list[Path]:
    """Returns where the texts were."""
    gone = [each for item in items for each in project.tree.branch(item) if each.file]
    paths = [project.path(each.file) for each in gone]
    rearranging.delete(project, items)
    return paths


def _title(item: Item) -> str:
    return item.title or _(NAMES[item.kind])
