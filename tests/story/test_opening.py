"""What is found when a file is opened."""

import os
import time

import pytest

from writer_app.errors import FileMissing, OpenElsewhere
from writer_app.story import files, records
from writer_app.story.changes import Change
from writer_app.story.form import FileForm
from writer_app.story.opening import conflict_copies, open_file
from writer_app.story.records import Header, Saved


@pytest.mark.parametrize(
    "name",
    [
        "novel (Ann's conflicted copy 2026-11-22).md",
        "novel (conflicted copy 2026-11-22 101010).md",
        "novel (冲突副本).md",
        "novel_conflict-20261122-101010.md",
        "novel.sync-conflict-20261122-101010-ABCDEFG.md",
        "novel (SFConflict ann@example.org 2026-11-22-10-10-10).md",
        "novel [conflicted].md",
        "novel_Desk_Nov-22-101010-2026_Conflict.md",
    ],
)
def test_copies_made_by_a_synchronised_folder_are_found(tmp_path, name):
    for each in ("novel.md", name, "novel 2.md", "novel (2).md", "novel (draft).md", "other.md"):
        (tmp_path / each).write_text("text", "utf-8")
    assert conflict_copies(tmp_path / "novel.md") == (tmp_path / name,)


def test_a_file_open_in_another_window_is_opened_for_reading(tmp_path):
    path = tmp_path / "a.md"
    path.write_text("text", "utf-8")
    first = open_file(path)
    second = open_file(path)
    assert first.document(path).read_only is None
    document = second.document(path)
    assert document.text == "text"
    with pytest.raises(OpenElsewhere):
        document.replace(0, 0, "x")
    first.let_go()
    third = open_file(path)
    assert third.document(path).read_only is None
    third.let_go()


def test_a_name_where_nothing_is_yet_can_be_begun_where_that_is_wanted(tmp_path):
    opening = open_file(tmp_path / "new.md", may_be_new=True)
    document = opening.document(tmp_path / "new.md")
    assert (document.text, document.digest) == ("", None)
    opening.let_go()
    for path in (tmp_path / "new.pdf", tmp_path / "gone" / "new.md"):
        with pytest.raises(FileMissing):
            open_file(path, may_be_new=True)
    with pytest.raises(FileMissing):
        open_file(tmp_path / "new.md")


def test_what_a_killed_save_left_beside_the_file_is_cleared_away_later(tmp_path):
    path = tmp_path / "a.md"
    path.write_text("text", "utf-8")
    old, young, hers = (
        tmp_path / name for name in (".longhand-0a.tmp", ".longhand-0b.tmp", "longhand-0c.tmp")
    )
    for each in (old, young, hers):
        each.write_text("x", "utf-8")
    long_ago = time.time() - 7_200
    for each in (old, hers):
        os.utime(each, (long_ago, long_ago))
    open_file(path).let_go()
    assert [each.exists() for each in (old, young, hers)] == [False, True, True]


def test_a_log_whose_steps_do_not_fit_together_costs_only_them(tmp_path):
    path = tmp_path / "story.md"
    path.write_text("Once.", "utf-8")
    digest = files.digest_of(path)
    no_step = Change(0, "x", "", group=7, kind="undo")
    entries = [Change(0, "", "x", group=1), no_step, Saved(digest, str(path), FileForm())]
    past = records.replay(records.file_bytes(Header("id", str(path), "Once."), entries))
    opening = open_file(path)._replace(past=past)
    document = opening.document(path)
    opening.let_go()
    assert (document.text, document.can_undo, document.is_changed) == ("Once.", False, False)
