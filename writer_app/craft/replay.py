"""What was asked of a model, kept so that it can be asked again: the exact parts, the sampling, the seed.

Asked again it is in repeatable mode: the same request gives the same tokens then, as long as model and library are
the same, which the fingerprint tells. It holds text of the writer's, so it lies in the document's own log and goes
where that goes; only the last ones are kept.
"""

import zlib
from collections.abc import Iterable

import msgspec

from writer_app.engine.protocol import Generate, Loaded
from writer_app.story.records import Note

#: Of the notes in the log.
KIND = "asked"
#: Requests that a log keeps.
MOST = 100
#: Bytes of a request, packed, beyond which it is not kept; the longest prompt takes far fewer.
MOST_BYTES = 256 * 1024
#: Bytes of one that is unpacked: a log may have been written by anybody.
_LARGEST = 8 * 1024 * 1024


class Asked(msgspec.Struct, frozen=True):
    """What was asked.

    Attributes:
        request: As the engine got it; with the seed that was drawn.
        model: Name of the model.
        fingerprint: Of model and library.
    """

    request: Generate
    model: str = ""
    fingerprint: str = ""

    def is_repeatable_with(self, model: Loaded) -> bool:
        """Whether ``model`` would write the same again."""
        return bool(self.fingerprint) and self.fingerprint == model.fingerprint

    def again(self, request_id: int, alternative: int = 0) -> Generate:
        """The request for the same text once more.

        Args:
            request_id: Of the new request.
            alternative: Which of several answers, from 0.
        """
        seed = self.request.seed
        return msgspec.structs.replace(
            self.request,
            id=request_id,
            seed=None if seed is None else (seed + alternative) % 2**32,
            alternatives=1,
            repeatable=True,
            like="",
            project="",
        )


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Asked)


def note(source: str, asked: Asked) -> Note | None:
    """What a log keeps of ``asked``; ``None`` for what is too large. ``source`` names the request in the log."""
    packed = zlib.compress(_encoder.encode(asked), 6)
    if len(packed) > MOST_BYTES:
        return None
    return Note(KIND, {"id": source, "most": MOST, "packed": packed})


def find(entries: Iterable[object], source: str) -> Asked | None:
    """What a log says was asked for ``source``; ``None`` where it does not, or in a way that we do not know."""
    found: Asked | None = None
    for entry in entries:
        if not isinstance(entry, Note) or entry.kind != KIND:
            continue
        if not entry.data:
            found = None
        elif entry.data.get("id") == source:
            found = _unpacked(entry.data.get("packed"))
    return found


def _unpacked(packed: object) -> Asked | None:
    if not isinstance(packed, bytes):
        return None
    try:
        return _decoder.decode(zlib.decompressobj().decompress(packed, _LARGEST))
    except (zlib.error, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
