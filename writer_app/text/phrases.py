"""Which words a rewriting changes, told in few phrases.

Words that both texts have in common are found first. Then common words that only happen to be there are given up:
a few small ones between two larger changes, those in a sentence that is otherwise new, those in a paragraph that
is. So a light edit is seen word by word, a heavy one sentence by sentence.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from writer_app.text.alignment import aligned

_STOPS, _CLAUSES, _CLOSING = ".!?。！？", ",;:，、；：—", "”’\"'」』）)]"
_PAIRED = '*_~`"“”「」『』（）()[]'
_OPENING = str.maketrans("”」』）)]", "“「『（([")
#: Weight of common words, at most, that two changes around them may take in: "of the", or three 汉字.
_SLIGHT = 3
#: Share of a sentence, or of a paragraph whose sentences do not correspond, that has to stay for it to be shown.
_OF_SENTENCE, _OF_PARAGRAPH = 0.35, 0.25
#: While a candidate streams in: words left out, at most, for each unit of weight that it goes on with.
_LEAP = 4


class Side:
    """One of the two texts, in words."""

    def __init__(self, text: str, spans: list[tuple[int, int]]) -> None:
        self.text = text
        self.spans = spans
        self.words = [text[start:end] for start, end in self.spans]
        self.weights = [0, *accumulate(map(_weight, self.words))]
        self.breaks = [at for at, word in enumerate(self.words) if word[0] == "\n"]
        self.stops = sorted({*self.breaks, *self._stops()})

    def _stops(self) -> Iterator[int]:
        for at, word in enumerate(self.words):
            if word[0] in _STOPS:
                while at + 1 < len(self.words) and self.words[at + 1][0] in _CLOSING:
                    if self.start(at + 1) > self.end(at):
                        break
                    at += 1  # noqa: PLW2901 - the mark that closes the sentence
                yield at

    def before(self, at: int) -> "Side":
        """The text up to the word before this one."""
        return Side(self.text[: self.end(at - 1)], self.spans[: max(at, 0)])

    def between(self, start: int, end: int) -> str:
        """These words, with the white space between them only."""
        return self.text[self.start(start) : self.end(end - 1)] if start < end else ""

    def around(self, start: int, end: int) -> tuple[str, str, str]:
        """These words with all white space around them; that before them; that behind, the same for no words."""
        first, last = self.end(start - 1), self.start(end)
        before, behind = self.text[first : self.start(start)], self.text[self.end(end - 1) : last]
        return self.text[first:last], before, behind

    def start(self, at: int) -> int:
        """Where this word starts; the end of the text behind the last one."""
        return self.spans[at][0] if at < len(self.spans) else len(self.text)

    def end(self, at: int) -> int:
        """Where this word ends; the start of the text before the first one."""
        return self.spans[at][1] if at >= 0 else 0

    def weight(self, start: int, end: int) -> int:
        """How much these words say."""
        return self.weights[end] - self.weights[start]


def _weight(word: str) -> int:
    """How much a word says: nothing for most marks, less for those words that are mostly small ones."""
    if not word[0].isalnum():
        return int(word[0] in _CLAUSES)
    return 1 if len(word) <= 3 else 2


class Edit(NamedTuple):
    """Words ``start:end`` of the old side become ``start_new:end_new`` of the new one."""

    start: int
    end: int
    start_new: int
    end_new: int

    def size(self, old: Side, new: Side) -> int:
        """How much of the text it is, before or after."""
        return max(old.weight(self.start, self.end), new.weight(self.start_new, self.end_new))

    def until(self, later: "Edit") -> "Edit":
        """This and a later one, with what is between them, as one."""
        return Edit(self.start, later.end, self.start_new, later.end_new)


def phrases(old: Side, new: Side, *, complete: bool) -> tuple[list[Edit], Side]:
    """What changes ``old`` into ``new``, in order, with words that stay between any two.

    Args:
        old: The original.
        new: The candidate.
        complete: False if the candidate goes on.

    Returns:
        The edits, and the original as far as the candidate has come to.
    """
    # No word is like this one, so that the last full stop of a candidate that goes on is not taken for the very last.
    goes_on = [] if complete else [""]
    edits = _edits(aligned(old.words, new.words + goes_on), len(new.words))
    if not complete:
        edits = _so_far(edits, old, new)
        old = old.before(edits[-1].end)
    edits = _joined(_slid(edits, old, new), old, new)
    return list(_balanced(_rewritten(edits, old, new), old, new)), old


def _edits(places: list[int], end_new: int) -> list[Edit]:
    """What lies between the words in common."""
    found, at, at_new = [], 0, 0
    for place, place_new in [*enumerate(places), (len(places), end_new)]:
        if place_new < 0:
            continue
        if place > at or place_new > at_new:
            found.append(Edit(at, place, at_new, place_new))
        at, at_new = place + 1, place_new + 1
    return found


def _slid(edits: list[Edit], old: Side, new: Side) -> list[Edit]:
    """Of several places that an insertion or deletion could as well be at, the one where a sentence begins."""
    found: list[Edit] = []
    ends = [*(edit.start - 1 for edit in edits[1:]), len(old.words)]
    for edit, most in zip(edits, ends, strict=False):
        least = found[-1].end + 1 if found else 0
        best = 0
        if edit.start == edit.end or edit.start_new == edit.end_new:
            side, start, end = (new, *edit[2:]) if edit.start == edit.end else (old, *edit[:2])
            ways = _ways(side.words, start, end, edit.start - least, most - edit.end)
            best = max(ways, key=lambda by: (_fitness(side, start + by), -abs(by)))
        found.append(Edit(*(at + best for at in edit)))
    return found


def _ways(words: list[str], start: int, end: int, back: int, on: int) -> Iterator[int]:
    """By how much a stretch of words can be moved, so far at most, with the same words left outside."""
    yield 0
    for by in range(1, back + 1):
        if words[start - by] != words[end - by]:
            break
        yield -by
    for by in range(on):
        if words[start + by] != words[end + by]:
            break
        yield by + 1


def _fitness(side: Side, at: int) -> int:
    """How well a change begins at this word."""
    if at == 0 or side.words[at - 1][0] == "\n":
        return 3
    place = bisect_left(side.stops, at - 1)
    if place < len(side.stops) and side.stops[place] == at - 1:
        return 2
    return int(side.words[at - 1][0] in _CLAUSES)


def _joined(edits: list[Edit], old: Side, new: Side) -> list[Edit]:
    """Changes as one that only a few small words of the same sentence part, fewer than each of them has."""
    found: list[Edit] = []
    for edit in edits:
        joined = edit
        while found and not _within(old.stops, found[-1].end, joined.start):
            between = old.weight(found[-1].end, joined.start)
            if between > min(_SLIGHT, found[-1].size(old, new), joined.size(old, new)):
                break
            joined = found.pop().until(joined)
        found.append(joined)
    return found


def _within(places: Sequence[int], start: int, end: int) -> bool:
    at = bisect_left(places, start)
    return at < len(places) and places[at] < end


def _so_far(edits: list[Edit], old: Side, new: Side) -> list[Edit]:
    """The changes that an unfinished candidate has come to; the last one is where it goes on."""
    end, end_new = len(old.words), len(new.words)
    if not edits or edits[-1] != (edits[-1].start, end, edits[-1].start_new, end_new):
        edits = [*edits, Edit(end, end, end_new, end_new)]
    *edits, last = edits
    # A few words that are found again far away are there by chance, more likely than after a long cut.
    while edits:
        left_out = (edits[-1].end - edits[-1].start) - (edits[-1].end_new - edits[-1].start_new)
        if left_out <= _LEAP * old.weight(edits[-1].end, last.start):
            break
        last = edits.pop().until(last)
    return [*edits, last._replace(end=last.start)]


def _groups(edits: list[Edit], borders: Sequence[int]) -> Iterator[list[Edit]]:
    """Changes with none of these words of the original between them."""
    group: list[Edit] = []
    for edit in edits:
        if group and _within(borders, group[-1].end, edit.start):
            yield group
            group = []
        group.append(edit)
    if group:
        yield group


def _rewritten(edits: list[Edit], old: Side, new: Side) -> Iterator[Edit]:
    """Changes of a sentence as one where next to nothing stays between them, and those of a paragraph."""
    for paragraph in _groups(edits, old.breaks):
        sentences: list[Edit] = []
        for group in _groups(paragraph, old.stops):
            whole = group[0].until(group[-1])
            sentences += [whole] if _stays(group, old, new) < _OF_SENTENCE else group
        whole = sentences[0].until(sentences[-1])
        stops = [_count(side.stops, *span) for side, span in ((old, whole[:2]), (new, whole[2:]))]
        scattered = stops[0] != stops[1] and _stays(sentences, old, new) < _OF_PARAGRAPH
        yield from [whole] if scattered else sentences


def _stays(group: list[Edit], old: Side, new: Side) -> float:
    """Share of what stays from the first of these changes to the last."""
    kept = sum(old.weight(one.end, other.start) for one, other in pairwise(group))
    changed = sum(edit.size(old, new) for edit in group)
    return kept / (kept + changed) if kept else 0.0


def _count(places: Sequence[int], start: int, end: int) -> int:
    return bisect_left(places, end) - bisect_left(places, start)


def _balanced(edits: Iterable[Edit], old: Side, new: Side) -> Iterator[Edit]:
    """Changes as one that begin and end an emphasis, a quotation or a bracket, if they are in one paragraph."""
    for paragraph in _groups(list(edits), old.breaks):
        waiting: list[Edit] = []
        odd: set[str] = set()
        for edit in paragraph:
            waiting.append(edit)
            for word in old.words[edit.start : edit.end] + new.words[edit.start_new : edit.end_new]:
                if word[0] in _PAIRED:
                    odd ^= {word.translate(_OPENING)}
            if not odd:
                yield waiting[0].until(waiting[-1])
                waiting = []
        yield from waiting
