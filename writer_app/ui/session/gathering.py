"""Several texts of a project on one page: each is opened, locked, journalled and saved by itself."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from writer_app.story.document import Document
from writer_app.story.joined import Joined
from writer_app.story.opening import Opening
from writer_app.story.snapshots import Why
from writer_app.ui.session.filing import Filing, about
from writer_app.ui.session.keeping import Keeping
from writer_app.ui.session.services import Services
from writer_app.ui.session.state import Notice, Wish


class Gathering(QObject):
    """Holds what is on one page.

    Args:
        services: Shared by all windows.
        found: Path and what was found there, of each text in reading order.

    Signals:
        changed: Whether something is being saved, or may be written.
        saved: Everything is.
        noticed, settled, wished, files_wanted, replacing: As of a ``Filing``; a notice is about one of the texts,
            and does not take the place of one about another.

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
        self._services = services
        self._untold: list[Notice] | None = []  # until somebody hears it
        self._keys = set[str]()
        self._named: Filing | None = None  # the one that is to get another name
        for number, (filing, (path, opening)) in enumerate(zip(self._filings, found, strict=True)):
            filing.noticed.connect(partial(self._tell, number))
            filing.settled.connect(partial(self._settle, number))
            filing.wished.connect(partial(self._wish, filing))
            filing.show(path, opening)
            filing.changed.connect(self._on_changed)
            filing.saved.connect(self._on_saved)
            filing.files_wanted.connect(self.files_wanted)
            filing.replacing.connect(self.replacing)
            filing.adopted.connect(partial(self._on_adopted, number))
        self._keepings = [self._keeping(filing.document) for filing in self._filings]
        self.joined = Joined([filing.document for filing in self._filings])

    def begin(self) -> None:
        """Say what there was to say of the texts when they were opened."""
        untold, self._untold = self._untold or [], None
        for notice in untold:
            self.noticed.emit(notice)

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

    def save_as(self, path: Path) -> None:
        """Save the one as ``path`` that has asked for another name."""
        if self._named is not None:
            self._named.save_as(path)

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
        for key in self._keys:
            self.settled.emit(key)  # its ways on would act on texts that are gone
        self.deleteLater()

    # -- inside ---------------------------------------------------------------------------------

    def _tell(self, number: int, notice: Notice) -> None:
        """Pass a notice on, which says which text it is about and stands for itself."""
        told = about(notice, self._filings[number].document.path, str(number))
        self._keys.add(told.key)
        if self._untold is None:
            self.noticed.emit(told)
        else:
            self._untold.append(told)

    def _settle(self, number: int, key: str) -> None:
        self.settled.emit(f"{key} {number}")

    def _wish(self, filing: Filing, wish: Wish) -> None:
        self._named = filing
        self.wished.emit(wish)

    def _keeping(self, document: Document) -> Keeping:
        return Keeping(document, self._services.snapshots, self._services.aside, self)

    def _on_adopted(self, number: int, document: Document) -> None:
        """One of the files was opened anew: what it says now is on the page."""
        self._keepings[number].deleteLater()
        self._keepings[number] = self._keeping(document)
        self.joined.exchange(number, document)

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
