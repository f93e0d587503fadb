"""What the context holds, with its text, so that only new text is read.

Tokens are kept with the end of their bytes in the text. A new prompt keeps the tokens of the longest
text prefix it shares with the last one; only the rest is tokenised. So text the model wrote keeps the
very tokens that made it, although the tokeniser might cut the same letters differently.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

#: Bytes tokenised again before the first difference: a token there may reach over it.
_BACK = 32


@dataclass
class Sequence:
    """Tokens, where each ends in ``text`` (bytes), and the text they spell.

    ``spelled`` is false when the tokens do not spell the text byte by byte (a tokeniser that
    normalises): then only equal tokens are reused, never equal text. Tokens from ``guessed_from`` on were
    computed against an earlier text (:mod:`~writer_app.engine.shifting`); ``None``: none were.
    """

    tokens: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    text: bytes = b""
    spelled: bool = True
    guessed_from: int | None = None

    def append(self, token: int, piece: bytes) -> None:
        """Add one token at the end."""
        self.text += piece
        self.tokens.append(token)
        self.ends.append(len(self.text))

    def take(self, other: "Sequence") -> None:
        """Become a copy of ``other``."""
        self.tokens, self.ends = list(other.tokens), list(other.ends)
        self.text, self.spelled = other.text, other.spelled
        self.guessed_from = other.guessed_from

    def first(self, count: int) -> "Sequence":
        """A copy of the first ``count`` tokens."""
        copy = Sequence()
        copy.take(self)
        if count < len(self.tokens):
            copy.cut(count)
        return copy

    def cut(self, count: int) -> None:
        """Keep the first ``count`` tokens."""
        del self.tokens[count:]
        del self.ends[count:]
        self.text = self.text[: self.ends[-1]] if self.ends else b""
        if self.guessed_from is not None and count <= self.guessed_from:
            self.guessed_from = None


def common_prefix(one: bytes, other: bytes) -> int:
    """Length of the longest common prefix, in bytes."""
    low, high = 0, min(len(one), len(other))
    if one[:high] == other[:high]:
        return high
    while low < high:
        middle = (low + high + 1) // 2
        if one[:middle] == other[:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def retokenise(
    held: Sequence,
    text: bytes,
    tokenise: Callable[[bytes, bool], list[int]],
    pieces: Callable[[int], bytes],
) -> Sequence:
    """The tokens of ``text``, taking over those that ``held`` has for the same beginning.

    Args:
        held: What the context holds.
        text: The new prompt.
        tokenise: Tokenises bytes; its second argument asks for BOS.
        pieces: The bytes of a token.
    """
    keep = 0
    if held.spelled:
        shared = common_prefix(held.text, text)
        if shared < len(text):
            shared = max(0, shared - _BACK)
        keep = _boundary(held, text, shared)
    made = Sequence(
        held.tokens[:keep], held.ends[:keep], text[: held.ends[keep - 1]] if keep else b""
    )
    for token in tokenise(text[len(made.text) :], keep == 0):
        made.append(token, pieces(token))
    if made.text != text:
        made.text, made.spelled = text, False
    return made


def _boundary(held: Sequence, text: bytes, shared: int) -> int:
    """How many tokens to take over: up to the last one before which a word or line starts."""
    keep = sum(1 for end in held.ends if end <= shared)
    while keep and not (
        held.ends[keep - 1] == len(text) or _starts_word(text, held.ends[keep - 1])
    ):
        keep -= 1
    return keep


def _starts_word(text: bytes, at: int) -> bool:
    # A space or line end starts a word; so does any character of a script without spaces.
    return (text[at : at + 1] in (b" ", b"\n") and text[at - 1 : at] != b"\n") or 0xE3 <= text[
        at
    ] <= 0xED


def reusable(held: Sequence, wanted: list[int]) -> int:
    """How many tokens of ``wanted`` the context already holds from its start."""
    count = 0
    for have, want in zip(held.tokens, wanted, strict=False):
        if have != want:
            break
        count += 1
    return count
