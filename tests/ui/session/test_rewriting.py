"""Rewriting: nothing on the page changes before she accepts, and then it is one step."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from writer_app.errors import NothingUseful
from writer_app.story.changes import Origin
from writer_app.ui.session.rewriting import LIVE_MS

FIRST = "It was a dark and stormy night, and the old house stood empty at the end of the long road."
STORY = f"# One\n\n{FIRST} Nobody slept.\n\nThe old man went home."
BETTER = (
    "It was a black and stormy night, and the old house stood quiet at the end of the narrow road."
)


@pytest.fixture
def story(session):
    """A page with the first sentence highlighted."""
    session.page.insertPlainText(STORY)
    highlight(session, FIRST)
    return session


def highlight(session, words):
    start = session.document.text.index(words)
    session.page.setTextCursor(session.page.cursor_at(start, start + len(words)))


def answer(engine, *texts):
    engine.load()
    engine.write_all(*texts)
    engine.finish()


def rewritten(session, engine, *texts, recipe="polish"):
    session.set_preference("rewriting", "candidates", len(texts))
    session.rewrite(recipe)
    answer(engine, *texts)
    return session.rewriter


def test_the_document_is_untouched_until_she_accepts_and_that_is_one_undo_step(story, engine):
    rewriter = rewritten(story, engine, BETTER)
    assert story.document.text == STORY
    assert rewriter.shown.changes > 0
    rewriter.accept()
    assert story.document.text == STORY.replace(FIRST, BETTER)
    story.undo()
    assert story.document.text == STORY
    story.redo()
    assert story.document.text == STORY.replace(FIRST, BETTER)
    assert not rewriter.is_open


def test_she_takes_some_changes_and_leaves_the_rest(story, engine):
    rewriter = rewritten(story, engine, BETTER)
    assert rewriter.shown.changes == 3
    rewriter.decide(0, accepted=True)
    rewriter.decide(2, accepted=True)
    rewriter.accept()
    assert story.document.text == STORY.replace(FIRST, BETTER.replace("quiet", "empty"))


def test_what_she_rejects_stays_hers_and_the_others_are_made(story, engine):
    rewriter = rewritten(story, engine, BETTER)
    last = rewriter.shown.changes - 1
    rewriter.decide(last, accepted=False)
    rewriter.accept()
    assert story.document.text == STORY.replace(FIRST, BETTER.replace("narrow", "long"))


def test_saying_the_same_of_a_change_again_leaves_it_open(story, engine):
    rewriter = rewritten(story, engine, BETTER)
    rewriter.decide(0, accepted=True)
    rewriter.decide(0, accepted=True)
    assert rewriter.shown.decided == {}


def test_keeping_mine_lets_everything_go(story, engine):
    rewriter = rewritten(story, engine, BETTER)
    rewriter.dismiss()
    assert story.document.text == STORY
    assert not story.document.can_redo
    assert not rewriter.is_open
    assert not story.state.has_proposal


def test_only_what_the_model_wrote_counts_as_written_by_the_model(story, engine):
    inserted = []
    story.document.subscribe(lambda change: inserted.append((change.inserted, change.origin)))
    rewritten(story, engine, BETTER).accept()
    assert inserted == [
        ("narrow", Origin.MODEL),
        ("quiet", Origin.MODEL),
        ("black", Origin.MODEL),
    ]


def test_a_version_is_kept_before_the_model_changes_anything(story, engine, qtbot, tmp_path):
    path = tmp_path / "story.md"
    with qtbot.waitSignal(story.filing.saved):
        story.filing.save_as(path)
    highlight(story, FIRST)
    rewriter = rewritten(story, engine, BETTER)
    with qtbot.waitSignal(story.keeping.taken):
        rewriter.accept()


def test_she_writes_on_elsewhere_while_it_is_written(story, engine):
    story.rewrite("polish")
    engine.load()
    engine.write(BETTER[:20])
    story.page.replace_span(0, 0, "Before all. ")
    story.page.replace_span(story.document.length, story.document.length, " The end.")
    engine.write(BETTER[20:])
    engine.finish()
    assert not story.rewriter.is_touched
    story.rewriter.accept()
    assert story.document.text == "Before all. " + STORY.replace(FIRST, BETTER) + " The end."


def test_a_change_inside_the_passage_is_noticed_and_nothing_is_replaced_unasked(story, engine):
    rewriter = rewritten(story, engine, BETTER)
    start = story.document.text.index("dark")
    story.page.replace_span(start, start + 4, "bright")
    assert rewriter.is_touched
    assert "bright" in story.document.text
    rewriter.again()
    assert engine.asks[-1].passage == FIRST.replace("dark", "bright")
    answer(engine, BETTER)
    assert not rewriter.is_touched


def test_replacing_it_all_the_same_replaces_what_stands_there_now(story, engine):
    rewriter = rewritten(story, engine, BETTER)
    start = story.document.text.index("dark")
    story.page.replace_span(start, start + 4, "bright")
    rewriter.accept()
    assert story.document.text == STORY.replace(FIRST, BETTER)
    story.undo()
    assert "bright" in story.document.text


def test_what_has_come_when_she_stops_can_be_taken(story, engine, qtbot):
    story.rewrite("polish")
    engine.load()
    engine.write("It was a black and stormy")
    story.stop()
    assert not story.state.is_rewriting
    qtbot.waitUntil(lambda: engine.phase == "idle")
    engine.arrived.emit(" NEVER", 0)
    story.rewriter.accept()
    assert story.document.text == STORY.replace("dark", "black")


def test_nothing_useful_is_said_and_nothing_is_put_in(story, engine, qtbot):
    with qtbot.waitSignal(story.rewriter.failed) as failed:
        rewritten(story, engine, "I'm sorry, but I cannot help with that.")
    assert isinstance(failed.args[0], NothingUseful)
    assert story.document.text == STORY
    assert not story.rewriter.is_open


def test_candidates_are_stepped_through_and_the_same_one_twice_is_none(story, engine):
    rewriter = rewritten(story, engine, BETTER, "A stormy night.", BETTER)
    assert [each.candidate.text for each in rewriter.reviews] == [BETTER, "A stormy night."]
    rewriter.step(1)
    rewriter.accept()
    assert story.document.text == STORY.replace(FIRST, "A stormy night.")


def test_asked_again_the_earlier_answers_stay(story, engine):
    rewriter = rewritten(story, engine, BETTER)
    rewriter.again()
    answer(engine, "A stormy night.")
    assert [each.candidate.text for each in rewriter.reviews] == [BETTER, "A stormy night."]
    assert rewriter.number == 1


def test_her_own_words_can_take_the_place_of_a_candidate(story, engine):
    rewriter = rewritten(story, engine, BETTER)
    rewriter.edit("It was night.")
    rewriter.accept()
    assert story.document.text == STORY.replace(FIRST, "It was night.")


def test_a_candidate_can_be_put_behind_the_passage(story, engine):
    rewritten(story, engine, BETTER).insert_after()
    assert story.document.text.startswith(f"# One\n\n{FIRST}\n\n{BETTER}")


def test_what_continues_a_thought_goes_behind_it(story, engine):
    story.rewrite("onward")
    answer(engine, "The rain came.")
    story.rewriter.insert_after()
    assert story.document.text == STORY.replace(FIRST, FIRST + " The rain came.")


def test_of_a_list_only_what_she_keeps_is_put_in(story, engine):
    story.rewrite("names")
    answer(engine, "- Ann\n- Bert\n- Clara\n- Dora\n")
    rewriter = story.rewriter
    assert rewriter.shown.candidate.items == ("Ann", "Bert", "Clara", "Dora")
    rewriter.keep(1, wanted=True)
    rewriter.keep(3, wanted=True)
    rewriter.insert_after()
    assert f"{FIRST}\n\nBert\nDora" in story.document.text


def test_a_rule_asks_no_model_and_goes_the_same_way(session, engine, qtbot):
    session.page.insertPlainText("他说：后来呢。")
    session.page.selectAll()
    session.rewrite("hanzi")
    qtbot.waitUntil(lambda: session.rewriter.shown is not None)
    assert engine.asks == []
    assert session.document.text == "他说：后来呢。"
    session.rewriter.accept()
    assert session.document.text == "他說：後來呢。"
    session.undo()
    assert session.document.text == "他说：后来呢。"


def test_without_a_highlight_it_is_the_paragraph_at_the_caret(session, engine):
    session.page.insertPlainText(STORY)
    session.page.set_caret(STORY.index("old man"))
    session.rewrite("polish")
    assert engine.asks[-1].passage == "The old man went home."


def test_a_chapter_goes_in_pieces_and_is_gone_on_with_after_a_stop(session, engine, qtbot):
    paragraphs = [f"This is paragraph {number}. " + "It goes on. " * 110 for number in range(3)]
    text = "\n\n".join(each.strip() for each in paragraphs)
    session.page.insertPlainText(text)
    session.page.selectAll()
    session.rewrite("polish")
    rewriter = session.rewriter
    assert rewriter.pieces == (0, 3)
    engine.load()
    engine.write("First.")
    engine.finish()
    assert rewriter.pieces == (1, 3)
    assert engine.asks[-1].before.endswith("First.")
    session.stop()
    qtbot.waitUntil(lambda: engine.phase == "idle")
    assert rewriter.can_resume
    rewriter.resume()
    engine.write("Second.")
    engine.finish()
    engine.write("Third.")
    engine.finish()
    assert not rewriter.can_resume
    rewriter.accept()
    assert session.document.text == "First.\n\nSecond.\n\nThird."
    session.undo()
    assert session.document.text == text


def test_a_finished_piece_can_be_taken_when_the_rest_is_stopped(session, engine, qtbot):
    paragraphs = [f"This is paragraph {number}. " + "It goes on. " * 110 for number in range(2)]
    text = "\n\n".join(each.strip() for each in paragraphs)
    session.page.insertPlainText(text)
    session.page.selectAll()
    session.rewrite("polish")
    engine.load()
    engine.write("First.")
    engine.finish()
    session.stop()
    qtbot.waitUntil(lambda: engine.phase == "idle")
    session.rewriter.accept()
    assert session.document.text == "First.\n\n" + paragraphs[1].strip()


def test_formatting_that_the_model_dropped_is_put_back(session, engine):
    session.page.insertPlainText("He was *never* late, and [she](x.md) knew.")
    session.page.selectAll()
    session.rewrite("polish")
    answer(engine, "He was never late, as she knew.")
    session.rewriter.accept()
    assert session.document.text == "He was *never* late, as [she](x.md) knew."


def test_the_passage_is_marked_on_the_page_as_long_as_it_is_under_review(story, engine):
    story.page.set_caret(0)
    highlight(story, FIRST)
    rewriter = rewritten(story, engine, BETTER)
    marked = [each.cursor.selectedText() for each in story.page.extraSelections()]
    assert FIRST in marked
    rewriter.dismiss()
    assert FIRST not in [each.cursor.selectedText() for each in story.page.extraSelections()]


def test_it_shows_what_would_change_while_it_is_written(story, engine, qtbot):
    story.rewrite("polish")
    engine.load()
    engine.write("It was a bright, stormy")
    qtbot.waitUntil(lambda: story.rewriter.shown is not None, timeout=LIVE_MS * 30)
    shown = story.rewriter.shown
    assert not shown.is_complete
    assert any("bright" in each.inserted for each in shown.revision.changes)
    assert shown.revision.apply(range(shown.changes)).endswith("the long road.")


def test_the_last_recipe_is_repeated_by_one_key(story, engine):
    rewritten(story, engine, BETTER, recipe="vivid").dismiss()
    highlight(story, "The old man went home.")
    QTest.keyClick(story.page, Qt.Key.Key_F4)
    assert engine.asks[-1].recipe.id == "vivid"
    assert engine.asks[-1].passage == "The old man went home."


def test_an_instruction_here_is_about_what_is_highlighted_or_about_what_is_to_come(story, engine):
    story.ask_here("Make it colder")
    assert (engine.asks[-1].recipe.id, engine.asks[-1].wish) == ("free", "Make it colder")
    answer(engine, BETTER)
    story.rewriter.dismiss()
    story.page.set_caret(story.document.length)
    story.ask_here("She comes in")
    assert engine.asks[-1].note == "She comes in"


def test_a_text_that_is_closed_takes_its_rewriting_along(story, engine, tmp_path, qtbot):
    path = tmp_path / "other.md"
    path.write_text("Other.", "utf-8")
    story.rewrite("polish")
    engine.load()
    story.page.selectAll()
    story.page.cut()
    story.document.mark_saved(story.document.revision)
    story.open(path)
    qtbot.waitUntil(lambda: engine.phase == "idle")
    assert not story.rewriter.is_open
    assert story.document.text == "Other."


def test_the_passage_under_review_is_asked_about_again_where_the_caret_is_in_it(story, engine):
    rewritten(story, engine, BETTER)
    story.page.set_caret(STORY.index("stormy"))
    story.rewrite("shorten", "half")
    assert engine.asks[-1].passage == FIRST
    answer(engine, "A night.")
    story.page.set_caret(STORY.index("old man"))
    story.rewrite("shorten", "half")
    assert engine.asks[-1].passage == "The old man went home."


def test_another_language_of_the_window_leaves_the_review_as_it_is(story, engine, program, qtbot):
    rewriter = rewritten(story, engine, BETTER)
    rewriter.decide(0, accepted=True)
    story.set_preference("interface", "language", "zh_CN")
    qtbot.waitUntil(lambda: program.desk.windows[0].rewriting.main.text() == "接受 1 / 3 处")
    rewriter.accept()
    assert "black and stormy" in story.document.text
    story.set_preference("interface", "language", "en")
    qtbot.waitUntil(lambda: program.desk.windows[0].rewriting.main.text() == "Accept all")


def test_of_a_long_passage_only_what_is_near_the_view_is_marked_and_more_as_she_scrolls(
    session, engine, qtbot
):
    session.page.insertPlainText("It was dark.\n" * 5_000)
    session.page.selectAll()
    session.rewrite("polish")

    def marked():
        return [each.cursor.selectionStart() for each in session.page.extraSelections()]

    assert 100 < len(marked()) < 2_000

    def scrolled():  # Qt lays out on the way
        session.page.verticalScrollBar().setValue(session.page.verticalScrollBar().maximum())
        return min(marked()) > 20_000 and max(marked()) > 60_000

    qtbot.waitUntil(scrolled)


LONG = "\n\n".join(f"{FIRST} It was night {number}." for number in range(800))


def test_a_long_passage_is_prepared_and_judged_aside_and_comes_to_the_same(session, engine, qtbot):
    session.page.insertPlainText(LONG)
    session.page.selectAll()
    session.rewrite("polish")
    assert engine.asks == []
    assert session.state.is_rewriting
    qtbot.waitUntil(lambda: len(engine.asks) == 1)
    engine.load()
    engine.write(engine.asks[-1].passage.replace("dark", "black"))
    engine.finish()
    session.stop()
    qtbot.waitUntil(lambda: not session.rewriter.is_running)
    assert session.rewriter.shown.is_complete
    assert session.rewriter.can_resume
    changes = session.rewriter.shown.changes
    session.rewriter.accept()
    assert session.document.text == LONG.replace("dark", "black", changes)


def test_a_long_passage_let_go_while_it_is_prepared_asks_nothing(session, engine, qtbot):
    session.page.insertPlainText(LONG)
    session.page.selectAll()
    session.rewrite("polish")
    session.stop()
    assert not session.rewriter.is_open
    session.rewrite("polish")
    session.rewriter.dismiss()
    qtbot.wait(300)
    assert engine.asks == []
    assert not session.state.is_rewriting


def test_a_long_passage_changed_while_it_is_prepared_is_noticed(session, engine, qtbot):
    session.page.insertPlainText(LONG)
    session.page.selectAll()
    session.rewrite("polish")
    session.page.replace_span(3, 5, "wAs")
    assert session.rewriter.is_touched or not session.rewriter.is_open
    qtbot.wait(300)
    assert engine.asks == []


def test_the_log_says_which_seed_and_recipe_wrote_what_was_accepted(story, engine):
    story.choices.set_options(replace(story.choices.options, seed=7))
    notes = []
    story.document.subscribe_notes(notes.append)
    rewriter = rewritten(story, engine, BETTER, "A stormy night.", recipe="vivid")
    rewriter.step(1)
    rewriter.accept()
    (note,) = [each.data for each in notes if each.kind == "request"]
    assert (note["recipe"], note["seed"], note["model"]) == ("vivid", 8, "SmolLM2 135M")


def test_text_that_was_on_its_way_elsewhere_moves_the_passage_and_not_the_changes(story, engine):
    rewriter = rewritten(story, engine, BETTER)
    story.page.set_caret(0)
    story.continue_text()
    engine.write("Once", " upon")
    story.continuing._insertion.add(" a time. ")  # waits for the next flush, which the hand brings
    rewriter.accept()
    assert story.document.text.endswith(STORY.replace(FIRST, BETTER)[1:])
    assert "Once upon a time. " in story.document.text
    story.undo()
    assert FIRST in story.document.text


def test_what_her_hand_ends_inside_the_passage_is_asked_about_and_not_replaced(story, engine):
    rewriter = rewritten(story, engine, BETTER)
    place = story.document.text.index("stormy")
    story.page.hand.connect(lambda: story.document.replace(place, place, "wild "))
    rewriter.accept()
    assert story.document.text == STORY.replace("stormy", "wild stormy")
    assert rewriter.is_touched
    assert rewriter.shown is not None
