"""A long passage in pieces that a model can rewrite one at a time, cut where a reader would pause."""

import re

from writer_app.text.script import language_of

#: Characters of a piece at most: some 250 words, or 500 字; small models lose the thread in more.
MOST = {"zh": 500}
_MOST = 1_500
_PARAGRAPH = re.compile(r"\n+")
#: Looked for only where a row of marks begins: a line of ten thousand dots must not take for ever. No sentence ends
#: with a title or an initial.
_SENTENCE = re.compile(
    r"(?<![.!?…])(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bDr)(?<!\bSt)(?<!\b[A-Z])[.!?…]++[”’\"')\]*_]*+\s+"
    r"|(?<![。！？…])[。！？…]++[”’」』）)]*+"
)


def portions(text: str, start: int, end: int, most: int = 0) -> list[tuple[int, int]]:
    """Spans that cover the words of ``[start, end)``, each of ``most`` characters at most.

    Cut between paragraphs; a paragraph that is too long, between sentences; a sentence that is, anywhere.
    White space between two pieces belongs to none, so that it stays as it is.
    """
    most = most or MOST.get(language_of(text[start:end]), _MOST)
    spans: list[tuple[int, int]] = []
    for begin, stop in _pieces(text, start, end, _PARAGRAPH):
        small = _small(text, begin, stop, most)
        # Short paragraphs go together, as long as they are whole ones.
        if spans and len(small) == 1 and small[0][1] - spans[-1][0] <= most:
            spans[-1] = (spans[-1][0], small[0][1])
        else:
            spans += small
    return spans


def paragraph_at(text: str, caret: int) -> tuple[int, int]:
    """Span of the paragraph that ``caret`` stands in or right behind; of an empty line, the one before."""
    before = text[:caret].rstrip("\n") if text[caret : caret + 1] in ("", "\n") else text[:caret]
    start = before.rfind("\n") + 1
    end = text.find("\n", len(before))
    return start, len(text) if end < 0 else end


def _small(text: str, start: int, end: int, most: int) -> list[tuple[int, int]]:
    """A paragraph, as it is or cut between sentences into pieces of about the same size."""
    if end - start <= most:
        return [(start, end)]
    aim = min(most, (end - start) // -(-(end - start) // most) + 1)
    spans: list[tuple[int, int]] = []
    for begin, stop in _pieces(text, start, end, _SENTENCE, keep=True):
        if spans and stop - spans[-1][0] <= aim:
            spans[-1] = (spans[-1][0], stop)
        else:
            spans += _cut(text, begin, stop, most)
    return spans


def _cut(text: str, start: int, end: int, most: int) -> list[tuple[int, int]]:
    """A sentence, as it is or, where it is too long, cut between words; a word that is too long, anywhere."""
    spans: list[tuple[int, int]] = []
    while end - start > most:
        words = text[start : start + most + 1]
        stop = start + (len(words.rstrip()) if words[-1].isspace() else _last_word(words) or most)
        spans += [span] if (span := _trimmed(text, start, stop)) else []
        start = stop
        while start < end and text[start].isspace():
            start += 1
    return [*spans, *([span] if (span := _trimmed(text, start, end)) else [])]


def _last_word(words: str) -> int:
    """Where the last word begins, behind white space; 0 where there is none."""
    return len(words) - len(words.rsplit(maxsplit=1)[-1]) if len(words.split(None, 1)) > 1 else 0


def _pieces(
    text: str, start: int, end: int, cut: re.Pattern[str], *, keep: bool = False
) -> list[tuple[int, int]]:
    """What lies between the places where ``cut`` is found, and, to ``keep`` it, what was found."""
    spans, at = [], start
    for found in cut.finditer(text, start, end):
        spans.append((at, found.end() if keep else found.start()))
        at = found.end()
    spans.append((at, end))
    return [span for begin, stop in spans if (span := _trimmed(text, begin, stop))]


def _trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Without white space at its edges; ``None`` where nothing is left."""
    inside = text[start:end]
    if not inside.strip():
        return None
    return start + len(inside) - len(inside.lstrip()), end - len(inside) + len(inside.rstrip())
