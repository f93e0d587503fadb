"""A pattern as an automaton: all its matches are followed side by side, a character at a time.

Thompson's construction, run as Pike does, so no pattern takes more than linear time. Patterns are read by
the parser of ``re``; what can only be found by going back (look-around, backreferences) is refused.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

# Private, but the only parser there is for what `re` understands.
from re import _compiler, _constants, _parser  # type: ignore[attr-defined]
from typing import Any, TypeAlias

from writer_app.errors import N_, BadBan

#: Characters one entry may match, and so may hold back; more than a sentence is no phrase.
LONGEST = 200
#: States of one pattern, about one for each character of a list of a thousand words.
_MOST_STATES = 10_000

# A guard says whether a place between two characters is of a kind. Beyond the ends of the text is "".
# While it is not known what follows (None), a guard says yes only where nothing could change that.
_Guard: TypeAlias = Callable[[str, str | None], bool]


def _is_w(character: str) -> bool:
    return character.isalnum() or character == "_"


_GUARDS: dict[object, _Guard] = {
    _constants.AT_BEGINNING: lambda before, after: before in ("", "\n"),
    _constants.AT_END: lambda before, after: after in ("", "\n"),
    _constants.AT_BOUNDARY: lambda b, after: after is not None and _is_w(b) != _is_w(after),
    _constants.AT_NON_BOUNDARY: lambda b, after: after is not None and _is_w(b) == _is_w(after),
}


@dataclass(frozen=True, eq=False, slots=True)
class State:
    """Reads a character that passes ``test``, waits at a ``guard``, accepts an ``entry``, or forks."""

    then: tuple["State", ...] = ()
    test: Callable[[str], object] | None = None
    guard: _Guard | None = None
    entry: str = ""


def closure(states: Iterable[State], before: str, after: str | None) -> set[State]:
    """What is reached from ``states`` without reading a character, forks left out."""
    found: set[State] = set()
    pending = list(states)
    while pending:
        state = pending.pop()
        if state not in found:
            found.add(state)
            if not state.test and (not state.guard or state.guard(before, after)):
                pending.extend(state.then)
    return {state for state in found if state.test or state.guard or state.entry}


def refused(entry: str, reason: str, detail: str = "") -> BadBan:
    """Why an entry cannot be banned."""
    return BadBan(entry=entry[:LONGEST], reason=reason, detail=detail)


_Tree: TypeAlias = Any  # the parser's, which has no types


class Automaton:
    """The states of one pattern, built from its end to its :attr:`start`. Raises :class:`BadBan`."""

    def __init__(self, entry: str) -> None:
        self._entry = entry
        self._size = 0
        try:
            tree = _parser.parse(entry[1:-1], re.IGNORECASE | re.MULTILINE)
            self._parsed = tree.state
            shortest, longest = tree.getwidth()
            if shortest == 0:
                raise refused(entry, N_("it matches the empty text"))
            if longest > LONGEST:
                raise refused(
                    entry,
                    N_("it may match more than 200 characters; give repeats an end, as in .{1,12}"),
                )
            self.start = self._sequence(tree, State(entry=entry))
        except (re.error, OverflowError, RecursionError) as error:
            reason = N_("its brackets, repeats or backslashes do not go together")
            raise refused(entry, reason, str(error)) from error

    def _sequence(self, tree: _Tree, then: State) -> State:
        for operation, argument in reversed(list(tree)):
            then = self._part(operation, argument, then)
        return then

    def _part(self, operation: _Tree, argument: _Tree, then: State) -> State:
        self._size += 1
        if self._size > _MOST_STATES:
            raise refused(self._entry, N_("it is too complicated"))
        match str(operation), argument:
            case (("LITERAL" | "NOT_LITERAL" | "IN" | "ANY"), _):
                one = _parser.SubPattern(self._parsed, [(operation, argument)])
                return State((then,), test=_compiler.compile(one).match)
            case "AT", place if place in _GUARDS:
                return State((then,), guard=_GUARDS[place])
            case "SUBPATTERN", (_, 0, 0, tree):
                return self._sequence(tree, then)
            case "BRANCH", (_, trees):
                return State(tuple(self._sequence(tree, then) for tree in trees))
            case (("MAX_REPEAT" | "MIN_REPEAT"), (least, most, tree)):
                return self._repeat(least, most, tree, then)
        raise refused(
            self._entry,
            N_(
                "only characters, classes, groups, |, repeats, ^, $, \\b and \\B can be followed "
                "while text is written"
            ),
        )

    def _repeat(self, least: int, most: int, tree: _Tree, then: State) -> State:
        if tree.getwidth()[1] == 0:  # it reads nothing, so saying it again says nothing new
            least, most = min(least, 1), min(most, 1)
        end = then
        for _ in range(most - least):
            then = State((self._sequence(tree, then), end))
        for _ in range(least):
            then = self._sequence(tree, then)
        return then
