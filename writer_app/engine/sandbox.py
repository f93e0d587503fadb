"""What the engine child may touch, held by the kernel: a model file is a stranger's, and its reader has had holes.

On Linux the child reads its models, the libraries and what the system says of the processor, writes to its one
folder, and reaches neither a network nor another program; with drivers of graphics processors it only cannot start
one itself, since local sockets stay open to it. It is told at its start what its models are, and can
only give up rights, never gain any: another model is another child. Other systems have nothing like it for a
program that is not installed by their own means; there the child is only a process of its own.
"""

import contextlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import TypeAlias

from writer_app.engine import landlock, models, processor, seccomp

_NO_NEW_PRIVILEGES = 38
#: One of several files of a model; llama.cpp finds the others by their names.
_PART = re.compile(r"(.+)-\d{5}-of-(\d{5})\.gguf")

#: Libraries of the system, also on systems that keep them elsewhere, and what finds them.
_LIBRARIES = (
    *("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/nix/store", "/gnu/store"),
    "/etc/ld.so.cache",
)
#: What the processor and its memory are like, as Python, psutil, ggml and OpenMP ask. ``/proc/self`` is ours alone.
_FACTS = (
    *("/proc/self", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/filesystems"),
    *("/proc/sys/vm/overcommit_memory", "/sys/devices/system", "/sys/devices/cpu_core"),
    *("/sys/kernel/mm/transparent_hugepage", "/dev/urandom"),
)


#: Real paths, each with the number by which the kernel knows it.
Reach: TypeAlias = tuple[tuple[str, int], ...]


class Held(StrEnum):
    """What a child is held to.

    ``FULL``: its files, no network, no other program. ``NETWORK``: no network and no other program, but any file.
    """

    FULL = "full"
    NETWORK = "network"
    NOTHING = ""


def enter(
    readable: Iterable[str], writable: str = "", *, devices: bool = False, parent: bool = False
) -> Held:
    """Hold this process to little more than these files, for good; to be called before it has a second thread.

    Args:
        readable: Files and folders; what a program needs besides is known here.
        writable: A folder; empty for none.
        devices: Let drivers of graphics processors work. They open devices, caches and sockets of their services
            wherever they like, so all files stay open to them; the network and other programs do not.
        parent: Let it end what it forks, which the filter cannot tell from other processes.

    Returns:
        What holds from now on; a system that cannot do a thing goes on without it.
    """
    if sys.platform != "linux":
        return Held.NOTHING
    is_alone = _is_alone()
    if devices:
        _wake_devices()
    _give_up_privileges()
    has_files = not devices and _hold_to_files(readable, writable)
    is_filtered = seccomp.restrict(
        seccomp.LOCAL if devices else (), files=not devices, signals=not parent
    )
    if not (is_filtered and is_alone):
        return Held.NOTHING  # without the filter UDP is open, which is enough to tell the world
    return Held.FULL if has_files else Held.NETWORK


def reach(model: str, folder: str = "") -> Reach:
    """What a child must be able to read for a model.

    A child may be given another model as long as this stays the same. A path alone would not do: a file that was
    fetched again is another file, to which the child has no right.

    Args:
        model: Its file; the other parts are found where it has any. One that is missing gives nothing.
        folder: Where models usually are, granted as a whole so that one child can read one after the other.
    """
    files = [path for path in _parts(model) if models.exists(str(path))]
    if folder:
        files = [path for path in files if not _is_inside(path, folder)]
    return tuple(_known([*([folder] if folder else []), *files]))


def has_drivers() -> bool:
    """Whether this llama.cpp has brought drivers for graphics processors. It is not imported: that starts threads."""
    spec = find_spec("llama_cpp")
    package = Path(spec.origin).parent if spec and spec.origin else Path()
    return any(processor.drivers(folder) for folder in (package / "lib", package.parent / "bin"))


def limit_memory(*, devices: bool = False) -> None:
    """See to it that lack of memory ends the engine and nothing else; a kill of it costs no word.

    Where the system runs out, it ends who has the highest score: now that is this process, never the window or
    another program. And what it asks for beyond all there is, it is refused, which is one sentence instead of
    minutes of swapping. Address space is not limited: a model that lies in the file's own memory takes as much as
    the file, and gives it back under pressure. Drivers take address space as private memory, by hundreds of gigabytes.
    """
    if sys.platform != "linux":
        return
    import resource

    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("500", "ascii")
    if not devices:
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_DATA, (total, total))


def _hold_to_files(readable: Iterable[str], writable: str) -> bool:
    """Whether the kernel holds us to these files."""
    if not landlock.version():
        return False
    if writable:
        with contextlib.suppress(OSError):
            Path(writable).mkdir(parents=True, exist_ok=True, mode=0o700)
    allowed = [(path, landlock.READ) for path in (*_LIBRARIES, *_FACTS, *_ours(), *readable)]
    allowed += [(path, landlock.WRITE) for path in (os.devnull, writable)]
    try:
        landlock.restrict(allowed)
    except OSError as problem:
        sys.stderr.write(f"not held to its files: {problem}\n")
        return False
    return True


def _ours() -> Iterator[str]:
    """Where Python, its packages and this program are, in a checkout, an install and a frozen build."""
    yield from {sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix}
    yield sys.executable  # a frozen build keeps its modules in it
    yield str(Path(__file__).resolve().parents[1])
    # All that is imported from, but the current folder, which is on the path too and may be the writer's.
    here = ""
    with contextlib.suppress(OSError):  # a folder that is gone
        here = str(Path.cwd())
    yield from (each for each in sys.path if each and os.path.realpath(each) != here)
    yield from filter(None, os.environ.get("LD_LIBRARY_PATH", "").split(":"))


def _give_up_privileges() -> None:
    import ctypes

    ctypes.CDLL(None).prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)


def _is_alone() -> bool:
    """Whether there is one thread; others that are there already would not be held to their files."""
    try:
        return len(list(Path("/proc/self/task").iterdir())) == 1
    except OSError:
        return False


def _wake_devices() -> None:
    """Let NVIDIA's helper load the kernel's part of CUDA, which a driver could not start from inside.

    What libcuda itself would call where the device is not there yet. No such machine was at hand.
    """
    helper = shutil.which("nvidia-modprobe")
    if helper and not Path("/dev/nvidia-uvm").exists():
        with contextlib.suppress(OSError, subprocess.SubprocessError):
            subprocess.run([helper, "-c", "0", "-u"], capture_output=True, timeout=5, check=False)


def _parts(model: str) -> list[Path]:
    path = Path(model)
    if found := _PART.fullmatch(path.name):
        count = int(found[2])
        names = (f"{found[1]}-{n:05}-of-{count:05}.gguf" for n in range(1, min(count, 1_000) + 1))
        return [path.with_name(name) for name in names]
    return [path]


def _is_inside(path: Path, folder: str) -> bool:
    """Whether the file itself is in the folder, not only a link to it."""
    with contextlib.suppress(OSError, ValueError, RuntimeError):
        return path.resolve().is_relative_to(Path(folder).resolve())
    return False


def _known(paths: Sequence[str | Path]) -> Iterator[tuple[str, int]]:
    for path in paths:
        with contextlib.suppress(OSError, ValueError, RuntimeError):
            real = Path(path).resolve(strict=True)
            yield str(real), real.stat().st_ino
