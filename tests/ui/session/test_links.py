"""Links on the page: shown in full, asked about, and never opened otherwise."""

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QToolTip

from writer_app.text.links import address
from writer_app.ui.editor.menu import context_menu
from writer_app.ui.shell.link import LinkDialog

TEXT = (
    "Go to [the bank](https://my-bank.com@evil.org/\u202ex) now.\n\n[two](two.md) [out](../out.md)"
)
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(make_program, tmp_path, qtbot):
    folder = tmp_path / "novel"
    folder.mkdir()
    for name in ("one.md", "two.md", "../out.md"):
        (folder / name).write_text(TEXT if name == "one.md" else "Other.", "utf-8")
    shown = make_program(folder / "one.md").desk.windows[0]
    qtbot.waitExposed(shown)
    return shown


def dialog(window):
    return window.findChild(LinkDialog)


def place_of(page, offset):
    return page.cursorRect(page.cursor_at(offset)).center() + QPoint(3, 0)


def click(page, offset, modifiers):
    place = place_of(page, offset)
    QTest.mouseClick(page.viewport(), Qt.MouseButton.LeftButton, modifiers, place)


def test_a_click_with_control_asks_and_a_click_without_does_not(window):
    page = window.session.page
    click(page, 10, Qt.KeyboardModifier.NoModifier)
    assert dialog(window) is None
    click(page, 10, CONTROL)
    assert dialog(window).isVisible()


def test_beside_a_link_nothing_is_followed(window):
    page = window.session.page
    click(page, 2, CONTROL)
    last = page.cursorRect(page.cursor_at(page.manuscript.length))
    for aside in (QPoint(60, 0), QPoint(0, 60), QPoint(-60, 60)):
        place = last.center() + aside  # Qt takes all of these for the link at the end
        QTest.mouseClick(page.viewport(), Qt.MouseButton.LeftButton, CONTROL, place)
    assert dialog(window) is None
    assert all(each.key != "link" for each in window.notices.notices)


def test_the_whole_true_address_is_shown_and_the_name_before_the_at_sign_is_warned_of(window):
    window.session.page.set_caret(10)
    window.actions_made.by_id["edit.open-link"].trigger()
    shown = dialog(window)
    assert shown.address.toPlainText() == "https://my-bank.com@evil.org/%E2%80%AEx"
    assert shown.site.text() == "evil.org"
    assert ["my-bank.com" in each.text() for each in shown.warnings] == [True]
    assert not shown.isModal()


@pytest.mark.parametrize("agrees", [True, False])
def test_only_what_was_shown_is_opened_and_only_if_she_agrees(window, qtbot, agrees):
    opened = []
    shown = LinkDialog(
        address("https://a.org/红楼梦"), window, lambda url: opened.append(url) or True
    )
    qtbot.addWidget(shown)
    text = shown.address.toPlainText()
    (shown.accept if agrees else shown.reject)()
    assert [url.toEncoded().toStdString() for url in opened] == ([text] if agrees else [])


def test_a_key_in_haste_opens_nothing(window, qtbot):
    opened = []
    shown = LinkDialog(address("https://a.org"), window, opened.append)
    shown.show()
    qtbot.waitExposed(shown)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Space):
        QTest.keyClick(shown.focusWidget(), key)
    assert opened == []
    assert not shown.isVisible()


def test_the_address_can_be_copied_instead(window, qtbot):
    shown = LinkDialog(address("https://a.org/x"), window)
    qtbot.addWidget(shown)
    shown.copy()
    assert QGuiApplication.clipboard().text() == "https://a.org/x"


def test_a_site_in_other_letters_is_shown_in_punycode_too(window, qtbot):
    shown = LinkDialog(address("https://аррӏе.com/"), window)
    qtbot.addWidget(shown)
    assert "xn--80ak6aa92e.com" in shown.address.toPlainText()
    assert shown.site.text() == "xn--80ak6aa92e.com"
    assert "аррӏе.com" in shown.warnings[0].text()


@pytest.mark.parametrize(
    "target",
    ["file:///etc/passwd", "javascript:alert(1)", "//host/share/x.md", "/etc/passwd", "x.exe"],
)
def test_what_is_not_allowed_is_refused_with_a_sentence(window, target):
    page = window.session.page
    page.replace_span(0, page.manuscript.length, f"[x]({target})")
    page.set_caret(1)
    window.actions_made.by_id["edit.open-link"].trigger()
    assert dialog(window) is None
    assert "This link was not opened" in window.notices.notices[-1].text
    assert target in window.notices.notices[-1].text


def test_a_text_beside_the_document_opens_in_the_program(window, make_program, qtbot):
    page = window.session.page
    wanted = []
    window.session.files_wanted.disconnect()
    window.session.files_wanted.connect(wanted.append)
    page.set_caret(TEXT.index("two.md"))
    window.session.links.follow_at_caret()
    qtbot.waitUntil(lambda: bool(wanted))
    assert wanted == [[str(window.session.document.path.parent / "two.md")]]
    page.set_caret(TEXT.index("../out.md"))
    window.session.links.follow_at_caret()
    qtbot.waitUntil(lambda: bool(window.notices.notices))
    assert len(wanted) == 1


def test_where_there_is_no_link_it_says_so(window):
    window.session.page.set_caret(0)
    window.session.links.follow_at_caret()
    assert window.notices.notices[-1].text == "The caret is not in a link."


def test_the_context_menu_offers_it_in_a_link_only(window):
    page = window.session.page
    page.set_caret(0)
    assert "Open link…" not in [each.text() for each in context_menu(page).actions()]
    page.set_caret(10)
    action = context_menu(page).actions()[0]
    assert action.text() == "Open link…"
    action.trigger()
    assert dialog(window) is not None


def test_hovering_shows_the_target_with_its_hidden_characters(window, qtbot):
    page = window.session.page
    place = place_of(page, 10)
    event = QHelpEvent(QEvent.Type.ToolTip, place, page.viewport().mapToGlobal(place))
    QApplication.sendEvent(page.viewport(), event)
    assert QToolTip.text() == "https://my-bank.com@evil.org/⟨U+202E⟩x\nCtrl+click opens it"
    QToolTip.hideText()


def test_every_button_has_words(window, qtbot):
    shown = LinkDialog(address("mailto:a@b.org"), window)
    qtbot.addWidget(shown)
    labels = [each.text() for each in shown.findChildren(QPushButton)]
    assert labels == ["Open in the mail program", "Copy the address", "Stay here"]
