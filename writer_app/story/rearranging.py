"""What is done to a project besides moving: items are made, split, joined, put away and deleted.

Wherever such a step is broken off, by a full disk or a power cut, every word is still in some file of the folder: a
new text is on the disk before the project names it, and an old one is shortened, or goes, only after the project
knows where its words are now. What a broken step leaves is at worst a text twice or a file that no item names, and
:mod:`writer_app.story.inspection` finds both.
"""

import contextlib
import secrets
from collections.abc import Collection
from pathlib import Path

import msgspec

from writer_app.errors import (
    ChangedOnDisk,
    NotNeighbours,
    NotRemoved,
    SaveUnsure,
    WriterError,
)
from writer_app.reasons import reason_for
from writer_app.story import files
from writer_app.story.form import FileForm, Newline
from writer_app.story.project import Project, written
from writer_app.story.tree import Item, Kind, Section, Tree, in_order

#: Sections in which nothing is written; what lies there knows where it came from.
AWAY = (Section.ARCHIVE, Section.TRASH)


def new_id(tree: Tree) -> str:
    """An id that no item has, and that another copy of the project hardly gives either."""
    while (made := secrets.token_hex(4)) in tree:
        pass
    return made


def keep(project: Project, tree: Tree) -> None:
    """Give the project another tree and write it down; it has its old one where that fails.

    Raises:
        ChangedOnDisk, SaveFailed, SaveUnsure: As :meth:`Project.save`; after ``SaveUnsure`` the new tree holds.
    """
    before = project.tree
    project.tree = tree
    try:
        project.save()
    except SaveUnsure:
        raise
    except WriterError:
        project.tree = before
        raise


def add(
    project: Project,
    kind: Kind,
    title: str,
    section: Section = Section.TEXT,
    *,
    under: str = "",
    before: str = "",
    text: str = "",
    numbered: bool = True,
) -> Item:
    """A new item, with an empty file of its own unless it is a volume.

    Raises:
        ValueError: It cannot stand there (:meth:`Tree.move`).
        ChangedOnDisk, SaveFailed, SaveUnsure: The disk refuses; nothing was made.
    """
    item = Item(id=new_id(project.tree), kind=kind, title=title, numbered=numbered)
    # Tried before a file is made for it.
    project.tree.insert(item, section, under, before)
    if kind is not Kind.VOLUME or text:
        folder = Project.NOTES if kind is Kind.NOTE else Project.TEXTS
        item = msgspec.structs.replace(item, file=project.create(title, text, folder))
    _keep_with(project, project.tree.insert(item, section, under, before), item)
    return project.tree[item.id]


def rename(project: Project, item: str, title: str) -> None:
    """Call it something else; its file keeps its name. Raises as :func:`keep`."""
    keep(project, project.tree.replace(item, title=title))


def split(
    project: Project, item: str, offset: int, title: str = "", digest: str | None = None
) -> Item:
    """Make two texts of one: what stands from ``offset`` on goes to a new item right behind it.

    Args:
        project: Its file on the disk is what is split; unsaved text is saved before.
        item: What is split. Where other texts lie under it, the new one is the first of them.
        offset: Code points of the text as it is opened.
        title: Of the new item.
        digest: Hash of the file in which ``offset`` was found; ``None``: as it is now.

    Raises:
        ValueError: There is no such place, or no text.
        FileMissing, FileUnreadable, NotText, ChangedOnDisk, SaveFailed, SaveUnsure: Nothing is lost,
            and nothing is split, except that the end may be in both files after ``SaveUnsure``.
    """
    own = project.tree[item]
    path = project.path(own.file)
    opened = files.read(path)
    if digest not in {None, opened.digest}:
        raise ChangedOnDisk(path=str(path))
    if not 0 <= offset <= len(opened.text):
        raise ValueError(f"no place {offset}")
    before = project.tree
    kind, under, next_one = _behind(before, item)
    new = Item(id=new_id(before), kind=kind, title=title, numbered=own.numbered)
    before.insert(new, own.section, under, next_one)
    form = _form_behind(opened, offset)
    name = project.create(title or own.title, opened.text[offset:], form=form)
    new = msgspec.structs.replace(new, file=name)
    _keep_with(project, before.insert(new, own.section, under, next_one), new)
    try:
        # In UTF-8: of half a text another encoding might be guessed.
        files.write(path, opened.text[:offset], _in_utf8(opened.form), opened.digest)
    except SaveUnsure:
        raise
    except WriterError:
        # The whole text is where it was, so the copy of its end may go again.
        with contextlib.suppress(WriterError):
            keep(project, before)
            _remove(project.path(new.file))
        raise
    return project.tree[new.id]


