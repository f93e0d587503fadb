"""The real engine is killed at random words of real answers, and the page is looked at.

The whole program runs here, without a screen and without pytest, so that whoever reports figures can call it.
"""

import os
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QWidget

from tests.journeys.writer import furnish, start
from writer_app import app
from writer_app.assets import Places

BEFORE = "It was a dark night, and the wind went round the house. The old man said"
#: Words that an answer has at least when it may be killed next.
_MOST = 12


class _Waiter:
    """Of pytest-qt's ``qtbot`` what a writer needs."""

    def waitUntil(self, happened: Callable[[], bool], timeout: int = 60_000) -> None:
        """Let the program go on until this is so."""
        loop, until = QEventLoop(), time.monotonic() + timeout / 1000
        while not happened():
            if time.monotonic() > until:
                raise TimeoutError("the program did not come to it")
            loop.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)

    def waitExposed(self, window: QWidget) -> None:
        """Until the window is on the screen that is not there."""
        self.waitUntil(
            lambda: window.windowHandle() is not None and window.windowHandle().isExposed()
        )


def run(count: int, seed: int, folder: Path) -> dict[str, Any]:
    """Ask ``count`` times and kill the engine somewhere in each answer.

    Returns:
        ``engine_kills`` so many; ``streamed_text_lost`` characters that had reached the window and were not on the
        page afterwards; ``unclear_kill_notices`` kills after which not exactly one sentence stood there that says so;
        ``answers_before_kill`` answers that were complete too early, which are asked for anew;
        ``slowest_kill_notice`` in seconds.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    chance = random.Random(seed)
    application = app.application()
    places = Places(*(folder / name for name in ("config", "data", "state", "cache")))
    # No typographic quotes: what is on the page is to be compared with what came.
    furnish(
        places,
        "[model]\nread_tokens = 64\n[typing]\nquotes = false\ndashes = false\nellipsis = false\n",
    )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "story.md").write_text(BEFORE, "utf-8")
    writer = start(places, _Waiter(), None, folder / "story.md")  # type: ignore[arg-type]
    streamed: list[str] = []
    finished: list[object] = []
    writer.engine.arrived.connect(lambda text, _alternative: streamed.append(text))
    writer.engine.finished.connect(finished.append)
    kills = lost = unclear = early = 0
    slowest = 0.0
    try:
        while kills < count and early <= count + 10:
            streamed.clear()
            finished.clear()
            before = writer.text
            writer.ask()
            words = chance.randint(1, _MOST)
            writer.wait(
                lambda words=words: len(streamed) >= words or not writer.state.is_generating
            )
            time.sleep(chance.uniform(0.0, 0.03))  # in the middle of a token, too
            killed = time.monotonic()
            if writer.state.is_generating and writer.engine.pid:
                os.kill(writer.engine.pid, signal.SIGKILL)
            writer.wait(lambda: not writer.state.is_generating)
            notice = time.monotonic() - killed
            writer.wait_for_silence()
            kept = writer.text.removeprefix(before)
            received = "".join(streamed)
            lost += len(received) - _shared(kept, received)
            if finished:
                early += 1  # a short answer, which was complete before it could be killed
            else:
                kills += 1
                slowest = max(slowest, notice)
                unclear += [_is_clear(notice.text) for notice in writer.notices] != [True]
            while writer.text != BEFORE:
                writer.undo()  # so that it does not grow
    finally:
        writer.leave()
        application.processEvents()
    return {
        "engine_kills": kills,
        "streamed_text_lost": lost,
        "unclear_kill_notices": unclear,
        "answers_before_kill": early,
        "slowest_kill_notice": round(slowest, 3),
    }


def _shared(one: str, other: str) -> int:
    return len(os.path.commonprefix([one, other]))


def _is_clear(sentence: str) -> bool:
    return "Your text is safe" in sentence and "\n" not in sentence and "Traceback" not in sentence
