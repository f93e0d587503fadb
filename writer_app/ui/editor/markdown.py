"""What a line of Markdown is and which stretches of it mean something. Pure: no Qt, code points only.

It reads one line at a time, because that is what changes when a key is pressed; what reaches over lines
(fenced code, comments) travels in a small :class:`State`. It is meant for showing, not for publishing,
and lenient where CommonMark is hard on Chinese: ``他*很*好。`` is emphasis here, without spaces.
"""

import re
from dataclasses import dataclass
from enum import Enum, IntEnum, auto
from typing import NamedTuple

#: Longer lines are shown plain: no one can oversee them, and looking for pairs would cost every key.
LONGEST_LINE = 20_000


class State(IntEnum):
    """What is open at the end of a line."""

    TEXT = 0
    BACKTICKS = 1
    TILDES = 2
    COMMENT = 3


class Kind(Enum):
    """What a line is; decides how the paragraph is set."""

    BODY = auto()
    FLUSH = auto()  # a paragraph that brings its own indent (　　)
    BLANK = auto()
    HEADING = auto()
    QUOTE = auto()
    LIST = auto()
    BREAK = auto()
    CODE = auto()
    COMMENT = auto()


class Role(Enum):
    """What a stretch of a line is; decides how its characters look."""

    MARK = auto()
    HEADING = auto()
    EMPHASIS = auto()
    STRONG = auto()
    BOTH = auto()
    STRUCK = auto()
    CODE = auto()
    LINK = auto()
    FOOTNOTE = auto()
    QUOTE = auto()
    COMMENT = auto()


class Span(NamedTuple):
    """A half-open stretch of a line, in code points of that line."""

    start: int
    end: int
    role: Role


@dataclass(frozen=True)
class Line:
    """One line as read.

    Attributes:
        level: 1 to 6 for a heading, else 0.
        state: What is open behind this line.
    """

    kind: Kind
    level: int = 0
    state: State = State.TEXT
    spans: tuple[Span, ...] = ()


class _Inline(NamedTuple):
    """A pair of marks around something: groups 1 and 3 are the marks, 2 is what they mean."""

    role: Role
    pattern: re.Pattern[str]
    opaque: bool = False


def _pair(mark: str, role: Role, *, word: bool = False) -> _Inline:
    """Marks that hug their content; ``word`` ones do not count inside Latin words (snake_case)."""
    letter = re.escape(mark[0])
    near = "[A-Za-z0-9_]" if word else letter
    # No content may hold the closing mark itself, so that a line full of marks is read in linear time.
    inside = rf"[^{letter}]" if len(mark) == 1 else rf"(?:[^{letter}]|{letter}(?!{letter}))"
    body = rf"(?![\s{letter}])({inside}{{1,2000}})(?<![\s{letter}])"
    mark = re.escape(mark)
    return _Inline(role, re.compile(rf"(?<!{near})({mark}){body}({mark})(?!{near})"))


