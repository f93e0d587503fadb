"""How a text is written down as bytes: encoding, byte-order mark, line endings, stand-ins.

A document is plain text with LF newlines; everything else that its file had is kept in a
:class:`FileForm`, so that an unedited text becomes the same bytes again.
"""

from enum import StrEnum

import msgspec


class Newline(StrEnum):
    """The line endings of a file."""

    LF = "lf"
    CRLF = "crlf"
    CR = "cr"
    MIXED = "mixed"


class FileForm(msgspec.Struct, frozen=True):
    """The form of a file; the default is what a new file gets.

    Attributes:
        encoding: A Python codec name that writes no byte-order mark by itself.
        bom: The file begins with a byte-order mark.
        newline: How lines end.
        stand_ins: (character in the file, private-use character that holds its place in the document), for
            what the page cannot hold.
        source: The text with its own line endings, kept only where they are mixed.
    """

    encoding: str = "utf-8"
    bom: bool = False
    newline: Newline = Newline.LF
    stand_ins: tuple[tuple[str, str], ...] = ()
    source: str = ""
