"""What was read for a project, kept on disk over a restart.

A file holds the tokens of one text and all that the model remembered of it; to bring back 1,024 tokens takes
milliseconds, to read them again seconds. The files are as sensitive as the text itself: readable by their owner
only, erased with the project, and never left behind half written.

Nothing in a file is believed before its seal is checked: it covers every byte and is made with a key that
lies beside the files. What is truncated, altered, or made by another model, another llama.cpp or other settings
is ignored, for llama.cpp itself trusts what it is given.
"""

import contextlib
import hashlib
import hmac
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec

from writer_app.assets import private
from writer_app.engine.cache import Sequence

#: Bytes of all projects together.
MOST_BYTES = 2**30
_MAGIC = b"longhand memory 1\n"
_SEAL_BYTES = 32
_LENGTH_BYTES = 8
_LONGEST_HEADER = 64 * 2**20
_CHUNK = 4 * 2**20
_ENDING = ".memory"


class _Header(msgspec.Struct, frozen=True):
    """What a file says of itself; ``maker`` names model, library and settings."""

    maker: str
    tokens: list[int]
    ends: list[int]
    text: bytes


class Kept(msgspec.Struct, frozen=True):
    """A text on disk: where, and its tokens."""

    path: Path
    held: Sequence


class ProjectMemory:
    """The files of all projects in one folder.

    Args:
        folder: The one folder that the engine may write to.
        maker: Names all that must be the same for a file to be of use.
        most_bytes: Of all files; the least recently used go first.
    """

    def __init__(self, folder: Path, maker: str, most_bytes: int = MOST_BYTES) -> None:
        self._folder = folder
        self._maker = maker
        self._most_bytes = most_bytes
        self._known: dict[Path, tuple[float, Kept | None]] = {}

    def texts(self, project: str) -> list[Kept]:
        """What is kept for a project; not verified yet."""
        found = []
        for path in _files(self._project(project)):
            changed = path.stat().st_mtime
            if self._known.get(path, (0.0, None))[0] != changed:
                self._known[path] = changed, self._look_into(path)
            if kept := self._known[path][1]:
                found.append(kept)
        return found

    def load(self, kept: Kept) -> bytes | None:
        """What the model remembered; ``None``, and the file is gone, where it is not what was written."""
        try:
            with kept.path.open("rb") as file:
                seal = file.read(len(_MAGIC) + _SEAL_BYTES)[len(_MAGIC) :]
                rest = file.read()
            if hmac.compare_digest(seal, self._seal([rest])):
                header, data = _divide(rest)
                if header.maker == self._maker and header.tokens == kept.held.tokens:
                    _touch(kept.path)
                    return data
        except (OSError, ValueError, msgspec.MsgspecError):
            pass
        with contextlib.suppress(OSError):
            kept.path.unlink()
        return None

    def save(
        self, project: str, held: Sequence, data: bytes, stopped: Callable[[], bool] = lambda: False
    ) -> bool:
        """Keep a text, in the place of what is kept of its beginning; false when stopped on the way.

        Raises:
            OSError: The disk refused.
        """
        header = msgspec.msgpack.encode(_Header(self._maker, held.tokens, held.ends, held.text))
        length = len(header).to_bytes(_LENGTH_BYTES, "big")
        folder = self._project(project)
        seal = self._seal([length, header, data])
        folder.mkdir(exist_ok=True, mode=0o700)
        outdated = [kept for kept in self.texts(project) if _is_outdated(kept.held, held)]
        path = folder / (secrets.token_hex(8) + _ENDING)
        half = path.with_suffix(".part")
        try:
            with _private(half) as file:
                file.write(_MAGIC + seal)
                for part in (length, header, data):
                    for start in range(0, len(part), _CHUNK):
                        if stopped():
                            return False
                        file.write(part[start : start + _CHUNK])
            half.replace(path)
        finally:
            half.unlink(missing_ok=True)
        for kept in outdated:
            kept.path.unlink(missing_ok=True)
        self._make_room()
        return True

    def forget(self, project: str) -> None:
        """Erase all that is kept for a project."""
        shutil.rmtree(self._project(project), ignore_errors=True)

    def _project(self, project: str) -> Path:
        # Not the project's own name: it may be a path, and folders are listed by backup programs.
        return self._folder / hashlib.blake2b(project.encode(), digest_size=12).hexdigest()

    def _look_into(self, path: Path) -> Kept | None:
        try:
            with path.open("rb") as file:
                if file.read(len(_MAGIC)) != _MAGIC:
                    return None
                file.seek(_SEAL_BYTES, os.SEEK_CUR)
                length = int.from_bytes(file.read(_LENGTH_BYTES), "big")
                if length > _LONGEST_HEADER:
                    return None
                header = msgspec.msgpack.decode(file.read(length), type=_Header)
        except (OSError, msgspec.MsgspecError):
            return None
        if header.maker != self._maker or len(header.tokens) != len(header.ends):
            return None
        return Kept(path, Sequence(header.tokens, header.ends, header.text))

    def _seal(self, parts: list[bytes]) -> bytes:
        """A keyed digest: whoever has no access to the key's file cannot make one."""
        made = hashlib.blake2b(key=self._key(), digest_size=_SEAL_BYTES)
        for part in parts:
            made.update(part)
        return made.digest()

    def _key(self) -> bytes:
        path = self._folder / "key"
        with contextlib.suppress(OSError):
            if len(key := path.read_bytes()) == _SEAL_BYTES:
                return key
        private(self._folder)
        key = secrets.token_bytes(_SEAL_BYTES)
        with _private(path) as file:
            file.write(key)
        return key

    def _make_room(self) -> None:
        files = [path for folder in _folders(self._folder) for path in _files(folder)]
        files.sort(key=lambda path: path.stat().st_mtime)
        used = sum(path.stat().st_size for path in files)
        for path in files:
            if used <= self._most_bytes:
                break
            used -= path.stat().st_size
            path.unlink(missing_ok=True)


def _divide(rest: bytes) -> tuple[_Header, bytes]:
    start = _LENGTH_BYTES + int.from_bytes(rest[:_LENGTH_BYTES], "big")
    return msgspec.msgpack.decode(rest[_LENGTH_BYTES:start], type=_Header), rest[start:]


def _is_outdated(old: Sequence, new: Sequence) -> bool:
    """Whether nearly all of ``old`` is the beginning of ``new``."""
    count = min(len(old.tokens), len(new.tokens))
    same = next(
        (at for at in range(count) if old.tokens[at] != new.tokens[at]),
        count,
    )
    return same >= 0.8 * len(old.tokens)


def _private(path: Path) -> BinaryIO:
    """A new file that only its owner may read."""
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    return os.fdopen(handle, "wb")


def _touch(path: Path) -> None:
    """Say that it was used just now; by writing, because the sandbox lets nobody set a file's times."""
    with path.open("r+b") as file:
        file.write(_MAGIC)


def _folders(folder: Path) -> Iterator[Path]:
    return (path for path in folder.iterdir() if path.is_dir())


def _files(folder: Path) -> list[Path]:
    return list(folder.glob(f"*{_ENDING}")) if folder.is_dir() else []