_INLINE = (
    _Inline(Role.CODE, re.compile(r"(?<!`)(`{1,8})(?!`)(.{1,2000}?)(?<!`)(\1)(?!`)"), opaque=True),
    _Inline(Role.FOOTNOTE, re.compile(r"()(\[\^[^\]\s]{1,60}\]:?)()"), opaque=True),
    _Inline(
        Role.LINK, re.compile(r"(!?\[)([^\[\]]{1,500})(\]\([^()\s]{0,500}(?: +\"[^\"]*\")?\))")
    ),
    _Inline(Role.LINK, re.compile(r"(<)((?:https?://|mailto:)[^<>\s]{1,500})(>)"), opaque=True),
    _pair("***", Role.BOTH),
    _pair("___", Role.BOTH, word=True),
    _pair("**", Role.STRONG),
    _pair("__", Role.STRONG, word=True),
    _pair("*", Role.EMPHASIS),
    _pair("_", Role.EMPHASIS, word=True),
    _pair("~~", Role.STRUCK),
)
_ESCAPE = re.compile(r"\\[!-/:-@\[-`{-~]")
_FENCE = re.compile(r" {0,3}(`{3,}(?=[^`]*$)|~{3,})")
_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+|$)(.*?)([ \t]+#+[ \t]*)?$")
_BREAK = re.compile(r"[ \t\u3000]*(?:([-*_＊])[ \t\u3000]*(?:\1[ \t\u3000]*){2,}|⁂[ \t\u3000]*)$")
_QUOTE = re.compile(r" {0,3}>(?: ?>)* ?")
_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+")
_SOME_MARK = re.compile(r"[*_`\[~<\\]")
_HIDDEN = "\0"  # stands in the place of what is already read


def read_line(text: str, state: State = State.TEXT, *, goes_on: bool = False) -> Line:
    """Read one line (without its newline) that begins in ``state``.

    With ``goes_on`` it is the next piece of a line too long to be shown whole: its first characters do not
    make it a heading or the like.
    """
    if state in (State.BACKTICKS, State.TILDES):
        return Line(Kind.CODE, 0, state) if goes_on else _in_fence(text, state)
    if state is State.TEXT and not goes_on:
        if not text or text.isspace():
            return Line(Kind.BLANK)
        opening = _FENCE.match(text)
        if opening:
            inside = State.TILDES if opening[1][0] == "~" else State.BACKTICKS
            return Line(Kind.CODE, 0, inside, (Span(0, len(text), Role.MARK),))
    if len(text) > LONGEST_LINE:
        return Line(Kind.FLUSH if goes_on else Kind.BODY, state=state)
    comments, text, after = _comments(text, state)
    if comments and not text.strip(_HIDDEN + " \t"):
        return Line(Kind.COMMENT, 0, after, comments)
    kind, level, spans, start = (Kind.FLUSH, 0, (), 0) if goes_on else _beginning(text)
    if kind is not Kind.BREAK:
        spans += _inline(text, start)
    return Line(kind, level, after, (*spans, *comments))


def _in_fence(text: str, state: State) -> Line:
    closing = _FENCE.match(text)
    fence = "~" if state is State.TILDES else "`"
    if closing and closing[1][0] == fence and not text[closing.end() :].strip():
        return Line(Kind.CODE, 0, State.TEXT, (Span(0, len(text), Role.MARK),))
    return Line(Kind.CODE, 0, state, (Span(0, len(text), Role.CODE),) if text else ())


def _comments(text: str, state: State) -> tuple[tuple[Span, ...], str, State]:
    """Comments of a line, the line without them (same length), and whether one stays open."""
    spans = []
    begin = 0 if state is State.COMMENT else text.find("<!--")
    while begin >= 0:
        end = text.find("-->", begin)
        closed = end >= 0
        end = end + 3 if closed else len(text)
        spans.append(Span(begin, end, Role.COMMENT))
        text = text[:begin] + _HIDDEN * (end - begin) + text[end:]
        if not closed:
            return tuple(spans), text, State.COMMENT
        begin = text.find("<!--", end)
    return tuple(spans), text, State.TEXT


def _beginning(text: str) -> tuple[Kind, int, tuple[Span, ...], int]:
    """What the first characters make of the line: kind, level, spans, and where its words begin."""
    first = text.lstrip()[:1]
    if first == "#" and (found := _HEADING.match(text)):
        spans = [Span(found.start(1), found.start(2), Role.MARK)]
        spans.append(Span(found.start(1), len(text), Role.HEADING))
        if found[3]:
            spans.append(Span(*found.span(3), Role.MARK))
        return Kind.HEADING, len(found[1]), tuple(spans), found.start(2)
    if first and first in "-*_＊⁂" and _BREAK.match(text):
        return Kind.BREAK, 0, (Span(0, len(text), Role.MARK),), len(text)
    if first == ">" and (found := _QUOTE.match(text)):
        marks = (Span(found.end(), len(text), Role.QUOTE), Span(0, found.end(), Role.MARK))
        return Kind.QUOTE, 0, marks, found.end()
    if first and (first in "-*+" or first.isdecimal()) and (found := _ITEM.match(text)):
        return Kind.LIST, 0, (Span(0, found.end(), Role.MARK),), found.end()
    kind = Kind.FLUSH if text[:1] in ("\u3000", " ", "\t") else Kind.BODY
    return kind, 0, (), 0


def _inline(text: str, start: int) -> tuple[Span, ...]:
    if not _SOME_MARK.search(text, start):
        return ()
    text = _HIDDEN * start + _ESCAPE.sub(_HIDDEN * 2, text[start:])
    spans: list[Span] = []
    for rule in _INLINE:
        for found in rule.pattern.finditer(text):
            spans.append(Span(*found.span(2), rule.role))
            for group in (1, 3):
                if found[group]:
                    spans.append(Span(*found.span(group), Role.MARK))
            text = _hide(text, found, whole=rule.opaque)
    return tuple(spans)


def _hide(text: str, found: re.Match[str], *, whole: bool) -> str:
    """``text`` with the marks of a match, or all of it, taken out of the sight of later rules."""
    parts = (found.span(),) if whole else (found.span(1), found.span(3))
    for begin, end in parts:
        text = text[:begin] + _HIDDEN * (end - begin) + text[end:]
    return text
