"""Landlock: a process gives up all files but some, for itself and all it will ever start, and never gets them back.

Linux 5.13 and newer, by system call, because no library is needed for three of them. What a kernel does not know
yet is left out: the numbers are those of ``linux/landlock.h``, and mean the same on every processor.
"""

import ctypes
import os
import stat
from collections.abc import Iterable

# Rights to files.
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR, _REMOVE_DIR, _REMOVE_FILE = (1 << n for n in range(6))
_MAKE_DIR, _MAKE_REG = 1 << 7, 1 << 8
_TRUNCATE = 1 << 14
_IOCTL_DEVICE = 1 << 15
_OF_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEVICE
READ = _READ_FILE | _READ_DIR
#: New files and folders, no links and no devices.
WRITE = READ | _WRITE_FILE | _TRUNCATE | _MAKE_REG | _MAKE_DIR | _REMOVE_FILE | _REMOVE_DIR
#: All rights that there are, by the first version of the interface that knows them.
_RIGHTS = {1: (1 << 13) - 1, 2: 1 << 13, 3: _TRUNCATE, 5: _IOCTL_DEVICE}
_TCP = 0b11  # bind and connect, from version 4
_SCOPES = 0b11  # abstract Unix sockets and signals to processes outside, from version 6

_CREATE, _ADD, _RESTRICT = 444, 445, 446  # system calls
_ASK_VERSION = 1
_BENEATH = 1


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def version() -> int:
    """Of the kernel's interface; 0 where there is none, or a container hides it."""
    return max(0, _call(_CREATE, None, 0, _ASK_VERSION))


def restrict(allowed: Iterable[tuple[str, int]]) -> None:
    """Give up all files except the ``allowed`` ones, all TCP, and signals and abstract sockets to the outside.

    Only the calling thread and what it starts are held to it. ``PR_SET_NO_NEW_PRIVS`` must be set.

    Args:
        allowed: (path, rights), :data:`READ` or :data:`WRITE`; a folder stands for all in it. What does not exist
            is left out.

    Raises:
        OSError: The kernel refuses.
    """
    kernel = version()
    handled = sum(rights for since, rights in _RIGHTS.items() if since <= kernel)
    rules = _Ruleset(handled, _TCP if kernel >= 4 else 0, _SCOPES if kernel >= 6 else 0)
    size = 24 if kernel >= 6 else 16 if kernel >= 4 else 8
    ruleset = _checked(_call(_CREATE, ctypes.byref(rules), size, 0))
    try:
        for path, rights in allowed:
            _allow(ruleset, path, rights & handled)
        _checked(_call(_RESTRICT, ruleset, 0))
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        file = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except (OSError, ValueError):
        return
    try:
        if not stat.S_ISDIR(os.fstat(file).st_mode):
            rights &= _OF_FILES
        rule = _Beneath(rights, file)
        _checked(_call(_ADD, ruleset, _BENEATH, ctypes.byref(rule), 0))
    finally:
        os.close(file)


def _call(number: int, *arguments: object) -> int:
    """A system call; -1 where it failed."""
    syscall = ctypes.CDLL(None, use_errno=True).syscall
    syscall.restype = ctypes.c_long
    passed = [ctypes.c_long(each) if isinstance(each, int) else each for each in arguments]
    return int(syscall(ctypes.c_long(number), *passed))


def _checked(result: int) -> int:
    if result < 0:
        raise OSError(ctypes.get_errno(), "Landlock")
    return result
