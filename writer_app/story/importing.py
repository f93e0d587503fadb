"""A manuscript becomes a project: volumes, chapters and scenes, each with its part of the text.

Nothing of the text is changed: heading lines stay where they are, and the files of the project, one behind the other
in the order of its tree, are the manuscript again.
"""

import contextlib
import os
import shutil
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from writer_app.errors import FolderInUse, ImportFailed, SaveFailed
from writer_app.reasons import reason_for
from writer_app.story import atomic, documents, files
from writer_app.story.form import FileForm, encode
from writer_app.story.numbering import PLACE
from writer_app.story.project import Facts, Numbering, Project, fitting, free, same
from writer_app.story.tree import DEEPEST, Item, Kind, Section, in_order
from writer_app.text.chaptering import Cut, Rank, cut
from writer_app.text.chapternames import Name, Unit
from writer_app.text.script import language_of

#: So many characters tell the language.
_SAMPLE = 20_000
#: Of all numbers so many must be as we would count; otherwise titles keep theirs.
_REGULAR = 0.9
_LONGEST_TITLE = 60
_KINDS = {
    Rank.FRONT: Kind.NOTE,
    Rank.BACK: Kind.NOTE,
    Rank.VOLUME: Kind.VOLUME,
    Rank.CHAPTER: Kind.CHAPTER,
    Rank.SCENE: Kind.SCENE,
}


def import_file(source: Path, folder: Path, *, scenes: bool = False) -> Project:
    """Make a project of a manuscript.

    Args:
        source: Markdown or plain text in any encoding, or a .docx.
        folder: Of the new project; there is none yet, or an empty one.
        scenes: Whether chapters are cut at scene breaks too.

    Raises:
        FolderInUse: There is something already.
        FileMissing, FileUnreadable, NotText, ImportFailed: The manuscript cannot be read.
        SaveFailed: The disk refuses; there is no project then.
    """
    _check_free(folder)
    if source.suffix.lower() in documents.SUFFIXES:
        text, form = documents.read(source), FileForm()
    else:
        opened = files.read(source)
        text = opened.text
        form = opened.form.as_utf8()
    return import_text(text, folder, title=source.stem, form=form, scenes=scenes)


def import_text(
    text: str,
    folder: Path,
    *,
    title: str = "",
    form: FileForm | None = None,
    scenes: bool = False,
) -> Project:
    """Make a project of a text, in ``folder``.

    Args:
        text: With LF newlines.
        folder: There is none yet, or an empty one.
        title: Of the book.
        form: How its parts are written down.
        scenes: Whether chapters are cut at scene breaks too.

    Raises:
        FolderInUse: There is something already.
        SaveFailed: The disk refuses; there is no project then.
    """
    _check_free(folder)
    cuts = cut(text, scenes=scenes)
    numbering, numbered = _numbering(cuts)
    facts = Facts(title=title, language=language_of(text[:_SAMPLE]), numbering=numbering)
    rows = list(_rows(cuts, numbered, text, title))
    folder = folder.absolute()
    # Made beside its place and moved there whole: a failure half way leaves nothing.
    beside = folder.with_name(f".{folder.name[:80]}.{uuid.uuid4().hex[:8]}")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside.mkdir()
        try:
            items = _written(beside, rows, text, form or FileForm())
            project = Project(beside, facts, in_order(items))
            project.save()
            with contextlib.suppress(FileNotFoundError):
                folder.rmdir()
            beside.rename(folder)
            atomic.sync_folder(folder.parent)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    except OSError as error:
        raise SaveFailed(path=str(folder), reason=reason_for(error)) from error
    return Project.open(folder)


def _check_free(folder: Path) -> None:
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise FolderInUse(path=str(folder))
    except OSError as error:
        raise ImportFailed(path=str(folder), reason=reason_for(error)) from error


# -- numbers --------------------------------------------------------------------------------------


