"""A backend that asks an OpenAI-compatible server: llama-server, vLLM, Ollama, LM Studio.

Never started unless the user connected one; this and the download child are the only processes that may
open a socket. It speaks the same protocol as the real engine; what a server cannot tell is estimated and
said to be.
"""

import json
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.client import HTTPException, HTTPResponse
from typing import Any

from writer_app.engine.backend import Emit
from writer_app.engine.outflow import Outflow
from writer_app.engine.protocol import (
    Counted,
    Done,
    Ending,
    Generate,
    Load,
    Loaded,
    Read,
    Sampling,
    Seconds,
    Text,
)
from writer_app.errors import EndpointFailed, TooLong

#: Seconds a server may be silent: reading a long prompt takes its time.
_PATIENCE = 300.0
_CONTEXT = 8_192
#: Sampler settings and the names servers know them by; others are left to the server's own defaults.
_NAMES = {
    "temperature": "temperature",
    "top_p": "top_p",
    "top_k": "top_k",
    "min_p": "min_p",
    "typical_p": "typical_p",
    "repeat_penalty": "repeat_penalty",
    "frequency_penalty": "frequency_penalty",
    "presence_penalty": "presence_penalty",
    "xtc_probability": "xtc_probability",
    "xtc_threshold": "xtc_threshold",
    "dry_multiplier": "dry_multiplier",
    "dry_base": "dry_base",
    "dry_allowed_length": "dry_allowed_length",
}


class EndpointBackend:
    """Asks the server at ``address`` (``http://host:port``), with ``key`` if it wants one."""

    name = "endpoint"

    def __init__(self, address: str, key: str = "") -> None:
        self._address = address.rstrip("/")
        self._key = key
        self._model = ""
        self._stopped = False
        self._answer: HTTPResponse | None = None

    def read(self, request: Read, _emit: Emit) -> Done:
        """Nothing to read ahead."""
        return Done(id=request.id, reason=Ending.END)

    def save(self) -> None:
        """Nothing to keep."""

    def forget(self, _project: str) -> None:
        """Nothing to forget."""

    def drop(self, alternative: int) -> None:
        """Nothing to end: a server is asked for one answer at a time."""

    def cancel(self) -> None:
        """Close the connection: the server stops, and a read that waits for it ends."""
        self._stopped = True
        answer = self._answer
        if answer is not None and answer.fp is not None:
            raw = getattr(getattr(answer.fp, "raw", None), "_sock", None)
            if raw is not None:
                try:
                    raw.shutdown(socket.SHUT_RDWR)
                except OSError:
                    return  # it has ended by itself

    def ready(self) -> None:
        """Forget an earlier cancel."""
        self._stopped = False

    def load(self, request: Load, emit: Emit) -> Loaded:
        """Nothing is loaded here; ``request.model`` is the server's name for the model."""
        self._model = request.model
        return Loaded(id=request.id, name=self._model, context=request.context or _CONTEXT)

    def count(self, texts: tuple[str, ...], request_id: int) -> Counted:
        """Estimated: a token per Han character, one per four other characters."""
        return Counted(id=request_id, tokens=tuple(map(_estimate, texts)), estimated=True)

    def generate(self, request: Generate, emit: Emit) -> Done:
        """Ask for a completion (or a chat) as a stream of events."""
        prompt = "".join(part.text for part in request.parts)
        tokens = _estimate(prompt)
        if tokens + request.max_tokens > 8 * _CONTEXT:
            raise TooLong(excess=tokens + request.max_tokens - 8 * _CONTEXT, context=8 * _CONTEXT)
        outflow = Outflow(prompt, request.stop, request.until, request.soft)
        began = time.monotonic()
        first = 0.0
        usage: dict[str, Any] = {}
        written = 0
        ending = Ending.END
        for piece in self._stream(request, prompt):
            if self._stopped:
                break
            usage = piece.get("usage") or usage
            words, finished = _words(piece)
            if not first and words:
                first = time.monotonic()
            if finished == "length":
                ending = Ending.LENGTH
            if words:
                written += 1
                text = outflow.feed(words.encode())
                if text:
                    emit(Text(id=request.id, text=text))
                if outflow.ending is not None:
                    ending = outflow.ending
                    break
        if outflow.ending is None and (rest := outflow.finish()):
            emit(Text(id=request.id, text=rest))
        return Done(
            id=request.id,
            reason=Ending.CANCELLED if self._stopped else ending,
            tokens_read=int(usage.get("prompt_tokens", tokens)),
            tokens_written=int(usage.get("completion_tokens", written)),
            seed=request.seed or 0,
            seconds=Seconds(
                read=(first or began) - began, write=time.monotonic() - (first or began)
            ),
        )

    def _stream(self, request: Generate, prompt: str) -> Iterator[dict[str, Any]]:
        path = "/v1/chat/completions" if request.chat else "/v1/completions"
        headers = {"Content-Type": "application/json", "Accept": "text/event-stream"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        body = json.dumps(_body(request, prompt, self._model)).encode()
        call = urllib.request.Request(self._address + path, body, headers)
        try:
            with urllib.request.urlopen(call, timeout=_PATIENCE) as answer:
                self._answer = answer
                yield from _events(answer)
        except urllib.error.HTTPError as problem:
            raise EndpointFailed(
                address=self._address, reason=f"{problem.code} {problem.reason}"
            ) from None
        except (OSError, HTTPException, ValueError) as problem:
            if not self._stopped:
                raise EndpointFailed(address=self._address, reason=str(problem)) from None
        finally:
            self._answer = None


def _events(answer: HTTPResponse) -> Iterator[dict[str, Any]]:
    """Server-sent events: lines ``data: {...}``, the last one ``data: [DONE]``."""
    for line in answer:
        if not line.startswith(b"data:"):
            continue
        data = line[5:].strip()
        if data == b"[DONE]":
            return
        piece = json.loads(data)
        if "error" in piece:
            raise ValueError(str(piece["error"]))
        yield piece


def _words(piece: dict[str, Any]) -> tuple[str, str]:
    """(text, reason of the end) of one event, of a completion or of a chat."""
    choices = piece.get("choices") or [{}]
    choice = choices[0]
    text = choice.get("text") or (choice.get("delta") or {}).get("content") or ""
    return text, choice.get("finish_reason") or ""


def _body(request: Generate, prompt: str, model: str) -> dict[str, Any]:
    neutral = Sampling()
    settings = {
        name: getattr(request.sampling, ours)
        for ours, name in _NAMES.items()
        if getattr(request.sampling, ours) != getattr(neutral, ours) or ours == "temperature"
    }
    body: dict[str, Any] = {
        "model": model,
        "stream": True,
        "stream_options": {"include_usage": True},
        "max_tokens": request.max_tokens,
        **settings,
    }
    if request.stop:
        body["stop"] = list(
            request.stop[:4]
        )  # the most that servers take; ours are checked here anyway
    if request.seed is not None:
        body["seed"] = request.seed
    if request.grammar:
        body["grammar"] = request.grammar
    if request.chat:
        body["messages"] = [{"role": turn.role, "content": turn.content} for turn in request.chat]
    else:
        body["prompt"] = prompt
        if request.suffix:
            body["suffix"] = request.suffix
    return body


def _estimate(text: str) -> int:
    han = sum(1 for character in text if "\u3000" <= character <= "\u9fff")
    return han + -(-(len(text) - han) // 4)
