"""A backup: readable without us, complete with us, on another computer; hostile ones refused."""

import errno
import os
import stat
import time
import zipfile

import msgspec
import pytest

from writer_app.errors import BackupFailed
from writer_app.story import backup, files
from writer_app.story.backup import Sources
from writer_app.story.history import History
from writer_app.story.journal import Journal
from writer_app.story.opening import open_file
from writer_app.story.project import Project
from writer_app.story.records import Saved
from writer_app.story.snapshots import Snapshots, Why
from writer_app.story.tree import Item, Kind, Tree


@pytest.fixture
def computer(tmp_path):
    """Folders of a computer by its name."""

    def make(name):
        folder = tmp_path / name
        return Sources(History(folder / "history"), Snapshots(folder / "versions.db"))

    return make


@pytest.fixture
def story(tmp_path, computer):
    """A text with a version and a step to undo, closed on the first computer."""
    path = tmp_path / "novel 雪.md"
    path.write_text("Old.", "utf-8")
    sources = computer("first")
    journal = Journal(tmp_path / "journal", sources.history)
    opening = open_file(path, sources.history)
    document = opening.document(path)
    journal.follow(document)
    document.replace(4, 4, " New.")
    document.digest = files.write(path, document.text, document.form, document.digest)
    document.mark_saved(document.revision)
    journal.note_save(document, document.revision)
    journal.forget(document)
    journal.close()
    opening.let_go()
    sources.snapshots.take(str(path), "Old.", Why.MODEL)
    sources.snapshots.take(str(path), "Old. New.", Why.NAMED, name="mine")
    sources.snapshots.take("another.md", "secret of another text", Why.SAVE)
    return path


def test_on_another_computer_the_text_its_versions_and_its_undo_are_back(story, computer, tmp_path):
    made = backup.write(tmp_path / "backups", story, computer("first"))
    other, target = computer("second"), tmp_path / "there.md"
    backup.restore(made, target, other)
    assert target.read_text("utf-8") == "Old. New."
    versions = other.snapshots.all_of(str(target))
    assert [(each.name, other.snapshots.text(each.id)) for each in versions] == [
        ("mine", "Old. New."),
        ("", "Old."),
    ]
    opening = open_file(target, other.history)
    document = opening.document(target)
    opening.let_go()
    assert not document.is_changed
    document.undo()
    assert document.text == "Old."


def test_the_text_can_be_got_without_us_and_nothing_of_other_texts_is_in_it(
    story, computer, tmp_path
):
    made = backup.write(tmp_path / "backups", story, computer("first"))
    with zipfile.ZipFile(made) as archive:
        assert archive.read("text/novel 雪.md").decode() == "Old. New."
        (tmp_path / "v.db").write_bytes(archive.read("versions.db"))
    assert Snapshots(tmp_path / "v.db").all_of("another.md") == []
    assert backup.manifest(made).name == story.name
    assert stat.S_IMODE(made.stat().st_mode) == 0o600


def test_the_last_ten_of_each_text_stay(story, computer, tmp_path):
    folder = tmp_path / "backups"
    other = story.with_name("novel.md")
    other.write_text("x", "utf-8")
    backup.write(folder, other, computer("first"))
    for number in range(13):
        last = backup.write(folder, story, computer("first"), now=time.time() + 60 * number)
    names = sorted(each.name for each in folder.iterdir())
    assert len(names) == 11
    assert last.name in names


def test_texts_of_one_name_in_two_folders_leave_each_other_their_backups(tmp_path, computer):
    folder, sources = tmp_path / "backups", computer("first")
    paths = [tmp_path / name / "chapter.md" for name in ("one", "two")]
    for path in paths:
        path.parent.mkdir()
        path.write_text(path.parent.name, "utf-8")
    made = [backup.write(folder, path, sources, now=1e9) for path in paths]
    for number in range(12):
        backup.write(folder, paths[1], sources, now=2e9 + number)
    backup.restore(made[0], tmp_path / "back.md", sources)
    assert (tmp_path / "back.md").read_text("utf-8") == "one"


def test_a_clock_or_a_file_of_before_1980_is_no_hindrance(story, computer, tmp_path, monkeypatch):
    os.utime(story, (0, 0))
    monkeypatch.setattr(time, "time", lambda: 5.0)
    made = backup.write(tmp_path / "backups", story, computer("first"))
    backup.restore(made, tmp_path / "there.md", computer("second"))
    assert (tmp_path / "there.md").read_text("utf-8") == "Old. New."


