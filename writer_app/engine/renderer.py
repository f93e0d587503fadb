"""Renders chat templates for a process that may not start programs any more. Linux only, as the sandbox is.

It forks off while the engine child has neither model nor threads nor sandbox, enters a narrower sandbox of its own
(it reads libraries and writes nothing), and forks once more for each template, so that each has fresh limits.
"""

import contextlib
import ctypes
import os
import signal
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path

from writer_app.engine import sandbox, template
from writer_app.errors import N_

_DONE, _REFUSED = b"+", b"-"
_NOT_ENDING = N_("it takes too long")


class Renderer:
    """Another process that renders; it ends with the one that made it."""

    def __init__(self) -> None:
        self._pipe, theirs = Pipe()
        if not os.fork():
            try:
                _serve(theirs)
            finally:
                os._exit(0)
        theirs.close()

    def __call__(self, order: bytes) -> bytes:
        """Render as :func:`writer_app.engine.template.answer` does.

        Raises:
            Refused: Why not.
        """
        try:
            self._pipe.send_bytes(order)
            said = self._pipe.recv_bytes()
        except (OSError, EOFError) as problem:
            raise template.Refused(N_("its process has ended")) from problem
        if said[:1] != _DONE:
            raise template.Refused(said[1:].decode("utf-8", "replace"))
        return said[1:]


def _serve(orders: "Connection[bytes, bytes]") -> None:
    """Answer orders until nobody is there to give any."""
    _let_go(orders.fileno())
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    sandbox.enter((), parent=True)
    while True:
        try:
            orders.send_bytes(_render(orders.recv_bytes()))
        except (OSError, EOFError):
            return


def _render(order: bytes) -> bytes:
    """The answer of a process of its own, or why there is none."""
    template.prepare()  # once: what is loaded here need not be loaded by each
    answers, theirs = Pipe(duplex=False)
    worker = os.fork()
    if not worker:
        try:
            theirs.send_bytes(_answer(order))
        finally:
            os._exit(0)
    theirs.close()
    try:
        return answers.recv_bytes() if answers.poll(template.SECONDS + 5) else _refusal()
    except EOFError:  # a limit has ended it
        return _refusal()
    finally:
        answers.close()
        os.kill(worker, signal.SIGKILL)
        os.waitpid(worker, 0)


def _answer(order: bytes) -> bytes:
    sandbox.enter(())  # nor may it end the one that made it
    template.limit()
    try:
        return _DONE + template.answer(order)
    except template.Refused as problem:
        return _REFUSED + str(problem).encode("utf-8", "replace")


def _refusal() -> bytes:
    return _REFUSED + _NOT_ENDING.encode()


def _let_go(kept: int) -> None:
    """Close what belongs to the engine child: whoever reads its pipes must see when they end."""
    for number in [int(each.name) for each in Path("/proc/self/fd").iterdir()]:
        if number != kept:
            with contextlib.suppress(OSError):  # the one that listed them
                os.close(number)
    for _standard in range(3):
        os.open(os.devnull, os.O_RDWR)  # takes the lowest that is free
