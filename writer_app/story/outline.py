"""The outline of a book: premise, logline, synopsis, and a tree of what happens.

An outline is a value. Every edit makes another one, so taking it back is keeping the old one. In a project it is one
file, ``outline.toml``, readable without us; what was accepted from it became items of the project, which live on their
own from then on.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated

import msgspec
import tomli_w

from writer_app.errors import N_, OutlineDamaged
from writer_app.story import files
from writer_app.story.form import FileForm
from writer_app.story.project import inside
from writer_app.story.tree import Beat, Item, Kind, Section, Tree
from writer_app.text import toml

#: The file in the project's folder.
NAME = "outline.toml"
#: The way in which this version writes it; a higher one was written by a later program.
FORMAT = 1
#: Levels that an outline may have, and nodes.
DEEPEST = 8
_MOST_NODES = 20_000
_KINDS = {"volume": Kind.VOLUME, "chapter": Kind.CHAPTER, "scene": Kind.SCENE}


class Node(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that happens in the book.

    Attributes:
        id: Names it for its whole life.
        title: A few words.
        summary: What happens, in a sentence or two; empty where that is yet to be written.
        slot: Number of the method's slot that it stands in, from 1; 0 for none.
        becomes: What it is in a project: ``volume``, ``chapter``, ``scene`` or ``beat``.
        locked: Whether the model leaves it and its title alone.
        accepted: Whether it has become part of the project.
        item: Id of the item that it became; empty for none.
        children: What it consists of.
    """

    id: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9-]{1,40}\Z")]
    title: str = ""
    summary: str = ""
    slot: Annotated[int, msgspec.Meta(ge=0)] = 0
    becomes: Annotated[str, msgspec.Meta(pattern=r"^(volume|chapter|scene|beat)\Z")] = "chapter"
    locked: bool = False
    accepted: bool = False
    item: str = ""
    children: tuple["Node", ...] = ()

    def walk(self) -> Iterator["Node"]:
        """The node and all under it, in reading order."""
        yield self
        for child in self.children:
            yield from child.walk()


