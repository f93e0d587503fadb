"""A project on disk: a folder with ``project.toml`` and one Markdown file per chapter or scene.

``project.toml`` says what the texts are called and in which order they stand, one line an item; the texts know
nothing of it, and can be read without it. Where an item stands, what it is called and what state it is in are
changes of this one file, which is replaced whole or not at all.

::

    My novel/
      project.toml      what this module reads and writes
      text/*.md         chapters and scenes
      notes/*.md        notes, and what is noted beside a scene
      bible/*.toml      entries of the story bible (bible.py)
      continuity.toml   alarms that are meant so (alarms.py)
"""

import json
import os
import re
import unicodedata
from collections.abc import Collection
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, ClassVar, Literal

import msgspec
import tomli_w

from writer_app.errors import N_, OutsideProject, ProjectDamaged, SaveFailed, SaveUnsure
from writer_app.reasons import reason_for
from writer_app.story import files
from writer_app.story.form import FileForm
from writer_app.story.tree import Item, Tree, in_order
from writer_app.text import toml

#: The file that makes a folder a project.
NAME = "project.toml"
#: The way in which this version writes it; a higher one was written by a later program.
FORMAT = 1
_ENCODING = FileForm()
_RESERVED = re.compile(r"(?i)^(con|prn|aux|nul|com[\d¹²³]|lpt[\d¹²³]|conin\$|conout\$) *(\.|\Z)")
_UNFIT = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*#\[\]^]+')
#: Bytes of a file's name without its ending: systems allow 255, and copies of sync programs add to it.
_LONGEST_NAME = 120
#: What TOML takes as it is and the page does not, or the other way round; written by number.
_BY_NUMBER = re.compile("[\x7f\u2029\ufdd0\ufdd1]")
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")


class Label(msgspec.Struct, frozen=True, omit_defaults=True):
    """What chapters and scenes can be marked with, such as whose eyes they are seen with.

    Attributes:
        id: Names it in items.
        title: As she calls it.
        colour: ``#rrggbb``, or empty.
    """

    id: Annotated[str, msgspec.Meta(pattern=r"^[^\s]{1,40}\Z")]
    title: str
    colour: Annotated[str, msgspec.Meta(pattern=r"^(#[0-9a-fA-F]{6})?\Z")] = ""


class State(Label, frozen=True, omit_defaults=True):
    """A state that chapters can be in, such as 存稿 or "second draft".

    Attributes:
        dated: Whether it asks on which day (已发).
    """

    dated: bool = False


class Numbering(msgspec.Struct, frozen=True, omit_defaults=True):
    """How chapters and volumes are numbered; see :mod:`writer_app.story.numbering`.

    Attributes:
        volume, chapter: What stands before the title, with ``{n}``; empty for no number.
        numerals: 12, 十二, XII, Twelve or Twelfth.
        restart: Whether chapters begin at 1 in each volume.
        volume_numerals: The same as ``numerals`` for volumes; empty where they have those of the chapters.
    """

    volume: str = ""
    chapter: str = ""
    numerals: Literal["arabic", "chinese", "roman", "words", "ordinals"] = "arabic"
    restart: bool = False
    volume_numerals: Literal["", "arabic", "chinese", "roman", "words", "ordinals"] = ""


class Style(msgspec.Struct, frozen=True, omit_defaults=True):
    """The writer's own voice, as the model is told it.

    Attributes:
        preferences: What she wants and does not want, in her words.
        samples: Passages of hers, which are shown as examples.
        memory: What the model is always told of this book.
        note: The author's note, which stands near the caret.
        note_depth: Paragraphs before the caret where the note stands.
    """

    preferences: str = ""
    samples: tuple[str, ...] = ()
    memory: str = ""
    note: str = ""
    note_depth: Annotated[int, msgspec.Meta(ge=0, le=1000)] = 3


class Facts(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """All that ``project.toml`` says besides the items.

    Attributes:
        format: :data:`FORMAT`.
        title, author: Of the book.
        language: ISO code of the text, or empty.
        numbering: Of chapters and volumes.
        states: What chapters can be in.
        labels: What chapters and scenes can be marked with.
        goal: Words (字 in Chinese) she wants to write a day; 0 for none.
        style: Her voice.
        timeline: Ids of the entries of the bible that have a row in the timeline; empty: whoever is in most scenes.
        pins: Parts of what the model reads that it is told in any case, by their ids (``entry:anna``).
        mutes: Parts that it is not told.
    """

    format: int = FORMAT
    title: str = ""
    author: str = ""
    language: str = ""
    numbering: Numbering = Numbering()
    states: tuple[State, ...] = ()
    labels: tuple[Label, ...] = ()
    goal: Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000)] = 0
    style: Style = Style()
    timeline: tuple[str, ...] = ()
    pins: tuple[str, ...] = ()
    mutes: tuple[str, ...] = ()


