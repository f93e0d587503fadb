"""What the window (or a verb) and the engine child say to each other.

One JSON object per line, a ``type`` tag first, UTF-8. The child opens with :class:`Ready`, which carries
the protocol version. Every request has an ``id`` chosen by the asking side; every event names the id it
belongs to, so late ones can be dropped. No field that only llama.cpp could fill is mandatory, because a
server behind an endpoint speaks the same protocol.

Text is plain Unicode. Counts are tokens, times are seconds, unless a field says otherwise.
"""

from enum import StrEnum
from typing import Annotated, TypeAlias

import msgspec

PROTOCOL_VERSION = 1
#: No number without end: JSON cannot say it, nor does a sampler need it.
_MOST = 1e6
NonNegative = Annotated[float, msgspec.Meta(ge=0, le=_MOST)]
Finite = Annotated[float, msgspec.Meta(ge=-_MOST, le=_MOST)]
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]


class Part(msgspec.Struct, frozen=True):
    """A piece of the prompt; parts are read in order, joined without anything between.

    Attributes:
        id: Names the piece for the context viewer, e.g. ``"text"`` or ``"note"``.
        stability: How rarely the piece changes, 0 = every request; stable parts stand first.
        text: The piece itself.
    """

    id: str
    text: str
    stability: int = 0


class Message(msgspec.Struct, frozen=True):
    """One turn for the model's chat template."""

    role: str
    content: str


class Until(StrEnum):
    """Where an answer ends by itself, apart from its length."""

    LENGTH = "length"
    SENTENCE = "sentence"
    PARAGRAPH = "paragraph"


