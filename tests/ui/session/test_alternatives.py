"""Several versions written at once: one on the page, the others beside it."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication

from writer_app.engine.protocol import Ending
from writer_app.errors import EngineDied
from writer_app.ui.session.state import Options

BEFORE = "It was late. She took the letter"
AFTER = "\n\nThe end."


@pytest.fixture(autouse=True)
def manuscript(session):
    session.page.insertPlainText(BEFORE + AFTER)
    session.page.set_caret(len(BEFORE))
    session.choices.set_options(Options(alternatives=3))
    return session


def shown(session):
    text = session.document.text
    assert text.startswith(BEFORE)
    assert text.endswith(AFTER)
    return text[len(BEFORE) : len(text) - len(AFTER)]


def beginnings(session):
    return [glimpse.beginning for glimpse in session.state.glimpses]


def place(session):
    return session.state.version, session.state.versions


def test_they_are_asked_for_together_and_the_first_stands_on_the_page(session, engine):
    session.continue_text()
    assert [ask.alternatives for ask in engine.asks] == [3]
    engine.write_all(" and read", " and tore", " and hid")
    engine.write_all(" it.", " it up.", " it again.")
    engine.finish(None, None, None)
    assert shown(session) == " and read it."
    assert place(session) == (1, 3)
    assert beginnings(session) == ["and read it.", "and tore it up.", "and hid it again."]


def test_nothing_stands_on_the_page_before_the_first_one_has_a_word(session, engine):
    session.continue_text()
    engine.write(" and tore", alternative=1)
    assert shown(session) == ""
    engine.write(" and read")
    assert shown(session) == " and read"


def test_the_first_one_with_words_stands_in_for_one_that_came_to_nothing(session, engine):
    session.continue_text()
    engine.write(" and tore it.", alternative=1)
    engine.finish(None, None, None)
    assert shown(session) == " and tore it."
    assert session.state.versions == 1


def test_stepping_in_mid_stream_shows_another_and_both_go_on_growing(session, engine):
    session.continue_text()
    engine.write_all(" and", " but", " or")
    session.show_version(1)
    assert shown(session) == " but"
    engine.write_all(" read", " tore", " hid")
    engine.finish(None, None, None)
    assert shown(session) == " but tore"
    session.show_version(-1)
    assert shown(session) == " and read"
    assert place(session) == (1, 3)
    session.undo()
    assert shown(session) == ""
    session.redo()
    assert shown(session) == " and read"


def test_the_best_fitting_comes_first_but_what_is_on_the_page_stays(session, engine):
    session.continue_text()
    engine.write_all(" A.", " B.", " C.")
    engine.finish(-3.0, -1.5, None)
    assert shown(session) == " A."
    assert beginnings(session) == ["B.", "A.", "C."]
    assert place(session) == (2, 3)
    assert [glimpse.fits_best for glimpse in session.state.glimpses] == [True, False, False]
    session.show_version(-1)
    assert shown(session) == " B."


def test_each_keeps_its_seed_preset_and_reason(session, engine):
    session.continue_text()
    engine.write_all(" A.", " B.", " C.")
    engine.finish(None, -2.0, -1.0)
    kept = list(session.continuing.versions)
    assert [(each.text, each.seed) for each in kept] == [(" C.", 72), (" B.", 71), (" A.", 70)]
    assert {(each.preset, each.reason) for each in kept} == {("steady", Ending.SENTENCE)}


def test_those_she_ends_herself_have_seeds_too(session, engine):
    session.continue_text()
    engine.write_all(" A", " B", " C")
    session.stop()
    first = engine.asks[0].drawn_seed
    assert [each.seed for each in session.continuing.versions] == [
        (first + number) % 2**32 for number in range(3)
    ]
    assert {each.reason for each in session.continuing.versions} == {Ending.CANCELLED}


def test_dropping_one_ends_that_one_alone_and_shows_the_next(session, engine):
    session.continue_text()
    engine.write_all(" A", " B", " C")
    session.drop_version()
    assert engine.drops == [0]
    assert engine.stops == 0
    assert shown(session) == " B"
    engine.write_all("a", "b", "c")
    engine.finish(None, None, None)
    assert shown(session) == " Bb"
    assert beginnings(session) == ["Bb", "Cc"]


def test_the_last_one_left_cannot_be_dropped(session, engine):
    session.continue_text()
    engine.write_all(" A", " B", " C")
    for _ in range(5):
        session.drop_version()
    assert shown(session) == " C"
    assert sorted(engine.drops) == [0, 1]
    engine.write("c", alternative=2)
    engine.finish()
    assert shown(session) == " Cc"


def test_one_can_be_dropped_when_all_are_written_and_nothing_is_told_to_the_engine(session, engine):
    session.continue_text()
    engine.write_all(" A.", " B.", " C.")
    engine.finish(None, None, None)
    session.show_version(-1)
    session.drop_version()
    assert shown(session) == " B."
    assert beginnings(session) == ["A.", "B."]
    assert engine.drops == []


def test_her_key_ends_all_of_them_and_keeps_what_is_shown(session, engine, qtbot):
    session.continue_text()
    engine.write_all(" A", " B", " C")
    session.show_version(1)
    qtbot.keyClicks(session.page, "!")
    assert not session.state.is_generating
    assert engine.stops == 1
    engine.write_all("late", "late", "late")
    assert shown(session) == " B!"
    session.show_version(1)
    assert shown(session) == " C!"


def test_stop_keeps_what_is_shown_and_the_others_as_far_as_they_came(session, engine):
    session.continue_text()
    engine.write_all(" A", " B", " C")
    session.stop()
    engine.write_all("late", "late", "late")
    assert shown(session) == " A"
    assert beginnings(session) == ["A", "B", "C"]


def test_one_undo_in_mid_stream_takes_everything_away(session, engine):
    session.continue_text()
    engine.write_all(" A", " B", " C")
    session.show_version(1)
    session.undo()
    assert shown(session) == ""
    assert not session.state.is_generating
    assert session.state.versions == 0
    session.redo()
    assert shown(session) == " B"
    assert session.state.versions == 3


def test_nothing_goes_in_while_an_input_method_composes(session, engine):
    session.continue_text()
    engine.write_all(" A", " B", " C")
    QApplication.sendEvent(session.page, QInputMethodEvent("ni", []))
    assert not session.state.is_generating
    session.show_version(1)
    assert shown(session) == " A"
    QApplication.sendEvent(session.page, QInputMethodEvent("", []))


def test_a_failure_keeps_all_that_came(session, engine):
    session.continue_text()
    engine.write_all(" A", " B", " C")
    engine.fail(EngineDied(reason="it was ended", cause="SIGKILL"))
    assert shown(session) == " A"
    assert session.state.versions == 3


def test_retry_brings_as_many_again_behind_those_that_are_there(session, engine):
    session.continue_text()
    engine.write_all(" A.", " B.", " C.")
    engine.finish(-1.0, -2.0, -3.0)
    session.retry()
    assert engine.asks[1].alternatives == 3
    assert engine.asks[1].text == BEFORE + AFTER
    engine.write(" E", alternative=1)
    assert shown(session) == " A.", "it stays until the first of the new ones has a word"
    engine.write_all(" D", ".", " F.")
    assert shown(session) == " D"
    engine.finish(-2.5, -0.5, None)
    assert beginnings(session) == ["A.", "B.", "C.", "E.", "D", "F."]
    assert place(session) == (5, 6)
    session.show_version(-1)
    assert session.state.glimpses[3].fits_best
    session.undo()
    assert shown(session) == ""


def test_she_can_look_at_old_ones_while_a_retry_is_on_its_way(session, engine):
    session.continue_text()
    engine.write_all(" A.", " B.", " C.")
    engine.finish(None, None, None)
    session.retry()
    session.show_version(1)
    engine.write_all(" D.", " E.", " F.")
    assert shown(session) == " B.", "the page does not jump away from what she chose"
    assert session.state.versions == 6


def test_each_is_set_in_the_manuscripts_own_typography(session, engine):
    session.page.replace_span(0, session.document.length, "“Yes,” he said.\n\n## II\n\nEnd.")
    session.page.set_caret(len("“Yes,” he said.\n\n"))
    session.continue_text()
    engine.write_all('"A', '"B', '"C')
    engine.write_all('."', '."', '."')
    engine.finish(None, None, None)
    for version in ("“A.”", "“B.”", "“C.”"):
        assert session.document.text == f"“Yes,” he said.\n\n{version}\n\n## II\n\nEnd."
        session.show_version(1)


def test_an_engine_that_writes_only_one_is_no_trouble(session, engine):
    session.continue_text()
    engine.write(" A", ".")
    engine.finish()
    assert shown(session) == " A."
    assert place(session) == (1, 1)


def test_tab_accepts_the_one_that_is_shown_in_mid_stream(session, engine, qtbot):
    session.continue_text()
    engine.write_all(" A", " B", " C")
    session.show_version(1)
    qtbot.keyClick(session.page, Qt.Key.Key_Tab)
    assert shown(session) == " B"
    assert not session.state.is_fresh
    assert engine.stops == 1
