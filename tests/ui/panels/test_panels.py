"""The panels: what they say to the session, and what they show of it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from writer_app.craft.continuation import Length
from writer_app.ui.session.state import Options, Wish


def test_the_main_button_continues_and_then_stops(window, session, engine, qtbot):
    session.page.insertPlainText("It rained")
    panel = window.continuation
    qtbot.mouseClick(panel.main, Qt.MouseButton.LeftButton)
    assert len(engine.asks) == 1
    assert panel.main.text().startswith("Stop")
    qtbot.mouseClick(panel.main, Qt.MouseButton.LeftButton)
    assert engine.stops == 1
    assert panel.main.text().startswith("Continue")


def test_what_happens_next_goes_with_the_request_and_return_sends_it(
    window, session, engine, qtbot
):
    session.page.insertPlainText("It rained")
    window.fulfil(Wish.NOTE)
    qtbot.keyClicks(window.continuation.note, "a storm")
    qtbot.keyClick(window.continuation.note, Qt.Key.Key_Return)
    assert engine.asks[0].note == "a storm"


def test_earlier_notes_are_offered_from_the_next_request_on(window, session, engine, qtbot):
    note = window.continuation.note
    for wish in ("a storm", "the letter"):
        note.setText(wish)
        qtbot.keyClick(note, Qt.Key.Key_Return)
        engine.finish()
    note.clear()
    qtbot.keyClick(note, Qt.Key.Key_Down)
    popup = note.completer().popup()
    assert popup.isVisible()
    shown = [popup.model().index(row, 0).data() for row in range(popup.model().rowCount())]
    assert shown == ["the letter", "a storm"]
    popup.hide()


def test_preset_and_length_are_remembered_for_the_next_start(make_program, qtbot):
    program = make_program()
    panel = program.desk.windows[0].continuation
    panel.recipe.setCurrentIndex(panel.recipe.findData("plain"))
    panel.length.setCurrentIndex(panel.length.findData(Length.AMOUNT))
    assert not panel.amount.isHidden()
    panel.amount.setValue(80)
    program.desk.quit()
    program.end()
    options = make_program().desk.windows[0].session.choices.options
    assert (options.recipe, options.length, options.amount) == ("plain", Length.AMOUNT, 80)


def test_the_answer_can_be_accepted_retried_stepped_through_and_removed(window, session, engine):
    session.page.insertPlainText("It rained")
    answer = window.continuation.answer
    assert not answer.isVisible()
    session.continue_text()
    engine.write(" hard.")
    assert answer.isVisible()
    assert not answer.retry.isEnabled()
    engine.finish()
    answer.retry.click()
    engine.write(" softly.")
    engine.finish()
    assert answer.steps.number.text() == "2 of 2"
    answer.steps.previous.click()
    assert session.document.text == "It rained hard."
    answer.remove.click()
    assert session.document.text == "It rained"
    assert answer.kept.text() == "What the model wrote here was removed; it can come back."
    assert answer.steps.number.text() == "0 of 2"
    session.page.set_caret(0)
    assert not answer.isVisible()


def test_expert_options_are_read_tolerantly(window, session):
    expert = window.continuation.expert
    expert.temperature.setValue(0.3)
    expert.seed.setText("no number")
    expert.stop.setText(r"***, ， \n\n、完")
    assert session.choices.options.overrides.temperature == 0.3
    assert session.choices.options.seed is None
    assert session.choices.options.stop == ("***", "\n\n", "完")
    expert.back.click()
    expert.seed.setText("12")
    assert session.choices.options.overrides.temperature is None
    assert session.choices.options.seed == 12


def test_headings_are_listed_followed_and_gone_to(window, session, qtbot):
    session.page.insertPlainText("# One\n\ntext\n\n## Two\n\nmore")
    story = window.story
    qtbot.waitUntil(lambda: story.list.count() == 2)
    assert story.list.currentRow() == 1
    story.list.setCurrentRow(0)
    qtbot.keyClick(story.list, Qt.Key.Key_Return)
    story.list.itemActivated.emit(story.list.item(0))
    assert session.page.caret == 0
    assert story.list.currentRow() == 0


def test_a_text_without_headings_is_taught_how_to_get_some(window):
    shown = [each.text() for each in window.story.findChildren(QLabel) if each.isVisible()]
    assert any("Headings of your text appear here" in each for each in shown)


def test_an_empty_page_says_how_to_begin(session):
    assert "Begin here" in session.page.placeholderText()
    assert "Ctrl+Return" in session.page.placeholderText()


def choosing(session, engine, *texts, fits=()):
    session.page.insertPlainText("It rained")
    session.choices.set_options(Options(alternatives=len(texts)))
    session.continue_text()
    engine.write_all(*texts)
    if fits:
        engine.finish(*fits)


def test_how_many_is_remembered_for_the_next_start(make_program):
    program = make_program()
    program.desk.windows[0].continuation.alternatives.setCurrentIndex(2)
    program.desk.quit()
    program.end()
    window = make_program().desk.windows[0]
    assert window.session.choices.options.alternatives == 3
    assert window.continuation.alternatives.currentText() == "Three to choose from"


def test_versions_are_listed_by_their_beginnings_while_they_are_written(window, session, engine):
    choosing(session, engine, " hard.\n\nThen", " softly", "")
    answer = window.continuation.answer
    assert [answer.list.item(row).text() for row in range(answer.list.count())] == [
        "hard. Then",
        "softly",
    ]
    assert answer.list.currentRow() == 0
    assert answer.steps.drop.isVisible()
    engine.write(" all night", alternative=1)
    assert answer.list.item(1).text() == "softly all night"


def test_a_version_is_picked_by_click_or_by_arrow_key(window, session, engine, qtbot):
    window.activateWindow()
    choosing(session, engine, " hard", " softly", " again")
    listed = window.continuation.answer.list
    where = listed.visualItemRect(listed.item(2)).center()
    qtbot.mouseClick(listed.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert session.document.text == "It rained again"
    assert session.page.hasFocus()
    assert session.state.is_generating
    listed.setFocus()
    qtbot.keyClick(listed, Qt.Key.Key_Up)
    assert session.document.text == "It rained softly"
    assert listed.hasFocus()
    qtbot.keyClick(listed, Qt.Key.Key_Return)
    assert session.page.hasFocus()


def test_what_fits_best_is_said_with_the_seed_behind_it(window, session, engine):
    choosing(session, engine, " hard.", " softly.", fits=(-1.0, -2.0))
    steps = window.continuation.answer.steps
    assert steps.number.text() == "1 of 2 · fits best"
    assert steps.number.toolTip().startswith("Seed 70\n")
    steps.next.click()
    assert steps.number.text() == "2 of 2"
    steps.drop.click()
    assert session.document.text == "It rained hard."
    assert not steps.isVisible()


def test_accepted_text_offers_its_other_versions_but_not_to_be_accepted_again(
    window, session, engine
):
    choosing(session, engine, " hard.", " softly.", fits=(None, None))
    answer = window.continuation.answer
    assert not answer.kept.isVisible()
    answer.accept.click()
    assert answer.kept.isVisible()
    assert not answer.accept.isVisible()
    assert not answer.steps.drop.isVisible()
    answer.steps.next.click()
    assert session.document.text == "It rained softly."
    assert answer.accept.isVisible()
    session.accept()
    session.page.set_caret(0)
    assert not answer.isVisible()
