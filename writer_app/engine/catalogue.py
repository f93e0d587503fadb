"""Models that can be had: what they are good for, how they are built, and their files.

``resources/models.toml`` comes with the program; a ``models.toml`` in the settings folder adds to it, and an entry
there with a shipped id takes its place. One table ``[[model]]`` is one :class:`Entry`. A mistake costs the entry it is
in and one sentence with its line, never the others.
"""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from writer_app.engine.footprint import Count, Positive, Shape
from writer_app.errors import CatalogueMistake

FILE_NAME = "models.toml"
#: Bytes of a catalogue; what is larger was put there by mistake.
_LARGEST = 2_000_000
_HEADER = re.compile(r"\s*\[\[\s*model\s*\]\]")

Words = Annotated[str, msgspec.Meta(pattern=r"\S")]
Id = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9]+([._-][a-z0-9]+)*\Z", max_length=80)]
#: How well a model writes the prose of a language, among all in the catalogue: 1 poor, 5 best.
Strength = Annotated[int, msgspec.Meta(ge=1, le=5)]
_Sha256 = Annotated[str, msgspec.Meta(pattern=r"^([0-9a-f]{64})?\Z")]
_FileName = Annotated[str, msgspec.Meta(pattern=r"^[\w][\w.+ -]*(/[\w][\w.+ -]*)*\.gguf\Z")]
_Repository = Annotated[str, msgspec.Meta(pattern=r"^[\w.-]+/[\w.-]+\Z")]


class _Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A typing mistake in a file must not go unseen."""


class File(_Strict, frozen=True, kw_only=True):
    """One file of a model.

    Attributes:
        name: Its path in the repository.
        size: Bytes; 0 where that is not known.
        sha256: In hexadecimal; empty where it is not known.
    """

    name: _FileName
    size: Count = 0
    sha256: _Sha256 = ""


class Build(_Strict, frozen=True, kw_only=True):
    """A model in one quantisation, as a repository of the hub has it.

    Attributes:
        quantisation: As llama.cpp calls it, for example ``Q4_K_M``.
        files: In their order; a split model has several.
        revision: A commit of the repository; empty for the newest.
        approximate: The sizes are computed from parameters and bits, or rounded, and never to be compared.
    """

    quantisation: Words
    repository: _Repository
    files: Annotated[tuple[File, ...], msgspec.Meta(min_length=1)]
    revision: str = ""
    approximate: bool = False

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)


class Note(_Strict, frozen=True, kw_only=True):
    """A sentence in both languages."""

    en: Words
    zh: Words


class Entry(_Strict, frozen=True, kw_only=True):
    """A model.

    Attributes:
        id: What it is called on the command line.
        languages: What it writes, as ISO codes, and how well; our judgement, from what its makers say of its
            training, its size and its age.
        kind: Whether it follows instructions (and continues text too), or only continues text.
        licence: Its short name; ``terms`` where a person should read it, because it restricts use.
        asks: The hub wants an account that has accepted the terms.
        context: Tokens that it was trained with.
        infill: Knows tokens for filling in the middle.
        template: Of chats: whose form it has; empty where it has none.
        thinks: Its template lets it think aloud before it answers, unless told not to.
        builds: The first is what is taken unless the machine says otherwise; none of a model that only comes with
            the program.
        known_as: Other names that its files have.
    """

    id: Id
    name: Words
    languages: Annotated[dict[str, Strength], msgspec.Meta(min_length=1)]
    kind: Literal["instruct", "base"]
    licence: Words
    context: Positive
    shape: Shape
    builds: tuple[Build, ...] = ()
    known_as: tuple[Words, ...] = ()
    note: Note | None = None
    terms: str = ""
    asks: bool = False
    infill: bool = False
    template: str = ""
    thinks: bool = False

    def build(self, quantisation: str) -> Build | None:
        """The one of this name, whatever the case of its letters."""
        same = (b for b in self.builds if b.quantisation.lower() == quantisation.lower())
        return next(same, None)


def load(shipped: Path, own: Path | None = None) -> tuple[dict[str, Entry], list[CatalogueMistake]]:
    """All entries by id, in the order of the files, and what was wrong.

    Args:
        shipped: The file that came with the program.
        own: The user's; it may be missing.
    """
    entries: dict[str, Entry] = {}
    mistakes: list[CatalogueMistake] = []
    for path in (shipped, own):
        if path is None or (path is own and not path.exists()):
            continue
        try:
            for found in _read(path):
                if isinstance(found, Entry):
                    entries[found.id] = found
                else:
                    mistakes.append(found)
        except CatalogueMistake as mistake:
            mistakes.append(mistake)
    return entries, mistakes


def _read(path: Path) -> Iterator[Entry | CatalogueMistake]:
    """Entries and mistakes of one file.

    Raises:
        CatalogueMistake: It cannot be read at all.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise CatalogueMistake(path=str(path), line=1, reason=f"> {_LARGEST} bytes")
        source = path.read_text("utf-8-sig")
        tables = tomllib.loads(source)
    except (OSError, ValueError, RecursionError) as problem:
        found = re.search(r"line (\d+)", str(problem))
        line = int(found[1]) if found else 1
        raise CatalogueMistake(path=str(path), line=line, reason=str(problem)) from problem
    lines = source.splitlines()
    for key in tables.keys() - {"model"}:
        yield CatalogueMistake(path=str(path), line=_line_with(lines, key, 0) + 1, reason=key)
    models = tables.get("model", [])
    starts = [number for number, line in enumerate(lines) if _HEADER.match(line)]
    for number, table in enumerate(models if isinstance(models, list) else [models]):
        start = starts[number] if number < len(starts) else 0
        try:
            yield msgspec.convert(table, Entry)
        except msgspec.ValidationError as problem:
            line = _line_of(lines, start, str(problem))
            yield CatalogueMistake(path=str(path), line=line, reason=str(problem))


def _line_of(lines: list[str], start: int, said: str) -> int:
    """The line that a validation error speaks of, as near as its words tell; else that of the entry."""
    unknown = re.search(r"unknown field `(\w+)`", said)
    place = re.search(r"at `\$([^`]*)`", said)
    keys = re.findall(r"\.(\w+)", place[1]) if place else []
    line = start
    for key in [*keys, *([unknown[1]] if unknown else [])]:
        line = _line_with(lines, key, line)
    return line + 1


def _line_with(lines: list[str], key: str, start: int) -> int:
    """The first line from ``start`` on, before the next entry, that sets a key; else ``start``."""
    end = next((n for n in range(start + 1, len(lines)) if _HEADER.match(lines[n])), len(lines))
    wanted = re.compile(rf"(^|[\s{{,.\[]){re.escape(key)}\s*[=\].]")
    return next((n for n in range(start, end) if wanted.search(lines[n])), start)
