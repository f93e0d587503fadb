"""Documents of word processors, read as Markdown by another program's code in a process of its own.

Such a file is an archive that may say anything of its size and depth. The child has little memory and little time,
writes nothing but its answer, and is gone afterwards; what it cannot read costs a sentence.
"""

import subprocess
import sys
from pathlib import Path

from writer_app.errors import N_, ImportFailed
from writer_app.launch import command
from writer_app.reasons import reason_for
from writer_app.story import files

#: What :func:`read` knows.
SUFFIXES = (".docx",)
#: The most that a file, and what becomes of it, may have: a long novel has 2.
MAX_BYTES = 64 * 1024 * 1024
MEMORY = 512 * 1024 * 1024
SECONDS = 20
_REASONS = {
    "EncryptedError": N_("it is locked with a password; save it without one first"),
    "ResourceLimitError": N_("it is larger than any book"),
}
_DAMAGED = N_("it is damaged, or no document of a word processor")
_NOT_ENDING = N_("it takes too long to read")
_TOO_MUCH = N_("it needs too much memory")


def read(path: Path) -> str:
    """A document as Markdown.

    Raises:
        FileMissing, FileUnreadable: The system refuses.
        ImportFailed: It is no such document, or too much for the limits.
    """
    try:
        data = files.bytes_up_to(path, MAX_BYTES)
    except OverflowError as problem:
        reason = _REASONS["ResourceLimitError"]
        raise ImportFailed(path=str(path), reason=reason) from problem
    try:
        done = subprocess.run(
            command("--document"), input=data, capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise ImportFailed(path=str(path), reason=_NOT_ENDING) from error
    except OSError as error:
        raise ImportFailed(path=str(path), reason=reason_for(error)) from error
    said = done.stderr.decode("utf-8", "replace").strip()
    if done.returncode < 0 or said == "MemoryError" or len(done.stdout) > MAX_BYTES:
        raise ImportFailed(path=str(path), reason=_TOO_MUCH, detail=said)
    if done.returncode:
        reason = _REASONS.get(said.partition(":")[0], _DAMAGED)
        raise ImportFailed(path=str(path), reason=reason, detail=said)
    return done.stdout.decode("utf-8", "replace")


def main() -> int:
    """The child: a document on standard input, Markdown on standard output; the error's name on standard error."""
    import anydoc

    _limit()
    data = sys.stdin.buffer.read(MAX_BYTES + 1)
    try:
        text = anydoc.to_markdown_bytes(data, "docx")
    except (anydoc.ConvertError, MemoryError) as problem:
        sys.stderr.write(type(problem).__name__)
        return 1
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    sys.stdout.buffer.flush()
    return 0


def _limit() -> None:
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
