"""The processor's cores, as far as they matter for the number of threads."""

import os
from pathlib import Path

import psutil

_SYSTEM = Path("/sys/devices")


def usable() -> int:
    """Physical cores that this process may use: the second thread of a core computes nothing faster."""
    physical = psutil.cpu_count(logical=False) or os.cpu_count() or 1
    if hasattr(os, "sched_getaffinity"):
        return min(physical, len(os.sched_getaffinity(0)))
    return physical


def fast(system: Path = _SYSTEM) -> int:
    """Performance cores of a hybrid processor; 0 where it is none, or where the system does not say (Linux does)."""
    try:
        ranges = (system / "cpu_core" / "cpus").read_text("ascii").strip().split(",")
        numbers = [
            number
            for first, _, last in (each.partition("-") for each in ranges)
            for number in range(int(first), int(last or first) + 1)
        ]
        topology = system / "system" / "cpu"
        # Both threads of a core name the same two siblings.
        return len({(topology / f"cpu{n}/topology/core_cpus_list").read_text() for n in numbers})
    except (OSError, ValueError):
        return 0
