"""The authorship statement: who wrote what in each text of a project, by the record that this machine keeps.

It is gathered from the logs of closed documents (:mod:`~writer_app.story.history`) and said in JSON or Markdown. A
text without a log is of unknown origin, and is said to be so: nothing is guessed. Each text is named by its hash, and so
is its log, so that a change of either afterwards shows.
"""

import contextlib
import hashlib
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import msgspec

from writer_app.errors import WriterError
from writer_app.language import _, ngettext, number
from writer_app.story import files, records
from writer_app.story.changes import Change, Origin
from writer_app.story.history import History
from writer_app.story.ledger import Ledger
from writer_app.story.project import Project
from writer_app.story.records import Note, Replay
from writer_app.story.tree import Item

#: Of the statement as JSON; a later one means other keys.
FORMAT = 1


class Counts(msgspec.Struct, frozen=True):
    """Characters (code points) of a text by where they came from.

    Attributes:
        typed, pasted: By a person.
        imported: There when the log began, brought by another program, or restored after a crash.
        ai: Written by a model, as it was.
        ai_edited: Written by a model, in a stretch that a person changed since.
        unknown: In texts without a log.
    """

    typed: int = 0
    pasted: int = 0
    imported: int = 0
    ai: int = 0
    ai_edited: int = 0
    unknown: int = 0

    @property
    def total(self) -> int:
        """All characters."""
        return sum(msgspec.structs.astuple(self))

    def share(self, count: int) -> float:
        """``count`` of all, 0 to 1."""
        return round(count / self.total, 4) if self.total else 0.0

    def plus(self, other: "Counts") -> "Counts":
        """Both together."""
        pairs = zip(msgspec.structs.astuple(self), msgspec.structs.astuple(other), strict=True)
        return Counts(*(one + more for one, more in pairs))


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """What the record says of one text.

    Attributes:
        id, title, file: Of its item in the project.
        sha256: Of the text in UTF-8, without byte order mark and with LF newlines; empty where it cannot be read.
        log_sha256: Of the log; empty where there is none.
        counts: Its characters.
        models: The models that were asked for it.
        requests: How often.
        first_day, last_day: ISO days (UTC) between which the record knows of work on it; empty: of none.
        problem: Why it could not be read; empty where it could.
    """

    id: str
    title: str
    file: str
    sha256: str = ""
    log_sha256: str = ""
    counts: Counts = Counts()
    models: tuple[str, ...] = ()
    requests: int = 0
    first_day: str = ""
    last_day: str = ""
    problem: str = ""


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """All texts of a manuscript, in reading order.

    Attributes:
        title, author: Of the book.
        made: ISO day on which it was made (UTC).
        parts: A text each.
    """

    title: str
    author: str
    made: str
    parts: tuple[Part, ...] = ()

    @property
    def counts(self) -> Counts:
        """Of all parts together."""
        total = Counts()
        for part in self.parts:
            total = total.plus(part.counts)
        return total


class Logs(Protocol):
    """Where the logs of texts lie."""

    def take(self, path: Path, text: str, digest: str) -> Replay | None:
        """The log that leads to ``text``, which was read from ``path``; ``None`` where there is none."""


class WithOpen:
    """The logs of closed texts, and of those that are open: these are still being written, in the journal.

    Args:
        history: Of closed texts.
        journal: The folder of the journal, whose changes so far are on the disk.
    """

    def __init__(self, history: History, journal: Path) -> None:
        self._history = history
        self._open: dict[Path, Replay] = {}
        for path in sorted(journal.glob("*" + records.SUFFIX)):
            with contextlib.suppress(OSError):
                log = records.replay(path.read_bytes())
                if log and log.saved.path:
                    self._open[Path(log.saved.path)] = log

    def take(self, path: Path, text: str, digest: str) -> Replay | None:
        """See :class:`Logs`; what of an open text is not saved is in no log that leads to its file."""
        log = self._open.get(path)
        return log if log and log.text == text else self._history.take(path, text, digest)


