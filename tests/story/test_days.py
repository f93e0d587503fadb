"""Writing statistics: what was typed, pasted and written by the model, day by day."""

import errno
import os
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from writer_app.errors import SaveFailed
from writer_app.story.changes import Change, ChangeLog, Origin
from writer_app.story.days import NAME, Days, Sitting, Written, chart, run_of

DAY = date(2026, 11, 22)


def typed(sitting, words, at=0, now=0.0, step=1.0):
    for number, character in enumerate(words):
        sitting.follow(Change(at + number, "", character), now + step * number)


def test_typed_pasted_and_the_models_are_counted_apart():
    sitting = Sitting()
    typed(sitting, "Two words")
    sitting.follow(Change(9, "", " pasted in here", Origin.PASTED), 20)
    for piece in (" and", " the mo", "del’s", " own"):
        sitting.follow(Change(0, "", piece, Origin.MODEL), 30)
    typed(sitting, "他来了。", 50, 40)
    found = sitting.take()
    assert (found.typed, found.pasted) == (5, 3)
    assert (found.typed_zh, found.model) == (6, 5)
    assert sitting.take() == Written()


def test_words_are_counted_not_key_presses():
    sitting = Sitting()
    typed(sitting, "helo")
    sitting.follow(Change(3, "o", ""), 4)
    typed(sitting, "lo world", 3, 5)
    typed(sitting, "there", 0, 20)
    assert sitting.take().typed == 3


def test_what_is_taken_back_of_the_model_is_not_counted():
    sitting, log = Sitting(), ChangeLog()
    group = log.open_group()
    for number, piece in enumerate(("It was ", "a dark ", "night.")):
        sitting.follow(log.make(number * 7, "", piece, Origin.MODEL, group), 1)
    for change in log.undo():
        sitting.follow(change, 2)
    assert sitting.take().model == 0
    for change in log.redo():
        sitting.follow(change, 3)
    assert sitting.take().model == 5


def test_minutes_are_those_in_which_she_writes():
    sitting = Sitting()
    typed(sitting, "a" * 60, now=0, step=2)
    typed(sitting, "b" * 30, now=10_000, step=2)
    sitting.follow(Change(0, "", "model", Origin.MODEL), 20_000)
    found = sitting.take()
    assert found.seconds == pytest.approx(180, abs=5)
    assert Written(typed=100, typed_zh=150, seconds=1_800).hourly(chinese=False) == 200
    assert Written(typed=100, typed_zh=150, seconds=1_800).hourly(chinese=True) == 300
    assert Written(typed=5, seconds=9).hourly(chinese=True) is None


def test_days_add_up_and_come_back(tmp_path):
    days = Days(tmp_path / "data")
    days.add("/novel", DAY, Written(typed=3, seconds=60.5))
    Days(tmp_path / "data").add("/novel", DAY, Written(typed=4, model_zh=2))
    days.add("/other", DAY, Written(pasted=1))
    days.add("/novel", date(2026, 11, 20), Written(typed=1))
    assert days.of("/novel") == {
        date(2026, 11, 20): Written(typed=1), DAY: Written(typed=7, model_zh=2, seconds=60.5),
    }  # fmt: skip
    assert list(days.of("/novel")) == [date(2026, 11, 20), DAY]
    assert (tmp_path / "data" / NAME).stat().st_mode & 0o077 == 0
    days.forget("/novel")
    assert days.of("/novel") == {}
    assert days.of("/other") == {DAY: Written(pasted=1)}


def test_no_day_goes_below_nothing(tmp_path):
    days = Days(tmp_path)
    days.add("p", DAY, Written(typed=1, model=-5))
    assert days.of("p") == {DAY: Written(typed=1)}


@pytest.mark.parametrize("data", [b"", b"[]", b"{", b"\xff", b'{"p": 3}', b"[" * 99_999])
def test_a_damaged_file_is_put_aside(tmp_path, data):
    (tmp_path / NAME).write_bytes(data)
    days = Days(tmp_path)
    assert days.of("p") == {}
    days.add("p", DAY, Written(typed=1))
    assert days.of("p") == {DAY: Written(typed=1)}
    assert (tmp_path / "days.damaged").read_bytes() == data


def test_a_day_that_is_none_costs_only_itself(tmp_path):
    (tmp_path / NAME).write_text(
        '{"p": {"2026-11-22": {"typed": 2}, "soon": {}, "2026-11-23": {"typed": "x"}}}', "utf-8"
    )
    assert Days(tmp_path).of("p") == {DAY: Written(typed=2)}


def test_a_full_disk_leaves_the_file_as_it_was(tmp_path, monkeypatch):
    days = Days(tmp_path)
    days.add("p", DAY, Written(typed=1))

    def full(_descriptor):
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SaveFailed):
        days.add("p", DAY, Written(typed=1))
    monkeypatch.undo()
    assert days.of("p") == {DAY: Written(typed=1)}
    assert [each.name for each in tmp_path.iterdir()] == [NAME]


def test_a_chart_has_all_days_and_a_goal_makes_a_row():
    days = {date(2026, 11, number): Written(typed=500, typed_zh=10) for number in (18, 20, 21)}
    assert [each.typed for _day, each in chart(days, DAY, 5)] == [500, 0, 500, 500, 0]
    assert run_of(days, DAY, 500, chinese=False) == 2
    assert run_of(days | {DAY: Written(typed=600)}, DAY, 500, chinese=False) == 3
    assert run_of(days, DAY, 500, chinese=True) == 0
    assert run_of(days, DAY, 0, chinese=False) == 0


@given(st.text("ab 我。\n", max_size=40), st.integers(1, 5))
def test_a_text_typed_in_one_go_counts_as_the_text(text, size):
    sitting = Sitting()
    for start in range(0, len(text), size):
        sitting.follow(Change(start, "", text[start : start + size]), start)
    from writer_app.text import counts

    found = sitting.take()
    assert (found.typed, found.typed_zh) == (counts.words(text), counts.characters_zh(text))