class Project:
    """An open project.

    Args:
        folder: Where it lies, absolute.
        facts, tree: What its file says.
        digest: Hash of that file; ``None`` where there is none yet.
        kept: What its file says beyond what we know, written back as it was.

    Attributes:
        facts, tree: May be given other values; :meth:`save` writes them down.
    """

    TEXTS: ClassVar[str] = "text"
    NOTES: ClassVar[str] = "notes"
    BIBLE: ClassVar[str] = "bible"

    def __init__(
        self,
        folder: Path,
        facts: Facts | None = None,
        tree: Tree | None = None,
        *,
        digest: str | None = None,
        kept: dict[str, Any] | None = None,
    ) -> None:
        self.folder = folder.resolve()
        self.facts = facts or Facts()
        self.tree = tree or Tree()
        self.digest = digest
        self._kept = kept or {}
        self._rows: dict[Item, str] = {}

    @classmethod
    def open(cls, folder: Path) -> "Project":
        """Read ``folder``'s project file.

        Raises:
            FileMissing, FileUnreadable, NotText: It cannot be read.
            ProjectDamaged: It says what no project can.
            OutsideProject: It names a file outside the folder, or is a link to one.
        """
        opened = files.read(inside(folder, NAME))
        facts, tree, kept = _parse(written(opened), folder / NAME)
        return cls(folder, facts, tree, digest=opened.digest, kept=kept)

    def save(self) -> None:
        """Write the project file; no text is touched.

        Raises:
            ChangedOnDisk: Another program has written it since.
            SaveFailed, SaveUnsure: As :func:`writer_app.story.files.write`.
        """
        self.write(self.as_toml())

    def write(self, toml: str) -> None:
        """Write down what :meth:`as_toml` gave at some moment, aside perhaps. Raises as :meth:`save`."""
        try:
            self.digest = files.write(self.folder / NAME, toml, _ENCODING, self.digest)
        except SaveUnsure as problem:
            self.digest = str(problem.params["digest"])
            raise

    def as_toml(self) -> str:
        """What :meth:`save` writes: the facts, then the items, a line each."""
        said = _whole({"format": FORMAT} | msgspec.to_builtins(self.facts) | self._kept)
        # In TOML, what belongs to no table stands before the first one.
        values = {key: value for key, value in said.items() if not _is_table(value)}
        tables = {key: value for key, value in said.items() if _is_table(value)}
        # Most items are as they were when it was last written.
        self._rows = {item: self._rows.get(item) or _row(item) for item in self.tree}
        rows = "".join(self._rows.values())
        return f"{_dumped(values)}items = [\n{rows}]\n\n{_dumped(tables)}".rstrip() + "\n"

    # -- files ----------------------------------------------------------------------------------

    def path(self, file: str) -> Path:
        """Where a file of the project lies.

        Raises:
            OutsideProject: It is not inside the project's folder, or leads out of it by a link.
        """
        _check_inside(file, self.folder / NAME)
        return inside(self.folder, file)

    def read(self, item: Item) -> str:
        """The item's text; empty where it has no file. Raises as :func:`writer_app.story.files.read`."""
        return files.read(self.path(item.file)).text if item.file else ""

    def item_at(self, path: Path) -> Item | None:
        """The item whose text lies at ``path``."""
        try:
            name = path.resolve().relative_to(self.folder).as_posix()
        except ValueError:
            return None
        return next((item for item in self.tree if item.file == name), None)

    def create(
        self, name: str, text: str = "", folder: str = TEXTS, form: FileForm = _ENCODING
    ) -> str:
        """Make a file for a new item, and return what the item says of it.

        Args:
            name: What it is called after; made to fit every system, and told apart from files there are.
            text: What it holds.
            folder: ``TEXTS`` or ``NOTES``.
            form: How it is written down.

        Raises:
            OutsideProject: The folder is a link that leads out of the project.
            SaveFailed, SaveUnsure: The disk refuses.
        """
        where = self.path(f"{folder}/new.md").parent
        try:
            where.mkdir(parents=True, exist_ok=True)
            taken = {same(each.name) for each in where.iterdir()}
        except OSError as error:
            raise SaveFailed(path=str(where), reason=reason_for(error)) from error
        file = free(fitting(name), taken)
        files.write(where / file, text, form, None)
        return f"{folder}/{file}"

    def missing(self) -> tuple[Item, ...]:
        """Items whose file is not there."""
        there = os.path.isfile  # what pathlib has raises an error for a name that is too long
        return tuple(item for item in self.tree if item.file and not there(self.path(item.file)))


def inside(folder: Path, file: str) -> Path:
    """Where a file, or folder, of the project in ``folder`` lies.

    Raises:
        OutsideProject: A link leads out of the project, or to itself.
    """
    path = folder / PurePosixPath(file)
    try:
        is_inside = path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):
        is_inside = False
    if not is_inside:
        raise OutsideProject(path=str(folder / NAME), file=file)
    return path