def merge(project: Project, first: str, second: str, between: str = "") -> None:
    """Make one text of two that follow each other; the second one goes to the trash as it was.

    The first gets the synopsis, beats, target, notes and pins of both, and the time of the second where it has none;
    what lies under the second stays where it is.

    Args:
        project: What is on the disk is joined; unsaved text is saved before.
        first: The item that will have both texts.
        second: The item whose text is added.
        between: What is put between them, such as an empty line.

    Raises:
        NotNeighbours: There is a text between them, or one is no part of the book.
        FileMissing, FileUnreadable, NotText, ChangedOnDisk, SaveFailed, SaveUnsure: Nothing is lost; at worst the
            second text, or its notes, stand in both files.
    """
    tree = project.tree
    one, two = tree[first], tree[second]
    _check_neighbours(tree, one, two)
    path = project.path(one.file)
    opened, other = files.read(path), files.read(project.path(two.file))
    joined = written(opened) + between + written(other)
    form = _form_of_both(opened, between, other, joined)
    notes = _notes_of_both(project, one, two)
    digest = files.write(path, joined, form, opened.digest)
    try:
        keep(project, _with_both(tree, one, two, notes))
    except SaveUnsure:
        raise
    except WriterError:
        with contextlib.suppress(WriterError):
            files.write(path, opened.text, opened.form, digest)
        raise


def put_away(
    project: Project, items: Collection[str], section: Section = Section.TRASH
) -> tuple[str, ...]:
    """Put items, with what is under them, into the trash or the archive; no file is touched.

    Returns:
        The ids of those that were moved themselves, not with another.

    Raises:
        ChangedOnDisk, SaveFailed, SaveUnsure: As :func:`keep`.
    """
    tops = _tops(project.tree, items)
    keep(project, away(project.tree, items, section))
    return tops


def away(tree: Tree, items: Collection[str], section: Section = Section.TRASH) -> Tree:
    """The tree with items in the trash or the archive; they know where they came from."""
    tops = _tops(tree, items)
    homes = {each: tree.place(each, tops) for each in tops}
    for each, home in homes.items():
        # What goes from the archive to the trash has its home already.
        if tree[each].section not in AWAY:
            tree = tree.replace(each, home=tuple(map(str, home)))
    return tree.move(tops, section)


def restore(project: Project, items: Collection[str]) -> None:
    """Put items back to where they were before they were put away, or as near to it as there still is.

    Raises:
        ChangedOnDisk, SaveFailed, SaveUnsure: As :func:`keep`.
    """
    keep(project, back(project.tree, items))


def back(tree: Tree, items: Collection[str]) -> Tree:
    """The tree with items where they came from, or as near to it as there still is."""
    waiting = list(_tops(tree, items))
    while waiting:
        # One that stood before another that comes back too waits for it.
        each = next((each for each in waiting if _next_is_there(tree, each)), waiting[0])
        waiting.remove(each)
        tree = _put_back(tree, each)
    return tree


def delete(project: Project, items: Collection[str]) -> None:
    """Delete for ever what lies in the trash, with its files. The writer has been asked before.

    Raises:
        ValueError: Something of it is not in the trash.
        OutsideProject: A file of it is a link that leads out of the project; nothing was deleted.
        ChangedOnDisk, SaveFailed, SaveUnsure: Nothing was deleted.
        NotRemoved: The items are gone, and all files but this one and maybe others.
    """
    gone = {each.id: each for item in items for each in project.tree.branch(item)}
    if any(each.section is not Section.TRASH for each in gone.values()):
        raise ValueError("only what is in the trash is deleted")
    paths = [
        project.path(file) for each in gone.values() for file in (each.file, each.notes) if file
    ]
    keep(project, project.tree.drop(gone))
    failed = [problem for path in paths if (problem := _remove(path))]
    if failed:
        raise failed[0]


# -- inside ---------------------------------------------------------------------------------------


def _keep_with(project: Project, tree: Tree, new: Item) -> None:
    """As :func:`keep`; the new item's file goes again where the tree cannot be written."""
    try:
        keep(project, tree)
    except SaveUnsure:
        raise
    except WriterError:
        if new.file:
            _remove(project.path(new.file))
        raise


def _behind(tree: Tree, item: str) -> tuple[Kind, str, str]:
    """What kind of item follows this one's own text, and its ``under`` and ``before``."""
    own = tree[item]
    inner = tree.children(item)
    if inner:
        return (Kind.SCENE if own.kind is not Kind.NOTE else Kind.NOTE), item, inner[0].id
    _section, under, before = tree.place(item)
    return own.kind, under, before


