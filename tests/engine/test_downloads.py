"""Downloads through their own process: what is asked of it, how it ends, and that nobody else opens a socket."""

import os
import queue
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from filelock import FileLock

from tests.engine.scripted_hub import QUICK, REPOSITORY, Fault, Hub, model, serve
from writer_app.engine import downloads as downloads_module
from writer_app.engine.download_protocol import (
    Fetched,
    Order,
    Phase,
    Setup,
    Source,
    Stopped,
    is_last,
)
from writer_app.engine.downloads import HUGGING_FACE, Downloads, usual_source
from writer_app.engine.protocol import Failed
from writer_app.errors import (
    BeingFetched,
    DownloaderDied,
    LicenceNeeded,
    NoConnection,
    Offline,
    from_code,
)

MIB = 1024 * 1024
NAME = "tales-Q4.gguf"
DATA = model(MIB)
SETUP = Setup(patience=QUICK, reserve=0)
PATIENT = Setup(reserve=0)


@pytest.fixture
def hub() -> Iterator[Hub]:
    with serve({NAME: DATA, "other.gguf": model(MIB, 1)}) as hub:
        yield hub


@pytest.fixture(scope="module")
def one_child(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Downloads]:
    made = Downloads(tmp_path_factory.mktemp("models"), setup=PATIENT)
    yield made
    made.close()


@pytest.fixture
def downloads(one_child: Downloads, tmp_path: Path) -> Downloads:
    """The same child for all, because its start takes a moment; a folder for each."""
    one_child.folder = tmp_path
    return one_child


def plain(hub: Hub, name: str) -> Order:
    """An order by address, which needs no word with a hub, of a file that is known well."""
    piece = hub.order(name).pieces[0]
    return hub.plain(name, size=piece.size, sha256=piece.sha256)


def wait_until(condition: Callable[[], object], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.005)


def last_of(events: "queue.SimpleQueue") -> object:
    while not is_last(event := events.get(timeout=20)):
        pass
    return event


def test_a_writer_finds_looks_and_fetches(hub, downloads, tmp_path):
    [found] = downloads.search(hub.source, "tales")
    assert found.id == REPOSITORY
    listed = downloads.files(hub.source, found.id)
    chosen = next(each for each in listed.models if each.name == NAME)
    order = Order(hub.source, chosen.pieces, found.id, listed.commit)
    told = []
    done = downloads.fetch(order, told.append)
    assert done.proven
    assert (tmp_path / NAME).read_bytes() == DATA
    assert told[-1].done == told[-1].total == len(DATA)
    assert downloads.unfinished() == []
    hub.token = "hf_x"
    with pytest.raises(LicenceNeeded):
        downloads.fetch(hub.order("other.gguf"))
    assert downloads.probe(hub.source) < 5
    with pytest.raises(NoConnection):
        downloads.files(Source("huggingface", "http://127.0.0.1:9"), REPOSITORY)


def test_ending_a_download_takes_less_than_a_second_whatever_it_waits_for(hub, downloads, tmp_path):
    order, part = plain(hub, NAME), tmp_path / f"{NAME}.part"
    hub.faults.extend([Fault(stall=500_000), Fault(status=429, headers={"Retry-After": "300"})])
    events = queue.SimpleQueue()
    number = downloads.get(order, events.put)
    wait_until(lambda: part.exists() and part.stat().st_size == 500_000)
    _end(downloads.pause, number, events)
    [left] = downloads.unfinished()
    assert (left.order, left.done, left.size) == (order, 500_000, len(DATA))
    number = downloads.get(order, events.put)
    wait_until(lambda: not hub.faults)
    _end(downloads.pause, number, events)
    assert downloads.unfinished() == [left]
    hub.pace = 0.5
    number = downloads.get(order, events.put)
    wait_until(lambda: part.stat().st_size > 500_000)
    _end(downloads.cancel, number, events)
    assert list(tmp_path.iterdir()) == []


def _end(how: Callable[[int], None], number: int, events: "queue.SimpleQueue") -> None:
    began = time.monotonic()
    how(number)
    last = last_of(events)
    assert time.monotonic() - began < 1
    assert isinstance(last, Stopped)
    assert last.id == number


