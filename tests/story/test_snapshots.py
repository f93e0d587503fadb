"""Earlier states: kept whole, found again, thinned out, and never in the way."""

import contextlib
import os
import random
import signal
import sqlite3
import stat
import subprocess
import sys
import textwrap
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from writer_app.errors import SnapshotDamaged, SnapshotsFailed, SnapshotsPutAside
from writer_app.story.snapshots import Snapshots, Why, _Damage, _identity, _pieces

DAY = 86_400.0


@pytest.fixture
def kept(tmp_path):
    return Snapshots(tmp_path / "data" / "snapshots.db")


def test_a_state_comes_back_as_it_was(kept):
    texts = ["one 雪\n\n", "one 😀 two", ""]
    numbers = [kept.take("a.md", text, Why.SAVE) for text in texts]
    assert [kept.text(number) for number in numbers] == texts
    assert [each.id for each in kept.all_of("a.md")] == numbers[::-1]
    assert kept.all_of("b.md") == []


def test_the_same_state_is_kept_once_and_can_be_named(kept):
    first = kept.take("a.md", "text", Why.SAVE)
    assert kept.take("a.md", "text", Why.MODEL) is None
    assert kept.take("a.md", "text", Why.NAMED, name="done") == first
    (only,) = kept.all_of("a.md")
    assert (only.name, only.length, only.why) == ("done", 4, Why.SAVE)
    assert kept.take("a.md", "more", Why.SAVE) != first
    assert kept.take("a.md", "text", Why.SAVE) != first  # back to it later is a state of its own


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300), st.integers(1, 600))
def test_pieces_put_together_are_the_text(text, times):
    assert b"".join(_pieces(text * times)).decode() == text * times


def test_an_edit_in_a_book_costs_a_few_pieces(kept, pride):
    size = len(pride.encode())
    kept.take("a.md", pride, Why.SAVE)
    first = kept._path.stat().st_size
    assert first < size
    middle = len(pride) // 2
    for number in range(50):
        pride = pride[:middle] + f" Word {number}." + pride[middle:]
        kept.take("a.md", pride, Why.MODEL)
    assert kept._path.stat().st_size - first < size


def test_thinning_keeps_a_day_then_hours_then_days_the_named_and_the_last(kept):
    now = 1_800_000_000.0 + 1_800
    ages = {"fresh": 0.9 * DAY, "hour a": 3 * DAY, "hour b": 3 * DAY + 60, "day a": 20 * DAY}
    ages |= {"day b": 20 * DAY + 2 * 3_600, "named": 20 * DAY + 3 * 3_600}
    for text, age in sorted(ages.items(), key=lambda pair: -pair[1]):
        kept.take("a.md", text, Why.SAVE, at=now - age, name="n" if text == "named" else "")
    kept.take("old.md", "only", Why.SAVE, at=now - 500 * DAY)
    kept.thin(now)
    left = {kept.text(each.id) for each in kept.all_of("a.md")}
    assert left == {"fresh", "hour a", "day a", "named"}
    assert len(kept.all_of("old.md")) == 1


def test_a_clock_that_was_set_back_changes_no_order_and_costs_not_the_last_one(kept):
    for number, at in enumerate((5e9, 1e9, 1e9 + 60)):
        kept.take("a.md", f"text {number}", Why.SAVE, at=at)
    assert kept.take("a.md", "text 2", Why.SAVE, at=1e9 + 120) is None, "it is the last one"
    found = [kept.text(each.id) for each in kept.all_of("a.md")]
    assert found == ["text 2", "text 1", "text 0"]
    kept.thin(now=5e9)
    assert kept.text(kept.all_of("a.md")[0].id) == "text 2"


def test_the_cap_takes_the_oldest_and_never_the_last(tmp_path):
    kept = Snapshots(tmp_path / "s.db", most_bytes=30_000)
    rng = random.Random(1)
    now = time.time()
    for number in range(10):
        text = "".join(rng.choice("abcdefghij 雪") for _ in range(20_000))
        kept.take("a.md", text, Why.SAVE, at=now - 1_000 + number)
    kept.thin(now)
    left = kept.all_of("a.md")
    assert 1 <= len(left) < 5
    assert kept.text(left[0].id) == text


def test_a_document_that_gets_a_file_takes_its_states_along(kept):
    kept.take("id", "text", Why.TIME)
    kept.move("id", "a.md")
    assert len(kept.all_of("a.md")) == 1


def test_a_damaged_file_is_a_sentence_and_no_crash(kept):
    kept.take("a.md", "text", Why.SAVE)
    kept._path.write_bytes(b"\0" * 8_192)
    for act in (lambda: kept.take("a.md", "x", Why.SAVE), lambda: kept.all_of("a.md"), kept.thin):
        with pytest.raises(SnapshotsFailed):
            act()


@pytest.fixture
def told():
    return []


@pytest.fixture
def mended(tmp_path, told):
    return Snapshots(tmp_path / "versions.db", put_aside=told.append)


def _aside(kept):
    return sorted(kept._path.parent.glob("versions (damaged *).db"))


