"""Token healing: starting to write in the middle of a word, after a space, inside quotes.

A tokeniser cuts whole words. Text that ends at the caret may end in the middle of one, so its last
tokens are not those the model saw in training, and it goes on with non-words. We drop back to a place
where a token may well begin, and force the bytes of the dropped tail while sampling: only tokens that
spell the tail, or spell it and go on, are allowed until it is used up.
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence

#: A tail is never longer than this many characters; no word worth healing is.
_REACH = 24


class Pieces:
    """The bytes of every token that may be written, sorted for look-up by prefix.

    Args:
        pieces: Bytes by token id; control tokens have none and are left out.
    """

    def __init__(self, pieces: Sequence[bytes]) -> None:
        self.of = pieces
        self._ids = sorted((i for i, piece in enumerate(pieces) if piece), key=pieces.__getitem__)
        self._keys = [pieces[i] for i in self._ids]
        self._longest = max(map(len, self._keys), default=0)

    def starting_with(self, prefix: bytes) -> list[int]:
        """Ids of all tokens whose bytes start with ``prefix`` (the token equal to it included)."""
        low = bisect_left(self._keys, prefix)
        high = bisect_left(self._keys, prefix + b"\xff" * (self._longest + 1), low)
        return self._ids[low:high]

    def equal_to(self, piece: bytes) -> list[int]:
        """Ids of all tokens with exactly these bytes."""
        low = bisect_left(self._keys, piece)
        high = low
        while high < len(self._keys) and self._keys[high] == piece:
            high += 1
        return self._ids[low:high]

    def goes_on(self, prefix: bytes) -> bool:
        """Whether some token is ``prefix`` and more."""
        if len(prefix) >= self._longest:
            return False
        at = bisect_left(self._keys, prefix + b"\x00")
        return at < len(self._keys) and self._keys[at].startswith(prefix)


def seam_start(text: str, pieces: Pieces) -> int:
    """Offset (code points) where the tail to be forced starts; ``len(text)`` where nothing needs healing.

    The tail is the unfinished word with the space before it, or the longest end of the text that is
    the beginning of some longer token, whichever is longer.
    """
    floor = max(0, len(text) - _REACH)
    start = len(text)
    while start > floor and text[start - 1].isalpha() and not _is_han(text[start - 1]):
        start -= 1
    if start < len(text) and start > floor and text[start - 1] == " ":
        start -= 1
    for candidate in range(floor, start):
        if pieces.goes_on(text[candidate:].encode()):
            return candidate
    return start


def _is_han(character: str) -> bool:
    return (
        "\u3040" <= character <= "\u9fff"
        or "\uac00" <= character <= "\ud7a3"
        or character >= "\U00020000"
    )


def ends_in_word(tail: bytes) -> bool:
    """Whether the tail ends in a letter of a word, so that the word may go on."""
    last = tail.decode("utf-8", "replace")[-1:]
    return last.isalpha() and not _is_han(last)


class Forced:
    """The tail still to be written, and which tokens may write it.

    Args:
        tail: Bytes to force; may be empty.
        pieces: The vocabulary.
        tokenise: The model's own tokeniser, for the tokens the tail has by itself.
        no_space: The text ends in white space and must not get more of it.
    """

    def __init__(
        self,
        tail: bytes,
        pieces: Pieces,
        tokenise: Callable[[bytes], Sequence[int]],
        *,
        no_space: bool = False,
    ) -> None:
        self.rest = tail
        self._pieces = pieces
        self._tokenise = tokenise
        self.no_space = no_space

    def allowed(self) -> list[int] | None:
        """Ids that may come next; ``None`` where the tail puts no limit.

        Besides tokens that use up the whole tail, those that are a beginning of it are allowed if they
        are at least as long as the first token the tokeniser itself would take: shorter ones are
        spellings that never occur in training.
        """
        if not self.rest:
            return None
        whole = [
            token
            for token in self._pieces.starting_with(self.rest)
            if not (self.no_space and self._pieces.of[token][len(self.rest) :][:1].isspace())
        ]
        own = next(
            (len(self._pieces.of[t]) for t in self._tokenise(self.rest) if self._pieces.of[t]), 1
        )
        for length in range(min(own, len(self.rest) - 1), len(self.rest)):
            whole += self._pieces.equal_to(self.rest[:length])
        return whole or self._pieces.equal_to(self.rest[:1])

    def accept(self, piece: bytes) -> bytes:
        """Take a token's bytes; returns what of them lies beyond the tail and so is new text."""
        beyond = piece[len(self.rest) :]
        self.rest = self.rest[len(piece) :]
        self.no_space = self.no_space and not beyond
        return beyond
