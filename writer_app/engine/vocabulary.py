"""A model's vocabulary: tokens to bytes and back, and which of them may be written."""

import ctypes
from functools import cached_property

import llama_cpp as native
import numpy as np

from writer_app.engine.seam import Pieces

_UNKNOWN, _UNUSED, _CONTROL = 1, 2, 8  # LLAMA_TOKEN_ATTR_*


class Vocabulary:
    """Wraps ``llama_vocab`` of a loaded model; lives as long as the model."""

    def __init__(self, model: ctypes.c_void_p, *, space_prefix: bool) -> None:
        self.handle = native.llama_model_get_vocab(model)
        self.size: int = native.llama_vocab_n_tokens(self.handle)
        self._space_prefix = space_prefix

    def tokenise(self, text: bytes, *, bos: bool = False, special: bool = False) -> list[int]:
        """Tokens of ``text``.

        Args:
            text: UTF-8.
            bos: Add what the model wants at the start of a text, if anything. Without it the text is
                taken as the middle of one.
            special: Read control tokens such as ``<|im_end|>`` out of the text: for templates only,
                never for a writer's words.
        """
        if self._space_prefix and not bos:
            return self._tokenise_middle(text, special)
        return self._tokenise(text, bos, special)

    def _tokenise_middle(self, text: bytes, special: bool) -> list[int]:
        # This tokeniser puts a space before every text; behind a line end it cannot.
        lead = self._tokenise(b"\n", False, special)
        both = self._tokenise(b"\n" + text, False, special)
        return (
            both[len(lead) :] if both[: len(lead)] == lead else self._tokenise(text, False, special)
        )

    def _tokenise(self, text: bytes, bos: bool, special: bool) -> list[int]:
        room = len(text) + 8
        tokens = (native.llama_token * room)()
        count = native.llama_tokenize(self.handle, text, len(text), tokens, room, bos, special)
        return list(tokens[:count])

    def piece(self, token: int) -> bytes:
        """The bytes a token spells; none for control tokens."""
        return self.pieces.of[token]

    @cached_property
    def pieces(self) -> Pieces:
        """Bytes of all tokens; control, unknown and unused tokens have none."""
        buffer = ctypes.create_string_buffer(512)
        spelled = []
        silent = self.silent
        for token in range(self.size):
            if silent[token]:
                spelled.append(b"")
                continue
            count = native.llama_token_to_piece(self.handle, token, buffer, 512, 0, False)
            spelled.append(buffer.raw[: max(0, count)])
        return Pieces(spelled)

    @cached_property
    def silent(self) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
        """True for tokens that never stand for text: control, unknown, unused."""
        attributes = (native.llama_vocab_get_attr(self.handle, token) for token in range(self.size))
        flags = np.fromiter(attributes, dtype=np.int32, count=self.size)
        return (flags & (_UNKNOWN | _UNUSED | _CONTROL)) != 0

    @cached_property
    def ends(self) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
        """Ids of the end-of-generation tokens."""
        return np.array(
            [
                t
                for t in np.flatnonzero(self.silent)
                if native.llama_vocab_is_eog(self.handle, int(t))
            ],
            dtype=np.int64,
        )

    @cached_property
    def spaces(self) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
        """True for tokens that start with white space."""
        starts = (piece[:1].isspace() for piece in self.pieces.of)
        return np.fromiter(starts, dtype=np.bool_, count=self.size)

    @cached_property
    def inner(self) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
        """True for tokens that start inside a character."""
        inside = (0x80 <= piece[0] < 0xC0 if piece else False for piece in self.pieces.of)
        return np.fromiter(inside, dtype=np.bool_, count=self.size)

    @cached_property
    def letters(self) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
        """True for tokens that start with a letter, and so can go on with a word."""
        starts = (piece.decode("utf-8", "ignore")[:1].isalpha() for piece in self.pieces.of)
        return np.fromiter(starts, dtype=np.bool_, count=self.size)

    @property
    def start(self) -> int:
        """A token to start an empty text from: BOS, else the end of another text."""
        for token in (native.llama_vocab_bos(self.handle), native.llama_vocab_eos(self.handle)):
            if token >= 0:
                return int(token)
        return 0

    @property
    def marks(self) -> tuple[str, str]:
        """The texts of the tokens that begin and end a text, for templates; empty where missing."""
        begin, end = native.llama_vocab_bos(self.handle), native.llama_vocab_eos(self.handle)
        return self._mark(begin), self._mark(end)

    @property
    def begin(self) -> str:
        """The text of the token that is put before every text; empty where there is none."""
        return self.marks[0] if self.tokenise(b"", bos=True) else ""

    def _mark(self, token: int) -> str:
        buffer = ctypes.create_string_buffer(256)
        if token < 0:
            return ""
        count = native.llama_token_to_piece(self.handle, token, buffer, 256, 0, True)
        return buffer.raw[: max(0, count)].decode("utf-8", "replace")

    @property
    def has_infill(self) -> bool:
        """Whether the model was trained to fill in the middle."""
        return min(self.infill) >= 0

    @property
    def infill(self) -> tuple[int, int, int]:
        """Ids of the prefix, suffix and middle tokens; negative where missing."""
        return (
            int(native.llama_vocab_fim_pre(self.handle)),
            int(native.llama_vocab_fim_suf(self.handle)),
            int(native.llama_vocab_fim_mid(self.handle)),
        )

    def count(self, text: str) -> tuple[int, int]:
        """(tokens of ``text`` without BOS, how many of them are mere pieces of characters)."""
        tokens = self.tokenise(text.encode())
        return len(tokens), sum(1 for token in tokens if not _whole(self.pieces.of[token]))


def _whole(piece: bytes) -> bool:
    try:
        piece.decode()
    except UnicodeDecodeError:
        return False
    return True
