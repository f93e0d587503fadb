"""Holding what a next start finds against what was said: the judge of all faults.

A subject *says* what it is about to do and what it was promised, while it may die or be refused something at any
moment; whoever looks at its folder afterwards compares.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from writer_app.errors import WriterError

#: ``say(kind, text)``; kinds are those of :func:`allowed`, and ``"told"``: a sentence shown to the writer.
Say = Callable[[str, str], None]


class Said(NamedTuple):
    """One thing that was said; see :data:`Say`."""

    kind: str
    text: str


class Subject(NamedTuple):
    """One operation.

    Attributes:
        prepare: Makes the old state in a folder; returns what is then done to it.
        found: The text (or value) that a next start finds there.
        litter: Patterns of files that no error may leave behind.
    """

    prepare: Callable[[Path], Callable[[Say], None]]
    found: Callable[[Path], str]
    litter: tuple[str, ...] = ()


def allowed(said: Sequence[Said], *, power_cut: bool = False) -> set[str]:
    """What may be found: what was ``held`` last, and every text that ``may`` be there since.

    ``held`` was promised to be safe, ``done`` is only over: a power cut may bring back what was before.
    """
    texts: set[str] = set()
    for kind, text in said:
        if kind == "held" or (kind == "done" and not power_cut):
            texts = {text}
        elif kind in ("may", "done"):
            texts.add(text)
    return texts


def judge(subject: Subject, folder: Path, said: Sequence[Said], *, power_cut: bool = False) -> str:
    """What is wrong in ``folder``, in a few words; empty when a next start finds what it should."""
    try:
        found = subject.found(folder)
    except (WriterError, OSError) as error:
        return f"a next start fails: {error!r}"
    right = allowed(said, power_cut=power_cut)
    if found in right:
        return ""
    ends = [text[-20:] for text in right]
    return f"found {len(found)} characters, …{found[-20:]!r}, instead of …{ends}"


def littered(subject: Subject, folder: Path) -> list[str]:
    """Names of files that an error has left behind."""
    return [path.name for pattern in subject.litter for path in folder.glob(pattern)]
