"""A window that meets everything foreign: ``foreign.py ours|careless SCRIPT FILE HTML``, run under strace.

``ours`` opens FILE, which is full of markup, pastes and drops HTML, and shows it in every widget that words from
outside reach. ``careless`` shows the same HTML in Qt's own widgets, so that whoever watches sees that there was
something to see.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QDropEvent, QGuiApplication, QHelpEvent
from PySide6.QtWidgets import QApplication, QLabel, QListWidget, QTextBrowser, QToolTip, QWidget

from writer_app import app
from writer_app.assets import Places
from writer_app.errors import FileUnreadable
from writer_app.text.links import address
from writer_app.ui.bridge import Bridge
from writer_app.ui.editor.pasting import paste_formatted
from writer_app.ui.session.state import Notice
from writer_app.ui.shell.compare import Comparison, as_html
from writer_app.ui.shell.crash_report import CrashReport


def foreign(html: str) -> QMimeData:
    data = QMimeData()
    data.setHtml(html)
    data.setText(html)
    return data


def drop(page: QWidget, html: str) -> None:
    none = Qt.KeyboardModifier.NoModifier
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    event = QDropEvent(QPointF(30, 60), copy, foreign(html), left, none)
    QApplication.sendEvent(page.viewport(), event)


def hover(widget: QWidget, place: QPoint) -> None:
    """Show the tooltip there, as resting the mouse does."""
    event = QHelpEvent(QEvent.Type.ToolTip, place, widget.mapToGlobal(place))
    QApplication.sendEvent(widget, event)
    for tip in QApplication.topLevelWidgets():
        if tip.inherits("QTipLabel"):
            tip.grab()
    QToolTip.hideText()


def ours(program: app.Program, html: str) -> None:
    window = program.desk.windows[0]
    session, page = window.session, window.session.page
    assert "canary" in session.document.text, "the file was opened"
    page.set_caret(session.document.length)
    QGuiApplication.clipboard().setMimeData(foreign(html))
    page.paste()
    paste_formatted(page)
    drop(page, html)
    headings: QListWidget = window.story.list
    session.overview._find_headings()
    assert headings.count() >= 3
    for row in range(3):
        hover(headings.viewport(), headings.visualItemRect(headings.item(row)).center())
    hover(page.viewport(), page.cursorRect(page.cursor_at(5)).center())
    session.notice(FileUnreadable(path=html, reason=html))
    session.noticed.emit(Notice(html, detail=html))
    window.notices._detail.show()
    program.desk.show_report(html)
    comparison = Comparison(
        html, as_html(session.document.text, html + html, session.colours), window
    )
    comparison.show()
    for target in ("https://evil.invalid/canary-link", "mailto:canary@evil.invalid"):
        window.ask_about(address(target))
    window.notices.text.setToolTip("")
    # What Qt would do where rich text came in by a way nobody thought of.
    page.insertHtml(html)
    page.document().setMarkdown(html)
    comparison._view.setHtml(html)
    for widget in (window, comparison, window.findChild(CrashReport)):
        widget.grab()


def careless(_program: app.Program, html: str) -> None:
    browser, label = QTextBrowser(), QLabel(html)
    browser.setHtml(html)
    for widget in (browser, label):
        widget.resize(500, 500)
        widget.show()
        widget.grab()


def main(how: str, script: str, file: str, html: str) -> int:
    application = app.application()
    program = app.Program(Places.standard(), lambda places: Bridge(places, ("scripted", script)))
    program.begin([file])
    deeds: dict[str, Callable[[app.Program, str], None]] = {"ours": ours, "careless": careless}

    def act() -> None:
        try:
            deeds[how](program, Path(html).read_text("utf-8"))
            QApplication.processEvents()
            os.write(1, b"done\n")
        finally:
            QTimer.singleShot(300, application.exit)

    QTimer.singleShot(500, act)
    application.exec()
    QGuiApplication.clipboard().clear()  # an object of Python's must not outlive Python
    for window in tuple(program.desk.windows):
        window.leaving.leave_without()
    program.end()
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
