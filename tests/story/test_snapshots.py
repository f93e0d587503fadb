"""Earlier states: kept whole, found again, thinned out, and never in the way."""

import os
import random
import signal
import stat
import subprocess
import sys
import textwrap
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from writer_app.errors import SnapshotsFailed
from writer_app.story.snapshots import Snapshots, Why, _pieces

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
