"""Reading and writing the writer's files without ever losing one.

A save is either complete or did not happen: the new bytes go to a temporary file in the same folder, are
synced and read back, and only then take the place of the old ones. Before that, the file on disk must be
the one we know (by hash), or nothing is written. A failure to read is an error, never an empty document.
"""

import contextlib
import errno
import hashlib
import os
import stat
import time
import uuid
from pathlib import Path
from typing import NamedTuple

from writer_app.errors import (
    N_,
    ChangedOnDisk,
    EncodingGuessed,
    FileMissing,
    FileUnreadable,
    NotText,
    SaveBroken,
    SavedInPlace,
    SaveFailed,
    SaveFailedCopied,
    SaveUnsure,
    WriterError,
)
from writer_app.reasons import reason_for
from writer_app.story import atomic
from writer_app.story import form as forms
from writer_app.story.form import FileForm, Newline

__all__ = ["SUFFIXES", "FileForm", "Newline", "Opened", "bytes_up_to", "digest_of", "read", "write"]

#: Names of files that we offer to open.
SUFFIXES = (".md", ".txt", ".fountain")
MAX_BYTES = 64 * 1024 * 1024
_NO_UNICODE = N_("its name, or that of a folder above it, is not in Unicode: rename it first")
_ANY_WRITE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


class Opened(NamedTuple):
    """A file that was read.

    Attributes:
        text: LF newlines, no byte-order mark.
        digest: Hash of the bytes on disk; a save hands it back to prove that it knows the file.
        warnings: What the writer should know, each with its sentence.
    """

    text: str
    form: FileForm
    digest: str
    warnings: tuple[WriterError, ...] = ()


def read(path: Path) -> Opened:
    """Read a text file.

    Raises:
        FileMissing: There is no such file.
        FileUnreadable: The system refuses to read it, or it is no regular file.
        NotText: It cannot be opened without the risk of changing it.
    """
    data = _bytes_of(path)
    try:
        text, form, guessed = forms.decode(data)
    except NotText as error:
        raise NotText(path=str(path), reason=error.params["reason"]) from error
    warnings = (EncodingGuessed(path=str(path), encoding=form.encoding),) if guessed else ()
    return Opened(text, form, hash_of(data), warnings)