def gather(
    project: Project,
    history: Logs,
    saved_at: Callable[[Path], Iterable[float]] = lambda _path: (),
    *,
    now: float,
) -> Statement:
    """The statement about the manuscript of ``project``, by the logs in ``history``.

    Args:
        project: Its texts are read from the disk: what is open and not saved is not in it.
        history: Where the logs lie: a :class:`~writer_app.story.history.History`, or :class:`WithOpen`.
        saved_at: When states of the file at a path were kept, in seconds since 1970, as snapshots tell.
        now: Seconds since 1970.
    """
    parts = tuple(_part(project, item, history, saved_at) for item in project.tree.manuscript)
    return Statement(
        title=project.facts.title or project.folder.name,
        author=project.facts.author,
        made=_day(now),
        parts=parts,
    )


def part_of(item: Item, text: str, log: Replay | None, saved_at: Iterable[float] = ()) -> Part:
    """What ``log`` says of a text that it leads to; all of it is unknown without one."""
    if log is None:
        return Part(
            id=item.id,
            title=item.title,
            file=item.file,
            sha256=_hash(text.encode()),
            counts=Counts(unknown=len(text)),
        )
    changes = (entry for entry in log.entries if isinstance(entry, Change))
    requests = {
        str(entry.data.get("id", place)): entry.data
        for place, entry in enumerate(log.entries)
        if isinstance(entry, Note) and entry.kind == "request" and entry.data
    }
    days = sorted(map(_day, (*saved_at, *_moments(requests.values()))))
    return Part(
        id=item.id,
        title=item.title,
        file=item.file,
        sha256=_hash(text.encode()),
        log_sha256=_hash(log.data),
        counts=_counts(Ledger.of(log.header, changes)),
        models=tuple(sorted({str(data.get("model") or "?") for data in requests.values()})),
        requests=len(requests),
        first_day=days[0] if days else "",
        last_day=days[-1] if days else "",
    )


def as_json(statement: Statement) -> dict[str, Any]:
    """The statement as it is written to a JSON file, with its shares and what it can and cannot prove."""
    said: dict[str, Any] = {"format": FORMAT} | msgspec.to_builtins(statement)
    said["parts"] = [
        msgspec.to_builtins(part) | {"known": _is_known(part), "shares": _shares(part.counts)}
        for part in statement.parts
    ]
    total = statement.counts
    said["totals"] = msgspec.to_builtins(total) | {"characters": total.total}
    said["shares"] = _shares(total)
    said["requests"] = sum(part.requests for part in statement.parts)
    said["models"] = sorted({model for part in statement.parts for model in part.models})
    said["proof"] = proof()
    return said


def as_markdown(statement: Statement) -> str:
    """The statement for people."""
    lines = ["# " + _("Authorship statement"), "", f"**{_plain(statement.title)}**"]
    if statement.author:
        lines += ["", _plain(statement.author)]
    lines += ["", _("Made on {day}.").format(day=statement.made), "", _overall(statement), ""]
    lines += _table(statement)
    lines += ["", "## " + _("The texts"), ""]
    for part in statement.parts:
        lines += [f"- **{_plain(part.title or part.file)}**: {_told(part)}"]
    lines += ["", "## " + _("What this proves"), "", proof(), ""]
    return "\n".join(lines)


def proof() -> str:
    """What the record can and cannot prove."""
    return _(
        "This statement is made from the record of every change that Longhand keeps on the writer’s own machine. With the "
        "text and the record at hand, anybody can compute the hashes given here and see whether either has been changed "
        "since. It does not prove who sat at the keyboard, nor that typed words were not copied from somewhere by hand, and "
        "whoever controls the machine could make another record. Texts without a record are of unknown origin."
    )


# -- inside ---------------------------------------------------------------------------------------