def test_what_is_left_can_be_deleted_but_not_under_somebodys_hands(hub, downloads, tmp_path):
    hub.faults.append(Fault(stall=500_000))
    events = queue.SimpleQueue()
    number = downloads.get(plain(hub, NAME), events.put)
    wait_until(lambda: (tmp_path / f"{NAME}.part").exists() and hub.sent)
    with pytest.raises(BeingFetched):
        downloads.fetch(plain(hub, NAME))
    wait_until(lambda: (tmp_path / f"{NAME}.part").stat().st_size == 500_000)
    downloads.pause(number)
    last_of(events)
    [left] = downloads.unfinished()
    lock = FileLock(tmp_path / f"{NAME}.part.lock")
    with lock, pytest.raises(BeingFetched):  # another window
        downloads.forget(left.order)
    downloads.forget(left.order)
    assert list(tmp_path.iterdir()) == []


def test_no_more_downloads_run_side_by_side_than_were_allowed(hub, downloads):
    hub.files["third.gguf"] = model(MIB, 2)
    hub.faults.extend([Fault(stall=0), Fault(stall=0)])
    waiting = [queue.SimpleQueue() for _ in hub.files]
    numbers = [
        downloads.get(plain(hub, name), events.put)
        for name, events in zip(hub.files, waiting, strict=True)
    ]
    assert waiting[2].get(timeout=20).phase is Phase.QUEUED
    wait_until(lambda: len(hub.sent) == 2)
    downloads.pause(numbers[0])
    assert isinstance(last_of(waiting[2]), Fetched)
    downloads.pause(numbers[1])
    last_of(waiting[1])


def test_a_child_that_dies_is_told_to_all_who_wait_and_replaced_by_the_next_request(hub, downloads):
    hub.faults.extend([Fault(stall=0), Fault(stall=0)])
    waiting = [queue.SimpleQueue(), queue.SimpleQueue()]
    for name, events in zip((NAME, "other.gguf"), waiting, strict=True):
        downloads.get(plain(hub, name), events.put)
    wait_until(lambda: len(hub.sent) == 2)
    os.kill(downloads.pid, signal.SIGKILL)
    for events in waiting:
        failed = last_of(events)
        assert isinstance(failed, Failed)
        assert isinstance(from_code(failed.code, failed.params), DownloaderDied)
    assert isinstance(downloads.fetch(plain(hub, NAME)), Fetched)


def test_offline_nothing_is_started_let_alone_asked(hub, tmp_path, monkeypatch):
    monkeypatch.setattr(subprocess, "Popen", None)
    for downloads in (
        Downloads(tmp_path, offline=True),
        _told_by_environment(tmp_path, monkeypatch),
    ):
        for ask in (
            lambda each=downloads: each.search(hub.source, "tales"),
            lambda each=downloads: each.files(hub.source, REPOSITORY),
            lambda each=downloads: each.fetch(hub.order(NAME)),
            lambda each=downloads: each.probe(hub.source),
        ):
            with pytest.raises(Offline):
                ask()
        assert downloads.pid is None
    assert hub.asked == []


