"""What the client makes of a child that misbehaves."""

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
        client = EngineClient("endpoint", address, "secret")
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
