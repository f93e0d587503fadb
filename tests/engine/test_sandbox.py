"""The kernel holds the engine child to its model, its libraries and its one folder (Linux)."""

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.engine import tiny_models
from tests.engine.test_contract import answer, ask, load
from writer_app.engine import sandbox, seccomp
from writer_app.engine.client import EngineClient
from writer_app.engine.protocol import Generate, Message, Part
from writer_app.errors import ModelMissing

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such thing")

ROOT = Path(__file__).parents[2]
TALE = " ".join(f"On day {day} the old man went to the sea and came back." for day in range(50))


@pytest.fixture
def begin(starter):
    """Loads a model in a child of its own."""
    made = []

    def make(model=starter, folder="", **more):
        made.append(EngineClient("llama", str(folder), **more))
        return made[-1], load(made[-1], str(model))

    yield make
    for client in made:
        client.close()


@pytest.fixture
def probe(tmp_path):
    """Runs the probe with a model's folder, a writable one and a place that is neither."""

    def run(*, devices=False, version=None):
        places = {name: tmp_path / name for name in ("models", "memory", "novel")}
        for place in places.values():
            place.mkdir(exist_ok=True)
            (place / "file").write_text("text")
        (places["models"] / "link").symlink_to(places["novel"] / "file")
        wanted = {
            "readable": [str(places["models"])],
            "writable": str(places["memory"]),
            "devices": devices,
            "version": version,
            "parent": os.getpid(),
            "read": {name: str(place / "file") for name, place in places.items()}
            | {"link": str(places["models"] / "link"), "parent": f"/proc/{os.getpid()}/environ"}
            | {"library": json.__file__, "system": "/etc/hostname"},
            "write": {name: str(place / "new") for name, place in places.items()}
            | {"here": str(tmp_path / "new"), "temporary": f"/tmp/longhand-{os.getpid()}"},
        }
        ran = subprocess.run(
            [sys.executable, "-m", "tests.engine.probe", json.dumps(wanted)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        return json.loads(ran.stdout)

    return run


def sockets(outcomes):
    return {name: outcome for name, outcome in outcomes.items() if name.startswith("AF_")}


def test_inside_only_the_models_the_libraries_and_the_one_folder_are_there(probe):
    outcomes = probe()
    assert outcomes["held"] == "full"
    reads = {name: said for name, said in outcomes.items() if name.startswith("read")}
    assert reads == {
        "read models": "done",
        "read memory": "done",
        "read library": "done",
        "read novel": "EACCES",
        "read link": "EACCES",
        "read parent": "EACCES",
        "read system": "EACCES",
    }
    writes = {name: said for name, said in outcomes.items() if name.startswith("write")}
    assert writes == {
        "write memory": "done",
        "write models": "EACCES",
        "write novel": "EACCES",
        "write here": "EACCES",
        "write temporary": "EACCES",
    }


def test_inside_there_is_no_socket_of_any_kind_no_program_and_no_way_around(probe):
    outcomes = probe()
    assert set(sockets(outcomes).values()) == {"EPERM"}
    assert len(sockets(outcomes)) == 10
    assert outcomes["pair"] == "EPERM", "one end of it could send to a service's socket"
    for way in ("exec", "program", "execveat", "io_uring_setup", "ptrace", "truncate"):
        assert outcomes[way] == "EPERM", way
    assert outcomes["children"] == "done", "templates are rendered in a fork"


@pytest.mark.parametrize("version", [1, 2, None], ids=["Linux 5.13", "Linux 5.19", "this one"])
def test_no_file_can_be_emptied_or_given_away_on_kernels_old_and_new(probe, tmp_path, version):
    outcomes = probe(version=version)
    assert outcomes["held"] == "full"
    tried = {
        said for name, said in outcomes.items() if name.startswith(("empty", "give away", "mark"))
    }
    assert tried == {"EPERM"}
    assert (tmp_path / "novel" / "file").read_text() == "text"
    assert (tmp_path / "models" / "file").read_text() == "text"


@pytest.mark.parametrize("devices", [False, True])
def test_signals_go_to_no_other_process_whatever_the_kernel_knows_of_that(probe, devices):
    outcomes = probe(version=1, devices=devices)
    found = {name: said for name, said in outcomes.items() if name.startswith("kill")}
    assert found.pop("kill itself") == "done", "aborting is a signal too"
    assert set(found.values()) == {"EPERM"}
    assert len(found) == 3


def test_limits_of_other_processes_are_not_its_to_set(probe):
    """A limit on the size of files would fail every save of the window."""
    outcomes = probe()
    assert outcomes["limit"] == "EPERM"
    assert outcomes["own limit"] == "done"


def test_with_drivers_of_graphics_processors_files_are_open_and_the_network_is_not(probe):
    outcomes = probe(devices=True)
    assert outcomes["held"] == "network"
    assert outcomes["read novel"] == "done"
    local = sockets(outcomes)
    assert {local.pop("AF_UNIX SOCK_STREAM"), local.pop("AF_UNIX SOCK_DGRAM")} == {"done"}
    assert set(local.values()) == {"EPERM"}
    assert outcomes["exec"] == outcomes["io_uring_setup"] == "EPERM"


def test_where_there_are_threads_already_nothing_is_claimed_because_they_are_not_held():
    source = (
        "import threading, time; from writer_app.engine import sandbox\n"
        "threading.Thread(target=time.sleep, args=(30,), daemon=True).start()\n"
        "print(repr(str(sandbox.enter(()))))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", source], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ran.stdout.strip() == "''", ran.stderr


@pytest.mark.parametrize("place", ["bin", "llama_cpp/lib"])
@pytest.mark.parametrize(
    ("library", "has"), [("libggml-cuda.so", True), ("libggml-cpu-zen4.so", False)]
)
def test_drivers_are_found_where_a_build_puts_them_without_loading_anything(
    tmp_path, place, library, has
):
    (tmp_path / place).mkdir(parents=True)
    (tmp_path / place / library).touch()
    (tmp_path / "llama_cpp").mkdir(exist_ok=True)
    (tmp_path / "llama_cpp" / "__init__.py").write_text("raise ImportError")
    source = "from writer_app.engine import sandbox; print(sandbox.has_drivers())"
    ran = subprocess.run(
        [sys.executable, "-c", source],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": f"{tmp_path}:{ROOT}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stdout.strip() == str(has), ran.stderr


def test_a_child_is_told_whether_graphics_processors_may_be_used_and_replaced_when_that_changes(
    begin,
):
    client, _loaded = begin()
    assert "graphics" in psutil.Process(client.pid).cmdline()
    first, path = client.pid, client.loaded_path
    client.use_graphics(wanted=False)
    load(client, path)
    assert client.pid != first
    assert "graphics" not in psutil.Process(client.pid).cmdline()


@pytest.mark.parametrize(
    ("missing", "held"),
    [
        ("landlock.version = lambda: 0", "network"),
        ("seccomp._MACHINES = {}", ""),
        ("landlock._RESTRICT = 999_999", "network"),
    ],
    ids=["no Landlock", "another processor", "a kernel that refuses"],
)
def test_a_kernel_that_lacks_something_goes_on_without_and_says_what_holds(missing, held):
    source = (
        f"from writer_app.engine import landlock, sandbox, seccomp\n{missing}\n"
        "print(repr(str(sandbox.enter(()))))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", source], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ran.stdout.strip() == repr(held), ran.stderr


def test_the_filter_of_every_processor_ends_each_of_its_ways_in_a_verdict():
    programs = [
        seccomp._assemble(machine, families, own, files=files)
        for machine in seccomp._MACHINES.values()
        for families in ((), seccomp.LOCAL)
        for files in (True, False)
        for own in (1, None)
    ]
    for code in programs:
        steps = [code[at : at + 8] for at in range(0, len(code), 8)]
        ends = {at for at, step in enumerate(steps) if step[0] == seccomp._END}
        assert ends == {len(steps) - 2, len(steps) - 1}
        for at, step in enumerate(steps[:-2]):
            assert at + 1 + max(step[2], step[3]) < len(steps)


# -- the real engine in it ------------------------------------------------------------------------


def status_of(client, name):
    lines = Path(f"/proc/{client.pid}/status").read_text().splitlines()
    return next(line.split()[1] for line in lines if line.startswith(name + ":"))


def test_the_engine_loads_writes_and_chats_in_it_and_every_thread_is_held(begin):
    client, loaded = begin()
    assert loaded.machine.sandbox == "full"
    assert answer(client, ask(client))[0].strip()
    chat = (Message("user", "Say yes."),)
    for _ in range(2):
        said, _done = answer(client, Generate(id=client.new_id(), chat=chat, max_tokens=4))
        assert said.strip()
    for thread in Path(f"/proc/{client.pid}/task").iterdir():
        assert "Seccomp:\t2" in (thread / "status").read_text(), "a thread without the filter"
    assert status_of(client, "NoNewPrivs") == "1"


def test_what_was_read_is_kept_in_its_folder_and_brought_back_by_the_next_child(begin, tmp_path):
    parts = (Part(id="text", text=TALE),)
    client, _loaded = begin(folder=tmp_path / "memory")
    first = answer(client, ask(client, parts=parts, project="a novel"))[1]
    client.save()
    client.close()
    again, _loaded = begin(folder=tmp_path / "memory")
    second = answer(again, ask(again, parts=parts, project="a novel"))[1]
    assert first.tokens_reused == 0
    assert second.tokens_reused > 0.9 * first.tokens_read
    again.forget("a novel")
    assert not list((tmp_path / "memory").rglob("*.memory"))


def test_a_model_elsewhere_is_another_child_and_one_in_the_models_folder_is_not(begin, tmp_path):
    folder = tmp_path / "models"
    folder.mkdir()
    inside = [tiny_models.recurrent(folder / "a.gguf"), tiny_models.hybrid(folder / "b.gguf")]
    outside = tiny_models.hybrid(tmp_path / "模型 c.gguf")
    client, _loaded = begin(inside[0], models=folder)
    first = client.pid
    load(client, inside[1])
    assert client.pid == first
    load(client, outside)
    assert client.pid != first
    assert not psutil.pid_exists(first)
    assert answer(client, ask(client))[1].tokens_written
    load(client, inside[0])
    assert client.model.machine.sandbox == "full"


def test_links_to_models_lead_to_them_wherever_they_are(begin, tmp_path):
    """As in the cache of the hub: a name beside others, the file itself in a folder of numbers."""
    (tmp_path / "blobs").mkdir()
    (tmp_path / "snapshot").mkdir()
    real = tiny_models.recurrent(tmp_path / "blobs" / "0123abcd")
    link = tmp_path / "snapshot" / "model.gguf"
    link.symlink_to("../blobs/0123abcd")
    for models in (None, tmp_path / "snapshot"):
        client, loaded = begin(link, models=models)
        assert loaded.machine.sandbox == "full"
        assert client.loaded_path != real


def test_a_file_that_was_fetched_again_or_is_back_is_loaded(begin, tmp_path):
    path = tmp_path / "model.gguf"
    client, _loaded = begin(tiny_models.recurrent(path))
    load(client, tiny_models.hybrid(tmp_path / "other.gguf"))
    path.unlink()
    with pytest.raises(ModelMissing):
        load(client, str(path))
    tiny_models.recurrent(tmp_path / "new")
    (tmp_path / "new").replace(path)
    load(client, str(path))


def test_all_parts_of_a_model_in_several_files_can_be_read_and_nothing_beside_them(tmp_path):
    names = [f"big-{number:05}-of-00003.gguf" for number in (1, 2, 3)]
    for name in [*names, "big.gguf", "diary.md"]:
        (tmp_path / name).write_text("x")
    granted = [path for path, _number in sandbox.reach(str(tmp_path / names[0]))]
    assert granted == [str((tmp_path / name).resolve()) for name in names]
    assert [path for path, _number in sandbox.reach(str(tmp_path / "big.gguf"))] == [
        str((tmp_path / "big.gguf").resolve())
    ]


@pytest.mark.parametrize("name", ["", ".", "none.gguf", "a\0b", "x" * 5_000])
def test_what_is_no_file_opens_nothing(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert sandbox.reach(name) == ()


# -- its end, and what it may take ----------------------------------------------------------------


def test_what_the_child_has_started_ends_with_it(begin):
    client, _loaded = begin()
    child = psutil.Process(client.pid)
    (renderer,) = child.children(recursive=True)
    child.kill()
    psutil.wait_procs([renderer], timeout=10)
    assert not renderer.is_running() or renderer.status() == psutil.STATUS_ZOMBIE


def test_of_all_processes_the_engine_is_the_one_that_goes_when_memory_runs_out(begin):
    client, _loaded = begin()
    engine = int(Path(f"/proc/{client.pid}/oom_score").read_text())
    window = int(Path("/proc/self/oom_score").read_text())
    assert engine > window + 200
    own, _hard = psutil.Process(client.pid).rlimit(psutil.RLIMIT_DATA)
    assert own == pytest.approx(psutil.virtual_memory().total, rel=0.01)


def test_more_memory_than_there_is_is_refused_to_it_and_a_mapped_file_is_not_counted(tmp_path):
    source = (
        "import mmap; from writer_app.engine import sandbox; sandbox.limit_memory()\n"
        f"size = {psutil.virtual_memory().total * 6 // 10}\n"
        f"file = open({str(tmp_path / 'big')!r}, 'w+b'); file.truncate(size)\n"
        "models = [mmap.mmap(file.fileno(), size, prot=mmap.PROT_READ) for _ in range(3)]\n"
        "taken = [mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)]\n"
        "try:\n    taken.append(mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS))\n"
        "except OSError as refused:\n    print(refused.errno)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", source], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ran.stdout.strip() == str(errno.ENOMEM), ran.stderr
