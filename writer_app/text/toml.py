"""TOML that a stranger may have written: what would take all memory, or could not be written back, is no TOML here."""

import re
import tomllib
from typing import Any

from writer_app.errors import N_

#: Characters of a file; a project of 2,000 scenes has one million.
MOST = 16_000_000
#: Tables and lists in one another. Ours have four.
DEEPEST = 40
_KEY = r"""(?:[A-Za-z0-9_-]++|"[^"\n]*"|'[^'\n]*')"""
_SOME_KEY = re.compile(rf"(?<![\w.-]){_KEY}(?:[ \t]*\.[ \t]*{_KEY}){{64}}", re.ASCII)


class TooDeep(ValueError):
    """Its parts are nested too deep."""

    def __init__(self) -> None:
        super().__init__(N_("its parts are nested too deep"))


def parse(source: str) -> dict[str, Any]:
    """What ``source`` says.

    Raises:
        ValueError: It is not TOML, or too large; :class:`TooDeep`.
    """
    if len(source) > MOST:
        raise ValueError(N_("it is larger than any such file"))
    # ``a.a.a`` and so on takes memory by the square of its length. Texts have dots too, but not as many.
    if _SOME_KEY.search(source):
        raise TooDeep
    try:
        found = tomllib.loads(source)
    except RecursionError as problem:
        raise TooDeep from problem
    level: list[Any] = [found]
    for _depth in range(DEEPEST):
        parts = (each.values() if isinstance(each, dict) else each for each in level)
        level = [inner for part in parts for inner in part if isinstance(inner, dict | list)]
        if not level:
            return found
    raise TooDeep
