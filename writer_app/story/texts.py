"""The texts of a project in memory: read once, and again when a file has changed, with their counts."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from writer_app.errors import FileMissing, WriterError
from writer_app.story import atomic, files
from writer_app.story.project import Project
from writer_app.story.tree import Item
from writer_app.text import counts

#: Full-width forms, and a sigma that ends a word, as what they are taken for.
_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0x3C2: 0x3C3}


class Text:
    """A text with its counts, which are made when they are asked for."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def words(self) -> int:
        """Words, as :func:`writer_app.text.counts.words`."""
        return counts.words(self.text)

    @cached_property
    def characters_zh(self) -> int:
        """字数, as :func:`writer_app.text.counts.characters_zh`."""
        return counts.characters_zh(self.text)

    @cached_property
    def narrow(self) -> str:
        """With narrow letters for full-width ones; as long as the text."""
        return narrowed(self.text)

    @cached_property
    def folded(self) -> str:
        """Narrow and in lower case; as long as the text."""
        return folded(self.narrow)


def narrowed(text: str) -> str:
    """With narrow letters for full-width ones."""
    return text if text.isascii() else text.translate(_NARROW)


def folded(narrow: str) -> str:
    """In lower case, character by character."""
    lower = narrow.lower()
    if len(lower) != len(narrow):  # a few capitals become two characters
        lower = "".join(low if len(low := each.lower()) == 1 else each for each in narrow)
    return lower.replace("ς", "σ")


class Total(NamedTuple):
    """How long texts are together."""

    words: int
    characters_zh: int


class _Kept(NamedTuple):
    """A text, and the state of its file when it was read: time, size and inode."""

    path: Path
    state: tuple[int, int, int]
    text: Text


class Texts:
    """The texts of a project.

    Args:
        project: Its tree is looked at anew each time.

    Attributes:
        project: As it was given.
        problems: Files that could not be read when they were asked for last, each with its sentence.
    """

    def __init__(self, project: Project) -> None:
        self.project = project
        self._kept: dict[str, _Kept] = {}
        self._open: dict[str, Text] = {}
        self.problems: dict[str, WriterError] = {}

    def of(self, file: str) -> Text:
        """A text by the name of its file; what stands for it, if it is open.

        Raises:
            FileMissing, FileUnreadable, NotText, OutsideProject: It cannot be read.
        """
        if file in self._open:
            return self._open[file]
        kept = self._kept.get(file)
        # Looked at anew only where the file is another one: following links takes longer than all the rest.
        path = kept.path if kept else self.project.path(file)
        try:
            found = atomic.state(path)
        except OSError:
            found = None
        if found is None:
            self._kept.pop(file, None)
            files.digest_of(path)  # says why
            raise FileMissing(path=str(path))
        state = (found.modified_ns, found.size, found.inode)
        if kept is None or kept.state != state:
            path = self.project.path(file)
            kept = self._kept[file] = _Kept(path, state, Text(files.read(path).text))
        return kept.text

    def stand_in(self, file: str, text: str | None) -> None:
        """Let a text on the page stand for its file, until ``None`` says that it does no more."""
        if text is None:
            self._open.pop(file, None)
        else:
            self._open[file] = Text(text)

    def total(self, items: Iterable[Item]) -> Total:
        """The counts of the items' own texts; what cannot be read counts nothing, see ``problems``."""
        found = [each for _file, each in self.all(item.file for item in items)]
        return Total(sum(each.words for each in found), sum(each.characters_zh for each in found))

    def all(self, names: Iterable[str]) -> Iterator[tuple[str, Text]]:
        """Texts with the names of their files; what cannot be read is left out, see ``problems``."""
        for file in names:
            if not file:
                continue
            try:
                yield file, self.of(file)
                self.problems.pop(file, None)
            except WriterError as problem:
                self.problems[file] = problem
