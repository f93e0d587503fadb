"""A limit on waiting for a disk, where the answer is needed here and now."""

import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def within(seconds: float, act: Callable[[], T]) -> T:
    """What ``act`` returns or raises, if that takes no longer than ``seconds``.

    Nothing can end a call to a drive that is gone, so its thread stays behind, and holds up nobody.

    Raises:
        TimeoutError: It has not come back yet.
    """
    results = list[T]()
    errors = list[Exception]()

    def run() -> None:
        try:
            results.append(act())
        except Exception as error:  # noqa: BLE001 - it is raised again where it is waited for
            errors.append(error)

    thread = threading.Thread(target=run, name="patience", daemon=True)
    thread.start()
    thread.join(seconds)
    for error in errors:
        raise error
    if not results:
        raise TimeoutError
    return results[0]
