"""What the window places and how it answers to keys."""

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QPalette
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit, QWidget

from writer_app.errors import SaveFailed
from writer_app.language import explain
from writer_app.settings import Settings, SettingsFile, fields
from writer_app.ui.session.state import Action, Counts, Notice, State, Wish
from writer_app.ui.shell import window as shell_window
from writer_app.ui.shell.compare import changes
from writer_app.ui.shell.dialogs import suggested_name
from writer_app.ui.shell.frame import fitting
from writer_app.ui.shell.models_page import ModelsPage
from writer_app.ui.shell.palette import _KEYS, rank
from writer_app.ui.shell.settings_page import SettingsPage
from writer_app.ui.shell.status import counts_text, phase_text

BOTH = {"story", "writing"}


@pytest.mark.parametrize(
    ("width", "wanted", "insisted", "shown"),
    [
        (1280, BOTH, "", BOTH),
        (900, BOTH, "", {"writing"}),
        (640, BOTH, "", set()),
        (640, BOTH, "story", {"story"}),
        (720, {"story"}, "", {"story"}),
        (1280, BOTH, "story", BOTH),
        (1280, set(), "", set()),
    ],
)
def test_panels_give_way_before_the_page_does(width, wanted, insisted, shown):
    assert fitting(width, wanted, insisted) == shown


def test_a_narrow_window_leaves_the_page_and_a_wide_one_brings_panels_back(window, qtbot):
    window.resize(640, 600)
    qtbot.waitUntil(lambda: not window.tabs.isVisible() and not window.story.isVisible())
    qtbot.waitUntil(lambda: window.session.page.width() == 640)
    window.resize(1300, 800)
    qtbot.waitUntil(lambda: window.tabs.isVisible() and window.story.isVisible())


def test_only_the_page_and_back(window):
    window.fulfil(Wish.ONLY_PAGE)
    assert not any(
        each.isVisible()
        for each in (window.menuBar(), window.statusBar(), window.tabs, window.story)
    )
    assert window.session.page.isVisible()
    window.fulfil(Wish.ONLY_PAGE)
    assert window.menuBar().isVisible()
    assert window.statusBar().isVisible()


def test_every_wish_is_fulfilled(window, monkeypatch):
    # Dialogs of the system would wait for an answer; whatever they are, nothing is chosen in them.
    for name in (each for each in vars(shell_window) if each.startswith("ask_")):
        nothing = [] if name == "ask_open" else "" if name == "ask_model" else None
        monkeypatch.setattr(shell_window, name, lambda *_a, nothing=nothing: nothing)
    monkeypatch.setattr("writer_app.ui.shell.window.ask_book", lambda *_a: None)
    for wish in set(Wish) - {Wish.CLOSE, Wish.QUIT}:
        window.fulfil(wish)