def _told_by_environment(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Downloads:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    return Downloads(folder)


def test_the_mirror_of_the_environment_is_the_usual_source(monkeypatch):
    monkeypatch.delenv("HF_ENDPOINT", raising=False)
    assert usual_source() == HUGGING_FACE
    monkeypatch.setenv("HF_ENDPOINT", "https://hf-mirror.com/")
    assert usual_source() == downloads_module.SOURCES["HF-Mirror"]


#: A window as far as downloads are concerned; says the child's id when the download is on its way.
_WINDOW = """
import sys, threading
from pathlib import Path
from writer_app.engine.download_protocol import Order, Piece, Setup, Source, is_last
from writer_app.engine.downloads import Downloads
address, size, sha256, folder = sys.argv[1:]
downloads = Downloads(Path(folder), setup=Setup(reserve=0))
over = threading.Event()
def listen(event):
    print(downloads.pid, type(event).__name__, getattr(event, "done", 0), flush=True)
    if is_last(event):
        over.set()
downloads.get(Order(Source("web"), (Piece(address, int(size), sha256),)), listen)
over.wait()
downloads.close()
"""


def _window(order: Order, folder: Path) -> list[str]:
    piece = order.pieces[0]
    return [
        *(sys.executable, "-c", _WINDOW),
        *(piece.path, str(piece.size), piece.sha256, str(folder)),
    ]


def test_the_child_ends_with_its_parent_and_keeps_what_it_fetched(hub, tmp_path):
    hub.faults.append(Fault(stall=500_000))
    with subprocess.Popen(_window(plain(hub, NAME), tmp_path), stdout=subprocess.PIPE) as window:
        child = psutil.Process(int(window.stdout.readline().split()[0]))
        wait_until(lambda: hub.sent and hub.sent[0][1] >= 500_000)
        wait_until(lambda: (tmp_path / f"{NAME}.part").stat().st_size == 500_000)
        window.kill()
    wait_until(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)
    [unfinished] = Downloads(tmp_path).unfinished()
    assert unfinished.done == 500_000


@pytest.mark.skipif(sys.platform != "linux", reason="strace is Linux's")
def test_the_process_that_asks_opens_no_socket_and_the_child_does(hub, tmp_path):
    assert shutil.which("strace"), "without it nothing is shown"
    log = tmp_path / "trace"
    folder = tmp_path / "models"
    calls = "trace=socket,execve,clone,clone3,fork,vfork"
    command = ["strace", "-f", "-qq", "-e", calls, "-o", str(log)]
    ran = subprocess.run(
        [*command, *_window(plain(hub, NAME), folder)], capture_output=True, check=False, text=True
    )
    assert (folder / NAME).read_bytes() == DATA, ran.stderr
    child = ran.stdout.split()[0]
    of_child, threads = 0, {child}
    for line in log.read_text("utf-8", "replace").splitlines():
        number, _, call = line.partition(" ")
        if number in threads and (made := re.search(r"(?:clone3?|v?fork).* = (\d+)$", call)):
            threads.add(made[1])
        if re.search(r"\bsocket\(AF_INET", call):
            assert number in threads, line
            of_child += 1
    assert of_child > 0


def test_a_kill_costs_at_most_eight_mebibytes_and_the_hash_is_right(tmp_path):
    costs = killed(5, tmp_path, random.Random(7), size=16 * MIB)
    assert max(costs) <= 8 * MIB


@pytest.mark.soak
@pytest.mark.timeout(1200)
def test_a_hundred_kills_cost_at_most_eight_mebibytes_each(tmp_path, record_property):
    costs = killed(100, tmp_path, random.Random(), size=64 * MIB)
    figures = {"kills": len(costs), "most": max(costs), "mean": sum(costs) / len(costs)}
    record_property("figures", figures)
    print(figures)  # noqa: T201 - what a long run is for
    assert max(costs) <= 8 * MIB


def killed(count: int, folder: Path, draw: random.Random, *, size: int) -> list[int]:
    """Kill the child ``count`` times while it fetches; bytes that were fetched twice because of each."""
    costs, kills = list[int](), 0
    with serve() as hub:
        while kills < count:
            hub.files[NAME] = model(size, draw.randrange(10**6))
            order = plain(hub, NAME)
            hub.sent.clear()
            hub.pace = 0.0005
            downloads = Downloads(folder, setup=PATIENT)
            has_ended = False
            while kills < count and not has_ended:
                before, events = len(hub.sent), list[object]()
                downloads.get(order, events.append)
                aim = draw.randrange(9 * MIB)
                wait_until(
                    lambda before=before, aim=aim, events=events: (
                        (len(hub.sent) > before and hub.sent[-1][1] >= aim)
                        or (events and is_last(events[-1]))
                    )
                )
                time.sleep(draw.random() * 0.01)
                if downloads.pid:
                    os.kill(downloads.pid, signal.SIGKILL)
                wait_until(
                    lambda events=events, of=downloads: (
                        events and is_last(events[-1]) and of.pid is None
                    )
                )
                has_ended = isinstance(events[-1], Fetched)
                kills += not has_ended
            hub.pace = 0
            assert downloads.fetch(order).proven
            assert (folder / NAME).read_bytes() == hub.files[NAME]
            assert [path.name for path in folder.iterdir()] == [NAME]
            (folder / NAME).unlink()
            downloads.close()
            answers = zip(hub.sent, hub.sent[1:], strict=False)
            costs += [
                max(0, start + sent - next_start) for (start, sent), (next_start, _) in answers
            ]
    return costs
