"""Highlight and rewrite: by key, with a real engine child, from the highlight to the saved file."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.journeys.writer import furnish, says
from writer_app.craft.checks import Check

FIRST = (
    "The *old* man went slowly home through the narrow street, and the dog that nobody had fed "
    "followed him as far as the iron bridge over the dark river."
)
BETTER = (
    "The old man went quickly home through the empty street, and the dog that somebody had fed "
    "followed him as far as the stone bridge over the wide river."
)
STORY = f"# One\n\n{FIRST}\n\nNobody slept."
_ALT = Qt.KeyboardModifier.AltModifier


def words(text):
    return [f" {word}" if number else word for number, word in enumerate(text.split(" "))]


def test_two_of_five_changes_are_accepted_undone_redone_and_saved(sit_down, tmp_path):
    writer = sit_down([says("<text>\n", *words(BETTER), "\n</text>")], STORY)
    session, page = writer.window.session, writer.page
    start = STORY.index("The *old*")
    page.setTextCursor(page.cursor_at(start, start + len(FIRST)))
    session.rewrite("polish")
    writer.wait(lambda: not session.rewriter.is_running and session.rewriter.shown is not None)
    review = session.rewriter.shown
    assert [(each.removed, each.inserted) for each in review.revision.changes] == [
        ("slowly", "quickly"),
        ("narrow", "empty"),
        ("nobody", "somebody"),
        ("iron", "stone"),
        ("dark", "wide"),
    ]
    assert writer.text == STORY

    QTest.keyClick(page, Qt.Key.Key_Down, _ALT)
    view = writer.window.rewriting.view
    assert view.hasFocus()
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Backspace, Qt.Key.Key_Return):
        QTest.keyClick(view, key)
    assert writer.window.rewriting.main.text() == "Accept 2 of 5"
    QTest.mouseClick(writer.window.rewriting.main, Qt.MouseButton.LeftButton)
    accepted = STORY.replace("slowly", "quickly").replace("nobody", "somebody")
    assert writer.text == accepted
    assert "*old*" in accepted

    page.setFocus()
    writer.undo()
    assert writer.text == STORY
    writer.redo()
    assert writer.text == accepted
    writer.save()
    assert (tmp_path / "story.md").read_text("utf-8") == accepted


def test_the_starter_model_corrects_a_sentence_and_explains_nothing(
    sit_down_for_real, places, tmp_path
):
    wrong = "She go to the *market* yesterday and buyed three apple, but she dont liked them."
    path = tmp_path / "story.md"
    path.write_text(wrong, "utf-8")
    furnish(places, "")
    writer = sit_down_for_real(path)
    session = writer.window.session
    session.choices.set_options(replace(session.choices.options, seed=1))
    session.page.selectAll()
    session.rewrite("correct")
    writer.wait(lambda: not session.rewriter.is_running)
    review = session.rewriter.shown
    assert review is not None
    assert review.changes
    assert "*market*" in review.candidate.text
    failed = {each.check for each in review.candidate.failed}
    assert Check.LANGUAGE not in failed
    assert Check.PARAGRAPHS not in failed
    session.rewriter.accept()
    assert writer.text == review.candidate.text
    writer.undo()
    assert writer.text == wrong
