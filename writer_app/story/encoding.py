"""Which encoding a file is in: UTF-8 first, a byte-order mark, then an educated guess."""

import codecs
from collections.abc import Iterator
from typing import NamedTuple

from writer_app.errors import N_, NotText

#: Longest first, because the mark of UTF-16 begins the one of UTF-32.
BOMS = {
    "utf-32-le": codecs.BOM_UTF32_LE,
    "utf-32-be": codecs.BOM_UTF32_BE,
    "utf-8": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
}
_CANDIDATES = (
    "gb18030",
    "big5",
    "big5hkscs",
    "cp932",
    "cp949",
    "cp1250",
    "cp1251",
    "cp1252",
    "koi8_r",
)
_UTF16_CANDIDATES = "utf_16_le", "utf_16_be"
_NUL_SHARE = 0.1
#: A file with this many good multi-byte sequences for each bad byte is damaged UTF-8, not another encoding.
_GOOD_PER_BAD = 4


class Detected(NamedTuple):
    """What :func:`detect` found: the text without byte-order mark, and how it was written."""

    text: str
    codec: str
    bom: bool = False
    guessed: bool = False


def detect(data: bytes) -> Detected:
    """Decode the bytes of a text file.

    Raises:
        NotText: When no encoding fits, or the file is damaged in the one it is evidently in.
    """
    for codec, mark in BOMS.items():
        if data.startswith(mark):
            return Detected(_strict(data[len(mark) :], codec), codec, bom=True)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        _refuse_damaged_utf8(data)
        return _guess(data)
    # ASCII written as UTF-16 is valid UTF-8 with a NUL after each letter.
    if data.count(0) > _NUL_SHARE * len(data):
        return _guess(data)
    return Detected(text, "utf-8")


def _strict(data: bytes, codec: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        raise NotText(reason=N_("some of its characters are damaged")) from error


def _refuse_damaged_utf8(data: bytes) -> None:
    text = data.decode("utf-8", "surrogateescape")
    bad = sum("\udc80" <= character <= "\udcff" for character in text)
    good = sum(character > "\x7f" for character in text) - bad
    if good >= _GOOD_PER_BAD * bad or _has_lone_surrogates(data):
        raise NotText(reason=N_("some of its characters are damaged"))


def _has_lone_surrogates(data: bytes) -> bool:
    """Whether the only thing wrong with this UTF-8 are halves of characters written as such."""
    try:
        data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True


def _guess(data: bytes) -> Detected:
    for codec in _guesses(data):
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return Detected(text, codec, guessed=True)
    raise NotText(reason=N_("no known encoding fits it"))


def _guesses(data: bytes) -> Iterator[str]:
    """Codecs worth trying, the likeliest first."""
    # Spaces and line ends give UTF-16 its NULs, and no other encoding of a text has any. Without this rule,
    # a short French sentence is taken for Chinese in UTF-16.
    # Most files are UTF-8 and never come here; the import would cost every start some 20 ms.
    from charset_normalizer import from_bytes

    candidates = _UTF16_CANDIDATES if b"\0" in data else _CANDIDATES
    matches = from_bytes(data, cp_isolation=list(candidates))
    named = [name for match in matches for name in match.could_be_from_charset]
    # Where both Latin alphabets fit, the western one is far more frequent.
    if named[:1] == ["cp1250"] and "cp1252" in named:
        yield "cp1252"
    for name in named:
        yield name.replace("_", "-") if name in _UTF16_CANDIDATES else name
    # A line or two is too little for statistics: Chinese throughout is unlikely to be an accident.
    for codec in ("gb18030", "big5hkscs"):
        if _is_chinese(data, codec):
            yield codec
    yield "cp1252"


def _is_chinese(data: bytes, codec: str) -> bool:
    text = data.decode(codec, "replace")
    wide = [character for character in text if character > "\x7f"]
    han = sum("\u4e00" <= character <= "\u9fff" for character in wide)
    marks = sum("\u3000" <= character <= "\u303f" or character > "\uff00" for character in wide)
    return bool(wide) and "\ufffd" not in text and han + marks == len(wide)
