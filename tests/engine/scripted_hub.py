"""A hub on loopback that does what a script says: lists models and serves them, and fails in every way a real one may.

It speaks as Hugging Face does (``/api/models``, ``/OWNER/NAME/resolve/…`` that leads on to ``/cdn/…``) and as
ModelScope does. ``faults`` holds one entry for each of the next answers with bytes of a file; without one the answer
is right. It counts what it sent.
"""

import contextlib
import hashlib
import json
import os
import random
import re
import socket
import ssl
import tempfile
import threading
import urllib.parse
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from unittest import mock

from writer_app.engine.download_protocol import Order, Patience, Piece, Source

COMMIT = "0123456789abcdef0123456789abcdef01234567"
REPOSITORY = "someone/tales-GGUF"
#: Of nobody: made for these tests, so that a certificate can be refused.
_CERTIFICATE = """\
-----BEGIN CERTIFICATE-----
MIIBfzCCASWgAwIBAgIUKpl2Se+6pqoOg0na6To0zVkorK4wCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMjIxMDAxOVoYDzIxMjYxMDI5
MjEwMDE5WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAQOTr8P4igPhqEYP5Isj2FIA0Izq6bZBusR+caLKYDd5AfRlqXQ/c/B
36JrhW5YdpEOYPGSOEyp3LcEP70UV3dyo1MwUTAdBgNVHQ4EFgQURfd6xoJkrX/t
mgdTNNGLZdnSoR4wHwYDVR0jBBgwFoAURfd6xoJkrX/tmgdTNNGLZdnSoR4wDwYD
VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiBZpWHoaZrlPBFZKSq9Vxfl
w+uTzeRTEnsuXw6/JsJVNgIhAL9Su9Y7o+M6ycNQAEHh33XTr8PB09RK1YiWHpRh
Xtd7
-----END CERTIFICATE-----
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgGQZSffbniHzITsLI
mUMxybC/2fPyGIHSpd3jJthPPQGhRANCAAQOTr8P4igPhqEYP5Isj2FIA0Izq6bZ
BusR+caLKYDd5AfRlqXQ/c/B36JrhW5YdpEOYPGSOEyp3LcEP70UV3dy
-----END PRIVATE KEY-----
"""


def model(size: int, seed: int = 0) -> bytes:
    """Bytes that look like a model file."""
    return b"GGUF" + random.Random(seed).randbytes(size - 4)


@dataclass(frozen=True)
class Fault:
    """What is wrong with one answer.

    Attributes:
        status: Instead of 200 or 206, without the file.
        headers: Besides the right ones, or instead of them.
        body: Instead of the file.
        cut: Break off after so many bytes of this answer.
        stall: Fall silent after so many bytes, until the test is over.
        ignores_range: Answer 200 with all of it.
        etag: Another one from now on.
        wrong: Send other bytes than it has.
        length: What Content-Length says.
        more: Bytes behind the end, without saying how many there are.
    """

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    cut: int = -1
    stall: int = -1
    ignores_range: bool = False
    etag: str = ""
    wrong: bool = False
    length: int = -1
    more: bytes = b""


class Hub:
    """The hub: what it has, what it will do wrong, and what it was asked.

    Attributes:
        files: Path in the repository and bytes.
        asked: Method, path and headers of each request.
        sent: Where each answer with bytes of a file began, and how many were handed to the system.
        pace: Seconds of waiting after each piece of an answer.
        head: What is wrong with the answer about a file, before any of it is asked for.
    """

    def __init__(self, files: dict[str, bytes], scheme: str) -> None:
        self.files = files
        self.faults: deque[Fault] = deque()
        self.head: Fault | None = None
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        self.sent: list[tuple[int, int]] = []
        self.pace = 0.0
        self.info: dict[str, object] = {}
        self.names_hash = True
        self.token = ""
        self.etag = ""
        self.over = threading.Event()
        self.address = ""
        self.scheme = scheme

    @property
    def bytes_from(self) -> str:
        """Where it leads on to."""
        return f"{self.address.replace('127.0.0.1', 'localhost')}/cdn"

    @property
    def source(self) -> Source:
        """This hub, as Hugging Face."""
        return Source("huggingface", self.address)

    @property
    def modelscope(self) -> Source:
        """This hub, as ModelScope."""
        return Source("modelscope", self.address)

    def order(self, *paths: str, **more: object) -> Order:
        """An order of these files, with all that is known of them."""
        pieces = tuple(
            Piece(path, len(self.files[path]), hashlib.sha256(self.files[path]).hexdigest())
            for path in paths
        )
        return Order(self.source, pieces, REPOSITORY, COMMIT, **more)

    def plain(self, path: str, **known: object) -> Order:
        """An order by address, of which nothing is known unless it is said."""
        return Order(Source("web"), (Piece(f"{self.address}/cdn/{path}", **known),))

    @property
    def bytes_sent(self) -> int:
        """Of files, all answers together."""
        return sum(count for _start, count in self.sent)


