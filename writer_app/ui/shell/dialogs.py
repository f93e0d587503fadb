"""The system's own file dialogs, asked for by the writer."""

import contextlib
import re
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QInputDialog, QWidget

from writer_app.assets import private
from writer_app.language import _
from writer_app.story import documents, files, lorebooks, project
from writer_app.story.document import Document
from writer_app.ui.session.beside import PICTURES
from writer_app.ui.session.presets import Format

_PATTERNS = "*.md *.txt *.fountain"


def ask_open(parent: QWidget, folder: str) -> list[Path]:
    """Texts to open; none when she thinks better of it."""
    kinds = ";;".join((_("Texts ({patterns})").format(patterns=_PATTERNS), _("All files (*)")))
    chosen, _kind = QFileDialog.getOpenFileNames(parent, _("Open"), folder, kinds)
    return [Path(each) for each in chosen]


def ask_save(parent: QWidget, document: Document, folder: str) -> Path | None:
    """Where to save; the dialog has asked whether a file there may be replaced."""
    start = document.path or Path(folder) / suggested_name(document.text)
    kinds = ";;".join(("Markdown (*.md)", _("Plain text (*.txt)"), "Fountain (*.fountain)"))
    chosen, _kind = QFileDialog.getSaveFileName(parent, _("Save as"), str(start), kinds)
    if not chosen:
        return None
    path = Path(chosen)
    return path if path.suffix else path.with_suffix(".md")


def ask_new_project(parent: QWidget, folder: str) -> tuple[str, Path] | None:
    """A title, and the folder in which the project's own will be made; ``None`` when she thinks better of it."""
    title, agreed = QInputDialog.getText(parent, _("New project"), _("What is it called?"))
    if not agreed or not title.strip():
        return None
    where = QFileDialog.getExistingDirectory(parent, _("Where the project is to lie"), folder)
    return (title.strip(), Path(where)) if where else None


def ask_project(parent: QWidget, folder: str) -> Path | None:
    """The project file of a project to open; its folder is returned."""
    kinds = _("Projects ({patterns})").format(patterns=project.NAME)
    chosen, _kind = QFileDialog.getOpenFileName(parent, _("Open a project"), folder, kinds)
    return Path(chosen).parent if chosen else None


def ask_lore(parent: QWidget, folder: str) -> Path | None:
    """A lorebook, card or story of another program; ``None`` when she thinks better of it."""
    patterns = " ".join(f"*{each}" for each in lorebooks.SUFFIXES)
    kinds = _("Lorebooks, cards and stories ({patterns})").format(patterns=patterns)
    title = _("Import a lorebook, card or story")
    chosen, _kind = QFileDialog.getOpenFileName(parent, title, folder, kinds)
    return Path(chosen) if chosen else None


def ask_manuscript(parent: QWidget, folder: str) -> Path | None:
    """A manuscript to make a project of; ``None`` when she thinks better of it."""
    patterns = " ".join(f"*{each}" for each in (*files.SUFFIXES, *documents.SUFFIXES))
    kinds = ";;".join((_("Manuscripts ({patterns})").format(patterns=patterns), _("All files (*)")))
    chosen, _kind = QFileDialog.getOpenFileName(parent, _("Import a manuscript"), folder, kinds)
    return Path(chosen) if chosen else None


def ask_picture(parent: QWidget, folder: str) -> Path | None:
    """A picture to be shown beside the page; ``None`` when she thinks better of it."""
    patterns = " ".join(f"*{each}" for each in PICTURES)
    kinds = _("Pictures ({patterns})").format(patterns=patterns)
    chosen, _kind = QFileDialog.getOpenFileName(parent, _("Show a picture"), folder, kinds)
    return Path(chosen) if chosen else None


def ask_statement(parent: QWidget, folder: str) -> Path | None:
    """Where the authorship statement is to lie; ``None`` when she thinks better of it."""
    start = str(Path(folder) / (_("Authorship statement") + ".md"))
    title = _("Save the authorship statement")
    chosen, _kind = QFileDialog.getSaveFileName(parent, title, start, "Markdown (*.md)")
    return Path(chosen).with_suffix(".md") if chosen else None


