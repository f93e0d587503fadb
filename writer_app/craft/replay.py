"""What was asked of a model, kept so that it can be asked again: the exact parts, the sampling, the seed.

Asked again it is in repeatable mode: the same request gives the same tokens then, as long as model and library are
the same, which the fingerprint tells. That holds for what was written alone, in that mode or not (10 of 10 with the
starter model); one of several written in a batch comes out otherwise (0 of 15), and the same from then on. It holds
text of the writer's, so it lies in the document's own log and goes where that goes; only the last ones are kept.
"""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from writer_app.craft.context import CountTokens
from writer_app.craft.continuation import Ask, lead
from writer_app.craft.layout import Layout
from writer_app.craft.question import Plan
from writer_app.engine.protocol import Generate, Loaded
from writer_app.errors import OtherEngine, OtherModel
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


@dataclass(frozen=True)
class Again:
    """A :class:`~writer_app.craft.question.Question` that asks once more what was asked before.

    Attributes:
        asked: What was.
        alternative: Which of its answers, from 0.
        ask: Where the answer goes now, and with which model.
        despite: Also where another model or engine answers, which will write something else.
    """

    asked: Asked
    alternative: int
    ask: Ask
    despite: bool = False

    @property
    def model(self) -> str:
        """That of today: a path of then may be gone."""
        return self.ask.model

    @property
    def languages(self) -> tuple[str, ...]:
        """Those of the text."""
        return self.ask.languages

    @property
    def sample(self) -> str:
        """Not looked at."""
        return ""

    @property
    def anyway(self) -> bool:
        """It was answered once, whatever language it is in."""
        return True

    @property
    def project(self) -> str:
        """Nothing of it is kept: it is read anew each time."""
        return ""

    def plan(
        self,
        model: Loaded,
        count: CountTokens,
        request_id: int,
        pace: float | None = None,
        earlier: tuple[Layout, ...] = (),
    ) -> Plan:
        """The request as it was.

        Raises:
            OtherModel, OtherEngine: The answer would be another one; not with ``despite``.
        """
        del count, pace
        if not self.despite and not self.asked.is_repeatable_with(model):
            if self.asked.model != model.name:
                raise OtherModel(then=self.asked.model, now=model.name)
            raise OtherEngine(model=model.name)
        before = lead(*self.ask.manuscript)
        return Plan(self.asked.again(request_id, self.alternative), before, earlier)


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
