"""The Outline panel: from an idea to chapters of a project, by mouse and by keyboard, each step to be taken back."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest

from writer_app.errors import EngineDied
from writer_app.story import outline as outlines
from writer_app.story.outline import Outline
from writer_app.story.project import Facts, Project
from writer_app.story.tree import Item, Kind, Tree
from writer_app.ui.session.state import Wish

IDEA = "Two rival bakers must share one kitchen."
SENTENCE = " Tom and Eva bake side by side until spring, though each wants the other gone.\n"
SHORT = " Tom loses his oven to a fire. Eva lets him in for a rent. In March they sell one loaf.\n"
ACTS = (
    " Tom burns his own bakery down on the first night of frost.\n",
    " Eva counts every sack of flour and finds one missing at dawn.\n",
    " The town orders one cake from both, and neither will sign it.\n",
)


@pytest.fixture
def panel(window):
    window.fulfil(Wish.OUTLINE_PANEL)
    return window.outline


@pytest.fixture
def outliner(session):
    return session.book.outliner


def answer(engine, *texts):
    for text in texts:
        engine.write(text)
        engine.finish()


@pytest.fixture
def grown(panel, engine):
    """The panel with the three acts of an idea."""
    panel.premise.setPlainText(IDEA)
    for texts in ((SENTENCE,), (SHORT,), ACTS):
        panel.main.click()
        answer(engine, *texts)
    return panel


def key(widget, key_, modifier=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(widget, key_, modifier)


def test_an_empty_panel_teaches_and_waits_for_an_idea(panel):
    assert panel.empty.isVisible()
    assert not panel.main.isEnabled()
    QTest.keyClicks(panel.premise, IDEA)
    assert panel.main.isEnabled()
    assert panel.main.text() == "Write it in one sentence"


def test_step_by_step_an_idea_becomes_acts(grown, outliner):
    assert outliner.outline.logline == SENTENCE.strip()
    assert outliner.outline.synopsis == SHORT.strip()
    assert [each.summary for each in outliner.outline.nodes] == [each.strip() for each in ACTS]
    assert [each.title for each in outliner.outline.nodes] == ["Beginning", "Middle", "End"]
    assert grown.main.text() == "Go on: Chapter"
    assert grown.count.value() == 4


def test_what_comes_is_seen_while_it_comes_and_stop_keeps_what_is_whole(
    panel, engine, outliner, qtbot
):
    outliner.set_words(premise=IDEA, logline="x", synopsis="y")
    panel.main.click()
    answer(engine, ACTS[0])
    engine.write(ACTS[1][:20])
    qtbot.waitUntil(lambda: outliner.live is not None)
    assert panel.main.text() == "Stop   Esc"
    assert "Writing 2 of 3" in panel.told.text()
    panel.main.click()
    assert not outliner.is_running
    assert [bool(each.summary) for each in outliner.outline.nodes] == [True, False, False]
    assert panel.main.text() == "Write the 2 empty ones"


def test_a_step_is_one_undo(grown, outliner):
    grown.tree.setFocus()
    key(grown.tree, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert outliner.outline.nodes == ()
    key(grown.tree, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert outliner.outline.synopsis == ""
    outliner.book.redo()
    outliner.book.redo()
    assert len(outliner.outline.nodes) == 3


def test_as_many_chapters_come_under_a_chosen_act_as_she_wants(grown, outliner, engine):
    act = outliner.outline.nodes[1].id
    grown.tree.choose(act)
    assert grown.told.text() == "In “Middle”"
    grown.count.setValue(2)
    grown.main.click()
    answer(
        engine,
        " Eva draws a line through the kitchen. (Flour)\n",
        " Tom moves it by night. (Salt)\n",
    )
    assert [each.title for each in outliner.outline[act].children] == ["Flour", "Salt"]
    assert not outliner.is_running


def test_a_node_is_written_again_and_its_neighbours_stay(grown, outliner, engine):
    grown.tree.choose(outliner.outline.nodes[1].id)
    grown.tree.setFocus()
    key(
        grown.tree,
        Qt.Key.Key_R,
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
    )
    answer(engine, " Tom hides the yeast, and no bread rises for a week.\n")
    said = [each.summary for each in outliner.outline.nodes]
    assert said == [
        ACTS[0].strip(),
        "Tom hides the yeast, and no bread rises for a week.",
        ACTS[2].strip(),
    ]


def test_of_several_versions_she_takes_one(grown, outliner, engine):
    node = outliner.outline.nodes[1].id
    outliner.write_choices(node)
    engine.write_all(
        " Tom hides the yeast from everybody.\n", " Eva sells the oven to a stranger.\n", ""
    )
    engine.finish(None, None, None)
    assert grown.choices.count() == 2
    assert outliner.outline[node].summary == ACTS[1].strip()
    key(grown.choices, Qt.Key.Key_Down)
    key(grown.choices, Qt.Key.Key_Return)
    assert outliner.outline[node].summary == "Eva sells the oven to a stranger."
    assert not grown.choices.isVisible()


def test_her_own_words_are_typed_into_the_row(grown, outliner):
    node = outliner.outline.nodes[0].id
    grown.tree.choose(node)
    grown.tree.setFocus()
    key(grown.tree, Qt.Key.Key_F2)
    editor = grown.tree.viewport().focusWidget()
    editor.setPlainText("Ashes\nThe bakery\nburns.")
    key(editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert (outliner.outline[node].title, outliner.outline[node].summary) == (
        "Ashes",
        "The bakery burns.",
    )


def test_what_is_locked_is_not_written_again(grown, outliner, engine):
    node = outliner.outline.nodes[0].id
    grown.tree.choose(node)
    grown.tree.setFocus()
    key(grown.tree, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    asked = len(engine.asks)
    outliner.write_again(node)
    assert len(engine.asks) == asked
    assert not grown.deeds[0].isEnabled()


def test_what_she_deletes_while_it_is_written_does_not_come_back(panel, engine, outliner):
    outliner.set_words(premise=IDEA, logline="x", synopsis="y")
    panel.main.click()
    outliner.delete(outliner.outline.nodes[0].id)
    answer(engine, *ACTS)
    assert [each.title for each in outliner.outline.nodes] == ["Middle", "End"]
    assert not outliner.is_running


def test_a_failure_is_a_notice_and_costs_nothing(grown, outliner, engine, window):
    before = outliner.outline
    outliner.write_again(before.nodes[0].id)
    engine.fail(EngineDied(reason="x"))
    assert outliner.outline == before
    assert not outliner.is_running
    assert window.notices.notices


def test_without_a_project_accepting_says_what_is_missing(grown, outliner, window):
    outliner.accept(outliner.outline.nodes[0].id)
    assert "project" in window.notices.notices[-1].text


def test_every_row_is_said_to_people_who_do_not_see_it(grown):
    index = grown.tree.model().index(2, 0)
    assert "Beginning. Tom burns" in index.data(Qt.ItemDataRole.AccessibleTextRole)
    for widget in (grown.premise, grown.method, grown.main, grown.count, grown.tree, grown.choices):
        assert widget.accessibleName()
    assert QAccessible.queryAccessibleInterface(grown.tree)


@pytest.fixture
def book(tmp_path):
    project = Project(tmp_path / "book", Facts(title="Ovens", language="en"))
    file = project.create("One", "It snowed.")
    project.tree = Tree((Item(id="one", kind=Kind.CHAPTER, title="One", file=file),))
    project.save()
    outlines.write(project.folder, Outline(premise=IDEA, logline="x", synopsis="y"), None)
    return project


def test_what_is_accepted_becomes_chapters_of_the_project(make_program, book, qtbot):
    program = make_program(book.path("text/One.md"))
    session = program.desk.windows[0].session
    outliner, engine = session.book.outliner, program.engine
    qtbot.waitUntil(lambda: outliner.outline.premise == IDEA)
    outliner.set_words(method="short-story")
    outliner.write_next()
    answer(engine, ACTS[0])
    outliner.stop()
    node = outliner.outline.nodes[0].id
    outliner.accept(node)
    qtbot.waitUntil(lambda: outliner.outline[node].accepted)
    made = session.book.binder.tree[outliner.outline[node].item]
    assert (made.kind, made.title, made.synopsis) == (Kind.SCENE, "Hook", ACTS[0].strip())
    assert book.path(made.file).is_file()
    with qtbot.waitSignal(session.book.binder.draft_wanted) as wanted:
        outliner.draft(node)
    assert wanted.args == [made.id]
    qtbot.waitUntil(lambda: "accepted" in (book.folder / outlines.NAME).read_text("utf-8"))
    # Accepting is one step of outline and tree, wherever it is taken back.
    project = session.book.binder.project
    outliner.book.undo()
    assert made.id not in project.tree
    assert not outliner.outline[node].accepted
    project.redo()
    assert made.id in project.tree
    assert outliner.outline[node].accepted
    project.undo()
    assert not outliner.outline[node].accepted
    outliner.book.redo()
    assert made.id in project.tree
    # What has gone on since stays as it is.
    outliner.lock(node)
    project.undo()
    assert outliner.outline[node].locked
