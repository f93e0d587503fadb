"""What can be told of a failure without a word of the writer's: for logs, and for reports that she may send.

Names of files and functions of ours, line numbers, kinds of errors. Not what an exception says, because it may
quote her text, not values of variables, and no folder's or document's name.
"""

import re
import traceback
from collections.abc import Iterable
from pathlib import PurePath
from types import TracebackType

from writer_app.errors import WriterError

#: Exceptions that one was raised from or while handling, at most.
_MOST_CAUSES = 5
_MOST_FRAMES = 40
#: So many characters in a row that the writer's text has too are taken to be hers; of a script that says more
#: with each, fewer.
_STRETCH, _STRETCH_WIDE = 14, 5
#: From where a path begins to its last folder; folders' names may have spaces and apostrophes in them.
_PATH = re.compile(
    r"(?<![\w.])(?:[A-Za-z]:[/\\]|~?/|\\\\)(?:(?:[^/\\:'\"“”<>|*?]|(?<=\w)'(?=\w))*[/\\])+"
)
#: As tracebacks name a source file.
_FILE = re.compile(r'File "([^"]+)"')
#: As tracebacks end: a kind of error, by its name or by its module's too, alone or in a group.
_SAID = re.compile(
    r"^([\s|]*(?:(?:[A-Za-z_][\w.]*\.)?[A-Z]\w*(?:Error|Exception|Interrupt|Exit|Warning|Iteration|Died)"
    r"|(?:[a-z_]\w*\.)+(?:[A-Z]\w*|error)|Exception)):? .*"
)
_LONGEST_LINE = 300


def told(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> str:
    """A traceback without messages and values, ending with the kind of error; several lines."""
    lines = _frames(trace)
    lines.append(_name(kind, error))
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    seen = {id(error)}
    while cause is not None and id(cause) not in seen and len(seen) <= _MOST_CAUSES:
        seen.add(id(cause))
        lines += ["because of:", *_frames(cause.__traceback__), _name(type(cause), cause)]
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return "\n".join(lines)


def in_program(path: str) -> str:
    """A source file as the program knows it (``writer_app/ui/bridge.py``), without the folders above."""
    parts = PurePath(path.replace("\\", "/")).parts
    for root in ("writer_app", "site-packages", "lib-dynload"):
        if root in parts:
            at = len(parts) - 1 - parts[::-1].index(root)
            return "/".join(parts[at + (root != "writer_app") :])
    return parts[-1] if parts else path


def scrubbed(lines: Iterable[str], private: Iterable[str] = ()) -> str:
    """Lines of a log without what is the writer's.

    Folders are left out of paths, messages out of exceptions, long lines are cut, and a line with a stretch of
    ``private`` text in it is left out as a whole.
    """
    texts = [" ".join(text.split()) for text in private]
    return "\n".join(_scrubbed(line, texts) for line in lines)


def _scrubbed(line: str, private: list[str]) -> str:
    if any(_shares(" ".join(line.split()), text) for text in private):
        return "[…]"
    line = _FILE.sub(lambda found: f'File "{in_program(found[1])}"', _SAID.sub(r"\1: […]", line))
    line = _PATH.sub(lambda found: "…/", line)
    return line if len(line) <= _LONGEST_LINE else line[:_LONGEST_LINE] + "…"


def _shares(line: str, text: str) -> bool:
    """Whether a stretch of the one is in the other."""
    if not text:
        return False
    length = _STRETCH if line.isascii() else _STRETCH_WIDE
    if length == _STRETCH_WIDE:
        # Of a mixed line, only stretches that are not all ASCII are so telling.
        short = (line[at : at + length] for at in range(len(line) - length + 1))
        if any(not piece.isascii() and piece in text for piece in short):
            return True
    return any(line[at : at + _STRETCH] in text for at in range(len(line) - _STRETCH + 1))


def _frames(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)[-_MOST_FRAMES:]
    return [f"  {in_program(each.filename)}:{each.lineno} in {each.name}" for each in frames]


def _name(kind: type[BaseException], error: BaseException) -> str:
    module = "" if kind.__module__ in ("builtins", "__main__") else kind.__module__ + "."
    if isinstance(error, WriterError):
        # The sentence as it is written, not filled in: what fills it may be a document's name.
        return f"{kind.__name__}: {error.sentence}"
    return module + kind.__qualname__
