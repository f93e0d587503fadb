"""Models of other programs made ours without copying them: a link in the models folder.

A symbolic link where the system lets us make one, else a second name of the same file, else a small file that says
where the model is (``NAME.gguf.link``). What is removed is always this one of ours, never what it leads to.
"""

import contextlib
import os
from pathlib import Path

import msgspec

from writer_app.assets import private
from writer_app.engine.facts import parts, title
from writer_app.engine.models import LINK, Model, noted
from writer_app.errors import ModelNotAdded, NotOurs
from writer_app.reasons import reason_for

_ENDING = ".gguf"


def bring_in(source: Path, name: str, folder: Path) -> Path:
    """Link a model into the models folder.

    Args:
        source: Its file, or the first part.
        name: What to call it, without an ending.
        folder: The models folder.

    Returns:
        The file by which it can be loaded: in the folder, or the source where only a note could be made.

    Raises:
        ModelNotAdded: The system refuses.
    """
    files = parts(source.absolute())
    try:
        private(folder)
        targets = _targets(files, name, folder)
        if not _linked(files, targets) and not _leads_to(targets[0], files[0]):
            # The other parts are found beside the first, where they are.
            _note(targets[0]).write_bytes(msgspec.json.encode({"path": str(files[0])}))
    except (OSError, ValueError) as problem:
        reason = reason_for(problem) if isinstance(problem, OSError) else str(problem)
        raise ModelNotAdded(model=name, path=str(folder), reason=reason) from problem
    return targets[0] if targets[0].exists() else files[0]


def remove(model: Model, folder: Path) -> None:
    """Take a model out of the models folder; of a link, what it leads to stays.

    Raises:
        NotOurs: It came with the program, or lies elsewhere.
        ModelNotAdded: The system refuses.
    """
    if model.bundled or model.own is None or model.own.parent != folder:
        raise NotOurs(model=model.name)
    files = [model.own] if model.own.name.endswith(LINK) else parts(model.own)
    try:
        for file in reversed(files):  # while the first part is there, it can be tried again
            file.unlink(missing_ok=True)
    except OSError as problem:
        raise ModelNotAdded(
            model=model.name, path=str(folder), reason=reason_for(problem)
        ) from problem


def _targets(files: list[Path], name: str, folder: Path) -> list[Path]:
    """Where the links go: under the name, unless another model has that already."""
    for number in range(1, 1_000):
        own = name if number == 1 else f"{name}-{number}"
        # llama.cpp finds the other parts by their names.
        endings = [file.name[len(title(file)) :] for file in files] if len(files) > 1 else [_ENDING]
        targets = [folder / f"{own}{ending}" for ending in endings]
        if all(_leads_to(t, f) or not _is_taken(t) for t, f in zip(targets, files, strict=True)):
            return targets
    raise FileExistsError(name)


def _is_taken(target: Path) -> bool:
    return os.path.lexists(target) or os.path.lexists(_note(target))


def _leads_to(target: Path, file: Path) -> bool:
    with contextlib.suppress(OSError):
        if target.exists():
            return target.samefile(file)
        return _note(target).exists() and noted(_note(target)) == file
    return False


def _linked(files: list[Path], targets: list[Path]) -> bool:
    """Whether all files have their links now."""
    pairs = zip(files, targets, strict=True)
    return all(target.exists() or _link(file, target) for file, target in pairs)


def _link(file: Path, target: Path) -> bool:
    for way in (_symbolic, _second_name):
        with contextlib.suppress(OSError, NotImplementedError):
            way(file, target)
            return True
    return False


def _symbolic(file: Path, target: Path) -> None:
    target.symlink_to(file)


def _second_name(file: Path, target: Path) -> None:
    target.hardlink_to(file.resolve())


def _note(target: Path) -> Path:
    return target.with_name(f"{target.name}{LINK}")
