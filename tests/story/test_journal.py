"""The crash journal, killed and damaged in every way that can be staged."""

import errno
import os
import random
import shutil
import signal
import stat
import subprocess
import sys
import textwrap
import threading

import pytest

from writer_app.errors import JournalFailed, LogUnreadable
from writer_app.story import files, records, recovery
from writer_app.story.changes import Change, Origin
from writer_app.story.document import Document
from writer_app.story.form import FileForm
from writer_app.story.journal import Journal

WAIT = 10.0


@pytest.fixture
def crash(tmp_path):
    """Copies a journal folder as a crash at this moment would leave it."""
    count = 0

    def copy(folder):
        nonlocal count
        count += 1
        target = tmp_path / f"crash{count}"
        target.mkdir()
        for path in folder.glob("*"):
            (target / path.name).write_bytes(path.read_bytes())
        return target

    return copy


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "state" / "journal"


@pytest.fixture
def running(folder):
    made = Journal(folder, max_age=0.01, retry=0.01)
    yield made
    made.close()


def opened(path, text):
    path.write_text(text, encoding="utf-8")
    found = files.read(path)
    return Document(found.text, path, form=found.form, digest=found.digest)


def test_untitled_text_comes_back(running, folder, crash):
    document = Document()
    running.follow(document)
    for number, character in enumerate("Once 😀 upon 雪"):
        document.replace(number, number, character)
    assert running.flush(WAIT)
    (found,) = recovery.pending(crash(folder))
    assert (found.text, found.path, found.damaged) == ("Once 😀 upon 雪", None, False)
    assert found.document_id == document.id


def test_text_of_a_file_comes_back_with_undo_and_redo_in_it(running, folder, crash, tmp_path):
    document = opened(tmp_path / "a.md", "It was a day.\r\n")
    running.follow(document)
    document.replace(9, 12, "night", origin=Origin.MODEL)
    document.replace(0, 2, "He")
    document.undo()
    document.redo()
    document.undo()
    assert running.flush(WAIT)
    (found,) = recovery.pending(crash(folder))
    assert found.text == document.text == "It was a night.\n"
    assert (found.path, found.base_digest) == (tmp_path / "a.md", document.digest)
    assert found.form.newline == files.Newline.CRLF


def test_a_document_that_was_only_read_leaves_nothing(running, folder, tmp_path):
    running.follow(opened(tmp_path / "a.md", "text"))
    assert running.flush(WAIT)
    assert not folder.exists()


def test_untitled_text_is_protected_from_the_moment_it_is_there(running, folder, crash):
    running.follow(Document("pasted from elsewhere"))
    assert running.flush(WAIT)
    assert [found.text for found in recovery.pending(crash(folder))] == ["pasted from elsewhere"]


def test_the_journal_of_a_living_process_is_not_offered(running, folder):
    document = Document()
    running.follow(document)
    document.replace(0, 0, "a")
    assert running.flush(WAIT)
    assert len(list(folder.iterdir())) == 1
    assert recovery.pending(folder) == []
    assert len(list(folder.iterdir())) == 1


def test_what_is_in_its_file_already_is_not_offered(running, folder, crash, tmp_path):
    document = opened(tmp_path / "a.md", "old")
    running.follow(document)
    document.replace(0, 3, "new")
    assert running.flush(WAIT)
    left = crash(folder)
    (tmp_path / "a.md").write_text("new", encoding="utf-8")
    assert recovery.pending(left) == []
    assert list(left.iterdir()) == []


def test_a_log_whose_first_change_was_torn_offers_no_old_text_over_a_newer_file(
    running, folder, crash, tmp_path
):
    """Killed between a save and the log's own record of it, on a disk that was slow to take the log."""
    document = opened(tmp_path / "a.md", "old")
    running.follow(document)
    document.replace(0, 3, "new")
    assert running.flush(WAIT)
    left = crash(folder)
    (path,) = left.iterdir()
    path.write_bytes(path.read_bytes()[:-5])
    (tmp_path / "a.md").write_text("new", encoding="utf-8")
    assert recovery.pending(left) == []
    assert (tmp_path / "a.md").read_text("utf-8") == "new"


def save(document, journal, revision=None):
    """As the window does it."""
    revision = document.revision if revision is None else revision
    text = document.text
    document.digest = files.write(document.path, text, document.form, document.digest)
    document.mark_saved(revision)
    journal.note_save(document, revision)


def test_what_was_saved_is_not_offered_and_what_came_after_it_is(running, folder, crash, tmp_path):
    document = opened(tmp_path / "a.md", "old")
    running.follow(document)
    document.replace(0, 3, "new")
    save(document, running)
    assert running.flush(WAIT)
    assert recovery.pending(crash(folder)) == []
    document.replace(3, 3, "er")
    assert running.flush(WAIT)
    (found,) = recovery.pending(crash(folder))
    assert found.text == "newer"
    assert len(found.journals) == 1
    restored = found.document()
    assert restored.is_changed
    restored.undo()
    assert (restored.text, restored.is_changed) == ("new", False)
    restored.undo()
    assert (restored.text, restored.is_changed) == ("old", True)


