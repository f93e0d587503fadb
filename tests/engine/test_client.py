"""What the client makes of a child that misbehaves."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tests.engine import recorded
from tests.engine.test_contract import answer, ask, load
from writer_app.engine import client as client_module
from writer_app.engine.client import EngineClient
from writer_app.engine.protocol import Ending, Reading, Text
from writer_app.errors import EndpointFailed, EngineDied, EngineStalled, ModelMissing, TooLong


def test_a_child_that_falls_silent_is_replaced(scripted, monkeypatch):
    monkeypatch.setattr(client_module, "SILENCE", 1.5)
    client = scripted({"answers": [[{"text": "a"}, {"stall": 60}]]})
    load(client, "x")
    with pytest.raises(EngineStalled):
        answer(client, ask(client))
    load(client, "x")
    assert client.count(["abcd"]).tokens == (1,)


def test_a_child_whose_heart_beats_while_its_work_hangs_is_replaced(scripted, monkeypatch):
    monkeypatch.setattr(client_module, "PATIENCE", 2.5)
    client = scripted({"answers": [[{"wait": 60}]]})
    load(client, "x")
    with pytest.raises(EngineStalled):
        answer(client, ask(client))
    assert client.pid is None


def test_a_load_that_hangs_is_given_up(scripted, monkeypatch):
    monkeypatch.setattr(client_module, "PATIENCE", 2.5)
    client = scripted({"loads": [{"wait": 60}]})
    with pytest.raises(EngineStalled):
        load(client, "x")


def test_one_that_hangs_between_two_words_has_a_limit_of_its_own(scripted, monkeypatch):
    monkeypatch.setattr(client_module, "PATIENCE_WRITING", 1.5)
    client = scripted({"answers": [[{"wait": 3}, {"text": "a"}, {"wait": 60}]]})
    load(client, "x")
    said = []

    def play() -> None:
        said.extend(client.generate(ask(client)))  # keeps nothing of what raises

    began = time.monotonic()
    with pytest.raises(EngineStalled):
        play()
    assert time.monotonic() - began > 3, "reading may take longer"


def test_words_that_come_slowly_are_no_hang(scripted, monkeypatch):
    monkeypatch.setattr(client_module, "PATIENCE", 2.5)
    monkeypatch.setattr(client_module, "PATIENCE_WRITING", 2.5)
    steps = [{"text": "a"}, {"wait": 0.8}] * 5
    client = scripted({"loads": [{"wait": 0.8}] * 2, "answers": [steps]})
    load(client, "x")
    assert answer(client, ask(client))[0] == "aaaaa"


#: A window as far as the client is concerned, whose child answers slowly; its limits are a second.
_SLEEPER = """
import sys
from writer_app.engine import client as client_module
from writer_app.engine.client import EngineClient
from writer_app.engine.protocol import Generate
client_module.SILENCE = client_module.PATIENCE = client_module.PATIENCE_WRITING = 3.0
client = EngineClient("scripted", sys.argv[1])
list(client.load("x"))
print(client.pid, flush=True)
events = list(client.generate(Generate(id=client.new_id())))
print(type(events[-1]).__name__, events[-1].tokens_written, flush=True)
client.close()
"""


def test_a_machine_that_sleeps_is_no_stall(tmp_path):
    """As suspend and a stopped terminal do it: window and child stand still together, for longer than any limit."""
    (tmp_path / "script.json").write_text(
        '{"answers": [[{"text": "a"}, {"wait": 2}, {"text": "b"}]]}'
    )
    with subprocess.Popen(
        [sys.executable, "-c", _SLEEPER, str(tmp_path / "script.json")],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        text=True,
    ) as window:
        both = [window.pid, int(window.stdout.readline())]
        time.sleep(0.5)  # it waits for the second word
        for pid in both:
            os.kill(pid, signal.SIGSTOP)
        time.sleep(5)  # the sleep itself is what is tested
        for pid in both:  # the window first, so that it finds nothing that was said meanwhile
            os.kill(pid, signal.SIGCONT)
            time.sleep(1)
        assert window.stdout.read().split() == ["Done", "2"]


def test_a_child_that_does_not_stop_in_time_is_killed(scripted):
    client = scripted({"answers": [[{"text": "a"}, {"stall": 60}]]})
    load(client, "x")
    request = ask(client)
    said = []

    def play() -> None:
        for event in client.generate(request):
            said.append(event)
            while psutil.Process(client.pid).status() != psutil.STATUS_STOPPED:
                pass  # a child that has not stalled yet would end politely
            client.cancel(request.id)

    with pytest.raises(EngineStalled):
        play()
    assert isinstance(said[0], Text)
    assert client.pid is None


def test_garbage_on_the_pipe_ends_the_child(scripted):
    client = scripted({"answers": [[{"garbage": "boo"}, {"text": "never trusted"}]]})
    load(client, "x")
    with pytest.raises(EngineDied):
        answer(client, ask(client))


def test_an_error_crosses_the_pipe_with_its_parameters(scripted):
    params = {"excess": 7, "context": 9}
    client = scripted({"answers": [[{"fail": "TooLong", "params": params}], [{"text": "fine"}]]})
    load(client, "x")
    with pytest.raises(TooLong) as refused:
        answer(client, ask(client))
    assert refused.value.params == params
    assert answer(client, ask(client))[0] == "fine"


def test_the_last_words_of_a_child_are_kept_as_detail(scripted):
    client = scripted({"answers": [[{"exit": 137}]]})
    load(client, "x")
    with pytest.raises(EngineDied) as death:
        answer(client, ask(client))
    assert death.value.params["cause"] == "exit 137"
    assert "script says exit" in death.value.detail


def test_a_child_that_cannot_start_says_why(tmp_path):
    client = EngineClient("scripted", str(tmp_path / "none.json"))
    with pytest.raises(ModelMissing):
        load(client, "x")
    client.close()


def test_progress_of_reading_is_handed_on(scripted):
    client = scripted({"answers": [[{"reading": [64, 512]}, {"text": "a"}]]})
    load(client, "x")
    first, *_ = client.generate(ask(client))
    assert isinstance(first, Reading)
    assert (first.done, first.total) == (64, 512)


def test_a_server_is_asked_for_what_the_request_says():
    with recorded.server(recorded.completion()) as (address, asked):
        client = EngineClient("endpoint", address, key="secret")
        load(client, "m")
        text, done = answer(client, ask(client, seed=5, stop=("nobody",), suffix="after"))
        client.close()
    assert text == " It was 林黛玉 who came first, and"
    assert done.reason is Ending.STOP
    (body,) = asked
    assert body["seed"] == 5
    assert body["suffix"] == "after"
    assert body["max_tokens"] == 12
    assert body["prompt"].endswith("The old man said")


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"no", 500), (b"data: {broken\n\n", 200), (b'data: {"error": "x"}\n', 200)],
)
def test_a_server_that_fails_is_named(body, status):
    with recorded.server(body, status=status) as (address, _asked):
        client = EngineClient("endpoint", address)
        load(client, "m")
        with pytest.raises(EndpointFailed) as failure:
            answer(client, ask(client))
        client.close()
    assert failure.value.params["address"] == address
