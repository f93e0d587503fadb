"""What a subject does to the disk, read from strace's output with all data.

strace, and not a layer around ``os.write`` and its like: what Python's own file objects write passes those by.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.faults.disk import Entry, Op, numbers
from tests.faults.judging import Said, Subject
from tests.faults.traced import MARK, perform

_CALLS = (
    "openat,open,creat,close,dup,dup2,dup3,read,lseek,write,writev,pwrite64,pwritev,pwritev2,ftruncate,truncate,"
    "fallocate,fsync,fdatasync,rename,renameat,renameat2,unlink,unlinkat,rmdir,mkdir,mkdirat,link,linkat,symlink,"
    "symlinkat,sendfile,copy_file_range,access,faccessat,faccessat2"
)
_LINE = re.compile(r"^\d+ +(\w+)\((.*)\) += (-?\d+)", re.DOTALL)
_UNFINISHED = re.compile(r"^(\d+) +(.*) <unfinished \.\.\.>$")
_RESUMED = re.compile(r"^(\d+) +<\.\.\. \w+ resumed>(.*)$")
_STRING = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_NUMBER = re.compile(r"-?\d+")


class Recording(NamedTuple):
    """What was there before, what was done, and what was said meanwhile, in one order."""

    before: dict[str, Entry]
    ops: list[Op]
    said: list[Said]


def record(subject: Subject, folder: Path) -> Recording:
    """Perform ``subject`` undisturbed and write down what it does to the disk."""
    run = perform(subject, folder, ("-e", f"trace={_CALLS}", "-xx", "-s", "10000000"), marked=True)
    assert run.status == 0, run.said
    reader = _Reader(folder, run.before)
    for line in _whole(run.log.splitlines()):
        reader.take(line)
    return Recording(run.before, reader.ops, run.said)


def _whole(lines: list[str]) -> Iterator[str]:
    """Lines of calls, in the order in which they ended; what another thread interrupted is put together."""
    begun: dict[str, str] = {}
    for line in lines:
        if unfinished := _UNFINISHED.match(line):
            begun[unfinished[1]] = line[: unfinished.end(2)]
        elif resumed := _RESUMED.match(line):
            # One that began before strace came has no beginning, and no meaning here.
            if beginning := begun.pop(resumed[1], ""):
                yield beginning + resumed[2]
        else:
            yield line


class _Open:
    """An open descriptor: of a file with its number, or of a folder."""

    def __init__(self, path: str, file: int | None, *, appends: bool) -> None:
        self.path, self.file, self.appends = path, file, appends
        self.place = 0


class _Reader:
    """Makes :class:`Op` of lines; a call that changes a disk in a way unknown here is an ``AttributeError``."""

    def __init__(self, folder: Path, before: dict[str, Entry]) -> None:
        self.ops: list[Op] = []
        self._folder = folder
        self._numbers = numbers(before)
        self._sizes = {self._numbers[path]: len(before[path] or "") for path in self._numbers}
        self._open: dict[int, _Open] = {}
        self._next = len(before)

    def take(self, line: str) -> None:
        found = _LINE.match(line)
        if not found or int(found[3]) < 0:
            strings = _STRING.findall(found[2]) if found else []
            self._mark(*strings[:1])
            return
        texts = [bytes.fromhex(each.replace("\\x", "")) for each in _STRING.findall(found[2])]
        getattr(self, f"_on_{found[1]}")(found[2], texts, int(found[3]))

    def _mark(self, name: str = "") -> None:
        path = bytes.fromhex(name.replace("\\x", "")).decode()
        if path.startswith(MARK):
            self.ops.append(Op("said", place=int(path[len(MARK) :])))

    def _inside(self, path: bytes) -> str | None:
        """The path relative to the folder; ``None`` for what is elsewhere."""
        found = Path(path.decode())
        return str(found.relative_to(self._folder)) if found.is_relative_to(self._folder) else None

    def _of(self, arguments: str) -> _Open | None:
        number = _NUMBER.match(arguments)
        return self._open.get(int(number[0])) if number else None

    def _on_openat(self, arguments: str, texts: list[bytes], result: int) -> None:
        self._open.pop(result, None)
        path = self._inside(texts[0])
        if path is None:
            return
        if "O_CREAT" in arguments and path not in self._numbers:
            self._numbers[path], self._next = self._next, self._next + 1
            self._sizes[self._numbers[path]] = 0
            self.ops.append(Op("create", path, file=self._numbers[path]))
        file = self._numbers.get(path)
        self._open[result] = _Open(path, file, appends="O_APPEND" in arguments)
        if "O_TRUNC" in arguments and file is not None:
            self._sizes[file] = 0
            self.ops.append(Op("truncate", file=file))

    def _on_close(self, arguments: str, _texts: list[bytes], _result: int) -> None:
        self._open.pop(int(arguments), None)

    def _on_read(self, _arguments: str, _texts: list[bytes], _result: int) -> None:
        """Nothing of it is on the disk, and what is read here is not written to by the same descriptor."""

    def _on_access(self, _arguments: str, _texts: list[bytes], _result: int) -> None:
        """Nothing of it is on the disk."""

    _on_faccessat = _on_faccessat2 = _on_access

    def _on_lseek(self, arguments: str, _texts: list[bytes], result: int) -> None:
        if opened := self._of(arguments):
            opened.place = result

    def _on_write(self, arguments: str, texts: list[bytes], result: int) -> None:
        opened = self._of(arguments)
        if opened is None or opened.file is None:
            return
        place = self._sizes[opened.file] if opened.appends else opened.place
        self._write(opened.file, place, texts[0][:result])
        opened.place = place + result

    def _on_pwrite64(self, arguments: str, texts: list[bytes], result: int) -> None:
        opened = self._of(arguments)
        if opened is not None and opened.file is not None:
            self._write(opened.file, int(_NUMBER.findall(arguments)[-1]), texts[0][:result])

    def _write(self, file: int, place: int, data: bytes) -> None:
        self.ops.append(Op("write", file=file, place=place, data=data))
        self._sizes[file] = max(self._sizes[file], place + len(data))

    def _on_ftruncate(self, arguments: str, _texts: list[bytes], _result: int) -> None:
        opened = self._of(arguments)
        if opened is not None and opened.file is not None:
            self._sizes[opened.file] = size = int(_NUMBER.findall(arguments)[1])
            self.ops.append(Op("truncate", file=opened.file, place=size))

    def _on_fsync(self, arguments: str, _texts: list[bytes], _result: int) -> None:
        if opened := self._of(arguments):
            folder = opened.file is None
            self.ops.append(
                Op("sync folder", opened.path) if folder else Op("sync", file=opened.file or 0)
            )

    _on_fdatasync = _on_fsync

    def _on_rename(self, _arguments: str, texts: list[bytes], _result: int) -> None:
        old, new = self._inside(texts[0]), self._inside(texts[1])
        if old is not None and new is not None:
            self._numbers[new] = self._numbers.pop(old)
            self.ops.append(Op("rename", old, new))

    _on_renameat = _on_renameat2 = _on_rename

    def _on_unlink(self, _arguments: str, texts: list[bytes], _result: int) -> None:
        path = self._inside(texts[0])
        if path is not None:
            self._numbers.pop(path, None)
            self.ops.append(Op("unlink", path))

    _on_unlinkat = _on_unlink

    def _on_mkdir(self, _arguments: str, texts: list[bytes], _result: int) -> None:
        path = self._inside(texts[0])
        if path is not None:
            self.ops.append(Op("mkdir", path))

    _on_mkdirat = _on_mkdir
