"""Following the links of the page: texts beside the document open here, everything else is asked about first."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from writer_app.errors import WriterError
from writer_app.language import _
from writer_app.story.beside import beside
from writer_app.text.links import Link, address, is_local, link_at
from writer_app.ui.editor.page import Page
from writer_app.ui.session.aside import Aside
from writer_app.ui.session.state import Notice

KEY = "link"
#: Seconds that a disk may take before the window goes on without the file.
_PATIENCE = 0.3


class Links(QObject):
    """Follows links, of one page at a time.

    Signals:
        asked: The :class:`~writer_app.text.links.Address` that she wants to go to, to be shown and agreed to.
        files_wanted: Paths of texts to open.
        noticed: A :class:`Notice`; failed: a :class:`WriterError`, why a link is not followed.
    """

    asked = Signal(object)
    files_wanted = Signal(list)
    noticed = Signal(object)
    failed = Signal(object)

    def __init__(self, aside: Aside, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._aside = aside
        self._page: Page | None = None

    def attach(self, page: Page) -> None:
        """From now on this page's."""
        self._page = page
        page.link_followed.connect(self.follow)

    def follow_at_caret(self) -> None:
        """Follow the link that the caret is in."""
        assert self._page is not None
        link = link_at(self._page.manuscript.text, self._page.caret)
        if link is None:
            self.noticed.emit(Notice(_("The caret is not in a link."), key=KEY))
        else:
            self.follow(link)

    def follow(self, link: Link) -> None:
        """Ask about a web or mail address, or open a text beside the document."""
        assert self._page is not None
        if is_local(link.target):
            work = partial(beside, link.target, self._page.manuscript.path)
            self._aside.run(work, self._found, self, patience=_PATIENCE)
            return
        try:
            self.asked.emit(address(link.target))
        except WriterError as error:
            self.failed.emit(error)

    def _found(self, found: Path | WriterError) -> None:
        if isinstance(found, WriterError):
            self.failed.emit(found)
        else:
            self.files_wanted.emit([str(found)])
