"""Any order of typing, streaming, undo, saving and crashes gives what a plain list of texts gives."""

import pytest
from hypothesis.stateful import invariant

from tests.faults.report import missed
from tests.faults.undo import STEPS, Undoing, sequences

pytestmark = pytest.mark.timeout(600)


def test_a_hundred_sequences_are_as_the_model(measure):
    figures = measure("undo")
    assert figures["wrong"] == []
    assert missed(figures) == []
    assert figures["undo_sequences"] >= 90


def test_ten_sequences_on_a_page_are_as_the_model(measure):
    figures = measure("undo_page")
    assert figures["wrong"] == []
    assert figures["undo_sequences"] >= 10


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize(("module", "least"), [("undo", 2_000), ("undo_page", 200)])
def test_two_thousand_sequences(measure, module, least):
    figures = measure(module, "full")
    assert figures["wrong"] == []
    assert figures["undo_sequences"] >= least


class ForgetsToGroup(Undoing):
    """An answer in pieces is a step for each piece."""

    def answer(self, start, pieces, *, kept):
        for piece in pieces:
            self.document.replace(start, start, piece, group=self.document.open_group())
            start += len(piece)
        if not kept:
            self.go_back()


class LosesTheJournal(Undoing):
    """The last change before a crash was not written down."""

    def crashes(self):
        for each in self.journals.glob("*.journal"):
            each.unlink()
        super().crashes()


class Halved(Undoing):
    """Undo stops half way."""

    def go_back(self):
        if self.document.length % 2:
            super().go_back()


@pytest.mark.parametrize("machine", [ForgetsToGroup, Halved])
def test_what_is_not_one_step_is_found_out(machine):
    figures = sequences(machine, 50, 1)
    assert figures["undo_mismatches"] == 1
    assert "Failing test case" in figures["wrong"][0]


def test_a_sequence_has_fifty_steps():
    steps = []

    class Counting(Undoing):
        @invariant()
        def is_counted(self):
            steps.append(1)

    figures = sequences(Counting, 5, 1)
    assert len(steps) > STEPS * 5
    assert figures["undo_mismatches"] == 0
