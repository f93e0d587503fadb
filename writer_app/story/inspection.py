"""Looking over a project for what no longer fits together; nothing is changed by it."""

from collections.abc import Iterator
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import msgspec

from writer_app.errors import N_, FileMissing, NotText, WriterError
from writer_app.story import files, outline, summaries
from writer_app.story.alarms import read_intended
from writer_app.story.bible import Entry
from writer_app.story.numbering import numbers
from writer_app.story.project import Project, inside, same
from writer_app.story.texts import Texts
from writer_app.story.tree import Item, Kind
from writer_app.text import toml
from writer_app.text.chapternames import read

#: So many characters at the end of one text that are all of the next are no chance.
_TWICE = 40
_LONGEST_TITLE = 200


class Fault(StrEnum):
    """What may be wrong with a project."""

    MISSING = "missing"
    UNREADABLE = "unreadable"
    UNNAMED = "unnamed"
    ALIKE = "alike"
    TITLE = "title"
    PIN = "pin"
    STATE = "state"
    FACT = "fact"
    BIBLE = "bible"
    FILE = "file"
    NUMBER = "number"
    TWICE = "twice"


SENTENCES = {
    Fault.MISSING: N_("The file of “{title}” is missing: {file}"),
    Fault.UNREADABLE: N_("The file of “{title}” cannot be read: {file}"),
    Fault.UNNAMED: N_("No item has this file: {file}"),
    Fault.ALIKE: N_("Some systems take this file for another one: {file}"),
    Fault.TITLE: N_("The title of “{title}” is missing, too long, or has line breaks ({file})"),
    Fault.PIN: N_("“{title}” has something pinned to it that does not exist: {what}"),
    Fault.STATE: N_("“{title}” is in a state that the project does not have: {what}"),
    Fault.FACT: N_("The bible entry {file} refers to something that does not exist: {what}"),
    Fault.BIBLE: N_("This bible entry cannot be read: {file} ({what})"),
    Fault.FILE: N_("This file of the project cannot be read: {file} ({what})"),
    Fault.NUMBER: N_("“{title}” has number {number} by its place, and its heading says: {what}"),
    Fault.TWICE: N_("The whole text of {file} stands at the end of “{title}” too"),
}


class Problem(NamedTuple):
    """Something that does not fit together.

    Attributes:
        item: Its id; empty where it is not about an item.
        title: Of the item.
        file: Relative to the project's folder.
        what: What it stumbles over, as the file has it.
        number: That the item has by its place.
    """

    fault: Fault
    item: str = ""
    title: str = ""
    file: str = ""
    what: str = ""
    number: int = 0


def inspect(project: Project, texts: Texts | None = None) -> list[Problem]:
    """All that is wrong with a project, in the order of its tree.

    Args:
        project: What is on the disk of it is looked at.
        texts: Where its texts are known already.
    """
    texts = texts or Texts(project)
    return [
        *_of_texts(project, texts),
        *_of_items(project),
        *_of_folder(project),
        *_of_bible(project),
        *_of_other_files(project),
    ]


def _about(fault: Fault, item: Item, *, file: str = "", what: str = "", number: int = 0) -> Problem:
    return Problem(fault, item.id, item.title, file or item.file, what, number)


def _of_texts(project: Project, texts: Texts) -> Iterator[Problem]:
    found = numbers(project.tree, restart=project.facts.numbering.restart)
    for item in project.tree:
        for file in filter(None, (item.file, item.notes)):
            try:
                text = texts.of(file).text
            except FileMissing:
                yield _about(Fault.MISSING, item, file=file)
                continue
            except WriterError as problem:
                yield _about(Fault.UNREADABLE, item, file=file, what=problem.code)
                continue
            if file == item.file and item.id in found:
                yield from _of_heading(item, text, found[item.id], project.facts.numbering.chapter)
    yield from _of_neighbours(project, texts)


def _of_heading(item: Item, text: str, number: int, pattern: str) -> Iterator[Problem]:
    """Whether the number in the text's own heading is another than that of its place."""
    line = next((line for line in text.split("\n", 20)[:20] if line.strip()), "")
    name = read(line.lstrip("# "))
    is_volume = item.kind is Kind.VOLUME
    if name is None or name.number is None or (not pattern and not is_volume):
        return
    # Of a volume's and a chapter's number on one line, the chapter's is meant.
    if name.number != number and not (is_volume and name.volume):
        yield _about(Fault.NUMBER, item, what=line.strip()[:80], number=number)