def _spoil(kept, size=8_192):
    kept._path.write_bytes(b"spoilt! " * (size // 8))


def test_a_damaged_file_is_put_aside_and_versions_are_kept_in_a_new_one(mended, told):
    mended.take("a.md", "old", Why.SAVE)
    _spoil(mended)
    spoilt = mended._path.read_bytes()
    number = mended.take("a.md", "new", Why.SAVE)
    assert mended.text(number) == "new"
    (aside,) = _aside(mended)
    assert aside.read_bytes() == spoilt, (
        "there may still be something in it for whoever can read it"
    )
    (error,) = told
    assert isinstance(error, SnapshotsPutAside)
    assert error.params == {"path": str(aside)}


def test_damage_in_the_middle_of_the_file_is_found_by_whatever_meets_it(mended, told):
    rng = random.Random(3)
    text = "".join(rng.choice("abcdefghij 雪\n") for _ in range(200_000))
    number = mended.take("a.md", text, Why.SAVE)
    data = bytearray(mended._path.read_bytes())
    data[4_096:] = bytes(len(data) - 4_096)
    mended._path.write_bytes(data)
    with pytest.raises(SnapshotDamaged):
        mended.text(number)
    assert mended.all_of("a.md") == []
    assert len(told) == len(_aside(mended)) == 1


def test_an_id_of_the_damaged_file_means_no_text_of_the_new_one(mended):
    old = mended.take("a.md", "mine", Why.SAVE)
    _spoil(mended)
    new = mended.take("b.md", "another", Why.SAVE)
    assert new > old
    mended.remove(old)
    assert mended.text(new) == "another"
    with pytest.raises(SnapshotDamaged):
        mended.text(old)


def test_what_sqlite_left_beside_the_damaged_file_goes_with_it(mended):
    mended.take("a.md", "old", Why.SAVE)
    _spoil(mended)
    journal = mended._path.with_name("versions.db-journal")
    journal.write_bytes(b"of the old one")
    mended._put_aside(_Damage(_identity(mended._path), reason="", detail=""))
    assert not journal.exists()
    (aside,) = _aside(mended)
    assert aside.with_name(aside.name + "-journal").exists()


def test_a_few_damaged_files_are_kept_with_the_largest_among_them(mended, told):
    for size in (8_192, 80_000, 8_000, 7_992, 7_984):
        mended.take("a.md", "text", Why.SAVE)
        _spoil(mended, size)
        mended.all_of("a.md")
    left = _aside(mended)
    assert sorted(each.stat().st_size for each in left) == [7_984, 8_192, 80_000]
    assert str(left[-1]) == told[-1].params["path"]


def test_several_threads_that_find_the_damage_put_one_file_aside(mended, told):
    mended.take("a.md", "old", Why.SAVE)
    _spoil(mended)
    threads = [
        threading.Thread(target=mended.take, args=(f"{number}.md", "text", Why.SAVE))
        for number in range(8)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(told) == len(_aside(mended)) == 1
    assert all(len(mended.all_of(f"{number}.md")) == 1 for number in range(8))


def test_a_file_that_is_only_locked_or_forbidden_stays_in_its_place(mended, told, monkeypatch):
    mended.take("a.md", "old", Why.SAVE)
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda path, **_: connect(path, timeout=0))
    with contextlib.closing(connect(mended._path)) as other:
        other.execute("begin exclusive")
        with pytest.raises(SnapshotsFailed) as failed:
            mended.all_of("a.md")
    assert failed.value.params["reason"] == "another program is using the file"
    monkeypatch.setattr(sqlite3, "connect", _full)
    with pytest.raises(SnapshotsFailed) as failed:
        mended.take("a.md", "more", Why.SAVE)
    assert failed.value.params["reason"] == "the disk is full"
    assert not told
    assert not _aside(mended)


def _full(*_args, **_options):
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorcode = sqlite3.SQLITE_FULL
    raise error


def test_versions_of_a_backup_go_into_a_new_file_where_ours_is_damaged(mended, told, tmp_path):
    other = Snapshots(tmp_path / "other.db")
    for text in ("one", "two"):
        other.take("a.md", text, Why.SAVE)
    mended.take("b.md", "old", Why.SAVE)
    _spoil(mended)
    assert other.export("a.md", mended, "b.md") == 2
    assert [mended.text(each.id) for each in mended.all_of("b.md")] == ["two", "one"]
    assert len(told) == 1


def test_only_the_user_can_read_them(kept):
    old = os.umask(0)
    try:
        kept.take("a.md", "text", Why.SAVE)
    finally:
        os.umask(old)
    assert stat.S_IMODE(kept._path.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept._path.parent.stat().st_mode) == 0o700


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_a_kill_at_any_moment_leaves_whole_states_only(kept):
    script = """
        import sys
        from pathlib import Path
        from writer_app.story.snapshots import Snapshots, Why
        kept, number = Snapshots(Path(sys.argv[1])), 0
        while True:
            number += 1
            kept.take("a.md", f"{number} " * 20_000, Why.SAVE)
            print(number, flush=True)
    """
    command = [sys.executable, "-c", textwrap.dedent(script), str(kept._path)]
    rng = random.Random(2)
    for _ in range(5):
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
            child.stdout.readline()
            time.sleep(rng.uniform(0, 0.1))
            child.send_signal(signal.SIGKILL)
            said = [int(line) for line in child.stdout]
        texts = [kept.text(each.id) for each in kept.all_of("a.md")]
        assert all(len(set(text.split())) == 1 for text in texts)
        assert not said or any(text.startswith(f"{said[-1]} ") for text in texts)
