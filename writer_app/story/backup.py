"""One zip of a text, or of a project, with earlier versions and logs: made when it is closed, opened anywhere.

The texts lie in it as the plain files they are, so that no program of ours is needed to get them back.
"""

import contextlib
import errno
import hashlib
import os
import shutil
import tempfile
import time
import uuid
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import msgspec

from writer_app.errors import N_, BackupFailed, WriterError
from writer_app.reasons import reason_for
from writer_app.story import atomic, files, records
from writer_app.story.bible_files import DISMISSED
from writer_app.story.history import History
from writer_app.story.records import Saved
from writer_app.story.snapshots import Snapshots

SUFFIX = ".longhand-backup.zip"
#: Backups of one text that stay in the folder.
KEPT = 10
#: Bytes of one part that are unpacked; more is no text of ours.
_MOST = 512 * 1024 * 1024
#: Files of a project, and bytes of all of them, that are unpacked.
_MOST_FILES, _MOST_OF_ALL = 50_000, 4 * 1024 * 1024 * 1024
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
_NO_UNICODE = N_("a file in it has a name that is not in Unicode: rename it first")
_OUTSIDE = N_("it names a file outside its own folder")
_MANIFEST, _LOG, _VERSIONS = "longhand.json", "log", "versions.db"
_TEXT, _PROJECT, _LOGS = "text/", "project/", "logs/"


class Manifest(msgspec.Struct, frozen=True):
    """What a backup says of itself.

    Attributes:
        name: Of the text's file, or the project's folder.
        at: Seconds since 1970.
        of: Tells texts of the same name in several folders from each other.
        is_project: All of a project is in it.
    """

    name: str
    at: float
    format: int = 1
    of: str = ""
    is_project: bool = False


class Sources(NamedTuple):
    """Where what belongs to a text is kept on this machine."""

    history: History
    snapshots: Snapshots


def write(folder: Path, path: Path, sources: Sources, now: float | None = None) -> Path:
    """Back the file, or the project, at ``path`` up into ``folder``; returns the zip. Old ones beyond :data:`KEPT` go.

    Raises:
        BackupFailed: Nothing was written.
    """
    if not folder.is_absolute():  # written by hand into the settings: who knows where that would be
        raise BackupFailed(path=str(folder), reason=N_("the folder does not exist"))
    moment = time.time() if now is None else now
    try:
        while (target := folder / _name(_title(path), moment)).exists():
            moment += 1  # of another text of that name, which was closed in the same second
        with tempfile.TemporaryDirectory() as scratch:
            made = Path(scratch) / "backup.zip"
            with _made(made) as archive:
                said = Manifest(path.name, moment, of=_identity(path), is_project=path.is_dir())
                archive.writestr(zipfile.ZipInfo(_MANIFEST), msgspec.json.encode(said))
                versions = Path(scratch) / _VERSIONS
                if said.is_project:
                    for file in _files_of(path):
                        name = file.relative_to(path).as_posix()
                        archive.write(file, _PROJECT + name)
                        _add(archive, file, sources, _LOGS + name, versions, name)
                else:
                    archive.write(path, _TEXT + path.name)
                    _add(archive, path, sources, _LOG, versions, path.name)
                if versions.exists():
                    archive.write(versions, _VERSIONS)
            data = made.read_bytes()
        folder.mkdir(parents=True, exist_ok=True)
        with atomic.written_beside(target, data, None, rights=0o600) as temporary:
            temporary.replace(target)
    except OSError as error:
        raise BackupFailed(path=str(folder), reason=reason_for(error), detail=str(error)) from error
    except UnicodeEncodeError as error:  # a file of the project whose name is in no encoding
        raise BackupFailed(path=str(folder), reason=_NO_UNICODE) from error
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
    """Bring the text, or the project, back to ``target``, where nothing is yet, with its versions and steps to undo.

    Raises:
        BackupFailed: The zip is damaged or none of ours, or the disk refuses.
        SnapshotsFailed: The text is back, but its earlier versions are not.
    """
    with _opened(backup) as archive, tempfile.TemporaryDirectory() as scratch:
        found = _manifest(archive, backup)
        if found.is_project:
            _restore_project(archive, backup, target, sources, Path(scratch))
            return
        name = found.name
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


