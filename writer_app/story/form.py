"""How a text is written down as bytes: encoding, byte-order mark, line endings, stand-ins.

A document is plain text with LF newlines; everything else that its file had is kept in a
:class:`FileForm`, so that an unedited text becomes the same bytes again. :func:`decode` proves that for
every file it opens, and refuses one for which it does not hold.
"""

from enum import StrEnum

import msgspec

from writer_app.errors import N_, NotInEncoding, NotText
from writer_app.story import encoding
from writer_app.text.lines import kept_endings

#: What a text block of the page cannot hold: paragraph separator, Qt's frame marks, a carriage return.
UNHOLDABLE = "\u2029\ufdd0\ufdd1\r"
#: From the far end of the last plane: U+E000 to U+F8FF are in real use (an apple, rare Chinese characters),
#: and what the writer enters later must never be taken for a stand-in.
_PRIVATE_USE = range(0x10FFFD, 0x10EFFF, -1)
_MAX_CONTROLS = 0.1


class Newline(StrEnum):
    """The line endings of a file."""

    LF = "lf"
    CRLF = "crlf"
    CR = "cr"


_ENDING = {Newline.LF: "\n", Newline.CRLF: "\r\n", Newline.CR: "\r"}


class FileForm(msgspec.Struct, frozen=True):
    """The form of a file; the default is what a new file gets.

    Attributes:
        encoding: A Python codec name that writes no byte-order mark by itself.
        bom: The file begins with a byte-order mark.
        newline: How lines end; in a file with mixed endings, the more frequent ending.
        stand_ins: (character in the file, private-use character that holds its place in the document).
        crlf_lines: In a file with mixed endings, one character per line: "1" where it ends with CRLF.
        source: In a file with mixed endings, the text as it was opened.
    """

    encoding: str = "utf-8"
    bom: bool = False
    newline: Newline = Newline.LF
    stand_ins: tuple[tuple[str, str], ...] = ()
    crlf_lines: str = ""
    source: str = ""

    @property
    def is_mixed(self) -> bool:
        """Whether the file mixes line endings."""
        return bool(self.crlf_lines)

    def as_utf8(self) -> "FileForm":
        """The same form in UTF-8, which holds every character."""
        return msgspec.structs.replace(self, encoding="utf-8", bom=False)


def decode(data: bytes) -> tuple[str, FileForm, bool]:
    """The text of a file, the form it is written in, and whether the encoding had to be guessed.

    Raises:
        NotText: With a ``reason``, when it is no text or would not become the same bytes again.
    """
    found = encoding.detect(data)
    written = found.text
    controls = sum(written.count(chr(code)) for code in range(32) if chr(code) not in "\t\n\f\r")
    if controls > _MAX_CONTROLS * len(written):
        raise NotText(reason=N_("it looks like a program or a picture, not like text"))
    text, newline, crlf_lines = _split_endings(written)
    stand_ins = _choose_stand_ins(text)
    for original, stand_in in stand_ins:
        text = text.replace(original, stand_in)
    form = FileForm(
        found.codec, found.bom, newline, stand_ins, crlf_lines, text if crlf_lines else ""
    )
    if encode(text, form) != data:
        raise NotText(reason=N_("it could not be written back exactly as it is"))
    return text, form, found.guessed


def encode(text: str, form: FileForm) -> bytes:
    """The bytes of ``text`` in ``form``.

    Raises:
        NotInEncoding: When the encoding lacks a character of the text.
    """
    written = kept_endings(text, form.source, form.crlf_lines) if form.is_mixed else None
    if written is None:
        written = text.replace("\n", _ENDING[form.newline])
    for original, stand_in in form.stand_ins:
        written = written.replace(stand_in, original)
    try:
        body = written.encode(form.encoding)
    except UnicodeEncodeError as error:
        character = written[error.start]
        raise NotInEncoding(
            character=character, code=f"U+{ord(character):04X}", encoding=form.encoding
        ) from error
    return (encoding.BOMS[form.encoding] + body) if form.bom else body


def _split_endings(written: str) -> tuple[str, Newline, str]:
    """The text with LF newlines, its (dominant) ending, and which lines end with CRLF if they are mixed."""
    crlf = written.count("\r\n")
    lf = written.count("\n") - crlf
    if not crlf and not lf and "\r" in written:
        return written.replace("\r", "\n"), Newline.CR, ""
    newline = Newline.CRLF if crlf > lf else Newline.LF
    mixed = ""
    if crlf and lf:
        lines = written.split("\n")[:-1]
        mixed = "".join("1" if line.endswith("\r") else "0" for line in lines)
    return written.replace("\r\n", "\n"), newline, mixed


def _choose_stand_ins(text: str) -> tuple[tuple[str, str], ...]:
    """A private-use character that ``text`` does not use, for each of its unholdable ones."""
    needed = [character for character in UNHOLDABLE if character in text]
    if not needed:
        return ()
    used = set(text)
    free = (chr(code) for code in _PRIVATE_USE if chr(code) not in used)
    pairs = tuple(zip(needed, free, strict=False))
    if len(pairs) < len(needed):
        raise NotText(reason=N_("it could not be written back exactly as it is"))
    return pairs
