"""Plain values that travel between the session and the widgets."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from writer_app.craft.continuation import Length
from writer_app.craft.samplers import UNTOUCHED, Overrides
from writer_app.craft.transform import Group
from writer_app.errors import N_

#: Of notices about the last generation; the next one takes them away.
ENGINE_KEY = "engine"


@dataclass(frozen=True)
class Glimpse:
    """One of several versions of a place, in short.

    Attributes:
        beginning: Its first words, on one line.
        seed: That it was written with; ``None`` when not known.
        fits_best: Of all it makes what follows the likeliest.
    """

    beginning: str
    seed: int | None = None
    fits_best: bool = False


@dataclass(frozen=True)
class State:
    """All that commands and panels need to know; a new one is sent whenever something differs.

    Attributes:
        title: Name of the document for people.
        is_empty: There is no text yet.
        phase: Of the engine, for this window: idle, loading, reading, writing, ending.
        is_generating: Text may still arrive; false from the moment the writer ends it.
        progress: 0 to 1 while loading or reading.
        seconds_left: Of that; negative while unknown.
        is_fresh: There is text of the model that is neither accepted nor removed.
        caret_at_fresh_end: The caret stands right behind it.
        version: Which version is shown, from 1, 0 for none; ``versions`` how many there are to step through.
        glimpses: Each of them in short.
        is_kept: They are those of accepted text at the caret, or of what was removed there, not of fresh text.
        is_rewriting: A rewriting is being written; is_outlining: an outline.
        has_proposal: There is a passage under review; has_changes: with changes to accept or reject.
        can_repeat: A recipe was used before.
        is_in_project: The text belongs to a project; is_joined: there are several texts on the page.
        model: Name of the loaded model, empty before the first use.
        graphics: The graphics processors that hold some of it, or the server's address; empty: none.
    """

    title: str = ""
    is_empty: bool = True
    is_changed: bool = False
    is_saving: bool = False
    is_read_only: bool = False
    has_path: bool = False
    has_selection: bool = False
    can_undo: bool = False
    can_redo: bool = False
    phase: str = "idle"
    is_generating: bool = False
    progress: float = 0.0
    seconds_left: float = -1.0
    is_fresh: bool = False
    caret_at_fresh_end: bool = False
    version: int = 0
    versions: int = 0
    glimpses: tuple[Glimpse, ...] = ()
    is_kept: bool = False
    is_rewriting: bool = False
    is_outlining: bool = False
    has_proposal: bool = False
    has_changes: bool = False
    can_repeat: bool = False
    is_in_project: bool = False
    is_joined: bool = False
    model: str = ""
    graphics: str = ""

    @property
    def is_busy(self) -> bool:
        """Whether something is being written that can be stopped."""
        return self.is_generating or self.is_rewriting or self.is_outlining

    @property
    def has_others(self) -> bool:
        """Whether there are versions besides the one shown; all of them are, where none is."""
        return self.versions > (1 if self.version else 0)


@dataclass(frozen=True)
class Options:
    """How to continue, as chosen in the panel.

    Attributes:
        amount: Words (字 in Chinese) for ``Length.AMOUNT``.
        overrides: What goes before the recipe's sampling.
        seed: ``None`` draws one.
        alternatives: Versions written at once.
    """

    note: str = ""
    recipe: str = "steady"
    length: Length = Length.PARAGRAPH
    amount: int = 150
    overrides: Overrides = UNTOUCHED
    seed: int | None = None
    stop: tuple[str, ...] = ()
    alternatives: int = 1


@dataclass(frozen=True)
class Counts:
    """Words and 字 of the whole text, and of the selection where there is one."""

    words: int = 0
    characters: int = 0
    selected_words: int = 0
    selected_characters: int = 0
    has_selection: bool = False


@dataclass(frozen=True)
class Action:
    """A way on that a notice offers."""

    label: str
    run: Callable[[], object]


@dataclass(frozen=True)
class Notice:
    """One sentence above the page, with ways on; it never stops the writer from writing.

    Attributes:
        key: Names the matter: a later notice of the same key takes its place. Empty: stands for itself.
        detail: For developers, behind "Details".
        is_problem: Something went wrong, rather than something worth knowing.
        takes_focus: The writer asked for something that cannot go on without an answer.
        closed: Done where she closes it without taking one of the ways on.
    """

    text: str
    actions: tuple[Action, ...] = ()
    detail: str = ""
    key: str = ""
    is_problem: bool = False
    takes_focus: bool = False
    closed: Callable[[], object] | None = None


#: What belongs together of what can be done to a passage, for people.
GROUPS = {
    Group.MEND: N_("Mend"),
    Group.LENGTH: N_("Length"),
    Group.STYLE: N_("Style and tone"),
    Group.SCENE: N_("Scene"),
    Group.READ: N_("Translate, summarise, explain"),
    Group.LISTS: N_("Names and ideas"),
    Group.RULES: N_("Without the model"),
}


class Wish(StrEnum):
    """What only the window around the session can do: dialogs, bars, other windows."""

    NEW = "new"
    OPEN = "open"
    SAVE_AS = "save_as"
    CLOSE = "close"
    QUIT = "quit"
    FIND = "find"
    REPLACE = "replace"
    FIND_NEXT = "find_next"
    FIND_PREVIOUS = "find_previous"
    GO_TO_HEADING = "go_to_heading"
    PROJECT = "project"
    BIBLE = "bible"
    ENTRY_CARD = "entry_card"
    IMPORT_LORE = "import_lore"
    BOARD = "board"
    TIMELINE = "timeline"
    SETUPS = "setups"
    PICTURE = "picture"
    IMPORT = "import"
    MAKE_PROJECT = "make_project"
    DAYS = "days"
    PROJECT_SEARCH = "project_search"
    NEW_PROJECT = "new_project"
    OPEN_PROJECT = "open_project"
    PROJECT_PAGE = "project_page"
    STATEMENT = "statement"
    CONSISTENCY = "consistency"
    PALETTE = "palette"
    OPEN_BACKUP = "open_backup"
    HISTORY = "history"
    NAME_VERSION = "name_version"
    SETTINGS = "settings"
    CHOOSE_MODEL = "choose_model"
    MODELS = "models"
    STORY_PANEL = "story_panel"
    WRITING_PANEL = "writing_panel"
    NOTE = "note"
    REWRITE_PANEL = "rewrite_panel"
    OUTLINE_PANEL = "outline_panel"
    LEARN_METHOD = "learn_method"
    INSTRUCTION = "instruction"
    CHANGES = "changes"
    ASK_HERE = "ask_here"
    PAGE = "page"
    ONLY_PAGE = "only_page"
    ABOUT = "about"
    REPORT = "report"
    OPEN_PRESET = "open_preset"
    SAVE_PRESET = "save_preset"