def _add(
    archive: zipfile.ZipFile, file: Path, sources: Sources, log: str, versions: Path, name: str
) -> None:
    """Put the log of a text into the zip, and its versions, as those of ``name``, into the file for them."""
    # A project's texts are known by the folder's own name, whichever link leads there.
    for known in dict.fromkeys((file, file.resolve())):
        data = sources.history.data(known)
        if data is not None:
            archive.writestr(zipfile.ZipInfo(log), data, zipfile.ZIP_DEFLATED)
        has_versions = sources.snapshots.export(str(known), Snapshots(versions), name)
        if data is not None or has_versions:
            return


def _files_of(folder: Path) -> Iterator[Path]:
    """What belongs to a project: all in its folder but hidden things, backups and what leads elsewhere."""
    root = folder.resolve()
    for where, folders, names in os.walk(folder):
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        for name in sorted(names):
            file = Path(where, name)
            is_ours = name == DISMISSED or not (name.startswith(".") or name.endswith(SUFFIX))
            if is_ours and file.is_file() and file.resolve().is_relative_to(root):
                yield file


def _restore_project(
    archive: zipfile.ZipFile, backup: Path, target: Path, sources: Sources, scratch: Path
) -> None:
    """Made beside its place and moved there whole: a failure half way leaves nothing."""
    infos = [each for each in archive.infolist() if each.filename.startswith(_PROJECT)]
    if len(infos) > _MOST_FILES or sum(each.file_size for each in infos) > _MOST_OF_ALL:
        raise BackupFailed(path=str(backup), reason=N_("it is unusually large inside"))
    names = [each.filename.removeprefix(_PROJECT) for each in infos]
    if not all(map(_is_inside, names)):
        raise BackupFailed(path=str(backup), reason=_OUTSIDE)
    beside = target.with_name(f".{target.name[:80]}.{uuid.uuid4().hex[:8]}")
    try:
        try:
            for name in names:
                (beside / name).parent.mkdir(parents=True, exist_ok=True)
                with (beside / name).open("xb") as file:
                    file.write(_part(archive, _PROJECT + name, backup))
                    file.flush()
                    os.fsync(file.fileno())
            if target.exists():
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
            beside.rename(target)
            atomic.sync_folder(target.parent)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    except OSError as error:
        raise BackupFailed(path=str(target), reason=reason_for(error), detail=str(error)) from error
    there, parts = target.resolve(), set(archive.namelist())
    versions = scratch / _VERSIONS
    if _VERSIONS in parts:
        versions.write_bytes(_part(archive, _VERSIONS, backup))
    for name in names:
        if _LOGS + name in parts:
            _bring_log(_part(archive, _LOGS + name, backup), there / name, sources.history)
        Snapshots(versions).export(name, sources.snapshots, str(there / name))


def _is_inside(name: str) -> bool:
    """Whether a part of a zip lies in the project's folder on every system."""
    pure = PurePosixPath(name)
    is_odd = any(character in name for character in '\\:"<>|?*') or min(name, default="") < " "
    return not (is_odd or pure.is_absolute() or str(pure) != name or ".." in pure.parts)


def _title(path: Path) -> str:
    return path.name if path.is_dir() else path.stem


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
        raise BackupFailed(path=str(backup), reason=_OUTSIDE)
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
            if each.name[: -len(_name("", 0))] == _title(path) and _is_of(each, path)
        )
        for each in ours[:-KEPT]:
            each.unlink()


def _is_of(found: Path, path: Path) -> bool:
    try:
        return manifest(found).of == _identity(path)
    except BackupFailed:
        return False
