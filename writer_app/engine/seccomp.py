"""A filter of system calls: no socket to anywhere, no other program, and none of the ways around that.

It says no (``EPERM``) and kills nobody: a library that merely tries goes on. The filter is a program for the kernel's
small machine (``linux/filter.h``): it loads a number of the call, compares, jumps forward, and ends in a verdict.
"""

import ctypes
import errno
import platform
import socket
import struct
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class _Machine:
    """What system calls are called on a kind of processor (``linux/audit.h``, ``asm/unistd.h``)."""

    name: int
    socket: int
    refused: tuple[int, ...]


#: io_uring opens sockets without the call ``socket``; pidfd_getfd takes those of other processes. One number everywhere.
_NEW = (425, 426, 427, 438)
_MACHINES = {
    # execve, execveat; ptrace, process_vm_readv and -writev reach into other processes; perf_event_open, bpf,
    # userfaultfd and the three of the key ring serve nobody here, and have had more holes than others; truncate
    # empties a file by its name, which Landlock watches from Linux 6.2 on only.
    "x86_64": _Machine(
        0xC000003E, 41, (59, 322, 101, 310, 311, 298, 321, 323, 248, 249, 250, 76, *_NEW)
    ),
    "aarch64": _Machine(
        0xC00000B7, 198, (221, 281, 117, 270, 271, 241, 280, 282, 217, 218, 219, 45, *_NEW)
    ),
}
#: Numbers from here on are those of x32, another set of names for the same calls.
_X32 = 0x4000_0000

_LOAD, _EQUAL, _AT_LEAST, _END = 0x20, 0x15, 0x35, 0x06
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16  # offsets in the kernel's account of a call
_ALLOW = 0x7FFF_0000
_REFUSE = 0x0005_0000 | errno.EPERM
_SET_SECCOMP, _FILTER = 22, 2

#: What drivers of graphics processors speak to their services and to the kernel with; neither leaves the machine.
LOCAL = (socket.AF_UNIX, getattr(socket, "AF_NETLINK", 16))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def restrict(families: Sequence[int] = ()) -> bool:
    """Refuse other programs, and sockets except those of ``families``, to this thread and all that it starts.

    ``PR_SET_NO_NEW_PRIVS`` must be set.

    Returns:
        Whether it holds: not on processors whose numbers we do not know, nor where the kernel has no filters.
    """
    machine = _MACHINES.get(platform.machine())
    # A 32-bit program on a 64-bit kernel has other numbers.
    if machine is None or struct.calcsize("P") != 8:
        return False
    code = _assemble(machine, families)
    program = _Program(len(code) // 8, code)
    libc = ctypes.CDLL(None, use_errno=True)
    return int(libc.prctl(_SET_SECCOMP, _FILTER, ctypes.byref(program), 0, 0)) == 0


def _assemble(machine: _Machine, families: Sequence[int]) -> bytes:
    """The filter: a step is (what, with which value, where to if so, where to if not); nowhere is the next step."""
    steps: list[tuple[int, int, str, str]] = [
        (_LOAD, _ARCHITECTURE, "", ""),
        (_EQUAL, machine.name, "", "refuse"),
        (_LOAD, _NUMBER, "", ""),
        (_AT_LEAST, _X32, "refuse", ""),
        *((_EQUAL, number, "refuse", "") for number in machine.refused),
        (_EQUAL, machine.socket, "", "allow"),
        (_LOAD, _FIRST_ARGUMENT, "", ""),
        *((_EQUAL, int(family), "allow", "") for family in families),
        (_END, _REFUSE, "", ""),
        (_END, _ALLOW, "", ""),
    ]
    ends = {"refuse": len(steps) - 2, "allow": len(steps) - 1}

    def way(label: str, here: int) -> int:
        return ends[label] - here - 1 if label else 0

    return b"".join(
        struct.pack("=HBBI", code, way(yes, here), way(no, here), value)
        for here, (code, value, yes, no) in enumerate(steps)
    )
