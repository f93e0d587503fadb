"""The asking side of downloads: starts the child, sends requests, hands on events. No Qt, and no socket.

:class:`Downloads` starts its child at the first request and never where the user wants to be offline. Its methods may
be called from any thread. Whoever waits takes :meth:`~Downloads.search`, :meth:`~Downloads.files` and
:meth:`~Downloads.fetch`; a window takes :meth:`~Downloads.ask` and is called back on the thread that reads.
"""

import contextlib
import os
import queue
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import msgspec

from writer_app.engine import partial
from writer_app.engine.download_protocol import (
    PROTOCOL_VERSION,
    AnyEvent,
    Drop,
    Fetched,
    Files,
    Found,
    Get,
    Listed,
    Order,
    Pause,
    Repository,
    Search,
    Setup,
    Source,
    is_last,
    read_event,
)
from writer_app.engine.protocol import Failed, Quit, Ready, Request, to_line
from writer_app.errors import DownloaderDied, Offline, from_code
from writer_app.launch import command
from writer_app.reasons import reason_for

HUGGING_FACE = Source("huggingface", "https://huggingface.co")
#: Where models can be had, by names for people; another address of either kind can be entered.
SOURCES = {
    "Hugging Face": HUGGING_FACE,
    "HF-Mirror": Source("huggingface", "https://hf-mirror.com"),
    "ModelScope": Source("modelscope", "https://modelscope.cn"),
}
#: Seconds the child may take to keep what it fetched when it is told to quit.
_GRACE = 5.0
_LINES = 20

Listener: TypeAlias = Callable[[AnyEvent], object]


class Unfinished(msgspec.Struct, frozen=True):
    """What is left of a download that did not come to its end.

    Attributes:
        order: Fetch it again to go on.
        done, size: Bytes that are there, and of all its files; 0 while not known.
    """

    order: Order
    done: int
    size: int


