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


#: The journey that the gate takes over a server too; the others are taken with ``-m soak``.
_SERVED = "test_retry_takes_the_place_of_the_answer_inside_the_same_step"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every journey with the scripted engine is one over a server, too."""
    if "sit_down" in metafunc.fixturenames:
        marks = () if metafunc.definition.name == _SERVED else pytest.mark.soak
        served = pytest.param("server", marks=marks)
        metafunc.parametrize("sit_down", ["scripted", served], indirect=True)
