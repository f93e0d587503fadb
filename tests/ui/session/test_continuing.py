"""Continuing: what ends it, what keeps it, what takes it back."""

import pytest
from PySide6.QtCore import Qt

from writer_app.craft.continuation import Length
from writer_app.craft.samplers import Overrides
from writer_app.engine.protocol import Loaded
from writer_app.errors import EngineDied, LanguageMismatch
from writer_app.ui.session.state import Options
from writer_app.ui.shell.models_page import ModelsPage

BEFORE = "It was late. She took the letter"
AFTER = "\n\nThe end."


@pytest.fixture(autouse=True)
def manuscript(session, qtbot):
    session.page.insertPlainText(BEFORE + AFTER)
    session.page.set_caret(len(BEFORE))
    return session


def text(session):
    return session.document.text


def press(qtbot, session, key, modifiers=Qt.KeyboardModifier.NoModifier):
    qtbot.keyClick(session.page, key, modifiers)


def test_ctrl_return_asks_for_the_text_at_the_caret(session, engine, window, qtbot):
    window.activateWindow()
    session.page.setFocus()
    qtbot.keyClick(session.page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert [(ask.text, ask.caret) for ask in engine.asks] == [(BEFORE + AFTER, len(BEFORE))]
    assert text(session) == BEFORE + AFTER


def test_what_arrives_stands_at_the_caret_and_is_fresh(session, engine):
    session.continue_text()
    engine.write(" and read", " it.")
    engine.finish()
    assert text(session) == BEFORE + " and read it." + AFTER
    assert session.state.is_fresh
    assert not session.state.is_generating
    assert session.page.fresh == ((len(BEFORE), len(BEFORE) + len(" and read it.")),)


def test_typing_ends_it_in_any_phase_and_keeps_what_has_arrived(session, engine, qtbot):
    for speak in (lambda: None, lambda: engine.read(0.5, 2.0), lambda: engine.write(" slowly")):
        session.continue_text()
        speak()
        qtbot.keyClicks(session.page, "x")
        assert not session.state.is_generating
        engine.write(" too late")
        qtbot.waitUntil(lambda: engine.phase == "idle")
    assert engine.stops == 3
    assert text(session) == BEFORE + "xx slowlyx" + AFTER


def test_one_undo_in_mid_stream_ends_it_and_removes_it(session, engine, qtbot):
    session.continue_text()
    engine.write(" and burnt", " it")
    press(qtbot, session, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert text(session) == BEFORE + AFTER
    assert not session.state.is_generating
    assert not session.state.is_fresh
    press(
        qtbot,
        session,
        Qt.Key.Key_Z,
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
    )
    assert text(session) == BEFORE + " and burnt it" + AFTER


def test_moving_the_caret_selecting_and_saving_do_not_end_it(session, engine, tmp_path, qtbot):
    session.continue_text()
    engine.write(" and")
    session.page.set_caret(3)
    session.page.select(0, 5)
    with qtbot.waitSignal(session.filing.saved):
        session.filing.save_as(tmp_path / "a.md")
    engine.write(" wept")
    engine.finish()
    assert text(session) == BEFORE + " and wept" + AFTER
    assert session.page.selection == (0, 5)


def test_escape_ends_it_and_keeps_what_has_arrived(session, engine, window, qtbot):
    session.continue_text()
    engine.write(" and")
    window.actions_made.by_id["continue.stop"].trigger()
    assert text(session) == BEFORE + " and" + AFTER
    assert session.state.is_fresh
    assert engine.stops == 1


def test_tab_accepts_only_right_behind_fresh_text(session, engine, qtbot):
    session.continue_text()
    engine.write(" and wept.")
    engine.finish()
    end = len(BEFORE + " and wept.")
    assert session.page.caret == end
    press(qtbot, session, Qt.Key.Key_Tab)
    assert not session.state.is_fresh
    assert session.page.fresh == ()
    assert text(session) == BEFORE + " and wept." + AFTER
    press(qtbot, session, Qt.Key.Key_Tab)
    assert text(session) == BEFORE + " and wept.\t" + AFTER


def test_tab_elsewhere_is_a_tab_although_text_is_fresh(session, engine, qtbot):
    session.continue_text()
    engine.write(" and wept.")
    engine.finish()
    session.page.set_caret(0)
    press(qtbot, session, Qt.Key.Key_Tab)
    assert text(session).startswith("\tIt was")
    assert session.state.is_fresh


def test_the_next_continuation_accepts_and_is_an_undo_step_of_its_own(session, engine):
    session.continue_text()
    engine.write(" and wept.")
    engine.finish()
    session.continue_text()
    engine.write(" Then she slept.")
    engine.finish()
    session.undo()
    assert text(session) == BEFORE + " and wept." + AFTER


def test_asking_again_while_it_runs_changes_nothing(session, engine):
    session.continue_text()
    engine.write(" and")
    session.continue_text()
    engine.write(" wept")
    engine.finish()
    assert len(engine.asks) == 1
    assert text(session) == BEFORE + " and wept" + AFTER


def test_retry_replaces_and_both_versions_can_be_stepped_through(session, engine):
    session.continue_text()
    engine.write(" and wept.")
    engine.finish()
    session.retry()
    assert text(session) == BEFORE + " and wept." + AFTER, "the old version stays till words come"
    assert engine.asks[1].text == BEFORE + AFTER
    engine.write(" and", " laughed.")
    engine.finish()
    assert text(session) == BEFORE + " and laughed." + AFTER
    assert (session.state.version, session.state.versions) == (2, 2)
    session.show_version(-1)
    assert text(session) == BEFORE + " and wept." + AFTER
    session.show_version(-1)
    assert text(session) == BEFORE + " and laughed." + AFTER
    session.undo()
    assert text(session) == BEFORE + AFTER
    session.redo()
    assert text(session) == BEFORE + " and laughed." + AFTER


def test_a_version_that_the_writer_edited_is_kept_as_she_left_it(session, engine, qtbot):
    session.continue_text()
    engine.write(" and wept.")
    engine.finish()
    session.page.set_caret(len(BEFORE + " and wept"))
    qtbot.keyClicks(session.page, " a little")
    session.retry()
    engine.write(" and laughed.")
    engine.finish()
    session.show_version(-1)
    assert text(session) == BEFORE + " and wept a little." + AFTER


def test_remove_takes_the_text_away_and_undo_history_is_whole(session, engine):
    session.continue_text()
    engine.write(" and wept.")
    engine.finish()
    session.remove()
    assert text(session) == BEFORE + AFTER
    assert session.page.caret == len(BEFORE)
    assert not session.state.is_fresh


def test_an_answer_without_a_word_leaves_nothing_behind(session, engine):
    session.continue_text()
    engine.finish()
    assert text(session) == BEFORE + AFTER
    assert not session.state.is_fresh


def test_the_models_quotes_become_the_manuscripts_own(session, engine):
    session.page.replace_span(0, session.document.length, "“Yes,” he said. “No,” she said.")
    session.page.set_caret(session.document.length)
    session.continue_text()
    engine.write(' "May', 'be," he sa', "id.")
    engine.finish()
    assert text(session).endswith(" “Maybe,” he said.")


def test_a_failure_keeps_the_text_and_offers_to_try_again(session, engine, window):
    session.continue_text()
    engine.write(" and")
    engine.fail(EngineDied(reason="it was ended", cause="SIGKILL"))
    assert text(session) == BEFORE + " and" + AFTER
    notice = window.notices.notices[-1]
    assert "Your text is safe" in notice.text
    assert [action.label for action in notice.actions] == ["Try again"]
    notice.actions[0].run()
    assert len(engine.asks) == 2
    assert window.notices.notices == []


def test_a_language_the_model_cannot_write_is_said_with_two_ways_out(session, engine, window):
    session.continue_text()
    engine.fail(LanguageMismatch(model="SmolLM2 135M", language="Chinese"))
    notice = window.notices.notices[-1]
    assert "cannot write Chinese" in notice.text
    assert "--anyway" not in notice.text
    choose, get, anyway = notice.actions
    assert (choose.label, get.label) == ("Choose a model file…", "Get a fitting model…")
    get.run()
    assert window.findChild(ModelsPage).isVisible()
    anyway.run()
    assert engine.asks[-1].anyway


def test_what_was_chosen_in_the_panel_is_what_is_asked_for(session, engine):
    mine = Overrides(temperature=0.5, order=("temperature", "min_p"))
    session.choices.set_options(
        Options("a storm", "surprising", Length.AMOUNT, 80, mine, seed=7, stop=("***",))
    )
    session.continue_text()
    ask = engine.asks[0]
    assert (ask.note, ask.recipe.id, ask.length, ask.amount) == (
        "a storm",
        "surprising",
        Length.AMOUNT,
        80,
    )
    assert (ask.overrides, ask.seed, ask.stop) == (mine, 7, ("***",))
    assert session.services.memory.values.notes == ["a storm"]
    assert session.services.preferences.values.continuing.recipe == "surprising"


def test_an_empty_page_can_be_begun_by_the_model(session, engine):
    session.page.replace_span(0, session.document.length, "")
    session.continue_text()
    engine.write("Once upon a time")
    engine.finish()
    assert text(session) == "Once upon a time"
    session.undo()
    assert text(session) == ""


def test_progress_and_model_are_in_the_state(session, engine):
    engine.load(Loaded(name="A Model", context=512))
    session.continue_text()
    assert session.state.phase == "loading"
    engine.read(0.62, 3.0)
    state = session.state
    assert (state.model, state.phase, state.progress, state.seconds_left) == (
        "A Model",
        "reading",
        0.62,
        3.0,
    )


def test_another_window_that_asks_takes_the_engine_over(session, engine, program, qtbot):
    session.continue_text()
    engine.write(" and")
    other = program.desk.new_window().session
    other.page.insertPlainText("Elsewhere")
    other.page.set_caret(9)
    other.continue_text()
    assert not session.state.is_generating
    qtbot.waitUntil(lambda: len(engine.asks) == 2)
    engine.write(" it rained.")
    engine.finish()
    assert text(session) == BEFORE + " and" + AFTER
    assert text(other) == "Elsewhere it rained."


@pytest.mark.parametrize(
    ("before", "after", "made"),
    [
        ("", "## I\n\nIt rained.", "She came.\n\n## I\n\nIt rained."),
        ("第一段。\n", "第二段。", "第一段。\nShe came.\n第二段。"),
        ("One.\n\n", "Two.", "One.\n\nShe came.\n\nTwo."),
        ("One. ", "Two.", "One. She came.Two."),
        ("One.\n\n", "\n\nTwo.", "One.\n\nShe came.\n\nTwo."),
    ],
)
def test_an_answer_before_a_line_is_a_paragraph_of_its_own(session, engine, before, after, made):
    session.page.replace_span(0, session.document.length, before + after)
    session.page.set_caret(len(before))
    session.continue_text()
    engine.write("She came.")
    engine.finish()
    assert session.document.text == made
    session.retry()
    engine.write("She came.")
    session.stop()
    assert session.document.text == made
    session.undo()
    assert session.document.text == before + after


def test_what_she_types_into_an_answer_before_a_line_follows_its_last_word(session, engine, qtbot):
    session.page.replace_span(0, session.document.length, "## I\n\nIt rained.")
    session.page.set_caret(0)
    session.continue_text()
    engine.write("She came")
    qtbot.keyClicks(session.page, "!")
    assert session.document.text.startswith("She came!## I")