def _numbering(cuts: Sequence[Cut]) -> tuple[Numbering, frozenset[int]]:
    """How volumes and chapters are numbered, and at which cuts the number is what we would count ourselves."""
    volumes = [(at, each.name) for at, each in enumerate(cuts) if each.rank is Rank.VOLUME]
    volume = _Row.of(volumes, ())
    bounds = [at for at, _name in volumes]
    chapters = [(at, each.name) for at, each in enumerate(cuts) if each.rank is Rank.CHAPTER]
    rows = [_Row.of(chapters, ()), _Row.of(chapters, bounds)]
    # Running on is the usual case where both would do.
    chapter = max(rows, key=lambda row: len(row.regular))
    numerals = chapter.numerals or volume.numerals or "arabic"
    made = Numbering(volume.pattern, chapter.pattern, "arabic", restart=bool(chapter is rows[1]))
    others = volume.numerals if volume.numerals != numerals else ""
    return (
        msgspec.structs.replace(made, numerals=numerals, volume_numerals=others),
        volume.regular | chapter.regular,
    )


class _Row(NamedTuple):
    """Headings of one rank: their pattern, and those whose numbers follow each other; nothing where they do not."""

    pattern: str = ""
    numerals: str = ""
    regular: frozenset[int] = frozenset()

    @classmethod
    def of(cls, headings: Sequence[tuple[int, Name | None]], bounds: Sequence[int]) -> "_Row":
        numbered = [
            (at, name) for at, name in headings if name and name.number and PLACE in name.pattern
        ]
        regular, count, passed = set[int](), 0, 0
        for at, name in numbered:
            before, passed = passed, sum(1 for bound in bounds if bound < at)
            count = 0 if passed > before else count
            if name.number == count + 1:
                count += 1
                regular.add(at)
        if not numbered or len(regular) < _REGULAR * len(numbered):
            return cls()
        pattern = Counter(name.pattern for _at, name in numbered).most_common(1)[0][0]
        numerals = Counter(name.numerals for _at, name in numbered).most_common(1)[0][0]
        return cls(pattern, numerals, frozenset(regular))


# -- items ----------------------------------------------------------------------------------------


def _rows(
    cuts: Sequence[Cut], numbered: frozenset[int], text: str, book: str
) -> Iterator[tuple[Item, Cut]]:
    """An item for each cut, still without its file; a text without a heading is called as the book is."""
    for at, each in enumerate(cuts):
        section = Section.FRONT if each.rank is Rank.FRONT else Section.TEXT
        name = each.name
        title = each.heading or _first_line(text, each)
        if name and (at in numbered or name.unit is Unit.NAMED):
            title = name.title
        elif each.rank is Rank.CHAPTER and not title:
            title = book
        item = Item(
            id=f"{each.rank.value[0]}{at + 1}",
            kind=_KINDS[each.rank],
            title=title,
            section=section,
            depth=min(each.depth, DEEPEST - 1),
            numbered=at in numbered,
        )
        yield item, each


def _first_line(text: str, each: Cut) -> str:
    """What front matter is called by, if that is short: often the title of the book."""
    if each.rank is not Rank.FRONT:
        return ""
    line = text[each.start : each.end].strip().partition("\n")[0].strip()
    return line if len(line) <= _LONGEST_TITLE else ""


def _written(
    folder: Path, rows: Sequence[tuple[Item, Cut]], text: str, form: FileForm
) -> list[Item]:
    """The items with their files, which are on the disk then. Raises ``OSError``."""
    where = folder / Project.TEXTS
    where.mkdir()
    items: list[Item] = []
    taken: set[str] = set()
    ended = 0  # lines
    for item, each in rows:
        if each.start == each.end and item.kind is Kind.VOLUME:
            items.append(item)
            continue
        name = free(fitting(_file_name(item, each, len(items))), taken)
        taken.add(same(name))
        part = text[each.start : each.end]
        if form.is_mixed:
            lines = form.crlf_lines[ended : ended + part.count("\n")]
            ended += len(lines)
            _write(
                where / name,
                encode(part, msgspec.structs.replace(form, crlf_lines=lines, source=part)),
            )
        else:
            _write(where / name, encode(part, form))
        items.append(msgspec.structs.replace(item, file=f"{Project.TEXTS}/{name}"))
    atomic.sync_folder(where)
    return items


def _file_name(item: Item, each: Cut, at: int) -> str:
    """After the whole heading, by which a person finds it; a scene without one after its place."""
    heading = each.heading.strip("*_# ") if each.heading else item.title
    return heading or f"{each.rank.value} {at + 1}"


def _write(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
