"""From a project on disk, or open in a window, to what there is around one of its texts."""

from collections.abc import Callable, Iterable, Mapping
from itertools import takewhile

from writer_app.craft.surroundings import BEFORE, BREAK, Page, Surroundings
from writer_app.errors import WriterError
from writer_app.story import files, summaries
from writer_app.story.bible import Entry
from writer_app.story.bible_files import BibleFolder
from writer_app.story.numbering import called, labels
from writer_app.story.project import Numbering, Project, Style
from writer_app.story.summaries import Summary
from writer_app.story.tree import Item, Section, Tree


def gather(
    tree: Tree,
    here: str,
    read: Callable[[Item], str],
    *,
    entries: Iterable[Entry] = (),
    style: Style | None = None,
    known: Mapping[str, Summary] | None = None,
    notes: Callable[[Item], str] = lambda _item: "",
    first: str = "",
    numbering: Numbering | None = None,
) -> Surroundings:
    """What there is around the text of the item ``here``.

    Args:
        tree: Of the project.
        here: Id of the item; one that is not in the tree has the bible and the style around it, and no place.
        read: The text of an item as it is now. What cannot be read is not told.
        entries: The story bible.
        style: Of the project.
        known: The summaries there are, by chapter.
        notes: What is noted beside an item.
        first: The item with which the text begins, where several are one text; empty for ``here`` itself.
        numbering: How chapters are numbered; ``None`` for not at all.
    """
    titles = labels(tree, numbering or Numbering())
    item = next((each for each in tree if each.id == here), None)
    begins = next((each for each in tree if each.id == first), item)
    return Surroundings(
        tree=tree,
        here=here if item else "",
        entries=tuple(entries),
        style=style or Style(),
        pinned=tuple(_pinned(tree, item, read, notes)) if item else (),
        summaries=tuple(_summaries(tree, here, read, known or {}, titles)) if item else (),
        before=_before(tree, begins, read) if begins else "",
    )


def from_disk(
    project: Project, here: str, first: str = ""
) -> tuple[Surroundings, list[WriterError]]:
    """As :func:`gather`, by the files of a project; and what of them could not be read."""
    bible = BibleFolder(project.folder / project.BIBLE)
    entries = bible.load().entries.values()
    known, torn = summaries.load(project)

    unread: dict[str, WriterError] = {}

    def said(file: str) -> str:
        try:
            return files.read(project.path(file)).text if file else ""
        except WriterError as problem:
            unread[file] = problem
            raise

    found = gather(
        project.tree,
        here,
        lambda item: said(item.file),
        entries=entries,
        style=project.facts.style,
        known=known,
        notes=lambda item: said(item.notes),
        first=first,
        numbering=project.facts.numbering,
    )
    mutes, pins = frozenset(project.facts.mutes), frozenset(project.facts.pins)
    return found.with_choices(mutes, pins), [*bible.problems, *torn, *unread.values()]


def _pinned(
    tree: Tree, item: Item, read: Callable[[Item], str], notes: Callable[[Item], str]
) -> Iterable[Page]:
    """The notes that are pinned to the item."""
    for each in dict.fromkeys(item.pinned):
        if each in tree:
            there = tree[each]
            text = _read(there, notes if each == item.id else read)
            yield Page(each, there.title or item.title, text)


def _summaries(
    tree: Tree,
    here: str,
    read: Callable[[Item], str],
    known: Mapping[str, Summary],
    titles: Mapping[str, str],
) -> Iterable[Page]:
    if tree[here].section not in (Section.FRONT, Section.TEXT):
        return
    for number, chapter in enumerate(summaries.earlier(tree, here), 1):
        if (summary := known.get(chapter.id)) and summary.text.strip():
            text = summaries.text_of(tree, chapter.id, lambda each: _read(each, read))
            stale = summary.is_stale(text)
            title = called(titles.get(chapter.id, ""), chapter.title) or str(number)
            yield Page(chapter.id, title, summary.text, stale, summary.muted)


def _before(tree: Tree, item: Item, read: Callable[[Item], str]) -> str:
    """The end of the manuscript before the item, from the beginning of a paragraph on."""
    if item not in tree.manuscript:
        return ""
    texts: list[str] = []
    length = 0
    for each in reversed(list(takewhile(lambda other: other.id != item.id, tree.manuscript))):
        if length > BEFORE:
            break
        if text := _read(each, read).strip():
            texts.append(text)
            length += len(text)
    joined = BREAK.join(reversed(texts))
    if len(joined) <= BEFORE:
        return joined
    cut = joined.find("\n", len(joined) - BEFORE)
    return joined[cut + 1 :].lstrip() if cut >= 0 else joined[-BEFORE:]


def _read(item: Item, read: Callable[[Item], str]) -> str:
    try:
        return read(item)
    except WriterError:
        return ""
