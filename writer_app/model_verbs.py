"""The verb ``models``: what is installed and what can be had, how it would run here, and getting and removing it."""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

from writer_app import assets, language
from writer_app.engine import (
    catalogue,
    elsewhere,
    importing,
    inspection,
    listing,
    measuring,
    models,
)
from writer_app.engine.catalogue import Build
from writer_app.engine.download_protocol import AnyEvent, Order, Piece, Progress, Told
from writer_app.engine.downloads import Downloads, usual_source
from writer_app.engine.fit import Room, Verdict, of_file
from writer_app.engine.listing import Row
from writer_app.engine.models import Model
from writer_app.engine.processor import Tried
from writer_app.errors import (
    FileUnreadable,
    ModelTooLarge,
    NoModelInstalled,
    NoModelsThere,
    UnknownModel,
    from_code,
)
from writer_app.language import _
from writer_app.reasons import reason_for
from writer_app.text.hidden import spelt
from writer_app.verbs import engine, put, warn

#: Size of a model that is small enough to measure a machine with, in bytes.
_SMALL = 300_000_000


class Shelf:
    """Everything that is known of models on this machine.

    Args:
        places: The user's folders.
    """

    def __init__(self, places: assets.Places) -> None:
        self.places = places
        self.entries, mistakes = catalogue.load(
            assets.resources() / catalogue.FILE_NAME, places.config / catalogue.FILE_NAME
        )
        for mistake in mistakes:
            warn(mistake)
        self.known = inspection.Known(places.heads)
        self.speeds = measuring.Speeds(places.speeds)
        self.avoid = Tried(places.machine).found.died
        memory = psutil.virtual_memory()
        self.room = Room(memory.total, memory.available)

    def installed(self) -> list[Model]:
        """The model files that are here."""
        return models.installed(self.places.models, self.places.cache)

    def rows(self) -> list[Row]:
        """All models."""
        return listing.rows(self.installed(), self.entries, self.known, self.speeds, self.room)

    def row(self, name: str) -> Row:
        """One of them, by its id, its name or its file.

        Raises:
            UnknownModel: None is called that.
        """
        rows = self.rows()
        for says in (lambda row: row.id, lambda row: row.name, _file_of):
            for row in rows:
                if name and name.lower() == says(row).lower():
                    return row
        raise UnknownModel(model=name)

    def learn(self) -> None:
        """Look into what is installed, and measure the machine if that was not done yet."""
        found = self.installed()
        small = [each for each in found if each.size <= _SMALL]
        starter = next((each for each in small if each.bundled), next(iter(small), None))
        if starter is None and not found:
            raise NoModelInstalled
        whole = [each for each in found if each is starter or not each.parts]
        if starter:
            models.prepare(starter)
        for problem in self.known.learn([each.path for each in whole], self.avoid).values():
            warn(problem)
        if self.speeds.measured is None and starter:
            self._measure(starter.path)

    def _measure(self, starter: Path) -> None:
        facts = self.known.get(starter)
        if facts is None:
            return
        client = engine(self.places)
        try:
            self.speeds.learn(measuring.measure(client, str(starter), facts))
        finally:
            client.close()


def _file_of(row: Row) -> str:
    return str(row.model.path) if row.model else ""


def run(options: argparse.Namespace) -> int:
    """What ``writer-app models`` is asked for; without a word more, the list."""
    shelf = Shelf(assets.Places.standard())
    return _ACTS[options.act or "list"](shelf, options)


def _list(shelf: Shelf, options: argparse.Namespace) -> int:
    rows = shelf.rows()
    if options.json:
        put(json.dumps({"models": [_as_object(row) for row in rows]}, ensure_ascii=False))
        return 0
    here = [row for row in rows if row.model]
    there = [row for row in rows if not row.model]
    for row in here:
        put(_line(row))
    if not here:
        folder = spelt(str(shelf.places.models))
        put(_("No model is installed. Put GGUF files into {folder}.").format(folder=folder))
    else:
        put(_("Your own lie in {folder}.").format(folder=spelt(str(shelf.places.models))))
    put("\n" + _("To be had with “writer-app models get ID”:"))
    for row in there:
        put(_line(row))
    return 0


def _fit(shelf: Shelf, options: argparse.Namespace) -> int:
    shelf.learn()
    return _list(shelf, options)


def _get(shelf: Shelf, options: argparse.Namespace) -> int:
    name, _colon, quantisation = options.model.partition(":")
    entry = shelf.entries.get(name.lower())
    if entry is None or not entry.builds:
        raise UnknownModel(model=options.model)
    build = entry.build(quantisation) if quantisation else None
    if quantisation and build is None:
        raise UnknownModel(model=options.model)
    row = next((row for row in shelf.rows() if row.entry is entry), None)
    build = build or (row.build if row else None) or entry.builds[0]
    path = fetch(build, shelf.places)
    return _tell([(row.id if row else entry.id, path)], options)


