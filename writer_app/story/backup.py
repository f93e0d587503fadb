"""One zip of a text with its earlier versions and its log: made when the text is closed, opened anywhere.

The text lies in it as the plain file it is, so that no program of ours is needed to get it back.
"""

import contextlib
import errno
import hashlib
import os
import tempfile
import time
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from writer_app.errors import N_, BackupFailed, WriterError
from writer_app.reasons import reason_for
from writer_app.story import atomic, files, records
from writer_app.story.history import History
from writer_app.story.records import Saved
from writer_app.story.snapshots import Snapshots

SUFFIX = ".longhand-backup.zip"
#: Backups of one text that stay in the folder.
KEPT = 10
#: Bytes of one part that are unpacked; more is no text of ours.
_MOST = 512 * 1024 * 1024
#: What reading a spoiled archive ends in; the last three: a password, a strange compression, a strange name.
_DAMAGE = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    EOFError,
    RuntimeError,
    NotImplementedError,
    ValueError,
)
_MANIFEST, _LOG, _VERSIONS = "longhand.json", "log", "versions.db"
_TEXT = "text/"


class Manifest(msgspec.Struct, frozen=True):
    """What a backup says of itself.

    Attributes:
        name: Of the text's file.
        at: Seconds since 1970.
        of: Tells texts of the same name in several folders from each other.
    """

    name: str
    at: float
    format: int = 1
    of: str = ""


class Sources(NamedTuple):
    """Where what belongs to a text is kept on this machine."""

    history: History
    snapshots: Snapshots


def write(folder: Path, path: Path, sources: Sources, now: float | None = None) -> Path:
    """Back the file at ``path`` up into ``folder``; returns the zip. Old ones beyond :data:`KEPT` go.

    Raises:
        BackupFailed: Nothing was written.
    """
    if not folder.is_absolute():  # written by hand into the settings: who knows where that would be
        raise BackupFailed(path=str(folder), reason=N_("the folder does not exist"))
    moment = time.time() if now is None else now
    try:
        while (target := folder / _name(path.stem, moment)).exists():
            moment += 1  # of another text of that name, which was closed in the same second
        with tempfile.TemporaryDirectory() as scratch:
            made = Path(scratch) / "backup.zip"
            with _made(made) as archive:
                manifest = msgspec.json.encode(Manifest(path.name, moment, of=_identity(path)))
                archive.writestr(zipfile.ZipInfo(_MANIFEST), manifest)
                archive.write(path, _TEXT + path.name)
                log = sources.history.data(path)
                if log is not None:
                    archive.writestr(zipfile.ZipInfo(_LOG), log, zipfile.ZIP_DEFLATED)
                versions = Path(scratch) / _VERSIONS
                if sources.snapshots.export(str(path), Snapshots(versions), path.name):
                    archive.write(versions, _VERSIONS)
            data = made.read_bytes()
        folder.mkdir(parents=True, exist_ok=True)
        with atomic.written_beside(target, data, None, rights=0o600) as temporary:
            temporary.replace(target)
    except OSError as error:
        raise BackupFailed(path=str(folder), reason=reason_for(error), detail=str(error)) from error
    _thin(folder, path)
    return target


def manifest(backup: Path) -> Manifest:
    """What is in a backup.

    Raises:
        BackupFailed: It is none.
    """
    with _opened(backup) as archive:
        return _manifest(archive, backup)


def restore(backup: Path, target: Path, sources: Sources) -> None:
    """Bring the text back to ``target``, where no file is yet, with its versions and its steps to undo.

    Raises:
        BackupFailed: The zip is damaged or none of ours, or the disk refuses.
        SnapshotsFailed: The text is back, but its earlier versions are not.
    """
    with _opened(backup) as archive, tempfile.TemporaryDirectory() as scratch:
        name = _manifest(archive, backup).name
        data = _part(archive, _TEXT + name, backup)
        try:
            with atomic.written_beside(target, data, None) as temporary:
                if target.exists():
                    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
                temporary.replace(target)
        except OSError as error:
            reason = reason_for(error)
            raise BackupFailed(path=str(target), reason=reason, detail=str(error)) from error
        if _LOG in archive.namelist():
            _bring_log(_part(archive, _LOG, backup), target, sources.history)
        if _VERSIONS in archive.namelist():
            versions = Path(scratch) / _VERSIONS
            versions.write_bytes(_part(archive, _VERSIONS, backup))
            Snapshots(versions).export(name, sources.snapshots, str(target))


def _made(path: Path) -> zipfile.ZipFile:
    """A new zip; it holds no date before 1980, which a clock that has lost its battery, or a file, may have."""
    return zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False)


def _bring_log(data: bytes, target: Path, history: History) -> None:
    """The log goes on under another name; a damaged one costs only steps to undo."""
    log = records.replay(data)
    with contextlib.suppress(OSError, WriterError):
        opened = files.read(target)
        if log is not None and log.whole and log.text == opened.text:
            history.keep(log.and_then(Saved(opened.digest, str(target), opened.form)))


@contextlib.contextmanager
def _opened(backup: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(backup) as archive:
            yield archive
    except _DAMAGE as error:
        reason = N_("it is damaged or no backup of Longhand")
        raise BackupFailed(path=str(backup), reason=reason, detail=str(error)) from error
    except OSError as error:
        raise BackupFailed(path=str(backup), reason=reason_for(error), detail=str(error)) from error


def _manifest(archive: zipfile.ZipFile, backup: Path) -> Manifest:
    try:
        found = msgspec.json.decode(_part(archive, _MANIFEST, backup), type=Manifest)
    except msgspec.MsgspecError as error:
        reason = N_("it is damaged or no backup of Longhand")
        raise BackupFailed(path=str(backup), reason=reason, detail=str(error)) from error
    name = found.name
    if not name or name != Path(name).name or name == ".." or "\\" in name:
        raise BackupFailed(path=str(backup), reason=N_("it names a file outside its own folder"))
    return found


def _part(archive: zipfile.ZipFile, name: str, backup: Path) -> bytes:
    try:
        with archive.open(name) as part:
            data = part.read(_MOST + 1)
    except KeyError as error:
        reason = N_("it is damaged or no backup of Longhand")
        raise BackupFailed(path=str(backup), reason=reason, detail=str(error)) from error
    if len(data) > _MOST:
        raise BackupFailed(path=str(backup), reason=N_("it is unusually large inside"))
    return data


def _name(stem: str, moment: float) -> str:
    return f"{stem} {time.strftime('%Y-%m-%d %H%M%S', time.localtime(moment))}{SUFFIX}"


def _identity(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:16]


def _thin(folder: Path, path: Path) -> None:
    """The names sort by their time."""
    with contextlib.suppress(OSError):
        ours = sorted(
            each
            for each in folder.glob(f"*{SUFFIX}")
            if each.name[: -len(_name("", 0))] == path.stem and _is_of(each, path)
        )
        for each in ours[:-KEPT]:
            each.unlink()


def _is_of(found: Path, path: Path) -> bool:
    try:
        return manifest(found).of == _identity(path)
    except BackupFailed:
        return False
