"""Whose a text is stays known when it is split, and when it is joined with another."""

from pathlib import Path

import pytest

from writer_app.story import records
from writer_app.story.changes import Change, Origin
from writer_app.story.history import History
from writer_app.story.ledger import Ledger
from writer_app.story.lineage import appended, split_off
from writer_app.story.records import Header, Note, Saved

RUNS = (
    (5, "typed", "", False),
    (6, "model", "r1", False),
    (1, "model", "r2", True),
    (4, "pasted", "", False),
)
TEXT = "Typed" + "Model " + "林" + "Past"
NOTES = (Note("request", {"id": "r1", "model": "M"}), Note("request", {"id": "r2", "model": "N"}))


def log_of(text, runs, *entries):
    return records.replay(
        records.file_bytes(Header("x", "/a.md", text, "d", authors=runs), entries)
    )


def runs_of(log):
    changes = [each for each in log.entries if isinstance(each, Change)]
    return Ledger.of(log.header, changes).runs


@pytest.mark.parametrize(
    ("offset", "runs", "requests"),
    [(0, RUNS, 2), (8, ((3, "model", "r1", False), *RUNS[2:]), 2), (12, RUNS[3:], 0), (16, (), 0)],
)
def test_the_end_of_a_text_is_whose_it_was(tmp_path, offset, runs, requests):
    made = split_off(
        log_of(TEXT, RUNS, *NOTES), offset, Saved("d2", "/b.md", Header("", "", "").form)
    )
    assert (made.text, runs_of(made)) == (TEXT[offset:], runs)
    assert sum(isinstance(each, Note) for each in made.entries) == requests
    history = History(tmp_path)
    history.keep(made)
    kept = history.take(Path("/b.md"), TEXT[offset:], "d2")
    assert (runs_of(kept) if kept else ()) == runs


@pytest.mark.parametrize("between", ["", "\n\n"])
def test_a_text_put_behind_another_is_whose_it_was(between):
    changes, notes = appended(3, between, TEXT, log_of(TEXT, RUNS, *NOTES))
    made = log_of("Own", ((3, "model", "r0", False),)).and_then(*notes, *changes)
    assert made.text == "Own" + between + TEXT
    own = [(3, "model", "r0", False)]
    typed = [(5 + len(between), "typed", "", False)]
    assert [*runs_of(made)] == [*own, *typed, *RUNS[1:]]
    assert notes == list(NOTES)


def test_what_nobody_knows_of_is_imported():
    changes, notes = appended(0, "", "Text", None)
    assert [(each.inserted, each.origin) for each in changes] == [("Text", Origin.IMPORTED)]
    assert notes == []