class Sampling(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the next token is drawn. Defaults are neutral: each value switches its sampler off.

    The names and their meaning are llama.cpp's. ``order`` lists the samplers of the chain; one that is
    switched off costs nothing. ``temperature`` 0 means greedy. Mirostat v2 replaces the whole chain
    below the penalties when ``mirostat_tau`` > 0.
    """

    temperature: Annotated[float, msgspec.Meta(ge=0, le=5)] = 0.8
    top_k: Annotated[int, msgspec.Meta(ge=0)] = 0
    top_p: Share = 1.0
    min_p: Share = 0.0
    typical_p: Share = 1.0
    top_n_sigma: Finite = -1.0
    xtc_probability: Share = 0.0
    xtc_threshold: Share = 0.1
    dry_multiplier: NonNegative = 0.0
    dry_base: Annotated[float, msgspec.Meta(ge=1, le=_MOST)] = 1.75
    dry_allowed_length: Annotated[int, msgspec.Meta(ge=1)] = 2
    dry_last_n: Annotated[int, msgspec.Meta(ge=-1)] = -1
    dry_breakers: tuple[str, ...] = ("\n", ":", '"', "*")
    repeat_penalty: Annotated[float, msgspec.Meta(gt=0, le=10)] = 1.0
    frequency_penalty: Annotated[float, msgspec.Meta(ge=-10, le=10)] = 0.0
    presence_penalty: Annotated[float, msgspec.Meta(ge=-10, le=10)] = 0.0
    penalty_last_n: Annotated[int, msgspec.Meta(ge=-1)] = 64
    mirostat_tau: NonNegative = 0.0
    mirostat_eta: Share = 0.1
    logit_bias: dict[str, Finite] = {}
    order: tuple[str, ...] = (
        "penalties",
        "dry",
        "top_n_sigma",
        "top_k",
        "typical_p",
        "top_p",
        "min_p",
        "xtc",
        "temperature",
    )


class Request(msgspec.Struct, frozen=True, tag_field="type", kw_only=True):
    """Base of what is asked of the child."""

    id: int


class Load(Request, frozen=True, tag="load", kw_only=True):
    """Load a model and make a context; answered by :class:`Loading` events, then :class:`Loaded`.

    Attributes:
        model: Path of the GGUF file (or the server's model name, for an endpoint).
        context: Context size in tokens; 0 takes what the model was trained for, at most 8,192.
        threads: Always so many; 0 lets the engine choose, by measuring while it writes.
        gpu_layers: Layers for graphics processors, -1: as many as fit; 0 leaves them alone altogether.
        avoid: Variants of the processor's code that are not to be used.
        proven: Variants that need no trial.
    """

    model: str
    context: Annotated[int, msgspec.Meta(ge=0)] = 0
    threads: Annotated[int, msgspec.Meta(ge=0)] = 0
    gpu_layers: Annotated[int, msgspec.Meta(ge=-1)] = -1
    avoid: tuple[str, ...] = ()
    proven: tuple[str, ...] = ()


class Count(Request, frozen=True, tag="count", kw_only=True):
    """Ask how many tokens each text takes; answered by :class:`Counted`."""

    texts: tuple[str, ...]


class Generate(Request, frozen=True, tag="generate", kw_only=True):
    """Continue the joined ``parts``, or answer ``chat``.

    Attributes:
        parts: The prompt in reading order. For plain continuation the last one ends at the caret.
        chat: Turns for the model's chat template instead of ``parts``; its last turn may be the
            assistant's own beginning.
        suffix: Text after the caret, for models with infill tokens; others ignore it.
        max_tokens: Hard limit of tokens written.
        min_tokens: No end-of-text before this many tokens.
        until: Where to end by itself; a sentence or paragraph end counts from half of ``max_tokens`` on
            (paragraph, and a sentence with ``max_tokens`` as a mere safety net: from the start, see ``soft``).
        soft: Tokens from which on an end named by ``until`` is taken.
        stop: The answer ends before any of these strings; they never appear.
        seed: Random seed; ``None`` draws one, reported in :class:`Done`.
        repeatable: Same seed, same text: one evaluation shape, no reuse of tokens the text alone would not give.
        probabilities: Number of best alternatives reported per token, 0 to 10; 0 reports none.
        grammar: GBNF; empty for none.
        alternatives: Answers written at once, 1 to 8, each with a seed of its own: ``seed``, ``seed + 1`` ...
        project: What is read belongs to this project, and may be kept on disk for it; empty for none.
        like: Text that the answer is expected to resemble (the passage to be rewritten); it makes the answer
            come faster, never different.
        bans: Phrases, and regular expressions written ``/.../``, that the answer must not contain; see
            :class:`~writer_app.engine.bans.Bans`.
        saving: Use half the threads at most, because the machine runs on its battery.
    """

    parts: tuple[Part, ...] = ()
    chat: tuple[Message, ...] = ()
    suffix: str = ""
    sampling: Sampling = Sampling()
    max_tokens: Annotated[int, msgspec.Meta(ge=1)] = 200
    min_tokens: Annotated[int, msgspec.Meta(ge=0)] = 0
    until: Until = Until.LENGTH
    soft: Annotated[int, msgspec.Meta(ge=0)] = 0
    stop: tuple[str, ...] = ()
    seed: Annotated[int, msgspec.Meta(ge=0, lt=2**32)] | None = None
    repeatable: bool = False
    probabilities: Annotated[int, msgspec.Meta(ge=0, le=10)] = 0
    grammar: str = ""
    alternatives: Annotated[int, msgspec.Meta(ge=1, le=8)] = 1
    project: str = ""
    like: str = ""
    bans: tuple[str, ...] = ()
    saving: bool = False


class Read(Request, frozen=True, tag="read", kw_only=True):
    """Read a prompt quietly, so that a :class:`Generate` that goes on with it finds it read.

    Answered by :class:`Done`. It runs on half the threads, and any other request ends it at once.
    """

    parts: tuple[Part, ...] = ()
    chat: tuple[Message, ...] = ()
    project: str = ""


class Save(Request, frozen=True, tag="save", kw_only=True):
    """Keep what was read for projects on disk now; answered by :class:`Done`. Otherwise it happens at rest."""


class Forget(Request, frozen=True, tag="forget", kw_only=True):
    """Forget what was read for a project, in memory and on disk; answered by :class:`Done`."""

    project: str


class Cancel(Request, frozen=True, tag="cancel", kw_only=True):
    """End the request with this id in whatever phase it is; it still ends with :class:`Done`.

    Attributes:
        alternative: End only this one of several; ``None`` ends all.
    """

    alternative: int | None = None


class Quit(Request, frozen=True, tag="quit", kw_only=True):
    """Leave; end of standard input does the same."""


class Event(msgspec.Struct, frozen=True, tag_field="type", kw_only=True):
    """Base of what the child says; ``id`` is 0 where no request is meant."""

    id: int = 0


class Ready(Event, frozen=True, tag="ready", kw_only=True):
    """The first line of a child."""

    version: int
    backend: str


class Alive(Event, frozen=True, tag="alive", kw_only=True):
    """Heartbeat, once a second, from a thread of its own."""


class Loading(Event, frozen=True, tag="loading", kw_only=True):
    """How much of the model is loaded, 0 to 1."""

    fraction: float


class Trying(Event, frozen=True, tag="trying", kw_only=True):
    """What will compute: said before it does anything, so that it is known of what the child died.

    Attributes:
        variant: Of the processor's code; empty where the build has only one.
        graphics: The graphics processors, or the drivers about to be loaded; empty: none.
    """

    variant: str = ""
    graphics: str = ""


class Machine(msgspec.Struct, frozen=True):
    """What computes, for people.

    Attributes:
        library: Name and version of what runs the model.
        system: Its own account of the processor's abilities it uses.
        variant: Of the processor's code; empty where the build has only one.
        threads: How many; 0 where that is not known.
        graphics: The graphics processors that hold layers; empty: none.
        layers: How many of ``all_layers`` they hold.
        graphics_free: Bytes of memory that each of them had free before.
        graphics_failed: Why there is none, where it was tried; filled in by the client.
        sandbox: What the child is held to by the kernel: "full" (its files, no network, no other program),
            "network" (any file), or empty: nothing.
        server: Address of the server that computes; empty: this machine does.
    """

    library: str = ""
    system: str = ""
    variant: str = ""
    threads: int = 0
    graphics: str = ""
    layers: int = 0
    all_layers: int = 0
    graphics_free: tuple[int, ...] = ()
    graphics_failed: str = ""
    sandbox: str = ""
    server: str = ""


class Loaded(Event, frozen=True, tag="loaded", kw_only=True):
    """The model is ready.

    Attributes:
        name: Name for people, from the file's metadata, else the file name.
        context: Size of the context in tokens.
        parameters: How many numbers it has learnt; 0 where that is not known.
        languages: Languages the model's makers declare, as ISO codes; empty when they declare none.
        has_template: A chat template is present.
        has_infill: Tokens for filling in the middle are present.
        can_rewind: The cache can go back to any earlier token (false: sliding window, recurrent, hybrid).
        load_seconds: Time the load took.
        machine: What computes.
        fingerprint: Names the file and the library: where it is the same, so is what is written with a seed.
        begin: The control token that is put before every text; empty for none.
        offered: Names of the models that a server has; empty where a file was loaded.
    """

    name: str
    context: int
    parameters: int = 0
    languages: tuple[str, ...] = ()
    has_template: bool = False
    has_infill: bool = False
    can_rewind: bool = True
    load_seconds: float = 0.0
    machine: Machine = Machine()
    fingerprint: str = ""
    begin: str = ""
    offered: tuple[str, ...] = ()


class Counted(Event, frozen=True, tag="counted", kw_only=True):
    """Tokens of each text, and how many of them are mere pieces of characters.

    Attributes:
        tokens: One count per text, without BOS.
        fragments: Tokens that are no whole characters; a model that must spell a text in such
            fragments was not trained to write it.
        estimated: The backend cannot count and guessed.
    """

    tokens: tuple[int, ...]
    fragments: tuple[int, ...] = ()
    estimated: bool = False


class Reading(Event, frozen=True, tag="reading", kw_only=True):
    """Prompt evaluation: ``done`` of ``total`` tokens that had to be read; ``seconds`` left, estimated."""

    done: int
    total: int
    seconds_left: float | None = None


class Token(msgspec.Struct, frozen=True):
    """One token as the model saw it: its text, its probability, and the best alternatives with theirs."""

    text: str
    probability: float
    best: tuple[tuple[str, float], ...] = ()


class Text(Event, frozen=True, tag="text", kw_only=True):
    """More of an answer; pieces join to the answer without anything between.

    Attributes:
        alternative: Which of the answers, from 0.
    """

    text: str
    alternative: int = 0
    tokens: tuple[Token, ...] = ()


class Seconds(msgspec.Struct, frozen=True):
    """Where the time went: prompt evaluation and decoding."""

    read: float = 0.0
    write: float = 0.0


class Ending(StrEnum):
    """Why an answer ended."""

    END = "end"
    SENTENCE = "sentence"
    PARAGRAPH = "paragraph"
    LENGTH = "length"
    STOP = "stop"
    CANCELLED = "cancelled"


class Alternative(msgspec.Struct, frozen=True):
    """How one of several answers ended.

    Attributes:
        fit: How likely it makes the text behind the caret: mean natural logarithm of the probability of a
            token there. ``None`` where that was not asked for or cannot be had.
        bans_avoided: How often it went back because of something banned.
        bans_passed: How often something banned was let pass, because hardly anything else could be written.
    """

    reason: Ending
    tokens_written: int
    seed: int
    fit: float | None = None
    bans_avoided: int = 0
    bans_passed: int = 0


class Done(Event, frozen=True, tag="done", kw_only=True):
    """The answer is complete.

    Attributes:
        tokens_read: Prompt tokens that had to be evaluated or forced; with ``tokens_reused`` they are
            the prompt's tokens with BOS.
        tokens_reused: Prompt tokens found in the cache.
        tokens_written: Tokens of the answer, without end tokens; of all alternatives together.
        decode_calls: Calls of ``llama_decode``.
        seed: The seed that gives this answer again.
        alternatives: How each of several ended, in order; empty where one was asked for.
        bans_avoided, bans_passed: Of all alternatives together.
        threads: How many the engine has found to be best; 0 while it has not, or where it does not choose.
    """

    reason: Ending
    tokens_read: int = 0
    tokens_reused: int = 0
    tokens_written: int = 0
    decode_calls: int = 0
    seed: int = 0
    seconds: Seconds = Seconds()
    alternatives: tuple[Alternative, ...] = ()
    bans_avoided: int = 0
    bans_passed: int = 0
    threads: int = 0


class Failed(Event, frozen=True, tag="failed", kw_only=True):
    """The request failed; ``code`` and ``params`` rebuild a :class:`writer_app.errors.WriterError`."""

    code: str
    params: dict[str, str | int | float] = {}
    detail: str = ""


AnyRequest: TypeAlias = Load | Count | Generate | Read | Save | Forget | Cancel | Quit
AnyEvent: TypeAlias = (
    Ready | Alive | Trying | Loading | Loaded | Counted | Reading | Text | Done | Failed
)


class _Numbered(msgspec.Struct):
    id: int = 0


_encoder = msgspec.json.Encoder()
_requests: msgspec.json.Decoder[AnyRequest] = msgspec.json.Decoder(AnyRequest)
_events: msgspec.json.Decoder[AnyEvent] = msgspec.json.Decoder(AnyEvent)
_numbered = msgspec.json.Decoder(_Numbered)


def to_line(message: Request | Event) -> bytes:
    """Encode one message as a line, newline included."""
    return _encoder.encode(message) + b"\n"


def read_request(line: bytes) -> AnyRequest:
    """Decode a request. Raises ``msgspec.MsgspecError`` on anything that is none."""
    return _requests.decode(line)


def id_in(line: bytes) -> int:
    """The id in a request that :func:`read_request` refuses, so that whoever waits is answered; else 0."""
    try:
        return _numbered.decode(line).id
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return 0


def read_event(line: bytes) -> AnyEvent:
    """Decode an event. Raises ``msgspec.MsgspecError`` on anything that is none."""
    return _events.decode(line)