def _check_neighbours(tree: Tree, one: Item, two: Item) -> None:
    row = tree.manuscript
    at = next((number for number, each in enumerate(row) if each is one), len(row))
    if row[at + 1 : at + 2] != (two,):
        raise NotNeighbours(first=one.title, second=two.title)


def _notes_of_both(project: Project, one: Item, two: Item) -> str:
    """The file of the first one's notes, with those of the second behind them. Raises as :func:`merge`."""
    if not two.notes or not project.path(two.notes).exists():
        return one.notes
    more = files.read(project.path(two.notes))
    if not one.notes or not (path := project.path(one.notes)).exists():
        return project.create(one.title or "notes", written(more), Project.NOTES)
    own = files.read(path)
    between = "\n" if own.text.endswith("\n") else "\n\n"
    joined = written(own) + between + written(more)
    files.write(path, joined, _form_of_both(own, between, more, joined), own.digest)
    return one.notes


def _with_both(tree: Tree, one: Item, two: Item, notes: str) -> Tree:
    """The tree once the first has the text of the second."""
    synopsis = "\n\n".join(filter(None, (one.synopsis, two.synopsis)))
    both = msgspec.structs.replace(
        one,
        synopsis=synopsis,
        when=one.when or two.when,
        beats=one.beats + two.beats,
        target=one.target + two.target,
        notes=notes,
        # An item's own id stands for its notes.
        pinned=tuple(
            dict.fromkeys(one.id if each == two.id else each for each in one.pinned + two.pinned)
        ),
    )
    home = tuple(map(str, tree.place(two.id)))
    away = msgspec.structs.replace(two, section=Section.TRASH, depth=0, home=home)
    rest = [both if each is one else each for each in tree if each is not two]
    return in_order([*rest, away])


def _tops(tree: Tree, items: Collection[str]) -> tuple[str, ...]:
    """Those of the items, in order, that lie under none of the others."""
    wanted, covered, found = set(items), set[str](), list[str]()
    for each in sorted(wanted, key=tree.places.__getitem__):
        if each not in covered:
            found.append(each)
            covered |= {under.id for under in tree.branch(each)}
    return tuple(found)


def _home(item: Item) -> tuple[str, str, str]:
    section, under, before, *_more = (*item.home, "", "", "")
    return section, under, before


def _next_is_there(tree: Tree, item: str) -> bool:
    """Whether what the item stood before lies in its place, as far as there is such a thing."""
    _section, _under, before = _home(tree[item])
    return not before or (before in tree and tree[before].section not in AWAY)


def _put_back(tree: Tree, item: str) -> Tree:
    """With the item at the place it came from, or the nearest one there still is."""
    section, under, before = _home(tree[item])
    where = Section(section) if section in set(Section) else Section.TEXT
    if where in AWAY:
        where = Section.TEXT
    if under not in tree or tree[under].section in AWAY:
        under = ""
    tree = tree.replace(item, home=())
    for candidate in ((under, before), (under, ""), ("", "")):
        with contextlib.suppress(KeyError, ValueError):
            return tree.move([item], where, *candidate)
    return tree


def _form_behind(opened: files.Opened, offset: int) -> FileForm:
    """The form of a new file for the end of a text: as its file, but in UTF-8."""
    form = opened.form.as_utf8()
    if not form.is_mixed:
        return form
    flags = form.crlf_lines[opened.text.count("\n", 0, offset) :]
    return msgspec.structs.replace(form, crlf_lines=flags, source=opened.text[offset:])


def _form_of_both(one: files.Opened, between: str, two: files.Opened, joined: str) -> FileForm:
    """As the first file, but in UTF-8; each line ends as it did."""
    form = msgspec.structs.replace(_in_utf8(one.form), stand_ins=())
    new = "1" if form.newline is Newline.CRLF else "0"
    flags = _flags(one) + new * between.count("\n") + _flags(two)
    if Newline.CR not in (one.form.newline, two.form.newline) and len(set(flags)) == 2:
        form = msgspec.structs.replace(form, crlf_lines=flags, source=joined)
    return form


def _in_utf8(form: FileForm) -> FileForm:
    return form if form.encoding == "utf-8" else form.as_utf8()


def _flags(opened: files.Opened) -> str:
    """For each line that ends: "1" where it ends with CRLF."""
    usual = "1" if opened.form.newline is Newline.CRLF else "0"
    return opened.form.crlf_lines or usual * opened.text.count("\n")


def _remove(path: Path) -> NotRemoved | None:
    """Remove a file; why it is still there, if it is."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        return NotRemoved(path=str(path), reason=reason_for(error))
    return None
