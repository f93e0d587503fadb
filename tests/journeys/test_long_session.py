"""What a long sitting leaves behind: nothing."""

import gc
import sys
import threading

import psutil
import pytest
from PySide6.QtCore import QEvent, QObject, QThread, QTimer
from PySide6.QtWidgets import QApplication

from tests.journeys.writer import play, says, start
from writer_app.story.changes import Origin

BEFORE = "She came to the door."


def children():
    return [each.pid for each in psutil.Process().children(recursive=True)]


def objects_of(writer, kind):
    """How many Qt objects of a kind belong to the program and its windows."""
    QApplication.processEvents()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    roots = [writer.program, *QApplication.topLevelWidgets()]
    return sum(len(root.findChildren(kind)) for root in roots)


def round_of(writer, number):
    """One request and one of the ways it can go on."""
    writer.ask()
    writer.wait(lambda: not writer.state.is_generating)
    writer.wait_for_silence()
    if number % 3 == 0:
        writer.undo()
    elif number % 3 == 1:
        writer.retry()
        writer.wait(lambda: not writer.state.is_generating)
        writer.wait_for_silence()


@pytest.fixture
def sitting(sit_down):
    """A program that has been through its first requests."""
    writer = sit_down([says(" It", " was", " late.")], BEFORE)
    for number in range(3):
        round_of(writer, number)
    return writer


def test_thirty_requests_use_one_child_and_leave_no_thread_process_or_file_open(sitting):
    process = psutil.Process()
    sitting.program.services.journal.flush()  # it has its file open from now on
    had = (threading.active_count(), children(), process.num_fds(), objects_of(sitting, QThread))
    for number in range(30):
        round_of(sitting, number)
    now = (threading.active_count(), children(), process.num_fds(), objects_of(sitting, QThread))
    assert now == had
    assert had[1] == [sitting.engine.pid]


@pytest.mark.parametrize("kind", [QTimer, QObject])
def test_thirty_requests_leave_no_timer_and_no_other_object(sitting, kind):
    had = objects_of(sitting, kind)
    for number in range(30):
        round_of(sitting, number)
    assert objects_of(sitting, kind) - had < 15


def test_after_the_end_no_child_and_no_thread_is_left(qtbot, places, tmp_path):
    had = {each.ident for each in threading.enumerate()}, children()
    writer = start(places, qtbot, play(tmp_path, [says(" It")]))
    round_of(writer, 2)
    assert children() != had[1]
    writer.leave()
    assert not [each for each in children() if each not in had[1]]
    qtbot.waitUntil(
        lambda: {each.ident for each in threading.enumerate()} <= had[0], timeout=10_000
    )


def test_a_thousand_inserts_leave_the_count_of_references_to_none_as_it_was(sit_down):
    """PySide6 6.12.0 loses one with every call on Python 3.10 and 3.11, and aborts after some 5,000."""
    writer = sit_down([says(" It")], BEFORE)

    def insert(times):
        for _ in range(times):
            writer.document.replace(0, 0, "n", origin=Origin.MODEL)
            writer.type("k")
            writer.page.textCursor().insertText("t")
        QApplication.processEvents()
        gc.collect()

    insert(100)
    had = sys.getrefcount(None)
    insert(1_000)
    assert abs(sys.getrefcount(None) - had) < 300
