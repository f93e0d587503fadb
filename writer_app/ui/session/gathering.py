"""Several texts of a project on one page: each is opened, locked, journalled and saved by itself."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from writer_app.story.joined import Joined
from writer_app.story.opening import Opening
from writer_app.story.snapshots import Why
from writer_app.ui.session.filing import Filing
from writer_app.ui.session.keeping import Keeping
from writer_app.ui.session.services import Services


class Gathering(QObject):
    """Holds what is on one page.

    Args:
        services: Shared by all windows.
        found: Path and what was found there, of each text in reading order.

    Signals:
        changed: Whether something is being saved, or may be written.
        saved: Everything is.
        noticed, settled, wished, files_wanted, replacing: As of a ``Filing``.

    Attributes:
        joined: The texts as one.
    """

    changed = Signal()
    saved = Signal()
    noticed = Signal(object)
    settled = Signal(str)
    wished = Signal(object)
    files_wanted = Signal(list)
    replacing = Signal(object)

    def __init__(
        self,
        services: Services,
        found: Sequence[tuple[Path, Opening]],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._filings = [Filing(services, self) for _each in found]
        for filing, (path, opening) in zip(self._filings, found, strict=True):
            filing.noticed.connect(self.noticed)
            filing.settled.connect(self.settled)
            filing.show(path, opening)
            filing.changed.connect(self._on_changed)
            filing.saved.connect(self._on_saved)
            filing.files_wanted.connect(self.files_wanted)
            filing.replacing.connect(self.replacing)
        self._keepings = [
            Keeping(filing.document, services.snapshots, services.aside, self)
            for filing in self._filings
        ]
        self.joined = Joined([filing.document for filing in self._filings])

    @property
    def paths(self) -> tuple[Path, ...]:
        """Of all texts."""
        return tuple(each.document.path for each in self._filings if each.document.path)

    @property
    def is_saving(self) -> bool:
        """Whether one of them is being saved."""
        return any(each.is_saving for each in self._filings)

    def save(self) -> None:
        """Save those that are changed."""
        for each in self._filings:
            if each.document.is_changed:
                each.save()
        self._on_saved()

    def keep(self, why: Why) -> None:
        """Keep a version of each."""
        for each in self._keepings:
            each.take(why)

    def look_outside(self) -> None:
        """See whether another program has changed one of them."""
        for each in self._filings:
            each.look_outside()

    def let_go(self, *, in_log: bool) -> None:
        """The page is closed; see ``Filing.let_go``."""
        self.joined.leave()
        for each in self._filings:
            each.let_go(in_log=in_log)
        self.deleteLater()

    def _on_changed(self) -> None:
        whole, parts = self.joined.whole, self.joined.parts
        whole.read_only = next((part.read_only for part in parts if part.read_only), None)
        if self._is_all_saved:
            whole.mark_saved(whole.revision)
        self.changed.emit()

    def _on_saved(self) -> None:
        if self._is_all_saved:
            self._on_changed()
            self.saved.emit()

    @property
    def _is_all_saved(self) -> bool:
        return not self.is_saving and not any(part.is_changed for part in self.joined.parts)
