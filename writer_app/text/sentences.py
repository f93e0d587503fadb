"""Where sentences end, for text that is still being written.

The rules of a language (abbreviations, initials, decimal points, quotations) are sentencex's; what is
ours is the question asked while text streams in: does a sentence end exactly here?
"""

import re

import sentencex

# A terminator, its closing marks, and nothing behind them. Cheap enough to ask at every token.
_ENDS = re.compile(r"(?P<stop>[.!?…。！？]+)(?P<close>[”’\"'」』）)\]*_]*)\Z")
# "1." at the start of a line begins an item of a list.
_NUMBERING = re.compile(r"\s*\d+\.\s*")
_OPENING = frozenset("”’\"'」』）)],;:，；：、.!?…。！？*_")
#: Characters of a paragraph that decide whether a sentence ends; more would only cost time.
_REACH = 400


def ends_between(before: str, after: str) -> bool:
    """Whether a sentence ends exactly between ``before`` and ``after``.

    ``after`` must hold the beginning of what follows: without it, a closing quotation mark or the rest
    of an ellipsis could still belong to the sentence.
    """
    paragraph = before[-_REACH:].rpartition("\n")[2]
    found = _ENDS.search(paragraph.rstrip(" "))
    if found is None or not after:
        return False
    if _NUMBERING.fullmatch(paragraph):
        return False
    if after[0] in _OPENING and not (after[0] in "\"'" and paragraph.endswith(" ")):
        return False
    if after[0] == "\n":
        return True
    if found["stop"][-1] in "。！？":
        return not _inside_quotation(paragraph)
    behind = paragraph[len(paragraph.rstrip(" ")) :] + after
    if not behind[0].isspace():
        return False
    if not behind.strip():
        return found["stop"][-1] in "!?" and not _inside_quotation(paragraph)
    return _splits(paragraph.rstrip(" "), " " + behind.lstrip())


def _splits(before: str, after: str) -> bool:
    if _inside_quotation(before):
        return False
    pieces = sentencex.segment("en", before + after)
    length = 0
    for piece in pieces:
        length += len(piece)
        if length >= len(before):
            return length - len(before) <= 1  # the space belongs to the sentence before it
    return False


def _inside_quotation(paragraph: str) -> bool:
    pairs = (("“", "”"), ("「", "」"), ("『", "』"))
    return any(paragraph.count(left) > paragraph.count(right) for left, right in pairs)


def last_end(text: str) -> int:
    """Offset (code points) behind the last finished sentence of ``text``; 0 where none is finished."""
    end = 0
    for found in re.finditer(r"[.!?…。！？]+[”’\"'」』）)\]*_]*(?=\s|$|[^\W\d_])", text):
        after = text[found.end() : found.end() + 12] or "\n"
        if ends_between(text[: found.end()], after):
            end = found.end()
    return end
