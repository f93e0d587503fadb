"""Measure the page beside a raw ``QTextEdit`` with the same text and font, in one run.

Usage: ``python tests/bench/page.py [--text FILE]``; prints one flat JSON object. ``*_ms_p95`` is the 95th
percentile of 60 keys, each processed to the painted widget; ``*_gap_ms`` is the longest time that the
event loop was away while the text settled. Nothing is asserted: figures are to be read side by side.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTextEdit

from writer_app.story.document import Document
from writer_app.ui.editor.page import Page
from writer_app.ui.editor.style import PageStyle

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
CHAPTER = 60_000
KEYS = 60
STYLE = PageStyle()


def main() -> int:
    """Run the measurements and print them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--text", type=Path)
    path = parser.parse_args().text
    files = [path] if path else [DATA / "pride-and-prejudice.md", DATA / "sherlock-holmes.md"]
    missing = [file.name for file in files if not file.exists()]
    if missing:
        print(json.dumps({"characters": None, "characters_why": f"no file {missing}"}))
        return 2
    text = "\n".join(file.read_text(encoding="utf-8") for file in files)
    app = QApplication([])
    figures: dict[str, float] = {"characters": len(text)}
    for prefix, make in (("raw_", raw), ("", page)):
        figures |= {prefix + name: value for name, value in measure(app, make, text).items()}
    print(json.dumps({name: round(value, 4) for name, value in figures.items()}))
    return 0


def raw(text: str) -> QTextEdit:
    """The plainest editor Qt has for laid-out text, with lines as long as ours."""
    edit = QTextEdit()
    edit.setUndoRedoEnabled(False)
    edit.setFont(page("").font())
    edit.resize(page("").viewport().width() + edit.verticalScrollBar().sizeHint().width(), 800)
    edit.show()
    edit.setPlainText(text)
    return edit


def page(text: str) -> QTextEdit:
    """Ours."""
    made = Page(Document(text), STYLE)
    made.resize(900, 800)
    made.show()
    return made


def measure(app: QApplication, make: Callable[[str], QTextEdit], text: str) -> dict[str, float]:
    """All figures of one kind of editor."""
    make("warm").close()
    begun = time.perf_counter()
    edit = make(text)
    edit.viewport().repaint()
    figures = {"open_s": time.perf_counter() - begun}
    figures["settled_s"], figures["settling_gap_ms"] = settle(app, edit, begun)
    for name, place in (("start", 100), ("middle", len(text) // 2), ("end", len(text))):
        p95, worst = keys(app, edit, place)
        figures |= {f"key_{name}_ms_p95": p95, f"key_{name}_ms_max": worst}
    edit.close()
    chapter = make(text[:CHAPTER])
    settle(app, chapter, time.perf_counter())
    for name, place in (("start", 100), ("middle", CHAPTER // 2)):
        figures[f"chapter_key_{name}_ms_p95"], _worst = keys(app, chapter, place)
    chapter.close()
    return figures


def settle(app: QApplication, edit: QTextEdit, begun: float) -> tuple[float, float]:
    """Seconds until the scroll bar's range stopped changing, and the longest turn of the event loop (ms)."""
    height, since, worst = -1, time.perf_counter(), 0.0
    while time.perf_counter() - since < 0.7:
        turn = time.perf_counter()
        app.processEvents()
        now = time.perf_counter()
        worst = max(worst, now - turn)
        if edit.verticalScrollBar().maximum() != height:
            height, since = edit.verticalScrollBar().maximum(), now
        time.sleep(0.001)
    return since - begun, worst * 1000


def keys(app: QApplication, edit: QTextEdit, place: int) -> tuple[float, float]:
    """95th percentile and maximum of keystrokes at ``place``, milliseconds."""
    cursor = edit.textCursor()
    cursor.setPosition(place)
    cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock)
    edit.setTextCursor(cursor)
    for _turn in range(20):
        app.processEvents()
    times = []
    for number in range(KEYS):
        begun = time.perf_counter()
        QTest.keyClick(edit, Qt.Key.Key_Space if number % 6 == 5 else Qt.Key.Key_A)
        app.processEvents()
        times.append((time.perf_counter() - begun) * 1000)
    times.sort()
    return times[int(len(times) * 0.95)], times[-1]


if __name__ == "__main__":
    sys.exit(main())
