"""What a check of continuity found: two passages that cannot both be true, and which of them are meant so.

An alarm has a key made of what it says, not of where it stands, so that what the writer has called intended stays so
when scenes are moved and text before it is changed. The keys lie in ``continuity.toml`` in the project's folder.
"""

import hashlib
import re
from collections.abc import Collection, Mapping
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

import tomli_w

from writer_app.errors import N_, FileMissing, ProjectDamaged
from writer_app.language import _
from writer_app.story import files
from writer_app.story.form import FileForm
from writer_app.story.project import inside
from writer_app.text import toml

#: The file in the project's folder.
NAME = "continuity.toml"


class Kind(StrEnum):
    """What does not fit."""

    DEAD = "dead"
    TRAIT = "trait"
    AGE = "age"
    DATE = "date"
    KNOWS = "knows"
    OBJECT = "object"
    PLACE = "place"
    KIN = "kin"
    NAME = "name"


_SENTENCES = {
    Kind.DEAD: N_("{name} is dead (“{against}”) and yet acts: “{quote}”"),
    Kind.TRAIT: N_("{name} is described in two ways: “{against}” and “{quote}”"),
    Kind.AGE: N_("The age of {name} does not fit: “{against}” and “{quote}”"),
    Kind.DATE: N_("The date does not fit the calendar: “{quote}” ({against})"),
    Kind.KNOWS: N_("{name} cannot know this yet (“{against}”): “{quote}”"),
    Kind.OBJECT: N_("{name} is gone (“{against}”) and yet there: “{quote}”"),
    Kind.PLACE: N_("{name} is in two places: “{against}” and “{quote}”"),
    Kind.KIN: N_("{name} is related in two ways: “{against}” and “{quote}”"),
    Kind.NAME: N_("{name} may be misspelt here: “{quote}”"),
}


class Alarm(NamedTuple):
    """Two passages that cannot both be true.

    Attributes:
        kind: What does not fit.
        entry: Id of the bible's entry that it is about; empty for a date and for the narrator.
        scene: Id of the item in whose text ``quote`` stands.
        span: Where in it, in code points, half-open.
        quote: The words of the text.
        against_scene: Id of the item that says otherwise; empty for the bible and the calendar.
        against_span: Where in it; ``(0, 0)`` for the bible.
        against_quote: What it says.
        key: Stays the same while both quotes do.
        attribute: What of the entry it is about; may be empty.
    """

    kind: Kind
    entry: str
    scene: str
    span: tuple[int, int]
    quote: str
    against_scene: str
    against_span: tuple[int, int]
    against_quote: str
    key: str
    attribute: str = ""


def key_of(kind: Kind, entry: str, quote: str, against: str) -> str:
    """The key of an alarm: of what is said, whatever its spaces, marks and capitals."""
    said = "\n".join((kind, entry, _plain(quote), _plain(against)))
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def sentence(alarm: Alarm, names: Mapping[str, str]) -> str:
    """What people are told of it, with both passages.

    Args:
        alarm: What was found.
        names: The name of each entry, by id.
    """
    return _(_SENTENCES[alarm.kind]).format(
        name=names.get(alarm.entry, alarm.entry) or _("The narrator"),
        quote=_short(alarm.quote),
        against=_short(alarm.against_quote),
    )


def read_intended(folder: Path) -> frozenset[str]:
    """The keys that the writer of the project in ``folder`` has called intended.

    Raises:
        FileUnreadable, NotText: As :func:`writer_app.story.files.read`.
        ProjectDamaged: It is no such file.
        OutsideProject: It is a link that leads out of the project.
    """
    return frozenset(_read(folder)[0])


def write_intended(folder: Path, alarm: Alarm, *, intended: bool = True) -> None:
    """Remember that an alarm is intended, or is not any more.

    Raises:
        SaveFailed, SaveUnsure, ChangedOnDisk: As :func:`writer_app.story.files.write`.
        FileUnreadable, NotText, ProjectDamaged, OutsideProject: As :func:`read_intended`.
    """
    kept, digest = _read(folder)
    kept.pop(alarm.key, None)
    if intended:
        kept[alarm.key] = f"{alarm.kind}: {_short(alarm.quote)}"
    files.write(folder / NAME, tomli_w.dumps({"intended": kept}), FileForm(), digest)


def without(alarms: Collection[Alarm], intended: Collection[str]) -> list[Alarm]:
    """Those of ``alarms`` that are not intended."""
    return [alarm for alarm in alarms if alarm.key not in intended]


def _read(folder: Path) -> tuple[dict[str, str], str | None]:
    path = inside(folder, NAME)
    try:
        opened = files.read(path)
    except FileMissing:
        return {}, None
    try:
        kept = toml.parse(opened.text).get("intended", {})
    except ValueError as problem:
        raise ProjectDamaged(path=str(path), reason=str(problem)) from problem
    if not isinstance(kept, dict):
        raise ProjectDamaged(path=str(path), reason=N_("“intended” is no table"))
    return {str(key): str(note) for key, note in kept.items()}, opened.digest


def _plain(words: str) -> str:
    return " ".join(re.findall(r"\w+", words.casefold()))


def _short(words: str, most: int = 160) -> str:
    words = " ".join(words.split())
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"
