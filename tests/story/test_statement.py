"""The authorship statement says what the logs say, and of texts without one that nobody knows."""

import hashlib
import json

import msgspec
import pytest

from writer_app import language
from writer_app.story import files
from writer_app.story.changes import Origin
from writer_app.story.history import History
from writer_app.story.journal import Journal
from writer_app.story.opening import open_file
from writer_app.story.project import Project
from writer_app.story.records import Note
from writer_app.story.statement import as_json, as_markdown, gather
from writer_app.story.tree import Item, Kind, Section, Tree

DAY = 86_400.0
NOW = 20_000 * DAY


@pytest.fixture
def project(tmp_path):
    """A project of three chapters, in the second of which somebody types, pastes and asks a model."""
    folder = tmp_path / "book"
    folder.mkdir()
    project = Project(folder.resolve())
    named = (("one", "One", "Was there.\n"), ("two", "Two | [2]", "Begun. "), ("gone", "Gone", "x"))
    items = [
        Item(id=id_, kind=Kind.CHAPTER, title=title, file=project.create(id_, text))
        for id_, title, text in named
    ]
    note = Item(id="note", kind=Kind.NOTE, section=Section.NOTES, file=project.create("note", "no"))
    project.tree = Tree((*items, note))
    project.save()
    (folder / project.tree["gone"].file).unlink()
    return project


def work(project, tmp_path):
    path = project.path(project.tree["two"].file)
    kept = History(tmp_path / "history")
    journal = Journal(tmp_path / "journal", kept, max_age=0.01)
    opening = open_file(path, kept)
    document = opening.document(path)
    journal.follow(document)
    document.replace(7, 7, "Typed 雪😀. ")
    end = document.length
    document.replace(end, end, "Pasted. ", origin=Origin.PASTED)
    document.annotate(Note("request", {"id": "a", "model": "Small", "at": NOW - 3 * DAY}))
    document.annotate(Note("request", {"id": "b", "model": "Big", "at": NOW - DAY}))
    for said, source in (("It was dark. ", "a"), ("All was still.", "b")):
        end = document.length
        document.replace(
            end, end, said, origin=Origin.MODEL, group=document.open_group(), source=source
        )
    at = document.text.index("dark")
    document.replace(at, at + 4, "grey")
    document.digest = files.write(path, document.text, document.form, document.digest)
    document.mark_saved(document.revision)
    journal.note_save(document, document.revision)
    journal.forget(document)
    journal.close()
    opening.let_go()
    return kept, document.text


def test_every_character_is_counted_where_it_came_from(project, tmp_path):
    kept, text = work(project, tmp_path)
    statement = gather(project, kept, now=NOW)
    one, two, gone = statement.parts
    assert two.sha256 == hashlib.sha256(text.encode()).hexdigest()
    assert two.counts.total == len(text)
    found = msgspec.structs.asdict(two.counts)
    assert found == {
        "typed": len("Typed 雪😀. ") + len("grey"),
        "pasted": len("Pasted. "),
        "imported": len("Begun. "),
        "ai": len("All was still."),
        "ai_edited": len("It was ") + len(". "),
        "unknown": 0,
    }
    assert (two.requests, two.models) == (2, ("Big", "Small"))
    assert (two.first_day, two.last_day) == ("2024-10-01", "2024-10-03")
    assert two.log_sha256
    assert (one.counts.unknown, one.log_sha256) == (len("Was there.\n"), "")
    assert (gone.problem, gone.sha256) == ("FileMissing", "")
    assert statement.counts.total == len(text) + len("Was there.\n")


def test_what_another_program_wrote_since_is_imported(project, tmp_path):
    kept, text = work(project, tmp_path)
    path = project.path(project.tree["two"].file)
    path.write_text(text + "\nFrom elsewhere.", "utf-8")
    two = gather(project, kept, now=NOW).parts[1]
    assert two.counts.imported == len("Begun. ") + len("\nFrom elsewhere.")


def test_kept_states_tell_of_days_of_work_too(project, tmp_path):
    kept, _text = work(project, tmp_path)
    statement = gather(project, kept, lambda _path: [NOW - 9 * DAY, NOW], now=NOW)
    assert (statement.parts[1].first_day, statement.parts[1].last_day) == (
        "2024-09-25",
        "2024-10-04",
    )
    assert statement.parts[0].first_day == ""


def test_json_and_markdown_say_the_same_and_what_it_proves(project, tmp_path):
    kept, _text = work(project, tmp_path)
    statement = gather(project, kept, now=NOW)
    said = json.loads(json.dumps(as_json(statement)))
    assert said["totals"]["characters"] == statement.counts.total
    assert [part["known"] for part in said["parts"]] == [False, True, False]
    assert sum(said["shares"].values()) == pytest.approx(1, abs=0.001)
    shown = as_markdown(statement)
    assert said["parts"][1]["sha256"] in shown
    assert said["proof"] in shown
    assert "Two \\| \\[2\\]" in shown
    assert "2 requests to models (Big, Small)" in shown
    assert "its origin is unknown" in shown


def test_it_speaks_chinese(project, tmp_path):
    kept, _text = work(project, tmp_path)
    language.use("zh_CN")
    shown = as_markdown(gather(project, kept, now=NOW))
    assert "创作来源声明" in shown
    assert "Authorship" not in shown
