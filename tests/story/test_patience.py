"""What is waited for no longer than it deserves."""

import threading

import pytest

from writer_app.errors import FileMissing
from writer_app.story.patience import within


def test_what_is_quick_gives_its_result_or_its_error():
    assert within(5, lambda: 3) == 3
    with pytest.raises(FileMissing):
        within(5, _missing)


def _missing():
    raise FileMissing(path="a.md")


def test_what_does_not_come_back_is_left_behind():
    goes_on = threading.Event()
    with pytest.raises(TimeoutError):
        within(0.01, lambda: goes_on.wait(20))
    goes_on.set()