def bytes_up_to(path: Path, most: int) -> bytes:
    """What a file holds.

    Raises:
        FileMissing: There is no such file.
        FileUnreadable: The system refuses to read it, or it is no regular file: reading a pipe may never end.
        OverflowError: It has more than ``most`` bytes.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise FileUnreadable(path=str(path), reason=N_("it is not a file"))
        if status.st_size > most:
            raise OverflowError(status.st_size)
        return path.read_bytes()
    except FileNotFoundError as error:
        raise FileMissing(path=str(path)) from error
    except OSError as error:
        raise FileUnreadable(path=str(path), reason=reason_for(error), detail=str(error)) from error


def digest_of(path: Path) -> str:
    """The hash of the file as it is now. Raises as :func:`read` does."""
    return hash_of(_bytes_of(path))


def write(
    path: Path,
    text: str,
    form: FileForm,
    expected_digest: str | None,
    spare: Path | None = None,
) -> str:
    """Save ``text`` and return the hash of the bytes written.

    Args:
        path: A link is followed; the file that it leads to is replaced.
        text: With LF newlines.
        form: How to write it down.
        expected_digest: Hash of the file as we last knew it, ``None`` when there should be none. A file that
            has vanished in the meantime is written anew.
        spare: A folder of ours for a copy, where the file cannot be replaced by a new one (it has a second name,
            or its folder may not be written) and must be written over, or where the disk reports errors.

    Raises:
        NotInEncoding: The file's encoding lacks a character of the text.
        ChangedOnDisk: The file is not the one we know.
        SaveFailed: Anything else; the old file is as it was (:class:`SaveBroken`: it is not, see ``spare``).
        SavedInPlace: Not an error: it is saved, by writing over the file.
        SaveUnsure: The text is in place, but the disk reported an error after that.
    """
    if not _is_unicode(path):
        raise SaveFailed(path=_shown(path), reason=_NO_UNICODE)
    data = forms.encode(text, form)
    digest = hash_of(data)
    try:
        target = _target(path)
        known = atomic.state(target)
        if known is not None:
            _check_replaceable(target, known, path)
            if _hash_at(target) not in {expected_digest, digest}:
                raise ChangedOnDisk(path=str(path))
            reason = _irreplaceable(target, known)
            if reason and spare is None:
                raise SaveFailed(path=str(path), reason=reason)
            if reason and spare is not None:
                _write_over(path, target, data, known, spare)
                raise SavedInPlace(path=path.name, reason=reason, digest=digest)
        with atomic.written_beside(target, data, known) as temporary:
            if atomic.state(target) != known:
                raise ChangedOnDisk(path=str(path))
            temporary.replace(target)
    except (OSError, RuntimeError) as error:  # RuntimeError: a link that leads to itself
        raise _failed(path, data, error, spare) from error
    try:
        atomic.sync_folder(target.parent)
    except OSError as error:
        raise SaveUnsure(path=str(path), reason=reason_for(error), digest=digest) from error
    return digest


def _target(path: Path) -> Path:
    """The file that ``path`` leads to. Raises ``OSError`` where a link cannot be followed just now.

    Without ``strict`` such a link would be taken for the file itself and replaced by one.
    """
    try:
        return path.resolve(strict=True)
    except FileNotFoundError:
        return path.resolve()
    except RuntimeError as error:  # a link that leads to itself
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP)) from error


def _check_replaceable(target: Path, known: atomic.State, path: Path) -> None:
    """Raise :class:`SaveFailed` for what must not be replaced by a new file."""
    reason = ""
    if not stat.S_ISREG(known.mode):
        reason = N_("there is something that is not a file")
    elif not known.mode & _ANY_WRITE or not os.access(target, os.W_OK):
        reason = N_("the file is write-protected")
    if reason:
        raise SaveFailed(path=str(path), reason=reason)


def _irreplaceable(target: Path, known: atomic.State) -> str:
    """Why a new file cannot take the place of this one; empty: it can."""
    if known.names > 1:
        return N_("it has a second name (a hard link)")
    if not os.access(target.parent, os.W_OK):
        return N_("its folder cannot be written")
    return ""


def _write_over(path: Path, target: Path, data: bytes, known: atomic.State, spare: Path) -> None:
    """Write the file itself, with a copy on the disk until that is done."""
    copy = _copy(path, data, spare)
    try:
        atomic.overwrite(target, data, known)
    except FileExistsError:
        copy.unlink(missing_ok=True)
        raise ChangedOnDisk(path=str(path)) from None
    except OSError as error:
        reason = reason_for(error)
        raise SaveBroken(
            path=str(path), reason=reason, copy=str(copy), detail=str(error)
        ) from error
    with contextlib.suppress(OSError):
        copy.unlink()


def _failed(path: Path, data: bytes, error: Exception, spare: Path | None) -> SaveFailed:
    """The error for a save that came to nothing; a disk that reports errors may lose the journal too."""
    reason, detail = reason_for(error), str(error)
    if spare is not None and isinstance(error, OSError) and error.errno == errno.EIO:
        with contextlib.suppress(OSError):
            copy = _copy(path, data, spare)
            return SaveFailedCopied(path=str(path), reason=reason, copy=str(copy), detail=detail)
    return SaveFailed(path=str(path), reason=reason, detail=detail)


def _copy(path: Path, data: bytes, folder: Path) -> Path:
    """A synced copy in ``folder``, under a name by which a person finds it. Raises ``OSError``."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    moment = time.strftime("%Y-%m-%d %H%M%S")
    target = folder / f"{path.stem[:80]} {moment} {uuid.uuid4().hex[:6]}{path.suffix}"
    with atomic.written_beside(target, data, None, rights=0o600) as temporary:
        temporary.replace(target)
    return target


def _is_unicode(path: Path) -> bool:
    """Whether logs, snapshots and messages can name it: names on Linux may be any bytes."""
    return _shown(path) == str(path)


def _shown(path: Path) -> str:
    return str(path).encode("utf-8", "replace").decode()


def _bytes_of(path: Path) -> bytes:
    if not _is_unicode(path):
        raise FileUnreadable(path=_shown(path), reason=_NO_UNICODE)
    try:
        return bytes_up_to(path, MAX_BYTES)
    except OverflowError as problem:
        raise NotText(path=str(path), reason=N_("it is larger than any book")) from problem


def _hash_at(path: Path) -> str:
    """Without all of it in memory: another program may have put a film there. Raises ``OSError``."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def hash_of(data: bytes) -> str:
    """The hash by which the contents of a file are known again."""
    return hashlib.sha256(data).hexdigest()
