"""Journeys run without a screen."""

import os
from pathlib import Path

import pytest

from tests.journeys.rig import let_platform_noise_pass, sit_down, sit_down_for_real

__all__ = ["sit_down", "sit_down_for_real"]

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the platform's own complaint pass."""
    let_platform_noise_pass(items, Path(__file__).parent)
