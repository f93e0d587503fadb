"""Word counts and headings of a document that is being edited, without making a key wait for them.

A book is counted in slices while nothing else is to be done; after that, now and then, the counts change by
what the lines edited meanwhile have changed. Headings are looked for when typing pauses.
"""

from PySide6.QtCore import QObject, QTimer, Signal

from writer_app.story.changes import Change
from writer_app.story.document import Document
from writer_app.text.counts import Tally, characters_zh, words
from writer_app.text.difference import Edit
from writer_app.text.headings import Heading, headings
from writer_app.ui.session.state import Counts

#: Characters counted at once: some 5 ms.
SLICE = 50_000
HEADINGS_MS = 400
#: The counts are at most this old.
COUNTS_MS = 200
SELECTION_MS = 80


class Overview(QObject):
    """Follows one document.

    Signals:
        counted: :class:`Counts` of text and selection.
        outlined: List of :class:`Heading`, whenever levels or titles have changed.
        entered: Index of the heading the caret stands under, -1 before the first.
    """

    counted = Signal(object)
    outlined = Signal(list)
    entered = Signal(int)

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.headings: list[Heading] = []
        self.current = -1
        self.counts = Counts()
        self._document = document
        self._tally: Tally | None = None
        self._counted = (0, 0, 0)  # offset, words, 字
        self._tallied = ""  # the text that the tally is of
        self._edit: Edit | None = None  # what it has become since
        self._selection = (0, 0)
        self._edits = QTimer(self, interval=COUNTS_MS, singleShot=True)
        self._edits.timeout.connect(self._count_edits)
        self._slices = QTimer(self, interval=0)
        self._slices.timeout.connect(self._count_slice)
        self._pause = QTimer(self, interval=HEADINGS_MS, singleShot=True)
        self._pause.timeout.connect(self._find_headings)
        self._select = QTimer(self, interval=SELECTION_MS, singleShot=True)
        self._select.timeout.connect(self._report)
        self.leave = document.subscribe(self._follow)
        self._slices.start()
        QTimer.singleShot(0, self, self._find_headings)

    def set_selection(self, start: int, end: int) -> None:
        """The caret stands at ``end``; between ``start`` and it the text is selected."""
        had = self._selection[0] < self._selection[1]
        self._selection = (start, end)
        if start < end or had:
            self._select.start()
        self._enter()

    def _follow(self, change: Change) -> None:
        if self._tally is None:
            self._count_anew()
        else:
            edit = Edit(change.offset, len(change.removed), len(change.inserted))
            self._edit = self._edit.then(edit) if self._edit else edit
            if not self._edits.isActive():
                self._edits.start()
        self._pause.start()

    def _count_anew(self) -> None:
        self._tally, self._counted, self._edit = None, (0, 0, 0), None
        self._slices.start()

    def _count_edits(self) -> None:
        edit, self._edit = self._edit, None
        if self._tally is None or edit is None:
            return
        if edit.removed + edit.inserted > SLICE:
            self._count_anew()
            return
        text = self._document.text
        removed = self._tallied[edit.at : edit.at + edit.removed]
        inserted = text[edit.at : edit.at + edit.inserted]
        self._tally.update(text, edit.at, removed, inserted)
        self._tallied = text
        self._report()

    def _count_slice(self) -> None:
        start, word_count, characters = self._counted
        text = self._document.text
        # Counts are sums over lines, so slices end where lines end.
        end = text.find("\n", start + SLICE) + 1 or len(text)
        piece = text[start:end]
        self._counted = (end, word_count + words(piece), characters + characters_zh(piece))
        if end == len(text):
            self._slices.stop()
            self._tally = Tally("")
            _, self._tally.words, self._tally.characters_zh = self._counted
            self._tallied = text
            self._report()

    def _report(self) -> None:
        if self._tally is None:
            return
        start, end = self._selection
        chosen = self._document.text[start:end] if end - start <= 20 * SLICE else ""
        counts = Counts(
            words=self._tally.words,
            characters=self._tally.characters_zh,
            selected_words=words(chosen),
            selected_characters=characters_zh(chosen),
            has_selection=bool(chosen),
        )
        if counts != self.counts:
            self.counts = counts
            self.counted.emit(counts)

    def _find_headings(self) -> None:
        old, self.headings = self.headings, headings(self._document.text)
        # A keystroke moves all later headings; only another outline is worth showing anew.
        if [found[1:] for found in old] != [found[1:] for found in self.headings]:
            self.outlined.emit(self.headings)
        self._enter()

    def _enter(self) -> None:
        caret = self._selection[1]
        index = sum(1 for heading in self.headings if heading.offset <= caret) - 1
        if index != self.current:
            self.current = index
            self.entered.emit(index)
