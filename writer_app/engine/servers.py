"""Servers that she has connected: how the settings name one as the model, where its text goes, what it has.

Nothing here opens a socket: a server is asked by a child process of its own, also where it is only tried.
"""

import contextlib
from collections.abc import Iterable
from urllib.parse import urlsplit

from writer_app.engine.client import EngineClient
from writer_app.engine.protocol import Loaded
from writer_app.engine.wire import is_here, root
from writer_app.errors import N_, BadAddress, LinkRefused, ServerMissing
from writer_app.settings import Server
from writer_app.text.hidden import revealed
from writer_app.text.links import address as web_address

#: In front of a server's name, where the path of a model file might stand.
_PREFIX = "endpoint:"
#: Characters of an address.
_LONGEST = 300
_SCHEME = N_("it has to begin with http:// or https://")
_PORT = N_("its port has to be a number from 1 to 65535")
_LOGIN = N_("a name or password in it would be kept for everyone to read; give the key by itself")
_MORE = N_("it has to end with the computer’s name, its port, or a path such as /v1")
_LONG = N_("it is too long")


def model_of(server: Server) -> str:
    """What stands in the settings as the chosen model where ``server`` is to write."""
    return _PREFIX + server.name


def is_server(model: str) -> bool:
    """Whether a chosen model is a server's, and no file."""
    return model.startswith(_PREFIX)


def find(model: str, servers: Iterable[Server]) -> Server | None:
    """The server that a chosen model names; ``None`` where it is a file, or empty.

    Raises:
        ServerMissing: It names one that is not among ``servers``.
    """
    if not is_server(model):
        return None
    name = model.removeprefix(_PREFIX)
    for each in servers:
        if each.name == name:
            return each
    raise ServerMissing(name=name)


def chosen(model: str, servers: Iterable[Server]) -> Server | None:
    """The same, ``None`` too where the server is not there any more."""
    with contextlib.suppress(ServerMissing):
        return find(model, servers)
    return None


def checked(address: str) -> str:
    """The address of a server in plain ASCII, without ``/v1`` at its end.

    Raises:
        BadAddress: It is none, or leads to more than one place.
    """
    given = address.strip()
    shown = revealed(given[:_LONGEST])
    if len(given) > _LONGEST:
        raise BadAddress(address=shown, reason=_LONG)
    if not given.lower().startswith(("http://", "https://")):
        raise BadAddress(address=shown, reason=_SCHEME)
    try:
        parts = urlsplit(web_address(given).url)
    except LinkRefused as problem:
        raise BadAddress(address=shown, reason=_reason(given, problem)) from problem
    if parts.username is not None:
        raise BadAddress(address=shown, reason=_LOGIN)
    if parts.query or parts.fragment or given.endswith(("?", "#")):
        raise BadAddress(address=shown, reason=_MORE)
    if parts.port == 0:
        raise BadAddress(address=shown, reason=_PORT)
    return root(parts.geturl())


def _reason(given: str, problem: LinkRefused) -> str:
    try:
        _port = urlsplit(given).port
    except ValueError:
        return _PORT
    return str(problem.params["reason"])


def host(address: str) -> str:
    """The computer that an address leads to, as people call it; empty: this one."""
    return "" if is_here(address) else urlsplit(address).hostname or address


def is_open(address: str) -> bool:
    """Whether what goes to an address can be read on its way: plain http, to another computer."""
    return not is_here(address) and urlsplit(address).scheme != "https"


def look(address: str, key: str) -> Loaded:
    """Ask a server what it has; takes a second, or as long as a server may be silent.

    Raises:
        EndpointFailed: Or one of its kinds.
    """
    client = EngineClient("endpoint", checked(address), key=key)
    try:
        return next(event for event in client.load("") if isinstance(event, Loaded))
    finally:
        client.close()