def test_a_disk_that_fills_up_leaves_no_part_of_a_text(story, computer, tmp_path, monkeypatch):
    made = backup.write(tmp_path / "backups", story, computer("first"))

    def full(*_arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("writer_app.story.atomic.os.fsync", full)
    there = tmp_path / "there"
    there.mkdir()
    with pytest.raises(BackupFailed):
        backup.restore(made, there / "novel.md", computer("second"))
    assert list(there.iterdir()) == []


def test_a_text_nothing_else_is_known_of_is_backed_up_too(tmp_path, computer):
    path = tmp_path / "plain.md"
    path.write_text("text", "utf-8")
    made = backup.write(tmp_path / "backups", path, computer("first"))
    backup.restore(made, tmp_path / "again.md", computer("second"))
    assert (tmp_path / "again.md").read_text("utf-8") == "text"


def test_a_folder_that_cannot_be_written_is_a_sentence(story, computer, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(BackupFailed):
        backup.write(tmp_path / "file" / "backups", story, computer("first"))


def test_nothing_that_is_there_is_written_over(story, computer, tmp_path):
    made = backup.write(tmp_path / "backups", story, computer("first"))
    target = tmp_path / "mine.md"
    target.write_text("mine", "utf-8")
    with pytest.raises(BackupFailed):
        backup.restore(made, target, computer("second"))
    assert target.read_text("utf-8") == "mine"


@pytest.mark.parametrize("name", ["../evil.md", "/etc/evil", "a\\..\\evil.md", "", "..", "."])
def test_a_name_that_leads_elsewhere_is_refused(tmp_path, computer, name):
    path = tmp_path / "bad.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("longhand.json", msgspec.json.encode(backup.Manifest(name, 0.0)))
        archive.writestr(f"text/{name}", "evil")
    with pytest.raises(BackupFailed):
        backup.manifest(path)
    with pytest.raises(BackupFailed):
        backup.restore(path, tmp_path / "x.md", computer("second"))
    assert not (tmp_path / "x.md").exists()


def test_any_other_file_or_a_damaged_one_is_refused(story, computer, tmp_path):
    made = backup.write(tmp_path / "backups", story, computer("first"))
    data = made.read_bytes()
    bad = tmp_path / "bad.zip"
    for spoiled in (b"", b"text", data[: len(data) // 2], b"PK\x03\x04" + bytes(100)):
        bad.write_bytes(spoiled)
        with pytest.raises(BackupFailed):
            backup.restore(bad, tmp_path / "x.md", computer("second"))
        assert not (tmp_path / "x.md").exists()
    refused = 0
    for place in range(0, len(data), 7):
        flipped = bytearray(data)
        flipped[place] ^= 0x55
        bad.write_bytes(bytes(flipped))
        target = tmp_path / f"{place}.md"
        try:
            backup.restore(bad, target, computer(f"third{place}"))
        except BackupFailed:
            refused += 1
        else:
            assert target.read_text("utf-8") == "Old. New."
    assert refused


def test_a_zip_bomb_is_not_unpacked(tmp_path, computer, monkeypatch):
    monkeypatch.setattr(backup, "_MOST", 10_000)
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("longhand.json", msgspec.json.encode(backup.Manifest("a.md", 0.0)))
        archive.writestr("text/a.md", b"\0" * 1_000_000)
    with pytest.raises(BackupFailed) as told:
        backup.restore(path, tmp_path / "a.md", computer("second"))
    assert "large" in told.value.params["reason"]


@pytest.fixture
def novel(tmp_path, story, computer):
    """A project with the story in it, its log and versions too."""
    project = Project(tmp_path / "A novel 1.2")
    project.folder.mkdir()
    file = project.create("One", "x")
    path = project.path(file)
    path.write_text("Old. New.", "utf-8")
    sources = computer("first")
    opened = files.read(path)
    log = sources.history.take(story, opened.text, opened.digest)
    sources.history.keep(log.and_then(Saved(opened.digest, str(path), opened.form)))
    sources.snapshots.take(str(path), "Old.", Why.MODEL)
    project.tree = Tree((Item(id="one", kind=Kind.CHAPTER, file=file),))
    project.save()
    (project.folder / "bible").mkdir()
    (project.folder / "bible" / "anna.toml").write_text('name = "Anna"\n')
    (project.folder / "text" / "leads away.md").symlink_to(story)
    (project.folder / "text" / ".One.md.longhand-lock").write_text("{}")
    return project


def test_a_project_is_back_on_another_computer_with_all_that_belongs_to_it(
    novel, computer, tmp_path
):
    into = novel.folder / "backups"  # of all places
    for now in (1e9, 1.1e9):
        made = backup.write(into, novel.folder, computer("first"), now)
    assert backup.manifest(made).is_project
    other, target = computer("second"), tmp_path / "back"
    backup.restore(made, target, other)
    there = Project.open(target)
    found = sorted(str(each.relative_to(target)) for each in target.rglob("*") if each.is_file())
    assert found == ["bible/anna.toml", "project.toml", "text/One.md"]
    path = there.path(there.tree["one"].file)
    opening = open_file(path, other.history)
    document = opening.document(path)
    document.undo()
    assert document.text == "Old."
    assert [each.why for each in other.snapshots.all_of(str(path))] == [Why.MODEL]
    opening.let_go()
    with pytest.raises(BackupFailed):
        backup.restore(made, target, other)


@pytest.mark.parametrize("name", ["../evil.md", "/evil.md", "a/../../evil.md", "C:evil.md", "a\\b"])
def test_a_project_that_leads_elsewhere_is_refused(tmp_path, computer, name):
    made = tmp_path / "evil.zip"
    with zipfile.ZipFile(made, "w") as archive:
        said = backup.Manifest("novel", 0.0, is_project=True)
        archive.writestr("longhand.json", msgspec.json.encode(said))
        archive.writestr("project/" + name, "evil")
    with pytest.raises(BackupFailed):
        backup.restore(made, tmp_path / "inside" / "novel", computer("second"))
    assert not list(tmp_path.rglob("evil.md"))
    assert not (tmp_path / "inside" / "novel").exists()
