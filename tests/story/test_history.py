"""Undo goes on after a restart, after a crash and after another program, and authorship with it."""

import os
import random
import stat

import pytest

from writer_app.story import files, history, records
from writer_app.story.changes import Change, Origin
from writer_app.story.document import Document
from writer_app.story.history import History
from writer_app.story.journal import Journal
from writer_app.story.ledger import Ledger
from writer_app.story.opening import open_file
from writer_app.story.records import Note

WAIT = 10.0


@pytest.fixture
def places(tmp_path):
    return tmp_path / "journal", tmp_path / "history"


@pytest.fixture
def sitting(places):
    """Opens a file, lets it be worked on, and closes it: one start of the program."""

    def sit(path, work):
        kept = History(places[1])
        journal = Journal(places[0], kept, max_age=0.01)
        opening = open_file(path, kept)
        document = opening.document(path)
        journal.follow(document)
        work(document, lambda: save(document, journal))
        journal.forget(document)
        journal.close()
        opening.let_go()
        return document

    return sit


def save(document, journal):
    text, revision = document.text, document.revision
    document.digest = files.write(document.path, text, document.form, document.digest)
    document.mark_saved(revision)
    journal.note_save(document, revision)


def all_undone(document):
    texts = [document.text]
    while document.undo():
        texts.append(document.text)
    return texts


@pytest.fixture
def story(tmp_path):
    path = tmp_path / "story.md"
    path.write_text("one 雪\n", "utf-8")
    return path


def test_undo_and_redo_go_on_in_the_next_session(sitting, story):
    def first(document, save):
        document.replace(3, 3, " two", group=document.open_group())
        document.replace(0, 0, "😀 ", group=document.open_group())
        document.undo()
        save()

    def second(document, _save):
        assert (document.text, document.is_changed) == ("one two 雪\n", False)
        document.redo()
        assert document.text == "😀 one two 雪\n"
        assert all_undone(document)[-1] == "one 雪\n"
        assert document.is_changed

    sitting(story, first)
    sitting(story, second)


def test_what_was_not_saved_and_not_wanted_is_gone_with_its_steps(sitting, story):
    def first(document, save):
        document.replace(0, 3, "ONE", group=document.open_group())
        save()
        document.replace(0, 3, "away with it", group=document.open_group())

    sitting(story, first)
    document = sitting(story, lambda *_: None)
    assert document.text == "ONE 雪\n"
    assert all_undone(document) == ["ONE 雪\n", "one 雪\n"]
    assert not document.can_undo


def test_typing_that_a_save_came_too_early_for_is_not_taken_for_saved(places, story):
    kept = History(places[1])
    journal = Journal(places[0], kept)
    opening = open_file(story)
    document = opening.document(story)
    journal.follow(document)
    document.replace(0, 0, "a", group=document.open_group())
    revision, text = document.revision, document.text
    document.replace(0, 0, "b", group=document.open_group())
    document.digest = files.write(story, text, document.form, document.digest)
    document.mark_saved(revision)
    journal.note_save(document, revision)
    journal.forget(document)
    journal.close()
    opening.let_go()
    again = open_file(story, kept).document(story)
    assert (again.text, again.is_changed) == ("aone 雪\n", False)
    assert all_undone(again) == ["aone 雪\n", "one 雪\n"]


def test_what_another_program_did_in_between_is_one_more_step(sitting, story):
    def first(document, save):
        document.replace(0, 3, "ONE", group=document.open_group())
        save()

    sitting(story, first)
    story.write_text("ONE and more 雪\n", "utf-8")
    document = sitting(story, lambda *_: None)
    assert all_undone(document) == ["ONE and more 雪\n", "ONE 雪\n", "one 雪\n"]


def test_bytes_that_are_read_as_another_text_now_are_not_taken_for_unsaved(sitting, tmp_path):
    path = tmp_path / "old.txt"
    path.write_bytes(b"one\r\ntwo\nthree\r")

    def break_the_last_line(document, save):
        document.replace(document.length, document.length, "\n")  # behind a lone CR that makes CRLF
        save()

    sitting(path, break_the_last_line)
    document = sitting(path, lambda _document, _save: None)
    assert not document.is_changed
    assert document.text == "one\ntwo\nthree\n"


def test_a_file_never_seen_has_nothing_to_undo(sitting, story):
    document = sitting(story, lambda *_: None)
    assert not document.can_undo
    assert document.past is None


def test_a_document_that_was_only_read_leaves_no_log(sitting, story, places):
    sitting(story, lambda *_: None)
    assert not places[1].exists()


def test_a_damaged_log_costs_only_the_undo_steps(sitting, story, places):
    def first(document, save):
        document.replace(0, 0, "x")
        save()

    sitting(story, first)
    (log,) = places[1].iterdir()
    for data in (b"", b"\0" * 100, log.read_bytes()[:-3]):
        log.write_bytes(data)
        document = open_file(story, History(places[1])).document(story)
        assert (document.text, document.can_undo) == ("xone 雪\n", False)


