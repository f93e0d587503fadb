"""Tries what a sandboxed process must not do: ``probe.py JSON``, one JSON object of outcomes on standard output.

It enters the sandbox as the engine child does, by the same function, and then does the forbidden things itself.
"""

import ctypes
import errno
import json
import os
import platform
import resource
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from writer_app.engine import landlock, sandbox

#: Numbers of system calls that no library offers: (x86_64, aarch64).
_CALLS = {"execveat": (322, 281), "io_uring_setup": (425, 425), "ptrace": (101, 117)}
_ATTACH = 16


def main(given: str) -> None:
    """Enter and try everything."""
    wanted = json.loads(given)
    if wanted["version"] is not None:
        landlock.version = lambda: wanted["version"]
    held = sandbox.enter(wanted["readable"], wanted["writable"], devices=wanted["devices"])
    outcomes = {"held": str(held), "children": outcome(fork)}
    for name, path in wanted["read"].items():
        outcomes[f"read {name}"] = outcome(lambda path=path: Path(path).read_bytes())
    for name, path in wanted["write"].items():
        outcomes[f"write {name}"] = outcome(lambda path=path: write_and_remove(Path(path)))
    for name in ("AF_INET", "AF_INET6", "AF_PACKET", "AF_VSOCK", "AF_UNIX"):
        family = getattr(socket, name)
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
            what = f"{name} {kind.name}"
            outcomes[what] = outcome(lambda f=family, k=kind: socket.socket(f, k).close())
    outcomes["truncate"] = outcome(lambda: os.truncate(wanted["read"]["novel"], 0))
    outcomes["pair"] = outcome(socket.socketpair)
    for name in (
        "models",
        "novel",
    ):  # nothing but what was made for this: where it is not refused, it is done
        path = wanted["read"][name]
        outcomes[f"empty {name}"] = outcome(lambda path=path: empty(path, os.O_RDONLY))
        outcomes[f"empty {name} unread"] = outcome(lambda path=path: empty(path, os.O_ACCMODE))
        outcomes[f"give away {name}"] = outcome(lambda path=path: Path(path).chmod(0o666))
        outcomes[f"mark {name}"] = outcome(lambda path=path: os.setxattr(path, "user.a", b"b"))
        outcomes[f"mark {name} as old"] = outcome(lambda path=path: os.utime(path, (0, 0)))
    outcomes["limit"] = outcome(lambda: limit(wanted["parent"]))
    outcomes["own limit"] = outcome(lambda: limit(0))
    outcomes["exec"] = outcome(lambda: os.execv("/bin/true", ["true"]))
    outcomes["program"] = outcome(lambda: subprocess.run(["/bin/true"], check=True))
    outcomes["execveat"] = outcome(lambda: call("execveat", -100, b"/bin/true", 0, 0, 0))
    outcomes["io_uring_setup"] = outcome(lambda: call("io_uring_setup", 1, bytes(120)))
    outcomes["ptrace"] = outcome(lambda: call("ptrace", _ATTACH, wanted["parent"], 0, 0))
    outcomes["kill"] = outcome(lambda: os.kill(wanted["parent"], 0))
    outcomes["kill all"] = outcome(lambda: os.kill(-1, 0))
    outcomes["kill group"] = outcome(lambda: os.kill(0, 0))
    outcomes["kill itself"] = outcome(lambda: os.kill(os.getpid(), 0))
    print(json.dumps(outcomes))  # noqa: T201 - what it is for


def outcome(attempt: Callable[[], object]) -> str:
    """ "done", or the name of the error."""
    try:
        attempt()
    except OSError as problem:
        return errno.errorcode.get(problem.errno or 0, str(problem))
    return "done"


def write_and_remove(path: Path) -> None:
    """What keeping a file takes: a new one, a new name, and the end of it."""
    half = path.with_suffix(".part")
    half.write_bytes(b"text")
    half.replace(path)
    path.unlink()


def empty(path: str, way: int) -> None:
    """Empty a file without opening it for writing."""
    os.close(os.open(path, os.O_TRUNC | way))


def limit(process: int) -> None:
    """Set a limit of a process to what it is."""
    kind = resource.RLIMIT_NOFILE
    resource.prlimit(process, kind, resource.getrlimit(kind))


def fork() -> None:
    """A process of our own is no other program."""
    if not os.fork():
        os._exit(0)
    os.wait()


def call(name: str, *arguments: int | bytes) -> None:
    """A system call by its number."""
    number = _CALLS[name][platform.machine() == "aarch64"]
    libc = ctypes.CDLL(None, use_errno=True)
    passed = [ctypes.c_long(each) if isinstance(each, int) else each for each in arguments]
    if libc.syscall(ctypes.c_long(number), *passed) < 0:
        raise OSError(ctypes.get_errno(), name)


if __name__ == "__main__":
    main(sys.argv[1])
