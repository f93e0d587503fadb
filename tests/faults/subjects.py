"""What has to survive every fault, as data: operations on the writer's files, each in a folder of its own.

Adding a subject is adding an entry to :data:`SUBJECTS`.
"""

import contextlib
import fcntl  # noqa: F401 - imported by the journal when it takes its lock; not while calls are counted
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.faults.judging import Say, Subject
from writer_app import language
from writer_app.errors import SaveFailed, WriterError
from writer_app.settings import FILE_NAME, SettingsFile
from writer_app.story import files, recovery
from writer_app.story.changes import Origin
from writer_app.story.document import Document
from writer_app.story.history import History
from writer_app.story.journal import Journal
from writer_app.story.opening import open_file
from writer_app.story.saver import Outcome, Saver
from writer_app.story.snapshots import Snapshots, Why

OLD = "# Chapter One\n\nShe came to the door. 她来了。😀\n"
NEW = OLD + "“No,” she said. 门开了。\n" * 40
#: Rights that a new file would not get by itself: a save has to keep them.
RIGHTS = 0o640
_ADDED = NEW[len(OLD) :]
_TRIES = 40

# -- saving -----------------------------------------------------------------------------------------


def _prepare_save(folder: Path) -> Callable[[Say], None]:
    return partial(_save, _opened(_story(folder)))


def _prepare_first_save(folder: Path) -> Callable[[Say], None]:
    return partial(_save, Document("", folder / "story.md"))


def _prepare_save_through_link(folder: Path) -> Callable[[Say], None]:
    (folder / "drafts").mkdir()
    target = _story(folder / "drafts")
    (folder / "story.md").symlink_to(target)
    return partial(_save, _opened(folder / "story.md"))


def _save(document: Document, say: Say) -> None:
    """A save as the window does it: on the file thread, "changed" clearing only with its outcome."""
    before = document.text
    say("held", before)
    document.replace(0, document.length, NEW)
    say("may", NEW)
    outcomes: list[Outcome] = []
    saver, path = Saver(), document.path
    assert path is not None
    saver.save(
        document.id, path, NEW, document.form, document.digest, document.revision, outcomes.append
    )
    saver.wait()
    (outcome,) = outcomes
    if outcome.digest is not None:
        document.mark_saved(outcome.revision)
    if outcome.error:
        _tell(say, outcome.error)
    if isinstance(outcome.error, SaveFailed):
        say("held", before)  # its sentence says so
    if not document.is_changed:
        say("held", NEW)


def _text_of(path: Path) -> str:
    """The text of a file that is there, with the rights that it always had; empty where there is none."""
    if not path.exists():
        return ""
    rights = path.stat().st_mode & 0o777
    text = files.read(path).text
    return text if rights == RIGHTS else f"{text}, rights {rights:o}"


def _found_new_file(folder: Path) -> str:
    path = folder / "story.md"
    return files.read(path).text if path.exists() else ""


def _found_through_link(folder: Path) -> str:
    if not (folder / "story.md").is_symlink():
        return "the link has become a file"
    return _text_of(folder / "drafts" / "story.md")


# -- the crash journal ------------------------------------------------------------------------------


class _Keeper:
    """A document with its journal; every change is said before it is made, and held once it is flushed."""

    def __init__(self, folder: Path, document: Document, say: Say) -> None:
        self.document, self._say = document, say
        self.journal = Journal(
            folder / "state" / "journal", max_age=0, retry=0.005, failed=partial(_tell, say)
        )
        self.journal.follow(document)

    def replace(self, start: int, end: int, text: str, origin: Origin = Origin.TYPED) -> None:
        whole = self.document.text
        self._say("may", whole[:start] + text + whole[end:])
        self.document.replace(start, end, text, origin=origin)
        self.flush()

    def flush(self, kind: str = "held") -> bool:
        """An error that comes once is over at the next attempt."""
        done = any(self.journal.flush(timeout=5) for _ in range(_TRIES))
        if done:
            self._say(kind, self.document.text)
        return done


def _keep_untitled(folder: Path, say: Say) -> None:
    """Typing into a page without a name, taking back, and text of a model."""
    say("held", "")
    keeper = _Keeper(folder, Document(), say)
    for piece in ("门 ", "She came 😀", "\n"):
        end = keeper.document.length
        keeper.replace(end, end, piece)
    keeper.replace(0, 2, "")
    say("may", "门 " + keeper.document.text)
    keeper.document.undo()
    keeper.flush()
    end = keeper.document.length
    keeper.replace(end, end, " and went", Origin.MODEL)
    keeper.journal.close()


def _keep_over_save(document: Document, folder: Path, say: Say) -> None:
    """The journal of a file begins anew with a save, and again with the next change."""
    say("held", document.text)
    keeper = _Keeper(folder, document, say)
    keeper.replace(document.length, document.length, _ADDED)
    assert document.path is not None
    try:
        document.digest = files.write(document.path, document.text, document.form, document.digest)
    except WriterError as error:
        _tell(say, error)
    else:
        document.mark_saved(document.revision)
        keeper.journal.note_save(document, document.revision)
    keeper.flush()
    keeper.replace(0, 1, "##")
    keeper.journal.close()


def _close_without_saving(document: Document, folder: Path, say: Say) -> None:
    """A window is closed without saving: nothing of it is wanted back."""
    before = document.text
    say("held", before)
    keeper = _Keeper(folder, document, say)
    keeper.replace(0, 0, "Not wanted. ")
    say("may", before)
    keeper.journal.forget(document)
    if any(keeper.journal.flush(timeout=5) for _ in range(_TRIES)):
        say("done", before)
    keeper.journal.close()


