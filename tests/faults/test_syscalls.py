"""Killed or refused at any system call, a save is old or new, and nobody is told otherwise."""

import os
from functools import partial

import pytest

from tests.faults import syscalls
from tests.faults.judging import Subject, judge
from tests.faults.report import missed
from tests.faults.subjects import NEW, OLD, SUBJECTS
from tests.faults.syscalls import cut_short, is_clear, kill_everywhere, refuse_everywhere
from tests.faults.traced import perform
from writer_app.errors import SaveFailed

# The process of the tests may have threads, of which the child uses none.
pytestmark = [
    pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning"),
    pytest.mark.timeout(600),
]


def careless(write):
    """A subject that writes its file by ``write(path, say)`` after saying what it is about to do."""

    def act(path, say):
        say("held", OLD)
        say("may", NEW)
        write(path, say)

    def prepare(folder):
        (folder / "story.md").write_text(OLD, "utf-8")
        return partial(act, folder / "story.md")

    return Subject(prepare, lambda folder: (folder / "story.md").read_text("utf-8"), ("*.tmp",))


def truncating(path, say):
    path.write_text(NEW, "utf-8")
    say("held", NEW)


def trusting(path, say):
    """Replaces the file well, and never asks whether its bytes are on the disk."""
    temporary = path.with_suffix(".tmp")
    try:
        temporary.write_text(NEW, "utf-8")
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
    say("held", NEW)


def gruff(path, say):
    """Says no more than the system does."""
    temporary = path.with_suffix(".tmp")
    try:
        temporary.write_text(NEW, "utf-8")
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        say("told", os.strerror(error.errno))
    else:
        say("held", NEW)


@pytest.fixture
def folder(tmp_path):
    return tmp_path.resolve() / "subject"


def test_killed_or_refused_at_every_call_nothing_is_lost_and_nothing_is_called_saved_that_is_not(
    measure,
):
    figures = measure("syscalls")
    assert figures["wrong"] == []
    assert missed(figures) == []
    assert figures["save_kill_points"] > 150
    assert figures["errno_points"] > 400


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_every_error_at_every_call_of_every_subject(measure):
    figures = measure("syscalls", "full")
    assert figures["wrong"] == []
    assert figures["errno_points"] > 1_500


def test_a_writer_that_truncates_is_found_out(folder):
    figures = kill_everywhere("truncating", careless(truncating), folder)
    assert figures["partial_files"] > 0
    assert any("write 1" in each for each in figures["wrong"])


def test_a_writer_that_takes_errors_for_success_is_found_out(folder):
    figures = refuse_everywhere("trusting", careless(trusting), folder, ["ENOSPC"])
    assert figures["false_saved"] > 0


def test_a_write_that_stops_in_its_midst_is_one_that_fails(folder):
    figures = cut_short("truncating", careless(truncating), folder, step=500)
    assert figures["errno_points"] > 1
    assert figures["partial_files"] == figures["errno_points"]


def test_a_sentence_of_the_system_alone_is_found_out(folder):
    figures = refuse_everywhere("gruff", careless(gruff), folder, ["EDQUOT"])
    assert any("says no more" in each for each in figures["wrong"])
    assert not is_clear(os.strerror(28))
    assert is_clear(SaveFailed.sentence)


def test_litter_is_found_out(folder):
    def untidy(path, say):
        path.with_suffix(".tmp").write_text(NEW, "utf-8")
        path.with_suffix(".tmp").replace(path)
        say("held", NEW)

    subject = careless(lambda path, say: (path.with_suffix(".tmp").touch(), untidy(path, say)))
    run = perform(subject, folder, ("-e", "trace=rename", "-e", "inject=rename:error=EIO:when=1"))
    assert "(INJECTED)" in run.log
    assert syscalls.littered(subject, folder) == ["story.tmp"]


def test_an_operation_that_is_not_disturbed_does_what_it_says(folder):
    for name, subject in SUBJECTS.items():
        run = perform(subject, folder, ("-e", "trace=none"))
        assert run.status == 0, (name, run.said)
        assert judge(subject, folder, run.said) == "", name
        assert syscalls.is_done(run.said), name