def folder_of(path: Path) -> Path | None:
    """The folder of the project that the file at ``path`` belongs to: the nearest one above with a project file."""
    for folder in path.parents:
        if (folder / NAME).is_file():
            return folder
    return None


def fitting(name: str) -> str:
    """A file name after ``name``, without ending, that every system takes; never empty."""
    plain = _UNFIT.sub(" ", name)
    plain = re.sub(r"\s+", " ", plain).strip(" .")
    while len(plain.encode()) > _LONGEST_NAME:
        plain = plain[:-1].rstrip(" .")
    if not plain or _RESERVED.match(plain):
        plain = f"{plain} 1".strip() if plain else "text"
    return plain


def same(name: str) -> str:
    """Equal for names that some system takes for the same."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def free(stem: str, taken: Collection[str]) -> str:
    """``stem.md``, or with a number where there is such a name; those that there are as :func:`same` has them."""
    name, number = f"{stem}.md", 2
    while same(name) in taken:
        name, number = f"{stem} {number}.md", number + 1
    return name


def written(opened: files.Opened) -> str:
    """The text as the file has it, without the stand-ins that a page needs; newlines are LF."""
    text = opened.text
    for original, stand_in in opened.form.stand_ins:
        text = text.replace(stand_in, original)
    return text


# -- inside ---------------------------------------------------------------------------------------


def _parse(source: str, path: Path) -> tuple[Facts, Tree, dict[str, Any]]:
    try:
        found = toml.parse(source)
        rows = found.pop("items", [])
        items = msgspec.convert(rows, tuple[Item, ...])
        facts = msgspec.convert(found, Facts)
    except ValueError as problem:
        raise ProjectDamaged(path=str(path), reason=str(problem)) from problem
    if facts.format > FORMAT:
        raise ProjectDamaged(path=str(path), reason=N_("a later version of the program wrote it"))
    _check(items, path)
    known = set(Facts.__struct_fields__)
    return facts, in_order(items), {key: found[key] for key in found if key not in known}


def _check(items: tuple[Item, ...], path: Path) -> None:
    seen: set[str] = set()
    named: set[str] = set()
    for item in items:
        if item.id in seen:
            raise ProjectDamaged(path=str(path), reason=f"id {item.id!r} twice")
        seen.add(item.id)
        for file in filter(None, (item.file, item.notes)):
            _check_inside(file, path)
            if file in named:
                raise ProjectDamaged(path=str(path), reason=f"file {file!r} twice")
            named.add(file)


def _check_inside(file: str, path: Path) -> None:
    """A name that cannot lead out of the folder on any system, and is that of a text."""
    pure = PurePosixPath(file)
    is_odd = (
        any(character in file for character in '\\:"<>|?*')
        or any(character < " " or character == "\x7f" for character in file)
        or file.startswith("/")
        or not pure.parts
        # Windows takes away what ends a name in dots and spaces, and then it may be "..".
        or any(not part.strip(". ") or _RESERVED.match(part) for part in pure.parts)
    )
    if is_odd:
        raise OutsideProject(path=str(path), file=file)
    # One name for one file; and neither the project file nor anything else that is no text.
    if str(pure) != file or pure.suffix.lower() not in files.SUFFIXES:
        reason = N_("it names something that is not a text")
        raise ProjectDamaged(path=str(path), reason=reason)


def _row(item: Item) -> str:
    return f"    {_inline(msgspec.to_builtins(item))},\n"


def _inline(table: dict[str, Any]) -> str:
    """One item on one line: a project of 2,000 scenes is read by people and compared by version control."""
    return "{" + ", ".join(f"{key} = {_value(value)}" for key, value in table.items()) + "}"


def _value(value: object) -> str:
    if isinstance(value, dict):
        return _inline(value)
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    # JSON's strings, numbers and booleans are TOML's, but for a few characters.
    said = _HALF_CHARACTER.sub("\ufffd", json.dumps(value, ensure_ascii=False))
    return _BY_NUMBER.sub(lambda found: f"\\u{ord(found[0]):04X}", said)


def _dumped(values: dict[str, Any]) -> str:
    return _BY_NUMBER.sub(lambda found: f"\\u{ord(found[0]):04X}", tomli_w.dumps(values))


def _whole(value: Any) -> Any:  # noqa: ANN401 - whatever a TOML file holds
    """Without halves of characters, which no file can hold."""
    if isinstance(value, str):
        return _HALF_CHARACTER.sub("\ufffd", value)
    if isinstance(value, list | tuple):
        return [_whole(each) for each in value]
    if isinstance(value, dict):
        return {_whole(key): _whole(each) for key, each in value.items()}
    return value


def _is_table(value: object) -> bool:
    return isinstance(value, dict) or (
        isinstance(value, list | tuple) and any(isinstance(each, dict) for each in value)
    )
