"""Work that may have to wait for a disk, done aside: a dead network drive must not stop the window.

Each piece of work has a thread of its own, since one that hangs must not hold up the next. Saves have
theirs (:class:`writer_app.story.saver.Saver`), because they need an order.
"""

import contextlib
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Signal

from writer_app.errors import WriterError

T = TypeVar("T")


class _Task(Generic[T]):
    """A piece of work and who wants to know."""

    def __init__(
        self, work: Callable[[], T], done: Callable[[T | WriterError], object], owner: QObject
    ) -> None:
        self.is_finished = False
        # All that may hold widgets.
        self._parts: tuple[Callable[[], T], Callable[[T | WriterError], object], QObject] | None
        self._parts = work, done, owner
        self._result: T | WriterError

    def run(self) -> None:
        """In the thread."""
        assert self._parts
        try:
            self._result = self._parts[0]()
        except WriterError as error:
            self._result = error
        self.is_finished = True

    def deliver(self) -> None:
        """On the window's thread; a second time, or after the owner has gone, nothing happens."""
        if self._parts is None:
            return
        _work, done, owner = self._parts
        # The thread may hold the task a moment longer, and a Qt object must not die there.
        self._parts = None
        if shiboken6.isValid(owner):
            done(self._result)


class Aside(QObject):
    """Runs work in threads and brings the results to the window's thread."""

    _finished = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._finished.connect(lambda task: task.deliver())

    def run(
        self,
        work: Callable[[], T],
        done: Callable[[T | WriterError], object],
        owner: QObject,
        patience: float = 0.0,
    ) -> bool:
        """Do ``work`` aside, then call ``done`` with its result or the :class:`WriterError` it raised.

        Args:
            work: Touches neither widgets nor documents.
            done: Called on the window's thread, unless ``owner`` is gone by then.
            owner: Who wants to know.
            patience: Seconds to wait here, so that what is quick is done at once.

        Returns:
            Whether ``done`` was called already.
        """
        task = _Task(work, done, owner)

        def body() -> None:
            task.run()
            with contextlib.suppress(RuntimeError):  # the program has ended meanwhile
                self._finished.emit(task)

        thread = threading.Thread(target=body, name="aside", daemon=True)
        thread.start()
        if patience:
            thread.join(patience)
        if task.is_finished:
            task.deliver()
        return task.is_finished
