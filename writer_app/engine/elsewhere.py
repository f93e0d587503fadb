"""Models that other programs on this machine hold: where, and what they are called. Nothing is written.

LM Studio, GPT4All and KoboldCpp keep plain GGUF files in folders. Ollama keeps them under their digests, with a manifest
for each name, which is read as data and believed only where it points into its own folder. The cache of the hub has
links under the names of repositories.
"""

import os
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from writer_app.engine.facts import is_first, parts, title

_MODEL_LAYER = "application/vnd.ollama.image.model"
_DIGEST = re.compile(r"sha256:([0-9a-f]{64})")
_LARGEST_MANIFEST = 1_000_000
_ENDING = ".gguf"
#: Folders below the one that is looked through, and entries altogether; more is no folder of models.
_DEEPEST, _MOST_ENTRIES = 8, 50_000
_UNFIT = re.compile(r"[^\w.+-]+")


@dataclass(frozen=True)
class Found:
    """A model file of somebody else's.

    Attributes:
        path: The file; of a split model the first part.
        name: What to call it here, without an ending.
    """

    path: Path
    name: str


def places(
    system: str = sys.platform,
    home: Path | None = None,
    environment: Mapping[str, str] = os.environ,
) -> list[Path]:
    """Where other programs keep their models on such a system; most are not there."""
    home = home or Path.home()
    data = _data(system, home, environment)
    hub = environment.get("HF_HOME")
    named = [
        environment.get("OLLAMA_MODELS"),
        environment.get("HF_HUB_CACHE"),
        f"{hub}/hub" if hub else None,
        environment.get("LLAMA_CACHE"),
    ]
    caches = home / ("Library/Caches" if system == "darwin" else ".cache")
    usual = [
        _lm_studio(home) / "models",
        home / ".cache" / "lm-studio" / "models",
        home / ".ollama" / "models",
        *([Path("/usr/share/ollama/.ollama/models")] if system == "linux" else []),
        data / "nomic.ai" / "GPT4All",
        home / "koboldcpp",
        home / "KoboldCpp",
        data / "koboldcpp",
        home / ".cache" / "huggingface" / "hub",
        caches / "llama.cpp",
    ]
    every = [*(Path(each) for each in named if each), *usual]
    return list(dict.fromkeys(every))


def look(place: Path) -> list[Found]:
    """The models in a folder, or the one that a file is; none where there is nothing.

    Raises:
        OSError: The folder cannot be read.
    """
    if place.is_file():
        return [Found(parts(place)[0], title(place))]
    if (place / "manifests").is_dir():
        return list(_ollama(place))
    found = [
        Found(path, title(path))
        for path in sorted(_walk(place))
        if path.suffix.lower() == _ENDING and is_first(path) and _is_there(path)
    ]
    # The hub keeps one file under several revisions.
    return list({os.path.realpath(each.path): each for each in found}.values())


def _data(system: str, home: Path, environment: Mapping[str, str]) -> Path:
    if system == "darwin":
        return home / "Library" / "Application Support"
    if system == "win32":
        return Path(environment.get("LOCALAPPDATA") or home / "AppData" / "Local")
    return Path(environment.get("XDG_DATA_HOME") or home / ".local" / "share")


def _lm_studio(home: Path) -> Path:
    """Its folder can be moved; then a file says where."""
    try:
        moved = (home / ".lmstudio-home-pointer").read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        moved = ""
    return Path(moved) if moved else home / ".lmstudio"


def _walk(folder: Path) -> Iterator[Path]:
    """Files below a folder, links to files too; links to folders are not followed, they may lead in rings."""
    left = _MOST_ENTRIES
    waiting = [(folder, 0)]
    while waiting:
        here, depth = waiting.pop()
        try:
            entries = sorted(os.scandir(here), key=lambda entry: entry.name)
        except OSError:
            if here == folder:
                raise
            continue
        for entry in entries:
            left -= 1
            if left < 0:
                return
            if entry.is_dir(follow_symlinks=False):
                if depth < _DEEPEST:
                    waiting.append((Path(entry.path), depth + 1))
            else:
                yield Path(entry.path)


def _is_there(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        return False


class _Layer(msgspec.Struct, rename={"media_type": "mediaType"}):
    media_type: str
    digest: str


class _Manifest(msgspec.Struct):
    layers: list[_Layer]


def _ollama(root: Path) -> Iterator[Found]:
    for path in sorted(_walk(root / "manifests")):
        digest = _model_in(path)
        blob = root / "blobs" / f"sha256-{digest}"
        if digest and _is_there(blob):
            # registry.ollama.ai/library/llama3.2/3b
            *_, owner, model, tag = ("", "", *path.relative_to(root / "manifests").parts)
            name = "-".join(each for each in (owner, model, tag) if each not in ("", "library"))
            yield Found(blob, _UNFIT.sub("-", name).strip("-.") or digest)


def _model_in(manifest: Path) -> str:
    """The digest of the model that a manifest names; empty where it names none."""
    try:
        if manifest.stat().st_size > _LARGEST_MANIFEST:
            return ""
        read = msgspec.json.decode(manifest.read_bytes(), type=_Manifest)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return ""
    digests = (
        _DIGEST.fullmatch(each.digest) for each in read.layers if each.media_type == _MODEL_LAYER
    )
    found = next(digests, None)
    return found[1] if found else ""
