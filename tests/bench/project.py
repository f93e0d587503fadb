"""Measure what a large project costs: opening it, moving a scene in it, importing and searching a book.

    python tests/bench/project.py [--scenes N] --json

Seconds, the median of several; ``touched`` counts the texts that a move has written. The book that is imported and
searched is the text of those beside the checkout, a million characters at least; null where there are none.
"""

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

from tests.conftest import BOOKS
from writer_app.story.importing import import_text
from writer_app.story.inspection import inspect
from writer_app.story.project import Project
from writer_app.story.search import Query, search
from writer_app.story.texts import Texts
from writer_app.story.tree import Item, Kind, Section, Tree


def seconds(act: Callable[[], object]) -> float:
    """How long it takes."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def made(folder: Path, count: int) -> Project:
    """A project of ``count`` scenes in chapters of ten."""
    project, items = Project(folder), list[Item]()
    (folder / "text").mkdir()
    for number in range(count):
        if number % 10 == 0:
            items.append(Item(id=f"c{number}", kind=Kind.CHAPTER, title=f"第{number}章 起"))
        file = f"text/{number}.md"
        (folder / file).write_text(f"Scene {number}.\n" * 40, "utf-8")
        synopsis = "She finds the letter and says nothing of it to her sister. " * 3
        items.append(
            Item(
                id=f"s{number}",
                kind=Kind.SCENE,
                title=f"Scene {number}",
                file=file,
                depth=1,
                synopsis=synopsis,
            )
        )
    project.tree = Tree(tuple(items))
    project.save()
    return project


def states(folder: Path) -> list[tuple[int, int]]:
    """What tells whether a text was written."""
    return [(each.stat().st_mtime_ns, each.stat().st_ino) for each in sorted(folder.glob("text/*"))]


def of_a_book(folder: Path) -> dict[str, object]:
    """Importing a million characters, counting and searching them."""
    names = ("pride-and-prejudice", "hong-lou-meng-1-40", "sherlock-holmes")
    paths = [BOOKS / f"{name}.md" for name in names]
    if not all(path.is_file() for path in paths):
        return {"import_why": "the books are not beside this checkout"} | dict.fromkeys(
            ("characters", "import", "count", "search_first", "search", "inspect")
        )
    text = "\n".join(path.read_text("utf-8") for path in paths)
    importing = seconds(lambda: import_text(text, folder / "book"))
    texts = Texts(Project.open(folder / "book"))
    counting = seconds(lambda: texts.total(texts.project.tree))
    first = seconds(lambda: search(texts, Query("Elizabeth")))
    again = [
        seconds(lambda words=words: search(texts, Query(words)))
        for words in ("宝玉", "the", "nowhere")
    ]
    return {
        "characters": len(text),
        "import": importing,
        "count": counting,
        "search_first": first,
        "search": max(again),
        "inspect": seconds(lambda: inspect(texts.project, texts)),
    }


def main() -> None:
    """Print one flat object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenes", type=int, default=2_000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    draw = Random(1)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        made(folder, options.scenes)
        opening = [seconds(lambda: Project.open(folder)) for _ in range(5)]
        project, before = Project.open(folder), states(folder)
        first = seconds(project.save)

        def move() -> None:
            scene, chapter = (draw.randrange(options.scenes) for _ in range(2))
            under = f"c{chapter // 10 * 10}"
            project.tree = project.tree.move([f"s{scene}"], Section.TEXT, under)
            project.save()

        moving = [seconds(move) for _ in range(20)]
        of_book = of_a_book(folder)
        touched = sum(a != b for a, b in zip(before, states(folder), strict=True))
    figures = {
        "scenes": options.scenes,
        "open": statistics.median(opening),
        "first_save": first,
        "move_and_save": statistics.median(moving),
        "move_and_save_worst": max(moving),
        "touched": touched,
    } | of_book
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
