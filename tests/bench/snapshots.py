"""Measure what keeping earlier states costs: our file against a bare git repository written by dulwich.

    python tests/bench/snapshots.py [--text FILE] [--count N] --json

A book, to which a sentence is added in a random place before each of ``count`` states. ``ratio`` figures are ours
over git's: time of a state (median), bytes on disk in the end (as written, and git's once it is packed: null
where the package cannot pack), time to read one back. Without the package dulwich git's are null.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

from tests.conftest import BOOKS
from writer_app.story.snapshots import Snapshots, Why


def states(text: str, count: int) -> list[str]:
    """The book as it grows."""
    rng, made = Random(1), list[str]()
    for number in range(count):
        place = text.find("\n\n", rng.randrange(len(text) - 1))
        text = f"{text[:place]} Here stands sentence {number}.{text[place:]}"
        made.append(text)
    return made


def seconds(act: Callable[[], object]) -> float:
    """How long it takes."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def size(folder: Path) -> int:
    """Bytes on disk, a block at least for each file."""
    return sum(each.stat().st_blocks * 512 for each in folder.rglob("*") if each.is_file())


def ours(folder: Path, texts: list[str]) -> tuple[float, int, float]:
    """(median seconds of a state, bytes, median seconds of reading one)."""
    kept = Snapshots(folder / "snapshots.db")
    took = [seconds(lambda text=text: kept.take("book", text, Why.SAVE)) for text in texts]
    numbers = [each.id for each in kept.all_of("book")][:: len(texts) // 10]
    read = [seconds(lambda number=number: kept.text(number)) for number in numbers]
    return statistics.median(took), size(folder), statistics.median(read)


def git(folder: Path, texts: list[str]) -> tuple[float, int, float]:
    """The same of a bare repository: a commit for each state."""
    from dulwich.objects import Blob, Commit, Tree
    from dulwich.repo import Repo

    repository = Repo.init_bare(str(folder))
    commits = []

    def take(text: str) -> None:
        blob, tree, commit = Blob.from_string(text.encode()), Tree(), Commit()
        tree.add(b"book.md", 0o100600, blob.id)
        commit.tree, commit.parents = tree.id, commits[-1:]
        commit.author = commit.committer = b"Longhand <>"
        commit.author_time = commit.commit_time = int(time.time())
        commit.author_timezone = commit.commit_timezone = 0
        commit.message = b"save"
        for each in (blob, tree, commit):
            repository.object_store.add_object(each)
        repository.refs[b"refs/heads/main"] = commit.id
        commits.append(commit.id)

    took = [seconds(lambda text=text: take(text)) for text in texts]
    written = size(folder)

    def read(number: bytes) -> bytes:
        tree = repository[repository[number].tree]
        return repository[tree[b"book.md"][1]].data

    back = [seconds(lambda number=number: read(number)) for number in commits[:: len(texts) // 10]]
    return statistics.median(took), written, statistics.median(back)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--text", type=Path, default=BOOKS / "pride-and-prejudice.md")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--json", action="store_true", help="print one line of JSON (always done)")
    options = parser.parse_args()
    if not options.text.is_file():
        sys.stderr.write(f"{options.text} is not there; name a text with --text\n")
        return 2
    texts = states(options.text.read_text("utf-8"), options.count)
    figures: dict[str, float | int | str | None] = {}
    with tempfile.TemporaryDirectory() as mine, tempfile.TemporaryDirectory() as theirs:
        took, written, read = ours(Path(mine), texts)
        figures |= {
            "take_ms": took * 1e3,
            "bytes_each": written // len(texts),
            "read_ms": read * 1e3,
        }
        try:
            other_took, other_written, other_read = git(Path(theirs), texts)
        except ImportError:
            figures |= {"take_ratio": None, "bytes_ratio": None, "read_ratio": None}
            figures["take_ratio_why"] = "the package dulwich is not installed"
        else:
            figures |= {
                "take_ratio": took / other_took,
                "bytes_ratio": written / other_written,
                "read_ratio": read / other_read,
            }
    sys.stdout.write(json.dumps(figures) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
