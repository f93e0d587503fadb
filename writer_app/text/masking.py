"""What of a Markdown text is no prose, taken out of the way of a rule and put back untouched.

Each stretch of code, each address, comment, table and so on becomes one character that the text does not have
otherwise, so that a rule sees what stands around it. The rule may move such a character but not lose it.
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

#: Every pattern either cannot run on past its own kind of end or takes the rest of the text with it, so that a
#: text that opens and never closes costs no more than another one.
_FRONT_MATTER = re.compile(
    r"\A---[ \t]*\n(?=[A-Za-z_][\w \-]{0,60}:)(?:[^\n]*\n){1,200}?(?:---|\.\.\.)[ \t]*(?=\n|\Z)"
)
_FENCE = re.compile(
    r"^[ \t>]{0,40}(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?(?:(?P<ticks>`{3,})[^`\n]*|(?P<waves>~{3,})[^\n]*)$"
    r"(?:[\s\S]*?\n[ \t>]{0,40}(?:(?(ticks)(?P=ticks)`*|(?P=waves)~*))[ \t]*$|[\s\S]*\Z)",
    re.MULTILINE,
)
_COMMENT = re.compile(r"<!--[\s\S]*?(?:-->|\Z)")
_ELEMENT = re.compile(
    r"<(pre|script|style|table|svg|math|code)\b[\s\S]*?(?:</\1\s{0,9}>|\Z)", re.IGNORECASE
)
_FORMULA = re.compile(r"\$\$[^$]{1,2000}\$\$")
_CODE = re.compile(
    r"(?<!`)(`{1,9})(?!`)(?:[^`\n]|\n(?![ \t]*(?:\n|\Z))|(?!(?<!`)\1(?!`))`){1,2000}(?<!`)\1(?!`)"
)
_TABLE = re.compile(
    r"^(?=[^\n]*\|)[^\n]*\n(?=[^\n]*-)(?=[^\n]*[|:])[ \t|:>\-]+$(?:\n(?=[^\n]*\|)[^\n]*$)*|^[ \t]*\|[^\n]*$",
    re.MULTILINE,
)
_DEFINITION = re.compile(r"^ {0,3}\[(?!\^)[^\]\n]{1,300}\]:[^\n]*$", re.MULTILINE)
_TARGET = re.compile(
    r"(?<=\])\((?:<[^<>\n]{0,2000}>|[^()\n]{0,2000}(?:\([^()\n]{0,500}\)[^()\n]{0,500}){0,4})"
    r"(?:[ \t]+\"[^\"\n]{0,500}\"[ \t]*)?\)"
)
_REFERENCE = re.compile(
    r"(?<=\])\[[^\[\]\n]{0,300}\]|\[\^[^\[\]\s]{1,100}\]:?|\[\[[^\[\]\n]{1,300}\]\]"
)
_TAG = re.compile(r"<[A-Za-z/][^<>\n]{0,2000}>")
_ADDRESS = re.compile(
    r"(?<![A-Za-z0-9])(?:[A-Za-z][A-Za-z0-9+.\-]{1,31}://|mailto:|www\.)"
    r"[^\s<>\"“”‘’「」『』（）【】《》，。、；：！？]{1,2000}(?<![.,;:!?'*_~)\]])"
)
_MAIL = re.compile(
    r"(?<![\w.+\-])[A-Za-z0-9][\w.+\-]{0,63}@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){1,8}"
)
_ESCAPE = re.compile(r"\\[!-/:-@\[-`{-~]")

#: In this order; each with what it cannot do without, because looking for that is much faster.
_PATTERNS = (
    ("---", _FRONT_MATTER),
    ("```", _FENCE),
    ("~~~", _FENCE),
    ("<!--", _COMMENT),
    ("</", _ELEMENT),
    ("$$", _FORMULA),
    ("`", _CODE),
    ("|", _TABLE),
    ("]:", _DEFINITION),
    ("](", _TARGET),
    ("[", _REFERENCE),
    ("<", _TAG),
    ("://", _ADDRESS),
    ("www.", _ADDRESS),
    ("mailto:", _ADDRESS),
    ("@", _MAIL),
    ("\\", _ESCAPE),
)
#: Stand-ins come from the area that is for private use.
_PRIVATE = range(0xE000, 0xF8FF)


class Masked(NamedTuple):
    """A text with stand-ins.

    Attributes:
        text: With one character in the place of each stretch that was taken out.
        taken: For each kind in the order of taking out: its stand-in, and the stretches in order.
    """

    text: str
    taken: tuple[tuple[str, list[str]], ...]

    def restored(self, text: str) -> str:
        """``text`` with everything back in its place."""
        for stand_in, stretches in reversed(self.taken):
            pieces = text.split(stand_in)
            assert len(pieces) == len(stretches) + 1, (
                "a rule lost or doubled what it must not touch"
            )
            text = "".join(
                piece + kept for piece, kept in zip(pieces, [*stretches, ""], strict=True)
            )
        return text


def masked(text: str) -> Masked:
    """``text`` without what is no prose."""
    free = _free(text)
    taken: list[tuple[str, list[str]]] = []
    for needle, pattern in _PATTERNS:
        if needle not in text:
            continue
        stand_in, stretches = next(free), list[str]()

        def take(found: re.Match[str], here: str = stand_in, into: list[str] = stretches) -> str:
            into.append(found[0])
            return here

        text = pattern.sub(take, text)
        if stretches:
            taken.append((stand_in, stretches))
    return Masked(text, tuple(taken))


def in_prose(text: str, rule: Callable[[str], str]) -> str:
    """``text`` after ``rule``, which sees the stand-ins of what it must leave alone."""
    hidden = masked(text)
    return hidden.restored(rule(hidden.text))


def _free(text: str) -> Iterator[str]:
    return (chr(code) for code in _PRIVATE if chr(code) not in text)
