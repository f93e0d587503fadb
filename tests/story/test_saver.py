"""The file thread."""

import threading

import pytest

from writer_app.errors import ChangedOnDisk, SaveFailed
from writer_app.story import files
from writer_app.story.form import FileForm
from writer_app.story.saver import Saver

WAIT = 10.0


class Gate:
    """Holds the file thread inside a save until the test lets it go on."""

    def __init__(self, monkeypatch):
        self.entered, self.open = threading.Semaphore(0), threading.Event()
        self._write = files.write
        monkeypatch.setattr(files, "write", self)

    def __call__(self, *args):
        self.entered.release()
        assert self.open.wait(WAIT)
        return self._write(*args)


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "a.md"
    path.write_text("start")
    return path


def ask(saver, path, text, expected, revision, outcomes, document_id="one"):
    saver.save(document_id, path, text, FileForm(), expected, revision, outcomes.append)


def test_a_save_reports_the_new_hash_and_its_revision(path):
    saver, outcomes = Saver(), []
    ask(saver, path, "text", files.digest_of(path), 7, outcomes)
    assert saver.wait(WAIT)
    (outcome,) = outcomes
    assert (outcome.revision, outcome.digest, outcome.error) == (7, files.digest_of(path), None)
    assert outcome.is_saved
    assert path.read_text() == "text"


def test_of_several_waiting_only_the_newest_is_written(path, monkeypatch):
    gate, saver, outcomes = Gate(monkeypatch), Saver(), []
    start = files.digest_of(path)
    ask(saver, path, "first", start, 1, outcomes)
    assert gate.entered.acquire(timeout=WAIT)
    for revision in range(2, 6):
        ask(saver, path, f"text {revision}", start, revision, outcomes)
    gate.open.set()
    assert saver.wait(WAIT)
    assert path.read_text() == "text 5"
    assert [outcome.revision for outcome in outcomes if outcome.is_saved] == [1, 5]
    assert sorted(outcome.revision for outcome in outcomes if outcome.superseded) == [2, 3, 4]


def test_saves_asked_for_with_stale_knowledge_of_our_own_saves_succeed(path):
    saver, outcomes = Saver(), []
    known = [files.digest_of(path)]
    for revision in range(1, 5):
        ask(saver, path, f"text {revision}", known[max(0, revision - 3)], revision, outcomes)
        assert saver.wait(WAIT)
        known.append(outcomes[-1].digest)
    assert all(outcome.is_saved for outcome in outcomes)
    assert path.read_text() == "text 4"


def test_a_foreign_change_between_our_saves_is_never_overwritten(path):
    saver, outcomes = Saver(), []
    start = files.digest_of(path)
    ask(saver, path, "mine", start, 1, outcomes)
    assert saver.wait(WAIT)
    path.write_text("theirs")
    for expected in (start, outcomes[0].digest, None):
        ask(saver, path, "mine again", expected, 2, outcomes)
        assert saver.wait(WAIT)
        assert isinstance(outcomes[-1].error, ChangedOnDisk)
    assert path.read_text() == "theirs"
    ask(saver, path, "mine on purpose", files.digest_of(path), 3, outcomes)
    assert saver.wait(WAIT)
    assert path.read_text() == "mine on purpose"


def test_another_document_gains_nothing_from_our_saves(path):
    saver, outcomes = Saver(), []
    start = files.digest_of(path)
    ask(saver, path, "mine", start, 1, outcomes)
    assert saver.wait(WAIT)
    ask(saver, path, "another", start, 1, outcomes, document_id="two")
    assert saver.wait(WAIT)
    assert isinstance(outcomes[-1].error, ChangedOnDisk)


def test_a_failure_is_reported_and_the_thread_goes_on(path, tmp_path):
    saver, outcomes = Saver(), []
    ask(saver, tmp_path / "no" / "folder.md", "text", None, 1, outcomes)
    ask(saver, path, "text", files.digest_of(path), 1, outcomes, document_id="two")
    assert saver.wait(WAIT)
    failed, saved = outcomes
    assert isinstance(failed.error, SaveFailed)
    assert not failed.is_saved
    assert saved.is_saved


def test_a_mistake_nobody_foresaw_is_a_failed_save_too(path, monkeypatch):
    def fail(*_):
        raise MemoryError("no memory")

    monkeypatch.setattr(files, "write", fail)
    saver, outcomes = Saver(), []
    ask(saver, path, "text", None, 1, outcomes)
    assert saver.wait(WAIT)
    assert isinstance(outcomes[0].error, SaveFailed)


def test_a_mistake_in_a_callback_does_not_stop_later_saves(path, monkeypatch):
    reported = []
    monkeypatch.setattr(threading, "excepthook", reported.append)
    saver, outcomes = Saver(), []

    def broken(_):
        raise RuntimeError("a slot failed")

    saver.save("one", path, "a", FileForm(), files.digest_of(path), 1, broken)
    assert saver.wait(WAIT)
    ask(saver, path, "b", files.digest_of(path), 2, outcomes)
    assert saver.wait(WAIT)
    assert [arguments.exc_type for arguments in reported] == [RuntimeError]
    assert path.read_text() == "b"


def test_waiting_gives_up_after_its_time(path, monkeypatch):
    gate, saver, outcomes = Gate(monkeypatch), Saver(), []
    ask(saver, path, "text", files.digest_of(path), 1, outcomes)
    assert gate.entered.acquire(timeout=WAIT)
    assert not saver.wait(0.01)
    gate.open.set()
    assert saver.wait(WAIT)
    assert outcomes[0].is_saved