def test_a_dropped_file_opens(window, tmp_path, program):
    path = tmp_path / "a.md"
    path.write_text("Dropped")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    window.dropEvent(
        QDropEvent(
            QPointF(5, 5),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )
    assert window.session.document.text == "Dropped"


def test_recent_files_are_in_the_file_menu(window, tmp_path, session):
    path = tmp_path / "a.md"
    path.write_text("A")
    session.open(path)
    file_menu = window.menuBar().actions()[0].menu()
    recent = next(each.menu() for each in file_menu.actions() if each.menu())
    recent.aboutToShow.emit()
    assert [each.text() for each in recent.actions()] == ["a.md"]


def test_a_notice_is_a_sentence_with_ways_on_and_never_takes_the_keyboard(window, session, qtbot):
    done = []
    session.page.setFocus()
    window.notices.show_notice(Notice("One.", (Action("Do it", lambda: done.append(1)),)))
    window.notices.show_notice(Notice("Two.", key="k", is_problem=True))
    window.notices.show_notice(Notice("Two, newer.", key="k"))
    assert [each.text for each in window.notices.notices] == ["One.", "Two, newer."]
    qtbot.keyClicks(session.page, "on")
    assert session.document.text == "on"
    window.notices.settle("k")
    button = next(
        each for each in window.notices.findChildren(QAbstractButton) if each.text() == "Do it"
    )
    button.click()
    assert done == [1]
    assert not window.notices.isVisible()


def test_details_of_a_problem_are_behind_a_button(window, session):
    error = SaveFailed(reason="the disk is full", detail="errno 28")
    session.notice(error)
    assert explain(error) == window.notices.text.text()
    details = next(
        each for each in window.notices.findChildren(QAbstractButton) if each.text() == "Details"
    )
    assert not window.notices._detail.isVisible()
    details.click()
    assert window.notices._detail.toPlainText() == "errno 28"


def test_the_palette_finds_a_command_by_its_words_and_runs_it(window, session, qtbot):
    session.page.insertPlainText("word")
    session.page.select(0, 4)
    window.fulfil(Wish.PALETTE)
    qtbot.keyClicks(window.palette_.line, "bold")
    assert window.palette_.list.count() == 1
    qtbot.keyClick(window.palette_.line, Qt.Key.Key_Return)
    assert session.document.text == "**word**"
    assert not window.palette_.isVisible()


def test_the_palette_names_the_keys_of_each_command_for_eye_and_ear(window):
    window.fulfil(Wish.PALETTE)
    window.palette_.line.setText("find next")
    row = window.palette_.list.item(0)
    assert row.data(Qt.ItemDataRole.AccessibleTextRole) == "Find next F3"
    before = window.palette_.list.viewport().grab().toImage()
    row.setData(_KEYS, "")
    assert window.palette_.list.viewport().grab().toImage() != before, "the key is painted"


def test_the_palette_offers_only_what_can_be_done_now(window):
    window.fulfil(Wish.PALETTE)
    offered = [window.palette_.list.item(row).text() for row in range(window.palette_.list.count())]
    assert not any(each.startswith(("Undo", "Retry", "Stop")) for each in offered)
    assert any(each.startswith("Settings") for each in offered)


@pytest.mark.parametrize(
    ("wanted", "title", "found"),
    [
        ("fi", "Find…", True),
        ("NEXT find", "Find next", True),
        ("xyz", "Find", False),
        ("续", "续写", True),
    ],
)
def test_all_words_typed_must_occur(wanted, title, found):
    assert (rank(wanted, title) is not None) == found


def test_find_goes_on_back_and_away(window, session, qtbot):
    session.page.insertPlainText("one two one")
    session.page.set_caret(0)
    window.fulfil(Wish.FIND)
    qtbot.keyClicks(window.find_bar.line, "one")
    assert window.find_bar.found.text() == "2 found"
    qtbot.keyClick(window.find_bar.line, Qt.Key.Key_Return)
    assert session.page.selection == (0, 3)
    qtbot.keyClick(window.find_bar.line, Qt.Key.Key_Return)
    assert session.page.selection == (8, 11)
    qtbot.keyClick(window.find_bar.line, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert session.page.selection == (0, 3)
    qtbot.keyClick(window.find_bar.line, Qt.Key.Key_Escape)
    assert not window.find_bar.isVisible()


def test_replacing_all_is_one_undo_step(window, session):
    session.page.insertPlainText("one two one")
    window.fulfil(Wish.REPLACE)
    window.find_bar.line.setText("one")
    window.find_bar.with_what.setText("三")
    window.find_bar._replace_all()
    assert session.document.text == "三 two 三"
    session.undo()
    assert session.document.text == "one two one"


def test_a_broken_pattern_is_said_in_the_bar(window, session):
    session.page.insertPlainText("one")
    window.fulfil(Wish.FIND)
    window.find_bar.pattern.setChecked(True)
    window.find_bar.line.setText("(")
    assert "is not valid" in window.find_bar.found.text()


def test_every_visible_setting_has_a_widget_with_a_name(window, session):
    page = SettingsPage(session, window)
    names = {each.accessibleName() for each in page.findChildren(QWidget) if each.accessibleName()}
    titles = {
        field.title
        for topic in fields(Settings)
        if topic.title
        for field in fields(type(topic.default))
        if field.title
    }
    assert titles
    assert titles <= names


def test_a_setting_changed_on_the_page_holds_at_once_and_at_the_next_start(window, session, places):
    page = SettingsPage(session, window)
    theme = next(
        each for each in page.findChildren(QComboBox) if each.accessibleName() == "Appearance"
    )
    theme.setCurrentIndex(theme.findData("dark"))
    assert session.page.viewport().palette().color(QPalette.ColorRole.Base).lightness() < 80
    session.services.preferences.flush()
    assert 'theme = "dark"' in (places.config / "settings.toml").read_text()


def test_what_is_never_to_be_written_is_a_line_each_and_reaches_the_engine(
    window, session, places, engine
):
    page = SettingsPage(session, window)
    lines = next(
        each for each in page.findChildren(QPlainTextEdit) if each.accessibleName() == "Never write"
    )
    lines.setPlainText("a testament to\n\n /不是.{1,12}而是/ \n")
    session.services.preferences.flush()
    wanted = ("a testament to", "/不是.{1,12}而是/")
    assert SettingsFile(places.config).values.model.bans == wanted
    session.continue_text()
    assert engine.asks[-1].bans == wanted


@pytest.mark.parametrize(
    ("wish", "kind"), [(Wish.SETTINGS, SettingsPage), (Wish.MODELS, ModelsPage)]
)
def test_a_page_asked_for_twice_is_there_once(window, wish, kind):
    window.fulfil(wish)
    window.fulfil(wish)
    assert len(window.findChildren(kind)) == 1


def test_zoom_changes_the_type_and_stays_in_range(session, qtbot):
    session.zoom(2)
    qtbot.waitUntil(lambda: session.page.page_style.size == 16)
    for _step in range(60):
        session.zoom(-1)
    qtbot.waitUntil(lambda: session.page.page_style.size == 8)
    session.zoom(0)
    qtbot.waitUntil(lambda: session.page.page_style.size == 14)


def test_everything_that_takes_the_keyboard_has_a_name(window):
    nameless = [
        each
        for kind in (QAbstractButton, QLineEdit, QComboBox)
        for each in window.findChildren(kind)
        if each.focusPolicy() & Qt.FocusPolicy.TabFocus
        and each.objectName()
        not in ("qt_spinbox_lineedit", "ScrollLeftButton", "ScrollRightButton")
        and not (each.accessibleName() or getattr(each, "text", str)())
    ]
    assert nameless == []


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (State(), ""),
        (State(phase="reading", progress=0.62, seconds_left=3.2), "reading 62 % (3 seconds)"),
        (State(phase="loading", progress=0.5), "loading the model 50 %"),
        (State(phase="writing"), "writing"),
    ],
)
def test_progress_is_said_in_seconds(state, said):
    assert phase_text(state) == said


