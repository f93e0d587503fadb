"""Summing up earlier chapters in the window, with an engine that the test plays."""

import pytest

from tests.ui.projects import novel
from writer_app.story import summaries
from writer_app.story.summaries import Summary, fingerprint
from writer_app.ui.session import summing as module


@pytest.fixture
def book(tmp_path):
    return novel(tmp_path / "boat")


@pytest.fixture
def session(make_program, book, qtbot):
    session = make_program(book.path("text/lamp.md")).desk.windows[0].session
    qtbot.waitUntil(lambda: session.book.around.now is not None)
    return session


@pytest.fixture
def engine(session):
    engine = session.services.turns._engine
    engine.load()
    return engine


def answer(engine, qtbot, text, count):
    qtbot.waitUntil(lambda: len(engine.asks) == count)
    engine.write(text)
    engine.finish()


def test_earlier_chapters_are_summed_up_the_nearest_first_and_told_from_then_on(
    session, engine, book, qtbot
):
    session.book.summing.start()
    answer(engine, qtbot, "There are no oars.", 1)
    assert engine.asks[0].passage == "No oars at all."
    answer(engine, qtbot, "Fog lies there.", 2)
    qtbot.waitUntil(lambda: not session.book.summing.is_running)
    assert session.book.summing.left == 0
    found = summaries.load(book)[0]
    assert {each: found[each].text for each in found} == {
        "fog": "Fog lies there.",
        "oars": "There are no oars.",
    }
    assert found["fog"].model == "SmolLM2 135M"
    qtbot.waitUntil(lambda: len(session.book.around.now.summaries) == 2)


def test_stopping_keeps_what_is_finished_and_starting_again_goes_on(session, engine, book, qtbot):
    session.book.summing.start()
    answer(engine, qtbot, "There are no oars.", 1)
    qtbot.waitUntil(lambda: len(engine.asks) == 2)
    session.book.summing.stop()
    qtbot.waitUntil(lambda: engine.phase == "idle")
    assert not session.book.summing.is_running
    session.book.summing.start()
    answer(engine, qtbot, "Fog lies there.", 3)
    qtbot.waitUntil(lambda: session.book.summing.left == 0)
    assert engine.asks[2].passage == "Fog lay."


def test_what_she_asks_goes_first(session, engine, qtbot):
    session.book.summing.start()
    qtbot.waitUntil(lambda: len(engine.asks) == 1)
    session.continue_text()
    qtbot.waitUntil(lambda: len(engine.asks) == 2)
    assert not session.book.summing.is_running
    engine.write("She rose.")
    engine.finish()
    assert session.document.text.startswith("She rose.")


def test_what_she_wrote_herself_and_what_is_true_still_is_left_alone(session, engine, book, qtbot):
    summaries.save(book, Summary(id="fog", text="Hers."))
    summaries.save(
        book, Summary(id="oars", text="Ours.", made_from=fingerprint("No oars at all."), model="M")
    )
    session.book.summing.start()
    qtbot.waitUntil(lambda: session.book.summing.left == 0)
    qtbot.waitUntil(lambda: not session.book.summing.is_running)
    assert not engine.asks


def test_by_itself_it_begins_only_where_she_wants_that_and_ends_with_a_key(
    session, engine, qtbot, monkeypatch
):
    monkeypatch.setattr(module, "on_battery", lambda: False)
    session.book.summing._rest.setInterval(20)
    qtbot.keyClicks(session.page, "x")
    qtbot.wait(80)
    assert not engine.asks
    session.set_preference("model", "summaries", True)
    qtbot.keyClicks(session.page, "y")
    qtbot.waitUntil(lambda: len(engine.asks) == 1)
    session.book.summing._rest.setInterval(60_000)
    qtbot.keyClicks(session.page, "z")
    assert not session.book.summing.is_running
    qtbot.waitUntil(lambda: engine.phase == "idle")


def test_a_text_by_itself_has_nothing_to_sum_up(make_program, tmp_path):
    path = tmp_path / "loose.md"
    path.write_text("It rained.")
    session = make_program(path).desk.windows[0].session
    session.book.summing.start()
    assert not session.book.summing.is_running
