"""What the window (or a verb) and the download child say to each other.

As in :mod:`~writer_app.engine.protocol`: one JSON object per line, the child opens with
:class:`~writer_app.engine.protocol.Ready`, every event names the request it belongs to. A request ends with one of
:class:`Found`, :class:`Listed`, :class:`Fetched`, :class:`Stopped`, or
:class:`~writer_app.engine.protocol.Failed`. Sizes are bytes, times are seconds.
"""

from enum import StrEnum
from typing import Annotated, Literal, TypeAlias

import msgspec

from writer_app.engine.protocol import Event, Failed, Quit, Ready, Request

PROTOCOL_VERSION = 1
Count = Annotated[int, msgspec.Meta(ge=0)]
Positive = Annotated[float, msgspec.Meta(gt=0)]


class Source(msgspec.Struct, frozen=True):
    """Where models can be had.

    Attributes:
        kind: How it is asked: like Hugging Face, which its mirrors copy; like ModelScope; or a plain server, where a
            piece's path is its whole address and nothing can be searched or listed.
        address: ``https://host``; of a plain server empty.
    """

    kind: Literal["huggingface", "modelscope", "web"]
    address: str = ""


class Piece(msgspec.Struct, frozen=True):
    """One file of a model.

    Attributes:
        path: In its repository, or its address on a plain server.
        size: Bytes; 0 where that is not known.
        sha256: In lower-case hexadecimal; empty where it is not known.
    """

    path: str
    size: Count = 0
    sha256: str = ""


class Order(msgspec.Struct, frozen=True):
    """A model to be fetched.

    Attributes:
        pieces: Its files in order: one, or all parts of a split one.
        revision: A commit, so that it stays the same file; empty for the newest.
        save_as: Name of the file here, with its ending; of a split one, without the number. Empty: as there.
        replace: Take the place of a file that is there, to mend it.
    """

    source: Source
    pieces: tuple[Piece, ...]
    repository: str = ""
    revision: str = ""
    save_as: str = ""
    replace: bool = False


class ModelFile(msgspec.Struct, frozen=True):
    """A model as a repository has it: one file, or several that belong together.

    Attributes:
        name: For people: the path of its file, of a split one without the number.
    """

    name: str
    pieces: tuple[Piece, ...]

    @property
    def size(self) -> int:
        """Bytes of all pieces together."""
        return sum(piece.size for piece in self.pieces)


class Repository(msgspec.Struct, frozen=True):
    """What a search has found.

    Attributes:
        licence: As its makers name it; empty where they do not.
        gated: It is given only to those who accepted its terms.
        changed: Day of the last change, ``2026-01-31``; empty where unknown.
    """

    id: str
    licence: str = ""
    gated: bool = False
    downloads: int = 0
    likes: int = 0
    changed: str = ""


class Patience(msgspec.Struct, frozen=True):
    """How long to wait for what.

    Attributes:
        connect: For a connection.
        stall: For the next bytes.
        answer: For a list or a search altogether.
        tries: How often in a row something that may pass is tried again without any progress.
        first_wait: Before the first of them; each further one doubles it, up to ``longest_wait``.
        longest_wait: Also the longest that a server may ask for.
    """

    connect: Positive = 20.0
    stall: Positive = 30.0
    answer: Positive = 90.0
    tries: Count = 6
    first_wait: Positive = 1.0
    longest_wait: Positive = 330.0


class Setup(Request, frozen=True, tag="setup", kw_only=True):
    """The first request: what holds for all others. It has no answer.

    Attributes:
        proxy: ``http://name:password@host:port``; empty for what the system says.
        at_once: Models fetched side by side; others wait.
        reserve: Bytes that must stay free on the disk.
    """

    id: int = 0
    proxy: str = ""
    at_once: Annotated[int, msgspec.Meta(ge=1, le=8)] = 2
    reserve: Count = 2_000_000_000
    patience: Patience = Patience()


class Search(Request, frozen=True, tag="search", kw_only=True):
    """Look for repositories with GGUF files; answered by :class:`Found`.

    Attributes:
        words: Part of a name; empty for the ones fetched most.
        token: Access token of an account; sent to no other server than the source's.
    """

    source: Source
    words: str = ""
    limit: Annotated[int, msgspec.Meta(ge=1, le=200)] = 30
    token: str = ""


