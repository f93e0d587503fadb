"""The page's context menu."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu

from writer_app.language import _
from writer_app.text.links import Link, link_at
from writer_app.ui.editor.pasting import formatted, paste_formatted

if TYPE_CHECKING:
    from writer_app.ui.editor.page import Page


def context_menu(page: "Page", link: Link | None = None) -> QMenu:
    """Undo, redo, clipboard and select all, each enabled where it can do something.

    Where ``link`` is given, or the caret is in one, it can be opened.
    """
    menu = QMenu(page)
    link = link or link_at(page.manuscript.text, page.caret)
    if link is not None:
        menu.addAction(_("Open link…"), partial(page.link_followed.emit, link))
        menu.addSeparator()
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
        (
            _("Paste with formatting"),
            partial(paste_formatted, page),
            writable and bool(formatted()),
        ),
        ("", None, False),
        (_("Select all"), page.selectAll, page.manuscript.length > 0),
    ):
        if run is None:
            menu.addSeparator()
        else:
            menu.addAction(title, run).setEnabled(enabled)
    return menu
