"""Whatever is pressed, typed, dropped and resized: the window lives, and page and manuscript are one text."""

import pytest

from tests.faults import monkey
from tests.faults.report import missed

pytestmark = pytest.mark.timeout(600)
#: A program with a fault in it, from which a window is driven.
FAULTY = """
import os, sys
from tests.faults import monkey_driver
from writer_app.ui.editor.mirror import Mirror
{}
sys.exit(monkey_driver.main(*sys.argv[1:]))
"""


def test_a_thousand_events_bring_nothing_down(measure):
    figures = measure("monkey")
    assert figures["wrong"] == []
    assert missed(figures) == []
    assert figures["monkey_events"] == 1_000


@pytest.mark.soak
@pytest.mark.timeout(4 * 3600)
def test_a_hundred_thousand_events_bring_nothing_down(measure):
    figures = measure("monkey", "full")
    assert figures["wrong"] == []
    assert figures["monkey_events"] == 100_000


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("Mirror._feed = lambda *_: None", "page and manuscript differ"),
        ("Mirror._feed = lambda *_: os.abort()", "died of SIGABRT"),
        ("Mirror._feed = lambda *_: 1 / 0", "ZeroDivisionError"),
    ],
)
def test_a_window_with_a_fault_in_it_is_found_out(tmp_path, fault, said):
    figures = monkey.run(100, 1, tmp_path, ("-c", FAULTY.format(fault)))
    assert figures["monkey_crashes"] >= 1
    assert any(said in each for each in figures["wrong"])
