"""Fetches the files of one order, whatever happens on the way. Only the download child imports this.

What has come stays (:mod:`~writer_app.engine.partial`); a request for the rest says of which state of the file
(If-Range), and where the server has another one, or only whole files, it begins anew and says so. Faults that may
pass are waited out. A model gets its name when each of its files has the right length and, where it is known, the
right SHA-256; all files of a split one at the same moment, the first one last.
"""

import asyncio
import contextlib
import re
import shutil
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

import httpx2

from writer_app.engine import filename, web
from writer_app.engine.download_protocol import (
    Fetched,
    Get,
    Order,
    Phase,
    Piece,
    Progress,
    Setup,
    Told,
)
from writer_app.engine.partial import Partial, Record, digest_of
from writer_app.engine.web import Address
from writer_app.errors import (
    N_,
    AlreadyThere,
    ConnectionCut,
    DownloadError,
    HashWrong,
    NameRefused,
    NoModelThere,
    NoRoom,
    NotWritten,
    ProxyAnswered,
    ServerStrange,
    SizeWrong,
    StartedAnew,
    TooManyRequests,
)
from writer_app.language import size as told_size
from writer_app.reasons import reason_for

#: Seconds between two words about the progress, and over which the rate is smoothed.
_OFTEN = 0.2
_WINDOW = 8.0
_MAGIC = b"GGUF"
_RANGE = re.compile(r"bytes (\d{1,18})-\d{1,18}/(\d{1,18}|\*)")
_CHANGED = N_("the file has changed there")
_NOT_CONTINUED = N_("the server does not continue downloads that were interrupted")

_Given = ParamSpec("_Given")
_Answer = TypeVar("_Answer")


