"""A backend that asks an OpenAI-compatible server: llama-server, vLLM, Ollama, LM Studio.

Never started unless the user connected one; this and the download child are the only processes that may
open a socket. It speaks the same protocol as the real engine; what a server cannot tell is estimated and
said to be. Several answers are as many requests at once, each with a seed of its own, so that each can be had again;
servers read the beginning that they share once.
"""

import contextlib
import itertools
import math
import secrets
import sys
import threading
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any

from writer_app.engine.backend import Emit
from writer_app.engine.bans import Watch, compiled
from writer_app.engine.dialects import DIALECTS, PLAIN, Dialect, estimate
from writer_app.engine.outflow import Outflow
from writer_app.engine.protocol import (
    Alternative,
    Counted,
    Done,
    Ending,
    Generate,
    Load,
    Loaded,
    Loading,
    Machine,
    Read,
    Seconds,
    Text,
    Token,
)
from writer_app.engine.wire import Refused, Stream, Wire
from writer_app.errors import N_, EndpointFailed, TooLong, WriterError

#: Tokens of context where a server does not say how many it has.
_CONTEXT = 8_192
#: Models of a server that are told of, and characters of a name.
_OFFERED, _LONGEST_NAME = 200, 200
#: The most stop strings that servers take; all are looked for here anyway.
_STOPS = 4
_NO_GRAMMAR = N_("it cannot be held to a form, which outlines and the bible need")
#: What servers say of a path or of a field that they do not know.
_NAMED_WRONG = (400, 404, 405, 422, 501)


