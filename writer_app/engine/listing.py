"""The models there are: those installed, and those of the catalogue, each with how it would run here.

Nothing is looked into and nothing measured: what is not known yet is left open.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from writer_app.engine import fit, speed
from writer_app.engine.catalogue import Build, Entry
from writer_app.engine.facts import QUANTISATIONS, Facts
from writer_app.engine.fit import Fit, Room, Verdict
from writer_app.engine.inspection import Known
from writer_app.engine.measuring import Speeds
from writer_app.engine.models import Model

#: A model of which nothing but its size is known takes so many times its file.
_MORE = 1.2
_NAMED = re.compile(
    rf"(?<![A-Z0-9])({'|'.join(sorted(QUANTISATIONS.values(), key=len, reverse=True))})(?![A-Z0-9_])",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Row:
    """A model as it is listed.

    Attributes:
        id: Unique among all rows; with ``:QUANTISATION`` where a model is installed more than once.
        size: Bytes of its files; 0 where that is not known.
        languages: That it writes well enough to be declared for.
        fit: How it would run.
        quantisation: Empty where that is not known.
        entry: In the catalogue, if it is one of these.
        build: What would be fetched; ``None`` for what is installed, and for what nobody offers.
        model: The installed file.
        facts: What is known of that.
        best_for: Languages for which it is the best one that is fast here.
    """

    id: str
    name: str
    size: int
    languages: tuple[str, ...]
    fit: Fit
    quantisation: str = ""
    entry: Entry | None = None
    build: Build | None = None
    model: Model | None = None
    facts: Facts | None = None
    best_for: tuple[str, ...] = ()


def rows(
    installed: Iterable[Model],
    entries: Mapping[str, Entry],
    known: Known,
    speeds: Speeds,
    room: Room,
) -> list[Row]:
    """Installed models first, then those that can be fetched, in the order of the catalogue."""
    here = _distinct([_here(each, entries, known, speeds, room) for each in installed])
    have = {row.entry.id for row in here if row.entry}
    measured = speeds.measured
    there = [
        _there(entry, *chosen)
        for entry in entries.values()
        if entry.id not in have and (chosen := fit.choose(entry, room, measured))
    ]
    return _with_best([*here, *there])


def match(model: Model, entries: Mapping[str, Entry]) -> tuple[Entry, str] | None:
    """The entry that a file belongs to by its name, and its quantisation."""
    names = {Path(each).name.lower() for each in (model.path, model.own or model.path)}
    for entry in entries.values():
        for build in entry.builds:
            if Path(build.files[0].name).name.lower() in names:
                return entry, build.quantisation
        if any(name.lower() in names for name in entry.known_as):
            return entry, quantisation_in(model.path.name)
    return None


def quantisation_in(name: str) -> str:
    """The quantisation that a file's name speaks of; empty where it does not."""
    found = _NAMED.findall(name)
    return found[-1].upper() if found else ""


def slug(name: str) -> str:
    """A name for the command line: letters of any script, digits, and hyphens."""
    return re.sub(r"[^\w.]+", "-", name.lower()).strip("-.") or "model"


def _here(
    model: Model, entries: Mapping[str, Entry], known: Known, speeds: Speeds, room: Room
) -> Row:
    entry, quantisation = match(model, entries) or (None, quantisation_in(model.path.name))
    facts = known.get(model.path)
    measured, seen = speeds.measured, speeds.seen(model.path)
    if facts:
        found = fit.of_file(facts, room, measured, seen)
    elif entry:
        work = speed.work_of(entry.shape, quantisation)
        found = fit.fit(
            entry.shape,
            work,
            size=model.size,
            trained=entry.context,
            room=room,
            measured=measured,
            seen=seen,
        )
    else:
        found = _by_size(model.size, room)
    declared = facts.languages if facts else ()
    return Row(
        id=entry.id if entry else slug(model.name),
        name=model.name if model.bundled or not entry else entry.name,
        size=model.size,
        languages=model.languages or (tuple(entry.languages) if entry else declared),
        fit=found,
        quantisation=(facts.quantisation if facts else "") or quantisation,
        entry=entry,
        model=model,
        facts=facts,
    )


def _there(entry: Entry, build: Build, found: Fit) -> Row:
    return Row(
        id=entry.id,
        name=entry.name,
        size=build.size,
        languages=tuple(entry.languages),
        fit=found,
        quantisation=build.quantisation,
        entry=entry,
        build=build,
    )


def _by_size(size: int, room: Room) -> Fit:
    needed = int(size * _MORE)
    verdict = Verdict.FITS if needed <= room.usable else Verdict.TOO_LARGE
    return Fit(verdict, None, fit.CONTEXTS[-1], 0, needed)


def _distinct(found: list[Row]) -> list[Row]:
    """Names of their own for models that are there twice."""
    count = Counter(row.id for row in found)
    taken: set[str] = set()
    distinct = []
    for row in found:
        name = row.id
        if count[row.id] > 1 and row.id in taken:
            name = f"{row.id}:{row.quantisation.lower()}" if row.quantisation else row.id
        number = 2
        base = name
        while name in taken:
            name, number = f"{base}-{number}", number + 1
        taken.add(name)
        distinct.append(replace(row, id=name))
    return distinct


def _with_best(found: list[Row]) -> list[Row]:
    """Marked with the languages that each is best for."""
    known = [(row.entry, row.fit) for row in found if row.entry]
    best = {
        language: fit.best(known, language)
        for language in sorted({c for e, _ in known for c in e.languages})
    }
    return [
        replace(
            row,
            best_for=tuple(code for code, entry in best.items() if entry and entry is row.entry),
        )
        for row in found
    ]