class Download:
    """One order on its way.

    Args:
        request: What is wanted, and where it goes.
        locate: Says where a piece can be had, with a token.
        client: Whoever holds the connections.
        tell: Takes the events.

    Attributes:
        is_dropped: Set before the task is cancelled: what was fetched is deleted then.
    """

    def __init__(
        self,
        request: Get,
        locate: Callable[[Order, Piece, str], Awaitable[Address]],
        client: httpx2.AsyncClient,
        setup: Setup,
        tell: Callable[[Progress | Told], None],
    ) -> None:
        self.is_dropped = False
        self._request = request
        self._order = request.order
        self._locate = locate
        self._client = client
        self._setup = setup
        self._tell = tell
        self._partials: list[Partial] = []
        self._coming = self._partials  # those that are not there yet
        self._addresses: list[Address] = []
        self._rate = Rate()
        self._told_at = 0.0

    async def run(self) -> Fetched:
        """Fetch it.

        Raises:
            DownloadError: What came of it; what was fetched is kept where it is of use.
        """
        try:
            targets = [Path(self._request.folder, name) for name in local_names(self._order)]
            for at, target in enumerate(targets):
                known = self._order.pieces[at]
                record = Record(self._order, at, size=known.size, sha256=known.sha256)
                self._partials.append(Partial(target, record))
            self._say(Phase.ASKING, now=True)
            for piece in self._order.pieces:
                self._addresses.append(await self._located(piece))
            missing = [at for at in range(len(targets)) if not await self._is_there(at)]
            self._coming = [self._partials[at] for at in missing]
            for at in missing:
                await self._take_up(at)
            self._check_room(self._setup.reserve)
            for at in missing:
                await self._fetch(at)
            for at in reversed(missing):
                await on_disk(self._partials[at].place)
            return self._fetched(targets)
        except OSError as problem:
            name = Path(self._request.folder).name
            raise NotWritten(name=name, reason=reason_for(problem)) from problem
        finally:
            for partial in self._partials:
                with contextlib.suppress(DownloadError):
                    await on_disk(partial.discard if self.is_dropped else partial.close)

    def _fetched(self, targets: list[Path]) -> Fetched:
        return Fetched(
            id=self._request.id,
            path=str(targets[0]),
            size=sum(target.stat().st_size for target in targets),
            sha256=tuple(
                partial.digest if partial.offset else address.sha256
                for partial, address in zip(self._partials, self._addresses, strict=True)
            ),
            proven=all(address.sha256 for address in self._addresses),
        )

    async def _located(self, piece: Piece) -> Address:
        return await self._patiently(lambda: self._locate(self._order, piece, self._request.token))

    async def _is_there(self, at: int) -> bool:
        """Whether the very file is in the folder already."""
        target, wanted = self._partials[at].target, self._addresses[at].sha256
        if self._order.replace or not target.exists():
            return False
        if not wanted or target.stat().st_size != self._addresses[at].size:
            raise AlreadyThere(name=target.name)
        steps, digest = digest_of(target), ""
        with contextlib.closing(steps):
            while step := await on_disk(next, steps, None):
                digest = step[1]
                self._say_checked(step[0], self._addresses[at].size)
        if digest != wanted:
            raise AlreadyThere(name=target.name)
        return True

    async def _take_up(self, at: int) -> None:
        """Go on with what has come of a piece, if it is still of use."""
        partial, address = self._partials[at], self._addresses[at]
        before = partial.record
        if partial.offset and _differ(before.sha256, address.sha256, before.size, address.size):
            self._begin_anew(partial, _CHANGED)
        place = web.short(httpx2.URL(address.url))
        if place != before.address:  # of another server: it has names of its own for the same state
            partial.learn(address=place, etag="")
        partial.learn(size=address.size or partial.record.size, sha256=address.sha256)
        await self._catch_up(partial)
        await on_disk(partial.sync)  # from now on it is known to be unfinished

    async def _catch_up(self, partial: Partial) -> None:
        steps = partial.catch_up()
        while done := await on_disk(next, steps, None):
            self._say_checked(done, partial.offset)

    def _say_checked(self, done: int, total: int) -> None:
        self._tell(Progress(id=self._request.id, phase=Phase.CHECKING, done=done, total=total))

    async def _fetch(self, at: int) -> None:
        """Fetch what is missing of a piece, and prove it."""
        partial, address = self._partials[at], self._addresses[at]
        if not partial.has_all:
            await self._patiently(lambda: self._transfer(partial, address), partial)
        if address.sha256 and partial.digest != address.sha256:
            await on_disk(partial.discard)
            raise HashWrong(name=partial.target.name)

    async def _patiently(
        self, attempt: Callable[[], Awaitable[_Answer]], partial: Partial | None = None
    ) -> _Answer:
        """Try until it succeeds, or fails for good, or too often without any progress.

        To begin anew and get no further than before is none.
        """
        patience, failures = self._setup.patience, 0
        furthest = partial.offset if partial else 0
        while True:
            try:
                return await attempt()
            except web.PASSING as problem:
                has_moved = partial is not None and partial.offset > furthest
                furthest = max(furthest, partial.offset if partial else 0)
                failures = 1 if has_moved else failures + 1
                wait = min(patience.first_wait * 2 ** (failures - 1), patience.longest_wait)
                if isinstance(problem, TooManyRequests):
                    wait = float(problem.params["seconds"])
                if failures > patience.tries or wait > patience.longest_wait:
                    raise
                await self._wait(problem, wait)

    async def _wait(self, problem: DownloadError, seconds: float) -> None:
        self._tell(
            Told(id=self._request.id, code=problem.code, params=problem.params, again_in=seconds)
        )
        self._say(Phase.WAITING, now=True)
        await asyncio.sleep(seconds)

    async def _transfer(self, partial: Partial, address: Address) -> None:
        """Ask for the rest of a piece and take it, until it is complete or something breaks."""
        for _ in range(2):
            headers = {"Accept-Encoding": "identity"}
            if partial.offset:
                headers["Range"] = f"bytes={partial.offset}-"
                if partial.record.etag:
                    headers["If-Range"] = partial.record.etag
            async with self._answer_to(address, headers) as answer:
                if self._goes_on(partial, address, answer):
                    await self._pour(partial, answer)
                    return
        raise ServerStrange(
            host=web.host(address.url), reason=N_("it sends another part of the file")
        )

    @contextlib.asynccontextmanager
    async def _answer_to(
        self, address: Address, headers: dict[str, str]
    ) -> AsyncIterator[httpx2.Response]:
        """The answer, wherever we are sent; its faults become ours, until it is closed."""
        start = hop = httpx2.URL(address.url)
        try:
            for _ in range(web.MOST_REDIRECTS):
                own = address.headers if web.origin(hop) == web.origin(start) else {}
                request = self._client.build_request("GET", hop, headers={**headers, **own})
                answer = await self._client.send(request, stream=True)
                try:
                    if answer.next_request is None:
                        if answer.status_code != 416 or "Range" not in headers:
                            web.refuse(answer, start)
                        yield answer
                        return
                    hop = answer.next_request.url
                finally:
                    await answer.aclose()
                await asyncio.to_thread(web.check_hop, start, hop, proxied=bool(self._setup.proxy))
        except httpx2.HTTPError as problem:
            raise web.lost(problem, start, self._setup.patience) from problem
        except httpx2.InvalidURL as problem:
            raise ServerStrange(host=web.host(start), reason=str(problem)[:60]) from problem
        raise web.went_round(start, hop)

    def _goes_on(self, partial: Partial, address: Address, answer: httpx2.Response) -> bool:
        """Whether the answer fits behind what has come; where it does not, that is forgotten."""
        etag = answer.headers.get("etag", "")
        # Several servers stand behind one address, and may call the same state differently: where the hash is known,
        # it decides. A weak name says nothing about each byte.
        etag = "" if address.sha256 or etag.startswith("W/") else etag
        has_changed = bool(etag and partial.record.etag and etag != partial.record.etag)
        packed = answer.headers.get("content-encoding", "identity")
        if packed not in ("", "identity"):
            raise ServerStrange(host=web.host(address.url), reason=N_("it is packed"))
        start, size = _extent(answer)
        if address.size and size and size != address.size:
            raise ServerStrange(
                host=web.host(address.url), reason=N_("it announces another length")
            )
        has_changed = has_changed or bool(
            partial.offset and size and partial.record.size and size != partial.record.size
        )
        if partial.offset and (start != partial.offset or has_changed):
            self._begin_anew(partial, _CHANGED if has_changed else _NOT_CONTINUED)
        partial.learn(etag=etag, size=address.size or size)
        return start == partial.offset

    async def _pour(self, partial: Partial, answer: httpx2.Response) -> None:
        """Write what comes."""
        host, name = web.host(answer.url), partial.target.name
        first = b""
        async for data in answer.aiter_raw():
            if not partial.offset:
                first += data
                if len(first) < len(_MAGIC):
                    continue
                _check_is_model(first, host, name)
            partial.write(data if partial.offset else first)
            if 0 < partial.record.size < partial.offset:
                await on_disk(partial.discard)
                raise SizeWrong(host=host, name=name)
            if partial.is_due:
                await on_disk(partial.sync)
                self._check_room(self._setup.reserve // 2)
            self._say(Phase.FETCHING)
        if not partial.record.size and partial.offset:  # nobody has said how long it is
            partial.learn(size=partial.offset)
        if not partial.has_all:
            raise ConnectionCut(host=host)
        self._say(Phase.FETCHING, now=True)

    def _begin_anew(self, partial: Partial, reason: str) -> None:
        partial.begin()
        problem = StartedAnew(name=partial.target.name, reason=reason)
        self._tell(Told(id=self._request.id, code=problem.code, params=problem.params))

    def _check_room(self, reserve: int) -> None:
        """That the rest fits on the disk, and ``reserve`` bytes besides."""
        done, total = self._extent()
        folder = Path(self._request.folder)
        missing = max(total - done, 0) + reserve - shutil.disk_usage(folder).free
        if missing > 0:
            raise NoRoom(missing=told_size(missing), folder=str(folder))

    def _extent(self) -> tuple[int, int]:
        """Bytes that have come, and of all pieces; 0 while one is not known."""
        sizes = [partial.record.size for partial in self._coming]
        done = sum(partial.offset for partial in self._coming)
        return done, sum(sizes) if all(sizes) else 0

    def _say(self, phase: Phase, *, now: bool = False) -> None:
        moment = time.monotonic()
        if not now and moment - self._told_at < _OFTEN:
            return
        self._told_at = moment
        done, total = self._extent()
        rate = self._rate.after(moment, done) if phase is Phase.FETCHING else 0.0
        self._tell(
            Progress(
                id=self._request.id,
                phase=phase,
                done=done,
                total=total,
                rate=rate,
                seconds_left=max(total - done, 0) / rate if rate and total else None,
            )
        )


class Rate:
    """Bytes a second over the last seconds."""

    def __init__(self, window: float = _WINDOW) -> None:
        self._window = window
        self._seen = deque[tuple[float, int]]()

    def after(self, moment: float, done: int) -> float:
        """The rate, now that ``done`` bytes have come at ``moment`` (seconds of any clock that runs evenly)."""
        if self._seen and done < self._seen[-1][1]:  # it began anew
            self._seen.clear()
        self._seen.append((moment, done))
        while self._seen[0][0] < moment - self._window:
            self._seen.popleft()
        began, before = self._seen[0]
        return (done - before) / (moment - began) if moment > began else 0.0


def local_names(order: Order) -> list[str]:
    """What the files of an order are called here.

    Raises:
        NameRefused: One of the names is no good, or the files do not belong together.
    """
    paths = [_path(order, piece) for piece in order.pieces]
    names = [filename.last_of(path) for path in paths]
    parts = [filename.part_of(name) for name in names]
    count = len(names)
    wanted = [(number, count) for number in range(1, count + 1)]
    if count == 1 and parts[0] is None:
        return [filename.checked(order.save_as or names[0])]
    if not names or [part and part[1:] for part in parts] != wanted or parts[0] is None:
        name = filename.shown(names[0] if names else "")
        raise NameRefused(name=name, reason=N_("it is not all parts of one model"))
    stem = order.save_as.removesuffix(filename.SUFFIX) or parts[0].stem
    return [
        filename.checked(filename.part_name(stem, number, count)) for number in range(1, count + 1)
    ]


async def on_disk(
    work: Callable[_Given, _Answer], *args: _Given.args, **options: _Given.kwargs
) -> _Answer:
    """Do what may wait for the disk on another thread; when cancelled, wait for its end: the file is ours."""
    task = asyncio.ensure_future(asyncio.to_thread(work, *args, **options))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait((task,))
        task.exception()
        raise


def _path(order: Order, piece: Piece) -> str:
    if order.source.kind != "web":
        return piece.path
    try:
        address = httpx2.URL(piece.path)
    except httpx2.InvalidURL as problem:
        raise NameRefused(name=filename.shown(piece.path), reason=str(problem)) from problem
    if address.scheme not in ("http", "https") or not address.host:
        reason = N_("that is no address of the web")
        raise NameRefused(name=filename.shown(piece.path), reason=reason)
    return address.path.rpartition("/")[2]


def _differ(sha256: str, other_sha256: str, size: int, other_size: int) -> bool:
    """Whether two files cannot be the same, as far as both are known."""
    if sha256 and other_sha256:
        return sha256 != other_sha256
    return bool(size and other_size and size != other_size)


def _extent(answer: httpx2.Response) -> tuple[int, int]:
    """Where the bytes of an answer begin, -1 where that makes no sense, and of how many; 0 where it is not said."""
    if answer.status_code == 206:
        found = _RANGE.fullmatch(answer.headers.get("content-range", ""))
        if not found:
            return -1, 0
        return int(found[1]), int(found[2]) if found[2] != "*" else 0
    if answer.status_code == 416:
        return -1, 0
    length = answer.headers.get("content-length", "")
    return 0, int(length[:18]) if length.isdigit() else 0


def _check_is_model(first: bytes, host: str, name: str) -> None:
    if first.startswith(_MAGIC):
        return
    if first.lstrip()[:200].lower().startswith((b"<!doctype", b"<html", b"<head", b"<?xml")):
        raise ProxyAnswered(host=host)
    raise NoModelThere(host=host, name=name)
