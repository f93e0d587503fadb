"""What each chapter tells, in a few sentences: one small file a chapter in the project's folder.

A summary remembers the text that it was made of by its hash, so it is known when the chapter has changed since. It is
still of use then, and says so.
"""

import hashlib
from collections.abc import Callable
from typing import Annotated

import msgspec
import tomli_w

from writer_app.errors import ProjectDamaged, SaveFailed, WriterError
from writer_app.reasons import reason_for
from writer_app.story import files
from writer_app.story.form import FileForm
from writer_app.story.project import Project, inside
from writer_app.story.tree import Item, Kind, Section, Tree
from writer_app.text import toml

#: Where summaries lie, in the project's folder.
FOLDER = "summaries"
_FORM = FileForm()


class Summary(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one chapter tells.

    Attributes:
        id: Of the chapter; the file's name without ``.toml``.
        text: A few sentences.
        made_from: :func:`fingerprint` of the chapter's text that it tells.
        model: What wrote it; empty where she did.
        muted: Whether the model is never told of it.
    """

    id: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9-]{1,40}\Z")]
    text: str
    made_from: str = ""
    model: str = ""
    muted: bool = False

    def is_stale(self, text: str) -> bool:
        """Whether the chapter's text is another one now."""
        return self.made_from != fingerprint(text)


def fingerprint(text: str) -> str:
    """By which a text is known again; white space at its ends does not count."""
    return hashlib.sha256(text.strip().encode("utf-8", "surrogatepass")).hexdigest()[:32]


def chapters(tree: Tree) -> tuple[Item, ...]:
    """What gets a summary, in reading order: chapters, and texts that lie in none."""
    found: list[Item] = []
    inside: frozenset[str] = frozenset()
    for item in tree:
        if item.section not in (Section.FRONT, Section.TEXT) or item.id in inside:
            continue
        if item.kind is Kind.VOLUME and not item.file:
            continue
        branch = tree.branch(item.id)
        if any(each.file for each in branch):
            found.append(item)
            inside |= {each.id for each in branch}
    return tuple(found)


def chapter_of(tree: Tree, item: str) -> Item | None:
    """The chapter that the item's text is in; ``None`` for what is not in the book."""
    return next(
        (each for each in chapters(tree) if any(i.id == item for i in tree.branch(each.id))), None
    )


def earlier(tree: Tree, item: str) -> tuple[Item, ...]:
    """The chapters before the one that the item is in, in order; all of them for what is not in the book."""
    own = chapter_of(tree, item)
    every = chapters(tree)
    return every[: every.index(own)] if own else every


def text_of(tree: Tree, chapter: str, read: Callable[[Item], str]) -> str:
    """All that stands in a chapter. Raises as ``read`` does."""
    texts = (read(each) for each in tree.branch(chapter) if each.file)
    return "\n\n".join(text.strip() for text in texts)


def load(project: Project) -> tuple[dict[str, Summary], list[WriterError]]:
    """The summaries there are, by chapter; a file that cannot be read is said and costs only itself."""
    found: dict[str, Summary] = {}
    problems: list[WriterError] = []
    for path in sorted((project.folder / FOLDER).glob("*.toml")):
        try:
            inside(project.folder, f"{FOLDER}/{path.name}")
            said = toml.parse(files.read(path).text) | {"id": path.stem}
            summary = msgspec.convert(said, Summary)
        except WriterError as problem:
            problems.append(problem)
        except ValueError as problem:
            problems.append(ProjectDamaged(path=str(path), reason=str(problem)))
        else:
            found[summary.id] = summary
    return found, problems


def save(project: Project, summary: Summary) -> None:
    """Write one summary, in the place of the one there was.

    Raises:
        OutsideProject: The folder leads out of the project by a link.
        SaveFailed, SaveUnsure: As :func:`writer_app.story.files.write`.
    """
    path = inside(project.folder, f"{FOLDER}/{summary.id}.toml")
    said = {key: value for key, value in msgspec.to_builtins(summary).items() if key != "id"}
    try:
        path.parent.mkdir(exist_ok=True)
        known = files.digest_of(path) if path.exists() else None
    except OSError as error:
        raise SaveFailed(path=str(path), reason=reason_for(error)) from error
    files.write(path, tomli_w.dumps(said, multiline_strings=True), _FORM, known)
