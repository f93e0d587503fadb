"""From token bytes to text that may be shown: whole characters, no stop strings, nothing banned, the right end.

Everything is decided on text, never on token boundaries: a character, a stop string, a banned phrase or the
end of a sentence may be spread over several tokens.
"""

import codecs
from collections.abc import Sequence

from writer_app.engine.bans import Hit, Watch
from writer_app.engine.protocol import Ending, Until
from writer_app.text.sentences import ends_between


class Outflow:
    """Takes token bytes in order and says what of the answer is certain.

    White space at the end is held back until something follows, so an answer never ends in a dangling
    space or blank line; so is a possible beginning of a stop string, and of what is banned.

    Args:
        context: Text before the answer; only its last paragraph matters.
        stop: Strings before which the answer ends.
        until: Where it ends by itself.
        soft: Tokens from which on an end is taken.
        watch: Objects to what is banned.

    Attributes:
        ending: Why the answer ends here; ``None`` while it goes on.
        hit: Something banned is complete: :meth:`rewind` before anything else.
    """

    def __init__(
        self,
        context: str,
        stop: Sequence[str],
        until: Until,
        soft: int,
        watch: Watch | None = None,
    ) -> None:
        self.ending: Ending | None = None
        self.hit: Hit | None = None
        self._context = context[-400:]
        self._stop = [text for text in stop if text]
        self._until = until
        self._soft = soft
        self._watch = watch
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._text = ""
        self._given = 0
        self._is_over = False
        # Before each token: characters so far, and the state of the decoder.
        self._before: list[tuple[int, tuple[bytes, int]]] = []

    def feed(self, piece: bytes) -> str:
        """Take the bytes of one token; returns text that is now certain. Sets ``ending`` at an end."""
        before = len(self._text)
        tokens = len(self._before)
        self._before.append((before, self._decoder.getstate()))
        more = self._decoder.decode(piece)
        if self._until is not Until.LENGTH and tokens >= self._soft and more:
            more = self._end_here(more)
        self._text += more
        self._stop_here(before)
        if self._objects(before):
            return ""
        self._is_over = self.ending is not None
        return self._give()

    @property
    def inside_character(self) -> bool:
        """Whether the last token ended in the middle of a character."""
        return bool(self._decoder.getstate()[0])

    @property
    def tokens(self) -> int:
        """Tokens taken."""
        return len(self._before)

    @property
    def grew(self) -> bool:
        """Whether the last token added more than white space."""
        return bool(self._text[self._before[-1][0] :].strip())

    @property
    def settled(self) -> int:
        """How many tokens will not be taken back."""
        if self._watch is None:
            return len(self._before)
        certain = len(self._text) if self._is_over else self._watch.certain
        return sum(1 for length, _state in self._before if length < certain)

    def finish(self, *, at_once: bool = False) -> str:
        """The rest, when the answer ends for another reason. Half a character is dropped.

        What is banned at the very end sets ``hit``, or is left out where it must end ``at_once``.
        """
        self.hit = self._watch.finish() if self._watch else None
        if self.hit and not at_once:
            return ""
        if self.hit:
            self._text, self.hit = self._text[: self.hit.start], None
        self._is_over = True
        return self._give()

    def tokens_before(self, start: int) -> int:
        """How many tokens there are before the one that completes the character at ``start``."""
        return max(at for at, (length, _state) in enumerate(self._before) if length <= start)

    def rewind(self, tokens: int) -> None:
        """Go back to where so many tokens had been taken."""
        length, state = self._before[tokens]
        del self._before[tokens:]
        self._text = self._text[:length]
        self._decoder.setstate(state)
        self.ending = self.hit = None
        if self._watch:
            self._watch.rewind(length)

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

    def _objects(self, before: int) -> bool:
        """Let the watch see what came after the first ``before`` characters; true when it objects."""
        if not self._watch:
            return False
        if len(self._text) < before:  # a stop string that began earlier has taken it away
            self._watch.rewind(len(self._text))
        self.hit = self._watch.feed(self._text[before:])
        if self.ending and not self.hit:
            self.hit = self._watch.finish()
        return self.hit is not None

    def _give(self) -> str:
        end = len(self._text)
        if not self._is_over:
            if self._watch:
                end = min(end, self._watch.certain)
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
