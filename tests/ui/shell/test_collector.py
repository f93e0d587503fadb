"""Qt objects die on the window's thread only."""

import gc
import threading
from typing import ClassVar

import pytest
from PySide6.QtCore import QObject, QTimer

from writer_app.ui.shell.collector import INTERVAL_MS, Collector


class Cyclic(QObject):
    """An object that only a collection can free; notes the thread it died on."""

    deaths: ClassVar[list[threading.Thread]] = []

    def __init__(self):
        super().__init__()
        self.itself = self
        self.timer = QTimer(self, interval=1)
        self.timer.start()

    def __del__(self):
        self.deaths.append(threading.current_thread())


def litter():
    for _ in range(30_000):
        cycle = []
        cycle.append(cycle)


@pytest.fixture
def collector():
    gc.collect()
    Cyclic.deaths.clear()
    made = Collector()
    yield made
    made.close()
    gc.disable()  # as the tests of the window have it


def test_a_busy_thread_collects_nothing_and_the_windows_thread_soon_does(collector, qtbot):
    for _ in range(20):
        Cyclic()
    thread = threading.Thread(target=litter)
    thread.start()
    thread.join()
    assert Cyclic.deaths == []
    for _ in range(3):
        litter()
        qtbot.wait(2 * INTERVAL_MS)
    assert len(Cyclic.deaths) == 20
    assert set(Cyclic.deaths) == {threading.main_thread()}


def test_afterwards_python_collects_by_itself_again():
    made = Collector()
    assert not gc.isenabled()
    made.close()
    assert gc.isenabled()
    gc.disable()
