"""Faults are brought about without a screen, and counted: the figures stand at the end of a run of tests."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.faults.report import PARTS, Sums
from tests.journeys.rig import let_platform_noise_pass, sit_down

__all__ = ["sit_down"]

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the platform's own complaint pass."""
    let_platform_noise_pass(items, Path(__file__).parent)


@pytest.fixture
def measure(
    record_property: Callable[[str, object], None], tmp_path: Path
) -> Callable[..., dict[str, Any]]:
    """``measure(module, scale)``: the figures of one part of the report, with what went ``wrong``.

    In a process of its own: it forks, kills and listens, and that of the tests is large and has threads. A whole
    run is written down piece by piece where ``FAULTS_STATE`` names a file, and goes on from there.
    """

    def figures(module: str, scale: str = "ci") -> dict[str, Any]:
        kept = os.environ.get("FAULTS_STATE") if scale == "full" else None
        state = Path(kept or tmp_path / "state.json").absolute()
        ran = subprocess.run(
            [
                *(sys.executable, "-m", "tests.faults.report"),
                *("--scale", scale, "--only", module, "--state", str(state)),
            ],
            cwd=Path(__file__).parents[2],
            capture_output=True,
            text=True,
            check=False,
        )
        part = next(each for each in PARTS if each.module == module)
        found = Sums(scale, state).of(part)
        assert found["done"], ran.stderr
        record_property("faults", found["figures"])  # for the end of the run
        return found["figures"] | {"wrong": found["wrong"]}

    return figures
