"""HTTP to one server: what it says as JSON, and answers that come as a stream of events.

A key goes to that server only: a redirect elsewhere is refused. This computer is never asked through a proxy.
"""

import contextlib
import json
import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.client import HTTPException, HTTPResponse, IncompleteRead
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from writer_app.errors import (
    N_,
    EndpointBusy,
    EndpointFailed,
    EndpointRefused,
    EndpointUnknown,
    EndpointUnreachable,
    WriterError,
)

#: Seconds a server may be silent: reading a long prompt takes its time.
PATIENCE = 300.0
#: Seconds to wait for what takes no computing.
QUICK = 10.0
#: The most of an explanation, or of an answer that is no stream, that is read.
_MOST = 1_000_000
_HTML, _CUT = N_("it sent a web page"), N_("the connection broke off")
_TOO_MUCH, _NO_JSON = N_("it sent too much"), N_("what it sent cannot be read")
_ELSEWHERE = N_("it points to another address")


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: the text and the key are for one server."""

    def redirect_request(self, *_args: object) -> None:
        return None


def root(address: str) -> str:
    """An address without what every path begins with."""
    return address.strip().rstrip("/").removesuffix("/v1")


def is_here(address: str) -> bool:
    """Whether an address is this computer's own."""
    host = urlsplit(address).hostname or ""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


class Refused(Exception):
    """The server did not want the request: its status and what it said of it."""

    def __init__(self, status: int, said: str) -> None:
        super().__init__(status, said)
        self.status, self.said = status, said


class Stream:
    """One answer while it comes; :meth:`close` may be called from any thread."""

    def __init__(self, wire: "Wire", path: str, body: dict[str, Any]) -> None:
        self._wire, self._path, self._body = wire, path, body
        self._answer: HTTPResponse | None = None
        self._is_closed = False

    def close(self) -> None:
        """Let the server stop; whoever reads finds the end."""
        self._is_closed = True
        raw = getattr(getattr(getattr(self._answer, "fp", None), "raw", None), "_sock", None)
        if raw is not None:
            with contextlib.suppress(OSError):  # it has ended by itself
                raw.shutdown(socket.SHUT_RDWR)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """The events until the end, or until it is closed. Raises a :class:`WriterError`, and :class:`Refused`."""
        try:
            with self._wire.ask(self._path, self._body, PATIENCE) as answer:
                self._answer = answer
                if not self._is_closed:
                    yield from _events(answer, self._wire.address)
        except (OSError, HTTPException) as problem:
            if not self._is_closed:
                raise self._wire.told(problem) from None
        except WriterError:
            if not self._is_closed:
                raise
        finally:
            self._answer = None


class Wire:
    """The way to one server.

    Args:
        address: ``http://host:port`` or ``https://...``, with or without ``/v1`` at its end.
        key: Sent as a bearer token; empty for none.
    """

    def __init__(self, address: str, key: str = "") -> None:
        self.address = root(address)
        self._key = key
        proxies = urllib.request.ProxyHandler({}) if is_here(self.address) else None
        self._opener = urllib.request.build_opener(*filter(None, (proxies, _Stay())))
        self._lock = threading.Lock()
        self._streams: set[Stream] = set()

    @contextlib.contextmanager
    def stream(self, path: str, body: dict[str, Any]) -> Iterator[Stream]:
        """An answer that can be closed, and is when it is left."""
        made = Stream(self, path, body)
        with self._lock:
            self._streams.add(made)
        try:
            yield made
        finally:
            made.close()
            with self._lock:
                self._streams.discard(made)

    def close(self) -> None:
        """Close all answers under way."""
        with self._lock:
            for each in self._streams:
                each.close()

    def json(self, path: str, body: dict[str, Any] | None = None) -> object:
        """What the server says at ``path``, asked with or without a body.

        Raises:
            WriterError: It cannot be reached, or what it says is no JSON.
            Refused: It does not know the path, or does not want the request.
        """
        try:
            with self.ask(path, body, QUICK) as answer:
                data = answer.read(_MOST + 1)
        except (OSError, HTTPException) as problem:
            raise self.told(problem) from None
        if len(data) > _MOST:
            raise EndpointFailed(address=self.address, reason=_TOO_MUCH)
        try:
            return json.loads(data)
        except (ValueError, RecursionError):
            raise EndpointFailed(address=self.address, reason=_no_json(data)) from None

    def ask(self, path: str, body: dict[str, Any] | None, patience: float) -> HTTPResponse:
        """Send a request. Raises :class:`Refused`, and what :meth:`told` understands."""
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        data = None if body is None else json.dumps(body).encode("utf-8", "replace")
        call = urllib.request.Request(self.address + path, data, headers)
        try:
            answer: HTTPResponse = self._opener.open(call, timeout=patience)
        except urllib.error.HTTPError as problem:
            with problem:
                said = problem.read(_MOST).decode("utf-8", "replace")
            raise Refused(problem.code, _explanation(said)) from None
        return answer

    def told(self, problem: Exception) -> WriterError:
        """What went wrong on the way, as an error for people."""
        if isinstance(problem, IncompleteRead | ConnectionResetError):
            return EndpointFailed(address=self.address, reason=_CUT)
        reason = getattr(problem, "reason", problem)
        said = getattr(reason, "strerror", None) or str(reason) or type(problem).__name__
        return EndpointUnreachable(address=self.address, reason=said)

    def judged(self, refused: Refused, model: str = "") -> WriterError:
        """What a refusal means, as an error for people."""
        where = {"address": self.address}
        if refused.status in (401, 403):
            return EndpointRefused(**where, detail=refused.said)
        if refused.status == 404:
            return EndpointUnknown(**where, model=model, detail=refused.said)
        if refused.status in (429, 503):
            return EndpointBusy(**where, detail=refused.said)
        if 300 <= refused.status < 400:
            return EndpointFailed(**where, reason=_ELSEWHERE)
        return EndpointFailed(**where, reason=refused.said or str(refused.status))


def _events(answer: HTTPResponse, address: str) -> Iterator[dict[str, Any]]:
    """Server-sent events: lines ``data: {...}``, the last one ``data: [DONE]``."""
    kind = answer.headers.get_content_type()
    if kind == "text/html":
        raise EndpointFailed(address=address, reason=_HTML)
    for line in answer:
        if not line.startswith(b"data:"):
            continue
        data = line[5:].strip()
        if data == b"[DONE]":
            return
        try:
            piece = json.loads(data)
        except (ValueError, RecursionError):
            raise EndpointFailed(address=address, reason=_NO_JSON) from None
        if not isinstance(piece, dict):
            raise EndpointFailed(address=address, reason=_NO_JSON)
        if piece.get("error"):
            raise EndpointFailed(address=address, reason=_explanation(json.dumps(piece)))
        yield piece


def _no_json(data: bytes) -> str:
    return _HTML if data.lstrip()[:1] == b"<" else _NO_JSON


def _explanation(said: str) -> str:
    """The sentence in what a server says of an error, at most 300 characters."""
    try:
        found = json.loads(said)
    except (ValueError, RecursionError):
        return "" if said.lstrip().startswith("<") else said.strip()[:300]
    for key in ("error", "message", "detail"):
        if isinstance(found, dict) and found.get(key):
            found = found[key]
    return str(found)[:300]
