"""Names that strangers give to files: which may be written here, and which files are parts of one model.

What is refused on any system is refused on all, because a folder of models is copied and synchronised.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from writer_app.errors import N_, NameRefused

SUFFIX = ".gguf"
#: Bytes of a name. Most systems allow 255, and what is not complete yet has a longer one.
LONGEST = 200
_PART = re.compile(r"(?P<stem>.+)-(?P<number>\d{5})-of-(?P<count>\d{5})\.gguf", re.IGNORECASE)
#: More parts than any model has.
_MOST_PARTS = 1_000
#: Devices of Windows, with any ending.
_DEVICES = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])", re.IGNORECASE)
_FORBIDDEN = frozenset('<>:"/\\|?*')
#: Control characters, invisible ones such as those that turn the direction of writing, halves of characters,
#: and line breaks of their own kind.
_HIDDEN = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))


class Part(NamedTuple):
    """Which of several files of one model a name stands for; ``number`` counts from 1."""

    stem: str
    number: int
    of: int


def checked(name: str) -> str:
    """``name``, if a model may be called that in its folder.

    Raises:
        NameRefused: Why not.
    """
    reason = _objection(name) or _no_model(name)
    if reason:
        raise NameRefused(name=shown(name), reason=reason)
    return name


def last_of(path: str) -> str:
    """The file's own name of a path in a repository.

    Raises:
        NameRefused: The path leads somewhere else, or one of its names may not be written.
    """
    *folders, name = path.split("/")
    for each in folders:
        if reason := _objection(each):
            raise NameRefused(name=shown(path), reason=reason)
    return checked(name)


def shown(name: str) -> str:
    """A refused name so that a person can read it and nothing in it is hidden."""
    plain = "".join(
        f"\\u{ord(each):04x}" if unicodedata.category(each) in _HIDDEN else each
        for each in name[:120]
    )
    return plain + ("…" if len(name) > 120 else "")


def part_of(name: str) -> Part | None:
    """Which part a file is, by a name such as ``model-00002-of-00003.gguf``; ``None`` for a whole model."""
    found = _PART.fullmatch(name)
    if not found:
        return None
    part = Part(found["stem"], int(found["number"]), int(found["count"]))
    return part if 1 <= part.number <= part.of <= _MOST_PARTS else None


def part_name(stem: str, number: int, count: int) -> str:
    """The name of a part, as llama.cpp looks for it."""
    return f"{stem}-{number:05}-of-{count:05}{SUFFIX}"


def whole(paths: Iterable[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The models among ``paths``, each with its name and its files in order; split ones only if complete."""
    groups: dict[tuple[str, str, int], dict[int, str]] = {}
    for path in paths:
        folder, slash, name = path.rpartition("/")
        part = part_of(name)
        if part is None:
            yield path, (path,)
        else:
            groups.setdefault((folder + slash, part.stem, part.of), {})[part.number] = path
    for (folder, stem, count), parts in groups.items():
        if len(parts) == count:
            yield f"{folder}{stem}{SUFFIX}", tuple(parts[at] for at in range(1, count + 1))


def _objection(name: str) -> str:
    """Why no file or folder may have this name, to be translated; empty if it may."""
    if not name.strip(". "):
        return N_("it leads out of the folder")
    if name.startswith((".", "~")):
        return N_("it begins with a dot or a tilde")
    if name.endswith((".", " ")):
        return N_("it ends with a dot or a space")
    if any(unicodedata.category(each) in _HIDDEN for each in name):
        return N_("it has hidden characters")
    if _FORBIDDEN & set(name):
        return N_("it has characters that no name may have on Windows")
    if _DEVICES.fullmatch(name.partition(".")[0].rstrip()):
        return N_("it is the name of a device on Windows")
    if len(name.encode()) > LONGEST:
        return N_("it is too long")
    return ""


def _no_model(name: str) -> str:
    return "" if name.lower().endswith(SUFFIX) else N_("it is no model file in GGUF format")
