"""The Rewrite panel: by mouse and by keyboard, what would change is seen, taken and turned down."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QTextCursor
from PySide6.QtTest import QTest

from writer_app.craft.transform import Group
from writer_app.ui.panels.diff_view import MOST_SHOWN
from writer_app.ui.panels.recipe_buttons import MOST
from writer_app.ui.session.state import Wish

FIRST = "It was a dark and stormy night, and the old house stood empty at the end of the long road."
BETTER = (
    "It was a black and stormy night, and the old house stood quiet at the end of the narrow road."
)
STORY = f"# One\n\n{FIRST}"


@pytest.fixture
def panel(window, session):
    session.page.insertPlainText(STORY)
    session.page.setTextCursor(session.page.cursor_at(len(STORY) - len(FIRST), len(STORY)))
    window.fulfil(Wish.REWRITE_PANEL)
    return window.rewriting


@pytest.fixture
def reviewed(panel, session, engine):
    """The panel with an answer of three changes."""
    answer(session, engine, BETTER)
    return panel


def answer(session, engine, *texts, recipe="polish"):
    session.set_preference("rewriting", "candidates", len(texts))
    session.rewrite(recipe)
    engine.load()
    engine.write_all(*texts)
    engine.finish()


def click(view, words):
    cursor = view.document().find(words)
    cursor.setPosition(cursor.selectionStart() + 1)
    spot = view.cursorRect(cursor).center() + QPoint(1, 0)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=spot)


def struck(view):
    """What is struck out, and what is underlined."""
    gone, new = [], []
    cursor = QTextCursor(view.document())
    while not cursor.atEnd():
        cursor.movePosition(
            QTextCursor.MoveOperation.NextCharacter, QTextCursor.MoveMode.KeepAnchor
        )
        look = cursor.charFormat()
        if look.fontStrikeOut():
            gone.append(cursor.selectedText())
        elif look.fontUnderline():
            new.append(cursor.selectedText())
        cursor.clearSelection()
    return "".join(gone), "".join(new)


def test_an_empty_panel_teaches(panel):
    assert panel.empty.isVisible()
    assert not panel.main.isVisible()


def test_what_goes_is_struck_and_what_comes_is_underlined(reviewed):
    assert struck(reviewed.view) == ("darkemptylong", "blackquietnarrow")
    assert reviewed.facts.text() == "3 changes · 20 → 20 words"
    assert reviewed.main.text() == "Accept all"


def test_accepting_all_is_one_click(reviewed, session):
    reviewed.main.click()
    assert session.document.text == STORY.replace(FIRST, BETTER)
    assert session.page.hasFocus()
    assert reviewed.empty.isVisible()


def test_a_click_takes_a_change_another_turns_it_down_a_third_leaves_it_open(reviewed, session):
    click(reviewed.view, "black")
    assert reviewed.main.text() == "Accept 1 of 3"
    click(reviewed.view, "black")
    assert session.rewriter.shown.decided == {0: False}
    assert reviewed.main.text() == "Accept the other 2"
    click(reviewed.view, "dark")
    assert session.rewriter.shown.decided == {}
    assert reviewed.main.text() == "Accept all"


def test_by_keyboard_two_changes_are_taken_and_one_turned_down(reviewed, session, window, qtbot):
    QTest.keyClick(session.page, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert reviewed.view.hasFocus()
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Backspace, Qt.Key.Key_Return):
        QTest.keyClick(window.focusWidget(), key)
    assert reviewed.main.hasFocus()
    QTest.keyClick(reviewed.main, Qt.Key.Key_Return)
    assert session.document.text == STORY.replace(FIRST, BETTER.replace("quiet", "empty"))


def test_left_and_right_go_through_the_answers(panel, session, engine):
    answer(session, engine, BETTER, "A night.")
    panel.focus_changes()
    QTest.keyClick(panel.view, Qt.Key.Key_Right)
    assert session.rewriter.number == 1
    assert panel.facts.text().endswith("2 of 2")
    QTest.keyClick(panel.view, Qt.Key.Key_Left)
    assert session.rewriter.number == 0


def test_a_failed_check_is_said_beside_the_answer(panel, session, engine):
    answer(session, engine, "No. " + FIRST[:30] + " Anna came at 9, “and so on.", recipe="correct")
    assert "Quotation marks do not come in pairs" in panel.warnings.text()
    assert panel.again.isEnabled()


def test_editing_before_accepting(reviewed, session):
    reviewed.edit.click()
    assert reviewed.editor.toPlainText() == BETTER
    reviewed.editor.setPlainText("It was night.")
    assert reviewed.main.text() == "Done editing"
    reviewed.main.click()
    reviewed.main.click()
    assert session.document.text == STORY.replace(FIRST, "It was night.")


def test_copying_takes_what_would_be_accepted(reviewed, session):
    session.rewriter.decide(0, accepted=True)
    reviewed.copy.click()
    assert QGuiApplication.clipboard().text() == FIRST.replace("dark", "black")


def test_keep_mine_and_again(reviewed, session, engine):
    reviewed.again.click()
    assert engine.asks[-1].passage == FIRST
    engine.write("A night.")
    engine.finish()
    assert len(session.rewriter.reviews) == 2
    reviewed.keep.click()
    assert session.document.text == STORY
    assert reviewed.empty.isVisible()


def test_the_main_button_stops_while_it_is_written(panel, session, engine, qtbot):
    session.rewrite("polish")
    engine.load()
    assert panel.main.text() == "Stop   Esc"
    engine.write(BETTER[:20])
    panel.main.click()
    assert not session.state.is_rewriting
    qtbot.waitUntil(lambda: engine.phase == "idle")
    assert panel.main.text() == "Accept all"


def test_escape_stops_it_too(panel, session, engine, qtbot):
    session.rewrite("polish")
    engine.load()
    engine.write(BETTER[:20])
    QTest.keyClick(session.page, Qt.Key.Key_Escape)
    assert not session.state.is_rewriting
    qtbot.waitUntil(lambda: engine.phase == "idle")


def test_a_passage_changed_meanwhile_is_said(reviewed, session):
    start = STORY.index("dark")
    session.page.replace_span(start, start + 4, "bright")
    assert "changed this passage" in reviewed.warnings.text()
    assert reviewed.main.text() == "Replace it all the same"


def test_items_of_a_list_are_kept_or_dropped(panel, session, engine):
    answer(session, engine, "- Ann\n- Bert\n- Clara\n- Dora\n", recipe="names")
    assert panel.list.isVisible()
    panel.list.item(2).setCheckState(Qt.CheckState.Checked)
    assert panel.main.text() == "Insert after"
    panel.main.click()
    assert session.document.text == STORY + "\n\nClara"


def test_an_answer_is_read_and_copied(panel, session, engine):
    answer(session, engine, "It means that it is late.", recipe="explain")
    assert panel.view.toPlainText() == "It means that it is late."
    panel.main.click()
    assert QGuiApplication.clipboard().text() == "It means that it is late."
    assert session.document.text == STORY


def test_return_in_the_line_asks_in_her_own_words_and_remembers_them(panel, session, engine):
    panel.instruction.setText("Make it colder")
    QTest.keyClick(panel.instruction, Qt.Key.Key_Return)
    assert (engine.asks[-1].recipe.id, engine.asks[-1].wish) == ("free", "Make it colder")
    assert session.services.memory.values.instructions == ["Make it colder"]


def test_an_empty_line_asks_nothing_and_gets_the_keys(panel, session, engine):
    session.rewrite("free")
    assert engine.asks == []
    assert panel.instruction.hasFocus()


def test_her_words_go_along_with_a_recipe_that_can_take_them(panel, engine):
    panel.instruction.setText("like Poe")
    panel.recipes._run("vivid", "")
    assert engine.asks[-1].wish == "like Poe"
    engine.load()
    panel.recipes._run("tense", "present")
    assert engine.asks[-1].recipe.id in ("vivid", "tense")


def test_everything_there_is_stands_in_the_menu(panel, session):
    panel.recipes._fill()
    titles = {
        action.text()
        for group in panel.recipes.more.menu().actions()[: len(Group)]
        for action in group.menu().actions()
    }
    transforms = session.services.recipes.transforms.values()
    assert titles == {each.title("en") for each in transforms}


def test_other_buttons_are_chosen_in_the_menu_five_at_most(panel, session):
    def pins():
        panel.recipes._fill()
        return {
            each.text(): each for each in panel.recipes.more.menu().actions()[-1].menu().actions()
        }

    pins()["Tone"].trigger()
    pins()["Translate"].trigger()
    assert [each.text() for each in panel.recipes.buttons][-1] == "Translate"
    assert len(panel.recipes.buttons) == MOST
    assert not pins()["Simplify"].isEnabled()


def test_how_many_answers_is_remembered(panel, session):
    panel.candidates.setCurrentIndex(2)
    assert session.services.preferences.values.rewriting.candidates == 3


def test_a_chapter_says_which_part_is_written(panel, session, engine):
    session.page.selectAll()
    session.page.insertPlainText("\n\n".join("It goes on and on. " * 75 for _number in range(3)))
    session.page.selectAll()
    session.rewrite("polish")
    assert panel.title.text() == "Polish · part 1 of 3"
    engine.load()
    engine.write("Short.")
    engine.finish()
    assert panel.title.text() == "Polish · part 2 of 3"


def test_of_very_many_changes_a_stretch_is_shown_and_the_next_is_a_click_away(
    panel, session, engine
):
    session.page.selectAll()
    session.page.insertPlainText("\n\n".join(f"It is line {n} of it all." for n in range(450)))
    session.page.selectAll()
    session.rewrite("polish")
    engine.load()
    while session.rewriter.is_running:
        engine.write(engine.asks[-1].passage.replace("is line", "was line"))
        engine.finish()
    view = panel.view
    assert session.rewriter.shown.changes == 450
    assert "line 199 " in view.toPlainText()
    assert view.toPlainText().endswith(f"[… {450 - MOST_SHOWN} more changes]")
    click(view, "more changes")
    assert "line 250 " in view.toPlainText()
    assert view.toPlainText().startswith(f"[… {MOST_SHOWN} changes before this]")
    session.rewriter.step_change(-1)
    assert session.rewriter.shown.current == 449
    assert "line 449 " in view.toPlainText()
    assert "more change" not in view.toPlainText()


def test_an_earlier_answer_is_seen_again_while_another_is_waited_for(reviewed, session):
    reviewed.again.click()
    assert reviewed.view.toPlainText() == ""
    session.rewriter.step(-1)
    assert "dark" in reviewed.view.toPlainText()


def test_the_change_looked_at_is_told_in_words_for_who_sees_no_lines(reviewed, session):
    assert reviewed.view.accessibleDescription() == ""
    session.rewriter.step_change(1)
    assert reviewed.view.accessibleDescription() == "Change 1 of 3: “dark” becomes “black”"
    session.rewriter.decide(0, accepted=True)
    assert reviewed.view.accessibleDescription().endswith(" · accepted")
    reviewed.focus_changes()
    session.rewriter.step_change(1)
    assert reviewed.view.accessibleDescription() == "Change 2 of 3: “empty” becomes “quiet”"
