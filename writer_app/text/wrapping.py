"""Lines that only a margin had parted: text pasted from a mail, a terminal or a printed page."""

import re

from writer_app.text.layout import CLOSED, HAN, SPACES, Kind, Line, neighbours

_WIDE = re.compile(f"[{HAN}\u3000-\u303f\uff00-\uffef]")
#: As wide as a Han character where it stands among such.
_WIDE_THERE = re.compile(f"[{HAN}\u3000-\u303f\uff00-\uffef“”‘’—…─]")
_SHARED = "“”‘’—…─"
_ITEM = re.compile(
    r"[\s\u3000]*(?:[一二三四五六七八九十百\d]{1,4}[、．]|[（(][一二三四五六七八九十\d]{1,4}[）)]|[①-⑳•●○◆■□▪—–-])"
)
_FIRST_HALF = re.compile(r"([^\W\d_]{1,38})-$")
_OTHER_HALF = re.compile(r"(?=[a-zà-ÿ])[^\W\d_]{1,40}")
_LONGEST_WRAPPED = 120
_SHORTEST_WRAPPED = 40
_NO_HYPHEN = "\b"


def joined(lines: list[Line], known: frozenset[str] = frozenset()) -> list[Line]:
    """Lines with those put together that only a margin had parted.

    Args:
        lines: As :func:`lines_of` returns them.
        known: Words of the manuscript in lower case, which tell a hyphen of a word from one of a margin.
    """
    margin = _margin(lines)
    result: list[Line] = []
    pieces: list[str] = []
    for at, line in enumerate(lines):
        if pieces and _continues(lines[at - 1], line, margin):
            pieces.append(_seam(lines[at - 1].text, line.text, known))
            if pieces[-1] == _NO_HYPHEN:
                pieces[-2:] = [pieces[-2][:-1]]
            pieces.append(line.text.lstrip(SPACES))
            continue
        if pieces:
            result.append(Line("".join(pieces), lines[at - 1].kind))
            pieces = []
        if line.kind is Kind.PLAIN:
            pieces = [line.text]
        else:
            result.append(line)
    if pieces:
        result.append(Line("".join(pieces), Kind.PLAIN))
    return result


def _width(line: str) -> int:
    line = line.rstrip(SPACES)
    if len(line) > _LONGEST_WRAPPED:
        return len(line)
    wide = len(_WIDE.findall(line))
    return len(line) + (len(_WIDE_THERE.findall(line)) if wide else 0)


def _margin(lines: list[Line]) -> int:
    """The width at which a text was wrapped; 0 where it was not."""
    pairs = list(neighbours(lines))
    widths = sorted(_width(one.text) for one, _other in pairs)
    if len(widths) < 3:
        return 0
    widest = widths[-1] if len(widths) < 50 else widths[int(len(widths) * 0.98)]
    if not _SHORTEST_WRAPPED <= widest <= _LONGEST_WRAPPED:
        return 0
    full = sum(_is_full(one.text, other.text, widest) for one, other in pairs)
    ended = sum(bool(CLOSED.search(one.text)) for one, _other in pairs)
    capitals = sum(other.text.lstrip()[:1].isupper() for _one, other in pairs)
    wrapped = full >= 0.7 * len(pairs) and ended < 0.4 * len(pairs) and capitals < 0.5 * len(pairs)
    return widest if wrapped else 0


def _is_full(one: str, other: str, margin: int) -> bool:
    """Whether the first word of ``other`` had no room behind ``one``."""
    bare = other.lstrip(SPACES)
    if _WIDE.match(bare.lstrip(_SHARED)):
        # A mark that may not begin a line takes a character with it.
        return _width(one) > margin - 5
    return _width(one) + 1 + len(bare.split(maxsplit=1)[0]) > margin


def _continues(one: Line, other: Line, margin: int) -> bool:
    """Whether ``other`` is the same paragraph as ``one``, parted from it by a margin."""
    if one.kind is not Kind.PLAIN or other.kind is not Kind.PLAIN:
        return False
    first, second = one.text, other.text
    if first.endswith(("  ", "\\")) or second.startswith(("  ", "\t", "\u3000")):
        return False
    second = second.lstrip()
    if _ITEM.match(second) and not second.startswith(("—", "--")):
        return False
    if margin and _is_full(first, second, margin):
        return True
    if _WIDE.match(first[-1:]):
        torn = first[-1] in "，、；" or bool(re.match(f"[{HAN}]", first[-1]))
        return torn and _width(first) >= _SHORTEST_WRAPPED and bool(re.match(f"[{HAN}]", second))
    torn = first[-1:] == "," or (first[-1:].isalpha() and first[-1:].islower())
    return torn and len(first) >= 60 and second[:1].islower()


def _seam(one: str, other: str, known: frozenset[str]) -> str:
    """What stands between two lines that become one; :data:`_NO_HYPHEN` takes a hyphen away."""
    one, other = one.rstrip(SPACES), other.lstrip(SPACES)
    if _WIDE.match(one[-1:]) or _WIDE.match(other[:1]):
        return ""
    if _WIDE.match(one.rstrip(_SHARED)[-1:]) and _WIDE.match(other.lstrip(_SHARED)[:1]):
        return ""
    if one.endswith(("—", "--")) or other.startswith(("—", "--")):
        return ""
    left, right = _FIRST_HALF.search(one[-40:]), _OTHER_HALF.match(other)
    if left and right:
        return _NO_HYPHEN if (left[1] + right[0]).lower() in known else ""
    return " "
