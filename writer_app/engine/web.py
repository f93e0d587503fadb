"""What may be asked of the internet, and what its refusals mean: one way out for lists, searches and files.

Only the download child imports this. A server sends us on to others: never from a safe connection to an open one, nor
from the internet into this computer or its own network, and an access token goes only to the server it is for.
Every failure becomes a :class:`~writer_app.errors.DownloadError`, and :data:`PASSING` are those worth another try.
"""

import ipaddress
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any
from urllib.request import getproxies

import httpx2

from writer_app import __version__
from writer_app.engine.download_protocol import Patience
from writer_app.errors import (
    N_,
    ConnectionCut,
    DownloadError,
    LicenceNeeded,
    NoConnection,
    NotOffered,
    NotTrusted,
    ProxyAnswered,
    ProxyRefused,
    RedirectRefused,
    ServerFailed,
    ServerStrange,
    Stalled,
    TokenRefused,
    TooManyRequests,
)

PASSING = (ConnectionCut, NoConnection, ServerFailed, Stalled, TooManyRequests)
#: How often a server may send us on.
MOST_REDIRECTS = 8
#: What a list or a search may weigh.
_MOST_BYTES = 32 * 1024 * 1024
_AGENT = f"longhand/{__version__}"
_BUSY = {408, 425, 500, 502, 503, 504, 520, 521, 522, 523, 524}


@dataclass(frozen=True)
class Address:
    """Where one file can be had.

    Attributes:
        headers: For the server of ``url`` and no other.
        size, sha256: Of the file; 0 and empty where they are not known.
    """

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    size: int = 0
    sha256: str = ""


class Lists(httpx2.Client):
    """Asks for lists and searches, whoever does the asking; raises only what has a sentence.

    Args:
        proxy: Empty for what the system says.
    """

    def __init__(self, proxy: str, patience: Patience) -> None:
        super().__init__(
            proxy=proxy or None,
            verify=trust(),
            headers=agent(),
            event_hooks={"response": [_judge]},
        )
        self._patience = patience
        self._proxied = bool(proxy)

    def send(
        self,
        request: httpx2.Request,
        **options: Any,  # noqa: ANN401 - whatever its base takes
    ) -> httpx2.Response:
        """As its base, within our time and our rules whatever was asked for.

        Raises:
            DownloadError: What came of it.
        """
        follows = options.pop("follow_redirects", None) is not False
        start, hop = request.url, request
        for _ in range(MOST_REDIRECTS):
            hop.extensions["timeout"] = limits(self._patience).as_dict()
            try:
                answer = super().send(hop, follow_redirects=False, **options)
            except httpx2.HTTPError as problem:
                raise lost(problem, start, self._patience) from problem
            if not follows or answer.next_request is None:
                return answer
            hop = answer.next_request
            check_hop(start, hop.url, proxied=self._proxied)
        raise went_round(start, hop.url)


@cache
def trust() -> ssl.SSLContext:
    """Whose certificates are believed: those this system believes. It takes a moment to read them."""
    return httpx2.create_ssl_context()


def agent() -> dict[str, str]:
    """Who we say we are."""
    return {"User-Agent": _AGENT}


def limits(patience: Patience) -> httpx2.Timeout:
    """The same in the library's words."""
    return httpx2.Timeout(patience.stall, connect=patience.connect)


def host(address: httpx2.URL | str) -> str:
    """The server's name in an address, for people."""
    try:
        return httpx2.URL(address).host or str(address)[:80]
    except httpx2.InvalidURL:
        return str(address)[:80]


def origin(address: httpx2.URL) -> tuple[str, str, int | None]:
    """What a token is good for."""
    return address.scheme, address.host, address.port


def check_hop(start: httpx2.URL, target: httpx2.URL, *, proxied: bool = False) -> None:
    """Let us be sent from ``start`` to ``target``, or not.

    Args:
        start: What was asked for.
        target: Where the server sends us.
        proxied: A proxy looks up names, so that only what is written as a number can be judged here.

    Raises:
        RedirectRefused: Why not.
    """
    if origin(start) == origin(target):
        return
    reason = ""
    if target.scheme not in ("https", "http") or not target.host:
        reason = N_("that is no address of the web")
    elif target.scheme == "http" and start.scheme == "https":
        reason = N_("the connection would not be safe any more")
    elif _is_private(target, proxied=proxied) and not _is_private(start, proxied=proxied):
        reason = N_("that is inside this computer or its own network")
    if reason:
        raise RedirectRefused(host=start.host, target=short(target), reason=reason)


def went_round(start: httpx2.URL, target: httpx2.URL) -> RedirectRefused:
    """The error for having been sent on too often."""
    reason = N_("it leads round in a circle")
    return RedirectRefused(host=start.host, target=short(target), reason=reason)