def _take_over(folder: Path, say: Say) -> None:
    """What a crash left is brought back: it is in a new journal before the old one goes."""
    say("held", NEW)
    try:
        (recovered,) = recovery.pending(folder / "state" / "journal")
    except (OSError, ValueError):
        say("held", NEW)  # it could not be read just now; it must still be there for the next start
        return
    document = Document()
    document.replace(0, 0, recovered.text, origin=Origin.RECOVERED)
    keeper = _Keeper(folder, document, say)
    if keeper.flush():
        with contextlib.suppress(OSError):  # it is offered once more, which costs nothing
            recovery.discard(recovered)
    keeper.journal.close()


def _prepare_take_over(folder: Path) -> Callable[[Say], None]:
    """Leaves the journal of a process that has died."""
    child = os.fork()
    if not child:
        document = Document()
        keeper = _Keeper(folder, document, lambda _kind, _text: None)
        keeper.replace(0, 0, NEW)
        os._exit(0)
    os.waitpid(child, 0)
    return partial(_take_over, folder)


def _next_start(folder: Path) -> str:
    """The text that is offered after a crash, else what is in the file."""
    offered = recovery.pending(folder / "state" / "journal")
    return offered[0].text if offered else _text_of(folder / "story.md")


# -- closed texts and their versions ----------------------------------------------------------------


def _close_saved(document: Document, folder: Path, say: Say) -> None:
    """A text is saved and closed: its log is handed over to the history."""
    say("held", document.text)
    history = History(folder / "state" / "history")
    journal = Journal(
        folder / "state" / "journal", history, max_age=0, retry=0.005, failed=partial(_tell, say)
    )
    journal.follow(document)
    say("may", NEW)
    document.replace(0, document.length, NEW)
    assert document.path is not None
    try:
        document.digest = files.write(document.path, NEW, document.form, document.digest)
    except WriterError as error:
        _tell(say, error)
    else:
        say("held", NEW)
        document.mark_saved(document.revision)
        journal.note_save(document, document.revision)
    journal.forget(document)
    for _ in range(_TRIES):
        if journal.flush(timeout=5):
            break
    journal.close()


def _found_closed(folder: Path) -> str:
    """The text of the next start, and that every step to undo fits it."""
    text = _next_start(folder)
    opening = open_file(folder / "story.md", History(folder / "state" / "history"))
    document = opening.document(folder / "story.md")
    opening.let_go()
    assert opening.opened
    if document.text != opening.opened.text or document.is_changed:
        return "the log does not lead to the file"
    while document.undo():
        pass
    return text if document.text in (OLD, NEW) else f"undo leads to {document.text[:20]!r}"


def _prepare_version(folder: Path) -> Callable[[Say], None]:
    kept = Snapshots(folder / "versions.db")
    kept.take("story.md", OLD, Why.SAVE)
    return partial(_keep_version, kept)


def _keep_version(kept: Snapshots, say: Say) -> None:
    say("held", OLD)
    say("may", NEW)
    try:
        kept.take("story.md", NEW, Why.MODEL)
    except WriterError as error:
        _tell(say, error)
    else:
        say("held", NEW)


def _found_version(folder: Path) -> str:
    kept = Snapshots(folder / "versions.db")
    texts = [kept.text(each.id) for each in kept.all_of("story.md")]
    return texts[0] if texts[-1] == OLD else "the version before is gone"


# -- settings ---------------------------------------------------------------------------------------


def _prepare_settings(folder: Path) -> Callable[[Say], None]:
    settings = SettingsFile(folder)
    settings.set("page", "size", 20.0)
    settings.save()
    return partial(_save_settings, settings)


def _save_settings(settings: SettingsFile, say: Say) -> None:
    say("held", "20.0")
    settings.set("page", "size", 30.0)
    say("may", "30.0")
    try:
        settings.save()
    except WriterError as error:
        _tell(say, error)
    else:
        say("done", "30.0")  # settings may go back by a moment in a power cut, never to pieces


def _found_settings(folder: Path) -> str:
    settings = SettingsFile(folder)
    return f"{settings.problems}" if settings.problems else str(settings.values.page.size)


# -- all of them ------------------------------------------------------------------------------------


def _story(folder: Path) -> Path:
    path = folder / "story.md"
    path.write_text(OLD, "utf-8")
    path.chmod(RIGHTS)
    return path


def _opened(path: Path) -> Document:
    opened = files.read(path)
    return Document(opened.text, path, form=opened.form, digest=opened.digest)


def _tell(say: Say, error: WriterError) -> None:
    say("told", language.explain(error))


def _of_file(act: Callable[[Document, Path, Say], None], folder: Path) -> Callable[[Say], None]:
    return partial(act, _opened(_story(folder)), folder)


_TEMPORARY = ("**/.longhand-*",)

SUBJECTS = {
    "save": Subject(_prepare_save, lambda folder: _text_of(folder / "story.md"), _TEMPORARY),
    "first save": Subject(_prepare_first_save, _found_new_file, _TEMPORARY),
    "save through a link": Subject(_prepare_save_through_link, _found_through_link, _TEMPORARY),
    "journal": Subject(lambda folder: partial(_keep_untitled, folder), _next_start),
    "journal over a save": Subject(partial(_of_file, _keep_over_save), _next_start, _TEMPORARY),
    "journal forgotten": Subject(partial(_of_file, _close_without_saving), _next_start),
    "journal taken over": Subject(_prepare_take_over, _next_start),
    "closed": Subject(partial(_of_file, _close_saved), _found_closed, _TEMPORARY),
    "version": Subject(_prepare_version, _found_version),
    "settings": Subject(_prepare_settings, _found_settings, (FILE_NAME + "?*",)),
}
