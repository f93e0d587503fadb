"""Measure the whole window beside a settled raw ``QTextEdit`` with the same text and font, in one run.

    python tests/bench/window.py [--text FILE] --json

Each side runs in a process of its own, offscreen, ours and raw in turn. ``start_s`` is from the start of the
process to the first painted, empty window, all modules being compiled as they are from the second start on;
``open_s`` from opening the file to its first paint; ``settled_s`` until the scroll bar's range has stopped
changing. Keys are timed from the key to the painted widget: 95th percentile of 60 at the start, in the middle
and at the end, and in a chapter of 60,000 characters. ``key_ms_max`` is the worst of all keys less the
largest gap that a control process, ticking every millisecond beside it, has seen.
Nothing is asserted. A figure that cannot be had is null, with ``KEY_why``.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
CHAPTER = 60_000
KEYS = 60
RESTING = 0.7  # seconds without a change of the scroll bar's range that count as settled


def main() -> int:
    """Measure both sides and print one flat object."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--text", type=Path)
    parser.add_argument("--json", action="store_true", help="print one line of JSON (always done)")
    parser.add_argument("--side", choices=["ours", "raw"], help=argparse.SUPPRESS)
    parser.add_argument("--spawned", type=float, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.side:
        print(json.dumps(measure(options.side, options.text, options.spawned)))
        return 0
    figures: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        path = _text(options.text, Path(folder))
        if path is None:
            print(
                json.dumps(
                    {
                        "start_s": None,
                        "start_s_why": "no book beside this checkout; name one with --text",
                    }
                )
            )
            return 2
        for prefix, side in (("", "ours"), ("raw_", "raw")):
            figures |= {
                prefix + name: value for name, value in _run(side, path, Path(folder)).items()
            }
    print(json.dumps(figures))
    return 0


def _text(given: Path | None, folder: Path) -> Path | None:
    if given:
        return given
    books = [DATA / "pride-and-prejudice.md", DATA / "sherlock-holmes.md"]
    if not all(book.is_file() for book in books):
        return None
    path = folder / "both.md"
    path.write_text("\n".join(book.read_text("utf-8") for book in books), "utf-8")
    return path


def _run(side: str, path: Path, folder: Path) -> dict[str, Any]:
    """One side in a process of its own, with folders of its own."""
    own = {
        f"XDG_{name}_HOME": str(folder / side / name.lower())
        for name in ("CONFIG", "DATA", "STATE", "CACHE")
    }
    environment = os.environ | own | {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    # A machine told to keep no compiled modules would compile all of ours at each start.
    environment["PYTHONPYCACHEPREFIX"] = str(folder / "compiled")
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    subprocess.run(
        [sys.executable, "-c", "import writer_app.app"], env=environment, check=True, cwd=ROOT
    )
    command = [
        sys.executable,
        __file__,
        "--side",
        side,
        "--text",
        str(path),
        "--spawned",
        repr(time.time()),
    ]
    ran = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, cwd=ROOT
    )
    if ran.returncode:
        return {
            "start_s": None,
            "start_s_why": ran.stderr.strip()[-400:] or f"exit {ran.returncode}",
        }
    return dict(json.loads(ran.stdout.splitlines()[-1]))


def measure(side: str, path: Path, spawned: float) -> dict[str, Any]:
    """All figures of one side; runs in the child."""
    maker = Ours() if side == "ours" else Raw()
    maker.paint()
    figures: dict[str, Any] = {"start_s": time.time() - spawned}
    control = Control()
    begun = time.perf_counter()
    edit = maker.open(path)
    edit.viewport().repaint()
    figures["open_s"] = time.perf_counter() - begun
    figures["settled_s"] = settle(maker.app, edit, begun)
    length = edit.document().characterCount() - 1
    worst = 0.0
    for name, place in (("start", 100), ("middle", length // 2), ("end", length)):
        figures[f"key_{name}_ms_p95"], slowest = keys(maker.app, edit, place)
        worst = max(worst, slowest)
    figures["rss_mb"] = rss_mb()
    chapter = path.parent / "chapter.md"
    chapter.write_text(path.read_text("utf-8")[:CHAPTER], "utf-8")
    edit = maker.open(chapter)
    settle(maker.app, edit, time.perf_counter())
    figures["chapter_key_ms_p95"], slowest = keys(maker.app, edit, CHAPTER // 2)
    gap = control.largest_gap_ms()
    figures["key_ms_max"] = max(0.0, max(worst, slowest) - gap)
    figures["control_gap_ms"] = gap
    maker.close()
    return {name: round(value, 3) for name, value in figures.items()}


class Ours:
    """The program as it is, without a request to the engine."""

    def __init__(self) -> None:
        from writer_app import app
        from writer_app.assets import Places

        self.app = app.application()
        self._program = app.Program(Places.standard())
        self._program.begin([])

    def paint(self) -> None:
        self._program.desk.windows[-1].grab()
        self.app.processEvents()

    @property
    def session(self):
        return self._program.desk.windows[-1].session

    def open(self, path: Path):
        self._program.desk.open_files([str(path)])
        page = self._program.desk.windows[-1].session.page
        page.setFocus()
        return page

    def close(self) -> None:
        self._program.end()


class Raw:
    """The plainest editor Qt has, as wide and in the same font."""

    def __init__(self) -> None:
        from PySide6.QtWidgets import QApplication, QTextEdit

        self.app = QApplication([])
        self._made = []
        self._editor = QTextEdit
        self._edit = self._new()

    def _new(self):
        edit = self._editor()
        edit.setUndoRedoEnabled(False)
        font = edit.font()
        font.setFamily("DejaVu Serif")
        font.setPointSizeF(14)
        edit.setFont(font)
        edit.resize(660, 750)
        edit.show()
        self._made.append(edit)
        return edit

    def paint(self) -> None:
        self._edit.grab()
        self.app.processEvents()

    def open(self, path: Path):
        text = path.read_text("utf-8")
        edit = self._edit if not self._edit.document().characterCount() > 1 else self._new()
        edit.setPlainText(text)
        return edit

    def close(self) -> None:
        for edit in self._made:
            edit.close()


class Control:
    """A process that ticks every millisecond: its largest gap is the machine's fault, not ours."""

    _PROGRAM = (
        "import sys, threading, time\n"
        "stop = threading.Event()\n"
        "threading.Thread(target=lambda: (sys.stdin.read(), stop.set()), daemon=True).start()\n"
        "last, worst = time.perf_counter(), 0.0\n"
        "while not stop.is_set():\n"
        "    time.sleep(0.001)\n"
        "    now = time.perf_counter()\n"
        "    worst, last = max(worst, now - last - 0.001), now\n"
        "print(worst * 1000)\n"
    )

    def __init__(self) -> None:
        self._child = subprocess.Popen(
            [sys.executable, "-c", self._PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def largest_gap_ms(self) -> float:
        """End it and take its report."""
        said, _errors = self._child.communicate("")
        return float(said)


def settle(app, edit, begun: float) -> float:
    """Seconds from ``begun`` until the scroll bar's range stopped changing."""
    height, since = -1, time.perf_counter()
    while time.perf_counter() - since < RESTING:
        app.processEvents()
        if edit.verticalScrollBar().maximum() != height:
            height, since = edit.verticalScrollBar().maximum(), time.perf_counter()
        time.sleep(0.001)
    return since - begun


def keys(app, edit, place: int) -> tuple[float, float]:
    """95th percentile and maximum of keystrokes at ``place`` (UTF-16 units), milliseconds."""
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QTextCursor
    from PySide6.QtTest import QTest

    cursor = edit.textCursor()
    cursor.setPosition(place)
    cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock)
    edit.setTextCursor(cursor)
    edit.ensureCursorVisible()
    settle(app, edit, time.perf_counter())
    times = []
    for number in range(KEYS):
        begun = time.perf_counter()
        QTest.keyClick(edit, Qt.Key.Key_Space if number % 6 == 5 else Qt.Key.Key_A)
        app.processEvents()
        times.append((time.perf_counter() - begun) * 1000)
        # A hand rests between keys, and what idles between them must not come due on the next one.
        for _turn in range(5):
            app.processEvents()
            time.sleep(0.001)
    times.sort()
    return times[int(len(times) * 0.95)], times[-1]


def rss_mb() -> float:
    """Resident memory of this process, megabytes."""
    import psutil

    return float(psutil.Process().memory_info().rss / 1e6)


if __name__ == "__main__":
    sys.exit(main())
