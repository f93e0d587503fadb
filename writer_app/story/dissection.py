"""What was found out about each chapter of a book: its function, conflict, hook, pace and length.

It is kept beside the book in a project, and in the user's own folder for a book of somebody else's, chapter by chapter,
so that a whole novel may be read in several sittings. It is notes about a text, never the text, and can be made again:
a file that cannot be used is as good as none.
"""

import hashlib
from pathlib import Path
from typing import NamedTuple

import msgspec

from writer_app.errors import SaveFailed, WriterError
from writer_app.reasons import reason_for
from writer_app.story import files
from writer_app.story.form import FileForm
from writer_app.text.counts import characters_zh, words
from writer_app.text.headings import headings
from writer_app.text.script import language_of

#: The file in a project's folder.
NAME = "dissection.json"
#: The folder in the user's own, for other books.
FOLDER = "dissections"


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One chapter.

    Attributes:
        digest: Hash of its text, by which it is known again.
        title: Its heading.
        length: Words; 字 in Chinese.
        summary, conflict: A sentence each.
        function, hook, pace: Ids, see :mod:`writer_app.craft.dissecting`.
    """

    digest: str
    title: str
    length: int
    summary: str = ""
    function: str = ""
    conflict: str = ""
    hook: str = ""
    pace: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left to be found out."""
        return all((self.summary, self.function, self.conflict, self.hook, self.pace))


class Chapter(NamedTuple):
    """A chapter to be read."""

    title: str
    text: str

    @property
    def finding(self) -> Finding:
        """What is known of it without asking anybody."""
        digest = hashlib.sha256(f"{self.title}\n{self.text}".encode()).hexdigest()
        count = characters_zh if language_of(self.text[:2_000]) == "zh" else words
        return Finding(digest=digest, title=self.title, length=count(self.text))


def chapters_of(text: str) -> tuple[Chapter, ...]:
    """The chapters of a text by its headings: of the level that most of its text lies directly under.

    A text without headings is one chapter.
    """
    found = headings(text)
    if not found:
        return (Chapter("", text.strip()),) if text.strip() else ()
    ends = [*(each.offset for each in found[1:]), len(text)]
    weight: dict[int, int] = {}
    for heading, end in zip(found, ends, strict=True):
        weight[heading.level] = weight.get(heading.level, 0) + end - heading.offset
    level = max(weight, key=lambda each: (weight[each], each))
    starts = [each for each in found if each.level <= level]
    stops = [*(each.offset for each in starts[1:]), len(text)]
    made = (
        Chapter(each.title, text[each.offset : stop].partition("\n")[2].strip())
        for each, stop in zip(starts, stops, strict=True)
    )
    return tuple(each for each in made if each.text)


def text_of(path: Path) -> str:
    """A book's text, for reading only. Raises as :func:`writer_app.story.files.read`."""
    return files.read(path).text


def place_of(book: Path, data: Path) -> Path:
    """Where what is found out about a book that belongs to no project is kept."""
    return data / FOLDER / f"{hashlib.sha256(str(book.resolve()).encode()).hexdigest()[:24]}.json"


def read(path: Path) -> dict[str, Finding]:
    """What was found out, by the hashes of the chapters; nothing where the file cannot be used."""
    try:
        rows = msgspec.json.decode(files.read(path).text, type=tuple[Finding, ...])
    except (WriterError, msgspec.MsgspecError, RecursionError):
        return {}
    return {each.digest: each for each in rows}


def write(path: Path, findings: tuple[Finding, ...]) -> None:
    """Keep what was found out, in the order of the book, in the place of what was there.

    Raises:
        SaveFailed, SaveUnsure: As :func:`writer_app.story.files.write`.
    """
    rows = ",\n".join(msgspec.json.encode(each).decode() for each in findings)
    write_text(path, f"[\n{rows}\n]\n")


def write_text(path: Path, text: str) -> None:
    """Write a file of ours whole, whatever stood there, making its folder. Raises as :func:`write`."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SaveFailed(path=str(path.parent), reason=reason_for(error)) from error
    files.write(path, text, FileForm(), files.digest_of(path) if path.exists() else None)
