"""The story bible on disk: a folder with one TOML file an entry, each replaced whole or not at all.

What cannot be read is reported and stays as it is, under its name. What a file says beyond what we know is
written back with it.
"""

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import tomli_w

from writer_app.errors import (
    N_,
    ChangedOnDisk,
    EntryDamaged,
    FileMissing,
    FileUnreadable,
    NotText,
    OutsideProject,
    SaveFailed,
    SaveUnsure,
    WriterError,
)
from writer_app.reasons import reason_for
from writer_app.story import files
from writer_app.story.bible import Bible, Entry
from writer_app.story.form import FileForm
from writer_app.story.project import inside
from writer_app.text import toml

#: Bytes of an entry; a long one has a few thousand.
LIMIT = 1_000_000
#: Entries that are read; the largest lorebooks have some thousands.
MOST = 20_000
_FORM = FileForm()
_ENDING = ".toml"
#: What she did not want proposed; the one hidden file that belongs to a project.
DISMISSED = ".dismissed.txt"
_TABLES = ("facts", "relations")


class _Kept(msgspec.Struct):
    """What is known of one file.

    Attributes:
        entry: As it was read or written last.
        digest: Hash of the file.
        unknown: What it says besides, by key.
        inner: The same for each of its facts and relations, by what we know of them.
    """

    entry: Entry
    digest: str
    unknown: dict[str, Any]
    inner: dict[bytes, dict[str, Any]]