class EndpointBackend:
    """Asks the server at ``address`` (``http://host:port``), with ``key`` if it wants one."""

    name = "endpoint"

    def __init__(self, address: str, key: str = "") -> None:
        self._wire = Wire(address, key)
        self._model = ""
        self._context = _CONTEXT
        self._dialect = PLAIN
        self._is_plain = False  # the server refused what we took for its dialect
        self._stopped = False
        self._answers: dict[int, _Answer] = {}
        self._lock = threading.Lock()

    def read(self, request: Read, _emit: Emit) -> Done:
        """Nothing to read ahead."""
        return Done(id=request.id, reason=Ending.END)

    def save(self) -> None:
        """Nothing to keep."""

    def forget(self, _project: str) -> None:
        """Nothing to forget."""

    def drop(self, alternative: int) -> None:
        """End one of several answers."""
        with self._lock:
            if answer := self._answers.get(alternative):
                answer.stop()

    def cancel(self) -> None:
        """Close the connections: the server stops, and a read that waits for it ends."""
        self._stopped = True
        with self._lock:
            for each in self._answers.values():
                each.stop()
        self._wire.close()

    def ready(self) -> None:
        """Forget an earlier cancel."""
        self._stopped = False

    def load(self, request: Load, emit: Emit) -> Loaded:
        """Ask the server what it has; ``request.model`` is its name for the model, empty: its first one.

        Raises:
            EndpointFailed: Or one of its kinds, when it cannot be reached or does not have the model.
        """
        began = time.monotonic()
        found = self._models()
        names = [str(each.get("id", "")) for each in found]
        if request.model and names and request.model not in names:
            said = ", ".join(names[:20])
            raise self._wire.judged(Refused(404, said), request.model)
        self._model = request.model or next(iter(names), "")
        facts = next((each for each in found if each.get("id") == self._model), {})
        self._dialect = DIALECTS.get(str(facts.get("owned_by", "")).lower(), PLAIN)
        self._is_plain = False
        self._context = request.context or self._size(facts)
        emit(Loading(id=request.id, fraction=1.0))
        return Loaded(
            id=request.id,
            name=_short(self._model) or self._dialect.name,
            context=self._context,
            parameters=_whole(_inside(facts, "meta", "n_params")),
            has_template=True,
            has_infill=False,
            load_seconds=time.monotonic() - began,
            machine=Machine(library=self._dialect.name, server=self._wire.address),
            fingerprint=f"{self._wire.address} {self._model}",
            offered=tuple(name[:_LONGEST_NAME] for name in names[:_OFFERED] if name),
        )

    def count(self, texts: tuple[str, ...], request_id: int) -> Counted:
        """Counted by the server where it can, else estimated: a token per Han character, one per four others."""
        counting = self._dialect.counting
        try:
            if counting is None:
                raise Refused(404, "")
            counts = tuple(map(self._counted, texts))
        except Refused:
            return Counted(id=request_id, tokens=tuple(map(estimate, texts)), estimated=True)
        return Counted(id=request_id, tokens=counts)

    def generate(self, request: Generate, emit: Emit) -> Done:
        """Ask for completions (or chats) as streams of events."""
        prompt = "".join(part.text for part in request.parts)
        whole = prompt or "".join(turn.content for turn in request.chat)
        tokens = estimate(whole)
        if tokens + request.max_tokens > self._context:
            (tokens,) = self.count((whole,), request.id).tokens
        if request.grammar and not self._dialect.grammar:
            raise EndpointFailed(address=self._wire.address, reason=_NO_GRAMMAR)
        if (excess := tokens + request.max_tokens - self._context) > 0:
            raise TooLong(excess=excess, context=self._context)
        seed = request.seed if request.seed is not None else secrets.randbits(32)
        began = time.monotonic()
        answers = [
            _Answer(number, (seed + number) % 2**32, request, prompt, emit)
            for number in range(request.alternatives)
        ]
        with self._lock:
            self._answers = {each.number: each for each in answers}
        if self._stopped:
            self.cancel()
        try:
            with ThreadPoolExecutor(len(answers)) as threads:
                list(threads.map(self._write, answers))
        finally:
            with self._lock:
                self._answers = {}
        return self._done(answers, tokens, began)

    # -- inside ---------------------------------------------------------------------------------

    def _models(self) -> list[dict[str, Any]]:
        """What the server says of its models; nothing where it does not say."""
        try:
            said = self._wire.json("/v1/models")
        except Refused as refused:
            if refused.status not in _NAMED_WRONG:
                raise self._wire.judged(refused) from None
            return []
        found = said.get("data") if isinstance(said, dict) else None
        return [each for each in found or [] if isinstance(each, dict)]

    def _size(self, facts: dict[str, Any]) -> int:
        """Tokens that a prompt and its answer may have together."""
        size = _whole(facts.get("max_model_len"))
        if not size and self._dialect.name == "llama.cpp":
            # What the model was trained for is more than the server may have room for.
            with contextlib.suppress(Refused, EndpointFailed):
                props = self._wire.json("/props")
                size = _whole(_inside(props, "default_generation_settings", "n_ctx"))
        return size or _CONTEXT

    def _counted(self, text: str) -> int:
        counting = self._dialect.counting
        assert counting
        said = self._wire.json(counting.path, {"model": self._model, counting.text: text})
        found = said.get(counting.answer) if isinstance(said, dict) else None
        if isinstance(found, list):
            return len(found)
        if not isinstance(found, int):
            raise Refused(501, "")
        return found

    def _write(self, answer: "_Answer") -> None:
        """One answer; where it fails, the others end too."""
        try:
            self._write_on(answer)
        except WriterError:
            for each in self._answers.values():
                each.stop()
            raise

    def _write_on(self, answer: "_Answer") -> None:
        """Ask, and again behind what stands of the answer where something banned was written."""
        attempt = 0
        while True:
            try:
                self._ask(answer, attempt)
            except Refused as refused:
                if refused.status not in _NAMED_WRONG or self._is_plain or answer.began:
                    raise self._wire.judged(refused, self._model) from None
                sys.stderr.write(f"{self._dialect.name} refused: {refused.said}\n")
                self._is_plain = True  # perhaps it knows only what all of them do
                continue
            if not answer.goes_on:
                return
            attempt += 1

    def _ask(self, answer: "_Answer", attempt: int) -> None:
        request = answer.request
        path = "/v1/chat/completions" if request.chat else "/v1/completions"
        dialect = self._dialect
        if self._is_plain:
            dialect = replace(dialect, sampling=PLAIN.sampling, bans="", fixed={})
        body = _body(answer, attempt, self._model, dialect)
        if self._is_plain:
            body.pop("suffix", None)
        with self._wire.stream(path, body) as stream:
            answer.follow(stream)

    def _done(self, answers: list["_Answer"], tokens: int, began: float) -> Done:
        first = min((each.began for each in answers if each.began), default=began)
        known = [each.usage for each in answers]
        results = tuple(each.result() for each in answers)
        return Done(
            id=answers[0].request.id,
            reason=Ending.CANCELLED if self._stopped else results[0].reason,
            tokens_read=max(_whole(each.get("prompt_tokens")) for each in known) or tokens,
            tokens_reused=0,
            tokens_written=sum(each.tokens_written for each in results),
            seed=answers[0].seed,
            seconds=Seconds(read=first - began, write=time.monotonic() - first),
            alternatives=results if len(results) > 1 else (),
            bans_avoided=sum(each.bans_avoided for each in results),
            bans_passed=sum(each.bans_passed for each in results),
        )