def _part(
    project: Project, item: Item, history: Logs, saved_at: Callable[[Path], Iterable[float]]
) -> Part:
    try:
        path = project.path(item.file)
        opened = files.read(path)
    except WriterError as error:
        return Part(id=item.id, title=item.title, file=item.file, problem=type(error).__name__)
    log = history.take(path, opened.text, opened.digest)
    return part_of(item, opened.text, log, saved_at(path) if log else ())


def _counts(ledger: Ledger) -> Counts:
    found = Counter[str]()
    for each in ledger.spans:
        length = each.end - each.start
        if each.origin is Origin.MODEL:
            found["ai_edited" if each.edited else "ai"] += length
        elif each.origin in (Origin.IMPORTED, Origin.RECOVERED):
            found["imported"] += length
        else:
            found[each.origin.value] += length
    return Counts(**found)


def _moments(requests: Iterable[dict[str, Any]]) -> Iterable[float]:
    return [data["at"] for data in requests if isinstance(data.get("at"), int | float)]


def _is_known(part: Part) -> bool:
    return bool(part.log_sha256)


def _shares(counts: Counts) -> dict[str, float]:
    return {name: counts.share(value) for name, value in msgspec.structs.asdict(counts).items()}


def _overall(statement: Statement) -> str:
    counts = statement.counts
    return _(
        "Of {total} characters, {typed} were typed, {pasted} pasted, {imported} imported or there before, {ai} written by a "
        "model, {edited} written by a model and then edited; {unknown} are of unknown origin."
    ).format(
        total=number(counts.total),
        typed=_percent(counts, counts.typed),
        pasted=_percent(counts, counts.pasted),
        imported=_percent(counts, counts.imported),
        ai=_percent(counts, counts.ai),
        edited=_percent(counts, counts.ai_edited),
        unknown=_percent(counts, counts.unknown),
    )


def _table(statement: Statement) -> list[str]:
    heads = (
        _("Text"), _("Characters"), _("Typed"), _("Pasted"), _("Imported"), _("AI"), _("AI, edited"), _("Unknown"),
    )  # fmt: skip
    rows = [("| " + " | ".join(heads) + " |"), "| --- |" + " ---: |" * (len(heads) - 1)]
    named = [(_plain(part.title or part.file), part.counts) for part in statement.parts]
    for name, counts in (*named, (_("All"), statement.counts)):
        values = (
            counts.typed,
            counts.pasted,
            counts.imported,
            counts.ai,
            counts.ai_edited,
            counts.unknown,
        )
        cells = (name, number(counts.total), *(_percent(counts, value) for value in values))
        rows.append("| " + " | ".join(cells) + " |")
    return rows


def _told(part: Part) -> str:
    if part.problem:
        return _("the file could not be read, so nothing is said of it.")
    hashes = _("SHA-256 of the text {digest}").format(digest=f"`{part.sha256}`")
    if not _is_known(part):
        return _("no record of how it was written; its origin is unknown. {hashes}.").format(
            hashes=hashes
        )
    said = [hashes + ", " + _("of the record {digest}.").format(digest=f"`{part.log_sha256}`")]
    if part.requests:
        asked = ngettext("{count} request to a model", "{count} requests to models", part.requests)
        models = ", ".join(map(_plain, part.models))
        said.append(f"{asked.format(count=part.requests)} ({models}).")
    if part.first_day:
        said.append(
            _("Worked on between {first} and {last}.").format(
                first=part.first_day, last=part.last_day
            )
        )
    return " ".join(said)


def _percent(counts: Counts, count: int) -> str:
    """A share that never says nought of something."""
    share = 100 * count / (counts.total or 1)
    return f"{share:.1f} %" if not 0 < share < 0.05 else "< 0.1 %"


def _plain(words: str) -> str:
    """``words`` on one line, without what Markdown would take for its own."""
    return "".join(f"\\{c}" if c in "\\`*_[]<>|#" else c for c in " ".join(words.split()))


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _day(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).date().isoformat()
