"""From token bytes to text that may be shown: whole characters, no stop strings, the right end.

Everything is decided on text, never on token boundaries: a character, a stop string or the end of a
sentence may be spread over several tokens.
"""

import codecs
from collections.abc import Sequence

from writer_app.engine.protocol import Ending, Until
from writer_app.text.sentences import ends_between


class Outflow:
    """Takes token bytes in order and says what of the answer is certain.

    White space at the end is held back until something follows, so an answer never ends in a dangling
    space or blank line; so is a possible beginning of a stop string.

    Args:
        context: Text before the answer; only its last paragraph matters.
        stop: Strings before which the answer ends.
        until: Where it ends by itself.
        soft: Tokens from which on an end is taken.
    """

    def __init__(self, context: str, stop: Sequence[str], until: Until, soft: int) -> None:
        self._context = context[-400:]
        self._stop = [text for text in stop if text]
        self._until = until
        self._soft = soft
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._text = ""
        self._given = 0
        self._tokens = 0
        self.ending: Ending | None = None

    def feed(self, piece: bytes) -> str:
        """Take the bytes of one token; returns text that is now certain. Sets ``ending`` at an end."""
        more = self._decoder.decode(piece)
        if self._until is not Until.LENGTH and self._tokens >= self._soft and more:
            more = self._end_here(more)
        self._tokens += 1
        before = len(self._text)
        self._text += more
        self._stop_here(before)
        return self._give(hold=self.ending is None)

    @property
    def inside_character(self) -> bool:
        """Whether the last token ended in the middle of a character."""
        return bool(self._decoder.getstate()[0])

    def finish(self) -> str:
        """The rest, when the answer ends for another reason. Half a character is dropped."""
        return self._give(hold=False)

    def _end_here(self, more: str) -> str:
        if not self._text.strip() and not more.strip():
            return more
        if self._until is Until.PARAGRAPH:
            lead = len(more) - len(more.lstrip()) if not self._text.strip() else 0
            cut = more.find("\n", lead)
            if cut >= 0:
                self.ending = Ending.PARAGRAPH
                return more[:cut]
            return more
        # A sentence may end before this token, or before a line end inside it.
        breaks = [0, *(at for at, character in enumerate(more) if character == "\n" and at)]
        for cut in breaks:
            before = self._text + more[:cut]
            if before.strip() and ends_between(self._context + before, more[cut:]):
                self.ending = Ending.SENTENCE
                return more[:cut]
        return more

    def _stop_here(self, before: int) -> None:
        reach = max(map(len, self._stop), default=0)
        found = [
            at for text in self._stop if (at := self._text.find(text, max(0, before - reach))) >= 0
        ]
        if found:
            self._text = self._text[: min(found)]
            self.ending = Ending.STOP

    def _give(self, *, hold: bool) -> str:
        end = len(self._text)
        if hold:
            for text in self._stop:
                longest = min(len(text) - 1, len(self._text) - self._given)
                for length in range(longest, 0, -1):
                    if self._text.endswith(text[:length]):
                        end = min(end, len(self._text) - length)
                        break
        end = max(self._given, len(self._text[:end].rstrip()))
        out = self._text[self._given : end]
        self._given = end
        return out
