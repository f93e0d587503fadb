"""Which variant of llama.cpp's processor code serves here, and what this machine has been found to bear.

A build for many processors (``GGML_CPU_ALL_VARIANTS``) brings one library for each generation of them. Each
says by a score how much of this processor it would use, 0 where it cannot run. A score believes what the
processor announces, and some virtual machines announce instructions (AMX) that kill the process at their
first use. So the best variant is tried in the engine child, whose death costs nothing; what died is written
down here and the next lower one is tried. A build without variants has nothing to choose.
"""

import contextlib
import os
import platform
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import msgspec

from writer_app.assets import private
from writer_app.errors import EngineDied, EngineStalled

#: Models that are remembered to have crashed.
_MOST_CRASHED = 20
_FIRST = "ggml-cpu-"
_ENDINGS = {".so", ".dll"}  # macOS too: these libraries are modules there, not .dylib
_DRIVERS = ("cuda", "hip", "musa", "metal", "vulkan", "sycl", "opencl")
#: Lines of /proc/cpuinfo that name a processor, on Intel and AMD and on ARM.
_NAMING = ("model name", "CPU implementer", "CPU part")


def variants(folder: Path) -> dict[str, Path]:
    """The variants whose libraries lie in ``folder``, by name (``haswell``, ``armv8.2_1``); maybe none."""
    found = {}
    for path in sorted(folder.glob(f"*{_FIRST}*")):
        name = path.stem.removeprefix("lib")
        if name.startswith(_FIRST) and path.suffix in _ENDINGS:
            found[name.removeprefix(_FIRST)] = path
    return found


def drivers(folder: Path) -> list[Path]:
    """The libraries for graphics processors in ``folder``."""
    paths = sorted(folder.glob("*ggml-*"))
    return [
        path for path in paths if path.stem.removeprefix("lib").removeprefix("ggml-") in _DRIVERS
    ]


def best(scores: Mapping[str, int], avoid: Collection[str]) -> str:
    """The variant with the highest score that is not to be avoided; empty where none is left."""
    fitting = [name for name, score in scores.items() if score > 0 and name not in avoid]
    return max(fitting, key=lambda name: (scores[name], name), default="")


def here() -> str:
    """This processor and this llama.cpp: what was found out holds for them only."""
    try:
        library = version("llama-cpp-python")
    except PackageNotFoundError:  # a build that leaves out what packages say of themselves
        library = "?"
    return f"{_processor()}, llama-cpp-python {library}"


def _processor() -> str:
    with contextlib.suppress(OSError):
        lines = Path("/proc/cpuinfo").read_text("utf-8", "replace").splitlines()
        pairs = (line.partition(":") for line in lines)
        named = {key.strip(): value.strip() for key, _colon, value in pairs}
        if found := " ".join(named[key] for key in _NAMING if key in named):
            return found
    return platform.processor() or platform.machine()


class Found(msgspec.Struct):
    """What was found out on one machine.

    Attributes:
        died: Variants that killed the child.
        served: Variants that have computed something.
        graphics: Why the graphics processor is left alone; empty: it is not.
        crashed: Models that ended the child when they were loaded, each with size and time of its file.
    """

    died: tuple[str, ...] = ()
    served: tuple[str, ...] = ()
    graphics: str = ""
    crashed: tuple[str, ...] = ()


class Tried:
    """What was found out here, in a small file over restarts.

    A convenience: an unreadable file is an empty one, and a disk that refuses costs only another try.

    Args:
        path: The file; ``None`` remembers nothing over a restart.
        key: The machine; see :func:`here`.
    """

    def __init__(self, path: Path | None = None, key: str = "") -> None:
        self._path = path
        self._key = key or here()
        self.found = self._read().get(self._key, Found())

    def note_death(self, variant: str) -> bool:
        """The child died of this variant; false where that was known already."""
        if variant in self.found.died:
            return False
        self.found.died += (variant,)
        self.found.served = tuple(each for each in self.found.served if each != variant)
        return True

    def note_service(self, variant: str) -> None:
        """This variant has computed something."""
        if variant and variant not in self.found.served:
            self.found.served += (variant,)
            self.save()

    @contextlib.contextmanager
    def loading(self, model: str, was_ended: Callable[[], bool]) -> Iterator[None]:
        """Write down that a model is being loaded, until that comes to any end but the death of the child.

        Before it is loaded, not after: the machine may go down with it.

        Args:
            model: Its file.
            was_ended: Whether we have ended the child ourselves.
        """
        name = _identity(model)
        self._set_crashed((*self._others(name)[-_MOST_CRASHED:], name))
        has_crashed = False
        try:
            yield
        except (EngineDied, EngineStalled):
            has_crashed = not was_ended()
            raise
        finally:
            if not has_crashed:
                self._set_crashed(self._others(name))

    def has_crashed(self, model: str) -> bool:
        """Whether this very file was being loaded when the child died, or when nobody was left to write more."""
        return _identity(model) in self.found.crashed

    def _others(self, name: str) -> tuple[str, ...]:
        """The other models that crashed; another program of ours may have found out meanwhile."""
        found = self._read().get(self._key, self.found)
        return tuple(each for each in found.crashed if each != name)

    def _set_crashed(self, names: tuple[str, ...]) -> None:
        self.found.crashed = names
        self.save()

    def save(self) -> None:
        """Write it down, for this user only; what was found on other machines stays."""
        if self._path is None:
            return
        with contextlib.suppress(OSError):
            private(self._path.parent)
            everything = self._read() | {self._key: self.found}
            with _replacing(self._path) as half:
                half.write_bytes(msgspec.json.format(msgspec.json.encode(everything)))

    def _read(self) -> dict[str, Found]:
        if self._path is not None:
            with contextlib.suppress(OSError, msgspec.MsgspecError, UnicodeDecodeError):
                return msgspec.json.decode(self._path.read_bytes(), type=dict[str, Found])
        return {}


def _identity(model: str) -> str:
    """A file, and which version of it: one that was fetched again is another."""
    try:
        status = Path(model).stat()
    except (OSError, ValueError):
        return model
    return f"{model} {status.st_size} {status.st_mtime_ns}"


@contextlib.contextmanager
def _replacing(path: Path) -> Iterator[Path]:
    """A new file, readable by its owner only, that takes the place of ``path`` when it is complete."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    os.close(handle)
    try:
        yield Path(name)
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)