@dataclass
class _Answer:
    """One answer while it comes.

    Attributes:
        number: Which of several, from 0.
        began: When its first word came; 0 before.
        kept: What of it stands.
        goes_on: It is to be asked for again, behind what is kept.
        usage: What the server says it has read and written.
    """

    number: int
    seed: int
    request: Generate
    prompt: str
    emit: Emit
    began: float = 0.0
    goes_on: bool = False
    written: int = 0
    ending: Ending | None = None
    usage: dict[str, Any] = field(default_factory=dict)
    _pieces: list[str] = field(default_factory=list)
    _tokens: list[Token] = field(default_factory=list)
    _stream: Stream | None = None
    _is_stopped: bool = False

    def __post_init__(self) -> None:
        bans = compiled(self.request.bans) if any(map(str.strip, self.request.bans)) else None
        self._watch = Watch(bans, self.prompt) if bans else None
        request = self.request
        self._outflow = Outflow(self.prompt, request.stop, request.until, request.soft, self._watch)

    @property
    def kept(self) -> str:
        """What of it stands: a server goes on behind it."""
        return "".join(self._pieces)

    def stop(self) -> None:
        """Let no more come."""
        self._is_stopped = True
        if self._stream:
            self._stream.close()

    def follow(self, stream: Stream) -> None:
        """Take what comes until it ends. Raises what :class:`Stream` raises."""
        self._stream, self.goes_on = stream, False
        if self._is_stopped:
            stream.close()
        finished = ""
        for piece in stream:
            self.usage = piece.get("usage") or self.usage
            choice = _choice(piece)
            finished = choice.get("finish_reason") or finished
            if words := _words(choice):
                self._take(words, _tokens(choice))
            if self._outflow.hit or self._outflow.ending or self._is_stopped:
                break
        if not (self._outflow.hit or self._outflow.ending):
            self._show(self._outflow.finish(at_once=self._is_stopped))
            self.ending = Ending.LENGTH if finished == "length" else Ending.END
        if self._outflow.hit and not self._is_stopped:
            self._go_back()

    def result(self) -> Alternative:
        """How it ended."""
        ending = self._outflow.ending or self.ending or Ending.END
        watch = self._watch
        return Alternative(
            reason=Ending.CANCELLED if self._is_stopped else ending,
            tokens_written=_whole(self.usage.get("completion_tokens")) or self.written,
            seed=self.seed,
            bans_avoided=watch.hits if watch else 0,
            bans_passed=watch.passed if watch else 0,
        )

    def _take(self, words: str, tokens: list[Token]) -> None:
        self.began = self.began or time.monotonic()
        self.written += len(tokens) or 1
        self._pieces.append(words)
        self._tokens += tokens
        self._show(self._outflow.feed(words.encode()))

    def _show(self, text: str) -> None:
        if text:
            tokens, self._tokens = tuple(self._tokens), []
            self.emit(Text(id=self.request.id, text=text, alternative=self.number, tokens=tokens))

    def _go_back(self) -> None:
        """To before what is banned; another seed may write something else there."""
        assert self._outflow.hit
        tokens = self._outflow.tokens_before(self._outflow.hit.start)
        self._outflow.rewind(tokens)
        del self._pieces[tokens:]
        self._tokens, self.goes_on = [], True


