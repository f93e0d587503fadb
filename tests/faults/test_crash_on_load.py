"""A model that ends its process when it is loaded: she is told which, and it is never loaded again unasked."""

import pytest

from tests.journeys.writer import says
from writer_app import app
from writer_app.engine.processor import Tried

BEFORE = "She came to the door."
ABORTS = [{"signal": "SIGABRT"}]


@pytest.fixture(autouse=True)
def warm_at_once(monkeypatch):
    monkeypatch.setattr(app, "WARM_MS", 0)


def texts(writer):
    return [notice.text for notice in writer.notices]


def test_it_is_left_alone_at_the_next_start_with_a_sentence_and_tried_when_she_asks(
    sit_down, places
):
    writer = sit_down([says(" It.")], BEFORE, loads=ABORTS)
    writer.wait(lambda: Tried(places.machine).has_crashed("scripted"))
    writer.ask()
    writer.wait_for_answer()
    assert writer.text == BEFORE
    (notice,) = writer.notices
    assert "ended its process while it was loaded" in notice.text
    assert "SIGABRT" in notice.text
    writer.leave()

    again = sit_down([says(" It.")], BEFORE)
    again.wait(lambda: len(again.notices) == 1)
    assert "did not come to an end last time" in again.notices[0].text
    assert again.engine.pid is None
    again.ask()
    assert again.wait_for_answer() == BEFORE + " It."
    again.leave()

    third = sit_down([says(" It.")], BEFORE)
    third.wait(lambda: third.engine.model is not None)
    assert third.notices == []


def test_a_crash_is_one_notice_however_often_she_asks_and_try_again_tries_it(sit_down):
    writer = sit_down([says(" It.")], BEFORE, loads=ABORTS)
    for _ in range(2):
        writer.ask()
        writer.wait_for_answer()
        assert len(writer.notices) == 1
    writer.press_button("Try again")
    writer.wait_for_answer()
    assert len(writer.notices) == 1
    assert writer.text == BEFORE


def test_a_program_that_is_left_while_it_loads_loads_as_ever_the_next_time(sit_down, places):
    slow = sit_down([says(" It.")], BEFORE, loads=[{"wait": 30}])
    slow.wait(lambda: Tried(places.machine).has_crashed("scripted"))
    slow.leave()
    assert not Tried(places.machine).has_crashed("scripted")
    again = sit_down([says(" It.")], BEFORE)
    again.wait(lambda: again.engine.model is not None)
    assert again.notices == []
