"""Tests of the window run without a screen."""

import os

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

#: What the offscreen platform itself complains about; every other Qt warning fails a test.
_PLATFORM_NOISE = "This plugin does not support (propagateSizeHints|raise|grabbing the keyboard)"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the platform's own complaint pass."""
    for item in items:
        item.add_marker(pytest.mark.qt_log_ignore(_PLATFORM_NOISE, extend=True))
