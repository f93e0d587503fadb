"""Every command of the window, declared once: menus, shortcuts and the palette are made from this tuple.

A command knows when it can be used (from the :class:`State` alone) and what it does (to the session alone).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from writer_app.craft.portions import paragraph_at
from writer_app.craft.recipe import Preset
from writer_app.craft.transform import Group, Transform
from writer_app.errors import N_
from writer_app.language import _, current
from writer_app.ui.editor import markup
from writer_app.ui.editor.pasting import paste_formatted
from writer_app.ui.session.rewriting import Rewriter
from writer_app.ui.session.session import Session
from writer_app.ui.session.state import GROUPS, State, Wish

#: Menus in order; a command's place is ``"menu"`` or ``"menu.group"``, groups are set apart by a line.
MENUS: Mapping[str, str] = {
    "file": N_("&File"),
    "edit": N_("&Edit"),
    "text": N_("F&ormat"),
    "write": N_("&Continue"),
    "rewrite": N_("&Rewrite"),
    "view": N_("&View"),
    "help": N_("&Help"),
}


#: Groups of a menu that are submenus, with their titles.
SUBMENUS: Mapping[str, str] = {f"rewrite.{group}": title for group, title in GROUPS.items()}


def _always(_state: State) -> bool:
    return True


@dataclass(frozen=True)
class Command:
    """Something the writer can ask for.

    Attributes:
        id: Stable name.
        text: English, to be translated; ``label`` is the translation.
        place: Where in the menus.
        shortcut: In Qt's portable notation; several are separated by ``"; "``.
        enabled: Whether it can be used now.
        run: Does it.
    """

    id: str
    text: str
    place: str
    run: Callable[[Session], object]
    shortcut: str = ""
    enabled: Callable[[State], bool] = _always

    @property
    def label(self) -> str:
        """The text in the interface language."""
        return _(self.text)


def _wish(wish: Wish) -> Callable[[Session], object]:
    return lambda session: session.wished.emit(wish)


def _mark(change: Callable[..., None]) -> Callable[[Session], object]:
    return lambda session: session.mark_up(change)


def _editable(state: State) -> bool:
    return not state.is_read_only


def _in_project(state: State) -> bool:
    return state.is_in_project


def _one_text(state: State) -> bool:
    return not state.is_joined


def _not_empty(state: State) -> bool:
    return not state.is_empty


def _fresh(state: State) -> bool:
    return state.is_fresh


def _settled_fresh(state: State) -> bool:
    return state.is_fresh and not state.is_generating


def _several(state: State) -> bool:
    return state.has_others


def _droppable(state: State) -> bool:
    return state.versions > 1 and not state.is_kept


def _rewritable(state: State) -> bool:
    return not state.is_read_only and not state.is_empty


def _proposal(state: State) -> bool:
    return state.has_proposal


def _changes(state: State) -> bool:
    return state.has_changes


def passage(session: Session) -> str:
    """What is highlighted, else the paragraph at the caret."""
    text, (start, end) = session.document.text, session.page.selection
    if start == end:
        start, end = paragraph_at(text, start)
    return text[start:end]


def _on_rewriter(deed: Callable[[Rewriter], object]) -> Callable[[Session], object]:
    return lambda session: deed(session.rewriter)


def _to_change(by: int) -> Callable[[Session], object]:
    def go(session: Session) -> None:
        session.rewriter.step_change(by)
        session.wished.emit(Wish.CHANGES)

    return go


_REWRITING = (
    Command(
        "rewrite.ask-here",
        N_("Ask here…"),
        "rewrite.start",
        _wish(Wish.ASK_HERE),
        "Ctrl+K",
        _editable,
    ),
    Command(
        "rewrite.instruction",
        N_("Say what should become of it…"),
        "rewrite.start",
        _wish(Wish.INSTRUCTION),
        "Ctrl+Shift+K",
        _rewritable,
    ),
    Command(
        "rewrite.repeat",
        N_("Repeat the last rewriting"),
        "rewrite.start",
        Session.repeat_rewrite,
        "F4",
        lambda s: s.can_repeat and _rewritable(s),
    ),
    Command(
        "rewrite.next-change",
        N_("Next change"),
        "rewrite.review",
        _to_change(1),
        "Alt+Down",
        _changes,
    ),
    Command(
        "rewrite.previous-change",
        N_("Previous change"),
        "rewrite.review",
        _to_change(-1),
        "Alt+Up",
        _changes,
    ),
    Command(
        "rewrite.accept",
        N_("Accept the rewriting"),
        "rewrite.review",
        _on_rewriter(Rewriter.accept),
        "Ctrl+Alt+Down",
        _changes,
    ),
    Command(
        "rewrite.keep",
        N_("Keep mine"),
        "rewrite.review",
        _on_rewriter(Rewriter.dismiss),
        "Ctrl+Alt+Up",
        _proposal,
    ),
    Command(
        "rewrite.again",
        N_("Rewrite again"),
        "rewrite.review",
        _on_rewriter(Rewriter.again),
        "Ctrl+Shift+R",
        _proposal,
    ),
)

_HEADINGS = tuple(
    Command(
        f"format.heading-{level}",
        text,
        "text.lines",
        partial(Session.toggle_heading, level=level),
        f"Ctrl+{level}",
        _editable,
    )
    for level, text in enumerate((N_("Heading 1"), N_("Heading 2"), N_("Heading 3")), 1)
)

COMMANDS: tuple[Command, ...] = (
    Command("file.new", N_("New"), "file.open", _wish(Wish.NEW), "Ctrl+N"),
    Command("file.open", N_("Open…"), "file.open", _wish(Wish.OPEN), "Ctrl+O"),
    Command("file.new-project", N_("New project…"), "file.project", _wish(Wish.NEW_PROJECT)),
    Command("file.open-project", N_("Open a project…"), "file.project", _wish(Wish.OPEN_PROJECT)),
    Command(
        "file.make-project",
        N_("Make a project of this text…"),
        "file.project",
        _wish(Wish.MAKE_PROJECT),
        enabled=lambda s: _not_empty(s) and not _in_project(s),
    ),
    Command("file.import", N_("Import a manuscript…"), "file.project", _wish(Wish.IMPORT)),
    Command(
        "file.project",
        N_("About this project…"),
        "file.project",
        _wish(Wish.PROJECT_PAGE),
        enabled=_in_project,
    ),
    Command("file.save", N_("Save"), "file.save", Session.save, "Ctrl+S", _editable),
    Command(
        "file.save-as",
        N_("Save as…"),
        "file.save",
        _wish(Wish.SAVE_AS),
        "Ctrl+Shift+S",
        _one_text,
    ),
    Command(
        "file.history",
        N_("Earlier versions…"),
        "file.history",
        _wish(Wish.HISTORY),
        "Ctrl+Alt+H",
        _one_text,
    ),
    Command(
        "file.name-version",
        N_("Keep this version…"),
        "file.history",
        _wish(Wish.NAME_VERSION),
        enabled=lambda s: _not_empty(s) and _one_text(s),
    ),
    Command("file.open-backup", N_("Open a backup…"), "file.history", _wish(Wish.OPEN_BACKUP)),
    Command(
        "file.statement",
        N_("Authorship statement…"),
        "file.history",
        _wish(Wish.STATEMENT),
        enabled=_in_project,
    ),
    Command("file.settings", N_("Settings…"), "file.settings", _wish(Wish.SETTINGS), "Ctrl+,"),
    Command("file.close", N_("Close window"), "file.end", _wish(Wish.CLOSE), "Ctrl+W"),
    Command("file.quit", N_("Quit"), "file.end", _wish(Wish.QUIT), "Ctrl+Q"),
    Command("edit.undo", N_("Undo"), "edit.undo", Session.undo, "Ctrl+Z", lambda s: s.can_undo),
    Command(
        "edit.redo", N_("Redo"), "edit.undo", Session.redo, "Ctrl+Shift+Z", lambda s: s.can_redo
    ),
    Command(
        "edit.cut",
        N_("Cut"),
        "edit.clipboard",
        lambda session: session.page.cut(),
        "Ctrl+X",
        lambda s: s.has_selection and not s.is_read_only,
    ),
    Command(
        "edit.copy",
        N_("Copy"),
        "edit.clipboard",
        lambda session: session.page.copy(),
        "Ctrl+C",
        lambda s: s.has_selection,
    ),
    Command(
        "edit.paste",
        N_("Paste"),
        "edit.clipboard",
        lambda session: session.page.paste(),
        # With Shift too: where pasting brings formatting along, that is how one does without.
        "Ctrl+V; Ctrl+Shift+V",
        _editable,
    ),
    Command(
        "edit.paste-formatted",
        N_("Paste with formatting"),
        "edit.clipboard",
        _mark(paste_formatted),
        "Ctrl+Alt+V",
        _editable,
    ),
    Command(
        "edit.select-all",
        N_("Select all"),
        "edit.clipboard",
        lambda session: session.page.selectAll(),
        "Ctrl+A",
        _not_empty,
    ),
    Command("edit.find", N_("Find…"), "edit.find", _wish(Wish.FIND), "Ctrl+F"),
    Command("edit.find-next", N_("Find next"), "edit.find", _wish(Wish.FIND_NEXT), "F3"),
    Command(
        "edit.find-previous",
        N_("Find previous"),
        "edit.find",
        _wish(Wish.FIND_PREVIOUS),
        "Shift+F3",
    ),
    Command(
        "edit.replace",
        N_("Find and replace…"),
        "edit.find",
        _wish(Wish.REPLACE),
        "Ctrl+H",
        _editable,
    ),
    Command("edit.go-to", N_("Go to heading…"), "edit.find", _wish(Wish.GO_TO_HEADING), "Ctrl+G"),
    Command(
        "edit.project",
        N_("Go to chapter or scene…"),
        "edit.find",
        _wish(Wish.PROJECT),
        "Ctrl+Shift+G",
        _in_project,
    ),
    Command(
        "edit.find-in-project",
        N_("Find in all texts…"),
        "edit.find",
        _wish(Wish.PROJECT_SEARCH),
        "Ctrl+Shift+F",
        _in_project,
    ),
    Command(
        "edit.next-text",
        N_("Next chapter or scene"),
        "edit.find",
        lambda session: session.book.binder.step(1),
        "Ctrl+PgDown",
        _in_project,
    ),
    Command(
        "edit.previous-text",
        N_("Previous chapter or scene"),
        "edit.find",
        lambda session: session.book.binder.step(-1),
        "Ctrl+PgUp",
        _in_project,
    ),
    Command(
        "edit.split",
        N_("Split the text at the caret"),
        "edit.find",
        lambda session: session.book.rearranger.split(session.page.caret),
        enabled=lambda s: _in_project(s) and _one_text(s) and _rewritable(s),
    ),
    Command(
        "edit.open-link",
        N_("Open link…"),
        "edit.find",
        lambda session: session.links.follow_at_caret(),
        "Alt+Return; Alt+Enter",
    ),
    Command(
        "edit.open-setup",
        N_("Open a setup here"),
        "edit.setups",
        lambda session: session.book.setups.open_here(passage(session)),
        "Ctrl+Alt+O",
        lambda s: _in_project(s) and _one_text(s) and _not_empty(s),
    ),
    Command(
        "edit.pay-setup",
        N_("Pay a setup here…"),
        "edit.setups",
        _wish(Wish.SETUPS),
        enabled=lambda s: _in_project(s) and _one_text(s) and _not_empty(s),
    ),
    Command(
        "format.bold", N_("Bold"), "text.letters", _mark(markup.toggle_bold), "Ctrl+B", _editable
    ),
    Command(
        "format.italic",
        N_("Italic"),
        "text.letters",
        _mark(markup.toggle_italic),
        "Ctrl+I",
        _editable,
    ),
    *_HEADINGS,
    Command(
        "format.scene-break",
        N_("Scene break"),
        "text.parts",
        _mark(markup.insert_scene_break),
        "Ctrl+Shift+Return",
        _editable,
    ),
    Command(
        "format.footnote",
        N_("Footnote"),
        "text.parts",
        _mark(markup.insert_footnote),
        "Ctrl+Alt+F",
        _editable,
    ),
    # Enabled while text arrives too, where it does nothing: else the key would reach the page as a line break.
    Command(
        "continue.start",
        N_("Continue at the caret"),
        "write.start",
        Session.continue_text,
        "Ctrl+Return; Ctrl+Enter",
        _editable,
    ),
    Command(
        "continue.stop",
        N_("Stop"),
        "write.start",
        Session.stop,
        "Esc",
        lambda s: s.is_busy,
    ),
    # Tab itself belongs to the page; it accepts only right behind fresh text.
    Command(
        "continue.accept",
        N_("Accept"),
        "write.answer",
        Session.accept,
        "Ctrl+Alt+Return",
        _fresh,
    ),
    Command(
        "continue.retry",
        N_("Retry"),
        "write.answer",
        Session.retry,
        "Ctrl+R",
        _settled_fresh,
    ),
    Command(
        "continue.again",
        N_("Write this again exactly"),
        "write.answer",
        Session.write_again,
        enabled=lambda s: not (s.is_empty or s.is_generating or s.is_read_only),
    ),
    Command(
        "continue.previous",
        N_("Previous version"),
        "write.answer",
        partial(Session.show_version, by=-1),
        "Alt+Left",
        _several,
    ),
    Command(
        "continue.next",
        N_("Next version"),
        "write.answer",
        partial(Session.show_version, by=1),
        "Alt+Right",
        _several,
    ),
    Command(
        "continue.drop",
        N_("Drop this version"),
        "write.answer",
        Session.drop_version,
        "Alt+Delete",
        _droppable,
    ),
    Command(
        "continue.remove",
        N_("Remove"),
        "write.answer",
        Session.remove,
        "Ctrl+Shift+Backspace",
        _fresh,
    ),
    Command("continue.note", N_("What happens next…"), "write.how", _wish(Wish.NOTE), "Ctrl+L"),
    Command("continue.models", N_("Models…"), "write.model", _wish(Wish.MODELS)),
    Command("continue.model", N_("Choose a model file…"), "write.model", _wish(Wish.CHOOSE_MODEL)),
    Command(
        "continue.forget",
        N_("Forget this project's cache"),
        "write.model",
        Session.forget_memory,
        enabled=lambda s: s.has_path,
    ),
    Command(
        "continue.forget-versions",
        N_("Forget versions not taken"),
        "write.model",
        Session.forget_versions,
        enabled=_not_empty,
    ),
    *_REWRITING,
    Command("view.palette", N_("All commands…"), "view.find", _wish(Wish.PALETTE), "Ctrl+Shift+P"),
    Command("view.bible", N_("Story bible"), "view.panels", _wish(Wish.BIBLE), "Ctrl+Shift+B"),
    Command(
        "view.card",
        N_("Card of the name at the caret"),
        "view.panels",
        _wish(Wish.ENTRY_CARD),
        "F2",
        _in_project,
    ),
    Command("view.page", N_("To the page"), "view.panels", _wish(Wish.PAGE), "F6"),
    Command("view.story", N_("Story panel"), "view.panels", _wish(Wish.STORY_PANEL), "F9"),
    Command(
        "view.writing", N_("Writing panel"), "view.panels", _wish(Wish.WRITING_PANEL), "Shift+F9"
    ),
    Command(
        "view.outline", N_("Outline"), "view.panels", _wish(Wish.OUTLINE_PANEL), "Ctrl+Shift+O"
    ),
    Command(
        "outline.text",
        N_("Outline what is written"),
        "write.outline",
        lambda session: session.book.outline_text(),
        enabled=lambda s: not s.is_busy and (s.is_in_project or not s.is_empty),
    ),
    Command(
        "outline.learn",
        N_("Make a method of another book…"),
        "write.outline",
        _wish(Wish.LEARN_METHOD),
        enabled=lambda s: not s.is_busy,
    ),
    Command("view.only-page", N_("Only the page"), "view.panels", _wish(Wish.ONLY_PAGE), "F11"),
    Command(
        "view.board",
        N_("Board"),
        "view.project",
        _wish(Wish.BOARD),
        "Ctrl+Alt+B",
        _in_project,
    ),
    Command(
        "view.timeline",
        N_("Timeline"),
        "view.project",
        _wish(Wish.TIMELINE),
        "Ctrl+Shift+T",
        _in_project,
    ),
    Command(
        "view.setups",
        N_("Setups and payoffs"),
        "view.project",
        _wish(Wish.SETUPS),
        "Ctrl+Shift+D",
        _in_project,
    ),
    Command(
        "view.notes",
        N_("Notes beside the page"),
        "view.project",
        lambda session: session.book.beside.show_notes(),
        "Ctrl+Shift+N",
        lambda s: _in_project(s) and _one_text(s),
    ),
    Command(
        "view.picture",
        N_("Picture beside the page…"),
        "view.project",
        _wish(Wish.PICTURE),
        enabled=_in_project,
    ),
    Command(
        "view.nothing-beside",
        N_("Nothing beside the page"),
        "view.project",
        lambda session: session.book.beside.close(),
        enabled=_in_project,
    ),
    Command("view.days", N_("Writing statistics…"), "view.project", _wish(Wish.DAYS)),
    Command(
        "view.consistency",
        N_("Contradictions…"),
        "view.text",
        _wish(Wish.CONSISTENCY),
        enabled=_in_project,
    ),
    Command(
        "view.authors", N_("Who wrote what"), "view.text", Session.toggle_authors, "Ctrl+Alt+W"
    ),
    Command(
        "view.larger",
        N_("Larger type"),
        "view.type",
        partial(Session.zoom, steps=1),
        "Ctrl++; Ctrl+=",
    ),
    Command(
        "view.smaller", N_("Smaller type"), "view.type", partial(Session.zoom, steps=-1), "Ctrl+-"
    ),
    Command(
        "view.usual", N_("Usual type size"), "view.type", partial(Session.zoom, steps=0), "Ctrl+0"
    ),
    Command("help.report", N_("Report a problem…"), "help", _wish(Wish.REPORT)),
    Command("help.about", N_("About Longhand"), "help", _wish(Wish.ABOUT)),
)


def transform_commands(transforms: Mapping[str, Transform]) -> tuple[Command, ...]:
    """A command for each transform, from its file alone, in the submenu of its group."""
    return tuple(
        Command(
            f"rewrite.with-{transform.id}",
            transform.title(current()),
            f"rewrite.{group}",
            partial(Session.rewrite, recipe=transform.id),
            enabled=_rewritable,
        )
        for group in Group
        for transform in transforms.values()
        if transform.group is group
    )


def recipe_commands(recipes: Mapping[str, Preset]) -> tuple[Command, ...]:
    """A command for each continuation preset, from its file alone."""
    return tuple(
        Command(
            f"continue.with-{recipe.id}",
            _("Continue: {title}").format(title=recipe.title(current())),
            "write.presets",
            partial(Session.continue_text, recipe=recipe.id),
            enabled=lambda s: not s.is_read_only and not s.is_generating,
        )
        for recipe in recipes.values()
    )


def all_commands(
    recipes: Mapping[str, Preset], transforms: Mapping[str, Transform]
) -> tuple[Command, ...]:
    """The commands of the window in menu order."""
    return COMMANDS + recipe_commands(recipes) + transform_commands(transforms)
