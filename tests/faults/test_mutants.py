"""A model file with anything wrong in it ends in a clear sentence or in a model that answers, never in our end."""

import sys

import pytest

from tests.faults import mutants


def check(figures, count):
    assert figures["gguf_mutants"] == count
    assert figures["gui_exits"] == 0
    assert figures["unclear_errors"] == 0, figures["unclear_mutants"]
    assert figures["engine_orphans"] == 0
    ends = figures["mutants_by_end"]
    assert ends["answers"], "files that nothing touched would be no test either"
    assert ends["ModelDamaged"] > count / 4


def test_sixty_mutants_are_each_a_sentence_or_a_working_model(starter, tmp_path):
    check(mutants.run(60, 1, tmp_path), 60)


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_two_thousand_mutants_are_each_a_sentence_or_a_working_model(starter, tmp_path):
    check(mutants.run(2_000, 2, tmp_path), 2_000)


def test_a_window_that_ends_is_counted_and_the_rest_is_loaded_all_the_same(tmp_path, monkeypatch):
    """What counts must be able to count: here the client ends the process that asks, at the third file."""
    source = (
        "import os, sys; from tests.faults import mutants\n"
        "tried = mutants._try\n"
        "mutants._try = lambda client, path: os.abort() if 'mutant 2.' in path else tried(client, path)\n"
        "mutants.main(*sys.argv[1:])"
    )
    start = mutants.subprocess.run

    def run(command, **more):
        return start([sys.executable, "-c", source, *command[3:]], **more)

    monkeypatch.setattr(mutants.subprocess, "run", run)
    figures = mutants.run(5, 1, tmp_path)
    assert figures["gui_exits"] == 1
    assert figures["gguf_mutants"] == 5
    assert figures["engine_orphans"] == 0