def _body(answer: _Answer, attempt: int, model: str, dialect: Dialect) -> dict[str, Any]:
    request, kept = answer.request, answer.kept
    body: dict[str, Any] = {
        "model": model,
        "stream": True,
        "stream_options": {"include_usage": True},
        "max_tokens": max(1, request.max_tokens - len(answer._pieces)),  # noqa: SLF001
        "seed": (answer.seed + attempt * 7919) % 2**32,
        **dialect.settings(request.sampling),
        **dialect.fixed,
    }
    if request.stop:
        body["stop"] = list(request.stop[:_STOPS])
    if request.bans and dialect.bans:
        body[dialect.bans] = [each for each in request.bans if each.strip() and each[0] != "/"]
    if request.grammar and dialect.grammar:
        inside: Any = request.grammar
        for name in reversed(dialect.grammar[1:]):
            inside = {name: inside}
        body[dialect.grammar[0]] = inside
    if request.chat:
        turns = [{"role": turn.role, "content": turn.content} for turn in request.chat]
        if kept and turns[-1]["role"] == "assistant":
            turns[-1]["content"] += kept
        elif kept:
            turns.append({"role": "assistant", "content": kept})
        body["messages"] = turns
        if request.probabilities:
            body |= {"logprobs": True, "top_logprobs": request.probabilities}
        return body
    body["prompt"] = answer.prompt + kept
    if request.suffix and dialect is PLAIN:
        body["suffix"] = request.suffix
    if request.probabilities:
        body["logprobs"] = request.probabilities
    return body


def _choice(piece: dict[str, Any]) -> dict[str, Any]:
    choices = piece.get("choices")
    first = choices[0] if isinstance(choices, list) and choices else {}
    return first if isinstance(first, dict) else {}


def _words(choice: dict[str, Any]) -> str:
    """The text in one event, of a completion or of a chat."""
    delta = choice.get("delta")
    found = choice.get("text") or (delta.get("content") if isinstance(delta, dict) else "")
    return found if isinstance(found, str) else ""


def _tokens(choice: dict[str, Any]) -> list[Token]:
    """What the server says of the tokens, in the older way of completions or in that of chats."""
    said = choice.get("logprobs")
    if not isinstance(said, dict):
        return []
    with contextlib.suppress(KeyError, TypeError, ValueError, OverflowError):
        if "content" in said:
            return [
                _token(
                    each["token"],
                    each["logprob"],
                    [(best["token"], best["logprob"]) for best in each.get("top_logprobs") or []],
                )
                for each in said["content"] or []
            ]
        best = said.get("top_logprobs") or itertools.repeat({})
        columns = zip(said["tokens"], said["token_logprobs"], best, strict=False)
        return [_token(text, own, (others or {}).items()) for text, own, others in columns]
    return []


def _token(text: str, own: float, best: Iterable[tuple[str, float]]) -> Token:
    likely = sorted(((str(word), math.exp(value)) for word, value in best), key=lambda b: -b[1])
    return Token(text=str(text), probability=math.exp(own), best=tuple(likely))


def _inside(found: object, *keys: str) -> object:
    for key in keys:
        found = found.get(key) if isinstance(found, dict) else None
    return found


def _whole(found: object) -> int:
    """A positive whole number, else 0: servers say all kinds of things."""
    return found if isinstance(found, int) and found > 0 else 0


def _short(model: str) -> str:
    """A model's name for people: servers often give a whole path."""
    return model.rstrip("/").rsplit("/", 1)[-1].removesuffix(".gguf")