class Files(Request, frozen=True, tag="files", kw_only=True):
    """Ask for the models in a repository; answered by :class:`Listed`."""

    source: Source
    repository: str
    revision: str = ""
    token: str = ""


class Get(Request, frozen=True, tag="get", kw_only=True):
    """Fetch a model into a folder, or go on with what is there of it.

    Answered by :class:`Progress` and :class:`Told` events, last by :class:`Fetched`.
    """

    order: Order
    folder: str
    token: str = ""


class Pause(Request, frozen=True, tag="pause", kw_only=True):
    """End the request with this id; what was fetched is kept, and the same order again goes on with it."""


class Drop(Request, frozen=True, tag="drop", kw_only=True):
    """End the request with this id and delete what was fetched."""


class Found(Event, frozen=True, tag="found", kw_only=True):
    """Repositories, those fetched most first."""

    repositories: tuple[Repository, ...]


class Listed(Event, frozen=True, tag="listed", kw_only=True):
    """What a repository has.

    Attributes:
        commit: The state that was listed, as ``revision`` of an order.
        page: Where a person can read about it.
        left_out: GGUF files whose names are refused, or whose other parts are missing.
        architecture, context, parameters: Of the model, where the hub knows them.
    """

    repository: Repository
    commit: str
    models: tuple[ModelFile, ...]
    page: str = ""
    left_out: int = 0
    architecture: str = ""
    context: int = 0
    parameters: int = 0


class Phase(StrEnum):
    """What a download is doing."""

    QUEUED = "queued"
    ASKING = "asking"
    CHECKING = "checking"
    FETCHING = "fetching"
    WAITING = "waiting"


class Progress(Event, frozen=True, tag="progress", kw_only=True):
    """How far a download is.

    Attributes:
        done, total: Of all pieces together; total is 0 while it is not known. While checking: of what is checked.
        rate: Bytes a second, smoothed; 0 while nothing comes.
        seconds_left: Estimated; ``None`` where that cannot be said.
    """

    phase: Phase
    done: int = 0
    total: int = 0
    rate: float = 0.0
    seconds_left: float | None = None


class Told(Event, frozen=True, tag="told", kw_only=True):
    """Something a person should know, though the download goes on.

    Attributes:
        code, params: Of a :class:`~writer_app.errors.DownloadError`.
        again_in: Seconds until the next try; ``None`` where nothing failed.
    """

    code: str
    params: dict[str, str | int | float] = msgspec.field(default_factory=dict)
    again_in: float | None = None


class Fetched(Event, frozen=True, tag="fetched", kw_only=True):
    """The model is complete and in its place.

    Attributes:
        path: Of its file, the first one of a split one.
        proven: Each SHA-256 was known beforehand, and right.
    """

    path: str
    size: int
    sha256: tuple[str, ...]
    proven: bool


class Stopped(Event, frozen=True, tag="stopped", kw_only=True):
    """The request was ended; ``kept`` where the same order goes on with what was fetched."""

    kept: bool


AnyRequest: TypeAlias = Setup | Search | Files | Get | Pause | Drop | Quit
AnyEvent: TypeAlias = Ready | Found | Listed | Progress | Told | Fetched | Stopped | Failed

_requests: msgspec.json.Decoder[AnyRequest] = msgspec.json.Decoder(AnyRequest)
_events: msgspec.json.Decoder[AnyEvent] = msgspec.json.Decoder(AnyEvent)


def read_request(line: bytes) -> AnyRequest:
    """Decode a request. Raises ``msgspec.MsgspecError`` on anything that is none."""
    return _requests.decode(line)


def read_event(line: bytes) -> AnyEvent:
    """Decode an event. Raises ``msgspec.MsgspecError`` on anything that is none."""
    return _events.decode(line)


def is_last(event: AnyEvent) -> bool:
    """Whether a request has ended with this event."""
    return isinstance(event, Found | Listed | Fetched | Stopped | Failed)
