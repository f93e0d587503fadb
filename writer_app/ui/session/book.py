"""The project around the text of one window: every part that lives on it, and what they say to each other."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from writer_app.engine import servers
from writer_app.errors import WriterError
from writer_app.language import _
from writer_app.story.dissection import Finding
from writer_app.ui.session import dissecting
from writer_app.ui.session.around import Around
from writer_app.ui.session.beside import Beside
from writer_app.ui.session.binder import Binder
from writer_app.ui.session.choices import Choices
from writer_app.ui.session.consistency import Consistency
from writer_app.ui.session.dissecting import Dissector
from writer_app.ui.session.filing import Filing
from writer_app.ui.session.lore import Lore
from writer_app.ui.session.open_outline import OpenOutline
from writer_app.ui.session.outlining import Outliner
from writer_app.ui.session.rearranger import Rearranger
from writer_app.ui.session.scenes import Scenes
from writer_app.ui.session.searching import Searching
from writer_app.ui.session.services import Preferences, Services
from writer_app.ui.session.setups import Setups
from writer_app.ui.session.state import ENGINE_KEY, Action, Notice, Wish
from writer_app.ui.session.statements import Statements
from writer_app.ui.session.summing import Summing
from writer_app.ui.session.today import Today

PROJECT_KEY = "project"


class Book(QObject):
    """Binder, bible, outline and all else that a project adds to a text.

    Without a project its parts are there and have nothing to show, so that nobody needs to ask first.

    Args:
        choices: How the model is asked.

    Signals:
        changed: Something that commands or panels may depend on.
        noticed, settled, wished: As of the session.
        failed: An error and the key of its notice.
        asking_failed: An error of the model's, and what asks once more (it takes ``anyway``).
        files_wanted: Paths to open in windows of their own; text_wanted: one to open in this window;
            texts_wanted: several, as one.
        writing_wanted: What is to be written at the end of the page (options); place_wanted: where the
            caret is to go (code points); arrived: what was found and is to be shown.
    """

    changed = Signal()
    noticed = Signal(object)
    settled = Signal(str)
    wished = Signal(object)
    failed = Signal(object, str)
    asking_failed = Signal(object, object)
    files_wanted = Signal(list)
    text_wanted = Signal(object)
    texts_wanted = Signal(list)
    writing_wanted = Signal(object)
    place_wanted = Signal(int)
    arrived = Signal(object)

    def __init__(
        self,
        services: Services,
        filing: Filing,
        choices: Choices,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._services, self._filing = services, filing
        aside, turns, asking = services.aside, services.turns, choices.asking
        self.binder = binder = Binder(services.projects, filing, self)
        self.around = Around(binder, aside, self)
        self.summing = Summing(
            binder,
            turns,
            aside,
            lambda: services.recipes.transforms.get("summarise"),
            asking,
            partial(_sums_up, services.preferences),
            self,
        )
        self.lore = Lore(binder, turns, asking, self)
        self.statements = Statements(services, binder, filing, self)
        self.consistency = Consistency(binder, filing, aside, self)
        outline = OpenOutline(None, aside, self)
        self.outliner = Outliner(binder, services.recipes, turns, asking, outline, self)
        self.dissector = Dissector(turns, aside, asking, self)
        self.beside = Beside(binder, aside, services.memory, self)
        self.searching = Searching(binder, filing, aside, self)
        self.setups = Setups(binder, self.lore, filing, self.searching, self)
        self.today = Today(services.diary, binder, filing, self)
        self.scenes = Scenes(services, binder, choices, self)
        self.rearranger = Rearranger(binder, filing, self)
        self._listen()

    def _listen(self) -> None:
        binder, beside, scenes, dissector = self.binder, self.beside, self.scenes, self.dissector
        for said, passed_on in (
            (self.statements.noticed, self.noticed),
            (self.statements.files_wanted, self.files_wanted),
            (self.lore.noticed, self.noticed),
            (self.setups.noticed, self.noticed),
            (self.rearranger.noticed, self.noticed),
            (binder.noticed, self.noticed),
            (binder.settled, self.settled),
            (binder.files_wanted, self.files_wanted),
            (binder.texts_wanted, self.texts_wanted),
            (binder.changed, self.changed),
            (beside.noticed, self.noticed),
            (beside.settled, self.settled),
            (beside.files_wanted, self.files_wanted),
            (scenes.noticed, self.noticed),
            (scenes.settled, self.settled),
            (scenes.text_wanted, self.text_wanted),
            (scenes.here_wanted, self.writing_wanted),
            (self.outliner.changed, self.changed),
            (dissector.changed, self.changed),
            (self.lore.place_wanted, self.place_wanted),
            (self.searching.arrived, self.arrived),
        ):
            said.connect(passed_on)
        for failed in (scenes.failed, dissector.failed, self.summing.failed):
            failed.connect(partial(self._on_failed, ENGINE_KEY))
        self.binder.failed.connect(partial(self._on_failed, PROJECT_KEY))
        self.lore.failed.connect(partial(self._on_asking_failed, self.lore.read_chapter))
        self.outliner.failed.connect(partial(self._on_asking_failed, self.outliner.repeat))
        self.outliner.project_wanted.connect(self._on_project_wanted)
        self.lore.beside_wanted.connect(self.beside.show_entry)
        self.searching.notes_wanted.connect(self.beside.show_notes)
        self.summing.made.connect(self.around.renew)

    @property
    def is_asking(self) -> bool:
        """Whether outline or dissection wait for the model."""
        return self.outliner.is_running or self.dissector.is_running

    def stop(self) -> None:
        """Let no more of an answer come, and keep what has arrived."""
        self.lore.stop()
        self.outliner.stop()
        self.dissector.stop()

    def close(self) -> None:
        """The window closes."""
        self.scenes.stop()
        self.outliner.stop()
        self.dissector.stop()
        self.summing.leave()
        self.beside.finish()
        self.today.keep()

    # -- outlining ------------------------------------------------------------------------------

    def outline_on(self, node: str = "", count: int | None = None) -> None:
        """Write the next step of the outline: what is empty, else ``count`` children of a node that has none."""
        self.settled.emit(ENGINE_KEY)
        self.outliner.write_next(node, count)

    def outline_text(self) -> None:
        """Make an outline of what is written: of the whole project, or of the text on the page."""
        opened, document = self.binder.project, self._filing.document
        if opened:
            find = partial(dissecting.manuscript, opened.project)
        else:
            data = self._services.places.data
            find = partial(dissecting.own, document.text, document.path, data)
        outline = self.outliner.book

        def take(findings: list[Finding]) -> None:
            ids = outline.value.new_ids(3 * len(findings))
            outline.put(outline.value.with_nodes(dissecting.nodes_of(findings, ids)))

        self.settled.emit(ENGINE_KEY)
        self.wished.emit(Wish.OUTLINE_PANEL)
        self.dissector.start(find, take)

    def learn_method(self, path: Path) -> None:
        """Read another's book and make a method that goes as it goes; nothing else of it is kept."""
        places, methods = self._services.places, self.outliner.methods
        pattern = methods.get("blank") or next(iter(methods.values()))

        def tell(title: str | WriterError) -> None:
            if isinstance(title, WriterError):
                self.failed.emit(title, ENGINE_KEY)
            else:
                text = _("The method “{title}” is among the methods now.").format(title=title)
                self.noticed.emit(Notice(text, key=ENGINE_KEY))

        def take(findings: list[Finding]) -> None:
            keep = partial(dissecting.keep_method, findings, path, places.recipes[1], pattern)
            self._services.aside.run(keep, tell, self)

        self.settled.emit(ENGINE_KEY)
        self.wished.emit(Wish.OUTLINE_PANEL)
        self.dissector.start(partial(dissecting.another, path, places.data), take)

    # -- the story bible ------------------------------------------------------------------------

    def read_for_bible(self) -> None:
        """Ask what the text on the page tells of its people, places and things."""
        self.settled.emit(ENGINE_KEY)
        self.wished.emit(Wish.BIBLE)
        self.lore.read_chapter()

    # -- inside ---------------------------------------------------------------------------------

    def _on_failed(self, key: str, error: WriterError) -> None:
        self.failed.emit(error, key)

    def _on_asking_failed(self, again: Callable[..., None], error: WriterError) -> None:
        self.asking_failed.emit(error, again)

    def _on_project_wanted(self) -> None:
        actions = (
            Action(_("New project…"), partial(self.wished.emit, Wish.NEW_PROJECT)),
            Action(_("Open a project…"), partial(self.wished.emit, Wish.OPEN_PROJECT)),
        )
        text = _(
            "What you accept becomes chapters and scenes of a project, and this text belongs to none."
        )
        self.noticed.emit(Notice(text, actions, key=PROJECT_KEY))


def _sums_up(preferences: Preferences) -> bool:
    """Whether earlier chapters are summed up by themselves; a server gets no text that she has not asked about."""
    values = preferences.values.model
    return values.summaries and not servers.is_server(values.path)
