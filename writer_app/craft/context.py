"""Which stretch of a manuscript the model reads.

The window over a long text starts at a paragraph and moves in large steps, so that consecutive requests
share a prefix and the engine finds most of it already read.
"""

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

#: Counts the tokens of each text. Asking costs a round trip, so callers ask for many texts at once.
CountTokens = Callable[[Sequence[str]], Sequence[int]]

#: A token is at least this long, in characters, in any language we know; used only to bound what is counted.
_LONGEST_TOKEN = 8
_PARAGRAPH = re.compile(r"\n\s*")


def window_start(
    text: str, caret: int, budget: int, count: CountTokens, previous: int | None = None
) -> int:
    """Where reading starts so that ``text[start:caret]`` takes at most ``budget`` tokens.

    Args:
        text: The manuscript.
        caret: Offset (code points) up to which is read.
        budget: Tokens, at least 1.
        count: Counts tokens.
        previous: Where the last window over this manuscript started; kept while its text still fits,
            else the window moves on so that only about half the budget is used, and then stays again.

    Returns:
        Offset in code points, at the start of a paragraph, else of a sentence, else anywhere that fits.
    """
    if (
        previous is not None
        and 0 <= previous <= caret
        and caret - previous <= budget * _LONGEST_TOKEN
    ):
        (tokens,) = count([text[previous:caret]])
        if tokens <= budget and (tokens > budget // 4 or previous == 0):
            return previous
    aim = budget if previous is None else max(1, budget // 2)
    floor = max(0, caret - budget * _LONGEST_TOKEN)
    starts = [floor] if floor == 0 else []
    # A start behind the last words would leave nothing to read.
    starts += [m.end() for m in _PARAGRAPH.finditer(text, floor, caret) if m.end() < caret]
    start = _earliest_that_fits(text, caret, starts, aim, count)
    if start is not None and start < caret:
        return start
    return _inside_paragraph(text, starts[-1] if starts else floor, caret, aim, count)


def _earliest_that_fits(
    text: str, caret: int, starts: Sequence[int], budget: int, count: CountTokens
) -> int | None:
    bounds = [*starts, caret]
    pieces = [text[a:b] for a, b in pairwise(bounds)]
    best: int | None = None
    used = 0
    for start, tokens in zip(reversed(starts), reversed(count(pieces)), strict=True):
        used += tokens
        if used > budget:
            break
        best = start
    return best


def _inside_paragraph(text: str, floor: int, caret: int, budget: int, count: CountTokens) -> int:
    """A start inside one very long paragraph: at a sentence if one fits, else by halving."""
    sentences = [m.end() for m in re.finditer(r"[.!?…。！？][”’」』\"']*\s*", text[floor:caret])]
    start = _earliest_that_fits(text, caret, [floor + at for at in sentences], budget, count)
    if start is not None and start < caret:
        return start
    low = floor
    while count([text[low:caret]])[0] > budget and caret - low > 1:
        low = caret - (caret - low) // 2
    return low
