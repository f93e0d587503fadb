"""A filter of system calls: no socket to anywhere, no other program, and none of the ways around that.

It says no (``EPERM``) and kills nobody: a library that merely tries goes on. The filter is a program for the kernel's
small machine (``linux/filter.h``): it loads a number of the call, compares, jumps forward, and ends in a verdict.
"""

import ctypes
import errno
import os
import platform
import socket
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, chain
from typing import TypeAlias


@dataclass(frozen=True)
class _Machine:
    """What system calls are called on a kind of processor (``linux/audit.h``, ``asm/unistd.h``).

    Attributes:
        sockets: Those whose first argument is a family of sockets. A pair is one too: an end of it that takes
            datagrams can send them to any other socket of the machine.
        signals: Those that send a signal to the process that their first argument names.
        limits: The one that sets the limits of the process that its first argument names, 0 for the own one.
        opening: Those that open a file by its name, each with the number of the argument that says how.
        files: Those that change a file where Landlock does not look, or open one so that we cannot look.
    """

    name: int
    refused: tuple[int, ...]
    sockets: tuple[int, ...]
    signals: tuple[int, ...]
    limits: int
    opening: tuple[tuple[int, int], ...]
    files: tuple[int, ...]


#: io_uring opens sockets without the call ``socket``; pidfd_getfd takes those of other processes, pidfd_send_signal
#: ends them. One number everywhere.
_NEW = (425, 426, 427, 438, 424)
#: openat2, which says how in memory of its own; fchmodat2, setxattrat, removexattrat, file_setattr.
_NEW_FILES = (437, 452, 463, 466, 469)
_MACHINES = {
    # refused: execve, execveat; ptrace, process_vm_readv and -writev reach into other processes; perf_event_open,
    # bpf, userfaultfd and the three of the key ring serve nobody here, and have had more holes than others; tkill,
    # rt_sigqueueinfo and rt_tgsigqueueinfo send signals in ways that nobody needs.
    # files: truncate, which Landlock watches from Linux 6.2 on only; open_by_handle_at; who may read and write a
    # file (chmod, chown, xattr and theirs) and when it was changed (utime), which it never watches.
    "x86_64": _Machine(
        name=0xC000003E,
        refused=(59, 322, 101, 310, 311, 298, 321, 323, 248, 249, 250, 200, 129, 297, *_NEW),
        sockets=(41, 53),
        signals=(62, 234),
        limits=302,
        opening=((2, 1), (257, 2)),
        files=(
            *(76, 304, *range(90, 95), 260, 268, *range(188, 191), *range(197, 200)),
            *(132, 235, 261, 280, *_NEW_FILES),
        ),
    ),
    "aarch64": _Machine(
        name=0xC00000B7,
        refused=(221, 281, 117, 270, 271, 241, 280, 282, 217, 218, 219, 130, 138, 240, *_NEW),
        sockets=(198, 199),
        signals=(129, 131),
        limits=261,
        opening=((56, 2),),
        files=(45, 265, *range(52, 56), *range(5, 8), *range(14, 17), 88, *_NEW_FILES),
    ),
}
#: Numbers from here on are those of x32, another set of names for the same calls.
_X32 = 0x4000_0000

_LOAD, _AND, _EQUAL, _AT_LEAST, _END = 0x20, 0x54, 0x15, 0x35, 0x06
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16  # offsets in the kernel's account of a call
_ALLOW = 0x7FFF_0000
_REFUSE = 0x0005_0000 | errno.EPERM
_SET_SECCOMP, _FILTER = 22, 2

#: What drivers of graphics processors speak to their services and to the kernel with; neither leaves the machine.
LOCAL = (socket.AF_UNIX, getattr(socket, "AF_NETLINK", 16))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


#: A step of the filter: what, with which value, where to if so, where to if not; nowhere is the next step.
_Step: TypeAlias = tuple[int, int, str, str]


def restrict(families: Sequence[int] = (), *, files: bool = True, signals: bool = True) -> bool:
    """Refuse other programs, and sockets except those of ``families``, to this thread and all that it starts.

    ``PR_SET_NO_NEW_PRIVS`` must be set.

    Args:
        families: Of sockets.
        files: Refuse what changes a file behind Landlock's back too.
        signals: Refuse them to all processes but this one; what it forks has none for itself either.

    Returns:
        Whether it holds: not on processors whose numbers we do not know, nor where the kernel has no filters.
    """
    machine = _MACHINES.get(platform.machine())
    # A 32-bit program on a 64-bit kernel has other numbers.
    if machine is None or struct.calcsize("P") != 8:
        return False
    code = _assemble(machine, families, os.getpid() if signals else None, files=files)
    program = _Program(len(code) // 8, code)
    libc = ctypes.CDLL(None, use_errno=True)
    return int(libc.prctl(_SET_SECCOMP, _FILTER, ctypes.byref(program), 0, 0)) == 0


def _assemble(machine: _Machine, families: Sequence[int], own: int | None, *, files: bool) -> bytes:
    """The filter, in blocks that a step can lead to by their names."""
    opening = machine.opening if files else ()
    refused = (*machine.refused, *(machine.files if files else ()))
    blocks: dict[str, list[_Step]] = {
        "": [
            (_LOAD, _ARCHITECTURE, "", ""),
            (_EQUAL, machine.name, "", "refuse"),
            (_LOAD, _NUMBER, "", ""),
            (_AT_LEAST, _X32, "refuse", ""),
            *((_EQUAL, number, "refuse", "") for number in refused),
            *((_EQUAL, number, "family", "") for number in machine.sockets),
            *((_EQUAL, number, "own", "") for number in machine.signals if own is not None),
            (_EQUAL, machine.limits, "process", ""),
            *((_EQUAL, number, f"way {at}", "") for number, at in opening),
            (_AT_LEAST, 0, "allow", ""),
        ],
        "family": _one_of(0, families),
        "own": _one_of(0, [own or 0]),
        "process": _one_of(0, [0]),
        **{f"way {at}": _not_emptying(at) for _number, at in opening},
        "refuse": [(_END, _REFUSE, "", "")],
        "allow": [(_END, _ALLOW, "", "")],
    }
    starts = dict(zip(blocks, accumulate(map(len, blocks.values()), initial=0), strict=False))

    def way(label: str, here: int) -> int:
        return starts[label] - here - 1 if label else 0

    return b"".join(
        struct.pack("=HBBI", code, way(yes, here), way(no, here), value)
        for here, (code, value, yes, no) in enumerate(chain.from_iterable(blocks.values()))
    )


def _one_of(argument: int, values: Sequence[int]) -> list[_Step]:
    """Allow a call whose argument is one of these."""
    return [
        (_LOAD, _ARGUMENTS + 8 * argument, "", ""),
        *((_EQUAL, int(value), "allow", "") for value in values),
        (_AT_LEAST, 0, "refuse", ""),
    ]


def _not_emptying(argument: int) -> list[_Step]:
    """Refuse to empty a file while opening it for something else than writing.

    Before Linux 6.2, Landlock asks for no right to do that: to reading alone with a file that may be read, and
    to neither reading nor writing, which is a way to open too, with any file there is.
    """
    return [
        (_LOAD, _ARGUMENTS + 8 * argument, "", ""),
        (_AND, os.O_TRUNC | os.O_ACCMODE, "", ""),
        (_EQUAL, os.O_TRUNC | os.O_RDONLY, "refuse", ""),
        (_EQUAL, os.O_TRUNC | os.O_ACCMODE, "refuse", "allow"),
    ]
