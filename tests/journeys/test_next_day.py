"""What is still there the next day: undo, the versions that were not taken, and who wrote what."""

from PySide6.QtCore import Qt

from tests.journeys.writer import says
from writer_app.story.changes import Origin
from writer_app.story.ledger import Ledger
from writer_app.ui.session.state import Options

TEXT = "It was late. She took the letter"
ONE, OTHER = " and read it.", " and burnt it."


def together(*texts):
    """Answers that come as alternatives of one request."""
    return [
        step | {"alternative": number} for number, text in enumerate(texts) for step in says(text)
    ]


def test_undo_goes_on_where_it_ended(sit_down):
    writer = sit_down([says(ONE)], TEXT)
    writer.ask()
    writer.wait_for_answer()
    writer.type(" Then")
    writer.save()
    path = writer.document.path
    text = writer.text
    writer.leave()

    again = sit_down([[]], text, path.name)
    assert not again.state.is_changed
    assert again.state.can_undo
    again.undo()
    assert again.text == TEXT + ONE
    again.undo()
    assert again.text == TEXT
    assert again.state.is_changed
    again.redo()
    again.redo()
    assert again.text == text
    assert not again.state.is_changed


def test_versions_not_taken_are_offered_again_and_can_be_retried(sit_down):
    writer = sit_down([together(ONE, OTHER)], TEXT)
    writer.window.session.choices.set_options(Options(alternatives=2))
    writer.ask()
    writer.wait_for_answer()
    writer.window.session.accept()
    writer.type(" The end")
    writer.save()
    text, path = writer.text, writer.document.path
    assert text == TEXT + ONE + " The end"
    writer.leave()

    again = sit_down([says(" and hid it.")], text, path.name)
    again.page.set_caret(len(TEXT) + 3)
    assert (again.state.version, again.state.versions) == (1, 2)
    again.show_next()
    assert again.text == TEXT + OTHER + " The end"
    again.retry()
    again.wait_for_answer()
    assert again.text == TEXT + " and hid it. The end"
    assert again.state.versions == 3


def test_the_log_knows_who_wrote_what_and_with_what(sit_down):
    writer = sit_down([says(ONE)], TEXT, loaded={"name": "Little"})
    writer.ask()
    writer.wait_for_answer()
    writer.type(" Then")
    writer.save()
    text, path = writer.text, writer.document.path
    writer.leave()

    again = sit_down([[]], text, path.name)
    past = again.document.past
    ledger = Ledger.of(past.header, again.document.log.records)
    found = [(text[each.start : each.end], each.origin) for each in ledger.spans]
    assert found == [(TEXT, Origin.IMPORTED), (ONE, Origin.MODEL), (" Then", Origin.TYPED)]
    sources = {each.source for each in ledger.spans if each.origin is Origin.MODEL}
    (request,) = [each.data for each in past.entries if getattr(each, "kind", "") == "request"]
    assert sources == {request["id"]}
    assert request["model"] == "Little"
    assert isinstance(request["seed"], int)


def test_versions_that_were_cleared_are_in_no_file_any_more(sit_down, places):
    writer = sit_down([together(ONE, OTHER)], TEXT)
    writer.window.session.choices.set_options(Options(alternatives=2))
    writer.ask()
    writer.wait_for_answer()
    writer.window.session.accept()
    writer.page.set_caret(len(TEXT) + 3)
    assert writer.state.versions == 2
    writer.window.session.forget_versions()
    assert writer.state.versions == 0
    writer.save()
    text, path = writer.text, writer.document.path
    writer.leave()
    (log,) = (places.state / "history").iterdir()
    assert ONE.encode() in log.read_bytes()
    assert OTHER.encode() not in log.read_bytes()

    again = sit_down([[]], text, path.name)
    again.page.set_caret(len(TEXT) + 3)
    assert again.state.versions == 0


def test_what_was_removed_can_still_come_back_the_next_day(sit_down):
    writer = sit_down([says(ONE)], TEXT)
    writer.ask()
    writer.wait_for_answer()
    writer.window.session.remove()
    assert writer.text == TEXT
    writer.key(Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    writer.type("So. ")
    writer.save()
    text, path = writer.text, writer.document.path
    writer.leave()

    again = sit_down([[]], text, path.name)
    assert (again.state.version, again.state.versions) == (0, 1)
    again.show_next()
    assert again.text == "So. " + TEXT + ONE
    assert again.state.is_fresh
