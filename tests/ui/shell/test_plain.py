"""Words from outside are shown as they are written, wherever they reach a widget, and load nothing."""

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QAction, QTextDocument
from PySide6.QtGui import Qt as GuiQt
from PySide6.QtWidgets import QComboBox, QLabel, QMenu, QWidget

from writer_app import assets
from writer_app.engine.protocol import Loaded
from writer_app.errors import FileUnreadable
from writer_app.ui.editor.plain import tip
from writer_app.ui.session.state import Wish
from writer_app.ui.shell.compare import Comparison, as_html

MARKUP = '<img src="file:///etc/passwd"><b>x</b>'
TIP = Qt.ItemDataRole.ToolTipRole
NAME = "<b>x</b> & <i>y<i>.md"


@pytest.fixture
def program(make_program, tmp_path, qtbot):
    path = tmp_path / NAME.replace("/", "∕")
    path.write_text(f"# {MARKUP}\n\n{MARKUP}\n", "utf-8")
    made = make_program(path)
    qtbot.waitUntil(lambda: made.desk.windows[0].story.list.count() == 1)
    return made


def assert_literal(text):
    """A tooltip that Qt does not take for HTML, or one in which all that is foreign is escaped."""
    assert not GuiQt.mightBeRichText(text) or text.startswith('<p style="white-space: pre-wrap">')
    assert "<img" not in text
    assert "<b>" not in text


def test_a_heading_is_shown_as_it_is_written(window):
    item = window.story.list.item(0)
    assert item.text() == MARKUP
    assert_literal(item.toolTip())
    assert "&lt;img" in item.toolTip()


def test_every_label_of_every_window_shows_plain_text(window, session, engine):
    engine.load(Loaded(name=MARKUP, context=1, languages=("en",)))
    session.notice(FileUnreadable(path=NAME, reason=MARKUP))
    for wish in (Wish.ABOUT, Wish.REPORT, Wish.SETTINGS, Wish.MODELS, Wish.PALETTE, Wish.FIND):
        session.wished.emit(wish)
    labels = window.findChildren(QLabel)
    assert len(labels) > 20
    foreign = [each for each in labels if "<b>" in each.text()]
    assert len(foreign) >= 2, "the name of the model and the notice"
    for each in foreign:
        assert each.textFormat() == Qt.TextFormat.PlainText
    for each in window.findChildren(QLabel):
        rich = each.textFormat() != Qt.TextFormat.PlainText and GuiQt.mightBeRichText(each.text())
        assert not rich, each.text()
        assert not each.openExternalLinks()


def test_a_recent_file_is_named_as_it_is(window):
    (recent,) = (each for each in window.findChildren(QMenu) if each.title() == "Recent files")
    recent.aboutToShow.emit()
    action = recent.actions()[0]
    assert action.text().replace("&&", "&") == window.session.document.path.name
    assert_literal(action.toolTip())


def test_a_version_of_the_model_is_shown_as_it_is_written(window, engine):
    window.session.choices.set_options(type(window.session.choices.options)(alternatives=2))
    window.session.continue_text()
    engine.load()
    engine.write_all(MARKUP, "plain")
    engine.finish(None, None)
    item = window.continuation.findChild(type(window.story.list)).item(0)
    assert "<img" in item.text()
    assert_literal(item.toolTip())


def test_a_recipe_of_a_stranger_is_called_as_it_is_written(places, make_program):
    for kind, name in (("continue", "steady"), ("rewrite", "tense"), ("outline", "three-acts")):
        shipped = (assets.resources() / "recipes" / kind / f"{name}.toml").read_text("utf-8")
        head, _, rest = shipped.partition("[summary]\n")
        hers = places.recipes[1] / kind / f"{name}.toml"
        hers.parent.mkdir(parents=True, exist_ok=True)
        summary = f"en = '{MARKUP}'\nzh = '{MARKUP}'"
        hers.write_text(f"{head}[summary]\n{summary}\n{rest.split(chr(10), 2)[2]}", "utf-8")
    window = make_program().desk.windows[0]
    for menu in window.findChildren(QMenu):
        menu.aboutToShow.emit()
    boxes = window.findChildren(QComboBox)
    tips = [each.toolTip() for each in window.findChildren(QWidget)]
    tips += [each.toolTip() for each in window.findChildren(QAction)]
    tips += [str(box.itemData(n, TIP) or "") for box in boxes for n in range(box.count())]
    assert sum("&lt;img" in each for each in tips) >= 3
    for each in tips:
        assert_literal(each)


@pytest.mark.parametrize(
    "text", [MARKUP, "a < b", "plain & simple", "<b>x</b>\nsecond line", "<a\n"]
)
def test_a_tooltip_says_what_is_written(text):
    shown = tip(text)
    document = QTextDocument()
    if GuiQt.mightBeRichText(shown):
        document.setHtml(shown)
    else:
        document.setPlainText(shown)
    assert document.toPlainText() == text


def test_text_widgets_answer_every_question_for_a_resource_with_nothing(program, window, tmp_path):
    canary = tmp_path / "canary.html"
    canary.write_text("canary", "utf-8")
    comparison = Comparison("t", as_html(MARKUP, "new " + MARKUP, window.session.colours), window)
    for widget in (window.session.page, comparison._view):
        for kind in QTextDocument.ResourceType:
            loaded = widget.document().resource(kind.value, QUrl.fromLocalFile(str(canary)))
            assert loaded is not None
            assert (
                b"canary" not in bytes(loaded) if hasattr(loaded, "data") else loaded.width() == 1
            )
    assert comparison._view.toPlainText().count(MARKUP) >= 1
