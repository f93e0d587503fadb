"""Texts that a document's own links may lead to: those in its folder, and in the folders inside it."""

import os
from pathlib import Path
from urllib.parse import unquote

from writer_app.errors import N_, LinkRefused
from writer_app.story.files import SUFFIXES
from writer_app.text.hidden import revealed


def beside(target: str, document: Path | None) -> Path:
    """The file that a relative link of ``document`` names. It may take as long as the disk takes.

    Raises:
        LinkRefused: It leads out of the folder, to something that is no text of ours, or to nothing.
    """
    name = unquote(target.partition("#")[0], errors="replace")
    if document is None:
        raise _refused(target, N_("this text has no file yet, so nothing lies beside it"))
    if not name or "\\" in name or "\0" in name or os.path.isabs(name):  # noqa: PTH117 - of any system
        raise _refused(target, N_("only texts in the folder of this document are opened"))
    if not name.lower().endswith(SUFFIXES):
        raise _refused(target, N_("only texts (.md, .txt, .fountain) are opened from a text"))
    # With all links followed, so that none leads out of the folder behind our back.
    folder = Path(os.path.realpath(document.parent))
    path = Path(os.path.realpath(folder / name))
    if folder not in path.parents:
        raise _refused(target, N_("only texts in the folder of this document are opened"))
    if not path.is_file():
        raise _refused(target, N_("there is no such file"))
    return path


def _refused(target: str, reason: str) -> LinkRefused:
    return LinkRefused(target=revealed(target)[:200], reason=reason)