class BibleFolder:
    """The folder ``bible`` of a project.

    Args:
        folder: It need not exist.

    Attributes:
        problems: What could not be read, each with its sentence; these files are never written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: tuple[WriterError, ...] = ()
        self._kept: dict[str, _Kept] = {}
        self._unread: set[str] = set()

    @property
    def taken(self) -> frozenset[str]:
        """Ids that no new entry may get, because there is such a file that is no entry we could read."""
        return frozenset(self._unread)

    def load(self) -> Bible:
        """Read all entries; see ``problems``."""
        problems: list[WriterError] = []
        self._kept, self._unread = {}, set()
        for path in self._paths(problems):
            try:
                kept = _read(path)
            except WriterError as problem:
                problems.append(problem)
                self._unread.add(path.stem)
            else:
                self._kept[kept.entry.id] = kept
        self.problems = tuple(problems)
        return Bible.of(kept.entry for kept in self._kept.values())

    def save(self, bible: Bible) -> tuple[WriterError, ...]:
        """Write what differs from the files, and return what went wrong, an error an entry.

        An entry that is not in ``bible`` any more loses its file. Neither is done to a file that another program
        has written since it was read, nor to one that could not be read.
        """
        problems: list[WriterError] = []
        for entry in bible.entries.values():
            known = self._kept.get(entry.id)
            if known is not None and known.entry == entry:
                continue
            try:
                self._write(entry, known)
            except WriterError as problem:
                problems.append(problem)
        for gone in [each for each in self._kept if each not in bible]:
            try:
                self._remove(gone)
            except WriterError as problem:
                problems.append(problem)
        return tuple(problems)

    def dismissed(self) -> frozenset[str]:
        """What she did not want when it was proposed, see :mod:`writer_app.craft.proposals`; empty if unreadable."""
        with contextlib.suppress(WriterError):
            return frozenset(files.read(self._own(DISMISSED)).text.splitlines())
        return frozenset()

    def dismiss(self, keys: frozenset[str]) -> None:
        """Remember what she does not want proposed; it is added to what the file says.

        Raises:
            ChangedOnDisk, SaveFailed, SaveUnsure: It cannot be written.
            OutsideProject: A link leads out of the project.
        """
        path = self._own(DISMISSED)
        self._make()
        digest = files.digest_of(path) if path.exists() else None
        lines = sorted(self.dismissed() | keys)
        files.write(path, "".join(f"{each}\n" for each in lines), _FORM, digest)

    # -- inside ---------------------------------------------------------------------------------

    def _paths(self, problems: list[WriterError]) -> Iterator[Path]:
        try:
            inside(self.folder.parent, self.folder.name)
            found = sorted(
                path
                for path in self.folder.iterdir()
                if path.suffix == _ENDING and not path.name.startswith(".")
            )
        except FileNotFoundError:
            return
        except OutsideProject as problem:
            problems.append(problem)
            return
        except OSError as error:
            problems.append(FileUnreadable(path=str(self.folder), reason=reason_for(error)))
            return
        if len(found) > MOST:
            reason = N_("there are too many files in its folder")
            problems.append(EntryDamaged(path=str(found[MOST]), reason=reason))
            self._unread |= {path.stem for path in found[MOST:]}
        for path in found[:MOST]:
            try:
                if path.is_symlink():
                    inside(self.folder, path.name)
            except OutsideProject:
                reason = N_("it is a link that leads out of the project")
                problems.append(EntryDamaged(path=str(path), reason=reason))
                self._unread.add(path.stem)
            else:
                yield path

    def _write(self, entry: Entry, known: _Kept | None) -> None:
        path = self.folder / (entry.id + _ENDING)
        if entry.id in self._unread:
            raise ChangedOnDisk(path=str(path))
        self._make()
        unknown, inner = (known.unknown, known.inner) if known else ({}, {})
        digest = known.digest if known else None
        try:
            digest = files.write(path, to_toml(entry, unknown, inner), _FORM, digest)
        except SaveUnsure as problem:
            self._kept[entry.id] = _Kept(entry, str(problem.params["digest"]), unknown, inner)
            raise
        self._kept[entry.id] = _Kept(entry, digest, unknown, inner)

    def _remove(self, gone: str) -> None:
        path = self.folder / (gone + _ENDING)
        try:
            if files.digest_of(path) != self._kept[gone].digest:
                raise ChangedOnDisk(path=str(path))
            path.unlink()
        except FileMissing:
            pass
        except OSError as error:
            raise SaveFailed(path=str(path), reason=reason_for(error)) from error
        del self._kept[gone]

    def _own(self, name: str) -> Path:
        """A file of the folder. Raises ``OutsideProject``."""
        return inside(self.folder.parent, f"{self.folder.name}/{name}")

    def _make(self) -> None:
        inside(self.folder.parent, self.folder.name)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SaveFailed(path=str(self.folder), reason=reason_for(error)) from error


def to_toml(
    entry: Entry,
    unknown: Mapping[str, Any] | None = None,
    inner: Mapping[bytes, Mapping[str, Any]] | None = None,
) -> str:
    """An entry's file.

    Args:
        entry: Its id is the file's name and not in it.
        unknown: What it says besides, by key.
        inner: What its facts and relations say besides, each by what we know of it.
    """
    said = msgspec.to_builtins(entry)
    del said["id"]
    for table in _TABLES:
        said[table] = [each | (inner or {}).get(_key(each), {}) for each in said.get(table, ())]
    # Defaults are left out, the kind is not: a file tells what it is about.
    said = {"name": said.pop("name"), "kind": str(entry.kind)} | said | dict(unknown or {})
    return tomli_w.dumps(
        {key: value for key, value in said.items() if value != []}, multiline_strings=True
    )


def _read(path: Path) -> _Kept:
    """Raises ``WriterError``."""
    try:
        if path.stat().st_size > LIMIT:
            raise EntryDamaged(path=str(path), reason=N_("it is larger than 1 MB"))
    except OSError as error:
        raise FileUnreadable(path=str(path), reason=reason_for(error)) from error
    try:
        opened = files.read(path)
        found = toml.parse(opened.text)
        found["id"] = path.stem
        found.setdefault("name", path.stem)
        entry = msgspec.convert(found, Entry)
    except NotText as problem:
        raise EntryDamaged(path=str(path), reason=problem.params["reason"]) from problem
    except ValueError as problem:
        raise EntryDamaged(path=str(path), reason=_in_short(problem)) from problem
    known = set(Entry.__struct_fields__)
    unknown = {key: found[key] for key in found if key not in known}
    inner: dict[bytes, dict[str, Any]] = {}
    for table in _TABLES:
        for row, struct in zip(found.get(table, ()), getattr(entry, table), strict=True):
            more = {key: row[key] for key in row if key not in struct.__struct_fields__}
            if more:
                inner[_key(msgspec.to_builtins(struct))] = more
    return _Kept(entry, opened.digest, unknown, inner)


def _key(row: Mapping[str, Any]) -> bytes:
    return msgspec.json.encode(row, order="sorted")


def _in_short(problem: Exception) -> str:
    return str(problem).splitlines()[0][:200] if str(problem) else type(problem).__name__