def _of_neighbours(project: Project, texts: Texts) -> Iterator[Problem]:
    """What a split or a merge has left that was broken off."""
    book = project.tree.manuscript
    known = dict(texts.all(item.file for item in book))
    for one, two in pairwise(book):
        first, second = known.get(one.file), known.get(two.file)
        if first is None or second is None or len(second.text.strip()) < _TWICE:
            continue
        if first.text.endswith(second.text):
            yield _about(Fault.TWICE, one, file=two.file)


def _of_items(project: Project) -> Iterator[Problem]:
    entries = {path.stem for path in _bible_files(project)}
    states = {state.id for state in project.facts.states}
    seen: set[str] = set()
    for item in project.tree:
        needs_title = not item.numbered and item.kind in (Kind.CHAPTER, Kind.VOLUME)
        is_odd = len(item.title) > _LONGEST_TITLE or "\n" in item.title or "\r" in item.title
        if is_odd or (needs_title and not item.title.strip()):
            yield _about(Fault.TITLE, item)
        for pin in item.pinned:
            if pin not in project.tree and pin not in entries:
                yield _about(Fault.PIN, item, what=pin)
        if item.status and item.status not in states:
            yield _about(Fault.STATE, item, what=item.status)
        for file in filter(None, (item.file, item.notes)):
            if same(file) in seen:
                yield _about(Fault.ALIKE, item, file=file)
            seen.add(same(file))


def _of_folder(project: Project) -> Iterator[Problem]:
    """Files in the folders of texts and notes that nobody would find in the tree."""
    named = {file for item in project.tree for file in (item.file, item.notes)}
    for folder in (Project.TEXTS, Project.NOTES):
        for path in sorted((project.folder / folder).rglob("*")):
            file = path.relative_to(project.folder)
            is_text = path.suffix.lower() in files.SUFFIXES
            is_hidden = any(part.startswith(".") for part in file.parts)
            if is_text and not is_hidden and file.as_posix() not in named:
                yield Problem(Fault.UNNAMED, file=file.as_posix())


def _of_bible(project: Project) -> Iterator[Problem]:
    entries: dict[str, Entry] = {}
    for path in _bible_files(project):
        file = f"{Project.BIBLE}/{path.name}"
        try:
            entries[path.stem] = _entry(project, path, file)
        except ValueError as problem:
            yield Problem(Fault.BIBLE, file=file, what=str(problem)[:200])
        except WriterError as problem:
            yield Problem(Fault.BIBLE, file=file, what=problem.code)
    for name, entry in entries.items():
        scenes = [entry.opened, entry.due, entry.paid]
        others = [relation.to for relation in entry.relations]
        for relation in entry.relations:
            scenes += [relation.since, relation.until]
        for fact in entry.facts:
            scenes += [fact.since, fact.until]
            others += fact.known_by
        unknown = [each for each in scenes if each and each not in project.tree]
        unknown += [each for each in others if each and each not in entries]
        for what in dict.fromkeys(unknown):
            yield Problem(Fault.FACT, file=f"{Project.BIBLE}/{name}.toml", what=what)


def _of_other_files(project: Project) -> Iterator[Problem]:
    """The outline, summaries, and the alarms that are meant so."""
    _summaries, problems = summaries.load(project)
    for read_file in (outline.read, read_intended):
        try:
            read_file(project.folder)
        except WriterError as problem:
            problems.append(problem)
    for each in problems:
        # Of a link that leads out of the project the project file tells.
        path = project.folder / str(each.params.get("file", each.params["path"]))
        file = path.relative_to(project.folder).as_posix()
        yield Problem(Fault.FILE, file=file, what=str(each.params.get("reason", each.code)))


def _entry(project: Project, path: Path, file: str) -> Entry:
    """An entry of the bible. Raises ``ValueError`` for what is none, and as :func:`files.read`."""
    inside(project.folder, file)
    opened = files.read(path)
    if opened.form.encoding != "utf-8":
        raise NotText(path=str(path), reason=opened.form.encoding)
    return msgspec.convert({**toml.parse(opened.text), "id": path.stem}, Entry)


def _bible_files(project: Project) -> list[Path]:
    return sorted(path for path in _files(project.folder / Project.BIBLE) if path.suffix == ".toml")


def _files(folder: Path) -> list[Path]:
    """What lies in a folder, but hidden files; nothing where there is none."""
    try:
        return [path for path in folder.iterdir() if not path.name.startswith(".")]
    except OSError:
        return []
