"""Fixtures of journeys and faults: the real program with real windows, without a screen."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from tests.journeys.served import can_serve, serve
from tests.journeys.writer import Writer, connect, furnish, play, start
from writer_app.assets import Places

#: What the offscreen platform itself complains about; every other Qt warning fails a test.
_PLATFORM_NOISE = "This plugin does not support (propagateSizeHints|raise)"


def let_platform_noise_pass(items: list[pytest.Item], folder: Path) -> None:
    """Mark the tests under ``folder`` so."""
    for item in items:
        if folder in item.path.parents:
            item.add_marker(pytest.mark.qt_log_ignore(_PLATFORM_NOISE, extend=True))


@pytest.fixture
def sit_down(
    request: pytest.FixtureRequest, qtbot: QtBot, places: Places, tmp_path: Path
) -> Iterator[Callable[..., Writer]]:
    """Starts the program with a scripted engine: ``sit_down(answers, text, name, **script)``.

    With a text there is a file of it, which is opened with the caret at its end. As ``"server"`` the answers
    come over a connected server instead.
    """
    writers: list[Writer] = []
    stack = contextlib.ExitStack()

    def begin(
        answers: list[list[dict[str, Any]]],
        text: str | None = None,
        name: str = "story.md",
        **more: Any,
    ) -> Writer:
        paths = []
        if text is not None:
            paths = [tmp_path / name]
            paths[0].write_bytes(text.encode())
        if getattr(request, "param", "") == "server":
            if more or not can_serve(answers):
                pytest.skip("no server can do what this script says")
            connect(places, stack.enter_context(serve(answers))[0])
        writers.append(start(places, qtbot, play(tmp_path, answers, **more), *paths))
        writers[-1].page.set_caret(writers[-1].document.length)
        return writers[-1]

    yield begin
    for writer in writers:
        if writer.program.desk.windows:
            writer.leave()
    stack.close()


@pytest.fixture
def sit_down_for_real(
    qtbot: QtBot, places: Places, starter: str
) -> Iterator[Callable[..., Writer]]:
    """Starts the program with the starter model: ``sit_down_for_real(path)``; reading little, to be quick."""
    writers: list[Writer] = []

    def begin(*paths: Path) -> Writer:
        furnish(places, "[model]\nread_tokens = 128\n")
        writers.append(start(places, qtbot, None, *paths))
        return writers[-1]

    yield begin
    for writer in writers:
        if writer.program.desk.windows:
            writer.leave()