class Downloads:
    """Fetches models into ``folder``.

    Args:
        setup: What holds for all requests.
        offline: Ask nothing and fetch nothing: each request fails at once.
    """

    def __init__(self, folder: Path, *, setup: Setup | None = None, offline: bool = False) -> None:
        self.folder = folder
        self._setup = setup or Setup()
        self._offline = offline or wants_offline()
        self._child: subprocess.Popen[bytes] | None = None
        self._reader: threading.Thread | None = None
        # Who waits for which request, and of which child.
        self._listeners: dict[int, tuple[Listener, subprocess.Popen[bytes]]] = {}
        self._next_id = 0
        # Guards all of the above; listeners are called without it.
        self._state = threading.Lock()

    @property
    def pid(self) -> int | None:
        """Process id of the child, if one runs."""
        return self._child.pid if self._child and self._child.poll() is None else None

    def ask(self, request: Search | Files | Get, listener: Listener) -> int:
        """Send a request, whatever its ``id``; returns the one it goes by.

        Args:
            request: What is wanted.
            listener: Called with each event of this request, on a thread of its own; :func:`is_last` ends them. It
                must be quick.

        Raises:
            Offline: Nothing was sent.
            DownloaderDied: The child cannot be started.
        """
        if self._offline:
            raise Offline
        with self._state:
            self._next_id += 1
            number = self._next_id
            try:
                self._listeners[number] = listener, self._started()
                self._send(msgspec.structs.replace(request, id=number))
            except OSError as problem:
                self._listeners.pop(number, None)
                raise DownloaderDied(reason=reason_for(problem)) from problem
        return number

    def get(self, order: Order, listener: Listener, *, token: str = "") -> int:
        """Fetch a model, or go on with it; last comes ``Fetched``, ``Stopped`` or ``Failed``."""
        return self.ask(Get(id=0, order=order, folder=str(self.folder), token=token), listener)

    def pause(self, number: int) -> None:
        """End a request; what was fetched is kept, and the same order goes on with it."""
        self._tell(Pause(id=number))

    def cancel(self, number: int) -> None:
        """End a request and delete what it fetched."""
        self._tell(Drop(id=number))

    def search(self, source: Source, words: str, *, token: str = "") -> tuple[Repository, ...]:
        """Repositories with GGUF files; waits for them.

        Raises:
            DownloadError: Why there are none.
        """
        found = self._wait(Search(id=0, source=source, words=words, token=token))
        return found.repositories if isinstance(found, Found) else ()

    def files(
        self, source: Source, repository: str, *, revision: str = "", token: str = ""
    ) -> Listed:
        """The models in a repository; waits for them.

        Raises:
            DownloadError: Why there are none.
        """
        request = Files(id=0, source=source, repository=repository, revision=revision, token=token)
        listed = self._wait(request)
        assert isinstance(listed, Listed)
        return listed

    def probe(self, source: Source) -> float:
        """Seconds until a source answers a short question; only when the user asks for it.

        Raises:
            DownloadError: Why it does not.
        """
        began = time.monotonic()
        self._wait(Search(id=0, source=source, limit=1))
        return time.monotonic() - began

    def fetch(
        self, order: Order, listener: Listener = lambda _event: None, *, token: str = ""
    ) -> Fetched | None:
        """Fetch a model and wait for it; ``None`` where it was ended meanwhile.

        Raises:
            DownloadError: Why it is not there.
        """
        request = Get(id=0, order=order, folder=str(self.folder), token=token)
        last = self._wait(request, listener)
        return last if isinstance(last, Fetched) else None

    def unfinished(self) -> list[Unfinished]:
        """What is left of earlier downloads, and those that go on just now."""
        found: dict[Order, list[partial.Record]] = {}
        for _target, record in partial.unfinished(self.folder):
            found.setdefault(record.order, []).append(record)
        return [_left(order, records) for order, records in found.items()]

    def forget(self, order: Order) -> None:
        """Delete what is left of an earlier download.

        Raises:
            BeingFetched: It goes on just now.
            NotWritten: The system refuses.
        """
        for target, record in partial.unfinished(self.folder):
            if record.order == order:
                partial.forget(target)

    def close(self) -> None:
        """End the child; what was fetched is kept, and whoever waits is told that it stopped."""
        with self._state:
            child, reader = self._child, self._reader
            self._child = self._reader = None
        if child is None or child.stdin is None:
            return
        with contextlib.suppress(OSError):
            child.stdin.write(to_line(Quit(id=0)))
            child.stdin.close()
        try:
            child.wait(_GRACE)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        if reader and reader is not threading.current_thread():
            reader.join(_GRACE)

    def _wait(
        self, request: Search | Files | Get, listener: Listener = lambda _event: None
    ) -> AnyEvent:
        events: queue.SimpleQueue[AnyEvent] = queue.SimpleQueue()
        number = self.ask(request, events.put)
        try:
            while not is_last(event := events.get()):
                listener(event)
        except BaseException:  # Ctrl+C, or the listener's own: nobody waits any more
            self.pause(number)
            raise
        if isinstance(event, Failed):
            raise from_code(event.code, event.params, event.detail)
        return event

    def _tell(self, request: Request) -> None:
        with self._state, contextlib.suppress(OSError, ValueError):
            if request.id in self._listeners:
                self._send(request)

    def _started(self) -> "subprocess.Popen[bytes]":
        """The child; a new one where none runs."""
        if self._child is not None and self._child.poll() is None:
            return self._child
        self._child = child = subprocess.Popen(
            command("--download"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=sys.platform != "win32",
        )
        said: deque[str] = deque(maxlen=_LINES)
        errors = threading.Thread(target=_drain, args=(child, said), daemon=True)
        self._reader = threading.Thread(target=self._read, args=(child, errors, said), daemon=True)
        errors.start()
        self._reader.start()
        self._send(self._setup)
        return child

    def _send(self, request: Request) -> None:
        if self._child is not None and self._child.stdin is not None:
            self._child.stdin.write(to_line(request))
            self._child.stdin.flush()

    def _read(
        self, child: "subprocess.Popen[bytes]", errors: threading.Thread, said: deque[str]
    ) -> None:
        assert child.stdout is not None
        for line in child.stdout:
            try:
                event = read_event(line)
            except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
                child.kill()  # nothing after it can be trusted
                break
            if not isinstance(event, Ready):
                self._hand_on(event)
            elif event.version != PROTOCOL_VERSION:
                child.kill()
        status = child.wait()
        errors.join()
        for pipe in (child.stdin, child.stdout):
            with contextlib.suppress(OSError):  # what it never read
                if pipe:
                    pipe.close()
        self._bury(child, DownloaderDied(reason=str(status), detail="\n".join(said)))

    def _hand_on(self, event: AnyEvent) -> None:
        with self._state:
            take = self._listeners.pop if is_last(event) else self._listeners.get
            found = take(event.id, None)
        if found:
            found[0](event)

    def _bury(self, child: "subprocess.Popen[bytes]", problem: DownloaderDied) -> None:
        """Tell those who wait for a child that is no more."""
        with self._state:
            lost = [each for each, (_, of) in self._listeners.items() if of is child]
        for number in lost:
            code, params = problem.code, problem.params
            self._hand_on(Failed(id=number, code=code, params=params, detail=problem.detail))


def wants_offline() -> bool:
    """Whether the user has told all programs of this kind, by ``HF_HUB_OFFLINE``, to stay offline."""
    return os.environ.get("HF_HUB_OFFLINE", "").strip().upper() in ("1", "ON", "YES", "TRUE")


def usual_source() -> Source:
    """Hugging Face, or the mirror that the user has told all programs of by ``HF_ENDPOINT``."""
    address = os.environ.get("HF_ENDPOINT", "").strip().rstrip("/")
    return Source("huggingface", address) if address else HUGGING_FACE


def _left(order: Order, records: list[partial.Record]) -> Unfinished:
    sizes = [piece.size for piece in order.pieces]
    for record in records:
        sizes[record.piece] = record.size or sizes[record.piece]
    done = sum(record.offset for record in records)
    return Unfinished(order, done, sum(sizes) if all(sizes) else 0)


def _drain(child: "subprocess.Popen[bytes]", said: deque[str]) -> None:
    assert child.stderr is not None
    with child.stderr:
        for line in child.stderr:
            said.append(line.decode("utf-8", "replace").rstrip()[:500])
