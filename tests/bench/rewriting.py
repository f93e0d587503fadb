"""How long a writer waits for a rewriting that is written already: from the end of the stream to the changed page.

    QT_QPA_PLATFORM=offscreen python tests/bench/rewriting.py --text BOOK [--words N] [--runs N]

A window with a scripted engine; the passage has so many words (2,000), and its rewriting replaces a word in eight.
Prints one flat object: ``finish_ms`` from the last word to the whole review, ``accept_ms`` from the click to the
changed document, ``applied_ms`` both, worst and median of the runs; ``live_ms`` for one look at what has come.
"""

import argparse
import json
import statistics
import tempfile
import time
from pathlib import Path

from tests.ui.stub import StubBridge
from writer_app import app
from writer_app.assets import Places
from writer_app.text.counts import words


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--text", required=True)
    parser.add_argument("--words", type=int, default=2_000)
    parser.add_argument("--runs", type=int, default=7)
    options = parser.parse_args()
    application = app.application()
    home = Path(tempfile.mkdtemp())
    places = Places(*(home / name for name in ("config", "data", "state", "cache")))
    program = app.Program(places, StubBridge)
    program.begin([])
    session = program.desk.windows[0].session
    passage = _passage(Path(options.text).read_text("utf-8"), options.words)
    session.page.insertPlainText(passage)
    finish, accept, live = [], [], []
    for number in range(options.runs + 1):  # the first run warms up what is loaded once
        session.page.selectAll()
        session.rewrite("polish")
        engine = program.engine
        assert isinstance(engine, StubBridge)
        engine.load()
        rewriter = session.rewriter
        done, among = rewriter.pieces
        while True:
            asked = engine.asks[-1]
            engine.write(_changed(asked.passage, number))
            began = time.perf_counter()
            rewriter._look()
            live.append(time.perf_counter() - began)
            began = time.perf_counter()
            engine.finish()
            done += 1
            if done == among:
                break
        application.processEvents()
        finish.append(time.perf_counter() - began)
        changes = rewriter.shown.changes if rewriter.shown else 0
        began = time.perf_counter()
        rewriter.accept()
        application.processEvents()
        accept.append(time.perf_counter() - began)
        session.undo()
    finish, accept = finish[1:], accept[1:]
    both = [a + b for a, b in zip(finish, accept, strict=True)]
    figures: dict[str, float] = {"words": words(passage), "pieces": among, "changes": changes}
    for name, times in (("finish", finish), ("accept", accept), ("applied", both), ("live", live)):
        figures[f"{name}_ms"] = round(statistics.median(times) * 1000, 1)
        figures[f"{name}_ms_worst"] = round(max(times) * 1000, 1)
    print(json.dumps(figures))
    program.desk.windows[0].leaving.leave_without()
    program.end()


def _passage(book: str, count: int) -> str:
    """About so many words from the middle of the book, whole paragraphs."""
    start = book.index("\n\n", len(book) // 3) + 2
    end = start
    while words(book[start:end]) < count:
        end = book.index("\n\n", end + 2)
    return book[start:end]


def _changed(passage: str, number: int) -> str:
    """Every eighth word another one."""
    each = passage.split(" ")
    return " ".join(
        f"other{number}" if at % 8 == 3 and word.isalpha() else word for at, word in enumerate(each)
    )


if __name__ == "__main__":
    main()
