"""The session of one window: what its commands and panels act on.

It owns the page and answers every intention itself or hands it to the part that does: :class:`Filing` for
the file, :class:`Continuing` for the model, :class:`Overview` for counts and headings. Widgets hear of the result
by :attr:`Session.state_changed`, never from each other.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent

from writer_app.craft.continuation import Ask
from writer_app.craft.portions import paragraph_at
from writer_app.craft.transform import Result
from writer_app.errors import OtherEngine, OtherModel, WriterError
from writer_app.language import _, current, ngettext, number
from writer_app.story.document import Document
from writer_app.story.opening import Opening
from writer_app.story.search import Hit
from writer_app.story.snapshots import Why
from writer_app.text.habits import Habits
from writer_app.text.script import language_of
from writer_app.text.typography import as_typed
from writer_app.ui.editor import markup
from writer_app.ui.editor.page import Page
from writer_app.ui.editor.preparing import Ready
from writer_app.ui.editor.style import PageColours, PageStyle
from writer_app.ui.session.authorship import Authorship
from writer_app.ui.session.book import Book
from writer_app.ui.session.choices import Choices
from writer_app.ui.session.concealed import Concealed
from writer_app.ui.session.continuing import Continuing
from writer_app.ui.session.filing import Filing
from writer_app.ui.session.gathering import Gathering
from writer_app.ui.session.keeping import Keeping
from writer_app.ui.session.links import KEY as LINK_KEY
from writer_app.ui.session.links import Links
from writer_app.ui.session.look import page_style
from writer_app.ui.session.overview import Overview
from writer_app.ui.session.presets import Presets
from writer_app.ui.session.reading_along import ReadingAlong
from writer_app.ui.session.repetition import Repetition
from writer_app.ui.session.rewriting import Rewriter
from writer_app.ui.session.services import Services
from writer_app.ui.session.state import ENGINE_KEY, Action, Notice, Options, State, Wish
from writer_app.ui.session.stating import state_of
from writer_app.ui.session.trouble import Way, ways_on
from writer_app.ui.session.viewing import Viewing
from writer_app.ui.session.wording import in_window

MEMORY_KEY = "memory"
KEEPING_KEY = "keeping"
PRESET_KEY = "preset"
AUTHORS_KEY = "authors"
PASTE_KEY = "paste"
RESTYLE_MS = 60
_SAMPLE = 20_000


class Session(QObject):
    """One window's document, page and generation.

    Signals:
        state_changed: A new :class:`State`.
        page_changed: The new :class:`Page`, after another document came in.
        noticed: A :class:`Notice`; settled: the key of one that is over.
        wished: A :class:`Wish` for the window.
        files_wanted: Paths to open in windows of their own; text_wanted: one to open in this window;
            texts_wanted: several, as one.
        reviewed: Something is different about the passage under review, or what she said of it.
        counted, outlined, entered: Of :class:`Overview`, of the document that is in the window now.
    """

    state_changed = Signal(object)
    page_changed = Signal(object)
    noticed = Signal(object)
    settled = Signal(str)
    wished = Signal(object)
    files_wanted = Signal(list)
    text_wanted = Signal(object)
    texts_wanted = Signal(list)
    counted = Signal(object)
    outlined = Signal(list)
    entered = Signal(int)
    reviewed = Signal()

    def __init__(
        self, services: Services, colours: PageColours, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.services = services
        self.state = State()
        self._last_wish = "", ""
        self._colours = colours
        # A wheel turned for zooming asks many times; setting a whole book takes a moment.
        self._restyling = QTimer(self, interval=RESTYLE_MS, singleShot=True)
        self._restyling.timeout.connect(self._restyle)
        self._ready: Ready | None = None  # while a document comes in whose page was made ahead
        self.filing = Filing(services, self)
        self.choices = choices = Choices(
            services, lambda: self._project, lambda: self.book.around.now, self
        )
        self.book = Book(services, self.filing, choices, self)
        self.viewing = Viewing(services.turns, self._would_be_read, self)
        self.links, self.concealed = Links(services.aside, self), Concealed(self)
        self._show(self.filing.document)
        self.filing.adopted.connect(self._on_adopted)
        self.filing.changed.connect(self._on_file)
        self.filing.noticed.connect(self.noticed)
        self.filing.settled.connect(self.settled)
        self.filing.wished.connect(self.wished)
        self.filing.files_wanted.connect(self.files_wanted)
        self.filing.saved.connect(self.remember_caret)
        self.filing.saved.connect(partial(self._keep, Why.SAVE))
        self.filing.replacing.connect(self._on_replacing)
        self.links.files_wanted.connect(self.files_wanted)
        self._listen_to_book()
        self.links.failed.connect(partial(self.notice, key=LINK_KEY))
        self.presets = Presets(services, self)
        self.presets.chosen.connect(choices.set_overrides)
        self.presets.failed.connect(partial(self.notice, key=PRESET_KEY))
        for part in (self.links, self.concealed, self.presets):
            part.noticed.connect(self.noticed)
        self.presets.settled.connect(self.settled)
        self.concealed.settled.connect(self.settled)
        choices.changed.connect(self.viewing.look)
        services.preferences.changed.connect(self._on_preference)
        services.turns.model_changed.connect(self._refresh)

    def _listen_to_book(self) -> None:
        """Pass on what the parts of the project say."""
        book = self.book
        book.changed.connect(self._refresh)
        book.noticed.connect(self.noticed)
        book.settled.connect(self.settled)
        book.wished.connect(self.wished)
        book.failed.connect(self._on_book_failed)
        book.asking_failed.connect(self._tell)
        book.files_wanted.connect(self.files_wanted)
        book.text_wanted.connect(self.text_wanted)
        book.texts_wanted.connect(self.texts_wanted)
        book.writing_wanted.connect(self._write_scene)
        book.place_wanted.connect(self.go_to)
        book.arrived.connect(self._on_arrived)
        book.around.changed.connect(self.viewing.look)

    # -- the document ---------------------------------------------------------------------------

    @property
    def document(self) -> Document:
        """The document in the window."""
        return self.filing.document

    def open(self, path: Path) -> None:
        """Show a file, the caret where it stood last. Raises a :class:`WriterError`."""
        self.filing.open(path)
        self._restore_caret()

    def show_file(self, path: Path, opening: Opening, ready: Ready | None = None) -> None:
        """Show what was found at ``path``, the caret where it stood last."""
        self._ready = ready
        self.filing.show(path, opening)
        self._ready = None
        self._restore_caret()

    def show_several(self, found: Sequence[tuple[Path, Opening]]) -> None:
        """Show several texts as one, the caret at their beginning."""
        several = Gathering(self.services, found, self)
        several.noticed.connect(self.noticed)
        several.settled.connect(self.settled)
        several.files_wanted.connect(self.files_wanted)
        several.replacing.connect(self._on_replacing)
        self.filing.show_several(several)
        self._several = several

    def _restore_caret(self) -> None:
        assert self.document.path is not None
        self.page.set_caret(self.services.memory.caret(self.document.path))

    def save(self) -> None:
        """Save, asking for a name where there is none."""
        self.filing.save()

    def remember_caret(self) -> None:
        """Note where the caret stands, for the next time."""
        if self.document.path is not None:
            self.services.memory.note_caret(self.document.path, self.page.caret)

    def close(self, *, in_log: bool = False) -> None:
        """The window closes: end what runs and let the document go, its text left ``in_log`` or not."""
        self.continuing.end()
        self.rewriter.dismiss()
        self.reading_along.stop()
        self.viewing.leave()
        self.remember_caret()
        self.book.close()
        self.overview.leave()
        self.filing.let_go(in_log=in_log)

    def go_back_to(self, text: str) -> None:
        """Make an earlier version the text, as one change that undo takes back."""
        self.filing.go_back_to(text)

    # -- writing --------------------------------------------------------------------------------

    def undo(self) -> None:
        """Take back the last step; ends a generation first."""
        self.page.undo_step()

    def redo(self) -> None:
        """Repeat the step taken back last."""
        self.page.redo_step()

    def go_to(self, offset: int) -> None:
        """Put the caret at ``offset``, with that line near the top, and let the writer type there."""
        self.page.set_caret(offset)
        bar = self.page.verticalScrollBar()
        bar.setValue(
            bar.value() + self.page.cursorRect().top() - self.page.viewport().height() // 6
        )
        self.page.setFocus()

    def _on_arrived(self, hit: Hit) -> None:
        self.go_to(hit.start)
        self.page.select(hit.start, hit.end)

    def mark_up(self, change: Callable[[Page], None]) -> None:
        """Apply one of the commands of :mod:`writer_app.ui.editor.markup`."""
        if not self.state.is_read_only:
            change(self.page)

    def toggle_heading(self, level: int) -> None:
        """Make the lines at the caret headings, or plain again."""
        self.mark_up(partial(markup.toggle_heading, level=level))

    def toggle_authors(self) -> None:
        """Show over the text who wrote what, or leave it plain again."""
        if told := self.authorship.toggle():
            self.noticed.emit(Notice(told, key=AUTHORS_KEY))
        else:
            self.settled.emit(AUTHORS_KEY)

    def zoom(self, steps: int) -> None:
        """Make the type larger or smaller; 0 brings back the usual size."""
        size = self.services.preferences.values.page.size + steps if steps else 14.0
        self.set_preference("page", "size", min(48.0, max(8.0, size)))

    # -- continuing -----------------------------------------------------------------------------

    def continue_text(self, recipe: str = "", *, anyway: bool = False) -> None:
        """Continue at the caret, with the panel's options or another recipe for once."""
        self.settled.emit(ENGINE_KEY)
        self.services.memory.note_wish(self.choices.options.note)
        self.continuing.start(
            self.choices.options, self.choices.recipe(recipe), self.choices.asking(anyway=anyway)
        )

    def continue_from(self, prompt: str) -> None:
        """Continue at the caret; the model reads ``prompt`` for once, word for word, and nothing else."""
        self.settled.emit(ENGINE_KEY)
        asking = replace(self.choices.asking(), prompt=prompt)
        self.continuing.start(self.choices.options, self.choices.recipe(), asking)

    def stop(self) -> None:
        """Let no more text come, and keep what has arrived."""
        self.continuing.end()
        self.rewriter.stop()
        self.book.stop()

    def accept(self) -> None:
        """The fresh text is hers."""
        self.continuing.accept()

    def retry(self) -> None:
        """As many other versions in the same place as were asked for."""
        self.continuing.retry(
            lambda: self.continuing.question(
                self.choices.options, self.choices.recipe(), self.choices.asking()
            )
        )

    def write_again(self, *, anyway: bool = False) -> None:
        """Let the model write the text at the caret once more, from the very request that it was written from."""
        self.settled.emit(ENGINE_KEY)
        usual = self.continuing.question(
            self.choices.options, self.choices.recipe(), self.choices.asking()
        )
        answer = self.authorship.answer_at(self.page.caret)
        if not self.continuing.write_again(usual, answer, despite=anyway):
            text = _(
                "What the model was asked for the text at the caret is not kept: it did not write it, or that is "
                "long ago."
            )
            self.noticed.emit(Notice(text, key=ENGINE_KEY))

    def remove(self) -> None:
        """Take the fresh text away."""
        self.continuing.remove()

    def show_version(self, by: int) -> None:
        """Step through the versions: 1 forward, -1 back."""
        self.continuing.step(by)

    def pick_version(self, number: int) -> None:
        """Show this one of the versions, from 1."""
        self.continuing.pick(number)

    def drop_version(self) -> None:
        """Let the version shown go."""
        self.continuing.drop()

    def choose_model(self, path: str) -> None:
        """Use the model file at ``path`` from now on; empty: the installed one that fits."""
        self.set_preference("model", "path", path)
        self.settled.emit(ENGINE_KEY)
        self.warm()

    def warm(self) -> None:
        """Load the model that would be used, while there is nothing else to do."""
        ask = self.continuing.question(
            self.choices.options, self.choices.recipe(), self.choices.asking()
        )
        self.services.turns.warm(ask)

    def forget_memory(self) -> None:
        """Forget what the model has read of this document, on disk too."""
        self.services.turns.forget(self._project)
        self.noticed.emit(
            Notice(_("What the model had read of this text is forgotten."), key=MEMORY_KEY)
        )

    def forget_versions(self) -> None:
        """Forget the versions that were not taken."""
        self.continuing.forget_branches()
        self.noticed.emit(
            Notice(_("The versions that were not taken are forgotten."), key=MEMORY_KEY)
        )

    @property
    def _project(self) -> str:
        """What is kept on disk is kept for the file; text without a name leaves no trace there."""
        return str(self.document.path) if self.document.path else ""

    @property
    def _title(self) -> str:
        """What the window is called after."""
        if self.filing.several:
            count = len(self.filing.paths)
            return ngettext("{count} text", "{count} texts", count).format(count=number(count))
        return self.document.path.name if self.document.path else _("Untitled")

    def _would_be_asked(self) -> Ask | None:
        """What reading along prepares for; ``None`` while there is nothing to prepare."""
        wanted = self.services.preferences.values.model.read_along
        parts = (self.continuing, self.rewriter)
        is_busy = self.book.is_asking or any(each.is_running for each in parts)
        if not wanted or is_busy or self.document.read_only:
            return None
        return self.continuing.question(
            self.choices.options, self.choices.recipe(), self.choices.asking()
        )

    def _would_be_read(self) -> Ask | None:
        """What can be looked at before it is asked; ``None`` while an answer comes."""
        if self.continuing.is_running or self.rewriter.is_running:
            return None
        return self.continuing.question(
            self.choices.options, self.choices.recipe(), self.choices.asking()
        )

    # -- rewriting ------------------------------------------------------------------------------

    def rewrite(self, recipe: str, wish: str = "", *, anyway: bool = False) -> None:
        """Do what a recipe says to the highlighted passage, else to that under review here, else to the paragraph.

        Args:
            recipe: Its id.
            wish: What it asks for: a choice's id, or words of hers.
            anyway: Also in a language that the model does not know.
        """
        transform = self.services.recipes.transforms.get(recipe)
        if transform is None or self.document.read_only:
            return
        if not wish and transform.parameter and transform.parameter.needed:
            self.wished.emit(Wish.INSTRUCTION)
            return
        self.settled.emit(ENGINE_KEY)
        self.wished.emit(Wish.REWRITE_PANEL)
        self._last_wish = recipe, wish
        self.set_preference("rewriting", "last", recipe)
        values = self.services.preferences.values.rewriting
        asked = self.choices.asking(anyway=anyway).rewriting(
            self.document.text,
            self._passage(),
            transform,
            wish,
            1 if transform.result is Result.LIST else values.candidates,
            self.choices.options,
        )
        self.rewriter.start(asked, self.choices.switches)

    def repeat_rewrite(self) -> None:
        """Do again what was done last, to the passage that is highlighted now."""
        recipe, wish = self._last_wish
        self.rewrite(recipe or self.services.preferences.values.rewriting.last, wish)

    def ask_here(self, words: str) -> None:
        """An instruction in her own words: for what is highlighted, else for what is to be written here."""
        if self.page.textCursor().hasSelection():
            self.services.memory.note_instruction(words)
            self.rewrite("free", words)
        else:
            self.services.memory.note_wish(words)
            options = replace(self.choices.options, note=words)
            self.continuing.start(options, self.choices.recipe(), self.choices.asking())

    def _write_scene(self, options: Options) -> None:
        """Go on at the end of the page, as the scene's card says."""
        self.page.set_caret(self.document.length)
        self.continuing.start(options, self.choices.recipe(), self.choices.asking())

    def _passage(self) -> tuple[int, int]:
        start, end = self.page.selection
        if start < end:
            return start, end
        under_review = self.rewriter.span
        if under_review and under_review[0] <= start <= under_review[1]:
            return under_review
        return paragraph_at(self.document.text, start)

    def _on_rewriting_failed(self, error: WriterError) -> None:
        recipe, wish = self._last_wish
        self._tell(error, lambda *, anyway=False: self.rewrite(recipe, wish, anyway=anyway))

    # -- looks ----------------------------------------------------------------------------------

    @property
    def colours(self) -> PageColours:
        """Of the theme in use."""
        return self._colours

    def set_colours(self, colours: PageColours) -> None:
        """Show the page in the colours of another theme."""
        self._colours = colours
        self._restyle()

    def set_preference(self, topic: str, field: str, value: object) -> None:
        """Change a setting."""
        self.services.preferences.set(topic, field, value)

    def notice(self, error: WriterError, *actions: Action, key: str = "") -> None:
        """Show an error with ways on."""
        self.noticed.emit(Notice(in_window(error), actions, error.detail, key=key, is_problem=True))

    # -- inside ---------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tab accepts fresh text where the caret stands right behind it; anywhere else it is a Tab."""
        if (
            event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Tab
            and event.modifiers() == Qt.KeyboardModifier.NoModifier
            # Asked afresh: in mid-stream the last state is a word behind the page.
            and self.continuing.is_fresh
            and self.continuing.caret_at_end
        ):
            self.continuing.accept()
            return True
        return super().eventFilter(watched, event)

    def _on_formatting_lost(self) -> None:
        text = _(
            "There was too much formatting to take over, so the text was pasted plain. Paste it in parts to "
            "have it with formatting."
        )
        self.noticed.emit(Notice(text, key=PASTE_KEY))

    def _on_adopted(self, document: Document) -> None:
        self.continuing.end()
        self.rewriter.dismiss()
        self.reading_along.stop()
        self.overview.leave()
        self.overview.deleteLater()
        self.authorship.leave()
        self._show(document)
        self.page_changed.emit(self.page)

    def _show(self, document: Document) -> None:
        """Make page and helpers for ``document``."""
        self._language = _language_of(document.text)
        self.page = Page(document, self._style(), ready=self._ready)
        self.page.typing = self._as_typed
        if self.filing.several:
            joined = self.filing.several.joined
            self.page.borders = lambda: joined.borders
        self.page.installEventFilter(self)
        self.page.zoom_wanted.connect(self.zoom)
        self.page.file_dropped.connect(self.files_wanted)
        self.page.formatting_lost.connect(self._on_formatting_lost)
        # Qt draws this text above the page's first line, which stands lower.
        self.page.setPlaceholderText(
            "\n\n"
            + _("Begin here: type, paste, or drop a file on this page.")
            + "\n\n"
            + _("When you want company, press Ctrl+Return: the model writes on from your caret.")
        )
        self.keeping = Keeping(document, self.services.snapshots, self.services.aside, self.page)
        self.keeping.failed.connect(partial(self.notice, key=KEEPING_KEY))
        self.authorship = Authorship(self.page)
        self.continuing = Continuing(self.page, self.services.turns)
        self.continuing.beginning.connect(partial(self._keep, Why.MODEL))
        self.continuing.changed.connect(self._refresh)
        self.continuing.failed.connect(self._on_failed)
        self.continuing.written_again.connect(self._on_written_again)
        self.rewriter = Rewriter(self.page, self.services.turns, self.services.aside)
        self.rewriter.applying.connect(partial(self._keep, Why.MODEL))
        self.rewriter.changed.connect(self._refresh)
        self.rewriter.changed.connect(self.reviewed)
        self.rewriter.failed.connect(self._on_rewriting_failed)
        self.reading_along = ReadingAlong(
            self.page, self.services.turns, self._would_be_asked, self.page
        )
        self.links.attach(self.page)
        self.concealed.attach(self.page)
        self.book.lore.attach(document)
        self.overview = Overview(document, self)
        self.overview.counted.connect(self.counted)
        self.overview.counted.connect(self.book.binder.note_count)
        self.overview.outlined.connect(self.outlined)
        self.overview.entered.connect(self.entered)
        self.page.caret_moved.connect(self._on_caret)
        self.page.selectionChanged.connect(self._on_caret)
        self.book.today.follow(document)
        self._habits = Habits.of(document.text, self._language)
        document.subscribe(lambda _change: self._refresh())
        document.subscribe(lambda _change: self.viewing.look())
        self.page.hand.connect(self.book.summing.on_hand)
        self.page.caret_moved.connect(lambda _offset: self.viewing.look())
        self.viewing.look()
        self._refresh()

    @property
    def counts_chinese(self) -> bool:
        """Whether length is counted in 字, not in words."""
        project = self.book.binder.project
        return project.is_chinese if project else self._language == "zh"

    def style_for(self, text: str) -> PageStyle:
        """How a page of ``text`` would look."""
        values = self.services.preferences.values.page
        return page_style(values, self._colours, _language_of(text))

    def _style(self) -> PageStyle:
        return page_style(self.services.preferences.values.page, self._colours, self._language)

    def _restyle(self) -> None:
        self.page.apply_style(self._style())
        # Under a style sheet of the application, a palette does not reach the viewport by itself.
        self.page.viewport().setPalette(self.page.palette())

    def _as_typed(self, before: str, mark: str) -> str | None:
        return as_typed(before, mark, self._habits, self.choices.switches)

    def _keep(self, why: Why) -> None:
        if self.filing.several:
            self._several.keep(why)
        else:
            self.keeping.take(why)

    def _on_replacing(self, why: Why) -> None:
        """What the model writes belongs to the text that goes, and ends with it."""
        self.page.end_composing()
        self.continuing.accept()
        self._keep(why)

    def _on_file(self) -> None:
        self.page.set_read_only(self.document.read_only is not None)
        self._refresh()

    def _on_caret(self) -> None:
        self.overview.set_selection(*self.page.selection)
        together, several = self.book.binder.together, self.filing.several
        if together and several:
            self.book.around.enter(together[several.joined.part_at(self.page.caret)])
        self._refresh()

    def _on_preference(self, topic: str, field: str) -> None:
        if topic == "page":
            self._restyling.start()

    def _on_book_failed(self, error: WriterError, key: str) -> None:
        self.notice(error, key=key)

    def _on_failed(self, error: WriterError) -> None:
        again = (
            self.write_again if isinstance(error, OtherModel | OtherEngine) else self.continue_text
        )
        self._tell(error, again)

    def _on_written_again(self, found: Repetition) -> None:
        self.noticed.emit(Notice(found.told, key=ENGINE_KEY))

    def _tell(self, error: WriterError, again: Callable[..., None]) -> None:
        """Say what went wrong, with the ways on; ``again`` tries it once more."""
        ways: dict[Way, Callable[[], object]] = {
            Way.AGAIN: again,
            Way.ANYWAY: partial(again, anyway=True),
            Way.CHOOSE_MODEL: partial(self.wished.emit, Wish.CHOOSE_MODEL),
            Way.MODELS: partial(self.wished.emit, Wish.MODELS),
            Way.SERVERS: partial(self.wished.emit, Wish.MODELS),
            Way.SETTINGS: partial(self.wished.emit, Wish.SETTINGS),
        }
        actions = (Action(_(way.value), ways[way]) for way in ways_on(error))
        self.notice(error, *actions, key=ENGINE_KEY)

    def _refresh(self) -> None:
        """Send a new state where something differs."""
        state = state_of(
            self.filing,
            self.continuing,
            self.rewriter,
            self.book.outliner,
            self.book.dissector,
            self.page,
            self.services.turns.model,
            title=self._title,
            can_repeat=bool(self.services.preferences.values.rewriting.last),
            is_in_project=self.book.binder.project is not None,
        )
        if state != self.state:
            self.state = state
            self.state_changed.emit(state)


def _language_of(text: str) -> str:
    return language_of(text[:_SAMPLE]) or current()[:2]
