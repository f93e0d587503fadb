"""Which stretch of a manuscript the model reads: as much as a budget of tokens allows, cut where a reader would."""

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from writer_app.text.sentences import ends_between

#: Counts the tokens of each text. Asking costs a round trip, so callers ask for many texts at once.
CountTokens = Callable[[Sequence[str]], Sequence[int]]

#: A token is at least this long, in characters, in any language we know; used only to bound what is counted.
LONGEST_TOKEN = 8
_PARAGRAPH = re.compile(r"\n\s*")
_SENTENCE = re.compile(r"[.!?…。！？][”’」』\"']*\s*")
#: Characters behind a place that tell whether a sentence begins there.
_TELLING = 12


def window_start(text: str, caret: int, budget: int, count: CountTokens, *, least: int = 0) -> int:
    """Where reading starts so that ``text[start:caret]`` takes at most ``budget`` tokens.

    Args:
        text: The manuscript.
        caret: Offset (code points) up to which is read.
        budget: Tokens, at least 1.
        count: Counts tokens.
        least: Where the paragraphs that fit take fewer tokens than this, a long one before them is cut.

    Returns:
        Offset in code points, at the start of a paragraph, else of a sentence, else anywhere that fits.
    """
    floor = max(0, caret - budget * LONGEST_TOKEN)
    starts = [floor] if floor == 0 else []
    # A start behind the last words would leave nothing to read.
    starts += [m.end() for m in _PARAGRAPH.finditer(text, floor, caret) if m.end() < caret]
    start, used = _earliest_that_fits(text, caret, starts, budget, count)
    if start == 0 or (start < caret and used >= least):
        return start
    cut = max((before for before in starts if before < start), default=floor)
    return _inside_paragraph(text, cut, caret, budget, count)


def border(text: str, start: int, caret: int, budget: int, count: CountTokens) -> int:
    """Where something can be set into ``text[start:caret]`` with at most ``budget`` tokens behind it.

    Returns:
        Offset in code points: at ``start``, a paragraph, else a sentence. Where none is near enough, the nearest.
    """
    paragraphs = [start, *(found.end() for found in _PARAGRAPH.finditer(text, start, caret))]
    sentences = (found.end() for found in _SENTENCE.finditer(text, start, caret))
    known = [at for at in paragraphs if at < caret]
    best, _ = _earliest_that_fits(text, caret, known, budget, count)
    if best < caret:
        return best
    whole = (at for at in sentences if ends_between(text[start:at], text[at : at + _TELLING]))
    known = sorted({start, *known, *(at for at in whole if at < caret)})
    best, _ = _earliest_that_fits(text, caret, known, budget, count)
    return best if best < caret else known[-1]


def _earliest_that_fits(
    text: str, caret: int, starts: Sequence[int], budget: int, count: CountTokens
) -> tuple[int, int]:
    """(the start, the tokens from there on); the caret and none where no start fits."""
    # A break is counted with what follows it: many tokenisers cut it in two
    # where words follow, and not at the end of a text.
    bounds = [*(_before_blanks(text, start) for start in starts), caret]
    pieces = [text[a:b] for a, b in pairwise(bounds)]
    best, used = caret, 0
    for start, tokens in zip(reversed(starts), reversed(count(pieces)), strict=True):
        if used + tokens > budget:
            break
        best, used = start, used + tokens
    return best, used


def _before_blanks(text: str, at: int) -> int:
    while at and text[at - 1].isspace():
        at -= 1
    return at


def _inside_paragraph(text: str, floor: int, caret: int, budget: int, count: CountTokens) -> int:
    """A start inside one very long paragraph: at a sentence if one fits, else by halving."""
    sentences = [found.end() for found in _SENTENCE.finditer(text, floor, caret)]
    start, _ = _earliest_that_fits(text, caret, sentences, budget, count)
    if start < caret:
        return start
    low = floor
    while count([text[low:caret]])[0] > budget and caret - low > 1:
        low = caret - (caret - low) // 2
    return low
