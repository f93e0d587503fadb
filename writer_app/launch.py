"""How this program starts itself again in another role, from a checkout and from a frozen build."""

import sys


def command(role: str, *arguments: str) -> list[str]:
    """The command line that runs this program as ``role`` (``"--engine"``, ``"--download"``, …)."""
    if getattr(sys, "frozen", False):
        return [sys.executable, role, *arguments]
    return [sys.executable, "-m", "writer_app", role, *arguments]
