"""Writing scenes from their cards: one at a time into its file, or on the page where it is there."""

from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from writer_app.craft.continuation import Length
from writer_app.craft.drafting import Stint, next_stint
from writer_app.language import _, number
from writer_app.ui.session.binder import Binder
from writer_app.ui.session.choices import Choices
from writer_app.ui.session.drafting import Drafting
from writer_app.ui.session.services import Services
from writer_app.ui.session.state import Action, Notice, Options

KEY = "draft"


class Scenes(QObject):
    """Drafts of one window.

    Args:
        choices: How the model is asked, whenever a draft begins.

    Signals:
        here_wanted: What is to be written at the end of the page: :class:`Options`.
        text_wanted: A text of the project that is to be shown, as soon as no draft is in its way.
        noticed, settled, failed: As of a draft.

    Attributes:
        drafting: The draft that is being written; ``None`` for none.
    """

    here_wanted = Signal(object)
    text_wanted = Signal(object)
    noticed = Signal(object)
    settled = Signal(str)
    failed = Signal(object)

    def __init__(
        self, services: Services, binder: Binder, choices: Choices, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.drafting: Drafting | None = None
        self._unsaved: list[Drafting] = []  # drafts that wait for a disk to take them
        self._services, self._binder, self._choices = services, binder, choices
        binder.draft_wanted.connect(self.draft)
        binder.text_wanted.connect(self._want_text)

    def draft(self, item: str) -> None:
        """Write a scene: on the page where it is there, else into its file, while she is elsewhere."""
        project, found = self._binder.project, self._binder.tree.get(item)
        if project is None or found is None:
            return
        if item == self._binder.current:
            written = project.counts.get(item, (0, 0))[int(project.is_chinese)]
            stint = next_stint(found, written, "zh" if project.is_chinese else "")
            if stint:
                self.here_wanted.emit(_with(self._choices.options, stint))
        elif self.drafting is None:
            choices = self._choices
            drafting = Drafting(
                self._services,
                project,
                found,
                choices.recipe(),
                choices.options,
                choices.asking(),
                self,
            )
            self.drafting = drafting
            drafting.changed.connect(self._tell)
            drafting.failed.connect(self.failed)
            drafting.noticed.connect(self.noticed)
            drafting.settled.connect(self.settled)
            drafting.ended.connect(partial(self._on_ended, drafting))
            drafting.start()
            self._tell()

    def stop(self) -> None:
        """The window closes: end the draft; what is written stays, and is saved."""
        if self.drafting:
            self.drafting.stop()
        for each in self._unsaved:
            each.leave()

    # -- inside ---------------------------------------------------------------------------------

    def _tell(self) -> None:
        if self.drafting:
            text = _("“{title}” is being drafted: {count} so far.").format(
                title=self.drafting.title, count=number(self.drafting.written)
            )
            self.noticed.emit(Notice(text, (Action(_("Stop"), self.drafting.stop),), key=KEY))

    def _on_ended(self, drafting: Drafting) -> None:
        if drafting is self.drafting:
            self.drafting = None
        self._unsaved = [each for each in self._unsaved if each is not drafting]
        if drafting.is_unsaved:
            self._unsaved.append(drafting)
            self.settled.emit(KEY)
            return
        text = _("“{title}” is drafted: {count}.").format(
            title=drafting.title, count=number(drafting.written)
        )
        show = Action(_("Show"), partial(self._binder.go, drafting.item))
        self.noticed.emit(Notice(text, (show,), key=KEY))
        drafting.deleteLater()

    def _want_text(self, path: Path) -> None:
        """A text that is being drafted is shown as soon as the draft has let it go."""
        if self.drafting and path == self.drafting.path:
            self.drafting.ended.connect(partial(self.text_wanted.emit, path))
            self.drafting.stop()
        else:
            self.text_wanted.emit(path)


def _with(options: Options, stint: Stint) -> Options:
    return replace(options, note=stint.note, length=Length.AMOUNT, amount=stint.amount)
