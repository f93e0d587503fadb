"""What a manuscript would become as a project: looked at before anything is written."""

from dataclasses import dataclass
from pathlib import Path

from writer_app.story import documents, files, importing
from writer_app.story.document import Document
from writer_app.story.form import FileForm
from writer_app.text.chaptering import Rank, cut
from writer_app.text.counts import characters_zh, words
from writer_app.text.script import language_of

_SAMPLE = 20_000


@dataclass(frozen=True)
class Manuscript:
    """A text that is to become a project.

    Attributes:
        title: What it is called.
        text: With LF newlines.
        form: How its parts are to be written down.
    """

    title: str
    text: str
    form: FileForm

    def make(self, folder: Path, *, scenes: bool) -> Path:
        """Make the project; returns its folder. Raises as :func:`importing.import_text`."""
        return importing.import_text(
            self.text, folder, title=self.title, form=self.form, scenes=scenes
        ).folder


@dataclass(frozen=True)
class Part:
    """A part that the manuscript would be cut into.

    Attributes:
        heading: As it is written; empty where it has none.
        rank: Volume, chapter, ...
        depth: 0 for what lies under nothing.
        length: Words, or 字 in Chinese.
    """

    heading: str
    rank: Rank
    depth: int
    length: int


@dataclass(frozen=True)
class Preview:
    """All parts, and whether their length is in 字."""

    parts: tuple[Part, ...]
    in_chinese: bool

    def count(self, rank: Rank) -> int:
        """How many parts of a kind there are."""
        return sum(part.rank is rank for part in self.parts)


def manuscript_of(document: Document, title: str) -> Manuscript:
    """The text that is open."""
    form = FileForm(newline=document.form.newline, stand_ins=document.form.stand_ins)
    return Manuscript(title, document.text, form)


def read_manuscript(source: Path) -> Manuscript:
    """Read a file: Markdown, plain text or a document of a word processor. Slow; raises a ``WriterError``."""
    if source.suffix.lower() in documents.SUFFIXES:
        return Manuscript(source.stem, documents.read(source), FileForm())
    opened = files.read(source)
    form = FileForm(newline=opened.form.newline, stand_ins=opened.form.stand_ins)
    return Manuscript(source.stem, opened.text, form)


def preview(manuscript: Manuscript, *, scenes: bool) -> Preview:
    """Cut it, and count the parts."""
    text = manuscript.text
    in_chinese = language_of(text[:_SAMPLE]) == "zh"
    count = characters_zh if in_chinese else words
    parts = (
        Part(each.heading, each.rank, each.depth, count(text[each.start : each.end]))
        for each in cut(text, scenes=scenes)
    )
    return Preview(tuple(parts), in_chinese)