def test_only_the_user_can_read_it_whatever_the_umask(sitting, story, places):
    def first(document, save):
        document.replace(0, 0, "x")
        save()

    old = os.umask(0)
    try:
        sitting(story, first)
    finally:
        os.umask(old)
    (log,) = places[1].iterdir()
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    assert stat.S_IMODE(places[1].stat().st_mode) == 0o700


def test_the_longest_unused_logs_go_when_there_are_too_many(places, tmp_path, sitting):
    def first(document, save):
        document.replace(0, 0, "x" * 5_000)
        save()

    paths = [tmp_path / f"{number}.md" for number in range(3)]
    for path in paths:
        path.write_text("text", "utf-8")
        sitting(path, first)
    kept = History(places[1], most_bytes=15_000)
    for age, path in enumerate(paths):
        os.utime(kept._place(path), (1_000 - age, 1_000 - age))
    kept._make_room()
    assert [open_file(path, kept).past is not None for path in paths] == [True, True, False]


def test_a_log_that_grew_too_long_keeps_the_text_the_last_steps_and_all_authors(
    sitting, story, places, monkeypatch
):
    monkeypatch.setattr(history, "MOST_OF_ONE", 1_000)
    monkeypatch.setattr(history, "STEPS_KEPT", 3)

    def first(document, save):
        for number in range(40):
            origin = Origin.MODEL if number % 2 else Origin.TYPED
            document.replace(
                document.length,
                document.length,
                f"{number} ",
                origin=origin,
                group=document.open_group(),
                source=origin.value,
            )
        document.annotate(Note("request", {"id": "model"}))
        document.annotate(Note("versions", {"span": [0, 1]}))
        save()

    before = sitting(story, first)
    authors = Ledger.of(records.Header("", "", "one 雪\n"), before.log.records).runs
    opening = open_file(story, History(places[1]))
    document = opening.document(story)
    assert document.text == before.text
    assert Ledger.of(opening.past.header, document.log.records).runs == authors
    assert [each.kind for each in opening.past.entries if isinstance(each, Note)] == ["request"]
    assert len(all_undone(document)) == 4


def test_the_log_after_a_crash_has_the_steps_of_the_session_before_too(sitting, story, places):
    def first(document, save):
        document.replace(0, 3, "ONE", group=document.open_group())
        save()

    sitting(story, first)
    kept = History(places[1])
    journal = Journal(places[0], kept, max_age=0.01)
    document = open_file(story, kept).document(story)
    journal.follow(document)
    document.replace(0, 3, "two", group=document.open_group())
    assert journal.flush(WAIT)
    (path,) = places[0].iterdir()
    log = records.replay(path.read_bytes())
    journal.close()
    restored = Document.continued(log, story)
    assert restored.is_changed
    assert all_undone(restored) == ["two 雪\n", "ONE 雪\n", "one 雪\n"]


def test_any_session_of_edits_comes_back_with_the_same_steps(sitting, tmp_path):
    rng = random.Random(5)
    for number in range(15):
        path = tmp_path / f"{number}.md"
        path.write_text("Es war 雪😀\n", "utf-8")
        wanted = []

        def work(document, save, wanted=wanted):
            for _ in range(rng.randint(1, 30)):
                roll = rng.random()
                if roll < 0.2:
                    document.undo()
                elif roll < 0.3:
                    document.redo()
                elif roll < 0.4:
                    save()
                else:
                    start = rng.randint(0, document.length)
                    end = min(document.length, start + rng.choice((0, 0, 1, 3)))
                    document.replace(start, end, rng.choice(("a", "雪", "😀b", "", "\n")))
            save()
            wanted.append(document)

        sitting(path, work)
        again = sitting(path, lambda *_: None)
        assert all_undone(again) == all_undone(wanted[0])


def test_changes_keep_who_asked_for_them(sitting, story, places):
    def first(document, save):
        document.replace(0, 0, "Said. ", origin=Origin.MODEL, source="abc")
        document.annotate(Note("request", {"id": "abc", "model": "m", "seed": 3}))
        save()

    sitting(story, first)
    past = open_file(story, History(places[1])).past
    note, change, _saved = past.entries
    assert isinstance(change, Change)
    assert (change.origin, change.source) == (Origin.MODEL, "abc")
    assert note.data["seed"] == 3


def test_a_long_day_of_typing_opens_as_few_records(sitting, story, places):
    def first(document, save):
        for number, character in enumerate("It was a bright cold day in April. " * 40):
            document.replace(number, number, character)
            if number % 300 == 0:
                save()
        save()

    before = sitting(story, first)
    past = open_file(story, History(places[1])).past
    assert past.changes == len(before.log.records) < 100
    assert sum(isinstance(entry, records.Saved) for entry in past.entries) == 1