def test_typing_during_a_save_stays_protected(running, folder, crash, tmp_path):
    document = opened(tmp_path / "a.md", "old")
    running.follow(document)
    document.replace(3, 3, "er")
    saved = document.revision
    document.replace(5, 5, "!")
    document.mark_saved(saved)
    running.note_save(document, saved)
    assert running.flush(WAIT)
    (found,) = recovery.pending(crash(folder))
    assert found.text == "older!"
    assert found.document().is_changed


def test_a_forgotten_document_leaves_nothing_and_is_followed_no_more(running, folder):
    document = Document()
    running.follow(document)
    document.replace(0, 0, "a")
    assert running.flush(WAIT)
    running.forget(document)
    document.replace(0, 0, "b")
    assert running.flush(WAIT)
    assert list(folder.iterdir()) == []


def test_closing_writes_what_is_left_and_keeps_it(folder):
    made = Journal(folder, max_age=100)
    document = Document()
    made.follow(document)
    document.replace(0, 0, "kept for tomorrow")
    made.close()
    assert [found.text for found in recovery.pending(folder)] == ["kept for tomorrow"]


def test_discarding_removes_the_journal(folder):
    made = Journal(folder)
    made.follow(Document("text"))
    made.close()
    (found,) = recovery.pending(folder)
    recovery.discard(found)
    assert list(folder.iterdir()) == []


def test_only_the_user_can_read_it(running, folder):
    running.follow(Document("private"))
    assert running.flush(WAIT)
    (path,) = folder.iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_change_is_on_disk_in_time_although_changes_never_pause(folder):
    made = Journal(folder, max_age=0.02)
    document = Document()
    made.follow(document)
    on_disk = threading.Event()
    for _ in range(20_000):
        document.replace(document.length, document.length, "a")
        if folder.is_dir() and any(folder.iterdir()):
            on_disk.set()
            break
    made.close()
    assert on_disk.is_set()


def journal_of_edits(folder, count=12):
    """A journal closed in the middle of work, and the texts after each of its records."""
    made = Journal(folder)
    document = Document("base 雪\n")
    texts = [document.text]
    made.follow(document)
    document.subscribe(lambda _: texts.append(document.text))
    rng = random.Random(7)
    for _ in range(count):
        start = rng.randint(0, document.length)
        end = min(document.length, start + rng.choice((0, 1, 2)))
        document.replace(start, end, rng.choice(("a", "😀", "雪花", "")))
        if rng.random() < 0.3:
            document.undo()
    made.close()
    (path,) = folder.glob("*" + records.SUFFIX)
    return path, texts


def test_cut_at_every_byte_it_gives_the_text_as_it_was_at_that_moment(folder):
    path, texts = journal_of_edits(folder)
    data = path.read_bytes()
    whole = records.replay(data)
    assert (whole.text, whole.changes, whole.whole) == (texts[-1], len(texts) - 1, True)
    last = -1
    for cut in range(len(data)):
        found = records.replay(data[:cut])
        if found is None:
            assert last == -1, "a longer journal never gives less"
            continue
        assert found.text == texts[found.changes]
        assert found.changes >= last
        last = found.changes
    assert last == len(texts) - 2


def test_a_flipped_bit_anywhere_never_gives_a_text_that_never_was(folder):
    path, texts = journal_of_edits(folder)
    data = path.read_bytes()
    for place in range(len(data)):
        spoiled = bytearray(data)
        spoiled[place] ^= 1 << (place % 8)
        found = records.replay(bytes(spoiled))
        if found is not None:
            assert found.text == texts[found.changes]
            assert not found.whole


def test_a_damaged_journal_is_recovered_as_far_as_it_goes_and_kept_aside(folder):
    path, texts = journal_of_edits(folder)
    path.write_bytes(path.read_bytes()[:-3])
    (found,) = recovery.pending(folder)
    assert (found.text, found.damaged) == (texts[-2], True)
    recovery.discard(found)
    assert [left.suffix for left in folder.iterdir()] == [recovery.DAMAGED_SUFFIX]
    assert recovery.pending(folder) == []


def test_a_journal_without_a_beginning_is_kept_aside(folder):
    path, _ = journal_of_edits(folder)
    path.write_bytes(b"\0" * 500)
    told = []
    assert recovery.pending(folder, failed=told.append) == []
    (left,) = folder.iterdir()
    assert left.suffix == recovery.DAMAGED_SUFFIX
    assert [(type(error), error.params["path"]) for error in told] == [(LogUnreadable, str(left))]


def test_a_journal_that_was_killed_in_its_beginning_is_not_worth_a_word(folder):
    path, _ = journal_of_edits(folder)
    whole = path.read_bytes()
    told = []
    for length in (0, 3, len(records.MARK), len(records.MARK) + 5, len(records.MARK) + 30):
        path.write_bytes(whole[:length])
        assert recovery.pending(folder, failed=told.append) == []
    assert told == []


