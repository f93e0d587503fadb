"""Measure downloads from a hub on loopback: pace, endings, what a kill costs.

    python -m tests.bench.downloads [--mib N] [--kills N] [--stops N] --json

``pace_mb_s`` is of one file, hashed and pushed to the disk every 4 MiB; ``copy_mb_s`` of the same answer read by a plain
loop into a file, with neither; ``pace_ratio`` of the two, by turns. ``hash_mb_s`` is how fast what was there before is
hashed again. ``stop_ms_max`` is the longest time from asking for a pause to the child's word that it has stopped, at
random moments; ``twice_mib_max`` and ``_mean`` are what was sent twice because of one kill. Nothing is asserted.
"""

import argparse
import json
import queue
import random
import statistics
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from tests.engine.scripted_hub import Hub, model, serve
from tests.engine.test_downloads import MIB, NAME, PATIENT, killed, last_of, plain
from writer_app.engine.downloads import Downloads
from writer_app.engine.partial import digest_of

TURNS = 3


def main() -> int:
    """Measure and print one flat object."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--mib", type=int, default=256)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--stops", type=int, default=20)
    parser.add_argument("--json", action="store_true", help="print one line of JSON (always done)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place, serve() as hub:
        folder = Path(place)
        hub.files[NAME] = model(4 * MIB) * (options.mib // 4)
        downloads = Downloads(folder, setup=PATIENT)
        figures = pace(hub, downloads, folder) | stops(hub, downloads, options.stops)
        downloads.close()
    with tempfile.TemporaryDirectory() as place:
        costs = killed(options.kills, Path(place), random.Random(), size=64 * MIB)
    figures |= {
        "kills": options.kills,
        "twice_mib_max": round(max(costs) / MIB, 2),
        "twice_mib_mean": round(statistics.mean(costs) / MIB, 2),
    }
    print(json.dumps(figures))
    return 0


def pace(hub: Hub, downloads: Downloads, folder: Path) -> dict[str, float]:
    """How fast bytes come, beside a plain loop."""
    order, size = plain(hub, NAME), len(hub.files[NAME]) / 1e6
    ours, theirs = [], []
    for _ in range(TURNS):
        began = time.monotonic()
        downloads.fetch(order)
        ours.append(size / (time.monotonic() - began))
        began = time.monotonic()
        for _done in digest_of(folder / NAME):
            pass
        hashed = size / (time.monotonic() - began)
        (folder / NAME).unlink()
        began = time.monotonic()
        address, copy = order.pieces[0].path, folder / "copy"
        with urllib.request.urlopen(address) as answer, copy.open("wb") as file:
            while block := answer.read(65_536):
                file.write(block)
        theirs.append(size / (time.monotonic() - began))
        copy.unlink()
    return {
        "pace_mb_s": round(statistics.median(ours)),
        "copy_mb_s": round(statistics.median(theirs)),
        "pace_ratio": round(statistics.median(ours) / statistics.median(theirs), 2),
        "hash_mb_s": round(hashed),
    }


def stops(hub: Hub, downloads: Downloads, count: int) -> dict[str, float]:
    """How long a pause takes."""
    order, took = plain(hub, NAME), list[float]()
    for _ in range(count):
        events: queue.SimpleQueue = queue.SimpleQueue()
        number = downloads.get(order, events.put)
        time.sleep(random.random() * 0.2)
        began = time.monotonic()
        downloads.pause(number)
        last_of(events)
        took.append(1000 * (time.monotonic() - began))
    return {
        "stops": count,
        "stop_ms_max": round(max(took)),
        "stop_ms": round(statistics.median(took)),
    }


if __name__ == "__main__":
    sys.exit(main())