def _judge(answer: httpx2.Response) -> None:
    """Look at an answer before all of it is read."""
    refuse(answer, answer.url)
    length = answer.headers.get("content-length", "")
    if answer.request.method != "HEAD" and length.isdigit() and int(length) > _MOST_BYTES:
        raise ServerStrange(host=host(answer.url), reason=N_("it is far too long"))


def refuse(answer: httpx2.Response, start: httpx2.URL) -> None:
    """Go on after this answer, or not; that of a redirect says nothing yet.

    Args:
        answer: Its head; the rest need not have come.
        start: What was asked for, before we were sent on.

    Raises:
        DownloadError: Why not.
    """
    status, here = answer.status_code, host(answer.url)
    if status < 300 or answer.has_redirect_location:
        if (
            "text/html" in answer.headers.get("content-type", "")
            and not answer.has_redirect_location
        ):
            raise ProxyAnswered(host=host(start))
        return
    if status in (401, 403):
        raise _locked_out(answer, start)
    if status in (404, 410):
        raise NotOffered(host=here, name=_last(start))
    if status == 407:
        raise ProxyRefused(reason="407")
    if status == 429:
        raise TooManyRequests(host=here, seconds=round(asked_to_wait(answer)))
    if status == 511:
        raise ProxyAnswered(host=host(start))
    if status in _BUSY:
        raise ServerFailed(host=here, status=status)
    raise ServerStrange(host=here, reason=str(status))


def asked_to_wait(answer: httpx2.Response) -> float:
    """Seconds that a server asks us to wait; half a minute where it does not say."""
    said = answer.headers.get("retry-after", "").strip()
    if said.isdigit():
        return float(said[:9])
    try:
        return max(0.0, parsedate_to_datetime(said).timestamp() - time.time())
    except ValueError:
        pass
    # "api";r=0;t=55: nothing left, and again in so many seconds.
    fields = (field.strip() for field in answer.headers.get("ratelimit", "").split(";"))
    left = next((field[2:] for field in fields if field.startswith("t=")), "")
    return float(left[:9]) if left.isdigit() else 30.0


def lost(problem: httpx2.HTTPError, start: httpx2.URL, patience: Patience) -> DownloadError:
    """The error for what went wrong on the way."""
    here = start.host
    causes = list(_causes(problem))
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return NotTrusted(host=here, reason=cause.verify_message)
    if isinstance(problem, httpx2.ProxyError):
        return ProxyRefused(reason=str(problem)[:60])
    if isinstance(problem, httpx2.ConnectTimeout):
        return NoConnection(host=here, reason=N_("it does not answer"))
    if isinstance(problem, httpx2.TimeoutException):
        return Stalled(host=here, seconds=round(patience.stall))
    if isinstance(problem, httpx2.ConnectError):
        return NoConnection(host=here, reason=_unreached(causes))
    if isinstance(problem, httpx2.UnsupportedProtocol | httpx2.DecodingError):
        return ServerStrange(host=here, reason=str(problem)[:60])
    return ConnectionCut(host=here, detail=str(problem))


def _locked_out(answer: httpx2.Response, start: httpx2.URL) -> DownloadError:
    """Why 401 or 403: the hub says in a header of its own where a licence is to be accepted."""
    if origin(answer.url) != origin(start):
        return ServerFailed(
            host=host(answer.url), status=answer.status_code
        )  # an address that has expired
    if answer.headers.get("x-error-code") == "GatedRepo":
        return LicenceNeeded(page=_page(start))
    return TokenRefused(host=host(start))


def _page(address: httpx2.URL) -> str:
    """Where a person reads about the repository that an address is of."""
    path = address.path.removeprefix("/api/models").strip("/").split("/")
    return str(address.copy_with(path="/" + "/".join(path[:2]), query=None))


def _last(address: httpx2.URL) -> str:
    return address.path.rstrip("/").rpartition("/")[2][:80]


def short(address: httpx2.URL) -> str:
    """An address without what may be secret in it."""
    return str(address.copy_with(query=None, fragment=None, userinfo=b""))[:120]


def _is_private(address: httpx2.URL, *, proxied: bool) -> bool:
    """Whether an address is inside this computer or its network."""
    if address.host in ("localhost", "") or address.host.endswith((".localhost", ".local")):
        return True
    try:
        return not ipaddress.ip_address(address.host).is_global
    except ValueError:
        pass
    if proxied or getproxies().keys() & {"http", "https", "all"}:
        return False
    try:
        found = socket.getaddrinfo(address.host, None, type=socket.SOCK_STREAM)
    except OSError:
        return False  # then it cannot be connected to either
    return any(
        not ipaddress.ip_address(str(each[4][0]).partition("%")[0]).is_global for each in found
    )


def _causes(problem: BaseException | None) -> Iterator[BaseException]:
    while problem is not None:
        yield problem
        problem = problem.__cause__ or problem.__context__


def _unreached(causes: list[BaseException]) -> str:
    """Why there is no connection, to be translated."""
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return N_("its name is not known here")
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        return N_("it refuses the connection")
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return N_("no safe connection comes about")
    return N_("there is no way to it")