def ask_model(parent: QWidget, folder: str) -> str:
    """A model file; empty when she thinks better of it."""
    kinds = _("Models (*.gguf)")
    chosen, _kind = QFileDialog.getOpenFileName(parent, _("Choose a model file"), folder, kinds)
    return chosen


def ask_backup(parent: QWidget, folder: str) -> tuple[Path, Path] | None:
    """A backup, and the folder in which its text is to lie; ``None`` when she thinks better of it."""
    kinds = _("Backups (*.zip)")
    chosen, _kind = QFileDialog.getOpenFileName(parent, _("Open a backup"), folder, kinds)
    if not chosen:
        return None
    title = _("Where the text is to lie")
    target = QFileDialog.getExistingDirectory(parent, title, str(Path(chosen).parent))
    return (Path(chosen), Path(target)) if target else None


def ask_name(parent: QWidget, old: str = "") -> str | None:
    """A name for a version of the text; ``None`` when she thinks better of it."""
    text = _("A version with a name is never thinned out.")
    name, agreed = QInputDialog.getText(parent, _("Name this version"), text, text=old)
    return name.strip() if agreed else None


def ask_preset(parent: QWidget, folder: Path) -> Path | None:
    """A preset for the samplers; ``None`` when she thinks better of it."""
    kinds = ";;".join(
        (_("Presets ({patterns})").format(patterns="*.toml *.json"), _("All files (*)"))
    )
    chosen, _kind = QFileDialog.getOpenFileName(
        parent, _("Open a preset"), _existing(folder), kinds
    )
    return Path(chosen) if chosen else None


def ask_book(parent: QWidget, folder: str) -> Path | None:
    """A book to be read for its method; ``None`` when she thinks better of it."""
    kinds = ";;".join((_("Texts ({patterns})").format(patterns="*.md *.txt"), _("All files (*)")))
    chosen, _kind = QFileDialog.getOpenFileName(
        parent, _("Make a method of another book"), folder, kinds
    )
    return Path(chosen) if chosen else None


def ask_save_preset(parent: QWidget, folder: Path) -> tuple[Path, Format] | None:
    """Where to save a preset, and as what; the dialog has asked whether a file there may be replaced."""
    kinds = {
        "Longhand (*.toml)": Format.OURS,
        "KoboldCpp (*.json)": Format.KOBOLD,
        "SillyTavern (*.json)": Format.TAVERN,
    }
    with contextlib.suppress(OSError):  # the dialog opens somewhere else then
        private(folder)
    start = str(folder / _("My samplers"))
    chosen, kind = QFileDialog.getSaveFileName(
        parent, _("Save the preset"), start, ";;".join(kinds)
    )
    if not chosen:
        return None
    path, form = Path(chosen), kinds.get(kind, Format.OURS)
    # A name with the ending of the other kind says more than the kind that stood in the dialog.
    if path.suffix.lower() == ".toml":
        form = Format.OURS
    elif path.suffix.lower() != ".json":
        path = path.with_name(path.name + (".toml" if form is Format.OURS else ".json"))
    elif form is Format.OURS:
        form = Format.TAVERN
    return path, form


def _existing(folder: Path) -> str:
    return str(folder) if folder.is_dir() else ""


def ask_report(parent: QWidget) -> Path | None:
    """Where to save a report; ``None`` when she thinks better of it."""
    kinds = _("Plain text (*.txt)")
    start = str(Path.home() / "longhand-report.txt")
    chosen, _kind = QFileDialog.getSaveFileName(parent, _("Save the report"), start, kinds)
    return Path(chosen) if chosen else None


def suggested_name(text: str) -> str:
    """A file name from the first words of a text that has none."""
    first = next((line for line in text[:2_000].split("\n") if line.strip()), "")
    words = re.sub(r'[\\/:*?"<>|#\x00-\x1f]+', " ", first).split()
    name = " ".join(words[:6])[:40].strip(" .")
    return (name or _("Untitled")) + ".md"