def test_counts_name_the_selection_where_there_is_one():
    assert counts_text(Counts(1204, 2310)) == "1,204 words · 2,310 字"
    assert (
        counts_text(Counts(1204, 2310, 1, 2, has_selection=True))
        == "1 of 1,204 words · 2 of 2,310 字"
    )


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("# The Red-Headed League\n\ntext", "The Red-Headed League.md"),
        ("第三回 接外孙贾母惜孤女\n", "第三回 接外孙贾母惜孤女.md"),
        ('What? "No/yes" <x>', "What No yes x.md"),
        ("", "Untitled.md"),
    ],
)
def test_an_untitled_text_is_named_by_its_first_words(text, name):
    assert suggested_name(text) == name


def test_a_comparison_tells_both_texts_and_leaves_out_what_is_the_same():
    old = "".join(f"Line {number}.\n" for number in range(50))
    new = old.replace("Line 20.", "Line twenty, 二十。")
    pieces = list(changes(old, new))
    shown = "".join(text for kind, text in pieces if kind in ("same", "new"))
    assert "Line twenty, 二十。" in shown
    assert "Line 20." in "".join(text for kind, text in pieces if kind in ("same", "gone"))
    assert "Line 40." not in shown
    assert list(changes(old, old)) == []


def test_a_comparison_of_two_books_that_share_nothing_stays_short_and_counts_what_it_leaves_out():
    old = "".join(f"{'word ' * 300}{number}\n\nsame {number}\n\n" for number in range(400))
    new = old.replace("word", "字 is")
    shown = list(changes(old, new))
    assert sum(len(text) for _kind, text in shown) < 400_000
    kind, text = shown[-1]
    assert kind == "skip"
    assert "more change" in text
    first_gone = next(text for kind, text in shown if kind == "gone")
    assert first_gone == "word " * 300 + "0\n", "a costly change is shown whole"


def test_a_whole_book_that_is_new_is_cut_in_the_comparison():
    shown = dict(changes("", "Line.\n" * 100_000))
    assert shown["new"].endswith("…")
    assert len(shown["new"]) < 200_000


def test_escape_closes_the_palette_and_lets_the_text_go_on_arriving(window, session, engine, qtbot):
    session.page.insertPlainText("It rained")
    session.continue_text()
    engine.write(" hard")
    window.fulfil(Wish.PALETTE)
    qtbot.keyClick(window.palette_.line, Qt.Key.Key_Escape)
    assert not window.palette_.isVisible()
    assert session.state.is_generating


def test_every_label_of_the_find_bar_has_room_in_the_narrowest_window(window, qtbot):
    window.resize(window.minimumSize())
    window.fulfil(Wish.REPLACE)
    bar = window.find_bar
    boxes = (bar.case, bar.word, bar.pattern)
    qtbot.waitUntil(lambda: all(each.width() >= each.sizeHint().width() for each in boxes))
