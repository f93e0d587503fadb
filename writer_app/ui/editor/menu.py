"""The page's context menu."""

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu

from writer_app.language import _

if TYPE_CHECKING:
    from writer_app.ui.editor.page import Page


def context_menu(page: "Page") -> QMenu:
    """Undo, redo, clipboard and select all, each enabled where it can do something."""
    menu = QMenu(page)
    writable = not page.isReadOnly()
    selected = page.textCursor().hasSelection()
    pasting = writable and page.canPaste() and bool(QGuiApplication.clipboard().text())
    for title, run, enabled in (
        (_("Undo"), page.undo_step, writable and page.manuscript.can_undo),
        (_("Redo"), page.redo_step, writable and page.manuscript.can_redo),
        ("", None, False),
        (_("Cut"), page.cut, writable and selected),
        (_("Copy"), page.copy, selected),
        (_("Paste"), page.paste, pasting),
        ("", None, False),
        (_("Select all"), page.selectAll, page.manuscript.length > 0),
    ):
        if run is None:
            menu.addSeparator()
        else:
            menu.addAction(title, run).setEnabled(enabled)
    return menu