class Outline(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All of it. Methods that take an id raise ``KeyError`` where there is none such.

    Attributes:
        format: :data:`FORMAT`.
        method: Id of the method that it follows; empty for none.
        premise: The idea, in her words.
        logline: The book in one sentence.
        synopsis: The book in a few sentences.
        nodes: The tree.
    """

    format: int = FORMAT
    method: str = ""
    premise: str = ""
    logline: str = ""
    synopsis: str = ""
    nodes: tuple[Node, ...] = ()

    def walk(self) -> Iterator[Node]:
        """All nodes in reading order."""
        for node in self.nodes:
            yield from node.walk()

    def __getitem__(self, node: str) -> Node:
        return self.path(node)[-1]

    def __contains__(self, node: str) -> bool:
        return self.get(node) is not None

    def get(self, node: str) -> Node | None:
        """The node with this id, if there is one."""
        return next((each for each in self.walk() if each.id == node), None)

    def path(self, node: str) -> tuple[Node, ...]:
        """The nodes that one lies under, from the outside in, and the node itself."""
        found = _path(self.nodes, node)
        if not found:
            raise KeyError(node)
        return found

    def siblings(self, node: str) -> tuple[Node, ...]:
        """What has the same parent, itself included."""
        path = self.path(node)
        return path[-2].children if len(path) > 1 else self.nodes

    def children(self, node: str) -> tuple[Node, ...]:
        """What lies directly under a node; under none, for an empty id."""
        return self[node].children if node else self.nodes

    def depth(self) -> int:
        """How many levels there are."""
        return max((len(self.path(each.id)) for each in self.walk()), default=0)

    # -- edits ----------------------------------------------------------------------------------

    def with_words(self, **fields: str) -> "Outline":
        """With another premise, logline, synopsis or method."""
        return msgspec.structs.replace(self, **fields)

    def with_nodes(self, nodes: tuple[Node, ...]) -> "Outline":
        """With another tree."""
        return msgspec.structs.replace(self, nodes=nodes)

    def replace(self, node: str, **fields: object) -> "Outline":
        """With other values of one node."""
        self.path(node)
        return self._each(
            lambda each: (msgspec.structs.replace(each, **fields) if each.id == node else each,)
        )

    def drop(self, node: str) -> "Outline":
        """Without a node and what is under it."""
        self.path(node)
        return self._each(lambda each: () if each.id == node else (each,))

    def insert(self, under: str, at: int, *new: Node) -> "Outline":
        """With nodes before the child number ``at`` of ``under`` (of the tree, where empty)."""
        row = self.children(under)
        row = (*row[:at], *new, *row[at:])
        if not under:
            return self.with_nodes(row)
        return self.replace(under, children=row)

    def shift(self, node: str, by: int) -> "Outline":
        """With a node so many places further among its siblings, as far as there are places."""
        row = list(self.siblings(node))
        at = next(place for place, each in enumerate(row) if each.id == node)
        moved = row.pop(at)
        row.insert(max(0, min(len(row), at + by)), moved)
        path = self.path(node)
        if len(path) == 1:
            return self.with_nodes(tuple(row))
        return self.replace(path[-2].id, children=tuple(row))

    def new_ids(self, count: int) -> tuple[str, ...]:
        """Ids that no node has; none that one had before the last edit comes again while that node is there."""
        numbers = [int(each.id[1:]) for each in self.walk() if each.id[1:].isdecimal()]
        first = max(numbers, default=0) + 1
        return tuple(f"n{number}" for number in range(first, first + count))

    def _each(self, change: Callable[[Node], tuple[Node, ...]]) -> "Outline":
        def row(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
            made: list[Node] = []
            for node in nodes:
                for each in change(node):
                    under = row(each.children)
                    same = under == each.children
                    made.append(each if same else msgspec.structs.replace(each, children=under))
            return tuple(made)

        return self.with_nodes(row(self.nodes))


def accept(outline: Outline, tree: Tree, node: str) -> tuple[Outline, Tree]:
    """With a node, and all that is under it, as items of a project; what became one before is told anew.

    Volumes, chapters and scenes become items with title and synopsis and no file yet; what is below them, down to the
    next of those, becomes their beats. What a node lies under becomes an item with it, without its other children.

    Returns:
        The outline, which knows what became of its nodes, and the tree.
    """
    for each in outline.path(node)[:-1]:
        outline, tree = _accept_one(outline, tree, each.id)
    for each in outline[node].walk():
        outline, tree = _accept_one(outline, tree, each.id)
    return outline, tree


def read(folder: Path) -> tuple[Outline, str | None]:
    """The outline of the project in ``folder``, and the hash of its file; an empty one where there is none.

    Raises:
        FileUnreadable, NotText: It cannot be read.
        OutlineDamaged: It says what no outline can.
        OutsideProject: It is a link that leads out of the project.
    """
    path = inside(folder, NAME)
    if not path.exists():
        return Outline(), None
    opened = files.read(path)
    return parse(opened.text, path), opened.digest


def write(folder: Path, outline: Outline, digest: str | None) -> str:
    """Write the outline of a project; returns the file's hash.

    Args:
        folder: The project's.
        outline: What to write.
        digest: Of the file as it was read; ``None`` where there was none.

    Raises:
        ChangedOnDisk: Another program has written it since.
        SaveFailed, SaveUnsure: As :func:`writer_app.story.files.write`.
        OutsideProject: As :func:`read`.
    """
    return files.write(inside(folder, NAME), as_toml(outline), FileForm(), digest)


def as_toml(outline: Outline) -> str:
    """The outline as a file."""
    return tomli_w.dumps({"format": FORMAT} | msgspec.to_builtins(outline), multiline_strings=False)


def parse(source: str, path: Path) -> Outline:
    """What a file says; for errors, where it lies. Raises :class:`OutlineDamaged`."""
    try:
        outline = msgspec.convert(toml.parse(source), Outline)
    except ValueError as problem:
        raise OutlineDamaged(path=str(path), reason=str(problem)) from problem
    if outline.format > FORMAT:
        raise OutlineDamaged(path=str(path), reason=N_("a later version of the program wrote it"))
    if _levels(outline.nodes) > DEEPEST:
        raise OutlineDamaged(path=str(path), reason=f"more than {DEEPEST} levels")
    ids = [each.id for each in outline.walk()]
    if len(ids) > _MOST_NODES:
        raise OutlineDamaged(path=str(path), reason=f"more than {_MOST_NODES} nodes")
    if len(set(ids)) < len(ids):
        twice = next(each for at, each in enumerate(ids) if each in ids[:at])
        raise OutlineDamaged(path=str(path), reason=f"id {twice!r} twice")
    return outline


# -- inside ---------------------------------------------------------------------------------------


def _path(nodes: tuple[Node, ...], wanted: str) -> tuple[Node, ...]:
    for node in nodes:
        if node.id == wanted:
            return (node,)
        if under := _path(node.children, wanted):
            return (node, *under)
    return ()


def _levels(nodes: tuple[Node, ...]) -> int:
    return 1 + max((_levels(each.children) for each in nodes), default=0) if nodes else 0


def _accept_one(outline: Outline, tree: Tree, node: str) -> tuple[Outline, Tree]:
    path = outline.path(node)
    own = path[-1]
    kind = _KINDS.get(own.becomes)
    if kind is None:
        return _beats_of(outline, tree, path)
    if own.item and own.item in tree:
        tree = tree.replace(own.item, title=own.title, synopsis=own.summary)
        return outline.replace(node, accepted=True), tree
    item = _unused(tree, own.id)
    above = next((each.item for each in reversed(path[:-1]) if each.item in tree), "")
    row = outline.siblings(node)
    behind = row[next(at for at, each in enumerate(row) if each.id == node) + 1 :]
    before = next((each.item for each in behind if _is_child(tree, each.item, above)), "")
    made = Item(id=item, kind=kind, title=own.title, synopsis=own.summary)
    tree = tree.insert(made, Section.TEXT, under=above, before=before)
    return outline.replace(node, accepted=True, item=item), tree


def _beats_of(outline: Outline, tree: Tree, path: tuple[Node, ...]) -> tuple[Outline, Tree]:
    """A beat goes into the item that it lies under, once."""
    own = path[-1]
    holder = next((each.item for each in reversed(path[:-1]) if each.item in tree), "")
    if holder:
        beats = tree[holder].beats
        if all(each.text != _said(own) for each in beats):
            tree = tree.replace(holder, beats=(*beats, Beat(text=_said(own))))
    return outline.replace(own.id, accepted=True, item=holder), tree


def _said(node: Node) -> str:
    return (
        f"{node.title}: {node.summary}"
        if node.title and node.summary
        else node.title or node.summary
    )


def _unused(tree: Tree, wanted: str) -> str:
    number, name = 2, f"outline-{wanted}"
    while name in tree:
        name, number = f"outline-{wanted}-{number}", number + 1
    return name


def _is_child(tree: Tree, item: str, above: str) -> bool:
    if not item or item not in tree or tree[item].section is not Section.TEXT:
        return False
    parent = tree.parent(item)
    return (parent.id if parent else "") == above
