"""The state of a session in one value, from the parts that know it."""

from writer_app.engine.protocol import Loaded
from writer_app.ui.editor.page import Page
from writer_app.ui.session.continuing import Continuing
from writer_app.ui.session.dissecting import Dissector
from writer_app.ui.session.filing import Filing
from writer_app.ui.session.outlining import Outliner
from writer_app.ui.session.rewriting import Rewriter
from writer_app.ui.session.state import State


def state_of(
    filing: Filing,
    continuing: Continuing,
    rewriter: Rewriter,
    outliner: Outliner,
    dissector: Dissector,
    page: Page,
    model: Loaded | None,
    *,
    title: str,
    can_repeat: bool,
    is_in_project: bool,
) -> State:
    """What commands and panels need to know now."""
    document, place = filing.document, continuing.place
    parts: tuple[Rewriter | Outliner | Dissector, ...] = (rewriter, outliner, dissector)
    busy = next((each for each in parts if each.is_running), continuing)
    versions = place.versions if place else continuing.versions
    return State(
        title=title,
        is_empty=document.length == 0,
        is_changed=document.is_changed,
        is_saving=filing.is_saving,
        is_read_only=document.read_only is not None,
        has_path=bool(filing.paths),
        is_joined=filing.several is not None,
        has_selection=page.textCursor().hasSelection(),
        can_undo=document.can_undo,
        can_redo=document.can_redo,
        phase=busy.phase,
        is_generating=continuing.is_running,
        progress=busy.progress,
        seconds_left=busy.seconds_left,
        is_fresh=continuing.is_fresh,
        caret_at_fresh_end=continuing.caret_at_end,
        version=versions.number,
        versions=len(versions),
        glimpses=versions.glimpses(),
        is_kept=place is not None,
        is_rewriting=rewriter.is_running,
        is_outlining=outliner.is_running or dissector.is_running,
        has_proposal=rewriter.is_open,
        has_changes=bool(rewriter.shown and rewriter.shown.changes),
        can_repeat=can_repeat,
        is_in_project=is_in_project,
        model=model.name if model else "",
        graphics=model.machine.server or model.machine.graphics if model else "",
    )
