"""What the model reads, as the Continue panel shows it."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible

from tests.ui.projects import novel
from writer_app.craft.replay import Asked, find
from writer_app.engine.protocol import Generate, Part
from writer_app.story import records
from writer_app.story.project import Style
from writer_app.ui.panels.parts_list import title_of


@pytest.fixture
def book(tmp_path):
    book = novel(tmp_path / "boat")
    bible = book.folder / "bible"
    bible.mkdir()
    (bible / "anna.toml").write_text('name = "Anna"\ndescription = "A rower."\n')
    (bible / "ben.toml").write_text('name = "Ben"\ndescription = "Her brother."\n')
    book.facts = type(book.facts)(title="The Boat", style=Style(memory="A wide river."))
    book.path("text/fog.md").write_text("Anna rowed on. The fog lay over all of the river.\n")
    book.tree = book.tree.replace("fog", pinned=("names",))
    book.save()
    return book


@pytest.fixture
def window(make_program, book, qtbot):
    window = make_program(book.path("text/fog.md")).desk.windows[0]
    qtbot.waitUntil(lambda: window.session.book.around.now is not None)
    window.session.page.set_caret(15)
    return window


@pytest.fixture
def panel(window, engine, qtbot):
    engine.load()
    window.continuation.reading.handle.setChecked(True)
    panel = window.continuation.context
    qtbot.waitUntil(lambda: panel.parts.count() > 0)
    return panel


@pytest.fixture
def engine(window, make_program):
    return window.session.services.turns._engine


def titles(panel):
    return [panel.parts.item(row).text() for row in range(panel.parts.count())]


def look_at(panel, title):
    panel.parts.setCurrentRow(titles(panel).index(title))


def read(panel):
    return [title_of(part) for part in panel._session.viewing.account.parts]


def test_every_part_is_listed_with_its_tokens_why_it_is_there_and_what_it_costs(panel):
    assert titles(panel) == ["Memory", "Note: Names", "Anna", "Text"]
    assert panel.summary.text().startswith(f"{panel._session.viewing.account.tokens} of ")
    assert "Still to be read" in panel.summary.text()
    assert "second" in panel.summary.text()
    look_at(panel, "Anna")
    assert panel.why.text() == "“Anna” is named in this paragraph"
    assert panel.text.toPlainText() == "Anna: A rower."
    item = panel.parts.item(2)
    said = item.data(Qt.ItemDataRole.AccessibleTextRole)
    assert said.startswith("Anna, 4 tokens, “Anna” is named")


def test_nothing_is_counted_before_she_looks_and_nothing_after_she_looks_away(
    window, engine, qtbot
):
    engine.load()
    window.session.page.insertPlainText("Ben came. ")
    qtbot.wait(420)
    assert not engine.looked_at
    window.continuation.reading.handle.setChecked(True)
    assert engine.looked_at
    window.continuation.reading.handle.setChecked(False)
    count = len(engine.looked_at)
    window.session.page.insertPlainText("And went. ")
    qtbot.wait(420)
    assert len(engine.looked_at) == count


def test_keys_are_counted_once_when_the_hand_rests(panel, window, engine, qtbot):
    count = len(engine.looked_at)
    for letter in "Ben came. ":
        qtbot.keyClicks(window.session.page, letter)
    qtbot.waitUntil(lambda: "Ben" in titles(panel))
    assert len(engine.looked_at) == count + 1


def test_without_a_model_the_panel_says_so_and_offers_to_load_it(window, engine):
    window.continuation.reading.handle.setChecked(True)
    context = window.continuation.context
    assert not context.load.isHidden()
    assert context.parts.isHidden()
    warmed = len(engine.warmed)
    context.load.click()
    assert len(engine.warmed) == warmed + 1


def test_a_part_is_muted_and_told_again_and_an_entry_pinned(panel, qtbot):
    look_at(panel, "Memory")
    panel.mute.click()
    qtbot.waitUntil(lambda: "Memory" not in read(panel))
    assert titles(panel)[-1] == "Memory"
    look_at(panel, "Memory")
    assert panel.why.text() == "Muted"
    assert panel.mute.text() == "Tell again"
    panel.mute.click()
    qtbot.waitUntil(lambda: "Memory" in read(panel))
    look_at(panel, "Anna")
    panel.pin.click()
    qtbot.waitUntil(lambda: panel.why.text() == "Pinned by you")
    look_at(panel, "Text")
    assert panel.pin.isHidden()
    assert panel.mute.isHidden()


def test_a_part_from_the_bible_opens_its_entry_there(panel, window):
    look_at(panel, "Memory")
    assert panel.entry.isHidden()
    look_at(panel, "Anna")
    panel.entry.click()
    assert window.tabs.currentWidget() is window.bible
    assert window.bible.editor.shown == "anna"


def test_a_pinned_note_opens_on_the_page(panel, qtbot):
    look_at(panel, "Note: Names")
    panel.open.click()
    qtbot.waitUntil(lambda: panel._session.book.binder.current == "names")
    qtbot.waitUntil(lambda: "Note: Names" not in titles(panel))


def test_the_exact_prompt_can_be_edited_for_one_request_and_stays_while_she_types(
    panel, window, engine, qtbot
):
    prompt = panel.prompt
    assert "<s>" in prompt.begin.text()
    assert prompt.edit.toPlainText() == panel._session.viewing.account.prompt
    assert not prompt.use.isEnabled()
    prompt.edit.setPlainText("Nothing but this: ")
    panel._session.viewing.look()
    qtbot.wait(450)
    assert prompt.edit.toPlainText() == "Nothing but this: "
    prompt.use.click()
    assert engine.asks[-1].prompt == "Nothing but this: "
    assert prompt.edit.toPlainText() == panel._session.viewing.account.prompt
    engine.write("Fine.")
    engine.finish()
    panel._session.continue_text()
    assert engine.asks[-1].prompt is None


def test_what_was_read_already_is_told(panel, engine, qtbot):
    engine.known = [panel._session.viewing.account.prompt]
    panel._session.viewing.look()
    qtbot.waitUntil(lambda: "All of it is read already." in panel.summary.text())
    assert "read already" in panel.parts.item(0).data(Qt.ItemDataRole.AccessibleTextRole)


def test_a_text_by_itself_has_its_parts_too(make_program, tmp_path, qtbot):
    path = tmp_path / "loose.md"
    path.write_text("It rained.")
    window = make_program(path).desk.windows[0]
    window.session.services.turns._engine.load()
    window.session.page.set_caret(10)
    window.continuation.reading.handle.setChecked(True)
    qtbot.waitUntil(lambda: titles(window.continuation.context) == ["Text"])


def test_by_keyboard_alone_the_list_is_walked(panel, window, qtbot):
    assert panel.parts.focusPolicy() & Qt.FocusPolicy.TabFocus
    look_at(panel, "Memory")
    qtbot.keyClick(panel.parts, Qt.Key.Key_Down)
    assert panel.parts.current.title == "Names"
    for widget in (panel.parts, panel.text, panel.prompt.edit):
        assert widget.accessibleName()
    assert QAccessible.queryAccessibleInterface(panel.parts) is not None


def test_what_was_asked_is_kept_in_the_log_with_the_text_and_forgotten_with_the_versions(
    window, engine, tmp_path
):
    session, notes = window.session, []
    session.document.subscribe_notes(notes.append)
    asked = Asked(Generate(id=4, parts=(Part("text", "Anna"),), seed=5), "M", "f")
    session.continue_text()
    engine.asked.emit(asked)
    engine.write("Fine.")
    engine.finish()
    request = next(each for each in notes if each.kind == "request")
    assert find(notes, request.data["id"]) == asked
    session.forget_versions()
    assert find(notes, request.data["id"]) is None
    assert records.frame(notes[-1])


def test_memory_note_and_style_are_kept_in_the_project_and_told_at_once(panel, book, qtbot):
    voice, project = panel.voice, panel._session.book.binder.project
    assert voice.fields["memory"].toPlainText() == "A wide river."
    voice.fields["note"].setPlainText("Keep it quiet.")
    voice.note_depth.setValue(1)
    qtbot.waitUntil(lambda: project.facts.style.note == "Keep it quiet.")
    qtbot.waitUntil(lambda: "Author’s note" in read(panel))
    page = panel._session.page
    page.setTextCursor(page.cursor_at(0, 14))
    voice.add.click()
    assert project.facts.style.samples == ("Anna rowed on.",)
    assert voice.samples.text() == "1 sample page"
    voice.drop.click()
    assert project.facts.style.samples == ()
    qtbot.waitUntil(lambda: not project.is_saving)
    assert 'note = "Keep it quiet."' in (book.folder / "project.toml").read_text()


def test_summing_up_is_offered_in_a_project_with_how_far_it_is(panel, window, qtbot):
    assert not panel.chapters_fold.isHidden()
    panel.chapters.start.click()
    qtbot.waitUntil(lambda: panel.chapters.told.text() == "Every earlier chapter has its summary.")
    assert panel.chapters.start.text() == "Sum up earlier chapters"
