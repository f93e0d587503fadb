"""The engine child dies in mid-stream: no word is lost, one sentence is said, the next request works."""

import os
import signal

import pytest

from tests.faults import engine_kills
from tests.journeys.writer import goes_on, says

BEFORE = "She came to the door."
SIGNALS = ["SIGKILL", "SIGSEGV", "SIGILL"]


def wait_for_death(writer):
    writer.wait(lambda: not writer.state.is_generating)
    writer.wait_for_silence()


@pytest.mark.parametrize("name", SIGNALS)
def test_killed_in_mid_stream_the_text_stays_one_notice_is_shown_and_the_next_request_works(
    sit_down, name
):
    writer = sit_down([goes_on(" It", " was")], BEFORE)
    writer.ask()
    received = writer.wait_for_stream(" was")
    first = writer.engine.pid
    os.kill(first, getattr(signal, name))
    wait_for_death(writer)

    kept = writer.text
    assert kept.startswith(received)
    assert writer.state.is_fresh
    (notice,) = writer.notices
    assert notice.is_problem
    assert "Your text is safe" in notice.text
    assert name in notice.text
    assert "\n" not in notice.text
    assert "Traceback" not in notice.text

    writer.ask()
    writer.wait_for_stream()
    assert writer.engine.pid not in (None, first)
    assert writer.text.startswith(kept + " It")
    assert writer.notices == [], "the notice is over with the next request"
    writer.escape()
    writer.undo()
    assert writer.text == kept
    writer.undo()
    assert writer.text == BEFORE


@pytest.mark.parametrize("name", SIGNALS)
def test_a_child_that_kills_itself_while_it_writes_is_the_same(sit_down, name):
    answer = [*says(" It", " was", " so"), {"wait": 0.3}, {"signal": name}]
    writer = sit_down([answer], BEFORE)
    writer.ask()
    writer.wait_for_stream(" so")
    wait_for_death(writer)
    assert writer.text == BEFORE + " It was so"
    assert len(writer.notices) == 1


def test_a_child_that_dies_every_time_gives_one_notice_not_a_pile(sit_down):
    writer = sit_down([[{"text": " It"}, {"wait": 0.1}, {"exit": 137}]], BEFORE)
    for _ in range(3):
        writer.ask()
        writer.wait_for_stream()
        wait_for_death(writer)
        assert len(writer.notices) == 1
    assert writer.text == BEFORE + " It" * 3
    writer.press_button("Try again")
    writer.wait_for_stream()
    wait_for_death(writer)
    assert len(writer.notices) == 1


def test_killed_between_two_requests_the_next_one_works_and_nothing_is_said(sit_down):
    writer = sit_down([says(" It.")], BEFORE)
    writer.ask()
    writer.wait(lambda: not writer.state.is_generating)
    os.kill(writer.engine.pid, signal.SIGKILL)
    writer.wait(lambda: writer.engine.pid is None)
    writer.ask()
    writer.wait(lambda: not writer.state.is_generating)
    assert writer.text == BEFORE + " It. It."
    assert writer.notices == []


def test_garbage_on_the_pipe_keeps_the_text_and_is_one_notice(sit_down):
    writer = sit_down([[*says(" It", " was"), {"wait": 0.1}, {"garbage": "boo"}]], BEFORE)
    writer.ask()
    writer.wait_for_stream(" was")
    wait_for_death(writer)
    assert writer.text == BEFORE + " It was"
    assert len(writer.notices) == 1


def test_killed_while_she_stops_it_says_nothing_and_keeps_her_key(sit_down):
    writer = sit_down([goes_on(" It", " was")], BEFORE)
    writer.ask()
    writer.wait_for_stream(" was")
    os.kill(writer.engine.pid, signal.SIGKILL)
    writer.type("x")
    text = writer.text
    assert text.endswith("x")
    wait_for_death(writer)
    assert writer.text == text
    assert writer.notices == []


def test_an_engine_that_hangs_when_stopped_costs_the_window_nothing(sit_down):
    writer = sit_down([[*says(" It", " was"), {"stall": 60}]], BEFORE)
    writer.ask()
    writer.wait_for_stream(" was")
    hung = writer.engine.pid
    writer.type("x")
    assert writer.text == BEFORE + " It wasx"
    writer.wait_for_silence()
    assert writer.engine.pid != hung
    writer.ask()
    writer.wait_for_stream("x It")
    assert writer.notices == []


def test_no_memory_is_one_notice_and_the_text_stays(sit_down):
    step = {"fail": "NotEnoughMemory", "params": {"model": "Big", "context": 4096}}
    writer = sit_down([[*says(" It"), {"wait": 0.1}, step]], BEFORE)
    writer.ask()
    writer.wait_for_stream()
    wait_for_death(writer)
    assert writer.text == BEFORE + " It"
    (notice,) = writer.notices
    assert "Big" in notice.text


def check(figures, count):
    assert figures["engine_kills"] == count
    assert figures["streamed_text_lost"] == 0
    assert figures["unclear_kill_notices"] == 0


@pytest.mark.timeout(300)
def test_the_real_engine_killed_at_five_random_words_loses_none_that_had_come(
    qapp, starter, tmp_path
):
    check(engine_kills.run(5, 1, tmp_path), 5)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_the_real_engine_killed_at_two_hundred_random_words_loses_none_that_had_come(
    qapp, starter, tmp_path
):
    check(engine_kills.run(200, 2, tmp_path), 200)
