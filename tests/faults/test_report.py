"""The report adds up, goes on where it stopped, and says what is missed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults import report
from tests.faults.report import PARTS, Amount, Part, Sums, do, missed, together

KEYS = {
    *("kills", "documents_lost", "max_seconds_lost", "save_kill_points", "partial_files"),
    *("errno_points", "false_saved", "powercut_states", "powercut_violations"),
    *("gguf_mutants", "gui_exits", "unclear_errors", "engine_kills", "streamed_text_lost"),
    *("inet_sockets", "canary_hits", "undo_sequences", "undo_mismatches"),
    *("monkey_events", "monkey_crashes", "ui_stall_ms_max", "ui_stall_ms_p99"),
}
PART = Part("made_up", ("tried", "made_up_ms_max"), full=Amount(3, 10))


class Pieces:
    """A part that stops once."""

    def __init__(self, stops_at=None):
        self.stops_at, self.seeds = stops_at, []

    def run(self, count, seed, folder):
        assert folder.is_dir()
        if seed == self.stops_at:
            self.stops_at = None
            raise KeyboardInterrupt
        self.seeds.append(seed)
        return {"tried": count, "made_up_ms_max": [5.0, 9.0, 1.0][seed], "wrong": [f"{seed}"]}


@pytest.fixture
def pieces(monkeypatch):
    made = Pieces()
    monkeypatch.setattr(report.importlib, "import_module", lambda _name: made)
    return made


def test_every_goal_has_a_part():
    keys = {key for part in PARTS for key in part.keys}
    assert keys >= KEYS
    assert set(report.GOALS) <= KEYS


def test_counts_are_added_and_of_worst_cases_the_worst_counts(pieces):
    assert do(PART, Sums("full")) == {"tried": 30, "made_up_ms_max": 9.0}
    assert pieces.seeds == [0, 1, 2]
    assert together([{"max_seconds_lost": 0.4}, {"max_seconds_lost": 0.2}]) == {
        "max_seconds_lost": 0.4
    }


def test_a_run_that_was_interrupted_goes_on_where_it_stopped(pieces, tmp_path):
    state = tmp_path / "state.json"
    pieces.stops_at = 1
    with pytest.raises(KeyboardInterrupt):
        do(PART, Sums("full", state))
    assert do(PART, Sums("full", state)) == {"tried": 30, "made_up_ms_max": 9.0}
    assert pieces.seeds == [0, 1, 2]
    assert Sums("full", state).of(PART)["wrong"] == ["0", "1", "2"]
    assert Sums("ci", state).of(PART)["done"] == 0


def test_a_missed_goal_is_named():
    assert missed({"kills": 7, "documents_lost": 1, "max_seconds_lost": 1.0}) == [
        "documents_lost is 1, not 0 at most"
    ]


def test_it_prints_one_flat_object_and_what_it_cannot_have_is_null():
    ran = subprocess.run(
        [sys.executable, "-m", "tests.faults.report", "--json", "--only", "powercut"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    (line,) = ran.stdout.splitlines()
    assert json.loads(line)["powercut_violations"] == 0


def test_without_strace_it_fails():
    ran = subprocess.run(
        [sys.executable, "-m", "tests.faults.report", "--only", "powercut"],
        cwd=Path(__file__).parents[2],
        env=os.environ | {"PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 1
    assert ran.stdout == ""
    assert "strace" in ran.stderr


def test_a_part_that_is_not_there_is_null_with_the_reason(monkeypatch, capsys):
    monkeypatch.setattr(report, "PARTS", (PART,))
    monkeypatch.setattr(sys, "argv", ["report", "--json"])
    assert report.main() == 0
    said = json.loads(capsys.readouterr().out)
    assert said["tried"] is None
    assert "made_up" in said["tried_why"]