def test_a_journal_of_another_version_is_left_to_that_version(folder):
    path, _ = journal_of_edits(folder)
    path.write_bytes(b"longhand log 3\n" + path.read_bytes()[len(records.MARK) :])
    told = []
    assert recovery.pending(folder, failed=told.append) == []
    assert (list(folder.iterdir()), told) == ([path], [])


def test_a_journal_that_makes_no_sense_keeps_no_other_from_being_offered(folder, tmp_path):
    _path, texts = journal_of_edits(folder)
    (tmp_path / "story.md").write_text("text", "utf-8")
    form = FileForm(encoding="of-tomorrow")
    header = records.Header("odd", str(tmp_path / "story.md"), "text", form=form)
    odd = folder / records.file_name("odd", 1)
    odd.write_bytes(records.file_bytes(header, [Change(0, "", "more ", group=1)]))
    assert [found.text for found in recovery.pending(folder)] == [texts[-1]]
    assert odd.exists()


def test_a_crash_while_starting_anew_keeps_the_generation_before(folder):
    path, texts = journal_of_edits(folder)
    torn = path.with_name(records.file_name(records.document_of(path), 2**63))
    torn.write_bytes(path.read_bytes()[:20])
    (found,) = recovery.pending(folder)
    assert found.text == texts[-1]
    recovery.discard(found)
    assert list(folder.iterdir()) == []


def test_a_full_disk_is_told_once_and_nothing_is_lost(folder, crash, monkeypatch):
    told, restored = [], []
    failing = threading.Event()
    made = Journal(
        folder,
        max_age=0.001,
        retry=0.001,
        failed=told.append,
        restored=lambda: restored.append(len(told)),
    )
    document = Document()
    made.follow(document)
    document.replace(0, 0, "before ")
    assert made.flush(WAIT)
    real = os.write
    attempts = threading.Semaphore(0)

    def write(descriptor, data):
        if not failing.is_set():
            return real(descriptor, data)
        real(descriptor, bytes(data)[: len(data) // 2])
        attempts.release()
        raise OSError(errno.ENOSPC, "no room")

    monkeypatch.setattr(os, "write", write)
    failing.set()
    document.replace(7, 7, "during ")
    for _ in range(3):
        assert attempts.acquire(timeout=WAIT)
    failing.clear()
    document.replace(14, 14, "after")
    while not made.flush(WAIT):
        pass
    assert [type(error) for error in told] == [JournalFailed]
    made.flush(WAIT)
    assert restored == [1]
    (found,) = recovery.pending(crash(folder))
    assert (found.text, found.damaged) == ("before during after", False)
    made.close()


def test_a_mistake_nobody_foresaw_is_told_and_does_not_end_the_protection(
    folder, crash, monkeypatch
):
    told = []
    made = Journal(folder, max_age=0.001, retry=0.001, failed=told.append)
    first, second = Document(), Document()
    made.follow(first)
    made.follow(second)
    frame = records.frame

    def mistake(record):
        if getattr(record, "inserted", "") == "odd":
            raise ValueError("a secret word")
        return frame(record)

    with monkeypatch.context() as broken:
        broken.setattr(records, "frame", mistake)
        first.replace(0, 0, "odd")
        second.replace(0, 0, "even")
        made.flush(WAIT)
        assert [found.text for found in recovery.pending(crash(folder))] == ["even"]
    while not made.flush(WAIT):
        pass
    assert {found.text for found in recovery.pending(crash(folder))} == {"odd", "even"}
    assert [type(error) for error in told] == [JournalFailed]
    assert "secret" not in told[0].detail
    made.close()


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be removed there")
def test_a_folder_that_was_cleared_away_is_made_anew_with_all_of_the_text(running, folder, crash):
    document = Document()
    running.follow(document)
    document.replace(0, 0, "before ")
    assert running.flush(WAIT)
    shutil.rmtree(folder.parent)
    document.replace(7, 7, "after")
    assert running.flush(WAIT)
    (found,) = recovery.pending(crash(folder))
    assert (found.text, found.damaged) == ("before after", False)


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be removed there")
def test_a_document_ends_also_where_its_journal_was_cleared_away(running, folder):
    document = Document()
    running.follow(document)
    document.replace(0, 0, "before ")
    assert running.flush(WAIT)
    shutil.rmtree(folder.parent)
    running.forget(document)
    assert running.flush(WAIT)


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_everything_flushed_before_a_kill_is_offered(folder):
    script = """
        import sys
        from pathlib import Path
        from writer_app.story.document import Document
        from writer_app.story.journal import Journal
        journal, document = Journal(Path(sys.argv[1])), Document()
        journal.follow(document)
        for number in range(500):
            document.replace(document.length, document.length, f"{number} ")
        assert journal.flush(10)
        print("flushed", flush=True)
        sys.stdin.read()
    """
    command = [sys.executable, "-c", textwrap.dedent(script), str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout.readline() == b"flushed\n"
        assert recovery.pending(folder) == [], "its process still lives"
        child.send_signal(signal.SIGKILL)
        child.wait(WAIT)
    (found,) = recovery.pending(folder)
    assert found.text == "".join(f"{number} " for number in range(500))
    assert not found.damaged
