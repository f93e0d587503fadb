"""The power is cut at any moment: what was called saved is there, and before that the old text."""

import os
import random
from functools import partial

import pytest

from tests.faults.disk import Choice, Disk, Op, contents
from tests.faults.judging import Subject
from tests.faults.powercut import cut_power
from tests.faults.recording import record
from tests.faults.report import missed
from tests.faults.subjects import NEW, OLD, RIGHTS, SUBJECTS

# The process of the tests may have threads, of which the child uses none.
pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
KEPT, LOST = Choice(keep=True), Choice()


def careless(*, syncs_file, syncs_folder):
    """A subject that replaces its file, and may forget to sync."""

    def act(path, say):
        say("held", OLD)
        say("may", NEW)
        temporary = path.with_suffix(".tmp")
        with temporary.open("wb") as file:
            file.write(NEW.encode())
            file.flush()
            if syncs_file:
                os.fsync(file.fileno())
        temporary.chmod(RIGHTS)
        temporary.replace(path)
        if syncs_folder:
            folder = os.open(path.parent, os.O_RDONLY)
            os.fsync(folder)
            os.close(folder)
        say("held", NEW)

    def prepare(folder):
        (folder / "story.md").write_text(OLD, "utf-8")
        return partial(act, folder / "story.md")

    def found(folder):
        return (folder / "story.md").read_text("utf-8", "replace")

    return Subject(prepare, found)


@pytest.fixture
def folder(tmp_path):
    return tmp_path.resolve() / "subject"


def cut(subject, folder, count=60):
    return cut_power("careless", subject, folder, count, random.Random(1))


def test_in_no_state_that_a_power_cut_leaves_is_anything_lost(measure):
    figures = measure("powercut")
    assert figures["wrong"] == []
    assert missed(figures) == []
    assert figures["powercut_states"] >= 500


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_ten_thousand_states(measure):
    figures = measure("powercut", "full")
    assert figures["wrong"] == []
    assert figures["powercut_states"] >= 10_000


def test_one_that_syncs_file_and_folder_passes(folder):
    figures = cut(careless(syncs_file=True, syncs_folder=True), folder)
    assert figures["wrong"] == []
    assert figures["powercut_states"] > 20


@pytest.mark.parametrize(("file", "in_folder"), [(False, True), (True, False)])
def test_one_that_forgets_to_sync_is_found_out(folder, file, in_folder):
    figures = cut(careless(syncs_file=file, syncs_folder=in_folder), folder)
    assert figures["powercut_violations"] > 0


def test_a_recording_replayed_whole_is_what_is_in_the_folder(folder):
    for name, subject in SUBJECTS.items():
        recording = record(subject, folder)
        disk = Disk(recording.before)
        for op in recording.ops:
            disk.take(op)
        assert disk.after_power_cut(KEPT) == contents(folder), name


def test_without_a_sync_everything_can_be_lost_and_with_one_nothing():
    disk = Disk({"a": b"old"})
    disk.take(Op("write", file=0, place=3, data=b" and new"))
    disk.take(Op("create", "b", file=7))
    assert disk.after_power_cut(LOST) == {"a": b"old"}
    assert disk.after_power_cut(KEPT) == {"a": b"old and new", "b": b""}
    disk.take(Op("sync", file=0))
    disk.take(Op("sync folder", "."))
    assert disk.after_power_cut(LOST) == {"a": b"old and new", "b": b""}


def test_a_name_in_a_folder_that_is_not_on_the_disk_is_lost_with_it():
    disk = Disk({})
    disk.take(Op("mkdir", "state"))
    disk.take(Op("create", "state/a", file=1))
    disk.take(Op("sync folder", "state"))
    assert disk.after_power_cut(LOST) == {}
    disk.take(Op("sync folder", "."))
    assert disk.after_power_cut(LOST) == {"state": None, "state/a": b""}


def test_a_file_keeps_what_it_holds_under_another_name():
    disk = Disk({"a": b"old"})
    disk.take(Op("create", "b", file=1))
    disk.take(Op("write", file=1, data=b"new"))
    disk.take(Op("rename", "b", "a"))
    disk.take(Op("sync folder", "."))
    assert disk.after_power_cut(LOST) == {"a": b""}, "the name can be there before its bytes"
    disk.take(Op("sync", file=1))
    assert disk.after_power_cut(LOST) == {"a": b"new"}