def fetch(build: Build, places: assets.Places) -> Path:
    """Fetch a model into the models folder, or go on with what is there of it; returns its file.

    Raises:
        DownloadError: Why it is not there.
    """
    order = Order(
        usual_source(),
        # A size that is only about right must not be held against what the hub says.
        tuple(Piece(f.name, 0 if build.approximate else f.size, f.sha256) for f in build.files),
        build.repository,
        build.revision,
    )
    downloads = Downloads(places.models)
    try:
        fetched = downloads.fetch(order, _progress)
    finally:
        downloads.close()
    if fetched is None:
        raise KeyboardInterrupt  # nobody else ends it
    return Path(fetched.path)


def _progress(event: AnyEvent) -> None:
    """How far it is, for somebody who watches; what goes wrong meanwhile, for all."""
    if isinstance(event, Told):
        warn(from_code(event.code, event.params))
    elif isinstance(event, Progress) and event.total and sys.stderr.isatty():
        rate = f"{event.rate / 1e6:,.1f} MB/s" if event.rate else ""
        done = f"{event.done / 1e6:,.0f} / {event.total / 1e6:,.0f} MB"
        end = "\n" if event.done == event.total else ""
        sys.stderr.write(f"\r{done}  {rate}  {end}")


def _import(shelf: Shelf, options: argparse.Namespace) -> int:
    places = [Path(options.path)] if options.path else elsewhere.places()
    found = [each for place in places for each in _look(place, named=bool(options.path))]
    if not found:
        raise NoModelsThere(path=", ".join(map(str, places)))
    failed = shelf.known.learn([each.path for each in found], shelf.avoid)
    brought = []
    for each in found:
        facts = shelf.known.get(each.path)
        if facts is None:
            continue
        if of_file(facts, shelf.room, None, None).verdict is Verdict.TOO_LARGE:
            warn(ModelTooLarge(model=each.name))
        own = importing.bring_in(each.path, each.name, shelf.places.models)
        brought.append(own)
    problems = list(failed.values())
    for problem in problems if brought else problems[1:]:
        warn(problem)
    if not brought:
        raise problems[0]
    names = {_file_of(row): row.id for row in shelf.rows()}
    return _tell([(names.get(str(own), own.stem), own) for own in brought], options)


def _look(place: Path, *, named: bool) -> list[elsewhere.Found]:
    try:
        return elsewhere.look(place)
    except OSError as problem:
        if named and place.exists():
            raise FileUnreadable(path=str(place), reason=reason_for(problem)) from problem
        return []


def _remove(shelf: Shelf, options: argparse.Namespace) -> int:
    row = shelf.row(options.model)
    if row.model is None:
        raise UnknownModel(model=options.model)
    importing.remove(row.model, shelf.places.models)
    return _tell([(row.id, row.model.own or row.model.path)], options)


def _tell(done: list[tuple[str, Path]], options: argparse.Namespace) -> int:
    """Say which models it was; the first of several stands for them."""
    pairs = [{"id": name, "path": str(path)} for name, path in done]
    if options.json:
        more = {"models": pairs} if len(pairs) > 1 else {}
        put(json.dumps({**pairs[0], **more}, ensure_ascii=False))
        return 0
    for pair in pairs:
        put("\t".join(map(spelt, pair.values())))
    return 0


def _as_object(row: Row) -> dict[str, Any]:
    pace = row.fit.pace
    return {
        "id": row.id,
        "name": row.name,
        "languages": list(row.languages),
        "size_bytes": row.size,
        "installed": row.model is not None,
        "fits": row.fit.fits,
        "verdict": row.fit.verdict.value,
        "predicted": {
            "read_tps": round(pace.read_tps, 2) if pace else None,
            "write_tps": round(pace.write_tps, 2) if pace else None,
        },
        "measured": row.fit.is_measured,
        "best_for": list(row.best_for),
        "quantisation": row.quantisation,
        "context": row.fit.context,
        "gpu_layers": row.fit.layers,
        "memory_bytes": row.fit.needed,
        "licence": row.entry.licence if row.entry else (row.facts.licence if row.facts else ""),
        "bundled": bool(row.model and row.model.bundled),
        "path": str(row.model.path) if row.model else None,
    }


def _line(row: Row) -> str:
    known = ", ".join(_(language.TEXT_LANGUAGES.get(code, code)) for code in row.languages)
    size = f"{row.size / 1e6:,.0f} MB" if row.size else ""
    verdict = _(row.fit.verdict.value)
    if row.fit.pace:
        verdict += _(" ({read} tokens/s read, {write} written)").format(
            read=language.number(round(row.fit.pace.read_tps)),
            write=f"{row.fit.pace.write_tps:.1f}",
        )
    parts = [row.id, row.name, size, known, verdict]
    if row.best_for:
        best = ", ".join(_(language.TEXT_LANGUAGES.get(code, code)) for code in row.best_for)
        parts.append(_("best for {languages}").format(languages=best))
    if row.model:
        parts.append(str(row.model.path))
    return "\t".join(map(spelt, parts))


_ACTS: dict[str, Callable[[Shelf, argparse.Namespace], int]] = {
    "list": _list,
    "fit": _fit,
    "get": _get,
    "import": _import,
    "remove": _remove,
}
VERBS: dict[str, Callable[[argparse.Namespace], int]] = {"models": run}
