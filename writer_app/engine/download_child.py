"""The download child: takes requests from standard input, fetches, and says how far it is on standard output.

One thread does everything but wait for the disk and for ``huggingface_hub``, so that ending a download is a matter of
milliseconds, whatever it waits for. What was fetched is kept at the latest when standard input ends, as it does with
the parent; a kill costs what has come since the last :data:`~writer_app.engine.partial.STEP`. Unlike the engine child
it does not ask the system to be killed with its parent: Linux would take the end of the thread that started it for that.
"""

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import TYPE_CHECKING, BinaryIO, TypeAlias, TypeVar

import httpx2
import msgspec

from writer_app.engine import web
from writer_app.engine.download import Download
from writer_app.engine.download_protocol import (
    PROTOCOL_VERSION,
    AnyRequest,
    Drop,
    Fetched,
    Files,
    Found,
    Get,
    Order,
    Pause,
    Phase,
    Piece,
    Progress,
    Search,
    Setup,
    Source,
    Stopped,
    read_request,
)
from writer_app.engine.protocol import Event, Failed, Quit, Ready, id_in, to_line
from writer_app.errors import DownloadError, Stalled, WriterError
from writer_app.text.discreet import told

if TYPE_CHECKING:
    from writer_app.engine.hub import Hub

#: Seconds in which the downloads must have kept what they fetched once nobody listens any more.
_FAREWELL = 3.0
#: The most that may lie in memory, whatever a server answers.
_MEMORY = 1_500_000_000
#: Questions to hubs that are waited for side by side.
_ASKERS = 4

_Task: TypeAlias = asyncio.Task[None]
_Answer = TypeVar("_Answer")


def main() -> int:
    """Run as the child."""
    _hold_back()
    events = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # whatever a library prints is no event
    asyncio.run(Child(sys.stdin.buffer, events).serve())
    return 0


class Means:
    """What a setup makes possible; each is made when it is needed first."""

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        self.slots = asyncio.Semaphore(setup.at_once)
        # Not the threads that wait for the disk: a server that does not answer must not hold those up.
        self._askers = ThreadPoolExecutor(_ASKERS)

    @cached_property
    def client(self) -> httpx2.AsyncClient:
        """Holds the connections of downloads."""
        return httpx2.AsyncClient(
            proxy=self.setup.proxy or None,
            verify=web.trust(),
            timeout=web.limits(self.setup.patience),
            headers=web.agent(),
        )

    @cached_property
    def hub(self) -> "Hub":
        """Asks hubs. To import what it needs takes most of a second, so it is called on another thread."""
        from writer_app.engine.hub import Hub

        return Hub(self.setup.proxy, self.setup.patience)

    async def close(self) -> None:
        """Close all connections."""
        self._askers.shutdown(wait=False)
        if "client" in vars(self):
            await self.client.aclose()
        if "hub" in vars(self):
            self.hub.close()

    async def ask(self, source: Source, question: Callable[["Hub"], _Answer]) -> _Answer:
        """What a hub says, if it says it in time.

        Raises:
            DownloadError: Why it does not.
        """
        seconds = self.setup.patience.answer
        loop = asyncio.get_running_loop()
        asking = loop.run_in_executor(self._askers, lambda: question(self.hub))
        try:
            return await asyncio.wait_for(asking, seconds)
        except TimeoutError as problem:
            raise Stalled(host=web.host(source.address), seconds=round(seconds)) from problem

    async def locate(self, order: Order, piece: Piece, token: str) -> web.Address:
        """Where a piece can be had; on a plain server just there."""
        if order.source.kind == "web":
            return web.Address(piece.path, {}, piece.size, piece.sha256)
        return await self.ask(order.source, lambda hub: hub.locate(order, piece, token))


class Child:
    """Serves one parent."""

    def __init__(self, requests: BinaryIO, events: BinaryIO) -> None:
        self._requests = requests
        self._events = events
        self._means = Means(Setup())
        self._tasks: dict[int, _Task] = {}
        self._downloads: dict[int, Download] = {}
        self._is_over = asyncio.Event()

    async def serve(self) -> None:
        """Work until told to quit, or standard input ends; then the process ends."""
        self._say(Ready(version=PROTOCOL_VERSION, backend="download"))
        loop = asyncio.get_running_loop()

        def read() -> None:
            for line in self._requests:
                loop.call_soon_threadsafe(self._take, line)
            loop.call_soon_threadsafe(self._is_over.set)

        threading.Thread(target=read, daemon=True).start()
        await self._is_over.wait()
        for task in self._tasks.values():
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks.values(), timeout=_FAREWELL)
        await self._means.close()
        os._exit(0)  # a thread may still wait for a server; nothing in it needs keeping

    def _take(self, line: bytes) -> None:
        try:
            request = read_request(line)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as problem:
            refused = DownloadError(reason=str(problem))
            self._say(Failed(id=id_in(line), code=refused.code, params=refused.params))
            return
        match request:
            case Setup():
                self._means = Means(request)
            case Quit():
                self._is_over.set()
            case Pause() | Drop():
                self._end(request)
            case _:
                self._tasks[request.id] = asyncio.create_task(self._serve(request))

    def _end(self, request: Pause | Drop) -> None:
        if request.id in self._downloads:
            self._downloads[request.id].is_dropped = isinstance(request, Drop)
        if request.id in self._tasks:
            self._tasks[request.id].cancel()

    async def _serve(self, request: AnyRequest) -> None:
        try:
            answer = await self._answer(request)
        except asyncio.CancelledError:
            download = self._downloads.get(request.id)
            answer = Stopped(id=request.id, kept=download is None or not download.is_dropped)
        except WriterError as problem:
            answer = Failed(
                id=request.id, code=problem.code, params=problem.params, detail=problem.detail
            )
        except Exception as problem:  # noqa: BLE001 - the edge: a bug ends one request, not the child
            answer = Failed(
                id=request.id,
                code=DownloadError.__name__,
                params={"reason": type(problem).__name__},
                detail=told(type(problem), problem, problem.__traceback__),
            )
        del self._tasks[request.id]
        self._downloads.pop(request.id, None)
        self._say(answer)

    async def _answer(self, request: AnyRequest) -> Event:
        means = self._means
        match request:
            case Search():
                found = await means.ask(request.source, lambda hub: hub.search(request))
                return Found(id=request.id, repositories=found)
            case Files():
                return await means.ask(request.source, lambda hub: hub.files(request))
            case Get():
                return await self._get(request, means)
        raise DownloadError(reason=type(request).__name__)

    async def _get(self, request: Get, means: Means) -> Fetched:
        download = Download(request, means.locate, means.client, means.setup, self._say)
        self._downloads[request.id] = download
        if means.slots.locked():
            self._say(Progress(id=request.id, phase=Phase.QUEUED))
        async with means.slots:
            return await download.run()

    def _say(self, event: Event) -> None:
        try:
            self._events.write(to_line(event))
        except OSError:
            self._is_over.set()  # nobody listens any more


def _hold_back() -> None:
    """Leave Ctrl+C in a terminal to the parent, leave no core file, and take no more memory than a list may need."""
    if sys.platform == "win32":
        return
    import resource

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_DATA, (_MEMORY, _MEMORY))
