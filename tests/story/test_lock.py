"""Two programs on one file: real processes, killed ones, other machines."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import msgspec
import pytest

from writer_app.errors import OpenElsewhere
from writer_app.story import lock
from writer_app.story.lock import Holder, acquire, lock_path

CHILD = """
    import sys
    from pathlib import Path
    from writer_app.story.lock import acquire
    held = acquire(Path(sys.argv[1]))
    print("held", flush=True)
    sys.stdin.read()
    held.release()
"""


@pytest.fixture
def story(tmp_path):
    path = tmp_path / "故事.md"
    path.write_text("text", "utf-8")
    return path


@pytest.fixture
def other(story):
    """Another process that has the file open."""
    command = [sys.executable, "-c", textwrap.dedent(CHILD), str(story)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout.readline() == b"held\n"
        yield child
        child.kill()


def test_the_second_one_is_told_who_is_first(story, other):
    with pytest.raises(OpenElsewhere) as told:
        acquire(story)
    here = Holder.here()
    params = told.value.params
    assert (params["machine"], params["user"], params["path"]) == (
        here.machine,
        here.user,
        story.name,
    )
    assert params["other"] == 0


def test_taking_over_by_force_does_not_work_against_a_living_process_here(story, other):
    with pytest.raises(OpenElsewhere):
        acquire(story, anyway=True)


def test_when_the_first_one_closes_the_next_may_write_and_nothing_is_left(story, other):
    other.stdin.close()
    other.wait(10)
    held = acquire(story)
    assert held.is_held
    held.release()
    held.release()
    assert list(story.parent.iterdir()) == [story]


def test_the_lock_of_a_process_that_was_killed_is_taken_over_without_a_word(story, other):
    other.send_signal(signal.SIGKILL)
    other.wait(10)
    assert lock_path(story).exists()
    held = acquire(story)
    assert held.is_held
    held.release()


def test_an_empty_or_broken_lock_file_is_nobodys(story):
    for content in (b"", b"\0\0", b"{}", b'{"pid": "x"}'):
        lock_path(story).write_bytes(content)
        held = acquire(story)
        assert held.is_held
        held.release()


def test_a_lock_that_came_from_another_machine_is_asked_about_and_can_be_taken_over(story):
    there = Holder("elsewhere-pc", "Ann", os.getpid(), 5.0, "2026-11-22T10:12:00+00:00")
    lock_path(story).write_bytes(msgspec.json.encode(there))
    with pytest.raises(OpenElsewhere) as told:
        acquire(story)
    assert (told.value.params["machine"], told.value.params["other"]) == ("elsewhere-pc", 1)
    held = acquire(story, anyway=True)
    assert held.is_held
    held.release()


def test_a_link_and_its_file_have_one_lock(story, tmp_path):
    link = tmp_path / "link.md"
    link.symlink_to(story)
    held = acquire(link)
    with pytest.raises(OpenElsewhere):
        acquire(story)
    held.release()


def test_a_name_too_long_for_a_lock_beside_it_has_one_all_the_same(tmp_path):
    path = tmp_path / ("雪" * 80 + ".md")
    path.write_text("text", "utf-8")
    held = acquire(path)
    assert held.is_held
    with pytest.raises(OpenElsewhere):
        acquire(path)
    held.release()


def test_where_no_lock_can_be_made_the_file_opens_all_the_same(tmp_path):
    held = acquire(tmp_path / "gone" / "a.md")
    assert not held.is_held
    held.release()


def test_where_the_file_system_knows_no_locks_a_process_that_lives_counts(story, monkeypatch):
    monkeypatch.setattr(lock, "_try_lock", lambda _descriptor: None)
    lock_path(story).write_bytes(msgspec.json.encode(Holder.here()))
    with pytest.raises(OpenElsewhere):
        acquire(story)
    gone = msgspec.structs.replace(Holder.here(), started=1.0)  # the same id, another process
    lock_path(story).write_bytes(msgspec.json.encode(gone))
    assert acquire(story).is_held


def test_many_processes_at_once_only_one_gets_it(story):
    script = """
        import sys
        from pathlib import Path
        from writer_app.errors import OpenElsewhere
        from writer_app.story.lock import acquire
        try:
            held = acquire(Path(sys.argv[1]))
        except OpenElsewhere:
            print("no", flush=True)
        else:
            print("yes", flush=True)
        sys.stdin.read()
    """
    command = [sys.executable, "-c", textwrap.dedent(script), str(story)]
    pipe = subprocess.PIPE
    children = [subprocess.Popen(command, stdin=pipe, stdout=pipe) for _ in range(5)]
    try:
        said = [child.stdout.readline().strip() for child in children]
    finally:
        for child in children:
            child.kill()
            child.communicate()
    assert sorted(said) == [b"no"] * 4 + [b"yes"]


def test_the_name_is_hidden_and_beside_the_file():
    assert lock_path(Path("/a/b.md")) == Path("/a/.b.md.longhand-lock")
