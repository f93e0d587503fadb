"""Measure what the window of a large project costs: its tree, its board, and searching it.

    python tests/bench/project_window.py [--scenes N] --json

Milliseconds, the median of several, offscreen. ``open`` is from asking for a text to its project's tree in the window;
``move`` from the move of a scene to painted rows, with the tree alone, with the board open too, and with the timeline (``move_timeline``: in the
order of the story, by hand; ``mention_timeline``: where somebody is named anew); ``counted`` what a
new length of one text costs tree and board; ``search`` from the last key to shown places, without the pause for typing.
"""

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import msgspec
from PySide6.QtWidgets import QApplication

from tests.bench.project import made, states
from tests.ui.stub import StubBridge
from writer_app import app
from writer_app.assets import Places
from writer_app.story.bible import Entry
from writer_app.story.search import Query
from writer_app.story.tree import Section, Tree
from writer_app.ui.session.state import Wish
from writer_app.ui.shell.board_page import BoardPage
from writer_app.ui.shell.timeline_page import TimelinePage
from writer_app.ui.shell.window import Window


def until(true: Callable[[], object]) -> None:
    """Let the window work until something holds; half a minute at most."""
    end = time.perf_counter() + 30
    while not true() and time.perf_counter() < end:
        QApplication.processEvents()


def ms(act: Callable[[], object], times: int = 5) -> float:
    """How long it takes, with all painting that follows."""
    found = []
    for _number in range(times):
        began = time.perf_counter()
        act()
        QApplication.processEvents()
        found.append(time.perf_counter() - began)
    return round(1000 * statistics.median(found), 1)


def measured(window: Window, folder: Path, scenes: int) -> dict[str, object]:
    """All figures of an open window."""
    binder, before = window.session.book.binder, states(folder)
    places = iter(range(10, scenes, 10))

    def move() -> None:
        binder.move(["s5"], Section.TEXT, f"c{next(places)}")

    def count() -> None:
        assert binder.project
        binder.project.set_count("s7", (next(places), 0))

    figures: dict[str, object] = {"move": ms(move), "counted": ms(count)}
    figures["board"] = ms(lambda: window.fulfil(Wish.BOARD), 1)
    page = window.findChild(BoardPage)
    assert page
    until(page.isVisible)
    figures |= {"move_board": ms(move), "counted_board": ms(count)}
    bar = page.board.verticalScrollBar()
    figures["scroll_board"] = ms(lambda: bar.setValue(bar.value() + 300))
    page.close()
    figures |= of_timeline(window)
    searching, told = window.session.book.searching, []
    searching.found.connect(told.append)
    for name, words in (("search_first", "Scene 77"), ("search", "nowhere")):
        began, seen = time.perf_counter(), len(told)
        searching.look_for(Query(words))
        until(lambda seen=seen: len(told) > seen)
        figures[name] = round(1000 * (time.perf_counter() - began) - 150, 1)
    figures["touched"] = sum(one != two for one, two in zip(before, states(folder), strict=True))
    return figures


def of_timeline(window: Window) -> dict[str, object]:
    """Opening the timeline of scenes whose times are said, changing it, and painting another stretch of it."""
    binder = window.session.book.binder
    project = binder.project
    assert project
    project.entries.put(
        Entry(id="scene", name="Scene"), *(Entry(id=f"p{n}", name=f"Scene {n}") for n in range(30))
    )
    tree = project.tree
    whens = (
        "",
        "the next morning",
        "evening",
        "3 May 18{n}",
        "",
        "ten years earlier",
        "第三天夜里",
    )
    items = (
        msgspec.structs.replace(item, when=whens[n % 7].format(n=n % 90 + 10))
        for n, item in enumerate(tree)
    )
    project.set_tree(Tree(tuple(items)))
    until(lambda: len(project.entries.index.appearances("scene")) > 1_000)
    figures: dict[str, object] = {"timeline": ms(lambda: window.fulfil(Wish.TIMELINE), 1)}
    page = window.findChild(TimelinePage)
    assert page
    until(page.isVisible)
    bar, columns = page.view.horizontalScrollBar(), page.view.cells.columns
    places = iter(range(100, len(columns), 50))
    figures["move_timeline"] = ms(
        lambda: page.view.put.emit(
            page.view.cells.columns[3], page.view.cells.columns[next(places)]
        )
    )
    figures["mention_timeline"] = ms(page.show_again)
    figures["scroll_timeline"] = ms(lambda: bar.setValue(bar.value() + 300))
    figures["whole_timeline"] = ms(page.whole.click, 1)
    page.close()
    return figures


def main() -> None:
    """Print one flat object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenes", type=int, default=2_000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    app.application()
    with tempfile.TemporaryDirectory() as name:
        home, folder = Path(name), Path(name) / "book"
        folder.mkdir()
        made(folder, options.scenes)
        program = app.Program(
            Places(home / "config", home / "data", home / "state", home / "cache"), StubBridge
        )
        began = time.perf_counter()
        program.begin([str(folder / "text" / "0.md")])
        window = program.desk.windows[0]
        until(lambda: window.session.book.binder.current)
        QApplication.processEvents()
        opening = round(1000 * (time.perf_counter() - began), 1)
        until(lambda: len(window.session.book.binder.project.counts) >= options.scenes)
        figures = measured(window, folder, options.scenes)
        window.leaving.leave_without()
        program.end()
    print(json.dumps({"scenes": options.scenes, "open": opening} | figures))


if __name__ == "__main__":
    main()
