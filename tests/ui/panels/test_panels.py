"""The panels: what they say to the session, and what they show of it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from writer_app.craft.continuation import Length
from writer_app.ui.panels.teaching import TEACHING
from writer_app.ui.session.state import Wish


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
    options = make_program().desk.windows[0].session.options
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
    assert answer.number.text() == "2/2"
    answer.previous.click()
    assert session.document.text == "It rained hard."
    answer.remove.click()
    assert session.document.text == "It rained"
    assert not answer.isVisible()


def test_expert_options_are_read_tolerantly(window, session):
    expert = window.continuation.expert
    expert.temperature.setValue(0.3)
    expert.seed.setText("no number")
    expert.stop.setText(r"***, ， \n\n、完")
    assert session.options.temperature == 0.3
    assert session.options.seed is None
    assert session.options.stop == ("***", "\n\n", "完")
    expert.temperature.setValue(expert.temperature.minimum())
    expert.seed.setText("12")
    assert session.options.temperature is None
    assert session.options.seed == 12


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


def test_panels_to_come_teach_and_have_no_dead_buttons(window):
    for index, (title, promise, meanwhile) in enumerate(TEACHING, 1):
        window.tabs.setCurrentIndex(index)
        assert window.tabs.tabText(index) == title
        panel = window.tabs.widget(index)
        assert {promise, meanwhile} == {each.text() for each in panel.findChildren(QLabel)}


def test_an_empty_page_says_how_to_begin(session):
    assert "Begin here" in session.page.placeholderText()
    assert "Ctrl+Return" in session.page.placeholderText()