class _Handler(BaseHTTPRequestHandler):
    hub: Hub
    protocol_version = "HTTP/1.1"

    def setup(self) -> None:
        # What waits in the system's buffers counts as sent: let it be little.
        self.request.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65_536)
        super().setup()

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_PUT(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self._note()
        name = asked["Name"].partition(" ")[0]
        found = [{"Path": "someone", "Name": "tales-GGUF", "Downloads": 5, "Stars": 2}]
        models = found if name in "tales-GGUF" else []
        self._json({"Code": 200, "Data": {"Model": {"Models": models}}})

    def do_GET(self) -> None:
        self._note()
        with contextlib.suppress(OSError):  # the client may hang up, that is what cancel does
            path = urllib.parse.unquote(urllib.parse.urlsplit(self.path).path)
            if path == "/api/models":
                self._json([self._info()])
            elif path.startswith("/api/models/"):
                self._json(self._info())
            elif path.startswith("/api/v1/models/"):
                self._json(self._modelscope(path))
            elif found := re.fullmatch(r"/(?:models/)?[^/]+/[^/]+/resolve/[^/]+/(.+)", path):
                self._lead_on(found[1])
            elif path.startswith("/cdn/"):
                self._serve(path.removeprefix("/cdn/"))
            else:
                self._plain(404)

    def _note(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.hub.asked.append((self.command, self.path, headers))

    def _info(self) -> dict[str, object]:
        siblings = [
            {
                "rfilename": path,
                "size": len(data),
                "lfs": {"size": len(data), "sha256": _hash(data), "pointerSize": 130},
            }
            for path, data in self.hub.files.items()
        ]
        return {
            "id": REPOSITORY,
            "sha": COMMIT,
            "siblings": siblings,
            "gated": False,
            "downloads": 5,
            "likes": 2,
            "lastModified": "2026-01-31T10:00:00.000Z",
            "tags": ["gguf", "license:apache-2.0"],
            "gguf": {"total": 135_000_000, "architecture": "llama", "context_length": 8192},
        } | self.hub.info

    def _modelscope(self, path: str) -> dict[str, object]:
        if not path.endswith("/repo/files"):
            return {"Code": 200, "Data": {"License": "Apache License 2.0", "Downloads": 5}}
        files = [
            {"Path": path, "Size": len(data), "Sha256": _hash(data), "Type": "blob"}
            for path, data in self.hub.files.items()
        ]
        return {"Code": 200, "Data": {"Files": [*files, {"Path": "folder", "Type": "tree"}]}}

    def _lead_on(self, name: str) -> None:
        fault = self.hub.head
        if self.hub.token and self.headers.get("Authorization") != f"Bearer {self.hub.token}":
            fault = Fault(status=401, headers={"X-Error-Code": "GatedRepo"})
        if fault is not None:
            self._plain(fault.status or 200, fault.headers, fault.body)
        elif name not in self.hub.files:
            self._plain(404, {"X-Error-Code": "EntryNotFound"})
        else:
            data = self.hub.files[name]
            headers = {
                # Another server as far as tokens go, as it is in the world.
                "Location": f"{self.hub.bytes_from}/{urllib.parse.quote(name)}?signature=secret",
                "X-Repo-Commit": COMMIT,
                "X-Linked-Size": str(len(data)),
            }
            if self.hub.names_hash:
                headers["X-Linked-Etag"] = f'"{_hash(data)}"'
            self._plain(302, headers)

    def _serve(self, name: str) -> None:
        data = self.hub.files.get(name)
        if data is None:
            self._plain(404)
            return
        fault = self.hub.faults.popleft() if self.hub.faults else Fault()
        self.hub.etag = fault.etag or self.hub.etag or f'"{_hash(data)[:16]}"'
        if fault.status:
            self._plain(fault.status, fault.headers, fault.body)
            return
        data = bytes(len(data)) if fault.wrong else data
        start = self._start_of(len(data), fault)
        if start >= len(data):
            self._plain(416)
            return
        body = fault.body or data[start:]
        headers = {"ETag": self.hub.etag, "Content-Type": "application/octet-stream"}
        if start:
            headers["Content-Range"] = f"bytes {start}-{len(data) - 1}/{len(data)}"
        if not fault.more:
            headers["Content-Length"] = str(fault.length if fault.length >= 0 else len(body))
        self._begin(206 if start else 200, headers | fault.headers)
        self._pour(start, body + fault.more, fault)

    def _start_of(self, size: int, fault: Fault) -> int:
        found = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        state = self.headers.get("If-Range", self.hub.etag)
        if not found or fault.ignores_range or state != self.hub.etag:
            return 0
        return int(found[1])

    def _pour(self, start: int, body: bytes, fault: Fault) -> None:
        at = len(self.hub.sent)
        self.hub.sent.append((start, 0))
        end = min(each for each in (fault.cut, fault.stall, len(body)) if each >= 0)
        for place in range(0, end, 65_536):
            piece = body[place : min(place + 65_536, end)]
            self.wfile.write(piece)
            self.hub.sent[at] = start, self.hub.sent[at][1] + len(piece)
            if self.hub.pace and self.hub.over.wait(self.hub.pace):
                break
        self.wfile.flush()
        if fault.stall >= 0:
            self.hub.over.wait(30)
        if end < len(body) or "content-length" not in self._told:
            self.close_connection = True

    def _json(self, answer: object) -> None:
        fault = self.hub.head
        if fault is not None:
            self._plain(fault.status or 200, fault.headers, fault.body)
            return
        body = json.dumps(answer).encode()
        self._plain(200, {"Content-Type": "application/json"}, body)

    def _plain(self, status: int, headers: dict[str, str] | None = None, body: bytes = b"") -> None:
        self._begin(status, {"Content-Length": str(len(body))} | (headers or {}))
        if self.command != "HEAD":
            self.wfile.write(body)

    def _begin(self, status: int, headers: dict[str, str]) -> None:
        self._told = {name.lower() for name in headers}
        if "content-length" not in self._told:
            headers = headers | {"Connection": "close"}
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        pass


#: Little of it, because everything here is near.
QUICK = Patience(connect=5, stall=0.2, answer=5, tries=2, first_wait=0.01, longest_wait=0.2)
HTML = b"<!DOCTYPE html><html><body>Please log in to the hotel network</body></html>"


@contextlib.contextmanager
def serve(files: dict[str, bytes] | None = None, *, safely: bool = False) -> Iterator[Hub]:
    """A hub with these files; ``safely`` with a certificate that nobody has signed."""
    hub = Hub(files or {}, "https" if safely else "http")
    handler = type("Handler", (_Handler,), {"hub": hub})
    httpd = _Quiet(("127.0.0.1", 0), handler)
    if safely:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder, "pem")
            place.write_text(_CERTIFICATE, "ascii")
            context.load_cert_chain(place)
        httpd.socket = context.wrap_socket(httpd.socket, server_side=True)
    hub.address = f"{hub.scheme}://127.0.0.1:{httpd.server_port}"
    thread = threading.Thread(target=httpd.serve_forever, args=(0.005,), daemon=True)
    thread.start()
    # Whatever proxy this machine has is not asked for what is on loopback.
    near = {"no_proxy": "127.0.0.1,localhost", "NO_PROXY": "127.0.0.1,localhost"}
    try:
        with mock.patch.dict(os.environ, near):
            yield hub
    finally:
        hub.over.set()
        httpd.shutdown()
        httpd.server_close()
        thread.join()


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, *_args: object) -> None:
        """A client that is gone is no error here."""


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
