"""What the writer writes is nowhere but where she put it."""

import os
import subprocess
import sys

import pytest

from tests.faults import canary
from tests.faults.canary import PHRASES, found, in_calls, in_files, in_processes

pytestmark = pytest.mark.timeout(600)


def test_no_phrase_gets_out_through_crashes_logs_arguments_or_temporary_files(measure):
    assert measure("canary")["wrong"] == []


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_nor_in_twenty_windows(measure):
    assert measure("canary", "full")["wrong"] == []


def test_a_phrase_in_a_log_is_found(tmp_path):
    log = tmp_path / "state" / "longhand" / "errors.log"
    log.parent.mkdir(parents=True)
    log.write_text(f"ValueError: {PHRASES['note']}", "utf-8")
    (tmp_path / "story.md").write_text(PHRASES["document"], "utf-8")
    assert list(in_files(tmp_path)) == ["note in state/longhand/errors.log"]


@pytest.mark.parametrize(
    ("target", "hits"),
    [
        ("/tmp/x", 1),
        ("socket:[77]", 1),
        ("HOME/cache/longhand/x", 1),
        ("pipe:[77]", 0),
        ("HOME/story.md", 0),
    ],
)
def test_a_phrase_written_elsewhere_is_found_though_the_file_is_gone(tmp_path, target, hits):
    log = tmp_path / "log"
    target = target.replace("HOME", str(tmp_path))
    log.write_text(f'77 write(5<{target}>, "a {PHRASES["token"]} b", 24) = 24\n', "utf-8")
    assert len(list(in_calls(tmp_path, log))) == hits


def test_a_phrase_in_the_environment_of_a_process_is_found():
    with subprocess.Popen(
        [sys.executable, "-c", "input()", "an argument"],
        env=os.environ | {"LEAK": PHRASES["note"]},
        stdin=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        assert list(in_processes(process.pid)) == ["note in a process"]
        process.stdin.write(b"\n")


def test_a_phrase_is_found_as_utf_16_too():
    assert found(PHRASES["token"].encode("utf-16-le")) == ["token"]
    assert found(b"nothing of hers") == []
    assert canary.run(0, 0, None) == {"canary_hits": 0, "wrong": []}
