"""The file of an outline: nothing in it is written over that was not read, and nothing is forgotten."""

import threading

import msgspec
import pytest

from writer_app.story import outline as outlines
from writer_app.ui.session.aside import Aside
from writer_app.ui.session.open_outline import OpenOutline


@pytest.fixture
def file(tmp_path):
    path = tmp_path / outlines.NAME
    path.write_text('format = 1\npremise = "Old"\n')
    return path


def write(opened, premise):
    opened.put(msgspec.structs.replace(opened.value, premise=premise))


def test_what_is_done_before_the_disk_answers_does_not_write_over_the_file(
    file, monkeypatch, qtbot
):
    answers, read = threading.Event(), outlines.read
    monkeypatch.setattr(outlines, "read", lambda folder: answers.wait(5) and read(folder))
    aside = Aside()
    opened = OpenOutline(file.parent, aside)
    write(opened, "New")
    with qtbot.waitSignal(opened.noticed) as said:
        answers.set()
    assert "Old" in file.read_text()
    said.args[0].actions[1].run()
    qtbot.waitUntil(lambda: "New" in file.read_text())
    aside.deleteLater()


def test_what_could_not_be_written_is_unsaved_and_written_at_the_end(file, qtbot):
    aside = Aside()
    opened = OpenOutline(file.parent, aside)
    qtbot.waitUntil(lambda: opened.value.premise == "Old")
    file.chmod(0o444)
    with qtbot.waitSignal(opened.noticed):
        write(opened, "New")
    assert opened.is_unsaved
    file.chmod(0o644)
    opened.finish(5)
    assert "New" in file.read_text()
    aside.deleteLater()
