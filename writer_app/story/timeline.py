"""The scenes of a book in the order in which they happen, beside the one in which they are told.

What each scene says of its time (:attr:`~writer_app.story.tree.Item.when`) is read as far as it can be; where she has
put one behind another by hand, that holds; and where nothing says anything, the order of the text does.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from writer_app.story.bible import Bible, Entry, Kind
from writer_app.story.tree import Item, Section, Tree
from writer_app.text import times
from writer_app.text.chronology import places

#: Rows that are shown unasked: of those who are in most scenes, and of threads.
MOST_CAST, MOST_THREADS = 8, 4


class Turn(StrEnum):
    """How a scene is told out of its time."""

    BACK = "back"
    AHEAD = "ahead"


@dataclass(frozen=True)
class Timeline:
    """Both orders of a book's scenes.

    Attributes:
        told: Ids of the scenes as they are read.
        happens: The same, in the order of the story.
        turns: Those that are told out of their time: as few as need be moved to make both orders one.
        unread: Those whose words about their time say nothing that has an order.
    """

    told: tuple[str, ...] = ()
    happens: tuple[str, ...] = ()
    turns: Mapping[str, Turn] = field(default_factory=dict)
    unread: frozenset[str] = frozenset()


def scenes(tree: Tree) -> tuple[Item, ...]:
    """What has a text and is told, in order; front matter is not."""
    return tuple(item for item in tree.section(Section.TEXT) if item.file)


def timeline(tree: Tree) -> Timeline:
    """Both orders of the scenes of ``tree``."""
    items = scenes(tree)
    read = [times.read(item.when) if item.when.strip() else None for item in items]
    where = dict(zip((item.id for item in items), places(read), strict=True))
    told = tuple(where)
    happens = _with_anchored(told, sorted(told, key=where.__getitem__), _anchors(items))
    unread = (
        item.id for item, time in zip(items, read, strict=True) if item.when.strip() and not time
    )
    return Timeline(told, happens, _turns(told, happens), frozenset(unread))


def put(tree: Tree, scene: str, after: str) -> Tree:
    """The tree with a scene right after another one in the order of the story, the others as they are.

    Args:
        tree: As it is.
        scene: Id of a scene.
        after: Id of another; empty for before all.

    Raises:
        ValueError: One of them is no scene of the book, or both are the same.
    """
    line = list(timeline(tree).happens)
    if scene not in line or (after and after not in line) or scene == after:
        raise ValueError(f"{scene} cannot happen after {after or 'nothing'}")
    line.remove(scene)
    line.insert(line.index(after) + 1 if after else 0, scene)
    # All that stand by her hand are tied to what is before them now, so that none is moved by this.
    tied = {scene} | _anchors(tuple(tree[each] for each in line)).keys()
    before = dict(zip(line, ["", *line], strict=False))
    for each in tied:
        if tree[each].after != (before[each] or each):
            tree = tree.replace(each, after=before[each] or each)
    return tree


def cast(
    bible: Bible, ids: Iterable[str], counts: Callable[[str], Mapping[str, int]]
) -> dict[str, dict[str, int]]:
    """In which scenes each entry is, and how often it is named there; those in most scenes first.

    Args:
        bible: Whose entries.
        ids: Of the scenes.
        counts: How often each entry is named in the text of one (:meth:`writer_app.story.index.Index.counts`).
    """
    found: dict[str, dict[str, int]] = {entry.id: {} for entry in bible}
    for scene in ids:
        for entry, times_named in counts(scene).items():
            if times_named and entry in found:
                found[entry][scene] = times_named
    return dict(sorted(found.items(), key=lambda each: -len(each[1])))


def rows(
    bible: Bible, found: Mapping[str, Mapping[str, int]], chosen: Sequence[str] = ()
) -> tuple[Entry, ...]:
    """The entries that have a row: those she has chosen, else the characters in most scenes, and threads, unpaid ones first.

    Args:
        bible: Whose entries.
        found: As of :func:`cast`.
        chosen: Ids; what is gone is left out.
    """
    if chosen:
        return tuple(bible[each] for each in found if each in chosen)
    threads = [
        entry
        for entry in sorted(bible, key=lambda each: bool(each.paid))
        if entry.kind is Kind.THREAD and (entry.opened or entry.due or found.get(entry.id))
    ]
    people = [bible[each] for each in found if bible[each].kind is Kind.CHARACTER and found[each]]
    return (*people[:MOST_CAST], *threads[:MOST_THREADS])


# -- inside ---------------------------------------------------------------------------------------


def _anchors(items: Sequence[Item]) -> dict[str, str]:
    """What each scene that stands by her hand follows; itself where it is before all. Circles are none of hers."""
    known = {item.id for item in items}
    tied = {item.id: item.after for item in items if item.after in known}
    sound: set[str] = set()
    for start in tied:
        path: dict[str, None] = {}
        each = start
        while each in tied and tied[each] != each and each not in sound and each not in path:
            path[each] = None
            each = tied[each]
        if each not in path:
            sound |= path.keys() | {each}
    return {each: after for each, after in tied.items() if each in sound}


def _with_anchored(
    told: Sequence[str], free: Sequence[str], anchors: Mapping[str, str]
) -> tuple[str, ...]:
    """The free ones in their order, each with what follows it by her hand."""
    following: dict[str, list[str]] = {}
    for each in told:
        if each in anchors:
            after = anchors[each]
            following.setdefault("" if after == each else after, []).append(each)
    waiting = [each for each in reversed(free) if each not in anchors]
    waiting += reversed(following.get("", ()))
    line: list[str] = []
    while waiting:
        line.append(waiting.pop())
        waiting += reversed(following.get(line[-1], ()))
    return tuple(line)


def _turns(told: Sequence[str], happens: Sequence[str]) -> dict[str, Turn]:
    """What is told out of its time: all but the longest row of scenes that is in both orders."""
    rank = {each: number for number, each in enumerate(happens)}
    kept = _longest_rising([rank[each] for each in told])
    found: dict[str, Turn] = {}
    last = -1
    for each in told:
        if rank[each] in kept:
            last = rank[each]
        else:
            found[each] = Turn.BACK if rank[each] < last else Turn.AHEAD
    return found


def _longest_rising(numbers: Sequence[int]) -> set[int]:
    """The longest rising row in ``numbers``, all of them different; of several, one with what comes early."""
    # From the end, so that of two told the wrong way round it is the second one that looks back.
    ends: list[int] = []
    before: dict[int, int | None] = {}
    for each in reversed(numbers):
        at = bisect_left(ends, -each)
        before[each] = -ends[at - 1] if at else None
        ends[at : at + 1] = [-each]
    row: set[int] = set()
    each_one = -ends[-1] if ends else None
    while each_one is not None:
        row.add(each_one)
        each_one = before[each_one]
    return row
