"""Keys while the engine reads along, in the real window, offscreen: each after a pause in which it began."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.window import CHAPTER, ROOT

#: Seconds between two keys: reading along begins after 0.7, and what there is to read takes longer than the rest.
PAUSE = 1.2
KEYS = 24


def key_ratio(text: Path) -> float:
    """Median time of a key with reading along over without."""
    with tempfile.TemporaryDirectory() as folder:
        chapter = Path(folder) / "chapter.md"
        chapter.write_text(text.read_text("utf-8")[:CHAPTER], "utf-8")
        with_it, without = (_run(chapter, Path(folder), along) for along in (True, False))
    return with_it / without


def _run(chapter: Path, folder: Path, along: bool) -> float:
    own = {
        f"XDG_{name}_HOME": str(folder / str(along) / name.lower())
        for name in ("CONFIG", "DATA", "STATE", "CACHE")
    }
    environment = os.environ | own | {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(
        [sys.executable, __file__, str(chapter), str(along)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    return float(ran.stdout.splitlines()[-1])


def measure(chapter: Path, along: bool) -> float:
    """Median milliseconds of a key; runs in the child."""
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    from tests.bench.window import Ours, settle

    ours = Ours()
    ours.paint()
    page = ours.open(chapter)
    ours.session.set_preference("model", "read_along", along)
    settle(ours.app, page, time.perf_counter())
    _rest(ours.app, 8.0)  # the model is loaded meanwhile
    times = []
    for number in range(KEYS):
        # Somewhere else each time, so that there is something to read.
        page.set_caret(CHAPTER // 3 + 1_500 * number)
        _rest(ours.app, PAUSE)
        begun = time.perf_counter()
        QTest.keyClick(page, Qt.Key.Key_A)
        ours.app.processEvents()
        times.append((time.perf_counter() - begun) * 1000)
    ours.close()
    return statistics.median(times)


def _rest(app, seconds: float) -> None:
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        app.processEvents()
        time.sleep(0.002)


if __name__ == "__main__":
    print(measure(Path(sys.argv[1]), sys.argv[2] == "True"))
