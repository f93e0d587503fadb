"""The text of a report about a problem. It holds nothing that the writer wrote, and no document's name."""

import locale
import platform
import sys

import PySide6

from writer_app import __version__
from writer_app.language import APP_NAME, _, current

#: Characters of earlier errors that are of use.
_MOST_EARLIER = 4_000


def report(*, happened: str, facts: str, log: str, earlier: str = "") -> str:
    """The whole text, with headings.

    Args:
        happened: What went wrong just now: a traceback without messages; empty where she simply asks.
        facts: What the model runs on.
        log: The last lines of the engine, without the writer's words.
        earlier: The log of earlier errors.
    """
    parts = (
        (_("What I did before, and what I expected"), "…"),
        (_("What happened"), happened),
        (_("Program and system"), _system()),
        (_("Model and machine"), facts),
        (_("Last lines of the engine"), log),
        (_("Earlier errors"), earlier[-_MOST_EARLIER:].strip()),
    )
    return "\n\n".join(f"{title}\n{body}" for title, body in parts if body) + "\n"


def _system() -> str:
    frozen = " (frozen)" if hasattr(sys, "_MEIPASS") else ""
    return "\n".join(
        (
            f"{APP_NAME} {__version__}{frozen}, {current()}",
            f"{platform.system()} {platform.release()} {platform.machine()}",
            f"Python {platform.python_version()}, PySide6 {PySide6.__version__}",
            f"{locale.getpreferredencoding(do_setlocale=False)}",
        )
    )
